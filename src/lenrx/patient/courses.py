"""Dated courses of treatment as a patient file states them: read strictly, values never echoed.

Days are ordinals in intervals: a year or a month is every day it may mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import pairwise
from math import inf
from typing import Any, Final

from lenrx.catalogue.conditions import UNKNOWN, Interval, within
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import key
from lenrx.patient.course import (
    ALONGSIDE,
    RESPONDED,
    SETTLED,
    STEROID,
    WASHOUT,
    Course,
    after,
    is_treatment,
    refused,
)
from lenrx.patient.course_dates import FIRST_DATE, ONGOING, are_days, days_of, stop_of
from lenrx.patient.exposures import MELPHALAN, together
from lenrx.patient.patient import SCALARS, UNSTATED, PatientError, parse_patient, uncertain


def _one_of(*words: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        for word in words:
            if key(word) == key(str(value)) and not uncertain(str(value)):
                return word
        raise ValueError(f"must be one of {', '.join(words)}")

    return parse


_flag: Final = SCALARS["prior_transplant"]


def _line(value: Any) -> int:
    try:
        found = SCALARS["prior_lines"](value)
    except ValueError:
        found = None
    if not isinstance(found, int) or found < 1:
        raise ValueError("must be the number of a line, a whole number from 1 to 30")
    return found


_DATES: Final[dict[str, Callable[..., Interval]]] = {
    "start": days_of,
    "stop": stop_of,
    "progression": days_of,
}
INTENTS: Final = ("induction", "consolidation", "maintenance", "conditioning", "transplant")
_PARSE: Final[dict[str, Callable[[Any], Any]]] = {
    "response": _one_of(*RESPONDED, "SD", "PD"),
    "stopped_for": _one_of("progression", "ongoing", *SETTLED),
    "maintenance": _flag,
    "planned": _flag,
    "transplant": _flag,
    "line": _line,
    "intent": _one_of(*INTENTS, "salvage"),
    "plan": str,
}
KEYS: Final = ("drugs", "other", "refractory", "intolerant_of", "dose", *_DATES, *_PARSE)
_BOTH: Final = ("true", "false", "yes", "no")
_WITHDRAWN: Final = {"progression": UNKNOWN, "response": "unknown", "stopped_for": "unknown"}


def read_courses(
    treatments: object,
    catalogue: Catalogue,
    *,
    from_baseline: bool = False,
    numbers: Sequence[int] | None = None,
) -> list[Course]:
    """The courses in order of start, drugs given one by one put together.

    `numbers` are those by which the courses are called; else they count from 1.
    `from_baseline` says that whole numbers are days and not years, also where all could be years.
    Raises PatientError naming the course and the field.
    """
    if not isinstance(treatments, list | tuple):
        raise PatientError("treatments", "must be a list of courses")
    numbered = from_baseline or are_days(_numbers(treatments))
    called = numbers or range(1, len(treatments) + 1)
    stated = [
        _course(number, raw, catalogue, numbered)
        for number, raw in zip(called, treatments, strict=True)
    ]
    _one_clock(stated)
    for course in stated:
        _refuse(_untrue(course, catalogue))
    courses = together([_begun(each) for each in _in_order(stated)], catalogue)
    for last, course in pairwise(courses):
        _refuse(_overlapping(last, course, catalogue))
    ends = [*(each.start[1] for each in courses[1:]), inf]
    return [_bounded(course, end) for course, end in zip(courses, ends, strict=False)]


def _refuse(problems: Iterator[tuple[int, str, str]]) -> None:
    for at, field, problem in problems:
        raise refused(at, field, problem)


def _numbers(treatments: Sequence[object]) -> Iterator[Any]:
    for raw in treatments:
        if isinstance(raw, Mapping):
            yield from (value for name, value in raw.items() if str(name) in _DATES)


def _one_clock(courses: Sequence[Course]) -> None:
    """Refuse days from a baseline beside dates: nobody can tell which comes first."""
    counted, dated = dict[str, int](), dict[str, int]()
    for course in courses:
        for field in _DATES:
            day = getattr(course, field)
            if day and day[0] not in (inf, -inf):
                (counted if day[0] < FIRST_DATE else dated).setdefault(field, course.number)
    if counted and dated:
        field, number = next(iter(counted.items()))
        other, at = next(iter(dated.items()))
        problem = f"is a number of days, and {other} of course {at} is a date; write one kind"
        raise refused(number, field, problem)


def _in_order(courses: list[Course]) -> list[Course]:
    """By start, where every start is known; else as they stand, which may not be against it."""
    backwards, latest = list[Course](), -inf
    for course in courses:
        if course.start[1] < latest:
            backwards.append(course)
        latest = max(latest, course.start[0])
    if not backwards:
        return courses
    if any(each.start == UNKNOWN for each in courses):
        raise refused(backwards[0].number, "start", "is before that of an earlier course")
    return sorted(courses, key=lambda each: each.start)


def _begun(course: Course) -> Course:
    """The course with its stop after its start."""
    if course.stop == ONGOING:
        return course
    return course._replace(stop=(max(course.stop[0], course.start[0]), course.stop[1]))


def _bounded(course: Course, next_start: float) -> Course:
    """The course, a transplant over when the next one starts."""
    if course.stop == ONGOING or not course.transplant:
        return course
    return course._replace(stop=(course.stop[0], min(course.stop[1], next_start)))


def _course(number: int, raw: object, catalogue: Catalogue, numbered: bool) -> Course:
    if not isinstance(raw, Mapping):
        raise PatientError("treatments", f"course {number}: must be a mapping that names its drugs")
    values: dict[str, Any] = {}
    for written, value in raw.items():
        field = _field(number, str(written))
        if value is None or (isinstance(value, str) and value.strip().lower() in UNSTATED):
            values |= {field: _WITHDRAWN[field]} if value and field in _WITHDRAWN else {}
        elif field != "dose":
            try:
                values[field] = _value(field, value, catalogue, numbered)
            except PatientError as error:
                raise refused(number, field, error.problem) from None
            except ValueError as error:
                raise refused(number, field, str(error)) from None
    if not (values.get("drugs") or values.get("other") or values.get("transplant")):
        raise refused(number, "drugs", "must be given")
    values |= _by_intent(values.get("intent"), values.get("drugs", ()))
    if "refractory" in values:
        values["resisted"] = _resisted(number, values, catalogue)
    if values.get("stopped_for") == "ongoing" and values.get("stop", UNKNOWN) == UNKNOWN:
        values["stop"] = ONGOING
    return Course(number, **values)


def _resisted(
    number: int, values: dict[str, Any], catalogue: Catalogue
) -> tuple[tuple[str, bool], ...]:
    """Of which drugs the course says whether they failed: all but steroids, or those named."""
    said, steroids = values.pop("refractory"), catalogue.drugs_in(STEROID)
    drugs = [d for d in values.get("drugs", ()) if not catalogue.drugs_in(d) <= steroids]
    if isinstance(said, bool):
        return tuple((drug, said) for drug in drugs)
    failed = {
        name: [d for d in drugs if catalogue.drugs_in(name) & catalogue.drugs_in(d)]
        for name in said
    }
    failed = {
        name: found for name, found in failed.items() if not catalogue.drugs_in(name) <= steroids
    }
    if not all(failed.values()):
        raise refused(number, "refractory", "names a drug that the course does not hold")
    if any(len(found) > 1 for found in failed.values()):
        raise refused(
            number, "refractory", "names a class of which it holds several; name the drug"
        )
    which = {drug for found in failed.values() for drug in found}
    # where some drugs are named, the others given were not refractory
    return tuple((drug, drug in which) for drug in drugs)


def _field(number: int, written: str) -> str:
    name = written.strip().lower().replace("-", "_").replace(" ", "_")
    if name not in KEYS:
        near = get_close_matches(name, KEYS, n=1, cutoff=0)[0]
        raise PatientError("treatments", f"course {number}: unknown field; nearest: {near}")
    return name


def _by_intent(intent: str | None, drugs: Sequence[str]) -> dict[str, Any]:
    """What a course is by its intent. Before CAR-T cells drugs condition without a transplant."""
    if intent == "transplant" or (intent == "conditioning" and (not drugs or MELPHALAN in drugs)):
        return {"transplant": True}
    if intent == "salvage":
        return {"planned": False}
    return {"maintenance": True} if intent == "maintenance" else {}


def _value(field: str, value: Any, catalogue: Catalogue, numbered: bool) -> Any:
    if field in _DATES:
        return partial(_DATES[field], numbered=numbered)(value)
    if field in _PARSE:
        return _PARSE[field](value)
    if field == "refractory" and (isinstance(value, bool) or str(value).lower() in _BOTH):
        return value if isinstance(value, bool) else _flag(value)
    if field == "other":
        return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
    read = parse_patient({"exposed": value}, catalogue)
    # a regimen that was not borne says nothing of its steroid
    named = field in ("intolerant_of", "refractory")
    spared = catalogue.drugs_in(STEROID) if named and read.expanded else ()
    return tuple(drug for drug in read.exposed or () if drug not in spared)


def _untrue(course: Course, catalogue: Catalogue) -> Iterator[tuple[int, str, str]]:
    """What cannot be true of a course, whatever day a coarse date means."""
    number, event, ongoing = course.number, course.progression, course.stop == ONGOING
    given = {drug for name in course.drugs for drug in catalogue.drugs_in(name)}
    if not all(catalogue.drugs_in(name) <= given for name in course.intolerant_of):
        yield number, "intolerant_of", "names a drug that the course does not hold"
    soon = event and within(after(event, course.stop), {"at_most": WASHOUT})
    if course.resisted and not any(dict(course.resisted).values()) and (course.progressed or soon):
        yield number, "refractory", "says no, and the course that the disease progressed"
    if course.stop[1] < course.start[0]:
        yield number, "stop", "is before the start"
    if ongoing != (course.stopped_for == "ongoing") and (
        course.stopped_for in ("progression", "ongoing", *SETTLED)
    ):
        yield number, "stopped_for", "contradicts stop: only one of them says ongoing"
    if event and event[1] < course.start[0]:
        yield number, "progression", "is before the start"
    if event and course.progressed and event[0] > course.stop[1] + WASHOUT:
        yield number, "progression", f"is over {WASHOUT} days after a stop put down to progression"


def _overlapping(
    last: Course, course: Course, catalogue: Catalogue
) -> Iterator[tuple[int, str, str]]:
    """What cannot be true of two courses one after the other."""
    over = last.stop[0] - course.start[1]
    alongside = any((last.planned, last.maintenance, course.planned, course.maintenance))
    # the one takes over from the other
    alongside = alongside or (over <= ALONGSIDE and last.stop != ONGOING)
    if (
        over > 0
        and (last.transplant or not alongside)
        and all(is_treatment(each, catalogue) for each in (last, course))
    ):
        why = "a transplant is over then" if last.transplant else "neither is planned"
        at = course.number
        yield last.number, "stop", f"is after the start of course {at}, and {why}"
