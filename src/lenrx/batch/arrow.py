"""Results as Arrow record batches and Parquet, with the extra `lenrx[arrow]`; Spark runs the same.

`answer_batches` is what Spark's `mapInArrow` takes through `for_spark`; a run with
`--format parquet` writes the same columns.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from lenrx.batch.duplicates import Ids
from lenrx.batch.files import private
from lenrx.batch.plan import Plan, named
from lenrx.batch.tables import LONG
from lenrx.batch.worker import Worker
from lenrx.intake.column_map import ColumnMap
from lenrx.intake.columns.column import Key
from lenrx.intake.parquet import rows_of
from lenrx.patient.patient import SCALARS, PatientError, field_name

_TEXT: Final = pa.string()
_TEXTS: Final = pa.list_(_TEXT)


def _by_id(key: str, values: str) -> Any:
    """A mapping of ids to lists, as Arrow and pandas take it: a list of pairs."""
    return pa.list_(pa.struct([(key, _TEXT), (values, _TEXTS)]))


SCHEMA: Final = pa.schema(
    [
        ("row", pa.int64()),
        *((name, _TEXT) for name in ("id", "region", "as_of", "state", "given", "derived")),
        ("readings", pa.list_(pa.struct([("field", _TEXT), ("message", _TEXT)]))),
        ("warnings", _TEXTS),
        *((name, _TEXTS) for name in ("eligible", "conditional", "excluded")),
        *((name, _TEXTS) for name in ("off_label", "label_unknown")),
        ("ties", pa.list_(_TEXTS)),
        ("excluded_by", _by_id("criterion", "regimens")),
        ("unclear", _by_id("criterion", "regimens")),
        *((name, _TEXTS) for name in ("applies", "confirm", "exact", "broader")),
        ("ask", _by_id("field", "decides")),
        *((name, _TEXT) for name in ("error_field", "error_code", "error", "error_word", "plan")),
    ]
)
"""One row of results. `given`, `derived` and `plan` are JSON; of warnings there are the codes."""
_LONG: Final = pa.schema(
    [(name, pa.int64() if name in ("row", "rank") else _TEXT) for name in LONG]
)
BATCH: Final = 2_000
"""Rows of one record batch."""


def table_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A result as a row of `SCHEMA`."""
    data = {name: row.get(name) for name in SCHEMA.names}
    for name, key, values in (
        ("excluded_by", "criterion", "regimens"),
        ("unclear", "criterion", "regimens"),
        ("ask", "field", "decides"),
    ):
        if name in row:
            data[name] = [{key: one, values: found} for one, found in row[name].items()]
    for name in ("given", "derived", "plan"):
        data[name] = json.dumps(row[name], ensure_ascii=False) if name in row else None
    data["warnings"] = [each["code"] for each in row.get("warnings", ())]
    if "error" in row:
        error = row["error"]
        data |= {f"error_{name}": error.get(name) for name in ("field", "code", "word")}
        data["error"] = error["reason"]
    return data


def written(parts: Iterable[Path], path: Path, *, long: bool) -> None:
    """The lines of some files, as NDJSON, into one Parquet file."""
    schema = _LONG if long else SCHEMA
    rows = (json.loads(line) for part in parts for line in _lines(part))
    with open(path, "wb", opener=private) as file:
        with pq.ParquetWriter(file, schema, compression="zstd", compression_level=9) as out:
            while some := list(islice(rows, BATCH)):
                table = [_long_row(each) if long else table_row(each) for each in some]
                out.write_batch(pa.RecordBatch.from_pylist(table, schema))
        file.flush()
        os.fsync(file.fileno())


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        yield from source


def _long_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if name in ("row", "rank") or value is None else _long_text(value)
        for name, value in row.items()
    }


def _long_text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "-".join(map(str, value)) if isinstance(value, list) else str(value)


def answer_batches(batches: Iterable[pa.RecordBatch], plan: Plan) -> Iterator[pa.RecordBatch]:
    """One row of `SCHEMA` for every row of `batches`, in order, as the plan asks."""
    first, ids, worker = 1, Ids(), _worker(plan)
    for batch in batches:
        found = rows_of(batch, named(plan, batch.schema.names))
        results = worker.results(found, first, ids)
        while some := list(islice(results, BATCH)):
            table = [table_row(json.loads(worker.text(each))) for each in some]
            yield pa.RecordBatch.from_pylist(table, SCHEMA)
        first += batch.num_rows


def _worker(plan: Plan) -> Worker:
    """Kept between the batches that one process is given."""
    bare = plan._replace(source="", columns=ColumnMap({}, frozenset()))
    key = repr(bare)
    if key not in _WORKERS:
        _WORKERS.clear()
        _WORKERS[key] = Worker(plan)
    return _WORKERS[key]


_WORKERS: Final[dict[str, Worker]] = {}


def spark_type(kind: Any) -> str:
    """An Arrow type in Spark's words."""
    if pa.types.is_list(kind):
        return f"array<{spark_type(kind.value_type)}>"
    if pa.types.is_struct(kind):
        fields = [kind.field(place) for place in range(kind.num_fields)]
        return f"struct<{', '.join(f'{each.name}: {spark_type(each.type)}' for each in fields)}>"
    return {"int64": "bigint"}.get(str(kind), str(kind))


SPARK: Final = ", ".join(f"{each.name} {spark_type(each.type)}" for each in SCHEMA)
"""The schema in Spark's words."""


def for_spark(
    as_of: str,
    *,
    columns: Mapping[str, Key] | None = None,
    ignore_other: bool = False,
    region: str | None = None,
    strict: bool = False,
    on_label: bool = False,
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What `mapInArrow` takes, with `SPARK` as its schema.

    `columns` maps columns of the frame to fields; without it they must have the fields' names.
    `row` counts within one partition, so let the frame carry an `id`. Raises PatientError here,
    and not in a worker, when the day, the region or a field is none.
    """
    how = {"as_of": _stated("as_of", as_of), "strict": strict, "on_label": on_label}
    how["region"] = region if region is None else _stated("region", region)
    fields: dict[str, Key] = {
        name: field_name(key) if isinstance(key, str) else key
        for name, key in (columns or {}).items()
    }
    asked = ColumnMap(fields, frozenset())
    plan = Plan("", "parquet", tuple(how.items()), asked, ignore_other)

    def answered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return answer_batches(batches, plan)

    return answered


def _stated(field: str, value: str) -> str:
    try:
        return str(SCALARS[field](value))
    except ValueError as error:
        raise PatientError(field, str(error)) from None
