"""Places in the data of a catalogue: every mapping, every evidence row, every criterion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lenrx.catalogue.strict_yaml import CONDITIONS

Place = tuple[str | int, ...]
Problem = tuple[Place, str]
Data = Mapping[str, Any]
Check = Callable[[Data], Iterator[Problem]]


def walk(value: Any, path: Place = ()) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every mapping in the data, with its place."""
    if isinstance(value, dict):
        yield path, value
        for name, each in value.items():
            yield from walk(each, (*path, name))
    elif isinstance(value, list):
        for i, each in enumerate(value):
            yield from walk(each, (*path, i))


def evidence_rows(data: Data) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every evidence row of every regimen and comparator, with its place."""
    for section in ("comparators", "regimens"):
        for name, entry in data.get(section, {}).items():
            for i, row in enumerate(entry.get("evidence", [])):
                yield (section, name, "evidence", i), row


def conditions(data: Data) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every condition, with its place."""
    for path, each in walk(data):
        for name in CONDITIONS:
            if name in each:
                yield (*path, name), each[name]
