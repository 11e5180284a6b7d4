"""Words that stand for what is not in the cell: another row's value, or more than is written.

A ditto mark is the value of no cell: what the row above holds is not for a reader of one cell. What
says that a list goes on (`etc`, `u.a.`) is taken off the list, and said.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lenrx.catalogue.names import split
from lenrx.intake.cells.base import CellError, bare
from lenrx.intake.cells.marks import mark
from lenrx.patient.patient import LISTED

DITTO: Final = "repeats another row or cell (ditto); write the value itself"
_SIGNS: Final = frozenset(
    "\" '' ,, // \u3003 \u201c \u201d \u201e \u201f \u2033 \u2036 \u00b4\u00b4 `` \u2019\u2019 "
    "\u2032\u2032 ^ ^^ \u2191 \u2191\u2191 \u21a5 \u2b06 \u00ab \u00bb".split()
)
_AROUND: Final = re.compile(r"[\s\-\u2013\u2014_.;:()\[\]]+")
_SPELLED: Final = (
    "ditto|dito|dto|do|idem|id|same|the same|same as above|same as before|same as previous"
    "|same as last|same as prior|as above|see above|as before|as previous|as previously"
    "|as per above|as per previous|as in row above|copy above|above|v supra|vide supra|cf supra"
    "|supra|unchanged|no change since above"
    # German
    "|s o|w o|wie oben|siehe oben|wie vor|wie vorher|wie zuvor|wie gehabt|dasselbe"
    "|gleich|unverandert|oben|desgl|desgleichen|ebenso"
    # Spanish, Portuguese
    "|como arriba|ver arriba|igual|igual que arriba|igual que el anterior|igual al anterior"
    "|lo mismo|el mismo|mismo|la misma|como antes|sin cambios|idem anterior|como acima"
    "|ver acima|igual acima|o mesmo|mesmo|inalterado"
    # French
    "|comme ci-dessus|voir ci-dessus|ci-dessus|cf ci-dessus|idem ci-dessus|pareil|meme|le meme"
    "|la meme|comme avant|inchange|inchangee|comme precedemment"
    # Italian
    "|come sopra|vedi sopra|c s|v sopra|sopra|lo stesso|la stessa|stesso|uguale|come prima"
    "|invariato|invariata"
)
_WORDS: Final = frozenset(_AROUND.sub(" ", each) for each in _SPELLED.split("|"))
_LONGEST: Final = 32
"""Letters of a word that repeats another cell."""
_TWO_LETTERS: Final = frozenset(("do", "id"))
"""Words that repeat only with a point behind: alone they may be names."""


@lru_cache(8_000)
def repeats(text: str) -> bool:
    """Whether a text is a ditto mark, or words for one, and nothing more."""
    if len(text) > _LONGEST:
        return False
    stripped = text.strip(" \t-\u2013\u2014.()[]")
    if stripped in _SIGNS:
        return True
    words = _AROUND.sub(" ", bare(text)).strip()
    return words in _WORDS and (words not in _TWO_LETTERS or "." in text)


def no_ditto(field: str, text: str) -> None:
    """Refuse a cell, or an item of its list, that repeats another. Raises CellError."""
    if repeats(text):
        raise CellError(DITTO, text.strip())
    listed = field in LISTED and len(text) <= _LONGEST_LIST and _BETWEEN.search(text)
    if listed and (again := next((each for each in split(text) if repeats(each)), None)):
        raise CellError(DITTO, again)


_BETWEEN: Final = re.compile(r"[;,|]")
_LONGEST_LIST: Final = 400
"""Letters of a list that is looked through."""
_MORE: Final = (
    r"(?:etc(?:[., ]+etc)*|usw|u\.? ?a\.? ?m|u\. ?a|u\.a|u\.? ?v\.? ?m|ecc|et al|et ?cetera"
    r"|and (?:many )?(?:others|more)"
    r"|among(?:st)? others?|amongst other things|inter alia|plus others|others?|various others?"
    r"|several others?|many others?|and so on|and so forth"
    r"|und (?:andere|weitere)(?: (?:therapien|medikamente|erkrankungen))?|unter anderem"
    r"|weitere|u\.? ?andere|y (?:los )?(?:otros|otras|dem[a\u00e1]s)|entre otr[oa]s|otr[oa]s"
    r"|y m[a\u00e1]s"
    r"|e outr[oa]s|entre outr[oa]s|outr[oa]s|et (?:d'?)?autres|entre autres|autres"
    r"|e altr[ie]|[tf]ra (?:gli |le )?altr[ie]|altr[ie]|e cosi via|e via dicendo"
    r"|(?:weitere|andere) (?:therapien|medikamente|erkrankungen)|otr[oa]s (?:tratamientos|farmacos)"
    r"|autres (?:traitements|m[e\u00e9]dicaments)|altr[ie] (?:farmaci|terapie)"
    r"|(?:and )?other (?:therapies|treatments|lines)"
    r"|andere|other (?:medications?|medicines?|drugs?|meds|illness(?:es)?|comorbidit(?:y|ies)))"
)
_END: Final = re.compile(rf"(?:^|[\s,;|(+&/-]+)\(?(?P<more>{_MORE})[.)\s]*$", re.IGNORECASE)


def goes_on(text: str) -> tuple[str, str]:
    """A list without the words that say that it goes on, and these; no such words are empty.

    Only what stands at the end counts: behind it nothing may be written.
    """
    tail = text[-_TAIL:]
    last = _LAST.split(tail.rstrip(" .)"))[-1].lower()
    found = _END.search(tail) if last in _ENDS else None
    if found is None:
        return text, ""
    rest = text[: len(text) - len(tail) + found.start()].rstrip(" ,;|(+&/-")
    if not rest or mark(rest.rpartition(" ")[2]) == "no":
        # `no other medication` says that the list is whole.
        return text, ""
    return rest, found["more"]


_LAST: Final = re.compile(r"[ ,;|(+&/'-]")
_ENDS: Final = frozenset(
    "etc usw u.a a u.a.m a.m m u.v.m v.m ecc al cetera etcetera other others more things alia on "
    "forth andere weitere anderem otros otras demas dem\u00e1s mas m\u00e1s outros outras autres "
    "altri altre dicendo "
    "medication medications medicine medicines drug drugs meds illness illnesses comorbidity "
    "comorbidities therapien medikamente erkrankungen tratamientos farmacos traitements "
    "medicaments m\u00e9dicaments farmaci terapie therapies treatments lines".split()
)
"""The last words of all of these: few lists end with one."""
_TAIL: Final = 48
"""Letters at the end of a list in which such words stand."""
