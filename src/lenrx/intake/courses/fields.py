"""Fields of a course as charts write them: a word, a flag, a dose, drugs; values never echoed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import key
from lenrx.intake.cells import CellError
from lenrx.intake.cells.base import bare, plain_text
from lenrx.intake.cells.missing import unknown
from lenrx.intake.cells.reasons import is_toxicity
from lenrx.intake.cells.spellings.signs import may_hold_sign, no_sign
from lenrx.intake.cells.spellings.unwritten import DITTO, repeats
from lenrx.intake.courses.drugs import given, is_nothing
from lenrx.intake.courses.given import Given
from lenrx.intake.courses.responses import response, without_arrow
from lenrx.intake.courses.transplants import kind_of, states
from lenrx.intake.courses.words import (
    INTENTS,
    NO,
    REASONS,
    REFRACTORY,
    RESPONSES,
    SENSITIVE,
    YES,
    letters,
)
from lenrx.patient.course import ALLOGENEIC, RESPONDED, refused
from lenrx.patient.patient import UNSTATED

_MISSING: Final = UNSTATED | frozenset(
    "nan|none|null|nat|<na>|#n/a|.|-|--|not available|[not available]|not recorded|not evaluable|ne"
    "|missing|not assessed|not applicable|[not applicable]|n.a.|nd|n/d|not reported|not done"
    "|not evaluated|pending|too early|k.a.|k. a.|keine angabe|keine angaben|n.b."
    "|nicht dokumentiert|nicht beurteilbar|nicht bewertet|nicht erhoben|no consta|no disponible"
    "|no evaluado|no evaluable|no valorable|sin datos|non renseign\u00e9|non renseigne"
    "|non \u00e9valuable|non evaluable|non \u00e9valu\u00e9|non disponible|non valutato"
    "|non valutabile|non noto|non disponibile|n\u00e3o consta|n\u00e3o avaliado".split("|")
)
_WITHDRAWS: Final = ("progression", "response", "stopped_for")
"""Fields in which a word for "unknown" says something: that nobody can tell."""
_MARKED: Final = re.compile(r"[?~±≠¬*]|^ ?- ?\w|\w ?-$")
"""A mark beside a word, which the letters and digits of the word do not hold."""
_LINE: Final = re.compile(
    r"(?:(?:line|lot|l|linie|linea|ligne)[ #_-]*(?:of therapy)?[ #_-]*|# ?)?(\d{1,2})(?:\.0+)?"
    r" ?(?:st|nd|rd|th|l|[a-d]|[.\u00aa\u00ba]|e|eme)?"
    r"(?:[ -]?(?:line|lot|linie|linea|ligne|linha|therapielinie)(?: of therapy)?)?",
    re.IGNORECASE,
)
_ORDINALS: Final = {
    word: at
    for at, words in enumerate(
        ("first primera erste", "second segunda zweite", "third dritte", "fourth", "fifth"), start=1
    )
    for word in words.split()
}


def is_missing(value: Any) -> bool:
    """Whether a value states nothing."""
    if isinstance(value, str):
        return value.strip().lower() in _MISSING or unknown(value)
    return value is None or value in ([], ()) or (isinstance(value, float) and value != value)


def withdraws(field: str, value: Any) -> bool:
    """Whether a value says that nobody can tell, which is more than nothing."""
    if field not in _WITHDRAWS or not isinstance(value, str):
        return False
    return key(value) == "unknown" or (unknown(value) and value.strip().lower() not in UNSTATED)


def texts_of(number: int, field: str, value: Any) -> list[str]:
    """A word or a list of words as a list. Raises PatientError for any other value."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(each, str) for each in items):
        raise refused(number, field, "must be a list of words")
    return [each for each in items if not is_missing(each) or is_nothing(each)] or list(items)


def given_in(number: int, field: str, value: Any, catalogue: Catalogue) -> Given | None:
    """What a field of drugs says was given; None where it is silent. Raises PatientError."""
    if is_missing(value) and not is_nothing(value):
        return None
    items = texts_of(number, field, value)
    if all(is_missing(each) and not is_nothing(each) for each in items):
        return None
    try:
        return given("; ".join(items), catalogue)
    except CellError as error:
        raise refused(number, field, str(error), error.word) from None


def read_field(
    number: int, field: str, value: Any, catalogue: Catalogue, said: list[str]
) -> Iterator[tuple[str, Any]]:
    """A field of a course as the record has it. Raises PatientError."""
    if isinstance(value, Mapping) or (isinstance(value, list | tuple) and field not in _LISTS):
        raise refused(number, field, "must be a word, a number or a date")
    if isinstance(value, str) and repeats(value):
        raise refused(number, field, DITTO, value.strip())
    if field == "response":
        yield from _response(number, str(value), said)
        return
    if isinstance(value, str) and field in _WORDS and may_hold_sign(value):
        _without_sign(number, field, value)
    if field in ("start", "stop"):
        yield field, _since(number, field, value, said)
    elif field == "plan":
        yield field, value
    elif field in ("dose", "stopped_for") and _NOT_GIVEN.fullmatch(str(value).strip(" .")):
        raise refused(number, field, "says that it was never given; leave the course out")
    elif field == "dose":
        _not_zero(number, value)
        yield field, value
    elif field == "intolerant_of":
        yield from _not_borne(number, value, catalogue)
    elif field == "progression":
        yield from _progression(value)
    elif field == "refractory":
        yield from _refractory(number, value, catalogue)
    elif field == "transplant":
        yield from _transplant(number, value, said)
    else:
        found, words = _word(field, value if isinstance(value, bool | int) else str(value))
        if words:
            unread = found is None
            read = (
                f"'{words}' is not read: as if not stated"
                if unread
                else f"read '{words}' as {found}"
            )
            said.append(f"course {number}: {f'{field}: ' if unread else ''}{read}")
        if found is not None:
            yield field, found


def _response(number: int, text: str, said: list[str]) -> Iterator[tuple[str, Any]]:
    """The response in a word, or of two words the one that both of them say at least."""
    plain = plain_text(text)
    if may_hold_sign(without_arrow(plain)):
        _without_sign(number, "response", text)
    found, meaning = response(plain)
    if found is None:
        problem = f"must be one of {', '.join((*RESPONDED, 'SD', 'PD'))}{_nearest(text)}"
        raise refused(number, "response", problem, text.strip())
    if meaning:
        said.append(f"course {number}: response: read '{' '.join(text.split())}' as {meaning}")
    yield "response", found


def _nearest(text: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(letters(text), RESPONSES, 1, 0.7)
    return f"; nearest: {RESPONSES[near[0]]}" if near else ""


_SINCE: Final = {
    "start": (
        r"^(?:since|from|starting|seit|ab|desde|depuis|dal|dalla|da)[ :]+(?=\S*\d)"
        r"|(?<=\d{4}) ?[-\u2013\u2014]+$"
    ),
    "stop": (
        r"^(?:until|till|to|through|bis|hasta|jusqu['\u2019](?:en|au|\u00e0)|fino (?:a|al)"
        r"|at\u00e9)[ :]+(?=\S*\d)"
    ),
}
"""Words and dashes that say that a date is the first day, or the last."""


def _since(number: int, field: str, value: Any, said: list[str]) -> Any:
    """A date without the word or the dash that says of which end it is."""
    if not isinstance(value, str):
        return value
    plain = re.sub(_SINCE[field], "", value.strip(), count=1, flags=re.IGNORECASE).strip()
    if plain == value.strip():
        return value
    more = ", and no end is stated" if field == "start" else ""
    said.append(f"course {number}: {field}: read '{value.strip()}' as {plain}{more}")
    return plain


_WORDS: Final = frozenset(
    "stopped_for intent transplant maintenance planned refractory progression".split()
)
"""Fields of a word, which is looked up by its letters."""


def _without_sign(number: int, field: str, value: str) -> None:
    """Refuse a word beside a sign that its letters do not hold. Raises PatientError."""
    try:
        no_sign(field, plain_text(value))
    except CellError as error:
        raise refused(number, field, str(error), error.word) from None


_LISTS: Final = ("intolerant_of", "refractory")
_ZERO: Final = re.compile(r"-?0+(?:[.,]0+)? ?(?:[a-z\u00b5][a-z\u00b5/\d]*)?|-.*", re.IGNORECASE)


def _not_zero(number: int, value: Any) -> None:
    """Refuse a dose that says that nothing was given, or less."""
    if isinstance(value, bool) or _ZERO.fullmatch(str(value).strip()):
        raise refused(number, "dose", "is nothing: leave out the dose, or a course not given")


def _not_borne(number: int, value: Any, catalogue: Catalogue) -> Iterator[tuple[str, Any]]:
    """Drugs of a course that were not borne; yes alone does not say which."""
    field = "intolerant_of"
    word = letters(str(value)) if isinstance(value, str | int | float) else None
    if isinstance(value, bool) or word in YES:
        if value is not False:
            raise refused(number, field, "says yes, and not of which drug; write the drugs")
        return
    if word in NO:
        return
    cell = given_in(number, field, value, catalogue)
    if cell is None:
        return
    if cell.unsure or cell.transplant or cell.left or not (cell.drugs or cell.other):
        raise refused(number, field, "must name drugs of the course")
    if cell.drugs:
        yield field, value if _is_literal(cell) else list(cell.drugs)


def _is_literal(cell: Given) -> bool:
    """Whether a list may go on as it is: a regimen in it spares its steroid."""
    return cell.said is None and not cell.other


def _refractory(number: int, value: Any, catalogue: Catalogue) -> Iterator[tuple[str, Any]]:
    """Whether a course failed, or which of its drugs did."""
    word = letters(str(value)) if isinstance(value, str | int | float) else ""
    if word in REFRACTORY or word in SENSITIVE:
        if not _MARKED.search(str(value)):
            yield "refractory", word in REFRACTORY
            return
        raise refused(number, "refractory", "must be yes, no, or drugs of the course")
    cell = given_in(number, "refractory", value, catalogue)
    if cell is None:
        return
    if cell.other or cell.transplant or cell.left or not cell.drugs:
        raise refused(number, "refractory", "must be yes, no, or drugs of the course")
    yield "refractory", list(cell.drugs)


def _progression(value: Any) -> Iterator[tuple[str, Any]]:
    """A day, or whether it progressed at all."""
    word = key(str(value))
    if word in YES or _MARKED.search(str(value)):
        yield "progression", "unknown"
    elif word not in NO:
        yield "progression", value


def _transplant(number: int, value: Any, said: list[str]) -> Iterator[tuple[str, Any]]:
    """Whether a transplant was done; one from a donor is a treatment of its own."""
    text = str(value).strip()
    word = letters(text)
    if (word in YES or word in NO) and not _MARKED.search(text):
        yield "transplant", word in YES
        return
    if _MARKED.search(text):
        raise refused(number, "transplant", "must be yes or no, without a mark")
    try:
        done = states(text)
    except CellError as error:
        raise refused(number, "transplant", str(error), text) from None
    kind = "allogeneic " if kind_of(text) else ""
    told = {True: "done", False: "none", None: "planned or possible: not counted"}[done]
    said.append(f"course {number}: read '{text}' as {kind}transplant: {told}")
    if kind and done:
        yield "other", [ALLOGENEIC]
    elif done is not None:
        yield "transplant", done


@lru_cache(maxsize=4_000, typed=True)
def _word(field: str, value: Any) -> tuple[Any, str | None]:
    """A word as the record has it, and the word as written where that is another."""
    text = str(value).strip()
    word = letters(text)
    if _MARKED.search(text):
        return ("unknown", text) if field in _WITHDRAWS else (f"? {text}", None)
    if field in ("planned", "maintenance"):
        return (word in YES if word in YES or word in NO else text), None
    if field == "line":
        return _line(text), None
    found = {"stopped_for": REASONS, "intent": INTENTS}[field].get(word)
    if found is None:
        return (_reason(text) if field == "stopped_for" else None), text
    return found, None if word == key(found) else text


def unread_reason(text: str) -> bool:
    """Whether a reason to stop is one that nobody knows here."""
    return not is_missing(text) and _word("stopped_for", text) == (None, text.strip())


_NOT_GIVEN: Final = re.compile(
    r"(?:never|not(?: yet)?) (?:given|started|received|administered)"
    r"|cancell?ed|entered in error|screen(?:ing)? fail(?:ure|ed)?"
    r"|nie (?:gegeben|begonnen)|nicht (?:gegeben|begonnen)|no (?:iniciado|administrado)",
    re.IGNORECASE,
)
_MANNER: Final = re.compile(
    r"\((?:biochem(?:ical)?|clinical|serological|bone|imaging|confirmed|imwg|(?:19|20)\d\d)\)",
    re.IGNORECASE,
)
"""In brackets, what does not change a reason."""


_WHEN: Final = re.compile(r"\b(?:in )?(?:\d\d?[./-]){0,2}(?:19|20)\d\d$")
"""When it was, behind a reason."""


def _reason(text: str) -> str | None:
    """A reason with how it was seen or how grave it was; None where it is not known."""
    plain = _WHEN.sub(" ", _MANNER.sub(" ", text))
    inside = {REASONS.get(letters(each)) for each in re.findall(r"\(([^()]*)\)", plain)}
    found = REASONS.get(letters(re.sub(r"\([^()]*\)", " ", plain)))
    if found and inside <= {found}:
        return found
    return "toxicity" if not inside and is_toxicity(bare(plain)) else None


def _line(text: str) -> Any:
    match = _LINE.fullmatch(bare(text))
    word = re.sub(r"[ -]?(?:line|lot)$", "", text.lower()).strip()
    return int(match[1]) if match else _ORDINALS.get(word, text)
