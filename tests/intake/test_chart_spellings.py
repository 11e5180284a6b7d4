"""Illnesses and FISH results as charts and registries spell them, each with what it should give.

First those that an outside trial of 43 and 30 spellings names, 17 and 11, then others as problem
lists, registries and laboratories have them. A spelling counts as taken when it is read, left open
or kept, each of which is said; what is expected here was written beforehand.
"""

from __future__ import annotations

from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import CellError, read_cell

C, A, KEPT, OPEN, NOTHING = "comorbidities", "comorbidities_absent", "kept", "open", "nothing"
ILLNESSES: dict[str, dict[str, Any] | str] = {
    "HTN": KEPT,
    "T2DM": KEPT,
    "diabetes": KEPT,
    "HBV": OPEN,
    "hep B": OPEN,
    "hepatitis B": OPEN,
    "prev DVT": {C: ("prior_vte",)},
    "Parkinson's": {C: ("parkinsonism",)},
    "pregnant": {C: ("pregnancy",)},
    "asthma": KEPT,
    "none": NOTHING,
    "no": NOTHING,
    "HIV neg": {A: ("hiv",)},
    "stroke 2018": {C: ("prior_stroke",)},
    "heart failure NYHA II": {C: ("heart_failure",)},
    "prostate ca": KEPT,
    "T2DM, AF": {C: ("arrhythmia",), KEPT: ((C, "t2dm"),)},
    "CHF": {C: ("heart_failure",)},
    "COPD": {C: ("copd",)},
    "COPD GOLD 2": {C: ("copd",)},
    "AF": {C: ("arrhythmia",)},
    "sinus bradycardia": {C: ("bradycardia",)},
    "Bradykardie": {C: ("bradycardia",)},
    "afib on apixaban": {C: ("arrhythmia",)},
    "DVT/PE": {C: ("prior_vte",)},
    "h/o PE 2019": {C: ("prior_vte",)},
    "CVA": {C: ("prior_stroke",)},
    "TIA": KEPT,
    "MI 2012": OPEN,
    "recent MI": {C: ("recent_mi",)},
    "CAD": KEPT,
    "CKD 3b": OPEN,
    "cirrhosis": OPEN,
    "HCV": {C: ("hepatitis_c",)},
    "HBsAg+": {C: ("hepatitis_b_carrier",)},
    "anti-HBc pos": {C: ("hepatitis_b_resolved",)},
    "HBsAg neg, anti-HBc pos": {C: ("hepatitis_b_resolved",), A: ("hepatitis_b_carrier",)},
    "HIV": {C: ("hiv",)},
    "uncontrolled HTN": {C: ("uncontrolled_hypertension",)},
    "uncontrolled DM": {C: ("uncontrolled_diabetes",)},
    "rheumatoid arthritis": {C: ("autoimmune_disease",)},
    "AL amyloidosis": {C: ("amyloidosis",)},
    "dry eye disease": {C: ("corneal_disease",)},
    "pneumonia 03/2024": OPEN,
    "hypothyroidism, GERD, OA": KEPT,
    "insuficiencia cardíaca": {C: ("heart_failure",)},
    "Vorhofflimmern": {C: ("arrhythmia",)},
    "arterielle Hypertonie": KEPT,
    "Z.n. Lungenembolie 2020": {C: ("prior_vte",)},
    "no COPD": {A: ("copd",)},
    "prior allo": {C: ("prior_allogeneic_transplant",)},
    # In the languages of registries
    "VHB": OPEN,
    "VHB curada": {C: ("hepatitis_b_resolved",)},
    "VHB (hepatitis B)": OPEN,
    "HBV occult": {C: ("hepatitis_b_resolved",)},
    "hépatite B guérie": {C: ("hepatitis_b_resolved",)},
    "chronische Hepatitis B": {C: ("hepatitis_b_carrier",)},
    "portador VHB": {C: ("hepatitis_b_carrier",)},
    "ictus isquémico 2019": {C: ("prior_stroke",)},
    "AVC 2016": {C: ("prior_stroke",)},
    "Z.n. Schlaganfall 2015": {C: ("prior_stroke",)},
    "CVA w/o residual deficit": {C: ("prior_stroke",)},
    "ICC NYHA II": {C: ("heart_failure",)},
    "insuffisance cardiaque": {C: ("heart_failure",)},
    "Herzinsuffizienz NYHA III": {C: ("heart_failure",)},
    "EPOC": {C: ("copd",)},
    "TVP 2018": {C: ("prior_vte",)},
    "HTA, DM2, dislipemia": KEPT,
    "HTA mal controlada": {C: ("uncontrolled_hypertension",)},
    "IRC": OPEN,
    "prior DVT on apixaban": {C: ("prior_vte",)},
    "family history of MI": KEPT,
    "stroke in mother": KEPT,
    "antecedentes familiares de ictus": KEPT,
    "no history of stroke": {A: ("prior_stroke",)},
    "r/o PE": OPEN,
    "suspected PE": OPEN,
    "risk of DVT": "refused",
    "VHB (hepatitis B) cured 2010?": "refused",
    "CMV neg": KEPT,
    "HIV non-reactive": {A: ("hiv",)},
}

F, N = "cytogenetics", "cytogenetics_absent"
FISH: dict[str, dict[str, Any] | str] = {
    "normal": KEPT,
    "neg": KEPT,
    "high risk": KEPT,
    "std risk": KEPT,
    "hyperdiploid": KEPT,
    "del(13q)": KEPT,
    "del17": {F: ("del17p",)},
    "p53 mutation": {F: ("TP53",)},
    "t4;14": {F: ("t(4;14)",)},
    "t(11;14)/del17p": {F: ("del17p", "t(11;14)")},
    "t(11;14) +, del17p -": {F: ("t(11;14)",), N: ("del17p",)},
    "del(17p)": {F: ("del17p",)},
    "del(17)(p13)": {F: ("del17p",)},
    "del(17p13.1)": {F: ("del17p",)},
    "17p deletion": {F: ("del17p",)},
    "TP53 deletion": {F: ("del17p",)},
    "t(4;14)(p16;q32)": {F: ("t(4;14)",)},
    "t(11;14)(q13;q32)": {F: ("t(11;14)",)},
    "IGH::CCND1": {F: ("t(11;14)",)},
    "IGH/FGFR3": {F: ("t(4;14)",)},
    "t(14;16)": {F: ("t(14;16)",)},
    "1q21 gain": {F: ("1q gain",)},
    "1q21 gain (3 copies)": {F: ("1q gain",)},
    "amp(1q21)": {F: ("1q amp",)},
    "+1q21": {F: ("1q gain",)},
    "del(1p32)": {F: ("del1p",)},
    "del(17p) 60%": {F: ("del17p",)},
    "del(17p) in 5% of cells (cut-off 10%)": {N: ("del17p",)},
    "no del(17p)": {N: ("del17p",)},
    "t(4;14) neg; del(17p) pos": {F: ("del17p",), N: ("t(4;14)",)},
    "t(4;14) not done": OPEN,
    "trisomy 9, 15": KEPT,
    "RB1 loss": KEPT,
    # What is not there, in the words of laboratories
    "17p normal": {N: ("del17p",)},
    "1q normal": {N: ("1q gain",)},
    "no abnormality of 17p": {N: ("del17p",)},
    "17p intact": {N: ("del17p",)},
    "17p: 2 copies": {N: ("del17p",)},
    "TP53 wild type": {N: ("TP53",)},
    "TP53 not mutated": {N: ("TP53",)},
    "1q21 2 copies": {N: ("1q gain",)},
    "1q21 x3": {F: ("1q gain",)},
    "17p-": {F: ("del17p",)},
    "17p13-": {F: ("del17p",)},
    "1p+": "refused",
    "+17p": "refused",
    "Negative: t(4;14), del(17p)": "refused",
    "normal karyotype, del17p by FISH": {F: ("del17p",), KEPT: ((F, "normal karyotype"),)},
}


def taken(field: str, text: str, catalogue: Catalogue) -> dict[str, Any] | str:
    """What a spelling gives, in a word where it decides nothing."""
    try:
        values, said = read_cell(field, text, catalogue)
    except CellError:
        return "refused"
    found = dict(values)
    assert found or said, "dropped without a word"
    if {*found} == {KEPT}:
        return KEPT
    if not found:
        return OPEN if "open" in said[0] or "asked as" in said[0] or "known" in said[0] else NOTHING
    return found


@pytest.mark.parametrize(("text", "expected"), ILLNESSES.items())
def test_an_illness(catalogue: Catalogue, text: str, expected: dict[str, Any] | str) -> None:
    assert taken(C, text, catalogue) == expected


@pytest.mark.parametrize(("text", "expected"), FISH.items())
def test_a_fish_result(catalogue: Catalogue, text: str, expected: dict[str, Any] | str) -> None:
    assert taken(F, text, catalogue) == expected


def test_most_spellings_are_taken() -> None:
    assert sum(each != "refused" for each in ILLNESSES.values()) >= len(ILLNESSES) * 38 / 43
    assert sum(each != "refused" for each in FISH.values()) >= len(FISH) * 27 / 30
