"""Renal function: stated, or derived from creatinine, age, sex and weight."""

from __future__ import annotations

from typing import Final

from lenrx.catalogue.field_kinds import Range
from lenrx.patient.patient import Patient

ADULT: Final = 18
"""Years; the equation is for adults."""
_NUMBER: Final = (int, float)


def renal_function(patient: Patient) -> tuple[float | Range | None, float | Range | None]:
    """eGFR in mL/min/1.73 m2 and CrCl in mL/min; None where neither stated nor derivable."""
    egfr, crcl = patient.number("egfr"), patient.number("crcl")
    return (
        _egfr(patient) if egfr is None else egfr,
        _crcl(patient) if crcl is None else crcl,
    )


def _egfr(patient: Patient) -> float | None:
    """eGFR by CKD-EPI 2021 (definition `ckd-epi-2021`)."""
    age, creatinine, sex = patient.age, patient.creatinine, patient.sex
    if not isinstance(age, _NUMBER) or not isinstance(creatinine, _NUMBER):
        return None
    if sex is None or age < ADULT:
        return None
    kappa, alpha = (0.7, -0.241) if sex == "female" else (0.9, -0.302)
    ratio = creatinine / kappa
    found = 142 * min(ratio, 1) ** alpha * max(ratio, 1) ** -1.2 * 0.9938**age
    return float(round(found * (1.012 if sex == "female" else 1)))


def _crcl(patient: Patient) -> float | None:
    """CrCl by Cockcroft-Gault (definition `cockcroft-gault`)."""
    age, creatinine, weight = patient.age, patient.creatinine, patient.weight
    if not isinstance(age, _NUMBER) or not isinstance(creatinine, _NUMBER):
        return None
    if not isinstance(weight, _NUMBER) or patient.sex is None:
        return None
    found = (140 - age) * weight / (72 * creatinine)
    return float(round(found * (0.85 if patient.sex == "female" else 1)))
