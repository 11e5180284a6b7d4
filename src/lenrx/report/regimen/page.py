"""The page that an explanation is drawn on: titles, lines that hang, paragraphs, sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.console import Console
from rich.text import Text

from lenrx.report.phrases import cite, cite_short
from lenrx.report.regimen.sections import Section
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.filters import Finding

_HANGING: Final = 2
"""Columns by which a line goes on further in than it began."""


class Page(NamedTuple):
    """What the parts of an explanation need: the regimen, the answer, where to draw."""

    each: Assessment
    answer: Answer
    to: Console
    verbose: bool
    found: dict[Section, list[Finding]]

    def title(self, words: str) -> None:
        """The title of a part."""
        self.to.print(Text(f"\n{words}", style="bold"))

    def line(self, words: str, style: str = "", source: str = "", indent: int = 2) -> None:
        """A line of a part, wrapped under itself, its source dim at its end."""
        text = Text(words, style=style)
        if source:
            text.append(f" [{source}]", style="not bold dim")
        self.wrapped(text, indent)

    def wrapped(self, text: Text, indent: int) -> None:
        """Text over as many lines as it takes, the others further in than the first."""
        margin = " " * indent
        for number, each in enumerate(text.wrap(self.to, self.to.width - indent - _HANGING)):
            each.rstrip()
            self.to.print(Text(margin + " " * _HANGING * (number > 0)) + each)

    def inline(self, title: str, words: str, style: str = "") -> None:
        """A part of one paragraph, its title before it."""
        text = Text(f"{title}: ", style="bold").append(words, style=f"not bold {style}".strip())
        self.wrapped(text, 0)

    def cite(self, source: str) -> str:
        """A source in short; with -v with its identifier."""
        return (cite if self.verbose else cite_short)(source, self.answer.catalogue)

    def of(self, section: Section) -> Sequence[Finding]:
        """The findings of a section."""
        return self.found.get(section, ())
