"""What charts say around drugs in other languages, in the words that are read: lines, cycles, only.

Patterns are text: `re` compiles each when it is first used, and not at every start.
"""

from __future__ import annotations

import re
from typing import Final

from lenrx.intake.cells.base import AUTO


def in_english(text: str) -> str:
    """A cell with what charts say of progression, cycles and lines in the words that are read.

    Most cells hold none of it: a few letters tell that at once.
    """
    low = text.lower()
    if any(each in low for each in ("zykl", "cic", "cycli", "cures", "cykl")):
        text = re.sub(_CYCLES, " ", text, flags=re.IGNORECASE)
    if "PD" in text or "prog" in low or "rel" in low or "idiv" in low or "rechute" in low:
        text = re.sub(_STAYED, "no progression on", re.sub(_PROGRESSED, "progression on", text))
    if any(each in low for each in ("ed", "not", "eligible", "abgel", "nicht", "realiz", "refus")):
        text = re.sub(_NOT_GRAFTED, r"no \1", text, flags=re.IGNORECASE)
    if "lin" in low or "l\u00edn" in low or "lign" in low:
        text = re.sub(_OF_LINE, " ", text, flags=re.IGNORECASE)
    if "-" in text:
        text = re.sub(_OPEN_END, r"since \1", text)
    if " " in text:
        text = _without_only(text)
    if ":" in text and re.match(r"1 ?: ?[A-Za-z].*[;,|] ?2 ?: ?[A-Za-z]", text):
        text = re.sub(r"(?:^|(?<=[;,|])) ?[1-9] ?:(?= ?[A-Za-z])", " ", text)
    return text


def _without_only(text: str) -> str:
    """A list without the word that says that it is all: `only len`, `len alone`, `nur Len`.

    Behind the last of several it may be said of that one, and stays.
    """
    text = re.sub(_ONLY_BEFORE, "", text, flags=re.IGNORECASE)
    if re.search(r"[;,|/+&>(]", text):
        return text
    return re.sub(_ONLY_BEHIND, "", text, flags=re.IGNORECASE)


_ONLY: Final = (
    r"(?:only|solely|exclusively|nur|lediglich|ausschlie(?:\u00df|ss)lich|s[o\u00f3]lo|solamente"
    r"|[u\u00fa]nicamente|seulement|uniquement|soltanto|solamente|solo|apenas|somente|alleen)"
)
_ONLY_BEFORE: Final = rf"^ ?{_ONLY} (?:to |zu |auf |a |al |\u00e0 |au )?(?=\w)"
_ONLY_BEHIND: Final = rf"(?<=\w) {_ONLY} ?$"
_PROGRESSED: Final = (
    r"\b(?:PD|(?i:progression|progress|progressed|progressing|progresi[o\u00f3]n|progres[o\u00f3]|progressione"
    r"|progress[a\u00e3]o|relapse|relapsed|relapsing|rezidiv|recidiva|recidive|rechute|r\u00e9cidive))"
    r" (?i:(?:while |whilst )(?:on|under|receiving|taking)|under|unter|con|bajo|sous|during|durante"
    r"|pendant|w[a\u00e4]hrend|through|sob|com|on|in corso di)(?!\w)"
)
"""That the disease grew under a drug, in the languages of charts: one of the words for that."""
_STAYED: Final = (
    r"\b(?i:sin|sans|keine?|senza|sem|ohne|nessuna|nenhuma|pas de|aucune|ninguna) progression on"
)
_NOT_GRAFTED: Final = (
    rf"(?<![\w-])({AUTO})[ :]*(?:was )?(?:declined|refused|not done|not performed|not eligible"
    r"|ineligible|abgelehnt|no realizado|nicht durchgef(?:\u00fc|ue?)hrt)(?= ?(?:$|[;,|)]))"
)
_CYCLES: Final = (
    r"\(? ?(?<!\d)(?:x ?)?[1-9]\d? ?(?:zyklen|zyklus|ciclos?|cicli|cures|cykli|cycli)(?!\w) ?\)?"
)
"""How many cycles were given, in other languages than English."""
_OPEN_END: Final = r"\b((?:\d\d?[/.])?(?:19|20)\d\d(?:-\d\d)?)-(?= ?(?:$|[);,|]))"
"""A date with a dash behind it and nothing more: given since then."""
_OF_LINE: Final = (
    r"(?<!\w)(?:[1-9] ?(?:\.|\u00aa|\u00ba|\u00b0|a|o|e|re|er|te|da|ra|\u00e8?re|\u00e8me|eme|ere)?"
    r"[ -]?(?:(?:therapie)?linien?(?:therapie)?|l[i\u00ed]nea|ligne|linha)"
    r"|(?:erst|zweit|dritt|viert|f[u\u00fc]nft|fuenft)linien?(?:therapie)?"
    r"|(?:primera|segunda|tercera|cuarta|quinta|prima|seconda|terza|quarta|premi[e\u00e8]re"
    r"|deuxi[e\u00e8]me|troisi[e\u00e8]me|quatri[e\u00e8]me|primeira|terceira|erste|zweite|dritte"
    r"|vierte) (?:l[i\u00ed]nea|ligne|linha|linie)"
    r"|(?:therapie)?(?:linie|l[i\u00ed]nea|ligne|linha)"
    r" ?(?:n ?[\u00b0\u00ba.o]? ?|nr\.? ?|# ?)?[1-9](?!\d))"
    r"(?!\w) ?[:.)=-]?"
)
"""The number of a line before what was given in it, other than in English."""
