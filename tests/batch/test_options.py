"""The options of `lenrx batch`: what they make of rows, and which do not go together."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from lenrx.batch.shown import shown
from lenrx.patient.patient import PatientError
from tests.batch.answers import ranks
from tests.batch.runs import ASKED, FILES, MADE, ROWS, batch, records, refused

OUT = ("-o", "out.ndjson")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--resume",), "--resume and --jobs need --output FILE"),
        (("--jobs", "2"), "--resume and --jobs need --output FILE"),
        (("--format", "parquet"), "--format parquet needs --output FILE"),
        (("--long",), "--long is a table"),
        ((*OUT, "--long"), "--long is a table"),
        (("--format", "csv", "--detail", "brief"), "--detail brief is for NDJSON"),
        (("--format", "csv", "--detail", "reasons"), "--detail reasons is for NDJSON"),
        ((*OUT, "--format", "parquet", "--detail", "reasons"), "--detail reasons is for NDJSON"),
        ((*OUT, "--format", "parquet", "--long", "--detail", "brief"), "goes without --detail"),
        (("--region", "uk"), "--region: "),
        (("--as-of", "23/11/2026"), "--as-of: "),
        (("--encoding", "nonsense"), "--encoding nonsense: is not a known encoding"),
        (("--map", "lvef=lvef", "--ignore", "lvef"), "both mapped and ignored"),
        (("--map", "no-such-map.yaml"), "no-such-map.yaml"),
        (("--map", "nothing=lvef"), "nothing"),
        (("--formulary", "no-such.yaml"), "no-such.yaml"),
        (("--show", "0"), "cohort.csv: not results of `lenrx batch` as NDJSON"),
    ],
)
def test_options_that_do_not_go_together_are_one_line_and_exit_2(
    folder: Path, options: tuple[str, ...], said: str
) -> None:
    assert said in refused(*options)
    assert [path.name for path in folder.iterdir()] == ["cohort.csv"]


def test_a_formulary_that_cannot_be_used_is_said_before_anything_is_written(folder: Path) -> None:
    (folder / "local.yaml").write_text("formulary: Ours\ndrugs: {carfilzomib: {}}\n")
    assert "local.yaml:2: carfilzomib: needs stock" in refused(*OUT, "--formulary", "local.yaml")
    assert {path.name for path in folder.iterdir()} == {"cohort.csv", "local.yaml"}


@pytest.mark.parametrize(
    ("file", "options", "said"),
    [
        ("no-such.csv", (), "no-such.csv: no such file, or not to be read"),
        (".", (), ".: is a folder; name the file in it"),
        ("/dev/null", (), "is no file that can be read twice; send it through stdin"),
        ("x" * 300, (), "no such file, or not to be read"),
        ("-", (), "file: is empty; there is no patient in it"),
        ("-", ("--delimiter", "ab"), "--delimiter: must be one sign"),
        ("cohort.csv", ("--sheet", "2"), "--sheet 2: is for workbooks; leave it out"),
        ("-", ("--input-format", "parquet"), "Parquet cannot be read from stdin"),
        ("-", ("--show", "1"), "-: no such file, or not to be read"),
        ("cohort.txt", (), "header: no column is a drug history (exposed, refractory, intolerant)"),
    ],
)
def test_an_input_that_cannot_be_used_is_one_line_and_exit_2(
    folder: Path, file: str, options: tuple[str, ...], said: str
) -> None:
    (folder / "cohort.txt").write_text("id,age\nA,50\n")
    assert said in refused(*options, file=file)


def test_a_catalogue_that_is_not_there_is_one_line_and_exit_2(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    for output in ((), OUT):
        assert "no-such-folder" in refused("--catalogue", "no-such-folder", *output)
    assert [path.name for path in folder.iterdir()] == ["cohort.csv"]


def test_an_output_named_as_stdout_is_stdout(folder: Path) -> None:
    assert batch("-o", "-").stdout_bytes == batch().stdout_bytes
    assert [path.name for path in folder.iterdir()] == ["cohort.csv"]


@pytest.mark.parametrize("options", [("--jobs", "0"), ("--show", "one"), ("--detail", "all")])
def test_a_value_that_an_option_does_not_take_is_exit_2(options: tuple[str, ...]) -> None:
    assert batch(*options).exit_code == 2


def rows(*options: str) -> list[dict[str, Any]]:
    return records(batch(*options).stdout_bytes)


def test_a_brief_row_is_a_row_without_its_findings() -> None:
    full, brief = rows(), rows("--detail", "brief")
    left = {"given", "derived", "readings", "warnings"}
    left |= {"excluded_by", "unclear", "applies", "confirm", "exact", "broader"}
    assert brief == [
        row if "error" in row else {name: row[name] for name in row if name not in left}
        for row in full
    ]
    assert {"eligible", "ask", "state"} <= brief[0].keys()


def test_a_row_with_reasons_has_every_regimen_in_order_with_its_texts() -> None:
    full, spelled = rows(), rows("--detail", "reasons")
    assert len(full) == len(spelled) == ROWS
    for row, found in zip(full, spelled, strict=True):
        if "error" in row:
            assert found == row
            continue
        assert "excluded_by" not in found
        for verdict in ("eligible", "conditional", "excluded"):
            ids = [each["id"] for each in found["regimens"] if each["verdict"] == verdict]
            assert ids == row[verdict] == found[verdict]
        for each in found["regimens"]:
            by = {name for name, ids in row["excluded_by"].items() if each["id"] in ids}
            told = {one["criterion"] for one in each["findings"] if one["because"]}
            assert by <= told
        assert [each["field"] for each in found["questions"]] == [*row["ask"]]


def test_the_long_table_has_a_row_for_each_patient_and_regimen() -> None:
    full = rows()
    long = list(csv.DictReader(io.StringIO(batch("--format", "csv", "--long").stdout)))
    for row in full:
        own = [each for each in long if each["row"] == str(row["row"])]
        assert {each["id"] for each in own} == {row["id"]}
        if "error" in row:
            (only,) = own
            assert (only["error_code"], only["regimen"]) == (row["error"]["code"], "")
            continue
        for verdict in ("eligible", "conditional", "excluded"):
            assert [each["regimen"] for each in own if each["verdict"] == verdict] == row[verdict]
        assert [each["rank"] for each in own if each["rank"]] == ranks(row)
        for each in own:
            assert bool(each["because"]) == (each["verdict"] != "eligible"), each
            if each["verdict"] == "excluded":
                assert each["regimen"] in row["excluded_by"][each["criterion"]]
    assert sum(bool(each["error"]) for each in long) == sum("error" in row for row in full)


def show(row: int, *options: str, file: str = "out.ndjson") -> Any:
    result = batch("--show", str(row), *options, file=file)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_one_row_of_results_is_spelled_out_as_with_reasons() -> None:
    batch(*OUT)
    for row in rows("--detail", "reasons"):
        found = show(row["row"])
        if "error" in row:
            assert found == row
        else:
            assert found["regimens"] == row["regimens"]
            assert {name: row[name] for name in found} == found


def test_a_row_that_has_its_reasons_is_shown_as_it_is() -> None:
    batch(*OUT, "--detail", "reasons")
    assert show(1) == rows("--detail", "reasons")[0]


def test_a_row_of_the_error_records_is_shown_too(folder: Path) -> None:
    batch(*FILES)
    (first, *_) = records((folder / "errors.ndjson").read_bytes())
    assert show(first["row"], file="errors.ndjson") == first


def _shown(row: int = 1, name: str = "out.ndjson") -> str:
    with pytest.raises(PatientError) as found:
        shown(Path(name), row)
    assert str(found.value) in refused("--show", str(row), file=name)
    return str(found.value)


def test_what_cannot_be_shown_is_one_line_and_exit_2(folder: Path) -> None:
    batch(*OUT, "--detail", "brief")
    assert "row 1: the row has no findings" in _shown()
    batch(*OUT)
    for row in (0, -1, ROWS + 1):
        assert f"has no row {row}" in _shown(row)
    batch("--format", "csv", "-o", "out.csv")
    assert "not results of `lenrx batch` as NDJSON" in _shown(name="out.csv")
    legend = folder / "out.legend.json"
    whole = json.loads(legend.read_bytes())
    for text in ("", "[]", "{}", json.dumps({**whole, "limits": 1}), "[" * 100_000):
        legend.write_text(text)
        assert "out.legend.json: " in _shown() or "row 1: the legend" in _shown()
    legend.unlink()
    assert "out.legend.json: is not there; it belongs beside the results" in _shown()


def test_a_legend_of_another_run_is_not_taken_for_that_of_the_results(folder: Path) -> None:
    """`out.ndjson` and `out.csv` have one name for their legend."""
    batch(*OUT, "--strict")
    batch("-o", "out.csv", "--format", "csv", "--region", "eu")
    assert "out.legend.json: is of another run" in _shown()
    (folder / "out.ndjson.manifest.json").unlink()
    assert show(1)["row"] == 1


def test_a_summary_takes_the_place_of_the_rows_and_is_the_same_with_a_file(folder: Path) -> None:
    alone = batch("--summary", "--summary-json", "alone.json", "--width", "90")
    assert alone.exit_code == 1
    assert alone.stdout.startswith(f"{ROWS} rows, ")
    assert '"schema"' not in alone.stdout
    beside = batch(*FILES, "--summary", "--width", "90")
    assert beside.stdout == alone.stdout
    assert (folder / "alone.json").read_bytes() == (folder / "summary.json").read_bytes()
    assert all((folder / name).is_file() for name in MADE)


def test_error_records_are_written_beside_a_summary_too(folder: Path) -> None:
    batch("--summary", "--errors", "alone.ndjson")
    batch(*FILES)
    assert (folder / "alone.ndjson").read_bytes() == (folder / "errors.ndjson").read_bytes()


def test_a_summary_that_cannot_be_written_is_one_line(folder: Path) -> None:
    result = batch("--summary-json", "no/such/file", "-o", "out.ndjson")
    assert result.exit_code == 2
    assert result.stderr.startswith("lenrx: no/such/file: ")
    assert len(result.stderr.splitlines()) == 1


def test_the_day_of_the_clock_is_taken_where_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from lenrx.cli import batch as command
    from lenrx.cli import main as cli

    monkeypatch.setattr(command, "today", lambda: "2026-02-28")
    found = records(CliRunner().invoke(cli.app, ["batch", "cohort.csv"]).stdout_bytes)
    said = [row["as_of"] for row in found if "error" not in row]
    stated = [row["as_of"] for row in rows() if "error" not in row]
    pairs = {(then, now) for then, now in zip(said, stated, strict=True) if now == ASKED[1]}
    assert pairs == {("2026-02-28", ASKED[1])}
