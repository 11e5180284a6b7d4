"""Whether a text is one plan: not several, none that is denied or doubted; and its pieces.

The names of the catalogue are known by their letters alone, so what the signs around them say is
asked here first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import NameMatch, UnknownName, known, split
from lenrx.intake.cells.base import CellError, plain_text
from lenrx.intake.cells.marks import OPEN, TICKED, ticked
from lenrx.intake.cells.spellings.drugs import DOSE, SCHEDULE
from lenrx.patient.course import STEROID

_WITH: Final = r" ?(?:/|\+|&|\b(?:and|plus|with)\b) ?"
_EITHER: Final = r"\b(?:or|oder|ou|and/or|vs\.?|versus)\b"
_THEN: Final = r"->|=>|→|⇒|>|\b(?:then|followed by|before|after|alternating)\b"
_NOT: Final = (
    r"\b(?:without|w/o|no|not|never|held|hold|stopped|omitted|omit|minus|ohne|kein\w*|sin|sans"
    r"|senza|sem)\b|\+ ?/ ?-|\+-|\u00b1|\?"
)
_SIGNED: Final = (
    r"(?:^|[,;/|+&(=:]) ?-| -(?=[^\W\d])|(?<=[^\W\d])- "
    r"|(?<!\d{4})(?<!\d{4} )(?<!\bc\d)(?<!\bc\d\d)-(?= ?(?:$|[,;/|+&)]))"
    r"|~(?! ?\d)|!(?=\w)"
)
"""A minus before or behind a name, save behind a date or a cycle without an end; a wave."""
_LONE_X: Final = r"(?:^|[,;]) ?x (?=[^\W\d])"
_WORDS: Final = 4
"""In one name of the catalogue."""
_SHOWN: Final = 40
"""Letters of a text that is refused for a sign, however long it is."""
_SIGN: Final = "holds a sign that may say no or perhaps; write only what is meant"


def unticked(text: str) -> str:
    """A text without ticks. Raises UnknownName for an empty box, a cross and other signs."""
    # Quotation marks say nothing.
    plain = re.sub("[\u2018-\u201f\u00ab\u00bb]", "'", plain_text(text))
    try:
        found = ticked(plain)
    except CellError as error:
        raise UnknownName(error.word or plain[:_SHOWN], _SIGN) from None
    if OPEN in found:
        raise UnknownName(text.strip()[:_SHOWN], _SIGN)
    return found.replace(TICKED, ";") if TICKED in found else plain


def why_not_one(text: str, catalogue: Catalogue) -> str | None:
    """Why a text is more than one plan, or not surely one; None where it is one."""
    if re.search(_THEN, text, re.I):
        return "names a sequence; write one regimen"
    # A name is known by its letters, whatever signs stand around them.
    if re.search(_NOT, text, re.I):
        return "says not, perhaps or no more of a part; write only what is meant"
    if re.search(_SIGNED, text, re.I):
        return _SIGN
    if re.search(_LONE_X, text, re.I):
        return "has an x that may be a mark; write selinexor, or leave it out"
    if known(text, catalogue):
        return None
    if re.search(_EITHER, text, re.I):
        return "names alternatives; write the one that is meant"
    regimens = _regimens(without_doses(text), catalogue)
    if len(regimens) > 1:
        return f"names several regimens ({', '.join(regimens)}); write one, or the drugs"
    return None


def _regimens(text: str, catalogue: Catalogue) -> list[str]:
    """The regimens of more than one drug that a text names.

    Parentheses that hold the drugs of one before them, or of all, name nothing more, and a part
    without a steroid that hangs on a name (VRD-PACE) belongs to it.
    """
    outside = re.sub(r"\([^()]*\)", ";", text)
    found, every = _combined(outside, catalogue), _matches(outside, catalogue)
    wholes = [{*each.items} for each in found]
    wholes.append({drug for each in every for drug in each.items})
    for group in re.findall(r"\(([^()]*)\)", text):
        inside = _matches(group, catalogue)
        drugs = {drug for each in inside for drug in each.items}
        if drugs not in wholes:
            found += _combined(group, catalogue)
    alike = dict[frozenset[str], str]()
    for each in found:
        alike.setdefault(frozenset(each.items), str(each.regimen))
    return [*alike.values()]


def _combined(text: str, catalogue: Catalogue) -> list[NameMatch]:
    steroids = catalogue.drugs_in(STEROID)

    def hung(part: re.Match[str]) -> str:
        match = known(part[1], catalogue)
        more = match and len(match.items) > 1 and not {*match.items} & {*steroids}
        return "" if more else part[0]

    found = _matches(re.sub(r"(?<=\w)-(\w+)", hung, text), catalogue)
    return [each for each in found if each.regimen and len(each.items) > 1]


def _matches(text: str, catalogue: Catalogue) -> list[NameMatch]:
    """What is known by name in a text, item by item and word by word."""
    pieces = [re.sub(r"[\W_]+", " ", part) for item in split(text) for part in apart(item)]
    return [match for each in pieces for _, match in runs(each, catalogue) if match]


def without_doses(text: str) -> str:
    """A text without doses and days, whose signs part nothing."""
    return DOSE.sub(" ", SCHEDULE.sub(" ", text)) if re.search(r"\d", text) else text


def apart(item: str) -> list[str]:
    """An item at plus and its like, never inside parentheses."""
    pieces = re.split(r"(\([^()]*\))", item)
    text = "".join(p if p.startswith("(") else re.sub(_WITH, ";", p, flags=re.I) for p in pieces)
    return split(text)


def runs(item: str, catalogue: Catalogue) -> Iterator[tuple[str, NameMatch | None]]:
    """The words of an item with what they name, the longest run of them first."""
    words = [each for each in re.split(r"[ \-()]+", item) if re.search(r"[^\W\d_]", each)]
    start = 0
    while start < len(words):
        ends = range(min(len(words), start + _WORDS), start, -1)
        found = [(end, known(" ".join(words[start:end]), catalogue)) for end in ends]
        end, match = next((each for each in found if each[1]), (start + 1, None))
        yield " ".join(words[start:end]), match
        start = end
