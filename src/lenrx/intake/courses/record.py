"""The treatment record of one patient, from courses as charts write them."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from typing import Any, Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.courses.cells import charted
from lenrx.intake.courses.names import course_field
from lenrx.intake.dates import latest
from lenrx.patient.course import Course
from lenrx.patient.courses import read_courses
from lenrx.patient.lines_of_therapy import Derived, derived_from
from lenrx.patient.patient import Patient, PatientError, reread
from lenrx.patient.treatment_record import merged, not_after


class Record(NamedTuple):
    """The courses of a treatment record in order of start, and what they give."""

    courses: tuple[Course, ...]
    derived: Derived


def read_record(treatments: object, catalogue: Catalogue) -> Record:
    """The courses as charts write them, each as it was read. Raises PatientError."""
    found = charted(_listed(treatments), catalogue)
    courses = read_courses(found.courses, catalogue, numbers=found.numbers)
    return Record(tuple(courses), derived_from(courses, catalogue))


def recorded(
    patient: Patient,
    treatments: object,
    catalogue: Catalogue,
    day: str | None,
    changed: Container[str] = (),
    *,
    from_baseline: bool = False,
) -> tuple[Patient, tuple[str, ...]]:
    """The patient with what courses give, and what of them was not literal or stays open.

    Raises PatientError where a course cannot be read, lies after the ISO day, or disagrees with
    what the patient states.
    """
    listed = _listed(treatments)
    try:
        if day:
            _not_later(listed, day)
        found = charted(listed, catalogue)
        courses = read_courses(
            found.courses, catalogue, from_baseline=from_baseline, numbers=found.numbers
        )
        if day:
            not_after(courses, day)
    except PatientError as error:
        raise _with_word(error, listed) from None
    derived = _partial(derived_from(courses, catalogue), found.unsure)
    said = (*found.said, *derived.notes)
    result = merged(patient, derived, changed)
    result = result._replace(record=(*result.record, *map(_entry, said)))
    return result, said or (() if courses else (_NO_COURSE,))


def _with_word(error: PatientError, courses: Any) -> PatientError:
    """The error with the word of the course that failed, where it names a course and a field."""
    named = re.match(r"course (\d+): (\w+): ", error.problem)
    at = int(named[1]) - 1 if named else -1
    if error.value or not named or not (isinstance(courses, list) and 0 <= at < len(courses)):
        return error
    course = courses[at] if isinstance(courses[at], Mapping) else {}
    word = next((v for n, v in course.items() if course_field(str(n)) == named[2]), None)
    if isinstance(word, str | int | float) and not isinstance(word, bool):
        text = " ".join(str(word).split())
        error.value = text[:_LONGEST_WORD] or None
    return error


_LONGEST_WORD: Final = 60
"""Letters that an error shows of a course."""


def _not_later(courses: Any, day: str) -> None:
    """Refuse a day after the one asked for beside what was done, as a transplant or its drugs."""
    for number, course in enumerate(courses if isinstance(courses, list | tuple) else (), start=1):
        for name, value in course.items() if isinstance(course, Mapping) else ():
            if course_field(str(name)) in _DONE and latest(value) > day[:7]:
                problem = f"course {number}: {name}: names a date after the day asked for"
                raise PatientError("treatments", problem)


_DONE: Final = ("drugs", "other", "drugs_more", "transplant")
_NO_COURSE: Final = "an empty list: no treatment was given, and there is no prior line"


def _partial(derived: Derived, unsure: tuple[str, ...]) -> Derived:
    """What the courses give, where some of what was given may have been any drug."""
    names = tuple(dict.fromkeys((*derived.unnamed, *unsure)))
    return derived._replace(history="partial", unnamed=names) if names else derived


def _entry(said: str) -> tuple[str, int, str]:
    """What was said of a course, as an entry of the record."""
    course, _, words = said.partition(": ")
    return "note", int(course.removeprefix("course ")), words


def with_treatments(
    patient: Patient, treatments: object, catalogue: Catalogue, as_of: str
) -> Patient:
    """The patient with what dated courses give, on the patient's ISO day or else `as_of`.

    Raises PatientError as `recorded` does; no value of a course is repeated.
    """
    patient = reread(patient, catalogue)
    asked = reread(Patient(as_of=patient.as_of or as_of), catalogue).as_of
    return recorded(patient, treatments, catalogue, asked)[0]


def _listed(treatments: object) -> Any:
    """The courses of a cell, which may hold them as JSON."""
    if not isinstance(treatments, str):
        return treatments
    try:
        return json.loads(treatments)
    except (ValueError, RecursionError):
        raise PatientError("treatments", "must be a list of courses") from None
