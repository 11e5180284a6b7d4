"""Evidence beside one patient: which populations fit, and what it is worth."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Final, Literal, NamedTuple

from lenrx.catalogue.asked import pairs
from lenrx.catalogue.conditions import Condition, Population, all_of, evaluate, leaves
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence, Regimen, Trial
from lenrx.catalogue.vocabulary import CLASS_GROUPS, ENDPOINTS, TARGETS, Design, Truth
from lenrx.patient.warnings import LENALIDOMIDE
from lenrx.rules.case import Case
from lenrx.rules.filters import Finding, classes_of, entered, limits_of
from lenrx.rules.network import (
    OS,
    Win,
    below_one,
    conditions_of,
    highest,
    lifted,
    superior,
    wins,
)

Match = Literal["exact", "broader", "unknown", "other"]
MATCHES: Final[tuple[Match, ...]] = ("exact", "broader", "unknown", "other")
EVERYBODY: Final = "ITT"
_ENDPOINTS: Final = {name: place for place, name in enumerate(ENDPOINTS)}
TIERS: Final = (
    "randomised and superior",
    "single-arm or pooled",
    "randomised and not superior, retrospective or indirect",
    "only in patients unlike this one, or not known to be like",
    "no study found",
)
UNLIKE, NO_STUDY = 3, 4
_BY_DESIGN: Final[dict[Design, int]] = {
    "randomised": 0,
    "single-arm": 1,
    "pooled": 1,
    "retrospective": 2,
    "indirect": 2,
}


class MatchedEvidence(NamedTuple):
    """One evidence row beside one patient.

    `limits`: the entry limits that the patient falls under; `unenrolled`: what the patient is
    refractory to, of which nobody is known to have been enrolled; `unsaid`: states of the patient
    that trials seldom enrol, of which this trial does not say.
    """

    evidence: Evidence
    match: Match
    design: Design
    limits: tuple[str, ...] = ()
    comparator_arm_of: str | None = None
    unenrolled: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the patient is one of those whom the row speaks of, as far as is known."""
        against = self.limits or self.unenrolled or self.unsaid
        return self.match in ("exact", "broader") and not against


class Merit(NamedTuple):
    """What the evidence on a regimen is worth for one patient, and by which trials.

    `win` is the comparison that lifts it furthest, `survival` a trial in which it prolonged life.
    """

    tier: int
    trial: str = ""
    level: int = 0
    win: Win | None = None
    survival: str = ""


def rows(regimen: Regimen, case: Case) -> tuple[MatchedEvidence, ...]:
    """All evidence of a regimen, the population that fits this patient first."""
    catalogue = case.catalogue
    fits = {
        group: case.once("match", group, partial(match, each, case))
        for group, each in by_group(regimen, catalogue).items()
    }
    limits = {name: _limits_met(name, case) for name in limiting(regimen, catalogue)}
    before = [name for name in decisive(regimen, catalogue) if failed(name, case)]
    states = [name for name in counting(catalogue) if in_state(name, case)]
    return rows_from(regimen, catalogue, fits, limits, before, states)


def rows_from(
    regimen: Regimen,
    catalogue: Catalogue,
    fits: Mapping[str, Match],
    limits: Mapping[str, tuple[str, ...]],
    resistance: Collection[str],
    states: Collection[str],
) -> tuple[MatchedEvidence, ...]:
    """The rows of a regimen: how populations fit, limits that are met, resistances, states."""
    found = [
        (
            MatchedEvidence(
                each,
                fits[group],
                design,
                limits.get(each.trial, ()),
                other,
                unenrolled(each.trial, resistance, catalogue),
                unsaid(each.trial, states, catalogue),
            ),
            design == "indirect",
        )
        for each, group, design, other in written(regimen, catalogue)
    ]
    # Sorting is stable: rows that fit alike keep the order in which the catalogue has put them.
    found.sort(key=lambda each: (each[1], MATCHES.index(each[0].match)))
    return tuple(row for row, _ in found)


def trials_of(regimen: Regimen, catalogue: Catalogue) -> tuple[Trial, ...]:
    """The trials of the regimen: those its evidence comes from, then others with such an arm."""
    studied = [trial.id for trial in catalogue.trials.values() if regimen.id in (trial.arms or ())]
    ids = dict.fromkeys([*entered(regimen), *studied])
    return tuple(catalogue.trials[name] for name in ids)


def decisive(regimen: Regimen, catalogue: Catalogue) -> tuple[str, ...]:
    """What failed before, and a trial must have enrolled to speak of a patient with it.

    Lenalidomide, which this catalogue is about; classes across which resistance crosses; and
    classes that share the target of the regimen, where another drug against it is a caution.
    """
    return catalogue.once("decisive", regimen, _decisive)


def _decisive(regimen: Regimen, catalogue: Catalogue) -> tuple[str, ...]:
    own = [each.id for each in classes_of(regimen, catalogue)]
    found = (
        each.id
        for each in catalogue.classes.values()
        if each.crosses == "class"
        or (each.crosses == "caution" and any(_share(each.id, one) for one in own))
    )
    return (LENALIDOMIDE, *found)


def _share(one: str, other: str) -> bool:
    """Whether two classes have a target in common."""
    return one == other or any({one, other} <= {*CLASS_GROUPS[name]} for name in TARGETS)


def failed(name: str, case: Case) -> bool:
    """Whether a drug or class failed: refractory to it, or relapsed after its target was treated.

    Who is asked for here has relapsed, so a target that was treated before has been relapsed from.
    """
    one = case.catalogue.classes.get(name)
    kind = "received" if one is not None and one.crosses == "caution" else "refractory"
    return case.once("failed", name, lambda: case.state.ask(kind, (name,))).truth is True


def unenrolled(trial: str, resistance: Collection[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Those resistances of a patient with which nobody is known to have been enrolled."""
    enrolled = catalogue.kept("enrolled", _enrolled)
    return tuple(each for each in resistance if each not in enrolled[trial])


def _enrolled(catalogue: Catalogue) -> dict[str, set[str]]:
    """The resistances of each trial's patients: stated, or those of whom it has a result."""
    found = {trial.id: {*trial.enrolled_refractory} for trial in catalogue.trials.values()}
    for row in (row for each in catalogue.regimens.values() for row in each.evidence):
        for condition in conditions_of(row, catalogue):
            found[row.trial] |= {*_required(condition, catalogue)}
    return found


def in_state(name: str, case: Case) -> bool:
    """Whether the patient is known to be in a state that trials seldom enrol."""
    when = case.catalogue.seldom_enrolled[name].when
    return case.once("state", name, lambda: _holds(when, case)) is True


def counting(catalogue: Catalogue) -> tuple[str, ...]:
    """The states for which a trial that does not speak of them does not fit."""
    return tuple(each.id for each in catalogue.seldom_enrolled.values() if each.counts)


def unsaid(trial: str, states: Collection[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Those states of a patient of which a trial does not say whether such were enrolled."""
    spoken = catalogue.kept("spoken", _spoken)
    return tuple(each for each in states if each not in spoken[trial])


def _spoken(catalogue: Catalogue) -> dict[str, set[str]]:
    """The states of which each trial says something: by a limit, a result, or in so many words.

    A limit speaks of a number whatever its bound; a result only of the patients whom it is about.
    """
    found = {trial.id: {*trial.enrolled_states} for trial in catalogue.trials.values()}
    limits = {
        trial.id: {pair for limit in trial.limits for pair in pairs(limit.when, catalogue)}
        for trial in catalogue.trials.values()
    }
    rows = [row for each in catalogue.regimens.values() for row in each.evidence]
    for state in catalogue.seldom_enrolled.values():
        asked, own = {*pairs(state.when, catalogue)}, {*_topics(state.when)}
        speaking = {trial for trial, limited in limits.items() if limited & asked}
        for row in rows:
            if any(own & {*_topics(one)} for one in conditions_of(row, catalogue)):
                speaking.add(row.trial)
        for trial in speaking:
            found[trial].add(state.id)
    return found


def _topics(condition: Condition) -> Iterator[tuple[str, str]]:
    """What the leaves of a condition ask: field and value, of a list each of its names."""
    for key, wanted in leaves(condition):
        values = wanted if isinstance(wanted, list | tuple) else [wanted]
        yield from ((key, str(value)) for value in values)


def _required(condition: Condition, catalogue: Catalogue) -> Iterator[str]:
    """The resistances that everybody has who meets a condition.

    Who had a target treated before and is enrolled now has relapsed from that, as `failed` has it.
    """
    ((key, wanted),) = condition.items()
    if key == "all":
        for part in wanted:
            yield from _required(part, catalogue)
    elif key == "refractory" and len(wanted) == 1:
        yield from wanted
    elif key == "received":
        named = {each for name in wanted for each in CLASS_GROUPS.get(name, (name,))}
        yield from (each for each in named if _is_target(each, catalogue))


def _is_target(name: str, catalogue: Catalogue) -> bool:
    return name in catalogue.classes and catalogue.classes[name].crosses == "caution"


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


def tier_of(row: MatchedEvidence, catalogue: Catalogue) -> int:
    """Place in TIERS of one row."""
    if not row.fits:
        return UNLIKE
    if row.design == "randomised":
        own = row.comparator_arm_of is None
        return 0 if own and superior(row.evidence, catalogue) else 2
    return max(_BY_DESIGN[row.design], 1)


def merit(regimen: str, found: Iterable[MatchedEvidence], catalogue: Catalogue) -> Merit:
    """What the evidence on a regimen is worth for a patient whom it fits in this way."""
    tiers = [(tier_of(row, catalogue), row) for row in found]
    # Of rows that are worth the same, the regimen's own arm stands for it before another's.
    tier, best = min(tiers, key=lambda one: (one[0], other_arm(one[1])), default=(NO_STUDY, None))
    winning = {row.evidence.trial for place, row in tiers if place == 0}
    mine = [win for win in wins(catalogue).get(regimen, ()) if win.trial in winning]
    win = highest(mine, catalogue)
    longer = (row.evidence.trial for place, row in tiers if place == 0 and _lives_longer(row))
    trial = win.trial if win else best.evidence.trial if best else ""
    return Merit(tier, trial, lifted(win, catalogue) if win else 0, win, next(longer, ""))


def other_arm(row: MatchedEvidence) -> bool:
    """Whether the regimen was the arm that the trial set out to beat."""
    return row.comparator_arm_of is not None or row.evidence.control


def _lives_longer(row: MatchedEvidence) -> bool:
    return row.evidence.endpoint in OS and below_one(row.evidence)
