"""What is said of a chart beside what has to be said: every difference in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Label, Regimen
from lenrx.catalogue.vocabulary import Region
from lenrx.curation.deck.expected import WORDS, Expected, Record, expectations, refusal, verdict
from lenrx.curation.deck.history import Fields
from lenrx.patient.patient import Patient, PatientError, reread
from lenrx.patient.state import patient_state
from lenrx.rules.answer import Answer, Assessment, blocking, excluding
from lenrx.rules.assessment import assess
from lenrx.rules.case import Case
from lenrx.rules.filters import Finding


class Outcome(NamedTuple):
    """What came of one chart before one regimen: what differs, and what was said and asked."""

    differences: tuple[str, ...]
    statuses: Mapping[str, str]
    """By criterion; of an answer that was refused none."""
    needs: Mapping[str, tuple[str, ...]]
    limits: Mapping[str, tuple[str, ...]]
    """The entry limits that took the results of a trial away from the patient, by trial."""


REFUSED: Final[Mapping[str, str]] = {}


def answered(chart: Fields, catalogue: Catalogue) -> Answer | str:
    """The whole answer, or the field for which a chart is refused."""
    try:
        return assess(catalogue, Patient(**chart))
    except PatientError as error:
        return error.field


def case_of(chart: Fields, catalogue: Catalogue) -> Case | str:
    """What `assess` asks each regimen about, or the field for which a chart is refused."""
    try:
        patient = reread(Patient(**chart), catalogue)
        state = patient_state(patient, catalogue)
    except PatientError as error:
        return error.field
    region: Region | None = chart.get("region")
    return Case(state, patient.as_of or catalogue.day, region, False, None, {})


def outcome(
    chart: Fields, regimen: Regimen, catalogue: Catalogue, each: Assessment | str
) -> Outcome:
    """What was said of a regimen, or the field refused for, held against what has to be said."""
    refused = refusal(chart, catalogue)
    if isinstance(each, str) or refused:
        found = each if isinstance(each, str) else ""
        words = (f"is {_refused(found)}, has to be {_refused(refused)}",)
        return Outcome(words if found != refused else (), {}, {}, {})
    expected = expectations(regimen, chart, catalogue)
    differences = (
        *_verdicts(each, expected, regimen, chart, catalogue),
        *_findings(each.findings, expected),
    )
    return Outcome(
        differences,
        {one.criterion: one.status for one in each.findings},
        {one.criterion: one.needs for one in each.findings},
        {row.evidence.trial: row.limits for row in each.evidence},
    )


def _refused(field: str) -> str:
    return f"refused for {field}" if field else "answered"


def _verdicts(
    each: Assessment,
    expected: list[Expected],
    regimen: Regimen,
    chart: Fields,
    catalogue: Catalogue,
) -> Iterator[str]:
    """The verdict, and what decides it."""
    wanted = verdict(expected, regimen, chart, catalogue)
    if each.verdict != wanted:
        yield f"verdict {each.verdict}, has to be {wanted}"
    told = {one.criterion for one in (excluding(each) if wanted == "excluded" else blocking(each))}
    open_ = False if wanted == "excluded" else None
    decides = {
        one.criterion
        for one in expected
        if one.leaves_open is open_ and (open_ is False or one.region in (None, each.region))
    }
    if wanted != "eligible" and not decides.issubset(told):
        yield f"decided by {_named(told)}, has to be by {_named(decides)}"


def _named(criteria: Iterable[str]) -> str:
    return ", ".join(sorted(criteria)) or "nothing"


_Line = tuple[str, ...]


def _findings(found: Iterable[Finding], expected: Iterable[Expected]) -> Iterator[str]:
    """Criteria that say too much, too little or something else, or give another reason."""
    found, expected = tuple(found), tuple(expected)
    told = Counter(map(_told, found))
    wanted = Counter(map(_wanted, expected))
    for one in sorted(told - wanted):
        yield f"says {_words(one)}"
    for one in sorted(wanted - told):
        yield f"does not say {_words(one)}"
    said = {one.criterion: one for one in found}
    for each in expected:
        if each.record and each.criterion in said:
            yield from _handed_on(said[each.criterion], each.record)


def _words(one: _Line) -> str:
    return " ".join(filter(None, one))


def _handed_on(one: Finding, record: Record) -> Iterator[str]:
    """What a finding should say in the words of the catalogue and does not."""
    reason = record.says if isinstance(record, Label) else record.because
    if reason not in one.because:
        yield f"{one.criterion} gives another reason than the catalogue"
    for name in HANDED_ON:
        if hasattr(record, name) and getattr(record, name) != getattr(one, name):
            yield f"{one.criterion} has another {name} than the catalogue"


HANDED_ON: Final = ("where", "verified", "dose", "topics", "serious")


def _told(one: Finding) -> _Line:
    of = one.drug or one.trial or ""
    return one.filter, one.criterion, one.effect, one.status, one.region or "", of, *one.sources


def _wanted(one: Expected) -> _Line:
    status = WORDS[one.truth]
    return one.filter, one.criterion, one.effect, status, one.region or "", one.of, *one.sources
