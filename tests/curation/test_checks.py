"""Each check fires on a bad snippet; then the shipped catalogue passes, one test per entry."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from lenrx.catalogue.loading import checkout
from lenrx.catalogue.records import FILES
from lenrx.catalogue.strict_yaml import LineNumbers, parse, validate
from lenrx.curation import checks
from lenrx.curation.check_files import check_catalogue
from lenrx.curation.checks import CHECKS


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


def tiny() -> dict[str, Any]:
    """A catalogue of one regimen on which every check passes."""
    return {
        "catalogue": {"version": "2026.11.22"},
        "sources": {"a": dict(SOURCE), "b": dict(SOURCE)},
        "definitions": {"d": {"says": "x", "source": "b", "verified": "abstract"}},
        "classes": {"PI": {"name": "proteasome inhibitor", "crosses": "drug"}},
        "drugs": {
            "x": {"name": "x", "class": "PI", "rules": [dict(RULE)]},
            "y": {"name": "y", "class": "PI", "brands": ["Ypsil"]},
        },
        "combinations": {},
        "ambiguous": {"Z": ["x", "y"]},
        "comparators": {},
        "guidelines": {},
        "populations": {"ITT": {"title": "everyone"}, "renal": {"title": "renal"}},
        "settings": {"s": {"title": "s", "when": {"always": True}}},
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


BROKEN: list[tuple[str, Break]] = [
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
]


@pytest.mark.parametrize(
    ("check", "break_it"), BROKEN, ids=[f"{i}-{name}" for i, (name, _) in enumerate(BROKEN)]
)
def test_a_check_fires_on_what_it_is_for(check: str, break_it: Break) -> None:
    data = tiny()
    break_it(data)
    fired = {said.rpartition("(")[2].rstrip(")") for said in checks.findings(data, LineNumbers())}
    assert check in fired


def test_every_check_is_tried() -> None:
    assert {check.__name__ for check in CHECKS} == {name for name, _ in BROKEN}


def only(name: str) -> dict[str, Any]:
    data = copy.copy(DATA)
    data["regimens"] = {name: DATA["regimens"][name]}
    others = {each: {"name": each} for each in DATA["regimens"] if each != name}
    data["comparators"] = {**others, **DATA["comparators"]}
    return data


@pytest.mark.parametrize("name", DATA["regimens"])
def test_regimen(name: str) -> None:
    skipped = ("source_nobody_cites", "trial_nobody_uses")
    found = [
        what for check in CHECKS if check.__name__ not in skipped for _, what in check(only(name))
    ]
    assert found == []


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
