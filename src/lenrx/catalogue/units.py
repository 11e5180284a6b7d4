"""Units that charts write for a field, what one of each is in the field's own, and spellings.

The first unit of a field is its own. A unit is looked up by its letters, digits and strokes: case,
spaces, brackets and signs of power never matter, so `x10^9/L`, `10*9/L` and `10⁹/l` are one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple
from unicodedata import combining, normalize


class Unit(NamedTuple):
    """One unit of a field, as it is said."""

    name: str
    factor: float = 1.0
    """How many of the field's own unit one of it is."""
    spellings: str = ""
    """Other spellings, folded, `|` between them; its own needs none."""
    counted: bool = False
    """Whether a number of it is whole, so that three digits behind a sign are thousands."""
    instead: str = ""
    """The other field whose unit it is: beside this field's name two readings are possible."""
    short: bool = False
    """Whether a single cell may write it for the field's own unit all the same."""


_UMOL_PER_MG: Final = 88.4
"""umol/L of creatinine in one mg/dL."""
CREATININE: Final = (
    Unit("mg/dL", 1, "mg/100ml|mg%"),
    Unit("umol/L", 1 / _UMOL_PER_MG, "umol"),
    Unit("mmol/L", 1000 / _UMOL_PER_MG),
    Unit("mg/L", 0.1),
)
WEIGHT: Final = (
    Unit("kg", 1, "kgs|kilo|kilos|kilogram|kilograms|kilogramm|kilogramos|kilogrammes|kilogrammi"),
    Unit("lb", 0.45359237, "lbs|pound|pounds|lbav|libras|livres|pfund"),
    Unit("g", 0.001, "gm|gr|gram|grams|gramm|gramos|grammes|grammi"),
    Unit("stone", 6.35029318, "st|stones"),
)
COUNTS: Final = (
    Unit(
        "10^9/L",
        1,
        "g/l|gpt/l|giga/l|1000/ul|1000/mm3|103/ul|103/mm3|103/mmc|k/ul|k/mm3|thousand/ul"
        "|thousand/mm3|thousands/ul|thou/ul|thou/mm3|th/ul|tsd/ul|tsd/mm3|mil/ul|mil/mm3|miles/ul"
        "|miles/mm3|mila/ul|mila/mm3|milliers/ul|milliers/mm3|/nl|109cells/l|103cells/ul|e9/l|k",
    ),
    Unit(
        "/uL",
        0.001,
        "cells/ul|cell/ul|/mm3|cells/mm3|cell/mm3|/mmc|cel/ul"
        "|cel/mm3|celulas/ul|celulas/mm3|zellen/ul|cellules/mm3|cellule/mmc|106/l|mpt/l|n/ul|#/ul",
        counted=True,
    ),
    Unit("10^4/uL", 10, "104/mm3"),
    Unit("lakh/uL", 100, "lakhs/ul|lakh/mm3|lakhs/mm3|lac/mm3|lacs/mm3"),
    Unit("10^6/uL", 1000, "106/mm3|m/ul|mio/ul|million/ul|millions/ul|1012/l|t/l|tpt/l"),
)
AGE: Final = (
    Unit(
        "years",
        1,
        "y|yo|y/o|yr|yrs|year|yearold|yearsold|yrold|yrsold|a|jahr|jahre|ano|anos|an|ans|anno|anni"
        "|jaar|j",
    ),
    Unit("months", 1 / 12, "mo|mos|month|monat|monate|mes|meses|mois|mese|mesi|maanden"),
    Unit("days", 1 / 365.25, "d|day|tag|tage|dia|dias|jour|jours|giorno|giorni"),
)
_CLEARED: Final = "ml/min|cc/min"
_COCKCROFT: Final = "cg|cockcroftgault|cockcroft"
_INDEXED: Final = (
    "ml/min/1.73|ml/min/1.73qm|ml/min/1.73sqm|ml/min/1.73m|ml/min/1.73msq"
    "|ckdepi|ckdepi2009|ckdepi2021|mdrd"
)
EGFR: Final = (
    Unit("mL/min/1.73 m2", 1, _INDEXED),
    Unit("mL/min", 1, _CLEARED, instead="crcl", short=True),
    Unit("mL/min by Cockcroft-Gault", 1, _COCKCROFT, instead="crcl"),
    Unit("mL/s/1.73 m2", 60, "ml/sec/1.73m2"),
)
CRCL: Final = (
    Unit("mL/min", 1, f"{_CLEARED}|{_COCKCROFT}"),
    Unit("mL/min/1.73 m2", 1, _INDEXED, instead="egfr"),
    Unit("mL/s", 60, "ml/sec"),
)
LVEF: Final = (
    Unit("percent", 1, "%|pct|perc|prozent|porcentaje|porciento|pourcent|pourcentage|percento"),
    Unit("fraction", 100, "ratio|proportion|decimal"),
)
_WORDS: Final = (
    (r"\bper\b", "/"),
    (r"lit(?:er|re)s?\b|litros?\b|litri\b", "l"),
    (r"micro|mc(?=[gml]|mol)", "u"),
    (r"deci(?=l)", "d"),
    (r"milli(?=l|mol|g)", "m"),
    (r"moles?\b", "mol"),
    (r"minutes?\b|mins\b", "min"),
    (r"cubic ?(?:mm|millimet(?:er|re)s?)|cu\.? ?mm|cmm\b", "mm3"),
)


@lru_cache(4_000)
def folded(text: str) -> str:
    """A unit by what tells it from others: small letters, digits, `/`, `%` and `.` in a number."""
    text = normalize("NFKC", text.lower()).replace("μ", "u").replace(",", ".")
    for pattern, plain in _WORDS:
        text = re.sub(pattern, plain, text)
    text = "".join(each for each in normalize("NFD", text) if not combining(each))
    text = re.sub(r"[^a-z0-9/%.#]|(?<!\d)\.|\.(?!\d)", "", text)
    return re.sub(r"^[x*]?10e?(?=\d)", "10", text)


def bare(text: str) -> str:
    """A folded unit without strokes and points: columns may have them as `_` or not at all."""
    return re.sub(r"[/.]", "", text)


@lru_cache(64)
def by_spelling(units: tuple[Unit, ...]) -> dict[str, Unit]:
    """The units of a field by every spelling, folded; the first unit wins."""
    spelled = (
        (spelling, unit)
        for unit in units
        for spelling in (folded(unit.name), *unit.spellings.split("|"))
        if spelling
    )
    found: dict[str, Unit] = {}
    for spelling, unit in spelled:
        found.setdefault(spelling, unit)
    return found


def find(text: str, units: tuple[Unit, ...], *, header: bool = False) -> Unit | None:
    """The unit that a text writes, of those that a field may have; None where it is none of them.

    The words of a `header` may stand without strokes.
    """
    wanted, known = folded(text), by_spelling(units)
    found = known.get(wanted)
    if found is None and header and len(wanted) > 1:
        found = next((unit for each, unit in known.items() if bare(each) == bare(wanted)), None)
    return found


PRIOR_LINES: Final = (
    r" lots?| (?:(?:prior|previous) )?lines?(?: of therapy)?| prior"
    r"| l[i\u00ed]neas?(?: previas?)?| (?:vor)?therapielinien?| vortherapien?| linien?"
    r"| lignes?(?: ant[e\u00e9]rieures?)?| linee?(?: precedenti)?| linhas?"
)
"""What may stand behind a number of prior lines."""
ECOG: Final = "ecog(?: ps)?|ps|(?:ecog/)?who(?: ps)?|zubrod"
"""What may stand before a performance status."""
