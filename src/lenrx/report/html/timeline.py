"""The treatment record in time: courses as bars, what came of them, and which drugs failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import inf
from typing import Final, NamedTuple

from markupsafe import Markup

from lenrx.catalogue.conditions import Interval
from lenrx.patient.course import WASHOUT, Course
from lenrx.patient.course_dates import BASELINE, FIRST_DATE, ONGOING
from lenrx.patient.lines_of_therapy import Derived
from lenrx.report.html import svg

_LEFT, _RIGHT = 250.0, 870.0
_ROW = 64.0
_TOP, _BOTTOM = 8.0, 74.0
_YEAR: Final = 365.25
_MOST_TICKS: Final = 12
_WINDOW: Final = f"within {WASHOUT} days"


class Span(NamedTuple):
    """One course as it is drawn and told."""

    number: int
    line: str
    given: str
    start: Interval
    stop: Interval
    progression: Interval | None
    transplant: bool
    maintenance: bool
    response: str
    stopped: str
    failed: tuple[str, ...]
    """Drugs that the record shows the disease refractory to, each with the rule."""
    unsure: tuple[str, ...]
    """Drugs of which the record leaves open whether the disease became refractory to them."""
    window: bool
    """Whether it was the days after the last dose that made a drug refractory."""

    def refractory(self) -> str:
        """What failed, by which rule; what nobody can say; none only where that is known."""
        open_ = [f"not known for {' and '.join(self.unsure)}"] if self.unsure else []
        return "; ".join([*self.failed, *open_]) or "none"

    def told(self, day: Interval | None) -> str:
        """A day as it is known: to the day, or between two."""
        if day is None or day == (-inf, inf):
            return "not stated"
        if day == ONGOING:
            return "ongoing"
        return _days(day)


def _days(span: Interval) -> str:
    """A day, a month or a year where it is just that, else from when to when."""
    first, last = map(_day, span)
    if first == last:
        return first
    if first[4:] == "-01-01" and last[4:] == "-12-31" and first[:4] == last[:4]:
        return first[:4]
    whole = first[:8] == last[:8] and first[7:] == "-01" and _ends_month(span[1])
    return first[:7] if whole else f"{first} to {last}"


def _ends_month(day: float) -> bool:
    return _day(day + 1)[7:] == "-01"


def _day(day: float) -> str:
    """An ordinal as a date, or as days from a baseline."""
    if abs(day) == inf:
        return "an open end"
    if day < FIRST_DATE:
        return f"day {int(day) - BASELINE}"
    return date.fromordinal(int(day)).isoformat()


def spans(courses: Sequence[Course], derived: Derived) -> list[Span]:
    """The courses in order of start, each with what the record gave of it."""
    return [_span(course, derived) for course in courses]


def _span(course: Course, derived: Derived) -> Span:
    said = [each for each in derived.trace if each.course == course.number]
    lead = "refractory "
    failed = [each for each in said if each.what.startswith(lead)]
    lines = [each.what for each in said if each.what.startswith("line ")]
    return Span(
        number=course.number,
        line=", ".join(lines) or "no line",
        given=", ".join(course.given) or "no drug named",
        start=course.start,
        stop=course.stop,
        progression=course.progression,
        transplant=course.transplant,
        maintenance=course.maintenance,
        response=course.response or "",
        stopped=course.stopped_for or "",
        unsure=tuple(drug for drug in course.given if drug in derived.unsure),
        failed=tuple(f"{each.what.removeprefix(lead)}: {each.rule}" for each in failed),
        window=any(_WINDOW in each.rule for each in failed),
    )


class Axis(NamedTuple):
    """The days that the drawing spans."""

    first: float
    last: float
    today: float
    """The day of the answer, at which courses that go on end; the last one where none is known."""

    def x(self, day: float) -> float:
        """Where a day stands; what lies beyond stands at the end."""
        inside = min(max(day, self.first), self.last)
        return _LEFT + (inside - self.first) / (self.last - self.first) * (_RIGHT - _LEFT)


def draw(found: Sequence[Span], as_of: str) -> list[Markup]:
    """A row for each course, from its start to its stop, on one axis of time."""
    axis = _axis(found, as_of)
    if axis is None:
        return []
    pieces = svg.split([_ROW] * len(found), svg.TALLEST - _TOP - _BOTTOM)
    return [_piece(found[piece], axis, at, len(pieces)) for at, piece in enumerate(pieces, start=1)]


def _axis(found: Sequence[Span], as_of: str) -> Axis | None:
    """From the first day to the day asked, or to the last one where days are only counted."""
    days = [each for span in found for each in (*span.start, *span.stop, *(span.progression or ()))]
    known = [each for each in days if abs(each) != inf]
    if not known:
        return None
    counted = max(known) < FIRST_DATE
    asked = max(known) if counted else date.fromisoformat(as_of).toordinal()
    last = max(asked, *known, min(known) + WASHOUT) + WASHOUT
    return Axis(min(known), last, asked)


def _piece(found: Sequence[Span], axis: Axis, at: int, of: int) -> Markup:
    which = f", part {at} of {of}" if of > 1 else ""
    bottom = _TOP + len(found) * _ROW
    rows = [_row(span, _TOP + place * _ROW, axis) for place, span in enumerate(found)]
    rows += [svg.line(0, y, svg.WIDTH, y, "grid") for y in _between(len(found))]
    says = (
        f"{len(found)} courses of treatment as bars in time. The table after the figure holds the "
        "same days, responses and progressions."
    )
    content = [*_ticks(axis, bottom), *rows, *_legend(bottom + 40)]
    title = f"Courses of treatment in time{which}"
    return svg.figure(f"timeline-{at}", title, says, bottom + _BOTTOM, content)


def _between(rows: int) -> list[float]:
    return [_TOP + place * _ROW for place in range(1, rows)]


def _ticks(axis: Axis, bottom: float) -> Iterator[Markup]:
    for day, words in _marked(axis):
        yield svg.line(axis.x(day), _TOP, axis.x(day), bottom, "grid")
        yield svg.text(axis.x(day), bottom + 18, words, anchor="middle")
    yield svg.line(_LEFT, bottom, _RIGHT, bottom, "axis")
    if axis.today >= FIRST_DATE:
        yield svg.line(axis.x(axis.today), _TOP, axis.x(axis.today), bottom + 22, "dashed")
        yield svg.text(axis.x(axis.today), bottom + 33, "day of the answer", "quiet", "end")


def _marked(axis: Axis) -> list[tuple[float, str]]:
    """The days at which the axis has a tick: years, or days from a baseline."""
    years = (axis.last - axis.first) / _YEAR
    step = max(round(years / _MOST_TICKS), 1)
    if axis.last < FIRST_DATE:
        first = int(axis.first) - BASELINE
        days = range(-(-first // 365) * 365, int(axis.last) - BASELINE, 365 * step)
        return [(day + BASELINE, f"day {day}") for day in days]
    first, last = (date.fromordinal(int(day)).year for day in (axis.first, axis.last))
    ticks = ((date(year, 1, 1).toordinal(), str(year)) for year in range(first + 1, last + 1, step))
    return [(day, words) for day, words in ticks if day <= axis.last]


def _row(span: Span, top: float, axis: Axis) -> Markup:
    kind = " (maintenance)" if span.maintenance else ""
    words = svg.folded(f"{span.given}{kind}", _LEFT - 20)
    if len(words) > 2:
        words = [words[0], f"{words[1].rstrip(' ,')} …"]
    return svg.group(
        [
            svg.text(0, top + 14, f"{span.number}. {span.line}", "strong"),
            *svg.lines(0, top + 14 + svg.LINE, words, "quiet"),
            *_bar(span, top + 6, axis),
            *_events(span, top + 6, axis),
            svg.text(*_beside(span, top, axis)),
        ],
        class_="course",
    )


def _bar(span: Span, y: float, axis: Axis) -> Iterator[Markup]:
    """The course: solid for the days that are sure, outlined for those that may be of it."""
    if span.start == (-inf, inf):
        yield svg.text(_LEFT + 6, y + 14, "start not stated", "quiet")
        return
    height = 12.0 if span.maintenance else 18.0
    first, last = axis.x(span.start[0]), _end(span, axis)
    sure, until = axis.x(span.start[1]), min(axis.x(span.stop[0]), last)
    yield svg.rect(first, y, max(last - first, 3), height, "bar second")
    if until > sure or span.start[0] == span.start[1] == span.stop[0] == span.stop[1]:
        yield svg.rect(sure, y, max(until - sure, 3), height, "bar")
    if span.stop == ONGOING:
        middle = y + height / 2
        yield svg.path([(last, middle - 8), (last + 12, middle), (last, middle + 8)], "arrow")
    if span.window and abs(span.stop[1]) != inf:
        end = axis.x(span.stop[1] + WASHOUT)
        yield svg.rect(last, y - 3, max(end - last, 4), height + 6, "window")


def _end(span: Span, axis: Axis) -> float:
    """Where the bar of a course ends: one that goes on, at the day of the answer."""
    return axis.x(axis.today if span.stop[1] == inf else span.stop[1])


def _events(span: Span, y: float, axis: Axis) -> Iterator[Markup]:
    if span.transplant and span.start != (-inf, inf):
        x = axis.x(span.start[0])
        yield svg.path([(x, y), (x + 9, y + 9), (x, y + 18), (x - 9, y + 9)], "transplant")
    if span.progression and abs(span.progression[0]) != inf:
        x = axis.x(span.progression[0])
        yield svg.path([(x, y + 20), (x - 7, y + 32), (x + 7, y + 32)], "progression")


def _beside(span: Span, top: float, axis: Axis) -> tuple[float, float, str, str, str]:
    """What came of the course, under its bar and within the drawing."""
    parts = [
        "transplant" if span.transplant else "",
        f"best response {span.response}" if span.response else "",
        f"progression {span.told(span.progression)}" if span.progression else "",
        f"stopped: {span.stopped}" if span.stopped and span.stopped != "ongoing" else "",
    ]
    words = "; ".join(part for part in parts if part)
    x = axis.x(span.start[0]) if abs(span.start[0]) != inf else _LEFT
    late = x > (_LEFT + _RIGHT) / 2
    ends = max(_end(span, axis), x)
    return (ends if late else x, top + 52, words, "quiet", "end" if late else "start")


def _legend(y: float) -> Iterator[Markup]:
    yield svg.rect(0, y, 26, 12, "bar")
    yield svg.text(34, y + 11, "course")
    yield svg.rect(92, y, 26, 12, "bar second")
    yield svg.text(126, y + 11, "days not known exactly")
    yield svg.path([(295, y - 2), (303, y + 6), (295, y + 14), (287, y + 6)], "transplant")
    yield svg.text(310, y + 11, "transplant")
    yield svg.path([(396, y - 1), (389, y + 12), (403, y + 12)], "progression")
    yield svg.text(410, y + 11, "progression")
    yield svg.rect(500, y - 2, 26, 16, "window")
    yield svg.text(534, y + 11, f"the {WASHOUT} days after the last dose, with a progression")
