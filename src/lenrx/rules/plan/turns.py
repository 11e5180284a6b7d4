"""Whether the parts of a plan have dates or lines of their own, so that they came in turn.

`carfilzomib 2019, pomalidomide 2023` is two treatments, or one to which a drug was added: only
who wrote it can say. Parts that began at the same time are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import split
from lenrx.intake.cells.spellings.drugs import DATE
from lenrx.rules.plan.oneness import apart, runs

_LINE: Final = r"\d ?l|l ?\d|(?:line|lot) ?\d|\d(?:st|nd|rd|th)[ -]?line"
_WHEN: Final = re.compile(rf"(?<![\w.])(?:{DATE}|{_LINE})(?!\w)", re.IGNORECASE)
_TOKEN: Final = re.compile("\0(\\d+)\0")


def in_turn(text: str, catalogue: Catalogue) -> list[str]:
    """The times at which the parts of a text began, where these are not the same."""
    found = [each.group() for each in _WHEN.finditer(text)]
    if len(found) < 2:
        return []
    numbers = iter(range(len(found)))
    marked = _WHEN.sub(lambda _: f"\0{next(numbers)}\0", text)
    pieces = [part for item in split(marked) for part in apart(item)]
    starts = list(dict.fromkeys(at for each in pieces for at in _starts(each, catalogue)))
    times = list(dict.fromkeys(found[at] for at in starts))
    return times if any(not _may_be(*pair) for pair in combinations(times, 2)) else []


def _starts(piece: str, catalogue: Catalogue) -> Iterator[int]:
    """The first time beside each name of a piece; one before it counts where none is behind."""
    waiting, early = False, None
    for place, part in enumerate(_TOKEN.split(piece)):
        if place % 2 == 0:
            if any(match for _, match in runs(part, catalogue)):
                if early is not None:
                    yield early
                waiting, early = early is None, None
        elif waiting:
            yield int(part)
            waiting = False
        elif place == 1:
            early = int(part)


def _may_be(one: str, other: str) -> bool:
    """Whether two times may be the same: as they are written, or one the year of the other.

    A line and a date say nothing of one another.
    """
    one, other = (re.sub(r"\W+", " ", each).lower() for each in (one, other))
    if len({bool(re.fullmatch(_LINE, each)) for each in (one, other)}) == 2:
        return True
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) == 4 and short in long.split())
