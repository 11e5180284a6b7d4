"""Variants of a chart around one leaf of a condition: each threshold, yes, no, missing, both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any, Final, Literal, NamedTuple, cast

from lenrx.catalogue.fields import FLAGGED, NUMERIC, TAKEN, WORDED
from lenrx.catalogue.loading import Catalogue
from lenrx.curation.deck.history import COUNTING, LISTS, Fields, Kind, drugs_of, kin, lines_taken
from lenrx.curation.deck.truth import FEMALE, FINDINGS

Sort = Literal[
    "under",
    "at",
    "over",
    "yes",
    "no",
    "missing",
    "contradictory",
    "elsewhere",
    "typical",
    "left out",
]
Leaf = tuple[str, Any]
STEP: Final = 0.01
"""How far a value that is not a whole number lies beside a threshold."""
RENAL: Final = "egfr"
NORMAL_KIDNEYS: Final = 120
UNMAPPED: Final = "examplinib"
"""A medicine that nobody has mapped to an interaction class."""


class Variant(NamedTuple):
    """A chart changed at one leaf, in which sort of way, and what is asked where it is unknown."""

    sort: Sort
    asks: str
    change: Callable[[Fields], Fields]


def variants(
    key: str, wanted: Any, catalogue: Catalogue, spared: Collection[str] = ()
) -> Iterator[Variant]:
    """Every variant around one leaf; of a class, drugs that are `spared` are given last."""
    if key == "renal":
        yield from _renal(wanted)
    elif key == "prior_lines":
        yield from _lines(wanted, catalogue)
    elif key in NUMERIC:
        for sort, value in _around(key, wanted):
            yield Variant(sort, key, partial(_with, {key: value}))
        yield Variant("missing", key, partial(_without, (key,)))
    elif key in (*FLAGGED, *WORDED):
        yield from _words(key, wanted)
    elif key in FINDINGS:
        yield from _findings(FINDINGS[key], wanted)
    elif key in TAKEN:
        yield from _medicines(key, wanted, catalogue)
    elif key in LISTS:
        yield from _history(key, wanted, catalogue, spared)
    elif key != "always":
        kind = cast(Kind, key.removesuffix("_count"))
        yield from _counted(kind, wanted, catalogue)


def _with(changed: Fields, chart: Fields) -> Fields:
    return {**chart, **changed}


def _without(names: Collection[str], chart: Fields) -> Fields:
    return {name: value for name, value in chart.items() if name not in names}


def _around(field: str, bounds: Fields) -> Iterator[tuple[Sort, float]]:
    """Just under, at and just over each bound, as far as the field goes."""
    kind = NUMERIC[field]
    step = 1 if kind.whole else STEP
    for bound in (value for name, value in bounds.items() if name != "class"):
        beside: tuple[tuple[Sort, float], ...]
        beside = (("under", bound - step), ("at", bound), ("over", bound + step))
        for sort, value in beside:
            if kind.low <= value <= kind.high:
                yield sort, int(value) if kind.whole else round(value, 2)


def _renal(bounds: Fields) -> Iterator[Variant]:
    """Renal function as eGFR; both measures apart, and dialysis beside normal kidneys."""
    for sort, value in _around(RENAL, bounds):
        yield Variant(sort, RENAL, partial(_kidneys, {RENAL: value, "dialysis": False}))
    yield Variant("missing", RENAL, partial(_kidneys, {}))
    low = next(value for _, value in _around(RENAL, bounds))
    for one, other in ((RENAL, "crcl"), ("crcl", RENAL)):
        apart = {one: NORMAL_KIDNEYS, other: low, "dialysis": False}
        yield Variant("contradictory", RENAL, partial(_kidneys, apart))
    dialysed = {RENAL: NORMAL_KIDNEYS, "dialysis": True}
    yield Variant("contradictory", RENAL, partial(_kidneys, dialysed))


def _kidneys(stated: Fields, chart: Fields) -> Fields:
    return {**_without((RENAL, "crcl", "dialysis"), chart), **stated}


def _words(key: str, wanted: Any) -> Iterator[Variant]:
    values = (True, False) if key in FLAGGED else WORDED[key].words
    for value in values:
        meets = value == wanted if key in FLAGGED else value in wanted
        yield Variant("yes" if meets else "no", key, partial(_with, {key: value}))
    yield Variant("missing", key, partial(_without, (key,)))


def _findings(field: str, wanted: list[str]) -> Iterator[Variant]:
    absent = f"{field}_absent"
    for name in wanted:
        yield Variant("yes", "", partial(_listed, {field: [name], absent: []}, wanted))
    yield Variant("no", "", partial(_listed, {field: [], absent: wanted}, wanted))
    asks = f"{field}.{wanted[0]}"
    yield Variant("missing", asks, partial(_listed, {field: [], absent: []}, wanted))
    both = {field: wanted[:1], absent: wanted}
    yield Variant("contradictory", asks, partial(_listed, both, wanted))
    if set(wanted) <= set(FEMALE):
        man = partial(_listed, {field: [], absent: []}, wanted)
        yield Variant("no", "", lambda chart: {**man(chart), "sex": "male"})


def _listed(stated: Fields, names: Collection[str], chart: Fields) -> Fields:
    """Names taken out of some lists, and put into those that hold them now."""
    kept = {key: [each for each in chart.get(key) or () if each not in names] for key in stated}
    return {**chart, **{key: [*kept[key], *value] for key, value in stated.items()}}


def _medicines(field: str, wanted: list[str], catalogue: Catalogue) -> Iterator[Variant]:
    for name in wanted:
        one = catalogue.interactions.get(name)
        taken = next((each for part in one.members for each in part.medicines), "") if one else name
        if taken:
            yield Variant("yes", "", partial(_with, {field: [taken]}))
    yield Variant("no", "", partial(_with, {field: []}))
    yield Variant("missing", field, partial(_without, (field,)))
    yield Variant("missing", field, partial(_with, {field: [UNMAPPED]}))


def _lines(bounds: Fields, catalogue: Catalogue) -> Iterator[Variant]:
    for sort, value in _around("prior_lines", bounds):
        yield Variant(sort, "prior_lines", partial(_within_lines, int(value), catalogue))
    yield Variant("missing", "prior_lines", partial(_without, ("prior_lines",)))
    silent = ("prior_lines", *LISTS.values())
    yield Variant("missing", "prior_lines", partial(_without, silent))
    yield Variant("contradictory", "", partial(_with, {"prior_lines": 0}))


def _within_lines(lines: int, catalogue: Catalogue, chart: Fields) -> Fields:
    """So many lines, and no more in the drug history than they can have held."""
    if lines == 0:
        return {**chart, "prior_lines": 0, **{name: [] for name in LISTS.values()}}
    found: dict[str, Any] = {**chart, "prior_lines": lines}
    for name in COUNTING:
        failed = [
            each for each in found.get("refractory") or () if each in drugs_of(name, catalogue)
        ]
        for drug in failed[lines:]:
            found = {**found, **_moved("refractory", {drug}, found)}
    return found


def _moved(kind: Kind, drugs: Collection[str], chart: Fields) -> dict[str, Any]:
    """Drugs taken out of a list; of those that failed or were stopped, it stays that they were."""
    found: dict[str, Any] = {}
    for name in LISTS.values() if kind == "received" else (LISTS[kind],):
        found[name] = [each for each in chart.get(name) or () if each not in drugs]
    if kind != "received":
        gone = [each for each in chart.get(LISTS[kind]) or () if each in drugs]
        found["exposed"] = [*dict.fromkeys([*(chart.get("exposed") or ()), *gone])]
    return found


def _history(
    kind: Kind, wanted: list[str], catalogue: Catalogue, spared: Collection[str]
) -> Iterator[Variant]:
    field = LISTS[kind]
    drugs = [
        sorted(drugs_of(name, catalogue), key=lambda each: (each in spared, each))
        for name in wanted
    ]
    every = {drug for each in drugs for drug in each}
    for each in drugs:
        yield Variant("yes", field, partial(_given, kind, each[:1], (), catalogue))
    yield Variant("no", field, partial(_given, kind, [], every, catalogue))
    yield Variant("missing", field, partial(_perhaps, kind, every, catalogue))
    if len(every) == 1:
        (drug,) = every
        if whole := kin(drug, catalogue):
            others = drugs_of(whole, catalogue)
            yield Variant("missing", field, partial(_given, kind, [whole], others, catalogue))
            if kind == "received":  # What failed was given too: which drug it was is one question.
                failed = partial(_given, "refractory", [whole], others, catalogue)
                yield Variant("missing", LISTS["refractory"], failed)
    if kind == "refractory" and drugs[0]:
        yield Variant("missing", field, partial(_unjudged, drugs[0][:1], catalogue))


def _given(
    kind: Kind,
    names: list[str],
    without: Collection[str],
    catalogue: Catalogue,
    chart: Fields,
) -> Fields:
    """A list with some names more, and without some drugs; lines enough for what is listed.

    A class that takes the place of its drugs has to be alone in every list.
    """
    found: dict[str, Any] = {**chart, **_moved(kind, without, chart)}
    if names and without:
        found |= _moved("received", without, found)
    found[LISTS[kind]] = [*dict.fromkeys([*(found.get(LISTS[kind]) or ()), *names])]
    return _enough_lines(found, catalogue)


def _enough_lines(chart: dict[str, Any], catalogue: Catalogue) -> Fields:
    if chart.get("prior_lines") is None:
        return chart
    return {**chart, "prior_lines": max(chart["prior_lines"], lines_taken(chart, catalogue))}


def _perhaps(kind: Kind, drugs: Collection[str], catalogue: Catalogue, chart: Fields) -> Fields:
    """A history that is not whole, without some drugs."""
    return {**_given(kind, [], drugs, catalogue, chart), "history": "partial"}


def _unjudged(drugs: list[str], catalogue: Catalogue, chart: Fields) -> Fields:
    """Some drugs given, and nothing said of what failed."""
    failed = chart.get("refractory") or ()
    given = [*dict.fromkeys([*(chart.get("exposed") or ()), *failed, *drugs])]
    return _enough_lines({**_without(("refractory",), chart), "exposed": given}, catalogue)


def _counted(kind: Kind, wanted: Fields, catalogue: Catalogue) -> Iterator[Variant]:
    """One drug fewer than asked, as many, and one more, as far as there are some."""
    drugs, field = sorted(drugs_of(wanted["class"], catalogue)), LISTS[kind]
    for bound in (value for name, value in wanted.items() if name != "class"):
        beside: tuple[tuple[Sort, int], ...]
        beside = (("under", bound - 1), ("at", bound), ("over", bound + 1))
        for sort, count in beside:
            if 0 <= count <= len(drugs):
                yield Variant(sort, field, partial(_so_many, kind, count, drugs, catalogue))
    yield Variant("missing", field, partial(_perhaps, kind, drugs, catalogue))


def _so_many(
    kind: Kind, count: int, drugs: list[str], catalogue: Catalogue, chart: Fields
) -> Fields:
    emptied = {**chart, **_moved(kind, drugs, chart)}
    return _given(kind, drugs[:count], (), catalogue, emptied)
