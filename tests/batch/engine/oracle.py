"""What the plain engine says of a row, in the form in which a spelled result says it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from lenrx.batch.members import bears
from lenrx.batch.plan import Plan
from lenrx.batch.results import NOTHING_STATED
from lenrx.batch.shown import asked, spelled
from lenrx.batch.worker import Worker
from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import CellError, read_cell
from lenrx.intake.dates import DATED, months_of, too_late
from lenrx.patient.patient import DRUG_LISTS, WORD_LISTS, Patient, PatientError
from lenrx.rules.answer import Answer, Assessment, leaves_open
from lenrx.rules.assessment import assess
from lenrx.rules.document import row as evidence_row
from lenrx.rules.filters import Finding

Row = Mapping[str, str]
Data = dict[str, Any]
TODAY: Final = "2026-11-23"
UNSAID: Final = ("label", "authorised")
"""Criteria whose words depend on day and region, so that the legend cannot hold them."""
TWICE: Final = "stated in two ways by the row; correct one"


class Asking:
    """A way to ask: a worker with its legend on the one hand, the plain engine on the other."""

    def __init__(self, catalogue: Catalogue, formulary: Path | None = None, **how: Any) -> None:
        self.catalogue, self.how = catalogue, {"as_of": TODAY, **how}
        local = str(formulary) if formulary else None
        plan = Plan("", "csv", tuple(self.how.items()), formulary=local)
        self.worker = Worker(plan, catalogue)
        self.legend: Data = json.loads(json.dumps(self.worker.legend()))
        self._region = self.how.pop("region", None)
        if formulary:
            from lenrx.catalogue.formulary import load_formulary

            self.how["formulary"] = load_formulary(formulary, catalogue)

    def line(self, row: Row, number: int = 1) -> str:
        """The line of one row, which stands alone: no id stood before."""
        (result,) = self.worker.results([row], first=number)
        return self.worker.text(result)

    def lines(self, rows: Iterable[Row]) -> list[str]:
        """The lines of some rows, each numbered by itself."""
        return [self.line(row) for row in rows]

    def told(self, row: Row) -> Data:
        """What the engine says of a row, spelled out."""
        return told(json.loads(self.line(row)), self.legend)

    def expected(self, row: Row) -> Data:
        """What the plain readers and rules say of it."""
        values, problems = stated(row, self.catalogue, self.how["as_of"])
        if problems:
            return {"errors": problems}
        if self._region:
            values.setdefault("region", self._region)
        try:
            return of_answer(assess(self.catalogue, Patient(**values), **self.how))
        except PatientError as error:
            return {"errors": [(error.field, error.problem)]}


def stated(row: Row, catalogue: Catalogue, day: str) -> tuple[Data, list[tuple[str, str]]]:
    """What the cells of a row state, and what is wrong with them: field and reason."""
    values: Data = {}
    problems: list[tuple[str, str]] = []
    months = set[tuple[str, str]]()
    for field, cell in row.items():
        try:
            found = dict(read_cell(field, cell, catalogue).values) if cell else {}
        except CellError as error:
            problems.append((field, str(error)))
            continue
        months |= {*months_of(field, cell)}
        for name, value in found.items():
            if name in (*DRUG_LISTS, *WORD_LISTS, "expanded", "unsure"):
                values[name] = tuple(sorted({*values.get(name, ()), *value}))
            elif name == "history" and values.get(name, value) != value:
                values[name] = "partial"
            elif values.setdefault(name, value) != value:
                problems.append((name, TWICE))
    late = too_late({**values, DATED: sorted(months)}, day)
    return values, [*problems, *((each.field, each.reason) for each in late)]


def told(row: Data, legend: Data) -> Data:
    """A result as plain data that can be compared."""
    if "error" in row:
        errors = row.get("errors", [row["error"]])
        return {"errors": [(each["field"], each["reason"]) for each in errors]}
    names = ("region", "as_of", "state", "given")
    return {
        **{name: row[name] for name in names},
        # A question about the table, which nobody asks of one patient.
        "warnings": [each for each in row["warnings"] if each["code"] != NOTHING_STATED],
        "derived": row["derived"],
        "asks": asked(row),
        "regimens": [_regimen(each) for each in spelled(row, legend)],
    }


def _regimen(each: Data) -> Data:
    return each | {
        "findings": [_comparable(one) for one in each["findings"]],
        "evidence": [{k: v for k, v in one.items() if k != "group"} for one in each["evidence"]],
    }


def of_answer(answer: Answer) -> Data:
    """The same of a plain answer."""
    derived = answer.state.derived()
    given = answer.state.patient.given()
    head = {
        "region": answer.case.region,
        "as_of": answer.case.as_of,
        "state": derived.pop("state"),
        "given": {k: v for k, v in given.items() if k not in ("id", "region", "as_of")},
        "warnings": [each._asdict() for each in sorted(answer.warnings)],
        "derived": derived,
        "asks": [
            {"field": each.field, "question": each.question, "decides": each.decides}
            for each in answer.open_questions
        ],
    }
    regimens = [_assessed(each, answer) for each in answer.regimens]
    return {**json.loads(json.dumps(head)), "regimens": regimens}


def _assessed(each: Assessment, answer: Answer) -> Data:
    label = ("on-label", "unknown", "off-label")[each.key.label]
    return {
        "id": each.regimen.id,
        "name": each.regimen.name,
        "drugs": [component.drug for component in each.regimen.drugs],
        "verdict": each.verdict,
        "rank": each.rank,
        "tied": each.tied,
        "label": None if each.verdict == "excluded" else label,
        "findings": [
            _comparable(_finding(one))
            for one in each.findings
            if bears(one, leaves_open(one, answer.strict))
        ],
        "evidence": [
            evidence_row(one) for one in each.evidence if one.match in ("exact", "broader")
        ],
    }


def _finding(one: Finding) -> Data:
    absent = (None, False, ())
    data = {name: value for name, value in one._asdict().items() if value not in absent}
    for unsaid in ("needs", "region"):
        data.pop(unsaid, None)
    topics = {"topics": list(one.topics)} if one.topics else {}
    return data | topics | {"sources": list(one.sources)}


def _comparable(finding: Data) -> Data:
    """Of a label the clauses in any order; whatever else depends on day and region left out."""
    if finding["criterion"] not in UNSAID:
        return finding
    kept = {name: finding[name] for name in ("filter", "criterion", "effect", "status")}
    if finding["criterion"] == "authorised":
        return kept
    clauses = finding["because"].removeprefix("inside the label").strip(" ()")
    said = sorted(clauses.split("; "))
    return kept | {"sources": sorted(finding["sources"]), "because": said}
