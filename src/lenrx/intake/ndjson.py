"""Rows of NDJSON: one JSON object a line, its keys the columns."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Final

from lenrx.intake.column_map import ColumnMap, is_field, key_of
from lenrx.intake.columns.column import Column, Key, field_of
from lenrx.intake.lines import lines, unreadable
from lenrx.intake.rows import EMPTY, NOTHING, Problem, Row, states
from lenrx.patient.patient import PatientError


def ndjson(
    source: BinaryIO, asked: ColumnMap, ignore_other: bool, encoding: str = "utf-8"
) -> Iterator[Row]:
    """One JSON object a line; blank lines are passed over. Keys are columns."""
    found = (line for line in lines(source, encoding) if not line.isspace())
    return objects(found, asked, ignore_other)


def objects_of(
    source: BinaryIO,
    form: str,
    encoding: str,
    asked: ColumnMap,
    ignore_other: bool = False,
) -> Iterator[Row]:
    """The rows of a file of JSON: one object a line, or a document around them."""
    if form == "ndjson":
        return ndjson(source, asked, ignore_other, encoding)
    from lenrx.intake.tables.document import texts

    return objects(texts(source, encoding, asked), asked, ignore_other)


def objects(texts: Iterable[str], asked: ColumnMap, ignore_other: bool) -> Iterator[Row]:
    """The rows that texts hold, each a JSON object. Keys are columns."""
    mapped = bool(asked.columns or asked.ignore or asked.missing or ignore_other)
    keys: dict[str, Key | None] = {}
    for text in texts:
        found = unreadable(text) or _object(text)
        if isinstance(found, Problem):
            yield found
            continue
        row = _once_each(_by_field(found, asked, ignore_other, keys)) if mapped else found
        if isinstance(row, Problem):
            yield row
            continue
        yield row if states(row) else NOTHING if states(found) else EMPTY


def _once_each(pairs: Iterable[tuple[Key, Any]]) -> dict[Key, Any] | Problem:
    """The cells by what they are read as; two that are read as one field have to agree."""
    row = dict[Key, Any]()
    for key, value in pairs:
        if key in row and row[key] != value and value not in ("", None):
            if row[key] not in ("", None):
                field = field_of(key)
                return Problem(field, "stated by two keys, which differ; keep one", "stated-twice")
        elif key in row:
            continue
        row[key] = value
    return row


_KEPT: Final = 4_000
"""Different keys that are remembered; a file has far fewer."""


def _by_field(
    found: Mapping[str, Any], asked: ColumnMap, ignore_other: bool, keys: dict[str, Key | None]
) -> Iterator[tuple[Key, Any]]:
    for name, value in found.items():
        if name not in keys:
            if len(keys) >= _KEPT:
                keys.clear()
            keys[name] = _key(name, asked, ignore_other)
        key = keys[name]
        if key is not None:
            yield key, value
    for name, column in asked.columns.items():
        if name not in found and isinstance(column, Column) and column.of:
            yield column, None


def _key(name: str, asked: ColumnMap, ignore_other: bool) -> Key | None:
    """What a key is read as; one that is no field stays as it is, and its row says so."""
    try:
        key = key_of(name, asked)
    except PatientError:
        return name
    left_out = name in asked.ignore or (ignore_other and not is_field(name))
    return key if key is not None or left_out else name


def _object(text: str) -> Mapping[str, Any] | Problem:
    try:
        found = _DECODER.decode(text)
    except _Twice as error:
        named = f"key {error}" if is_field(str(error)) else "a key"
        return Problem("row", f"{named} is written twice; keep one", "row")
    except (ValueError, RecursionError) as error:
        return Problem("row", f"not JSON: {_why(error)}", "row")
    return found if isinstance(found, dict) else Problem("row", "must be a JSON object", "row")


def _why(error: Exception) -> str:
    """What a reader of JSON says, in words for who wrote the file."""
    if not isinstance(error, json.JSONDecodeError):
        return "a value is out of bounds"
    found = (words for sign, words in _WHY.items() if sign in error.msg)
    return f"{next(found, 'it cannot be read')} (sign {error.colno})"


_WHY: Final = {
    "Extra data": "something follows the object; write one object a line",
    "Expecting value": "a value is missing",
    "delimiter": "a comma or a colon is missing, or a bracket is not closed",
    "property name": "a key in double quotes is missing",
    "Unterminated": "a quote is never closed",
    "control character": "a line end or a tab stands inside a text; write it as \\n or \\t",
    "escape": "a backslash in a text is not written twice",
    "comma": "a comma too many",
}


class _Twice(ValueError):
    """A key that one object holds twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise _Twice(next(key for key, count in counts.items() if count > 1)[:40])
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)
