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

from lenrx.catalogue.conditions import Interval, any_of, within
from lenrx.catalogue.field_kinds import Range
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import Truth
from lenrx.patient.course import ALLOGENEIC, ANY_DRUG, RESPONDED, SETTLED, WASHOUT, Course, after
from lenrx.patient.course_dates import ONGOING
from lenrx.patient.courses import read_courses
from lenrx.patient.line_rules import History, Judged, history_of, lines_of

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

    prior_lines: int | Range
    """A range where the courses leave open which of them began a line."""
    exposed: tuple[str, ...]
    refractory: tuple[str, ...]
    unsure: tuple[str, ...]
    """Drugs whose refractoriness the record leaves open."""
    intolerant: tuple[str, ...]
    prior_transplant: bool | None
    functional_high_risk: bool | None
    trace: tuple[Trace, ...]
    notes: tuple[str, ...]
    history: str | None = None
    """partial, where drugs were given that nobody names."""
    unnamed: tuple[str, ...] = ()
    """What was given and may have been any drug."""
    allografted: bool = False


_WORD: Final[dict[Truth, str]] = {True: "refractory", False: "not refractory", None: "unsure"}


def derive(treatments: object, catalogue: Catalogue, *, from_baseline: bool = False) -> Derived:
    """What follows from the courses of a patient file. Raises PatientError, values never echoed."""
    return derived_from(read_courses(treatments, catalogue, from_baseline=from_baseline), catalogue)


def derived_from(courses: Sequence[Course], catalogue: Catalogue) -> Derived:
    """What follows from courses in order of start. Raises PatientError."""
    history = history_of(courses, catalogue)
    lines, found = list(lines_of(history)), list(_intolerant(history))
    judged = list(_judged(history))
    truths = {drug: any_of(each[2] for each in judged if each[0] == drug) for drug, *_ in judged}
    first = [c for c, (n, _) in zip(courses, lines, strict=True) if n == (1, 1)]
    early, why_early = _functional_high_risk(first)
    transplants = [Trace("prior transplant", c.number, "stated") for c in courses if c.transplant]
    donors = [c.number for c in courses if ALLOGENEIC in c.other]
    unnamed = [name for c in courses for name in c.other if name in ANY_DRUG]
    return Derived(
        prior_lines=_number(lines[-1][0] if lines else (0, 0)),
        exposed=tuple(sorted({drug for course in courses for drug in course.drugs})),
        refractory=tuple(sorted(drug for drug, truth in truths.items() if truth)),
        unsure=tuple(sorted(drug for drug, truth in truths.items() if truth is None)),
        intolerant=tuple(sorted({drug for drug, *_ in found if drug})),
        prior_transplant=True if transplants else None,
        functional_high_risk=early,
        trace=(
            *_put_together(courses),
            *(
                Trace(f"line {_written(line)}", c.number, why)
                for c, (line, why) in zip(courses, lines, strict=True)
            ),
            *_exposed(courses),
            *(Trace(f"{_WORD[truth]} {drug}", n, why) for drug, n, truth, why in judged),
            *(Trace(f"intolerant {drug}", n, why) for drug, n, why in found if drug),
            *transplants,
            *(Trace("prior allogeneic transplant", number, "stated") for number in donors),
            *why_early,
        ),
        notes=(
            *(f"course {n}: {why}" for drug, n, why in found if not drug),
            *(
                f"course {c.number}: {why}; write `line`"
                for at, (c, (_, why)) in enumerate(zip(courses, lines, strict=True))
                if _opens(lines, at)
            ),
        ),
        history="partial" if unnamed else None,
        unnamed=tuple(dict.fromkeys(unnamed)),
        allografted=bool(donors),
    )


def _number(line: Interval) -> int | Range:
    low, high = int(line[0]), int(line[1])
    return low if low == high else Range(low, high, f"{low}-{high}")


def _written(line: Interval) -> str:
    found = _number(line)
    return found.written if isinstance(found, Range) else str(found)


def _opens(lines: Sequence[tuple[Interval, str]], at: int) -> bool:
    """Whether it is this course that leaves open how many lines there were."""
    low, high = lines[at][0]
    before = lines[at - 1][0] if at else (0, 0)
    return high - low > before[1] - before[0]


def _put_together(courses: Sequence[Course]) -> Iterator[Trace]:
    """Which exposures were read as one course."""
    for each in courses:
        if len(each.rows) > 1:
            rows = ", ".join(map(str, sorted(each.rows)))
            rule = f"{rows} were given together or no more than 28 days apart"
            yield Trace("one course", each.number, rule)


def _exposed(courses: Sequence[Course]) -> Iterator[Trace]:
    """Every drug with the course in which it was first given, and what was given besides."""
    seen = set[str]()
    for course in courses:
        for name in course.given:
            if name not in seen:
                held = name in course.drugs
                rule = "given in the course" if held else "not in the catalogue: kept"
                yield Trace(f"{'exposed' if held else 'given'} {name}", course.number, rule)
            seen.add(name)


def _judged(history: History) -> Iterator[tuple[str, int, Truth, str]]:
    """Each drug in each course: whether the disease was shown refractory to it there."""
    for index, course in enumerate(history.courses):
        for drug in history.active(course):
            truth, why = _refractory(history, index, drug)
            # a drug that goes on is judged where it ends
            if truth or drug not in course.going_on:
                yield drug, course.number, truth, why


def _refractory(history: History, index: int, drug: str) -> Judged:
    """Whether one course showed the disease refractory to one of its drugs, and by which rule."""
    progressed, why = _progressed(history, index, drug)
    if drug in dict(history.courses[index].resisted):
        return progressed, why
    unresponsive = _unresponsive(history, index)
    if unresponsive and not progressed:
        return True, "stable disease as best response: never responded"
    if progressed is False and unresponsive is None:
        return None, f"{why}, but not known to have responded"
    return progressed, why


def _progressed(history: History, index: int, drug: str) -> Judged:
    """Whether the disease progressed on a drug or within 60 days of its last dose."""
    course, later = history.courses[index], history.courses[index:]
    stated = dict(course.resisted).get(drug)
    if stated is not None:
        return stated, "stated of the course"
    apart = dict(course.last).get(drug)
    # given up for toxicity while the course went on: the last dose was on any day of the course
    named = drug in course.intolerant_of and course.stopped_for != "toxicity"
    dose = apart or ((course.start[0], course.stop[1]) if named else course.stop)
    if course.progressed and not named and (apart is None or drug in course.failed):
        stopped = course.stopped_for == "progression"
        return True, "stopped for progression" if stopped else "progressive disease as response"
    days = [after(each.event, dose) for each in later if each.event]
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
        if day and within(after(day, dose), {"at_most": WASHOUT}) is not False:
            return True
    return False


def _clear_until(history: History, index: int) -> float:
    """The day until which the record, read as complete, has no progression from a course on."""
    clear = -inf
    for at, course in enumerate(history.courses[index:], index + 1):
        settled = course.stopped_for in SETTLED
        if course.event:
            return max(clear, course.event[0])
        if course is history.courses[-1]:
            return inf if settled or course.stop == ONGOING else clear
        goes_on = history.breaks[at] is False
        if course.stopped_for == "toxicity" and not goes_on:
            return inf  # the change is explained, and a later progression is on its own course
        if goes_on or settled:
            clear = max(clear, history.courses[at].start[0])
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
