"""Phrases of an answer that several forms share: table, Markdown, CSV and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence
from lenrx.catalogue.vocabulary import ENDPOINTS, Effect
from lenrx.rules.answer import Answer, Assessment, blocking, excluding
from lenrx.rules.assessment import wording
from lenrx.rules.document import reason
from lenrx.rules.evidence import MatchedEvidence

DOSE: Final = "dark_cyan"
CAUTION: Final = "dark_orange3"
"""Colours that are read on a light and on a dark ground."""
CLOSED_HISTORY: Final = "Drug history taken as complete: a drug not listed was not given."
OPEN_HISTORY: Final = "Drug history stated as partial: drugs not listed may have been given."
_UNITS: Final = {"months": " months", "percent": " %"}


def history_line(answer: Answer) -> str:
    """How the drug history was read."""
    return OPEN_HISTORY if answer.state.open_history else CLOSED_HISTORY


def record_lines(answer: Answer) -> list[str]:
    """What the treatment record gave, by which course and rule."""
    return [
        f"{what} (course {course}: {rule})" for what, course, rule in answer.state.patient.record
    ]


def premises_line(answer: Answer) -> str:
    """What the answer takes as given beside the patient: assumptions, options, a formulary."""
    given = answer.state.patient.given()
    assumed = [f"{name}={_given_value(given[name])}" for name in answer.assumed]
    parts = [f"Assumed, not stated: {', '.join(assumed)}."] if assumed else []
    if answer.strict:
        parts.append("Asked strictly: what nobody has ruled out keeps a regimen conditional.")
    if answer.case.on_label:
        parts.append("On-label use only.")
    local = answer.case.formulary
    if local:
        count = len(local.drugs) + len(local.regimens)
        parts.append(f"Formulary applied: {local.name} ({count} entries).")
    return " ".join(parts)


def _given_value(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def state_line(answer: Answer) -> str:
    """The disease as understood, in one sentence."""
    state = answer.state
    unnamed = [item for item in state.items["refractory"] if not item.named]
    named = [*state.named("refractory"), *(f"an unnamed {item.name}" for item in unnamed)]
    refractory = f"Refractory to {joined(named)}" if named else "No refractory drug stated"
    exposed = [drug for drug in state.named("received") if drug not in named]
    unsure = list(state.unsure)
    open_ = [f"not known whether refractory to {joined(unsure)}"] if unsure else []
    exposed = [drug for drug in exposed if drug not in unsure]
    given = [*open_, *([f"also given: {joined(exposed)}"] if exposed else [])]
    never = [name for name in _BACKBONES if state.history("received", name).truth is False]
    absent = [f"never given: {joined(never)}"] if never else []
    name = f"{state.patient.id}: " if state.patient.id else ""
    return f"{name}{refractory}: {'; '.join([state.resistance_state, *given, *absent])}."


_BACKBONES: Final = ("IMiD", "PI", "anti-CD38")


def joined(words: Sequence[str]) -> str:
    """Words as an enumeration inside a sentence."""
    head, last = ", ".join(words[:-1]), words[-1]
    return f"{head} and {last}" if head else last


def printable(text: str) -> str:
    """Text of a table on one line, with nothing in it that a terminal obeys."""
    return "".join(each if each.isprintable() else "?" for each in text)


def best_evidence(assessment: Assessment) -> MatchedEvidence | None:
    """The evidence to show first: of the fitting population, else of everybody enrolled."""
    fitting = [row for row in assessment.evidence if row.match in ("exact", "broader")]
    return next(iter(fitting or assessment.evidence), None)


def evidence_line(row: MatchedEvidence, catalogue: Catalogue) -> str:
    """One evidence row: trial, population, n, value against comparator, HR and interval."""
    each = row.evidence
    population = population_words(each, catalogue)
    size = f", n {_size(row)}" if _size(row) else ""
    marks = {"broader": " (broader than this patient)", "other": " (other patients)"}
    unknown = " (not known whether this patient is one)" if row.match == "unknown" else ""
    head = f"{each.trial}, {population}{marks.get(row.match, unknown)}{size}: "
    return head + figures(row) + ("; patients like this were excluded" if row.limits else "")


def _size(row: MatchedEvidence) -> int | None:
    if row.evidence.n is not None or not row.evidence.arms:
        return row.evidence.n
    return sum(row.evidence.arms.values())


def population_words(each: Evidence, catalogue: Catalogue) -> str:
    """The population of a row, with its detail."""
    if each.detail:
        return each.detail
    names = [catalogue.populations[name].title for name in (each.population, *each.also)]
    return ", ".join(names)


def figures(row: MatchedEvidence) -> str:
    """Value against comparator with hazard ratio and interval, seen from this regimen's arm."""
    each = row.evidence
    value, against = each.value, each.comparator_value
    if row.comparator_arm_of:
        value, against = against, value
    name = ENDPOINTS[each.endpoint].partition(",")[0]
    unit = _UNITS.get(each.endpoint.rpartition("_")[2], "")
    at = f" at {each.at_months:g} months" if each.at_months is not None else ""
    parts = []
    if value is not None:
        other = row.comparator_arm_of or each.contrast or against(each)
        versus = f" v {_value(against)}" if against is not None else ""
        ending = f" ({other})" if versus else ""
        unit = "" if isinstance(value, str) and not versus else unit
        parts.append(f"{name}{at} {_value(value)}{versus}{unit}{ending}")
    if each.hr is not None:
        level = each.ci_level or "95"
        interval = f" ({level} % CI {each.ci95[0]}-{each.ci95[1]})" if each.ci95 else ""
        favours = f" for {row.comparator_arm_of}" if row.comparator_arm_of else ""
        lead = "" if parts else f"{name.removesuffix(' hazard ratio')} "
        parts.append(f"{lead}HR {each.hr}{interval}{favours}")
    return ", ".join(parts)


def _value(value: float | str) -> str:
    words = {"NR": "not reached", "NE": "not estimable"}
    return words.get(value, value) if isinstance(value, str) else f"{value:g}"


def cite_short(source_id: str, catalogue: Catalogue) -> str:
    """A source in a few words."""
    return catalogue.sources[source_id].short


def cite(source_id: str, catalogue: Catalogue) -> str:
    """A source in short, with its identifier."""
    source = catalogue.sources[source_id]
    if source.pmid:
        return f"{source.short}, PMID {source.pmid}"
    return f"{source.short}, doi {source.doi}" if source.doi else source.short


def label_words(assessment: Assessment) -> str:
    """Both regions' approval, short."""
    us, eu = assessment.approval["us"], assessment.approval["eu"]
    return us if us == eu else f"us {us}, eu {eu}"


def why_excluded(assessment: Assessment) -> list[str]:
    """The reasons that exclude a regimen."""
    return list(dict.fromkeys(reason(finding) for finding in excluding(assessment)))


def why_open(assessment: Assessment, strict: bool) -> list[str]:
    """What keeps a regimen conditional, with the missing fields."""
    return [
        f"{reason(f)}: needs {', '.join(map(field_words, f.needs))}" if f.needs else reason(f)
        for f in blocking(assessment, strict)
    ]


def field_words(field: str) -> str:
    """A missing field as words inside a sentence."""
    question = wording(field).removesuffix("?")
    return question if question[:2].isupper() else question[0].lower() + question[1:]


def adjustments(assessment: Assessment) -> list[str]:
    """Dose adjustments that apply to this patient."""
    return _applying(assessment, "adjusts")


def cautions(assessment: Assessment) -> list[str]:
    """Cautions that apply to this patient."""
    return _applying(assessment, "cautions")


def _applying(assessment: Assessment, effect: Effect) -> list[str]:
    """The reasons of the findings that have this effect on this patient."""
    met = assessment.saying(effect, "met")
    return list(dict.fromkeys(reason(finding, assessment.regimen.id) for finding in met))


def shared_remarks(assessments: tuple[Assessment, ...], at_least: int = 4) -> dict[str, list[str]]:
    """Doses and cautions that many regimens have alike, said once, with the regimens."""
    found: dict[str, list[str]] = {}
    for each in assessments:
        for words in (*adjustments(each), *cautions(each)):
            found.setdefault(words, []).append(each.regimen.id)
    return {words: ids for words, ids in found.items() if len(ids) >= at_least}


def confirmations(assessments: tuple[Assessment, ...]) -> dict[str, list[str]]:
    """Fields to confirm before starting, with the regimens they concern."""
    found: dict[str, list[str]] = {}
    for each in assessments:
        for finding in each.saying("confirms", "unknown"):
            for field in finding.needs:
                ids = found.setdefault(field, [])
                if each.regimen.id not in ids:
                    ids.append(each.regimen.id)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))
