"""A patient built in code: read as one from a file, and told what could not be read."""

from __future__ import annotations

from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import Patient, PatientError, reread


def read_in_code(patient: Patient, catalogue: Catalogue) -> Patient:
    """The patient with every field read.

    Raises PatientError, whose message repeats the word: whoever writes code has just typed it.
    What came from a chart was read before, and cannot fail here.
    """
    if not isinstance(patient, Patient):
        kind = type(patient).__name__
        raise TypeError(f"patient must be a Patient, not {kind}; Patient(**fields) makes one")
    try:
        return reread(patient, catalogue)
    except PatientError as error:
        if error.value is None:
            raise
        said = f"{error.value!r}: {error.problem}"
        raise PatientError(error.field, said, error.value) from None
