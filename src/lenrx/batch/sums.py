"""All regimens added up at once: two long numbers, one of fields and one of codes.

The first has a field of 64 bits for each regimen. Its upper half counts the parts that exclude the
regimen and those that leave it conditional. Its lower half holds the places of label, guideline and
evidence, the cautions, the index of the regimen, and whether its course says nothing. Parts are
added in the fields of their regimens, and the lower halves then compare as the order asks.

The second has a run of bytes for each regimen: a code for what each of its grounds said.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from itertools import accumulate, pairwise
from operator import itemgetter
from struct import Struct
from typing import Final, NamedTuple, TypeVar

MOST: Final = 0xFF
"""The greatest code."""
REGIMENS: Final = 1 << 9
"""For how many there is room; with more of them a run takes the plain engine."""
_INDEX, _CAUTIONS, _LEVEL, _GUIDELINE, _LABEL, _VERDICT = 1, 10, 20, 23, 26, 28
"""Where in the lower half each thing begins. What fits into 30 bits is quicker to handle."""
_CONDITIONAL, _EXCLUDED = 32, 44
_TIMES_EXCLUDED: Final = 1 << _EXCLUDED - _CONDITIONAL
_FIELD: Final = 8
_Thing = TypeVar("_Thing")


def weight(verdict: int, cautions: int, label: int = 0, silent: bool = False) -> int:
    """What a part adds to a field; the verdict as its place in VERDICTS."""
    counted = (0, 1 << _CONDITIONAL, 1 << _EXCLUDED)[verdict]
    return counted | label << _LABEL | cautions << _CAUTIONS | silent


def evidence_weight(level: int, guideline: int) -> int:
    """What evidence and guideline add to a field."""
    return guideline << _GUIDELINE | level << _LEVEL


class Order(NamedTuple):
    """The regimens in order, by index, and whether the course of each is silent (1 or 0)."""

    indexes: list[int]
    silent: list[int]
    conditional: int
    """Where the conditional ones begin, behind the eligible ones."""
    excluded: int
    """Where the excluded ones begin."""

    def arranged(self, columns: Sequence[Sequence[_Thing]]) -> list[Sequence[_Thing]]:
        """Columns of things by index, each in order."""
        if len(self.indexes) < 2:
            return [*columns]
        return list(map(itemgetter(*self.indexes), columns))

    def by_verdict(self, things: Sequence[Sequence[_Thing]]) -> list[_Thing]:
        """Of things by verdict and place, those at every place in order."""
        eligible, conditional, excluded = things
        first, second = self.conditional, self.excluded
        return [*eligible[:first], *conditional[first:second], *excluded[second:]]


def placings(halves: Sequence[int], evidence: Iterable[int]) -> Order:
    """The order of regimens from the lower and upper half of every field, in turn."""
    keys = [
        (_OUT if counts >= _TIMES_EXCLUDED else _MAYBE if counts else 0) | half + added
        for half, counts, added in zip(halves[::2], halves[1::2], evidence, strict=True)
    ]
    keys.sort()
    return Order(
        [key >> _INDEX & _INDEXES for key in keys],
        [key & 1 for key in keys],
        bisect_left(keys, _MAYBE),
        bisect_left(keys, _OUT),
    )


_MAYBE: Final = 1 << _VERDICT
_OUT: Final = 2 << _VERDICT
_INDEXES: Final = REGIMENS - 1


class Layout:
    """Where in the two numbers everything stands."""

    def __init__(self, grounds: Sequence[Sequence[Hashable]]) -> None:
        """For every regimen the names of its grounds."""
        count = len(grounds)
        if count > REGIMENS:
            raise ValueError(f"more than {REGIMENS} regimens")
        self._unpack = Struct(f"<{2 * count}I").unpack
        self._start = sum(index << 8 * _FIELD * index + _INDEX for index in range(count))
        self._size = _FIELD * count
        ends = list(accumulate(map(len, grounds), initial=0))
        self.runs = list(pairwise(ends))
        """For every regimen, from and to which byte its codes stand."""
        self._width = ends[-1] + 1
        self._spreads: dict[Hashable, int] = {}
        for (start, _), names in zip(self.runs, grounds, strict=True):
            for place, name in enumerate(names, start):
                self._spreads[name] = self._spreads.get(name, 0) + (1 << 8 * place)

    def field(self, index: int, value: int) -> int:
        """A weight in the field of one regimen."""
        return value << 8 * _FIELD * index

    def code(self, name: Hashable, value: int) -> int:
        """A code at every place of a ground."""
        return self._spreads[name] * value

    def fields(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """Lower and upper half of every regimen's field, when all these are added."""
        return self._unpack(sum(numbers, self._start).to_bytes(self._size, "little"))

    def codes(self, numbers: Iterable[int]) -> bytes:
        """The codes of all regimens, when all these are added."""
        return sum(numbers).to_bytes(self._width, "little")
