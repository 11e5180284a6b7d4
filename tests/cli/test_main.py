"""Which commands there are, and that only the one that is asked for is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
