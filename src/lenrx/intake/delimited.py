"""Rows of CSV and TSV: a header, then cells; a broken quote costs its own row and no other."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from lenrx.intake.columns.column import Key
from lenrx.intake.lines import lines, unreadable
from lenrx.intake.rows import Problem, Row
from lenrx.patient.patient import PatientError

Header = Sequence[str]
"""The columns of a file as written."""


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
    if unreadable("".join(header)):
        raise PatientError("header", "is not text in UTF-8, or too long; say --encoding NAME")
    return header, _cells(reader, form)


def _cells(reader: Any, form: str) -> Iterator[list[str] | Problem]:
    while True:
        before = reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as error:
            where = f"lines {before + 1} to {reader.line_num}"
            yield Problem("row", f"not {form.upper()}: {error} ({where} of the file)", "row")
            continue
        if cells is None:
            return
        if cells:
            yield cells


def fielded(found: Iterable[list[str] | Problem], fields: Sequence[Key | None]) -> Iterator[Row]:
    """The rows by field; a column without a field is left out."""
    wanted = [(place, field) for place, field in enumerate(fields) if field]
    for cells in found:
        if isinstance(cells, Problem):
            yield cells
        elif problem := unreadable("".join(cells)):
            yield problem
        elif len(cells) != len(fields):
            yield Problem(
                "row", f"has {len(cells)} cells where the header has {len(fields)}", "row"
            )
        else:
            yield {field: cells[place] for place, field in wanted}
