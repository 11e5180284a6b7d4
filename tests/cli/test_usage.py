"""Usage errors in every command: one line, exit 2, with what, where and the nearest name."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

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
