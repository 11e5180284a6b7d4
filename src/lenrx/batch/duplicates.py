"""Ids that stand in more than one row, found without holding the ids."""

from __future__ import annotations

from array import array
from typing import Final

FIRST: Final = 1 << 17
"""Places for ids that are taken at once: a hundred thousand need no more."""
_MARKS: Final = (1 << 64) - 1


class Ids:
    """The ids seen so far, as digests in two arrays: a set of texts would take far more."""

    def __init__(self) -> None:
        self._count = 0
        self._marks, self._rows = _zeros("Q", FIRST), _zeros("I", FIRST)

    def before(self, name: str, row: int) -> int | None:
        """The row in which this id stood already; else None, and it is remembered."""
        mark = hash(name) & _MARKS or 1
        place = self._place(mark)
        if self._marks[place]:
            return self._rows[place]
        self._marks[place], self._rows[place] = mark, row
        self._count += 1
        if 5 * self._count > 4 * len(self._marks):
            self._grow()
        return None

    def _place(self, mark: int) -> int:
        place = mark % len(self._marks)
        while self._marks[place] not in (0, mark):
            place = (place + 1) % len(self._marks)
        return place

    def _grow(self) -> None:
        marks, rows = self._marks, self._rows
        size = len(marks) * 3 // 2
        self._marks, self._rows = _zeros("Q", size), _zeros("I", size)
        for mark, row in zip(marks, rows, strict=True):
            if mark:
                place = self._place(mark)
                self._marks[place], self._rows[place] = mark, row


def _zeros(kind: str, count: int) -> array[int]:
    return array(kind, [0]) * count
