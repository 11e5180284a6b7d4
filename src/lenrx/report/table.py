"""The answer for a terminal, drawn with rich. The only renderer that needs a width."""

from __future__ import annotations

from typing import Final, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lenrx.assessment import Answer, Assessment
from lenrx.report.words import (
    NOTICE,
    adjustments,
    ask,
    best_row,
    cautions,
    cite,
    confirmations,
    evidence_line,
    history_line,
    label_words,
    state_line,
    why_excluded,
    why_open,
)

_CAUTIONS_SHOWN: Final = 3


def console(out: TextIO, width: int | None, color: str) -> Console:
    """A console on `out`; colour is auto, always or never, and NO_COLOR is respected."""
    forced = {"always": True, "never": False}.get(color)
    return Console(
        file=out, width=width, force_terminal=forced, no_color=forced is False, highlight=False
    )


def draw(answer: Answer, to: Console, *, everything: bool = False, quiet: bool = False) -> None:
    """The first screen: state, what is open, what cannot be said, what to find out."""
    to.print(Text(state_line(answer), style="bold"))
    to.print(Text(_place_line(answer)))
    for warning in answer.warnings:
        to.print(Text(f"! {warning.message}", style="yellow"))
    to.print()
    _eligible(answer, to)
    _conditional(answer, to)
    _excluded(answer, to, everything)
    _to_find_out(answer, to)
    if not quiet:
        to.print(Text(history_line(answer), style="dim"))
        to.print(Text(NOTICE, style="dim"))


def _place_line(answer: Answer) -> str:
    lines = answer.standing.derived()["prior_lines_at_least"]
    stated = answer.standing.patient.prior_lines is not None
    prior = f"prior lines: {lines}" if stated else f"prior lines: not stated (at least {lines})"
    region = answer.case.region or "us or eu"
    return f"{prior}; label: {region} on {answer.case.as_of}; catalogue {answer.catalogue.version}"


def _eligible(answer: Answer, to: Console) -> None:
    found = answer.with_verdict("eligible")
    if not found:
        to.print(Text("No regimen of the catalogue is open without further answers.", "bold"))
        to.print()
        return
    table = Table(box=box.SIMPLE_HEAD, title=f"Open: {len(found)}", title_justify="left")
    table.add_column("", justify="right", style="dim", no_wrap=True)
    table.add_column("Regimen", no_wrap=True)
    table.add_column("Evidence that fits this patient best", ratio=3)
    table.add_column("For this patient", ratio=2)
    for each in found:
        table.add_row(str(each.rank), _name(each), _evidence(each, answer), _for_patient(each))
        table.add_section()
    to.print(table)


def _name(each: Assessment) -> Text:
    name = Text(each.regimen.id, style="bold")
    return name.append(f"\n{label_words(each).replace(', ', chr(10))}", style="not bold dim")


def _evidence(each: Assessment, answer: Answer) -> Text:
    row = best_row(each)
    if row is None:
        return Text("no study found", style="dim")
    line = Text(evidence_line(row, answer.catalogue))
    source = cite(row.evidence.source, answer.catalogue)
    return line.append(f" [{source}; {row.evidence.verified}]", style="dim")


def _for_patient(each: Assessment) -> Text:
    found = [(text, "cyan", "dose: ") for text in adjustments(each)]
    warned = cautions(each)
    found += [(text, "yellow", "! ") for text in warned[:_CAUTIONS_SHOWN]]
    text = Text("\n").join(Text(lead + words, style=style) for words, style, lead in found)
    if len(warned) > _CAUTIONS_SHOWN:
        text.append(f"\n+{len(warned) - _CAUTIONS_SHOWN} more cautions", style="dim")
    return text


def _conditional(answer: Answer, to: Console) -> None:
    found = answer.with_verdict("conditional")
    if not found:
        return
    to.print(Text(f"Cannot be said yet: {len(found)}", style="bold"))
    by_reason: dict[str, list[str]] = {}
    for each in found:
        reasons = "; ".join(why_open(each, answer.strict))
        by_reason.setdefault(reasons, []).append(each.regimen.id)
    for reasons, ids in by_reason.items():
        to.print(Text(f"  {', '.join(ids)}", style="bold"), Text(reasons), sep=": ")
    for question in answer.open_questions[:1]:
        settled = len(question.decides)
        words = f"  Ask first: {question.question} It settles {settled} of {len(found)}."
        to.print(Text(words, style="bold cyan"))
    to.print()


def _excluded(answer: Answer, to: Console, everything: bool) -> None:
    found = answer.with_verdict("excluded")
    if not everything:
        to.print(Text(f"Not open: {len(found)} (--all shows why)"))
        to.print()
        return
    table = Table(box=box.SIMPLE_HEAD, title=f"Not open: {len(found)}", title_justify="left")
    table.add_column("Regimen", no_wrap=True, style="bold")
    table.add_column("Why")
    for each in found:
        table.add_row(each.regimen.id, "\n".join(why_excluded(each)))
    to.print(table)


def _to_find_out(answer: Answer, to: Console) -> None:
    fields = confirmations(answer.with_verdict("eligible"))
    if fields:
        words = ", ".join(f"{ask(field)} ({len(ids)})" for field, ids in fields.items())
        to.print(Text(f"Not stated, confirm before starting (regimens): {words}"))
