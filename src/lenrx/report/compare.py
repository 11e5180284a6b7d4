"""Regimens side by side for one patient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lenrx.report.phrases import (
    CAUTION,
    adjustments,
    cautions,
    cite_short,
    evidence_line,
    label_words,
    premises_line,
    shown,
    state_line,
    why_excluded,
    why_open,
)
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.document import NOTICE

Cell = Callable[[Assessment, Answer], list[str]]


def _verdict(each: Assessment, answer: Answer) -> list[str]:
    return [each.verdict, *why_excluded(each), *why_open(each, answer.strict)]


def _drugs(each: Assessment, answer: Answer) -> list[str]:
    return [f"{component.drug} ({component.role})" for component in each.regimen.drugs]


def _evidence(each: Assessment, answer: Answer) -> list[str]:
    row = shown(each, answer).first
    if row is None:
        return ["no study found"]
    source = cite_short(row.evidence.source, answer.catalogue)
    return [f"{evidence_line(row, answer.catalogue)} [{source}; {row.evidence.verified}]"]


def _guidelines(each: Assessment, answer: Answer) -> list[str]:
    return [f"{one.guideline}: {one.stance}" for one in each.positions] or ["none for this setting"]


def _toxicity(each: Assessment, answer: Answer) -> list[str]:
    return [
        f"{one.event} {one.percent:g} % (grade {one.grade})" for one in each.regimen.toxicity[:6]
    ]


ROWS: Final[tuple[tuple[str, Cell], ...]] = (
    ("Verdict", _verdict),
    ("Label", lambda each, _: [label_words(each)]),
    ("Drugs", _drugs),
    ("Given as", lambda each, _: [each.regimen.intensity]),
    ("Best fitting evidence", _evidence),
    ("Guidelines", _guidelines),
    ("Doses", lambda each, _: adjustments(each)),
    ("Cautions", lambda each, _: cautions(each)),
    ("Toxicity", _toxicity),
    ("Gaps", lambda each, _: list(each.regimen.gaps)),
)


def draw(found: Sequence[Assessment], answer: Answer, to: Console) -> None:
    """One column a regimen, one row a question."""
    to.print(Text(state_line(answer), style="bold"))
    if premises_line(answer):
        to.print(Text(f"! {premises_line(answer)}", style=CAUTION))
    for warning in answer.warnings:
        to.print(Text(f"! {warning.message}", style=CAUTION))
    table = Table(box=box.HORIZONTALS, show_lines=True, pad_edge=False)
    table.add_column("")
    for each in found:
        table.add_column(each.regimen.id, ratio=1)
    for title, cell in ROWS:
        table.add_row(title, *("\n".join(cell(each, answer)) for each in found))
    to.print(table)
    to.print(Text(NOTICE, style="dim"))
