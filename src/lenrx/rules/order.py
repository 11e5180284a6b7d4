"""The order of regimens: eight keys, one after the other, and the words that say each.

No score and no hidden weight: a key decides only where all before it are equal, and regimens that
are equal in all of them share a rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Position
from lenrx.catalogue.vocabulary import VERDICTS, Approval, Region, Verdict
from lenrx.rules.evidence import TIERS, Merit
from lenrx.rules.filters import Finding, is_local
from lenrx.rules.guidance import NO_POSITION, stance
from lenrx.rules.network import Win, descent

HIGHEST: Final = 15
"""A network of comparisons stays below this; `check` refuses one that does not."""


class Key(NamedTuple):
    """The eight keys of one regimen in order; the lower comes first in each."""

    verdict: int
    label: int
    serious: int
    tier: int
    depth: int
    """How far the level in the network lies below `HIGHEST`."""
    no_longer_life: bool
    guideline: int
    cautions: int


def key(
    verdict: Verdict,
    label: int,
    warned: Sequence[int],
    found: Merit,
    position: Position | None,
) -> Key:
    """The key of a regimen; `warned` counts the serious cautions and the others."""
    serious, others = warned
    return Key(
        VERDICTS.index(verdict),
        label,
        serious,
        found.tier,
        HIGHEST - found.level,
        not found.survival,
        stance(position),
        others,
    )


_LABEL_ORDER: Final[dict[Approval, int]] = {"on-label": 0, "unknown": 1}
OFF_LABEL: Final = 2


def label_order(found: Iterable[Approval]) -> int:
    """Place of the most favourable approval: on-label, unknown, any other."""
    return min(_LABEL_ORDER.get(each, OFF_LABEL) for each in found)


def warnings_of(findings: Iterable[Finding]) -> tuple[int, int]:
    """How many serious cautions apply, and how many others; entry limits are not among these.

    What a trial left out lowers its evidence already, and how many limits were written down says
    more of the writing than of the regimen. What is in stock says nothing of the patient.
    """
    met = [one for one in findings if one.effect == "cautions" and one.status == "met"]
    own = [one.serious for one in met if one.trial is None and not is_local(one)]
    return sum(own), len(own) - sum(own)


def more_open(keys: Mapping[Region, Key]) -> Region:
    """The region whose key stands first, of those asked for."""
    return min(keys, key=lambda region: keys[region])


def reasons(
    keys: Mapping[Region, Key],
    approval: Mapping[Region, Approval],
    found: Merit,
    position: Position | None,
    catalogue: Catalogue,
) -> tuple[str, ...]:
    """The eight keys in words, in order."""
    own = keys[more_open(keys)]
    trial = f" ({found.trial})" if found.trial else ""
    path = f", {_path(found.win, catalogue)}" if found.win else ""
    life = f"shown to be longer ({found.survival})" if found.survival else "not shown to be longer"
    return (
        VERDICTS[own.verdict],
        "label: " + ", ".join(f"{region} {approval[region]}" for region in keys),
        _counted("serious", "serious caution", keys),
        f"evidence: {TIERS[found.tier]}{trial}",
        f"head to head: level {found.level}{path}",
        f"overall survival: {life}",
        _guideline_words(position, catalogue),
        _counted("cautions", "other caution", keys),
    )


def _counted(key: str, what: str, keys: Mapping[Region, Key]) -> str:
    """A count, and by whose label where the other one counts otherwise."""
    counts: dict[Region, int] = {region: getattr(own, key) for region, own in keys.items()}
    region = more_open(keys)
    count = counts.pop(region)
    said = f"{count} {what}{'' if count == 1 else 's'}"
    others = [f"{other}: {number}" for other, number in counts.items() if number != count]
    return f"{said} (by the {region} label; {others[0]})" if others else said


def _path(win: Win, catalogue: Catalogue) -> str:
    """Who beat whom, down to what beat nothing."""
    steps = [f"beat {' or '.join(step.over)} in {step.trial}" for step in descent(win, catalogue)]
    return ", which ".join(steps)


def _guideline_words(position: Position | None, catalogue: Catalogue) -> str:
    if position is None:
        return "guideline: neither for nor against (no position that orders was found)"
    setting = catalogue.settings[position.setting].title
    said = f"{position.stance} by {position.guideline} for {setting}"
    moves = stance(position) != NO_POSITION
    return f"guideline: {said}" if moves else f"guideline: neither for nor against ({said})"


def ranks(keys: Sequence[Key]) -> list[int]:
    """The rank of each of some keys that are in order; equal keys share one."""
    found = list[int]()
    for place, own in enumerate(keys, start=1):
        found.append(found[-1] if place > 1 and own == keys[place - 2] else place)
    return found
