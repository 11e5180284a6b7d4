"""The cases of the deck: patients around every criterion, each in one regimen that it speaks of.

A criterion of a drug, a class or a trial speaks of many regimens and is tried in one; that it says
the same in all of them is seen where every typical patient meets the whole catalogue.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from lenrx.catalogue.conditions import Condition, leaves
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import REGIONS
from lenrx.curation.deck.criteria import Criterion
from lenrx.curation.deck.history import Fields
from lenrx.curation.deck.truth import told
from lenrx.curation.deck.typical import Typical
from lenrx.curation.deck.variants import Leaf, Sort, variants


class DeckCase(NamedTuple):
    """One patient before one regimen: what it is about, and in which sort of way."""

    regimen: str
    about: str
    criterion: str
    sort: Sort
    chart: Fields
    asks: str = ""
    """What has to be asked where the criterion is unknown."""


def typical_cases(patients: Mapping[str, Typical]) -> Iterator[DeckCase]:
    """Whom each pivotal trial took, and whom it left out."""
    for regimen, one in patients.items():
        about = f"trial {one.trial}" if one.trial else "no trial"
        yield DeckCase(regimen, about, "", "typical", one.chart)
        if one.left_out is not None:
            yield DeckCase(regimen, about, one.limit, "left out", one.left_out)


def in_turn(asked: Iterable[Criterion]) -> Iterator[tuple[Criterion, str]]:
    """The regimen in which each criterion is tried: each in turn, but one that is known already.

    Criteria that ask the same share their patients where one regimen is concerned by both.
    """
    tried: dict[str, list[str]] = {}
    for place, one in enumerate(each for each in asked if each.regimens):
        known = tried.setdefault(json.dumps(one.when), [])
        regimen = next((each for each in known if each in one.regimens), "")
        if not regimen:
            regimen = one.regimens[place % len(one.regimens)]
            known.append(regimen)
        yield one, regimen


def cases(
    criterion: Criterion, regimen: str, chart: Fields, catalogue: Catalogue
) -> Iterator[DeckCase]:
    """The patients around one criterion in a regimen, from its typical patient."""
    chart = _asked(criterion, chart)
    if criterion.when == {"always": True}:
        yield DeckCase(regimen, criterion.name, criterion.id, "yes", chart)
    for at, leaf in enumerate(leaves(criterion.when)):
        spared = [each.drug for each in catalogue.regimens[regimen].drugs]
        around = _deciding(criterion.when, at, chart, catalogue)
        for variant in variants(*leaf, catalogue, spared):
            changed = variant.change(around)
            yield DeckCase(
                regimen, criterion.name, criterion.id, variant.sort, changed, variant.asks
            )
    for sort, place_and_day in _elsewhere(criterion):
        yield DeckCase(regimen, criterion.name, criterion.id, sort, {**chart, **place_and_day})


def _asked(criterion: Criterion, chart: Fields) -> Fields:
    """A chart asked when the criterion counts; of a label clause, where it alone does."""
    where = criterion.region if criterion.label else None
    asked = {"region": where, "as_of": criterion.day}
    return {**chart, **{name: value for name, value in asked.items() if value}}


def _elsewhere(criterion: Criterion) -> Iterator[tuple[Sort, Fields]]:
    """The days around which a clause begins or ends, and the region in which nothing is said."""
    for edge in criterion.edges:
        before = date.fromisoformat(edge) - timedelta(days=1)
        yield "under", {"as_of": before.isoformat()}
        yield "at", {"as_of": edge}
    if criterion.region:
        yield "elsewhere", {"region": next(each for each in REGIONS if each != criterion.region)}


def _deciding(condition: Condition, at: int, chart: Fields, catalogue: Catalogue) -> Fields:
    """A chart in which one leaf alone decides: the others are settled so that it turns the answer.

    The chart as it is where there is none, for leaves of one field exclude each other.
    """
    asked = list(leaves(condition))
    if len(asked) == 1:
        return chart
    others = [leaf for place, leaf in enumerate(asked) if place != at]
    for truths in product((True, False), repeat=len(others)):
        changed = chart
        for leaf, wanted in zip(others, truths, strict=True):
            changed = _settled(leaf, wanted, changed, catalogue)
        turned = {
            told(condition, _settled(asked[at], wanted, changed, catalogue), catalogue)
            for wanted in (True, False)
        }
        if turned == {True, False}:
            return changed
    return chart


def _settled(leaf: Leaf, wanted: bool, chart: Fields, catalogue: Catalogue) -> Fields:
    """A chart of which one leaf is met, or not, or as it was where no change makes it so."""
    key, value = leaf
    if told({key: value}, chart, catalogue) is wanted:
        return chart
    changed = (variant.change(chart) for variant in variants(key, value, catalogue))
    return next((each for each in changed if told({key: value}, each, catalogue) is wanted), chart)
