from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import parse_patient
from lenrx.rules.assessment import assess
from tests.vignettes import TODAY, load_vignettes, problems

TESTS = Path(__file__).parents[1]
PUBLISHED = load_vignettes(TESTS / "vignettes_published.yaml")
INTERACTIONS = load_vignettes(TESTS / "vignettes_interactions.yaml")
VIGNETTES = [*load_vignettes(TESTS / "vignettes.yaml"), *PUBLISHED, *INTERACTIONS]


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette["name"])
def test_vignette(vignette: dict[str, Any], catalogue: Catalogue) -> None:
    assert list(problems(vignette, catalogue)) == []


def test_there_are_enough_and_each_has_its_own_name() -> None:
    names = [vignette["name"] for vignette in VIGNETTES]
    assert len(set(names)) == len(names) >= 40


def test_every_rule_on_other_medicines_has_a_vignette(catalogue: Catalogue) -> None:
    """Each is met for some patient of the file."""
    met: set[str] = set()
    for vignette in (each for each in INTERACTIONS if "error" not in each):
        answer = assess(catalogue, parse_patient(vignette["patient"], catalogue), as_of=TODAY)
        for each in answer.regimens:
            found = [one for one in each.findings if one.filter == "interactions"]
            met |= {one.criterion for one in found if one.status == "met"}
    rules = [rule for each in catalogue.drugs.values() for rule in each.rules]
    rules += [rule for each in catalogue.classes.values() for rule in each.rules]
    assert {rule.id for rule in rules if rule.filter == "interactions"} == met


@pytest.mark.parametrize(
    "vignette", [*PUBLISHED, *INTERACTIONS], ids=lambda vignette: vignette["name"]
)
def test_a_published_situation_names_its_source(vignette: dict[str, Any]) -> None:
    assert vignette["source"].strip()
    assert set(vignette) - {"name", "source", "patient", "state"}


NOT_YET = [vignette for vignette in VIGNETTES if "not_yet" in vignette]


@pytest.mark.parametrize("vignette", NOT_YET, ids=lambda vignette: vignette["name"])
def test_what_a_specialist_expects_and_does_not_get_yet(
    vignette: dict[str, Any], catalogue: Catalogue
) -> None:
    """Each says why; once it holds, it belongs among the expectations that must."""
    why = vignette["not_yet"]["why"]
    rest = {name: value for name, value in vignette["not_yet"].items() if name != "why"}
    expected = {"name": vignette["name"], "patient": vignette["patient"], **rest}
    wanted = sum(len(value) for each in rest.values() for value in _lists(each))
    assert len(list(problems(expected, catalogue))) == wanted, why


def _lists(each: Any) -> list[Any]:
    values = each.values() if isinstance(each, dict) else [each]
    return [value if isinstance(value, list) else [value] for value in values]


def test_a_wrong_order_is_noticed(catalogue: Catalogue) -> None:
    wrong = {
        "name": "the weakest first",
        "patient": {"refractory": ["lenalidomide"], "exposed": ["bortezomib"], "prior_lines": 1},
        "first": ["Pd"],
        "leads": ["Kd"],
        "not_first": ["cilta-cel"],
        "before": {"PVd": ["BVd", "DaraVd"], "DaraRd": ["Kd"]},
        "serious": {"Kd": "no such words"},
        "arranges": {"Kd": "no such words"},
    }
    assert len(list(problems(wrong, catalogue))) == 8


def test_a_wrong_expectation_is_noticed(catalogue: Catalogue) -> None:
    wrong = {
        "name": "wrong on every count",
        "patient": {"refractory": ["lenalidomide"]},
        "eligible": ["DaraRd"],
        "because": {"DaraRd": "no such words"},
        "asks": ["weight"],
        "warns": ["no-such-code"],
        "state": "penta-refractory",
        "approval": {"Pd": {"us": "withdrawn"}},
    }
    assert len(list(problems(wrong, catalogue))) == 6
    assert list(problems({"name": "", "patient": {"egfr": -3}}, catalogue))
    assert list(problems({"name": "", "patient": {}, "error": "egfr"}, catalogue))
