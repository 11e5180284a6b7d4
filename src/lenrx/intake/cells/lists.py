"""Lists of drugs, read item by item: in many rows the same names stand in ever new orders.

Only lists of plain names are read here, each of which alone states nothing but drugs of its column.
All others are left to the reader of cells, and so is every error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import known
from lenrx.intake.cells.base import CellError, CellReading

KEPT: Final = 20_000
"""Different items that are kept."""
_BETWEEN: Final = re.compile(r"[;,|]")
_WITHIN: Final = re.compile(r"->|[/+]")


class _Item(NamedTuple):
    drugs: tuple[str, ...]
    literal: bool


class DrugLists:
    """Lists of drugs of one catalogue."""

    def __init__(
        self, catalogue: Catalogue, read: Callable[[str, str, Catalogue], CellReading]
    ) -> None:
        self._catalogue, self._read_cell = catalogue, read
        self._items: dict[tuple[str, str], _Item | None] = {}

    def read(self, field: str, text: str) -> CellReading | None:
        """What a list states, exactly as the reader of cells has it; None if it is not plain."""
        if "(" in text or (not _BETWEEN.search(text) and not _WITHIN.search(text)):
            return None
        found, literal = set[str](), True
        for part, joined in self._parts(text):
            item = self._item(field, part)
            if item is None:
                return None
            found.update(item.drugs)
            literal = literal and item.literal and not joined
        drugs = tuple(sorted(found))
        return CellReading(((field, drugs),), () if literal else (said(text, drugs),))

    def _parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """The names of a list, and whether each was joined to its neighbour by a sign."""
        for item in _BETWEEN.split(text):
            parts = [item] if known(item, self._catalogue) else _WITHIN.split(item)
            for part in parts:
                yield part.strip(), len(parts) > 1

    def _item(self, field: str, text: str) -> _Item | None:
        key = (field, text)
        if key not in self._items:
            if len(self._items) >= KEPT:
                self._items.clear()
            self._items[key] = self._alone(field, text)
        return self._items[key]

    def _alone(self, field: str, text: str) -> _Item | None:
        try:
            values, words = self._read_cell(field, text, self._catalogue)
        except CellError:
            return None
        drugs = dict(values).get(field, ())
        plain = len(values) == 1 and drugs and words in ((), (said(text, drugs),))
        return _Item(drugs, not words) if plain else None


def said(text: str, drugs: tuple[str, ...]) -> str:
    """How a list of drugs was read."""
    return f"read '{' '.join(text.split())}' as {', '.join(drugs)}"
