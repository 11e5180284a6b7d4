"""Every file and function that the page on the architecture names exists, where it is said to be.

A function stands in the file named last before it, or in the one named right after it with "of".
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

import lenrx
from lenrx.batch.engine.engine import Engine
from lenrx.batch.engine.fragments import BLOCK, SERIOUS
from lenrx.batch.members import MEMBERS, Where
from lenrx.catalogue.field_kinds import Range
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import REGIONS
from lenrx.cli import main as cli
from lenrx.patient.patient import Patient

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


LIMITS = [
    "carfilzomib-lvef",
    *(f"{each}-lvef" for each in ("candor", "ikema", "endeavor", "arrow")),
]


@pytest.mark.parametrize(
    ("lvef", "member", "ids", "cautions"),
    [
        (35, "applies", LIMITS[:1], {"KCd": 1, "Kd": 1, "DaraKd": 1}),
        (Range(30, 90, ">30"), "confirm", ["carfilzomib-lvef"], {}),
        (None, "confirm", ["carfilzomib-lvef"], {}),
        (60, None, [], {}),
    ],
)
def test_the_five_words_are_explained_by_what_the_engine_has(
    catalogue: Catalogue, lvef: Any, member: Where | None, ids: list[str], cautions: dict[str, int]
) -> None:
    assert all(f"| {word} |" in TEXT for word in "leaf fact criterion bundle fragment".split())
    assert all(f"`{each}`" in TEXT for each in LIMITS)
    engine = Engine(catalogue, as_of=catalogue.day)
    assert engine.criteria.together[LIMITS[0]] == LIMITS[1:]
    found = engine.outcome(Patient(refractory=("lenalidomide",), lvef=lvef))
    (fragment,) = (
        fragment
        for bundle, fragment in zip(engine.criteria.bundles, found.fragments, strict=True)
        if {leaf.key for leaf in bundle.leaves} == {"lvef"}
    )
    said = dict(zip(MEMBERS, fragment.texts, strict=True))
    assert {name: sorted(json.loads(f"[{text}]")) for name, text in said.items() if text} == (
        {member: sorted(ids)} if member else {}
    )
    places = [each.id for each in engine.criteria.regimens]
    for regimen, count in cautions.items():
        for half, _ in enumerate(REGIONS):
            block = fragment.weight >> BLOCK * (len(REGIONS) * places.index(regimen) + half)
            assert block >> SERIOUS & 0b111111 == count


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
