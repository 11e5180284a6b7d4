from __future__ import annotations

from itertools import product

import pytest

from lenrx.catalogue.conditions import UNKNOWN, all_of, any_of, evaluate, negate, within
from lenrx.catalogue.vocabulary import Truth
from tests.conftest import Ask

TRUTHS: tuple[Truth, ...] = (True, False, None)
ORDER = {False: 0, None: 1, True: 2}


@pytest.mark.parametrize(("a", "b"), list(product(TRUTHS, TRUTHS)))
def test_all_and_any_are_kleenes_minimum_and_maximum(a: Truth, b: Truth) -> None:
    assert all_of((a, b)) is min(a, b, key=lambda truth: ORDER[truth])
    assert any_of((a, b)) is max(a, b, key=lambda truth: ORDER[truth])


def test_negation_leaves_unknown_unknown() -> None:
    assert [negate(truth) for truth in TRUTHS] == [False, True, None]


def test_nothing_at_all_is_a_met_conjunction_and_an_unmet_disjunction() -> None:
    assert all_of(()) is True
    assert any_of(()) is False


@pytest.mark.parametrize(
    ("bounds", "value", "expected"),
    [
        ({"below": 30}, 29.9, True),
        ({"below": 30}, 30, False),
        ({"at_least": 30}, 30, True),
        ({"at_least": 30}, 29.9, False),
        ({"at_most": 30}, 30, True),
        ({"at_most": 30}, 30.1, False),
        ({"above": 30}, 30.1, True),
        ({"above": 30}, 30, False),
        ({"at_least": 30, "below": 60}, 59.9, True),
        ({"at_least": 30, "below": 60}, 60, False),
    ],
)
def test_a_stated_number_is_just_in_or_just_out(
    bounds: dict[str, float], value: float, expected: bool
) -> None:
    assert within((value, value), bounds) is expected
    assert within(UNKNOWN, bounds) is None


def test_a_number_known_only_to_be_large_settles_what_it_can() -> None:
    assert within((60, float("inf")), {"below": 60}) is False
    assert within((60, float("inf")), {"at_least": 90}) is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"crcl": 25, "egfr": 40}, True),
        ({"crcl": 40, "egfr": 25}, True),
        ({"crcl": 40, "egfr": 40}, False),
        ({"egfr": 25}, True),
        ({"crcl": 25}, True),
        ({"egfr": 40}, False),
        ({"dialysis": True}, True),
        ({"dialysis": True, "egfr": 90, "crcl": 90}, True),
        ({"dialysis": False, "egfr": 90}, False),
        ({}, None),
    ],
)
def test_renal_reads_the_lower_known_measure(
    ask: Ask, fields: dict[str, float], expected: Truth
) -> None:
    state = ask(refractory="lena", **fields).state
    assert evaluate({"renal": {"below": 30}}, state).truth is expected


def test_two_renal_measures_never_fall_into_two_dose_bands(ask: Ask) -> None:
    state = ask(refractory="lena", crcl=32, egfr=28).state
    bands = [{"below": 30}, {"at_least": 30, "below": 60}]
    assert [evaluate({"renal": band}, state).truth for band in bands] == [True, False]


@pytest.mark.parametrize(
    ("found", "absent", "expected"),
    [
        ("t(11;14)", "", True),
        ("", "t(11;14)", False),
        ("", "", None),
        ("t(11;14)", "t(11;14)", None),
    ],
)
def test_a_marker_is_found_absent_or_not_known(
    ask: Ask, found: str, absent: str, expected: Truth
) -> None:
    state = ask(refractory="lena", cytogenetics=found, cytogenetics_absent=absent).state
    answer = evaluate({"cytogenetics": ["t(11;14)"]}, state)
    assert answer.truth is expected
    assert bool(answer.needs) is (expected is None)


def test_an_unknown_part_that_cannot_matter_is_not_asked_for(ask: Ask) -> None:
    state = ask(refractory="lena", ecog=4).state
    condition = {"any": [{"ecog": {"at_least": 3}}, {"frailty": ["frail"]}]}
    assert evaluate(condition, state) == (True, ())


def test_not_of_an_unknown_names_the_missing_field(ask: Ask) -> None:
    state = ask(refractory="lena").state
    answer = evaluate({"not": {"dialysis": True}}, state)
    assert answer == (None, ("dialysis",))
