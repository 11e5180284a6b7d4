"""Which commands there are, and that only the one that is asked for is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import lenrx.cli
from lenrx.cli import main as cli

FILES = {path.stem for path in Path(lenrx.cli.__file__).parent.glob("*.py")}
CODE = """
import sys
from lenrx.cli.main import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def imported(*arguments: str) -> set[str]:
    """The modules of lenrx that a call imports, without the name of the package."""
    done = subprocess.run([sys.executable, "-c", CODE, *arguments], capture_output=True, text=True)
    names = done.stderr.split()
    return {name.removeprefix("lenrx.") for name in names if name.startswith("lenrx.")}


def files_of(commands: tuple[str, ...]) -> set[str]:
    return {f"cli.{name}" for name in commands}


def test_every_command_has_a_file_of_its_name_and_is_in_the_table() -> None:
    folder = Path(lenrx.cli.__file__).parent
    commands = {name for name in FILES if "def register(" in (folder / f"{name}.py").read_text()}
    assert set(cli.COMMANDS) == commands


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_a_command_is_imported_without_the_others(command: str) -> None:
    assert imported(command, "--help") & files_of(cli.COMMANDS) == {f"cli.{command}"}


@pytest.mark.parametrize("argument", ["--help", "recomend", "--version"])
def test_all_are_there_for_help_and_for_a_near_name(argument: str) -> None:
    assert imported(argument) >= files_of(cli.COMMANDS)


@pytest.mark.parametrize("command", [("recommend",), ("explain", "Kd"), ("compare", "Kd", "Pd")])
def test_one_patient_is_answered_without_the_rooms_of_many(command: tuple[str, ...]) -> None:
    rooms = {name.partition(".")[0] for name in imported(*command, "--refractory", "lena")}
    assert "rules" in rooms
    assert not rooms & {"batch", "curation"}


def ended(
    *arguments: str | bytes, closed: int | None = None, broken: bool = False
) -> tuple[int, str]:
    """The exit code and stderr of a call: one end closed, or the reader of stdout gone."""
    end, begin = os.pipe()
    os.close(end)
    done = subprocess.run(
        [sys.executable, "-m", "lenrx", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=begin if broken else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=None if closed is None else lambda: os.close(closed),
    )
    os.close(begin)
    return done.returncode, done.stderr


@pytest.mark.parametrize("arguments", [("vocabulary",), ("--help",), ("drugs", "-h"), ("-V",)])
def test_what_is_printed_needs_stdout_but_no_reader(arguments: tuple[str, ...]) -> None:
    assert ended(*arguments, broken=True) == (0, "")
    assert ended(*arguments, closed=1) == (2, "lenrx: stdout: is closed\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("recommend", "--patient", "-"),
        ("plan", "Kd", "--patient", "-"),
        ("plan", "--record", "-"),
        ("explain", "Kd", "--patient", "-"),
    ],
)
def test_a_closed_stdin_is_one_line(arguments: tuple[str, ...]) -> None:
    assert ended(*arguments, closed=0) == (2, "lenrx: stdin: is closed\n")


@pytest.mark.parametrize(
    "call",
    [
        ("recommend",),
        ("recommend", "--what-if", "egfr=20"),
        ("plan", "Kd"),
        ("explain", "Kd"),
    ],
)
def test_half_a_pair_of_surrogates_is_a_question_mark(call: tuple[str, ...]) -> None:
    options = ("--refractory", "lena", "--id", "a\udcffb", "-f", "json")
    done = CliRunner().invoke(cli.app, (*call, *options))
    assert (done.exit_code, json.loads(done.stdout)["patient"]["given"]["id"]) == (0, "a?b")


def test_a_byte_that_is_no_text_is_the_same_when_a_run_goes_on(tmp_path: Path) -> None:
    table, out = tmp_path / "t.csv", tmp_path / "o.ndjson"
    table.write_text("id,refractory\n1,lena\n")
    call = ("batch", str(table), "--missing", b"\xff", "-o", str(out))
    assert ended(*call) == (0, "")
    assert "is complete; there is nothing to resume" in ended(*call, "--resume")[1]
