"""Plain words for what a finding, a schedule, a missing field or a change of one says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lenrx.catalogue.fields import DECLARED, NUMERIC
from lenrx.catalogue.records import Dose, Limit, Toxicity
from lenrx.report.phrases import contraindicated, field_words
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.counterfactuals import Counterfactual
from lenrx.rules.document import reason
from lenrx.rules.filters import Finding

_DAYS: Final = re.compile(
    r"(\d+(?:(?:-| to )\d+)?(?:(?:, | and )\d+(?:-\d+)?)*)(?: of (\d+))?(?=$|[,;]| \(| in )"
)
_EMPTY: Final = ("id", "exposed", "refractory", "intolerant", "history", "prior_lines")


def counted(number: int, what: str, several: str = "") -> str:
    """A number of things, of which the name is in the singular; another plural may be given."""
    return f"{number} {what if number == 1 else several or f'{what}s'}"


def stated_line(answer: Answer) -> str:
    """What is stated beside the drugs, with units, and where and when the question is asked."""
    state, region = answer.state, answer.case.region
    given = {name: value for name, value in state.patient.given().items() if name not in _EMPTY}
    parts = [_lines(answer)]
    parts += [_stated(name, given[name]) for name in given if name not in ("region", "as_of")]
    where = f"Label {region or 'us or eu'} on {answer.case.as_of}"
    return f"{'; '.join(parts)}. {where}. Catalogue {answer.catalogue.version}."


def _lines(answer: Answer) -> str:
    low, high = answer.state.interval("prior_lines")
    if low == high:
        return counted(int(low), "prior line")
    stated = answer.state.patient.given().get("prior_lines")
    least = f", at least {low:g}" if low else ""
    return f"Prior lines {stated}" if stated else f"Prior lines not stated{least}"


def _stated(name: str, value: object) -> str:
    """A field and its value, with the unit."""
    label = name_of(name)
    if isinstance(value, bool):
        return label if value else f"not {label}" if name == "dialysis" else f"no {label}"
    if isinstance(value, list):
        return f"{label}: {', '.join(str(each).replace('_', ' ') for each in value)}"
    kind = NUMERIC.get(name)
    unit = "" if kind is None or kind.whole else f" {kind.unit}"
    return f"{label} {value:g}{unit}" if isinstance(value, float) else f"{label} {value}{unit}"


_NAMES: Final[Mapping[str, str]] = {
    "dialysis": "on dialysis",
    "emd": "extramedullary disease",
    "pcl": "plasma cell leukaemia",
    "cns": "CNS disease",
    "prior_transplant": "transplant before",
    "hepatic": "hepatic impairment",
    "cytogenetics_absent": "not on FISH",
    "comorbidities_absent": "ruled out",
    "comorbidities": "other illnesses",
    "medications": "other medicines",
}


def name_of(field: str) -> str:
    """What a sentence calls a field."""
    return _NAMES.get(field) or DECLARED[field].label


def asked(field: str) -> str:
    """A missing field inside a sentence, without its choices, the letter of a hepatitis large."""
    plain = re.sub(r" \(.*\)$", "", field_words(field))
    return re.sub(r"(?<=epatitis )[bc]\b", lambda found: found[0].upper(), plain)


def said(finding: Finding, regimen: str, limits: Mapping[str, Limit] | None = None) -> str:
    """What a finding says; of patients who were hardly enrolled, that they hardly were."""
    words = reason(finding, regimen)
    limit = (limits or {}).get(finding.criterion)
    return f"hardly any such patients enrolled: {words}" if limit and limit.few else words


def verdict_words(each: Assessment, answer: Answer) -> str:
    """Verdict, place and label in a line."""
    place = f", rank {each.place}" if each.rank else ""
    against = "".join(f", {words}" for words in contraindicated(each) if each.rank)
    return f"{each.verdict.capitalize()}{place}; {label_of(each, answer)}{against}"


def label_of(each: Assessment, answer: Answer) -> str:
    """The label of the region asked, of both where none is; alike, they are said once."""
    said = {region: each.approval[region] for region in answer.case.regions}
    words = {region: "label not known" if w == "unknown" else w for region, w in said.items()}
    if len(set(words.values())) == 1:
        return f"{next(iter(words.values()))} ({' and '.join(words)})"
    return ", ".join(f"{word} ({region})" for region, word in words.items())


def filter_of(finding: Finding) -> str:
    """The filter that a finding came of, in a word that says what is looked at."""
    return "entry limit" if finding.trial else _FILTERS.get(finding.filter, finding.filter)


_FILTERS: Final[Mapping[str, str]] = {"indication": "label", "sequencing": "sequence"}


def days_of(dose: Dose) -> str:
    """On which days a drug is given, as a sentence says it."""
    text = dose.days or ""
    found = _DAYS.match(text)
    if found is None:
        return text
    days, cycle = found.groups()
    days, one = days.replace(" to ", "-"), days.isdigit()
    lead = f"{'day' if one else 'days'} {days}"
    length = f" of each {cycle}-day cycle" if cycle else ""
    return f"{lead}{length}{text[found.end() :]}"


def dose_words(dose: Dose) -> str:
    """A drug with its dose and days."""
    days = days_of(dose)
    return f"{dose.drug} {dose.dose}" + (f", {days}" if days else "")


def toxicity_words(event: Toxicity) -> str:
    """An adverse event with its grade and how often it came."""
    grade = "any grade" if event.grade == "any" else f"grade {event.grade}"
    return f"{event.event} {event.percent:g} % ({grade})"


def change_words(other: Counterfactual, answer: Answer) -> str:
    """What would be so, after "if"."""
    field, _, name = other.field.partition(".")
    if field == "refractory":
        return _refractoriness(name, other.change)
    if field == "comorbidities":
        return _illness(name, other.change == "found")
    if field == "cytogenetics":
        return f"{name} is {other.change}"
    if other.change in ("true", "false"):
        return _flag(field, other.change == "true")
    if field == "prior_lines":
        were = "was" if other.change == "1" else "were"
        return f"there {were} {counted(int(other.change), 'prior line')}"
    return other.change if field == "frailty" else f"{name_of(field)} is {other.change}"


def _refractoriness(name: str, change: str) -> str:
    if change in ("yes", "no"):
        return f"{'' if change == 'yes' else 'not '}refractory to {name}"
    return f"the {name} that failed is {change.removeprefix('it is ')}"


_ILLNESSES: Final[Mapping[str, str]] = {
    "pregnancy": "pregnant",
    "breastfeeding": "breastfeeding",
    "hepatitis_b_carrier": "a hepatitis B carrier",
}


def _illness(name: str, there: bool) -> str:
    if name in _ILLNESSES:
        return f"{'' if there else 'not '}{_ILLNESSES[name]}"
    return f"there is {'' if there else 'no '}{asked(f'comorbidities.{name}')}"


def _flag(field: str, there: bool) -> str:
    if field == "dialysis":
        return f"{'' if there else 'not '}on dialysis"
    return f"there is {'' if there else 'no '}{name_of(field)}"
