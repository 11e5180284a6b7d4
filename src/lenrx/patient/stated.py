"""What was stated, and which of it no criterion asks; sex apart, on which renal function rests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lenrx.catalogue.asked import Asked
from lenrx.catalogue.conditions import FLAGS, MEDICINES, NUMBERS, SETS, WORDS
from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import Patient

_PLAIN: Final = (*NUMBERS, *FLAGS, *(name for name in WORDS if name != "sex"))


def unasked(patient: Patient, catalogue: Catalogue, asked: Asked) -> Iterator[tuple[str, str]]:
    """Fields that were stated for nothing, each with what of it, in words."""
    for field in _PLAIN:
        if getattr(patient, field) is not None and (field, "") not in asked:
            yield field, field.replace("_", " ")
    for field, _ in SETS.values():
        yield from _unasked(patient, field, field, asked, "")
        yield from _unasked(patient, f"{field}_absent", field, asked, " absent")
    for field in MEDICINES:
        taken = (each for each in getattr(patient, field) or () if each in _mapped(catalogue))
        idle = [name for name in taken if not _is_asked(field, name, asked, catalogue)]
        if idle:
            yield field, ", ".join(each.replace("_", " ") for each in idle)
    for field in ("refractory", "intolerant"):
        named = (each for each in getattr(patient, field) or () if each in catalogue.drugs)
        idle = [each for each in named if (field, each) not in asked]
        if idle:
            yield field, f"{field} to {', '.join(idle)}"


def _mapped(catalogue: Catalogue) -> frozenset[str]:
    """Medicines and interaction classes; of what nobody mapped more is to be said."""
    return frozenset({*catalogue.interacting, *catalogue.interactions})


def _is_asked(field: str, name: str, asked: Asked, catalogue: Catalogue) -> bool:
    """Whether a criterion asks for a medicine, for a class of it, or for one of a class."""
    alike = {name, *catalogue.interacting.get(name, ())}
    if name in catalogue.interactions:
        alike |= {each for each, classes in catalogue.interacting.items() if name in classes}
    return any((field, each) in asked for each in alike)


def _unasked(
    patient: Patient, stated: str, field: str, asked: Asked, ending: str
) -> Iterator[tuple[str, str]]:
    names = getattr(patient, stated) or ()
    idle = [each.replace("_", " ") + ending for each in names if (field, each) not in asked]
    if idle:
        yield stated, ", ".join(idle)
