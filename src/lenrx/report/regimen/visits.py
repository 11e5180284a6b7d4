"""Days in a cycle on which a drug is given by needle, where the schedule says so plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Dose, Drug, Regimen

Days = tuple[frozenset[int], int]
"""The days of a cycle, and how long it is."""
_SPAN: Final = r"\d+(?:(?:-| to )\d+)?"
_PLAIN: Final = re.compile(rf"({_SPAN}(?:(?:, | and ){_SPAN})*) of (\d+)(?: \([^)]*\))?")
_STEROID: Final = "corticosteroid"
_BY_MOUTH: Final = re.compile(r"\boral(?:ly)?\b|\bby mouth\b")
_BY_NEEDLE: Final = re.compile(r"\b(?:iv|sc)\b")


def visits(regimen: Regimen, catalogue: Catalogue) -> str:
    """How many days of a cycle need a visit; nothing where the schedule does not say."""
    choices = list(_choices(regimen, catalogue))
    if not choices or None in choices:
        return ""
    counted = {_together(each) for each in product(*(each for each in choices if each))}
    if None in counted:
        return ""
    cycles = {cycle for _, cycle in (each for each in counted if each)}
    numbers = sorted({count for count, _ in (each for each in counted if each)})
    if len(cycles) != 1:
        return ""
    return f"{' or '.join(map(str, numbers))} per {cycles.pop()}-day cycle"


def _together(found: tuple[Days, ...]) -> tuple[int, int] | None:
    """On how many days something is given, and the length that all cycles have."""
    lengths = {length for _, length in found}
    if len(lengths) != 1:
        return None
    return len(frozenset().union(*(days for days, _ in found))), lengths.pop()


def _choices(regimen: Regimen, catalogue: Catalogue) -> Iterator[list[Days] | None]:
    """For each drug that needs a needle the ways to give it; None where one is not plain."""
    for component in regimen.drugs:
        drug = catalogue.drugs[component.drug]
        doses = [each for each in regimen.schedule if each.drug == drug.id]
        needles = [_needle(each, drug) for each in doses]
        if not doses and drug.routes != ("oral",) and drug.drug_class != _STEROID:
            yield None
        elif any(needles):
            read = [_days(each) for each, need in zip(doses, needles, strict=True) if need]
            yield None if None in read else [each for each in read if each]
        elif None in needles:
            yield None


def _needle(dose: Dose, drug: Drug) -> bool | None:
    """Whether a dose is given by needle; a steroid of which nothing is said is swallowed."""
    if _BY_NEEDLE.search(dose.dose):
        return True
    if _BY_MOUTH.search(dose.dose) or drug.routes == ("oral",):
        return False
    if drug.drug_class == _STEROID:
        return False
    return None if "oral" in drug.routes else True


def _days(dose: Dose) -> Days | None:
    found = _PLAIN.fullmatch(dose.days or "")
    if found is None:
        return None
    spans = (re.split("-| to ", each) for each in re.split(", | and ", found[1]))
    days = {day for span in spans for day in range(int(span[0]), int(span[-1]) + 1)}
    return frozenset(days), int(found[2])
