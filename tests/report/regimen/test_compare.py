from __future__ import annotations

import re
from typing import Any

import pytest

from lenrx.report.regimen.compare import ROWS, blocks
from lenrx.rules.answer import Answer
from tests.conftest import Ask
from tests.report.regimen.drawn import compared, flat

PATIENT: dict[str, Any] = {"refractory": "lena", "exposed": "bort", "prior_lines": 2}
FIVE = ("Kd", "cilta-cel", "BPd", "PVd", "TecDara")


@pytest.fixture(scope="module")
def answer(ask: Ask) -> Answer:
    return ask(**PATIENT, region="eu", egfr=25, age=80)


def pieces(text: str) -> list[str]:
    return [each for each in re.split(r"\s+|(?<=-)", text) if each]


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_no_word_is_cut(answer: Answer, width: int, count: int) -> None:
    drawn = compared(answer, FIVE[:count], width)
    assert max(map(len, drawn.splitlines())) <= width
    assert "\u2026" not in drawn
    shown = set(pieces(drawn))
    for _, cell in ROWS:
        for name in FIVE[:count]:
            for line in cell(answer[name], answer):
                assert set(pieces(line)) <= shown


def test_it_says_what_is_looked_for(answer: Answer) -> None:
    drawn = compared(answer, ("Kd", "BPd"), 120)
    for title in ("Label", "Evidence", "Guideline", "Schedule", "Visits", "Drugs", "To"):
        assert re.search(rf"^ *{title}\b", drawn, re.MULTILINE)
    for words in ("carfilzomib (iv)", "3 or 6 per 28-day", "1 per 28-day", "on-label (eu)"):
        assert words in flat(drawn)
    assert "(us)" not in drawn


def test_the_evidence_is_that_of_its_own_arm(answer: Answer) -> None:
    row = next(cell for title, cell in ROWS if title == "Evidence")
    for name, trial in (("Kd", "ENDEAVOR"), ("BPd", "DREAMM-8"), ("cilta-cel", "CARTITUDE-4")):
        said = row(answer[name], answer)[0]
        assert said.startswith(trial)
        assert "HR" in said
        assert " for " not in said.split("[")[0].split("HR")[1]


def test_a_guideline_has_its_setting_and_whether_it_orders(ask: Ask) -> None:
    answer = ask(refractory="lena,bort,dara", prior_lines=3)
    row = next(cell for title, cell in ROWS if title == "Guideline")
    said = " ".join(row(answer["cilta-cel"], answer))
    assert said.endswith("; orders")
    assert "triple-class" in said
    assert (
        row(ask(refractory="lena", exposed="bort", prior_lines=2)["Kd"], answer)[0] == "none orders"
    )


def test_what_nobody_has_is_no_row(ask: Ask) -> None:
    drawn = compared(ask(**PATIENT), ("Pd",), 100)
    assert "Serious" not in drawn


@pytest.mark.parametrize(
    ("count", "width", "longest", "found"),
    [
        (3, 120, 20, [(0, 3)]),
        (5, 80, 20, [(0, 2), (2, 4), (4, 5)]),
        (4, 80, 18, [(0, 2), (2, 4)]),
        (2, 40, 60, [(0, 1), (1, 2)]),
    ],
)
def test_as_many_stand_beside_each_other_as_have_room(
    count: int, width: int, longest: int, found: list[tuple[int, int]]
) -> None:
    assert blocks(count, width, longest) == found
