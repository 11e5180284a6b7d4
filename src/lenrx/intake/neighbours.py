"""Rows held against those around them: ids left blank beneath others, letters of two meanings.

What can be told from its neighbours alone is asked here, before any cell is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Final, TypeAlias

from lenrx.catalogue.fields import DRUGGED
from lenrx.intake.cells.base import bare
from lenrx.intake.columns.column import Column, Key, field_of
from lenrx.intake.rows import Doubted, Passed, Problem

Cells: TypeAlias = list[str] | Problem | Passed
_LOOKED: Final = 1_000
"""Rows by which the words of a column are told."""
_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "sex": frozenset("h v hombre varon mujer vrouw".split()),
    "region": frozenset(
        "al ak az ar ct fl ga id ks ky la md ma mi mn ms nv nh nj nm ny nc nd oh ok pa ri sd tn tx "
        "ut vt va wa wv wi wy california texas florida delaware montana pennsylvania ohio".split()
    ),
}
"""Words beside which a letter has a second meaning: of a man, of states of the USA."""
_TWOFOLD: Final = {
    "sex": {
        "m": "M may be male, or mujer, a woman, beside H or V for a man in this column; write male "
        "or female, or say what it means (values: in the map)"
    },
    "region": {
        "de": "DE may be Germany, or Delaware beside other states of the USA; write us or eu",
        "mt": "MT may be Malta, or Montana beside other states of the USA; write us or eu",
    },
}
NAMELESS: Final = Problem(
    "id",
    "is blank beneath a row that has one: the row may be of the same patient, or of another; write "
    "the id in every row (several courses of one patient: --courses)",
)
"""A row that merged cells of an id may have left without one."""


def doubted(found: Iterable[Cells], keys: Sequence[Key | None]) -> Iterator[Cells]:
    """The rows, with those cells doubted that have two meanings among the others of a column."""
    asked = {place: field_of(key) for place, key in enumerate(keys) if key and _bare(key)}
    rows = iter(found)
    if not asked:
        return rows
    first = list(islice(rows, _LOOKED))
    told = {place: _twofold(field, _words(first, place)) for place, field in asked.items()}
    every = chain(first, rows)
    return _marked(every, {place: each for place, each in told.items() if each})


def _bare(key: Key) -> bool:
    """Whether a column may hold such letters, and no map says what they mean."""
    return field_of(key) in _WORDS and not (isinstance(key, Column) and key.values)


def _words(rows: Sequence[Cells], place: int) -> frozenset[str]:
    return frozenset(_word(cells[place]) for cells in rows if isinstance(cells, list))


def _word(cell: str) -> str:
    return bare(cell[:40]).strip(" .")


def _twofold(field: str, words: frozenset[str]) -> Mapping[str, str]:
    return {} if words.isdisjoint(_WORDS[field]) else _TWOFOLD[field]


def _marked(rows: Iterator[Cells], told: Mapping[int, Mapping[str, str]]) -> Iterator[Cells]:
    if not told:
        return rows
    return (_with_doubts(cells, told) if isinstance(cells, list) else cells for cells in rows)


def _with_doubts(cells: list[str], told: Mapping[int, Mapping[str, str]]) -> list[str]:
    for place, reasons in told.items():
        if reason := reasons.get(_word(cells[place])):
            cells[place] = Doubted.of(cells[place], reason)
    return cells


_OF_TREATMENT: Final = (*DRUGGED, "id", "", "prior_lines", "history", "as_of", "prior_transplant")


class Names:
    """The ids of a table, row by row."""

    def __init__(self, keys: Sequence[Key | None]) -> None:
        fields = [field_of(key) if key else "" for key in keys]
        self._at = fields.index("id") if "id" in fields else None
        self._own = [place for place, field in enumerate(fields) if field not in _OF_TREATMENT]
        self._last: list[str] | None = None

    def lacks(self, cells: list[str]) -> bool:
        """Whether a row has no id and may go on with the row above that has one."""
        if self._at is None:
            return False
        name = cells[self._at]
        if name and not name.isspace():
            self._last = cells
            return False
        return self._last is not None and not self._is_another(cells, self._last)

    def _is_another(self, cells: list[str], last: list[str]) -> bool:
        """Whether anything but the treatment tells that a row is of another patient."""
        return any(cells[place].strip() not in ("", last[place].strip()) for place in self._own)
