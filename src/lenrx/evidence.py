"""Evidence and guideline positions, set against one patient: which fits, and how strongly."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import Any, Final, Literal, NamedTuple

from lenrx.catalogue import Catalogue
from lenrx.criteria import Condition, all_of, evaluate
from lenrx.filters import limits_of
from lenrx.records import Evidence, Population, Position, Regimen
from lenrx.standing import Case
from lenrx.terms import ENDPOINTS, Design, Truth

Match = Literal["exact", "broader", "unknown", "other"]
MATCHES: Final[tuple[Match, ...]] = ("exact", "broader", "unknown", "other")
EVERYBODY: Final = "ITT"
_ENDPOINTS: Final = {name: place for place, name in enumerate(ENDPOINTS)}
STRENGTHS: Final = (
    "randomised in the matching population",
    "randomised, matching subgroup not reported",
    "single-arm or pooled",
    "retrospective or indirect",
    "only in patients unlike this one",
    "no study found",
)
_UNLIKE: Final = 4
_BY_DESIGN: Final[dict[Design, int]] = {
    "randomised": 1,
    "single-arm": 2,
    "pooled": 2,
    "retrospective": 3,
    "indirect": 3,
}


class Row(NamedTuple):
    """One evidence row beside one patient. `limits`: the entry limits the patient falls under."""

    evidence: Evidence
    match: Match
    design: Design
    limits: tuple[str, ...] = ()
    comparator_arm_of: str | None = None


def rows(regimen: Regimen, case: Case) -> tuple[Row, ...]:
    """All evidence of a regimen, the population that fits this patient first."""
    said = {(each.kind, each.name): each.said(case) for each in grounds(regimen, case.catalogue)}
    return rows_from(regimen, case.catalogue, said)


def rows_from(
    regimen: Regimen, catalogue: Catalogue, said: Mapping[tuple[str, Hashable], Any]
) -> tuple[Row, ...]:
    """The rows of a regimen, given what was said of its grounds."""
    found = [
        (
            Row(each, said["match", whom], design, said.get(("limits met", each.trial), ()), other),
            design == "indirect",
        )
        for each, whom, design, other in catalogue.once("rows of", regimen, _in_order)
    ]
    # Sorting is stable: rows that fit alike keep the order in which the catalogue has put them.
    found.sort(key=lambda each: (each[1], MATCHES.index(each[0].match)))
    return tuple(row for row, _ in found)


_Written = tuple[Evidence, Hashable, Design, str | None]


def _in_order(regimen: Regimen, catalogue: Catalogue) -> list[_Written]:
    """The evidence on a regimen, of whom, by which design and as whose comparator, in order."""
    here = [(each, None) for each in regimen.evidence]
    there = [(each, other) for other, each in catalogue.comparisons.get(regimen.id, ())]
    populations = {name: place for place, name in enumerate(catalogue.populations)}
    found: list[_Written] = [
        (each, _whom(each), each.design or catalogue.trials[each.trial].design, other)
        for each, other in [*here, *there]
    ]
    found.sort(
        key=lambda one: (
            populations[one[0].population],
            one[3] is not None,
            _BY_DESIGN[one[2]],
            _ENDPOINTS[one[0].endpoint],
        )
    )
    return found


def _limits_met(trial: str, case: Case) -> tuple[str, ...]:
    found = limits_of(case.catalogue.trials[trial], case)
    return tuple(each.criterion for each in found if each.status == "met")


def match(evidence: Evidence, case: Case) -> Match:
    """How the population of a row fits the patient; everybody enrolled is always broader."""
    return case.once("match", _whom(evidence), lambda: _match(evidence, case))


def _whom(evidence: Evidence) -> tuple[str, tuple[str, ...], int | None]:
    """Of whom a row speaks; rows that speak of the same fit alike."""
    return evidence.population, evidence.also, id(evidence.when) if evidence.when else None


class Ground(NamedTuple):
    """Something that the evidence of a regimen rests on, and how it is said of a case."""

    kind: str
    name: Hashable
    say: Callable[[Case], Any]

    def said(self, case: Case) -> Any:
        """What is said of a case; what several regimens rest on is said once."""
        return case.once(self.kind, self.name, lambda: self.say(case))


def grounds(regimen: Regimen, catalogue: Catalogue) -> tuple[Ground, ...]:
    """All that `rows` and `positions` depend on: cases alike in these get the same of both."""
    found: tuple[Ground, ...] = catalogue.once("grounds", regimen, _grounds)
    return found


def _grounds(regimen: Regimen, catalogue: Catalogue) -> tuple[Ground, ...]:
    others = [each for _, each in catalogue.comparisons.get(regimen.id, ())]
    every = [*regimen.evidence, *others]
    by_whom = {_whom(each): each for each in every}
    trials = dict.fromkeys(each.trial for each in every if catalogue.trials[each.trial].limits)
    return (
        *(Ground("match", whom, partial(_match, each)) for whom, each in by_whom.items()),
        *(Ground("limits met", trial, partial(_limits_met, trial)) for trial in trials),
        Ground("positions", regimen.id, partial(_fitting, regimen)),
    )


def _fitting(regimen: Regimen, case: Case) -> tuple[int, ...]:
    return tuple(regimen.positions.index(each) for each in positions(regimen, case))


def _match(evidence: Evidence, case: Case) -> Match:
    populations = case.catalogue.populations
    groups = [populations[name] for name in (evidence.population, *evidence.also)]
    truths = [_belongs(group, case) for group in groups if group.when]
    if evidence.when:
        own = evaluate(evidence.when, case.standing).truth
        truths = [own, *truths[1 if groups[0].when else 0 :]]
    if not truths:
        return "broader" if evidence.population == EVERYBODY else "other"
    truth = all_of(truths)
    if truth and any(_is_narrower(group, case) for group in groups):
        return "broader"
    return "exact" if truth else "unknown" if truth is None else "other"


def _belongs(group: Population, case: Case) -> Truth:
    return case.once("population", group.id, lambda: _holds(group.when, case))


def _is_narrower(group: Population, case: Case) -> bool:
    """Whether the patient is a narrower kind than the group: refractory, the group only exposed."""
    return group.broader_if is not None and bool(_holds(group.broader_if, case))


def _holds(condition: Condition | None, case: Case) -> Truth:
    return None if condition is None else evaluate(condition, case.standing).truth


def strength(found: tuple[Row, ...], catalogue: Catalogue) -> tuple[int, str]:
    """Place in STRENGTHS of the best evidence, and the trial it comes from."""
    best = (len(STRENGTHS) - 1, "")
    for row in found:
        level = _BY_DESIGN[row.design]
        resistance = catalogue.populations[row.evidence.population].resistance
        if row.match == "other" or row.limits:
            level = _UNLIKE
        elif row.comparator_arm_of:
            level = max(level, 2)
        elif level == 1 and row.match == "exact" and resistance:
            level = 0
        if level < best[0]:
            best = (level, row.evidence.trial)
    return best


STANCES: Final = ("recommended", "option", "no position", "not-recommended")
_NO_POSITION: Final = STANCES.index("no position")


def positions(regimen: Regimen, case: Case) -> tuple[Position, ...]:
    """Guideline positions published by the day asked whose setting fits this patient."""
    year = int(case.as_of[:4])
    return tuple(
        each for each in regimen.positions if each.year <= year and _in_setting(each.setting, case)
    )


def _in_setting(name: str, case: Case) -> Truth:
    return case.once("setting", name, lambda: _holds(case.catalogue.settings[name].when, case))


def guideline(fitting: tuple[Position, ...]) -> tuple[int, Position | None]:
    """Place in STANCES of the most favourable fitting guideline; funding bodies do not order."""
    asked = [each for each in fitting if each.kind == "guideline"]
    best = min(asked, key=lambda each: (STANCES.index(each.stance), -each.year), default=None)
    return (STANCES.index(best.stance) if best else _NO_POSITION, best)
