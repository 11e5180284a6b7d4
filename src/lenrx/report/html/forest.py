"""The forest plot: hazard ratios on a logarithmic axis, by trial, without a pooled estimate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import log
from typing import Final

from markupsafe import Markup

from lenrx.report.html import svg
from lenrx.report.html.compared import Compared

LOW, HIGH = 0.1, 3.0
"""The ratios at the ends of the axis, the same on every page: two pages can be held together."""
TICKS: Final = (0.125, 0.25, 0.5, 1.0, 2.0)
_LEFT, _RIGHT = 315.0, 570.0
_TEXT = 592.0
_TOP, _BOTTOM = 30.0, 48.0
_HEAD = 26.0
_SIDE = 5.0
"""Half the side of a square."""


def place(ratio: float) -> float:
    """Where a ratio stands on the axis."""
    share = (log(ratio) - log(LOW)) / (log(HIGH) - log(LOW))
    return _LEFT + min(max(share, 0.0), 1.0) * (_RIGHT - _LEFT)


def draw(found: Sequence[Compared], numbers: Mapping[str, int]) -> list[Markup]:
    """The plot, in pieces that half a page holds; a trial is only cut where it is longer.

    `numbers` has the number under which each source is listed.
    """
    trials = [list(rows) for _, rows in groupby(found, key=lambda one: one.trial)]
    heights = [
        _HEAD + sum(_height(row, numbers[row.mark.source]) for row in rows) for rows in trials
    ]
    pieces = svg.split(heights, svg.HALF - _TOP - _BOTTOM)
    return [
        _piece([row for rows in trials[piece] for row in rows], numbers, at, len(pieces))
        for at, piece in enumerate(pieces, start=1)
    ]


def _piece(rows: Sequence[Compared], numbers: Mapping[str, int], at: int, of: int) -> Markup:
    which = f", part {at} of {of}" if of > 1 else ""
    title = f"Hazard ratios with their intervals, by trial{which}"
    says = (
        f"{len(rows)} hazard ratios on a logarithmic axis from {LOW:g} to {HIGH:g}; below 1 "
        "favours the regimen. The table after the figure holds the same numbers."
    )
    content, height = [], _TOP
    for trial, same in groupby(rows, key=lambda one: one.trial):
        content.append(svg.text(0, height + 16, trial, "strong"))
        height += _HEAD
        for row in same:
            number = numbers[row.mark.source]
            content.append(_row(row, number, height))
            height += _height(row, number)
    axis = [*_grid(height), *_axis(height)]
    return svg.figure(f"forest-{at}", title, says, height + _BOTTOM, [*axis, *content])


def _grid(bottom: float) -> Iterator[Markup]:
    for ratio in TICKS:
        yield svg.line(place(ratio), _TOP, place(ratio), bottom, "one" if ratio == 1 else "grid")


def _axis(bottom: float) -> Iterator[Markup]:
    """The axis with its ticks, and what either side of it says."""
    yield svg.text(_TEXT, 16, "HR (95 % CI)", "strong")
    yield svg.text(0, 16, "Regimen v its own comparator", "strong")
    yield svg.line(_LEFT, bottom, _RIGHT, bottom, "axis")
    for ratio in TICKS:
        yield svg.text(place(ratio), bottom + 18, f"{ratio:g}", anchor="middle")
    yield svg.text(place(1) - 10, bottom + 40, "← favours the regimen", anchor="end")
    yield svg.text(place(1) + 10, bottom + 40, "favours its comparator →")


def _label(row: Compared) -> tuple[list[str], list[str]]:
    """The comparison, and of whom it is, on as many lines as they need."""
    kind = " (conditional)" if row.verdict == "conditional" else ""
    head = svg.folded(f"{row.endpoint}: {row.regimen}{kind} v {row.other}", _LEFT - 45)
    return head, svg.folded(row.whom, _LEFT - 30)


def _height(row: Compared, number: int) -> float:
    head, whom = _label(row)
    return svg.LINE * max(len(head) + len(whom), 1 + len(_beside(row, number))) + 10


def _beside(row: Compared, number: int) -> list[str]:
    """What stands under the numbers."""
    size = f"n {row.n}" if row.n is not None else "n not stated"
    said = [*([row.level] if row.level else []), size, row.fits, f"read: {row.read} [{number}]"]
    return svg.folded("; ".join(said), svg.WIDTH - _TEXT)


def _row(row: Compared, number: int, top: float) -> Markup:
    head, whom = _label(row)
    first = top + 14
    return svg.group(
        [
            *svg.lines(10, first, head),
            *svg.lines(10, first + len(head) * svg.LINE, whom, "quiet"),
            *_interval(row, first - 4),
            svg.text(_TEXT, first, row.numbers, "strong numbers"),
            *svg.lines(_TEXT, first + svg.LINE, _beside(row, number), "quiet"),
        ],
        class_="ratio",
    )


def _interval(row: Compared, y: float) -> Iterator[Markup]:
    """The interval as a line, with an arrow where it goes on beyond the axis, and the square."""
    low, high = map(float, row.interval)
    yield svg.line(place(low), y, place(high), y, "interval")
    for end, beyond, way in ((low, low < LOW, -1), (high, high > HIGH, 1)):
        x = place(end)
        if beyond:
            tip = [(x + way * 8, y), (x - way * 2, y - 5), (x - way * 2, y + 5)]
            yield svg.path(tip, "arrow")
        else:
            yield svg.line(x, y - 4, x, y + 4, "interval")
    x = place(float(row.row.evidence.hr or 1))
    kind = "mark" if row.exact else "mark hollow"
    yield svg.rect(x - _SIDE, y - _SIDE, 2 * _SIDE, 2 * _SIDE, kind)
