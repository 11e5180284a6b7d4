"""The whole answer by decision tables in GoRules zen-engine: the rows that lenrx itself writes.

The form its users write: tables with hit policy collect, and in them a row for every finding,
population of evidence, entry limit, guideline position and label of every regimen. A row says in
its cells what lenrx says, with status, what is missing, sources and dose. Python folds what is
collected, with plain loops: verdicts, order, open questions, and the record as NDJSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

import zen_cells
from flat import AS_OF, Row, told, vocabulary
from zen_words import context, zen

from lenrx import __version__
from lenrx.batch.outcome import FIELDS, dumps, not_stated
from lenrx.batch.output import SCHEMA
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Regimen
from lenrx.catalogue.vocabulary import REGIONS, VERDICTS
from lenrx.patient.patient import Patient, parse_patient
from lenrx.patient.state import PatientState, patient_state
from lenrx.rules.answer import Question
from lenrx.rules.assessment import assess, label_order, missing, questions
from lenrx.rules.evidence import STANCES, STRENGTHS, UNLIKE
from lenrx.rules.labels import approvals

COLUMNS: Final = {
    "findings": ("regimen", "criterion", "effect", "status", "because", "needs", "sources", "dose"),
    "evidence": ("regimen", "level", "trial", "population", "match", "sources", "arm"),
    "limits": ("trial", "limit"),
    "positions": ("regimen", "stance"),
    "labels": ("regimen", "region", "approval"),
}
"""By table what a row answers with."""
BLOCKING: Final = ("excludes", "requires")
NO_POSITION: Final = STANCES.index("no position")
Collected = dict[str, list[dict[str, Any]]]


class Asked(NamedTuple):
    """A patient ready to be handed over, and the facts as JSON text."""

    state: PatientState
    context: str


class Table:
    """The catalogue's rules as decision tables."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        text = json.dumps(_decision(zen_cells.tables(catalogue)))
        self._decision = zen.ZenEngine().create_decision(text)
        content = zen.ZenDecisionContent(text)
        self._engine = zen.ZenEngine({"loader": lambda _: content})
        self._names = vocabulary(zen_cells.conditions(catalogue))
        self._outside = _outside(catalogue)
        self._head = {
            "schema": SCHEMA,
            "lenrx": __version__,
            "catalogue": {"version": catalogue.version, "sha256": catalogue.sha256},
        }

    def prepare(self, rows: Iterable[Row]) -> list[Asked]:
        """The patients as lenrx reads them, and the facts as zen takes them."""
        states = [patient_state(parse_patient(row, self.catalogue), self.catalogue) for row in rows]
        return [Asked(each, json.dumps(context(told(each, self._names)))) for each in states]

    def truths(self, patient: Asked) -> Collected:
        """What the engine collects."""
        collected: Collected = self._engine.evaluate("tables", patient.context)["result"]
        return collected

    def decided(self, patient: Asked) -> Collected:
        """The same by the decision object, as the first example of its manual has it."""
        collected: Collected = self._decision.evaluate(patient.context)["result"]
        return collected

    def line(self, patient: Asked, number: int) -> bytes:
        """One patient's row, as lenrx writes it."""
        state, found = patient.state, self.truths(patient)
        derived = state.derived()
        regimens, asked = self._regimens(found, state.patient.region)
        row = {
            **self._head,
            "row": number,
            "id": state.patient.id,
            "region": state.patient.region,
            "as_of": AS_OF,
            "patient": {
                "given": state.patient.given(FIELDS),
                "derived": derived,
                "not_stated": not_stated(state.patient, derived),
            },
            "readings": [],
            "warnings": [each._asdict() for each in sorted(state.warnings)],
            "open_questions": [
                {"field": each.field, "question": each.question, "decides": each.decides}
                for each in asked
            ],
            "regimens": regimens,
        }
        return f"{dumps(row)}\n".encode()

    def _regimens(
        self, found: Collected, region: str | None
    ) -> tuple[list[dict[str, Any]], tuple[Question, ...]]:
        """The regimens in order, and what to ask of the conditional ones."""
        said, fitting = _by_regimen(found["findings"]), _by_regimen(found["evidence"])
        stances, labels = _by_regimen(found["positions"]), _by_regimen(found["labels"])
        limits: dict[str, list[str]] = {}
        for each in found["limits"]:
            limits.setdefault(each["trial"], []).append(each["limit"])
        keyed = []
        for name, regimen in self.catalogue.regimens.items():
            bearing = said.get(name, [])
            verdict = _verdict(bearing)
            approval = self._outside[name] | {
                each["region"]: each["approval"] for each in labels.get(name, ())
            }
            level, evidence = _evidence(regimen, fitting.get(name, ()), limits)
            key = (
                VERDICTS.index(verdict),
                label_order(approval[each] for each in ((region,) if region else REGIONS)),
                min((each["stance"] for each in stances.get(name, ())), default=NO_POSITION),
                level,
                sum(each["effect"] == "cautions" for each in bearing),
                name,
            )
            record = {"id": name, "approval": approval, "findings": bearing, "evidence": evidence}
            keyed.append((key, verdict, record))
        keyed.sort(key=lambda each: each[0])
        regimens: list[dict[str, Any]] = [
            {"rank": None if verdict == "excluded" else rank, "verdict": verdict, **record}
            for rank, (_, verdict, record) in enumerate(keyed, start=1)
        ]
        return regimens, questions(
            (each["id"], *missing(_needs(each["findings"])))
            for each in regimens
            if each["verdict"] == "conditional"
        )


def _outside(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """By regimen what holds in each region for a patient who is not inside any label there."""
    case = assess(catalogue, Patient(), as_of=AS_OF).case
    return {
        name: {
            each.region: "off-label" if each.clauses else each.approval
            for each in approvals(regimen, case)
        }
        for name, regimen in catalogue.regimens.items()
    }


def _by_regimen(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for each in rows:
        found.setdefault(each.pop("regimen"), []).append(each)
    return found


def _verdict(bearing: Iterable[Mapping[str, Any]]) -> str:
    verdict = "eligible"
    for each in bearing:
        if each["effect"] in BLOCKING:
            if each["status"] != "unknown":
                return "excluded"
            verdict = "conditional"
    return verdict


def _needs(bearing: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    return [
        tuple(each["needs"])
        for each in bearing
        if each["status"] == "unknown" and each["effect"] in BLOCKING
    ]


def _evidence(
    regimen: Regimen, rows: Iterable[dict[str, Any]], limits: Mapping[str, list[str]]
) -> tuple[int, list[dict[str, Any]]]:
    """Place in STRENGTHS of the best evidence, and references to what fits best."""
    best = UNLIKE if regimen.evidence else len(STRENGTHS) - 1
    by_match: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {}
    for each in rows:
        trial, level = each["trial"], each.pop("level")
        best = min(best, UNLIKE if trial in limits else level)
        place = (trial, each["population"], each.get("arm", ""))
        first = by_match.setdefault(each["match"], {}).setdefault(place, each)
        if first is not each:
            first["sources"] = list(dict.fromkeys([*first["sources"], *each["sources"]]))
        elif trial in limits:
            each["patients_like_this_were_excluded"] = limits[trial]
    fitting = by_match.get("exact") or by_match.get("broader") or {}
    return best, list(fitting.values())


def _decision(tables: Mapping[str, list[zen_cells.Cells]]) -> dict[str, Any]:
    """Tables beside each other, in the engine's JSON."""
    nodes, edges = [_node("input"), _node("output")], []
    for name, rows in tables.items():
        content = {
            "hitPolicy": "collect",
            "inputs": [{"id": "when", "name": "when"}],
            "outputs": [{"id": each, "field": each, "name": each} for each in COLUMNS[name]],
            "rules": rows,
            "outputPath": name,
        }
        nodes.append({**_node("decisionTable", name), "content": content})
        edges += [_edge(*ends) for ends in pairwise(("input", name, "output"))]
    return {"nodes": nodes, "edges": edges}


def _node(kind: str, name: str | None = None) -> dict[str, Any]:
    name = name or kind
    return {"id": name, "name": name, "type": f"{kind}Node", "position": {"x": 0, "y": 0}}


def _edge(one: str, other: str) -> dict[str, str]:
    return {"id": f"{one} {other}", "sourceId": one, "targetId": other, "type": "edge"}
