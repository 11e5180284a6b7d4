"""What is drawn, as text of a width."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from rich.console import Console

from lenrx.report.regimen import compare, explain
from lenrx.rules.answer import Answer

Draw = Callable[[Console], None]


def text(draw: Draw, width: int = 100) -> str:
    out = io.StringIO()
    draw(Console(file=out, width=width, no_color=True, highlight=False))
    return out.getvalue()


def explained(answer: Answer, regimen: str, width: int = 100, *, verbose: bool = False) -> str:
    each = answer[regimen]
    return text(lambda to: explain.draw(each, answer, to, verbose=verbose), width)


def compared(answer: Answer, regimens: Sequence[str], width: int = 100) -> str:
    found = [answer[each] for each in regimens]
    return text(lambda to: compare.draw(found, answer, to), width)


def flat(drawn: str) -> str:
    """Drawn text on one line."""
    return " ".join(drawn.split())
