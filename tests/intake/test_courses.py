"""Courses as charts and registries write them: in patient files, in rows, in a table beside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lenrx.catalogue.loading import Catalogue, load
from lenrx.cli.main import app
from lenrx.intake.cells import CellError
from lenrx.intake.courses.cells import charted
from lenrx.intake.courses.drugs import given
from lenrx.intake.courses.names import course_field
from lenrx.intake.courses.record import recorded
from lenrx.intake.courses.table import read_table
from lenrx.intake.reader import RowReader
from lenrx.patient.patient import Patient, PatientError

FIELD = Path(__file__).parent / "field"
CATALOGUE = load()
DAY = "2026-11-23"
VRD: dict[str, Any] = {"drugs": "VRd", "start": "2019-03-01", "stop": "2019-08-15"}
HEAD = "id,drugs,start,stop,stopped_for\n"


def lenrx(*args: Any) -> Result:
    return CliRunner().invoke(app, [*map(str, args)])


def derived_of(name: str) -> dict[str, Any]:
    done = lenrx("recommend", "--patient", FIELD / name, "--format", "json")
    found: dict[str, Any] = json.loads(done.stdout)["patient"]["derived"]
    return found


def batch(*args: Any, code: int = 0) -> list[dict[str, Any]]:
    done = lenrx("batch", *args, "--as-of", DAY)
    assert done.exit_code == code, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def lines(row: dict[str, Any]) -> Any:
    return row["derived"]["prior_lines"]


# The field inputs


def test_04_induction_transplant_and_maintenance_are_one_line() -> None:
    found = derived_of("04-induction-asct-maintenance.yaml")
    assert (found["prior_lines"], found["refractory"]) == (1, ["lenalidomide"])


def test_25_times_and_zones() -> None:
    assert derived_of("25-fhir-datetime.json")["refractory"] == ["lenalidomide"]


def test_26_an_end_far_in_the_future_is_ongoing() -> None:
    found = derived_of("26-open-ended-stop.json")
    assert (found["refractory"], found["state"]) == ([], "not lenalidomide-refractory")
    assert "responding" in [each["rule"] for each in found["record"]]


def test_36_exposures_are_one_regimen() -> None:
    found = derived_of("36-exposure-rows.json")
    assert found["exposed"] == ["bortezomib", "dexamethasone", "lenalidomide"]
    assert found["prior_lines"] == 1


def test_37_treatments_in_batch_are_those_of_recommend(tmp_path: Path) -> None:
    (row,) = batch(FIELD / "37-treatments-in-batch.ndjson")
    assert lines(row) == 1
    one = json.loads((FIELD / "37-treatments-in-batch.ndjson").read_text())
    file = tmp_path / "one.json"
    file.write_text(json.dumps({**one, "as_of": DAY}))
    alone = json.loads(lenrx("recommend", "--patient", file, "--format", "json").stdout)
    told = alone["patient"]["derived"]
    assert {name: told[name] for name in row["derived"]} == row["derived"]
    assert [each["id"] for each in alone["regimens"] if each["verdict"] == "eligible"] == row[
        "eligible"
    ]


def test_38_days_from_baseline() -> None:
    found = derived_of("38-days-from-baseline.json")
    assert (found["refractory"], found["unsure"]) == (["lenalidomide"], ["bortezomib"])
    assert found["prior_lines"] == "1-2"


# Cells


@pytest.mark.parametrize(
    ("text", "drugs", "other", "transplant", "part"),
    [
        (
            "Bortezomib/Lenalidomide/Dexamethasone",
            "bortezomib dexamethasone lenalidomide",
            "",
            0,
            0,
        ),
        (
            "bortezomib, dexamethasone, lenalidomide",
            "bortezomib dexamethasone lenalidomide",
            "",
            0,
            0,
        ),
        ("Velcade + dex + radiotherapy", "bortezomib dexamethasone", "radiotherapy", 0, 0),
        ("palliative RT", "", "radiotherapy", 0, 0),
        ("Bestrahlung", "", "radiotherapy", 0, 0),
        ("zoledronic acid", "", "supportive care", 0, 0),
        ("acyclovir; Kd", "carfilzomib dexamethasone", "supportive care", 0, 0),
        ("interferon alfa", "", "interferon alfa", 0, 0),
        ("oprozomib", "", "oprozomib", 0, 0),
        ("prednisolone", "prednisone", "", 0, 0),
        ("methylprednisolone and thalidomide", "corticosteroid thalidomide", "", 0, 0),
        ("Clinical trial NCT01234567", "", "study drug", 0, 0),
        ("Mel200 + ASCT", "melphalan", "", 1, "conditioning"),
        ("high-dose melphalan", "melphalan", "", 0, "conditioning"),
        ("Rev maintenance", "lenalidomide", "", 0, "maintenance"),
        ("KRd consolidation", "carfilzomib dexamethasone lenalidomide", "", 0, "consolidation"),
        ("ASCT", "", "", 1, 0),
        ("allogeneic SCT", "", "allogeneic transplant", 0, 0),
    ],
)
def test_what_was_given(text: str, drugs: str, other: str, transplant: int, part: Any) -> None:
    found = given(text, CATALOGUE)
    assert (" ".join(found.drugs), "; ".join(found.other)) == (drugs, other)
    assert (found.transplant, found.part) == (bool(transplant), part or None)
    assert found.said or text.startswith("bortezomib,")


@pytest.mark.parametrize("text", ["bortezomlb weird", "V", "??", "not bortezomib today maybe"])
def test_what_may_be_a_drug_of_the_catalogue_is_never_kept_as_another(text: str) -> None:
    with pytest.raises(CellError):
        given(text, CATALOGUE)


@pytest.mark.parametrize("text", ["none", "No treatment", "observation", "Watch and wait"])
def test_no_treatment_is_no_course(text: str) -> None:
    assert charted([{"drugs": text, "start": "2020"}, VRD], CATALOGUE).courses == [
        {"start": "2019-03-01", "stop": "2019-08-15", "drugs": list(given("VRd", CATALOGUE).drugs)}
    ]


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Patient ID", "id"),
        ("record_id", "id"),
        ("person_id", "id"),
        ("PATIENT_ID", "id"),
        ("USUBJID", "id"),
        ("tx_regimen", "drugs"),
        ("drug_concept_name", "drugs"),
        ("episode_source_value", "drugs"),
        ("AGENT", "drugs"),
        ("Therapie", "drugs"),
        ("tx_start_date", "start"),
        ("drug_exposure_start_date", "start"),
        ("START_DATE", "start"),
        ("LOT start", "start"),
        ("Date of start", "start"),
        ("Fecha de inicio", "start"),
        ("drug_era_end_date", "stop"),
        ("STOP_DATE", "stop"),
        ("Treatment end date", "stop"),
        ("Best overall response", "response"),
        ("Reason for discontinuation", "stopped_for"),
        ("Date of progression", "progression"),
        ("Line of Therapy", "line"),
        ("LOT", "line"),
        ("regimen_line", "line"),
        ("Treatment phase", "intent"),
        ("episode_parent_id", "plan"),
        ("stopday", "stop"),
        ("EVENT_TYPE", "kind"),
        ("age", None),
        ("outcome", None),
        ("episode_number", None),
        ("startled", None),
    ],
)
def test_usual_names_of_columns(column: str, field: str | None) -> None:
    assert course_field(column) == field


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("response", "Very good partial response", "VGPR"),
        ("response", "nCR", "VGPR"),
        ("response", "stable disease", "SD"),
        ("response", "Progressive Disease", "PD"),
        ("stopped_for", "PD", "progression"),
        ("stopped_for", "Relapse", "progression"),
        ("stopped_for", "Adverse event", "toxicity"),
        ("stopped_for", "per protocol", "completed"),
        ("stopped_for", "Patient choice", "other"),
        ("stopped_for", "no progression", "other"),
        ("stopped_for", "PD?", "unknown"),
        ("response", "VGPR?", "unknown"),
        ("response", "unknown", "unknown"),
        ("intent", "Maint.", "maintenance"),
        ("line", "L2", 2),
        ("line", "2nd line", 2),
        ("line", "LOT 3", 3),
        ("line", "first", 1),
        ("line", "1a", 1),
        ("line", "2.0", 2),
    ],
)
def test_words_of_registries(field: str, text: str, value: Any) -> None:
    (course,) = charted([{**VRD, field: text}], CATALOGUE).courses
    assert course[field] == value


@pytest.mark.parametrize("field", ["planned", "maintenance", "transplant", "line", "intent"])
def test_a_mark_beside_a_word_is_never_dropped(field: str) -> None:
    word = {"line": "2?", "intent": "maintenance?"}.get(field, "no?")
    with pytest.raises(PatientError, match=f"course 1: {field}: must be"):
        recorded(Patient(), [{**VRD, field: word}], CATALOGUE, DAY)


@pytest.mark.parametrize("text", ["good", "PR/good", "not PD", "7"])
def test_a_response_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(PatientError, match="course 1: response: must be one of"):
        recorded(Patient(), [{**VRD, "response": text}], CATALOGUE, DAY)


def test_progression_may_be_yes_or_no() -> None:
    yes, no = (
        recorded(
            Patient(),
            [{**VRD, "response": "PR", "stopped_for": "completed", "progressed": word}],
            CATALOGUE,
            DAY,
        )[0]
        for word in ("yes", "no")
    )
    assert (yes.refractory, yes.unsure) == ((), ("bortezomib", "lenalidomide"))
    assert (no.refractory, no.unsure) == ((), ())


# Rows


def test_a_row_states_courses_and_nothing_that_disagrees(catalogue: Catalogue) -> None:
    reader = RowReader(catalogue, as_of=DAY)
    row = {"id": "1", "egfr": 50, "treatments": [VRD]}
    patient, said, problems, _ = reader.read(row)
    assert patient is not None
    assert (patient.prior_lines, patient.egfr, problems, said) == (1, 50, (), ())
    _, _, problems, _ = reader.read({**row, "prior_lines": 3})
    assert [(each.field, each.code) for each in problems] == [("prior_lines", "contradiction")]
    _, _, problems, _ = reader.read({"treatments": [{**VRD, "start": "2027-01-01", "stop": ""}]})
    assert [each.reason for each in problems] == ["course 1: lies after the day asked for"]
    _, _, problems, _ = reader.read({"treatments": [{**VRD, "drugs": "bortezomlb"}]})
    assert [(each.field, each.code, each.word) for each in problems] in (
        [("treatments", "unreadable", "bortezomlb")],
        [],
    )


def test_rows_of_json_and_parquet(tmp_path: Path) -> None:
    file = tmp_path / "rows.ndjson"
    rows = [{"id": "1", "treatments": [VRD]}, {"id": "2", "treatments": []}, {"id": "3"}]
    file.write_text("\n".join(map(json.dumps, rows)))
    one, none, unknown = batch(file)
    assert (lines(one), lines(none), "record" in unknown["derived"]) == (1, 0, False)
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pa.table({"id": ["1", "2"], "treatments": [[VRD], []]})
    parquet.write_table(table, tmp_path / "rows.parquet")
    assert [lines(row) for row in batch(tmp_path / "rows.parquet")] == [1, 0]


# A table


def joined(tmp_path: Path, courses: str, patients: str, *args: Any) -> Result:
    (tmp_path / "courses.csv").write_text(courses)
    (tmp_path / "patients.csv").write_text(patients)
    return lenrx(
        "batch",
        tmp_path / "patients.csv",
        "--courses",
        tmp_path / "courses.csv",
        "--as-of",
        DAY,
        *args,
    )


COURSES = HEAD + (
    "1,VRd,2019-03-01,2019-08-15,completed\n2.0,Rd,2020-01,2021-05,PD\n"
    "1,DKd,2022-03-01,to date,\n9,Kd,2020,2021,\n"
)
PATIENTS = "id,exposed,egfr\n2,,40\n1,,80\n7,lenalidomide,60\n1,,55\n"


def test_courses_are_joined_by_id_in_the_order_of_the_patients(tmp_path: Path) -> None:
    done = joined(tmp_path, COURSES, PATIENTS)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["2", "1", "7", "1"]
    assert [row["derived"].get("prior_lines") for row in rows] == [1, 2, None, 2]
    assert rows[0]["derived"]["refractory"] == ["lenalidomide"]
    assert "1 of 3 patients have no row" in done.stderr
    assert "1 of 4 rows have no course" in done.stderr


def test_several_processes_and_a_resumed_run_say_the_same(tmp_path: Path) -> None:
    alone = joined(tmp_path, COURSES, PATIENTS)
    out = tmp_path / "out.ndjson"
    done = joined(tmp_path, COURSES, PATIENTS, "-o", out, "--jobs", 2)
    assert out.read_text() == alone.stdout
    assert "1 of 3 patients have no row" in done.stderr
    manifest = json.loads((tmp_path / "out.ndjson.manifest.json").read_text())
    assert manifest["options"]["courses"]["name"] == "courses.csv"
    refused = joined(tmp_path, COURSES + "7,Rd,2020,2021,\n", PATIENTS, "-o", out, "--resume")
    assert refused.exit_code == 2


def test_a_table_alone_is_its_patients(tmp_path: Path) -> None:
    file = tmp_path / "courses.csv"
    file.write_text(COURSES)
    assert [(row["id"], lines(row)) for row in batch("--courses", file)] == [
        ("1", 2),
        ("2", 1),
        ("9", 1),
    ]


def test_one_bad_course_costs_its_patient_and_no_other(tmp_path: Path) -> None:
    done = joined(tmp_path, COURSES + "2,Kd,SECRET,,\n", PATIENTS)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert [("error" in row) for row in rows] == [True, False, False, False]
    assert rows[0]["error"]["reason"].startswith("course 2: start: must be a date")
    assert rows[0]["error"]["word"] == "SECRET"
    assert "SECRET" not in done.stderr + rows[0]["error"]["reason"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("patient,age\n1,3\n", "no column is drugs"),
        (HEAD, "holds no course"),
        (HEAD + '1,"Rd,2019,,\n2,Kd,2019,,\n', "a quote is never closed"),
        (HEAD + "1,Rd\n", "row 1: has 2 cells where the header has 5"),
        ("id,tx_drugs___1,start\n1,1,2019\n", "is a code"),
    ],
)
def test_a_table_that_cannot_be_read_stops_the_run(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "courses.csv"
    file.write_text(text)
    done = lenrx("batch", "--courses", file)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_column_by_another_name(tmp_path: Path) -> None:
    file = tmp_path / "courses.csv"
    file.write_text("who;what was it;from\n1;Rd;01.02.2019\n")
    assert lenrx("batch", "--courses", file).exit_code == 2
    named = ("--course-column", "id=who", "--course-column", "drugs=what was it")
    assert [lines(row) for row in batch("--courses", file, *named)] == [1]


def test_years_are_days_where_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "courses.csv"
    file.write_text("id,drugs,start,stop\n1,Vd,1990,2000\n1,Rd,2010,2020\n")
    assert [lines(row) for row in batch("--courses", file)] == [2]
    assert [lines(row) for row in batch("--courses", file, "--baseline")] == ["1-2"]


@pytest.mark.parametrize(
    ("dates", "readable"), [("03/04/2019,25/12/2019", True), ("03/04/2019,05/06/2019", False)]
)
def test_one_date_of_the_table_tells_the_order_of_the_others(
    tmp_path: Path, dates: str, readable: bool
) -> None:
    file = tmp_path / "courses.csv"
    file.write_text(f"id,drugs,start,stop\n1,Rd,{dates}\n")
    (row,) = batch("--courses", file, code=0 if readable else 1)
    assert ("error" not in row) is readable


def test_what_is_no_treatment_is_left_out_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "courses.tsv"
    file.write_text(
        "PATIENT_ID\tSTART_DATE\tEVENT_TYPE\tAGENT\nA\t5\tLAB_TEST\tM-protein\n"
        "A\t10\tTREATMENT\tBortezomib\n\t11\tTREATMENT\tMelphalan\n"
    )
    table = read_table(str(file))
    assert (len(table), table.rows, table.left_out, table.nameless) == (1, 1, 1, 1)
    assert table.of("A") == [{"start": "day 10", "kind": "TREATMENT", "drugs": "Bortezomib"}]
    assert table.of("B") is None
