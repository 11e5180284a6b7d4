"""The differences that `--what-if` finds, drawn or as JSON, and nothing else of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lenrx.catalogue.vocabulary import Detail
from lenrx.report.as_json import document
from lenrx.report.phrases import (
    CAUTION,
    QUIET,
    facts_line,
    place_line,
    state_line,
)
from lenrx.report.premises import said_first
from lenrx.report.regimen.words import counted
from lenrx.rules.answer import Answer
from lenrx.rules.differences import Difference, first
from lenrx.rules.document import FULL, finding, in_json, reason

Tried = Sequence[tuple[Mapping[str, Any], Answer, tuple[Difference, ...]]]
"""Each change with the answer that it leads to, and the differences that it makes."""


_NAMES: Final = 22
"""Columns for the regimens that change alike."""


def draw(answer: Answer, tried: Tried, to: Console) -> None:
    """One table per change."""
    understood = Text(state_line(answer), style="bold")
    to.print(understood.append(f" {facts_line(answer)}", style="not bold"))
    to.print(Text(place_line(answer), style=QUIET))
    for words in said_first(answer):
        to.print(Text(f"! {words}", style=CAUTION))
    for changes, then, differences in tried:
        words = _change_words(changes, _instead_of(changes, answer))
        title = Text(f"What if {words}: {_counted(len(differences))}", style="table.title")
        table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
        table.add_column("Regimen", max_width=_NAMES, style="bold")
        table.add_column("Verdict", no_wrap=True)
        table.add_column("Why")
        alike = dict[tuple[str, str], list[str]]()
        for each in differences:
            alike.setdefault((_verdict(each), "\n".join(_why(each))), []).append(each.regimen)
        for (verdict, why), names in alike.items():
            table.add_row(", ".join(names), verdict, Text(why))
        to.print(table if differences else Text(f"\nWhat if {words}: nothing changes"))
        if differences:
            to.print(Text(f"First, as stated: {_first(answer)}\nFirst, then:      {_first(then)}"))


def _first(answer: Answer) -> str:
    """The first open regimens by rank, on one line."""
    return "  ".join(f"{place} {name}" for place, name in first(answer)) or "nothing is open"


def _counted(number: int) -> str:
    return f"{counted(number, 'regimen')} {'changes' if number == 1 else 'change'}"


def _instead_of(changes: Mapping[str, Any], answer: Answer) -> dict[str, list[str]]:
    """What stood in each list that a change replaces, as it was understood."""
    before = {n: getattr(answer.state.patient, n) for n, v in changes.items() if type(v) is list}
    return {name: list(value) for name, value in before.items() if value}


def _change_words(changes: Mapping[str, Any], before: Mapping[str, list[str]]) -> str:
    values = {k: "; ".join(v) if isinstance(v, list) else v for k, v in changes.items()}
    for name, held in before.items():
        values[name] += f" instead of {'; '.join(held)}"
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _verdict(each: Difference) -> str:
    same = each.before == each.after
    verdict = f"still {each.after}" if same else f"{each.before}\nto {each.after}"
    before, after = each.places
    if before == after:
        return verdict
    return f"{verdict}\nrank {before or 'none'} to {after or 'none'}"


def _why(each: Difference) -> list[str]:
    lead = "now" if each.after != "eligible" else "no longer"
    return [
        *(f"label: {region} {before} to {after}" for region, before, after in each.labels),
        *dict.fromkeys(f"{lead}: {reason(f, each.regimen)}" for f in each.because),
        *dict.fromkeys(f"+ {reason(f, each.regimen)}" for f in each.added),
        *dict.fromkeys(f"- {reason(f, each.regimen)}" for f in each.dropped),
    ]


def as_json(answer: Answer, tried: Tried, detail: Detail = FULL) -> str:
    """The answer with `what_if` beside it."""
    what_if = [
        {
            "change": dict(changes),
            "instead_of": _instead_of(changes, answer),
            "first": [name for _, name in first(then)],
            "regimens": [
                {
                    "id": each.regimen,
                    "from": each.before,
                    "to": each.after,
                    "rank_from": each.places[0],
                    "rank_to": each.places[1],
                    "labels": {region: [before, then] for region, before, then in each.labels},
                    "because": [finding(f) for f in each.because],
                    "added": [finding(f) for f in each.added],
                    "dropped": [finding(f) for f in each.dropped],
                }
                for each in differences
            ],
        }
        for changes, then, differences in tried
    ]
    return in_json({**document(answer, detail=detail), "what_if": what_if})
