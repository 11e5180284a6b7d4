"""Arrow batches and Parquet say what rows say, whatever their sizes and types."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import runpy
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.batch import run as stretches
from lenrx.batch.plan import Plan
from lenrx.batch.worker import Worker
from lenrx.catalogue.loading import Catalogue
from lenrx.cli import main as cli
from lenrx.intake.column_map import ColumnMap
from lenrx.patient.patient import PatientError
from tests.conftest import TODAY

try:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from lenrx.batch import arrow
    from lenrx.batch.arrow import SCHEMA, SPARK, answer_batches, for_spark, table_row
except ModuleNotFoundError as error:
    if error.name != "pyarrow" or os.environ.get("LENRX_CI"):
        raise
    pytest.skip("pyarrow is missing: pip install 'lenrx[arrow]'", allow_module_level=True)

COHORT = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "cohort.py"))["cohort"]
HOW = (("as_of", TODAY), ("region", None), ("strict", False), ("on_label", False))
Record = dict[str, Any]


def cohort() -> list[dict[str, str]]:
    """Messy rows, some bad, one id there three times."""
    rows = list(COHORT(200, seed=5, messy=0.4, bad=0.1))
    for place in (90, 150):
        rows[place]["id"] = rows[20]["id"]
    return rows


@pytest.fixture(scope="module")
def lines(catalogue: Catalogue) -> list[str]:
    """What the rows of the cohort say without Arrow."""
    worker = Worker(Plan("", "ndjson", HOW), catalogue)
    return [worker.text(each) for each in worker.results(cohort())]


@pytest.fixture(scope="module")
def table(lines: list[str]) -> list[Record]:
    """The same as rows of the table."""
    return [table_row(json.loads(line)) for line in lines]


def answered(batches: list[Any], **plan: Any) -> list[Record]:
    asked = Plan("", "parquet", HOW, **plan)
    return [row for batch in answer_batches(batches, asked) for row in batch.to_pylist()]


def one(**cells: Any) -> Record:
    """What comes of one row; a cell may be an Arrow array of one value."""
    arrays = {
        name: cell if isinstance(cell, pa.Array) else pa.array([cell])
        for name, cell in {"refractory": "lena", **cells}.items()
    }
    (found,) = answered([pa.RecordBatch.from_pydict(arrays)])
    return found


def given(**cells: Any) -> Record:
    found: Record = json.loads(one(**cells)["given"])
    return found


def run(*args: object) -> Any:
    return CliRunner().invoke(cli.app, ["batch", *map(str, args), "--as-of", TODAY])


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "cohort.parquet"
    pq.write_table(pa.Table.from_pylist(cohort()), path, row_group_size=45)
    return path


@pytest.mark.parametrize("sizes", [[200], [1, 199], [45] * 5, [0, 7, 0, 200], [128, 100]])
def test_batches_of_any_size_say_what_rows_say(
    sizes: list[int], table: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow, "BATCH", 64)
    rest, batches = pa.Table.from_pylist(cohort()), []
    for size in sizes:
        batches += rest.slice(0, size).combine_chunks().to_batches()
        rest = rest.slice(size)
    found = answered(batches)
    assert found == table
    assert [each["row"] for each in found] == list(range(1, 201))
    assert [each["row"] for each in found if "duplicate-id" in each["warnings"]] == [91, 151]


def test_the_columns_say_what_the_result_says(lines: list[str], table: list[Record]) -> None:
    plain = ("row", "id", "region", "as_of", "state", "readings", "applies", "exact", "eligible")
    errors = 0
    for line, row in zip(lines, table, strict=True):
        said = json.loads(line)
        assert row["warnings"] == [one["code"] for one in said["warnings"]]
        if "error" in said:
            errors += 1
            problem = said["error"]
            shown = {f"error_{name}": problem.get(name) for name in ("field", "code", "word")}
            kept = {"row": said["row"], "id": said["id"], "warnings": row["warnings"]}
            expected = {**shown, "error": problem["reason"], **kept}
            assert {name: value for name, value in row.items() if value is not None} == {
                name: value for name, value in expected.items() if value is not None
            }
            continue
        assert {name: row[name] for name in plain} == {name: said[name] for name in plain}
        for name in ("given", "derived"):
            assert json.loads(row[name]) == said[name]
        for name, key, values in (
            ("excluded_by", "criterion", "regimens"),
            ("unclear", "criterion", "regimens"),
            ("ask", "field", "decides"),
        ):
            assert {each[key]: each[values] for each in row[name]} == said[name]
    assert 0 < errors < len(lines) / 2


def test_parquet_in_and_parquet_out(parquet: Path, lines: list[str], table: list[Record]) -> None:
    out, errors = parquet.with_name("out.parquet"), parquet.with_name("errors.ndjson")
    result = run(parquet, "-f", "parquet", "-o", out, "--errors", errors)
    found = pq.read_table(out)
    bad = [line for line in lines if "error" in json.loads(line)]
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "lenrx: 2 of 200 rows repeat the id of another row",
        f"lenrx: {len(bad)} of 200 rows could not be read",
    ]
    assert found.schema.equals(SCHEMA)
    assert found.to_pylist() == table
    assert errors.read_text(encoding="utf-8").splitlines() == bad


def test_parquet_has_its_manifest_and_its_legend(parquet: Path, lines: list[str]) -> None:
    run(parquet, "-f", "parquet", "-o", parquet.with_name("out.parquet"))
    manifest = json.loads(parquet.with_name("out.parquet.manifest.json").read_bytes())
    legend = json.loads(parquet.with_name("out.legend.json").read_bytes())
    assert (manifest["state"], manifest["counts"]["rows"]) == ("complete", 200)
    assert manifest["output"]["bytes"] == parquet.with_name("out.parquet").stat().st_size
    rows = pq.read_table(parquet.with_name("out.parquet")).to_pylist()
    criteria = {each["criterion"] for row in rows for each in row["excluded_by"] or ()}
    assert criteria
    assert criteria <= legend["criteria"].keys()
    assert not list(parquet.parent.glob("*.new")) + list(parquet.parent.glob("*.parts"))


def test_any_number_of_jobs_makes_the_same_parquet(
    parquet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "STRETCH", 45)
    made = []
    for jobs in ("1", "2"):
        out = parquet.with_name(f"{jobs}.parquet")
        run(parquet, "-f", "parquet", "-o", out, "--jobs", jobs)
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_parquet_in_and_ndjson_out(parquet: Path, lines: list[str]) -> None:
    result = run(parquet)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == lines


def test_ndjson_in_and_parquet_out(tmp_path: Path, table: list[Record]) -> None:
    path, out = tmp_path / "cohort.ndjson", tmp_path / "out.parquet"
    path.write_text("".join(json.dumps(row) + "\n" for row in cohort()), encoding="utf-8")
    run(path, "-f", "parquet", "-o", out)
    assert pq.read_table(out).to_pylist() == table


def test_a_row_of_parquet_is_small(tmp_path: Path) -> None:
    """What the rows say of one another is said once: some 4,000 bytes a row are below 300."""
    path, out = tmp_path / "messy.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.Table.from_pylist(list(COHORT(2000))), path)
    run(path, "-f", "parquet", "-o", out)
    assert pq.read_metadata(out).num_rows == 2000
    assert out.stat().st_size / 2000 < 300


def test_brief_rows_of_parquet_leave_the_findings_out(parquet: Path, table: list[Record]) -> None:
    out = parquet.with_name("out.parquet")
    assert run(parquet, "-f", "parquet", "--detail", "brief", "-o", out).exit_code == 1
    found = pq.read_table(out)
    assert found.schema.equals(SCHEMA)
    same = ("row", "id", "state", "eligible", "conditional", "excluded", "ask", "error")
    for brief, row in zip(found.to_pylist(), table, strict=True):
        assert {name: brief[name] for name in same} == {name: row[name] for name in same}
        assert brief["excluded_by"] is None
        assert brief["given"] is None


def test_the_long_table_in_parquet_is_the_long_table_in_csv(
    parquet: Path, lines: list[str]
) -> None:
    pq.write_table(pa.Table.from_pylist(cohort()[:40]), parquet)
    out = parquet.with_name("out.parquet")
    assert run(parquet, "-f", "parquet", "--long", "-o", out).exit_code == 1
    found = pq.read_table(out).to_pylist()
    written = list(csv.DictReader(io.StringIO(run(parquet, "-f", "csv", "--long").stdout)))
    texts = [
        {name: "" if cell is None else str(cell) for name, cell in one.items()} for one in found
    ]
    assert texts == written
    regimens = sum(len(json.loads(line).get("eligible", ())) for line in lines[:40])
    assert sum(each["verdict"] == "eligible" for each in found) == regimens
    assert {type(each["rank"]) for each in found} == {int, type(None)}


def test_pandas_reads_a_table_that_can_be_used(parquet: Path, lines: list[str]) -> None:
    pandas = pytest.importorskip("pandas")
    out = parquet.with_name("out.parquet")
    run(parquet, "-f", "parquet", "-o", out)
    frame = pandas.read_parquet(out)
    rows = [json.loads(line) for line in lines]
    states = Counter(row["state"] for row in rows if "state" in row)
    assert frame["state"].value_counts().to_dict() == dict(states)
    eligible = Counter(name for row in rows for name in row.get("eligible", ()))
    assert frame["eligible"].explode().value_counts().to_dict() == dict(eligible)
    because = frame.explode("excluded_by").dropna(subset="excluded_by")
    criteria = because["excluded_by"].map(lambda each: each["criterion"]).value_counts().to_dict()
    assert criteria == dict(Counter(name for row in rows for name in row.get("excluded_by", ())))
    ages = frame["given"].dropna().map(json.loads).map(lambda each: each.get("age"))
    stated = [row["given"].get("age") for row in rows if "given" in row]
    assert ages.dropna().tolist() == [age for age in stated if age is not None]


def test_pandas_takes_the_lines_apart(lines: list[str]) -> None:
    pandas = pytest.importorskip("pandas")
    rows = [json.loads(line) for line in lines]
    frame = pandas.json_normalize(rows)
    assert len(frame) == len(rows)
    assert frame["row"].tolist() == list(range(1, 201))
    fields = [row["error"]["field"] for row in rows if "error" in row]
    assert frame["error.field"].dropna().tolist() == fields
    ages = [row["given"]["age"] for row in rows if "age" in row.get("given", {})]
    assert frame["given.age"].dropna().tolist() == ages


def test_half_a_surrogate_pair_is_written_as_a_question_mark(tmp_path: Path) -> None:
    path, out = tmp_path / "c.ndjson", tmp_path / "out.parquet"
    path.write_text('{"id": "\\ud800", "refractory": "lena"}\n', encoding="utf-8")
    assert run(path, "-f", "parquet", "-o", out).exit_code == 0
    assert pq.read_table(out).column("id").to_pylist() == ["?"]


def test_no_rows_are_no_results(tmp_path: Path) -> None:
    path, out = tmp_path / "c.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.table({"id": pa.array([], pa.string())}), path)
    result = run(path, "-f", "parquet", "-o", out, "--without-history")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "has no row of a patient" in result.stderr
    assert not out.exists()


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
    mapped = ("--map", "egfr=eGFR (mL/min/1.73 m2)", "--ignore-other", "--without-history")
    assert run(path, "-f", "parquet", "-o", out, *mapped).exit_code == 0
    found = pq.read_table(out).column("given").to_pylist()
    assert [json.loads(each) for each in found] == [{"egfr": 1.5}, {"egfr": 60.0}]
    pq.write_table(pa.table({"ward": ["4 North"] * 3}), path)
    result = run(path, "--ignore-other")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no column is a drug history" in result.stderr


@pytest.mark.parametrize("form", ["ndjson", "parquet"])
def test_a_file_that_is_no_parquet_is_one_line_and_exit_2(form: str, parquet: Path) -> None:
    for content in (b"PAR1", b"\0\1\2\3 no table", parquet.read_bytes()[:-20]):
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
    assert one(as_of=day)["as_of"] == "2024-05-06"


def test_bytes_are_text_when_they_are_utf_8() -> None:
    found = one(id="Zoë".encode(), refractory=b"Revlimid")
    assert (found["id"], found["state"]) == ("Zoë", "lenalidomide-refractory")


@pytest.mark.parametrize(
    "cell",
    [b"A\xff", {"a": 1}, [None, "lena"], [["lena"]], [b"lena"], float("inf")],
    ids=["bytes", "struct", "null in a list", "list of lists", "bytes in a list", "infinite"],
)
def test_what_no_field_can_hold_costs_its_own_row_only(cell: Any) -> None:
    column = pa.array([cell, None])
    batch = pa.RecordBatch.from_pydict({"id": ["A", "B"], "egfr": column})
    assert [each["error_field"] for each in answered([batch])] == ["egfr", None]


def test_text_that_is_no_utf_8_costs_its_own_row_only() -> None:
    ends = pa.py_buffer(b"".join(each.to_bytes(4, "little") for each in (0, 1, 3)))
    column = pa.Array.from_buffers(pa.string(), 2, [None, ends, pa.py_buffer(b"BA\xff")])
    batch = pa.RecordBatch.from_pydict({"id": column, "refractory": pa.array(["lena"] * 2)})
    assert [each["error_field"] for each in answered([batch])] == [None, "id"]


def test_columns_can_be_mapped() -> None:
    batch = pa.RecordBatch.from_pydict({"MRN": ["A"], "failed": ["lena"]})
    columns = ColumnMap({"MRN": "id", "failed": "refractory"}, frozenset())
    (found,) = answered([batch], columns=columns)
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


def test_a_worker_is_kept_for_one_question_and_not_for_another() -> None:
    batch = pa.RecordBatch.from_pydict({"id": ["A"], "refractory": ["lena"]})
    found = [
        next(iter(for_spark(TODAY, region=region)([batch]))).to_pylist()[0]["region"]
        for region in ("us", "eu", "us", None)
    ]
    assert found == ["us", "eu", "us", None]
    plans = [Plan("", "parquet", HOW), Plan("", "parquet", HOW, ignore_other=True)]
    assert arrow._worker(plans[0]) is arrow._worker(plans[0])
    assert arrow._worker(plans[0]) is not arrow._worker(plans[1])


def test_the_schema_in_words_of_spark_has_every_column_with_its_type() -> None:
    kinds = {
        "bigint": pa.int64(),
        "string": pa.string(),
        "array<string>": pa.list_(pa.string()),
    }
    said = dict(re.findall(r"(\w+) ((?:\w+)(?:<.*?>+)?)(?:, |$)", SPARK))
    assert [*said] == SCHEMA.names
    for name, kind in said.items():
        if kind in kinds:
            assert SCHEMA.field(name).type == kinds[kind], name
    assert said["readings"] == "array<struct<field: string, message: string>>"
    assert said["ask"] == "array<struct<field: string, decides: array<string>>>"


def test_a_moment_that_python_cannot_hold_costs_its_own_row_only() -> None:
    column = pa.array([2**62, None], pa.timestamp("us"))
    batch = pa.RecordBatch.from_pydict({"id": ["A", "B"], "as_of": column})
    assert [each["error_field"] for each in answered([batch])] == ["as_of", None]
