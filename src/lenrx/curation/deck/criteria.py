"""The criteria of a catalogue: what each asks, and the regimens that it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lenrx.catalogue.conditions import Condition, leaves
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Component, Label, Limit, Regimen, Rule
from lenrx.catalogue.vocabulary import Region
from lenrx.curation.deck.coverage import ASKS_NOTHING, NO_DECISION, NO_REGIMEN, ONLY_ONE
from lenrx.curation.deck.history import drugs_of, kin
from lenrx.curation.deck.market import NEVER


class Criterion(NamedTuple):
    """One criterion: whose it is, what it asks, of which regimens, and where and when it counts."""

    owner: str
    id: str
    when: Condition
    regimens: tuple[str, ...]
    region: Region | None = None
    day: str | None = None
    """A day on which it counts, where it does not on the day of the catalogue."""
    edges: tuple[str, ...] = ()
    """Days on which it begins or ends."""
    reason: str = ""
    """Why it cannot be seen in every status, one of `coverage.CANNOT`."""
    label: bool = False
    """Whether it is a clause of a label."""
    silent: bool = False
    """Whether an answer leaves it out where it is not met."""

    @property
    def name(self) -> str:
        """Whose it is, and which."""
        return f"{self.owner}: {self.id}"


def criteria(catalogue: Catalogue) -> Iterator[Criterion]:
    """Every criterion: rules, entry limits, label clauses, and what the drug history is asked."""
    regimens = catalogue.regimens.values()
    for drug in catalogue.drugs.values():
        holding = _ids(one for one in regimens if drug.id in _drugs(one))
        yield from (_rule(f"drug {drug.id}", rule, holding) for rule in drug.rules)
    for each in catalogue.classes.values():
        covered = drugs_of(each.id, catalogue)
        holding = _ids(one for one in regimens if covered.intersection(_drugs(one)))
        yield from (_rule(f"class {each.id}", rule, holding) for rule in each.rules)
    for one in regimens:
        yield from (_rule(f"regimen {one.id}", rule, (one.id,)) for rule in one.rules)
        yield from (_clause(one, label, catalogue) for label in one.labels)
        yield from _of_every_regimen(one, catalogue)
    for trial in catalogue.trials.values():
        reached = _ids(
            one for one in regimens if any(row.trial == trial.id for row in one.evidence)
        )
        yield from (_limit(f"trial {trial.id}", limit, reached) for limit in trial.limits)
    yield from _of_drugs(catalogue)
    relapse = {"prior_lines": {"at_least": 1}}
    yield Criterion("every regimen", "relapse", relapse, _ids(regimens))


def _ids(found: Iterable[Regimen]) -> tuple[str, ...]:
    return tuple(each.id for each in found)


def _drugs(regimen: Regimen) -> tuple[str, ...]:
    return tuple(each.drug for each in regimen.drugs)


def _rule(owner: str, rule: Rule, regimens: tuple[str, ...]) -> Criterion:
    reason = _reason(rule.when, regimens)
    return Criterion(owner, rule.id, rule.when, regimens, rule.region, reason=reason)


def _limit(owner: str, limit: Limit, regimens: tuple[str, ...]) -> Criterion:
    return Criterion(owner, limit.id, limit.when, regimens, reason=_reason(limit.when, regimens))


def _reason(when: Condition, regimens: tuple[str, ...]) -> str:
    if not regimens:
        return NO_REGIMEN
    return ASKS_NOTHING if all(key == "always" for key, _ in leaves(when)) else ""


def _clause(regimen: Regimen, clause: Label, catalogue: Catalogue) -> Criterion:
    begun = clause.since or clause.not_before
    over = (clause.until or NEVER) <= catalogue.day
    early = begun is not None and begun > catalogue.day
    edges = tuple(day for day in (begun, clause.until) if day)
    day = begun if over or early else None
    owner = f"label {regimen.id}"
    reason = NO_DECISION if clause.unconfirmed else _reason(clause.when, (regimen.id,))
    return Criterion(
        owner, clause.id, clause.when, (regimen.id,), clause.region, day, edges, reason, True
    )


def _of_every_regimen(regimen: Regimen, catalogue: Catalogue) -> Iterator[Criterion]:
    """Resistance to, and intolerance of, each drug."""
    owner, own = f"regimen {regimen.id}", (regimen.id,)
    seen = set[str]()
    for drug, role in regimen.drugs:
        yield Criterion(owner, f"intolerant-{drug}", {"intolerant": [drug]}, own)
        one = catalogue.classes[catalogue.drugs[drug].drug_class]
        name = one.id if one.crosses == "class" else drug
        if role != "steroid" and name not in seen:
            seen.add(name)
            yield Criterion(owner, f"refractory-{name}", {"refractory": [name]}, own)


def _of_drugs(catalogue: Catalogue) -> Iterator[Criterion]:
    """What else the history says of a drug in one role: how resistance crosses, that it was had."""
    holding: dict[Component, list[str]] = {}
    for regimen in catalogue.regimens.values():
        for component in regimen.drugs:
            holding.setdefault(component, []).append(regimen.id)
    for component, found in holding.items():
        drug, role = component
        owner = f"{role} {drug}"
        for name, when in _crossing(component, catalogue):
            silent = name.startswith("exposed-") or name.endswith("-class-intolerance")
            alone = ONLY_ONE if name.startswith("exposed-") and not kin(drug, catalogue) else ""
            yield Criterion(owner, name, when, tuple(found), reason=alone, silent=silent)


def _crossing(component: Component, catalogue: Catalogue) -> Iterator[tuple[str, Condition]]:
    drug, role = component
    one = catalogue.classes[catalogue.drugs[drug].drug_class]
    others = sorted(drugs_of(one.id, catalogue) - {drug})
    if others:
        yield f"{drug}-class-intolerance", {"intolerant": others}
    if role == "steroid":
        return
    for back in one.going_back:
        if drug in back.to:
            yield f"{drug}-after-{back.refractory}", {"refractory": [back.refractory]}
    if one.crosses == "caution" and others:
        yield f"{drug}-same-class", {"refractory": others}
    had = [{"received": [drug]}, {"not": {"refractory": [drug]}}]
    yield f"exposed-{drug}", {"all": had}
