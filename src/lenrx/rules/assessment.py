"""From findings to verdicts, order and open questions: `assess(catalogue, patient)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from lenrx.catalogue.conditions import MEDICINES, all_of
from lenrx.catalogue.fields import DECLARED
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Regimen
from lenrx.catalogue.vocabulary import (
    CLASS_GROUPS,
    DRUG_CLASSES,
    VERDICTS,
    Region,
    Truth,
    Verdict,
)
from lenrx.patient.patient import Patient, PatientError, reread
from lenrx.patient.state import patient_state
from lenrx.rules.answer import Answer, Assessment, Question, blocking, leaves_open
from lenrx.rules.case import Case, not_too_early
from lenrx.rules.evidence import merit, rows
from lenrx.rules.filters import FILTERS, Filter, Finding, authorised, labelled
from lenrx.rules.guidance import ordering, positions
from lenrx.rules.labels import RegionApproval, approvals
from lenrx.rules.order import (
    OFF_LABEL,
    Key,
    key,
    label_order,
    more_open,
    ranks,
    reasons,
    warnings_of,
)

if TYPE_CHECKING:
    from lenrx.catalogue.formulary import Formulary


def assess(
    catalogue: Catalogue,
    patient: Patient,
    *,
    as_of: str | None = None,
    strict: bool = False,
    on_label: bool = False,
    formulary: Formulary | None = None,
    assumed: tuple[str, ...] = (),
) -> Answer:
    """Every regimen of `catalogue` for `patient` on the patient's ISO date, or else `as_of`.

    With neither the day of the catalogue's version is taken: no clock is read here, so the same
    call gives the same answer on any day. The command line passes today. Fields may hold what a
    file may hold (names, brands, "<15"). `assumed` names the fields of `patient` that nobody
    stated. Raises PatientError where a field cannot be read or cannot be true.
    """
    if not isinstance(patient, Patient):
        kind = type(patient).__name__
        raise TypeError(f"patient must be a Patient, not {kind}; Patient(**fields) makes one")
    patient = reread(patient, catalogue)
    region: Region | None = patient.region  # type: ignore[assignment]
    asked = patient.as_of or (_iso(as_of) if as_of else catalogue.day)
    day = not_too_early(asked, catalogue)
    state = patient_state(patient, catalogue)
    case = Case(state, day, region, on_label, formulary, {})
    each = [assess_one(regimen, case, strict) for regimen in catalogue.regimens.values()]
    ordered = _ranked(sorted(each, key=_place))
    return Answer(catalogue, case, strict, assumed, _asked(ordered, strict), ordered)


def _iso(day: str) -> str:
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise PatientError("as_of", "must be a date like 2026-11-22", day) from None


def assess_one(regimen: Regimen, case: Case, strict: bool = False) -> Assessment:
    """One regimen's assessment, outside the order of the others; it may have no entry."""
    filters, label_of = _asked_of(regimen, case)
    findings = tuple(finding for apply in filters for finding in apply(regimen, case))
    approval = {each.region: each.approval for each in label_of(regimen, case)}
    evidence, fitting = rows(regimen, case), positions(regimen, case)
    found, position = merit(regimen.id, evidence, case.catalogue), ordering(regimen, case)
    keys: dict[Region, Key] = {}
    for region in case.regions:
        own = within(region, findings, regimen, case)
        label = label_order([approval[region]])
        keys[region] = key(fold(own, strict), label, warnings_of(own), found, position)
    because = reasons(keys, approval, found, position, case.catalogue)
    region = more_open(keys)
    verdict, best = VERDICTS[keys[region].verdict], keys[region]
    return Assessment(
        regimen, verdict, approval, findings, evidence, fitting, best, because, found, region
    )


def within(
    region: Region, findings: Sequence[Finding], regimen: Regimen, case: Case
) -> Sequence[Finding]:
    """What counts in one region: its own label, and what is not said by the other's alone."""
    if case.region:
        return findings
    own: dict[str, Finding] = {}
    if regimen.id in case.catalogue.regimens:
        told = (labelled(regimen, case, region), authorised(regimen, case, region))
        own = {one.criterion: one for one in told}
    return [own.get(one.criterion, one) for one in findings if one.region in (None, region)]


def _asked_of(
    regimen: Regimen, case: Case
) -> tuple[tuple[Filter, ...], Callable[[Regimen, Case], tuple[RegionApproval, ...]]]:
    """The filters that a regimen goes through, and what says what is known of its label."""
    if regimen.id in case.catalogue.regimens:
        return FILTERS, approvals
    from lenrx.rules.plan import outside

    return outside.FILTERS, outside.approvals_unknown


def fold(findings: Iterable[Finding], strict: bool = False) -> Verdict:
    """The Kleene fold: every requirement met and nothing excluding, or not, or not known."""
    return verdict_of(all_of(leaves_open(finding, strict) for finding in findings))


def verdict_of(truth: Truth) -> Verdict:
    """The verdict that being left open, or not, or perhaps comes to."""
    return "eligible" if truth else "conditional" if truth is None else "excluded"


def _place(each: Assessment) -> tuple[tuple[int, ...], str, str]:
    """Where an assessment stands. What is excluded has no rank, and so the order of the ids."""
    own = each.key[:1] if each.verdict == "excluded" else each.key
    return own, *alphabetical(each.regimen)


def alphabetical(regimen: Regimen) -> tuple[str, str]:
    """Where a regimen stands among its equals: by id in any case."""
    return regimen.id.casefold(), regimen.id


def _ranked(ordered: list[Assessment]) -> tuple[Assessment, ...]:
    """The assessments with their ranks, and whether they share them."""
    open_ = [each for each in ordered if each.verdict != "excluded"]
    places = ranks([each.key for each in open_])
    return (
        *(
            each._replace(rank=place, tied=places.count(place) > 1)
            for each, place in zip(open_, places, strict=True)
        ),
        *ordered[len(open_) :],
    )


def _asked(regimens: tuple[Assessment, ...], strict: bool) -> tuple[Question, ...]:
    return questions(
        Blocked(
            each.regimen.id,
            each.key.label < OFF_LABEL,
            *missing([finding.needs for finding in blocking(each, strict)]),
        )
        for each in regimens
        if each.verdict == "conditional"
    )


class Blocked(NamedTuple):
    """A conditional regimen: the fields that its findings need, and those that all of them need."""

    regimen: str
    labelled: bool
    """Whether a label covers the patient, or may."""
    fields: tuple[str, ...]
    alone: tuple[str, ...]


def missing(needs: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields that findings need, and those of them that all need: one answer may settle it."""
    fields = tuple(dict.fromkeys([each for one in needs for each in one]))
    return fields, tuple([each for each in fields if all(each in one for one in needs)])


def questions(blocked: Iterable[Blocked]) -> tuple[Question, ...]:
    """What to ask: first what touches a regimen that is not off-label, then what settles most."""
    decides: dict[str, list[str]] = {}
    touches: dict[str, list[str]] = {}
    labelled = set[str]()
    for each in blocked:
        labelled |= {each.regimen} if each.labelled else set()
        for field in each.fields:
            touches.setdefault(field, []).append(each.regimen)
        for field in each.alone:
            decides.setdefault(field, []).append(each.regimen)
    found = [
        Question(field, wording(field), tuple(decides.get(field, ())), tuple(ids))
        for field, ids in touches.items()
    ]

    def urgency(one: Question) -> tuple[bool, int, int, int, str]:
        counts = (-len(one.decides), -len(one.touches))
        return (labelled.isdisjoint(one.touches), *counts, place_of(one.field), one.field)

    return tuple(sorted(found, key=urgency))


def place_of(field: str) -> int:
    """Where a field stands among those that settle alike."""
    return _PLACES.get(field.partition(".")[0], len(_PLACES))


_PLACES: Final = {
    name: place
    for place, name in enumerate(sorted(DECLARED, key=lambda each: DECLARED[each].shown.order))
}
"""What is asked first of equal questions: the drug history, then as the fields stand."""
_SHORT: Final = ("copd", "hiv", "mi", "qt", "vte")
_NAMES: Final = {name.lower(): name for name in (*DRUG_CLASSES, *CLASS_GROUPS)}


def wording(field: str) -> str:
    """The question that a missing field puts, in a clinician's words."""
    head, _, tail = field.partition(".")
    if not tail:
        return DECLARED[field].question if field in DECLARED else f"{field}?"
    if head == "cytogenetics":
        return f"{tail} on FISH?"
    if head == "comorbidities":
        words = [each.upper() if each in _SHORT else each for each in tail.split("_")]
        said = " ".join(words)
        return f"{said[0].upper()}{said[1:]}?"
    if head in MEDICINES:
        return f"Interactions of {tail.replace('_', ' ')}?"
    if tail not in _NAMES:
        return f"{head.capitalize()} to {tail}?"
    given = "" if head == "refractory" else " was given" if head == "exposed" else " was stopped"
    return f"Which {_NAMES[tail]}{given}?"
