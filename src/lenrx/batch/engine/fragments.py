"""What criteria found about all regimens, in a form that adds up.

Every regimen has two blocks of bits in one long integer, the weight: one for each region. Adding
weights adds up, for all regimens at once, how many findings exclude and how many leave the verdict
open, and what the order rests on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from lenrx.batch.members import MEMBERS, Where, bears, by_name, listed
from lenrx.catalogue.vocabulary import REGIONS, Region
from lenrx.rules.answer import leaves_open
from lenrx.rules.filters import Finding
from lenrx.rules.order import warnings_of

BLOCK: Final = 64
"""Bits of one regimen in one region."""
CAUTIONS, GUIDELINE, MERIT, SERIOUS, LABEL, OPEN, EXCLUDED = 10, 18, 20, 28, 34, 36, 48
"""Where in a block begin, from the last key of the order to the first: the number of cautions, the
places of the guideline and of what the evidence is worth, the number of serious cautions, the place
of the label, and the numbers of findings that leave the verdict open and that exclude. The bits
below hold the place of the block itself."""
Needs = tuple[tuple[str, ...], ...]
"""Of findings that leave a verdict open, the fields that each needs."""


class Regimens(NamedTuple):
    """The regimens that a criterion concerns: places and ids."""

    places: tuple[int, ...]
    ids: tuple[str, ...]

    def blocks(self, region: Region | None) -> list[int]:
        """The places of their blocks, in one region or in both."""
        halves = [at for at, name in enumerate(REGIONS) if region in (None, name)]
        return [len(REGIONS) * place + half for place in self.places for half in halves]

    def ones(self, region: Region | None = None) -> int:
        """A one in each of their blocks."""
        return sum(1 << BLOCK * place for place in self.blocks(region))


class Piece(NamedTuple):
    """A criterion, or a group of patients, that bears on the answer of some regimens."""

    where: Where
    id: str
    regimens: tuple[str, ...] = ()


class Found(NamedTuple):
    """What criteria found: weight, marks that evidence rests on, what bears, what is missing."""

    weight: int = 0
    marks: int = 0
    pieces: tuple[Piece, ...] = ()
    needs: tuple[tuple[int, Needs], ...] = ()
    """By the block of a regimen whose verdict stays open."""


NOTHING: Final = Found()


class Fragment:
    """What a bundle of criteria found, all of them added up."""

    __slots__ = ("_texts", "marks", "needs", "pieces", "weight")

    def __init__(self, every: Iterable[Found]) -> None:
        self.weight = self.marks = 0
        self.pieces: list[Piece] = []
        self.needs: dict[int, Needs] = {}
        self._texts: list[str] | None = None
        for weight, marks, pieces, needs in every:
            self.weight += weight
            self.marks |= marks
            self.pieces += pieces
            for place, missing in needs:
                self.needs[place] = self.needs.get(place, ()) + missing

    @property
    def texts(self) -> list[str]:
        """The members of a result, each without its brackets; made when they are first written."""
        if self._texts is None:
            held: dict[Where, dict[str, list[str]]] = {where: {} for where in MEMBERS}
            for where, name, regimens in self.pieces:
                held[where].setdefault(name, []).extend(regimens)
            by_criterion = [by_name(held[where].items()) for where in MEMBERS[:2]]
            self._texts = by_criterion + [listed(held[where]) for where in MEMBERS[2:]]
        return self._texts


def added(every: Iterable[Found], unsaid: Collection[str] = ()) -> Found:
    """What several criteria found, as one; NOTHING itself if there is nothing.

    Of some criteria it is `unsaid` that they apply: others do whenever they do, and are said.
    """
    found = Fragment(every)
    needs = tuple(found.needs.items())
    pieces = tuple(p for p in found.pieces if p.where != "applies" or p.id not in unsaid)
    empty = not (found.weight or found.marks or pieces)
    return NOTHING if empty else Found(found.weight, found.marks, pieces, needs)


def of_findings(findings: Sequence[Finding], regimens: Regimens, strict: bool) -> Found:
    """What some findings come to for the regimens that they concern."""
    weight, pieces, needs = 0, list[Piece](), list[tuple[int, Needs]]()
    for each in findings:
        truth, (serious, others) = leaves_open(each, strict), warnings_of([each])
        if where := bears(each, truth):
            pieces.append(Piece(where, each.criterion, regimens.ids))
        if truth is None:
            needs += [(block, (each.needs,)) for block in regimens.blocks(each.region)]
        unit = (truth is False) << EXCLUDED | (truth is None) << OPEN
        unit |= serious << SERIOUS | others << CAUTIONS
        weight += unit and unit * regimens.ones(each.region)
    return Found(weight, 0, tuple(pieces), tuple(needs))
