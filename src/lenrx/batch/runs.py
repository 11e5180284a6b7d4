"""A review of a whole file: the plan of it, its rows, the engine, results as a stream."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from lenrx.batch.chart_review import Ids, Problem, Reader, Result, Row, plain, review
from lenrx.batch.output import Lines, header, short
from lenrx.batch.slices import Review
from lenrx.batch.summary import Tally
from lenrx.batch.sums import REGIMENS
from lenrx.catalogue.loading import load
from lenrx.intake import rows as tables
from lenrx.intake.column_map import ColumnMap, fields_of

NOW_AND_THEN: Final = 64
"""Rows of a stream between two words of its progress."""
Watch = Callable[[int], None]
"""Told now and then how many rows are done."""
Write = Callable[[bytes], object]


class Plan(NamedTuple):
    """All that a run needs to know; the same in every process."""

    source: str
    form: str
    how: tuple[tuple[str, Any], ...]
    """How every row is asked: as_of, strict, on_label, and the region of rows that state none."""
    columns: ColumnMap = ColumnMap({}, frozenset())
    ignore_other: bool = False
    encoding: str = "utf-8"
    catalogue: str | None = None
    formulary: str | None = None
    engine: str = "slices"
    as_csv: bool = False


def rows(plan: Plan, source: BinaryIO) -> Iterator[Row]:
    """The rows of the planned file. Raises PatientError where the header cannot be used."""
    if plan.form == "ndjson":
        return tables.ndjson(source, plan.columns, plan.ignore_other, plan.encoding)
    if plan.form == "parquet":
        from lenrx.batch.arrow import columns_of

        return tables.parquet(source, named(plan, columns_of(source)))
    header, cells = tables.delimited(source, plan.form, plan.encoding)
    return tables.fielded(cells, fields_of(header, plan.columns, plan.ignore_other))


def named(plan: Plan, header: Sequence[str]) -> dict[str, str]:
    """The columns of a header that have a field."""
    fields = fields_of(header, plan.columns, plan.ignore_other)
    return {name: field for name, field in zip(header, fields, strict=True) if field}


class Engine:
    """A catalogue and an engine on it, ready to take rows."""

    def __init__(self, plan: Plan) -> None:
        self.catalogue = load(Path(plan.catalogue) if plan.catalogue else None)
        how: dict[str, Any] = dict(plan.how)
        region = how.pop("region", None)
        if plan.formulary:
            from lenrx.catalogue.formulary import load_formulary

            how["formulary"] = load_formulary(Path(plan.formulary), self.catalogue)
        if plan.engine == "plain" or len(self.catalogue.regimens) > REGIMENS:
            self._assessed = plain(self.catalogue, **how)
        else:
            self._assessed = Review(self.catalogue, **how).outcome
        self._reader = Reader(self.catalogue, region)
        self.error_line = Lines(self.catalogue).line
        self.line = short if plan.as_csv else self.error_line

    def results(
        self, found: Iterable[Row], first: int = 1, ids: Ids | None = None
    ) -> Iterator[Result]:
        """One result per row."""
        return review(found, self._reader, self._assessed, first, ids)


def header_and_rows(plan: Plan, source: BinaryIO) -> tuple[Sequence[str], Iterator[list[str]]]:
    """The columns as written and the readable rows of their cells, without any map."""
    if plan.form == "parquet":
        from lenrx.batch.arrow import batches_of, columns_of, rows_of

        names = columns_of(source)
        same = {name: name for name in names}
        found = (row for batch in batches_of(source, names) for row in rows_of(batch, same))
        return names, (_texts(row, names) for row in found)
    if plan.form == "ndjson":
        seen = islice(tables.ndjson(source, ColumnMap({}, frozenset()), False, plan.encoding), 500)
        objects = [row for row in seen if not isinstance(row, Problem)]
        names = list(dict.fromkeys(name for row in objects for name in row))
        return names, (_texts(row, names) for row in objects)
    header, cells = tables.delimited(source, plan.form, plan.encoding)
    return header, (row for row in cells if not isinstance(row, Problem))


def _texts(row: Row, names: Sequence[str]) -> list[str]:
    values = {} if isinstance(row, Problem) else row
    return [_text(values.get(name)) for name in names]


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    return "" if value is None else str(value)


def row_count(plan: Plan) -> int:
    """How many rows the planned file has."""
    with Path(plan.source).open("rb") as source:
        return sum(1 for _ in rows(plan, source))


def stream(
    plan: Plan, source: BinaryIO, out: BinaryIO, errors: BinaryIO | None, watch: Watch
) -> Tally:
    """Review a source straight into `out`, row by row."""
    engine, tally = Engine(plan), Tally()
    if plan.as_csv:
        out.write(header())
    for result in engine.results(rows(plan, source)):
        put(result, engine, tally, out.write, errors.write if errors else None)
        if result.row % NOW_AND_THEN == 0:
            watch(result.row)
    return tally


def to_parquet(
    plan: Plan, source: BinaryIO, output: Path, errors: Path | None, watch: Watch
) -> Tally:
    """Review a source into a Parquet file, which is there whole or not at all."""
    from lenrx.batch import arrow

    tally, beside = Tally(), output.with_name(f"{output.name}.new")
    if plan.form == "parquet":
        wanted = list(named(plan, arrow.columns_of(source)))
        found = arrow.review_batches(arrow.batches_of(source, wanted), plan, tally)
    else:
        found = arrow.review_rows(rows(plan, source), plan, tally)
    try:
        with (errors or Path(os.devnull)).open("wb") as also:
            arrow.written(found, beside, also, lambda: watch(tally.rows))
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)
    return tally


def put(result: Result, engine: Engine, tally: Tally, write: Write, also: Write | None) -> None:
    """Count a result and write its line, that of an error record a second time."""
    tally.add(result)
    write(engine.line(result))
    if also and result.outcome is None:
        also(engine.error_line(result))


KEPT: Final = "what was done is kept: mend it and run again with --resume"


class RunError(Exception):
    """A run that cannot go on; the message says what to do."""


def apart(source: str, *written: Path | None) -> None:
    """Raises RunError where a file would be written over another that is read or written."""
    seen = [Path(source).resolve()]
    for path in written:
        if path is None or (path.exists() and not (path.is_file() or path.is_dir())):
            continue
        if path.is_dir():
            raise RunError(f"{path}: is a folder; name a file")
        if path.resolve() in seen:
            raise RunError(f"{path}: is also read or written otherwise; name another file")
        seen.append(path.resolve())


def replaceable(*written: Path | None) -> None:
    """Raises RunError where a finished file would take the place of what is no plain file."""
    for path in written:
        if path and path.is_symlink():
            raise RunError(f"{path}: is a link; name the file that it stands for")
        if path and path.exists() and not path.is_file():
            why = "is no file that can be replaced; name one, or leave --output out and redirect"
            raise RunError(f"{path}: {why}")


def digest(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
