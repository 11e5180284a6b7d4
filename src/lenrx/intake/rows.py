"""Rows of a file, whatever is in it: each a mapping of fields to cells, or what is wrong with it.

A line too long, a NUL, a broken quote or bytes that are no UTF-8 cost their own row and no other.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, AnyStr, BinaryIO, Final

from lenrx.batch.chart_review import Problem, Row
from lenrx.intake.column_map import ColumnMap, is_field
from lenrx.patient.patient import PatientError

LONGEST: Final = 1_000_000
"""Bytes of one line; a longer one is skipped, not held."""
_TOO_LONG: Final = "\0"
_MARKED: Final = "lenrx-marked"
codecs.register_error(_MARKED, lambda error: ("\udcff", getattr(error, "end", 0)))
Header = Sequence[str]
"""The columns of a file as written."""


def lines(source: BinaryIO, encoding: str = "utf-8") -> Iterator[str]:
    """The lines of a file; one that is too long becomes a lone NUL, bad bytes a lone surrogate."""
    found = _wide(source, encoding) if _is_wide(encoding) else _narrow(source, encoding)
    first = next(found, "").removeprefix("\ufeff")
    if first:
        yield first
    yield from found


def _is_wide(encoding: str) -> bool:
    """Whether a line does not end with the byte of a newline: then bytes cannot be cut in lines."""
    try:
        b"a".decode(encoding, _MARKED)
        return "\n".encode(encoding) != b"\n"
    except (LookupError, UnicodeError):
        problem = "is not a known encoding; try utf-8, latin-1 or cp1252"
        raise PatientError(f"--encoding {encoding}", problem) from None


def _narrow(source: BinaryIO, encoding: str) -> Iterator[str]:
    first = encoding == "utf-8"
    for raw in _whole(source.readline, b"\n"):
        if first and raw and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise PatientError("header", "is UTF-16; write it as UTF-8, or say --encoding utf-16")
        first = False
        yield f"{_TOO_LONG}\n" if raw is None else raw.decode(encoding, _MARKED)


def _wide(source: BinaryIO, encoding: str) -> Iterator[str]:
    text = io.TextIOWrapper(source, encoding, _MARKED, newline="\n")
    try:
        for line in _whole(text.readline, "\n"):
            yield f"{_TOO_LONG}\n" if line is None else line
    finally:
        # The source belongs to the caller, who may have closed it by now.
        with suppress(ValueError):
            text.detach()


def _whole(read: Callable[[int], AnyStr], end: AnyStr) -> Iterator[AnyStr | None]:
    """Line by line; None stands for one that is too long, which is read past."""
    while line := read(LONGEST):
        if len(line) < LONGEST or line.endswith(end):
            yield line
            continue
        while (rest := read(LONGEST)) and not rest.endswith(end):
            pass
        yield None


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
        found = _DECODER.decode(line)
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


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)


def delimited(
    source: BinaryIO, form: str, encoding: str = "utf-8"
) -> tuple[Header, Iterator[list[str] | Problem]]:
    """The header and the rows of a CSV or TSV file. Raises PatientError for the header."""
    text = lines(source, encoding)
    reader = csv.reader(text, delimiter="\t" if form == "tsv" else ",", strict=True)
    try:
        header = next((cells for cells in reader if cells), [])
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
    from lenrx.batch.arrow import batches_of, rows_of

    for batch in batches_of(path, list(columns)):
        yield from rows_of(batch, columns)
