"""A table of courses beside the patients, joined to them by id, or in place of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from lenrx.intake.courses.table import CourseTable, plain, read_table
from lenrx.intake.rows import TREATMENTS, Doubted, Passed, Problem, Row, plain_id


class Joined(NamedTuple):
    """How the courses and the patients went together."""

    patients: int
    """Ids of the table of courses."""
    unmatched: int
    """Of these, how many are of no row."""
    without: int
    """Rows without a course."""


@lru_cache(maxsize=1)
def table_of(
    path: str, encoding: str, columns: tuple[tuple[str, str], ...], baseline: bool
) -> CourseTable:
    """The courses of a file, read once by each process. Raises PatientError."""
    return read_table(path, encoding, dict(columns), from_baseline=baseline)


def alone(table: CourseTable) -> Iterator[Row]:
    """A row for each patient of the table."""
    for name in table.ids:
        yield {"id": name, TREATMENTS: _doubt(name, table) or table.of(name)}
    table.met, table.without = set(table.ids), 0


def _doubt(name: str, table: CourseTable) -> Doubted | None:
    """That it is not plain which courses of a table are those of a patient."""
    reason = table.doubted.get(name)
    return Doubted.of(name, reason) if reason else None


def joined(rows: Iterator[Row], table: CourseTable) -> Iterator[Row]:
    """The rows of patients, each with its courses."""
    met, without = set[str](), 0
    for row in rows:
        if isinstance(row, Problem | Passed):
            yield row
            continue
        name = plain(plain_id(row) or "")
        courses = table.of(name) if name else None
        if courses is None:
            without += 1
            yield row
            continue
        met.add(name)
        if doubt := _doubt(name, table):
            yield {**row, TREATMENTS: doubt}
        elif row.get(TREATMENTS):
            problem = "stated in the row and in the table of courses; keep one"
            yield Problem(TREATMENTS, problem, "stated-twice")
        else:
            yield {**row, TREATMENTS: courses}
    table.met, table.without = met, without


def how_joined(table: CourseTable, rows: Callable[[], Iterator[Row]]) -> Joined:
    """How many ids met. `rows` are read once more where another process read them."""
    if table.met is None:
        for _ in rows():
            pass
    return Joined(len(table), len(table) - len(table.met or ()), table.without)
