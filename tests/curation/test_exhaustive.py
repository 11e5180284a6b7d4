"""Trial values find what is wrong with a criterion, and nothing wrong with those shipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import pytest

from lenrx.catalogue import conditions as criteria
from lenrx.catalogue.conditions import Asked, Condition, Evaluation
from lenrx.catalogue.loading import checkout
from lenrx.catalogue.records import FILES
from lenrx.catalogue.strict_yaml import parse
from lenrx.curation import exhaustive
from lenrx.curation.exhaustive import problems
from lenrx.curation.places import walk


def found(condition: Condition) -> list[str]:
    return [problem.partition(":")[0] for problem in problems(condition)]


def shipped() -> Iterator[tuple[str, Condition]]:
    for name in FILES:
        data = parse((checkout() / name).read_text(encoding="utf-8"), name)
        for path, each in walk(data):
            for key in {"when", "broader_if"} & set(each):
                yield ".".join(map(str, (*path, key))), each[key]


GOOD: list[Condition] = [
    {"always": True},
    {"egfr": {"below": 30}},
    {"egfr": {"at_least": 30, "at_most": 30}},
    {"anc": {"at_least": 0.5, "below": 0.5000001}},
    {"ecog": {"at_least": 4}},
    {"all": [{"crcl": {"below": 30}}, {"egfr": {"at_least": 60}}]},
    {"all": [{"renal": {"below": 30}}, {"not": {"dialysis": True}}]},
    {"not": {"emd": True}},
    {"any": [{"dialysis": True}, {"renal": {"below": 15}}]},
    {"frailty": ["fit", "intermediate"]},
    {"comorbidity": ["hepatitis_b_carrier", "hepatitis_b_resolved", "hepatitis_c", "hiv"]},
    {"all": [{"cytogenetics": ["del17p", "TP53"]}, {"not": {"cytogenetics": ["TP53"]}}]},
    {"all": [{"received": ["PI"]}, {"not": {"refractory": ["PI"]}}]},
    {"all": [{"refractory_count": {"class": "PI", "at_least": 2}}, {"received": ["PI"]}]},
    {
        "all": [
            {"received_count": {"class": "PI", "at_least": 2}},
            {"refractory_count": {"class": "PI", "at_least": 4}},
            {"received": ["IMiD", "PI"]},
        ]
    },
]


@pytest.mark.parametrize("condition", GOOD, ids=json.dumps)
def test_a_condition_that_can_do_its_work_is_left_alone(condition: Condition) -> None:
    assert found(condition) == []


UNREACHABLE: list[Condition] = [
    {"always": False},
    {"not": {"always": True}},
    {"ecog": {"above": 4}},
    {"lvef": {"below": 5}},
    {"age": {"at_least": 500}},
    {"prior_lines": {"above": 1, "below": 2}},
    {"egfr": {"at_least": 60, "below": 60}},
    {"all": [{"renal": {"below": 30}}, {"crcl": {"at_least": 60}}]},
    {"all": [{"prior_lines": {"at_least": 3}}, {"any": [{"prior_lines": {"at_most": 2}}]}]},
    {"all": [{"emd": True}, {"pcl": True}, {"emd": False}]},
    {"all": [{"hepatic": ["mild"]}, {"hepatic": ["severe"]}]},
    {"all": [{"comorbidity": ["hiv"]}, {"not": {"comorbidity": ["copd", "hiv"]}}]},
    {"all": [{"refractory": ["PI"]}, {"not": {"received": ["PI"]}}]},
    {"all": [{"intolerant": ["lenalidomide"]}, {"not": {"received": ["lenalidomide"]}}]},
    {
        "all": [
            {"refractory_count": {"class": "PI", "at_least": 2}},
            {"not": {"refractory": ["PI"]}},
        ]
    },
]


@pytest.mark.parametrize("condition", UNREACHABLE, ids=json.dumps)
def test_what_no_patient_meets_is_found(condition: Condition) -> None:
    assert found(condition) == ["unreachable"]


@pytest.mark.parametrize("condition", UNREACHABLE, ids=json.dumps)
def test_the_opposite_of_what_no_patient_meets_cannot_fail(condition: Condition) -> None:
    assert found({"not": condition}) == ["cannot fail"]


CANNOT_FAIL: list[Condition] = [
    {"any": [{"always": True}, {"emd": True}]},
    {"platelets": {"at_least": 0}},
    {"ecog": {"at_most": 4}},
    {"frailty": ["fit", "intermediate", "frail"]},
    {"any": [{"renal": {"below": 60}}, {"renal": {"at_least": 60}}]},
    {"any": [{"received": ["PI"]}, {"not": {"received": ["PI"]}}]},
    {"received_count": {"class": "PI", "at_least": 0}},
]


@pytest.mark.parametrize("condition", CANNOT_FAIL, ids=json.dumps)
def test_what_every_patient_meets_is_found(condition: Condition) -> None:
    assert found(condition) == ["cannot fail"]


def test_taking_a_fact_away_is_caught_where_it_opens_a_door(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The evaluator is sound; one that reads "not stated" as "no" is not."""

    def closed(condition: Condition, facts: Asked) -> Evaluation:
        if "not" in condition:
            return Evaluation(not closed(condition["not"], facts).truth)
        return Evaluation(bool(criteria.evaluate(condition, facts).truth))

    condition = {"not": {"comorbidity": ["heart_failure"]}}
    assert found(condition) == []
    monkeypatch.setattr(exhaustive, "evaluate", closed)
    assert list(problems(condition)) == [
        "removal: taking comorbidities.heart_failure away turns not met into met, "
        "of {'comorbidities.heart_failure': True}"
    ]
    assert found({"not": {"egfr": {"below": 30}}}) == ["removal"]
    assert found({"not": {"received": ["PI"]}}) == ["removal"]


def test_names_that_only_appear_together_are_tried_as_one() -> None:
    names = list(criteria.SETS["comorbidity"][1])
    assert found({"comorbidity": names}) == []


def test_too_large_a_condition_is_said_and_not_sampled() -> None:
    names = criteria.SETS["comorbidity"][1][:8]
    large: dict[str, Any] = {"any": [{"comorbidity": [name]} for name in names]}
    assert list(problems(large)) == [
        "too large to try: 6561 kinds of patient, at most 4096; split it"
    ]


SHIPPED = list(shipped())


def test_every_shipped_criterion_can_be_met_and_can_fail() -> None:
    said = [f"{place}: {problem}" for place, each in SHIPPED for problem in problems(each)]
    assert said == []


def test_all_of_them_are_tried_fast() -> None:
    start = perf_counter()
    for _, condition in SHIPPED:
        list(problems(condition))
    assert len(SHIPPED) > 500
    assert perf_counter() - start < 5
