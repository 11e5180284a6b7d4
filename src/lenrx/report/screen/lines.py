"""Texts put into lines of a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text


def say(text: Text, to: Console, lead: str = "", indent: int | None = None) -> None:
    """A text after its lead, broken between words; it hangs under the lead, or by `indent`."""
    hang = len(lead) if indent is None else indent
    whole = text if indent is None else Text.assemble((lead, "bold"), text)
    first = Text(lead if indent is None else "", style="bold")
    for place, line in enumerate(whole.wrap(to, to.width - hang)):
        line.rstrip()
        before = first if place == 0 else Text(" " * hang)
        to.print(Text.assemble(before, line), soft_wrap=True)
