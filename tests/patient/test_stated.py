"""No silence: what was stated and turns nothing is said."""

from __future__ import annotations

from typing import Any

import pytest

from lenrx.catalogue.asked import anywhere, of_regimen
from lenrx.catalogue.conditions import FLAGS, NUMBERS, WORDS
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import COMORBIDITIES, CYTOGENETICS
from lenrx.patient.patient import Patient
from lenrx.patient.stated import unasked
from lenrx.rules.assessment import assess
from tests.rules.small import catalogue as small
from tests.rules.small import regimen, rule

IDLE = {"TP53", "del1p", "t(14;20)"}
"""Words that no criterion of the catalogue asks; for these no source was found."""
VALUES: dict[str, Any] = {
    **dict.fromkeys(FLAGS, True),
    **dict.fromkeys(NUMBERS, 3),
    "lvef": 30,
    **{name: words[0] for name, words in WORDS.items()},
}


def said(catalogue: Catalogue, **fields: Any) -> list[str]:
    answer = assess(catalogue, Patient(exposed=["lenalidomide"], **fields))
    return [each.message for each in answer.warnings if each.code == "turns-nothing"]


@pytest.mark.parametrize(
    ("field", "word"),
    [
        *(("cytogenetics", word) for word in CYTOGENETICS),
        *(("comorbidities", word) for word in COMORBIDITIES),
    ],
)
def test_every_word_of_the_vocabulary_has_a_criterion_or_is_said_to_have_none(
    catalogue: Catalogue, field: str, word: str
) -> None:
    found = said(catalogue, **{field: [word]})
    assert bool(found) == (word in IDLE) == (not anywhere((field, word), catalogue))


@pytest.mark.parametrize("field", sorted(set(VALUES) - {"prior_lines", "sex"}))
def test_every_other_field_has_a_criterion_or_is_said_to_have_none(
    catalogue: Catalogue, field: str
) -> None:
    idle = not anywhere((field, ""), catalogue)
    assert bool(said(catalogue, **{field: VALUES[field]})) == idle


def test_a_field_that_nothing_asks_is_named() -> None:
    found = small({"a": regimen("a", rules=[rule("heart")])})
    assert said(found, lvef=50) == []
    assert said(found, platelets=20, cns=True) == [
        "stated, and nothing here turns on it: cns",
        "stated, and nothing here turns on it: platelets",
    ]
    assert said(found, cytogenetics=["del17p"], comorbidities_absent=["prior_vte"]) == [
        "stated, and nothing here turns on it: del17p",
        "stated, and nothing here turns on it: prior vte absent",
    ]


def test_a_drug_that_failed_and_is_in_no_regimen_is_named() -> None:
    found = small({"a": regimen("a")})
    answer = assess(found, Patient(refractory=["lenalidomide", "bortezomib", "carfilzomib"]))
    assert [each.message for each in answer.warnings if each.code == "turns-nothing"] == [
        "stated, and nothing here turns on it: refractory to bortezomib, lenalidomide"
    ]


def test_each_regimen_has_facts_that_its_own_criteria_do_not_ask() -> None:
    found = small({"a": regimen("a", rules=[rule("heart")]), "b": regimen("b")})
    patient = Patient(lvef=30.0)
    by_id = {
        name: [*unasked(patient, found, of_regimen(each, found).__contains__)]
        for name, each in found.regimens.items()
    }
    assert by_id == {"a": [], "b": [("lvef", "lvef")]}
