"""The legend of results: once for all rows, what every id in them stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lenrx import __version__
from lenrx.batch.engine.criteria import Criteria
from lenrx.batch.engine.fragments import APPLYING
from lenrx.catalogue.records import Evidence, Label, Regimen, Rule
from lenrx.patient.patient import Patient
from lenrx.report import as_json
from lenrx.rules.evidence import MatchedEvidence, by_group, rows_from
from lenrx.rules.filters import FILTERS, Finding

SCHEMA: Final = "lenrx/legend/2"
Data = Mapping[str, Any]
_SAID: Final = ("filter", "because", "sources", "where", "verified", "dose", "drug")
_BEARING: Final = ("excludes", "requires", *APPLYING)


def legend(criteria: Criteria, options: Data) -> dict[str, Any]:
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
                "labels": [_clause(clause) for clause in each.labels],
                "evidence": [_evidence(row, criteria) for row in _unmatched(each, criteria)],
            }
            for each in catalogue.regimens.values()
        },
        "criteria": _criteria(every.values()),
        "limits": {
            trial.id: [limit.id for limit in trial.limits]
            for trial in catalogue.trials.values()
            if trial.limits
        },
        "groups": {
            name: {
                "patients": [
                    catalogue.populations[one].title for one in (row.population, *row.also)
                ],
                "condition": row.when,
            }
            for name, row in groups.items()
        },
        "sources": {
            each.id: {"short": each.short, "url": each.url, "pmid": each.pmid, "doi": each.doi}
            for each in catalogue.sources.values()
        },
    }


def _findings(regimen: Regimen, criteria: Criteria) -> Iterator[tuple[Finding, str]]:
    """The criteria of a regimen that may ever bear on an answer, in order, each with its effect."""
    nobody = criteria.case(Patient(history="partial"), criteria.catalogue.days[-1])
    effects = {rule.id: rule.effect for rule in _rules(regimen, criteria)} | {"label": "requires"}
    for apply in FILTERS:
        for one in apply(regimen, nobody):
            effect = effects.get(one.criterion, one.effect)
            if effect in _BEARING:
                yield one, effect


def _rules(regimen: Regimen, criteria: Criteria) -> list[Rule]:
    drugs = [criteria.catalogue.drugs[each.drug] for each in regimen.drugs]
    return [*regimen.rules, *(rule for drug in drugs for rule in drug.rules)]


def _criteria(every: Iterable[list[tuple[Finding, str]]]) -> dict[str, dict[str, Any]]:
    """What each criterion says, by its effect: resistance excludes, or only warns, by the role."""
    found: dict[str, dict[str, Any]] = {}
    for findings in every:
        for one, effect in findings:
            said = {name: getattr(one, name) for name in _SAID if getattr(one, name) is not None}
            if one.criterion in _UNSAID:
                said |= {"because": _UNSAID[one.criterion], "sources": []}
            found.setdefault(one.criterion, {})[effect] = said
    return found


_UNSAID: Final = {"label": "inside the label", "authorised": "authorised where it is asked"}
"""Reasons that depend on day and region; `spelled` adds the clauses of the label."""


def _clause(clause: Label) -> dict[str, Any]:
    names = ("id", "region", "says", "since", "not_before", "until", "source")
    return {name: getattr(clause, name) for name in names if getattr(clause, name) is not None}


def _unmatched(regimen: Regimen, criteria: Criteria) -> tuple[MatchedEvidence, ...]:
    fits = dict.fromkeys(by_group(regimen, criteria.catalogue), "exact")
    return rows_from(regimen, criteria.catalogue, fits, {})  # type: ignore[arg-type]


def _evidence(row: MatchedEvidence, criteria: Criteria) -> dict[str, Any]:
    names, group = criteria.catalogue.group_names, criteria.catalogue.group_of(row.evidence)
    data = as_json.row(row)
    del data["match"]
    return {"group": names[group], **data}
