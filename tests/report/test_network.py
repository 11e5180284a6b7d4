from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.report.catalogue import network
from lenrx.rules.network import levels, wins
from tests.report.regimen.drawn import flat, text


def test_every_win_is_an_edge_once_and_higher_levels_come_first(catalogue: Catalogue) -> None:
    found = network.edges(catalogue)
    every = [(win.winner, win.over, win.trial) for each in wins(catalogue).values() for win in each]
    assert sorted((e.regimen, e.comparators, e.trial) for e in found) == sorted(every)
    heights = [edge.level or 0 for edge in found]
    assert heights == sorted(heights, reverse=True)
    assert max(heights) == max(levels(catalogue).values())


def test_an_edge_has_both_hazard_ratios_of_most_patients(catalogue: Catalogue) -> None:
    edge = next(one for one in network.edges(catalogue) if one.trial == "CANDOR")
    assert [(row.hr, row.ci95, row.n) for row in edge.shown] == [
        ("0.64", ("0.49", "0.83"), 466),
        ("0.78", ("0.60", "1.03"), 466),
    ]


@pytest.mark.parametrize(
    ("regimen", "why"),
    [
        ("VenVd", "progression-free survival won, overall survival worse"),
        ("Melflufen-d", "progression-free survival won, overall survival worse"),
        ("Ixa-d", "the interval includes 1"),
        ("VenDex", "the interval includes 1"),
    ],
)
def test_what_is_not_counted_has_a_reason(catalogue: Catalogue, regimen: str, why: str) -> None:
    assert why in {edge.why for edge in network.apart(catalogue) if edge.regimen == regimen}
    assert all(edge.why and edge.level is None for edge in network.apart(catalogue))


def test_a_control_arm_is_said_to_be_one(catalogue: Catalogue) -> None:
    regimen = catalogue.regimens["IsaKd"]
    rows = tuple(row._replace(control=True) for row in regimen.evidence)
    changed = {**catalogue.regimens, "IsaKd": regimen._replace(evidence=rows)}
    found = network.apart(replace(catalogue, regimens=changed))
    assert {e.why for e in found if e.regimen == "IsaKd"} == {"it was the control arm"}


def test_it_is_drawn_by_level_with_what_is_not_counted_below(catalogue: Catalogue) -> None:
    drawn = text(lambda to: network.draw(catalogue, to), 100)
    assert drawn.index("Level 3") < drawn.index("Level 2") < drawn.index("Level 1")
    assert drawn.index("Level 0") < drawn.index("Compared, and not counted")
    said = flat(drawn)
    assert "DaraKd > Kd CANDOR: PFS HR 0.64 (0.49-0.83); OS HR 0.78 (0.60-1.03), n 466" in said
    assert "IKEMA: PFS HR 0.58 (95.4 % CI 0.42-0.79)" in said
    above, below = said.split("Compared, and not counted as superior")
    assert "VenVd >" not in above
    assert "VenVd v Vd BELLINI" in below


@pytest.mark.parametrize("width", [80, 100, 120])
def test_it_keeps_to_its_width(catalogue: Catalogue, width: int) -> None:
    lines = text(lambda to: network.draw(catalogue, to), width).splitlines()
    assert max(map(len, lines)) <= width


def test_json_holds_levels_and_every_comparison(catalogue: Catalogue) -> None:
    document = json.loads(network.as_json(catalogue))
    assert document["schema"] == "lenrx/network/1"
    assert document["levels"] == levels(catalogue)
    assert len(document["superior"]) == len(network.edges(catalogue))
    assert all(one["why_not"] for one in document["not_counted"])
    result = document["superior"][0]["results"][0]
    assert set(result) == {"endpoint", "population", "hr", "ci95", "n", "source", "verified"}
