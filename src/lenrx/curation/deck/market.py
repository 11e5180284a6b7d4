"""Whether a product can be had, and what its label says, on the day and in a region of a chart."""

from __future__ import annotations

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Label, Regimen
from lenrx.catalogue.vocabulary import Region, Truth
from lenrx.curation.deck.history import Fields
from lenrx.curation.deck.truth import least, most, told

ALWAYS, NEVER = "0000", "9999"


def clauses(
    regimen: Regimen, asked: tuple[Region, ...], chart: Fields, catalogue: Catalogue
) -> list[Label]:
    """The clauses of some regions that hold on the day, or may."""
    return [
        each
        for region in asked
        for each in regimen.labels
        if each.region == region and holds(each, chart, catalogue) is not False
    ]


def holds(clause: Label, chart: Fields, catalogue: Catalogue) -> Truth:
    """Whether a clause is in force: it began, has not ended, and its decision was seen."""
    day, end = chart.get("as_of", catalogue.day), clause.until or NEVER
    first = clause.since or clause.not_before or ALWAYS
    if not first <= day < end:
        return False
    # What is only known to hold today may have begun on any day since it may have begun at all.
    seen = clause.since is not None or day >= catalogue.sources[clause.source].read
    return None if clause.unconfirmed or not seen else True


def covered(clause: Label, chart: Fields, catalogue: Catalogue) -> Truth:
    """Whether the patient is inside a clause."""
    return least((holds(clause, chart, catalogue), told(clause.when, chart, catalogue)))


def available(regimen: Regimen, region: Region, chart: Fields, catalogue: Catalogue) -> Truth:
    """Whether there is a product at all."""
    day = chart.get("as_of", catalogue.day)
    for component in regimen.drugs:
        for first in catalogue.drugs[component.drug].authorised:
            if first.region == region and day < (first.since or first.not_before or ALWAYS):
                return False
    own = [each for each in regimen.labels if each.region == region]
    held = [each for each in own if holds(each, chart, catalogue) is not False]
    if held:
        return most(holds(each, chart, catalogue) for each in held)
    ended = [each for each in own if (each.until or NEVER) <= day]
    if ended and max(ended, key=lambda each: each.until or "").ended_by == "withdrawn":
        return False
    study = regimen.investigational
    if study and (study.since or ALWAYS) <= day < (study.until or NEVER):
        return False
    coming = any((each.since or ALWAYS) > day for each in own)
    return not (regimen.restricted or coming)
