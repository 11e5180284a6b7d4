"""The engine of `lenrx batch`: the same answers as `lenrx.rules.assess`, for many patients.

A patient's facts are looked up in a few bundles of criteria. The fragments found there add up to
verdicts and to the order; only what nobody before has answered alike is asked of the plain filters.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from struct import Struct
from typing import Any, Final, NamedTuple

from lenrx.batch.engine.criteria import Criteria
from lenrx.batch.engine.facts import NewLeaf, PatientFacts, keep
from lenrx.batch.engine.fragments import BLOCK, CAUTIONS, EXCLUDED, LABEL, MERIT, OPEN, Fragment
from lenrx.batch.members import failed_before, in_state
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import CatalogueError, Regimen
from lenrx.patient.patient import Patient
from lenrx.rules import evidence
from lenrx.rules.answer import Question
from lenrx.rules.assessment import Blocked, missing, questions
from lenrx.rules.case import not_too_early
from lenrx.rules.order import HIGHEST, OFF_LABEL

_KEY: Final = (1 << OPEN) - 1
"""Of a block, what the order rests on behind the verdict, which takes the place above."""
_CONDITIONAL, _OUT = 1 << OPEN, 1 << EXCLUDED
_PLACE: Final = (1 << CAUTIONS) - 1


class Outcome(NamedTuple):
    """What one patient came to. Regimens are ids: eligible and conditional ones in order."""

    known: PatientFacts
    fragments: list[Fragment]
    eligible: list[str]
    conditional: list[str]
    excluded: list[str]
    ties: list[list[str]]
    """Regimens that share a rank."""
    off_label: list[str]
    """Of those that are not excluded; of others it is not known whether the label covers them."""
    label_unknown: list[str]
    questions: tuple[Question, ...]
    as_of: str
    region: str | None


class Engine:
    """A catalogue made ready for many patients who are asked the same way."""

    def __init__(self, catalogue: Catalogue, *, as_of: str, **how: Any) -> None:
        self._as_of = not_too_early(as_of, catalogue)
        self.criteria = Criteria(catalogue, **how)
        self._ids = [each.id for each in self.criteria.regimens]
        if 2 * len(self._ids) > _PLACE:
            most = _PLACE // 2
            raise CatalogueError(f"a batch takes at most {most} regimens; split the catalogue")
        self._unpack = Struct(f"<{2 * len(self._ids)}Q").unpack
        places = sum(at << BLOCK * at for at in range(2 * len(self._ids)))
        alike = self.criteria.alike.items()
        self._weight = {region: places + found.weight for region, found in alike}
        """What everybody in a region has: the place of each block, and what asks no more."""
        self._merits = [_Evidence(each, self.criteria).ready for each in self.criteria.regimens]
        self._asked: dict[Any, tuple[Question, ...]] = {}

    def outcome(self, patient: Patient) -> Outcome:
        """What `patient` comes to. Raises PatientError where the statement cannot be true."""
        try:
            return self._outcome(patient)
        except NewLeaf:
            return self.outcome(patient)

    def _outcome(self, patient: Patient) -> Outcome:
        as_of, look_up = self._as_of, self.criteria.look_up
        if patient.as_of:
            as_of = not_too_early(patient.as_of, self.criteria.catalogue)
        known = self.criteria.facts.of(patient, as_of)
        facts = known.facts
        found = [
            bundle.known.get(facts & bundle.mask) or look_up(bundle, facts, patient, as_of)
            for bundle in self.criteria.bundles
        ]
        keys, excluded = self._verdicts(found, patient.region)
        names = [self._ids[(key & _PLACE) // 2] for key in keys]
        first = bisect_left(keys, _CONDITIONAL)
        labels = [(name, key >> LABEL & 3) for name, key in zip(names, keys, strict=True)]
        ranks = [key >> CAUTIONS for key in keys]
        return Outcome(
            known,
            found,
            names[:first],
            names[first:],
            excluded,
            _ties(names, ranks),
            [name for name, label in labels if label == OFF_LABEL],
            [name for name, label in labels if label == 1],
            self._questions(keys[first:], found),
            as_of,
            patient.region,
        )

    def _verdicts(self, found: list[Fragment], region: str | None) -> tuple[list[int], list[str]]:
        """The keys of the open regimens in order, the last bits their block; ids of the others.

        With no region asked, the block of the more open one.
        """
        weight, marks = self._weight[region], 0
        for each in found:
            weight += each.weight
            marks |= each.marks
        keys, excluded = list[int](), list[str]()
        blocks = self._unpack(weight.to_bytes(16 * len(self._ids), "little"))
        us, eu = blocks[region == "eu" :: 2], blocks[region != "us" :: 2]
        for one, other, (name, merits, mask, known) in zip(us, eu, self._merits, strict=True):
            if one >= _OUT <= other:
                excluded.append(name)
                continue
            # How many findings leave a verdict open does not count, only whether any does.
            block = one & _KEY | _CONDITIONAL if _KEY < one < _OUT else one
            if other != one:
                block = min(block, other & _KEY | _CONDITIONAL if _KEY < other < _OUT else other)
            keys.append(block + (known.get(marks & mask) or merits.weight(marks)))
        keys.sort()
        return keys, excluded

    def _questions(self, keys: list[int], found: list[Fragment]) -> tuple[Question, ...]:
        """What to ask of the conditional regimens, from what keeps each from being eligible."""
        needs = [each.needs for each in found if each.needs]
        blocks = [(each & _PLACE, each >> LABEL & 3 < OFF_LABEL) for each in keys]
        key = tuple(
            [(at, may, sum([each[at] for each in needs if at in each], ())) for at, may in blocks]
        )
        asked = self._asked.get(key)
        if asked is None:
            asked = questions(
                Blocked(self._ids[at // 2], labelled, *missing(blocked))
                for at, labelled, blocked in key
            )
            keep(self._asked, key, asked)
        return asked


def _ties(names: list[str], ranks: list[int]) -> list[list[str]]:
    """The names that share a rank, of names in order."""
    tied = sorted({rank for rank, after in pairwise(ranks) if rank == after})
    return [names[bisect_left(ranks, each) : bisect_right(ranks, each)] for each in tied]


class _Evidence:
    """The evidence on one regimen: its worth, by groups that fit, limits met and resistances."""

    def __init__(self, regimen: Regimen, criteria: Criteria) -> None:
        catalogue, mark = criteria.catalogue, criteria.mark
        resistance = evidence.decisive(regimen, catalogue)
        self.known: dict[int, int] = {}
        self._rows = set[tuple[int, int, int, int, bool]]()
        for row, group, design, arm in evidence.written(regimen, catalogue):
            lacking = evidence.unenrolled(row.trial, resistance, catalogue)
            states = evidence.unsaid(row.trial, evidence.counting(catalogue), catalogue)
            limits = (each.id for each in catalogue.trials[row.trial].limits)
            groups = (*limits, *map(failed_before, lacking), *map(in_state, states))
            fits = mark((group, "exact")) | mark((group, "broader"))
            against = sum({mark(each) for each in groups})
            alone = evidence.MatchedEvidence(row, "exact", design, (), arm)
            worth = evidence.merit(regimen.id, [alone], catalogue)
            self._rows.add((fits, against, worth.tier, worth.level, bool(worth.survival)))
        mask = 0
        for fits, against, *_ in self._rows:
            mask |= fits | against
        self._mask, self._none = mask, evidence.UNLIKE if self._rows else evidence.NO_STUDY
        self.ready = (regimen.id, self, mask, self.known)

    def weight(self, marks: int) -> int:
        """What the evidence adds to the regimen's key; never 0, for no network is that high."""
        fitting = [
            worth for fits, against, *worth in self._rows if marks & fits and not marks & against
        ]
        tier = min([each for each, _, _ in fitting], default=self._none)
        level = max([each for _, each, _ in fitting], default=0)
        shorter = not any(each for _, _, each in fitting)
        weight = (tier << 5 | HIGHEST - level << 1 | shorter) << MERIT
        keep(self.known, marks & self._mask, weight)
        return weight
