"""A row of a table of patients: its cells by field, or what is wrong with it as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from lenrx.patient.patient import UNSTATED

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


TREATMENTS: Final = "treatments"
"""The member of a row that holds courses of treatment; it is no field of a patient."""
Row = Mapping[Any, Any] | Problem
"""Cells by what their column is read as: a field, or a `Column` of one."""


def plain_id(row: Mapping[str, Any]) -> str | None:
    """The id of a row, whatever else is in it; under any name of its field."""
    found = row.get("id")
    if found is None:
        found = next((row[key] for key in row if str(key).strip().lower() == "id"), None)
    if not isinstance(found, str | int | float) or isinstance(found, bool):
        return None
    text = str(found).strip()
    return None if text.lower() in UNSTATED else text
