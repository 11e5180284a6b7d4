from __future__ import annotations

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
    tried = [({"prior_lines": "3"}, (one,) * number)]
    answer = ask(refractory="lena")
    drawn = flat(text(lambda to: what_if.draw(answer, tried, to), 80))
    assert f"What if prior_lines=3: {said}" in drawn
