"""Strict YAML: duplicate and unknown keys, wrong types and loose values are refused, with the line.

Imported only where YAML is really read: in a checkout, for a user's own catalogue, for a patient
file in YAML, and when a wheel is built.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from lenrx.catalogue import records as shapes
from lenrx.catalogue.conditions import (
    BOUNDS,
    COUNTS,
    FLAGS,
    HISTORIES,
    MEDICINES,
    NUMBERS,
    SETS,
    WORDS,
    Population,
    SeldomEnrolled,
    Setting,
)
from lenrx.catalogue.medicines import Interaction, Medicine, Unlisted
from lenrx.catalogue.records import FILES, RENAMED, CatalogueError
from lenrx.catalogue.vocabulary import CLASS_GROUPS, DRUG_CLASSES

Path_ = tuple[str | int, ...]
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG: Final = "tag:yaml.org,2002:"


_KINDS: Final = ("int", "float", "bool", "null", "timestamp", "str")


class LineNumbers:
    """Where each place of the parsed files was written."""

    def __init__(self) -> None:
        self._at: dict[Path_, str] = {}

    def add(self, path: Path_, where: str) -> None:
        """Remember where `path` was written; the first place wins."""
        self._at.setdefault(path, where)

    def places(self) -> tuple[Path_, ...]:
        """Every place that was written, in order."""
        return tuple(self._at)

    def find(self, path: Path_) -> str:
        """The nearest written place at or above `path`."""
        while path and path not in self._at:
            path = path[:-1]
        return self._at.get(path, "catalogue")


class _Parser:
    """Plain data from YAML nodes, remembering the line of every key."""

    def __init__(self, name: str, lines: LineNumbers, as_written: frozenset[str]) -> None:
        self._name, self._lines, self._as_written = name, lines, as_written
        self._seen = set[int]()

    def plain(self, node: yaml.Node, path: Path_ = ()) -> Any:
        self._once(node)
        self._lines.add(path, self._where(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*path, i)) for i, item in enumerate(node.value)]
        if not self._as_written.isdisjoint(path):
            return str(node.value)
        return self._scalar(node)

    def _once(self, node: yaml.Node) -> None:
        """Refuse an alias, which is its anchor's node again: a few of them can fill any memory."""
        if id(node) in self._seen:
            where = self._where(node)
            raise CatalogueError(f"{where}: is used again by an alias (*); write it out each time")
        self._seen.add(id(node))

    def _where(self, node: yaml.Node) -> str:
        return f"{self._name}:{node.start_mark.line + 1}"

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key in found:
                raise CatalogueError(f"{self._where(key_node)}: {key}: written twice; keep one")
            self._lines.add((*path, key), self._where(key_node))
            found[key] = self.plain(value_node, (*path, key))
        return found

    def _key(self, node: yaml.Node) -> str:
        self._once(node)
        if not isinstance(node, yaml.ScalarNode) or node.value == "<<":
            raise CatalogueError(f"{self._where(node)}: a key must be plain text; write it out")
        return str(node.value)

    def _scalar(self, node: yaml.Node) -> Any:
        kind, text = node.tag.removeprefix(_TAG), node.value
        if kind in ("str", "timestamp"):
            return text
        if kind == "int" and re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
            return int(text)
        if kind == "float" and re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
            return float(text)
        if kind == "bool" and text in ("true", "false"):
            return text == "true"
        kind = kind if kind in _KINDS else "a tag"
        raise CatalogueError(
            f"{self._where(node)}: a value is read as {kind}; quote text, write plain numbers, "
            "true or false, and leave out what is empty"
        )


def parse(
    text: str,
    name: str,
    lines: LineNumbers | None = None,
    as_written: frozenset[str] = frozenset(),
) -> Any:
    """Plain data from YAML text; dates and PMIDs stay text. Raises CatalogueError with the line.

    Below the keys `as_written` every value stays text: `no` and 007 are what they look like.
    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise CatalogueError(f"{name}:{line}: not YAML: {error.problem}") from None
    except yaml.YAMLError:
        raise CatalogueError(f"{name}:1: not YAML: unreadable character") from None
    if node is None:
        raise CatalogueError(f"{name}:1: empty file")
    try:
        return _Parser(name, lines or LineNumbers(), as_written).plain(node)
    except RecursionError:
        raise CatalogueError(f"{name}:1: nested too deeply, or an alias of itself") from None


def read(folder: Path) -> tuple[dict[str, Any], str, LineNumbers]:
    """The validated plain data of the catalogue in `folder`, its sha256 and its line numbers."""
    lines, data, digest = LineNumbers(), dict[str, Any](), hashlib.sha256()
    for name in FILES:
        text = _text(folder / name)
        digest.update(text.encode())
        part = parse(text, f"{folder.name}/{name}", lines)
        if not isinstance(part, dict):
            raise CatalogueError(f"{folder.name}/{name}:1: must be a mapping")
        data.update(part)
    problems = list(validate(data, lines))
    if problems:
        raise CatalogueError(problems[0])
    return data, digest.hexdigest(), lines


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: cannot be read ({type(error).__name__})") from None


SECTIONS: Final[dict[str, type]] = {
    "sources": shapes.Source,
    "definitions": shapes.Definition,
    "classes": shapes.DrugClass,
    "drugs": shapes.Drug,
    "combinations": shapes.Combination,
    "interactions": Interaction,
    "medicines": Medicine,
    "unlisted": Unlisted,
    "populations": Population,
    "seldom_enrolled": SeldomEnrolled,
    "settings": Setting,
    "comparators": shapes.Comparator,
    "guidelines": shapes.Guideline,
    "trials": shapes.Trial,
    "regimens": shapes.Regimen,
}


def validate(data: Mapping[str, Any], lines: LineNumbers) -> Iterator[str]:
    """Every place where `data` has not the catalogue's shape, as `file:line: place: what`."""
    for unknown in set(data) - {*SECTIONS, "catalogue", "ambiguous"}:
        yield f"{lines.find((unknown,))}: {unknown}: unknown section"
    for section, kind in SECTIONS.items():
        if not isinstance(data.get(section), dict):
            yield f"{lines.find((section,))}: {section}: section missing; write an empty mapping"
            continue
        yield from _shapes(section, kind, data[section], lines)
    if not isinstance(data.get("catalogue"), dict) or "version" not in data["catalogue"]:
        yield f"{lines.find(('catalogue',))}: catalogue: needs a version, a quoted date"
    yield from conditions(data, lines)
    yield from _ratios(data, lines)


def _ratios(data: Any, lines: LineNumbers, path: Path_ = ()) -> Iterator[str]:
    """Every hazard ratio and interval in `data` that is no number: they are compared as such."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            place = (*path, key)
            if key in ("hr", "ci95"):
                for text in value if isinstance(value, list) else [value]:
                    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(text)):
                        where = ".".join(map(str, place))
                        yield f"{lines.find(place)}: {where}: must be a number in quotes"
            else:
                yield from _ratios(value, lines, place)


def _shapes(section: str, kind: type, data: Mapping[str, Any], lines: LineNumbers) -> Iterator[str]:
    from pydantic import TypeAdapter, ValidationError

    prepared = {
        key: {"id": key, **_renamed(value)} if isinstance(value, dict) else value
        for key, value in data.items()
    }
    adapter: TypeAdapter[Any] = TypeAdapter(dict[str, kind], config=None)  # type: ignore[valid-type]
    try:
        adapter.validate_json(json.dumps(prepared), strict=True)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            place = [_written(part) for part in each["loc"] if part != "[key]"]
            found = tuple(part for part in place if not str(part).startswith("function-"))
            yield f"{lines.find((section, *found))}: {'.'.join(map(str, found))}: {each['msg']}"


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {RENAMED.get(key, key): _renamed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each) for each in value]
    return value


def _written(part: str | int) -> str | int:
    names = {value: key for key, value in RENAMED.items()}
    return names.get(str(part), part) if isinstance(part, str) else part


CONDITIONS: Final = ("when", "broader_if")
"""The keys under which conditions stand."""


def conditions(data: Any, lines: LineNumbers, path: Path_ = ()) -> Iterator[str]:
    """Every condition in `data` that is not well formed."""
    if isinstance(data, list):
        for i, item in enumerate(data):
            yield from conditions(item, lines, (*path, i))
    elif isinstance(data, dict):
        for key, value in data.items():
            if key in CONDITIONS:
                for wrong in malformed(value):
                    yield f"{lines.find((*path, key))}: {'.'.join(map(str, path))}.{key}: {wrong}"
            else:
                yield from conditions(value, lines, (*path, key))


def malformed(condition: Any) -> Iterator[str]:
    """What is wrong with one condition, in words; nothing when it is well formed."""
    if not isinstance(condition, dict) or len(condition) != 1:
        yield "a condition is a mapping with one key"
        return
    ((key, wanted),) = condition.items()
    if key in ("all", "any"):
        if not isinstance(wanted, list) or not wanted:
            yield f"{key} takes a list of conditions"
            return
        for part in wanted:
            yield from malformed(part)
    elif key == "not":
        yield from malformed(wanted)
    elif not _leaf(key, wanted):
        yield f"not a criterion: {key}: {json.dumps(wanted)}"


def _leaf(key: str, wanted: Any) -> bool:
    if key in NUMBERS or key == "renal":
        return _bounds(wanted, BOUNDS)
    if key in FLAGS or key == "always":
        return isinstance(wanted, bool)
    if key in COUNTS and isinstance(wanted, dict):
        bounds = {name: value for name, value in wanted.items() if name != "class"}
        return wanted.get("class") in _CLASSES and _bounds(bounds, BOUNDS)
    allowed = WORDS.get(key) or (SETS[key][1] if key in SETS else None)
    if allowed:
        return _words(wanted) and set(wanted) <= set(allowed)
    return key in (*HISTORIES, *MEDICINES) and _words(wanted)


def _words(wanted: Any) -> bool:
    return (
        isinstance(wanted, list) and bool(wanted) and all(isinstance(each, str) for each in wanted)
    )


_CLASSES: Final = {*DRUG_CLASSES, *CLASS_GROUPS}


def _bounds(wanted: Any, names: tuple[str, ...]) -> bool:
    return (
        isinstance(wanted, dict)
        and bool(wanted)
        and set(wanted) <= set(names)
        and all(type(value) in (int, float) for value in wanted.values())
    )
