"""The network of randomised comparisons on catalogues of a few regimens."""

from __future__ import annotations

from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.rules.network import circles, descent, levels, wins
from tests.rules.small import asked, catalogue, regimen, row, trial


def chain(**more: Any) -> Catalogue:
    """old < a < b < c, each in a trial of its own."""
    return catalogue(
        {
            "a": regimen("a", [row("one", "old")]),
            "b": regimen("b", [row("two", "a")]),
            "c": regimen("c", [row("three", "b")]),
        },
        **more,
    )


def test_each_win_is_one_level_up() -> None:
    assert levels(chain()) == {"old": 0, "a": 1, "b": 2, "c": 3}


def test_a_comparator_has_its_own_level() -> None:
    older = {"oldest": {"name": "oldest"}, "old": {"name": "old", "evidence": [row("0", "oldest")]}}
    known = levels(chain(comparators=older))
    assert known == {"oldest": 0, "old": 1, "a": 2, "b": 3, "c": 4}


def test_of_a_choice_of_comparators_the_lowest_counts() -> None:
    choice = {
        "a": regimen("a", [row("one", "old")]),
        "b": regimen("b", [row("two", "a")]),
        "c": regimen("c", [row("three", ["a", "b"])]),
    }
    assert levels(catalogue(choice))["c"] == 2


def test_a_further_trial_against_something_old_takes_nothing_away() -> None:
    twice = regimen("c", [row("three", "b"), row("four", "old")])
    both = {"a": regimen("a", [row("one", "old")]), "b": regimen("b", [row("two", "a")])}
    assert levels(catalogue({**both, "c": twice}))["c"] == 3


@pytest.mark.parametrize(
    "more",
    [
        {"ci95": ["0.70", "1.10"]},
        {"control": True},
        {"endpoint": "orr_percent"},
        {"comparator": "an arm in words"},
        {"design": "indirect"},
    ],
    ids=str,
)
def test_what_was_not_shown_superior_to_a_regimen_adds_no_level(more: dict[str, Any]) -> None:
    assert levels(catalogue({"a": regimen("a", [row("one", "old", **more)])})) == {}


def test_a_win_is_shown_by_progression_of_everybody_with_its_interval() -> None:
    rows = [
        row("one", "old", endpoint="median_os_months"),
        row("one", "old", population="len-refractory"),
        row("one", "old", hr="0.44"),
        row("one", "old", hr=None, ci95=None),
    ]
    (win,) = wins(catalogue({"a": regimen("a", rows)}))["a"]
    assert (win.trial, win.over, win.row.hr, win.row.population) == ("one", ("old",), "0.44", "ITT")


def test_the_last_step_must_fit_the_patient_and_those_below_need_not() -> None:
    strange = {"three": trial(enrolled_refractory=[])}
    below = {"one": trial(enrolled_refractory=[])}
    assert asked(chain(trials=strange))["c"].merit.level == 0
    assert asked(chain(trials=below))["c"].merit.level == 3


def test_the_way_down_is_said() -> None:
    found = asked(chain())["c"]
    assert found.merit.win is not None
    assert [win.trial for win in descent(found.merit.win, asked(chain()).catalogue)] == [
        "three",
        "two",
        "one",
    ]
    assert found.rank_because[4] == (
        "head to head: level 3, beat b in three, which beat a in two, which beat old in one"
    )


def test_a_circle_is_found_and_lifts_nobody() -> None:
    round_ = {
        "a": regimen("a", [row("one", "b")]),
        "b": regimen("b", [row("two", "c")]),
        "c": regimen("c", [row("three", "a")]),
    }
    found = catalogue(round_)
    assert {pair for each in circles(found) for pair in each} == {"a", "b", "c"}
    assert max(levels(found).values()) <= 3
    assert list(circles(chain())) == []
    assert [len(descent(win, found)) for (win,) in wins(found).values()] == [3, 3, 3]


def test_the_network_of_the_catalogue_is_that_of_its_trials(catalogue: Catalogue) -> None:
    """Levels worked out by hand from the trials: who beat whom."""
    known = levels(catalogue)
    assert not list(circles(catalogue))
    expected = {
        "Vd": 1,
        "Pd": 1,
        "DaraVd": 2,
        "PVd": 2,
        "Kd": 2,
        "XVd": 2,
        "DaraPd": 2,
        "IsaPd": 2,
        "EloPd": 2,
        "BVd": 3,
        "BPd": 3,
        "DaraKd": 3,
        "IsaKd": 3,
        "cilta-cel": 3,
        "TecDara": 3,
    }
    assert {name: known.get(name, 0) for name in expected} == expected
    assert known.get("VenVd", 0) == known.get("Melflufen-d", 0) == 0
