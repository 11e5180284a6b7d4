"""JSON Schemas of the data files, for editors: completion, and a wrong key marked while typing.

They are made from the kinds in `records` and the words in `conditions`, so they cannot say
anything else than `lenrx check` does. `python -m lenrx.cli.schemas data` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

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
    Condition,
)
from lenrx.catalogue.strict_yaml import SECTIONS
from lenrx.catalogue.vocabulary import CLASS_GROUPS, DRUG_CLASSES, ENDPOINTS

Schema = dict[str, Any]

FILES: Final[dict[str, tuple[str, ...]]] = {
    "drugs": ("definitions", "classes", "drugs", "combinations", "ambiguous"),
    "interactions": ("interactions", "medicines", "unlisted"),
    "regimens": (
        *("catalogue", "populations", "seldom_enrolled", "settings", "comparators"),
        "guidelines",
        *("trials", "regimens"),
    ),
    "sources": ("sources",),
}
"""The sections of each data file; all of them are required."""
_KEYED: Final = frozenset(SECTIONS.values())
_WRITTEN: Final = {name: key for key, name in shapes.RENAMED.items()}
_VOCABULARIES: Final[dict[tuple[type, str], Iterable[str]]] = {
    (shapes.Drug, "drug_class"): DRUG_CLASSES,
    (shapes.Evidence, "endpoint"): ENDPOINTS,
}
"""Text fields that a check binds to a closed list."""
_PLAIN: Final[dict[Any, str]] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
}


def schema(name: str) -> Schema:
    """The schema of the data file `name`, without its suffix."""
    sections = FILES[name]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"lenrx {name}.yaml",
        "description": f"Made by `python -m lenrx.cli.schemas`; describes {name}.yaml.",
        **_closed({section: _section(section) for section in sections}, sections),
        "$defs": _definitions(sections),
    }


def written(name: str) -> str:
    """The schema of the data file `name` as the text of its file."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def _closed(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A mapping that holds these keys and no others."""
    found: Schema = {"type": "object", "properties": dict(properties)}
    if needed := list(required):
        found["required"] = needed
    return {**found, "additionalProperties": False}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _list(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, **({"minItems": least} if least else {})}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _section(section: str) -> Schema:
    if section == "catalogue":
        text = {"type": "string"}
        return _closed({"version": text, "title": text, "guidelines_since": text}, ["version"])
    if section == "ambiguous":
        return _map(_list({"type": "string"}, 1))
    return _map(_ref(SECTIONS[section].__name__))


def _definitions(sections: Iterable[str]) -> Schema:
    """The kinds that these sections hold, at any depth, and the condition if one of them asks."""
    kinds: dict[str, type] = {}
    for section in sections:
        if section in SECTIONS:
            kinds |= _reached(SECTIONS[section])
    found = {name: _kind(kind) for name, kind in sorted(kinds.items())}
    asks = any(hint == Condition for kind in kinds.values() for hint in _hints(kind).values())
    return {**found, **(_condition() if asks else {})}


def _reached(kind: type) -> dict[str, type]:
    found = {kind.__name__: kind}
    for hint in _hints(kind).values():
        for part in (hint, *get_args(hint)):
            if _is_kind(part):
                found |= _reached(part)
    return found


def _is_kind(hint: Any) -> bool:
    return isinstance(hint, type) and hasattr(hint, "_fields")


def _hints(kind: type) -> dict[str, Any]:
    """The type of each field, an optional one by its stated type: nothing is written as null."""
    return {name: _stated(hint) for name, hint in get_type_hints(kind).items()}


def _stated(hint: Any) -> Any:
    if get_origin(hint) not in (Union, UnionType):
        return hint
    parts = [part for part in get_args(hint) if part is not NoneType]
    return Union[tuple(parts)]  # noqa: UP007  # made at run time


def _kind(kind: Any) -> Schema:
    """One named tuple as a mapping; an entry of a section has its id as key, not inside."""
    hints = _hints(kind)
    names = [name for name in kind._fields if not (name == "id" and kind in _KEYED)]
    properties = {_WRITTEN.get(name, name): _field(kind, name, hints[name]) for name in names}
    required = [_WRITTEN.get(each, each) for each in names if each not in kind._field_defaults]
    return {"description": _said(kind), **_closed(properties, required)}


def _said(kind: type) -> str:
    return " ".join(cleandoc(kind.__doc__ or "").split())


def _field(kind: type, name: str, hint: Any) -> Schema:
    words = _VOCABULARIES.get((kind, name))
    return {"type": "string", "enum": list(words)} if words else _typed(hint)


def _typed(hint: Any) -> Schema:
    """The schema of one type hint. Raises TypeError for a type that no schema was written for."""
    if hint == Condition:
        return _ref("condition")
    if _is_kind(hint):
        return _ref(hint.__name__)
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(parts)}
    if origin in (Union, UnionType):
        return {"anyOf": [_typed(part) for part in parts]}
    if origin is Mapping:
        return _map(_typed(parts[1]))
    if origin is tuple:
        return _items(parts)
    raise TypeError(f"no schema for {hint}")


def _items(parts: tuple[Any, ...]) -> Schema:
    if parts[1:] == (Ellipsis,):
        return _list(_typed(parts[0]))
    return {**_list(_typed(parts[0]), len(parts)), "maxItems": len(parts)}


def _condition() -> Schema:
    """The closed grammar of `conditions`: one key, a leaf or one of all, any, not."""
    one_key = {"minProperties": 1, "maxProperties": 1}
    said = "One key: a criterion, or `all`, `any` (lists of conditions) or `not` (one condition)."
    bounds = {bound: {"type": "number"} for bound in BOUNDS}
    return {
        "condition": {"description": said, **_closed(dict(_criteria())), **one_key},
        "bounds": {
            "description": "At least one bound; all of them hold.",
            **_closed(bounds),
            "minProperties": 1,
        },
        "count": {
            "description": "A class, and bounds on how many of its drugs.",
            **_closed({"class": _words([*DRUG_CLASSES, *CLASS_GROUPS]), **bounds}, ["class"]),
            "minProperties": 2,
        },
    }


def _criteria() -> Iterator[tuple[str, Schema]]:
    again = _ref("condition")
    yield from {"all": _list(again, 1), "any": _list(again, 1), "not": again}.items()
    yield from dict.fromkeys(("always", *FLAGS), Schema({"type": "boolean"})).items()
    yield from dict.fromkeys(("renal", *NUMBERS), _ref("bounds")).items()
    for name, words in (*WORDS.items(), *((name, found) for name, (_, found) in SETS.items())):
        yield name, _list(_words(words), 1)
    yield from dict.fromkeys((*HISTORIES, *MEDICINES), _list({"type": "string"}, 1)).items()
    yield from dict.fromkeys(COUNTS, _ref("count")).items()


def _words(words: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(words)}
