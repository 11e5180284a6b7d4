"""Spark's mapInArrow says, row for row, what the same rows say without Spark."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest

from lenrx.batch.plan import Plan
from lenrx.batch.worker import Worker
from lenrx.catalogue.loading import Catalogue
from tests.conftest import TODAY

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "spark.md"
COHORT: Final = runpy.run_path(str(ROOT / "benchmarks" / "cohort.py"))["cohort"]
ROWS: Final = 300
JAVA: Final = 17
SETTINGS: Final = {
    "spark.ui.enabled": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "37",
}
Record = dict[str, Any]


def cohort() -> list[Record]:
    """Messy rows, a tenth of them bad."""
    return list(COHORT(ROWS, seed=11, messy=0.4, bad=0.1))


def lacking() -> str | None:
    """What Spark needs and this machine has not, with how to get it."""
    modules = [name for name in ("pyspark", "pandas", "pyarrow") if not find_spec(name)]
    if modules:
        return f"{', '.join(modules)} is missing: pip install 'lenrx[spark]'"
    found = java()
    if found is None or found < JAVA:
        have = "java is missing" if found is None else f"java is version {found}"
        return (
            f"{have}: Spark needs a Java {JAVA} runtime or newer (Debian, Ubuntu: "
            f"apt-get install openjdk-{JAVA}-jre-headless), on PATH or in JAVA_HOME"
        )
    return None


def java() -> int | None:
    """The version of the Java that Spark would take."""
    home = os.environ.get("JAVA_HOME")
    program = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    if program is None:
        return None
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', said.stderr)
    return int(version[1]) if version else None


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if why := lacking():
        (pytest.fail if os.environ.get("LENRX_CI") else pytest.skip)(why)
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.chdir(tmp_path_factory.mktemp("spark"))
        builder = SparkSession.builder.master("local[2]").appName("lenrx")
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


@pytest.fixture(scope="module")
def plain(catalogue: Catalogue) -> dict[str, Record]:
    """The rows of the table by id without Spark, but for `row`."""
    from lenrx.batch.arrow import table_row

    worker = Worker(Plan("", "ndjson", (("as_of", TODAY),)), catalogue)
    found = [table_row(json.loads(worker.text(each))) for each in worker.results(cohort())]
    return {each.pop("id"): each for each in found if each.pop("row")}


@pytest.fixture(scope="module")
def mapped(spark: Any) -> list[Any]:
    """The rows that Spark gives, from three partitions of several batches each."""
    from lenrx.batch.arrow import SPARK, for_spark

    rows = cohort()
    frame = spark.createDataFrame([tuple(row.values()) for row in rows], list(rows[0]))
    found: list[Any] = frame.repartition(3).mapInArrow(for_spark(TODAY), SPARK).collect()
    return found


def test_spark_says_what_the_rows_say_without_it(
    mapped: list[Any], plain: dict[str, Record]
) -> None:
    assert len(mapped) == len(plain) == ROWS
    found = [each.asDict(recursive=True) for each in mapped]
    assert {each.pop("id"): each for each in found if each.pop("row")} == plain


def test_a_bad_row_is_an_error_record(mapped: list[Any], plain: dict[str, Record]) -> None:
    names = ("error_field", "error_code", "error", "error_word")
    bad = {
        name: {one: found[one] for one in names}
        for name, found in plain.items()
        if found["error"] is not None
    }
    assert len(bad) > ROWS / 20
    errors = [each for each in mapped if each.error is not None]
    assert {each.id: {one: each[one] for one in names} for each in errors} == bad
    assert {(each.state, each.eligible) for each in errors} == {(None, None)}


def test_the_schema_in_words_is_one_that_spark_takes(spark: Any) -> None:
    from pyspark.sql.pandas.types import to_arrow_type
    from pyspark.sql.types import StructType, _parse_datatype_string

    from lenrx.batch.arrow import SCHEMA, SPARK, spark_type

    parsed = _parse_datatype_string(SPARK)
    assert isinstance(parsed, StructType)
    assert parsed.names == SCHEMA.names
    assert [spark_type(to_arrow_type(each.dataType)) for each in parsed] == [
        spark_type(each.type) for each in SCHEMA
    ]


def test_row_counts_within_a_partition(mapped: list[Any]) -> None:
    rows = [each.row for each in mapped]
    starts = [place for place, row in enumerate(rows) if row == 1]
    counts = [end - start for start, end in zip(starts, [*starts[1:], ROWS], strict=True)]
    assert len(starts) == 3
    assert rows == [row for count in counts for row in range(1, count + 1)]


def test_columns_of_spark_types_can_be_mapped(spark: Any) -> None:
    from lenrx.batch.arrow import SPARK, for_spark

    frame = spark.sql(
        "select 7 as MRN, array('len', 'btz') as failed, cast(45.5 as decimal(5, 1)) as gfr, "
        "timestamp '2024-05-06 00:00:00' as seen, cast(null as double) as lvef, '4 North' as ward"
    )
    columns = {"MRN": "id", "failed": "refractory", "gfr": "egfr", "seen": "as_of"}
    asked = for_spark(TODAY, columns=columns, ignore_other=True, region="eu")
    (found,) = frame.mapInArrow(asked, SPARK).collect()
    given = json.loads(found.given)
    assert (found.id, found.state, found.as_of) == ("7", "double-refractory", "2024-05-06")
    assert (found.region, given["egfr"]) == ("eu", 45.5)
    assert "lvef" not in given


def test_the_example_of_the_docs_prints_what_they_show(
    spark: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    script = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    shown = re.search(r"(```text\n)(.*?)```", page, re.DOTALL)
    assert script and shown
    table = tmp_path / "cohort.csv"
    program = [sys.executable, str(ROOT / "benchmarks" / "cohort.py"), "1000"]
    table.write_bytes(subprocess.run(program, capture_output=True, check=True).stdout)
    monkeypatch.setattr(sys, "argv", ["review.py", str(table), str(tmp_path / "reviewed")])
    monkeypatch.setattr(type(spark), "stop", lambda _: None)
    exec(compile(script[1], "review.py", "exec"), {})
    printed = capsys.readouterr().out.strip("\n") + "\n"
    if os.environ.get("LENRX_WRITE_DOCS"):
        PAGE.write_text(page.replace(shown[0], f"{shown[1]}{printed}```"), encoding="utf-8")
    else:
        assert shown[2] == printed
