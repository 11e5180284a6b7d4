"""Each check fires on a bad snippet; then the shipped catalogue passes, one test per entry."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from lenrx.catalogue.loading import checkout
from lenrx.catalogue.records import FILES
from lenrx.catalogue.strict_yaml import LineNumbers, parse, validate
from lenrx.curation import authorisation_checks, checks, clinical_checks, sentence_checks
from lenrx.curation.check_files import check_catalogue
from lenrx.curation.checks import CHECKS
from lenrx.curation.places import Problem
from lenrx.rules.order import HIGHEST


def shipped() -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name in FILES:
        data |= parse((checkout() / name).read_text(encoding="utf-8"), name)
    return data


DATA = shipped()
SOURCE = {"title": "t", "short": "s", "kind": "paper", "seen": "abstract", "read": "2026-11-22"}
ROW = {
    "trial": "T",
    "population": "ITT",
    "endpoint": "median_pfs_months",
    "value": 10.5,
    "n": 100,
    "source": "a",
    "verified": "abstract",
}
RULE = {
    "id": "x-rule",
    "filter": "organs",
    "effect": "cautions",
    "when": {"lvef": {"below": 40}},
    "because": "LVEF below 40 %",
    "source": "a",
    "verified": "abstract",
}
TAKEN = {
    **RULE,
    "id": "x-inhibitor",
    "filter": "interactions",
    "when": {"medications": ["inhibitor"]},
    "because": "inhibitor: to be avoided",
}
LABEL = {
    "id": "x-us",
    "region": "us",
    "product": "X",
    "from": "2020-01-01",
    "when": {"always": True},
    "says": "anybody",
    "source": "a",
    "verified": "abstract",
}
FIRST = {
    "region": "us",
    "from": "2020-01-01",
    "source": "a",
    "where": "first page",
    "verified": "abstract",
}


def tiny() -> dict[str, Any]:
    """A catalogue of one regimen on which every check passes."""
    return {
        "catalogue": {"version": "2026.11.22"},
        "sources": {"a": dict(SOURCE), "b": dict(SOURCE)},
        "definitions": {"d": {"says": "x", "source": "b", "verified": "abstract"}},
        "classes": {"PI": {"name": "proteasome inhibitor", "crosses": "drug"}},
        "drugs": {
            "x": {
                "name": "x",
                "class": "PI",
                "rules": [dict(RULE), dict(TAKEN)],
                "authorised": [dict(FIRST)],
            },
            "y": {"name": "y", "class": "PI", "brands": ["Ypsil"]},
        },
        "combinations": {},
        "ambiguous": {"Z": ["x", "y"]},
        "interactions": {
            "inhibitor": {
                "name": "inhibitor",
                "members": [{"medicines": ["m"], "source": "a", "verified": "abstract"}],
            }
        },
        "medicines": {"m": {"brands": ["Emm"]}, "n": {}},
        "unlisted": {"table": {"medicines": ["n"], "source": "a", "verified": "abstract"}},
        "populations": {"ITT": {"title": "everyone"}, "renal": {"title": "renal"}},
        "seldom_enrolled": {},
        "settings": {"s": {"title": "s", "when": {"always": True}}},
        "comparators": {"C": {"name": "c"}},
        "guidelines": {
            "G 2020": {"body": "G", "kind": "guideline", "published": "2020"},
            "G 2025": {"body": "G", "kind": "guideline", "published": "2025"},
        },
        "trials": {
            "T": {"design": "randomised", "source": "a", "verified": "abstract"},
        },
        "regimens": {
            "X": {
                "name": "x",
                "intensity": "oral",
                "drugs": [{"drug": "x", "role": "backbone"}],
                "labels": [dict(LABEL)],
                "evidence": [dict(ROW)],
                "reviewed": "2026-11-22",
            }
        },
    }


def test_the_tiny_catalogue_is_clean() -> None:
    assert checks.findings(tiny(), LineNumbers()) == []
    assert list(validate(tiny(), LineNumbers())) == []


Break = Callable[[dict[str, Any]], Any]


def regimen(data: dict[str, Any]) -> Any:
    return data["regimens"]["X"]


def row(data: dict[str, Any]) -> Any:
    return regimen(data)["evidence"][0]


def first(data: dict[str, Any]) -> Any:
    return data["drugs"]["x"]["authorised"][0]


def rule(data: dict[str, Any]) -> Any:
    return data["drugs"]["x"]["rules"][0]


def members(data: dict[str, Any]) -> Any:
    return data["interactions"]["inhibitor"]["members"][0]


def trial(data: dict[str, Any]) -> Any:
    return data["trials"]["T"]


def limit(when: dict[str, Any], because: str = "left out") -> dict[str, Any]:
    return {
        "id": "t-limit",
        "when": when,
        "because": because,
        "source": "a",
        "verified": "abstract",
    }


def enrolling(words: str) -> Break:
    return lambda data: trial(data).update(enrolled=words)


def refractory(drug: str) -> dict[str, Any]:
    return {"title": drug, "when": {"all": [{"refractory": [drug]}]}, "resistance": True}


def beats(data: dict[str, Any], winner: str, loser: str) -> Any:
    """Enter both, and a randomised comparison that one won."""
    won = {**ROW, "hr": "0.50", "ci95": ["0.40", "0.60"], "comparator": [loser]}
    for name in {winner, loser} - set(data["comparators"]) - set(data["regimens"]):
        data["regimens"][name] = {**copy.deepcopy(regimen(data)), "evidence": [], "labels": []}
    entry = data["comparators" if winner in data["comparators"] else "regimens"][winner]
    entry["evidence"] = [*entry.get("evidence", []), won]
    return entry


FIRST_LABEL = "its first label here: x-us"
LATER = {"from": "2020-01-02"}


def _noted(name: str) -> dict[str, Any]:
    return {**RULE, "id": name, "effect": "notes", "when": {"neuropathic_pain": True}}


def _replaced(data: dict[str, Any], end: str) -> None:
    later = {**LABEL, "id": "x-us-2021", "from": "2021-06-01", "when": {"pcl": True}}
    regimen(data)["labels"].append(later)
    regimen(data)["labels"][0].update(until=end, ended_by="replaced")


def _between(data: dict[str, Any], start: str, end: str, where: str = "report") -> None:
    data["drugs"]["x"]["authorised"] = [
        {"region": "us", "not_before": start, "by": end, "source": "a", "where": where}
    ]


def _limits(bounds: dict[str, int], said: str, data: dict[str, Any]) -> None:
    rule(data).update(when={"prior_lines": bounds}, because=said)


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({"above": 3}, "enrolled 1 to 3 prior lines"),
        ({"at_least": 4}, "enrolled one to three prior lines"),
        ({"below": 2}, "enrolled 2 to 4 prior lines"),
        ({"at_most": 1}, "enrolled 2 to 4 prior lines"),
        ({"above": 3}, "excluded more than 3 prior lines"),
        ({"above": 3}, "excluded 4 or more prior lines"),
        ({"below": 2}, "asked for at least 2 prior lines"),
        ({"below": 2}, "took 1 prior line only"),
    ],
)
def test_a_bound_on_lines_is_said_from_either_side(bounds: dict[str, int], said: str) -> None:
    data = tiny()
    _limits(bounds, said, data)
    assert not list(sentence_checks.threshold_said_otherwise(data))


@pytest.mark.parametrize(
    ("bounds", "said", "agree"),
    [
        ({"at_least": 1, "at_most": 3}, "1 to 3 prior lines", True),
        ({"at_least": 2, "at_most": 3}, "1 to 3 prior lines", False),
        ({"at_least": 1, "at_most": 4}, "1 to 3 prior lines", False),
        ({"above": 0, "below": 4}, "1 to 3 prior lines", True),
        ({"above": 1}, "1 to 3 prior lines", False),
        ({"below": 3}, "1 to 3 prior lines", False),
        ({"at_least": 2}, "at least 2 prior therapies", True),
        ({"at_least": 3}, "at least 2 prior therapies", False),
        ({"at_least": 1}, "at least 2 prior therapies", False),
    ],
)
def test_a_bound_of_a_label_is_that_of_its_sentence(
    bounds: dict[str, int], said: str, agree: bool
) -> None:
    data = tiny()
    regimen(data)["labels"][0].update(when={"prior_lines": bounds}, says=said)
    assert (not list(sentence_checks.threshold_said_otherwise(data))) is agree


BROKEN: list[tuple[str, Break]] = [
    ("figure_without_source", lambda d: members(d).update(source="none")),
    ("unknown_medicine", lambda d: members(d).update(medicines=["m", "o"])),
    ("unknown_medicine", lambda d: d["unlisted"]["table"].update(medicines=["n", "o"])),
    (
        "unknown_medicine",
        lambda d: d["drugs"]["x"]["rules"][1].update(when={"medications": ["inhibitor", "o"]}),
    ),
    ("medicine_looked_for_nowhere", lambda d: d["medicines"].update(o={})),
    ("medicine_looked_for_nowhere", lambda d: members(d).update(medicines=["m", "n"])),
    ("interaction_nobody_asks", lambda d: d["interactions"].update(inducer={"name": "inducer"})),
    ("medicine_named_twice", lambda d: d["medicines"]["n"].update(brands=["Emm"])),
    ("medicine_named_twice", lambda d: d["medicines"]["n"].update(spellings=["Inhibitore"])),
    ("medicine_of_other_filter", lambda d: d["drugs"]["x"]["rules"][1].update(filter="organs")),
    ("medicine_of_other_filter", lambda d: rule(d).update(filter="interactions")),
    ("figure_without_source", lambda d: row(d).update(source="none")),
    ("figure_without_source", lambda d: regimen(d)["labels"][0].update(dated_by="none")),
    ("source_nobody_cites", lambda d: d["sources"].update(c=dict(SOURCE))),
    (
        "memory_is_no_source",
        lambda d: (d["sources"]["a"].update(seen="secondary"), row(d).update(verified="label")),
    ),
    ("unknown_reference", lambda d: row(d).update(population="nobody")),
    ("unknown_reference", lambda d: row(d).update(endpoint="happiness")),
    ("unknown_reference", lambda d: row(d).update(when={"received": ["aspirin"]})),
    ("unknown_reference", lambda d: regimen(d)["drugs"].append({"drug": "q", "role": "partner"})),
    ("drug_without_class", lambda d: d["drugs"]["y"].update({"class": "magic"})),
    ("drug_without_class", lambda d: d["drugs"]["y"].update({"class": "IMiD"})),
    ("ambiguous_name", lambda d: d["drugs"]["y"].update(brands=["X"])),
    ("ambiguous_name", lambda d: d["ambiguous"].update(Ypsil=["x", "y"])),
    ("ambiguous_name", lambda d: d["ambiguous"].update(Q=["aspirin"])),
    ("duplicate_id", lambda d: d["drugs"]["y"].update(rules=[dict(RULE)])),
    ("malformed_identifier", lambda d: d["sources"]["a"].update(pmid="12")),
    ("malformed_identifier", lambda d: d["sources"]["a"].update(doi="doi:10.1/x")),
    ("malformed_identifier", lambda d: d["trials"]["T"].update(nct="NCT1")),
    ("malformed_identifier", lambda d: [s.update(pmid="1234567") for s in d["sources"].values()]),
    (
        "hazard_ratio_outside_interval",
        lambda d: row(d).update(hr="0.90", ci95=["0.40", "0.80"]),
    ),
    ("hazard_ratio_outside_interval", lambda d: row(d).update(hr="0.6", ci95=["0.80", "0.40"])),
    ("hazard_ratio_outside_interval", lambda d: row(d).update(hr="about half")),
    ("implausible_number", lambda d: row(d).update(value=750)),
    ("implausible_number", lambda d: row(d).update(value="not reached")),
    ("implausible_number", lambda d: row(d).update(endpoint="orr_percent", value=101)),
    ("implausible_number", lambda d: row(d).update(hr="9.5")),
    ("implausible_number", lambda d: row(d).update(n=0)),
    ("implausible_number", lambda d: row(d).pop("value")),
    (
        "implausible_number",
        lambda d: regimen(d).update(
            toxicity=[{"event": "e", "grade": "3", "percent": 140, "source": "a"}]
        ),
    ),
    ("figure_typed_twice", lambda d: regimen(d)["evidence"].append(dict(ROW))),
    ("population_without_condition", lambda d: row(d).update(population="renal")),
    ("overlapping_clauses", lambda d: regimen(d)["labels"].append({**LABEL, "id": "x-us-2"})),
    ("clause_without_start", lambda d: regimen(d)["labels"][0].pop("from")),
    ("drug_without_authorisation", lambda d: d["drugs"]["x"].pop("authorised")),
    ("authorisation_without_day", lambda d: first(d).pop("from")),
    ("authorisation_without_day", lambda d: first(d).update(by="2020-01-01")),
    (
        "authorisation_without_day",
        lambda d: (first(d).pop("from"), first(d).update(not_before="2020-01-02", by="2020-01-01")),
    ),
    ("authorisation_without_day", lambda d: d["drugs"]["x"]["authorised"].append(dict(FIRST))),
    ("label_before_authorisation", lambda d: first(d).update({"from": "2020-01-02"})),
    ("wrong_date", lambda d: first(d).update({"from": "2020"})),
    ("wrong_date", lambda d: regimen(d).update(reviewed="22.11.2026")),
    ("wrong_date", lambda d: regimen(d)["labels"][0].update(until="2019-01-01")),
    ("wrong_date", lambda d: regimen(d)["labels"][0].update(until="2021-01-01")),
    (
        "decides_for_everybody",
        lambda d: d["drugs"]["x"]["rules"][0].update(effect="excludes", when={"always": True}),
    ),
    (
        "criterion_without_use",
        lambda d: row(d).update(when={"egfr": {"at_least": 60, "below": 60}}),
    ),
    (
        "criterion_without_use",
        lambda d: row(d).update(when={"all": [{"emd": True}, {"not": {"emd": True}}]}),
    ),
    (
        "criterion_without_use",
        lambda d: d["populations"]["ITT"].update(
            broader_if={"any": [{"emd": True}, {"emd": False}]}
        ),
    ),
    ("dose_without_words", lambda d: d["drugs"]["x"]["rules"][0].update(effect="adjusts")),
    ("dose_without_words", lambda d: d["drugs"]["x"]["rules"][0].update(because="Ends so.")),
    (
        "restricted_without_clause",
        lambda d: (regimen(d).update(restricted=True), regimen(d).pop("labels")),
    ),
    (
        "trial_nobody_uses",
        lambda d: d["trials"].update(
            U={"design": "randomised", "source": "a", "verified": "abstract"}
        ),
    ),
    (
        "entries_out_of_order",
        lambda d: d.update(sources=dict(reversed(d["sources"].items()))),
    ),
    (
        "entries_out_of_order",
        lambda d: d["regimens"].update(X=dict(reversed(regimen(d).items()))),
    ),
    ("gap_not_stated", lambda d: regimen(d).pop("evidence")),
    ("comparisons_in_a_circle", lambda d: (beats(d, "X", "Y"), beats(d, "Y", "X"))),
    (
        "comparisons_in_a_circle",
        lambda d: (beats(d, "X", "Y"), beats(d, "Y", "C"), beats(d, "C", "X")),
    ),
    ("network_too_high", lambda d: [beats(d, f"X{n + 1}", f"X{n}") for n in range(HIGHEST)]),
    ("bare_renal_function", lambda d: rule(d).update(when={"egfr": {"below": 30}})),
    (
        "bare_renal_function",
        lambda d: trial(d).update(limits=[limit({"any": [{"emd": True}, {"crcl": {"below": 9}}]})]),
    ),
    *[
        ("lines_without_limit", enrolling(words))
        for words in (
            "1 to 3 prior lines",
            "at least two prior regimens, ECOG 0 to 1",
            "relapsed after 2 to 4 regimens",
            "more than 3 prior lines",
            "first, or 2 previous therapies or more: at least 3 lines",
        )
    ],
    (
        "resistance_not_enrolled",
        lambda d: (
            trial(d).update(enrolled_refractory=["x"]),
            d["populations"].update({"y-refractory": refractory("y")}),
            row(d).update(population="y-refractory"),
        ),
    ),
    (
        "seldom_enrolled_unfounded",
        lambda d: d["seldom_enrolled"].update({"CNS disease": {"when": {"cns": True}}}),
    ),
    (
        "seldom_enrolled_unfounded",
        lambda d: (
            d["seldom_enrolled"].update({"CNS disease": {"when": {"cns": True}}}),
            trial(d).update(limits=[limit({"cns": True})], enrolled_states=["CNS"]),
        ),
    ),
    (
        "superseded_by_earlier",
        lambda d: d["guidelines"]["G 2025"].update(superseded_by="G 2020"),
    ),
    ("serious_without_caution", lambda d: rule(d).update(effect="notes", serious=True)),
    ("warned_of_twice", lambda d: d["drugs"]["x"]["rules"].append({**RULE, "id": "x-again"})),
    (
        "warned_of_twice",
        lambda d: d["drugs"]["x"]["rules"].append({**RULE, "id": "x-again-eu", "region": "eu"}),
    ),
    (
        "warned_of_twice",
        lambda d: d["classes"]["PI"].update(rules=[{**RULE, "id": "pi-rule", "serious": True}]),
    ),
    (
        "labels_apart",
        lambda d: d["drugs"]["x"].update(
            rules=[
                {**RULE, "id": "x-rule-us", "region": "us"},
                {**RULE, "id": "x-other-eu", "region": "eu"},
                dict(TAKEN),
            ]
        ),
    ),
    ("labels_apart", lambda d: rule(d).update(effect="excludes", region="eu")),
    ("arranged_without_topic", lambda d: rule(d).update(effect="arranges")),
    ("arranged_without_topic", lambda d: rule(d).update(effect="notes", topics=["REMS"])),
    ("dose_beside_another_effect", lambda d: rule(d).update(dose="10 mg")),
    ("state_only_noted", lambda d: rule(d).update(effect="notes")),
    ("state_only_noted", lambda d: d["classes"]["PI"].update(rules=[_noted("pi-pain")])),
    ("state_only_noted", lambda d: regimen(d).update(rules=[_noted("x-pain")])),
    ("steroid_by_class", lambda d: regimen(d)["drugs"][0].update(role="steroid")),
    (
        "steroid_by_class",
        lambda d: (
            d["drugs"]["x"].update({"class": "corticosteroid"}),
            d["classes"].update(corticosteroid={"name": "corticosteroid", "crosses": "none"}),
        ),
    ),
    ("region_said_otherwise", lambda d: rule(d).update(id="x-rule-eu", region="us")),
    ("region_said_otherwise", lambda d: d["sources"]["a"].update(region="eu")),
    ("region_said_otherwise", lambda d: first(d).update(where="news of the CHMP opinion")),
    (
        "region_said_otherwise",
        lambda d: (
            d["sources"].update({"fda-x-202001": {**SOURCE, "region": "eu"}}),
            row(d).update(source="fda-x-202001"),
        ),
    ),
    ("first_label_of_another_day", lambda d: first(d).update({"where": FIRST_LABEL, **LATER})),
    ("first_label_of_another_day", lambda d: first(d).update(where=FIRST_LABEL, region="eu")),
    *(
        ("empty_range", lambda d, ends=ends: rule(d).update(when={"ecog": ends}))
        for ends in [
            {"at_least": 2, "at_most": 1},
            {"above": 2, "at_most": 2},
            {"at_least": 2, "below": 2},
        ]
    ),
    (
        "replaced_on_another_day",
        lambda d: _replaced(d, "2021-06-02"),
    ),
    (
        "day_said_otherwise",
        lambda d: regimen(d)["labels"][0].update(where="approved on 2 January 2020"),
    ),
    ("day_said_otherwise", lambda d: regimen(d)["labels"][0].update(note="of 1 Feb 2020")),
    ("day_said_otherwise", lambda d: d["sources"]["a"].update(short="Notice, 2 Jan 2020")),
    ("month_without_ends", lambda d: _between(d, "2019-12-02", "2019-12-31")),
    ("month_without_ends", lambda d: _between(d, "2019-12-01", "2019-12-30")),
    ("unconfirmed_without_day", lambda d: regimen(d)["labels"][0].update(unconfirmed=True)),
    ("threshold_said_otherwise", lambda d: rule(d).update(when={"lvef": {"below": 45}})),
    (
        "threshold_said_otherwise",
        lambda d: rule(d).update(
            when={"renal": {"at_least": 15, "below": 30}}, because="CrCl 15 to 39 mL/min"
        ),
    ),
    (
        "threshold_said_otherwise",
        lambda d: rule(d).update(
            when={"prior_lines": {"below": 4}}, because="fewer than two prior lines"
        ),
    ),
    *(
        ("threshold_said_otherwise", partial(_limits, {name: number}, said))
        for name, number, said in [
            ("above", 4, "enrolled 1 to 3 prior lines"),
            ("above", 2, "enrolled 1 to 3 prior lines"),
            ("at_least", 3, "enrolled one to three prior lines"),
            ("at_least", 5, "enrolled 1 to 3 prior lines"),
            ("below", 3, "enrolled 2 to 4 prior lines"),
            ("at_most", 2, "enrolled 2 to 4 prior lines"),
            ("above", 1, "excluded more than 3 prior lines"),
            ("below", 4, "asked for at least 2 prior lines"),
            ("below", 1, "asked for at least 2 prior lines"),
        ]
    ),
]


@pytest.mark.parametrize(
    ("check", "break_it"), BROKEN, ids=[f"{i}-{name}" for i, (name, _) in enumerate(BROKEN)]
)
def test_a_check_fires_on_what_it_is_for(check: str, break_it: Break) -> None:
    data = tiny()
    break_it(data)
    fired = {named(said) for said in checks.findings(data, LineNumbers())}
    assert check in fired


def test_every_check_is_tried() -> None:
    assert {check.__name__ for check in CHECKS} == {name for name, _ in BROKEN}


@pytest.mark.parametrize(
    "spare",
    [
        lambda d: first(d).update(where=FIRST_LABEL),
        lambda d: rule(d).update(when={"ecog": {"at_least": 2, "at_most": 2}}, because="frail"),
        lambda d: _replaced(d, "2021-06-01"),
        lambda d: regimen(d)["labels"][0].update(where="approved on 1 January 2020"),
        lambda d: regimen(d)["labels"][0].update(note="reported on 2 February 2020"),
        lambda d: _between(d, "2019-12-01", "2019-12-31"),
        lambda d: _between(d, "2019-12-02", "2019-12-31", "the opinion of 2 December 2019"),
        lambda d: d["drugs"]["x"]["rules"].append(
            {**RULE, "id": "x-lvef-us", "region": "us", "effect": "notes"}
        ),
        lambda d: d["sources"]["a"].update(region="us"),
        lambda d: trial(d).update(enrolled="at least 1 prior line"),
        lambda d: trial(d).update(enrolled="relapsed; median 6 prior lines"),
        lambda d: trial(d).update(enrolled="refractory to a PI, or at least 3 lines with one"),
        lambda d: trial(d).update(
            enrolled="1 to 3 prior lines",
            limits=[limit({"prior_lines": {"at_least": 4}}, "took 1 to 3 prior lines")],
        ),
        lambda d: beats(d, "X", "Y"),
        lambda d: rule(d).update(
            when={"renal": {"below": 60}}, because="GFR 30 to 59: 18 % more of it"
        ),
        lambda d: rule(d).update(when={"renal": {"below": 60}}, because="IMWG 2016: no change"),
        lambda d: (
            trial(d).update(enrolled_refractory=["x"]),
            d["populations"].update({"pi-refractory": refractory("PI")}),
            row(d).update(population="pi-refractory"),
        ),
        lambda d: d["guidelines"]["G 2020"].update(superseded_by="G 2025"),
        lambda d: rule(d).update(serious=True),
    ],
)
def test_what_is_no_problem_is_none(spare: Break) -> None:
    data = tiny()
    spare(data)
    modules = (authorisation_checks, clinical_checks, sentence_checks)
    held = {check.__name__ for module in modules for check in module.CHECKS}
    assert [each for each in checks.findings(data, LineNumbers()) if named(each) in held] == []


def named(said: str) -> str:
    return said.rpartition("(")[2].rstrip(")")


@pytest.fixture(scope="module")
def found() -> list[Problem]:
    return [problem for check in CHECKS for problem in check(DATA)]


@pytest.mark.parametrize("name", DATA["regimens"])
def test_regimen(name: str, found: list[Problem]) -> None:
    assert [problem for problem in found if problem[0][:2] == ("regimens", name)] == []


@pytest.mark.parametrize("name", DATA["drugs"])
def test_drug(name: str) -> None:
    drug = DATA["drugs"][name]
    assert drug["class"] in DATA["classes"]
    for rule in drug.get("rules", []):
        assert rule["source"] in DATA["sources"]
        assert rule["verified"] != "memory"


def test_the_shipped_catalogue_passes_every_check() -> None:
    problems, said = check_catalogue()
    assert problems == []
    assert said.startswith("0 problems")


def test_at_least_four_fifths_of_the_evidence_were_read_at_the_source() -> None:
    marks = [row["verified"] for r in DATA["regimens"].values() for row in r.get("evidence", [])]
    assert marks.count("secondary") <= len(marks) / 5
    assert "memory" not in marks
