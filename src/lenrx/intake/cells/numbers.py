"""Cells that hold a number: units, bounds, words, and dialysis beside renal function."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from lenrx.catalogue.fields import DECLARED, NUMERIC
from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells.base import CellError, Meaning, Values, strict

_WORDS: Final = "one two three four five six seven eight nine ten eleven twelve".split()
_N: Final = r"(\d+(?:\.\d+)?)"
_BOUNDS: Final = (
    (rf"(?:~|≈|about|circa|ca\.?|approx(?:\.|imately)?) ?{_N}", r"\1"),
    (rf"(?:at least|>=) ?{_N}", r">=\1"),
    (rf"(?:at most|<=) ?{_N}", r"<=\1"),
    (rf"(?:more than|above|over|>) ?{_N}", r">\1"),
    (rf"(?:less than|below|under|<) ?{_N}", r"<\1"),
    (rf"{_N} ?(?:\+|or more)", r">=\1"),
    (rf"{_N} or less", r"<=\1"),
    (rf"{_N} ?(?:-|to) ?{_N}", r"\1-\2"),
)
_SIGNS: Final = {"<=": "at most", ">=": "at least", "<": "below", ">": "above"}
ON_DIALYSIS: Final = (
    r"(?P<not>no |not |non-)?(?:on )?"
    r"(?:(?:(?:peritoneal|chronic|maintenance) )?(?:ha?emo)?dialysis|i?hd|capd)"
)
_RENAL: Final = ("egfr", "crcl", "creatinine")


def number(field: str, text: str, catalogue: Catalogue) -> Meaning:
    """A number, bound or range, and dialysis where it stands beside."""
    if text[:1].isalpha() and re.fullmatch(_NORMAL, text.lower().strip(" .")):
        return (), f"not stated: {DECLARED[field].label} is asked as a number"
    _no_other_scale(field, text)
    text, on_dialysis = _dialysed(text.lower()) if field in _RENAL else (text.lower(), None)
    also: Values = () if on_dialysis is None else (("dialysis", on_dialysis),)
    wording = [] if on_dialysis is None else ["on dialysis" if on_dialysis else "not on dialysis"]
    if text or not also:
        written = _written(field, text)
        also = strict(field, written, catalogue) + also
        wording = [f"{DECLARED[field].label} {_bounds(written)}", *wording]
    return also, ", ".join(wording)


_NORMAL: Final = (
    r"(?:(?:lv)?ef )?(?:normal|wnl|within normal limits|preserved|nl|ok|good|adequate|normale?"
    r"|erhalten"
    r"|conservada|unauffallig|unauff\u00e4llig)(?: (?:lv)?ef| (?:renal )?function)?"
)
"""Words for a value that need no rule: nothing that a rule looks for is read, and it is asked."""


def _no_other_scale(field: str, text: str) -> None:
    """Raises CellError where the cell holds a share or another scale in place of its number."""
    if "_" in text and re.search(r"\d_|_\d(?!.*\})", text):
        raise CellError("holds a _, which is no part of a number; write it plain", text)
    if field == "ecog" and re.search(r"(?i)%|\bkps\b|\bkarnofsky\b|\bki\b", text):
        reason = "is a Karnofsky index, which is no ECOG; write ECOG 0 to 4 or leave it empty"
        raise CellError(reason, text)
    if "%" in text and NUMERIC[field].unit != "percent":
        raise CellError(f"is a share in percent; write {NUMERIC[field].unit}", text)


def _dialysed(text: str) -> tuple[str, bool | None]:
    match = re.fullmatch(rf"(?P<rest>.*?)[ (,;\[]*\b{ON_DIALYSIS}[)\]]?", text)
    return (match["rest"], not match["not"]) if match else (text, None)


def _written(field: str, text: str) -> str:
    """The number, bound or range as the strict parser takes it."""
    if field == "prior_lines" and re.search(
        r"\d(?:st|nd|rd|th)\b|\bl(?:ine|ot)? ?\d|(?:rst|second|ird|th) (?:line|relapse)|\d(?:l"
        r"|lot)\b|\d l\b",
        text,
    ):
        reason = (
            "an ordinal may count the line being chosen: the second line, with one before it, or "
            "two lines that were had; write how many were had"
        )
        raise CellError(reason, text)
    if field == "neuropathy_grade" and text == "none":
        return "0"
    for number, word in enumerate(_WORDS, start=1):
        text = re.sub(rf"\b{word}\b", str(number), text)
    prefixes, units = NUMERIC[field].prefixes or field, _units(field)
    text = re.sub(rf"\b(?:{prefixes})[ :=.]*(?=[<>~≈\d])", "", text)
    if units:
        text = re.sub(rf"(?<=[\d+])(?:{units})(?![\w/^*])", "", text)
    if text.count(",") == 1:
        text = re.sub(r"(?<=\d),(?=\d{1,2}(?!\d))", ".", text)
    for pattern, written in _BOUNDS:
        if match := re.fullmatch(pattern, text):
            return match.expand(written)
    return text


@cache
def _units(field: str) -> str:
    """What may follow the number: as declared, or the unit itself; what is counted has none."""
    kind = NUMERIC[field]
    if kind.units or kind.whole:
        return kind.units
    unit = re.escape(kind.unit.lower()).replace("/", " ?/ ?")
    return " ?" + re.sub(r"\bu(?=g|l|mol)", "(?:u|μ|mc)", unit)


def _bounds(written: str) -> str:
    for sign, words in _SIGNS.items():
        if written.startswith(sign):
            return f"{words} {written.removeprefix(sign)}"
    return written.replace("-", " to ")
