from __future__ import annotations

import json

import pytest

from lenrx.report import what_if
from lenrx.rules.differences import Difference
from tests.conftest import Ask
from tests.report.regimen.drawn import flat, text


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "nothing changes"), (1, "1 regimen changes"), (2, "2 regimens change")],
)
def test_one_regimen_changes_and_several_change(ask: Ask, number: int, said: str) -> None:
    one = Difference("Kd", "eligible", "excluded", (), (), ())
    answer = ask(refractory="lena")
    tried = [({"prior_lines": "3"}, answer, (one,) * number)]
    drawn = flat(text(lambda to: what_if.draw(answer, tried, to), 80))
    assert f"What if prior_lines=3: {said}" in drawn


def test_regimens_that_change_alike_stand_together_with_the_order_then(ask: Ask) -> None:
    before, after = ask(refractory="lena"), ask(refractory="lena", egfr=25)
    found = (
        Difference("Kd", "eligible", "eligible", (), (), (), ("5=", "5=")),
        Difference("PVd", "eligible", "eligible", (), (), (), ("7", "7")),
        Difference("Xd", "eligible", "eligible", (), (), (), ("7", "3=")),
        Difference("Tal", "eligible", "excluded", (), (), (), ("9", "")),
    )
    drawn = flat(text(lambda to: what_if.draw(before, [({"egfr": "25"}, after, found)], to), 80))
    assert "Kd, PVd still eligible" in drawn
    assert "rank 7 to 3=" in drawn and "rank 9 to none" in drawn
    opened = [each for each in after.regimens if each.verdict == "eligible"][:5]
    assert f"First, then: {opened[0].place} {opened[0].regimen.id}" in drawn
    document = json.loads(what_if.as_json(before, [({"egfr": "25"}, after, found)]))["what_if"][0]
    assert document["first"] == [each.regimen.id for each in opened]
    assert [(e["rank_from"], e["rank_to"]) for e in document["regimens"]][2:] == [
        ("7", "3="),
        ("9", ""),
    ]
