"""What is no known illness: near to one that is asked, prose, or a mark of the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from lenrx.intake.cells.base import CellError, bare
from lenrx.intake.cells.marks import Mark, leading, mark
from lenrx.intake.cells.spellings.illnesses import CHARTED, COMMON, OPEN, SUSPECT, TIMED
from lenrx.patient.patient import WORD_LISTS, uncertain

_MOST_WORDS: Final = 6


def led(words: list[str], text: str) -> tuple[Mark | None, list[str]]:
    """The mark that stands before an illness, and the illness.

    Raises CellError where a no is said of another word: `not excluded: PE`.
    """
    found, rest = leading(words)
    if found == "no" and rest and bare(rest[0]) in _NOT_OF_IT:
        raise CellError("says not of a word beside the illness; write yes or no behind it", text)
    return found, rest


_NOT_OF_IT: Final = frozenset(
    "excluded controlled ruled resolved only just changed better worse treated ausgeschlossen "
    "kontrolliert eingestellt nur descartado descartada controlado controlada resuelto resuelta "
    "exclu controle controlee escluso controllato controllata risolto equilibre equilibree "
    "kontrollierte kontrollierter eingestellte eingestellter controlados controladas bien gut ben "
    "compensado compensada compensato compensata kompensiert decompensated compensated stable "
    "stabil estable stabile".split()
)


def shared(
    marked: Sequence[tuple[Mark | None, str]], parts: Sequence[str], text: str
) -> Mark | None:
    """The mark behind the last of several illnesses that a stroke joins: `HBV/HCV neg`.

    Raises CellError where it may be for the last alone: `CHF/no COPD`, `CHF / COPD no`.
    """
    last = marked[-1][0] if marked else None
    if last is None or any(each is not None for each, _ in marked[:-1]):
        return None
    stands_before = leading(parts[-1].split())[0] is not None
    joined = re.search(r"\w/\w", text) or all(re.search(_VIRUS, each) for each in parts)
    if len(marked) > 1 and (stands_before or not joined or "/" not in text):
        raise CellError("a mark may be for one illness or for all; separate them with ;", text)
    return last


_VIRUS: Final = r"(?i)\b(?:h[bci]v|vh[bc]|vih|hep\w* ?[bc])\b"
"""What is mostly written with one result for all of them."""


def of_the_one_before(word: str, text: str, which: Mark | None) -> None:
    """Refuse an item that is no illness but takes back the one before: `PE, excluded by CT`."""
    first = word.split()[0] if word else ""
    if re.fullmatch(_OF_NOTHING, word):
        raise CellError("may take back the illness before it; write it behind that illness", text)
    turned = which in ("no", "unknown") and (first in _NO_NAMES or not first.strip("0123456789./-"))
    if turned or word in _TAKEN_BACK or mark(word):
        raise CellError("may take back the illness before it; write it behind that illness", text)


_OF_NOTHING: Final = r"(?:risk|riesgo|rischio|risco|risque|ausschluss|history) (?:of|de|di|von)"
_NO_NAMES: Final = frozenset(
    "by on in at per of to for since until after before now currently longer more anymore again "
    "confirmed proven established active present current documented found seen mas plus mehr "
    "of de di d du da do dos das del auf von fur for history evidencia evidence evidenza hinweis "
    "hinweise nachweis anhalt signes sinais bekannt conocido conocida connu connue noto nota "
    "conhecido known gehabt had tenido tido eu".split()
)
"""Words that begin no illness."""


def not_near(word: str, text: str) -> None:
    """Raises CellError for what may be an illness that criteria ask, or is none."""
    if word in COMMON:
        return
    if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", word):
        try:
            WORD_LISTS["comorbidities"](word)
        except ValueError as error:
            if "nearest" in str(error):
                raise CellError(str(error), text) from None
    if not re.fullmatch(r"[a-z][a-z0-9 .'%/-]*", word) or uncertain(text):
        raise CellError("holds something that is no illness; write its name", text)
    if any(mark(each) in ("yes", "no", "unknown") or each in _PROSE for each in word.split()):
        raise CellError("a mark inside an illness; write it behind the illness", text)
    if inside := _asked_inside(word, text):
        raise CellError(f"may be one that is asked; nearest: {', '.join(inside)}", text)
    if len(word.split()) > _MOST_WORDS or len(word) < 2:
        raise CellError("is no illness in a few words; write its name", text)
    near = [name for stem, name in SUSPECT if re.search(stem, word)]
    if near:
        hint = f"may be one that is asked; nearest: {', '.join(dict.fromkeys(near))}"
        raise CellError(hint, text)
    if len(word) >= _LONG_WORD and (near := get_close_matches(word, _EVERY, 1, _NEAR)):
        names = CHARTED.get(near[0], ())
        if names:
            raise CellError(f"may be one that is asked; nearest: {', '.join(names)}", text)
    try:
        WORD_LISTS["comorbidities"](word)
    except ValueError as error:
        if "nearest" in str(error):
            raise CellError(str(error), text) from None


def _asked_inside(word: str, text: str) -> tuple[str, ...]:
    """What criteria ask, named among more words: dropping it for them would lose it."""
    words, typed = re.split("[ -]+", word), re.split("[ (-]+", text)
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length + 1):
            run = " ".join(words[start : start + length])
            found = CHARTED.get(run) or OPEN.get(run, ((),))[0] or TIMED.get(run, "")
            stands = start == 0 or len(words) <= _ABBREVIATION or run.upper() in typed
            if found and (len(run) > _ABBREVIATION or stands):
                return (found,) if isinstance(found, str) else found
    return ()


_ABBREVIATION: Final = 2
"""Letters that among several words may stand for something else, unless they stand first or are
capitals."""
_NEAR: Final = 0.85
_LONG_WORD: Final = 5
"""Letters from which a word is near another by more than chance."""
_EVERY: Final = [each for each in (*CHARTED, *COMMON) if len(each) >= _LONG_WORD]
_TAKEN_BACK: Final = frozenset(
    "resolved recovered cured healed inactive unlikely unconfirmed gone planned declined "
    "curado curada resuelto resuelta ausgeheilt gueri guerie guarito "
    "ausgeschlossen ausschluss descartado descartada exclu exclue escluso esclusa nega niega fehlt "
    "geplant off refused denied zero screen screening prophylaxis prophylaxe profilaxis profilassi "
    "profilaxia vaccine risk risiko riesgo rischio risco risque z.a dd ddx nessun".split()
)
"""Items by themselves that say of the one before that it is no more, or not yet."""
_PROSE: Final = frozenset(
    "but except see letter unless until other others various multiple etc rest all".split()
)
