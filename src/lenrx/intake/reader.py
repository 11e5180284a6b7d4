"""Patients from rows: cell by cell; a cell that was read once is not read again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from lenrx.catalogue.fields import NUMERIC
from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import CellError, CellReading, as_text, read_cell
from lenrx.intake.cells import said as said_as
from lenrx.intake.cells.base import EVERY, Values
from lenrx.intake.cells.lists import DrugLists
from lenrx.intake.cells.spellings.unwritten import DITTO, repeats
from lenrx.intake.columns.column import (
    ASKED,
    MISSING,
    MISSING_CODES,
    NEVER_LEFT,
    Column,
    code,
    field_of,
)
from lenrx.intake.dates import DATED, months_of, too_late
from lenrx.intake.rows import (
    PLAN_NAMES,
    TREATMENTS,
    UNCALCULATED,
    Code,
    Damaged,
    Doubted,
    Problem,
)
from lenrx.patient.patient import (
    DRUG_LISTS,
    FIELDS,
    LISTED,
    LONGEST_TEXT,
    TOO_LONG,
    UNSTATED,
    Patient,
    PatientError,
    field_name,
    known_field,
)

KEPT_CELLS: Final = 5_500
"""Different cells of one column that are kept read; then that column begins anew."""
LONG_CELL: Final = 200
"""Letters; a longer cell is read anew each time, so that what is kept stays small."""
LONG_WORD: Final = 60
"""Letters that an error shows of a cell."""
_PLAIN: Final = (str, int)
_UNITED: Final = (*LISTED, "expanded", "unsure", "kept", ASKED, DATED, EVERY)
"""What several cells of a row may add to."""
_TWICE: Final = "stated in two ways by the row; correct one"


class Reading(NamedTuple):
    """What came of the cells of one row."""

    patient: Patient | None
    """None where there is any problem."""
    said: tuple[tuple[str, str], ...]
    """Fields, and how what is not literal in them was read."""
    problems: tuple[Problem, ...]
    left: tuple[str, ...] = ()
    """Fields of cells that could not be read and count as not stated."""


class RowReader:
    """Patients from rows; a cell that was read once is not read again."""

    def __init__(
        self,
        catalogue: Catalogue,
        region: str | None = None,
        as_of: str | None = None,
        *,
        from_baseline: bool = False,
        leave_unread: bool = False,
    ) -> None:
        self._catalogue, self._region, self._leave_unread = catalogue, region, leave_unread
        self._as_of, self._from_baseline = as_of, from_baseline
        self._lists = DrugLists(catalogue, read_cell)
        self._cells: dict[Any, dict[Any, CellReading | Problem]] = {name: {} for name in FIELDS}

    def read(self, row: Mapping[Any, Any]) -> Reading:
        """The patient of a row, how its cells were read, and what could not be read."""
        values: dict[str, Any] = {}
        said: list[tuple[str, str]] = []
        problems: list[Problem] = []
        left: list[str] = []
        cells, courses = self._cells, None
        for field, cell in row.items():
            if (cell == "" or cell is None) and type(field) is str:
                continue
            try:
                found = cells[field][cell] if type(cell) in _PLAIN else None
            except KeyError:
                found = None
            if found is None:
                if field == TREATMENTS:
                    courses = cell
                    continue
                if field in PLAN_NAMES:
                    continue
                if field not in cells and _is_unit_column(field):
                    return self._with_units(row)
                found = _spelled_twice(field, cell, row)
                if found is None:
                    named = field == "id" and type(cell) is str
                    found = _id(cell) if named else self._cell(field, cell)
            if isinstance(found, Problem):
                if not self._may_be_left(field, found):
                    problems.append(found)
                    continue
                found = self._left(field, cell, found)
                left.append(field_of(field))
            stated, words = found
            if words:
                name = field if type(field) is str else field_of(field)
                said += [(name, each) for each in words]
            for name, value in stated:
                if name not in values:
                    values[name] = value
                elif name in _UNITED:
                    values[name] = tuple(sorted({*values[name], *value}))
                elif name == "history":
                    # A list that is complete but for one name is partial.
                    values[name] = "partial"
                elif values[name] != value:
                    problems.append(Problem(name, _TWICE, "stated-twice"))
        if DATED in values:
            problems += too_late(values, self._as_of)
        if ASKED in values:
            from lenrx.intake.columns.settling import settle

            told, wrong = settle(values)
            said, problems = said + told, problems + wrong
        if EVERY in values:
            from lenrx.intake.columns.settling import of_all

            told, wrong = of_all(values, self._catalogue)
            said, problems = said + told, problems + wrong
        if self._region:
            values.setdefault("region", self._region)
        patient = None if problems else Patient(**values)
        if patient is not None and courses is not None:
            patient = self._with_courses(patient, courses, said, problems)
        return Reading(patient, tuple(said), tuple(problems), tuple(left))

    def _with_units(self, row: Mapping[Any, Any]) -> Reading:
        """The patient of a row in which units have cells of their own."""
        from lenrx.intake.unit_columns import with_units

        try:
            return self.read(with_units(row))
        except PatientError as error:
            return Reading(None, (), (Problem(error.field, error.problem, "unknown-field"),))

    def _may_be_left(self, field: Any, problem: Problem) -> bool:
        """Whether a cell that cannot be read may count as not stated."""
        asked = self._leave_unread or (isinstance(field, Column) and field.unread == MISSING)
        return asked and problem.code == "unreadable" and problem.field not in NEVER_LEFT

    def _left(self, field: Any, cell: Any, problem: Problem) -> CellReading:
        """A cell that counts as not stated; of a column of one thing, that it is not known."""
        values: Values = ()
        if isinstance(field, Column):
            from lenrx.intake.columns.cells import nothing

            values = nothing(field, self._catalogue)
        of_run = problem.field == "region" and self._region
        so = f", so the {self._region} label of the run counts" if of_run else ""
        try:
            words = said_as(as_text(cell), f"not stated{so}; {problem.reason}")
        except CellError:
            words = f"a value that is no text counts as not stated{so}; {problem.reason}"
        return CellReading(values, (words,))

    def _with_courses(
        self,
        patient: Patient,
        courses: Any,
        said: list[tuple[str, str]],
        problems: list[Problem],
    ) -> Patient | None:
        """The patient with what the courses of the row give, or what is wrong with them."""
        from lenrx.intake.courses.record import recorded

        if isinstance(courses, Doubted):
            problems.append(Problem(TREATMENTS, courses.reason))
            return None
        day = patient.as_of or self._as_of
        try:
            found, words = recorded(
                patient, courses, self._catalogue, day, from_baseline=self._from_baseline
            )
        except PatientError as error:
            about = error.field == TREATMENTS
            code: Code = "unreadable" if about else "contradiction"
            problems.append(Problem(error.field, error.problem, code, error.value))
            return None
        said += [(TREATMENTS, each) for each in words]
        return found

    def _cell(self, field: Any, cell: Any) -> CellReading | Problem:
        known = self._cells.get(field)
        if known is None:
            if not isinstance(field, Column):
                return self._unnamed(field, cell)
            known = self._cells[field] = {}
        key = cell if type(cell) in _PLAIN else self._key(cell)
        try:
            found = known.get(key)
        except TypeError:
            return Problem(field, "must be text, a number or a list of words")
        if found is None:
            found = self._read(field, cell)
            if isinstance(found, CellReading) and (months := months_of(field_of(field), cell)):
                found = found._replace(values=(*found.values, (DATED, months)))
            if len(known) >= KEPT_CELLS:
                known.clear()
            if not isinstance(cell, str) or len(cell) <= LONG_CELL:
                known[key] = found
        return found

    def _read(self, field: Any, cell: Any) -> CellReading | Problem:
        named = isinstance(cell, str | int) and field_of(field) == "id"
        if named and len(str(cell)) > LONGEST_TEXT:
            return Problem("id", TOO_LONG)
        if isinstance(cell, Damaged) and not _is_code(field, cell):
            word = None if cell == UNCALCULATED else str(cell)[:LONG_WORD]
            return Problem(field_of(field), cell.reason, word=word)
        if isinstance(field, Column):
            return self._read_column(field, cell)
        listed = field in DRUG_LISTS and isinstance(cell, str) and self._lists.read(field, cell)
        if listed:
            return listed
        try:
            return read_cell(field, cell, self._catalogue)
        except CellError as error:
            return Problem(field, _hinted(field, cell, str(error)), word=error.word)

    def _read_column(self, column: Column, cell: Any) -> CellReading | Problem:
        from lenrx.intake.columns.cells import read_column

        try:
            return read_column(column, cell, self._catalogue)
        except CellError as error:
            reason = _hinted(column.field, cell, str(error))
            return Problem(column.field, reason, word=error.word)

    @staticmethod
    def _key(cell: Any) -> tuple[Any, ...]:
        """What is neither text nor a whole number goes by its type too: True is not 1."""
        return (*cell, list) if isinstance(cell, list) else (cell, type(cell))

    def _unnamed(self, written: str, cell: Any) -> CellReading | Problem:
        """A field by one of its other names; a row of JSON has no header to be checked once."""
        from lenrx.intake.columns.headers import certain

        try:
            return self._cell(certain(written) or field_name(written), cell)
        except PatientError as error:
            return Problem(error.field, error.problem, "unknown-field")


def read_patient(
    raw: Mapping[str, Any], catalogue: Catalogue
) -> tuple[Patient, tuple[tuple[str, str], ...]]:
    """One patient by the readers of a table's cells, and what was read other than literally.

    Raises PatientError at the first field that cannot be read.
    """
    patient, said, problems, _ = RowReader(catalogue).read(raw)
    if patient is None:
        first = problems[0]
        raise PatientError(first.field, first.reason, first.word)
    return patient, said


def _is_unit_column(field: Any) -> bool:
    from lenrx.intake.unit_columns import is_unit_column

    return is_unit_column(field)


def _is_code(field: Any, cell: str) -> bool:
    """Whether a cell is one of the codes for not known that its column states."""
    return isinstance(field, Column) and code(cell) in map(code, field.missing)


_SPOILED: Final = re.compile(
    r"\d(?:[.,]\d+)?E\+\d{2,}|#+|#(?:REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!)"
)
"""An id as a spreadsheet spoils it: a long number shortened, or what stands in place of a value."""


def _id(cell: str) -> CellReading | Problem:
    """An id is not kept: no other row is likely to have it."""
    text = cell.strip()
    if _SPOILED.fullmatch(text):
        reason = "a spreadsheet has shortened or lost the id; format its column as text, fill anew"
        return Problem("id", reason, word=text)
    if len(text) > LONGEST_TEXT:
        return Problem("id", TOO_LONG)
    if text and not (text[0].isalnum() and text[-1].isdigit()) and repeats(text):
        return Problem("id", DITTO, word=text)
    return CellReading(() if text.lower() in UNSTATED else (("id", text),))


def _hinted(field: str, cell: Any, reason: str) -> str:
    """A reason, with the remedy where a number may be one that forms write for not known."""
    text = str(cell).strip()
    if field not in NUMERIC or len(text) > _LONGEST_CODE or code(text) not in MISSING_CODES:
        return reason
    return f"{reason}; it may be a code for not known: say missing: [{text}] in the map, or " + (
        f"--missing {text}" if text[0] != "-" else f"--missing={text}"
    )


_LONGEST_CODE: Final = 7


def _spelled_twice(written: Any, cell: Any, row: Mapping[Any, Any]) -> Problem | None:
    """That a row has a field under two spellings of its name, and they do not say the same."""
    field = known_field(written) if isinstance(written, str) else None
    if field is None or field == written:
        return None
    before = True
    for other, stated in row.items():
        before = before and other != written
        if not isinstance(other, str) or known_field(other) != field:
            continue
        if not before and other != field:
            continue
        if stated not in (cell, "", None):
            reason = f"stated by {other!r} and by {written!r}, which differ; keep one"
            return Problem(field, reason, "stated-twice")
    return None
