"""From dated courses of treatment to prior lines, exposure, refractoriness and intolerance.

Days are ordinals in intervals: a year or a month is every day it may mean, and each answer is met,
not met or unknown. A *value* that is missing (a date, a response, a reason) is unknown. An *event*
that is missing (a progression, or the "progression" or "PD" that reports one) did not happen, as a
drug that is not listed was not given; `unknown`, written for `progression`, `response` or
`stopped_for`, withdraws that reading. The dose is never read: 10 mg of maintenance counts.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from math import inf
from typing import Final, NamedTuple

from lenrx.catalogue.conditions import Interval, all_of, any_of, negate, within
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import Truth
from lenrx.patient.courses import (
    ONGOING,
    RESPONDED,
    SETTLED,
    STEROID,
    WASHOUT,
    Course,
    read_courses,
    refused,
)

EARLY_MONTHS: Final = 18
"""Progression this early after first-line therapy is functional high risk. Counted from its start
in KarMMa-2 (NCT03601078, cohorts 2a and 2b, with and without transplant) and from its start or the
transplant in DREAMM-7 and -8 (source `page-ash-dreamm78-fhr`): where they disagree, unknown.
No single definition exists, and none with a shorter limit without transplant was found."""


class Trace(NamedTuple):
    """The rule that gave one result; courses count from 1."""

    what: str
    course: int
    rule: str


class Derived(NamedTuple):
    """What the courses say, in the patient's own fields; None is "cannot say"."""

    prior_lines: int | None
    exposed: tuple[str, ...]
    refractory: tuple[str, ...]
    unsure: tuple[str, ...]
    """Drugs whose refractoriness the record leaves open."""
    intolerant: tuple[str, ...]
    prior_transplant: bool | None
    functional_high_risk: bool | None
    trace: tuple[Trace, ...]
    notes: tuple[str, ...]


class History(NamedTuple):
    """The courses in order, and whether each leaves the plan of the one before."""

    courses: Sequence[Course]
    breaks: Sequence[Truth]
    catalogue: Catalogue

    def active(self, course: Course) -> list[str]:
        """The drugs of a course that are not steroids."""
        steroids = self.catalogue.drugs_in(STEROID)
        return [drug for drug in course.drugs if not self.catalogue.drugs_in(drug) <= steroids]


Judged = tuple[Truth, str]
_WORD: Final[dict[Truth, str]] = {True: "refractory", False: "not refractory", None: "unsure"}


def derive(treatments: object, catalogue: Catalogue) -> Derived:
    """What follows from the courses of a patient file. Raises PatientError, values never echoed."""
    courses = read_courses(treatments, catalogue)
    history = History(courses, _breaks(courses), catalogue)
    lines, found = list(_lines(history)), list(_intolerant(history))
    judged = [
        (drug, course.number, *_refractory(history, course.number - 1, drug))
        for course in courses
        for drug in history.active(course)
    ]
    truths = {drug: any_of(each[2] for each in judged if each[0] == drug) for drug, *_ in judged}
    early, why_early = _functional_high_risk(
        [c for c, (n, _) in zip(courses, lines, strict=True) if n == 1]
    )
    transplants = [Trace("prior transplant", c.number, "stated") for c in courses if c.transplant]
    return Derived(
        prior_lines=lines[-1][0] if lines else 0,
        exposed=tuple(sorted({drug for course in courses for drug in course.drugs})),
        refractory=tuple(sorted(drug for drug, truth in truths.items() if truth)),
        unsure=tuple(sorted(drug for drug, truth in truths.items() if truth is None)),
        intolerant=tuple(sorted({drug for drug, *_ in found if drug})),
        prior_transplant=True if transplants else None,
        functional_high_risk=early,
        trace=(
            *(Trace(f"line {line or 'unknown'}", n, why) for n, (line, why) in enumerate(lines, 1)),
            *(Trace(f"{_WORD[truth]} {drug}", n, why) for drug, n, truth, why in judged),
            *(Trace(f"intolerant {drug}", n, why) for drug, n, why in found if drug),
            *transplants,
            *why_early,
        ),
        notes=(
            *(f"course {n}: {why}" for drug, n, why in found if not drug),
            *(f"course {n}: {why}; write `line`" for n, (x, why) in enumerate(lines, 1) if not x),
        ),
    )


def _after(later: Interval, earlier: Interval) -> Interval:
    """How many days `later` is after `earlier`, least and most."""
    return (later[0] - earlier[1], later[1] - earlier[0])


def _breaks(courses: Sequence[Course]) -> list[Truth]:
    """Whether each course leaves the plan of the one before: not planned, or after progression."""
    breaks: list[Truth] = []
    plan = certain = 0
    for index, course in enumerate(courses):
        sure = any_of(_before(each, course) for each in courses[certain:index])
        # what came before a doubtful break may belong to another plan: from there it only doubts
        doubted = any_of(_before(each, course) for each in courses[plan:certain])
        left = any_of((sure, None if doubted else doubted)) if course.planned and index else True
        certain = certain if left is False else index
        plan = index if left else plan
        breaks.append(left)
    return breaks


def _before(earlier: Course, course: Course) -> Truth:
    """Whether progression on an earlier course came before `course` started."""
    if earlier.progressed or earlier.event is None:
        return earlier.progressed
    return within(_after(course.start, earlier.event), {"at_least": 0})


def _lines(history: History) -> Iterator[tuple[int | None, str]]:
    """The line of each course by Rajkumar 2015 (source `page-ashpublications-lines-2015`)."""
    number, least = None, 1
    for index, course in enumerate(history.courses):
        if course.line is not None:
            if course.line < least:
                raise refused(course.number, "line", "is lower than that of an earlier course")
            number, why = course.line, "line stated"
        elif index == 0:
            number, why = 1, "first course"
        else:
            new, why = _new_line(history, index)
            number = None if number is None or new is None else number + new
        least = number or least
        yield number, why


def _new_line(history: History, index: int) -> Judged:
    last, course, left = *history.courses[index - 1 : index + 1], history.breaks[index]
    new = all_of((left, negate(_goes_on(last, course, history.catalogue))))
    if new is None:
        return None, "the dates leave open whether it starts a new line"
    if not new:
        return False, "planned part of the line" if left is False else "no drug added or exchanged"
    changed = last.stopped_for if last.stopped_for in ("progression", "toxicity") else None
    why = f"drugs changed for {changed}" if changed else "not planned"
    return True, "planned, but after progression" if course.planned else why


def _goes_on(last: Course, course: Course, catalogue: Catalogue) -> Truth:
    """Whether a regimen goes on: the same drugs again, or only some of them without a gap."""
    drugs, before = set(course.drugs), set(last.drugs)
    if course.transplant or not drugs <= before or not drugs <= catalogue.drugs.keys():
        return False
    return True if drugs == before else within(_after(course.start, last.stop), {"at_most": 1})


def _refractory(history: History, index: int, drug: str) -> Judged:
    """Whether one course showed the disease refractory to one of its drugs, and by which rule."""
    progressed, why = _progressed(history, index, drug)
    unresponsive = _unresponsive(history, index)
    if unresponsive and not progressed:
        return True, "stable disease as best response: never responded"
    if progressed is False and unresponsive is None:
        return None, f"{why}, but not known to have responded"
    return progressed, why


def _progressed(history: History, index: int, drug: str) -> Judged:
    """Whether the disease progressed on a drug or within 60 days of its last dose."""
    course, later = history.courses[index], history.courses[index:]
    # given up for toxicity while the course went on: the last dose was on any day of the course
    dropped = drug in course.intolerant_of and course.stopped_for != "toxicity"
    dose = (course.start[0], course.stop[1]) if dropped else course.stop
    if course.progressed and not dropped:
        stopped = course.stopped_for == "progression"
        return True, "stopped for progression" if stopped else "progressive disease as response"
    days = [_after(each.event, dose) for each in later if each.event]
    truth = any_of(within(each, {"at_most": WASHOUT}) for each in days)
    if truth:
        on = dose == ONGOING or any(within(each, {"at_most": 0}) for each in days)
        return True, f"progression {'on therapy' if on else f'within {WASHOUT} days of stop'}"
    if truth is None or _noted_earlier(history, index, dose):
        return None, f"the record leaves open whether it progressed within {WASHOUT} days of stop"
    if course.progression:
        return False, f"progression more than {WASHOUT} days after stop"
    clear = _clear_until(history, index)
    if clear == inf and dose == ONGOING:
        return False, "responding"
    none = clear > dose[1] + WASHOUT
    says = f"no progression within {WASHOUT} days of stop"
    return (False, says) if none else (None, "the record does not say whether it progressed")


def _noted_earlier(history: History, index: int, dose: Interval) -> bool:
    """Whether a progression noted on an earlier part of the plan may belong to this one."""
    while index > 0 and not history.breaks[index]:
        index -= 1
        day = history.courses[index].event
        if day and within(_after(day, dose), {"at_most": WASHOUT}) is not False:
            return True
    return False


def _clear_until(history: History, index: int) -> float:
    """The day until which the record, read as complete, has no progression from a course on."""
    clear = -inf
    for course in history.courses[index:]:
        settled = course.stopped_for in SETTLED
        if course.event:
            return max(clear, course.event[0])
        if course.number == len(history.courses):
            return inf if settled or course.stop == ONGOING else clear
        goes_on = history.breaks[course.number] is False
        if course.stopped_for == "toxicity" and not goes_on:
            return inf  # the change is explained, and a later progression is on its own course
        if goes_on or settled:
            clear = max(clear, history.courses[course.number].start[0])
        if not goes_on:
            break
    return clear


def _unresponsive(history: History, index: int) -> Truth:
    """Whether the disease never reached a minimal response.

    Maintenance and later parts of a plan treat a disease that may have responded already: stable
    says nothing there, and a response earlier in the plan stands for one that is not stated.
    """
    course, breaks = history.courses[index], history.breaks
    continues = index > 0 and (course.maintenance or not breaks[index])
    if course.response == "SD" and not continues:
        return True
    while history.courses[index].response not in RESPONDED:
        if breaks[index] is not False:
            return None
        index -= 1
    return False


def _intolerant(history: History) -> Iterator[tuple[str | None, int, str]]:
    """Drugs stopped for toxicity; without a drug where it is not said which."""
    for course in history.courses:
        drugs, stopped = history.active(course), course.stopped_for == "toxicity"
        if course.intolerant_of:
            yield from (
                (each, course.number, "named as not borne") for each in course.intolerant_of
            )
        elif stopped and len(drugs) == 1:
            yield drugs[0], course.number, "stopped for toxicity"
        elif stopped and drugs:
            yield None, course.number, f"toxicity of {' or '.join(drugs)}; write `intolerant_of`"


def _functional_high_risk(first: Sequence[Course]) -> tuple[Truth, list[Trace]]:
    """Whether the first line failed early by every definition in `EARLY_MONTHS`."""
    events = [each.event for each in first if each.event]
    if not events:
        return None, []
    early, late = min(day[0] for day in events), min(day[1] for day in events)
    clocks = [each.start[1] for each in first if each.transplant] or [
        each.start[1] for each in first if not each.maintenance
    ]
    rule = f"the first progression and {EARLY_MONTHS} months of first-line therapy"
    if late <= _deadline(first[0].start[0]):
        return True, [Trace("functional high risk", first[0].number, rule)]
    if early > max(_deadline(day) for day in (first[0].start[1], *clocks)):
        return False, [Trace("not functional high risk", first[0].number, rule)]
    return None, []


def _deadline(day: float) -> float:
    if abs(day) == inf:
        return day
    start = date.fromordinal(int(day))
    years, month = divmod(start.month - 1 + EARLY_MONTHS, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1])).toordinal()
