"""Named checks on the days of labels and of first authorisations; `checks.CHECKS` holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lenrx.curation.places import Check, Data, Problem


def clause_without_start(data: Data) -> Iterator[Problem]:
    """Every label clause says since when it holds, or the earliest day it can have started."""
    for name, regimen in data["regimens"].items():
        for i, clause in enumerate(regimen.get("labels", [])):
            if "from" not in clause and "not_before" not in clause:
                place = ("regimens", name, "labels", i)
                yield place, "neither from nor not_before: it would hold on any day of the past"


def drug_without_authorisation(data: Data) -> Iterator[Problem]:
    """Every drug of a regimen that is no trial's alone says since when it is authorised."""
    for name, drug in data["drugs"].items():
        holding = [
            regimen
            for regimen in data["regimens"].values()
            if any(one["drug"] == name for one in regimen["drugs"])
        ]
        studied = all("investigational" in regimen for regimen in holding)
        if not studied and not drug.get("authorised"):
            yield ("drugs", name), "no authorised: regimens that hold it are open on no day"


def authorisation_without_day(data: Data) -> Iterator[Problem]:
    """A first authorisation has its day, or what bounds it, the right way round, by region once."""
    for name, drug in data["drugs"].items():
        regions = list[str]()
        for i, each in enumerate(drug.get("authorised", [])):
            place = ("drugs", name, "authorised", i)
            bounds = [day for day in (each.get("not_before"), each.get("by")) if day]
            if bool(bounds) == ("from" in each):
                yield place, "needs from, or else not_before, by or both"
            if bounds != sorted(bounds):
                yield place, "not_before is after by"
            if each["region"] in regions:
                yield place, f"{each['region']} is there twice"
            regions.append(each["region"])


def label_before_authorisation(data: Data) -> Iterator[Problem]:
    """No label clause starts before each drug of its regimen was authorised in its region."""
    for name, regimen in data["regimens"].items():
        for i, clause in enumerate(regimen.get("labels", [])):
            for one in regimen["drugs"]:
                drug = data["drugs"].get(one["drug"], {})
                for each in drug.get("authorised", []):
                    first = each.get("from") or each.get("not_before") or ""
                    if each["region"] == clause["region"] and clause.get("from", "9999") < first:
                        place = ("regimens", name, "labels", i, "from")
                        yield place, f"before {one['drug']} was authorised ({first})"


CHECKS: Final[tuple[Check, ...]] = (
    clause_without_start,
    drug_without_authorisation,
    authorisation_without_day,
    label_before_authorisation,
)
