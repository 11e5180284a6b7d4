"""What is stated of the fields that a criterion reads, to set beside its threshold."""

from __future__ import annotations

from collections.abc import Iterator

from lenrx.catalogue.conditions import MEDICINES, NUMBERS, RENAL, WORDS, Condition, leaves
from lenrx.catalogue.field_kinds import Range
from lenrx.report.regimen.words import name_of
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.evidence import trials_of
from lenrx.rules.filters import Finding, classes_of


def conditions(each: Assessment, answer: Answer) -> dict[str, Condition]:
    """The condition behind each criterion of a regimen that has one."""
    catalogue = answer.catalogue
    rules = [*each.regimen.rules]
    for owner in classes_of(each.regimen, catalogue):
        rules += owner.rules
    for component in each.regimen.drugs:
        rules += catalogue.drugs[component.drug].rules
    limits = (limit for trial in trials_of(each.regimen, catalogue) for limit in trial.limits)
    return {one.id: one.when for one in rules} | {one.id: one.when for one in limits}


def beside(finding: Finding, known: dict[str, Condition], answer: Answer) -> str:
    """The patient's own values of the numbers and words that a criterion reads, in parentheses."""
    condition = known.get(finding.criterion)
    fields = dict.fromkeys(_fields(condition)) if condition else {}
    found = [f"{name_of(field)} {value}" for field in fields if (value := _value(field, answer))]
    found += _medicines(condition, answer) if condition else []
    return f" (patient: {', '.join(found)})" if found else ""


def _medicines(condition: Condition, answer: Answer) -> list[str]:
    """The medicines of the patient that a condition asks, by name or by class."""
    classes = answer.catalogue.interacting
    asked = [(key, wanted) for key, wanted in leaves(condition) if key in MEDICINES]
    return [
        name
        for key, wanted in asked
        for name in getattr(answer.state.patient, key) or ()
        if name in wanted or not {*wanted}.isdisjoint(classes.get(name, ()))
    ]


def _fields(condition: Condition) -> Iterator[str]:
    for key, _ in leaves(condition):
        if key == "renal":
            yield from RENAL
        elif key in (*NUMBERS, *WORDS):
            yield key


def _value(field: str, answer: Answer) -> str:
    patient = answer.state.patient
    value = getattr(answer.state if field in RENAL else patient, field)
    if value is None:
        return ""
    derived = " derived" if field in RENAL and getattr(patient, field) is None else ""
    text = value.written if isinstance(value, Range) else value
    return (f"{text:g}" if isinstance(text, float) else str(text)) + derived
