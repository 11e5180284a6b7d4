"""Codes of a list of choices, by what their labels say: `1, Male | 2, Female`."""

from __future__ import annotations

import re

from lenrx.catalogue.fields import NUMERIC
from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import CellError, is_unstated, read_cell
from lenrx.intake.columns.cells import truth
from lenrx.intake.columns.column import Column, code
from lenrx.intake.columns.dictionary import Variable
from lenrx.intake.columns.names import folded

_CHOSEN = ("radio", "dropdown", "")
Codes = tuple[tuple[tuple[str, str], ...], list[str]]
"""Codes with their words, and what is to be said of the others."""


def coded(column: Column, variable: Variable, catalogue: Catalogue) -> Codes:
    """The words that the codes of a column stand for, as far as they can be read."""
    if variable.kind not in _CHOSEN or not variable.choices:
        return (), []
    words = {one: _words(label, column, catalogue) for one, label in variable.choices.items()}
    unread = [one for one, word in words.items() if word is None]
    known = tuple((one, word) for one, word in words.items() if word is not None)
    if all(code(one) == code(word) for one, word in known):
        known = ()
    doubt = [f"; code {', '.join(unread)} is not understood: state it in values:"] if unread else []
    return known, doubt


def of_sexes(name: str, cells: list[str]) -> Codes:
    """H and M, or V and M under a Spanish name (hombre, varon, mujer); H and F (homme, femme)."""
    letters = {each.strip().upper() for each in cells} - {""}
    if letters == {"H", "F"}:
        return (("H", "male"), ("F", "female")), ["; H taken for a man (homme): make sure"]
    man = next((each for each in ("H", "V") if each in letters), None)
    if man is None or letters & {"F", "W"} or (man == "V" and folded(name) != "sexo"):
        return (), []
    doubt = f"; {man} taken for a man, so that M is a woman (mujer): make sure"
    return ((man, "male"), ("M", "female")), [doubt]


def _words(label: str, column: Column, catalogue: Catalogue) -> str | None:
    """What a label says, in words that are read; None where it cannot be."""
    if is_unstated(label):
        return label
    for text in (label, re.sub(r"[-:(].*", "", label).strip()):
        try:
            if column.of:
                truth(text, column, catalogue)
            else:
                read_cell(column.field, text, catalogue)
        except CellError:
            continue
        return text
    number = re.search(r"\d+", label) if column.field in NUMERIC else None
    return number[0] if number and len(re.findall(r"\d+", label)) == 1 else None
