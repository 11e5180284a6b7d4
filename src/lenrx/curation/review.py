"""A list for review: where a count of cautions rests on what was written down, not on a label.

The order counts cautions. Of two drugs of a class, one may warn of a state and the other not: the
texts may differ, or nobody has read the second one for it. A check cannot tell, so nothing of this
is a problem; somebody who knows the labels looks at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from lenrx.catalogue.conditions import leaves
from lenrx.catalogue.vocabulary import REGIONS
from lenrx.curation.places import Data, Problem

_LEVELS: Final = ("no warning", "a dose", "a caution", "a serious caution", "excluded")
"""What a drug says of a state, the weaker first."""
_CAUTION, _SERIOUS, _EXCLUDED = 2, 3, 4
_OTHERS: Final = {"adjusts": 1, "excludes": _EXCLUDED}

Levels = dict[str, int]
"""How gravely each drug of a class warns, by drug."""


class Warned(NamedTuple):
    """What one rule warns of: a state, in a region, how gravely."""

    state: str
    region: str
    level: int


def uneven_warnings(data: Data) -> Iterator[Problem]:
    """In a region, drugs of one class warn of one state alike, or somebody should look at it."""
    for name, drugs in _members(data).items():
        shared = data["classes"].get(name, {}).get("rules", [])
        warned = {drug: _warned([*data["drugs"][drug].get("rules", []), *shared]) for drug in drugs}
        for state in sorted({state for found in warned.values() for state, _ in found}):
            for regions, levels in _patterns(state, warned):
                if _uneven(levels.values()):
                    yield ("classes", name), f"{state}{_where(regions)}: {_words(levels)}"


def _uneven(levels: Iterable[int]) -> bool:
    """Whether cautions differ; a dose is none, and of what is excluded nothing is counted."""
    counted = {level if level >= _CAUTION else 0 for level in levels if level != _EXCLUDED}
    return len(counted) > 1


def _members(data: Data) -> Mapping[str, list[str]]:
    """The drugs of each class that stand in a regimen, where there are several."""
    used = {each["drug"] for entry in data["regimens"].values() for each in entry.get("drugs", ())}
    found: dict[str, list[str]] = {}
    for name, drug in data["drugs"].items():
        if name in used:
            found.setdefault(drug["class"], []).append(name)
    return {name: drugs for name, drugs in found.items() if len(drugs) > 1}


def _warned(rules: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    """The gravest level of each state and region of which the rules warn."""
    found: dict[tuple[str, str], int] = {}
    for each in (one for rule in rules for one in _of(rule)):
        key = (each.state, each.region)
        found[key] = max(each.level, found.get(key, 0))
    return found


def _of(rule: Mapping[str, Any]) -> Iterator[Warned]:
    own = _SERIOUS if rule.get("serious") else _CAUTION
    level = own if rule["effect"] == "cautions" else _OTHERS.get(rule["effect"])
    if level is None:
        return
    regions = [rule["region"]] if "region" in rule else REGIONS
    for state in dict.fromkeys(_states(rule["when"])):
        yield from (Warned(state, region, level) for region in regions)


def _states(condition: Mapping[str, Any]) -> Iterator[str]:
    """The states that a condition asks for, each by its word, a number by its field alone."""
    for key, wanted in leaves(condition):
        if key == "always":
            yield "every patient"
        elif isinstance(wanted, list):
            yield from (f"{key} {word}" for word in wanted)
        else:
            yield key


def _patterns(
    state: str, warned: Mapping[str, Mapping[tuple[str, str], int]]
) -> list[tuple[list[str], Levels]]:
    """Who warns how gravely of a state, with the regions in which it is so."""
    found: list[tuple[list[str], Levels]] = []
    for region in REGIONS:
        levels = {drug: each.get((state, region), 0) for drug, each in warned.items()}
        for regions, same in found:
            if same == levels:
                regions.append(region)
                break
        else:
            found.append(([region], levels))
    return found


def _where(regions: list[str]) -> str:
    return "" if len(regions) == len(REGIONS) else f" ({', '.join(regions)})"


def _words(levels: Levels) -> str:
    """The drugs by what they say, the gravest first."""
    groups = (
        (text, [drug for drug, each in levels.items() if each == level])
        for level, text in reversed(list(enumerate(_LEVELS)))
    )
    return "; ".join(f"{text}: {', '.join(drugs)}" for text, drugs in groups if drugs)
