"""A response as charts write it: a word, two words, or that nobody tells it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lenrx.intake.courses.words import RESPONSES, letters
from lenrx.patient.course import RESPONDED

_ARROW: Final = r" ?(?:-+>|=+>|\u2192|\u21d2) ?"
_BETWEEN: Final = (
    r" ?(?:[/,;+]|\b(?:or|to|bis|oder|a|o|ou|and|und|y|et)\b|(?<=[a-zA-Z])-(?=[a-zA-Z])) ?"
)
_MARKED: Final = re.compile(r"[?~\u00b1\u2260\u00ac]|^ ?- ?\w|\w ?-$")
_EITHER: Final = {
    "nr": "not known: no response, or not reported",
    "ne": "not known: not evaluable",
}
_NOT_REACHED: Final = frozenset(
    "noresponse nonresponse nonresponder noresponder nonresponsive unresponsive keinansprechen"
    " nichtansprechen ohneansprechen sinrespuesta norespuesta norespondedor pasdereponse"
    " absencedereponse sansreponse nonrepondeur nessunarisposta nonrisposta nonrisponde"
    " assenzadirisposta semresposta".split()
)
"""Words for less than a minimal response: stable disease at the best."""


_AT_LEAST: Final = (
    r"(?:at least |mind(?:estens|\.)? |al menos |au moins |almeno )(?P<least>.+)"
    r"|(?P<better>.+?) (?:or better|oder besser|o mejor|ou mieux|o meglio)"
)


def without_arrow(text: str) -> str:
    """A response without the arrow that is read with it."""
    return re.sub(_ARROW, " ", text)


@lru_cache(maxsize=4_000)
def response(text: str) -> tuple[str | None, str]:
    """The response that a text says, `unknown` where nobody can tell, and how it was read.

    None where no word of it is one. The reading is empty where the word is the record's own.
    """
    word = letters(text)
    if _MARKED.search(text.strip()):
        return "unknown", "not known"
    if word in _EITHER:
        return "unknown", _EITHER[word]
    if word in _NOT_REACHED:
        return "SD", "SD: no response"
    if found := RESPONSES.get(word):
        return found, "" if word == letters(found) else found
    bound = re.fullmatch(_AT_LEAST, text.strip(), re.IGNORECASE)
    if bound and (least := RESPONSES.get(letters(bound["least"] or bound["better"]))):
        return (least, f"{least} at least") if least in RESPONDED else (None, "")
    steps = re.split(_ARROW, text.strip())
    parts = [
        RESPONSES.get(letters(each))
        for each in (steps if len(steps) > 1 else re.split(_BETWEEN, text.strip(), flags=re.I))
    ]
    known = [each for each in parts if each]
    if len(parts) < _TWO or len(known) < len(parts):
        return None, ""
    return _of_several(known, in_order=len(steps) > 1)


_TWO: Final = 2


def _of_several(found: list[str], *, in_order: bool) -> tuple[str, str]:
    """Of several responses the least that is sure; one after another, the last where it is PD."""
    if in_order and found[-1] == "PD":
        return "PD", "PD, the last of them"
    if {*found} <= {*RESPONDED}:
        least = max(found, key=RESPONDED.index)
        best = min(found, key=RESPONDED.index)
        return (
            (best, f"{best}, the best of them")
            if in_order
            else (least, f"{least}, the least of them")
        )
    if len({*found}) == 1:
        return found[0], found[0]
    return "unknown", "not known: it may be any of them, or one after another"
