"""Names of columns as they stand in files: cleaned of what cannot be seen, and known or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

from lenrx.catalogue.fields import DECLARED
from lenrx.intake.column_map import ColumnMap
from lenrx.patient.patient import DRUG_LISTS, FIELD_ALIASES, FIELDS

Known = Callable[[str], int]
"""How well a name is known: 2 as a field or a mapped column, 1 by one of its words, 0 not."""
INVISIBLE: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u2066\u2069"
BLANK: Final = INVISIBLE + " \t\r\n\x0b\x0c\u00a0\u2007\u202f\u3000"
HISTORY: Final = (*DRUG_LISTS, "treatments")
_UNSEEN: Final = dict.fromkeys(map(ord, INVISIBLE))
_TELLING: Final = 4
"""Letters from which one word of a name tells something of it."""


def cleaned(name: str) -> str:
    """A name without what cannot be seen, on one line."""
    return " ".join(name.translate(_UNSEEN).split())


@lru_cache(maxsize=4096)
def field_of(name: str) -> str | None:
    """The field that a name is, in any case and with hyphens; no nearest one is looked for."""
    name = name.strip().lower().replace("-", "_").replace(" ", "_")
    name = FIELD_ALIASES.get(name, name)
    return name if name in (*FIELDS, "treatments") else None


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
    folded = _folded(re.sub(r"\([^)]*\)|\[[^]]*\]", " ", name))
    if field_of(name) or folded in _names():
        return 2
    return 1 if {*folded.split()} & _words() else 0


def _folded(name: str) -> str:
    apart = "".join(each for each in normalize("NFKD", name) if not combining(each))
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", apart)
    return " ".join(re.findall(r"[^\W_]+", apart.lower()))


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    own = (field.replace("_", " ") for field in FIELDS)
    return frozenset((*own, *(name for each in DECLARED.values() for name in each.columns)))


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(each for each in _names() if " " not in each and len(each) >= _TELLING)


def tells_history(fields: Iterable[object]) -> bool:
    """Whether any column is one of the drug history, by the field that it is read as."""
    named = (getattr(each, "field", each) for each in fields if each)
    return any(field_of(str(field)) in HISTORY for field in named)
