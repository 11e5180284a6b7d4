"""What criteria ask: fields, and of findings and drugs the names, so that silence can be said."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lenrx.catalogue.conditions import (
    COUNTS,
    HISTORIES,
    LISTS,
    MEDICINES,
    RENAL,
    SETS,
    Condition,
    leaves,
)
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Regimen
from lenrx.catalogue.vocabulary import REGIONS, Region

Asked = frozenset[tuple[str, str]]
"""Pairs of a field and a name; the name is empty where the field as a whole is asked."""


def anywhere(pair: tuple[str, str], catalogue: Catalogue) -> bool:
    """Whether the criteria of any regimen ask a field, or a name of it."""
    regimens = catalogue.regimens.values()
    return any(pair in catalogue.once("asked", each, of_regimen) for each in regimens)


def of_regimen(
    regimen: Regimen, catalogue: Catalogue, regions: Collection[Region] = REGIONS
) -> Asked:
    """What the criteria of a regimen ask: rules, entry limits, labels, populations, guidelines.

    A rule of one region's label asks where that region is asked.
    """
    conditions = _conditions(regimen, catalogue, regions)
    asked = {pair for each in conditions for pair in pairs(each, catalogue)}
    asked |= {pair for each in regimen.drugs for pair in _of_resistance(each.drug, catalogue)}
    return frozenset(asked | {("prior_lines", "")})


def _of_resistance(drug: str, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """What is asked of the history because a regimen holds a drug: it, its class, what crosses."""
    own = catalogue.classes[catalogue.drugs[drug].drug_class]
    alike = catalogue.drugs_in(own.id)
    failed = {drug} if own.crosses == "drug" else {*alike}
    for rule in own.going_back:
        failed |= catalogue.drugs_in(rule.refractory) if drug in rule.to else set()
    yield from (("refractory", each) for each in failed)
    yield from (("intolerant", each) for each in alike)
    yield "exposed", drug


def _conditions(
    regimen: Regimen, catalogue: Catalogue, regions: Collection[Region]
) -> Iterator[Condition]:
    drugs = [catalogue.drugs[each.drug] for each in regimen.drugs]
    rules = [*regimen.rules, *(rule for drug in drugs for rule in drug.rules)]
    rules += [rule for drug in drugs for rule in catalogue.classes[drug.drug_class].rules]
    yield from (rule.when for rule in rules if rule.region in (None, *regions))
    yield from (clause.when for clause in regimen.labels)
    yield from (catalogue.settings[each.setting].when for each in regimen.positions)
    for row in regimen.evidence:
        yield from (limit.when for limit in catalogue.trials[row.trial].limits)
        groups = [catalogue.populations[name] for name in (row.population, *row.also)]
        yield from (each.when for each in groups if each.when)
        if row.when:
            yield row.when


def pairs(condition: Condition, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """What a condition asks: fields, and of findings, drugs and medicines each by its name."""
    for key, wanted in leaves(condition):
        if key in SETS:
            yield from ((SETS[key][0], name) for name in wanted)
        elif key in MEDICINES:
            yield from ((key, name) for name in wanted)
        elif key in HISTORIES:
            drugs = (drug for name in wanted for drug in catalogue.drugs_in(name))
            yield from ((LISTS[key], drug) for drug in drugs)
        elif key in COUNTS:
            field = LISTS[COUNTS[key]]
            yield from ((field, drug) for drug in catalogue.drugs_in(wanted["class"]))
        elif key == "renal":
            yield from ((field, "") for field in (*RENAL, "dialysis"))
        else:
            yield key, ""
