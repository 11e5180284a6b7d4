"""The table of courses of `lenrx batch`: which file, which columns, what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from lenrx.cli.cohort.input import unreadable
from lenrx.cli.terminal import fail

if TYPE_CHECKING:
    from lenrx.batch.plan import Plan
    from lenrx.intake.rows import Row


def readable(courses: str | None) -> None:
    """Stop where the table is not there, or not to be read."""
    if courses is None:
        return
    if problem := unreadable(courses):
        fail(f"{courses}: {problem}")


def columns(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Fields of a course and the columns that they are taken from."""
    from lenrx.catalogue.names import nearest_of
    from lenrx.intake.courses.names import course_field
    from lenrx.patient.courses import KEYS

    found: dict[str, str] = {}
    for text in texts:
        field, sign, column = text.partition("=")
        name = course_field(field)
        if not sign or name is None:
            near = nearest_of(field, KEYS) if sign else ""
            fail(f"--course-column {text}: write field=Column, such as drugs=Regimen{near}")
        found[name] = column.strip()
    return tuple(found.items())


def tell(plan: Plan, rows: int) -> None:
    """How the courses and the patients went together, on stderr."""
    from lenrx.batch.plan import course_table
    from lenrx.batch.plan import rows as rows_of
    from lenrx.intake.courses.beside import how_joined

    table = course_table(plan)

    def again() -> Iterator[Row]:
        with Path(plan.source).open("rb") as source:
            yield from rows_of(plan, source)

    found = how_joined(table, again)
    words = [f"{table.rows} courses of {found.patients} patients", *table.notes()]
    if found.unmatched:
        no_row = f"{found.unmatched} of {found.patients} patients have no row; their courses"
        words.append(f"{no_row} were not used")
    if found.without:
        words.append(f"{found.without} of {rows} rows have no course")
    for each in words:
        typer.echo(f"lenrx: courses: {each}", err=True)
