"""Regimens side by side for one patient; as many beside each other as leave every word whole."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lenrx.report.phrases import (
    CAUTION,
    adjustments,
    cite_short,
    state_line,
    why_excluded,
    why_open,
)
from lenrx.report.premises import said_first
from lenrx.report.regimen import figures, positions
from lenrx.report.regimen.sections import Section, sections
from lenrx.report.regimen.visits import visits
from lenrx.report.regimen.words import (
    dose_words,
    label_of,
    said,
    stated_line,
    toxicity_words,
)
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.document import NOTICE
from lenrx.rules.guidance import ordering

Cell = Callable[[Assessment, Answer], list[str]]
_EVENTS: Final = 4
_POSITIONS: Final = 3
_LEAST: Final = 18
"""Columns that a regimen has at least."""


def _verdict(each: Assessment, answer: Answer) -> list[str]:
    rank = f", rank {each.place}" if each.rank else ""
    return [f"{each.verdict}{rank}", *why_excluded(each), *why_open(each, answer.strict)]


def _drugs(each: Assessment, answer: Answer) -> list[str]:
    drugs = (answer.catalogue.drugs[component.drug] for component in each.regimen.drugs)
    return [f"{drug.name} ({' or '.join(drug.routes) or 'route not entered'})" for drug in drugs]


def _schedule(each: Assessment, _: Answer) -> list[str]:
    return [dose_words(dose) for dose in each.regimen.schedule] or ["not found"]


def _visits(each: Assessment, answer: Answer) -> list[str]:
    found = visits(each.regimen, answer.catalogue)
    return [found] if found else []


def _evidence(each: Assessment, answer: Answer) -> list[str]:
    row = figures.headline(each)
    if row is None:
        return ["no study found"]
    catalogue, group = answer.catalogue, figures.Figures((row,))
    source = cite_short(row.evidence.source, catalogue)
    words = f"{figures.head_of(group, catalogue)}: {figures.outcomes(group)}"
    return [f"{words} [{source}; {row.evidence.verified}]", f"({figures.fit(row)})"]


def _guideline(each: Assessment, answer: Answer) -> list[str]:
    """The position that orders, else the first that speak of this setting and do not."""
    chosen = ordering(each.regimen, answer.case)
    if chosen:
        return [positions.position_line(chosen, each, answer)]
    shown = [positions.stand(one, answer) for one in each.positions[:_POSITIONS]]
    rest = len(each.positions) - len(shown)
    more = [f"and {rest} more"] if rest else []
    return ["none orders", *shown, *more] if shown else ["no position found for this setting"]


def _section(name: Section) -> Cell:
    def cell(each: Assessment, answer: Answer) -> list[str]:
        found = sections(each, answer.strict).get(name, [])
        return list(dict.fromkeys(said(one, each.regimen.id) for one in found))

    return cell


def _doses(each: Assessment, _: Answer) -> list[str]:
    return adjustments(each)


def _toxicity(each: Assessment, _: Answer) -> list[str]:
    return [toxicity_words(one) for one in each.regimen.toxicity[:_EVENTS]]


ROWS: Final[tuple[tuple[str, Cell], ...]] = (
    ("Verdict", _verdict),
    ("Label", lambda each, answer: [label_of(each, answer)]),
    ("Evidence", _evidence),
    ("Guideline", _guideline),
    ("Formulary", _section("local")),
    ("Serious cautions", _section("serious")),
    ("Other cautions", _section("caution")),
    ("Doses for this patient", _doses),
    ("To arrange", _section("arrange")),
    ("Drugs", _drugs),
    ("Given as", lambda each, _: [each.regimen.intensity]),
    ("Schedule", _schedule),
    ("Visits", _visits),
    ("Adverse events", _toxicity),
)


def draw(found: Sequence[Assessment], answer: Answer, to: Console) -> None:
    """One column a regimen, one row a question; below each other where they are too many."""
    to.print(Text(state_line(answer), style="bold"))
    to.print(Text(stated_line(answer), style="dim"))
    for words in said_first(answer):
        to.print(Text(f"! {words}", style=CAUTION))
    rows = [(title, [cell(each, answer) for each in found]) for title, cell in ROWS]
    shown = [(title, cells) for title, cells in rows if any(cells)]
    for start, end in blocks(len(found), to.width, _longest(shown)):
        names = [each.regimen.id for each in found[start:end]]
        part = [(title, cells[start:end]) for title, cells in shown]
        to.print(_table(names, part, to.width))
    to.print(Text(NOTICE, style="dim"))


_TITLE: Final = max(len(word) for title, _ in ROWS for word in title.split())
_GAP: Final = 2
_EDGES: Final = 3


def _longest(rows: Iterable[tuple[str, list[list[str]]]]) -> int:
    """Letters of the longest piece that cannot be broken."""
    texts = (text for _, cells in rows for lines in cells for text in lines)
    return max(len(piece) for text in texts for piece in re.split(r"\s|(?<=-)", text))


def blocks(count: int, width: int, longest: int) -> list[tuple[int, int]]:
    """Which regimens stand beside each other: as many as leave room, in blocks of like size."""
    fit = max(1, (width - _TITLE - _EDGES) // (max(longest + 1, _LEAST) + _GAP))
    number = -(-count // fit)
    size = -(-count // number)
    return [(start, min(start + size, count)) for start in range(0, count, size)]


def _table(names: Sequence[str], rows: Sequence[tuple[str, list[list[str]]]], width: int) -> Table:
    room = (width - _TITLE - _EDGES) // len(names) - _GAP
    table = Table(box=box.HORIZONTALS, show_lines=True, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", width=_TITLE)
    for name in names:
        table.add_column(name, width=room)
    for title, cells in rows:
        if any(cells):
            table.add_row(Text(title), *(Text(_wrapped(lines, room)) for lines in cells))
    return table


def _wrapped(lines: Iterable[str], room: int) -> str:
    """Lines that break at spaces and hyphens only, each going on a little further in."""
    wrap = textwrap.TextWrapper(room, subsequent_indent=" ", break_long_words=False)
    return "\n".join(part for line in lines for part in wrap.wrap(line))
