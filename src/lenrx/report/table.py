"""The answer as tables for a terminal, and the console that every drawing is made on."""

from __future__ import annotations

from collections.abc import Container
from typing import Final, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lenrx.report.phrases import (
    CAUTION,
    DOSE,
    adjustments,
    best_evidence,
    cautions,
    cite,
    cite_short,
    confirmations,
    evidence_line,
    field_words,
    history_line,
    label_words,
    premises_line,
    record_lines,
    shared_remarks,
    state_line,
    why_excluded,
    why_open,
)
from lenrx.rules.answer import Answer, Assessment, Question
from lenrx.rules.document import NOTICE

_CAUTIONS_SHOWN: Final = 2


def console(out: TextIO, width: int | None, color: str, terminal: bool) -> Console:
    """A console on `out`; colour is auto (a terminal without NO_COLOR), always or never."""
    if color == "always":
        return Console(
            file=out,
            width=width,
            force_terminal=True,
            no_color=False,
            color_system="standard",
            highlight=False,
        )
    plain = True if color == "never" else None
    shown = terminal and not plain
    return Console(file=out, width=width, force_terminal=shown, no_color=plain, highlight=False)


def draw(
    answer: Answer,
    to: Console,
    *,
    everything: bool = False,
    quiet: bool = False,
    verbose: bool = False,
) -> None:
    """The first screen: state, what is open, what cannot be said, what to find out."""
    to.print(Text(state_line(answer), style="bold"))
    to.print(Text(_place_line(answer), style="dim"))
    if premises_line(answer):
        to.print(Text(f"! {premises_line(answer)}", style=CAUTION))
    record = record_lines(answer)
    if record and not verbose:
        words = f"From the treatment record: {len(record)} facts; -v or explain shows their rules."
        to.print(Text(words, style="dim"))
    for line in record if verbose else ():
        to.print(Text(f"Record: {line}", style="dim"))
    for warning in answer.warnings:
        to.print(Text(f"! {warning.message}", style=CAUTION))
    _eligible(answer, to, verbose)
    _conditional(answer, to)
    _excluded(answer, to, everything)
    _to_confirm(answer, to)
    if not quiet:
        to.print(Text(f"{history_line(answer)} {NOTICE}", style="dim"))


def _place_line(answer: Answer) -> str:
    lines = answer.state.derived()["prior_lines_at_least"]
    stated = answer.state.patient.given().get("prior_lines")
    prior = f"Prior lines {stated}" if stated else f"Prior lines not stated, at least {lines}"
    region = answer.case.region or "us or eu"
    return f"{prior}. Label {region} on {answer.case.as_of}. Catalogue {answer.catalogue.version}."


def _eligible(answer: Answer, to: Console, verbose: bool) -> None:
    found = answer.with_verdict("eligible")
    if not found:
        to.print(Text("\nOpen: none without further answers.\n", style="bold"))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column(f"Open: {len(found)}", no_wrap=True)
    table.add_column("Best fitting evidence; doses and cautions for this patient")
    common = shared_remarks(found)
    for each in found:
        table.add_row(_rank_and_label(each), _evidence_and_remarks(each, answer, common, verbose))
    to.print(table)
    for words, ids in common.items():
        to.print(Text(f"In {len(ids)} of these: {words}", style=DOSE))
        to.print(Text(f"  {', '.join(ids)}", style="dim"))


def _rank_and_label(each: Assessment) -> Text:
    name = Text(f"{each.rank} {each.regimen.id}", style="bold")
    for words in label_words(each).split(", "):
        name.append(f"\n  {words}", style="not bold dim")
    return name


def _evidence_and_remarks(
    each: Assessment, answer: Answer, common: Container[str], verbose: bool
) -> Text:
    lines = [_evidence(each, answer, verbose)]
    shown = None if verbose else _CAUTIONS_SHOWN
    own = [words for words in adjustments(each) if words not in common]
    lines += [Text(f"dose: {words}", style=DOSE) for words in own]
    warned = [words for words in cautions(each) if words not in common]
    lines += [Text(f"! {words}", style=CAUTION) for words in warned[:shown]]
    if shown is not None and len(warned) > shown:
        more = len(warned) - shown
        lines.append(Text(f"! {more} more: lenrx explain {each.regimen.id}", style="dim"))
    return Text("\n").join(lines)


def _evidence(each: Assessment, answer: Answer, verbose: bool) -> Text:
    row = best_evidence(each)
    if row is None:
        return Text("no study found", style="dim")
    line = Text(evidence_line(row, answer.catalogue))
    citation = cite if verbose else cite_short
    source = citation(row.evidence.source, answer.catalogue)
    return line.append(f" [{source}; {row.evidence.verified}]", style="dim")


def _conditional(answer: Answer, to: Console) -> None:
    found = answer.with_verdict("conditional")
    if not found:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column(f"Cannot be said yet: {len(found)}")
    table.add_column("It settles")
    for place, question in enumerate(answer.open_questions):
        asked = f"Ask first: {question.question}" if place == 0 else question.question
        style = f"bold {DOSE}" if place == 0 else ""
        table.add_row(Text(asked, style=style), _settled(question))
    asked_for = {name for question in answer.open_questions for name in question.touches}
    for each in found:
        if each.regimen.id not in asked_for:
            table.add_row("; ".join(why_open(each, answer.strict)), each.regimen.id)
    to.print(table)


def _settled(question: Question) -> str:
    alone = f"{len(question.decides)}: {', '.join(question.decides)}" if question.decides else ""
    others = [name for name in question.touches if name not in question.decides]
    partly = f"with other answers: {', '.join(others)}" if others else ""
    return "; ".join(part for part in (alone, partly) if part)


def _excluded(answer: Answer, to: Console, everything: bool) -> None:
    found = answer.with_verdict("excluded")
    if not everything:
        to.print(Text(f"Not open: {len(found)} (--all says why; lenrx explain ID in full)."))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column(f"Not open: {len(found)}", no_wrap=True, style="bold")
    table.add_column("Why")
    for each in found:
        table.add_row(each.regimen.id, "\n".join(why_excluded(each)))
    to.print(table)


def _to_confirm(answer: Answer, to: Console) -> None:
    fields = confirmations(answer.with_verdict("eligible"))
    if fields:
        words = ", ".join(f"{field_words(field)} ({len(ids)})" for field, ids in fields.items())
        to.print(Text(f"Not stated, confirm before starting (regimens): {words}."))
