"""The header of a table and the rows beneath it: what stands above it, beside it, or again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple

from lenrx.intake.lines import unreadable
from lenrx.intake.rows import COMMENT, EMPTY, HEADER, Passed, Problem
from lenrx.intake.tables.delimiter import DELIMITERS
from lenrx.intake.tables.footers import footer, may_be_footer
from lenrx.intake.tables.names import BLANK, Known, cleaned, heads, unquoted
from lenrx.intake.unit_columns import units_beneath
from lenrx.patient.patient import PatientError

TOP: Final = 30
"""Rows among which the header is looked for, and by which empty columns are told."""
Cells = list[str]
Found = Cells | Problem
_DIGIT: Final = re.compile(r"\d")
_OTHER: Final = Problem(
    "row",
    "belongs to a second table beneath the first: put each in a file or a sheet of its own",
    "row",
)


class Spread(list[str]):
    """The cells of a row that took several lines of its file."""

    first: int
    last: int


class Table(NamedTuple):
    """The columns of a table, its rows, and what the user is told of how it was read."""

    header: Sequence[str]
    cells: Iterator[Cells | Problem | Passed]
    said: tuple[str, ...] = ()
    line: int = 0
    """Where the header stands, counted from 1."""


def table(
    records: Iterator[Found],
    known: Known,
    line: Callable[[], int],
    delimiter: str = "\t",
    comments: int = 0,
) -> Table:
    """The table that begins among some records. Raises PatientError where it has no header."""
    top = [(found, line()) for found in islice(records, TOP)]
    if not any(_may_begin(found) for found, _ in top):
        return Table((), iter(()))
    place = _header_at([found for found, _ in top], known)
    found, number = top[place]
    found = (isinstance(found, list) and unquoted(found)) or found
    if isinstance(found, Problem):
        raise PatientError("header", f"cannot be read: {found.reason}")
    if unreadable("".join(found)):
        problem = "is not text in UTF-8, or too long; say --encoding NAME (cp1252 from Excel)"
        raise PatientError("header", problem)
    beneath = [each for each, _ in top[place + 1 :]]
    with_units = _with_units(found, beneath)
    if with_units:
        found, beneath = with_units, beneath[1:]
    shape = _shape(found, beneath)
    above = comments + sum(_filled(each) > 0 for each, _ in top[:place])
    said = (*_said_above(above, number), *([_UNITS] if with_units else []), *shape.said)
    again = bool(beneath) and _is_second(beneath[0], known)
    second = [HEADER] * (again + bool(with_units))
    rows = _rows(chain(second, beneath[again:], records), shape, delimiter, known)
    return Table([shape.names[each] for each in shape.kept], rows, said, number)


def _is_second(found: Found, known: Known) -> bool:
    """Whether the row beneath the header names the columns once more, in other words."""
    return 1 < _filled(found) == _named(found, known)


_UNITS: Final = "the row beneath the header holds units: they are read as those of its columns"


def _with_units(header: Cells, beneath: Sequence[Found]) -> Cells | None:
    """The header with the units of the row beneath it; None where that row is no such row."""
    below = beneath[0] if beneath else None
    return None if below is None or isinstance(below, Problem) else units_beneath(header, below)


def _said_above(above: int, number: int) -> tuple[str, ...]:
    if not above:
        return ()
    lines = "line above it is" if above == 1 else f"{above} lines above it are"
    return (f"line {number} is taken for the header, the {lines} passed over",)


def _header_at(top: Sequence[Found], known: Known) -> int:
    """Which row is the header: the first that is as wide as the table and may name columns."""
    filled = [_filled(each) for each in top]
    first = next(place for place, found in enumerate(top) if _may_begin(found))
    found = top[first]
    if isinstance(found, Problem) or unreadable("".join(found)) or _named(found, known) > 1:
        return first
    wide = [place for place, count in enumerate(filled) if 2 * count >= max(filled)]
    if not wide:
        return first
    first = wide[0]
    for place in wide[1:]:
        names = _named(top[place], known)
        surely = names > 1 and 2 * names >= filled[place]
        if surely and not _named(top[first], known) and filled[place] > filled[first]:
            return place
    return first


def _may_begin(found: Found) -> bool:
    return isinstance(found, Problem) or _filled(found) > 0


def _named(found: Found, known: Known) -> int:
    """How many cells are names of columns for sure."""
    return 0 if isinstance(found, Problem) else sum(known(cell) > 1 for cell in found)


def _filled(found: Found) -> int:
    if isinstance(found, Problem):
        return 0
    return sum(bool(cell.strip(BLANK)) for cell in found)


class _Shape(NamedTuple):
    """How the rows of a table are cut."""

    raw: Cells
    names: Cells
    """As in the file, cleaned; none at the end is without a name."""
    kept: tuple[int, ...]
    """Places of the columns that are a table's."""
    blank: tuple[int, ...]
    """Places of columns without a name in which nothing should stand."""
    said: tuple[str, ...]
    widest: int
    """Cells that a row may have, the last of them empty: delimiters behind every row."""
    numbers: tuple[int, ...] = ()
    """Places of columns that hold numbers alone as far as the table is looked at."""


def _shape(raw: Cells, beneath: Sequence[Found]) -> _Shape:
    names = [cleaned(each) for each in raw]
    rows = [each for each in beneath if not isinstance(each, Problem)]
    nameless = [place for place, name in enumerate(names) if not name]
    index = nameless[:1] == [0] and _counts([row[0] for row in rows if row])
    empty = tuple(place for place in nameless if not _stands(place, rows))
    while names and len(names) - 1 in empty:
        names.pop()
    blank = tuple(place for place in empty if place < len(names))
    left = {*blank, *([0] if index else [])}
    said = ("the first column has no name and numbers the rows: it is left out",) if index else ()
    kept = tuple(place for place in range(len(names)) if place not in left)
    usual = {len(row) for row in rows if any(cell.strip(BLANK) for cell in row)}
    widest = max(len(raw), min(usual, default=0))
    return _Shape(raw, names, kept, blank, said, widest, _of_numbers(kept, rows))


def _of_numbers(kept: Sequence[int], rows: Sequence[Cells]) -> tuple[int, ...]:
    """Columns of which the first cell is a number, but for that of ids."""
    first = next((row for row in rows if sum(map(bool, row)) > 1), [])
    return tuple(each for each in kept[1:] if each < len(first) and _NUMBER.fullmatch(first[each]))


def _has_words(cells: Cells, shape: _Shape) -> bool:
    """Whether a row is like a header that is not known: words, also where there are numbers.

    One column of numbers is not enough: a word may stand in place of a number.
    """
    if len(cells) != len(shape.names) or len(shape.numbers) < _SURE:
        return False
    if not all(map(str.strip, cells)) or len({*cells}) < len(cells):
        return False
    words = [cells[each].strip() for each in shape.numbers]
    return all(
        len(each) > _SURE and each[0].isalpha() and not _states_no_number(each) for each in words
    )


def _states_no_number(word: str) -> bool:
    """Whether a word may stand in place of a number: none, not known, normal."""
    from lenrx.intake.cells.missing import missing
    from lenrx.intake.cells.numbers import is_in_words

    return missing("egfr", word) or is_in_words(word)


_SURE: Final = 2
_NUMBER: Final = re.compile(r"\s*[<>]?=?\s*\d+(?:[.,]\d+)?\s*%?\s*")


def _stands(place: int, rows: Sequence[Cells]) -> bool:
    return any(place < len(row) and row[place].strip(BLANK) for row in rows)


def _counts(cells: Sequence[str]) -> bool:
    """Whether cells number the rows from 0 or 1, as pandas and R write them."""
    wanted = [str(place) for place in range(len(cells) + 1)]
    return len(cells) > 0 and list(cells) in (wanted[:-1], wanted[1:])


def _rows(
    records: Iterator[Found | Passed], shape: _Shape, delimiter: str, known: Known
) -> Iterator[Cells | Problem | Passed]:
    """The rows beneath a header, each as wide as it; what is no patient is passed."""
    width, last = len(shape.names), shape.raw[len(shape.names) - 1]
    whole, is_other = len(shape.kept) == width, False
    for cells in records:
        if not isinstance(cells, list):
            yield cells
            continue
        text = "".join(cells)
        if '="' in text and (plain := unquoted(cells)):
            cells[:], text = plain, "".join(plain)
        if is_other or not _DIGIT.search(text):
            # Names of columns have no digits but for a few: others need not be looked up.
            is_other = _is_other(cells, shape, known) or (
                (is_other or _has_words(cells, shape)) and not _is_header(cells, shape)
            )
        if is_other and text.strip(BLANK):
            yield _OTHER
        elif len(cells) != width and (other := _trimmed(cells, text, shape, delimiter)):
            yield other
        elif not text or not text.strip(BLANK):
            yield EMPTY
        elif (not text.isascii() or "\0" in text) and (problem := unreadable(text)):
            yield problem
        elif may_be_footer(cells, text) and (under := footer(cells, width)):
            yield under
        elif cells[-1] == last and _is_header(cells, shape):
            yield HEADER
        elif type(cells) is Spread and _swallowed(cells, width, delimiter):
            yield _broken(cells)
        elif whole:
            yield cells
        elif any(cells[place].strip(BLANK) for place in shape.blank):
            yield Problem("row", "has a cell in a column without a name: name it", "row")
        else:
            yield [cells[place] for place in shape.kept]


def _is_header(cells: Cells, shape: _Shape) -> bool:
    """Whether a row is the header of its table again."""
    names = [cleaned(each) for each in cells]
    return names[: len(shape.names)] == shape.names and not any(names[len(shape.names) :])


def _is_other(cells: Cells, shape: _Shape, known: Known) -> bool:
    """Whether a row is the header of another table, which stands beneath this one."""
    return heads(cells, known) and not _is_header(cells, shape)


def _trimmed(cells: Cells, text: str, shape: _Shape, delimiter: str) -> Problem | Passed | None:
    """Make a row as wide as the header, where only empty cells are too many."""
    width = len(shape.names)
    count = len(cells)
    if not text.strip(BLANK):
        return EMPTY
    if problem := unreadable(text):
        return problem
    if width < count <= shape.widest and not any(map(str.strip, cells[width:])):
        del cells[width:]
        return None
    if count == 1 and cells[0].lstrip(BLANK).startswith("#"):
        return COMMENT
    if type(cells) is Spread and _swallowed(cells, width, delimiter):
        return _broken(cells)
    if found := footer(cells, width):
        return found
    return Problem("row", _ragged(cells, width, delimiter), "row")


def _ragged(cells: Cells, width: int, delimiter: str) -> str:
    """How many cells a row has, and whether another delimiter would make it whole."""
    for sign, name in DELIMITERS.items():
        if len(cells) == 1 and sign != delimiter and cells[0].count(sign) + 1 == width:
            header = DELIMITERS.get(delimiter, repr(delimiter))
            return f"is parted by {name}, the header by {header}: write all rows alike"
    return f"has {len(cells)} cell{'s' * (len(cells) > 1)} where the header has {width}"


def _swallowed(cells: Spread, width: int, delimiter: str) -> bool:
    """Whether a quoted cell holds lines that are rows, for all one can tell.

    A comma of a sentence has a space behind it; that of a row has none.
    """
    tight = re.compile(rf"{re.escape(delimiter)}(?! )")
    for place, cell in enumerate(cells):
        parts = [len(tight.findall(line)) + 1 for line in re.split(r"\r\n|\r|\n", cell)]
        if len(parts) < 2:
            continue
        ends = (place + parts[0], parts[-1] + len(cells) - place - 1)
        if ends == (width, width) or (width > 2 and width in parts[1:-1]):
            return True
    return False


def _broken(cells: Spread) -> Problem:
    where = f"lines {cells.first} to {cells.last} of the file"
    reason = f"a quoted cell holds lines that look like rows ({where}): close its quote, or part it"
    return Problem("row", reason, "row", lines=cells.last - cells.first + 1)
