"""Cells of comorbidities as problem lists and registries have them: found, absent, not known, kept.

An illness that no criterion asks is kept. One that may be several of those that are asked, or whose
time decides, is said and leaves them open. What looks like one of them and is none is an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import split
from lenrx.catalogue.vocabulary import COMORBIDITIES
from lenrx.intake.cells.base import CellError, Meaning, Values, bare
from lenrx.intake.cells.marks import Mark, apart, leading, mark, ticked, trailing
from lenrx.intake.cells.spellings.illnesses import (
    CHARTED,
    COMMON,
    ELSEWHERE,
    FAMILY,
    OPEN,
    SUSPECT,
    TIMED,
    WHEN,
    plain,
)
from lenrx.patient.patient import WORD_LISTS, uncertain

_LONGEST: Final = 80
"""Letters of one illness; anything longer is prose."""
_MOST_WORDS: Final = 6


class Illness(NamedTuple):
    """An illness of a cell: the word that criteria ask, or the chart's own, and what is said."""

    name: str
    truth: bool | None
    known: bool
    said: str = ""
    first: bool = False
    """Whether its mark stands before it, so that it may be meant for the next ones too."""
    marked: bool = False


def conditions(field: str, text: str, catalogue: Catalogue) -> Meaning:
    """Comorbidities by the words charts use."""
    found = _cell(field, text)
    seen: dict[bool | None, set[str]] = {True: set(), False: set(), None: set()}
    for each in found:
        if each.known:
            seen[each.truth].add(each.name)
    if seen[True] & seen[False] or (seen[True] | seen[False]) & seen[None]:
        raise CellError("an illness is stated in two ways; keep one")
    return _meaning(field, seen, found)


def _meaning(field: str, seen: dict[bool | None, set[str]], found: Sequence[Illness]) -> Meaning:
    lists = {"comorbidities": seen[True], "comorbidities_absent": seen[False]}
    values: Values = tuple((n, tuple(sorted(each))) for n, each in lists.items() if each)
    idle = [each for each in found if not each.known and not each.said]
    kept = sorted({each.name + _ENDINGS[each.truth] for each in idle})
    if kept:
        values += (("kept", tuple((field, each) for each in kept)),)
    words = {True: "", False: "absent: ", None: "not known: "}
    told = [words[truth] + ", ".join(sorted(names)) for truth, names in seen.items() if names]
    told += dict.fromkeys(each.said for each in found if each.said)
    told += [f"no rule here knows it: {', '.join(kept)}"] * bool(kept)
    return values, "; ".join(told)


_ENDINGS: Final = {True: "", False: " absent", None: " not known"}
_NONE: Final = frozenset(
    "none no nil n 0 nothing keine kein nein ninguna ninguno aucune aucun nessuna nenhuma geen "
    "brak "
    "nihil"
    " negative neg healthy unremarkable".split()
)
_NO_ILLNESS: Final = re.compile(
    r"(?:none|no|nil|nothing|keine?|ningun[ao]?|sin|aucune?|nessuna|nenhuma)(?: (?:known|relevant"
    r"|major|other|significant"
    r"|active|bekannten?|relevantes?))* ?(?:comorbidit(?:y|ies)|comorbidades|comorbilidades"
    r"|komorbiditaten"
    r"|begleiterkrankungen|comorbidites|pmh|history|illness(?:es)?|disease|medical history"
    r"|conditions?|of note|relevant)"
)


@lru_cache(8_000)
def _cell(field: str, text: str) -> tuple[Illness, ...]:
    word = bare(text).strip(" .")
    if word in _NONE or _NO_ILLNESS.fullmatch(word):
        return (Illness("none", True, False, "no illness; which were looked for is not said"),)
    if mark(word):
        raise CellError("a mark without an illness; write which", text)
    plain = apart(ticked(text)).replace("[", "(").replace("]", ")")
    asked = not field.endswith("absent")
    found = [each for clause in _clauses(plain) for each in _clause(clause, asked)]
    if field.endswith("absent") and any(each.truth and each.known for each in found):
        raise CellError("an illness is both found and absent; keep one")
    return tuple(found)


def _clauses(text: str) -> list[str]:
    """The text between semicolons, never those inside parentheses."""
    found, inside = [""], 0
    for piece in text.split(";"):
        found[-1] = f"{found[-1]};{piece}" if inside > 0 else piece
        inside += piece.count("(") - piece.count(")")
        if inside <= 0:
            found.append("")
            inside = 0
    return [each for each in found if each.strip()]


def _clause(text: str, asked: bool) -> list[Illness]:
    """The illnesses between two semicolons, no mark of which can be meant for another clause."""
    found = [each for item in split(text) for each in _item(item, asked)]
    first = next((at for at, each in enumerate(found) if each.first and each.truth is False), None)
    if "," in text and first is not None and not all(each.marked for each in found[first:]):
        raise CellError("no may be for the first or for all that follow; separate them with ;")
    return found


_JOINED: Final = re.compile(r" ?(?:/|&|\b(?:and|und|y|et)\b| \+ ) ?", re.IGNORECASE)
_OR: Final = re.compile(r"\b(?:or|nor|oder|ou)\b", re.IGNORECASE)


@lru_cache(8_000)
def _item(item: str, asked: bool) -> list[Illness]:
    """The illnesses of one item, each with its mark; joined by a stroke they share a last one."""
    if len(item) > _LONGEST:
        raise CellError("an item is too long to be an illness", item[:_LONGEST])
    for short, long in _SHORT:
        item = re.sub(rf"(?i)\b{short}\b", long, item)
    item = _ANSWERED.sub(r": \1", _DATE.sub(r"\1", item))
    if re.match(r"[-+~<>=]", item) or re.search(r"[:=_]$", item):
        raise CellError("a sign beside an illness with nothing behind; write yes or no", item)
    if whole := _charted(item, asked, None, first=False):
        return whole
    before, words = leading(_words(item))
    parts = _OR.split(" ".join(words)) if _OR.search(item) else _JOINED.split(" ".join(words))
    if before and len(parts) > 1 and not _OR.search(item) and "/" not in item:
        raise CellError("no may be for one illness or for all; separate them with ;", item)
    if _OR.search(item) and before not in ("no", "yes", "unknown"):
        raise CellError("says or; write the illness that is there", item)
    marked = [_marked(part) for part in parts if part.strip(" ()")]
    last = marked[-1][0] if marked else None
    shared = last if all(each is None for each, _ in marked[:-1]) else None
    if shared and len(marked) > 1 and not re.search(r"\w ?/ ?\w", item):
        raise CellError("a mark may be for one illness or for all; separate them with ;", item)
    return [
        one
        for each, name in marked
        for one in _named(name, asked, before or each or shared, first=bool(before))
    ]


_DATE: Final = re.compile(r"\b(?:\d\d?/){1,2}((?:19|20)\d\d)\b")
"""A date whose strokes join no two illnesses."""
_ANSWERED: Final = re.compile(
    r" ?\? ?[-:,]? ?(no|yes|neg(?:ative)?|pos(?:itive)?|ruled out|excluded|nein|ja|si|non|oui)$",
    re.IGNORECASE,
)
"""A question with its answer: the answer counts."""
_SHORT: Final = (
    ("h/o", "history of"),
    ("s/p", "prior"),
    ("w/o", "without"),
    ("r/o", "suspected"),
    ("c/o", "history of"),
)
"""Abbreviations whose stroke joins no two illnesses."""


def _words(item: str) -> list[str]:
    """Words of an item; a sign that hangs on the last one stands apart."""
    item = re.sub(r"(?<=\w)-(?=(?:neg|pos|negative?|positive?|no|yes)\b)", " ", item, flags=re.I)
    item = re.sub(r"(?<=[\w)])([+-]|\?+)(?=$|[\s)])|(?<=\w)[:=]", r" \1 ", item)
    return item.replace("(", " ( ").replace(")", " ) ").split()


def _marked(part: str) -> tuple[Mark | None, str]:
    """The mark behind an illness, in parentheses or not, and the illness."""
    words = [each for each in _words(part) if each not in ("(", ")", ":", "=")]
    which, rest = trailing(words)
    if which in ("resisted", "unresisted"):
        return None, " ".join(words)
    before, rest = leading(rest)
    if before and which and before != which:
        raise CellError("an illness is marked in two ways; keep one", part)
    return which or before, " ".join(rest)


def _charted(text: str, asked: bool, which: Mark | None, first: bool) -> list[Illness] | None:
    """An illness by a spelling of charts or by its own word, None where it has another."""
    word = " ".join(bare(text).replace("'", "").split())
    names = CHARTED.get(word)
    if names is None and not uncertain(text):
        names = _own(text)
    if names is None:
        return None
    return _said(names, asked, which, first)


def _own(text: str) -> tuple[str, ...] | None:
    name = _OWN.get("".join(each for each in bare(text) if each.isalnum()))
    return (name,) if name else None


_OWN: Final = {name.replace("_", ""): name for name in COMORBIDITIES}


def _said(names: tuple[str, ...], asked: bool, which: Mark | None, first: bool) -> list[Illness]:
    truth = _truth(asked, which)
    return [Illness(name, truth, True, "", first, which is not None) for name in names]


def _named(text: str, asked: bool, which: Mark | None, first: bool) -> list[Illness]:
    """What an illness with its mark taken away is: asked, left open, of another field, or kept."""
    if bare(text) in ELSEWHERE:
        return _unasked(text, bare(text), asked, which, first)
    for each in dict.fromkeys((text, plain(text))):
        if found := _charted(each, asked, which, first):
            return found
    return _unasked(text, plain(text), asked, which, first)


def _unasked(text: str, word: str, asked: bool, which: Mark | None, first: bool) -> list[Illness]:
    several, truth = OPEN.get(word), _truth(asked, which)
    word = bare(text) if FAMILY.match(word) else word
    if several and truth is False:
        return _said(several[0], asked, which, first)
    if word in TIMED and truth is not True:
        return _said((TIMED[word],), asked, which, first)
    said = several[1] if several else WHEN if word in TIMED else ELSEWHERE.get(word)
    if not said:
        _not_near(word, text)
    told = f"{word}: {said}" if said else ""
    return [Illness(word, truth, False, told, first, which is not None)]


def _truth(asked: bool, which: Mark | None) -> bool | None:
    if which in ("resisted", "unresisted"):
        raise CellError("a mark of refractoriness beside an illness")
    return asked if which is None else {"yes": True, "no": False}.get(which)


def _not_near(word: str, text: str) -> None:
    """Raises CellError for what may be an illness that criteria ask, or is none."""
    if word in COMMON or (FAMILY.match(word) and not uncertain(text)):
        return
    if not re.fullmatch(r"[a-z][a-z0-9 .'%/-]*", word) or uncertain(text):
        raise CellError("holds something that is no illness; write its name", text)
    if any(mark(each) in ("yes", "no", "unknown") or each in _PROSE for each in word.split()):
        raise CellError("a mark inside an illness; write it behind the illness", text)
    if inside := _asked_inside(word):
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


def _asked_inside(word: str) -> tuple[str, ...]:
    """What criteria ask, named among more words: dropping it for them would lose it."""
    words = word.split()
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length + 1):
            run = " ".join(words[start : start + length])
            found = CHARTED.get(run) or OPEN.get(run, ((),))[0] or TIMED.get(run, "")
            short = len(run) <= _ABBREVIATION < len(words) and words[1:2] != ["on"]
            if found and not short:
                return (found,) if isinstance(found, str) else found
    return ()


_ABBREVIATION: Final = 2
"""Letters that among several words may stand for something else."""
_NEAR: Final = 0.85
_LONG_WORD: Final = 5
"""Letters from which a word is near another by more than chance."""
_EVERY: Final = [each for each in (*CHARTED, *COMMON) if len(each) >= _LONG_WORD]
_PROSE: Final = frozenset(
    "but except see letter unless until other others various multiple etc rest all".split()
)
