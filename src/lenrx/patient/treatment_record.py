"""A treatment record beside what is stated: what it gives, and where the two disagree."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date
from math import inf
from typing import Any, Final

from lenrx.catalogue.field_kinds import Range
from lenrx.patient.course import Course
from lenrx.patient.lines_of_therapy import Derived
from lenrx.patient.patient import Patient, PatientError

FIELDS_OF_RECORD: Final = (
    *("prior_lines", "exposed", "refractory", "intolerant", "prior_transplant"),
    "history",
)


def not_after(courses: Sequence[Course], day: str) -> None:
    """Refuse a record that knows more than the ISO day the question is asked for."""
    asked = date.fromisoformat(day).toordinal()
    for course in courses:
        seen = [course.start[0], course.progression[0] if course.progression else 0]
        if asked < max(seen) < inf:
            problem = f"course {course.number}: lies after the day asked for"
            raise PatientError("treatments", problem)


def merged(patient: Patient, found: Derived, changed: Container[str]) -> Patient:
    """The patient with what the treatment record gives; the two may not disagree."""
    fields: dict[str, Any] = {}
    for name in FIELDS_OF_RECORD:
        stated, given = getattr(patient, name), getattr(found, name)
        if stated is None:
            fields |= {} if name == "history" and given is None else {name: given}
        elif name not in changed and not _agree(name, stated, given, found):
            problem = "disagrees with what the treatments give; correct one of them"
            raise PatientError(name, problem, _at_odds(stated, given))
    if found.allografted:
        fields |= _allografted(patient)
    unsure = found.unsure if patient.refractory is None else ()
    record = tuple((each.what, each.course, each.rule) for each in found.trace)
    return patient._replace(
        **fields, unsure=unsure, unnamed=found.unnamed, record=record, recorded=tuple(fields)
    )


ALLOGRAFT: Final = "prior_allogeneic_transplant"


def _allografted(patient: Patient) -> dict[str, Any]:
    """The transplant from a donor as the illness that criteria ask for."""
    if ALLOGRAFT in (patient.comorbidities_absent or ()):
        problem = "disagrees with what the treatments give; correct one of them"
        raise PatientError("comorbidities_absent", problem)
    return {"comorbidities": tuple(sorted({*(patient.comorbidities or ()), ALLOGRAFT}))}


def _at_odds(stated: Any, given: Any) -> str:
    """What only one of the two says, or what is stated, where it is no list."""
    if isinstance(stated, tuple) and isinstance(given, tuple):
        return ", ".join(sorted({*stated} ^ {*given}))
    return str(stated)


def _agree(name: str, stated: Any, given: Any, found: Derived) -> bool:
    """Whether a statement fits the record; it may settle what the record leaves open."""
    if name == "exposed":
        return set(stated) <= set(given)
    if name == "refractory":
        return set(given) <= set(stated) <= {*given, *found.unsure}
    if given is None or name == "history":
        return True
    if name == "intolerant":
        # Not every course says why it was stopped.
        return set(given) <= set(stated) <= {*given, *(found.exposed or ())}
    if name == "prior_lines":
        return _low(stated) <= _high(given) and _low(given) <= _high(stated)
    return bool(stated == given)


def _low(lines: Any) -> float:
    return float(lines.low if isinstance(lines, Range) else lines)


def _high(lines: Any) -> float:
    return float(lines.high if isinstance(lines, Range) else lines)
