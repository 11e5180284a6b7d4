"""Batch review: rows in, one result or one error per row out, in order.

Nothing is held but the row at hand, so memory does not grow with the table.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from sys import intern
from typing import Any, Final, NamedTuple

from lenrx.batch.kept import Kept
from lenrx.batch.outcome import Outcome, of_answer
from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import CellError, CellReading, read_cell
from lenrx.patient.patient import (
    DRUG_LISTS,
    FIELDS,
    UNSTATED,
    WORD_LISTS,
    Patient,
    PatientError,
    field_name,
)
from lenrx.patient.state import PatientWarning
from lenrx.rules.assessment import assess

Assess = Callable[[Patient], Outcome]
"""How one patient is answered: `slices.Review(...).outcome`, or the plain engine."""
KEPT_CELLS: Final = 900
"""Different cells of a column that are kept read, in a generation."""
FIRST_IDS: Final = 1 << 17
"""Places for ids that are taken at once: a hundred thousand need no more."""
LONG_CELL: Final = 1_000
"""Letters; a longer cell is read anew each time, so that what is kept stays small."""
_PLAIN: Final = (str, int)
_UNITED: Final = (*DRUG_LISTS, *WORD_LISTS, "expanded", "unsure")
"""What several cells of a row may add to."""


class Problem(NamedTuple):
    """What is wrong with a row: the field and the reason, never the value."""

    field: str
    reason: str


Row = Mapping[str, Any] | Problem


class Result(NamedTuple):
    """What came of one row; `outcome` is None when it could not be read."""

    row: int
    id: str | None
    readings: tuple[tuple[str, str], ...] = ()
    """What was not read literally: field, and how it was read."""
    warnings: tuple[PatientWarning, ...] = ()
    outcome: Outcome | None = None
    problems: tuple[Problem, ...] = ()


def plain(catalogue: Catalogue, **how: Any) -> Assess:
    """The engine of `recommend`, patient by patient: slow, and the measure of the other."""
    return lambda patient: of_answer(assess(catalogue, patient, **how))


class Reader:
    """Patients from rows; a cell that was read once is not read again."""

    def __init__(self, catalogue: Catalogue, region: str | None = None) -> None:
        self._catalogue, self._region = catalogue, region
        self._cells = {field: Kept[Any, CellReading | Problem](KEPT_CELLS) for field in FIELDS}

    def read(self, row: Mapping[str, Any]) -> tuple[Patient | None, Any, list[Problem]]:
        """The patient of a row, how its cells were read, and what could not be read."""
        values: dict[str, Any] = {}
        said: list[tuple[str, str]] = []
        problems: list[Problem] = []
        cells = self._cells
        for field, cell in row.items():
            if cell == "" or cell is None:
                continue
            try:
                found = cells[field][cell] if type(cell) in _PLAIN else self._cell(field, cell)
            except KeyError:
                named = field == "id" and type(cell) is str
                found = _id(cell) if named else self._cell(field, cell)
            if isinstance(found, Problem):
                problems.append(found)
                continue
            if found.said:
                said += [(field, each) for each in found.said]
            for name, value in found.values:
                if name not in values:
                    values[name] = value
                elif name in _UNITED:
                    values[name] = tuple(sorted({*values[name], *value}))
                elif values[name] != value:
                    problems.append(Problem(name, "stated in two ways by the row; correct one"))
        if self._region:
            values.setdefault("region", self._region)
        return (None if problems else Patient(**values)), tuple(said), problems

    def _cell(self, field: str, cell: Any) -> CellReading | Problem:
        key = cell if type(cell) in _PLAIN else self._key(cell)
        known = self._cells.get(field)
        if known is None:
            return self._unnamed(field, cell)
        try:
            found = known.find(key)
        except TypeError:
            return Problem(field, "must be text, a number or a list of words")
        if found is None:
            try:
                found = read_cell(field, cell, self._catalogue)
            except CellError as error:
                found = Problem(field, str(error))
            if not isinstance(cell, str) or len(cell) <= LONG_CELL:
                known.keep(_shared(key), found)
        return found

    @staticmethod
    def _key(cell: Any) -> tuple[Any, ...]:
        """What is neither text nor a whole number goes by its type too: True is not 1."""
        return (*cell, list) if isinstance(cell, list) else (cell, type(cell))

    def _unnamed(self, written: str, cell: Any) -> CellReading | Problem:
        """A field by one of its other names; a row of JSON has no header to be checked once."""
        try:
            field = field_name(written)
        except PatientError as error:
            return Problem(error.field, error.problem)
        return self._cell(field, cell)


def _shared(key: Any) -> Any:
    """A key whose words are the same objects as in other keys: lists name the same drugs."""
    if not isinstance(key, tuple):
        return key
    return tuple([intern(each) if type(each) is str else each for each in key])


def _id(cell: str) -> CellReading:
    """An id is not kept: no other row is likely to have it."""
    text = cell.strip()
    return CellReading(() if text.lower() in UNSTATED else (("id", text),))


def review(
    rows: Iterable[Row], reader: Reader, assessed: Assess, first: int = 1, ids: Ids | None = None
) -> Iterator[Result]:
    """One result per row, in order; rows are counted from `first`."""
    ids = ids or Ids()
    for number, row in enumerate(rows, start=first):
        yield _result(number, row, reader, assessed, ids)


def _result(number: int, row: Row, reader: Reader, assessed: Assess, ids: Ids) -> Result:
    if isinstance(row, Problem):
        return Result(number, None, problems=(row,))
    name = plain_id(row)
    before = ids.before(name, number) if name else None
    warned = (_repeated(before),) if before else ()
    patient, said, problems = reader.read(row)
    if patient is None:
        return Result(number, name, said, warned, problems=tuple(problems))
    try:
        outcome = assessed(patient)
    except PatientError as error:
        problem = Problem(error.field, error.problem)
        return Result(number, name, said, warned, problems=(problem,))
    return Result(number, patient.id, said, (*outcome.warnings, *warned), outcome)


def _repeated(row: int) -> PatientWarning:
    return PatientWarning("duplicate-id", f"the id stands in row {row} too", ("id",))


def plain_id(row: Mapping[str, Any]) -> str | None:
    """The id of a row, whatever else is in it; under any name of its field."""
    found = row.get("id")
    if found is None:
        found = next((row[key] for key in row if str(key).strip().lower() == "id"), None)
    if not isinstance(found, str | int | float) or isinstance(found, bool):
        return None
    text = str(found).strip()
    return None if text.lower() in UNSTATED else text


class Ids:
    """The ids seen so far, as digests in two arrays: a set of texts would take far more."""

    def __init__(self) -> None:
        self.twice = self._count = 0
        self._marks, self._rows = _zeros("Q", FIRST_IDS), _zeros("I", FIRST_IDS)

    def before(self, name: str, row: int) -> int | None:
        """The row in which this id stood already; else None, and it is remembered."""
        mark = hash(name) & _MARKS or 1
        place = self._place(mark)
        if self._marks[place]:
            self.twice += 1
            return self._rows[place]
        self._marks[place], self._rows[place] = mark, row
        self._count += 1
        if 5 * self._count > 4 * len(self._marks):
            self._grow()
        return None

    def _place(self, mark: int) -> int:
        place = mark % len(self._marks)
        while self._marks[place] not in (0, mark):
            place = (place + 1) % len(self._marks)
        return place

    def _grow(self) -> None:
        marks, rows = self._marks, self._rows
        size = len(marks) * 3 // 2
        self._marks, self._rows = _zeros("Q", size), _zeros("I", size)
        for mark, row in zip(marks, rows, strict=True):
            if mark:
                place = self._place(mark)
                self._marks[place], self._rows[place] = mark, row


def _zeros(kind: str, count: int) -> array[int]:
    return array(kind, [0]) * count


_MARKS: Final = (1 << 64) - 1
