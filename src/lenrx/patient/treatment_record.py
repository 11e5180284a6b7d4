"""A treatment record beside what is stated: what it gives, and where the two disagree."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import date
from math import inf
from typing import Any

from lenrx.catalogue.field_kinds import Range
from lenrx.catalogue.loading import Catalogue
from lenrx.patient.courses import read_courses
from lenrx.patient.lines_of_therapy import Derived, derive
from lenrx.patient.patient import Patient, PatientError, reread


def with_treatments(
    patient: Patient,
    treatments: Sequence[Mapping[str, Any]],
    catalogue: Catalogue,
    as_of: str,
) -> Patient:
    """The patient with what dated courses give, on the patient's ISO day or else `as_of`.

    Raises PatientError where a course cannot be read, lies after that day, or disagrees with what
    the patient states; no value of a course is repeated.
    """
    patient = reread(patient, catalogue)
    asked = reread(Patient(as_of=patient.as_of or as_of), catalogue).as_of
    not_after(treatments, catalogue, asked or as_of)
    return merged(patient, derive(treatments, catalogue), ())


def not_after(treatments: object, catalogue: Catalogue, day: str) -> None:
    """Refuse a record that knows more than the ISO day the question is asked for."""
    asked = date.fromisoformat(day).toordinal()
    for course in read_courses(treatments, catalogue):
        seen = [course.start[0], course.progression[0] if course.progression else 0]
        if asked < max(seen) < inf:
            problem = f"course {course.number}: lies after the day asked for"
            raise PatientError("treatments", problem)


def merged(patient: Patient, found: Derived, changed: Container[str]) -> Patient:
    """The patient with what the treatment record gives; the two may not disagree."""
    fields: dict[str, Any] = {}
    for name in ("prior_lines", "exposed", "refractory", "intolerant", "prior_transplant"):
        stated, given = getattr(patient, name), getattr(found, name)
        if stated is None:
            fields[name] = given
        elif name not in changed and not _agree(name, stated, given, found.unsure):
            raise PatientError(name, "disagrees with what the treatments give; correct one of them")
    unsure = found.unsure if patient.refractory is None else ()
    record = tuple((each.what, each.course, each.rule) for each in found.trace)
    return patient._replace(**fields, unsure=unsure, record=record, recorded=tuple(fields))


def _agree(name: str, stated: Any, given: Any, unsure: tuple[str, ...]) -> bool:
    """Whether a statement fits the record; it may settle what the record leaves open."""
    if name == "exposed":
        return set(stated) <= set(given)
    if name == "refractory":
        return set(given) <= set(stated) <= {*given, *unsure}
    if isinstance(stated, Range):
        return given is None or stated.low <= given <= stated.high
    return given is None or stated == given
