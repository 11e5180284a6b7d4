"""The drug lists of a chart, told from its plain fields: what is certain, possible or open."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import inf
from typing import Any, Final, Literal, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import CLASS_GROUPS, Truth

Fields = Mapping[str, Any]
"""A chart: what is stated of a patient, as a file would state it."""
Names = tuple[str, ...] | None
Kind = Literal["received", "refractory", "intolerant"]

LISTS: Final[dict[Kind, str]] = {
    "received": "exposed",
    "refractory": "refractory",
    "intolerant": "intolerant",
}
COUNTING: Final = ("IMiD", "PI", "anti-CD38")
"""Classes whose drugs, each refractory, were not given in one line."""


class History(NamedTuple):
    """Items of each list; an item is the drugs of which at least one was meant."""

    items: Mapping[Kind, tuple[frozenset[str], ...]]
    perhaps: frozenset[str]
    """Drugs given, of which nobody says whether they failed."""
    closed: bool
    """Whether a drug that is not listed was not given."""


@lru_cache(4_000)
def drugs_of(name: str, catalogue: Catalogue) -> frozenset[str]:
    """The drugs that a drug, a class or a group of classes stands for."""
    classes = CLASS_GROUPS.get(name, (name,))
    drugs = catalogue.drugs.values()
    return frozenset(each.id for each in drugs if each.id == name or each.drug_class in classes)


def kin(drug: str, catalogue: Catalogue) -> str:
    """The class or group of classes of a drug that holds others too; empty where none does."""
    own = catalogue.drugs[drug].drug_class
    groups = (name for name, classes in CLASS_GROUPS.items() if own in classes)
    return next((name for name in (own, *groups) if len(drugs_of(name, catalogue)) > 1), "")


def history(chart: Fields, catalogue: Catalogue) -> History:
    """What the lists say. A class without a drug stands only where no drug of it is named."""
    given, failed, stopped = chart.get("exposed"), chart.get("refractory"), chart.get("intolerant")
    lists = (
        None if given is None else tuple(given),
        None if failed is None else tuple(failed),
        None if stopped is None else tuple(stopped),
    )
    return _told(lists, chart.get("history") == "partial", catalogue)


@lru_cache(1_000)
def _told(lists: tuple[Names, ...], partial: bool, catalogue: Catalogue) -> History:
    stated = dict(zip(LISTS, lists, strict=True))
    own = {
        kind: tuple(drugs_of(name, catalogue) for name in names or ())
        for kind, names in stated.items()
    }
    given = tuple(item for each in own.values() for item in each)
    doubted = frozenset[str]()
    if stated["refractory"] is None:
        doubted = frozenset().union(*given) - drugs_of("corticosteroid", catalogue)
    told = any(names is not None for names in lists)
    return History({**own, "received": given}, doubted, told and not partial)


def happened(kind: Kind, name: str, chart: Fields, catalogue: Catalogue) -> Truth:
    """Whether a drug, or a drug of a class, was given, failed, or was stopped for toxicity."""
    told, wanted = history(chart, catalogue), drugs_of(name, catalogue)
    if any(item <= wanted for item in told.items[kind]):
        return True
    possible = set().union(*told.items[kind])
    if kind == "refractory":
        possible |= told.perhaps
    return None if possible & wanted or not told.closed else False


def number(kind: Kind, name: str, chart: Fields, catalogue: Catalogue) -> tuple[float, float]:
    """How many drugs of a class, least and most."""
    told, wanted = history(chart, catalogue), drugs_of(name, catalogue)
    named = {drug for item in told.items[kind] if len(item) == 1 for drug in item & wanted}
    vague = [item for item in told.items[kind] if len(item) > 1 and item & wanted]
    doubted = told.perhaps & wanted if kind == "refractory" else frozenset()
    least = max(len(named), int(any(item <= wanted for item in vague)))
    most = len(named) + len(vague) + len(doubted)
    return least, most if told.closed else inf


def lines_taken(chart: Fields, catalogue: Catalogue) -> int:
    """The least number of lines in which what is stated can have been given."""
    steroids = drugs_of("corticosteroid", catalogue)
    treated = any(item - steroids for item in history(chart, catalogue).items["received"])
    failed = [number("refractory", name, chart, catalogue)[0] for name in COUNTING]
    return int(max(treated, *failed))
