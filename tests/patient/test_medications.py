"""Lists of other medicines: what is read as taken, what is kept, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenrx import Patient, PatientError, assess
from lenrx.catalogue.conditions import Evaluation
from lenrx.catalogue.loading import Catalogue, load
from lenrx.patient.medications import names, taken
from lenrx.patient.patient import Patient as Read
from lenrx.patient.patient import parse_patient, reread
from lenrx.rules.assessment import wording

CATALOGUE = load()


def read(text: object) -> tuple[str, ...] | None:
    found = parse_patient({"medications": text}, CATALOGUE).medications
    assert found is None or isinstance(found, tuple)
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ciprofloxacin", ["ciprofloxacin"]),
        ("CIPROFLOXACINO 500 mg cada 12 h", ["ciprofloxacin"]),
        ("Ciprobay 250mg 1-0-1", ["ciprofloxacin"]),
        ("claritromicina; Itrakonazol 100 mg 2x1", ["clarithromycin", "itraconazole"]),
        ("bisoprolol 2,5 mg, aspirin 100", ["aspirin", "bisoprolol"]),
        ("ketoconazole and fluconazole", ["fluconazole", "ketoconazole"]),
        ("rifampin + isavuconazonium sulfate", ["isavuconazole", "rifampicin"]),
        ("TMP/SMX 3x/week prophylaxis", ["co-trimoxazole"]),
        ("Paxlovid (nirmatrelvir/ritonavir)", ["nirmatrelvir-ritonavir"]),
        ("a-brand (clarithromycin 500 mg)", ["clarithromycin"]),
        ("metoprolol succinate XR 47.5 mg p.o. od", ["metoprolol"]),
        ("carbamazepine since 03/2019", ["carbamazepine"]),
        ("Johanniskraut", ["st-johns-wort"]),
        ("St. John's wort", ["st-johns-wort"]),
        ("strong CYP3A4 inhibitor", ["strong_cyp3a_inhibitor"]),
        ("strong_cyp1a2_inhibitor, statins", ["statin", "strong_cyp1a2_inhibitor"]),
        (["HRT", "EPO"], ["esa", "oestrogen_or_hrt"]),
        ("none", []),
        ("keine Medikamente", []),
        ("no other medications", []),
        ([], []),
    ],
)
def test_a_medicine_is_read_by_its_name_whatever_its_dose(text: object, found: list[str]) -> None:
    assert read(text) == tuple(sorted(found))


@pytest.mark.parametrize("text", ["", "?", "n/a", "unknown", None])
def test_what_states_nothing_leaves_the_list_unstated(text: object) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "no ciprofloxacin",
        "ciprofloxacin no",
        "ciprofloxacin: no",
        "not on warfarin",
        "stopped fluconazole 2021",
        "fluconazole until 2021",
        "fluconazole (stopped)",
        "fluconazole, ciprofloxacin (both stopped)",
        "previous rifampicin",
        "ohne Clarithromycin",
        "kein Phenytoin",
        "sin itraconazol",
        "Marcumar abgesetzt",
        "allergic to penicillin",
        "plan to start voriconazole",
        "amiodarone?",
        "ciprofloxacin -",
        "☐ ciprofloxacin",
        "0 mg ciprofloxacin",
        "ciprofloxacin 0-0-0",
        "clarithromycin 0",
        "clarithromycin 2019",
        "made-up discontinued",
        "see letter",
        "none; aspirin",
        "500 mg",
        "a long story of what the patient took at home and of what she thinks of it all in all",
    ],
)
def test_what_may_not_be_taken_is_refused(text: str) -> None:
    with pytest.raises(PatientError) as error:
        read(text)
    assert error.value.field == "medications"
    assert "ciprofloxacin" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("warfarin for AF", ("warfarin",)),
        ("co-trimoxazole 480 mg mon/wed/fri", ("co-trimoxazole",)),
        ("Co-trimoxazole 960 mg Mo/Mi/Fr", ("co-trimoxazole",)),
        ("Eliquis 2 x 5 mg", ("apixaban",)),
        ("Zometa 4 mg monthly", ("zoledronate",)),
        ("ketoconazole cream", ("ketoconazole cream",)),
        ("ciprofloxacin weaned", ("ciprofloxacin weaned",)),
    ],
)
def test_words_beside_a_name_are_a_schedule_or_leave_it_open(
    text: str, ids: tuple[str, ...]
) -> None:
    assert read(text) == ids


def test_a_medicine_that_nobody_mapped_is_kept_and_said() -> None:
    answer = assess(CATALOGUE, Patient(refractory=["lena"], medications="Made-Up 5 mg, aspirin"))
    assert answer.state.patient.medications == ("aspirin", "made-up")
    said = {each.code: each.message for each in answer.warnings}
    assert said["medicine-unknown"] == (
        "medications: made-up: not known here, so whether it interacts is open"
    )
    assert said["turns-nothing"] == "stated, and nothing here turns on it: aspirin"
    assert answer.to_dict()["patient"]["given"]["medications"] == ["aspirin", "made-up"]


def test_a_name_that_is_nearly_another_is_never_taken_for_it() -> None:
    answer = assess(CATALOGUE, Patient(refractory=["lena"], medications=["ciprofloxcin"]))
    assert answer.state.patient.medications == ("ciprofloxcin",)
    assert any("nearest: ciprofloxacin" in each.message for each in answer.warnings)
    assert answer.state.medicine("medications", "ciprofloxacin").truth is None


def test_myeloma_drugs_among_other_medicines_are_kept_and_said() -> None:
    answer = assess(CATALOGUE, Patient(refractory=["lena"], medications="dexamethasone 20 mg; VRd"))
    drugs = ("bortezomib", "dexamethasone", "lenalidomide")
    assert answer.state.patient.medications == drugs
    assert [each.code for each in answer.warnings].count("myeloma-drug") == len(drugs)
    assert answer.state.named("received") == ("lenalidomide",)


INHIBITOR = "strong_cyp3a_inhibitor"


@pytest.mark.parametrize(
    ("stated", "wanted", "truth", "needs"),
    [
        (None, INHIBITOR, None, ("medications",)),
        ((), INHIBITOR, False, ()),
        (("clarithromycin",), INHIBITOR, True, ()),
        (("clarithromycin",), "clarithromycin", True, ()),
        (("ciprofloxacin",), INHIBITOR, False, ()),
        (("made-up",), INHIBITOR, None, ("medications.made-up",)),
        (("clarithromycin", "made-up"), INHIBITOR, True, ()),
        ((INHIBITOR,), INHIBITOR, True, ()),
        ((INHIBITOR,), "clarithromycin", None, (f"medications.{INHIBITOR}",)),
        ((INHIBITOR,), "pgp_inhibitor", None, (f"medications.{INHIBITOR}",)),
        ((INHIBITOR,), "statin", False, ()),
        (("statin",), "clarithromycin", False, ()),
        (("dexamethasone",), INHIBITOR, None, ("medications.dexamethasone",)),
    ],
)
def test_a_list_is_closed_and_what_nobody_mapped_opens_it(
    stated: tuple[str, ...] | None, wanted: str, truth: bool | None, needs: tuple[str, ...]
) -> None:
    assert taken("medications", wanted, stated, CATALOGUE) == Evaluation(truth, needs)


def test_what_is_asked_of_an_open_medicine() -> None:
    assert wording("medications") == "Which other medicines are taken?"
    assert wording("medications.made-up") == "Interactions of made-up?"


@pytest.mark.parametrize("name", [name for name, _ in names(CATALOGUE)])
def test_every_name_of_the_catalogue_is_read(name: str) -> None:
    owner = next(id for each, id in names(CATALOGUE) if each == name)
    assert read([name]) == (owner,)


DENIED = (
    "no {}",
    "{} no",
    "{}: no",
    "{} stopped",
    "stopped {}",
    "ex {}",
    "{} until 2021",
    "{} (no)",
)


@pytest.mark.parametrize("denied", DENIED)
def test_no_name_is_read_as_taken_beside_a_word_that_denies_it(denied: str) -> None:
    for name in dict.fromkeys(name for name, _ in names(CATALOGUE)):
        with pytest.raises(PatientError):
            read([denied.format(name)])


@given(st.lists(st.sampled_from([*CATALOGUE.medicines, *CATALOGUE.interactions, "made-up"])))
def test_what_was_read_is_read_again_as_itself(stated: list[str]) -> None:
    once = Read(medications=read(stated))
    assert reread(once, CATALOGUE) == once


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_reading_is_stable(text: str) -> None:
    try:
        found = read(text)
    except PatientError:
        return
    assert found is None or read(list(found)) == found


def test_a_medicine_counts_as_in_no_class_but_its_own(catalogue: Catalogue) -> None:
    assert catalogue.interacting["metformin"] == frozenset()
    assert "pgp_inhibitor" in catalogue.interacting["clarithromycin"]
