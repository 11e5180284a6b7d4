"""Cells that hold a number: units, bounds, words, and dialysis beside renal function."""

from __future__ import annotations

import re
from typing import Final

from lenrx.catalogue.fields import DECLARED, NUMERIC
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.units import Unit
from lenrx.intake.cells.base import CellError, Meaning, Values, bare, strict
from lenrx.intake.cells.spellings.flags import FALSE
from lenrx.intake.cells.units import measured

_COUNTS: Final = (
    "one eins eine einer uno una un une um uma een",
    "two zwei dos deux dois duas twee dwa",
    "three drei tres trois tre drie trzy",
    "four vier cuatro quatre quattro quatro cztery",
    "five funf cinco cinq cinque vijf",
    "six sechs seis sei zes",
    "seven sieben siete sept sette sete zeven",
    "eight acht ocho huit otto oito",
    *("nine neun", "ten zehn", "eleven elf", "twelve zwolf"),
)
_WORDS: Final = {word: str(at) for at, each in enumerate(_COUNTS, 1) for word in each.split()}
_WORD: Final = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b")
_N: Final = r"(\d+(?:\.\d+)?)"
_ABOUT: Final = (
    r"(?:~|≈|±|about|around|roughly|circa|ca\.?|c\.|approx(?:\.|imately)?|etwa|rund"
    r"|ungef(?:ä|ae)hr|ungef\.?|unos"
    r"|aprox(?:\.|imadamente)?|environ|env\.|circa) ?(?=\d)"
)
_ABOUT_BEHIND: Final = (
    r"(?<=\d) ?(?:~|[(\[]?(?:approx(?:\.|imately)?|circa|ca\.?|etwa|ungef\w*\.?"
    r"|aprox\w*\.?|environ)[)\]]?)$"
)
_BOUNDS: Final = (
    (rf"{_ABOUT}{_N}", r"\1"),
    (rf"{_ABOUT}{_N} ?(?:-|to|bis|a) ?{_N}", r"\1-\2"),
    (rf"(?:at least|mind(?:estens|\.)?|al menos|au moins|almeno|>=) ?{_N}", r">=\1"),
    (rf"(?:at most|max(?:imal|imum|\.)?|<=) ?{_N}", r"<=\1"),
    (rf"(?:more than|above|over|mehr als|m[a\u00e1]s de|plus de|pi[u\u00f9] di|>) ?{_N}", r">\1"),
    (rf"(?:less than|below|under|weniger als|menos de|moins de|meno di|<) ?{_N}", r"<\1"),
    (rf"{_N} ?(?:\+|or more|oder mehr|ou plus|o m[a\u00e1]s|o pi[u\u00f9])", r">=\1"),
    (rf"{_N} or less", r"<=\1"),
    (rf"{_N} ?(?:-|to|bis|a|\u00e0|or|oder|ou|o) ?{_N}", r"\1-\2"),
)
_SIGNS: Final = {"<=": "at most", ">=": "at least", "<": "below", ">": "above"}
ON_DIALYSIS: Final = (
    r"(?P<not>no |not |non-|kein[e]? |nicht |sin |sans |senza |sem )?"
    r"(?:on |unter |an der |en |in |sous )?"
    r"(?:(?:(?:peritoneal|chronic|maintenance) )?(?:ha?emo)?dialysis|i?hd|capd"
    r"|(?:h[a\u00e4]?mo|h[e\u00e9]mo|emo|peritoneal)?"
    r"(?:dialys(?:e|iert|epflichtig)|di[a\u00e1]lisis|dialisi|di[a\u00e1]lise|dialys[e\u00e9]e?))"
)
_RENAL: Final = ("egfr", "crcl", "creatinine")


def number(field: str, text: str, catalogue: Catalogue, unit: Unit | None = None) -> Meaning:
    """A number, bound or range in the unit of the cell or of its column, and dialysis beside."""
    if len(text) > _LONGEST:
        raise CellError("is too long to be a number")
    text = re.sub(r"^[(\[]([^()\[\]]*)[)\]]$", r"\1", text.strip(" ;"))
    if re.fullmatch(_LIMIT, text.lower()):
        return (), f"not stated: {DECLARED[field].label} is asked as a number"
    if text[:1].isalpha() and re.fullmatch(_NORMAL, text.lower().strip(" .")):
        return (), f"not stated: {DECLARED[field].label} is asked as a number"
    if "?" in text:
        raise CellError("holds a mark that cannot be read; write the plain word or leave it out")
    text, beside = re.sub(_FLAGGED, "", _ASIDE.sub("", text), flags=re.IGNORECASE), ""
    if not NUMERIC[field].whole and text[-1:] in _ENDS:
        text = re.sub(_LETTER, "", re.sub(_REFERENCE, "", text, flags=re.IGNORECASE))
    about = re.match(_ABOUT, text, re.IGNORECASE) is not None
    if not about and (behind := re.search(_ABOUT_BEHIND, text, re.IGNORECASE)):
        text, about = text[: behind.start()], True
    if field == "ecog":
        text = _KARNOFSKY.sub("", text)
    elif field == "weight":
        text = re.sub(_STONES, _in_pounds, text.lower())
    if field == "neuropathy_grade" and not _ARROW.search(text):
        text, pain = _of_nerves(text)
        beside = "neuropathic pain" if pain else ""
    elif field == "anc" and (match := _GROWTH_FACTOR.search(text)):
        text, beside = text[: match.start()], "on growth factor"
    elif field in _MEASURED and (later := _later(field, text, catalogue, unit)):
        text, beside = later, "the later of two values"
    _no_other_scale(field, text)
    text, on_dialysis = _dialysed(text.lower()) if field in _RENAL else (text.lower(), None)
    also: Values = () if on_dialysis is None else (("dialysis", on_dialysis),)
    wording = [] if on_dialysis is None else ["on dialysis" if on_dialysis else "not on dialysis"]
    if text or not also:
        written, ending = _in_own(field, text, unit)
        also = strict(field, written, catalogue) + also
        wording = [f"{DECLARED[field].label} {_bounds(written)}{ending}", *wording]
    if beside == "neuropathic pain":
        also += (("neuropathic_pain", True),)
    wording += [beside] * bool(beside) + ["which is approximate as it is written"] * about
    return also, ", ".join(wording)


_FLAGGED: Final = (
    r"(?<=\d)(?: ?[(\[] ?(?:hh?|ll?|high|low|hoch|niedrig|alto|bajo|bas|haut|abn|abnormal|crit"
    r"|critical|normal|n|h\*|l\*) ?[)\]]| ?[\u2191\u2193*!]+)(?=$|[ %a-zµμ])"
)
"""A flag of the laboratory behind a number: above or below its own bounds."""
_LETTER: Final = r"(?<=[a-zA-Z%]) (?:[HL]{1,2}|[(\[][HL]{1,2}[)\]])[*!]?$"
_ENDS: Final = (")", "]", "H", "L", "*", "!")
_REFERENCE: Final = (
    r"(?<=[\da-z%]) ?[(\[](?:(?:ref(?:erence)?|normal|norm|nl?|vr|rr)\b[ .:]*"
    r"(?:range|values?)?[ .:]*)?"
    r"\d+(?:[.,]\d+)? ?(?:-|\u2013|to|bis) ?\d+(?:[.,]\d+)?"
    r"(?: ?(?:%|[^\s()\[\]]*/[^\s()\[\]]*))?[)\]]$"
)
"""A flag without brackets behind a unit, and the bounds of the laboratory behind a number."""
_STONES: Final = (
    r"^(\d{1,2}) ?(?:st|stones?)\.?,? (?:and )?(\d{1,2}(?:\.\d+)?) ?(?:lbs?|pounds?)?\.?$"
)


def _in_pounds(found: re.Match[str]) -> str:
    return f"{14 * int(found[1]) + float(found[2]):g} lb"


def is_in_words(text: str) -> bool:
    """Whether a text stands in place of a number: normal, a count in words, no."""
    word = bare(text).strip(" .")
    return bool(re.fullmatch(_NORMAL, word)) or word in FALSE or bool(_WORD.search(word))


_SITES: Final = re.compile(
    r"[ (,;]+(?:in |of |both |the |and |& ?|/ ?)*(?:feet|foot|hands?|fingers?|toes?|legs?|soles?"
    r"|fingertips|hands/feet|sensory|motor|sensorimotor|bilateral|peripheral|stable|pn|pnp"
    r"|neuropathy|polyneuropathy|dysesthesia|paresthesias?|numbness|tingling)"
    r"(?: (?:and|&) (?:feet|hands?|fingers?|toes?|legs?|motor|sensory))?\)?$",
    re.IGNORECASE,
)
"""Where the nerves are concerned, and how they feel: behind a grade it changes nothing."""
_PAIN: Final = re.compile(
    r"[ (,;+]+(?:painful|with pain|mit schmerzen|con dolor|schmerzhaft|dolorosa|doloroso"
    r"|douloureuse)\)?$",
    re.IGNORECASE,
)
_GROWTH_FACTOR: Final = re.compile(
    r"[ (,]+(?:(?:on|with|after|under|post|unter|con|sous) )?(?:g-?csf|filgrastim|neupogen"
    r"|pegfilgrastim|growth factor)\)?$",
    re.IGNORECASE,
)
_MEASURED: Final = (
    *("egfr", "crcl", "creatinine", "weight", "lvef", "platelets", "anc"),
    *("ecog", "neuropathy_grade"),
)
_BEFORE_AND_AFTER: Final = 2
_KARNOFSKY: Final = re.compile(r"(?<=\d) ?[(/,] ?(?:kps|karnofsky) ?\d{2,3} ?%?\)?$", re.IGNORECASE)
"""The same in another scale, behind an ECOG performance status."""
_ARROW: Final = re.compile(r" ?(?:->|=>|\u2192|\u21d2) ?")


def _of_nerves(text: str) -> tuple[str, bool]:
    """A grade without the place of the neuropathy, and whether it is painful."""
    text = _SITES.sub("", text)
    grade = _PAIN.sub("", text)
    return _SITES.sub("", grade), grade != text


def _later(field: str, text: str, catalogue: Catalogue, unit: Unit | None) -> str:
    """Of two values with an arrow between them the second; both have to be values of the field."""
    values = _ARROW.split(text)
    if len(values) != _BEFORE_AND_AFTER:
        return ""
    for each in values:
        number(field, each, catalogue, unit)
    return values[1]


_ASIDE: Final = re.compile(
    r" ?[(\[](?:(?:in |on )?(?:\d\d?[./-]){0,2}(?:19|20)\d\d(?:-\d\d){0,2}"
    r"|(?:by )?(?:ckd-?epi(?: ?(?:2009|2021))?|echo\w*|muga|tte|mri)"
    r"(?:,? (?:\d\d?[./-]){0,2}(?:19|20)\d\d(?:-\d\d){0,2})?)[)\]]",
    re.IGNORECASE,
)
"""When and how it was measured, in brackets."""
_LONGEST: Final = 100
"""Letters of a number with all that may stand beside it."""
_LIMIT: Final = r"[<>]? ?(?:lloq|loq|lod|blq|bql|below (?:the )?(?:limit|loq|lod)|not measurable)"
"""A limit of the laboratory without its number."""
_NORMAL: Final = (
    r"(?:(?:lv)?ef )?(?:normal|wnl|within normal limits|preserved|nl|ok|good|adequate|normale?"
    r"|erhalten"
    r"|conservada|unauffallig|unauff\u00e4llig)(?: (?:lv)?ef| (?:renal )?function)?"
)
"""Words for a value that need no rule: nothing that a rule looks for is read, and it is asked."""


def _no_other_scale(field: str, text: str) -> None:
    """Raises CellError where the cell holds a share or another scale in place of its number."""
    if "_" in text and "}" not in text and re.search(r"\d_|_\d", text):
        raise CellError("holds a _, which is no part of a number; write it plain", text)
    if field == "ecog" and re.search(r"(?i)%|\bkps\b|\bkarnofsky\b|\bki\b", text):
        reason = "is a Karnofsky index, which is no ECOG; write ECOG 0 to 4 or leave it empty"
        raise CellError(reason, text)
    if "%" in re.sub(r"mg ?%", "", text) and NUMERIC[field].unit != "percent":
        raise CellError(f"is a share in percent; write {NUMERIC[field].unit}", text)


def _in_own(field: str, text: str, unit: Unit | None) -> tuple[str, str]:
    """What the strict parser takes, and how the unit is said where it is not the field's own."""
    text = _spelled(field, text)
    if NUMERIC[field].whole:
        return _written(_counted(field, text)), ""
    found = measured(field, text, unit)
    own = NUMERIC[field].unit
    if found.converted:
        return _written(found.written), f" {own}"
    short = found.unit is not None and found.unit.instead != ""
    return _written(found.written), f", in {own}" if short else ""


def _dialysed(text: str) -> tuple[str, bool | None]:
    match = re.fullmatch(rf"(?P<rest>.*?)[ (,;\[]*\b{ON_DIALYSIS}[)\]]?", text)
    return (match["rest"], not match["not"]) if match else (text, None)


def _spelled(field: str, text: str) -> str:
    """The text with numbers as digits and without the name of the field."""
    text = text if text.isascii() else re.sub("\u00fc", "u", re.sub("\u00f6", "o", text))
    text = _WORD.sub(lambda match: _WORDS[match[0]], text)
    prefixes = NUMERIC[field].prefixes or field
    return re.sub(rf"\b(?:{prefixes})[ :=.]*(?=[<>~≈\d])", "", text)


_NO_NEUROPATHY: Final = (
    rf"(?:{'|'.join(each for each in sorted(FALSE, key=len, reverse=True) if each[1:].isalpha())})"
    r"(?: (?:peripheral )?(?:pnp?|cipn|(?:poly)?neuropath(?:y|ie|ia)))?"
)
_GRADED: Final = ("neuropathy_grade", "ecog")
_ROMAN: Final = ("i", "ii", "iii", "iv")


def _counted(field: str, text: str) -> str:
    """A whole number without the words for what it counts."""
    if field == "prior_lines" and re.search(
        r"\d(?:st|nd|rd|th)\b|\bl(?:ine|ot)? ?\d|(?:rst|second|ird|th) (?:line|relapse)|\d(?:l"
        r"|lot)\b|\d l\b|\d ?(?:[aoe\u00ba\u00b0.]|eme|\u00e8me) ?(?:l[i\u00ed]n\w+|lign\w+)"
        r"|\d ?[a\u00ba\u00b0]$",
        text,
    ):
        reason = (
            "an ordinal may count the line being chosen: the second line, with one before it, or "
            "two lines that were had; write how many were had"
        )
        raise CellError(reason, text)
    if field == "neuropathy_grade" and re.fullmatch(_NO_NEUROPATHY, bare(text)):
        return "0"
    if field in _GRADED and (roman := re.fullmatch(r"(?:gr(?:ad[eo]?)?\.? ?)?(iv|i{1,3})", text)):
        return str(_ROMAN.index(roman[1]) + 1)
    if field in _GRADED:
        text = re.sub(r"\b(?:ctcae )?(?:grad[eo]?|gra[au]d?)\b\.? ?", "", text)
    if counts := NUMERIC[field].counts:
        text = re.sub(rf"(?<=[\d+])(?:{counts})(?![\w/^*])", "", text)
    if text.count(",") == 1:
        text = re.sub(r"(?<=\d),(?=\d{1,2}(?!\d))", ".", text)
    return text


def _written(text: str) -> str:
    """The number, bound or range as the strict parser takes it."""
    for pattern, written in _BOUNDS:
        if match := re.fullmatch(pattern, text):
            return match.expand(written)
    return text


def _bounds(written: str) -> str:
    for sign, words in _SIGNS.items():
        if written.startswith(sign):
            return f"{words} {written.removeprefix(sign)}"
    return written.replace("-", " to ")
