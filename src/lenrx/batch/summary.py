"""What a whole cohort came to: states, options, what excludes, what is missing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from lenrx.batch.engine.fragments import Fragment, Piece
from lenrx.batch.plans.concordance import count
from lenrx.batch.plans.concordance import document as concordance
from lenrx.batch.results import NOTHING_STATED, UNREAD, Result
from lenrx.batch.shown import excluding, worded
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.patient.patient import FIELDS
from lenrx.rules.assessment import wording

SCHEMA: Final = "lenrx/summary/2"
FOLDED: Final = 2_000
"""Different fragments that are counted before what they say is added up."""
_KINDS: Final = (
    *("rows", "passed", "problems", "codes", "left", "states", "best", "missing", "settled"),
    *("eligible", "conditional", "excluded_by", "read", "plans"),
)


class Summary:
    """Counts over results; the summaries of parts of one cohort can be added."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {kind: Counter() for kind in _KINDS}
        self._fragments: Counter[Fragment] = Counter()

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return self.count("rows")

    @property
    def unreadable(self) -> int:
        """How many of them became error records."""
        return self.count("unreadable")

    @property
    def passed(self) -> int:
        """How many rows of the file are no patient and no error."""
        return self._counts["passed"].total()

    @property
    def passed_over(self) -> dict[str, int]:
        """How many of these are empty, the header again, or a comment."""
        return _ranked(self._counts["passed"])

    def pass_over(self, kind: str) -> None:
        """Count a row that is no patient and no error."""
        self._counts["passed"][kind] += 1

    def count(self, what: str) -> int:
        """Rows read by more than their letter (`readings`), with a cell that counts as not stated
        because it cannot be read (`left`), that state nothing of a disease (`nothing`), or whose
        id stood before (`twice`);
        or lines of the file that unreadable rows took besides their own (`swallowed`)."""
        return self._counts["rows"][what]

    @property
    def left_fields(self) -> dict[str, int]:
        """Fields of cells that count as not stated because they cannot be read, with their rows."""
        return _ranked(self._counts["left"])

    def add(self, result: Result) -> None:
        """Count one result."""
        counts, found = self._counts, result.outcome
        rows = counts["rows"]
        rows["rows"] += 1
        if result.warnings and any(each.code == "duplicate-id" for each in result.warnings):
            rows["twice"] += 1
        if found is None:
            rows["unreadable"] += 1
            rows["swallowed"] += sum(each.lines - 1 for each in result.problems)
            counts["problems"].update(_field(each.field) for each in result.problems)
            counts["codes"].update(each.code for each in result.problems)
            return
        for each in result.warnings:
            if each.code == UNREAD:
                rows["left"] += 1
                counts["left"].update(each.fields)
            elif each.code == NOTHING_STATED:
                rows["nothing"] += 1
        if result.readings:
            rows["readings"] += 1
            counts["read"].update({field for field, _ in result.readings})
        if result.plan is not None and result.patient is not None:
            count(counts["plans"], result.plan, result.patient.as_of)
        counts["missing"].update([each.field for each in found.questions])
        counts["settled"].update([each.field for each in found.questions if each.decides])
        counts["states"][found.known.state] += 1
        best = "eligible" if found.eligible else "conditional" if found.conditional else "excluded"
        counts["best"][best] += 1
        counts["eligible"].update(found.eligible)
        counts["conditional"].update(found.conditional)
        self._fragments.update(found.fragments)
        if len(self._fragments) > FOLDED:
            self._fold()

    def _fold(self) -> None:
        pieces, excluded = Counter[Piece](), self._counts["excluded_by"]
        for fragment, rows in self._fragments.items():
            for piece in fragment.pieces:
                if piece.where == "excluded_by":
                    pieces[piece] += rows
        for piece, rows in pieces.items():
            for regimen in piece.regimens:
                excluded[f"{regimen}\t{piece.id}"] += rows
        self._fragments.clear()

    def text(self) -> str:
        """The counts as JSON, for `include`."""
        self._fold()
        return json.dumps(self._counts)

    def include(self, text: str) -> None:
        """Add the counts of another summary, as its `text` gave them."""
        for kind, found in json.loads(text).items():
            self._counts[kind].update(found)

    def document(self, catalogue: Catalogue, legend: Mapping[str, Any]) -> dict[str, Any]:
        """The cohort as plain data, schema `lenrx/summary/2`; the most frequent first."""
        self._fold()
        counts = self._counts
        return {
            "schema": SCHEMA,
            "rows": self.rows,
            "unreadable": self.unreadable,
            "passed_over": self.passed_over,
            "unreadable_fields": _ranked(counts["problems"]),
            "unreadable_codes": _ranked(counts["codes"]),
            "unread_cells": self.left_fields,
            "not_literal": self.count("readings"),
            "not_literal_fields": _ranked(counts["read"]),
            "duplicate_ids": self.count("twice"),
            "nothing_stated": self.count("nothing"),
            "states": _ranked(counts["states"]),
            "with_an_option": counts["best"]["eligible"],
            "only_conditional": counts["best"]["conditional"],
            "nothing_open": counts["best"]["excluded"],
            "regimens": [self._regimen(name, legend) for name in catalogue.regimens],
            "missing": [
                {
                    "field": field,
                    "question": wording(field),
                    "rows": rows,
                    "rows_with_a_regimen_it_settles": counts["settled"][field],
                }
                for field, rows in _ranked(counts["missing"]).items()
            ],
            **concordance(counts["plans"]),
        }

    def _regimen(self, name: str, legend: Mapping[str, Any]) -> dict[str, Any]:
        lead = f"{name}\t"
        by = {
            key.removeprefix(lead): rows
            for key, rows in self._counts["excluded_by"].items()
            if key.startswith(lead)
        }
        eligible, conditional = (self._counts[each][name] for each in VERDICTS[:2])
        answered = self.rows - self.unreadable
        return {
            "id": name,
            "eligible": eligible,
            "conditional": conditional,
            "excluded": answered - eligible - conditional,
            "excluded_by": [
                {
                    "criterion": criterion,
                    "because": worded(excluding(criterion, name, legend)),
                    "rows": rows,
                }
                for criterion, rows in _ranked(by).items()
            ],
        }


def _field(field: str) -> str:
    """A field, or that it is none: a row of JSON may name anything."""
    return field if field in (*FIELDS, "row") else "unknown field"


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    ranked: Iterable[tuple[str, int]] = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return dict(ranked)
