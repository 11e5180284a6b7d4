"""The engine of a review gives what the plain engine gives, to the byte."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenrx.batch import facets, grounds, slices, units
from lenrx.batch.chart_review import Reader, plain, review
from lenrx.batch.output import Lines, short
from lenrx.batch.slices import Review
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Regimen
from lenrx.catalogue.vocabulary import COMORBIDITIES, CYTOGENETICS
from lenrx.patient.patient import parse_patient
from lenrx.patient.state import Case
from lenrx.rules.filters import FILTERS, Finding
from tests.conftest import TODAY

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from cohort import cohort

DRUGS = (
    *("lenalidomide", "bortezomib", "carfilzomib", "daratumumab", "isatuximab", "pomalidomide"),
    *("ixazomib", "teclistamab", "ide-cel", "melphalan", "venetoclax", "PI", "IMiD", "anti-CD38"),
    *("BCMA", "VRd", "DVTd", "selinexor", "thalidomide", "CAR-T"),
)
NAMES = st.lists(st.sampled_from(DRUGS), max_size=6)
NUMBER = st.one_of(
    st.floats(0, 130).map(lambda value: f"{value:.1f}"),
    st.sampled_from(["15", "29.9", "30", "45", "60", "<15", ">60", ">=30", "30-60"]),
)
FLAG = st.sampled_from(["true", "false"])
PATIENTS = st.fixed_dictionaries(
    {},
    optional={
        "refractory": NAMES,
        "exposed": NAMES,
        "intolerant": NAMES,
        "history": st.sampled_from(["complete", "partial"]),
        "prior_lines": st.sampled_from(["1", "2", "3", "4", "6", ">=5", "1-2"]),
        "age": st.sampled_from(["50", "69", "70", "75", "76", "80", "90"]),
        "sex": st.sampled_from(["female", "male"]),
        "egfr": NUMBER,
        "crcl": NUMBER,
        "creatinine": st.floats(0.4, 9).map(lambda value: f"{value:.1f}"),
        "weight": st.sampled_from(["50", "80"]),
        "dialysis": FLAG,
        "cytogenetics": st.lists(st.sampled_from(CYTOGENETICS), max_size=4),
        "cytogenetics_absent": st.lists(st.sampled_from(CYTOGENETICS), max_size=4),
        "comorbidities": st.lists(st.sampled_from(COMORBIDITIES), max_size=4),
        "comorbidities_absent": st.lists(st.sampled_from(COMORBIDITIES), max_size=9),
        **dict.fromkeys(("emd", "pcl", "cns", "neuropathic_pain", "prior_transplant"), FLAG),
        "ecog": st.sampled_from(["0", "1", "2", "3", "4", ">=2"]),
        "neuropathy_grade": st.sampled_from(["0", "1", "2", "3", "4"]),
        "frailty": st.sampled_from(["fit", "intermediate", "frail"]),
        "hepatic": st.sampled_from(["none", "mild", "moderate", "severe"]),
        "lvef": st.sampled_from(["30", "39", "40", "45", "50", "60"]),
        "platelets": st.sampled_from(["10", "25", "30", "49.9", "50", "75", "150"]),
        "anc": st.sampled_from(["0.4", "0.5", "0.9", "1", "1.5", "4"]),
        "region": st.sampled_from(["us", "eu"]),
        "as_of": st.dates(date(2003, 1, 1), date(2027, 1, 1)).map(str),
    },
)


@pytest.fixture(scope="module")
def reader(catalogue: Catalogue) -> Reader:
    return Reader(catalogue)


@pytest.fixture(scope="module")
def lines(catalogue: Catalogue) -> Lines:
    return Lines(catalogue)


def same(
    rows: list[dict[str, Any]], reader: Reader, lines: Lines, engine: Any, oracle: Any
) -> None:
    one, other = (list(review(rows, reader, each)) for each in (engine, oracle))
    assert [lines.line(each) for each in one] == [lines.line(each) for each in other]
    assert [short(each) for each in one] == [short(each) for each in other]


ENGINES = [{}, {"strict": True}, {"on_label": True}]


@pytest.fixture(scope="module", params=ENGINES, ids=str)
def engines(catalogue: Catalogue, request: pytest.FixtureRequest) -> tuple[Any, Any]:
    """Kept over all examples, so that later patients meet what earlier ones left."""
    how = {"as_of": TODAY, **request.param}
    return Review(catalogue, **how).outcome, plain(catalogue, **how)


@given(raw=PATIENTS)
@settings(max_examples=150, deadline=None)
def test_any_patient_gets_the_same_bytes_from_both_engines(
    reader: Reader, lines: Lines, engines: tuple[Any, Any], raw: dict[str, Any]
) -> None:
    same([raw], reader, lines, *engines)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_messy_cohort_gets_the_same_bytes_from_both_engines(
    catalogue: Catalogue, reader: Reader, lines: Lines, seed: int
) -> None:
    rows = [{k: v for k, v in row.items() if v} for row in cohort(150, seed=seed, bad=0.05)]
    engine, oracle = Review(catalogue, as_of=TODAY).outcome, plain(catalogue, as_of=TODAY)
    same(rows, reader, lines, engine, oracle)


def test_nothing_is_lost_when_what_was_kept_is_dropped(
    catalogue: Catalogue, reader: Reader, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (facets, grounds, slices, units):
        for name in vars(module):
            if name.startswith("KEPT_"):
                monkeypatch.setattr(module, name, 2)
    monkeypatch.setattr(grounds, "MOST", 4)
    monkeypatch.setattr(facets, "_MOST", 4)
    rows = [{k: v for k, v in row.items() if v} for row in cohort(25, seed=3)]
    engine, oracle = Review(catalogue, as_of=TODAY).outcome, plain(catalogue, as_of=TODAY)
    same(rows, reader, lines, engine, oracle)


def _late(regimen: Regimen, case: Case) -> Iterator[Finding]:
    """A filter that looks at LVEF only in patients with corneal disease."""
    if case.standing.ask("comorbidity", ("corneal_disease",)).truth:
        low = case.standing.ask("lvef", {"below": 40}).truth
        yield Finding("biology", "late", "cautions", "met" if low else "not met", "low LVEF")


def test_a_part_that_begins_to_look_at_something_new_is_not_answered_from_another_patient(
    catalogue: Catalogue, reader: Reader, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("rules.assessment", "batch.parts"):
        monkeypatch.setattr(f"lenrx.{module}.FILTERS", (_late, *FILTERS))
    dice = random.Random(5)
    rows = [
        {
            "refractory": "lena",
            "lvef": dice.choice(["30", "60"]),
            "comorbidities": dice.choice(["", "corneal_disease"]),
        }
        for _ in range(40)
    ]
    engine, oracle = Review(catalogue, as_of=TODAY).outcome, plain(catalogue, as_of=TODAY)
    same(rows, reader, lines, engine, oracle)
    said = {lines.line(each).count(b'"late"') for each in review(rows, reader, engine)}
    assert said == {0, len(catalogue.regimens)}


def test_every_line_is_json_of_the_shape_of_a_recommendation(
    catalogue: Catalogue, reader: Reader, lines: Lines
) -> None:
    engine = Review(catalogue, as_of=TODAY).outcome
    (result,) = review([{"refractory": "lena,pi", "egfr": "25"}], reader, engine)
    found = json.loads(lines.line(result))
    assert {each["id"] for each in found["regimens"]} == set(catalogue.regimens)
    assert found["patient"]["derived"]["unresolved"] == ["pi"]
    assert [each["rank"] for each in found["regimens"] if each["verdict"] != "excluded"] == list(
        range(1, sum(each["verdict"] != "excluded" for each in found["regimens"]) + 1)
    )


def test_the_days_of_the_catalogue_are_all_on_which_an_answer_may_change(
    catalogue: Catalogue,
) -> None:
    """Between two neighbouring days nothing changes; the engine rests on it."""
    patient = parse_patient({"refractory": "lena,bort", "prior_lines": "2"}, catalogue)
    assert catalogue.days == sorted(set(catalogue.days))
    for first, second in list(pairwise(catalogue.days))[::7]:
        last = (date.fromisoformat(second) - timedelta(days=1)).isoformat()
        answers = [plain(catalogue, as_of=day)(patient)._replace(as_of="") for day in (first, last)]
        shown = [
            (each._replace(causes=(), placed=()), [cause.excluded_by for cause in each.causes])
            for each in answers
        ]
        assert shown[0] == shown[1]
