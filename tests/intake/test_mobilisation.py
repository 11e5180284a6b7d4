"""Mobilisation of stem cells among courses: no line of its own, and no exposure without a word."""

from __future__ import annotations

import pytest

from lenrx import load_catalogue
from lenrx.intake.cells import CellError
from lenrx.intake.courses.drugs import given
from lenrx.intake.courses.record import recorded
from lenrx.patient.course import SUPPORTIVE
from lenrx.patient.patient import Patient, PatientError

CATALOGUE = load_catalogue()
CY = "cyclophosphamide"
SAID = "to mobilise stem cells: not counted as treatment of the myeloma"
MOBILISED = (
    *("CY mobilisation", "Cyclophosphamid Mobilisierung", "Endoxan-Mobilisation", "Cy-Mob"),
    *("stem cell mobilisation with cyclophosphamide + G-CSF", "cyclophosphamide + plerixafor"),
    *("movilizaci\u00f3n con ciclofosfamida", "mobilisation par endoxan", "HD-CY mobilization"),
    *("mobilizzazione con ciclofosfamide", "PBSC mobilization (cyclophosphamide 4 g/m2)"),
    "Stammzellmobilisierung mit Cyclophosphamid und G-CSF",
)


@pytest.mark.parametrize("text", MOBILISED)
def test_cyclophosphamide_that_mobilises_is_said_and_not_counted(text: str) -> None:
    found = given(text, CATALOGUE)
    assert (found.drugs, found.other, found.unsure) == ((), (SUPPORTIVE,), ())
    assert found.said is not None and f"{CY} {SAID}" in found.said


@pytest.mark.parametrize(
    "text", ["plerixafor", "G-CSF mobilisation", "mobilisation", "Leukapherese"]
)
def test_what_only_collects_is_supportive_care(text: str) -> None:
    found = given(text, CATALOGUE)
    assert (found.drugs, found.other, found.unsure) == ((), (SUPPORTIVE,), ())


def test_a_regimen_of_the_myeloma_that_mobilises_is_both() -> None:
    found = given("DCEP mobilisation", CATALOGUE)
    assert CY in found.drugs and found.planned


def test_within_a_cell_it_stands_for_itself() -> None:
    found = given("VRd, CY mobilisation, ASCT", CATALOGUE)
    assert found.drugs == ("bortezomib", "dexamethasone", "lenalidomide")
    assert found.transplant and found.said is not None and SAID in found.said


@pytest.mark.parametrize(
    "text", ["cyclophosphamide + G-CSF", "CY/G-CSF", "HD-CY", "hochdosis endoxan"]
)
def test_what_may_have_mobilised_is_asked(text: str) -> None:
    with pytest.raises(CellError, match="mobilisation of stem cells, or a treatment"):
        given(text, CATALOGUE)


@pytest.mark.parametrize("text", [CY, "cyclophosphamide, dexamethasone", "VCD"])
def test_cyclophosphamide_alone_is_a_treatment(text: str) -> None:
    assert CY in given(text, CATALOGUE).drugs


def record(*courses: dict[str, object]) -> Patient:
    return recorded(Patient(), list(courses), CATALOGUE, "2026-11-23")[0]


@pytest.mark.parametrize(
    "how", [{"drugs": "CY mobilisation"}, {"drugs": CY, "intent": "mobilisation"}]
)
def test_it_belongs_to_the_line_of_the_transplant(how: dict[str, object]) -> None:
    found = record(
        {"drugs": "VRd", "start": "2019-01", "stop": "2019-05", "response": "VGPR"},
        {**how, "start": "2019-06", "stop": "2019-06"},
        {"drugs": "ASCT", "start": "2019-07"},
    )
    assert found.prior_lines == 1
    assert found.exposed == ("bortezomib", "dexamethasone", "lenalidomide")
    assert any(SAID in words for _, _, words in found.record)


RESPONSES = (
    ("NR", "unsure"),
    ("PR/PD", "unsure"),
    ("SD/PD", "unsure"),
    ("unbekannt", "unsure"),
    ("PR -> PD", "refractory"),
    ("kein Ansprechen", "refractory"),
    ("no response", "refractory"),
)


@pytest.mark.parametrize(("text", "state"), RESPONSES)
def test_a_response_in_other_words(text: str, state: str) -> None:
    found = record({"drugs": "len", "start": "2019-01", "stop": "2019-05", "response": text})
    failed = {"refractory": found.refractory or (), "unsure": found.unsure}
    assert failed[state] == ("lenalidomide",)


@pytest.mark.parametrize(
    "text", ["PR/VGPR", "PR or better", "at least PR", "PR to VGPR", "VGPR -> PR"]
)
def test_of_several_responses_the_least_that_is_sure(text: str) -> None:
    found = record({"drugs": "len", "start": "2019-01", "stop": "2019-05", "response": text})
    assert found.refractory == ()


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        ("2021-", ""),
        ("since 2021", ""),
        ("seit 2021", "bis 2022"),
        ("2019-2021", ""),
        ("1-Mar-19", ""),
    ],
)
def test_dates_with_the_word_or_dash_of_their_end(start: str, stop: str) -> None:
    assert record({"drugs": "len", "start": start, "stop": stop}).exposed == ("lenalidomide",)


@pytest.mark.parametrize(
    ("course", "field", "word"),
    [
        ({"drugs": "len", "response": "PRR"}, "response", "PRR"),
        ({"drugs": "len", "start": "sometime"}, "start", "sometime"),
        ({"drugs": "len", "start": "2020", "stop": "2019"}, "stop", "2019"),
        ({"drugs": "Rd foo"}, "drugs", "Rd foo"),
        ({"drugs": "len", "dose": "0 mg"}, "dose", "0 mg"),
        ({"drugs": "len", "response": '"'}, "response", '"'),
        ({"drugs": "as above"}, "drugs", "as above"),
    ],
)
def test_an_error_carries_the_word_that_failed(
    course: dict[str, object], field: str, word: str
) -> None:
    with pytest.raises(PatientError) as caught:
        record(course)
    assert caught.value.value == word
    assert caught.value.problem.startswith(f"course 1: {field}: ")
    assert word not in caught.value.problem


def test_an_error_of_a_response_names_the_nearest() -> None:
    with pytest.raises(PatientError, match="nearest: VGPR"):
        record({"drugs": "len", "response": "VGPPR"})
