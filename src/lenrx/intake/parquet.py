"""Rows of Parquet files and of Arrow record batches, with the extra `lenrx[arrow]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from lenrx.intake.columns.column import Key
from lenrx.intake.rows import EMPTY, Row, states
from lenrx.patient.patient import PatientError

ROWS: Final = 2048
"""Rows read at once."""
_UNREADABLE: Final[dict[str, str]] = {}
"""Stands for a value that Python cannot hold; no field takes it, so its row is an error record."""


@contextmanager
def _as_parquet() -> Iterator[None]:
    """A file that is no Parquet, or is cut short, cannot be used: PatientError says so."""
    try:
        yield
    except (pa.ArrowException, OSError):
        problem = "cannot be read as Parquet: another format, or not written to its end"
        raise PatientError("file", problem) from None


def batches_of(path: Any, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The record batches of a Parquet file."""
    with _as_parquet(), pq.ParquetFile(path) as source:
        yield from source.iter_batches(batch_size=ROWS, columns=list(columns))


def columns_of(path: Any) -> list[str]:
    """The columns of a Parquet file."""
    with _as_parquet():
        return list(pq.read_schema(path).names)


def rows_of(batch: pa.RecordBatch, columns: Mapping[str, Key]) -> Iterator[Row]:
    """The rows of a batch by field; days and decimals as text."""
    wanted = [(_values(batch.column(name)), field) for name, field in columns.items()]
    for place in range(batch.num_rows):
        yield {field: _plain(values[place]) for values, field in wanted}


def _values(column: Any) -> list[Any]:
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return [_value(each) for each in column]


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return _UNREADABLE


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float | list | dict):
        return value
    if isinstance(value, bytes):
        return _decoded(value)
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _decoded(value: bytes) -> Any:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return _UNREADABLE


def parquet(path: Any, columns: Mapping[str, Key]) -> Iterator[Row]:
    """The rows of a Parquet file by field; `columns` maps the columns that are read."""
    for batch in batches_of(path, list(columns)):
        for row in rows_of(batch, columns):
            yield row if isinstance(row, Mapping) and states(row) else EMPTY
