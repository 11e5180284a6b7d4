"""A bound and the number in its sentence: each phrase, its end, and the numbers beside it."""

from __future__ import annotations

from typing import Any

import pytest

from lenrx.curation.sentence_checks import threshold_said_otherwise

EMPTY: dict[str, Any] = {"definitions": {"two": {"says": "refractory to two PIs"}}}


def agrees(field: str, bounds: dict[str, Any], key: str, text: str, section: str = "drugs") -> bool:
    entry = {"when": {field: bounds}, key: text}
    return not list(threshold_said_otherwise({**EMPTY, section: {"two": entry}}))


PHRASES = [
    ("renal", "CrCl below 30 mL/min", {"below": 30}),
    ("renal", "GFR up to 30 mL/min", {"at_most": 30}),
    ("renal", "CrCl 30 mL/min or less", {"at_most": 30}),
    ("renal", "CrCl above 30 mL/min", {"above": 30}),
    ("renal", "at least 30 mL/min", {"at_least": 30}),
    ("renal", "CrCl 15 to below 60 mL/min", {"at_least": 15, "below": 60}),
    ("renal", "CrCl above 15 to 60 mL/min", {"above": 15, "at_most": 60}),
    ("anc", "neutrophils below 0.5 x 10^9/L", {"below": 0.5}),
    ("lvef", "LVEF of 40% or more", {"at_least": 40}),
    ("age", "75 years or older", {"at_least": 75}),
    ("age", "over 75 years", {"above": 75}),
    ("ecog", "ECOG 3 or worse", {"at_least": 3}),
    ("neuropathy_grade", "neuropathy of any grade", {"at_least": 1}),
    ("prior_lines", "after at least two prior lines", {"at_least": 2}),
    ("prior_lines", "more than 3 prior lines", {"above": 3}),
    ("prior_lines", "first relapse", {"at_most": 1}),
    ("prior_lines", "second or later relapse", {"at_least": 2}),
    ("prior_lines", "1 prior line", {"at_least": 1, "at_most": 1}),
    ("prior_lines", "1 to 3 prior lines", {"at_least": 1, "at_most": 3}),
]


@pytest.mark.parametrize(("field", "text", "bounds"), PHRASES)
def test_a_bound_is_the_one_of_its_sentence(field: str, text: str, bounds: dict[str, Any]) -> None:
    assert agrees(field, bounds, "detail", text)
    for name, number in bounds.items():
        for step in (1, -1):
            assert not agrees(field, {**bounds, name: number + step}, "detail", text)


OTHER = {"below": "at_most", "at_most": "below", "above": "at_least", "at_least": "above"}


@pytest.mark.parametrize(("field", "text", "bounds"), PHRASES)
def test_whether_the_end_belongs_to_it_is_told(
    field: str, text: str, bounds: dict[str, Any]
) -> None:
    for name, number in bounds.items():
        rest = {key: value for key, value in bounds.items() if key != name}
        assert not agrees(field, {**rest, OTHER[name]: number}, "detail", text)


@pytest.mark.parametrize(
    ("bounds", "agree"),
    [
        ({"at_least": 30, "at_most": 50}, True),
        ({"at_least": 30, "below": 50}, True),
        ({"above": 30, "at_most": 50}, True),
        ({"at_least": 30, "below": 51}, True),
        ({"at_least": 30, "at_most": 51}, False),
        ({"at_least": 29, "at_most": 50}, False),
        ({"at_least": 30, "below": 55}, False),
    ],
)
def test_a_range_with_fractions_does_not_tell_its_ends(bounds: dict[str, Any], agree: bool) -> None:
    assert agrees("renal", bounds, "detail", "CrCl 30 to 50 mL/min") is agree


@pytest.mark.parametrize(
    ("bounds", "text", "agree"),
    [
        ({"below": 2}, "T enrolled after at least 2 prior lines", True),
        ({"at_least": 2}, "T enrolled after at least 2 prior lines", False),
        ({"above": 3}, "T enrolled 1 to 3 prior lines", True),
        ({"above": 3}, "T excluded more than 3 prior lines", True),
        ({"at_most": 3}, "T excluded more than 3 prior lines", False),
        ({"at_most": 1}, "T took patients after 1 prior line only if refractory", True),
    ],
)
def test_a_limit_is_whom_the_trial_did_not_take(
    bounds: dict[str, Any], text: str, agree: bool
) -> None:
    assert agrees("prior_lines", bounds, "because", text, "trials") is agree


@pytest.mark.parametrize(
    "text",
    [
        "renal impairment: no change",
        "renal impairment (IMWG 2016)",
        "GFR in mL/min/1.73 m2",
        "neutrophils below 1.0 x 10^9/L",
        "72 patients; renal impairment",
    ],
)
def test_what_is_no_number_of_the_field_says_nothing(text: str) -> None:
    assert agrees("renal", {"below": 60}, "because", text)


def test_a_count_of_a_class_is_that_of_the_definition_of_the_same_name() -> None:
    counted = {"class": "PI", "at_least": 2}
    assert agrees("refractory_count", counted, "title", "two", "populations")
    assert not agrees("refractory_count", {**counted, "at_least": 3}, "title", "x", "populations")
