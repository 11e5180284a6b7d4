"""Patients as they may turn out to be: one for each answer that a question may have.

No answer is taken as likelier than another: how often patients have what is known by no source
here. Of a number there is one for each stretch between the limits that decide on a regimen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import inf, nextafter
from typing import Any, Final, NamedTuple

from lenrx.catalogue.asked import of_regimen
from lenrx.catalogue.conditions import (
    BOUNDS,
    LISTS,
    MEDICINES,
    NUMBERS,
    RENAL,
    WORDS,
    Condition,
    leaves,
)
from lenrx.catalogue.fields import FLAGGED, FOUND, NUMERIC, WHOLE
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Regimen
from lenrx.catalogue.vocabulary import REGIONS
from lenrx.patient.patient import Patient
from lenrx.patient.state import PatientState
from lenrx.patient.warnings import LENALIDOMIDE
from lenrx.rules.filters import classes_of


class Supposed(NamedTuple):
    """A patient by one possible answer, and the regimens that this answer may concern.

    For those that it does not concern it is as the first answer to the same question.
    """

    patient: Patient
    regimens: Collection[str]


Needs = Mapping[str, Collection[str]]
"""What is missing (`lvef`, `comorbidities.hiv`, `refractory.pi`), and the regimens that it keeps
open or that it may still rule out."""


def supposed(
    subject: str, needs: Needs, state: PatientState, every: Sequence[str]
) -> list[Supposed]:
    """The patients that the answers to a question make; `every` regimen is on label, or may be."""
    head, _, name = subject.partition(".")
    if name:
        return [*_by_name(head, name, needs, state)]
    if head in _HISTORY:
        return [*_HISTORY[head](needs, state, every)]
    if head in FOUND:
        return [*_findings(head, needs, state)]
    values = [*_values(head, needs.get(head, ()), state)]
    touched = every if head == "region" else needs.get(head, ())
    return [Supposed(state.patient._replace(**{head: each}), touched) for each in values]


def few_values(field: str) -> tuple[Any, ...]:
    """All values of a field that has only a few; empty for any other."""
    if field == "region":
        return REGIONS
    return (True, False) if field in FLAGGED else tuple(WORDS.get(field, ()))


def _values(field: str, regimens: Collection[str], state: PatientState) -> Iterator[Any]:
    if few := few_values(field):
        yield from few
    elif field in MEDICINES:
        yield from ((), *((name,) for name in _medicines(field, regimens, state.catalogue)))
    elif field in NUMBERS:
        yield from _numbers(field, regimens, state)


def _wanted(keys: Collection[str], regimens: Iterable[str], catalogue: Catalogue) -> Iterator[Any]:
    """What the deciding conditions of some regimens ask under these keys."""
    for each in regimens:
        for condition in deciding(catalogue.regimens[each], catalogue):
            yield from (wanted for key, wanted in leaves(condition) if key in keys)


def deciding(regimen: Regimen, catalogue: Catalogue) -> Iterator[Condition]:
    """The conditions that may decide on a regimen: its rules, those of its drugs, its labels."""
    rules = [*regimen.rules]
    for component in regimen.drugs:
        rules += catalogue.drugs[component.drug].rules
    for drug_class in classes_of(regimen, catalogue):
        rules += drug_class.rules
    yield from (rule.when for rule in rules if rule.effect in ("excludes", "requires"))
    yield from (clause.when for clause in regimen.labels)


def _medicines(field: str, regimens: Collection[str], catalogue: Catalogue) -> Iterator[str]:
    names = (name for wanted in _wanted((field,), regimens, catalogue) for name in wanted)
    yield from dict.fromkeys(names)


def _numbers(field: str, regimens: Collection[str], state: PatientState) -> Iterator[float]:
    """The least number of each stretch that the limits leave."""
    keys = (field, "renal") if field in RENAL else (field,)
    low, high = NUMERIC[field].low, NUMERIC[field].high
    stated = state.interval(field)
    cuts = {low, max(low, stated[0])}
    for bounds in _wanted(keys, regimens, state.catalogue):
        cuts |= {_from(name, bounds[name], field) for name in BOUNDS if name in bounds}
    within = sorted(each for each in cuts if max(low, stated[0]) <= each <= min(high, stated[1]))
    yield from (int(each) if field in WHOLE else each for each in within)


def _from(name: str, bound: float, field: str) -> float:
    """Where the upper of the two stretches begins that a limit leaves."""
    if name in ("below", "at_least"):
        return bound
    return bound + 1 if field in WHOLE else nextafter(bound, inf)


def _findings(field: str, needs: Needs, state: PatientState) -> Iterator[Supposed]:
    """None of the findings that are missing, or one of them alone."""
    by_name = named_of(field, needs, state)
    absent = f"{field}_absent"
    there, gone = (tuple(getattr(state.patient, each) or ()) for each in (field, absent))
    concerned = {each for name in by_name for each in needs[f"{field}.{name}"]}
    none: dict[str, Any] = {field: there, absent: (*gone, *by_name)}
    yield Supposed(state.patient._replace(**none), concerned)
    for one in by_name:
        rest = (name for name in by_name if name != one)
        found: dict[str, Any] = {field: (*there, one), absent: (*gone, *rest)}
        yield Supposed(state.patient._replace(**found), needs[f"{field}.{one}"])


def named_of(subject: str, needs: Needs, state: PatientState) -> tuple[str, ...]:
    """The findings or the drugs that a question asks for; empty where any may be named."""
    head, _, name = subject.partition(".")
    if head in FOUND:
        return tuple(need.partition(".")[2] for need in needs if need.startswith(f"{head}."))
    if name:
        items = (item for item in state.items[_KINDS[head]] if item.name.lower() == name)
        return tuple(sorted({drug for item in items for drug in item.drugs}))
    if head == "refractory":
        return state.unsure
    if head == "intolerant":
        return tuple(sorted({*state.named("received")} - {*state.named("refractory")}))
    return ()


_KINDS: Final = {field: kind for kind, field in LISTS.items()}


def _by_name(head: str, name: str, needs: Needs, state: PatientState) -> Iterator[Supposed]:
    """Each drug of a class that was named without one."""
    patient = state.patient
    stated = getattr(patient, head) or ()
    for item in state.items[_KINDS[head]]:
        if item.name.lower() != name or item.named or item.name not in stated:
            continue
        others = tuple(each for each in stated if each != item.name)
        for drug in sorted(item.drugs):
            told: dict[str, Any] = {head: (*others, drug)}
            yield Supposed(patient._replace(**told), needs.get(f"{head}.{name}", ()))


def _given(needs: Needs, state: PatientState, every: Sequence[str]) -> Iterator[Supposed]:
    """Nothing more than is stated, or one drug of each class besides."""
    patient, catalogue = state.patient, state.catalogue
    base = () if not state.unstated else (LENALIDOMIDE,)
    stated = (*(patient.exposed or ()), *base)
    yield Supposed(patient._replace(exposed=stated), every if state.unstated else ())
    asking = _asking("exposed", every, catalogue)
    for drug in representative(asking, state):
        concerned = every if state.unstated else asking[drug]
        yield Supposed(patient._replace(exposed=(*stated, drug)), concerned)


def _asking(field: str, regimens: Iterable[str], catalogue: Catalogue) -> dict[str, list[str]]:
    """The drugs of which some regimens ask whether they were given, each with those that ask."""
    found: dict[str, list[str]] = {}
    for each in regimens:
        pairs = catalogue.once("asked", catalogue.regimens[each], of_regimen)
        for asked, drug in sorted(pairs):
            if asked == field:
                found.setdefault(drug, []).append(each)
    return found


def representative(asking: Mapping[str, Sequence[str]], state: PatientState) -> list[str]:
    """Of each class the drug that most regimens ask for, of those that nobody has named."""
    drugs, known = state.catalogue.drugs, set(state.named("received"))
    best: dict[str, str] = {}
    for drug in sorted(asking, key=lambda each: (-len(asking[each]), each)):
        if drug not in known and drugs[drug].drug_class != "corticosteroid":
            best.setdefault(drugs[drug].drug_class, drug)
    return [*best.values()]


def _failed(needs: Needs, state: PatientState, every: Sequence[str]) -> Iterator[Supposed]:
    """None, each alone, or all of the drugs that may have failed."""
    patient, known = state.patient, state.patient.refractory or ()
    if state.unstated:
        doubted = [
            LENALIDOMIDE,
            *representative(_asking("refractory", every, state.catalogue), state),
        ]
        concerned: Collection[str] = every
    else:
        doubted = [*state.unsure]
        wanted = {"refractory", *(f"refractory.{drug}" for drug in doubted)}
        concerned = {each for need in wanted for each in needs.get(need, ())}
    for drugs in ((), *((drug,) for drug in doubted), tuple(doubted)):
        told = patient._replace(refractory=tuple(sorted({*known, *drugs})), unsure=())
        yield Supposed(told, concerned)


def _stopped(needs: Needs, state: PatientState, every: Sequence[str]) -> Iterator[Supposed]:
    """None, or one of the drugs that were given and did not fail."""
    failed = state.named("refractory")
    yield Supposed(state.patient._replace(intolerant=()), needs.get("intolerant", ()))
    for drug in state.named("received"):
        if drug not in failed:
            holding = [each for each in every if _holds(state.catalogue.regimens[each], drug)]
            yield Supposed(state.patient._replace(intolerant=(drug,)), holding)


def _holds(regimen: Regimen, drug: str) -> bool:
    return any(each.drug == drug and each.role != "steroid" for each in regimen.drugs)


_HISTORY: Final[
    Mapping[str, Callable[[Needs, PatientState, Sequence[str]], Iterator[Supposed]]]
] = {
    "exposed": _given,
    "refractory": _failed,
    "intolerant": _stopped,
}
