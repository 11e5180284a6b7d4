"""A catalogue of a few regimens, to see one key of the order at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lenrx.catalogue.loading import Catalogue, build
from lenrx.patient.patient import Patient
from lenrx.rules.answer import Answer
from lenrx.rules.assessment import assess

Data = dict[str, Any]
READ = {"source": "paper", "verified": "abstract"}
ALIKE = {"source": "label", "verified": "label"}
RELAPSED: Data = {"refractory": ["lenalidomide"], "exposed": ["bortezomib"], "prior_lines": 2}
OLD: Data = {
    "lenalidomide": {
        "name": "lenalidomide",
        "class": "IMiD",
        "authorised": [{"region": "us", "from": "2005-12-27", "where": "first page", **ALIKE}],
    }
}
"""The drug that came first: before its day nothing can be asked."""
SOURCE = {"title": "t", "short": "s", "kind": "paper", "seen": "label", "read": "2026-01-01"}


def label(name: str, **more: Any) -> Data:
    return {"id": f"label-{name}", "region": "us", "product": name, "says": "after one line"} | {
        "when": {"prior_lines": {"at_least": 1}},
        "from": "2020-01-01",
        **ALIKE,
        **more,
    }


def row(trial: str, against: str | list[str] | None = None, **more: Any) -> Data:
    """A row of everybody enrolled; better than what it is `against` unless it says otherwise."""
    arms = [against] if isinstance(against, str) else against
    better = {"comparator": arms, "hr": "0.50", "ci95": ["0.40", "0.60"]} if arms else {}
    return {
        "trial": trial,
        "population": "ITT",
        "endpoint": "median_pfs_months",
        "value": 10.0,
        **better,
        **READ,
        **more,
    }


def rule(name: str, **more: Any) -> Data:
    return {
        "id": name,
        "filter": "organs",
        "effect": "cautions",
        "when": {"lvef": {"below": 40}},
        "because": "LVEF below 40",
        **READ,
        **more,
    }


def regimen(name: str, evidence: list[Data] | None = None, **more: Any) -> Data:
    """A regimen of carfilzomib, on label in the US."""
    return {
        "name": name,
        "intensity": "infusion",
        "drugs": [{"drug": "carfilzomib", "role": "backbone"}],
        "labels": [label(name)],
        "evidence": evidence or [],
        "reviewed": "2026-01-01",
        **more,
    }


def trial(design: str = "randomised", **more: Any) -> Data:
    return {"design": design, "enrolled_refractory": ["lenalidomide"], **READ, **more}


def catalogue(regimens: Mapping[str, Data], **sections: Any) -> Catalogue:
    """The regimens, with a trial for every one that a row names and is not given."""
    trials = dict(sections.pop("trials", {}))
    comparators = sections.pop("comparators", {"old": {"name": "old"}})
    for each in (*regimens.values(), *comparators.values()):
        for one in each.get("evidence", []):
            trials.setdefault(one["trial"], trial())
    classes = {"carfilzomib": "PI", "bortezomib": "PI", "lenalidomide": "IMiD"}
    drugs = {**classes, "daratumumab": "anti-CD38", "dexamethasone": "corticosteroid"}
    crosses = {"anti-CD38": "class"}
    data: Data = {
        "catalogue": {"version": "2026.01.02"},
        "sources": {"paper": SOURCE, "label": SOURCE},
        "definitions": {},
        "classes": {
            name: {"name": name, "crosses": crosses.get(name, "drug")} for name in drugs.values()
        },
        "drugs": {name: {"name": name, "class": of} for name, of in drugs.items()} | OLD,
        "combinations": {},
        "ambiguous": {},
        **{name: {} for name in ("interactions", "medicines", "unlisted")},
        "populations": {
            "ITT": {"title": "everyone enrolled"},
            "len-refractory": {
                "title": "lenalidomide-refractory",
                "when": {"refractory": ["lenalidomide"]},
            },
        },
        "seldom_enrolled": {},
        "settings": {
            "relapse": {"title": "relapse", "when": {"prior_lines": {"at_least": 1}}},
            "late": {
                "title": "after two lines in the frail",
                "when": {"all": [{"prior_lines": {"at_least": 2}}, {"age": {"at_least": 1}}]},
            },
        },
        "guidelines": {},
        "comparators": comparators,
        "trials": trials,
        "regimens": regimens,
    }
    return build({**data, **sections}, "0" * 64)


def asked(found: Catalogue, **fields: Any) -> Answer:
    return assess(found, Patient(**{**RELAPSED, "region": "us", **fields}))


def places(found: Catalogue, **fields: Any) -> list[str]:
    """What is open, each with its place, in order."""
    open_ = [each for each in asked(found, **fields).regimens if each.rank]
    return [f"{each.place} {each.regimen.id}" for each in open_]
