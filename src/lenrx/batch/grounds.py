"""What the evidence of regimens rests on, and what it comes to, once for all who are alike in it.

The grounds of a regimen are which populations fit the patient, which limits of trials are met, and
which guidelines speak. What a ground says has a code, and the codes of a regimen's grounds, side by
side, are the key under which its evidence is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from lenrx.batch.facets import Full
from lenrx.batch.groups import grouped
from lenrx.batch.kept import Kept
from lenrx.batch.outcome import Reference, closing, ids_text, references, with_limits
from lenrx.batch.sums import MOST, Layout, evidence_weight
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Limit, Regimen
from lenrx.patient.state import Case
from lenrx.rules.evidence import (
    STRENGTHS,
    UNLIKE,
    Whom,
    by_whom,
    guideline,
    level_of,
    limiting,
    match,
    met,
    positions,
    rows_from,
)
from lenrx.rules.filters import limited

KEPT_EVIDENCE: Final = 800
"""Of one regimen, in a generation."""
KEPT_FITTING: Final = 3_000
KEPT_SAME: Final = 1_000
"""Of all regimens: evidence that is the same for different codes is one object."""
Name = tuple[str, Hashable]
Say = Callable[[Case], Any]


class Evidence(NamedTuple):
    """What a regimen's evidence adds to its field, and its text, which ends the regimen's."""

    weight: int
    text: bytes


class _Fitting(NamedTuple):
    """The evidence for a population, and the strength of each trial, before limits of trials."""

    references: list[Reference]
    levels: Mapping[str, int]
    level: int
    text: bytes


class _Resting(NamedTuple):
    """What one regimen rests on."""

    regimen: Regimen
    whom: Sequence[Whom]
    limits: Sequence[tuple[str, int, int]]
    """Of each trial with entry limits, from and to which code of the regimen theirs stand."""
    known: Kept[bytes, Evidence]


class Grounds:
    """The grounds of all regimens."""

    def __init__(self, catalogue: Catalogue, regimens: Sequence[Regimen]) -> None:
        self._catalogue = catalogue
        self.says: dict[Name, Say] = {}
        """Every ground, by its name, and how it is said of a case."""
        self._limiting: dict[str, tuple[Name, ...]] = {}
        """By trial, the grounds that are said of its entry limits."""
        self._under: dict[str, Kept[bytes, bytes]] = {}
        self._resting = list(map(self._rests, regimens))
        self.layout = Layout([list(self._names(each)) for each in self._resting])
        """Where the codes of every regimen stand."""
        self._reading = [
            (each.known.get, start, stop, index)
            for index, (each, (start, stop)) in enumerate(
                zip(self._resting, self.layout.runs, strict=True)
            )
        ]
        self.forget()

    def forget(self) -> None:
        """Drop all codes, and what was kept by them."""
        self._codes: dict[Name, dict[Hashable, int]] = {name: {} for name in self.says}
        self._said: dict[Name, list[Any]] = {name: [None] for name in self.says}
        self._fits = Kept[tuple[int, bytes], _Fitting](KEPT_FITTING)
        self._fittings = Kept[tuple[Hashable, ...], _Fitting](KEPT_SAME)
        self._same = Kept[Evidence, Evidence](KEPT_SAME)
        for each in self._resting:
            each.known.forget()
        for under in self._under.values():
            under.forget()

    def code(self, name: Name, case: Case) -> int:
        """The code of what a ground says of a case, which is never 0. Raises Full."""
        said, codes = self.says[name](case), self._codes[name]
        if said not in codes:
            if len(codes) >= MOST:
                raise Full
            self._said[name].append(said)
            codes[said] = len(codes) + 1
        return codes[said]

    def evidence(self, codes: bytes) -> list[Evidence]:
        """The evidence of every regimen."""
        return [
            known(codes[start:stop]) or self._evidence(index, codes[start:stop])
            for known, start, stop, index in self._reading
        ]

    def _evidence(self, index: int, run: bytes) -> Evidence:
        regimen, whom, limits, known = self._resting[index]
        if found := known.recall(run):
            return found
        fitting, under = self._fitting(index, run[: len(whom)]), dict[str, bytes]()
        for trial, start, stop in limits:
            codes = run[start:stop]
            text = self._under[trial].get(codes)
            if text is None:
                text = self._limits(trial, codes)
            if text:
                under[trial] = text
        level = _strongest(fitting.levels, under) if under else fitting.level
        text = closing(with_limits(fitting.references, under)) if under else fitting.text
        place = self._said["guideline", regimen.id][run[-1]]
        found = Evidence(evidence_weight(level, place), text)
        return known.keep(run, self._same.find(found) or self._same.keep(found, found))

    def _limits(self, trial: str, codes: bytes) -> bytes:
        """The entry limits of a trial that the patient falls under, as JSON; empty if none."""
        limits, said = self._catalogue.trials[trial].limits, set[str]()
        for name, code in zip(self._limiting[trial], codes, strict=True):
            said.update(self._said[name][code])
        ids = [each.id for each in limits if each.id in said]
        return self._under[trial].keep(codes, ids_text(ids))

    def _fitting(self, index: int, run: bytes) -> _Fitting:
        if known := self._fits.find((index, run)):
            return known
        regimen, whom, _, _ = self._resting[index]
        fits = {each: self._said["match", each][code] for each, code in zip(whom, run, strict=True)}
        rows, levels = rows_from(regimen, self._catalogue, fits, {}), dict[str, int]()
        for row in rows:
            level, trial = level_of(row, self._catalogue), row.evidence.trial
            levels[trial] = min(level, levels.get(trial, level))
        found = references(rows)
        says = tuple(found), tuple(levels.items())
        same = self._fittings.find(says)
        if same is None:
            level, text = _strongest(levels, ()), closing(with_limits(found, {}))
            same = self._fittings.keep(says, _Fitting(found, levels, level, text))
        return self._fits.keep((index, run), same)

    def _rests(self, regimen: Regimen) -> _Resting:
        fitting, limits = by_whom(regimen, self._catalogue), list[tuple[str, int, int]]()
        place = len(fitting)
        for whom, evidence in fitting.items():
            self.says["match", whom] = partial(match, evidence)
        for trial in limiting(regimen, self._catalogue):
            if trial not in self._limiting:
                self._limit(trial)
            limits.append((trial, place, place := place + len(self._limiting[trial])))
        self.says["guideline", regimen.id] = partial(_guideline, regimen)
        return _Resting(regimen, tuple(fitting), limits, Kept(KEPT_EVIDENCE))

    def _limit(self, trial: str) -> None:
        groups = grouped(self._catalogue.trials[trial].limits)
        found: dict[Name, Say] = {
            ("limits", (trial, group)): partial(_met, some) for group, some in groups.items()
        }
        self.says |= found
        self._limiting[trial], self._under[trial] = tuple(found), Kept(KEPT_EVIDENCE)

    def _names(self, each: _Resting) -> Iterator[Name]:
        yield from (("match", whom) for whom in each.whom)
        for trial, _, _ in each.limits:
            yield from self._limiting[trial]
        yield "guideline", each.regimen.id


def _strongest(levels: Mapping[str, int], under: Container[str]) -> int:
    """Place in STRENGTHS of the best of some trials, if the patient is under limits of some."""
    found = (UNLIKE if trial in under else each for trial, each in levels.items())
    return min(found, default=len(STRENGTHS) - 1)


def _guideline(regimen: Regimen, case: Case) -> int:
    """Place in STANCES of the most favourable guideline that speaks of the patient."""
    place, _ = guideline(positions(regimen, case))
    return place


def _met(limits: Sequence[Limit], case: Case) -> tuple[str, ...]:
    return met(limited(limits, case))
