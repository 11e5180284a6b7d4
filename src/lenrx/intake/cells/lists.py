"""Lists of drugs, read item by item: in many rows the same names stand in ever new orders.

Only lists of plain names are read here, each of which alone states nothing but drugs of its column.
All others are left to the reader of cells, and so is every error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import known, split
from lenrx.intake.cells.base import CellError, CellReading, plain_text

KEPT: Final = 20_000
"""Different items that are kept."""
_BETWEEN: Final = re.compile(r"[;,|]")
_DIGIT: Final = re.compile(r"\d")
_WITHIN: Final = re.compile(r"->|[/+]")
_JOINED: Final = re.compile(r"[/+&→⇒]|->|=>|\b(?:and|plus|with|then|followed by)\b", re.IGNORECASE)
"""Between drugs: `tec & dara` is a regimen when it stands alone, beside others it is two drugs."""


class _Item(NamedTuple):
    drugs: tuple[str, ...]
    expanded: tuple[tuple[str, str], ...]
    literal: bool
    named: bool
    """Whether it is a name and nothing more."""


class DrugLists:
    """Lists of drugs of one catalogue."""

    def __init__(
        self, catalogue: Catalogue, read: Callable[[str, str, Catalogue], CellReading]
    ) -> None:
        self._catalogue, self._read_cell = catalogue, read
        self._items: dict[tuple[str, str], _Item | None] = {}

    def read(self, field: str, text: str) -> CellReading | None:
        """What a list states, exactly as the reader of cells has it; None if it is not plain."""
        if not _BETWEEN.search(text) and not _WITHIN.search(text):
            return None
        typed = text if text.isascii() and "\n" not in text else plain_text(text)
        plain = _without_doses(typed) if _DIGIT.search(typed) else typed
        found, expanded, literal = set[str](), set[tuple[str, str]](), plain == typed
        marked = False
        for listed in split(plain) if "(" in plain else _BETWEEN.split(plain):
            parts = [listed] if "(" in listed else _WITHIN.split(listed)
            if len(parts) > 1 and known(listed, self._catalogue):
                return None
            literal = literal and len(parts) == 1
            for part in parts:
                item = self._item(field, part.strip())
                if item is None:
                    return None
                found.update(item.drugs)
                expanded.update(item.expanded)
                literal = literal and item.literal
                marked = marked or not item.named
        if expanded and field != "exposed" and (marked or "->" in plain):
            # Which drugs of a regimen failed is told by all the words.
            return None
        drugs = tuple(sorted(found))
        regimens = (("expanded", tuple(sorted(expanded))),) if expanded else ()
        return CellReading(((field, drugs), *regimens), () if literal else (said(text, drugs),))

    def _item(self, field: str, text: str) -> _Item | None:
        key = (field, text)
        if key not in self._items:
            if len(self._items) >= KEPT:
                self._items.clear()
            self._items[key] = self._alone(field, text)
        return self._items[key]

    def _alone(self, field: str, text: str) -> _Item | None:
        if len(text) == 1 or (_JOINED.search(text) and known(text, self._catalogue)):
            return None
        try:
            values, words = self._read_cell(field, text, self._catalogue)
        except CellError:
            return None
        stated = dict(values)
        drugs, expanded = stated.pop(field, ()), stated.pop("expanded", ())
        plain = drugs and not stated and words in ((), (said(text, drugs),))
        named = known(text, self._catalogue) is not None
        return _Item(drugs, expanded, not words, named) if plain else None


def _without_doses(text: str) -> str:
    from lenrx.intake.cells.spellings.drugs import DOSE

    return DOSE.sub(" ", text)


def said(text: str, drugs: tuple[str, ...]) -> str:
    """How a list of drugs was read."""
    return f"read '{' '.join(text.split())}' as {', '.join(drugs)}"
