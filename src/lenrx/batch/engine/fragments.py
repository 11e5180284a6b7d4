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
    """A criterion, or a group of patients, that bears on the answer of some regimens."""

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


class Piece(NamedTuple):
    """One id and the regimens under it, as they are written."""

    where: Where
    id: str
    regimens: tuple[str, ...]
    name: str
    """The id in quotes."""
    text: str
    """The regimens in quotes, side by side."""


class Part(NamedTuple):
    """What criteria that ask alike found, ready to be added up."""

    weight: int
    marks: int
    pieces: tuple[Piece, ...]
    needs: tuple[tuple[int, Needs], ...]


NOTHING: Final = Found()
NO_PART: Final = Part(0, 0, (), ())


def part_of(every: Iterable[Found], ids: Sequence[str]) -> Part:
    """What several criteria found, as one; NO_PART itself if there is nothing."""
    weight, marks = 0, 0
    held: dict[tuple[Where, str], list[str]] = {}
    needs: dict[int, Needs] = {}
    for each in every:
        weight += each.weight
        marks |= each.marks
        for one in each.bearing:
            held.setdefault((one.where, one.id), []).extend(ids[at] for at in one.regimens)
            if one.needs is not None:
                for at in one.regimens:
                    needs[at] = (*needs.get(at, ()), one.needs)
    pieces = tuple(
        Piece(where, name, tuple(regimens), dumps(name), dumps(regimens)[1:-1])
        for (where, name), regimens in held.items()
    )
    return Part(weight, marks, pieces, tuple(needs.items())) if weight or marks or held else NO_PART


class Fragment:
    """What a bundle of criteria found."""

    __slots__ = ("_texts", "marks", "needs", "pieces", "weight")

    def __init__(self, parts: Iterable[Part]) -> None:
        self.weight = self.marks = 0
        self.pieces: list[Piece] = []
        self.needs: dict[int, Needs] = {}
        self._texts: list[str] | None = None
        for weight, marks, pieces, needs in parts:
            self.weight += weight
            self.marks |= marks
            self.pieces += pieces
            for at, missing in needs:
                self.needs[at] = self.needs.get(at, ()) + missing

    @property
    def texts(self) -> list[str]:
        """The members of a result, each without its brackets; made when they are first written."""
        if self._texts is None:
            held: dict[Where, dict[str, list[str]]] = {where: {} for where in MEMBERS}
            for where, _, _, name, text in self.pieces:
                held[where].setdefault(name, []).append(text)
            self._texts = [
                ",".join([f"{name}:[{','.join(texts)}]" for name, texts in held[where].items()])
                for where in MEMBERS[:2]
            ] + [",".join(held[where]) for where in MEMBERS[2:]]
        return self._texts


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
