"""What would flip a verdict: the nearest single change of one stated or missing fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from lenrx.catalogue.conditions import BOUNDS, FLAGS, NUMBERS, RENAL, SETS, WORDS, leaves
from lenrx.catalogue.fields import WHOLE
from lenrx.catalogue.records import Regimen
from lenrx.catalogue.vocabulary import Verdict
from lenrx.patient.patient import Patient, PatientError
from lenrx.patient.state import patient_state
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.assessment import assess_one


class Counterfactual(NamedTuple):
    """One change, the verdict it leads to, and whether it can be found out or is a fact."""

    field: str
    change: str
    verdict: Verdict
    kind: Literal["to find out", "a fact about the patient"]


class _Change(NamedTuple):
    field: str
    words: str
    distance: float
    patient: Patient


def counterfactuals(each: Assessment, answer: Answer) -> tuple[Counterfactual, ...]:
    """For each field the nearest value that changes the verdict of this regimen, one at a time."""
    patient = answer.state.patient
    nearest: dict[tuple[str, Verdict], _Change] = {}
    for change in _changes(each.regimen, answer):
        verdict = _verdict(each.regimen, change.patient, answer)
        key = (change.field, verdict) if verdict else None
        if key is None or verdict == each.verdict:
            continue
        if key not in nearest or change.distance < nearest[key].distance:
            nearest[key] = change
    return tuple(
        Counterfactual(field, change.words, verdict, _kind(field, patient))
        for (field, verdict), change in sorted(nearest.items())
    )


def _with(patient: Patient, **values: Any) -> Patient:
    return patient._replace(**values)


def _kind(field: str, patient: Patient) -> Literal["to find out", "a fact about the patient"]:
    head, _, detail = field.partition(".")
    stated = getattr(patient, head)
    known = stated is not None and (not detail or head == "refractory" or detail in stated)
    return "to find out" if not known or head == "refractory" else "a fact about the patient"


def _verdict(regimen: Regimen, patient: Patient, answer: Answer) -> Verdict | None:
    try:
        state = patient_state(patient, answer.catalogue)
    except PatientError:
        return None
    case = answer.case._replace(state=state, memo={})
    return assess_one(regimen, case, answer.strict).verdict


def _changes(regimen: Regimen, answer: Answer) -> Iterator[_Change]:
    patient = answer.state.patient
    rules = [
        *regimen.rules,
        *(rule for each in regimen.drugs for rule in answer.catalogue.drugs[each.drug].rules),
    ]
    deciding = [rule.when for rule in rules if rule.effect in ("excludes", "requires")]
    for condition in (*deciding, *(clause.when for clause in regimen.labels)):
        for key, wanted in leaves(condition):
            yield from _of_leaf(key, wanted, answer)
    for drug in answer.state.unsure:
        others = tuple(name for name in answer.state.unsure if name != drug)
        refractory = tuple(sorted({*(patient.refractory or ()), drug}))
        yes = _with(patient, unsure=others, refractory=refractory)
        no = _with(patient, unsure=others, refractory=patient.refractory or ())
        yield _Change(f"refractory.{drug}", "yes", 0, yes)
        yield _Change(f"refractory.{drug}", "no", 0, no)
    for item in answer.state.items["refractory"]:
        if not item.named:
            others = tuple(name for name in patient.refractory or () if name != item.name)
            for drug in sorted(item.drugs):
                named = tuple(sorted({*others, drug}))
                changed = _with(patient, refractory=named)
                yield _Change(f"refractory.{item.name}", f"it is {drug}", 0, changed)


def _of_leaf(key: str, wanted: Any, answer: Answer) -> Iterator[_Change]:
    patient = answer.state.patient
    if key in NUMBERS or key == "renal":
        yield from _of_number(key, wanted, answer)
    elif key in FLAGS:
        for value in (True, False):
            words = str(value).lower()
            yield _Change(key, words, 0, _with(patient, **{key: value}))
    elif key in WORDS:
        for place, word in enumerate(WORDS[key]):
            yield _Change(key, word, place, _with(patient, **{key: word}))
    elif key in SETS:
        for name in wanted:
            yield from _of_name(SETS[key][0], name, patient)


def _of_number(key: str, bounds: Mapping[str, float], answer: Answer) -> Iterator[_Change]:
    patient = answer.state.patient
    field = _renal_field(patient) if key == "renal" else key
    known = answer.state.interval(field)[0] if getattr(patient, field) is not None else None
    for bound in (bounds[name] for name in BOUNDS if name in bounds):
        for value in (bound - 1, bound, bound + 1):
            if value < 0:
                continue
            stated = int(value) if field in WHOLE else float(value)
            distance = 0 if known is None else abs(value - known)
            yield _Change(field, f"{value:g}", distance, _with(patient, **{field: stated}))


def _renal_field(patient: Patient) -> str:
    return next((name for name in RENAL if getattr(patient, name) is not None), "egfr")


def _of_name(field: str, name: str, patient: Patient) -> Iterator[_Change]:
    absent = f"{field}_absent"
    found = {*(getattr(patient, field) or ())} - {name}
    missing = {*(getattr(patient, absent) or ())} - {name}
    there = _with(patient, **{field: tuple(sorted({*found, name})), absent: tuple(missing)})
    gone = _with(patient, **{field: tuple(sorted(found)), absent: tuple({*missing, name})})
    yield _Change(f"{field}.{name}", "found", 0, there)
    yield _Change(f"{field}.{name}", "absent", 0, gone)
