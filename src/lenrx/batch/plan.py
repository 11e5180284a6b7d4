"""The plan of a run: which file, which columns, how every row is asked, what is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple

from lenrx.intake.column_map import ColumnMap, fields_of
from lenrx.intake.columns.column import Key
from lenrx.intake.delimited import delimited, fielded
from lenrx.intake.ndjson import ndjson
from lenrx.intake.rows import Problem, Row

if TYPE_CHECKING:
    from lenrx.intake.courses.table import CourseTable

Form = Literal["ndjson", "csv", "parquet"]
Detail = Literal["ids", "brief", "reasons"]


class Plan(NamedTuple):
    """All that a run needs to know; the same in every process."""

    source: str
    input_form: str
    how: tuple[tuple[str, Any], ...]
    """How every row is asked: as_of, strict, on_label, and the region of rows that state none."""
    columns: ColumnMap = ColumnMap({}, frozenset())
    ignore_other: bool = False
    encoding: str = "utf-8"
    catalogue: str | None = None
    formulary: str | None = None
    form: Form = "ndjson"
    detail: Detail = "ids"
    long: bool = False
    """One line for each patient and regimen."""
    courses: str | None = None
    """A long table of courses; where it is the source too, its ids are the patients."""
    course_columns: tuple[tuple[str, str], ...] = ()
    """Fields of a course and the columns that they are taken from."""
    baseline: bool = False
    """Whether whole numbers in courses are days from a baseline."""


def rows(plan: Plan, source: BinaryIO) -> Iterator[Row]:
    """The rows of the planned file. Raises PatientError where the header cannot be used."""
    if not plan.courses:
        return _rows(plan, source)
    from lenrx.intake.courses.beside import alone, joined

    table = course_table(plan)
    return alone(table) if plan.courses == plan.source else joined(_rows(plan, source), table)


def course_table(plan: Plan) -> CourseTable:
    """The table of courses of a plan. Raises PatientError."""
    from lenrx.intake.courses.beside import table_of

    return table_of(plan.courses or "", plan.encoding, plan.course_columns, plan.baseline)


def _rows(plan: Plan, source: BinaryIO) -> Iterator[Row]:
    if plan.input_form == "ndjson":
        return ndjson(source, plan.columns, plan.ignore_other, plan.encoding)
    if plan.input_form == "parquet":
        from lenrx.intake.parquet import columns_of, parquet

        return parquet(source, named(plan, columns_of(source)))
    header, cells = delimited(source, plan.input_form, plan.encoding)
    return fielded(cells, fields_of(header, plan.columns, plan.ignore_other))


def named(plan: Plan, header: Sequence[str]) -> dict[str, Key]:
    """The columns of a header that have a field."""
    fields = fields_of(header, plan.columns, plan.ignore_other)
    return {name: field for name, field in zip(header, fields, strict=True) if field}


def row_count(plan: Plan) -> int:
    """How many rows the planned file has."""
    with Path(plan.source).open("rb") as source:
        return sum(1 for _ in rows(plan, source))


def header_and_cells(plan: Plan, source: BinaryIO) -> tuple[Sequence[str], Iterator[list[str]]]:
    """The columns as written and the readable rows of their cells, without any map."""
    if plan.input_form == "parquet":
        from lenrx.intake.parquet import columns_of, parquet

        names: Sequence[str] = columns_of(source)
        return names, (_texts(row, names) for row in parquet(source, {n: n for n in names}))
    if plan.input_form == "ndjson":
        seen = islice(ndjson(source, ColumnMap({}, frozenset()), False, plan.encoding), 500)
        objects = [row for row in seen if not isinstance(row, Problem)]
        names = list(dict.fromkeys(name for row in objects for name in row))
        return names, (_texts(row, names) for row in objects)
    header, cells = delimited(source, plan.input_form, plan.encoding)
    return header, (row for row in cells if not isinstance(row, Problem))


def _texts(row: Row, names: Sequence[str]) -> list[str]:
    values = {} if isinstance(row, Problem) else row
    return [_text(values.get(name)) for name in names]


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    return "" if value is None else str(value)
