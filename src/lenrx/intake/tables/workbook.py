"""Rows of a sheet of Excel or OpenDocument, with the extra `lenrx[excel]`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, Final

from lenrx.intake.rows import Problem
from lenrx.intake.tables.header import Table, table
from lenrx.intake.tables.names import Known
from lenrx.patient.patient import PatientError

INSTALL: Final = "needs python-calamine: pip install 'lenrx[excel]', or save the sheet as CSV UTF-8"
_PRECISE: Final = ".15g"
"""Excel keeps fifteen digits: what stands behind them is noise."""


def workbook_table(source: BinaryIO, by: Known, sheet: str | None = None) -> Table:
    """The table of one sheet, whose columns `by` knows. Raises PatientError without one."""
    book = _opened(source)
    name, rows = _named(book, sheet) if sheet else _first_filled(book)
    line = 0

    def counted() -> Iterator[list[str] | Problem]:
        nonlocal line
        for row in rows:
            line += 1
            yield [_text(cell) for cell in row]

    read = table(counted(), by, lambda: line)
    return read._replace(said=(*_said(book.sheet_names, name, sheet), *read.said))


def _opened(source: BinaryIO) -> Any:
    try:
        import python_calamine
    except ImportError:
        raise PatientError("file", f"is a workbook; it {INSTALL}") from None
    try:
        return python_calamine.CalamineWorkbook.from_filelike(source)
    except python_calamine.PasswordError:
        problem = "is a workbook with a password; save it without, or as CSV UTF-8"
    except Exception as error:
        problem = _damaged(error)
    raise PatientError("file", problem) from None


def _damaged(error: Exception) -> str:
    if "password" in str(error).lower() or "encrypt" in str(error).lower():
        return "is a workbook with a password; save it without, or as CSV UTF-8"
    return "cannot be read as a workbook; open it in Excel and save it anew, or as CSV UTF-8"


def _rows(book: Any, name: str) -> Sequence[Sequence[Any]]:
    try:
        return list(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
    except Exception:
        problem = "cannot be read; open the workbook in Excel and save it anew, or as CSV UTF-8"
        raise PatientError(f"sheet {name}", problem) from None


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


def _named(book: Any, sheet: str) -> tuple[str, Sequence[Sequence[Any]]]:
    name = _asked(book.sheet_names, sheet)
    return name, _rows(book, name)


def _first_filled(book: Any) -> tuple[str, Sequence[Sequence[Any]]]:
    """The first sheet with something in it; one that is hidden only where no other has."""
    shown = [str(each.visible).endswith("Visible") for each in book.sheets_metadata]
    names = [str(name) for name in book.sheet_names]
    order = [name for name, is_shown in zip(names, shown, strict=True) if is_shown]
    for name in (*order, *(name for name in names if name not in order)):
        rows = _rows(book, name)
        if any(_text(cell).strip() for row in rows for cell in row):
            return name, rows
    raise PatientError("file", "is a workbook with nothing in it")


def _said(names: Sequence[str], name: str, asked: str | None) -> tuple[str, ...]:
    if asked or len(names) == 1:
        return ()
    return (f"sheet {name!r} is read, of {_listed(names)}; --sheet NAME reads another",)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:8])
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
