"""Signs beside a word, which readers of letters pass over: bounds, negations, crosses, dots.

Patterns are text: `re` compiles each when it is first used, and not at every start.
"""

from __future__ import annotations

import re
from typing import Final

from lenrx.catalogue.fields import DRUGGED, NUMERIC
from lenrx.intake.cells.base import CellError
from lenrx.patient.patient import LISTED

_SIGNS: Final = frozenset("<>!%")
_FREE: Final = frozenset(("id", "as_of", *NUMERIC))
"""Fields whose readers know every sign: numbers with their bounds, days, and what is kept."""
_ONE_WORD: Final = frozenset(("sex", "frailty", "hepatic", "history", "region"))
"""Fields of one word, beside which no sign says anything."""


def may_hold_sign(text: str) -> bool:
    """Whether a text is worth a closer look: most cells hold no sign at all."""
    plain = text.isascii() and _SIGNS.isdisjoint(text)
    return not plain or ".." in text or ". ." in text


def no_sign(field: str, text: str) -> None:
    """Refuse a sign that compares or denies a word, a cross, and dots for what is left out.

    The text is a plain one. Raises CellError with the sign and the word beside it.
    """
    if field in _FREE:
        return
    if "\u00d7" in text:
        reason = "holds a cross or a struck circle, yes to some and no to others; write the word"
        raise CellError(reason, "\u00d7")
    if field in LISTED and (dots := re.search(ELLIPSIS, text)):
        raise CellError("dots stand for more than is written; write all of them", dots[0].strip())
    for run in re.finditer(_RUN, text):
        if _says_more(field, text[: run.start()], run[0], text[run.end() :]):
            raise CellError(_NOT_UNDERSTOOD, _around(text, run))
    if share := re.search(r"%" if field in _ONE_WORD else _NO_SHARE, text):
        raise CellError(_NOT_UNDERSTOOD, _around(text, share))


ELLIPSIS: Final = r"(?:\. ?){3,}"
_NOT_UNDERSTOOD: Final = "a sign beside a word is not understood; write the word alone"
_RUN: Final = r"[<>=!\u2260]*[<>!\u2260][<>=!\u2260]*"
_AMOUNT: Final = r"(?!\d{1,2} ?[pq](?![a-z])) ?[.~+-]?\d"
"""A number, which is no arm of a chromosome."""
_NO_SHARE: Final = r"(?<!\d)(?<!\d )% ?[^\W\d_]|[^\W\d_] ?%(?! ?\d)"
"""A percent sign beside a word, where no number stands before or behind it."""


def _says_more(field: str, before: str, sign: str, after: str) -> bool:
    """Whether a sign is more than an arrow, or a bound with its number."""
    if field in _ONE_WORD:
        return True
    if sign == ">" and before.endswith("-"):
        return False
    if field in DRUGGED and sign in (">", ">>", "=>"):
        # One treatment after another.
        last, first = before.rstrip()[-1:], after.lstrip()[:1]
        if (last.isalnum() or last == ")") and (first.isalpha() or first == "("):
            return False
    denies = "!" in sign or "\u2260" in sign or "<>" in sign
    return denies or not re.match(_AMOUNT, after.lstrip(), re.IGNORECASE)


def _around(text: str, found: re.Match[str]) -> str:
    """A sign with the words that it touches."""
    before = re.search(r"[^\s,;|]* ?$", text[: found.start()])
    after = re.match(r" ?[^\s,;|]*", text[found.end() :])
    return f"{before[0] if before else ''}{found[0]}{after[0] if after else ''}".strip()
