"""The single changes that mutants are made of: to a Python module, and to the catalogue's YAML."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple


@dataclass(frozen=True)
class Mutant:
    """One change: in which file, the how manieth, and what stood and stands there."""

    file: str
    number: int
    line: int
    kind: str
    before: str
    after: str

    def __str__(self) -> str:
        """As a line of the list of survivors."""
        return f"{self.file}:{self.line} ({self.kind}) {self.before} -> {self.after}"


_FLIPPED: Final[Mapping[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ASKED: Final = ("test", "ifs")
_NEVER_RUN: Final = ("annotation", "returns")


def of(file: str, text: str) -> list[Mutant]:
    """Every change to a file."""
    every = _of_code(ast.parse(text)) if file.endswith(".py") else _of_yaml(text)
    return [
        Mutant(file, number, each.line, each.kind, *each.shown) for number, each in enumerate(every)
    ]


def made(mutant: Mutant, text: str) -> str:
    """The text of the file with the change."""
    if mutant.file.endswith(".py"):
        tree = ast.parse(text)
        next(islice(_of_code(tree), mutant.number, None)).make()
        return ast.unparse(ast.fix_missing_locations(tree))
    lines = text.splitlines(keepends=True)
    change = next(islice(_of_yaml(text), mutant.number, None))
    lines[change.line - 1] = change.written
    return "".join(lines)


class _Change(NamedTuple):
    """A change that may be made."""

    line: int
    kind: str
    shown: tuple[str, str]
    make: Callable[[], None] = lambda: None
    """Puts one node of the tree in the place of another."""
    written: str = ""
    """The changed line of a text."""


def _of_code(tree: ast.Module) -> Iterator[_Change]:
    for holder, field, at, node in list(_places(tree)):
        for kind, other in _instead(node, field):
            shown = (_shown(node), _shown(other))
            make = partial(_put, holder, field, at, other)
            yield _Change(node.lineno, kind, shown, make)


def _places(holder: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, Any]]:
    """Every node that has a line, and where it hangs."""
    for field, value in ast.iter_fields(holder):
        if field in _NEVER_RUN or _never_answers(holder):
            continue
        several = isinstance(value, list)
        for at, node in enumerate(value if several else [value]):
            if isinstance(node, ast.AST):
                if hasattr(node, "lineno"):
                    yield holder, field, at if several else None, node
                yield from _places(node)


def _never_answers(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    # How much a cache keeps changes no answer.
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "lru_cache":
        return True
    # `zip` over what cannot differ in length: a help to the reader.
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _put(holder: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[at] = node


def _instead(node: Any, field: str) -> Iterator[tuple[str, ast.AST]]:
    """What may stand in the place of a node."""
    if isinstance(node, ast.Compare):
        for at, sign in enumerate(node.ops):
            other = copy.deepcopy(node)
            other.ops[at] = _FLIPPED[type(sign)]()
            yield "comparison", other
    elif field in _ASKED and not (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        yield "negation", ast.UnaryOp(ast.Not(), node)
    if isinstance(node, ast.BoolOp):
        joined = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and/or", ast.BoolOp(joined, node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "negation", node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield "constant", ast.Constant(node.value + 1)
        yield "constant", ast.Constant(node.value - 1)
    elif isinstance(node, ast.Return) and node.value and ast.unparse(node.value) != "None":
        yield "return", ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Continue):
        yield "continue", ast.Break()


def _shown(node: ast.AST) -> str:
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).split())[:120]


_WIDER: Final = {"below": "at_most", "at_most": "below", "above": "at_least", "at_least": "above"}
_ROLES: Final = {
    "backbone": "tolerated",
    "partner": "tolerated",
    "tolerated": "partner",
    "steroid": "partner",
}
_EFFECTS: Final = {
    "excludes": "cautions",
    "requires": "notes",
    "cautions": "notes",
    "adjusts": "cautions",
    "arranges": "notes",
    "confirms": "notes",
    "prefers": "notes",
    "notes": "cautions",
}
_REGIONS: Final = {"us": "eu", "eu": "us"}


def _steps(number: str) -> list[str]:
    """A threshold one step up and one step down, written alike."""
    if "." in number:
        return [f"{float(number) + step:.1f}" for step in (0.5, -0.5)]
    step = 5 if int(number) >= 10 else 1
    return [str(int(number) + step), str(int(number) - step)]


def _days(day: str) -> list[str]:
    found = date.fromisoformat(day)
    return [(found + timedelta(days=step)).isoformat() for step in (1, -1)]


_YAML: Final[tuple[tuple[str, str, Callable[[str], list[str]]], ...]] = (
    ("threshold", r"\b(?:below|at_most|above|at_least): (\d+(?:\.\d+)?)\b", _steps),
    ("comparator", r"\b(below|at_most|above|at_least): \d", lambda word: [_WIDER[word]]),
    ("role", r"\brole: (\w+)\b", lambda word: [_ROLES[word]]),
    ("effect", r"\beffect: (\w+)\b", lambda word: [_EFFECTS[word]]),
    ("region", r"\bregion: (us|eu)\b", lambda word: [_REGIONS[word]]),
    ("date", r'\b(?:from|until|not_before): "(\d{4}-\d\d-\d\d)"', _days),
)


def _of_yaml(text: str) -> Iterator[_Change]:
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        for kind, pattern, steps in _YAML:
            for match in re.finditer(pattern, line):
                for other in steps(match[1]):
                    written = line[: match.start(1)] + other + line[match.end(1) :]
                    yield _Change(number, kind, (line.strip(), written.strip()), written=written)
