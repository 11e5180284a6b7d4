"""`lenrx plan` and `lenrx explain` of a plan as a user types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.cli import main as cli

runner = CliRunner()
LENA = ("--refractory", "lena", "--prior-lines", "1", "--as-of", "2026-11-28")


def run(*args: str, stdin: str | None = None) -> Any:
    return runner.invoke(cli.app, args, input=stdin, env={"COLUMNS": "80"})


def said(result: Any) -> str:
    assert result.exit_code == 0, result.stderr
    return " ".join(result.stdout.split())


def test_a_plan_that_relies_on_what_failed_is_excluded_and_better_options_are_named() -> None:
    text = said(run("plan", "KRd", *LENA))
    assert "KRd: carfilzomib + lenalidomide + dexamethasone" in text
    assert "Excluded: refractory to lenalidomide, which this regimen relies on" in text
    assert "Label: no entry here Evidence: no entry here" in text
    assert "BVd" in text


def test_it_fits_a_screen() -> None:
    long = ("--comorbidities", "heart_failure,prior_vte,active_infection,pregnancy,hiv")
    for text in ("KRd", "D-VTd", "DaraKd", "VTD-PACE", "foo + bar + Kd"):
        lines = run("plan", *text.split(), *LENA, *long, "--egfr", "25", "--lvef", "35")
        assert lines.exit_code == 0
        assert all(len(each) <= 80 for each in lines.stdout.splitlines())
    assert len(run("plan", "KRd", *LENA, "--egfr", "25").stdout.splitlines()) <= 30


def test_drugs_may_be_words_of_the_line() -> None:
    assert "Excluded" in said(run("plan", "carfilzomib", "lenalidomide", "dex", *LENA))
    assert "DaraKd: daratumumab" in said(run("plan", "dara", "+", "Kyprolis", "dex", *LENA))


def test_json_is_one_document_of_at_most_six_kilobytes() -> None:
    result = run("plan", "KRd", *LENA, "--format", "json")
    data = json.loads(said(result))
    assert data["schema"] == "lenrx/plan/1"
    assert data["verdict"] == "excluded"
    assert data["plan"]["in_catalogue"] is False
    assert data["findings"][0]["criterion"] == "refractory-lenalidomide"
    assert data["findings"][0]["sources"]
    assert data["better"][0]["id"]
    assert len(result.stdout.encode()) <= 6_144


def test_markdown_says_the_same() -> None:
    text = run("plan", "KRd", *LENA, "--format", "markdown").stdout
    assert text.startswith("### KRd: carfilzomib")
    assert "**Excluded**: refractory to lenalidomide" in text


def test_an_unknown_drug_is_said_and_the_rest_is_judged() -> None:
    text = said(run("plan", "foo+Kd", *LENA))
    assert "Not judged: foo: not a drug" in text
    assert "Conditional: foo is part of the plan and cannot be judged" in text


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("plan", "lenolidamyde", *LENA), "'lenolidamyde': not a drug"),
        (("plan", *LENA), "plan: names nothing; write a regimen or its drugs"),
        (("plan", "", *LENA), "plan: names nothing"),
        (("plan", "V", *LENA), "could be bortezomib or venetoclax"),
        (("plan", "KRd", "--refractory", "V"), "refractory: 'V'"),
        (("plan", "KRd", "--egfr", "-3"), "egfr: '-3'"),
        (("plan", "KRd", "--patient", "no-such.json"), "no-such.json: cannot be read"),
        (("explain", "lenolidamyde", *LENA), "'lenolidamyde': not a drug"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(args: tuple[str, ...], words: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert words in result.stderr


@pytest.mark.parametrize("name", ["given", "planned", "Planned"])
@pytest.mark.parametrize("value", ["KRd", ["carfilzomib", "lena", "dex"]])
def test_the_plan_may_stand_in_the_patient_file(name: str, value: Any) -> None:
    patient = json.dumps({"refractory": ["lena"], "prior_lines": 1, name: value})
    text = said(run("plan", "--patient", "-", stdin=patient))
    assert "KRd: carfilzomib" in text
    twice = run("plan", "Kd", "--patient", "-", stdin=patient)
    assert twice.exit_code == 2
    assert "stated in the file and on the line" in twice.stderr
    other = run("recommend", "--patient", "-", stdin=patient)
    assert other.exit_code == 0
    assert other.stderr == "lenrx: given: not judged here; `lenrx plan` judges it\n"


def test_a_plan_in_a_file_that_is_no_text_is_refused() -> None:
    result = run("plan", "--patient", "-", stdin='{"refractory": ["lena"], "given": {"a": 1}}')
    assert result.exit_code == 2
    assert "given: must be a regimen or a list of its drugs" in result.stderr


def test_explain_takes_the_same_names() -> None:
    text = said(run("explain", "KRd", *LENA))
    assert "refractory to lenalidomide, which this regimen relies on" in text
    assert "no entry here" in text
    assert "no clause for this combination" not in text
    same = run("explain", "dara+carfilzomib+dex", *LENA)
    assert same.stdout == run("explain", "DaraKd", *LENA).stdout
    data = json.loads(run("explain", "KRd", *LENA, "--format", "json").stdout)
    assert [each["verdict"] for each in data["regimens"]] == ["excluded"]


def test_a_reader_who_has_had_enough_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m lenrx plan KRd --refractory lena | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


RECORD = """\
sex: female
egfr: 40
treatments:
  - {drugs: VRd, start: 2018-03-01, stop: 2018-08-01, response: VGPR}
  - {drugs: lenalidomide, start: 2018-09-01, stop: 2021-02-01, maintenance: true,
     stopped_for: progression}
  - {drugs: KRd, start: 2021-02-20, stop: 2022-01-01}
"""


def test_a_record_is_judged_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "record.yaml"
    file.write_text(RECORD, encoding="utf-8")
    result = run("plan", "--record", str(file), "--region", "eu", "--as-of", "2026-11-28")
    text = said(result)
    assert result.stderr == "lenrx: not used of past lines: egfr\n"
    assert "Line 1, 2018-03-01: VRd Not judged: the first line" in text
    assert "Line 2, 2021-02-20: KRd lenalidomide-refractory Excluded: refractory to" in text
    data = json.loads(run("plan", "--record", str(file), "--format", "json").stdout)
    assert [each["line"] for each in data["lines"]] == ["1", "2"]


@pytest.mark.parametrize(
    ("args", "stdin", "words"),
    [
        (("KRd", "--record", "-"), RECORD, "--record judges what was given; leave the plan out"),
        (("--record", "-"), "refractory: [lena]\n", "treatments: are not in the file"),
        (("--record", "none.yaml"), "", "none.yaml: cannot be read"),
        (("--record", "-", "--patient", "x.json"), RECORD, "leave --patient out"),
        (("--record", "-", "--format", "markdown"), RECORD, "answers as table or json"),
        (("--record", "-"), "treatments: 3\n", "must be a list of courses"),
    ],
)
def test_a_record_that_cannot_be_judged_is_one_line(
    args: tuple[str, ...], stdin: str, words: str
) -> None:
    result = run("plan", *args, stdin=stdin)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr.splitlines()[-1]
