"""The schemas for editors are fresh, accept what is shipped and refuse what `check` refuses."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from lenrx.catalogue import records as shapes
from lenrx.catalogue.loading import checkout
from lenrx.catalogue.records import FILES
from lenrx.catalogue.schema import _typed, schema, written
from lenrx.catalogue.strict_yaml import malformed, parse
from tests.catalogue.test_loading import MALFORMED, WELL_FORMED

NAMES = [name.removesuffix(".yaml") for name in FILES]


def stored(name: str) -> dict[str, Any]:
    text = (checkout() / f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = parse(text, name)
    return found


DATA = {name: stored(name) for name in NAMES}


def wrong(name: str, data: object) -> list[str]:
    """What a JSON Schema validator says of `data`."""
    jsonschema = pytest.importorskip("jsonschema")
    found = jsonschema.Draft202012Validator(schema(name)).iter_errors(data)
    return [f"{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in found]


@pytest.mark.parametrize("name", NAMES)
def test_the_stored_schema_is_fresh(name: str) -> None:
    path = checkout() / f"{name}.schema.json"
    assert path.read_text(encoding="utf-8") == written(name), "python -m lenrx.cli.schemas data"


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_schema_of_its_draft(name: str) -> None:
    pytest.importorskip("jsonschema").Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_file_is_valid(name: str) -> None:
    assert wrong(name, DATA[name]) == []


def small(name: str) -> dict[str, Any]:
    """The first entry of each section, to be broken."""
    sections = copy.copy(DATA[name])
    for section in sections.keys() - {"catalogue"}:
        key = next(iter(sections[section]))
        sections[section] = {key: copy.deepcopy(sections[section][key])}
    return sections


def first(section: dict[str, Any]) -> Any:
    return next(iter(section.values()))


Break = Callable[[dict[str, Any]], Any]
REFUSED: list[tuple[str, str, Break]] = [
    ("sources", "tilte", lambda d: first(d["sources"]).update(tilte="t")),
    ("sources", "12345678", lambda d: first(d["sources"]).update(pmid=12345678)),
    ("sources", "'id' was", lambda d: first(d["sources"]).update(id="x")),
    ("sources", "'read' is", lambda d: first(d["sources"]).pop("read")),
    ("sources", "memory", lambda d: first(d["sources"]).update(seen="memory")),
    ("sources", "None", lambda d: first(d["sources"]).update(year=None)),
    ("drugs", "drug_class", lambda d: first(d["drugs"]).update(drug_class="PI")),
    ("drugs", "'class' is", lambda d: first(d["drugs"]).pop("class")),
    ("drugs", "magic", lambda d: first(d["drugs"]).update({"class": "magic"})),
    ("drugs", "'id' is", lambda d: first(d["drugs"])["rules"][0].pop("id")),
    (
        "drugs",
        "eGFR below 30",
        lambda d: first(d["drugs"])["rules"][0].update(when="eGFR below 30"),
    ),
    ("regimens", "since", lambda d: first(d["regimens"])["labels"][0].update(since="x")),
    ("regimens", "trails", lambda d: d.update(trails={})),
    ("regimens", "'trials' is", lambda d: d.pop("trials")),
    ("regimens", "enrolled", lambda d: first(d["populations"]).update(when="enrolled")),
    ("regimens", "soon", lambda d: first(d["populations"]).update(broader_if="soon")),
    (
        "regimens",
        "happiness",
        lambda d: first(d["regimens"])["evidence"][0].update(endpoint="happiness"),
    ),
]


@pytest.mark.parametrize(
    ("name", "said", "break_it"), REFUSED, ids=[f"{name}-{said}" for name, said, _ in REFUSED]
)
def test_a_slip_is_refused(name: str, said: str, break_it: Break) -> None:
    data = small(name)
    assert wrong(name, data) == []
    break_it(data)
    found = wrong(name, data)
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize("condition", [*WELL_FORMED, *MALFORMED], ids=json.dumps)
def test_the_schema_and_the_reader_agree_on_every_condition(condition: object) -> None:
    data = small("regimens")
    data["populations"] = {"p": {"title": "p", "when": condition}}
    assert bool(wrong("regimens", data)) == bool(list(malformed(condition)))


def test_every_kind_is_described() -> None:
    for name in NAMES:
        for defined in schema(name)["$defs"].values():
            assert defined["description"]
    assert schema("regimens")["$defs"]["Regimen"]["description"] == shapes.Regimen.__doc__


def test_a_type_without_a_schema_is_an_error() -> None:
    with pytest.raises(TypeError, match="no schema for"):
        _typed(complex)
