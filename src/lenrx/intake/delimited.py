"""Rows of CSV and TSV: a header, then cells; a broken quote costs its own row and no other."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, BinaryIO, Final

from lenrx.intake.columns.column import Key
from lenrx.intake.lines import lines
from lenrx.intake.neighbours import NAMELESS, Cells, Names, doubted
from lenrx.intake.rows import NOTHING, Passed, Problem, Row, states
from lenrx.intake.tables.delimiter import DELIMITERS, found, has_decimal_comma, of_excel, rows_of
from lenrx.intake.tables.header import Spread, Table, table
from lenrx.intake.tables.names import BLANK, PLAIN, Known

Header = Sequence[str]
"""The columns of a file as written."""
_FIRST: Final = 60
"""Lines by which the delimiter is told."""
_USUAL: Final = {"csv": ",", "tsv": "\t"}
_WHY: Final = {
    "expected after": "a quote ends inside a cell",
    "unexpected end": "a quote is never closed",
    "field larger": "a cell is longer than 131,072 letters",
    "new-line": "a line end stands inside a line",
}
"""What a reader of CSV says, in words for who wrote the file."""


def delimited(
    source: BinaryIO, form: str, encoding: str = "utf-8"
) -> tuple[Header, Iterator[list[str] | Problem | Passed]]:
    """The header and the rows of a CSV or TSV file. Raises PatientError for the header."""
    found = text_table(source, form, encoding)
    return found.header, found.cells


def text_table(
    source: BinaryIO,
    form: str,
    encoding: str = "utf-8",
    by: Known = PLAIN,
    delimiter: str | None = None,
) -> Table:
    """The table of a text file whose columns `by` knows, and how it was read.

    Raises PatientError for the header.
    """
    text = lines(source, encoding)
    first = list(islice(text, _FIRST))
    above, stated = _above(first, by, delimiter)
    sign = delimiter or stated or found(first[above:], by)
    reader = csv.reader(chain(first[above:], text), delimiter=sign, strict=True)
    comments = sum(line.strip(BLANK).startswith("#") for line in first[:above])
    read = table(_records(reader, above), by, lambda: above + reader.line_num, sign, comments)
    return read._replace(said=(*_said(sign, form, delimiter, first[above:]), *read.said))


def _above(first: list[str], by: Known, asked: str | None) -> tuple[int, str | None]:
    """How many lines stand above the table for sure, and the delimiter that one of them states.

    Comments begin with #; a header may do so too: then its # is taken off.
    """
    place, stated = 0, None
    while place < len(first):
        line = first[place].strip(BLANK)
        sign = of_excel(line) if stated is None else None
        if sign is None and line and not line.startswith("#"):
            break
        stated, place = sign or stated, place + 1
    sign = asked or stated
    names = [_names(line, by, sign) for line in first[: place + 1]]
    if place and place < len(first) and not names[place] and any(names):
        # Below a header that begins with # a row may do so too: it is a row with such an id.
        place = max(at for at, count in enumerate(names) if count)
        first[place] = first[place].replace("#", "", 1)
    return place, stated


def _names(line: str, by: Known, sign: str | None) -> int:
    signs = [sign] if sign else [*DELIMITERS]
    parts = (line.lstrip("#\ufeff").replace('"', "").split(each) for each in signs)
    return max(sum(by(cell) > 1 for cell in each) for each in parts)


def _said(sign: str, form: str, asked: str | None, first: Sequence[str]) -> Iterator[str]:
    if not asked and sign != _USUAL.get(form) and any(sign in line for line in first):
        yield f"cells are parted by {DELIMITERS.get(sign, sign)}; if not, say --delimiter"
    if sign != "," and has_decimal_comma(rows_of(first, sign)):
        yield "a comma inside a number is read as a decimal point: 1,5 is 1.5"


def _records(reader: Any, above: int) -> Iterator[list[str] | Problem]:
    """Row by row; blank lines are none, and one of several lines says which."""
    while True:
        before = above + reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield _unread(str(error), before + 1, above + reader.line_num)
            continue
        if cells is None:
            return
        if cells and above + reader.line_num - before > 1:
            cells = Spread(cells)
            cells.first, cells.last = before + 1, above + reader.line_num
        if cells:
            yield cells


def _unread(error: str, first: int, last: int) -> Problem:
    why = next((words for sign, words in _WHY.items() if sign in error), "its cells cannot be told")
    where = f"lines {first} to {last} of the file"
    return Problem("row", f"{why} ({where})", "row", lines=last - first + 1)


def fielded(found: Iterable[Cells], fields: Sequence[Key | None]) -> Iterator[Row]:
    """The patients by field; a column without a field is left out."""
    names = Names(fields)
    wanted = [(place, field) for place, field in enumerate(fields) if field]
    for cells in doubted(found, fields):
        if not isinstance(cells, list):
            yield cells
            continue
        row = {field: cells[place] for place, field in wanted}
        yield NOTHING if not states(row) else NAMELESS if names.lacks(cells) else row


def named(found: Iterable[Cells], header: Header) -> Iterator[Row]:
    """The rows by the names of their columns."""
    for cells in found:
        yield dict(zip(header, cells, strict=True)) if isinstance(cells, list) else cells
