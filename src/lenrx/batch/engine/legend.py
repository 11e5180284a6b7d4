"""The legend of results: once for all rows, what every id in them stands for.

`legend` makes it, and `spelled` writes one row out with it: every regimen with its findings, their
texts and sources, and the evidence that fits the patient, in the order of `lenrx recommend`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lenrx import __version__
from lenrx.batch.engine.criteria import Criteria
from lenrx.batch.engine.fragments import APPLYING
from lenrx.catalogue.records import Evidence, Label, Regimen, Rule
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.patient.patient import Patient
from lenrx.report import as_json
from lenrx.rules.assessment import wording
from lenrx.rules.evidence import MatchedEvidence, by_group, rows_from
from lenrx.rules.filters import FILTERS, Finding

SCHEMA: Final = "lenrx/legend/2"
Data = Mapping[str, Any]
_SAID: Final = ("filter", "because", "sources", "where", "verified", "dose", "drug")
_BEARING: Final = ("excludes", "requires", *APPLYING)


class LegendError(Exception):
    """A legend does not belong to a row; the message says what it lacks."""


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


def spelled(row: Data, legend: Data) -> list[dict[str, Any]]:
    """Every regimen of a row as `lenrx recommend` has it. Raises LegendError, on error rows too."""
    if row.get("schema") != "lenrx/result/2" or "excluded_by" not in row:
        raise LegendError(
            "the row has no findings: an error record, or written with --detail brief"
        )
    verdicts = [(verdict, name) for verdict in VERDICTS for name in row[verdict]]
    try:
        return [
            _regimen(name, verdict, None if verdict == "excluded" else place, row, legend)
            for place, (verdict, name) in enumerate(verdicts, start=1)
        ]
    except KeyError as error:
        raise LegendError(f"the legend is of another catalogue: it lacks {error}") from None


def _regimen(name: str, verdict: str, rank: int | None, row: Data, legend: Data) -> dict[str, Any]:
    known = legend["regimens"][name]
    return {
        "id": name,
        "name": known["name"],
        "drugs": known["drugs"],
        "verdict": verdict,
        "rank": rank,
        "label": _label(name, verdict, row),
        "findings": [
            {"criterion": criterion, "effect": said, "status": status}
            | _text(criterion, effect, status, name, row, legend)
            for criterion, effect in known["criteria"]
            for said, status in _status(criterion, effect, name, row)
        ],
        "evidence": list(_fitting(known["evidence"], row, legend)),
    }


def _label(name: str, verdict: str, row: Data) -> str | None:
    if verdict == "excluded":
        return None
    if name in row["off_label"]:
        return "off-label"
    return "unknown" if name in row["label_unknown"] else "on-label"


def _status(criterion: str, effect: str, name: str, row: Data) -> Iterator[tuple[str, str]]:
    """Effect and status of a criterion for one regimen, where it bears on the answer."""
    if effect in APPLYING and criterion in row["applies"]:
        yield effect, "met"
    if name in row["excluded_by"].get(criterion, ()):
        yield effect, "not met" if effect == "requires" else "met"
    if name in row["unclear"].get(criterion, ()):
        yield effect, "unknown"
    if criterion in row["confirm"]:
        yield "confirms", "unknown"


def _text(
    criterion: str, effect: str, status: str, name: str, row: Data, legend: Data
) -> dict[str, Any]:
    said = dict(legend["criteria"][criterion][effect])
    if criterion == "label":
        clauses = list(_in_force(legend["regimens"][name]["labels"], row))
        said["sources"] = list(dict.fromkeys(each["source"] for each in clauses))
        words = dict.fromkeys(f"{each['region']}: {each['says']}" for each in clauses)
        said["because"] += f" ({'; '.join(words)})" if words else ": none is in force"
    return said


def _in_force(clauses: Iterable[Data], row: Data) -> Iterator[Data]:
    """The clauses of a label that held, or may have held, on the day of a row, in its region."""
    day = row["as_of"]
    for each in clauses:
        started = each.get("since") or each.get("not_before") or ""
        if started <= day < each.get("until", "9999") and row["region"] in (None, each["region"]):
            yield each


def _fitting(evidence: Iterable[Data], row: Data, legend: Data) -> Iterator[dict[str, Any]]:
    """The evidence on groups that fit the patient, indirect comparisons behind all others."""
    fits = {name: fit for fit in ("broader", "exact") for name in row[fit]}
    applies = {*row["applies"]}
    order: dict[tuple[bool, str], list[dict[str, Any]]] = {
        (late, fit): [] for late in (False, True) for fit in ("exact", "broader")
    }
    for each in evidence:
        if fit := fits.get(each["group"]):
            met = [one for one in legend["limits"].get(each["trial"], ()) if one in applies]
            data = {
                **each,
                "match": fit,
                **({"patients_like_this_were_excluded": met} if met else {}),
            }
            order[each["design"] == "indirect", fit].append(data)
    for found in order.values():
        yield from found


def asked(row: Data) -> list[dict[str, Any]]:
    """What a row asks to find out, in order, in a clinician's words."""
    return [
        {"field": field, "question": wording(field), "decides": decides}
        for field, decides in row["ask"].items()
    ]
