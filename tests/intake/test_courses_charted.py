"""Courses as charts write them: what was not done is not done, what nobody knows leaves it open."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenrx import load_catalogue
from lenrx.catalogue.loading import Catalogue
from lenrx.intake.courses.record import recorded, with_treatments
from lenrx.patient.patient import Patient, PatientError
from lenrx.patient.warnings import partial

CATALOGUE = load_catalogue()
LEN, BORT, DEX = "lenalidomide", "bortezomib", "dexamethasone"
KEYS = ("drugs", "other", "start", "stop", "progression", "response", "stopped_for", "transplant")


def patient(*treatments: object) -> Patient:
    return recorded(Patient(), list(treatments), CATALOGUE, "2026-11-28")[0]


@pytest.mark.parametrize(
    "drugs", ["Rd re-start", "Rd continued", "Rd resumed", "Rd cont.", "Rd rechallenge", "Rd again"]
)
def test_a_treatment_that_goes_on_is_that_treatment(drugs: str) -> None:
    failed = {"start": "2021-01-01", "stop": "2022-01-01", "stopped_for": "progression"}
    assert patient({"drugs": drugs, **failed}).refractory == (LEN,)


@pytest.mark.parametrize(
    "drugs",
    [
        *("ASCT", "ASCT1", "ASCT #2", "tandem ASCT #1", "second ASCT", "auto-SCT", "TAPH", "TASPE"),
        *("autotrasplante", "autologe SZT", "autogreffe", "trapianto autologo"),
    ],
)
def test_a_transplant_in_any_language(drugs: str) -> None:
    found = patient({"drugs": drugs})
    assert found.prior_transplant is True
    assert found.history is None
    assert not found.comorbidities


@pytest.mark.parametrize("drugs", ["VRd, no ASCT", "VRd, allo planned", "VRd, no allo", "VRd"])
def test_what_was_not_done_is_left_out(drugs: str) -> None:
    found = patient({"drugs": drugs})
    assert found.exposed == (BORT, DEX, LEN)
    assert not found.prior_transplant
    assert not found.comorbidities


@pytest.mark.parametrize("flag", ["no ASCT", "not eligible", "declined", "none", "0", "planned"])
def test_a_transplant_that_was_not_done(flag: str) -> None:
    assert not patient({"drugs": "VRd", "transplant": flag}).prior_transplant


def test_an_allograft_is_one_wherever_it_stands() -> None:
    assert patient({"drugs": "VRd, allo"}).comorbidities == ("prior_allogeneic_transplant",)
    absent = Patient(comorbidities_absent=("prior_allogeneic_transplant",))
    with pytest.raises(PatientError, match="disagrees"):
        recorded(absent, [{"drugs": "allo SCT"}], CATALOGUE, "2026-11-28")


@pytest.mark.parametrize(
    ("drugs", "history"),
    [
        ("xyzumab", "partial"),
        ("ABC-1234", "partial"),
        ("forimtamig", "partial"),
        ("study drug", "partial"),
        ("interferon", None),
        ("radiotherapy", None),
    ],
)
def test_a_drug_of_unknown_class_leaves_the_history_open(drugs: str, history: str | None) -> None:
    found = patient({"drugs": "VRd"}, {"drugs": drugs})
    assert found.history == history
    assert [each.code for each in partial(found)] == ["history-partial"] * bool(history)


def test_no_treatment_is_none_and_no_statement_is_not() -> None:
    assert patient().prior_lines == 0
    assert patient().exposed == ()


@pytest.mark.parametrize(
    ("reason", "refractory", "intolerant"),
    [
        ("PD (biochemical)", True, False),
        ("progr.", True, False),
        ("relapse/progression", True, False),
        ("no progression", False, False),
        ("grade 3 neuropathy", False, True),
        ("toxic", False, True),
        ("completed", False, False),
        ("PD and toxicity", False, False),
    ],
)
def test_why_it_was_stopped(reason: str, refractory: bool, intolerant: bool) -> None:
    found = patient(
        {"drugs": "lenalidomide", "start": "2021", "stop": "2021-08-01", "stopped_for": reason}
    )
    assert (LEN in (found.refractory or ())) is refractory
    assert (LEN in (found.intolerant or ())) is intolerant


@pytest.mark.parametrize(
    "course",
    [
        *({"drugs": 5}, {"drugs": 5, "other": "x"}, {"drugs": "VRd", "other": 5}),
        *({"drugs": {"a": 1}}, {"drugs": [None]}, {"drugs": "VRd", "other": {"a": 1}}),
        *({"drugs": "VRd", "line": -1}, {"drugs": "VRd", "dose": 0}),
        *({"drugs": "VRd", "intolerant_of": "yes"}, {"drugs": "VRd", "intolerant_of": True}),
        {"drugs": "VRd", "start": 120, "stop": "2021-02-01"},
        {"drugs": "DPd", "stopped_for": "never given"},
        {"drugs": "DPd", "stopped_for": "screen failure"},
        {"drugs": "DPd", "dose": "not given"},
        {"drugs": "apheresis for cilta-cel"},
    ],
)
def test_what_cannot_be_is_refused(course: Any) -> None:
    with pytest.raises(PatientError, match="course 1"):
        patient(course)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 3000) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4) | JSON, max_size=3))
def test_whatever_json_holds_it_is_read_or_refused(treatments: list[Any]) -> None:
    try:
        patient(*treatments)
    except PatientError as error:
        assert "Traceback" not in str(error)
        json.dumps(str(error))


@pytest.mark.parametrize(
    ("drugs", "refused"),
    [
        ("VRd -> ASCT -> R maint", True),
        ("VRd + ASCT + R", True),
        ("VRd, then Dara-R", True),
        ("VRd -> ASCT", False),
        ("VRd + ASCT", False),
        ("VRd", False),
    ],
)
def test_of_a_sequence_that_ended_in_progression_only_the_last_may_have_failed(
    catalogue: Catalogue, drugs: str, refused: bool
) -> None:
    courses = [{"drugs": drugs, "start": "2019", "stop": "2022", "stopped_for": "PD"}]
    if refused:
        with pytest.raises(PatientError, match="are a sequence"):
            with_treatments(Patient(), courses, catalogue, "2026-11-29")
    else:
        with_treatments(Patient(), courses, catalogue, "2026-11-29")
    courses[0]["stopped_for"] = "completed"
    with_treatments(Patient(), courses, catalogue, "2026-11-29")


def test_a_transplant_after_the_day_was_not_done_by_then(catalogue: Catalogue) -> None:
    courses = [{"drugs": "VRd", "start": "2019", "transplant": "2027-07-01"}]
    with pytest.raises(PatientError, match="after the day asked for"):
        with_treatments(Patient(), courses, catalogue, "2026-11-29")
    with_treatments(Patient(), courses, catalogue, "2027-08-01")


def test_a_statement_may_say_of_which_drug_a_course_was_not_borne(catalogue: Catalogue) -> None:
    courses = [{"drugs": "DaraVTd", "start": "2021", "stop": "2022"}]
    found = with_treatments(Patient(intolerant=["thalidomide"]), courses, catalogue, "2026-11-29")
    assert found.intolerant == ("thalidomide",)
    with pytest.raises(PatientError, match="disagrees") as error:
        with_treatments(Patient(intolerant=["carfilzomib"]), courses, catalogue, "2026-11-29")
    assert error.value.value == "carfilzomib"


@pytest.mark.parametrize(
    ("column", "value", "refused"),
    [
        ("status", "planned", True),
        ("treatment status", "not given", True),
        ("given", "no", True),
        ("administered", "No", True),
        ("cancelled", "yes", True),
        ("event type", "Recommendation", True),
        ("stopped_for", "cancelled", True),
        ("stopped_for", "not yet started", True),
        ("given", "yes", False),
        ("cancelled", "no", False),
    ],
)
def test_a_course_that_was_only_planned_is_refused(
    catalogue: Catalogue, column: str, value: str, refused: bool
) -> None:
    courses = [{"drugs": "VRd", "start": "2019", column: value}]
    if refused:
        with pytest.raises(PatientError):
            with_treatments(Patient(), courses, catalogue, "2026-11-29")


@pytest.mark.parametrize(
    "reason", ["Progressive Disease (PD)", "PD (biochem)", "PD 12/2020", "progression in 2022"]
)
def test_a_reason_with_when_and_how_is_that_reason(catalogue: Catalogue, reason: str) -> None:
    courses = [{"drugs": "len", "start": "2019", "stop": "2022", "stopped_for": reason}]
    found = with_treatments(Patient(), courses, catalogue, "2026-11-29")
    assert found.refractory == ("lenalidomide",)
