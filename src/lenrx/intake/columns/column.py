"""A column with more to it than its field: a unit, what it is about, its codes."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

from lenrx.catalogue.fields import DRUGGED, FOUND, TAKEN


class Column(NamedTuple):
    """How the cells of one column are read."""

    field: str
    name: str
    """As the header has it."""
    unit: str = ""
    """The unit of its numbers, by its name."""
    of: str = ""
    """The drug, marker or illness that its cells say yes or no of."""
    missing: tuple[str, ...] = ()
    """Codes that stand for not known."""
    values: tuple[tuple[str, str], ...] = ()
    """Codes, each with the words that it stands for."""
    unread: str = ""
    """What a cell is that cannot be read: an error, or, where this says `missing`, not stated."""


NONE, NOT_KNOWN, OTHER = "none", "not known", "other"
"""What a check box may be about that names nothing: none of its group, unknown, another one."""
ASKED: Final = "asked"
"""Beside fields: what columns of one thing say of it, each an `Asked`; settled with the row."""
UNIT: Final = "unit"
"""What a column is about whose cells say the unit of another's numbers."""
Key: TypeAlias = str | Column
"""What a column is read as: a field, or a column of one."""
MISSING: Final = "missing"
NEVER_LEFT: Final = (*DRUGGED, "history", "treatments", "id", "as_of")
"""A drug history decides the answer, the id whose it is, the day which label is in force: such a
cell is an error. A country whose labels are not known here leaves both labels to be asked."""
SEVERAL: frozenset[str] = frozenset((*DRUGGED, *FOUND, *TAKEN))
"""Fields that several columns may state."""


def field_of(key: Key) -> str:
    """The field that a column states."""
    return key if isinstance(key, str) else key.field


def code(text: str) -> str:
    """A code as it is compared: 999, 999.0 and " 999 " are one."""
    text = text.strip().lower()
    try:
        return repr(float(text))
    except ValueError:
        return text


MISSING_CODES: Final = tuple(
    map(
        code, "9 99 999 9999 88 888 777 666 998 997 -1 -7 -8 -9 -77 -88 -99 -888 -999 -9999".split()
    )
)
"""Numbers that forms write for not known."""


def described(key: Key) -> Any:
    """A column in plain data, for a manifest."""
    if isinstance(key, str):
        return key
    stated = {name: value for name, value in key._asdict().items() if value}
    return stated | ({"values": dict(key.values)} if key.values else {})
