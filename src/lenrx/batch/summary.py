"""What a whole cohort came to: states, options, what excludes, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from lenrx.batch.chart_review import Result
from lenrx.batch.outcome import Cause, Placed
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.patient.patient import FIELDS
from lenrx.rules.assessment import wording

SCHEMA: Final = "lenrx/summary/1"
FOLDED: Final = 5_000
"""How many different causes are counted before they are added up."""
_KINDS: Final = ("rows", "problems", "states", "best", "missing", "settled", "verdicts", "excluded")


class Tally:
    """Counts over results; tallies of blocks of one cohort can be added."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {kind: Counter() for kind in _KINDS}
        self._placed: Counter[Placed] = Counter()
        self._causes: Counter[Cause] = Counter()

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return self._counts["rows"]["rows"]

    @property
    def unreadable(self) -> int:
        """How many of them became error records."""
        return self._counts["rows"]["unreadable"]

    def count(self, what: str) -> int:
        """Rows read by more than their letter (`readings`), or whose id stood before (`twice`)."""
        return self._counts["rows"][what]

    def add(self, result: Result) -> None:
        """Count one result."""
        rows, found = self._counts["rows"], result.outcome
        rows["rows"] += 1
        if any(each.code == "duplicate-id" for each in result.warnings):
            rows["twice"] += 1
        if found is None:
            rows["unreadable"] += 1
            self._counts["problems"].update(_text(each.field) for each in result.problems)
            return
        if result.readings:
            rows["readings"] += 1
        missing, settled = self._counts["missing"], self._counts["settled"]
        for field, _, decides, _ in found.questions:
            missing[field] += 1
            if decides:
                settled[field] += 1
        self._counts["states"][found.state] += 1
        self._counts["best"][found.placed[0].verdict] += 1
        self._placed.update(found.placed)
        self._causes.update(found.causes)
        if len(self._placed) + len(self._causes) > FOLDED:
            self._fold()

    def _fold(self) -> None:
        verdicts, excluded = self._counts["verdicts"], self._counts["excluded"]
        for placed, rows in self._placed.items():
            verdicts[f"{placed.regimen}\t{placed.verdict}"] += rows
        for cause, rows in self._causes.items():
            for each in cause.excluded_by:
                excluded["\t".join(each)] += rows
        self._placed.clear()
        self._causes.clear()

    def data(self) -> dict[str, Any]:
        """The counts as plain data, for a later run to go on from."""
        self._fold()
        return {kind: dict(found) for kind, found in self._counts.items()}

    def include(self, data: Mapping[str, Any]) -> None:
        """Add the counts of another tally, as its `data` gave them."""
        for kind in _KINDS:
            self._counts[kind].update(data[kind])

    def summary(self, catalogue: Catalogue) -> dict[str, Any]:
        """The cohort as plain data, schema `lenrx/summary/1`; the most frequent first."""
        self._fold()
        best = self._counts["best"]
        return {
            "schema": SCHEMA,
            "rows": self.rows,
            "unreadable": self.unreadable,
            "unreadable_fields": _ranked(self._counts["problems"]),
            "not_literal": self.count("readings"),
            "duplicate_ids": self.count("twice"),
            "states": _ranked(self._counts["states"]),
            "with_an_option": best["eligible"],
            "only_conditional": best["conditional"],
            "nothing_open": best["excluded"],
            "regimens": [self._regimen(name) for name in catalogue.regimens],
            "missing": [
                {
                    "field": field,
                    "question": wording(field),
                    "rows": rows,
                    "rows_with_a_regimen_it_settles": self._counts["settled"][field],
                }
                for field, rows in _ranked(self._counts["missing"]).items()
            ],
        }

    def _regimen(self, name: str) -> dict[str, Any]:
        verdicts, lead = self._counts["verdicts"], f"{name}\t"
        by = {key: rows for key, rows in self._counts["excluded"].items() if key.startswith(lead)}
        return {
            "id": name,
            **{verdict: verdicts[lead + verdict] for verdict in VERDICTS},
            "excluded_by": [
                {"criterion": criterion, "because": because, "rows": rows}
                for key, rows in _ranked(by).items()
                for _, criterion, because in (key.split("\t"),)
            ],
        }


def _text(field: str) -> str:
    """A field, or that it is none: a row of JSON may name anything."""
    return field if field in (*FIELDS, "row") else "unknown field"


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
