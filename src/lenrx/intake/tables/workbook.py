"""Rows of a sheet of Excel or OpenDocument, with the extra `lenrx[excel]`."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, Final, NamedTuple, TypeAlias

from lenrx.intake.rows import Problem
from lenrx.intake.tables.cell_formats import shown
from lenrx.intake.tables.header import Table, table
from lenrx.intake.tables.names import BLANK, Known
from lenrx.intake.tables.sheet_xml import Place, Sheet, bounded, is_xlsx, sheet_of, spelled
from lenrx.patient.patient import PatientError

INSTALL: Final = "needs python-calamine: pip install 'lenrx[excel]', or save the sheet as CSV UTF-8"
_PRECISE: Final = ".15g"
"""Excel keeps fifteen digits: what stands behind them is noise."""
_LONGEST: Final = 1e15
"""A number from which on digits are lost; as an id it is damaged."""
_LOCKED: Final = "is a workbook with a password; save it without, or as CSV UTF-8"
_UNTOLD: Final = (
    "cells that hold an error or an uncalculated formula are empty in this form of workbook, and "
    "struck-out text and signs of number formats are not seen: where there are any, save it as "
    ".xlsx, which tells them"
)
_TOLD_BY: Final = 50_000_000
"""Bytes in which the names of what an old or locked file holds are looked for."""
Rows: TypeAlias = Sequence[Sequence[Any]]
Merged: TypeAlias = tuple[Place, Place]
"""The first and the last of some merged cells."""


def workbook_table(source: BinaryIO, by: Known, sheet: str | None = None) -> Table:
    """The table of one sheet, whose columns `by` knows. Raises PatientError without one."""
    if not source.seekable():
        source = io.BytesIO(source.read())
    bounded(source)
    book = _Book(_opened(source), source if is_xlsx(source) else None)
    name = _asked(book.names, sheet) if sheet else _first_filled(book)
    rows, beneath, merged = _rows(book, name)
    line = 0

    def counted() -> Iterator[list[str] | Problem]:
        nonlocal line
        for cells in _marked(rows, beneath):
            line += 1
            yield cells

    read = table(counted(), by, lambda: line)
    _unmerged(name, rows, merged, read.line)
    untold = () if book.zip else (_UNTOLD,)
    said = (*_said(book, name, sheet), *untold, *_hidden(beneath), *read.said)
    return read._replace(said=said)


class _Book(NamedTuple):
    """A workbook, and the zip that it is where its sheets are XML of Excel."""

    sheets: Any
    zip: BinaryIO | None

    @property
    def names(self) -> list[str]:
        """The names of its sheets, in order."""
        return [str(name) for name in self.sheets.sheet_names]

    @property
    def hidden(self) -> frozenset[str]:
        """The names of the sheets that are hidden."""
        shown = [str(each.visible).endswith("Visible") for each in self.sheets.sheets_metadata]
        pairs = zip(self.names, shown, strict=True)
        return frozenset(name for name, is_shown in pairs if not is_shown)


def _opened(source: BinaryIO) -> Any:
    try:
        import python_calamine
    except ImportError:
        raise PatientError("file", f"is a workbook; it {INSTALL}") from None
    try:
        return python_calamine.CalamineWorkbook.from_filelike(source)
    except python_calamine.PasswordError:
        problem = _LOCKED
    except Exception as error:
        source.seek(0)
        problem = _damaged(error, source.read(_TOLD_BY))
    raise PatientError("file", problem) from None


def _damaged(error: Exception, head: bytes) -> str:
    text = str(error).lower()
    if "password" in text or "encrypt" in text or "EncryptedPackage".encode("utf-16-le") in head:
        return _LOCKED
    if "WordDocument".encode("utf-16-le") in head:
        return "is a text document; copy its table into Excel and save that"
    return "cannot be read as a workbook; open it in Excel and save it anew, or as CSV UTF-8"


def _rows(book: _Book, name: str) -> tuple[Rows, Sheet, Sequence[Merged]]:
    """The values of a sheet, what they do not tell, and its merged cells. Raises PatientError."""
    beneath = sheet_of(book.zip, name) if book.zip else Sheet()
    try:
        sheet = book.sheets.get_sheet_by_name(name)
        rows = list(sheet.to_python(skip_empty_area=False))
        return rows, beneath, getattr(sheet, "merged_cell_ranges", None) or ()
    except Exception:
        problem = "cannot be read; open the workbook in Excel and save it anew, or as CSV UTF-8"
        raise PatientError(f"sheet {name}", problem) from None


def _marked(rows: Rows, beneath: Sheet) -> Iterator[list[str]]:
    """The cells of each row as text, and in place of a value that is lost, that it is."""
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), look in beneath.looks.items():
        if row < len(rows) and column < len(rows[row]):
            value = rows[row][column]
            by_row.setdefault(row, []).append((column, shown(look, value, _text(value))))
    for (row, column), lost in beneath.damaged.items():
        by_row.setdefault(row, []).append((column, lost))
    width = max(map(len, rows), default=0)
    for place in range(max(len(rows), max(by_row, default=-1) + 1)):
        cells = [_text(cell) for cell in rows[place]] if place < len(rows) else [""] * width
        for column, cell in by_row.get(place, ()):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cell
        yield cells


def _unmerged(name: str, rows: Rows, merged: Sequence[Merged], header: int) -> None:
    """Raises PatientError where merged cells reach into a table: they hold the first's value only.

    Those of a title above it, of a note alone in its row, and those without a value do no harm.
    """
    for (top, left), (bottom, right) in merged:
        value = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        if bottom < header - 1 or not _text(value).strip(BLANK):
            continue
        is_note = top == bottom >= header and sum(bool(_text(each)) for each in rows[top]) == 1
        if not is_note:
            place = f"{spelled((top, left))}:{spelled((bottom, right))}"
            problem = f"the cells {place} are merged: unmerge them and fill each with its value"
            raise PatientError(f"sheet {name}", problem)


def _hidden(beneath: Sheet) -> tuple[str, ...]:
    counts = ((beneath.rows, "row"), (beneath.columns, "column"))
    found = [f"{count} hidden {word}{'s' * (count > 1)}" for count, word in counts if count]
    if not found:
        return ()
    several = len(found) > 1 or beneath.rows + beneath.columns > 1
    return (f"{' and '.join(found)} {'are' if several else 'is'} read too",)


def _asked(names: Sequence[str], sheet: str) -> str:
    """A sheet by its name, in any case, or by its number from 1."""
    if sheet in names:
        return sheet
    same = [name for name in names if name.strip().lower() == sheet.strip().lower()]
    if len(same) == 1:
        return same[0]
    if sheet.isdecimal() and 0 < int(sheet) <= len(names):
        return names[int(sheet) - 1]
    problem = f"is not in the workbook; it has {_listed(names)}"
    raise PatientError(f"--sheet {sheet}", problem)


def _first_filled(book: _Book) -> str:
    """The first sheet with something in it; one that is hidden only where no other has."""
    for name in sorted(book.names, key=lambda name: name in book.hidden):
        rows, beneath, _ = _rows(book, name)
        if beneath.damaged or any(_text(cell).strip() for row in rows for cell in row):
            return name
    raise PatientError("file", "is a workbook with nothing in it")


def _said(book: _Book, name: str, asked: str | None) -> tuple[str, ...]:
    hidden = f"sheet {name!r} is hidden; it is read" if name in book.hidden else ""
    if asked or len(book.names) == 1:
        return (hidden,) if hidden else ()
    listed = _listed(book.names, book.hidden)
    state = ", a hidden one," if hidden else ""
    return (f"sheet {name!r}{state} is read, of {listed}; --sheet NAME reads another",)


def _listed(names: Sequence[str], hidden: Collection[str] = ()) -> str:
    shown = ", ".join(f"{name!r}{' (hidden)' * (name in hidden)}" for name in names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown


def _text(cell: Any) -> str:
    """A cell as it would stand in CSV: days as ISO dates, whole numbers without a point."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if abs(cell) >= _LONGEST:
            return format(cell, ".14E")
        return str(int(cell)) if cell.is_integer() else format(cell, _PRECISE)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return _lasting(cell) if isinstance(cell, timedelta) else str(cell)


def _lasting(cell: timedelta) -> str:
    """Hours and minutes of a span, which no field takes: so that its row is told of."""
    minutes = int(cell.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02}"
