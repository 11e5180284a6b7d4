"""What every reader of cells shares: how a reading is said, and how it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias
from unicodedata import combining, normalize

from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import Patient, PatientError, parse_patient


class CellReading(NamedTuple):
    """What one cell states, by Patient attribute, and how it was understood if not literally."""

    values: tuple[tuple[str, Any], ...]
    said: tuple[str, ...] = ()


class CellError(ValueError):
    """A cell that cannot be read: the reason without the cell's text, and the word that failed."""

    def __init__(self, reason: str, word: str | None = None) -> None:
        super().__init__(reason)
        self.word = word


Values: TypeAlias = tuple[tuple[str, Any], ...]
Meaning: TypeAlias = tuple[Values, str]
CellReader: TypeAlias = Callable[[str, str, Catalogue], Meaning | None]

AUTO: Final = (
    r"(?:(?:hdt|hdct)[ /-]*)?(?:(?:tandem|double|first|second|1st|2nd|1er|2do|1\.|2\.) )?"
    r"(?:as[cz]t|hdt|(?:auto(?:logous)?|stem cell)[ -]?(?:h?sct"
    r"|(?:stem cell )?transplant(?:ation)?)"
    r"|h?sct|pbsct|absct|szt|tandem|auto|taph|taspe?|tph|auto-?tph|auto-?tmo|autotrasplante|autotransplante|autogreffe"
    r"|auto-?szt|autologe (?:szt|sct|stammzelltransplantation)|trapianto autologo"
    r"|autologous bmt|auto-?bmt|tamo|tacph|tcth|tctp|(?:tmo|tcth) aut[o\u00f3]logo"
    r"|tmo(?: auto)?|trasplante aut[o\u00f3]logo|transplante aut[o\u00f3]logo|greffe autologue)"
    r"(?: in tandem)?(?: ?#? ?[12])?"
)
ALLO: Final = (
    r"allo(?:geneic)?[ -]?(?:h?sct|szt|(?:stem cell )?transplant(?:ation)?)?"
    r"|alo[ -]?(?:tph|tmo|tcth)|tmo alog[e\u00e9\u00ea]nico|allogreffe"
)


EVERY: Final = "every"
"""Beside fields: lists of which a cell says that they hold all that was given; settled with the
row."""
BARE_ARM: Final = r"(?i)(?:(?:\+ )?1 ?q|17 ?p|1 ?p)[\d.]*"
"""The arm of a chromosome, and nothing of what befell it."""


def strict(field: str, value: Any, catalogue: Catalogue) -> Values:
    """What the contract's own parser makes of a value. Raises CellError."""
    try:
        found = parse_patient({field: value}, catalogue)
    except PatientError as error:
        raise CellError(error.problem, error.value) from None
    except (ValueError, ArithmeticError):
        raise CellError("cannot be read") from None
    stated = zip(Patient._fields, found, strict=True)
    return tuple([(n, v) for n, v in stated if v is not None and (n == field or v)])


@lru_cache(8_000)
def bare(text: str) -> str:
    """Letters without accents, lower case."""
    apart = normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(each for each in apart if not combining(each))


_LOOK_ALIKE: Final = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0430\u0435\u043e\u0440"
    "\u0441\u0443\u0445\u0456\u0458\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f"
    "\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1",
    "ABEKMHOPCTXaeopcyxijABEZHIKMNOPTYXovp",
)
"""Cyrillic and Greek letters that look like Latin ones."""


_RAISED: Final = re.compile("(?:(?<=\\d)|(?<![\\w)]))[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+")
"""Raised digits behind a digit, a power or the mark of a note, and never more digits of it."""


_COUNT: Final = re.compile(
    r"(?<![\w-])\d{1,3}(?:[.,]\d+)? ?\u00d7"
    r"|\u00d7(?! ?(?:19|20)\d\d(?!\d))(?! ?\d{1,2} ?[pqPQ](?![a-z]))(?= ?\d)"
)
"""A cross that counts or multiplies: beside a number, which is no year and no arm."""


def _latin(word: re.Match[str]) -> str:
    """A word of Latin letters with some among them that only look so; others as they are."""
    text = word[0]
    mixed = not text.isascii() and any(each.isascii() and each.isalpha() for each in text)
    return text.translate(_LOOK_ALIKE) if mixed else text


@lru_cache(64)
def plain_text(text: str) -> str:
    """Widths, superscripts and dashes as typed on a keyboard; every line its own item."""
    if text.isascii() and "\n" not in text and "\r" not in text:
        return " ".join(text.split())
    text = _RAISED.sub(r"^\g<0>", text)
    text = normalize(
        "NFKC", re.sub("[\u2122\u00ae\u00a9\u2120\u200b-\u200d\ufeff\u00ad]", "", text)
    )
    text = re.sub(r"\w+", _latin, text)
    text = re.sub("[\r\n]+|\u2022", "; ", text.strip())
    text = _COUNT.sub(lambda found: found[0].replace("\u00d7", "x"), text)
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    return " ".join(text.replace("≤", "<=").replace("≥", ">=").split())
