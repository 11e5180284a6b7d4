"""The differences that `--what-if` finds, drawn or as JSON, and nothing else of the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lenrx.report.phrases import state_line
from lenrx.rules.answer import Answer
from lenrx.rules.differences import Difference
from lenrx.rules.document import finding, reason

Tried = Sequence[tuple[Mapping[str, Any], tuple[Difference, ...]]]
"""Each change with the differences that it makes."""


def draw(answer: Answer, tried: Tried, to: Console) -> None:
    """One table per change."""
    to.print(Text(state_line(answer), style="bold"))
    for changes, differences in tried:
        title = f"What if {_change_words(changes)}: {len(differences)} regimens change"
        table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
        table.add_column("Regimen", no_wrap=True, style="bold")
        table.add_column("Verdict", no_wrap=True)
        table.add_column("Why")
        for each in differences:
            table.add_row(each.regimen, _verdict(each), "\n".join(_why(each)))
        to.print(
            table if differences else Text(f"\nWhat if {_change_words(changes)}: nothing changes")
        )


def _change_words(changes: Mapping[str, Any]) -> str:
    values = {k: "; ".join(v) if isinstance(v, list) else v for k, v in changes.items()}
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _verdict(each: Difference) -> str:
    if each.before == each.after:
        return f"still {each.after}"
    return f"{each.before}\nto {each.after}"


def _why(each: Difference) -> list[str]:
    lead = "now" if each.after != "eligible" else "no longer"
    return [
        *dict.fromkeys(f"{lead}: {reason(f, each.regimen)}" for f in each.because),
        *dict.fromkeys(f"+ {reason(f, each.regimen)}" for f in each.added),
        *dict.fromkeys(f"- {reason(f, each.regimen)}" for f in each.dropped),
    ]


def as_json(answer: Answer, tried: Tried) -> str:
    """The answer with `what_if` beside it."""
    what_if = [
        {
            "change": dict(changes),
            "regimens": [
                {
                    "id": each.regimen,
                    "from": each.before,
                    "to": each.after,
                    "because": [finding(f) for f in each.because],
                    "added": [finding(f) for f in each.added],
                    "dropped": [finding(f) for f in each.dropped],
                }
                for each in differences
            ],
        }
        for changes, differences in tried
    ]
    return json.dumps({**answer.to_dict(), "what_if": what_if}, ensure_ascii=False)
