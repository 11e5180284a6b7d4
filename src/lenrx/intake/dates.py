"""Dates beside what a cell says was done: none of them may lie after the day of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from typing import Any, Final

from lenrx.catalogue.fields import DRUGGED, FLAGGED, FOUND
from lenrx.intake.rows import Problem

DATED: Final = "dated"
"""Beside fields: the months that cells of a row name, each with its field."""
_FIELDS: Final = frozenset((*DRUGGED, *FLAGGED, *FOUND))
_MONTH: Final = (
    r"(?<![\w./-])(?:(?P<month>0?[1-9]|1[0-2])[./-]|(?:\d\d?[./-]){2})?"
    r"(?P<year>20\d\d)(?:-(?P<iso>0[1-9]|1[0-2])(?!\d))?(?![\w/])"
)


def months_of(field: str, cell: Any) -> tuple[tuple[str, str], ...]:
    """The months, or years as month 00, that a cell names beside drugs, findings or a yes."""
    if field not in _FIELDS or not isinstance(cell, str) or "20" not in cell:
        return ()
    return tuple((_written(match), field) for match in re.finditer(_MONTH, cell))


def latest(value: Any) -> str:
    """The last month that a text names; empty where it names none."""
    text = value if isinstance(value, str) else ""
    return max(map(_written, re.finditer(_MONTH, text)), default="") if "20" in text else ""


def _written(match: re.Match[str]) -> str:
    return f"{match['year']}-{int(match['iso'] or match['month'] or 0):02}"


def too_late(values: MutableMapping[str, Any], day: str | None) -> Iterator[Problem]:
    """Take the months from the values of a row; which of them lie after its day."""
    day = values.get("as_of") or day
    for month, field in values.pop(DATED):
        if day and month > day[:7]:
            reason = (
                f"names a date after the day of the answer, {day}: planned, or a slip; leave out "
                "what is still to be done"
            )
            yield Problem(field, reason, "contradiction", month.removesuffix("-00"))
