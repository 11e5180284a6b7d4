"""Rows at the edges of the catalogue: every bound, day, word and name that a condition asks for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from math import inf, nextafter
from typing import Final

from lenrx.catalogue.conditions import BOUNDS, NUMBERS, RENAL, Condition, leaves
from lenrx.catalogue.fields import FLAGGED, FOUND, NUMERIC, TAKEN, WORDED
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import CLASS_ALIASES, CLASS_GROUPS, DRUG_CLASSES

Edges = dict[str, list[str]]
FILLED: Final = {"region": 0.6, "history": 0.3, "prior_lines": 0.5, "as_of": 0.7}
"""How often a cell is filled, where not half the time."""
CONTRADICTIONS: Final[tuple[dict[str, str], ...]] = (
    {"refractory": "lenalidomide", "prior_lines": "0"},
    {"exposed": "VRd", "prior_lines": "0"},
    {"refractory": "bortezomib; carfilzomib; ixazomib", "prior_lines": "2"},
    {"refractory": "lena; pom; thal", "prior_lines": "1-2"},
    {"prior_lines": "0"},
    {"refractory": "lena", "cytogenetics": "del17p", "cytogenetics_absent": "del17p; t(4;14)"},
    {"refractory": "lena", "comorbidities": "copd", "comorbidities_absent": "copd"},
    {"refractory": "lena", "comorbidities": "pregnancy", "sex": "male"},
    {"refractory": "lena", "dialysis": "true", "egfr": "80"},
    {"refractory": "lena", "dialysis": "true", "egfr": ">=60"},
    {"refractory": "lena", "dialysis": "true", "egfr": "59.9", "crcl": "200"},
    {"refractory": "lena; bort no", "exposed": "bort (refractory)"},
    {"refractory": "lena; bort ?", "exposed": "bort"},
    {"refractory": "lena ?", "intolerant": "lena"},
    {"exposed": "bort + ASCT", "prior_transplant": "false"},
    {"exposed": "PI", "refractory": "PI; IMiD", "intolerant": "bortezomib"},
    {"exposed": "bort; carf", "refractory": "lena; PI"},
    {"refractory": "study drug"},
    {"egfr": "-3", "ecog": "7", "prior_lines": "many"},
    {"sex": "male", "cytogenetics": "complex"},
    {"region": "mars"},
    {"as_of": "2026-02-30"},
    {},
    {"refractory": "lena", "medications": "none"},
    {"refractory": "lena", "medications": "none; clarithromycin"},
    {"refractory": "lena", "medications": "clarithromycin, made-up; VRd"},
    {"refractory": "lena", "medications": "strong CYP3A inhibitor"},
    {"refractory": "lena", "medications": "made-up"},
    {"refractory": "lena", "medications": "no ciprofloxacin"},
    {"refractory": "lena", "medications": "ciprofloxacin (stopped 2021)"},
    {"medications": "Klacid 500 mg 1-0-1"},
    {"id": "only an id"},
)


def conditions(catalogue: Catalogue) -> Iterator[Condition]:
    """Every condition of a catalogue."""
    for regimen in catalogue.regimens.values():
        yield from (rule.when for rule in regimen.rules)
        yield from (clause.when for clause in regimen.labels)
        yield from (row.when for row in regimen.evidence if row.when)
    for drug in catalogue.drugs.values():
        yield from (rule.when for rule in drug.rules)
    for trial in catalogue.trials.values():
        yield from (limit.when for limit in trial.limits)
    for group in catalogue.populations.values():
        yield from (each for each in (group.when, group.broader_if) if each)
    yield from (setting.when for setting in catalogue.settings.values())


def bounds(catalogue: Catalogue) -> dict[str, set[float]]:
    """The bounds that conditions ask, by field; those of renal function for both its fields."""
    found: dict[str, set[float]] = {name: set() for name in NUMBERS}
    for key, wanted in (leaf for each in conditions(catalogue) for leaf in leaves(each)):
        fields = RENAL if key in (*RENAL, "renal") else (key,) if key in NUMBERS else ()
        for field in fields:
            found[field] |= {wanted[name] for name in BOUNDS if name in wanted}
    return found


def edges(catalogue: Catalogue) -> Edges:
    """What each field may hold, as text: everything at which an answer may turn."""
    found = {field: _numbers(field, cuts) for field, cuts in bounds(catalogue).items()}
    found |= {"creatinine": ["0.6", "1.9", "2.4", "<1.2", "7.9"], "weight": ["52", "110", "60-70"]}
    found |= {name: ["true", "false"] for name in FLAGGED}
    found |= {name: [*kind.words] for name, kind in WORDED.items()}
    found |= {name: [*kind.words] for name, kind in FOUND.items()}
    found["as_of"] = [
        (date.fromisoformat(day) + timedelta(days)).isoformat()
        for day in catalogue.days
        for days in (-1, 0, 1)
    ]
    found |= dict.fromkeys(TAKEN, _medicines(catalogue))
    found |= dict.fromkeys(("exposed", "refractory", "intolerant"), _names(catalogue))
    return found


def _numbers(field: str, cuts: set[float]) -> list[str]:
    kind, found = NUMERIC[field], list[str]()
    for cut in sorted(cuts):
        beside = () if kind.whole else (nextafter(cut, -inf), nextafter(cut, inf), cut - 0.1)
        near = map(float, (cut - 1, cut, cut + 1, *beside))
        points = [each for each in near if kind.low <= each <= kind.high]
        found += [f"{each:g}" if each.is_integer() else repr(each) for each in points]
        found += [f"{sign}{cut:g}" for sign in ("<", "<=", ">", ">=")]
        found += [f"{max(cut - 1, kind.low):g}-{cut:g}", f"{cut:g}-{cut + 1:g}"]
    return [each for each in dict.fromkeys(found) if each != f"<{kind.low:g}"]


def _medicines(catalogue: Catalogue) -> list[str]:
    """Medicines by name and by brand, classes, myeloma drugs, and what nobody mapped."""
    brands = [f"{one} 500 mg bd" for e in catalogue.medicines.values() for one in e.brands[:1]]
    others = ["none", "made-up 5 mg", "dexamethasone", "no ciprofloxacin", "stopped fluconazole"]
    return [*catalogue.medicines, *catalogue.interactions, *brands[::5], *others]


def _names(catalogue: Catalogue) -> list[str]:
    drugs = [*catalogue.drugs]
    marks = ("{} ?", "{} yes", "{} no", "{} (refractory)", "{} unknown")
    marked = [mark.format(drug) for mark in marks for drug in drugs[::4]]
    classes = [*DRUG_CLASSES, *CLASS_GROUPS, *CLASS_ALIASES, "CAR-T", "BCMA"]
    return [*drugs, *classes, *catalogue.regimens, *catalogue.combinations, *marked]


def edge_rows(catalogue: Catalogue, seed: int = 1) -> list[dict[str, str]]:
    """As many rows as it takes for every edge to stand in one, then the contradictions."""
    dice, found = random.Random(seed), edges(catalogue)
    for each in found.values():
        dice.shuffle(each)
    next_of = {field: cycle(each) for field, each in found.items()}
    left = {field: len(each) for field, each in found.items()}
    rows = list[dict[str, str]]()
    while max(left.values()) > 0:
        rows.append({field: _cell(field, dice, next_of[field], left) for field in found})
    return [*rows, *({**each} for each in CONTRADICTIONS)]


_LISTS: Final = {"refractory": (0, 1, 2, 3, 5), "exposed": (0, 1, 2, 4)} | dict.fromkeys(
    ("intolerant", *FOUND, *TAKEN), (0, 0, 1, 2)
)


def _cell(field: str, dice: random.Random, values: Iterator[str], left: dict[str, int]) -> str:
    if field in _LISTS:
        count = dice.choice(_LISTS[field])
        known = ["lenalidomide"] if field == "refractory" and count and dice.random() < 0.8 else []
        left[field] -= count
        return "; ".join([*known, *(next(values) for _ in range(count))])
    if dice.random() > FILLED.get(field, 0.5):
        return ""
    left[field] -= 1
    return next(values)
