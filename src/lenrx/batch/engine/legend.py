"""The legend of results: once for all rows, what every id in them stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lenrx import __version__
from lenrx.batch.engine.criteria import Criteria
from lenrx.batch.members import APPLYING, failed_before
from lenrx.catalogue.records import Evidence, Label, Regimen
from lenrx.patient.patient import Patient
from lenrx.rules import document
from lenrx.rules.evidence import (
    MatchedEvidence,
    by_group,
    counting,
    decisive,
    unenrolled,
    unsaid,
    written,
)
from lenrx.rules.filters import FILTERS, Finding

SCHEMA: Final = "lenrx/legend/2"
_SAID: Final = ("filter", "because", "sources", "where", "verified", "dose", "drug", "trial")
_BEARING: Final = ("excludes", "requires", *APPLYING)


def legend(criteria: Criteria, options: Mapping[str, Any]) -> dict[str, Any]:
    """The legend of rows that are asked with these criteria; `options` says how."""
    catalogue = criteria.catalogue
    every = {each.id: list(_findings(each, criteria)) for each in catalogue.regimens.values()}
    groups = dict[str, Evidence]()
    for each in catalogue.regimens.values():
        groups |= by_group(each, catalogue)
    return {
        "schema": SCHEMA,
        "lenrx": __version__,
        "catalogue": {"version": catalogue.version, "sha256": catalogue.sha256},
        "options": dict(options),
        "regimens": {
            each.id: {
                "name": each.name,
                "drugs": [component.drug for component in each.drugs],
                "criteria": [[one.criterion, effect] for one, effect in every[each.id]],
                "always": {
                    region or "either": [p.id for p in found.pieces if each.id in p.regimens]
                    for region, found in criteria.alike.items()
                },
                "labels": [_clause(clause) for clause in each.labels],
                "evidence": list(_evidence(each, criteria)),
            }
            for each in catalogue.regimens.values()
        },
        "criteria": _criteria(every.values()),
        "together": criteria.together,
        "limits": {each.id: [one.id for one in each.limits] for each in catalogue.trials.values()},
        "groups": {
            **{name: _patients(row, criteria) for name, row in groups.items()},
            **{failed_before(one): {"patients": [f"{one} before"]} for one in _failing(criteria)},
        },
        "sources": {
            each.id: {"short": each.short, "url": each.url, "pmid": each.pmid, "doi": each.doi}
            for each in catalogue.sources.values()
        },
    }


def _failing(criteria: Criteria) -> list[str]:
    """What may have failed before, and counts for the evidence on some regimen."""
    names = {name for each in criteria.regimens for name in decisive(each, criteria.catalogue)}
    return sorted(names)


def _findings(regimen: Regimen, criteria: Criteria) -> Iterator[tuple[Finding, str]]:
    """The criteria of a regimen that may ever bear on an answer, in order, each with its effect."""
    nobody = criteria.case(Patient(history="partial"), criteria.catalogue.days[-1])
    drugs = [criteria.catalogue.drugs[each.drug] for each in regimen.drugs]
    rules = [*regimen.rules, *(rule for drug in drugs for rule in drug.rules)]
    effects = {rule.id: rule.effect for rule in rules} | {"label": "requires"}
    for apply in FILTERS:
        for one in apply(regimen, nobody):
            effect = effects.get(one.criterion, one.effect)
            if effect in _BEARING:
                yield one, effect


def _criteria(every: Iterable[list[tuple[Finding, str]]]) -> dict[str, dict[str, Any]]:
    """What each criterion says, by its effect: resistance excludes, or only warns, by the role."""
    found: dict[str, dict[str, Any]] = {}
    for findings in every:
        for one, effect in findings:
            said = {name: getattr(one, name) for name in _SAID if getattr(one, name) is not None}
            said |= document.marks(one)
            if one.criterion in UNSAID:
                said |= {"because": UNSAID[one.criterion], "sources": []}
            found.setdefault(one.criterion, {})[effect] = said
    return found


UNSAID: Final = {"label": "inside the label", "authorised": "authorised where it is asked"}
"""Reasons that depend on day and region; `spelled` adds the clauses of the label."""


def _patients(row: Evidence, criteria: Criteria) -> dict[str, Any]:
    populations = [criteria.catalogue.populations[each] for each in (row.population, *row.also)]
    return {"patients": [each.title for each in populations], "condition": row.when}


def _clause(clause: Label) -> dict[str, Any]:
    names = ("id", "region", "says", "since", "not_before", "until", "source")
    return {name: getattr(clause, name) for name in names if getattr(clause, name) is not None}


def _evidence(regimen: Regimen, criteria: Criteria) -> Iterator[dict[str, Any]]:
    """The evidence on a regimen, in order, each row with the group of patients it speaks of."""
    for row, group, design, comparator in written(regimen, criteria.catalogue):
        data = document.row(MatchedEvidence(row, "exact", design, (), comparator))
        del data["match"]
        names = decisive(regimen, criteria.catalogue)
        lacking = unenrolled(row.trial, names, criteria.catalogue)
        states = unsaid(row.trial, counting(criteria.catalogue), criteria.catalogue)
        yield {"group": group, "unenrolled": [*lacking], "unsaid": [*states], **data}
