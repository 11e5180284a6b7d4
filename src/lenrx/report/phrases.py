"""Phrases of an answer that several forms share: table, Markdown, CSV and the rest."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Final

from lenrx.catalogue.conditions import RENAL
from lenrx.catalogue.field_kinds import Field, Numeric, Range
from lenrx.catalogue.fields import DECLARED, DRUGGED, FLAGGED, FOUND, TAKEN
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence
from lenrx.catalogue.vocabulary import COMORBIDITIES, ENDPOINTS, Effect, Region
from lenrx.rules import document
from lenrx.rules.answer import Answer, Assessment, blocking, excluding
from lenrx.rules.assessment import wording
from lenrx.rules.document import reason
from lenrx.rules.evidence import MatchedEvidence
from lenrx.rules.filters import Finding, is_local, label_stem
from lenrx.rules.headline import Headline, headline, reservations

CAUTION: Final = "color(131)"
DOSE: Final = "color(29)"
OPEN: Final = "color(63)"
QUIET: Final = "color(243)"
"""Colours of the 256 that stand out from white and from black, 4.5 to 1 from either. They carry no
meaning of their own: what is a caution is called one."""
CLOSED_HISTORY: Final = "Drug history taken as complete: a drug not listed was not given."
OPEN_HISTORY: Final = "Drug history partial: drugs not listed may have been given."
_UNITS: Final = {"months": " months", "percent": " %"}
_ABSENT: Final = "_absent"
_ELSEWHERE: Final = (*DRUGGED, "id", "history", "prior_lines", "region", "as_of")
"""Fields that the state or the place says."""


def history_line(answer: Answer) -> str:
    """How the drug history was read."""
    return OPEN_HISTORY if answer.state.open_history else CLOSED_HISTORY


def record_lines(answer: Answer) -> list[str]:
    """What the treatment record gave, by which course and rule."""
    return [
        f"{what} (course {course}: {rule})" for what, course, rule in answer.state.patient.record
    ]


def capitalised(words: str) -> str:
    """Words that begin a sentence; only the first letter changes."""
    return f"{words[0].upper()}{words[1:]}"


def state_line(answer: Answer) -> str:
    """The disease as understood, in one sentence."""
    state = answer.state
    refractory = [*state.named("refractory"), *_unnamed("refractory", answer)]
    unsure, stopped = state.unsure, state.named("intolerant")
    said = {*refractory, *unsure, *stopped}
    received = (*state.named("received"), *_unnamed("received", answer))
    never = [name for name in _BACKBONES if state.history("received", name).truth is False]
    lists = (
        ("not known whether refractory to ", unsure),
        ("also given: ", [each for each in received if each not in said]),
        ("stopped for toxicity: ", stopped),
        ("never given: ", never),
    )
    parts = [lead + joined(names) for lead, names in lists if names]
    lead = f"Refractory to {joined(refractory)}" if refractory else "No refractory drug stated"
    name = f"{state.patient.id}: " if state.patient.id else ""
    return f"{name}{lead}: {'; '.join([state.resistance_state, *parts])}."


def _unnamed(kind: str, answer: Answer) -> list[str]:
    items = answer.state.items[kind]
    return [f"an unnamed {item.name}" for item in items if not item.named]


_BACKBONES: Final = ("IMiD", "PI", "anti-CD38")


def facts_line(answer: Answer) -> str:
    """Everything else that is known of the patient, with units; what was derived is marked."""
    words = ", ".join(facts(answer))
    return f"{capitalised(words)}."


def facts(answer: Answer) -> list[str]:
    """What is known of the patient beside the drugs, fact by fact."""
    known = (_fact(field, answer) for field in DECLARED.values() if field.name not in _ELSEWHERE)
    return [lines_words(answer), *filter(None, known)]


def lines_words(answer: Answer) -> str:
    """The prior lines, stated or derived, or what is known of their number."""
    stated = answer.state.patient.prior_lines
    if stated is None:
        return f"prior lines not stated, at least {answer.state.interval('prior_lines')[0]:g}"
    lines = f"{_value(stated)} prior line{'' if stated == 1 else 's'}"
    return lines + _mark("prior_lines", answer)


def _fact(field: Field, answer: Answer) -> str:
    """One fact in words, or nothing where it is not known."""
    patient = answer.state.patient
    value = getattr(answer.state if field.name in RENAL else patient, field.name)
    if value is None or (value == () and field.name not in TAKEN):
        return ""
    return _fact_words(field, value) + _mark(field.name, answer)


def _mark(name: str, answer: Answer) -> str:
    """Where a fact comes from that nobody stated."""
    if name in answer.assumed:
        return " (assumed)"
    if name in answer.state.patient.recorded:
        return " (from the record)"
    stated = getattr(answer.state.patient, name) is not None
    return "" if stated else " (derived)"


def _fact_words(field: Field, value: Any) -> str:
    called = field_words(field.name).partition(" (")[0]
    if field.name in FLAGGED:
        return called if value else f"not {called}" if called.startswith("on ") else f"no {called}"
    if isinstance(field.kind, Numeric):
        unit = "" if field.kind.whole else f" {field.kind.unit.replace('percent', '%')}"
        return f"{field.label} {_value(value)}{unit}"
    if field.name in TAKEN:
        return f"takes {', '.join(value)}" if value else "no other medicines"
    if field.name in FOUND:
        lead = "no " if field.name.endswith(_ABSENT) else ""
        return ", ".join(lead + finding_words(each) for each in value)
    return str(value) if field.name == "sex" else f"{called}: {value}"


def place_line(answer: Answer) -> str:
    """Whose label, on which day, by which catalogue, and how the history was read."""
    region = (answer.case.region or "us or eu").upper().replace("OR", "or")
    unlisted = "maybe given" if answer.state.open_history else "never given"
    return (
        f"{region} label on {answer.case.as_of}; catalogue {answer.catalogue.version}; "
        f"unlisted drugs: {unlisted}."
    )


def joined(words: Sequence[str]) -> str:
    """Words as an enumeration inside a sentence."""
    head, last = ", ".join(words[:-1]), words[-1]
    return f"{head} and {last}" if head else last


def printable(text: str) -> str:
    """Text of a table on one line, with nothing in it that a terminal obeys."""
    return "".join(each if each.isprintable() else "?" for each in text)


def counted(count: int, noun: str) -> str:
    """A count with its noun, which is plural unless there is one."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def shown(assessment: Assessment, answer: Answer) -> Headline:
    """The evidence that a regimen is shown with."""
    return headline(assessment.evidence, assessment.merit, answer.catalogue)


def evidence_line(row: MatchedEvidence, catalogue: Catalogue) -> str:
    """One evidence row: trial, population, n, value against comparator, HR and interval."""
    each = row.evidence
    population = population_words(each, catalogue)
    size = f", n {_size(row)}" if _size(row) else ""
    marks = {"broader": " (broader than this patient)", "other": " (other patients)"}
    unknown = " (not known whether this patient is one)" if row.match == "unknown" else ""
    head = f"{each.trial}, {population}{marks.get(row.match, unknown)}{size}: "
    return "; ".join([head + figures(row), *reservations(row, catalogue)])


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
    name = ENDPOINTS[each.endpoint].partition(",")[0]
    unit = _UNITS.get(each.endpoint.rpartition("_")[2], "")
    at = f" at {each.at_months:g} months" if each.at_months is not None else ""
    parts = []
    value, other = seen(row)
    if value is not None:
        parts.append(f"{name}{at} {_versus(value, other, unit, row)}")
    if each.hr is not None:
        lead = "" if parts else f"{name.removesuffix(' hazard ratio')} "
        parts.append(f"{lead}{ratio(row, '95 % CI ')}")
    return ", ".join(parts)


def seen(row: MatchedEvidence) -> tuple[float | str | None, float | str | None]:
    """The value of this regimen's arm, and that of the other."""
    each = row.evidence
    values = each.value, each.comparator_value
    return values[::-1] if row.comparator_arm_of else values


def _versus(value: float | str, other: float | str | None, unit: str, row: MatchedEvidence) -> str:
    """A value, against the other arm, or against other patients of the study."""
    each = row.evidence
    if other is None:
        return f"{_value(value)}{'' if isinstance(value, str) else unit}"
    if each.contrast and not row.comparator_arm_of:
        whose = each.contrast if each.contrast.startswith("younger") else f"with {each.contrast}"
        return f"{_value(value)}{unit}, against {_value(other)} in patients {whose}"
    arm = row.comparator_arm_of or document.against(each)
    control = ", this being the control arm" if row.comparator_arm_of else ""
    return f"{_value(value)} v {_value(other)}{unit} ({arm}{control})"


def ratio(row: MatchedEvidence, level: str) -> str:
    """Hazard ratio and interval; `level` is said where it is the usual one."""
    each = row.evidence
    level = level if each.ci_level in (None, "95") else f"{each.ci_level} % CI "
    interval = f" ({level}{each.ci95[0]}-{each.ci95[1]})" if each.ci95 else ""
    favours = f" for {row.comparator_arm_of}" if row.comparator_arm_of else ""
    return f"HR {each.hr}{interval}{favours}"


def _value(value: Any) -> str:
    words = {"NR": "not reached", "NE": "not estimable"}
    if isinstance(value, Range):
        return value.written
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


def label_words(assessment: Assessment, region: Region | None = None) -> str:
    """The approval of the region that is asked for, or of both."""
    if region:
        return assessment.approval[region]
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
    return named(question if question[:2].isupper() else question[0].lower() + question[1:])


def finding_words(name: str) -> str:
    """A cytogenetic finding or a comorbidity as words inside a sentence."""
    return field_words(f"comorbidities.{name}") if name in COMORBIDITIES else name


def named(words: str) -> str:
    """With the letters of the hepatitis viruses as they are written."""
    return words.replace("epatitis b", "epatitis B").replace("epatitis c", "epatitis C")


def adjustments(assessment: Assessment) -> list[str]:
    """Dose adjustments that apply to this patient."""
    return _applying(assessment, "adjusts")


def cautions(assessment: Assessment) -> list[str]:
    """Cautions that apply to this patient: local ones, then serious ones, entry limits last."""
    return _warnings(assessment, lambda _: True)


def _weight(one: Finding) -> tuple[bool, bool, bool]:
    return not is_local(one), not one.serious, one.trial is not None


def serious_cautions(assessment: Assessment) -> list[str]:
    """Cautions that come before all others: boxed, to be avoided, or advised against."""
    return _warnings(assessment, lambda one: one.serious)


def other_cautions(assessment: Assessment) -> list[str]:
    """Cautions that are neither serious nor local."""
    return _warnings(assessment, lambda one: not one.serious and not is_local(one))


def _warnings(assessment: Assessment, wanted: Callable[[Finding], bool]) -> list[str]:
    """Some cautions in words; what both labels warn of is one, in the words of the graver."""
    groups: dict[Hashable, list[Finding]] = {}
    for one in sorted(assessment.saying("cautions", "met"), key=_weight):
        of_both = (one.drug, label_stem(one.criterion)) if one.region else id(one)
        groups.setdefault(of_both, []).append(one)
    words = [
        reason(first, assessment.regimen.id) + "; another label warns too" * bool(more)
        for first, *more in groups.values()
        if wanted(first)
    ]
    return list(dict.fromkeys(words))


def contraindicated(assessment: Assessment) -> list[str]:
    """By whose label a drug of an open regimen is contraindicated in this patient, if by any's."""
    said = [
        f"contraindicated by {f'the {one.region.upper()}' if one.region else 'a'} label"
        for one in assessment.saying("cautions", "met")
        if one.serious and "contraindicat" in one.because
    ]
    return sorted(set(said))


def arrangements(assessment: Assessment) -> list[str]:
    """What has to be organised for this patient before or during treatment."""
    return _applying(assessment, "arranges")


def formulary_words(assessment: Assessment) -> list[str]:
    """What the local formulary says of a regimen and its drugs."""
    return _worded([one for one in assessment.findings if is_local(one)], assessment)


def _applying(assessment: Assessment, effect: Effect) -> list[str]:
    """The reasons of the findings that have this effect on this patient."""
    return _worded(assessment.saying(effect, "met"), assessment)


def _worded(found: Iterable[Finding], assessment: Assessment) -> list[str]:
    return list(dict.fromkeys(reason(one, assessment.regimen.id) for one in found))


def together(said: Iterable[tuple[str, Iterable[str]]], at_least: int = 1) -> dict[str, list[str]]:
    """Texts, each once, with the regimens of which they are said, where these are enough."""
    found: dict[str, list[str]] = {}
    for name, texts in said:
        for text in texts:
            found.setdefault(text, []).append(name)
    return {text: names for text, names in found.items() if len(names) >= at_least}


def confirmations(assessments: tuple[Assessment, ...]) -> dict[str, list[str]]:
    """Fields to confirm before starting, with the regimens they concern; medicines come first."""
    found: dict[str, list[str]] = {}
    for each in assessments:
        for finding in each.saying("confirms", "unknown"):
            for field in finding.needs:
                ids = found.setdefault(field, [])
                if each.regimen.id not in ids:
                    ids.append(each.regimen.id)
    # One question about all medicines, of which nothing else on the screen reminds.
    return dict(sorted(found.items(), key=lambda one: (one[0] not in TAKEN, -len(one[1]), one[0])))
