"""Dated courses of treatment as a patient file states them: read strictly, values never echoed.

Days are ordinals in intervals: a year or a month is every day it may mean.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from math import inf
from typing import Any, Final, NamedTuple

from lenrx.catalogue.conditions import UNKNOWN, Interval
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import key
from lenrx.patient.patient import SCALARS, UNSTATED, PatientError, parse_patient

WASHOUT: Final = 60
"""Days after the last dose in which progression still counts (definition `refractory`)."""
RESPONDED: Final = ("sCR", "CR", "VGPR", "PR", "MR")
SETTLED: Final = ("completed", "toxicity", "other")
"""Reasons to stop that are not progression."""
ONGOING: Final[Interval] = (inf, inf)
STEROID: Final = "corticosteroid"


class Course(NamedTuple):
    """One course as stated."""

    number: int
    drugs: tuple[str, ...]
    start: Interval = UNKNOWN
    stop: Interval = UNKNOWN
    progression: Interval | None = None
    response: str | None = None
    stopped_for: str | None = None
    intolerant_of: tuple[str, ...] = ()
    maintenance: bool = False
    planned: bool = False
    transplant: bool = False
    line: int | None = None

    @property
    def progressed(self) -> bool:
        """Whether it is said, with or without a date, that the disease progressed on it."""
        return self.stopped_for == "progression" or self.response == "PD"

    @property
    def event(self) -> Interval | None:
        """The days on which it progressed, or may have where that is said not to be known."""
        hidden = "unknown" in (self.response, self.stopped_for)
        if self.progression or not (self.progressed or hidden):
            return self.progression
        return (self.start[0], self.stop[1] + WASHOUT if self.progressed else inf)


def refused(number: int, field: str, problem: str) -> PatientError:
    """A course that cannot be read: where and why, never its value."""
    return PatientError("treatments", f"course {number}: {field}: {problem}")


_DAY: Final = re.compile(r"((?:19|20)[0-9]{2})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def _days(value: Any) -> Interval:
    """The days that a date, a month or a year may mean."""
    found = _DAY.fullmatch(str(value).strip())
    try:
        year, month, day = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        first, end = date(year, month or 1, day or 1), date(year, month or 12, day or 1)
    except ValueError:
        raise ValueError("must be a date like 2026-11-22, or 2026-11 or 2026") from None
    last = end if day else end.replace(day=monthrange(end.year, end.month)[1])
    return (first.toordinal(), last.toordinal())


def _one_of(*words: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        for word in words:
            if key(word) == key(str(value)):
                return word
        raise ValueError(f"must be one of {', '.join(words)}")

    return parse


_flag: Final = SCALARS["prior_transplant"]
_PARSE: Final[dict[str, Callable[[Any], Any]]] = {
    "start": _days,
    "stop": lambda value: ONGOING if key(str(value)) == "ongoing" else _days(value),
    "progression": _days,
    "response": _one_of(*RESPONDED, "SD", "PD"),
    "stopped_for": _one_of("progression", "ongoing", *SETTLED),
    "maintenance": _flag,
    "planned": _flag,
    "transplant": _flag,
    "line": SCALARS["prior_lines"],
}
KEYS: Final = ("drugs", "intolerant_of", "dose", *_PARSE)
_WITHDRAWN: Final = {"progression": UNKNOWN, "response": "unknown", "stopped_for": "unknown"}


def read_courses(treatments: object, catalogue: Catalogue) -> list[Course]:
    """The courses in order of start. Raises PatientError naming the course and the field."""
    if not isinstance(treatments, list | tuple):
        raise PatientError("treatments", "must be a list of courses")
    courses = list[Course]()
    for number, raw in enumerate(treatments, 1):
        courses.append(_course(number, raw, catalogue))
        for at, field, problem in _contradictions(courses, catalogue):
            raise refused(at, field, problem)
    ends = [*(each.start[1] for each in courses[1:]), inf]
    return [_bounded(course, end) for course, end in zip(courses, ends, strict=False)]


def _bounded(course: Course, next_start: float) -> Course:
    """The course with its stop after its start, and a transplant over when the next one starts."""
    if course.stop == ONGOING:
        return course
    high = min(course.stop[1], next_start) if course.transplant else course.stop[1]
    return course._replace(stop=(max(course.stop[0], course.start[0]), high))


def _course(number: int, raw: object, catalogue: Catalogue) -> Course:
    if not isinstance(raw, Mapping):
        raise PatientError("treatments", f"course {number}: must be a mapping that names its drugs")
    values: dict[str, Any] = {}
    for written, value in raw.items():
        field = _field(number, str(written))
        if value is None or (isinstance(value, str) and value.strip().lower() in UNSTATED):
            values |= {field: _WITHDRAWN[field]} if value and field in _WITHDRAWN else {}
        elif field != "dose":
            try:
                values[field] = _value(field, value, catalogue)
            except PatientError as error:
                raise refused(number, field, error.problem) from None
            except ValueError as error:
                raise refused(number, field, str(error)) from None
    if not values.get("drugs"):
        raise refused(number, "drugs", "must be given")
    if values.get("stopped_for") == "ongoing" and values.get("stop", UNKNOWN) == UNKNOWN:
        values["stop"] = ONGOING
    return Course(number, **values)


def _field(number: int, written: str) -> str:
    name = written.strip().lower().replace("-", "_").replace(" ", "_")
    if name not in KEYS:
        near = get_close_matches(name, KEYS, n=1, cutoff=0)[0]
        raise PatientError("treatments", f"course {number}: unknown field; nearest: {near}")
    return name


def _value(field: str, value: Any, catalogue: Catalogue) -> Any:
    if field in _PARSE:
        return _PARSE[field](value)
    read = parse_patient({"exposed": value}, catalogue)
    # a regimen that was not borne says nothing of its steroid
    spared = catalogue.drugs_in(STEROID) if field == "intolerant_of" and read.expanded else ()
    return tuple(drug for drug in read.exposed or () if drug not in spared)


def _contradictions(
    courses: Sequence[Course], catalogue: Catalogue
) -> Iterator[tuple[int, str, str]]:
    """What cannot be true of the last course read, whatever day a coarse date means."""
    *earlier, course = courses
    number, event, ongoing = course.number, course.progression, course.stop == ONGOING
    given = {drug for name in course.drugs for drug in catalogue.drugs_in(name)}
    if not all(catalogue.drugs_in(name) <= given for name in course.intolerant_of):
        yield number, "intolerant_of", "names a drug that the course does not hold"
    if course.start[1] < max((each.start[0] for each in earlier), default=-inf):
        yield number, "start", "is before that of an earlier course"
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
    last = earlier[-1] if earlier else course
    alongside = any((last.planned, last.maintenance, course.planned, course.maintenance))
    if last.stop[0] > course.start[1] and last is not course and (last.transplant or not alongside):
        why = "a transplant is over then" if last.transplant else "neither is planned"
        yield last.number, "stop", f"is after the start of course {number}, and {why}"
