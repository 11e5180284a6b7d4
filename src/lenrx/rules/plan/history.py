"""The past lines of a treatment record, each judged as of the day it began.

What is known then is what the courses before it tell: what was given, what had failed, how many
lines there were. Organ function, illnesses and FISH of that day are not in a record, so whatever is
stated of today is left out, and stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import isfinite
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import UnknownName
from lenrx.intake.courses.cells import charted
from lenrx.patient.course import ALONGSIDE, Course
from lenrx.patient.course_dates import FIRST_DATE, ONGOING
from lenrx.patient.courses import read_courses
from lenrx.patient.line_rules import history_of, lines_of
from lenrx.patient.lines_of_therapy import derived_from
from lenrx.patient.patient import Patient, PatientError
from lenrx.patient.treatment_record import merged, not_after
from lenrx.rules.assessment import assess
from lenrx.rules.plan.document import brief
from lenrx.rules.plan.judgement import Judgement, judge
from lenrx.rules.plan.reading import Plan, read_plan

SCHEMA: Final = "lenrx/plan-record/1"
FIRST_LINE: Final = "the first line: every regimen here was studied at relapse"
NO_DAY: Final = "the record does not say when it began"


class PastLine(NamedTuple):
    """A line of therapy by its first course, and what comes of it on the day it began."""

    line: str
    """Its number, or a range where the record leaves that open."""
    course: int
    given: tuple[str, ...]
    day: str | None
    exact: bool
    """Whether that day is stated, and not only its month or year."""
    plan: Plan | None = None
    found: Judgement | None = None
    why_not: str | None = None
    """Why it is not judged."""


def past_lines(
    treatments: object,
    catalogue: Catalogue,
    today: str,
    *,
    region: str | None = None,
    sex: str | None = None,
    partial: bool = False,
    **how: Any,
) -> tuple[PastLine, ...]:
    """Every line of a record in order. Raises PatientError where the record cannot be read.

    `partial` says that more may have been given than the record holds.
    """
    found = charted(treatments, catalogue)
    courses = read_courses(found.courses, catalogue, numbers=found.numbers)
    not_after(courses, today)
    unread = partial or bool(found.unsure)
    base = Patient(region=region, sex=sex, history="partial" if unread else None)
    begun = _begin(courses, catalogue)
    return tuple(_judged(each, courses, base, catalogue, today, how) for each in begun)


def _begin(courses: Sequence[Course], catalogue: Catalogue) -> Iterator[tuple[int, str]]:
    """The courses that begin a line, or may, with its number."""
    before = (0, 0)
    for at, (number, _) in enumerate(lines_of(history_of(courses, catalogue))):
        low, high = int(number[0]), int(number[1])
        if (low, high) != before:
            yield at, f"{low}" if low == high else f"{low}-{high}"
        before = (low, high)


def _judged(
    begun: tuple[int, str],
    courses: Sequence[Course],
    base: Patient,
    catalogue: Catalogue,
    today: str,
    how: dict[str, Any],
) -> PastLine:
    at, number = begun
    course = courses[at]
    day = _day(course, today)
    exact = course.start[0] == course.start[1]
    line = PastLine(number, course.number, course.given, day, exact)
    try:
        plan = read_plan(" + ".join(course.given), catalogue)
    except UnknownName as error:
        return line._replace(why_not=f"{error.text!r}: {error.hint}")
    line = line._replace(plan=plan)
    if at == 0 or number == "1":
        return line._replace(why_not=FIRST_LINE)
    if day is None:
        return line._replace(why_not=NO_DAY)
    patient = _then(courses[:at], day, base, catalogue)
    answer = assess(catalogue, patient, as_of=day, **how)
    return line._replace(found=judge(plan, answer))


def _day(course: Course, today: str) -> str | None:
    """The last day on which a course may have begun: all that was before it had happened by then.

    Raises PatientError for a number of days.
    """
    last = course.start[1]
    if not isfinite(last):
        return None
    if last < FIRST_DATE:
        problem = f"course {course.number}: start: a number of days names no label; write dates"
        raise PatientError("treatments", problem)
    return min(date.fromordinal(int(last)).isoformat(), today)


def _then(earlier: Sequence[Course], day: str, base: Patient, catalogue: Catalogue) -> Patient:
    """The patient as the courses before a day tell, without what came after it."""
    ordinal = date.fromisoformat(day).toordinal()
    derived = derived_from([_as_of(each, ordinal) for each in earlier], catalogue)
    found = merged(base, derived, ())
    return found._replace(as_of=day)


def _as_of(course: Course, day: int) -> Course:
    """A course as it was known on a day: what ended later goes on, what happened later did not.

    One course may take over from the other, so that a stop soon after is of what came before.
    """
    if course.progression and course.progression[0] > day:
        course = course._replace(progression=None)
    if course.stop == ONGOING or course.stop[0] <= day + ALONGSIDE:
        return course
    reason = None if course.stopped_for in ("progression", "toxicity") else course.stopped_for
    ongoing = course._replace(stop=ONGOING, stopped_for=reason, last=())
    return ongoing._replace(response=None) if course.response == "PD" else ongoing


def to_dict(
    lines: Sequence[PastLine],
    catalogue: Catalogue,
    region: str | None,
    asked: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """What `lenrx plan --record --format json` prints; `asked` is how, where not as usual."""
    return {
        "schema": SCHEMA,
        "catalogue": {"version": catalogue.version, "sha256": catalogue.sha256},
        "region": region,
        **asked,
        "lines": [_entry(each) for each in lines],
    }


def _entry(each: PastLine) -> dict[str, Any]:
    data: dict[str, Any] = {
        "line": each.line,
        "course": each.course,
        "given": list(each.given),
        "day": each.day,
        "day_is_exact": each.exact,
    }
    if each.found is None or each.plan is None:
        return {**data, "plan": None, "why_not": each.why_not}
    answer = each.found.answer
    better = [one.regimen.id for one in each.found.better]
    said = brief(each.plan, each.found.each, better, strict=answer.strict)
    return {**data, "state": answer.state.resistance_state, "plan": said}
