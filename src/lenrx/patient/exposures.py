"""Exposures to single drugs put together: what was given at one time is a course.

Stretches of one drug with no more than 28 days between them are one. Drugs that start within 28
days of the first of them form a course; each keeps its own last dose. A drug that joins later,
while others go on, begins a new course with those that go on: whether that is a new line is a
question of its own (`line_rules`). Courses of several drugs stay as they were written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import Any, Final

from lenrx.catalogue.conditions import UNKNOWN, Interval
from lenrx.catalogue.loading import Catalogue
from lenrx.patient.course import ALONGSIDE, Course, active, refused
from lenrx.patient.course_dates import ONGOING
from lenrx.patient.patient import PatientError

MELPHALAN: Final = "melphalan"
CONDITIONING_DAYS: Final = 3
"""Melphalan alone for fewer days from first to last is the high dose; by mouth it takes four."""

MOST_COURSES: Final = 1_000
"""Of one patient, once stretches of one drug are put together."""


def together(courses: Sequence[Course], catalogue: Catalogue) -> list[Course]:
    """The courses in order, exposures to single drugs as courses of what was given together."""
    found: list[Course] = []
    for course in _stretches(courses):
        found[-1:] = _joined(found[-1], course, catalogue) if found else [course]
    return found


def is_single(course: Course) -> bool:
    """Whether a course is the exposure to one drug."""
    return len(course.given) == 1 and not course.transplant


def is_conditioning(course: Course, catalogue: Catalogue) -> bool:
    """Whether a course looks like the high dose before a transplant: melphalan, in a few days."""
    days = course.stop[1] - course.start[0]
    return active(course, catalogue) == [MELPHALAN] and days < CONDITIONING_DAYS


def _stretches(courses: Sequence[Course]) -> list[Course]:
    """The courses, those of the same drugs with no more than 28 days between them as one."""
    found: list[Course] = []
    for course in courses:
        at = next((at for at, each in enumerate(found) if _goes_on(each, course)), None)
        if at is None:
            if len(found) == MOST_COURSES:
                # each is held against those before it
                problem = f"more than {MOST_COURSES} courses; put those of one drug together"
                raise PatientError("treatments", problem)
            found.append(course)
        else:
            found[at] = _one(found[at], course, course.given)
    return found


def _goes_on(last: Course, course: Course) -> bool:
    if last.given != course.given or last.transplant or not _near(last, course):
        return False
    return (
        bool(course.given)
        and _alike(last, course)
        and _agree(last, course)
        and last.stopped_for in (None, course.stopped_for)
        and not (last.progressed or last.progression)
    )


def _agree(last: Course, course: Course) -> bool:
    """Whether what two exposures say of the disease may be true of one course."""
    pairs = [(getattr(last, name), getattr(course, name)) for name in ("response", "progression")]
    return all(None in pair or pair[0] == pair[1] for pair in pairs)


def _alike(one: Course, other: Course) -> bool:
    """Whether two exposures may belong to one course by what is said of them."""
    own, its = _said(one), _said(other)
    return all(
        a == b or (soft and None in (a, b)) for (a, soft), (b, _) in zip(own, its, strict=True)
    )


def _said(course: Course) -> list[tuple[Any, bool]]:
    """What tells courses apart, and whether silence about it is no difference."""
    return [
        (course.transplant, False),
        (course.maintenance, False),
        (course.planned, True),
        (course.intent, True),
        (course.line, True),
        (course.plan, True),
    ]


def _end(course: Course) -> float:
    """The last day that a course may have had; its start where no stop is known."""
    if course.stop == ONGOING:
        return inf
    return course.start[1] if course.stop[1] == inf else course.stop[1]


def _near(last: Course, course: Course) -> bool:
    """Whether a course starts before another ended, or no more than 28 days after."""
    return UNKNOWN not in (last.start, course.start) and course.start[0] - _end(last) <= ALONGSIDE


def _joined(last: Course, course: Course, catalogue: Catalogue) -> list[Course]:
    """A course and the one before it: as one, as one after the other, or what goes on in both."""
    single = is_single(course) or is_single(last) or bool(last.rows)
    if not single or not _near(last, course) or last.transplant:
        return [last, course]
    after = course.start[0] > _end(last)
    if after and (last.progressed or last.progression or not _agree(last, course)):
        return [last, course]
    apart = course.start[0] - last.start[1]
    if course.transplant or (apart > 1 and is_conditioning(course, catalogue)):
        return _interrupted(last, course)
    if apart > 1 and is_conditioning(last, catalogue):
        return [last, course]
    held = set(course.given) <= set(last.given) or not active(course, catalogue)
    if _alike(last, course) and (apart <= ALONGSIDE or (is_single(course) and held)):
        return [_one(last, course, course.given)]
    return _added(last, course, catalogue)


def _still(last: Course, course: Course) -> list[str]:
    """The drugs that go on for long when another course starts."""
    return [
        drug
        for drug in last.given
        if last.last_dose(drug)[0] > course.start[1] + ALONGSIDE and drug not in course.given
    ]


def _interrupted(last: Course, course: Course) -> list[Course]:
    """A course up to a transplant, the transplant, and what of the course goes on after it."""
    still = _still(last, course)
    if not still:
        return [last, course]
    over = max(course.start[1], course.stop[1] if course.stop[1] < inf else 0) + 1
    rest = [_rest(last, drug, (over, over)) for drug in still]
    return [_until(last, course, still), course, _all(rest)]


def _added(last: Course, course: Course, catalogue: Catalogue) -> list[Course]:
    """The course before and the one that a drug joins, with what goes on of the one before."""
    still = _still(last, course)
    if not active(course, catalogue) or not still:
        return [last, course]
    both = _all([course, *(_rest(last, drug, course.start) for drug in still)])
    return [_until(last, course, still), both._replace(number=course.number)]


def _rest(last: Course, drug: str, start: Interval) -> Course:
    """What goes on of a course: one of its drugs from a day on."""
    stop, held = last.last_dose(drug), drug in last.drugs
    ended = stop == last.stop
    return Course(
        last.number,
        drugs=(drug,) if held else (),
        other=() if held else (drug,),
        start=start,
        stop=stop,
        stopped_for=last.stopped_for if ended else None,
        progression=last.progression if _later_than(last, start) else None,
        maintenance=last.maintenance,
        plan=last.plan,
        line=last.line,
        resisted=tuple(each for each in last.resisted if each[0] == drug),
        rows=last.rows or (last.number,),
    )


def _later_than(course: Course, start: Interval) -> bool:
    return course.progression is not None and course.progression[0] >= start[0]


def _all(rows: Sequence[Course]) -> Course:
    found = rows[0]
    for each in rows[1:]:
        found = _one(found, each, each.given)
    return found


def _until(last: Course, course: Course, still: Sequence[str]) -> Course:
    """A course up to the day on which another drug joined those that go on."""
    day = (course.start[0] - 1, course.start[1] - 1)
    ends = [(drug, last.last_dose(drug)) for drug in last.given if drug not in still]
    stop = max([day, *(stop for _, stop in ends)])
    return last._replace(
        stop=stop,
        stopped_for=None,
        progression=None if _later_than(last, course.start) else last.progression,
        last=(*((drug, day) for drug in still), *ends),
        going_on=frozenset(still),
    )


def _one(course: Course, more: Course, drugs: Iterable[str]) -> Course:
    """Two exposures as one course, in which each drug keeps its last dose."""
    stop = _later(course.stop, more.stop)
    ends = {drug: course.last_dose(drug) for drug in course.given}
    for drug in drugs:
        ends[drug] = _later(ends[drug], more.stop) if drug in ends else more.stop
    rows = tuple(
        dict.fromkeys((*(course.rows or (course.number,)), *(more.rows or (more.number,))))
    )
    reason, intolerant = _reasons(course, more)
    start = (min(course.start[0], more.start[0]), min(course.start[1], more.start[1]))
    return course._replace(
        drugs=tuple(dict.fromkeys((*course.drugs, *more.drugs))),
        other=tuple(dict.fromkeys((*course.other, *more.other))),
        start=start,
        stop=stop,
        last=tuple((drug, end) for drug, end in ends.items() if end != stop),
        response=_agreed("response", course, more),
        progression=_progression(course, more),
        stopped_for=reason,
        intolerant_of=intolerant,
        planned=_agreed("planned", course, more),
        line=_agreed("line", course, more),
        intent=_agreed("intent", course, more),
        plan=_agreed("plan", course, more),
        failed=_failed(course) | _failed(more),
        resisted=_resisted(course, more),
        rows=rows,
    )


def _failed(course: Course) -> frozenset[str]:
    return course.failed or frozenset(course.drugs if course.progressed else ())


def _resisted(course: Course, more: Course) -> tuple[tuple[str, bool], ...]:
    """What two exposures say of their drugs; of one drug they may not say two things."""
    own, its = dict(course.resisted), dict(more.resisted)
    if any(drug in own and own[drug] != truth for drug, truth in its.items()):
        at = f"course {(course.rows or (course.number,))[-1]}"
        raise refused(more.number, "refractory", f"differs from that of {at}")
    return tuple((own | its).items())


def _later(one: Interval, other: Interval) -> Interval:
    return (max(one[0], other[0]), max(one[1], other[1]))


def _agreed(field: str, course: Course, more: Course) -> Any:
    """What both say, or one where the other says nothing."""
    one, other = getattr(course, field), getattr(more, field)
    if None in (one, other):
        return other if one is None else one
    if one != other:
        at = f"course {(course.rows or (course.number,))[-1]}"
        raise refused(more.number, field, f"differs from that of {at}, given at the same time")
    return one


def _reasons(course: Course, more: Course) -> tuple[str | None, tuple[str, ...]]:
    """Why the last of the drugs was stopped, and which drugs were not borne."""
    intolerant = {*course.intolerant_of, *more.intolerant_of}
    for each in (course, more):
        if each.stopped_for == "toxicity" and len(each.drugs) == 1:
            intolerant |= {*each.drugs}
    first, last = _by_stop(course, more)
    reason = last.stopped_for
    if first.stop == last.stop and (reason in (None, "toxicity") or first.progressed):
        reason = first.stopped_for or reason
    return reason, tuple(sorted(intolerant))


def _by_stop(course: Course, more: Course) -> list[Course]:
    return sorted((course, more), key=lambda each: (each.stop[1], each.stop[0]))


def _progression(course: Course, more: Course) -> Interval | None:
    """When the disease progressed: as stated, or when the first of the drugs was stopped for it."""
    stated: Interval | None = _agreed("progression", course, more)
    first, last = _by_stop(course, more)
    if stated is None and first.stopped_for == "progression" and first.stop != last.stop:
        return first.stop
    return stated
