"""Bars: medians in pairs, one pair for each comparison, and counts of a cohort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import ceil
from typing import Final, NamedTuple

from markupsafe import Markup

from lenrx.report.html import svg
from lenrx.report.html.compared import Compared

_LEFT, _RIGHT = 345.0, 800.0
_TOP, _BOTTOM = 8.0, 30.0
_HEAD = 26.0
_BAR = 18.0
_YEAR: Final = 12
_FEW: Final = 6
"""Ticks of the axis that are each a year; with more, only every second is drawn."""


class _Told(NamedTuple):
    """A comparison with the lines that say what of, and in whom."""

    row: Compared
    head: list[str]
    whom: list[str]

    @property
    def height(self) -> float:
        """How much room it takes."""
        return max(2 * (_BAR + 4), svg.LINE * len([*self.head, *self.whom])) + 12


def _told(row: Compared, number: int) -> _Told:
    kind = " (conditional)" if row.verdict == "conditional" else ""
    size = f", n {row.n}" if row.n is not None else ""
    said = f"{row.whom}{size}; {row.fits}; read: {row.read} [{number}]"
    head = svg.folded(f"{row.regimen}{kind} v {row.other}", _LEFT - 45)
    return _Told(row, head, svg.folded(said, _LEFT - 30))


def pairs(found: Sequence[Compared], numbers: Mapping[str, int]) -> list[Markup]:
    """Median progression-free survival of both arms, trial by trial, on one axis of months.

    `numbers` has the number under which each source is listed.
    """
    told = [_told(row, numbers[row.mark.source]) for row in found]
    trials = [list(rows) for _, rows in groupby(told, key=lambda one: one.row.trial)]
    heights = [_HEAD + sum(one.height for one in rows) for rows in trials]
    pieces = svg.split(heights, svg.HALF - _TOP - _BOTTOM)
    end = _end(found)
    return [
        _piece([row for rows in trials[piece] for row in rows], end, at, len(pieces))
        for at, piece in enumerate(pieces, start=1)
    ]


def _end(found: Sequence[Compared]) -> int:
    """The months at the end of the axis: whole years that hold every bar."""
    rows = (one.row.evidence for one in found)
    values = [each for row in rows for each in (row.value, row.comparator_value)]
    longest = max((each for each in values if not isinstance(each, str) and each), default=0)
    return max(ceil(longest / _YEAR), 1) * _YEAR


def _piece(rows: Sequence[_Told], end: int, at: int, of: int) -> Markup:
    which = f", part {at} of {of}" if of > 1 else ""
    title = f"Median progression-free survival beside the other arm, by trial{which}"
    says = (
        f"{len(rows)} pairs of bars in months. Different trials are not compared. The table after "
        "the figure holds the same numbers."
    )
    content, height = [], _TOP
    for trial, same in groupby(rows, key=lambda one: one.row.trial):
        content.append(svg.text(0, height + 16, trial, "strong"))
        height += _HEAD
        for one in same:
            content.append(_pair(one, height, end))
            height += one.height
    axis = list(_axis(height, end))
    return svg.figure(f"medians-{at}", title, says, height + _BOTTOM, [*axis, *content])


def _axis(bottom: float, end: int) -> Iterator[Markup]:
    step = _YEAR if end <= _FEW * _YEAR else 2 * _YEAR
    for months in range(0, end + 1, step):
        x = _x(months, end)
        yield svg.line(x, _TOP, x, bottom, "grid")
        yield svg.text(x, bottom + 18, str(months), anchor="middle")
    yield svg.line(_LEFT, bottom, _RIGHT, bottom, "axis")
    yield svg.text(_RIGHT + 20, bottom + 18, "months")


def _x(months: float, end: int) -> float:
    return _LEFT + months / end * (_RIGHT - _LEFT)


def _pair(one: _Told, top: float, end: int) -> Markup:
    """Both arms: the regimen in full, the other one outlined; what was not reached stays open."""
    row = one.row
    own, other = row.row.evidence.value, row.row.evidence.comparator_value
    return svg.group(
        [
            *svg.lines(10, top + 14, one.head),
            *svg.lines(10, top + 14 + len(one.head) * svg.LINE, one.whom, "quiet"),
            *_bar(own, row.values[0], row.regimen, top, end, "bar"),
            *_bar(other, row.values[1], "", top + _BAR + 4, end, "bar second"),
        ],
        class_="pair",
    )


def _bar(
    value: float | str | None, words: str, whose: str, top: float, end: int, kind: str
) -> Iterator[Markup]:
    if isinstance(value, str) or value is None:
        yield svg.rect(_LEFT, top + 2, _RIGHT - _LEFT, _BAR - 4, f"{kind} open")
        yield svg.text(_LEFT + 8, top + 14, words, "strong numbers over")
        return
    yield svg.rect(_LEFT, top, _x(value, end) - _LEFT, _BAR, kind)
    yield svg.text(_x(value, end) + 6, top + 14, words, "strong numbers")


COUNTED: Final = 22.0
"""Units from one bar of a cohort to the next."""


def counts(name: str, title: str, found: Mapping[str, int], of: int) -> Markup:
    """How many patients of a cohort each word is said of: a bar for each, the number behind it."""
    content, top = list[Markup](), _TOP
    for words, rows in found.items():
        told = _cut(words)
        width = rows / of * (_RIGHT - _LEFT) if of else 0
        content += [
            *svg.lines(0, top + 14, told),
            svg.rect(_LEFT, top, width, COUNTED - 5, "bar"),
            svg.text(_LEFT + width + 6, top + 14, f"{rows:,}", "strong numbers"),
        ]
        top += COUNTED + (len(told) - 1) * svg.LINE
    says = f"A bar for each of {len(found)}; the table after the figure holds the same numbers."
    return svg.figure(name, title, says, top + 4, content)


def _cut(words: str) -> list[str]:
    """Words on two lines at most; the table has them all."""
    told = svg.folded(words, _LEFT - 10)
    return told if len(told) <= _LINES else [*told[: _LINES - 1], f"{told[_LINES - 1]} …"]


_LINES: Final = 2


def shares(name: str, title: str, found: Sequence[tuple[str, int, int, int]]) -> list[Markup]:
    """Open, conditional and excluded of each regimen as one bar, each told by its pattern."""
    pieces = svg.split([COUNTED] * len(found), svg.HALF - 40)
    return [
        _shares(f"{name}-{at}", title, found[piece], f", part {at} of {len(pieces)}")
        for at, piece in enumerate(pieces, start=1)
    ]


def _shares(
    name: str, title: str, found: Sequence[tuple[str, int, int, int]], which: str
) -> Markup:
    content = list(_legend())
    for at, (words, *numbers) in enumerate(found):
        top, x = 34 + at * COUNTED, 130.0
        content.append(svg.text(0, top + 13, words))
        for rows, kind in zip(numbers, ("bar", "bar second", "bar third"), strict=True):
            width = rows / (sum(numbers) or 1) * 580
            content.append(svg.rect(x, top, width, COUNTED - 5, kind))
            x += width
        told = " / ".join(f"{rows:,}" for rows in numbers)
        content.append(svg.text(722, top + 13, told, "strong numbers"))
    says = "A bar for each regimen: open, conditional, excluded; the table holds the same numbers."
    return svg.figure(name, f"{title}{which}", says, 38 + len(found) * COUNTED, content)


def _legend() -> Iterator[Markup]:
    words = (("open", "bar"), ("conditional", "bar second"), ("excluded", "bar third"))
    for at, (name, kind) in enumerate(words):
        yield svg.rect(130 + at * 140, 6, 26, 14, kind)
        yield svg.text(162 + at * 140, 18, name)
    yield svg.text(722, 18, "patients", "strong")
