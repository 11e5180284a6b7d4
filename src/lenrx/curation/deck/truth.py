"""What a condition says of a chart, told from its plain fields.

A second reading of the catalogue's conditions: nothing here is shared with `catalogue.conditions`,
and nothing outside the deck may use it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from math import inf
from typing import Any, Final, cast

from lenrx.catalogue.fields import FLAGGED, FOUND, NUMERIC, TAKEN, WORDED
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import Truth
from lenrx.curation.deck.history import LISTS, Fields, Kind, happened, lines_taken, number

FINDINGS: Final = {kind.criterion: name for name, kind in FOUND.items() if kind.criterion}
"""The field behind each criterion that asks for findings."""
BOUNDS: Final[dict[str, Callable[[float, float], bool]]] = {
    "below": operator.lt,
    "at_most": operator.le,
    "above": operator.gt,
    "at_least": operator.ge,
}
ON_DIALYSIS: Final = (0.0, 14.99)
"""mL/min; the renal function that dialysis stands for (definition `kidney-failure`)."""
FEMALE: Final = ("pregnancy", "breastfeeding")
_HEIGHT: Final[dict[Truth, int]] = {False: 0, None: 1, True: 2}


def least(truths: Iterable[Truth]) -> Truth:
    """The lowest of not met, unknown, met: what `all` comes to; met of none."""
    return min(truths, key=_HEIGHT.__getitem__, default=True)


def most(truths: Iterable[Truth]) -> Truth:
    """The highest of not met, unknown, met: what `any` comes to; not met of none."""
    return max(truths, key=_HEIGHT.__getitem__, default=False)


def reverse(truth: Truth) -> Truth:
    """What `not` comes to."""
    return truth if truth is None else not truth


def told(condition: Mapping[str, Any], chart: Fields, catalogue: Catalogue) -> Truth:
    """Whether a chart meets a condition: met, not met, or None for unknown."""
    ((key, wanted),) = condition.items()
    if key == "always":
        return bool(wanted)
    if key == "all":
        return least(told(part, chart, catalogue) for part in wanted)
    if key == "any":
        return most(told(part, chart, catalogue) for part in wanted)
    if key == "not":
        return reverse(told(wanted, chart, catalogue))
    return of_leaf(key, wanted, chart, catalogue)


def of_leaf(key: str, wanted: Any, chart: Fields, catalogue: Catalogue) -> Truth:
    """Whether a chart meets one leaf of a condition."""
    if key == "renal":
        return _between(_renal(chart), wanted)
    if key in NUMERIC:
        return _between(_span(key, chart, catalogue), wanted)
    if key in FLAGGED:
        return None if (flag := chart.get(key)) is None else flag == wanted
    if key in WORDED:
        return None if (word := chart.get(key)) is None else word in wanted
    if key in FINDINGS:
        return most(_found(FINDINGS[key], name, chart) for name in wanted)
    if key in TAKEN:
        return most(_taken(key, name, chart, catalogue) for name in wanted)
    if key in LISTS:
        return most(happened(key, name, chart, catalogue) for name in wanted)
    kind = cast(Kind, key.removesuffix("_count"))
    bounds = {name: value for name, value in wanted.items() if name != "class"}
    return _between(number(kind, wanted["class"], chart, catalogue), bounds)


def _between(span: tuple[float, float] | None, bounds: Mapping[str, float]) -> Truth:
    """Whether every value of a span keeps within the bounds, or none does."""
    if span is None:
        return None
    ends = ([BOUNDS[name](end, bound) for end in span] for name, bound in bounds.items())
    return least(first if first == last else None for first, last in ends)


def _span(field: str, chart: Fields, catalogue: Catalogue) -> tuple[float, float] | None:
    value = chart.get(field)
    if value is not None:
        return value, value
    if field == "prior_lines":
        return lines_taken(chart, catalogue), inf
    return None


def _renal(chart: Fields) -> tuple[float, float] | None:
    """The lower of what is known of the kidneys."""
    known = [(chart[name],) * 2 for name in ("egfr", "crcl") if chart.get(name) is not None]
    known += [ON_DIALYSIS] if chart.get("dialysis") else []
    lows, highs = [each[0] for each in known], [each[1] for each in known]
    return (min(lows), min(highs)) if known else None


def _found(field: str, name: str, chart: Fields) -> Truth:
    """Whether a finding is there: one that is stated both ways is unknown."""
    there, absent = (name in (chart.get(each) or ()) for each in (field, f"{field}_absent"))
    if not there and name in FEMALE and chart.get("sex") == "male":
        return False
    return None if there == absent else there


def _taken(field: str, name: str, chart: Fields, catalogue: Catalogue) -> Truth:
    stated = chart.get(field)
    if stated is None:
        return None
    known, wanted = _medicines(catalogue), _members(name, catalogue)
    return most(True if each in wanted else False if each in known else None for each in stated)


@lru_cache(256)
def _members(name: str, catalogue: Catalogue) -> frozenset[str]:
    """The medicines of an interaction class; of a medicine, itself."""
    if name not in catalogue.interactions:
        return frozenset([name])
    parts = catalogue.interactions[name].members
    return frozenset([name, *(each for part in parts for each in part.medicines)])


@lru_cache(8)
def _medicines(catalogue: Catalogue) -> frozenset[str]:
    """The medicines of which it is known whether they interact."""
    parts = [part for each in catalogue.interactions.values() for part in each.members]
    listed = {name for part in parts for name in part.medicines}
    return frozenset(listed.union(*(each.medicines for each in catalogue.unlisted.values())))
