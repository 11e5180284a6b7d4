"""Batch: one result per row, in order; bad rows are accounted for and the others go on."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.batch.chart_review import LONG_CELL, Ids, Reader
from lenrx.batch.output import COLUMNS
from lenrx.catalogue.loading import Catalogue
from lenrx.cli import main as cli
from lenrx.intake.cells import CellReading, read_cell
from lenrx.rules.assessment import Answer
from tests.conftest import Ask

COHORT = """\
id,refractory,egfr,prior_lines
A,"lena;pi",25,
B,Revlimid|Velcade,60,2
C,Jane Roe,60,2
D,lena,-3,
E,lena,60,0
F,lena
G,lena,,1
"""


def run(*args: str, stdin: str | None = None) -> Any:
    return CliRunner().invoke(cli.app, ["batch", *args], input=stdin)


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    path = tmp_path / "cohort.csv"
    path.write_text(COHORT, encoding="utf-8")
    return path


def records(result: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_result_per_row_in_order_and_the_bad_ones_counted(cohort: Path) -> None:
    result = run(str(cohort))
    found = records(result)
    assert result.exit_code == 1
    assert "4 of 7 rows could not be read" in result.stderr
    assert [each["row"] for each in found] == [1, 2, 3, 4, 5, 6, 7]
    assert [each["id"] for each in found] == ["A", "B", "C", "D", "E", None, "G"]
    errors = {each["row"]: each["error"]["field"] for each in found if "error" in each}
    assert errors == {3: "refractory", 4: "egfr", 5: "prior_lines", 6: "row"}


def test_an_error_record_never_holds_the_value(cohort: Path) -> None:
    errors = [each["error"] for each in records(run(str(cohort))) if "error" in each]
    assert "Jane" not in json.dumps(errors)
    assert "-3" not in json.dumps(errors)


def test_a_row_says_what_recommend_says(cohort: Path, ask: Ask) -> None:
    first = records(run(str(cohort)))[0]
    answer: Answer = ask(id="A", refractory="lena;pi", egfr=25)
    assert {each["id"]: each["verdict"] for each in first["regimens"]} == {
        each.regimen.id: each.verdict for each in answer.regimens
    }
    assert first["open_questions"][0]["field"] == "refractory.pi"
    dcep = next(each for each in first["regimens"] if each["id"] == "DCEP")
    excluding = [each for each in dcep["findings"] if each["effect"] == "excludes"]
    assert "below 40 mL/min: dosing tables avoid cisplatin" in [
        each["because"] for each in excluding
    ]


def test_a_clean_cohort_is_exit_0_with_nothing_on_stderr() -> None:
    result = run("-", "--input-format", "ndjson", stdin='{"id": "X", "refractory": ["lena"]}\n\n')
    assert (result.exit_code, result.stderr) == (0, "")
    assert [each["id"] for each in records(result)] == ["X"]


def test_ndjson_rows_that_are_none_are_error_records() -> None:
    stdin = '{"id": 1}\nnot json\n[1]\n{"egrf": 1}\n'
    result = run("-", "--input-format", "ndjson", stdin=stdin)
    assert result.exit_code == 1
    assert ["error" in each for each in records(result)] == [False, True, True, True]


def test_csv_out_has_one_line_per_row_and_no_formulas(cohort: Path) -> None:
    with cohort.open("a", encoding="utf-8") as file:
        file.write("=1+1,lena,60,1\n")
    rows = list(csv.reader(io.StringIO(run(str(cohort), "--format", "csv").stdout)))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 9
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert rows[8][1] == "'=1+1"


def test_tsv_is_read_by_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "c.tsv"
    path.write_text("\ufeffid\trefractory\nA\tlena,bort\n", encoding="utf-8")
    (found,) = records(run(str(path)))
    assert found["patient"]["derived"]["state"] == "double-refractory"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("c.csv", b"id,id\n1,2\n", "column id is there twice"),
        ("c.csv", b"id,egrf\n1,2\n", "unknown column egrf (did you mean egfr?)"),
        ("c.xlsx", b"", "say --input-format"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_and_exit_2(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = run(str(path))
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_missing_file_is_exit_2() -> None:
    assert run("no-such.csv").exit_code == 2


def test_a_long_cell_is_read_each_time_and_not_kept(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(field: str, value: str, among: Catalogue) -> CellReading:
        asked.append(value)
        return read_cell(field, value, among)

    monkeypatch.setattr("lenrx.batch.chart_review.read_cell", noted)
    reader, short = Reader(catalogue), "lena; btz"
    long = short + " " * LONG_CELL
    for cell in (short, long) * 2:
        patient, _, problems = reader.read({"refractory": cell})
        assert patient and not problems
        assert patient.refractory == ("bortezomib", "lenalidomide")
    assert asked == [short, long, long]


def test_ids_are_remembered_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lenrx.batch.chart_review.FIRST_IDS", 8)
    ids = Ids()
    assert [ids.before(f"P{row}", row) for row in range(1, 2001)] == [None] * 2000
    assert [ids.before(f"P{row}", 3000 + row) for row in range(1, 2001)] == [*range(1, 2001)]
    assert ids.twice == 2000
