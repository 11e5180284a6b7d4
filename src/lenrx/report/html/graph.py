"""Head to head: the randomised comparisons that fit this patient, as a graph and as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from lenrx.report.html import svg
from lenrx.report.html.cited import Mark, mark_of
from lenrx.report.html.compared import randomised
from lenrx.report.phrases import population_words
from lenrx.report.regimen.figures import ratio, size_of
from lenrx.rules.answer import Answer
from lenrx.rules.evidence import MatchedEvidence
from lenrx.rules.headline import urgency
from lenrx.rules.network import PFS, superior

WORDS: Final = {
    "eligible": "open",
    "conditional": "conditional",
    "excluded": "not open",
    "": "comparator only",
}
"""What a box says of its regimen beside its shape."""


class Comparison(NamedTuple):
    """One trial of one regimen against others; of several of these, one was chosen."""

    number: int
    regimen: str
    others: tuple[str, ...]
    trial: str
    better: bool
    """Whether the regimen was shown superior, for this patient."""
    result: str
    whom: str
    n: int | None
    mark: Mark


def comparisons(answer: Answer) -> list[Comparison]:
    """The comparisons that fit, numbered by trial."""
    found = [
        (trial, each.regimen.id, others, rows)
        for each in answer.regimens
        for (trial, others), rows in _by_trial(randomised(each, answer)).items()
    ]
    found.sort(key=lambda one: (one[0].casefold(), one[1].casefold()))
    return [_comparison(at, *one, answer) for at, one in enumerate(found, start=1)]


def _by_trial(
    rows: Sequence[MatchedEvidence],
) -> dict[tuple[str, tuple[str, ...]], list[MatchedEvidence]]:
    found: dict[tuple[str, tuple[str, ...]], list[MatchedEvidence]] = {}
    for row in rows:
        other = row.evidence.comparator or ()
        others = other if isinstance(other, tuple) else (other,)
        found.setdefault((row.evidence.trial, others), []).append(row)
    return found


def _comparison(
    number: int,
    trial: str,
    regimen: str,
    others: tuple[str, ...],
    rows: Sequence[MatchedEvidence],
    answer: Answer,
) -> Comparison:
    won = [row for row in rows if superior(row.evidence, answer.catalogue)]
    row = min(won or rows, key=urgency)
    one = row.evidence
    return Comparison(
        number=number,
        regimen=regimen,
        others=others,
        trial=trial,
        better=bool(won),
        result=f"{'PFS' if one.endpoint in PFS else 'OS'}, {ratio(one) or 'no hazard ratio found'}",
        whom=population_words(one, answer.catalogue),
        n=size_of(one),
        mark=mark_of(one),
    )


class Box(NamedTuple):
    """A regimen or another treatment with its place in the drawing."""

    name: str
    verdict: str
    x: float
    y: float
    width: float


_TALL: Final = 42.0
_STEP: Final = 54.0
_TOP: Final = 14.0
_GAP: Final = 90.0
"""Units between two columns."""


def draw(found: Sequence[Comparison], answer: Answer) -> Markup:
    """Boxes from left to right, each regimen right of what it was compared with."""
    boxes = _boxes(found, answer)
    height = max(box.y + _TALL for box in boxes.values()) + 14
    says = (
        f"{len(boxes)} treatments and {len(found)} randomised comparisons. An arrow points to what "
        "was shown superior; a dashed line joins two of which neither was. The table after the "
        "figure holds the same comparisons by number."
    )
    content = [*_lines(found, boxes), *(_box(each) for each in boxes.values())]
    title = "Randomised comparisons that fit this patient"
    return svg.figure("head-to-head", title, says, height, content)


def _boxes(found: Sequence[Comparison], answer: Answer) -> dict[str, Box]:
    columns = _columns(found)
    verdicts = {each.regimen.id: str(each.verdict) for each in answer.regimens}
    width = min(150.0, (svg.WIDTH - 4) / len(columns) - _GAP)
    step = (svg.WIDTH - 4 - width) / max(len(columns) - 1, 1)
    tallest = max(map(len, columns))
    boxes: dict[str, Box] = {}
    for at, names in enumerate(columns):
        spread = tallest / len(names) * _STEP
        for place, name in enumerate(_sorted(names, found, boxes)):
            y = _TOP + (place + 0.5) * spread - _STEP / 2
            boxes[name] = Box(name, verdicts.get(name, ""), 2 + at * step, y, width)
    return boxes


def _columns(found: Sequence[Comparison]) -> list[list[str]]:
    """The treatments by how far right they stand: one more than what they were held against."""
    beaten = {one.regimen: set[str]() for one in found}
    for one in found:
        beaten[one.regimen].update(one.others)
    names = dict.fromkeys(name for one in found for name in (*one.others, one.regimen))
    places = {name: _place(name, beaten, ()) for name in names}
    return [
        [name for name in names if places[name] == at] for at in range(max(places.values()) + 1)
    ]


def _place(name: str, beaten: Mapping[str, set[str]], above: tuple[str, ...]) -> int:
    below = (each for each in beaten.get(name, ()) if each not in (*above, name))
    return max((1 + _place(each, beaten, (*above, name)) for each in below), default=0)


def _sorted(
    names: Sequence[str], found: Sequence[Comparison], boxes: Mapping[str, Box]
) -> list[str]:
    """The names of a column, each near what it was compared with."""

    def height(name: str) -> float:
        others = (other for one in found if one.regimen == name for other in one.others)
        places = [boxes[each].y for each in others if each in boxes]
        return sum(places) / len(places) if places else 0.0

    return sorted(names, key=lambda name: (height(name), name.casefold()))


def _lines(found: Sequence[Comparison], boxes: Mapping[str, Box]) -> Iterator[Markup]:
    ends = {
        name: [(one, other) for one in found if one.regimen == name for other in one.others]
        for name in boxes
    }
    taken = set[tuple[float, float]]()
    for name, lines in ends.items():
        lines.sort(key=lambda line: boxes[line[1]].y)
        for at, (one, other) in enumerate(lines):
            end = boxes[name].y + _TALL * (at + 1) / (len(lines) + 1)
            told = [place for place, each in enumerate(lines) if each[0] is one]
            route = _route(boxes[other], boxes[name], end, boxes.values(), taken)
            yield from _line(one, route, numbered=at == told[len(told) // 2])


Point = tuple[float, float]


def _route(
    start: Box, end: Box, y: float, boxes: Iterable[Box], taken: set[tuple[float, float]]
) -> list[Point]:
    """From box to box, through gaps of the columns between them: no line runs behind a box."""
    x1, y1 = start.x + start.width, start.y + _TALL / 2
    found = [(x1, y1)]
    for x in sorted({box.x for box in boxes if start.x < box.x < end.x}):
        straight = y1 + (y - y1) * (x - x1) / (end.x - x1)
        gap = _gap([box.y for box in boxes if box.x == x], straight, x, taken)
        found += [(x - 6, gap), (x + end.width + 6, gap)]
    return [*found, (end.x, y)]


def _gap(tops: Sequence[float], wanted: float, x: float, taken: set[tuple[float, float]]) -> float:
    """The free height between, above or below the boxes of a column nearest to one wanted."""
    step = (_STEP - _TALL) / 3
    gaps = [top + _TALL + step * (1 + at) for top in tops for at in range(2)]
    gaps += [top - step * (1 + at) for top in (min(tops),) for at in range(2)]
    free = [gap for gap in gaps if (x, gap) not in taken] or gaps
    chosen = min(free, key=lambda gap: abs(gap - wanted))
    taken.add((x, chosen))
    return chosen


def _line(one: Comparison, route: Sequence[Point], numbered: bool) -> Iterator[Markup]:
    """A line, once with its number, and an arrow where the regimen was shown superior."""
    (x1, y1), (x2, y2) = route[-2:]
    yield svg.path(route, "edge" if one.better else "edge dashed", closed=False)
    if one.better:
        yield svg.path([(x2, y2), (x2 - 9, y2 - 4), (x2 - 9, y2 + 4)], "arrow")
    if not numbered:
        return
    x, middle = x2 - 24, y2 + (y1 - y2) * 24 / max(x2 - x1, 24)
    yield svg.element("circle", cx=x, cy=middle, r=9, class_="number")
    yield svg.text(x, middle + 4, str(one.number), "small", "middle")


def _box(box: Box) -> Markup:
    words = svg.folded(box.name.replace("-", " ") if not box.verdict else box.name, box.width - 6)
    middle = box.x + box.width / 2
    name = words[0] if len(words) == 1 else f"{words[0]}…"
    return svg.group(
        [
            _outline(box),
            svg.text(middle, box.y + 18, name, "strong", "middle"),
            svg.text(middle, box.y + 34, WORDS[box.verdict], "quiet", "middle"),
        ],
        class_="box",
    )


def _outline(box: Box) -> Markup:
    """Round and heavy: open; dashed: conditional; cut corners: not open; a plain line: none."""
    right, bottom = box.x + box.width, box.y + _TALL
    if box.verdict == "excluded":
        cut = 10
        corners = [
            *((box.x + cut, box.y), (right - cut, box.y), (right, box.y + cut)),
            *((right, bottom - cut), (right - cut, bottom), (box.x + cut, bottom)),
            *((box.x, bottom - cut), (box.x, box.y + cut)),
        ]
        return svg.path(corners, "outline excluded")
    kind = box.verdict or "outside"
    radius = 14 if kind == "eligible" else 0
    return svg.rect(box.x, box.y, box.width, _TALL, f"outline {kind}", rx=radius)
