"""A cohort at the terminal: its summary drawn, its columns mapped, its changes drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from lenrx.catalogue.loading import Catalogue
from lenrx.cli import main as cli
from lenrx.report import summary as drawn
from tests.batch.answers import COHORT, Answers

pytestmark = pytest.mark.usefixtures("one_catalogue")
ASKED: Final = ("--as-of", "2026-11-23")
CHARTED: Final = (
    "MRN,Edad,Geschlecht,Refractario,FEVI,Nota\n1,71,F,Revlimid,60,x\n2,60,M,Len,55,y\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cohort.csv").write_text(COHORT, encoding="utf-8")
    (tmp_path / "chart.csv").write_text(CHARTED, encoding="utf-8")
    return tmp_path


def lenrx(*args: str) -> Any:
    result = CliRunner().invoke(cli.app, args)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def batch(*options: str, file: str = "cohort.csv") -> Any:
    return lenrx("batch", file, *ASKED, *options)


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_summary_fits_eighty_columns_and_says_counts_and_shares() -> None:
    result = batch("--summary", "--width", "80")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "9 rows, 2 could not be read."
    assert lines[1] == "Not read: ecog 1, egfr 1, refractory 1."
    assert "Not literal in some cell: 1." in lines
    assert "With the id of an earlier row: 1." in lines
    shown = {" ".join(line.split()) for line in lines}
    assert "double-refractory 2 29 %" in shown
    assert "penta-refractory 1 14 %" in shown
    assert "Jane" not in result.output


def test_a_summary_names_every_regimen_with_its_counts(catalogue: Catalogue) -> None:
    text = batch("--summary", "--summary-json", "summary.json", "--width", "120").stdout
    lines = {line.split()[0]: line.split() for line in text.splitlines() if line.strip()}
    found = json.loads(Path("summary.json").read_bytes())
    assert {*catalogue.regimens} <= {*lines}
    for each in found["regimens"]:
        counts = [str(each[name]) for name in ("eligible", "conditional", "excluded")]
        assert lines[each["id"]][1:4] == counts


def test_a_summary_of_rows_that_cannot_be_read_is_drawn_too() -> None:
    Path("none.csv").write_text("id,refractory\nA\n,\n")
    result = batch("--summary", file="none.csv")
    assert result.exit_code == 1
    assert result.stdout.startswith("1 rows, 1 could not be read.")
    assert "Rows that are no patient, passed over: 1." in result.stdout


def test_the_questions_asked_most_are_drawn_and_the_others_are_in_the_json(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawn, "MISSING", 3)
    result = batch("--summary", "--summary-json", "summary.json", "--width", "100")
    missing = json.loads(Path("summary.json").read_bytes())["missing"]
    words = " ".join(result.stdout.split())
    assert len(missing) > 3
    assert all(each["question"] in words for each in missing[:3])
    assert missing[-1]["question"] not in words


def test_proposed_columns_are_a_map_that_can_be_used() -> None:
    assert batch(file="chart.csv").exit_code == 2
    proposed = batch("--columns", file="chart.csv")
    assert (proposed.exit_code, proposed.stderr) == (0, "")
    assert "Revlimid" not in proposed.stdout
    Path("map.yaml").write_text(proposed.stdout, encoding="utf-8")
    mapped = rows(batch("--map", "map.yaml", file="chart.csv").stdout)
    assert [row["given"]["refractory"] for row in mapped] == [["lenalidomide"]] * 2
    assert [row["given"]["lvef"] for row in mapped] == [60.0, 55.0]


def test_columns_of_courses_are_told_where_they_belong() -> None:
    text = "id,Therapie,Beginn,Ende\n1,VRd,2019-01-01,2019-06-01\n"
    Path("courses.csv").write_text(text, encoding="utf-8")
    assert "lenrx batch --courses FILE" in batch("--columns", file="courses.csv").stderr
    assert "--courses" not in batch("--columns", file="chart.csv").stderr


def test_proposed_columns_of_json_are_a_map_too() -> None:
    chart = [{"Edad": 71, "Refractario": ["lena"], "Nota": "x"}, {"Edad": 60, "más": None}]
    text = "".join(json.dumps(row) + "\n" for row in chart)
    Path("chart.ndjson").write_text(text, encoding="utf-8")
    Path("map.yaml").write_text(batch("--columns", file="chart.ndjson").stdout, encoding="utf-8")
    result = batch("--map", "map.yaml", file="chart.ndjson")
    assert result.exit_code == 0
    first, second = (row["given"] for row in rows(result.stdout))
    assert (first["age"], first["refractory"], second["age"]) == (71.0, ["lenalidomide"], 60.0)


@pytest.mark.parametrize(
    ("options", "exit_code"),
    [
        (("--map", "refractory=Refractario", "--ignore-other"), 0),
        (("--map", "refractory=Refractario"), 2),
        (("--map", "refractory=Refractory", "--ignore-other"), 2),
        (("--map", "nothing=Refractario", "--ignore-other"), 2),
        (("--map", "no-such-map.yaml"), 2),
        (("--map", "age=Edad", "--ignore", "Edad", "--ignore-other"), 2),
    ],
)
def test_a_column_is_mapped_ignored_or_refused(options: tuple[str, ...], exit_code: int) -> None:
    result = batch(*options, file="chart.csv")
    assert result.exit_code == exit_code
    # One line in any case: what is wrong, or which columns are left out.
    assert len(result.stderr.splitlines()) == 1


@pytest.fixture
def changed(catalogue: Catalogue) -> tuple[str, str]:
    """The results of two days, with their legends."""
    Answers(catalogue, as_of="2023-06-01").write(Path("before.ndjson"))
    Answers(catalogue).write(Path("after.ndjson"))
    return ("before.ndjson", "after.ndjson")


def test_changes_fit_eighty_columns_and_say_how_many(changed: tuple[str, str]) -> None:
    result = lenrx("diff", *changed, "--width", "80")
    lines = result.stdout.splitlines()
    found = rows(lenrx("diff", *changed, "--format", "json").stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert max(map(len, lines)) <= 80
    assert lines[-1] == f"{len(found)} patients changed."
    assert len(found) > 3
    assert "A (row 1) as_of 2023-06-01 -> 2026-11-23" in lines
    first = found[0]["regimens"][0]
    assert f"  {first['id']}: {first['before']} -> {first['after']}" in lines
    assert first["because"][0]["because"] in " ".join(result.stdout.split())


def test_no_change_is_said(changed: tuple[str, str]) -> None:
    result = lenrx("diff", changed[0], changed[0])
    assert (result.exit_code, result.stdout) == (0, "No patient's options changed.\n")
    assert lenrx("diff", changed[0], changed[0], "--format", "json").stdout == ""


@pytest.mark.parametrize("side", [0, 1])
def test_what_is_no_result_is_one_line_and_exit_2(changed: tuple[str, str], side: int) -> None:
    names = [*changed]
    names[side] = "cohort.csv"
    result = lenrx("diff", *names)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("lenrx: cohort.csv:1: not a line of lenrx/result/2")


def test_a_result_that_is_not_there_is_one_line_and_exit_2(changed: tuple[str, str]) -> None:
    result = lenrx("diff", changed[0], "no-such-file")
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("lenrx: no-such-file: cannot be read")


def test_nothing_in_a_result_is_obeyed_by_the_terminal_or_taken_for_markup(
    catalogue: Catalogue,
) -> None:
    ids = ["[/b]", "[red]x", "\x1b[31mred", "two\nlines"]
    for name, drug in (("a.ndjson", "lena"), ("b.ndjson", "lena; dara")):
        made = Answers(catalogue, [{"id": each, "refractory": drug} for each in ids])
        made.write(Path(name))
    result = lenrx("diff", "a.ndjson", "b.ndjson", "--color", "always")
    assert result.exit_code == 0
    for shown in ("[/b] (row 1)", "[red]x (row 2)", "?[31mred (row 3)", "two?lines (row 4)"):
        assert shown in result.stdout
