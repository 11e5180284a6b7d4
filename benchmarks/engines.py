"""A decision engine and a dataframe engine: the verdict and excluding criteria of every regimen.

facts reads charts with lenrx and answers, of each patient, every smallest question of the rules
("eGFR below 30", "refractory to lenalidomide") with true, false or null. That favours the engines,
which only combine answers. zen is GoRules zen-engine as its users write it: a decision table with
hit policy collect, asked for each patient; a row for each regimen and criterion says whether it
closes it or may, and Python folds the verdicts; sharing rows among regimens takes a quarter less.
polars is a lazy query on two threads (its own logic is Kleene's), streamed to NDJSON. Neither gives
evidence, order, cautions, doses, reasons in words or what to ask.

Usage: python benchmarks/engines.py facts|zen|polars GIVEN OUT
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from lenrx.catalogue.conditions import Condition, leaves
from lenrx.catalogue.loading import Catalogue, load
from lenrx.catalogue.records import Regimen, Rule
from lenrx.catalogue.vocabulary import REGIONS
from lenrx.intake.reader import RowReader
from lenrx.patient.patient import Patient, PatientError
from lenrx.patient.state import patient_state
from lenrx.rules.case import Case
from lenrx.rules.labels import approvals, availability_truth

VERDICTS = ("eligible", "conditional", "excluded")
Criterion = tuple[str, Condition, bool]
"""Its name, what closes regimens while it holds, and whether doubt leaves them conditional."""


def criteria(catalogue: Catalogue, day: str = "2026-11-23") -> list[tuple[Criterion, list[str]]]:
    """Every criterion that can close a regimen, once, with all that it closes alike."""
    case = Case(patient_state(Patient(), catalogue), day, None, False, None, {})
    found: dict[str, tuple[Criterion, list[str]]] = {}
    for regimen in catalogue.regimens.values():
        held = (rule for each in regimen.drugs for rule in catalogue.drugs[each.drug].rules)
        rules = _ruled([*regimen.rules, *held])
        for each in (*_resistance(regimen, catalogue), *_label(regimen, case), *rules):
            found.setdefault(json.dumps(each), (each, []))[1].append(regimen.id)
    return list(found.values())


def _resistance(regimen: Regimen, catalogue: Catalogue) -> Iterator[Criterion]:
    for drug, role in ((each.drug, each.role) for each in regimen.drugs):
        drug_class = catalogue.classes[catalogue.drugs[drug].drug_class]
        if role != "steroid":
            yield f"intolerant-{drug}", {"intolerant": [drug]}, True
        if role not in ("steroid", "tolerated"):
            name = drug_class.id if drug_class.crosses == "class" else drug
            yield f"refractory-{name}", {"refractory": [name]}, True
            for rule in drug_class.going_back:
                if drug in rule.to and rule.effect == "excludes":
                    failed = {"refractory": [rule.refractory]}
                    yield f"{drug}-after-{rule.refractory}", failed, True


def _label(regimen: Regimen, case: Case) -> Iterator[Criterion]:
    """The label where it binds, and whether the product can be had, in a region that counts."""
    found = approvals(regimen, case)
    spoken = [each for each in found if each.clauses]
    if regimen.restricted and spoken:
        inside = [
            {"all": [{"region": each.region}, {"any": [one.when for one, _ in each.clauses]}]}
            for each in spoken
        ]
        asked = {"any": [{"region": each.region} for each in spoken]}
        yield "label", {"all": [asked, {"not": {"any": inside}}]}, True
    there = [{"region": each.region} for each in found if availability_truth(regimen, [each], case)]
    if len(there) < len(REGIONS):
        yield "authorised", {"not": {"any": there}}, True


def _ruled(rules: Iterable[Rule]) -> Iterator[Criterion]:
    for rule in rules:
        if rule.effect in ("excludes", "requires"):
            closes = {"not": rule.when} if rule.effect == "requires" else rule.when
            if rule.region:
                closes = {"all": [{"region": rule.region}, closes]}
            yield rule.id, closes, rule.if_unknown != "confirms"


def column(key: str, wanted: Any) -> str:
    """The name of a fact."""
    return "".join(each if each.isalnum() else "_" for each in f"{key} {wanted}")


def columns(catalogue: Catalogue) -> dict[str, tuple[str, Any]]:
    """The facts that the criteria ask for, with what each asks of a patient."""
    asked = (leaf for (_, closes, _), _ in criteria(catalogue) for leaf in leaves(closes))
    return {column(*leaf): leaf for leaf in asked if leaf[0] != "always"}


def facts(given: Path, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """The facts of every row that can be read and be true."""
    read, asked = RowReader(catalogue).read, columns(catalogue)
    with given.open(encoding="utf-8") as rows:
        for patient in filter(None, (read(row)[0] for row in csv.DictReader(rows))):
            try:
                state = patient_state(patient, catalogue)
            except PatientError:
                continue
            told: dict[str, Any] = {"id": patient.id}
            for name, (key, wanted) in asked.items():
                here = patient.region in (None, wanted)
                told[name] = here if key == "region" else state.ask(key, wanted).truth
            yield told


def zen(given: Path, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """The answers of a decision table."""
    engine: Any = import_module("zen")  # not a dependency of the project
    content = engine.ZenDecisionContent(json.dumps(decision(catalogue)))
    ask, ids = engine.ZenEngine({"loader": lambda _: content}).evaluate, [*catalogue.regimens]
    with given.open(encoding="utf-8") as lines:
        for told in map(json.loads, lines):
            found = ask("table", told)["result"]["found"]
            by, unclear = ([e for e in found if e["closes"] is truth] for truth in (True, False))
            closed, doubted = ({e["regimen"] for e in some} for some in (by, unclear))
            said = {one: VERDICTS[2 if one in closed else one in doubted] for one in ids}
            yield {"id": told["id"], **said, "excluded_by": by}


def surely(condition: Condition, truth: bool = True) -> str:
    """That a condition surely has this truth: zen's `and` and `or` do not take null."""
    ((key, wanted),) = condition.items()
    if key == "not":
        return surely(wanted, not truth)
    if key == "always":
        return str(wanted is truth).lower()
    if key not in ("all", "any"):
        return f"{column(key, wanted)} == {str(truth).lower()}"
    every = (key == "all") is truth
    parts = [surely(part, truth) for part in wanted] or [str(every).lower()]
    return f"({(' and ' if every else ' or ').join(parts)})"


def decision(catalogue: Catalogue) -> dict[str, Any]:
    """What goes in, a table of what closes each regimen, what comes out."""
    rows = list[dict[str, str]]()
    for (name, closes, doubts), regimens in criteria(catalogue):
        sure, may = surely(closes), f"not ({surely(closes, False)})"
        row = {"when": may if doubts else sure, "closes": sure, "criterion": json.dumps(name)}
        for regimen in regimens:
            rows.append({"_id": str(len(rows)), **row, "regimen": json.dumps(regimen)})
    outputs = [{"id": each, "field": each} for each in ("criterion", "closes", "regimen")]
    content = {"hitPolicy": "collect", "outputPath": "found", "outputs": outputs, "rules": rows}
    content["inputs"], kinds = [{"id": "when"}], ("input", "decisionTable", "output")
    nodes = [{"id": e, "name": e, "type": f"{e}Node", "content": content} for e in kinds]
    edges = [{"id": a, "type": "edge", "sourceId": a, "targetId": b} for a, b in pairwise(kinds)]
    return {"nodes": nodes, "edges": edges}


def polars(given: Path, catalogue: Catalogue, out: Path) -> None:
    """The answers of a query: a column for each criterion, and for each regimen its verdict."""
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    pl: Any = import_module("polars")
    found, held = dict[str, Any](), dict[str, list[str]]()
    for number, ((name, closes, doubts), regimens) in enumerate(criteria(catalogue)):
        met = truth(closes, pl)
        found[f"{name} {number}"] = met if doubts else met.fill_null(False)
        for regimen in regimens:
            held.setdefault(regimen, []).append(f"{name} {number}")
    schema = {"id": pl.String} | dict.fromkeys(columns(catalogue), pl.Boolean)
    asked = pl.scan_ndjson(given, schema=schema).select("id", **found)
    (likely, unlikely, none), verdicts = map(pl.lit, VERDICTS), dict[str, Any]()
    for regimen, closed in ((each, pl.any_horizontal(names)) for each, names in held.items()):
        said = pl.when(closed).then(none).when(~closed).then(likely)
        verdicts[regimen] = said.otherwise(unlikely)
    asked.with_columns(**verdicts).sink_ndjson(out)


def truth(condition: Condition, pl: Any) -> Any:
    """A condition as an expression, true, false or null."""
    ((key, wanted),) = condition.items()
    if key == "not":
        return ~truth(wanted, pl)
    if key == "always":
        return pl.lit(wanted)
    if key not in ("all", "any"):
        return pl.col(column(key, wanted))
    joint = pl.all_horizontal if key == "all" else pl.any_horizontal
    return joint(pl.lit(key == "all"), *(truth(part, pl) for part in wanted))


def main(name: str, given: Path, out: Path) -> None:
    """Answer what is given, a line for each patient."""
    catalogue = load()
    if name == "polars":
        return polars(given, catalogue, out)
    found = (facts if name == "facts" else zen)(given, catalogue)
    with out.open("w", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps(each)}\n" for each in found)


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:]))
