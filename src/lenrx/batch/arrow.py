"""Review of Arrow record batches, with the extra `lenrx[arrow]`; the same function runs in Spark.

`review_batches` is what `lenrx batch --format parquet` runs, and what Spark's `mapInArrow` takes
through `for_spark`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from lenrx.batch.chart_review import Ids, Result, Row
from lenrx.batch.runs import Engine, Plan, named
from lenrx.batch.summary import Tally
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.intake.column_map import ColumnMap
from lenrx.patient.patient import SCALARS, PatientError, field_name

_TEXTS: Final = pa.list_(pa.string())
SCHEMA: Final = pa.schema(
    [
        ("row", pa.int64()),
        ("id", pa.string()),
        ("state", pa.string()),
        *((verdict, _TEXTS) for verdict in VERDICTS),
        ("ask_first", pa.string()),
        ("warnings", _TEXTS),
        ("readings", _TEXTS),
        ("error_field", pa.string()),
        ("error", pa.string()),
        ("result", pa.string()),
    ]
)
"""One row of a review; `result` is the line of NDJSON."""
SPARK: Final = ", ".join(
    f"{field.name} {'array<string>' if field.type == _TEXTS else field.type}".replace(
        "int64", "bigint"
    )
    for field in SCHEMA
)
"""The same schema in Spark's words."""
ROWS: Final = 2048
"""Rows read at once."""
RESULTS: Final = 256
"""Results written at once; each takes some 60 KB before it is packed."""


def review_batches(
    batches: Iterable[pa.RecordBatch], plan: Plan, tally: Tally | None = None
) -> Iterator[pa.RecordBatch]:
    """One row of `SCHEMA` for every row of `batches`, in order, as the plan asks."""
    first, ids = 1, Ids()
    for batch in batches:
        found = rows_of(batch, named(plan, batch.schema.names))
        yield from review_rows(found, plan, tally, first, ids)
        first += batch.num_rows


def review_rows(
    found: Iterable[Row],
    plan: Plan,
    tally: Tally | None = None,
    first: int = 1,
    ids: Ids | None = None,
) -> Iterator[pa.RecordBatch]:
    """The same for rows of any file, some hundred at a time."""
    engine = _engine(plan)
    results = engine.results(found, first, ids)
    while some := list(islice(results, RESULTS)):
        if tally:
            for each in some:
                tally.add(each)
        yield pa.RecordBatch.from_pylist([_flat(each, engine) for each in some], SCHEMA)


def written(
    found: Iterable[pa.RecordBatch], path: Any, errors: BinaryIO, watch: Callable[[], None]
) -> None:
    """Batches of results into a Parquet file, their error records into `errors` as NDJSON."""
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as out:
        for batch in found:
            out.write_batch(batch)
            for error, line in zip(batch["error"], batch["result"], strict=True):
                if error.is_valid:
                    errors.write(f"{line.as_py()}\n".encode())
            watch()


def _engine(plan: Plan) -> Engine:
    """Kept between the batches that one process is given."""
    bare = plan._replace(source="", columns=ColumnMap({}, frozenset()))
    key = repr(bare)
    if key not in _ENGINES:
        _ENGINES.clear()
        _ENGINES[key] = Engine(plan)
    return _ENGINES[key]


_ENGINES: Final[dict[str, Engine]] = {}


def _flat(each: Result, engine: Engine) -> dict[str, Any]:
    found, problem = each.outcome, each.problems[0] if each.problems else None
    data: dict[str, Any] = {
        "row": each.row,
        "id": _text(each.id),
        "readings": [_text(said) for _, said in each.readings],
        "warnings": [warning.code for warning in each.warnings],
        "error_field": _text(problem.field) if problem else None,
        "error": _text(problem.reason) if problem else None,
        "result": engine.line(each).decode().rstrip("\n"),
    }
    if found is not None:
        data["state"] = found.state
        data["ask_first"] = found.questions[0].field if found.questions else None
        for verdict in VERDICTS:
            data[verdict] = [one.regimen for one in found.placed if one.verdict == verdict]
    return data


def _text(value: str | None) -> str | None:
    """Half a surrogate pair, which JSON can hold and UTF-8 cannot, becomes a question mark."""
    if value is None or value.isascii():
        return value
    return value.encode("utf-8", "replace").decode()


def for_spark(
    as_of: str,
    *,
    columns: Mapping[str, str] | None = None,
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
    fields = {name: field_name(field) for name, field in (columns or {}).items()}
    asked = ColumnMap(fields, frozenset())
    plan = Plan("", "parquet", tuple(how.items()), asked, ignore_other)

    def reviewed(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return review_batches(batches, plan)

    return reviewed


def _stated(field: str, value: str) -> str:
    try:
        return str(SCALARS[field](value))
    except ValueError as error:
        raise PatientError(field, str(error)) from None
