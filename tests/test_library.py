"""What `from lenrx import ...` offers, as an analyst uses it in a notebook."""

from __future__ import annotations

import pytest

import lenrx
from lenrx import Patient, PatientError, assess, load_catalogue


def test_a_patient_built_in_code_is_read_as_one_from_a_file() -> None:
    catalogue = load_catalogue()
    answer = assess(catalogue, Patient(refractory=["Revlimid", "pi"], egfr="<15"))
    assert answer.state.resistance_state == "double-refractory"
    assert answer.state.interval("egfr")[1] < 15
    assert answer.open_questions[0].field == "refractory.pi"


def test_a_name_nobody_knows_is_refused_and_not_passed_over() -> None:
    with pytest.raises(PatientError, match="refractory: not a drug"):
        assess(load_catalogue(), Patient(refractory=("foozumab",)))
    with pytest.raises(PatientError, match="cytogenetics: knows only"):
        assess(load_catalogue(), Patient(cytogenetics=("del99",)))


def test_without_a_day_the_catalogues_own_is_taken_and_no_clock_is_read() -> None:
    catalogue = load_catalogue()
    day = catalogue.version.replace(".", "-")
    assert assess(catalogue, Patient()).case.as_of == day
    assert assess(catalogue, Patient(), as_of="2023-06-01").case.as_of == "2023-06-01"
    assert assess(catalogue, Patient(as_of="2022-01-01"), as_of=day).case.as_of == "2022-01-01"


def test_only_what_is_offered_is_there() -> None:
    assert set(lenrx.__all__) <= {
        *dir(lenrx),
        "Patient",
        "PatientError",
        "assess",
        "load_catalogue",
    }
    with pytest.raises(AttributeError):
        _ = lenrx.nothing
