"""What was stated: items of the drug history, and which fields no criterion asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from lenrx.catalogue.conditions import FLAGS, LISTS, MEDICINES, NUMBERS, SETS, WORDS
from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import Patient
from lenrx.patient.warnings import PatientWarning


class Item(NamedTuple):
    """One entry of the drug history: at least one of `drugs` was meant by `name`."""

    name: str
    drugs: frozenset[str]
    named: bool
    """Whether it can only be one drug."""

    @classmethod
    def of(cls, name: str, drugs: frozenset[str]) -> Item:
        """What `name` may mean: one of `drugs`."""
        return cls(name, drugs, len(drugs) == 1)


def items_of(patient: Patient, catalogue: Catalogue, kind: str) -> list[Item]:
    """The items of one list of the drug history, as stated."""
    names = getattr(patient, LISTS[kind]) or ()
    return [Item.of(name, catalogue.drugs_in(name)) for name in names]


def resolve(
    kind: str,
    items: list[Item],
    given: frozenset[str],
    partial: bool,
    warnings: list[PatientWarning],
) -> tuple[Item, ...]:
    """Narrow a class named without a drug to the drugs of it that the history names.

    Beside a drug of it that failed too, it means the others that were given; with none, the same.
    """
    named = {next(iter(item.drugs)) for item in items if item.named}
    found = []
    for item in items:
        beside, others = named & item.drugs, item.drugs & given - named
        if item.named:
            found.append(item)
        elif kind == "received" and (beside or others):
            continue
        elif others and (beside or not partial):
            found.append(Item.of(item.name, others))
            warnings.append(_narrowed(kind, item, beside, others))
        elif beside:
            warnings.append(_taken_as(kind, item, beside))
        else:
            found.append(item)
    return tuple(found)


def _taken_as(kind: str, item: Item, beside: set[str]) -> PatientWarning:
    field, names = LISTS[kind], " and ".join(sorted(beside))
    words = f"{field} {item.name} beside {names}: taken as the same, for no other was given"
    return PatientWarning("class-beside", words, (field,))


def _narrowed(kind: str, item: Item, beside: set[str], others: frozenset[str]) -> PatientWarning:
    field, names = LISTS[kind], " or ".join(sorted(others))
    also = f" beside {' and '.join(sorted(beside))}" if beside else ""
    other = "other " if beside else ""
    if len(others) == 1:
        only = f"the only {other}{item.name} in the history"
        words = f"{field} {item.name}{also} read as {names}: {only}"
        return PatientWarning("class-resolved", words, (field,))
    words = f"{field} {item.name}{also}: the history names {names}, so it is one of these"
    return PatientWarning("class-narrowed", words, (field,))


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
        if idle := idle_medicines(field, patient, catalogue, asks):
            yield field, ", ".join(idle)
    for field in ("refractory", "intolerant"):
        named = (each for each in getattr(patient, field) or () if each in catalogue.drugs)
        idle = [each for each in named if not asks((field, each))]
        if idle:
            yield field, f"{field} to {', '.join(idle)}"


def idle_medicines(field: str, patient: Patient, catalogue: Catalogue, asks: Asks) -> list[str]:
    """The medicines that were stated for nothing; those that nobody mapped are said elsewhere."""
    taken = (each for each in getattr(patient, field) or () if each in _mapped(catalogue))
    idle = (name for name in taken if not _is_asked(field, name, asks, catalogue))
    return [name.replace("_", " ") for name in idle]


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
