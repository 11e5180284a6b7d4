"""From findings to verdicts, order and open questions: `assess(catalogue, patient)`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from lenrx.catalogue.conditions import all_of
from lenrx.catalogue.fields import DECLARED
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Position, Regimen
from lenrx.catalogue.vocabulary import (
    CLASS_GROUPS,
    DRUG_CLASSES,
    VERDICTS,
    Approval,
    Region,
    Truth,
    Verdict,
)
from lenrx.patient.patient import Patient, PatientError, reread
from lenrx.patient.state import patient_state
from lenrx.rules.answer import Answer, Assessment, Question, blocking, leaves_open
from lenrx.rules.case import Case
from lenrx.rules.evidence import NO_POSITION, STANCES, STRENGTHS, guideline, positions, rows, strength
from lenrx.rules.filters import FILTERS, Finding
from lenrx.rules.labels import approvals

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
    day = patient.as_of or (_iso(as_of) if as_of else catalogue.day)
    state = patient_state(patient, catalogue)
    case = Case(state, day, region, on_label, formulary, {})
    each = [assess_one(regimen, case, strict) for regimen in catalogue.regimens.values()]
    ordered = _ranked(sorted(each, key=lambda assessment: assessment.key))
    return Answer(catalogue, case, strict, assumed, _asked(ordered, strict), ordered)


def _iso(day: str) -> str:
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise PatientError("as_of", "must be a date like 2026-11-22", day) from None


def assess_one(regimen: Regimen, case: Case, strict: bool = False) -> Assessment:
    """One regimen's assessment, outside the order of the others."""
    findings = tuple(finding for apply in FILTERS for finding in apply(regimen, case))
    verdict = fold(findings, strict)
    approval = {each.region: each.approval for each in approvals(regimen, case)}
    evidence, fitting = rows(regimen, case), positions(regimen, case)
    cautions = sum(f.effect == "cautions" and f.status == "met" for f in findings)
    level, trial = strength(evidence, case.catalogue)
    on_label = label_order(approval[region] for region in case.regions)
    position = guideline(fitting, case)
    place = STANCES[position.stance] if position else NO_POSITION
    # What is excluded has no rank, and so no order but that of the ids.
    merits = (on_label, place, level, cautions) if verdict != "excluded" else ()
    key = (VERDICTS.index(verdict), *merits, regimen.id)
    because = (
        verdict,
        "label: " + ", ".join(f"{region} {approval[region]}" for region in case.regions),
        _guideline_words(position, case.catalogue),
        f"evidence: {STRENGTHS[level]}" + (f" ({trial})" if trial else ""),
        f"{cautions} caution{'' if cautions == 1 else 's'}",
    )
    return Assessment(regimen, verdict, approval, findings, evidence, fitting, key, because)


_LABEL_ORDER: Final[dict[Approval, int]] = {"on-label": 0, "unknown": 1}


def label_order(found: Iterable[Approval]) -> int:
    """Place of the most favourable approval: on-label, unknown, any other."""
    return min(_LABEL_ORDER.get(each, 2) for each in found)


def _guideline_words(position: Position | None, catalogue: Catalogue) -> str:
    if position is None:
        return "guideline: no position found for this setting"
    setting = catalogue.settings[position.setting].title
    return f"guideline: {position.stance} by {position.guideline} for {setting}"


def fold(findings: Iterable[Finding], strict: bool = False) -> Verdict:
    """The Kleene fold: every requirement met and nothing excluding, or not, or not known."""
    return verdict_of(all_of(leaves_open(finding, strict) for finding in findings))


def verdict_of(truth: Truth) -> Verdict:
    """The verdict that being left open, or not, or perhaps comes to."""
    return "eligible" if truth else "conditional" if truth is None else "excluded"


def _ranked(ordered: list[Assessment]) -> tuple[Assessment, ...]:
    return tuple(
        each if each.verdict == "excluded" else each._replace(rank=place)
        for place, each in enumerate(ordered, start=1)
    )


def _asked(regimens: tuple[Assessment, ...], strict: bool) -> tuple[Question, ...]:
    return questions(
        (each.regimen.id, *missing([finding.needs for finding in blocking(each, strict)]))
        for each in regimens
        if each.verdict == "conditional"
    )


def missing(needs: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields that findings need, and those of them that all need: one answer may settle it."""
    fields = tuple(dict.fromkeys([each for one in needs for each in one]))
    return fields, tuple([each for each in fields if all(each in one for one in needs)])


def questions(
    blocked: Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]],
) -> tuple[Question, ...]:
    """What to ask, from the conditional regimens: each with what is `missing` of it."""
    decides: dict[str, list[str]] = {}
    touches: dict[str, list[str]] = {}
    for regimen, fields, alone in blocked:
        for field in fields:
            touches.setdefault(field, []).append(regimen)
        for field in alone:
            decides.setdefault(field, []).append(regimen)
    found = [
        Question(field, wording(field), tuple(decides.get(field, ())), tuple(ids))
        for field, ids in touches.items()
    ]
    return tuple(sorted(found, key=lambda q: (-len(q.decides), -len(q.touches), q.field)))


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
    if tail not in _NAMES:
        return f"{head.capitalize()} to {tail}?"
    given = "" if head == "refractory" else " was given" if head == "exposed" else " was stopped"
    return f"Which {_NAMES[tail]}{given}?"
