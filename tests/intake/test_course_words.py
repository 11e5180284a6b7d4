"""Words of courses: transplants, remarks, reasons, flags; and that any JSON gives an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from lenrx.catalogue.loading import load
from lenrx.cli.main import app
from lenrx.intake.cells import CellError
from lenrx.intake.courses import transplants, words
from lenrx.intake.courses.cells import charted
from lenrx.intake.courses.drugs import given
from lenrx.intake.courses.record import recorded
from lenrx.patient.courses import KEYS
from lenrx.patient.patient import Patient, PatientError
from lenrx.patient.state import patient_state
from lenrx.patient.treatment_record import ALLOGRAFT

CATALOGUE = load()
DAY = "2026-11-23"
VRD: dict[str, Any] = {"drugs": "VRd", "start": "2019-03-01", "stop": "2019-08-15"}
RD: dict[str, Any] = {"drugs": "Rd", "start": "2020-01-01", "stop": "2021-06-30"}
LENALIDOMIDE = ("dexamethasone", "lenalidomide")


def of(*courses: Any) -> Patient:
    return recorded(Patient(), list(courses), CATALOGUE, DAY)[0]


def told(*courses: Any) -> str:
    return "\n".join(recorded(Patient(), list(courses), CATALOGUE, DAY)[1])


# Transplants

DONE = (
    "ASCT|auto-SCT|autoSCT|HDM/ASCT|Mel200 + ASCT|tandem ASCT #1|tandem ASCT #2|tandem ASCT #1/#2"
    "|second ASCT|2nd ASCT|ASCT1|ASCT 2|ASCT no. 2|first ASCT|double ASCT|2 x ASCT|2. ASCT|aHSCT"
    "|autologous stem cell transplantation|PBSCT|BMT|ASCT 2019|ASCT (05/2019)|ASCT done|ASCT: yes"
    "|ASCT (Mel 140)|HDCT/ASCT|TAPH|TASPE|TPH|TMO|TAMO|autotrasplante|trasplante autólogo"
    "|trasplante autólogo de progenitores hematopoyéticos|autologe SZT|Autologe Stammzelltransplant"
    "ation|autogreffe|autogreffe (2020)|greffe de moelle|ASCT in tandem|trapianto autologo"
    "|autotrapianto|transplante autólogo|transplant|declined never mind"
).split("|")[:-1]
NOT_DONE = (
    "no ASCT|ASCT: no|ASCT no|without ASCT|ASCT refused|refused ASCT|ASCT declined by patient"
    "|ASCT not done|not eligible for ASCT|not a candidate for ASCT|transplant ineligible"
    "|ASCT deferred|ASCT (not performed)|no transplant|ASCT - cancelled|ASCT 0|kein ASCT"
    "|keine autologe SZT|ohne ASCT|sin TAPH|no autotrasplante|pas d'autogreffe|sans autogreffe"
    "|ASCT planned|planned ASCT|candidate for ASCT|ASCT?|awaiting ASCT|eligible for ASCT"
    "|ASCT geplant|no allo|no allo-SCT|allo planned|candidate for allo|allo refused|ASCT: never"
    "|no Mel200/ASCT|declined ASCT 2019"
).split("|")


@pytest.mark.parametrize("text", DONE)
def test_a_transplant_in_usual_words(text: str) -> None:
    found = given(text, CATALOGUE)
    assert (found.transplant, found.unsure, found.left) == (True, (), ())
    assert found.other == ()


@pytest.mark.parametrize("text", [each for each in NOT_DONE if each != "pas d'autogreffe"])
def test_a_transplant_that_was_not_done_is_none(text: str) -> None:
    found = given(text, CATALOGUE)
    assert (found.transplant, found.drugs, found.other) == (False, (), ())
    assert found.left
    assert found.said


NOUNS = ("ASCT", "auto-SCT", "TAPH", "autogreffe", "autologe SZT", "allo", "trapianto autologo")
NEVER = ("no", "not", "never", "without", "refused", "declined", "deferred", "ineligible", "0")
LATER = ("planned", "candidate", "awaiting", "possible", "scheduled", "eligible", "considered")


@settings(max_examples=300, deadline=None)
@examples(
    st.sampled_from(NOUNS),
    st.sampled_from((*NEVER, *LATER)),
    st.sampled_from(("{0} {1}", "{1} {0}", "{0}: {1}", "{0} ({1})", "{0}, {1}", "{0} - {1}")),
    st.sampled_from(("{}", "{} 2019", "VRd + {}", "VRd, {}", "{} (05/2019)", "Tandem {}")),
    st.sampled_from((str, str.upper, str.lower)),
)
def test_no_and_planned_are_never_a_transplant(
    noun: str, word: str, order: str, around: str, case: Any
) -> None:
    text = case(around.format(order.format(noun, word)))
    try:
        found = given(text, CATALOGUE)
    except CellError:
        return
    assert not found.transplant
    assert "allogeneic transplant" not in found.other


@settings(max_examples=200, deadline=None)
@examples(
    st.sampled_from((*NEVER, *LATER)), st.sampled_from(("{}", "{} 2019", "{} ASCT", "{} auto"))
)
def test_a_column_of_transplants_never_takes_no_for_yes(word: str, around: str) -> None:
    assert of({**VRD, "transplant": around.format(word)}).prior_transplant is None


@pytest.mark.parametrize(
    "text",
    ["ASCT, no", "VRd, not done", "not refused ASCT", "ASCT deferred, done 2020", "ASCT zonk"],
)
def test_words_that_leave_open_whether_it_was_done_are_refused(text: str) -> None:
    try:
        assert not given(text, CATALOGUE).transplant
    except CellError:
        return


@pytest.mark.parametrize("kind", ["not", "out", "open"])
def test_a_word_for_no_is_of_no_other_kind(kind: str) -> None:
    order = list(transplants._KINDS)
    assert order.index(kind) < min(map(order.index, ("auto", "allo", "dose", "date", "number")))


@pytest.mark.parametrize(
    ("text", "prior"),
    [("yes", True), ("1", True), ("ASCT", True), ("2019-05-02", True), ("tandem", True)]
    + [
        (word, None)
        for word in ("no", "0", "none", "no ASCT", "ASCT: no", "not eligible", "planned")
    ],
)
def test_a_flag_of_a_transplant(text: str, prior: bool | None) -> None:
    assert of({**VRD, "transplant": text}).prior_transplant is prior


@pytest.mark.parametrize("text", ["2", "zonk", "yes?", "no!", "maybe not yes"])
def test_a_flag_that_is_none_is_refused(text: str) -> None:
    try:
        assert of({**VRD, "transplant": text}).prior_transplant is None
    except PatientError as error:
        assert error.problem.startswith("course 1: transplant: ")


def test_a_flag_and_the_drugs_may_not_disagree() -> None:
    with pytest.raises(PatientError, match="says that there was none, and the drugs name one"):
        of({**VRD, "drugs": "VRd + ASCT", "transplant": "no"})


@pytest.mark.parametrize("course", [{"drugs": "allo transplant"}, {**VRD, "transplant": "allo"}])
def test_a_transplant_from_a_donor_is_the_illness_that_criteria_ask(course: Any) -> None:
    found = of(course)
    assert found.comorbidities == (ALLOGRAFT,)
    assert "comorbidities" not in found.given()
    assert ("prior allogeneic transplant", "stated") in [(w, why) for w, _, why in found.record]
    with pytest.raises(PatientError, match="comorbidities_absent"):
        recorded(Patient(comorbidities_absent=(ALLOGRAFT,)), [course], CATALOGUE, DAY)


def test_the_second_of_a_tandem_is_of_the_same_line() -> None:
    first, second = {"drugs": "ASCT", "start": "2019-09-10"}, {"start": "2020-01-10"}
    assert of(VRD, first, {**second, "drugs": "tandem ASCT #2"}).prior_lines == 1
    assert str(of(VRD, first, {**second, "drugs": "ASCT"}).prior_lines) != "1"


def test_courses_of_which_none_was_given_are_no_history() -> None:
    with pytest.raises(PatientError, match="names only what was not given"):
        of({"drugs": "ASCT planned"})


@pytest.mark.parametrize(
    "text",
    ["VRd (ASCT refused)", "VRd without ASCT", "VRd w/o ASCT", "VRd, no ASCT", "VRd no ASCT"],
)
def test_drugs_beside_a_transplant_that_was_not_done(text: str) -> None:
    found = given(text, CATALOGUE)
    assert (found.drugs, found.transplant) == (("bortezomib", *LENALIDOMIDE), False)
    assert found.left == ("no transplant",)


# Remarks, and drugs nobody knows


@pytest.mark.parametrize(
    "text",
    "Rd re-start|Rd continued|Rd resumed|Rd cont.|Rd (cont'd)|Rd restarted|Rd again|re-start Rd"
    "|Rd (re-start)|Rd - continued|Rd fortgesetzt|Rd continuación|Rd reprise".split("|"),
)
def test_a_remark_beside_a_drug_is_no_other_drug(text: str) -> None:
    assert given(text, CATALOGUE).drugs == LENALIDOMIDE
    assert of({**RD, "drugs": text, "stopped_for": "PD"}).refractory == ("lenalidomide",)


@pytest.mark.parametrize(
    "text", ["Rd zonk", "zonk Rd", "Rd not continued", "Rd (not restarted)", "zonk-Vd"]
)
def test_a_drug_beside_a_word_nobody_knows_is_never_kept_as_another(text: str) -> None:
    with pytest.raises(CellError):
        given(text, CATALOGUE)


@pytest.mark.parametrize("text", ["Rd (PD)", "Rd (stopped for progression)", "Rd (refractory)"])
def test_a_progression_behind_the_drugs_is_read(text: str) -> None:
    assert of({**RD, "drugs": text}).refractory == ("lenalidomide",)
    assert "stopped for progression" in told({**RD, "drugs": text})
    assert of({**RD, "drugs": text, "response": "PR"}).refractory == ("lenalidomide",)
    with pytest.raises(PatientError, match="stopped_for: differs from the reason"):
        of({**RD, "drugs": text, "stopped_for": "toxicity"})


@pytest.mark.parametrize("text", ["Vd, Rd (PD)", "Rd (PR)"])
def test_what_stands_beside_a_drug_and_is_not_read_is_said(text: str) -> None:
    assert "read" in (given(text, CATALOGUE).said or "").partition("; ")[2]


@pytest.mark.parametrize("text", ["VRd, no maintenance", "VRd, maintenance: none"])
def test_maintenance_that_was_not_given_is_none(text: str) -> None:
    found = given(text, CATALOGUE)
    assert (found.part, found.drugs) == (None, ("bortezomib", *LENALIDOMIDE))


@pytest.mark.parametrize("text", ["ixazomib maintenance", "maint. ixazomib", "maint. len"])
def test_maintenance_with_a_drug_of_the_catalogue_is_not_said_to_be_outside(text: str) -> None:
    found = given(text, CATALOGUE)
    assert found.part == "maintenance"
    assert "not in the catalogue" not in (found.said or "")


@pytest.mark.parametrize(
    "text",
    ["xyzamab", "zonkafen", "unknown drug", "other", "clinical trial", "oprozomib", "ABC-1234"],
)
def test_a_name_nobody_knows_makes_the_history_partial(text: str) -> None:
    found = of(VRD, {"drugs": text, "start": "2020-01-01"})
    assert found.history == "partial"
    codes = {each.code: each.message for each in patient_state(found, CATALOGUE).warnings}
    assert found.unnamed
    assert found.unnamed[0] in codes["history-partial"]
    assert "history is partial" in told(VRD, {"drugs": text}) or text == "clinical trial"


@pytest.mark.parametrize(
    "text",
    ["interferon", "donor lymphocyte infusion", "radiotherapy", "zoledronic acid", "busulfan"],
)
def test_what_is_known_and_not_in_the_catalogue_leaves_the_history_whole(text: str) -> None:
    assert of(VRD, {"drugs": text, "start": "2020-01-01"}).history is None


def test_radiotherapy_that_was_refused_is_none() -> None:
    assert given("Rd, radiotherapy refused", CATALOGUE).other == ()


@pytest.mark.parametrize("field", ["other", "other drug"])
def test_a_drug_among_others_is_a_drug(field: str) -> None:
    assert "lenalidomide" in (of({**VRD, "drugs": "Vd", field: "Revlimid"}).exposed or ())


# Reasons

REASONS = {
    "progression": "PD|progr.|Progression|relapse|progresión|Rezidiv|rechute|ricaduta|POD|failure",
    "toxicity": "toxicity|tox|AE|tox.|intolerance|toxicidad|Unverträglichkeit|effets indésirables"
    "|Nebenwirkungen|tossicità|neuropathy",
    "completed": "completed|planned stop|as planned|fin de tratamiento|abgeschlossen|terminé",
    "other": "patient wish|patient's wish|Patientenwunsch|choix du patient|refusal|logistics",
    "unknown": "death|died|lost to follow-up|décès|verstorben",
}


@pytest.mark.parametrize(
    ("reason", "text"), [(name, each) for name, all_ in REASONS.items() for each in all_.split("|")]
)
def test_reasons_to_stop_in_usual_words(reason: str, text: str) -> None:
    (course,) = charted([{**VRD, "stopped_for": text}], CATALOGUE).courses
    assert course["stopped_for"] == reason


def test_no_word_stands_for_two_reasons() -> None:
    groups = [words._PROGRESSION, words._TOXICITY, words._COMPLETED, words._OTHER, words._DIED]
    found = [{*each.split()} for each in groups]
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            assert one & other == set()


def test_a_reason_that_is_not_read_is_as_if_not_stated_and_said() -> None:
    own, empty = (of({**RD, "stopped_for": each}) for each in ("doctor's hunch", ""))
    assert own._replace(record=()) == empty._replace(record=())
    assert "stopped_for: 'doctor's hunch' is not read" in told(
        {**RD, "stopped_for": "doctor's hunch"}
    )


# Whether it failed


def test_refractoriness_stated_of_a_course_is_read() -> None:
    yes, no, one = (of({**VRD, "refractory": each}) for each in ("yes", "no", "lenalidomide"))
    assert (yes.refractory, yes.unsure) == (("bortezomib", "lenalidomide"), ())
    assert (no.refractory, no.unsure) == ((), ())
    assert (one.refractory, one.unsure) == (("lenalidomide",), ())
    assert of({**VRD, "refractory": "yes"}, {"drugs": "Pd", "start": "2019-08-20"}).prior_lines == 2


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        ({"refractory": "zonk"}, "course 1: refractory: must be yes, no"),
        ({"refractory": "no?"}, "course 1: refractory: must be yes, no"),
        ({"refractory": "pomalidomide"}, "course 1: refractory: names a drug"),
        ({"refractory": "no", "stopped_for": "PD"}, "course 1: refractory: says no"),
        ({"refractory": "no", "progression": "2019-08-01"}, "course 1: refractory: says no"),
        ({"intolerant_of": "yes"}, "course 1: intolerant_of: says yes"),
        ({"intolerant_of": True}, "course 1: intolerant_of: says yes"),
        ({"intolerant_of": "zonkafen"}, "course 1: intolerant_of: must name drugs"),
        ({"line": -1}, "course 1: line: must be the number"),
        ({"line": "-2"}, "course 1: line: must be the number"),
        ({"line": 0}, "course 1: line: must be the number"),
        ({"dose": 0}, "course 1: dose: is nothing"),
        ({"dose": "0 mg"}, "course 1: dose: is nothing"),
        ({"dose": "-10"}, "course 1: dose: is nothing"),
        ({"stop": "2018-01-01"}, "course 1: stop: is before the start"),
        ({"start": "30/02/2019"}, "course 1: start: there is no such day, read as day/month/year"),
        ({"start": "02/30/2019"}, "course 1: start: there is no such day, read as month/day/year"),
        ({"start": 5}, "course 1: start: is a number of days, and stop of course 1 is a date"),
        ({"outcome": "PD"}, "course 1: unknown field; nearest: other; an outcome is response"),
    ],
)
def test_what_cannot_be_is_refused_by_name(stated: dict[str, Any], problem: str) -> None:
    with pytest.raises(PatientError) as error:
        of({**VRD, **stated})
    assert error.value.problem.startswith(problem)


def test_a_course_written_twice_is_read_once_and_said() -> None:
    assert told(VRD, VRD) == "course 2: the same as course 1: read once"
    pd = {**RD, "stopped_for": "PD"}
    assert ("refractory lenalidomide", 3) in [(what, at) for what, at, _ in of(VRD, VRD, pd).record]


def test_an_empty_list_is_no_treatment_and_none_is_nothing_stated() -> None:
    found, said = recorded(Patient(), [], CATALOGUE, DAY)
    assert (found.prior_lines, found.exposed, found.history) == (0, (), None)
    assert said == ("an empty list: no treatment was given, and there is no prior line",)


def test_exchanged_without_progression_is_said_only_where_that_is_stated() -> None:
    kd = {"drugs": "Kd", "start": "2019-08-20"}
    assert "exchanged with no progression stated" in told(VRD, kd)
    assert "exchanged without progression" in told({**VRD, "stopped_for": "completed"}, kd)


# Any JSON

ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ("VRd", "lenalidomide", "ASCT", "2019-03-01", "yes", "no", "PD", "?", "5", "")
    )
)
JSON = st.recursive(
    ATOMS,
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=6), each, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from((*KEYS, "other drug", "kind", "episode", "id", "zonk", "Best response"))


@settings(max_examples=600, deadline=None)
@examples(JSON | st.lists(st.dictionaries(FIELDS, JSON, max_size=5), max_size=3))
def test_any_json_is_an_answer_or_a_refusal_in_one_line(treatments: Any) -> None:
    try:
        recorded(Patient(), treatments, CATALOGUE, DAY)
    except PatientError as error:
        assert "\n" not in str(error)


@settings(max_examples=300, deadline=None)
@examples(FIELDS, JSON)
def test_any_value_of_one_field(field: str, value: Any) -> None:
    try:
        of({**VRD, field: value}, {"drugs": "Rd", "start": "2021-01-01"})
    except PatientError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "course", [{"drugs": 5}, {"drugs": 5, "other drug": "x"}, {"drugs": "interferon", "other": 5}]
)
def test_a_wrong_type_costs_a_row_and_not_the_run(tmp_path: Path, course: Any) -> None:
    file = tmp_path / "rows.ndjson"
    rows = [{"id": "1", "treatments": [course]}, {"id": "2", "treatments": [VRD]}]
    file.write_text("\n".join(map(json.dumps, rows)))
    done = CliRunner().invoke(app, ["batch", str(file), "--as-of", DAY])
    bad, good = map(json.loads, done.stdout.splitlines())
    assert (bad["error"]["code"], "error" in good, done.exit_code) == ("unreadable", False, 1)
