"""Rows of a file, whatever is in it: each a mapping of fields to cells, or what is wrong with it.

A line too long, a NUL, a broken quote or bytes that are no UTF-8 cost their own row and no other.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

from lenrx.chart_review import Problem, Row
from lenrx.columns import ColumnMap, is_field
from lenrx.patient import PatientError

LONGEST: Final = 1_000_000
"""Bytes of one line; a longer one is skipped, not held."""
_TOO_LONG: Final = "\0"
Header = Sequence[str]
"""The columns of a file as written."""


def lines(source: BinaryIO, encoding: str = "utf-8") -> Iterator[str]:
    """The lines of a file; one that is too long becomes a lone NUL, bad bytes are kept apart."""
    first = True
    while raw := source.readline(LONGEST):
        if len(raw) == LONGEST and not raw.endswith(b"\n"):
            _skip(source)
            yield f"{_TOO_LONG}\n"
        elif first:
            yield _first(raw, encoding)
        else:
            yield raw.decode(encoding, "surrogateescape")
        first = False


def _skip(source: BinaryIO) -> None:
    while (rest := source.readline(LONGEST)) and not rest.endswith(b"\n"):
        pass


def _first(raw: bytes, encoding: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) and encoding == "utf-8":
        raise PatientError("header", "is UTF-16; write it as UTF-8, or say --encoding utf-16")
    return raw.decode(encoding, "surrogateescape").removeprefix("\ufeff")


def ndjson(
    source: BinaryIO, asked: ColumnMap, ignore_other: bool, encoding: str = "utf-8"
) -> Iterator[Row]:
    """One JSON object a line; blank lines are passed over. Keys are columns."""
    mapped = bool(asked.columns or asked.ignore or ignore_other)
    for line in lines(source, encoding):
        if line.isspace():
            continue
        found = _bad(line) or _object(line)
        yield (
            found
            if isinstance(found, Problem) or not mapped
            else dict(_by_field(found, asked, ignore_other))
        )


def _by_field(
    found: Mapping[str, Any], asked: ColumnMap, ignore_other: bool
) -> Iterator[tuple[str, Any]]:
    for key, value in found.items():
        if key in asked.ignore:
            continue
        if key in asked.columns:
            yield asked.columns[key], value
        elif not ignore_other or is_field(key):
            yield key, value


def _object(line: str) -> Row:
    try:
        found = json.loads(line, object_pairs_hook=_once, parse_constant=_no_number)
    except _Twice as error:
        return Problem("row", f"key {error} is written twice; keep one")
    except (ValueError, RecursionError) as error:
        said = error.msg if isinstance(error, json.JSONDecodeError) else "a value is out of bounds"
        return Problem("row", f"not JSON: {said}")
    return found if isinstance(found, dict) else Problem("row", "must be a JSON object")


class _Twice(ValueError):
    """A key that one object holds twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen = [key for key, _ in pairs]
        raise _Twice(next(key for key in seen if seen.count(key) > 1)[:40])
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)


def delimited(
    source: BinaryIO, form: str, encoding: str = "utf-8"
) -> tuple[Header, Iterator[list[str] | Problem]]:
    """The header and the rows of a CSV or TSV file. Raises PatientError for the header."""
    text = lines(source, encoding)
    reader = csv.reader(text, delimiter="\t" if form == "tsv" else ",", strict=True)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise PatientError("header", f"cannot be read: {error}") from None
    if _bad("".join(header)):
        raise PatientError("header", "is not text in UTF-8, or too long; say --encoding NAME")
    return header, _cells(reader, form)


def _cells(reader: Any, form: str) -> Iterator[list[str] | Problem]:
    while True:
        before = reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as error:
            where = f"lines {before + 1} to {reader.line_num}"
            yield Problem("row", f"not {form.upper()}: {error} ({where} of the file)")
            continue
        if cells is None:
            return
        if cells:
            yield cells


def fielded(found: Iterable[list[str] | Problem], fields: Sequence[str | None]) -> Iterator[Row]:
    """The rows by field; a column without a field is left out."""
    wanted = [(place, field) for place, field in enumerate(fields) if field]
    for cells in found:
        if isinstance(cells, Problem):
            yield cells
        elif problem := _bad("".join(cells)):
            yield problem
        elif len(cells) != len(fields):
            yield Problem("row", f"has {len(cells)} cells where the header has {len(fields)}")
        else:
            yield {field: cells[place] for place, field in wanted}


def _bad(text: str) -> Problem | None:
    """What makes a text unreadable as a whole."""
    if _TOO_LONG in text:
        return Problem("row", f"holds a NUL, or a line of more than {LONGEST:,} bytes")
    if not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text):
        return Problem("row", "not UTF-8; write the file as UTF-8, or say --encoding NAME")
    return None


def parquet(path: Any, columns: Mapping[str, str]) -> Iterator[Row]:
    """The rows of a Parquet file by field; `columns` maps the columns that are read."""
    from lenrx.arrow import batches_of, rows_of

    for batch in batches_of(path, list(columns)):
        yield from rows_of(batch, columns)
