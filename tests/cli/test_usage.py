"""Usage errors in every command: one line, exit 2, with what, where and the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lenrx.cli import inquiry
from lenrx.cli.main import COMMANDS, program

APP = program(COMMANDS)
LISTS = "lists what there is"


def said(*arguments: str) -> str:
    """The one line that a call ends with."""
    done = CliRunner().invoke(APP, arguments, prog_name="lenrx")
    assert (done.exit_code, done.stdout) == (2, ""), arguments
    assert done.stderr.startswith("lenrx: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_that_does_not_exist_is_one_line_in_every_command(command: str) -> None:
    no_such = f"lenrx: --frobnicate: no such option of {command}; "
    assert said(command, "--frobnicate") == f"{no_such}`lenrx {command} --help` {LISTS}"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "recommend --refractry lena",
            "--refractry: no such option of recommend; did you mean --refractory?; "
            f"`lenrx recommend --help` {LISTS}",
        ),
        (
            "recomend",
            f"recomend: no such command; did you mean recommend?; `lenrx --help` {LISTS}",
        ),
        ("--versoin", "--versoin: no such option of lenrx; did you mean --version?; "),
        ("recommend --format xml", "--format: 'xml': must be one of table, json, csv, markdown"),
        ("recommend -f jsn", "must be one of table, json, csv, markdown; did you mean json?"),
        ("batch x.csv --detail breif", "must be one of brief, ids, reasons; did you mean brief?"),
        ("recommend --width ten", "--width: 'ten': must be a whole number"),
        ("batch x --show one", "--show: 'one': must be a whole number"),
        ("recommend --width 39", "--width: 39: must be 40 or more"),
        ("batch x.csv --jobs 0", "--jobs: 0: must be 1 or more"),
        ("recommend refractory lena", "refractory lena: is more than recommend takes; did you"),
        ("drugs lena bort", f"bort: is more than drugs takes; `lenrx drugs --help` {LISTS}"),
        ("explain", f"REGIMEN|DRUGS...: is missing; `lenrx explain --help` {LISTS}"),
        ("recommend --egfr", "--egfr: has no value; write it behind: --egfr VALUE"),
        ("recommend --quiet=yes", "--quiet: takes no value; write --quiet alone"),
    ],
)
def test_what_is_wrong_with_a_call_is_one_line(line: str, expected: str) -> None:
    assert expected in said(*line.split())


def test_nothing_of_a_terminal_is_obeyed_in_what_was_typed() -> None:
    assert "\x1b" not in said("recommend", "--\x1b[2J")
    assert "\x1b" not in said("recommend", "--format", "\x1b[2J\nx")


def test_nothing_asked_is_answered_with_the_help() -> None:
    done = CliRunner().invoke(APP, [], prog_name="lenrx")
    assert done.exit_code == 2
    assert "recommend" in done.stdout + done.stderr


def test_a_name_that_no_system_takes_and_a_number_without_end_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.yaml").write_text(f"refractory: lena\negfr: {'9' * 5000}\n")
    long = "x" * 300
    assert "File name too long" in said("recommend", "--refractory", "lena", "-o", long)
    assert "File name too long" in said("check", long)
    assert "p.yaml: 2: a value is read as int" in said("recommend", "--patient", "p.yaml")


def test_columns_left_out_that_look_like_fields_are_named(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("id,refractory,egfrr,note\n1,lena,20,x\n")
    done = CliRunner().invoke(APP, ["batch", str(table), "--ignore-other"], prog_name="lenrx")
    assert done.stderr == "lenrx: left out, as no field: egfrr (did you mean egfr?), note\n"
    assert done.exit_code == 0


def test_columns_left_out_that_may_tell_of_drugs_are_named_first(tmp_path: Path) -> None:
    table = tmp_path / "c.csv"
    table.write_text("id,note,refractory,,Failed drugs\nP1,x,lena,1,dara\n")
    done = CliRunner().invoke(APP, ["batch", str(table), "--ignore-other"], prog_name="lenrx")
    assert "left out, as no field: Failed drugs, note, without a name; if one tells" in done.stderr


def test_a_key_that_may_be_a_patient_is_not_printed(tmp_path: Path) -> None:
    rows = tmp_path / "t.ndjson"
    rows.write_text('{"JOHN DOE":1,"JOHN DOE":2,"refractory":"lena"}\n')
    done = CliRunner().invoke(APP, ["batch", str(rows)], prog_name="lenrx")
    assert "a key is written twice" in done.stdout and "JOHN" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("recommend --egfr 25 --egfr 60", "--egfr"),
        ("plan Kd --lines 2 --prior-lines 3", "--prior-lines"),
        ("explain Kd --region us --region=eu", "--region"),
        ("ask --as-of 2026-01-01 --as-of 2026-01-02", "--as-of"),
        ("recommend --dialysis --no-dialysis", "--dialysis"),
        ("report --patient a.json --patient b.json", "--patient"),
        ("recommend -f json --format csv", "--format"),
        ("compare Kd Pd --pager --no-pager", "--pager"),
        ("regimens --width 80 --width 90", "--width"),
        ("drugs -fjson -f table", "--format"),
        ("sources --color never --color always", "--color"),
        ("about --width 80 --width 90", "--width"),
        ("schema patient -o a -o b", "--output"),
        ("check --catalogue a --catalogue b", "--catalogue"),
        ("batch x.csv --jobs 1 --jobs 2", "--jobs"),
        ("diff a b --width 80 --width 90", "--width"),
    ],
)
def test_an_option_of_one_value_that_is_given_two_is_refused(line: str, option: str) -> None:
    expected = f"lenrx: {option}: given twice with different values; keep one"
    assert said(*line.split()) == expected


@pytest.mark.parametrize(
    "line",
    [
        "recommend --refractory lena --egfr 25 --egfr 25 -q -q -f csv",
        "recommend --refractory lena --refractory pi --dialysis --dialysis -f csv",
        "recommend --refractory lena --assume lvef=30 --assume egfr=60 -f csv",
        "plan Kd Kd --refractory lena -f markdown",
    ],
)
def test_the_same_value_again_and_a_list_in_parts_are_taken(line: str) -> None:
    done = CliRunner().invoke(APP, line.split(), prog_name="lenrx")
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "line",
    [
        "recommend --refractory lena --assume lvef=30 --assume lvef=60",
        "recommend --refractory lena --what-if lvef=30,egfr=20,lvef=60",
    ],
)
def test_a_field_that_is_assumed_or_changed_twice_is_refused(line: str) -> None:
    assert said(*line.split()) == "lenrx: lvef: given twice with different values; keep one"


def test_a_list_that_is_assumed_twice_loses_nothing_in_silence() -> None:
    twice = ("--assume", "exposed=pi", "--assume", "exposed=mel")
    expected = "lenrx: exposed: given twice with different values; keep one"
    assert said("recommend", "--refractory", "lena", *twice) == expected


def test_an_id_that_is_too_long_is_refused_without_it(tmp_path: Path) -> None:
    expected, long = "lenrx: id: must be 1,000 letters or fewer", "x" * 1001
    assert said("recommend", "--refractory", "lena", "--id", long) == expected
    chart = tmp_path / "p.json"
    chart.write_text(f'{{"refractory": "lena", "id": "{long}"}}')
    assert said("plan", "Kd", "--patient", str(chart)) == expected


def test_what_is_interrupted_is_one_line_and_130_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(inquiry, "inquire", interrupted)
    for command in ("recommend", "plan Kd", "explain Kd"):
        line = [*command.split(), "-o", str(tmp_path / "answer.json")]
        done = CliRunner().invoke(program(COMMANDS), line)
        assert (done.exit_code, done.stdout, done.stderr) == (130, "", "lenrx: stopped\n")
    assert not list(tmp_path.iterdir())
