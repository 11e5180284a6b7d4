"""Evidence and guideline positions, set against one patient: which population fits, how strongly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from lenrx.catalogue import Catalogue, Evidence, Position, Regimen
from lenrx.criteria import all_of, evaluate
from lenrx.filters import trials_of
from lenrx.standing import Case
from lenrx.terms import ENDPOINTS, Design, Truth

Match = Literal["exact", "broader", "unknown", "other"]
MATCHES: Final[tuple[Match, ...]] = ("exact", "broader", "unknown", "other")
EVERYBODY: Final = "ITT"
STRENGTHS: Final = (
    "randomised in the matching population",
    "randomised, matching subgroup not reported",
    "single-arm or pooled",
    "retrospective or indirect",
    "no study found",
)
_BY_DESIGN: Final[dict[Design, int]] = {
    "randomised": 1,
    "single-arm": 2,
    "pooled": 2,
    "retrospective": 3,
    "indirect": 3,
}


class Row(NamedTuple):
    """One evidence row beside one patient. `limits` are the entry limits the patient falls under."""

    evidence: Evidence
    match: Match
    design: Design
    limits: tuple[str, ...] = ()
    comparator_arm_of: str | None = None


def rows(regimen: Regimen, case: Case) -> tuple[Row, ...]:
    """All evidence of a regimen, the population that fits this patient first."""
    catalogue = case.catalogue
    excluded = {trial.id: _limits_met(trial.id, case) for trial in trials_of(regimen, catalogue)}
    found = [_row(each, case, excluded[each.trial]) for each in regimen.evidence]
    for other, each in _as_comparator(regimen, catalogue):
        found.append(_row(each, case, _limits_met(each.trial, case), other))
    populations = list(catalogue.populations)
    endpoints = list(ENDPOINTS)
    found.sort(
        key=lambda row: (
            row.design == "indirect",
            MATCHES.index(row.match),
            populations.index(row.evidence.population),
            row.comparator_arm_of is not None,
            endpoints.index(row.evidence.endpoint),
        )
    )
    return tuple(found)


def _row(evidence: Evidence, case: Case, limits: tuple[str, ...], other: str | None = None) -> Row:
    design = evidence.design or case.catalogue.trials[evidence.trial].design
    return Row(evidence, match(evidence, case), design, limits, other)


def _as_comparator(regimen: Regimen, catalogue: Catalogue) -> Iterator[tuple[str, Evidence]]:
    """Rows of other regimens in which this one was the comparator and has a figure of its own."""
    for other in catalogue.regimens.values():
        for each in other.evidence:
            if each.comparator == regimen.id and each.comparator_value is not None:
                yield other.id, each


def _limits_met(trial: str, case: Case) -> tuple[str, ...]:
    limits = case.catalogue.trials[trial].limits
    return tuple(each.id for each in limits if evaluate(each.when, case.standing).truth)


def match(evidence: Evidence, case: Case) -> Match:
    """How the population of a row fits the patient; everybody enrolled is always broader."""
    populations = case.catalogue.populations
    groups = [populations[name] for name in (evidence.population, *evidence.also)]
    conditions = [group.when for group in groups[1:] if group.when]
    own = evidence.when or groups[0].when
    conditions += [own] if own else []
    if not conditions:
        return "broader" if evidence.population == EVERYBODY else "other"
    truth: Truth = all_of(evaluate(each, case.standing).truth for each in conditions)
    if truth and any(
        group.broader_if and evaluate(group.broader_if, case.standing).truth for group in groups
    ):
        return "broader"
    return "exact" if truth else "unknown" if truth is None else "other"


def strength(found: tuple[Row, ...], catalogue: Catalogue) -> tuple[int, str]:
    """Place in STRENGTHS of the best evidence, and the trial it comes from."""
    best = (len(STRENGTHS) - 1, "")
    for row in found:
        level = _BY_DESIGN[row.design]
        resistance = catalogue.populations[row.evidence.population].resistance
        if row.comparator_arm_of:
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
        each
        for each in regimen.positions
        if each.year <= year
        and evaluate(case.catalogue.settings[each.setting].when, case.standing).truth
    )


def guideline(fitting: tuple[Position, ...]) -> tuple[int, Position | None]:
    """Place in STANCES of the most favourable fitting guideline; funding bodies do not order."""
    asked = [each for each in fitting if each.kind == "guideline"]
    best = min(asked, key=lambda each: (STANCES.index(each.stance), -each.year), default=None)
    return (STANCES.index(best.stance) if best else _NO_POSITION, best)
