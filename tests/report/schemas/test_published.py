"""The published schemas: every output is what they say, and what they say can be read."""

from __future__ import annotations

import json
from functools import cache
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lenrx.catalogue.field_kinds import Numeric
from lenrx.catalogue.fields import DECLARED
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import Detail
from lenrx.cli.schema import NAMES
from lenrx.intake.reader import RowReader
from lenrx.patient.lines_of_therapy import derive
from lenrx.patient.patient import PatientError, parse_patient
from lenrx.patient.treatment_record import merged
from lenrx.report import as_json
from lenrx.report.schemas.published import DOCUMENTS, schema
from lenrx.rules.assessment import assess
from lenrx.rules.plan.document import written as judged
from lenrx.rules.plan.judgement import judge
from lenrx.rules.plan.reading import read_plan
from tests.batch.answers import COHORT, Answers, rows_of
from tests.report.test_as_json import PATIENTS, answered
from tests.rules.test_vignettes import VIGNETTES
from tests.vignettes import TODAY

DETAILS: tuple[Detail, ...] = ("brief", "reasons", "full")


@cache
def validator(name: str) -> Draft202012Validator:
    found = schema(name)
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def wrong(name: str, text: str) -> list[str]:
    """What of a document is not as its schema says; it is parsed by its declaration too."""
    DOCUMENTS[name].model_validate_json(text)
    return [
        f"{e.json_path}: {e.message[:200]}" for e in validator(name).iter_errors(json.loads(text))
    ]


def test_every_document_has_a_title_and_no_member_of_a_patient_is_without_an_example() -> None:
    assert tuple(DOCUMENTS) == NAMES
    members = schema("patient")["properties"]
    assert {*members} == {*DECLARED, "treatments", "given"}
    for name, field in DECLARED.items():
        assert members[name]["title"] == field.label
        assert members[name]["examples"]
        if isinstance(field.kind, Numeric):
            assert members[name]["unit"] == field.kind.unit
            number = members[name]["anyOf"][0]
            sure = field.kind.sure or (field.kind.low, field.kind.high)
            assert (number["minimum"], number["maximum"]) == sure


@pytest.mark.parametrize("name", DECLARED)
def test_what_a_schema_gives_as_an_example_is_read(catalogue: Catalogue, name: str) -> None:
    for example in schema("patient")["properties"][name]["examples"]:
        assert not wrong("patient", json.dumps({name: example}))
        assert RowReader(catalogue).read({name: example}).problems == ()


@pytest.mark.parametrize("name", [7, 7.5, "7"])
def test_an_id_may_be_a_number_and_is_a_text_in_the_answer(catalogue: Catalogue, name: Any) -> None:
    assert not wrong("patient", json.dumps({"id": name}))
    found = parse_patient({"id": name, "refractory": ["lenalidomide"]}, catalogue)
    assert found.id == str(name)
    assert wrong("recommendation", as_json.render(assess(catalogue, found, as_of=TODAY))) == []


@pytest.mark.parametrize(
    "bad", [{"id": True}, {"egfr": -1}, {"egfr": "many"}, {"weight": True}, {"lena": "yes"}]
)
def test_what_no_reader_takes_no_schema_takes(catalogue: Catalogue, bad: dict[str, Any]) -> None:
    assert list(validator("patient").iter_errors(bad))
    assert RowReader(catalogue).read(bad).problems


@given(st.data())
def test_whatever_number_the_schema_takes_is_read(
    catalogue: Catalogue, data: st.DataObject
) -> None:
    name = data.draw(
        st.sampled_from([n for n, e in DECLARED.items() if isinstance(e.kind, Numeric)])
    )
    number = data.draw(st.integers(-5, 3100))
    taken = not list(validator("patient").iter_errors({name: number}))
    if taken:
        assert RowReader(catalogue).read({name: number}).problems == ()


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", PATIENTS)
def test_every_answer_is_as_its_schema_says(
    catalogue: Catalogue, name: str, detail: Detail
) -> None:
    # The full answer has the same members whoever asks, and takes a second to look through.
    for strict in (False, True) if detail != "full" else (False,):
        text = as_json.render(answered(catalogue, name, strict), detail=detail)
        assert wrong("recommendation", text) == []


@pytest.mark.parametrize("vignette", VIGNETTES[::12], ids=lambda each: str(each["name"]))
def test_the_answers_of_vignettes_are_as_the_schema_says(
    catalogue: Catalogue, vignette: dict[str, Any]
) -> None:
    stated = dict(vignette["patient"])
    treatments = stated.pop("treatments", None)
    try:
        patient = parse_patient(stated, catalogue)
        if treatments is not None:
            patient = merged(patient, derive(treatments, catalogue), ())
        answer = assess(catalogue, patient, as_of=TODAY, **vignette.get("options", {}))
    except PatientError:
        return
    for detail in ("brief", "reasons"):
        assert wrong("recommendation", as_json.render(answer, detail=detail)) == []


@pytest.mark.parametrize("plan", ["KRd", "Kd", "carfilzomib+made-up", "VRd", "BVd", "Tec"])
@pytest.mark.parametrize("name", PATIENTS)
def test_every_judged_plan_is_as_its_schema_says(
    catalogue: Catalogue, name: str, plan: str
) -> None:
    answer = answered(catalogue, name)
    assert wrong("plan", judged(judge(read_plan(plan, catalogue), answer))) == []


@pytest.mark.parametrize("plan", [{}, {"detail": "brief"}, {"detail": "reasons"}])
def test_every_row_and_the_legend_are_as_their_schemas_say(
    catalogue: Catalogue, plan: dict[str, str]
) -> None:
    rows = [
        {**row, "given": given}
        for row, given in zip(rows_of(COHORT), cycle(("KRd", "", "made-up", "Kd")))
    ]
    found = Answers(catalogue, rows, plan)
    for line in found.lines:
        assert wrong("result", line) == []
    assert wrong("legend", found.written_legend) == []
