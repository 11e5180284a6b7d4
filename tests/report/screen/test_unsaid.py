"""Trials that do not say whether they took patients in a state are named, in every form."""

from __future__ import annotations

from typing import Any

import pytest

from lenrx.report import markdown
from lenrx.report.html.page import render
from lenrx.report.screen.figures import not_said_lines
from tests.conftest import Ask

CASES = [
    ({"egfr": 25}, "severe renal impairment", "CASTOR", "CANDOR"),
    ({"dialysis": True}, "severe renal impairment", "CASTOR", "ENDEAVOR"),
    ({"ecog": 3}, "ECOG above 2", "CASTOR", "CANDOR"),
]


@pytest.mark.parametrize(("stated", "state", "silent", "speaks"), CASES)
def test_a_trial_without_a_limit_is_named_and_one_that_speaks_is_not(
    ask: Ask, stated: dict[str, Any], state: str, silent: str, speaks: str
) -> None:
    answer = ask(refractory="lena", exposed="bort", prior_lines=2, **stated)
    (said,) = not_said_lines(answer)
    lead, _, trials = said.partition(": ")
    assert lead == f"Not known to have enrolled {state}"
    assert silent in trials.split(", ")
    assert speaks not in trials.split(", ")
    assert said in markdown.render(answer)
    assert said in render(answer)


@pytest.mark.parametrize("stated", [{}, {"egfr": 30}, {"ecog": 2}])
def test_nobody_else_is_told(ask: Ask, stated: dict[str, Any]) -> None:
    answer = ask(refractory="lena", exposed="bort", prior_lines=2, **stated)
    assert not_said_lines(answer) == []
