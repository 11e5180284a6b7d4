"""The delimiter of a table of text: found from its header and first rows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from lenrx.intake.tables.names import BLANK, Known
from lenrx.patient.patient import PatientError

DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""Those that are looked for, and their names."""
_SPOKEN: Final = {
    **{"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " "},
    **{"bar": "|", "pipe": "|"},
}
_DECIMAL: Final = re.compile(r"\s*[<>≤≥]?\s*-?\d+,\d+\s*%?\s*")
_NAMING: Final = 20
"""Rows of which one may be the header."""
_COMMA: Final = re.compile(r"(?<!\d),|,(?!\d)")
_EXCEL: Final = re.compile(r'\s*"?sep=(.?)"?[\s,;|]*', re.IGNORECASE)


def spoken(text: str) -> str:
    """A delimiter as a user writes it. Raises PatientError."""
    found = _SPOKEN.get(text.strip().lower(), text)
    if len(found) != 1 or found in '"\r\n\0' or found.isalnum():
        problem = "must be one sign: ',' ';' '|' or tab"
        raise PatientError("--delimiter", problem)
    return found


def of_excel(line: str) -> str | None:
    """The delimiter that Excel's own first line states: `sep=;`. A tab may have been trimmed."""
    found = _EXCEL.fullmatch(line.strip("\ufeff\r\n"))
    return (found[1] or "\t") if found else None


class _Split(NamedTuple):
    """What a table is when it is split at one delimiter."""

    delimiter: str
    names: int
    """How many cells of the best row are known as names of columns."""
    share: float
    """How many rows have as many cells as most of them."""
    width: int


def found(lines: Sequence[str], known: Known) -> str:
    """The delimiter of the first lines; a comma where there is none. Raises PatientError."""
    splits = [_split(lines, each, known) for each in DELIMITERS if _parts(lines, each)]
    best = sorted(
        (each for each in splits if each.width > 1),
        key=lambda one: (one.names, round(one.share, 1), one.width),
        reverse=True,
    )
    if not best:
        return ","
    if len(best) > 1 and _equal(best[0], best[1]):
        one, other = (DELIMITERS[each.delimiter] for each in best[:2])
        problem = f"cells may be parted by {one} or by {other}; say --delimiter"
        raise PatientError("header", problem)
    return best[0].delimiter


def _parts(lines: Sequence[str], delimiter: str) -> bool:
    """Whether a sign may stand between cells: a comma inside each number is none."""
    if delimiter != ",":
        return True
    return any(_COMMA.search(line) for line in lines)


def _equal(one: _Split, other: _Split) -> bool:
    return (one.names, one.share) == (other.names, other.share)


def _split(lines: Sequence[str], delimiter: str, known: Known) -> _Split:
    rows = [row for row in rows_of(lines, delimiter) if any(cell.strip(BLANK) for cell in row)]
    if not rows:
        return _Split(delimiter, 0, 0.0, 0)
    widths = Counter(_width(row) for row in rows)
    # A row may lack cells at its end, so the widest of the frequent widths counts.
    often = max(widths.values())
    width = max(each for each, rows in widths.items() if 2 * rows >= often)
    names, best = max((sum(map(known, row)), _width(row)) for row in rows[:_NAMING])
    # A header of names that are sure counts for itself, however many lines are something else.
    width = max(width, best) if names > 3 else width
    share = sum(rows for each, rows in widths.items() if each == width) / len(rows)
    return _Split(delimiter, names, share, width)


def rows_of(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Lines cut in cells; what cannot be cut is left out."""
    reader = csv.reader(iter(lines), delimiter=delimiter)
    rows = list[list[str]]()
    while True:
        try:
            rows.append(next(reader))
        except StopIteration:
            return rows
        except csv.Error:
            continue


def _width(row: Sequence[str]) -> int:
    """Cells of a row, without empty ones at its end."""
    count = len(row)
    while count > 1 and not row[count - 1].strip(BLANK):
        count -= 1
    return count


def has_decimal_comma(rows: Sequence[Sequence[str]]) -> bool:
    """Whether any cell is a number with a comma in it."""
    return any(_DECIMAL.fullmatch(cell) for row in rows for cell in row)
