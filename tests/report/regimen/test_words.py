from __future__ import annotations

from typing import Any

import pytest

from lenrx.catalogue.records import Dose, Toxicity
from lenrx.report.regimen.figures import contrasted
from lenrx.report.regimen.words import (
    asked,
    change_words,
    counted,
    days_of,
    label_of,
    stated_line,
    toxicity_words,
)
from lenrx.rules.counterfactuals import Counterfactual
from tests.conftest import Ask


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("1 of 28", "day 1 of each 28-day cycle"),
        ("1-21 of 28", "days 1-21 of each 28-day cycle"),
        ("1 to 21 of 28", "days 1-21 of each 28-day cycle"),
        (
            "1, 8, 15 of 28 (20 mg/m2 on day 1)",
            "days 1, 8, 15 of each 28-day cycle (20 mg/m2 on day 1)",
        ),
        (
            "1, 8 of 21 in cycles 1-8, then 1",
            "days 1, 8 of each 21-day cycle in cycles 1-8, then 1",
        ),
        ("days 1 and 3 of each week", "days 1 and 3 of each week"),
        ("28-day cycles until progression", "28-day cycles until progression"),
        ("2 days after the end", "2 days after the end"),
        ("weekly", "weekly"),
        (None, ""),
    ],
)
def test_days_are_said_as_a_sentence_says_them(days: str | None, said: str) -> None:
    assert days_of(Dose("x", "1 mg", "a", "label", days)) == said


def test_an_event_of_any_grade_is_said_so() -> None:
    event = Toxicity("rash", "any", 3.0, "a", "label")
    assert toxicity_words(event) == "rash 3 % (any grade)"
    assert toxicity_words(event._replace(grade="3 or 4")) == "rash 3 % (grade 3 or 4)"


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 regimens"), (1, "1 regimen"), (2, "2 regimens")]
)
def test_one_thing_is_in_the_singular(number: int, said: str) -> None:
    assert counted(number, "regimen") == said


def test_another_plural_may_be_given() -> None:
    assert [counted(n, "criterion", "criteria") for n in (1, 2)] == ["1 criterion", "2 criteria"]


@pytest.mark.parametrize(
    ("whom", "said"),
    [
        ("no extramedullary disease", "in patients without extramedullary disease"),
        ("younger than 75", "in patients younger than 75"),
        ("an interval below 18 months", "in patients with an interval below 18 months"),
    ],
)
def test_other_patients_of_a_study_are_no_arm(whom: str, said: str) -> None:
    assert contrasted(whom) == said


@pytest.mark.parametrize(
    ("field", "change", "said"),
    [
        ("comorbidities.pregnancy", "found", "pregnant"),
        ("comorbidities.pregnancy", "absent", "not pregnant"),
        ("comorbidities.hepatitis_c", "found", "there is hepatitis C"),
        ("comorbidities.heart_failure", "absent", "there is no heart failure"),
        ("cytogenetics.t(11;14)", "found", "t(11;14) is found"),
        ("dialysis", "true", "on dialysis"),
        ("dialysis", "false", "not on dialysis"),
        ("emd", "true", "there is extramedullary disease"),
        ("prior_lines", "1", "there was 1 prior line"),
        ("prior_lines", "3", "there were 3 prior lines"),
        ("egfr", "29", "eGFR is 29"),
        ("frailty", "frail", "frail"),
        ("refractory.bortezomib", "no", "not refractory to bortezomib"),
        ("refractory.PI", "it is bortezomib", "the PI that failed is bortezomib"),
    ],
)
def test_a_change_is_said_in_plain_words(ask: Ask, field: str, change: str, said: str) -> None:
    other = Counterfactual(field, change, "excluded", "to find out")
    assert change_words(other, ask(refractory="lena")) == said


def test_a_hepatitis_has_a_capital_and_a_choice_is_left_out() -> None:
    assert asked("comorbidities.hepatitis_b_carrier") == "hepatitis B carrier"
    assert asked("frailty") == "frailty"


def test_the_label_is_that_of_the_region_asked(ask: Ask) -> None:
    both, eu = (ask(refractory="lena", prior_lines=2, region=one) for one in (None, "eu"))
    assert label_of(both["Kd"], both) == "on-label (us and eu)"
    assert label_of(eu["Kd"], eu) == "on-label (eu)"
    different = label_of(
        both["VenVd"]._replace(approval={"us": "unknown", "eu": "off-label"}), both
    )
    assert different == "label not known (us), off-label (eu)"


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"prior_lines": 1}, "1 prior line"),
        ({}, "Prior lines not stated, at least 1"),
        ({"egfr": 25}, "eGFR 25 mL/min/1.73 m2"),
        ({"cns": True}, "CNS disease"),
        ({"dialysis": False}, "not on dialysis"),
        ({"emd": False}, "no extramedullary disease"),
        ({"comorbidities": "heart_failure"}, "other illnesses: heart failure"),
        ({"region": "eu"}, "Label eu on 2026-11-23"),
    ],
)
def test_what_is_stated_is_said_with_its_unit(ask: Ask, stated: dict[str, Any], said: str) -> None:
    assert said in stated_line(ask(refractory="lena", **stated))
