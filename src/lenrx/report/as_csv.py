"""The answer as CSV: one row per regimen, the whole catalogue."""

from __future__ import annotations

import csv
import io
from typing import Final

from lenrx.report.phrases import (
    adjustments,
    arrangements,
    cautions,
    confirmations,
    evidence_line,
    formulary_words,
    serious_cautions,
    shown,
    why_excluded,
    why_open,
)
from lenrx.report.sinks import in_csv
from lenrx.rules.answer import Answer, Assessment

COLUMNS: Final = (
    "warnings",
    "patient",
    "id",
    "name",
    "verdict",
    "rank",
    "rank_because",
    "approval_us",
    "approval_eu",
    "reasons",
    "needs",
    "adjustments",
    "cautions",
    "to_confirm",
    "evidence",
    "source",
    "verified",
    "assumed",
    "formulary",
    "serious_cautions",
    "arranges",
    "formulary_note",
    "set_outside",
)


def render(answer: Answer) -> str:
    """CSV with a header; several values in a cell are joined with ` | `."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(each, answer) for each in answer.regimens)
    return out.getvalue().rstrip("\n")


def _cells(each: Assessment, answer: Answer) -> list[str]:
    row = shown(each, answer).first
    needs = dict.fromkeys(need for f in each.findings if f.status == "unknown" for need in f.needs)
    open_for = why_open(each, answer.strict) if each.verdict == "conditional" else []
    cells: list[str | list[str]] = [
        [warning.code for warning in answer.warnings],
        answer.state.patient.id or "",
        each.regimen.id,
        each.regimen.name,
        each.verdict,
        str(each.rank or ""),
        list(each.rank_because),
        each.approval["us"],
        each.approval["eu"],
        why_excluded(each) or open_for,
        list(needs) if open_for else [],
        adjustments(each),
        cautions(each),
        list(confirmations((each,))),
        evidence_line(row, answer.catalogue) if row else "no study found",
        row.evidence.source if row else "",
        row.evidence.verified if row else "",
        list(answer.assumed),
        answer.case.formulary.name if answer.case.formulary else "",
        serious_cautions(each),
        arrangements(each),
        formulary_words(each),
        [f"{name} by {place}" for name, place in answer.outside],
    ]
    return [in_csv(cell if isinstance(cell, str) else " | ".join(cell)) for cell in cells]
