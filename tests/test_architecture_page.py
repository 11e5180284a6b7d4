"""Every file and function that the page on the architecture names exists, where it is said to be.

A function stands in the file named last before it, or in the one named right after it with "of".
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import lenrx
from lenrx.cli import main as cli

HOME = Path(lenrx.__file__).parent
PAGE = Path(__file__).parents[1] / "docs" / "architecture.md"
FILE = r"`((?:\w+/)+\w+\.py)`"
FUNCTION = r"`([\w.]+)\(\)`"
NAMED = re.compile(rf"{FUNCTION} (?:of|in) {FILE}|{FUNCTION}|{FILE}")


def defined(file: str) -> set[str]:
    """The functions of a file, those of a class with its name before."""
    found = set[str]()
    for node in ast.parse((HOME / file).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef))
            found |= {f"{node.name}.{each.name}" for each in methods}
    return found


def named(text: str) -> list[tuple[str, str]]:
    """Each function that a text names, with its file."""
    file, found = "", []
    for match in NAMED.finditer(text):
        function, of, alone, path = match.groups()
        if path:
            file = path
        else:
            found.append((of or file, function or alone))
    return found


def is_there(file: str) -> bool:
    return (HOME / file).is_file() or (HOME.parents[1] / file).is_file()


TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", sorted(set(re.findall(FILE, TEXT))))
def test_a_file_that_is_named_exists(file: str) -> None:
    assert is_there(file)


@pytest.mark.parametrize(("file", "function"), sorted(set(named(TEXT))))
def test_a_function_that_is_named_is_in_its_file(file: str, function: str) -> None:
    assert function in defined(file)


def test_the_page_names_every_room_and_is_short() -> None:
    rooms = {each.name for each in HOME.iterdir() if (each / "__init__.py").is_file()}
    assert set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) == rooms
    assert len(TEXT.splitlines()) <= 90


def test_the_example_is_a_command_that_runs() -> None:
    assert "`lenrx recommend --refractory lena,pi --egfr 25`" in TEXT
    assert "recommend" in cli.COMMANDS


def test_a_wrong_place_is_found() -> None:
    assert named("`rules/case.py`: `assess()`, `x()` of `a/b.py`, `y()`") == [
        ("rules/case.py", "assess"),
        ("a/b.py", "x"),
        ("rules/case.py", "y"),
    ]
    assert "assess" not in defined("rules/case.py")
