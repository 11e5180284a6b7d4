"""Cells of illnesses made ready: parted and spelled out, with the results that stand beside one.

An ejection fraction is a field of its own; an antibody without its virus is one finding.
"""

from __future__ import annotations

import re
from typing import Final

_POSITIVE: Final = r"[ :=]*(?:is )?(?:pos(?:itiv\w*)?\b|\+(?:ve\b)?|reactive|reaktiv|detected)"
_NEGATIVE: Final = (
    r"[ :=]*(?:is )?(?:neg(?:ativ\w*)?\b|undetect\w*|not detect(?:ed|able)|non-?reactive"
    r"|indetectable\w*|nicht nachweisbar|no detectad[oa]|-(?!\w))"
)
_HCV: Final = r"(?:hcv|hep(?:atitis)?[ -]?c|vhc)"
_ANTIBODY: Final = (
    rf"(?:anti[ -]?{_HCV}(?:[ -]?ab)?|{_HCV}(?:[ -]?(?:ab|antibod(?:y|ies)|serology|ak|igg))?)"
)
_VIRUS: Final = rf"(?:{_HCV}[ -]?)?(?:rna|pcr|vl|viral load|viruslast|carga viral|naa?t)"
_BETWEEN: Final = r"[ ,;/()&]*(?:(?:and|but|with|und|y|et) )?"
_GONE: Final = (
    rf"\b(?:{_ANTIBODY}{_POSITIVE}{_BETWEEN}{_VIRUS}{_NEGATIVE}"
    rf"|{_VIRUS}{_NEGATIVE}{_BETWEEN}{_ANTIBODY}{_POSITIVE})\)?"
)
WITHOUT_VIRUS: Final = "hcv antibody without rna"


def without_virus(text: str) -> str:
    """A text in which an antibody to hepatitis C and a virus that is not found are one finding."""
    low = text.lower()
    if "c" not in low or not any(each in low for each in _VIRUSES):
        return text
    return re.sub(_GONE, WITHOUT_VIRUS, text, flags=re.IGNORECASE)


_VIRUSES: Final = ("rna", "pcr", "vl", "viral", "viruslast", "nat", "naat")


_EF: Final = (
    r"\b(?:lv)?ef[ :=]*(?:of |is )?(?P<value>(?:[<>]=? ?)?\d{1,2}(?: ?- ?\d{1,2})?) ?%?"
    r"(?![\w.,/-]*\d)"
)
_ALONE: Final = rf"(?:^|(?<=[;,]))\s*{_EF}\s*(?=[;,]|$)"
_OLD: Final = (
    r"(?:19|20)\d\d|\b(?:prior|past|previous\w*|prev|histor\w*|old|was|initial\w*|baseline|from"
    r"|recovered|improved|nadir|worst|lowest|family|father|mother|brother|sister|before|vorher)\b"
)
"""What may make it the ejection fraction of another time or person."""


def ejection_fraction(text: str) -> tuple[str, bool] | None:
    """The one ejection fraction that stands among illnesses, and whether it is the patient's now.

    None where there is none.
    """
    found = list(re.finditer(_EF, text, re.IGNORECASE)) if "ef" in text.lower() else []
    if not found:
        return None
    is_sure = len(found) == 1 and not re.search(_OLD, text, re.IGNORECASE)
    return found[0]["value"], is_sure


def without_fraction(text: str) -> str:
    """A text without an ejection fraction that is an item of its own."""
    return re.sub(_ALONE, "", text, flags=re.IGNORECASE).strip(" ;,")


_ABLE: Final = (
    r"(?:htn|ht|hta|bp|hypertension|high blood pressure|dm|dm1|dm2|t1dm|t2dm|niddm|iddm"
    r"|diabetes(?: mellitus)?(?: type [12])?|type [12] diabetes|hypertonie|diabete)"
)
_MANNER: Final = (
    r"(?:(?:un|poorly |badly |not |not well |well[ -])controlled|paroxysmal|persistent|permanent"
    r"|type (?:[12]|ii?))"
)
_BEHIND: Final = rf"\b([\w' ]+?) ?(?:,| -) ?({_MANNER})(?= ?(?:$|[;,)]))"


def with_manner(text: str) -> str:
    """A text in which a manner that is an item of its own stands with the illness before it.

    What may be meant for two illnesses is left as it is, to be asked.
    """
    if "," not in text and " -" not in text:
        return text
    return re.sub(_BEHIND, _joined, text, flags=re.IGNORECASE)


def _joined(found: re.Match[str]) -> str:
    before = found.string[: found.start()]
    both = re.search(rf"\b{_ABLE}\s*,\s*$", before, re.IGNORECASE)
    if both and re.search("controlled", found[2], re.IGNORECASE):
        return found[0]
    return f"{found[1]} {found[2]}"


_DATE: Final = r"\b(?:\d\d?/){1,2}((?:19|20)\d\d)\b"
"""A date whose strokes join no two illnesses."""
_SHORT: Final = (
    ("h/o", "history of"),
    ("s/p", "prior"),
    ("w/o", "without"),
    ("r/o", "suspected"),
    ("c/o", "history of"),
)
"""Abbreviations whose stroke joins no two illnesses."""


def spelled_out(item: str) -> str:
    """An item without abbreviations and dates whose strokes join no two illnesses."""
    for short, long in _SHORT:
        item = re.sub(rf"(?i)\b{short}\b", long, item)
    item = re.sub(r"(?i)\b([dl])['\u2019](?=\w)", r"\1 ", item)
    return re.sub(_DATE, r"\1", item)


def clauses(text: str) -> list[str]:
    """The text between semicolons, never those inside parentheses."""
    found, inside = [""], 0
    for piece in text.split(";"):
        found[-1] = f"{found[-1]};{piece}" if inside > 0 else piece
        inside += piece.count("(") - piece.count(")")
        if inside <= 0:
            found.append("")
            inside = 0
    return [each for each in found if each.strip()]
