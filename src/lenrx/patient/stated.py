"""What was stated, and which of it no criterion asks; sex apart, on which renal function rests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from lenrx.catalogue.conditions import FLAGS, MEDICINES, NUMBERS, SETS, WORDS
from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import Patient

Asks = Callable[[tuple[str, str]], bool]
"""Whether any criterion asks a field, or a name of it."""
_PLAIN: Final = (*NUMBERS, *FLAGS, *(name for name in WORDS if name != "sex"))


def unasked(patient: Patient, catalogue: Catalogue, asks: Asks) -> Iterator[tuple[str, str]]:
    """Fields that were stated for nothing, each with what of it, in words."""
    for field in _PLAIN:
        if getattr(patient, field) is not None and not asks((field, "")):
            yield field, field.replace("_", " ")
    for field, _ in SETS.values():
        yield from _unasked(patient, field, field, asks, "")
        yield from _unasked(patient, f"{field}_absent", field, asks, " absent")
    for field in MEDICINES:
        taken = (each for each in getattr(patient, field) or () if each in _mapped(catalogue))
        idle = [name for name in taken if not _is_asked(field, name, asks, catalogue)]
        if idle:
            yield field, ", ".join(each.replace("_", " ") for each in idle)
    for field in ("refractory", "intolerant"):
        named = (each for each in getattr(patient, field) or () if each in catalogue.drugs)
        idle = [each for each in named if not asks((field, each))]
        if idle:
            yield field, f"{field} to {', '.join(idle)}"


def _mapped(catalogue: Catalogue) -> frozenset[str]:
    """Medicines and interaction classes; of what nobody mapped more is to be said."""
    return frozenset({*catalogue.interacting, *catalogue.interactions})


def _is_asked(field: str, name: str, asks: Asks, catalogue: Catalogue) -> bool:
    """Whether a criterion asks for a medicine, for a class of it, or for one of a class."""
    alike = {name, *catalogue.interacting.get(name, ())}
    if name in catalogue.interactions:
        alike |= {each for each, classes in catalogue.interacting.items() if name in classes}
    return any(asks((field, each)) for each in alike)


def _unasked(
    patient: Patient, stated: str, field: str, asks: Asks, ending: str
) -> Iterator[tuple[str, str]]:
    names = getattr(patient, stated) or ()
    idle = [each.replace("_", " ") + ending for each in names if not asks((field, each))]
    if idle:
        yield stated, ", ".join(idle)
