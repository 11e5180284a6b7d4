"""The eight keys of the order, one by one: two regimens that differ in that key alone."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lenrx.catalogue.loading import Catalogue, build, checkout
from lenrx.catalogue.strict_yaml import read
from lenrx.patient.patient import Patient, PatientError
from lenrx.rules.answer import Answer
from lenrx.rules.assessment import assess
from lenrx.rules.evidence import TIERS
from lenrx.rules.order import Key
from tests.rules.small import (
    RELAPSED,
    asked,
    catalogue,
    label,
    places,
    regimen,
    row,
    rule,
    trial,
)

BETTER = [row("one", "old")]


def test_equal_regimens_share_a_rank_and_stand_by_id_in_any_case() -> None:
    found = catalogue({name: regimen(name, [row(name, "old")]) for name in ("b", "A", "C")})
    assert places(found) == ["1= A", "1= b", "1= C"]


def test_the_rank_after_a_tie_counts_all_before_it() -> None:
    found = catalogue({**{n: regimen(n, [row(n, "old")]) for n in "ab"}, "c": regimen("c")})
    assert places(found) == ["1= a", "1= b", "3 c"]


def test_an_open_verdict_comes_before_one_in_doubt() -> None:
    doubt = rule("needs-lvef", effect="requires")
    found = catalogue({"a": regimen("a", BETTER, rules=[doubt]), "b": regimen("b")})
    assert places(found) == ["1 b", "2 a"]


def test_the_label_comes_before_the_evidence() -> None:
    unknown = label("b", when={"age": {"at_least": 70}})
    found = catalogue(
        {
            "a": regimen("a", BETTER, labels=[label("a", when={"prior_lines": {"above": 4}})]),
            "b": regimen("b", BETTER, labels=[unknown]),
            "c": regimen("c"),
        }
    )
    assert places(found) == ["1 c", "2 b", "3 a"]


def test_a_serious_caution_comes_before_the_evidence_and_a_plain_one_behind_it() -> None:
    def ranked(**how: Any) -> list[str]:
        warned = regimen("a", [row("one", "old")], rules=[rule("heart", **how)])
        return places(catalogue({"a": warned, "b": regimen("b", [row("two")])}), lvef=30)

    assert ranked(serious=True) == ["1 b", "2 a"]
    assert ranked() == ["1 a", "2 b"]


@pytest.mark.parametrize(
    ("name", "tier"),
    [("superior", 0), ("single", 1), ("even", 2), ("retrospective", 2), ("other", 3), ("none", 4)],
)
def test_evidence_is_worth_what_its_design_and_result_are(name: str, tier: int) -> None:
    evidence = {
        "superior": [row("superior", "old")],
        "single": [row("single")],
        "even": [row("even", "old", ci95=["0.40", "1.00"])],
        "retrospective": [row("retrospective")],
        "other": [row("other", "old")],
        "none": [],
    }
    trials = {
        "single": trial("single-arm"),
        "retrospective": trial("retrospective"),
        "other": trial(enrolled_refractory=[]),
    }
    found = catalogue({n: regimen(n, rows) for n, rows in evidence.items()}, trials=trials)
    answer = asked(found)
    assert answer[name].merit.tier == tier
    assert answer[name].rank_because[3].startswith(f"evidence: {TIERS[tier]}")
    assert [each.merit.tier for each in answer.regimens] == sorted(
        each.merit.tier for each in answer.regimens
    )


def test_the_upper_end_of_an_interval_decides_what_is_superior() -> None:
    for end, tier in (("0.99", 0), ("1.00", 2)):
        found = catalogue({"a": regimen("a", [row("one", "old", ci95=["0.40", end])])})
        assert asked(found)["a"].merit.tier == tier


def test_a_trial_that_met_its_primary_endpoint_needs_no_interval() -> None:
    bare = [row("one", ["old"], hr=None, ci95=None)]
    met = {"says": "won", "source": "paper", "verified": "abstract"}
    for won, tier in ((met, 0), (None, 2)):
        trials = {"one": trial(primary_met=won) if won else trial()}
        found = catalogue({"a": regimen("a", copy.deepcopy(bare))}, trials=trials)
        assert asked(found)["a"].merit.tier == tier


def test_a_control_arm_is_not_superior_whoever_wins() -> None:
    found = catalogue(
        {
            "new": regimen("new", [row("one", "ctrl", comparator_value=5.0)]),
            "ctrl": regimen("ctrl"),
            "own": regimen("own", [row("two", "old", control=True)]),
        }
    )
    answer = asked(found)
    assert [answer[name].merit.tier for name in ("new", "ctrl", "own")] == [0, 2, 2]


def test_progression_won_and_survival_worse_is_no_superiority() -> None:
    worse = {"says": "deaths", "source": "paper", "verified": "abstract"}
    found = catalogue(
        {"a": regimen("a", BETTER), "b": regimen("b", [row("two", "old")])},
        trials={"one": trial(survival_worse=worse)},
    )
    assert places(found) == ["1 b", "2 a"]
    assert asked(found)["a"].merit == (2, "one", 0, None, "")


@pytest.mark.parametrize("few", [True, False])
def test_who_falls_under_a_limit_is_not_spoken_of(few: bool) -> None:
    limit = {
        "id": "limit",
        "when": {"prior_lines": {"above": 1}},
        "because": "one line",
        "few": few,
        "source": "paper",
        "verified": "abstract",
    }
    found = catalogue({"a": regimen("a", BETTER)}, trials={"one": trial(limits=[limit])})
    assert asked(found)["a"].merit.tier == 3
    assert asked(found, prior_lines=1)["a"].merit.tier == 0
    assert asked(found)["a"].key.cautions == 0


@pytest.mark.parametrize(
    ("enrolled", "tier"), [([], 3), (["lenalidomide"], 3), (["lenalidomide", "anti-CD38"], 0)]
)
def test_a_trial_speaks_of_resistance_that_it_enrolled(enrolled: list[str], tier: int) -> None:
    found = catalogue(
        {"a": regimen("a", BETTER)}, trials={"one": trial(enrolled_refractory=enrolled)}
    )
    assert asked(found, refractory=["lenalidomide", "daratumumab"])["a"].merit.tier == tier


def test_a_result_in_resistant_patients_says_that_they_were_enrolled() -> None:
    one = [row("one", "old", population="len-refractory")]
    found = catalogue({"a": regimen("a", one)}, trials={"one": trial(enrolled_refractory=[])})
    assert asked(found)["a"].merit.tier == 0


def test_who_beat_whom_comes_before_survival_and_medians_never_count() -> None:
    found = catalogue(
        {
            "low": regimen("low", [row("one", "old", value=90.0), row("one", "old", **LONGER)]),
            "high": regimen("high", [row("two", "low", value=1.0)]),
        }
    )
    assert places(found) == ["1 high", "2 low"]


LONGER = {"endpoint": "median_os_months"}


def test_longer_life_comes_before_the_guideline() -> None:
    found = catalogue(
        {
            "a": regimen("a", [row("one", "old")], positions=[position("new")]),
            "b": regimen("b", [row("two", "old"), row("two", "old", **LONGER)]),
        },
        guidelines={"new": guideline()},
    )
    assert places(found) == ["1 b", "2 a"]
    assert asked(found)["b"].rank_because[5] == "overall survival: shown to be longer (two)"


def guideline(**more: Any) -> dict[str, Any]:
    return {"body": "B", "kind": "guideline", "published": "2025", **more}


def position(name: str, stance: str = "recommended", setting: str = "relapse") -> dict[str, Any]:
    read = {"source": "paper", "verified": "abstract"}
    return {"guideline": name, "setting": setting, "stance": stance, **read}


@pytest.mark.parametrize(
    ("how", "orders"),
    [
        ({}, True),
        ({"ranked": False}, False),
        ({"kind": "funding"}, False),
        ({"kind": "review"}, False),
        ({"superseded_by": "later"}, False),
        ({"superseded_by": "future"}, True),
        ({"published": "2019"}, False),
        ({"published": "2027"}, False),
    ],
)
def test_a_guideline_orders_only_while_it_may(how: dict[str, Any], orders: bool) -> None:
    found = catalogue(
        {"a": regimen("a"), "b": regimen("b", positions=[position("one")])},
        guidelines={
            "one": guideline(**how),
            "later": guideline(published="2025-06"),
            "future": guideline(published="2027"),
        },
        catalogue={"version": "2026.01.02", "guidelines_since": "2020"},
    )
    assert places(found) == (["1 b", "2 a"] if orders else ["1= a", "1= b"])


def test_no_position_is_no_weakness_and_advice_against_is() -> None:
    found = catalogue(
        {
            "a": regimen("a", positions=[position("one", "not-recommended")]),
            "b": regimen("b", positions=[position("one", "option")]),
            "c": regimen("c"),
        },
        guidelines={"one": guideline()},
    )
    assert places(found) == ["1= b", "1= c", "3 a"]


def test_the_later_and_the_narrower_position_orders() -> None:
    both = [position("one"), position("two", "not-recommended")]
    narrow = [position("two"), position("two", "not-recommended", "late")]
    for positions in (both, narrow):
        found = catalogue(
            {"a": regimen("a", positions=positions), "b": regimen("b")},
            guidelines={"one": guideline(), "two": guideline(published="2025-05")},
        )
        assert places(found, age=70) == ["1 b", "2 a"]


def test_other_cautions_come_last() -> None:
    found = catalogue({"a": regimen("a", rules=[rule("heart")]), "b": regimen("b")})
    assert places(found, lvef=39) == ["1 b", "2 a"]
    assert places(found, lvef=40) == places(found) == ["1= a", "1= b"]


def test_eight_reasons_say_the_key() -> None:
    because = asked(catalogue({"a": regimen("a", BETTER, rules=[rule("h")])}), lvef=9)[
        "a"
    ].rank_because
    assert because == (
        "eligible",
        "label: us on-label",
        "0 serious cautions",
        "evidence: randomised and superior (one)",
        "head to head: level 1, beat old in one",
        "overall survival: not shown to be longer",
        "guideline: neither for nor against (no position that orders was found)",
        "1 other caution",
    )
    assert len(because) == len(Key._fields)


def test_the_printed_ranks_follow_from_the_printed_reasons(catalogue: Catalogue) -> None:
    """Read back from their words alone, the reasons give the same ranks."""
    for fields in (RELAPSED, {**RELAPSED, "lvef": 30, "age": 82, "frailty": "frail", "egfr": 25}):
        answer = assess(catalogue, Patient(**fields))
        open_ = [each for each in answer.regimens if each.rank]
        keys = [_read_back(each.rank_because) for each in open_]
        assert keys == sorted(keys)
        assert [each.rank for each in open_] == [1 + sum(k < own for k in keys) for own in keys]


def _read_back(because: tuple[str, ...]) -> tuple[int, ...]:
    verdict, label_words, serious, evidence, level, life, guide, cautions = because
    tier = next(place for place, words in enumerate(TIERS) if words in evidence)
    words = ("on-label", "unknown")
    places_ = [min([p for p, w in enumerate(words) if w in label_words], default=2)]
    stance = 0 if ": recommended" in guide else 2 if ": not-recommended" in guide else 1
    return (
        ("eligible", "conditional").index(verdict),
        *places_,
        _number(serious),
        tier,
        -_number(level),
        "not shown" in life,
        stance,
        _number(cautions),
    )


def _number(text: str) -> int:
    found = re.search(r"\d+", text)
    assert found
    return int(found[0])


REAL: dict[str, Any] = read(checkout())[0]
CALM = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
patients = st.fixed_dictionaries(
    {"refractory": st.just(["lenalidomide"])},
    optional={
        "exposed": st.lists(st.sampled_from(["bortezomib", "daratumumab"]), unique=True),
        "prior_lines": st.integers(1, 5),
        "age": st.integers(50, 90),
        "egfr": st.integers(5, 90),
        "region": st.sampled_from(["us", "eu"]),
        "cns": st.just(True),
    },
)


def _warned(name: str) -> Catalogue:
    data = copy.deepcopy(REAL)
    data["regimens"][name].setdefault("rules", []).append(
        {
            "id": "made-up",
            "filter": "organs",
            "effect": "cautions",
            "serious": True,
            "when": {"prior_lines": {"at_least": 1}},
            "because": "made up",
            "source": next(iter(data["sources"])),
            "verified": "secondary",
        }
    )
    return build(data, "0" * 64)


@pytest.mark.parametrize("name", ["cilta-cel", "DaraKd", "PVd"])
def test_a_serious_caution_more_never_raises_a_regimen(name: str) -> None:
    plain, warned = build(REAL, "0" * 64), _warned(name)

    @CALM
    @given(patients)
    def holds(fields: dict[str, Any]) -> None:
        try:
            before, after = assess(plain, Patient(**fields)), assess(warned, Patient(**fields))
        except PatientError:
            return
        ranks = [answer[name].rank or 0 for answer in (before, after)]
        assert ranks[0] <= ranks[1]
        assert after[name].key.serious == before[name].key.serious + 1

    holds()


@CALM
@given(patients, st.sampled_from(["cns", "egfr", "age", "prior_lines"]))
def test_taking_a_fact_away_leaves_no_caution_silent(fields: dict[str, Any], gone: str) -> None:
    """What warned is in doubt without the fact, or rests on others: never simply not so."""
    catalogue_ = build(REAL, "0" * 64)
    fewer = {name: value for name, value in fields.items() if name != gone}
    try:
        before, after = (assess(catalogue_, Patient(**each)) for each in (fields, fewer))
    except PatientError:
        return
    assert not _silenced(before, after)


def _silenced(before: Answer, after: Answer) -> list[tuple[str, str]]:
    """Cautions that applied and of which it is now said that they do not."""
    return [
        (each.regimen.id, one.criterion)
        for each in before.regimens
        for one in each.saying("cautions", "met")
        for other in after[each.regimen.id].findings
        if other.criterion == one.criterion and other.status == "not met"
    ]
