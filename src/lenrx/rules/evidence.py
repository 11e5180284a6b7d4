"""Evidence and guideline positions, set against one patient: which fits, and how strongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final, Literal, NamedTuple

from lenrx.catalogue.conditions import Condition, all_of, evaluate, leaves
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence, Population, Position, Regimen
from lenrx.catalogue.vocabulary import ENDPOINTS, Design, Truth
from lenrx.rules.case import Case
from lenrx.rules.filters import Finding, limits_of

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
UNLIKE: Final = 4
_BY_DESIGN: Final[dict[Design, int]] = {
    "randomised": 1,
    "single-arm": 2,
    "pooled": 2,
    "retrospective": 3,
    "indirect": 3,
}


class MatchedEvidence(NamedTuple):
    """One evidence row beside one patient. `limits`: the entry limits the patient falls under."""

    evidence: Evidence
    match: Match
    design: Design
    limits: tuple[str, ...] = ()
    comparator_arm_of: str | None = None


def rows(regimen: Regimen, case: Case) -> tuple[MatchedEvidence, ...]:
    """All evidence of a regimen, the population that fits this patient first."""
    fits = {
        group: case.once("match", group, partial(match, each, case))
        for group, each in by_group(regimen, case.catalogue).items()
    }
    limits = {name: _limits_met(name, case) for name in limiting(regimen, case.catalogue)}
    return rows_from(regimen, case.catalogue, fits, limits)


def rows_from(
    regimen: Regimen,
    catalogue: Catalogue,
    fits: Mapping[str, Match],
    limits: Mapping[str, tuple[str, ...]],
) -> tuple[MatchedEvidence, ...]:
    """The rows of a regimen, given how populations fit and which limits of trials are met."""
    found = [
        (
            MatchedEvidence(each, fits[group], design, limits.get(each.trial, ()), other),
            design == "indirect",
        )
        for each, group, design, other in written(regimen, catalogue)
    ]
    # Sorting is stable: rows that fit alike keep the order in which the catalogue has put them.
    found.sort(key=lambda each: (each[1], MATCHES.index(each[0].match)))
    return tuple(row for row, _ in found)


Written = tuple[Evidence, str, Design, str | None]


def written(regimen: Regimen, catalogue: Catalogue) -> list[Written]:
    """The evidence on a regimen, of which group, by which design and as whose comparator."""
    return catalogue.once("evidence", regimen, _in_order)


def _in_order(regimen: Regimen, catalogue: Catalogue) -> list[Written]:
    """The evidence on a regimen, of group, by which design and as whose comparator, in order."""
    here = [(each, None) for each in regimen.evidence]
    there = [(each, other) for other, each in catalogue.comparisons.get(regimen.id, ())]
    populations = {name: place for place, name in enumerate(catalogue.populations)}
    found: list[Written] = [
        (
            each,
            group_name(each, catalogue),
            each.design or catalogue.trials[each.trial].design,
            other,
        )
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
    return met(limits_of(case.catalogue.trials[trial], case))


def met(limits: Iterable[Finding]) -> tuple[str, ...]:
    """Which of some entry limits the patient falls under."""
    return tuple(each.criterion for each in limits if each.status == "met")


def by_group(regimen: Regimen, catalogue: Catalogue) -> dict[str, Evidence]:
    """The groups of patients that evidence on a regimen speaks of, each with a row that does."""
    return {group: each for each, group, _, _ in written(regimen, catalogue)}


def limiting(regimen: Regimen, catalogue: Catalogue) -> tuple[str, ...]:
    """The trials with entry limits that evidence on a regimen comes from."""
    every = written(regimen, catalogue)
    names = dict.fromkeys(each.trial for each, _, _, _ in every)
    return tuple(name for name in names if catalogue.trials[name].limits)


def group_name(evidence: Evidence, catalogue: Catalogue) -> str:
    """The patients that a row speaks of; rows of the same patients have one name."""
    return catalogue.group_names[catalogue.group_of(evidence)]


def match(evidence: Evidence, case: Case) -> Match:
    """How the population of a row fits the patient; everybody enrolled is always broader."""
    populations = case.catalogue.populations
    groups = [populations[name] for name in (evidence.population, *evidence.also)]
    truths = [_belongs(group, case) for group in groups if group.when]
    if evidence.when:
        own = evaluate(evidence.when, case.state).truth
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
    return None if condition is None else evaluate(condition, case.state).truth


def level_of(row: MatchedEvidence, catalogue: Catalogue) -> int:
    """Place in STRENGTHS of one row."""
    level = _BY_DESIGN[row.design]
    if row.match == "other" or row.limits:
        return UNLIKE
    if row.comparator_arm_of:
        return max(level, 2)
    resistance = catalogue.populations[row.evidence.population].resistance
    return 0 if level == 1 and row.match == "exact" and resistance else level


def strength(found: tuple[MatchedEvidence, ...], catalogue: Catalogue) -> tuple[int, str]:
    """Place in STRENGTHS of the best evidence, and the trial it comes from."""
    best = (len(STRENGTHS) - 1, "")
    for row in found:
        level = level_of(row, catalogue)
        if level < best[0]:
            best = (level, row.evidence.trial)
    return best


STANCES: Final[dict[str, int]] = {"recommended": 0, "option": 1, "not-recommended": 2}
NO_POSITION: Final = STANCES["option"]
"""That nothing was found is no weakness of a regimen: many are younger than the guidelines."""


def positions(regimen: Regimen, case: Case) -> tuple[Position, ...]:
    """Guideline positions published by the day asked whose setting fits this patient."""
    issued = case.catalogue.guidelines
    return tuple(
        each
        for each in regimen.positions
        if issued[each.guideline].published <= case.as_of and _in_setting(each.setting, case)
    )


def _in_setting(name: str, case: Case) -> Truth:
    return case.once("setting", name, lambda: _holds(case.catalogue.settings[name].when, case))


def guideline(fitting: Iterable[Position], case: Case) -> Position | None:
    """The position that orders: of the latest guideline that does, for the narrowest setting.

    Shown without ordering: what funding bodies and reviews say, lists without order, and what a
    later document of the same body, or one that took its place, has superseded.
    """
    return max((each for each in fitting if orders(each, case)), key=lambda one: _order(one, case), default=None)


def orders(position: Position, case: Case) -> bool:
    """Whether a position may order."""
    issued = case.catalogue.guidelines
    own = issued[position.guideline]
    later = issued.get(own.superseded_by or "")
    superseded = later is not None and later.published <= case.as_of
    return own.kind == "guideline" and own.ranked and not superseded


def _order(position: Position, case: Case) -> tuple[str, int, int]:
    """Later before earlier, a narrower setting before a wider one, a warning before praise."""
    published = case.catalogue.guidelines[position.guideline].published
    narrow = sum(1 for _ in leaves(case.catalogue.settings[position.setting].when))
    return published, narrow, STANCES[position.stance]
