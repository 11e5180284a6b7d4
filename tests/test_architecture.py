"""The house holds: rooms point one way, nothing is circular, nothing grows out of its place.

Every import counts, also one inside a function and one that only types need.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import lenrx

_ANSWERING = ("catalogue", "patient", "intake", "rules")
MAY_IMPORT: Mapping[str, tuple[str, ...]] = {
    "catalogue": (),
    "patient": _ANSWERING[:1],
    "intake": _ANSWERING[:2],
    "rules": _ANSWERING[:3],
    "curation": _ANSWERING,
    "report": _ANSWERING,
    "batch": (*_ANSWERING, "report"),
    "cli": (*_ANSWERING, "curation", "report", "batch"),
}
LONGEST = 400
MOST_MODULES = 13
CLOCKS = {
    *("date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time"),
    *("time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.strftime"),
}
STOPWATCHES = {"time.monotonic", "time.perf_counter"}
IMPORTS_BY_NAME = {"", "cli.main"}
"""They import what is asked for; their modules are looked at here all the same."""

House = Mapping[str, str]
"""The text of each module by its name without the package: `rules.filters`, `rules`, empty."""


@cache
def built() -> House:
    home = Path(lenrx.__file__).parent
    paths = {path.relative_to(home).with_suffix(""): path for path in home.rglob("*.py")}
    return {
        ".".join(name.parts).removesuffix("__init__").rstrip("."): path.read_text(encoding="utf-8")
        for name, path in sorted(paths.items())
    }


def room(module: str) -> str:
    return module.partition(".")[0]


def rooms(house: House) -> set[str]:
    return {room(name) for name in house if "." in name}


def nodes(text: str) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(text))


def arrows(house: House, module: str) -> Iterator[tuple[str, str]]:
    """What a module imports of the package: the module, and the name that is taken from it."""
    for node in nodes(house[module]):
        if isinstance(node, ast.Import):
            yield from ((_inside(each.name), "") for each in node.names if _is_ours(each.name))
        elif isinstance(node, ast.ImportFrom) and (node.level or _is_ours(node.module or "")):
            base = _beside(house, module, node) if node.level else _inside(node.module or "")
            for each in node.names:
                inner = f"{base}.{each.name}".strip(".")
                yield (inner, "") if inner in house else (base, each.name)


def _is_ours(dotted: str) -> bool:
    return dotted.partition(".")[0] == "lenrx"


def _inside(dotted: str) -> str:
    return dotted.partition(".")[2]


def _beside(house: House, module: str, node: ast.ImportFrom) -> str:
    """The module that the dots of a relative import mean."""
    is_folder = any(name.startswith(f"{module}.") for name in house)
    parts = module.split(".") if is_folder else module.split(".")[:-1]
    return ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])])


def backward(house: House) -> list[str]:
    """Arrows from a room to one that it may not import."""
    return [
        f"{module} imports {target}"
        for module in house
        for target, name in arrows(house, module)
        if not _allowed(module, target, name)
    ]


def _allowed(module: str, target: str, name: str) -> bool:
    if module == "__main__":
        return target == "cli.main"
    if not target:
        return name == "__version__"
    if not module:
        return room(target) != "cli" or target == "cli.clock"
    return room(target) in (room(module), *MAY_IMPORT[room(module)])


def circle(house: House) -> list[str]:
    """One circle of modules that import each other, if any; all may take the version."""
    graph = {name: {target for target, _ in arrows(house, name)} - {name, ""} for name in house}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def crowded(house: House) -> list[str]:
    """Folders of more modules than one looks through; commands are alike and do not count."""
    alike = {name for name, text in house.items() if _is_command(text)}
    folders = {name.rpartition(".")[0] for name in house if name}
    counts = Counter(
        name.rpartition(".")[0] for name in house if name and name not in alike | folders
    )
    return [f"{folder}: {count}" for folder, count in counts.items() if count > MOST_MODULES]


def _is_command(text: str) -> bool:
    """Whether a module is the file of one command."""
    body = ast.parse(text).body
    return any(isinstance(each, ast.FunctionDef) and each.name == "register" for each in body)


def long(house: House) -> list[str]:
    counts = {name: len(text.splitlines()) for name, text in house.items()}
    return [f"{name}: {count} lines" for name, count in counts.items() if count > LONGEST]


def undescribed(house: House) -> list[str]:
    """Rooms that do not say in three lines what they are for, or that hold more than that."""
    return [each for each in sorted(rooms(house)) if not _is_description(house.get(each, ""))]


def _is_description(text: str) -> bool:
    tree = ast.parse(text)
    lines = [line for line in (ast.get_docstring(tree) or "").splitlines() if line]
    return len(tree.body) == 1 and len(lines) == 3


def outside(house: House) -> list[str]:
    """What only `cli` may do: use typer, print to stdout, read a clock; batch may time itself."""
    return [
        f"{module}: {use}"
        for module, text in house.items()
        if room(module) != "cli"
        for use in sorted(set(_uses(text)))
        if use in {"typer", "print", "sys.stdout"} | CLOCKS
        or (use in STOPWATCHES and room(module) != "batch")
        or (use == "importlib" and module not in IMPORTS_BY_NAME)
    ]


def _uses(text: str) -> Iterator[str]:
    """The modules that are imported, the names, and the last two parts of dotted names."""
    for node in nodes(text):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield ".".join(ast.unparse(node).split(".")[-2:])


def test_no_arrow_points_backwards() -> None:
    assert backward(built()) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(built()) == []


def test_no_folder_is_crowded() -> None:
    assert crowded(built()) == []


def test_no_module_is_long() -> None:
    assert long(built()) == []


def test_every_room_says_what_it_is_for_and_holds_nothing_else() -> None:
    assert undescribed(built()) == []
    assert rooms(built()) == set(MAY_IMPORT)


def test_only_the_command_line_prints_and_reads_a_clock() -> None:
    assert outside(built()) == []


@pytest.mark.parametrize(
    ("module", "line", "target"),
    [
        ("rules.x", "from lenrx.report.phrases import NOTICE", "report.phrases"),
        ("rules.x", "import lenrx.cli.main", "cli.main"),
        ("rules.x", "def f():\n    from lenrx.batch import summary", "batch.summary"),
        ("rules.x", "if TYPE_CHECKING:\n    from lenrx.report import phrases", "report.phrases"),
        ("rules.x", "from ..report import phrases", "report.phrases"),
        ("rules.x", "from lenrx import assess", ""),
        ("report.x", "from lenrx.curation.checks import CHECKS", "curation.checks"),
        ("curation.x", "from lenrx.batch import summary", "batch.summary"),
        ("batch.x", "from lenrx.curation.checks import CHECKS", "curation.checks"),
    ],
)
def test_an_arrow_backwards_is_found_wherever_it_stands(
    module: str, line: str, target: str
) -> None:
    assert backward({**built(), module: line}) == [f"{module} imports {target}"]


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("rules.x", "from lenrx.rules.case import Case"),
        ("rules.x", "from .case import Case"),
        ("rules.x", "from lenrx import __version__"),
        ("batch.x", "from lenrx.report.as_csv import render"),
        ("cli.x", "from lenrx.curation import checks"),
    ],
)
def test_an_arrow_to_what_stands_before_is_none(module: str, line: str) -> None:
    assert backward({module: line, "rules.case": ""}) == []


def test_a_circle_a_crowd_and_a_long_module_are_found() -> None:
    ring = {"rules.a": "from lenrx.rules import b", "rules.b": "def f():\n    import lenrx.rules.a"}
    assert set(circle(ring)) == {"rules.a", "rules.b"}
    many = {f"rules.m{number}": "" for number in range(MOST_MODULES + 1)}
    assert crowded({**many, "rules": ""}) == ["rules: 14"]
    assert crowded(dict.fromkeys(many, "def register(app): ...")) == []
    assert long({"rules.a": "\n" * (LONGEST + 1), "rules.b": "\n" * LONGEST}) == [
        "rules.a: 401 lines"
    ]


@pytest.mark.parametrize(
    "text", ["", '"""One line."""', '"""One.\n\nTwo.\nThree.\n"""\nimport re', "x = 1"]
)
def test_a_room_that_does_not_say_what_it_is_for_is_found(text: str) -> None:
    assert undescribed({"rules": text, "rules.case": ""}) == ["rules"]


@pytest.mark.parametrize(
    "line",
    [
        "import typer",
        "from typer import Typer",
        "print(1)",
        "import sys\nsys.stdout.write('')",
        "from sys import stdout",
        "from datetime import date\ndate.today()",
        "import datetime\nnow = datetime.datetime.now",
        "import time\ntime.time()",
        "from time import time",
        "from importlib import import_module",
    ],
)
def test_printing_and_reading_a_clock_are_found_outside_the_command_line(line: str) -> None:
    assert outside({"report.x": line})
    assert outside({"batch.x": line})
    assert not outside({"cli.x": line})


def test_a_stopwatch_is_for_a_run_over_many_patients() -> None:
    line = "from time import monotonic"
    assert not outside({"batch.x": line})
    assert outside({"rules.x": line})
