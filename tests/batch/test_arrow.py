"""Arrow batches and Parquet say what rows say, whatever their sizes and types."""

from __future__ import annotations

import json
import os
import runpy
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.batch.chart_review import Problem, Reader, review
from lenrx.batch.output import Lines
from lenrx.batch.runs import Plan
from lenrx.batch.slices import Review
from lenrx.catalogue.loading import Catalogue
from lenrx.cli import main as cli
from lenrx.intake.column_map import ColumnMap
from lenrx.patient.patient import PatientError
from tests.conftest import TODAY

try:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from lenrx.batch.arrow import RESULTS, SCHEMA, for_spark, review_batches, review_rows
except ModuleNotFoundError as error:
    if error.name != "pyarrow" or os.environ.get("LENRX_CI"):
        raise
    pytest.skip("pyarrow is missing: pip install 'lenrx[arrow]'", allow_module_level=True)

COHORT = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "cohort.py"))["cohort"]
HOW = (("as_of", TODAY), ("region", None), ("strict", False), ("on_label", False))
Record = dict[str, Any]


def cohort() -> list[dict[str, str]]:
    """Messy rows, some bad, one id there three times."""
    rows = list(COHORT(400, seed=5, messy=0.4, bad=0.1))
    for place in (90, 350):
        rows[place]["id"] = rows[20]["id"]
    return rows


@pytest.fixture(scope="module")
def lines(catalogue: Catalogue) -> list[str]:
    """What the rows of the cohort say without Arrow."""
    write = Lines(catalogue).line
    found = review(cohort(), Reader(catalogue), Review(catalogue, as_of=TODAY).outcome)
    return [write(each).decode().rstrip("\n") for each in found]


def reviewed(batches: list[Any], **plan: Any) -> list[Record]:
    asked = Plan("", "parquet", HOW, **plan)
    return [row for batch in review_batches(batches, asked) for row in batch.to_pylist()]


def one(**cells: Any) -> Record:
    """What comes of one row; a cell may be an Arrow array of one value."""
    arrays = {
        name: cell if isinstance(cell, pa.Array) else pa.array([cell])
        for name, cell in {"refractory": "lena", **cells}.items()
    }
    (found,) = reviewed([pa.RecordBatch.from_pydict(arrays)])
    return found


def given(**cells: Any) -> Record:
    found: Record = json.loads(one(**cells)["result"])["patient"]["given"]
    return found


def run(*args: object) -> Any:
    return CliRunner().invoke(cli.app, ["batch", *map(str, args), "--as-of", TODAY])


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "cohort.parquet"
    pq.write_table(pa.Table.from_pylist(cohort()), path, row_group_size=90)
    return path


@pytest.mark.parametrize("sizes", [[400], [1, 399], [90] * 5, [0, 7, 0, 400], [RESULTS, 200]])
def test_batches_of_any_size_say_what_rows_say(sizes: list[int], lines: list[str]) -> None:
    table, batches = pa.Table.from_pylist(cohort()), []
    for size in sizes:
        batches += table.slice(0, size).combine_chunks().to_batches()
        table = table.slice(size)
    found = reviewed(batches)
    assert [each["result"] for each in found] == lines
    assert [each["row"] for each in found] == list(range(1, 401))
    assert [each["row"] for each in found if "duplicate-id" in each["warnings"]] == [91, 351]


def test_the_columns_say_what_the_result_says() -> None:
    for each in reviewed(pa.Table.from_pylist(cohort()).to_batches()):
        said = json.loads(each["result"])
        problem = said.get("error") or {"field": None, "reason": None}
        assert (each["row"], each["id"]) == (said["row"], said["id"])
        assert (each["error_field"], each["error"]) == (problem["field"], problem["reason"])
        assert (each["state"] is None) == ("error" in said)
        for verdict in ("eligible", "conditional", "excluded"):
            ids = [one["id"] for one in said.get("regimens", []) if one["verdict"] == verdict]
            assert (each[verdict] or []) == ids
        if "error" not in said:
            assert each["state"] == said["patient"]["derived"]["state"]
            assert each["warnings"] == [one["code"] for one in said["warnings"]]
            asked = [one["field"] for one in said["open_questions"]]
            assert each["ask_first"] == (asked[0] if asked else None)


def test_parquet_in_and_parquet_out(parquet: Path, lines: list[str]) -> None:
    out, errors = parquet.with_name("out.parquet"), parquet.with_name("errors.ndjson")
    result = run(parquet, "-f", "parquet", "-o", out, "--errors", errors)
    table = pq.read_table(out)
    bad = [line for line in lines if "error" in json.loads(line)]
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "lenrx: 2 of 400 rows repeat the id of another row",
        f"lenrx: {len(bad)} of 400 rows could not be read",
    ]
    assert table.schema.equals(SCHEMA)
    assert table.column("result").to_pylist() == lines
    assert errors.read_text(encoding="utf-8").splitlines() == bad


def test_parquet_in_and_ndjson_out(parquet: Path, lines: list[str]) -> None:
    result = run(parquet)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == lines


def test_ndjson_in_and_parquet_out(tmp_path: Path, lines: list[str]) -> None:
    path, out = tmp_path / "cohort.ndjson", tmp_path / "out.parquet"
    path.write_text("".join(json.dumps(row) + "\n" for row in cohort()), encoding="utf-8")
    run(path, "-f", "parquet", "-o", out)
    assert pq.read_table(out).column("result").to_pylist() == lines


def test_half_a_surrogate_pair_is_written_as_a_question_mark(tmp_path: Path) -> None:
    path, out = tmp_path / "c.ndjson", tmp_path / "out.parquet"
    path.write_text('{"id": "\\ud800", "refractory": "lena"}\n', encoding="utf-8")
    assert run(path, "-f", "parquet", "-o", out).exit_code == 0
    assert pq.read_table(out).column("id").to_pylist() == ["?"]


def test_no_rows_are_no_results(tmp_path: Path) -> None:
    path, out = tmp_path / "c.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.table({"id": pa.array([], pa.string())}), path)
    assert run(path, "-f", "parquet", "-o", out).exit_code == 0
    assert pq.read_table(out).num_rows == 0


@pytest.mark.parametrize("form", ["ndjson", "parquet"])
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"id": ["A"], "egrf": [1.0]}, "unknown column egrf (did you mean egfr?)"),
        ({"id": ["A"], "eGFR": [1.0], "egfr": [2.0]}, "column egfr is there twice"),
    ],
)
def test_a_wrong_column_is_one_line_and_exit_2(
    columns: Record, said: str, form: str, tmp_path: Path
) -> None:
    path, out = tmp_path / "c.parquet", tmp_path / "out"
    pq.write_table(pa.table(columns), path)
    result = run(path, "-f", form, "-o", out)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert said in result.stderr
    assert not out.exists()


def test_other_columns_can_be_left_out(tmp_path: Path) -> None:
    path, out = tmp_path / "c.parquet", tmp_path / "out.parquet"
    columns = {"id": ["A", "B"], "eGFR (mL/min/1.73 m2)": [1.5, 60.0], "ward": [{"x": 1}] * 2}
    pq.write_table(pa.table(columns), path)
    mapped = ("--map", "egfr=eGFR (mL/min/1.73 m2)", "--ignore-other")
    assert run(path, "-f", "parquet", "-o", out, *mapped).exit_code == 0
    found = [json.loads(each) for each in pq.read_table(out).column("result").to_pylist()]
    assert [each["patient"]["given"] for each in found] == [{"egfr": 1.5}, {"egfr": 60.0}]
    pq.write_table(pa.table({"ward": ["4 North"] * 3}), path)
    assert len(run(path, "--ignore-other").stdout.splitlines()) == 3


@pytest.mark.parametrize("form", ["ndjson", "parquet"])
def test_a_file_that_is_no_parquet_is_one_line_and_exit_2(form: str, parquet: Path) -> None:
    for content in (b"", b"id,refractory\nA,lena\n", parquet.read_bytes()[:-20]):
        path, out = parquet.with_name("broken.parquet"), parquet.with_name("out")
        path.write_bytes(content)
        result = run(path, "-f", form, "-o", out)
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
        assert "cannot be read as Parquet" in result.stderr


def test_a_damaged_page_is_one_line_and_exit_2(parquet: Path) -> None:
    content = bytearray(parquet.read_bytes())
    content[4:4000] = b"\xff" * 3996
    parquet.write_bytes(content)
    result = run(parquet)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "cannot be read as Parquet" in result.stderr


def test_numbers_of_any_type_are_numbers() -> None:
    assert given(prior_lines=Decimal("2.00"), egfr=Decimal("45.5"), ecog=1.0) == {
        "refractory": ["lenalidomide"],
        "prior_lines": 2,
        "egfr": 45.5,
        "ecog": 1,
    }
    assert given(lvef=pa.array([55], pa.uint8()))["lvef"] == 55
    assert given(dialysis=False)["dialysis"] is False


def test_nulls_and_empty_lists_are_not_stated() -> None:
    assert "egfr" not in given(egfr=pa.nulls(1), lvef=pa.array([None], pa.float64()))
    assert given(exposed=pa.array([None], pa.list_(pa.string()))) == given()


def test_lists_and_categories_are_words() -> None:
    found = given(exposed=["btz", "dara"], cytogenetics=["del(17p)"])
    assert found["exposed"] == ["bortezomib", "daratumumab"]
    assert found["cytogenetics"] == ["del17p"]
    assert given(sex=pa.array(["female"]).dictionary_encode())["sex"] == "female"
    assert given(sex=pa.array(["female"], pa.large_string()))["sex"] == "female"


@pytest.mark.parametrize(
    "day",
    [
        date(2024, 5, 6),
        "2024-05-06",
        datetime(2024, 5, 6),
        pa.array([datetime(2024, 5, 6, tzinfo=UTC)], pa.timestamp("us", "UTC")),
        pa.array([datetime(2024, 5, 6)], pa.timestamp("ns")),
    ],
)
def test_a_day_may_be_a_date_or_a_timestamp(day: Any) -> None:
    assert json.loads(one(as_of=day)["result"])["as_of"] == "2024-05-06"


def test_bytes_are_text_when_they_are_utf_8() -> None:
    found = one(id="Zoë".encode(), refractory=b"Revlimid")
    assert (found["id"], found["state"]) == ("Zoë", "lenalidomide-refractory")


@pytest.mark.parametrize(
    "cell",
    [b"A\xff", {"a": 1}, [None, "lena"], [["lena"]], [b"lena"], float("nan")],
    ids=["bytes", "struct", "null in a list", "list of lists", "bytes in a list", "NaN"],
)
def test_what_no_field_can_hold_costs_its_own_row_only(cell: Any) -> None:
    column = pa.array([cell, None])
    batch = pa.RecordBatch.from_pydict({"id": ["A", "B"], "egfr": column})
    assert [each["error_field"] for each in reviewed([batch])] == ["egfr", None]


def test_text_that_is_no_utf_8_costs_its_own_row_only() -> None:
    ends = pa.py_buffer(b"".join(each.to_bytes(4, "little") for each in (0, 1, 3)))
    column = pa.Array.from_buffers(pa.string(), 2, [None, ends, pa.py_buffer(b"BA\xff")])
    batch = pa.RecordBatch.from_pydict({"id": column, "refractory": pa.array(["lena"] * 2)})
    assert [each["error_field"] for each in reviewed([batch])] == [None, "id"]


def test_columns_can_be_mapped() -> None:
    batch = pa.RecordBatch.from_pydict({"MRN": ["A"], "failed": ["lena"]})
    columns = ColumnMap({"MRN": "id", "failed": "refractory"}, frozenset())
    (found,) = reviewed([batch], columns=columns)
    assert (found["id"], found["state"]) == ("A", "lenalidomide-refractory")
    (same,) = next(iter(for_spark(TODAY, columns=columns.columns)([batch]))).to_pylist()
    assert same == found


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"as_of": "23/11/2026"}, "as_of"),
        ({"as_of": TODAY, "region": "uk"}, "region"),
        ({"as_of": TODAY, "columns": {"eGFR": "egrf"}}, "egrf"),
    ],
)
def test_a_wrong_question_is_refused_before_spark_is_asked(how: Record, field: str) -> None:
    with pytest.raises(PatientError) as refused:
        for_spark(**how)
    assert refused.value.field == field


def test_a_problem_is_a_row_too() -> None:
    asked = Plan("", "ndjson", HOW)
    (batch,) = review_rows([Problem("row", "not JSON"), {"id": "A"}], asked)
    assert batch.column("error").to_pylist() == ["not JSON", None]
