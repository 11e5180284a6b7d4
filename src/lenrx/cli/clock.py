"""The clock, read here and nowhere else, and the library's functions that ask for a day.

The rules are asked for a stated day and give the same answer on any other. Who states none means
today, at the command line and in a notebook alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lenrx.catalogue.formulary import Formulary
    from lenrx.catalogue.loading import Catalogue
    from lenrx.patient.patient import Patient
    from lenrx.rules.answer import Answer


def today() -> str:
    """The ISO date of the clock."""
    from datetime import date

    return date.today().isoformat()


def now() -> str:
    """The moment of the clock in UTC, to the second."""
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat(timespec="seconds")


def assess(
    catalogue: Catalogue,
    patient: Patient,
    *,
    as_of: str | None = None,
    strict: bool = False,
    on_label: bool = False,
    formulary: Formulary | None = None,
    assumed: tuple[str, ...] = (),
) -> Answer:
    """Every regimen of `catalogue` for `patient` on the patient's ISO date, `as_of`, or today.

    Fields may hold what a file may hold (names, brands, "<15"). `assumed` names the fields of
    `patient` that nobody stated. Raises PatientError where a field cannot be read or cannot be
    true.
    """
    from lenrx.rules import assessment

    return assessment.assess(
        catalogue,
        patient,
        as_of=as_of or today(),
        strict=strict,
        on_label=on_label,
        formulary=formulary,
        assumed=assumed,
    )


def with_treatments(
    patient: Patient,
    treatments: Sequence[Mapping[str, Any]],
    catalogue: Catalogue,
    *,
    as_of: str | None = None,
) -> Patient:
    """The patient with the lines, drugs and refractoriness that dated courses give.

    A course is what it is in a patient file: `drugs`, and where known `start`, `stop`,
    `progression`, `response` ... The day is that of `assess`: the patient's own, `as_of`, or today.
    Raises PatientError where a course cannot be read, lies after that day, or disagrees with what
    the patient states; no value of a course is repeated.
    """
    from lenrx.intake.courses import record

    return record.with_treatments(patient, treatments, catalogue, as_of or today())
