"""The second reading of conditions: Kleene's tables and thresholds, written down by hand."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.curation import deck
from lenrx.curation.deck.history import drugs_of, kin, lines_taken
from lenrx.curation.deck.truth import FINDINGS, least, most, of_leaf, reverse, told

LEN: dict[str, Any] = {"exposed": ["bortezomib"], "refractory": ["lenalidomide"]}


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (True, True, True, True),
        (True, None, None, True),
        (True, False, False, True),
        (None, None, None, None),
        (None, False, False, None),
        (False, False, False, False),
    ],
)
def test_all_and_any(
    one: bool | None, other: bool | None, both: bool | None, either: bool | None
) -> None:
    for pair in ((one, other), (other, one)):
        assert least(pair) is both
        assert most(pair) is either
    assert (least([]), most([])) == (True, False)


def test_not() -> None:
    assert [reverse(each) for each in (True, None, False)] == [False, None, True]


@pytest.mark.parametrize(
    ("key", "wanted", "chart", "expected"),
    [
        ("lvef", {"below": 40}, {"lvef": 39.99}, True),
        ("lvef", {"below": 40}, {"lvef": 40}, False),
        ("lvef", {"at_most": 40}, {"lvef": 40}, True),
        ("lvef", {"at_most": 40}, {"lvef": 40.01}, False),
        ("age", {"above": 75}, {"age": 75}, False),
        ("age", {"above": 75}, {"age": 76}, True),
        ("age", {"at_least": 75}, {"age": 75}, True),
        ("age", {"at_least": 75}, {"age": 74}, False),
        ("anc", {"at_least": 0.5, "below": 1}, {"anc": 0.5}, True),
        ("anc", {"at_least": 0.5, "below": 1}, {"anc": 1}, False),
        ("lvef", {"below": 40}, {}, None),
        ("renal", {"below": 30}, {"egfr": 29.99}, True),
        ("renal", {"below": 30}, {"egfr": 90, "crcl": 29}, True),
        ("renal", {"below": 30}, {"crcl": 90, "egfr": 30}, False),
        ("renal", {"below": 15}, {"egfr": 90, "dialysis": True}, True),
        ("renal", {"at_least": 10, "at_most": 20}, {"dialysis": True}, None),
        ("renal", {"below": 15}, {"dialysis": False}, None),
        ("pcl", True, {"pcl": True}, True),
        ("pcl", True, {"pcl": False}, False),
        ("pcl", True, {}, None),
        ("frailty", ["frail"], {"frailty": "fit"}, False),
        ("frailty", ["frail", "fit"], {"frailty": "fit"}, True),
        ("comorbidity", ["hiv"], {"comorbidities": ["hiv"]}, True),
        ("comorbidity", ["hiv"], {"comorbidities_absent": ["hiv"]}, False),
        ("comorbidity", ["hiv"], {"comorbidities": ["copd"]}, None),
        ("comorbidity", ["hiv"], {"comorbidities": ["hiv"], "comorbidities_absent": ["hiv"]}, None),
        ("comorbidity", ["hiv", "copd"], {"comorbidities_absent": ["hiv"]}, None),
        ("comorbidity", ["pregnancy"], {"sex": "male"}, False),
        ("comorbidity", ["pregnancy"], {"sex": "female"}, None),
        ("comorbidity", ["pregnancy"], {"sex": "male", "comorbidities": ["pregnancy"]}, True),
        ("cytogenetics", ["t(11;14)"], {"cytogenetics": ["t(11;14)"]}, True),
        ("medications", ["live_vaccine"], {"medications": []}, False),
        ("medications", ["live_vaccine"], {"medications": ["examplinib"]}, None),
        ("medications", ["live_vaccine"], {}, None),
        ("prior_lines", {"at_least": 1}, {"prior_lines": 0}, False),
        ("prior_lines", {"at_least": 2}, {"prior_lines": 2}, True),
        ("prior_lines", {"at_least": 1}, LEN, True),
        ("prior_lines", {"at_least": 2}, LEN, None),
        ("prior_lines", {"at_least": 1}, {}, None),
        ("received", ["PI"], LEN, True),
        ("received", ["lenalidomide"], LEN, True),
        ("received", ["anti-CD38"], LEN, False),
        ("received", ["anti-CD38"], {**LEN, "history": "partial"}, None),
        ("received", ["PI"], {}, None),
        ("received", ["carfilzomib"], {"exposed": ["PI"]}, None),
        ("received", ["PI"], {"exposed": ["PI"]}, True),
        ("received", ["IMiD"], {"intolerant": ["thalidomide"]}, True),
        ("received", ["BCMA"], {"exposed": ["cilta-cel"]}, True),
        ("refractory", ["bortezomib"], LEN, False),
        ("refractory", ["bortezomib"], {"exposed": ["bortezomib"]}, None),
        ("refractory", ["dexamethasone"], {"exposed": ["dexamethasone"]}, False),
        ("refractory", ["bortezomib"], {"exposed": [], "refractory": ["PI"]}, None),
        ("refractory_count", {"class": "PI", "at_least": 2}, {"refractory": ["bortezomib"]}, False),
        (
            "refractory_count",
            {"class": "PI", "at_least": 2},
            {"refractory": ["bortezomib", "ixazomib"]},
            True,
        ),
        (
            "refractory_count",
            {"class": "PI", "at_least": 2},
            {"refractory": ["bortezomib"], "history": "partial"},
            None,
        ),
    ],
)
def test_what_a_leaf_says(
    key: str, wanted: Any, chart: dict[str, Any], expected: bool | None, catalogue: Catalogue
) -> None:
    assert of_leaf(key, wanted, chart, catalogue) is expected


def test_a_condition_is_put_together_of_its_leaves(catalogue: Catalogue) -> None:
    values = {True: {"pcl": True}, False: {"pcl": False}, None: {}}
    for truth, chart in values.items():
        assert told({"not": {"pcl": True}}, chart, catalogue) is reverse(truth)
        for joint, fold in (("all", least), ("any", most)):
            both = {joint: [{"pcl": True}, {"cns": True}]}
            assert told(both, {**chart, "cns": True}, catalogue) is fold((truth, True))
            assert told(both, {**chart, "cns": False}, catalogue) is fold((truth, False))
    assert told({"always": True}, {}, catalogue) is True


def test_names_of_drugs_and_lines(catalogue: Catalogue) -> None:
    assert drugs_of("IMiD", catalogue) == {"lenalidomide", "pomalidomide", "thalidomide"}
    assert {"cilta-cel", "teclistamab", "belantamab-mafodotin"} < drugs_of("BCMA", catalogue)
    assert (kin("bortezomib", catalogue), kin("selinexor", catalogue)) == ("PI", "")
    assert kin("talquetamab", catalogue) == "bispecific"
    failed = ["lenalidomide", "pomalidomide", "bortezomib"]
    assert lines_taken({"refractory": failed}, catalogue) == 2
    assert lines_taken({"exposed": ["bortezomib"]}, catalogue) == 1
    assert lines_taken({"exposed": ["dexamethasone"]}, catalogue) == 0
    assert set(FINDINGS) == {"comorbidity", "cytogenetics"}


def test_the_second_reading_shares_nothing_with_the_first() -> None:
    """But for walking through the leaves, which judges nothing."""
    readers = ("truth", "history", "market", "expected")
    for name in readers:
        tree = ast.parse((Path(deck.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        taken = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
        assert not {each for each in taken if each and each.startswith("lenrx.rules")}, name
        assert "lenrx.catalogue.conditions" not in taken, name
        assert not {each for each in taken if each and each.startswith("lenrx.patient")}, name
