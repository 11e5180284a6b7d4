"""States that trials seldom enrol: a trial that does not say speaks of nobody in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.small import READ, asked, catalogue, regimen, row, trial

BETTER = [row("one", "old")]


@pytest.mark.parametrize(
    ("says", "cns", "tier"),
    [
        ({}, True, 3),
        ({}, False, 0),
        ({}, None, 0),
        ({"enrolled_states": ["CNS disease"]}, True, 0),
        ({"limits": [{"id": "l", "when": {"cns": True}, "because": "none", **READ}]}, True, 3),
        ({"limits": [{"id": "l", "when": {"pcl": True}, "because": "none", **READ}]}, True, 3),
    ],
)
def test_a_trial_that_does_not_say_whether_it_enrolled_a_rare_state_does_not_speak_of_it(
    says: dict[str, Any], cns: bool | None, tier: int
) -> None:
    found = catalogue(
        {"a": regimen("a", BETTER)},
        trials={"one": trial(**says)},
        seldom_enrolled={"CNS disease": {"when": {"cns": True}}},
    )
    (evidence,) = asked(found, cns=cns)["a"].evidence
    assert asked(found, cns=cns)["a"].merit.tier == tier
    assert evidence.unsaid == (("CNS disease",) if tier and not evidence.limits else ())


def test_a_result_in_a_rare_state_says_that_such_patients_were_enrolled() -> None:
    of_cns = row("one", "old", when={"cns": True})
    found = catalogue(
        {"a": regimen("a", [of_cns])}, seldom_enrolled={"CNS disease": {"when": {"cns": True}}}
    )
    (evidence,) = asked(found, cns=True)["a"].evidence
    assert evidence.fits
