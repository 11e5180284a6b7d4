"""Named checks on interaction classes and on the names of medicines; `checks.CHECKS` holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lenrx.catalogue.conditions import MEDICINES, leaves
from lenrx.curation.places import Check, Data, Place, Problem, conditions, walk
from lenrx.patient.medications import folded


def unknown_medicine(data: Data) -> Iterator[Problem]:
    """Medicines of classes and of rules exist, and the classes that rules ask for."""
    for path, names in _lists(data):
        for name in names:
            if name not in data["medicines"]:
                yield path, f"no medicine {name}"
    for path, condition in conditions(data):
        for name in _asked(condition):
            if name not in {*data["medicines"], *data["interactions"]}:
                yield path, f"no interaction class or medicine {name}"


def medicine_looked_for_nowhere(data: Data) -> Iterator[Problem]:
    """Every medicine stands in a class, or was looked for and found in none."""
    classed = {name for path, names in _lists(data) if path[0] != "unlisted" for name in names}
    missed = {name for path, names in _lists(data) if path[0] == "unlisted" for name in names}
    for name in data["medicines"]:
        if name not in classed | missed:
            yield ("medicines", name), "in no class, and nobody says that it was looked for"
        elif name in classed & missed:
            yield ("medicines", name), "in a class, and said to be in none"


def interaction_nobody_asks(data: Data) -> Iterator[Problem]:
    """Every interaction class is asked by a rule."""
    asked = {name for _, condition in conditions(data) for name in _asked(condition)}
    for name in data["interactions"]:
        if name not in asked:
            yield ("interactions", name), "a class that no rule asks"


def medicine_named_twice(data: Data) -> Iterator[Problem]:
    """A name means one medicine or one class, in whatever language its ending is written."""
    owners: dict[str, str] = {}
    for section in ("medicines", "interactions"):
        for name, entry in data[section].items():
            written = [name, *entry.get("brands", []), *entry.get("spellings", [])]
            for word in {folded(each.lower()) for each in [*written, entry.get("name", name)]}:
                if owners.setdefault(word, name) != name:
                    yield (section, name), f"{word} already means {owners[word]}"


def medicine_of_other_filter(data: Data) -> Iterator[Problem]:
    """Rules on other medicines, and no others, are of the filter `interactions`."""
    for path, each in walk(data):
        if "filter" in each and "when" in each:
            asks = any(True for _ in _asked(each["when"]))
            if asks is not (each["filter"] == "interactions"):
                what = "asks for medicines" if asks else "asks for no medicine"
                yield (*path, "filter"), f"{what}, of the filter {each['filter']}"


def _lists(data: Data) -> Iterator[tuple[Place, list[Any]]]:
    """Where medicines are listed: in classes, and where they were looked for."""
    for name, entry in data["interactions"].items():
        for place, part in enumerate(entry.get("members", [])):
            yield ("interactions", name, "members", place, "medicines"), part["medicines"]
    for name, entry in data["unlisted"].items():
        yield ("unlisted", name, "medicines"), entry["medicines"]


def _asked(condition: dict[str, Any]) -> Iterator[str]:
    for kind, wanted in leaves(condition):
        if kind in MEDICINES:
            yield from wanted


CHECKS: Final[tuple[Check, ...]] = (
    unknown_medicine,
    medicine_looked_for_nowhere,
    interaction_nobody_asks,
    medicine_named_twice,
    medicine_of_other_filter,
)
