"""What criteria found about all regimens, in a form that adds up: a fragment.

Every regimen has a block of bits in one long integer, its weight. Adding the weights of fragments
adds up, for all regimens at once, how many findings exclude and how many leave the verdict open,
and what the order rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from lenrx.batch.engine.facts import dumps
from lenrx.catalogue.vocabulary import Truth
from lenrx.rules.assessment import leaves_open
from lenrx.rules.filters import Finding

BLOCK: Final = 64
"""Bits of one regimen."""
CAUTIONS, LEVEL, GUIDELINE, LABEL, OPEN, EXCLUDED = 10, 24, 28, 30, 40, 52
"""Where in a block begin, from the last key of the order to the first: the number of cautions, the
places of evidence, guideline and label, and the numbers of findings that leave the verdict open and
that exclude. The bits below hold the place of the regimen itself."""
Where = Literal["excluded_by", "unclear", "applies", "confirm", "exact", "broader"]
MEMBERS: Final[tuple[Where, ...]] = (
    *("excluded_by", "unclear"),
    *("applies", "confirm", "exact", "broader"),
)
"""The members of a result that say what was found: two by criterion, four as lists of ids."""
APPLYING: Final = ("cautions", "adjusts", "prefers")
"""Effects of criteria that are said where they are met."""
Needs = tuple[tuple[str, ...], ...]
"""Of findings that leave a verdict open, the fields that each needs."""


class Bearing(NamedTuple):
    """A criterion, or a population, that bears on the answer, and the regimens it concerns."""

    where: Where
    id: str
    regimens: tuple[int, ...] = ()
    needs: tuple[str, ...] | None = None
    """Set where it leaves the verdict open."""


class Found(NamedTuple):
    """What one criterion found: its weight, the marks that evidence rests on, what bears."""

    weight: int = 0
    marks: int = 0
    bearing: tuple[Bearing, ...] = ()


NOTHING: Final = Found()


def added(every: Iterable[Found]) -> Found:
    """What several criteria found, as one; NOTHING itself if there is nothing."""
    weight, marks, bearing = 0, 0, list[Bearing]()
    for each in every:
        weight += each.weight
        marks |= each.marks
        bearing += each.bearing
    return Found(weight, marks, tuple(bearing)) if weight or marks or bearing else NOTHING


class Fragment:
    """What a bundle of criteria found, with its texts ready to be written."""

    __slots__ = ("marks", "needs", "texts", "weight", *MEMBERS)

    def __init__(self, found: Iterable[Found], ids: Sequence[str]) -> None:
        self.weight = self.marks = 0
        self.excluded_by: dict[str, list[str]] = {}
        self.unclear: dict[str, list[str]] = {}
        self.applies: list[str] = []
        self.confirm: list[str] = []
        self.exact: list[str] = []
        self.broader: list[str] = []
        self.needs: dict[int, Needs] = {}
        for each in found:
            self.weight += each.weight
            self.marks |= each.marks
            for one in each.bearing:
                self._add(one, ids)
        self.texts = tuple([dumps(getattr(self, name))[1:-1] for name in MEMBERS])
        """The members of a result, each without its brackets."""

    def _add(self, one: Bearing, ids: Sequence[str]) -> None:
        held = getattr(self, one.where)
        if isinstance(held, dict):
            named = held.setdefault(one.id, [])
            named += [ids[place] for place in one.regimens if ids[place] not in named]
        elif one.id not in held:
            held.append(one.id)
        if one.needs is not None:
            for place in one.regimens:
                self.needs[place] = (*self.needs.get(place, ()), one.needs)


def of_findings(findings: Iterable[Finding], regimens: tuple[int, ...], strict: bool) -> Found:
    """What some findings come to for the regimens that they concern."""
    unit, bearing = 0, list[Bearing]()
    for each in findings:
        truth = leaves_open(each, strict)
        where = bears(each, truth)
        if where:
            needs = each.needs if truth is None else None
            bearing.append(Bearing(where, each.criterion, regimens, needs))
        unit += (truth is False) << EXCLUDED | (truth is None) << OPEN
        unit += (each.effect == "cautions" and each.status == "met") << CAUTIONS
    return Found(unit * ones(regimens), 0, tuple(bearing)) if unit or bearing else NOTHING


def bears(finding: Finding, truth: Truth) -> Where | None:
    """Where a result says a finding that decides, applies to this patient or is to be confirmed."""
    if truth is False:
        return "excluded_by"
    if finding.effect == "confirms":
        return "confirm"
    if truth is None:
        return "unclear"
    return "applies" if finding.status == "met" and finding.effect in APPLYING else None


def ones(regimens: Iterable[int]) -> int:
    """A one in the block of each of some regimens."""
    return sum(1 << BLOCK * place for place in regimens)
