"""A row of a table of patients: its cells by field, or what is wrong with it as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """What is wrong with a row: the field and the reason, never the value."""

    field: str
    reason: str


Row = Mapping[str, Any] | Problem
