"""What may still move the first options, where nothing that is left to ask changes a verdict.

A caution, or a trial that no longer fits, changes the place of a regimen and not its verdict. Of a
number the ends of its range are tried, of what has words each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final

from lenrx.catalogue.fields import FOUND, NUMERIC, TAKEN, WHOLE
from lenrx.patient.patient import Patient, PatientError
from lenrx.patient.state import PatientState, patient_state
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.asking.supposed import few_values
from lenrx.rules.assessment import alphabetical, assess_one, place_of

FIRST: Final = 3
"""How many options are looked at."""


def moving(answer: Answer) -> tuple[str, ...]:
    """The fields of which some answer changes the first options; of findings each by its name.

    What moves the first of them comes before what moves the second.
    """
    now = _first(answer.with_verdict("eligible"))
    places = ((need, _moved(need, answer, now)) for need in _unknown(answer))
    found = [(place, place_of(need), need) for need, place in places if place is not None]
    return tuple(need for *_, need in sorted(found))


def _unknown(answer: Answer) -> list[str]:
    """What is not known of the options: `egfr`, `comorbidities.recent_mi`."""
    needs = {
        need
        for each in answer.with_verdict("eligible")
        for one in each.findings
        if one.status == "unknown"
        for need in one.needs
    }
    found = [*needs, *(["region"] if answer.case.region is None else [])]
    return sorted(found, key=lambda need: (place_of(need), need))


def _moved(need: str, answer: Answer, now: Sequence[str]) -> int | None:
    """The first place that some answer changes; None where none does."""
    changed = (_place(_first(_again(e, answer)), now) for e in _patients(need, answer.state))
    return min((each for each in changed if each is not None), default=None)


def _place(then: Sequence[str], now: Sequence[str]) -> int | None:
    """The first place in which two orders differ; None where they are the same."""
    pairs = enumerate(zip_longest(then, now))
    return next((place for place, (one, other) in pairs if one != other), None)


def _patients(need: str, state: PatientState) -> Iterator[Patient]:
    """The patient by the answers that something missing may have."""
    field, _, name = need.partition(".")
    patient = state.patient
    if field in FOUND:
        if name:
            there: dict[str, Any] = {field: (*(getattr(patient, field) or ()), name)}
            yield patient._replace(**there)
        return
    for value in _values(field, state):
        yield patient._replace(**{field: value})


def _values(field: str, state: PatientState) -> Iterator[Any]:
    if few := few_values(field):
        yield from few
    elif field in TAKEN:
        yield from ((name,) for name in state.catalogue.interactions)
    elif field in NUMERIC:
        low, high = state.interval(field)
        ends = max(low, NUMERIC[field].low), min(high, NUMERIC[field].high)
        yield from (int(each) if field in WHOLE else each for each in ends)


def _again(patient: Patient, answer: Answer) -> list[Assessment]:
    """The options as they would be; as they are where the patient cannot be."""
    options = answer.with_verdict("eligible")
    try:
        state = patient_state(patient, answer.catalogue)
    except PatientError:
        return [*options]
    region = patient.region or answer.case.region
    case = answer.case._replace(state=state, region=region, memo={})  # type: ignore[arg-type]
    return [assess_one(each.regimen, case, answer.strict) for each in options]


def _first(options: Sequence[Assessment]) -> tuple[str, ...]:
    """The ids that stand first by their keys."""
    found = (each for each in options if each.verdict == "eligible")
    placed = sorted(found, key=lambda each: (each.key, alphabetical(each.regimen)))
    return tuple(each.regimen.id for each in placed[:FIRST])
