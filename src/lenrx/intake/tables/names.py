"""Names of columns as they stand in files: cleaned of what cannot be seen, and known or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from lenrx.intake.column_map import NO_MAP, ColumnMap, is_field
from lenrx.intake.columns.headers import certain
from lenrx.intake.columns.names import folded, names
from lenrx.intake.rows import TREATMENTS
from lenrx.patient.patient import DRUG_LISTS, PatientError, known_field

Known = Callable[[str], int]
"""How well a name is known: 2 as a field or a mapped column, 1 by one of its words, 0 not."""
INVISIBLE: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u2066\u2069"
BLANK: Final = INVISIBLE + " \t\r\n\x0b\x0c\u00a0\u2007\u202f\u3000"
HISTORY: Final = (*DRUG_LISTS, TREATMENTS)
_UNSEEN: Final = dict.fromkeys(map(ord, INVISIBLE))
_AS_TEXT: Final = re.compile(r'\s*="([^"]*)"\s*', re.DOTALL)
_TELLING: Final = 4
"""Letters from which one word of a name tells something of it."""


def cleaned(name: str) -> str:
    """A name without what cannot be seen, on one line."""
    return " ".join(name.translate(_UNSEEN).split())


def unquoted(cells: Sequence[str]) -> list[str] | None:
    """Cells that are written as `="007"`, so that Excel keeps their zeros, without that.

    None where no cell is.
    """
    matches = [_AS_TEXT.fullmatch(cell) for cell in cells]
    if not any(matches):
        return None
    return [match[1] if match else cell for match, cell in zip(matches, cells, strict=True)]


def known(asked: ColumnMap) -> Known:
    """What tells a name of a column from any other text, given a map."""
    named = {cleaned(each) for each in (*asked.columns, *asked.ignore)} - {""}

    def how_well(name: str) -> int:
        name = cleaned(name)
        return 2 if name in named else _how_well(name)

    return how_well


@lru_cache(maxsize=4096)
def _how_well(name: str) -> int:
    if not name or len(name) > 200:
        return 0
    words = folded(name)
    if is_field(name) or words in names() or _with_unit(name):
        return 2
    return 1 if {*words.split()} & _words() else 0


def _with_unit(name: str) -> bool:
    """Whether a name is a field's with a unit, be it one that is not understood."""
    try:
        return certain(name) is not None
    except PatientError:
        return True


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(each for each in names() if " " not in each and len(each) >= _TELLING)


PLAIN: Final = known(NO_MAP)
"""What tells a name of a column where nobody states a map."""


def heads(cells: Sequence[str], by: Known) -> bool:
    """Whether a row holds nothing but names of columns, that of ids or of a history among them."""
    filled = [name for cell in cells if (name := cleaned(cell))]
    if len(filled) < 2 or not all(by(name) > 1 for name in filled):
        return False
    fields = (names().get(folded(name)) or known_field(name) for name in filled)
    return any(field in ("id", *HISTORY) for field in fields)


def tells_history(fields: Iterable[object]) -> bool:
    """Whether any column is one of the drug history, by the field that it is read as."""
    named = (str(getattr(each, "field", each)) for each in fields if each)
    return any((known_field(name) or name) in HISTORY for name in named)
