"""The catalogue as it is printed: entries of `regimens`, `drugs` and `sources`, and the network.

An entry is declared once, by the record that the catalogue is read into.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, reduce
from inspect import cleandoc
from operator import or_
from types import NoneType
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, RootModel, create_model

from lenrx.catalogue import records
from lenrx.catalogue.vocabulary import Verified
from lenrx.report.schemas.answer import Versions
from lenrx.report.schemas.base import Closed, Ids, Missing

_EXAMPLES: Final[dict[tuple[type, str], Any]] = {
    (records.Regimen, "id"): "Kd",
    (records.Drug, "id"): "carfilzomib",
    (records.Source, "id"): "label-us-kyprolis",
    (records.Regimen, "reviewed"): "2026-11-23",
    (records.Label, "since"): "2016-01-21",
    (records.Rule, "when"): {"lvef": {"below": 40}},
    (records.Evidence, "value"): "NR",
}


@cache
def _entry(kind: Any) -> type[BaseModel]:
    """The document of a record: what is empty is left out, and nothing is null."""
    return create_model(
        kind.__name__,
        __base__=Closed,
        __doc__=" ".join(cleandoc(kind.__doc__).split()),
        **{name: _member(kind, name, hint) for name, hint in get_type_hints(kind).items()},
    )


def _member(kind: Any, name: str, hint: Any) -> Any:
    about: dict[str, Any] = (
        {"examples": [_EXAMPLES[kind, name]]} if (kind, name) in _EXAMPLES else {}
    )
    many = get_origin(hint) in (tuple, Mapping)
    if name in kind._field_defaults and (many or NoneType in get_args(hint)):
        return _written(hint) | Missing, Field(default=None, **about)
    return _written(hint), Field(**about)


def _written(hint: Any) -> Any:
    """The type that a value of this type is written as."""
    origin, parts = get_origin(hint), get_args(hint)
    if hasattr(hint, "_fields"):
        return _entry(hint)
    if origin is Mapping:
        return dict[str, _written(parts[1])]  # type: ignore[misc]
    if origin is tuple:
        return list[_written(parts[0])]  # type: ignore[misc]
    if NoneType in parts or origin not in (None, Literal):
        return reduce(or_, (_written(each) for each in parts if each is not NoneType))
    return hint


_Regimen, _Drug, _Source = (
    _entry(each) for each in (records.Regimen, records.Drug, records.Source)
)
_Cited = create_model(
    "CitedSource",
    __base__=_Source,
    __doc__="A source, and every place of the catalogue that rests on it.",
    cited_by=(list[str], ...),
)


class Regimen(RootModel[_Regimen | list[_Regimen]]):  # type: ignore[valid-type]
    """One regimen of the catalogue, or all: `lenrx regimens [ID] --format json`."""


class Drug(RootModel[_Drug | list[_Drug]]):  # type: ignore[valid-type]
    """One drug of the catalogue, or all: `lenrx drugs [ID] --format json`."""


class Source(RootModel[_Cited | list[_Source]]):  # type: ignore[valid-type]
    """One source with what rests on it, or all: `lenrx sources [ID] --format json`."""


class Ratio(Closed):
    """The figure of one endpoint, of everybody enrolled where nobody else is named."""

    endpoint: Literal["PFS", "OS"]
    population: str
    hr: Annotated[str | None, Field(examples=["0.53"])]
    ci95: Annotated[list[str], Field(min_length=2, max_length=2)] | None
    n: Annotated[int, Field(ge=1)] | None
    source: str
    verified: Verified


class Comparison(Closed):
    """A randomised comparison: who against whom, in which trial, with what result."""

    regimen: str
    over: Ids
    trial: str
    level: Annotated[
        int | None, Field(ge=1, description="One more than that of the lowest arm that was beaten.")
    ]
    results: list[Ratio]


class NotCounted(Comparison):
    """A comparison that does not count as superior, and why."""

    why_not: str


class Network(Closed):
    """Who was shown superior to whom, by level: `lenrx regimens --network --format json`."""

    schema_: Annotated[Literal["lenrx/network/1"], Field(alias="schema")]
    catalogue: Versions
    levels: Annotated[dict[str, int], Field(description="Of each arm, catalogue entry or not.")]
    superior: list[Comparison]
    not_counted: list[NotCounted]
