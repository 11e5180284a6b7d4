"""Warnings: what the reader must know of a patient before the answer."""

from __future__ import annotations

from typing import NamedTuple

from lenrx.patient.patient import Patient


class PatientWarning(NamedTuple):
    """What the reader must know before the answer: a code, words, and the fields it rests on."""

    code: str
    message: str
    fields: tuple[str, ...]


def expansions(patient: Patient) -> list[PatientWarning]:
    """What is said of regimens that were written where drugs were asked."""
    return [
        PatientWarning("regimen-expanded", f"{field}: {name} read as each of its drugs", (field,))
        for field, name in patient.expanded
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
