"""A file of courses of any form that patients come in: its columns, its rows, what was passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from lenrx.intake.column_map import NO_MAP
from lenrx.intake.courses.names import ranked
from lenrx.intake.delimited import named, text_table
from lenrx.intake.lines import head_of
from lenrx.intake.ndjson import objects_of
from lenrx.intake.rows import FOOTER, Passed, Problem, Row
from lenrx.intake.tables.form import ENDINGS, form_of
from lenrx.intake.tables.names import Known, cleaned
from lenrx.patient.patient import PatientError


class Opened(NamedTuple):
    """The columns of a file, its rows, and how it was read."""

    header: Sequence[str]
    rows: Iterable[Mapping[str, Any]]
    said: tuple[str, ...] = ()
    passed: Sequence[Passed] = ()
    """Totals and notes, once all rows were read."""


def opened(path: str, source: BinaryIO, encoding: str, names: Iterable[str]) -> Opened:
    """A file of any form that patients come in. Raises PatientError."""
    by = _known(frozenset(names))
    form = form_of(head_of(source), ENDINGS.get(Path(path).suffix.lower()), encoding, by)
    if form.kind == "parquet":
        from lenrx.intake.parquet import columns_of, parquet

        columns = columns_of(source)
        return Opened(columns, _sound(parquet(source, {name: name for name in columns})))
    if form.kind in ("ndjson", "json"):
        objects = list(_sound(objects_of(source, form.kind, form.encoding, NO_MAP)))
        return Opened(list(dict.fromkeys(name for row in objects for name in row)), objects)
    if form.kind == "excel":
        from lenrx.intake.tables.workbook import workbook_table

        table = workbook_table(source, by)
    else:
        table = text_table(source, form.kind, form.encoding, by)
    passed = list[Passed]()
    rows = _sound(named(table.cells, table.header), passed)
    return Opened(table.header, rows, (*form.said, *table.said), passed)


def _known(names: frozenset[str]) -> Known:
    """What tells a name of a column of courses from any other text."""
    return lambda name: 2 if cleaned(name) in names or ranked(cleaned(name)) else 0


def _sound(rows: Iterable[Row], passed: list[Passed] | None = None) -> Iterator[Mapping[str, Any]]:
    """The rows that say something. Raises PatientError for one that cannot be read."""
    for number, row in enumerate(rows, start=1):
        if isinstance(row, Problem):
            raise PatientError(f"row {number}", row.reason)
        if not isinstance(row, Passed):
            yield row
        elif row == FOOTER and passed is not None:
            passed.append(row)
