"""A row of a table of patients: its cells by field, or what is wrong with it as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from lenrx.patient.patient import LONGEST_TEXT, UNSTATED

Code = Literal["row", "unknown-field", "unreadable", "stated-twice", "contradiction"]
"""What kind of error a row has: it is no row, it names a field that does not exist, a cell cannot
be read, two cells state one field in two ways, or its statements cannot be true together."""


class Problem(NamedTuple):
    """What is wrong with a row: field, kind and reason, which never holds the cell's text."""

    field: str
    reason: str
    code: Code = "unreadable"
    word: str | None = None
    """The word that could not be read, where it is known."""
    lines: int = 1
    """Lines of the file that it took; more than one where a quote swallowed others."""


class Damaged(str):
    """A cell of a workbook that has lost its value: the name of its error, or a lone `=`."""

    __slots__ = ()

    @property
    def reason(self) -> str:
        """What is wrong with it, and the remedy."""
        if self == "=":
            return "formula without a value: open and save the file in Excel"
        return f"the cell is the error {self[:12]} of a formula: mend it, or empty the cell"


UNCALCULATED: Final = Damaged("=")


class Doubted(Damaged):
    """A cell of a workbook that has its value and shows something else: struck out, or hidden."""

    _reason: str

    @classmethod
    def of(cls, text: str, reason: str) -> Doubted:
        """The cell of a text, and what is wrong with it."""
        found = cls(text)
        found._reason = reason
        return found

    @property
    def reason(self) -> str:
        """What is wrong with it, and the remedy."""
        return self._reason


class Passed(NamedTuple):
    """A row of the file that is no patient and no error: it keeps its number and is counted."""

    kind: Literal["empty", "header", "comment", "footer"]


EMPTY: Final = Passed("empty")
HEADER: Final = Passed("header")
COMMENT: Final = Passed("comment")
FOOTER: Final = Passed("footer")
NOTHING: Final = Problem(
    "row", "states nothing in the columns that are read: map more of them, or delete the row", "row"
)
"""A row that says something, but only where nobody reads: neither a patient nor empty."""
TREATMENTS: Final = "treatments"
"""The member of a row that holds courses of treatment; it is no field of a patient."""
PLAN: Final = "given"
"""The member of a row that holds the plan to be judged; it is no field of a patient."""
PLANNED: Final = "planned"
PLAN_NAMES: Final = (PLAN, PLANNED)
Row = Mapping[Any, Any] | Problem | Passed
"""Cells by what their column is read as: a field, or a `Column` of one."""


def plain_id(row: Mapping[str, Any]) -> str | None:
    """The id of a row, whatever else is in it; under any name of its field."""
    found = row.get("id")
    if found is None:
        found = next((row[key] for key in row if str(key).strip().lower() == "id"), None)
    if not isinstance(found, str | int | float) or isinstance(found, bool | Damaged):
        return None
    text = str(found).strip()
    return None if text.lower() in UNSTATED or len(text) > LONGEST_TEXT else text


def states(row: Mapping[Any, Any]) -> bool:
    """Whether any cell of a row holds anything."""
    for cell in row.values():
        if cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace()):
            return True
    return False
