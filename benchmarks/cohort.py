"""A seeded cohort of made-up patients, as messy as real chart tables are.

Usage: python benchmarks/cohort.py ROWS [--seed N] [--messy SHARE] [--bad SHARE] > cohort.csv

Everything is drawn from the tables below, with no patient behind it. `--messy` is the share of
cells written the way charts write them (`<15 (HD)`, `Revlimid; Velcade`, `G3`); 0 writes the words
of the contract. `--bad` is the share of rows holding one cell that nobody could read. Numbers are
drawn evenly between the bounds given; missing is drawn cell by cell.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from typing import Final, TypeVar

MISSING: Final = {
    "age": 0.01,
    "sex": 0.01,
    "prior_lines": 0.04,
    "egfr": 0.05,
    "cytogenetics": 0.22,
    "emd": 0.35,
    "ecog": 0.25,
    "neuropathy_grade": 0.30,
    "lvef": 0.55,
    "platelets": 0.03,
    "anc": 0.15,
    "comorbidities": 0.12,
    "region": 0.02,
}
FIRST: Final = {
    ("bortezomib", "lenalidomide", "dexamethasone"): 40,
    ("lenalidomide", "dexamethasone"): 18,
    ("daratumumab", "lenalidomide", "dexamethasone"): 15,
    ("daratumumab", "bortezomib", "lenalidomide", "dexamethasone"): 12,
    ("bortezomib", "cyclophosphamide", "dexamethasone"): 8,
    ("bortezomib", "melphalan", "prednisone"): 4,
    ("daratumumab", "bortezomib", "thalidomide", "dexamethasone"): 3,
}
LATER: Final = {
    ("lenalidomide", "dexamethasone"): 12,
    ("carfilzomib", "lenalidomide", "dexamethasone"): 10,
    ("daratumumab", "bortezomib", "dexamethasone"): 14,
    ("daratumumab", "carfilzomib", "dexamethasone"): 9,
    ("isatuximab", "carfilzomib", "dexamethasone"): 8,
    ("daratumumab", "pomalidomide", "dexamethasone"): 12,
    ("isatuximab", "pomalidomide", "dexamethasone"): 6,
    ("pomalidomide", "bortezomib", "dexamethasone"): 7,
    ("pomalidomide", "dexamethasone"): 6,
    ("carfilzomib", "dexamethasone"): 6,
    ("ixazomib", "lenalidomide", "dexamethasone"): 4,
    ("elotuzumab", "pomalidomide", "dexamethasone"): 3,
    ("selinexor", "bortezomib", "dexamethasone"): 3,
    ("belantamab-mafodotin", "dexamethasone"): 2,
    ("ide-cel",): 2,
    ("cilta-cel",): 4,
    ("teclistamab",): 4,
    ("talquetamab",): 2,
    ("bendamustine", "prednisone"): 1,
}
LINES: Final = {1: 34, 2: 26, 3: 18, 4: 11, 5: 7, 6: 4}
MARKERS: Final = {
    "del17p": 0.12,
    "t(4;14)": 0.13,
    "t(14;16)": 0.04,
    "1q gain": 0.35,
    "t(11;14)": 0.17,
    "del1p": 0.08,
}
ILLNESSES: Final = {
    "prior_vte": 0.10,
    "heart_failure": 0.08,
    "uncontrolled_hypertension": 0.07,
    "arrhythmia": 0.08,
    "copd": 0.09,
    "uncontrolled_diabetes": 0.06,
    "hepatitis_b_resolved": 0.03,
    "active_infection": 0.03,
    "recent_mi": 0.01,
    "interstitial_lung_disease": 0.01,
    "corneal_disease": 0.02,
    "amyloidosis": 0.02,
}
COUNTRIES: Final = {"us": ("USA", "United States", "US"), "eu": ("Germany", "Spain", "Italy", "EU")}
BRANDS: Final = {
    "lenalidomide": ("Revlimid", "len", "lenalidomid", "Lenalidomide 10 mg", "REVLIMID"),
    "bortezomib": ("Velcade", "btz", "bortezomibe", "VELCADE"),
    "carfilzomib": ("Kyprolis", "cfz", "carfilzomib "),
    "daratumumab": ("Darzalex", "Darzalex Faspro", "dara"),
    "isatuximab": ("Sarclisa", "isa"),
    "pomalidomide": ("Pomalyst", "Imnovid", "pom", "pomalidomid"),
    "dexamethasone": ("dex", "Dexa", "Dexamethason"),
    "cilta-cel": ("Carvykti",),
    "ide-cel": ("Abecma",),
    "teclistamab": ("Tecvayli",),
    "belantamab-mafodotin": ("Blenrep", "belamaf"),
}
PROGRESSED: Final = 0.7
"""That a line other than the last ended in progression; the last one always did."""
JOINTS: Final = ("; ", ", ", " | ", " + ", "/", " -> ")
NOTHING: Final = ("n/a", "?", "unk", "unknown", "-", "not done")
UNREADABLE: Final = {
    "egfr": "see letter",
    "refractory": "study drug",
    "prior_lines": "many",
    "ecog": "7",
    "cytogenetics": "complex",
}
Row = dict[str, str]
Key = TypeVar("Key")


def cohort(rows: int, seed: int = 1, messy: float = 0.3, bad: float = 0.01) -> Iterator[Row]:
    """Made-up patients, the same for the same arguments."""
    dice = random.Random(seed)
    for number in range(1, rows + 1):
        row = _patient(number, dice)
        for field, value in list(row.items()):
            if dice.random() < MISSING.get(field, 0):
                row[field] = dice.choice(NOTHING) if dice.random() < messy else ""
            elif dice.random() < messy:
                row[field] = _as_charted(field, value, dice)
        if dice.random() < bad:
            field = dice.choice(list(UNREADABLE))
            row[field] = UNREADABLE[field]
        yield row


def _pick(weights: dict[Key, int], dice: random.Random) -> Key:
    return dice.choices(list(weights), list(weights.values()))[0]


def _patient(number: int, dice: random.Random) -> Row:
    lines, given, failed = _history(dice)
    egfr = dice.randint(8, 110)
    found = [name for name, share in MARKERS.items() if dice.random() < share]
    ill = [name for name, share in ILLNESSES.items() if dice.random() < share]
    return {
        "id": f"P{number:07d}",
        "age": str(min(92, max(38, round(dice.gauss(69, 9))))),
        "sex": dice.choice(("female", "male", "male")),
        "prior_lines": str(lines),
        "exposed": "; ".join(sorted(given)),
        "refractory": "; ".join(sorted(failed)),
        "egfr": str(egfr),
        "dialysis": "true" if egfr < 12 else "",
        "cytogenetics": "; ".join(found),
        "cytogenetics_absent": "; ".join(sorted({*MARKERS} - {*found})) if found else "",
        "emd": str(dice.random() < 0.1).lower(),
        "ecog": str(_pick({0: 30, 1: 45, 2: 18, 3: 6, 4: 1}, dice)),
        "neuropathy_grade": str(_pick({0: 50, 1: 28, 2: 17, 3: 5}, dice)),
        "lvef": str(dice.randint(30, 70)),
        "platelets": str(dice.randint(20, 320)),
        "anc": f"{dice.uniform(0.4, 6):.1f}",
        "comorbidities": "; ".join(ill),
        "region": _pick({"us": 6, "eu": 4}, dice),
    }


def _history(dice: random.Random) -> tuple[int, set[str], set[str]]:
    lines, given, failed = _pick(LINES, dice), set[str](), set[str]()
    for line in range(1, lines + 1):
        drugs = _pick(LATER if line > 1 else FIRST, dice)
        given.update(drugs)
        if line == lines or dice.random() < PROGRESSED:
            failed.update(drug for drug in drugs if drug not in ("dexamethasone", "prednisone"))
    if dice.random() < 0.95:
        given.add("lenalidomide")
        failed.add("lenalidomide")
    return max(lines, 2 if len(failed) > 3 else 1), given, failed


def _as_charted(field: str, value: str, dice: random.Random) -> str:
    if field in ("exposed", "refractory"):
        names = [dice.choice(BRANDS.get(name, (name,))).strip() for name in value.split("; ")]
        return dice.choice(JOINTS).join(names)
    if field == "egfr":
        number = int(value)
        if number < 15:
            return dice.choice(("<15", "<15 (HD)"))
        return ">60" if number > 60 else f"{value} mL/min"
    if field == "prior_lines":
        words = ("", "one", "two", "three", "four", "5+", "5+")
        return words[int(value)]
    if field == "cytogenetics" and "del17p" in value:
        return value.replace("del17p", f"Del(17p) {dice.randint(20, 90)}%") + "; t(14;20) not done"
    if field == "region":
        return dice.choice(COUNTRIES[value])
    said = {"age": f"{value}y", "sex": value[:1].upper(), "lvef": f"{value}%"}
    said |= {"neuropathy_grade": f"G{value}", "ecog": f"ECOG {value}"}
    said |= {"emd": "yes" if value == "true" else "no"}
    return said.get(field, value)


def main() -> None:
    """Write the cohort as CSV."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messy", type=float, default=0.3)
    parser.add_argument("--bad", type=float, default=0.01)
    asked = parser.parse_args()
    rows = cohort(asked.rows, asked.seed, asked.messy, asked.bad)
    first = next(rows)
    writer = csv.DictWriter(sys.stdout, list(first), lineterminator="\n")
    writer.writeheader()
    writer.writerow(first)
    writer.writerows(rows)


if __name__ == "__main__":
    main()
