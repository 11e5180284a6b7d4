"""Warnings: what the reader must know of a patient before the answer."""

from __future__ import annotations

from typing import Final, NamedTuple

from lenrx.catalogue.field_kinds import Range
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import known
from lenrx.patient.course import STEROID
from lenrx.patient.medications import told
from lenrx.patient.patient import DRUG_LISTS, MEDICINE_LISTS, Patient
from lenrx.patient.renal import renal_function


class PatientWarning(NamedTuple):
    """What the reader must know before the answer: a code, words, and the fields it rests on."""

    code: str
    message: str
    fields: tuple[str, ...]


def none_given(patient: Patient) -> list[PatientWarning]:
    """Said where no drug is said to have been given, and some are said to have failed."""
    failed = [name for name in ("refractory", "intolerant") if getattr(patient, name)]
    if patient.exposed != () or not failed or patient.recorded:
        return []
    words = f"exposed: none, yet {' and '.join(failed)} names drugs, which count as given"
    return [PatientWarning("none-given", f"{words}: check one of them", ("exposed", *failed))]


def expansions(patient: Patient, catalogue: Catalogue) -> list[PatientWarning]:
    """What is said of regimens that were written where drugs were asked."""
    return [
        *(
            PatientWarning(
                "regimen-expanded", f"{field}: {name} read as each of its drugs", (field,)
            )
            for field, name in patient.expanded
        ),
        *_beside_failed(patient, catalogue),
    ]


def _beside_failed(patient: Patient, catalogue: Catalogue) -> list[PatientWarning]:
    """Said of drugs given in one regimen with one that failed, and not said to have failed.

    Lenalidomide mostly fails as maintenance, long after what it was given with.
    """
    failed = frozenset(patient.refractory or ())
    usual = catalogue.drugs_in(STEROID) | {LENALIDOMIDE}
    found = []
    for name in dict.fromkeys(name for field, name in patient.expanded if field == "exposed"):
        match = known(name, catalogue)
        drugs = {drug for each in match.items for drug in catalogue.drugs_in(each)} if match else {}
        resisted = sorted({*drugs} & failed - usual)
        others = sorted({*drugs} - failed - usual)
        if resisted and others:
            words = (
                f"{' and '.join(resisted)} failed, and {' and '.join(others)} of the same {name} "
                "is taken as not refractory: state it if it failed too"
            )
            found.append(PatientWarning("beside-failed", words, ("refractory",)))
    return found


def medicines(patient: Patient, catalogue: Catalogue) -> list[PatientWarning]:
    """What is said of other medicines that are taken: what of them nobody here knows."""
    return [
        PatientWarning(code, f"{field}: {words}", (field,))
        for field in MEDICINE_LISTS
        for code, words in told(getattr(patient, field) or (), catalogue)
    ]


def kept(patient: Patient) -> list[PatientWarning]:
    """What is said of treatments, findings and illnesses that no criterion knows."""
    return [
        PatientWarning("turns-nothing", f"stated, and no rule here knows it: {words}", (field,))
        for field, words in patient.kept
    ]


def partial(patient: Patient) -> list[PatientWarning]:
    """What is said of treatments that may have been any drug."""
    if not patient.unnamed:
        return []
    names = ", ".join(patient.unnamed)
    words = f"partial history: nobody can tell what was given as {names}; any drug may have been"
    return [PatientWarning("history-partial", words, ("history",))]


LENALIDOMIDE: Final = "lenalidomide"
RENAL_APART: Final = "renal-apart"
APART: Final = 2
"""Times by which a stated eGFR and a derived clearance may differ before one of them is doubted."""


def renal_apart(patient: Patient) -> list[PatientWarning]:
    """Said where a stated eGFR and what follows from the creatinine can hardly both be true."""
    stated = patient.number("egfr")
    if not isinstance(stated, float | int) or patient.creatinine is None or patient.dialysis:
        return []
    egfr, crcl = renal_function(patient._replace(egfr=None, crcl=None))
    found = crcl if crcl is not None else egfr
    if not isinstance(found, float | int) or not found or not stated:
        return []
    if max(stated, found) <= APART * min(stated, found):
        return []
    what = "CrCl" if crcl is not None else "eGFR"
    words = (
        f"the eGFR and the {what} that follows from the creatinine differ more than two-fold: "
        "check the values and their units"
    )
    return [PatientWarning(RENAL_APART, words, ("creatinine", "egfr"))]


LINES_UNEXPLAINED: Final = "lines-unexplained"
LINES_OF_A_DRUG: Final = 2
"""Lines that one drug is taken to explain; a convention: given once, and once again."""


def lines_unexplained(patient: Patient, catalogue: Catalogue) -> list[PatientWarning]:
    """Said where more prior lines are stated than the drugs that are known were given in.

    What is not listed counts as not given, so a list that was left short would open too much.
    """
    stated = patient.number("prior_lines")
    lines = stated.low if isinstance(stated, Range) else stated
    if not lines or lines <= LINES_OF_A_DRUG or patient.history is not None or patient.record:
        return []
    named = {name for field in DRUG_LISTS for name in getattr(patient, field) or ()}
    named -= catalogue.drugs_in(STEROID)
    others = {name for field, name in patient.kept if field in DRUG_LISTS}
    if not named or lines <= LINES_OF_A_DRUG * len(named | others):
        return []
    drugs = ", ".join(sorted(named))
    words = (
        f"more prior lines than the drugs that are named can fill ({drugs}): every other drug "
        "counts as never given; list in exposed what else was given, or state history: partial "
        "(complete, if this is all)"
    )
    return [PatientWarning(LINES_UNEXPLAINED, words, ("exposed", "prior_lines"))]


OF_SEVERAL: Final = frozenset({RENAL_APART, LINES_UNEXPLAINED})
"""Codes of what rests on fields that lie in no one group of those that answer alike."""


def of_several(patient: Patient, catalogue: Catalogue) -> list[PatientWarning]:
    """What is said of fields that lie in no one group of those that answer alike."""
    return [*renal_apart(patient), *lines_unexplained(patient, catalogue)]
