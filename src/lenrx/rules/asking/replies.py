"""What an answer to a question states: the fields of the patient as they stand after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lenrx.catalogue.fields import DRUGGED, FOUND
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import split
from lenrx.intake.reader import read_patient
from lenrx.patient.patient import Patient, PatientError, states_nothing
from lenrx.rules.asking.asking import NextQuestion

Stated = Mapping[str, Any]
_NONE: Final = ("none", "no", "neither")
_NOT_KNOWN: Final = (
    *("not known", "don't know", "dont know", "do not know", "i don't know", "no idea", "not sure"),
    *("idk", "skip", "pass", "next"),
)
"""How people say that they cannot answer, beside what a chart has for it."""


def reply(
    text: str, asked: NextQuestion, patient: Patient, catalogue: Catalogue
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The fields that an answer states anew, and what in it was not read literally.

    Nothing where the answer is that it is not known. `patient` is the patient as known before.
    Raises PatientError where the answer cannot be read.
    """
    if states_nothing(text) or " ".join(text.lower().split()).strip(".!") in _NOT_KNOWN:
        return {}, ()
    head, _, name = asked.subject.partition(".")
    items = split(text)
    open_end = items[-1:] == ["?"]
    items = items[:-1] if open_end else items
    if head in FOUND:
        return _findings(head, items, open_end, asked, patient, catalogue)
    if open_end and head != "exposed":
        problem = "`?` stands alone here: name the drugs that are sure, or answer ? alone"
        raise PatientError(head, problem)
    if name:
        return _which(head, name, items, asked, patient, catalogue)
    if head in DRUGGED:
        return _drugs(head, items, open_end, asked, patient, catalogue)
    return {head: text.strip()}, _read(head, text, catalogue)[1]


def _read(field: str, value: Any, catalogue: Catalogue) -> tuple[Patient, tuple[str, ...]]:
    patient, said = read_patient({field: value}, catalogue)
    if patient.unsure:
        raise PatientError(field, "whether a drug failed is not known: name those that are sure")
    return patient, tuple(words for _, words in said)


def _beside(found: Patient, *fields: str) -> dict[str, Any]:
    """What an answer says of other fields: `bortezomib (refractory)` where it was asked what was
    given."""
    return {name: value for name, value in found.given().items() if name not in fields}


def _findings(
    field: str,
    items: list[str],
    open_end: bool,
    asked: NextQuestion,
    patient: Patient,
    catalogue: Catalogue,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What was found; of what was asked the rest counts as looked for and absent."""
    absent = f"{field}_absent"
    none = [each.lower() for each in items] in ([each] for each in _NONE)
    found, said = (Patient(), ()) if none else _read(field, ", ".join(items), catalogue)
    if not none and not open_end and not found.given():
        # The others would count as looked for and absent, by a word that says nothing of them.
        problem = "is none of these, and no rule here knows it; if none of these is there, say none"
        raise PatientError(field, problem, ", ".join(items))
    there = {*(getattr(patient, field) or ()), *(getattr(found, field) or ())}
    gone = {*(getattr(patient, absent) or ()), *(getattr(found, absent) or ())}
    # Whoever only denies some has said nothing of the others.
    told = none or getattr(found, field)
    gone |= {*asked.names} - there if told and not open_end else set()
    values = {field: [*sorted(there), *_kept(field, patient, found)], absent: sorted(gone)}
    stated = {name: value for name, value in values.items() if value}
    return {**_beside(found, *values), **stated}, said


def _kept(field: str, *patients: Patient) -> list[str]:
    """What no criterion knows, so that it is not lost."""
    return sorted({words for each in patients for name, words in each.kept if name == field})


def _drugs(
    field: str,
    items: list[str],
    open_end: bool,
    asked: NextQuestion,
    patient: Patient,
    catalogue: Catalogue,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A drug list that was not stated, or what a treatment record left open of it."""
    if [each.lower() for each in items] == ["all"] and asked.names:
        items = [*asked.names]
    if [each.lower() for each in items] in ([each] for each in _NONE):
        items = []
    found, said = _read(field, items, catalogue)
    known = (*(getattr(patient, field) or ()), *_kept(field, patient, found))
    listed = sorted({*known, *(getattr(found, field) or ())})
    partial = {"history": "partial"} if open_end else {}
    return {**_beside(found, field), field: listed, **partial}, said


def _which(
    field: str,
    name: str,
    items: list[str],
    asked: NextQuestion,
    patient: Patient,
    catalogue: Catalogue,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The drug list with the drugs in place of the class that was named."""
    found, said = _read(field, items, catalogue)
    drugs = getattr(found, field) or ()
    if not drugs or not {*drugs} <= {*asked.names}:
        raise PatientError(field, f"must be of these: {', '.join(asked.names)}", ", ".join(items))
    others = (each for each in getattr(patient, field) if each.lower() != name)
    return {field: sorted({*others, *drugs, *_kept(field, patient)})}, said
