"""The filter of other medicines: what a rule does when its class is taken, not taken or open."""

from __future__ import annotations

from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.rules.filters import FILTERS, Finding, interactions, organs, sequencing
from tests.rules.small import READ, asked, catalogue, regimen, rule

MEDICINES = {
    "interactions": {
        "inhibitor": {"name": "inhibitor", "members": [{"medicines": ["clari"], **READ}]},
    },
    "medicines": {"clari": {"brands": ["Kla"]}, "metf": {}},
    "unlisted": {"table": {"medicines": ["metf"], **READ}},
}


def small(**fields: Any) -> Catalogue:
    said = {"filter": "interactions", "when": {"medications": ["inhibitor"]}, **fields}
    return catalogue({"A": regimen("A", rules=[rule("a-inhibitor", **said)])}, **MEDICINES)


def finding(found: Catalogue, medications: Any) -> tuple[str, Finding]:
    each = asked(found, medications=medications)["A"]
    (one,) = [one for one in each.findings if one.criterion == "a-inhibitor"]
    return each.verdict, one


def test_the_filter_stands_behind_the_organs() -> None:
    assert FILTERS[3:6] == (organs, interactions, sequencing)


@pytest.mark.parametrize(
    ("medications", "verdict", "status", "needs"),
    [
        ("Kla 500 mg", "excluded", "met", ()),
        (["inhibitor"], "excluded", "met", ()),
        ("metf", "eligible", "not met", ()),
        ("none", "eligible", "not met", ()),
        (None, "conditional", "unknown", ("medications",)),
        ("made-up", "conditional", "unknown", ("medications.made-up",)),
        ("made-up, Kla", "excluded", "met", ()),
        ("dexamethasone", "conditional", "unknown", ("medications.dexamethasone",)),
    ],
)
def test_a_contraindication_excludes_only_what_is_taken(
    medications: Any, verdict: str, status: str, needs: tuple[str, ...]
) -> None:
    got, one = finding(small(effect="excludes"), medications)
    assert (got, one.status, one.needs) == (verdict, status, needs)


@pytest.mark.parametrize("medications", [None, "made-up"])
def test_what_is_to_be_confirmed_leaves_the_verdict(medications: Any) -> None:
    got, one = finding(small(effect="excludes", if_unknown="confirms"), medications)
    assert (got, one.effect, one.status) == ("eligible", "confirms", "unknown")


def test_a_serious_interaction_counts_in_the_order() -> None:
    plain = regimen("B")
    said = {"filter": "interactions", "when": {"medications": ["inhibitor"]}, "serious": True}
    found = catalogue(
        {"A": regimen("A", rules=[rule("a-inhibitor", **said)]), "B": plain}, **MEDICINES
    )
    ranks = {each.regimen.id: each.rank for each in asked(found, medications="Kla").regimens}
    assert ranks == {"B": 1, "A": 2}
    assert {each.rank for each in asked(found, medications="metf").regimens} == {1}


def test_nothing_turns_on_a_medicine_that_no_rule_asks() -> None:
    warnings = asked(small(), medications="metf; Kla").warnings
    said = [each.message for each in warnings if each.fields == ("medications",)]
    assert said == ["stated, and nothing here turns on it: metf"]


def test_of_unstated_medicines_one_question_is_asked_at_most() -> None:
    answer = asked(small(effect="excludes"))
    assert [each.field for each in answer.open_questions] == ["medications"]
    assert answer.open_questions[0].question == "Which other medicines are taken?"
