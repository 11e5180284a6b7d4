from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from tests.vignettes import load_vignettes, problems

VIGNETTES = load_vignettes(Path(__file__).parents[1] / "vignettes.yaml")


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette["name"])
def test_vignette(vignette: dict[str, Any], catalogue: Catalogue) -> None:
    assert list(problems(vignette, catalogue)) == []


def test_there_are_enough_and_each_has_its_own_name() -> None:
    names = [vignette["name"] for vignette in VIGNETTES]
    assert len(set(names)) == len(names) >= 40


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
