"""Cells that hold a word: flags, sex, frailty, the country for the label, a day."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import key
from lenrx.intake.cells.base import AUTO, CellError, Meaning, bare
from lenrx.intake.cells.numbers import ON_DIALYSIS

_TRUE: Final = frozenset("yes y true 1 1.0 checked + pos positive present si sí oui ja".split())
_FALSE: Final = frozenset("no n false 0 0.0 unchecked neg negative absent none nein non".split())
_SEXES: Final = {
    "female": "woman femenino femenina mujer femme feminin weiblich donna femmina".split(),
    "male": "man masculino hombre homme masculin mannlich maennlich uomo maschio".split(),
}
_US: Final = "usa unitedstates unitedstatesofamerica theunitedstates america puertorico".split()
_EU: Final = (
    "europe europeanunion at austria osterreich oesterreich be belgium belgie belgique belgien "
    "bg bulgaria hr croatia hrvatska cy cyprus cz czechia czechrepublic cesko dk denmark danmark "
    "ee estonia eesti fi finland suomi fr france de germany deutschland gr greece hellas "
    "hu hungary magyarorszag ie ireland eire it italy italia lv latvia latvija lt lithuania "
    "lietuva lu luxembourg luxemburg mt malta nl netherlands thenetherlands nederland holland pl "
    "poland polska pt portugal ro romania sk slovakia slovensko si slovenia slovenija es spain "
    "espana se sweden sverige norway norge iceland island liechtenstein"
).split()


def flag(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """Yes or no."""
    word, name = text.lower(), field.replace("_", " ")
    if field == "dialysis" and (match := re.fullmatch(ON_DIALYSIS, word)):
        return ((field, not match["not"]),), "not on dialysis" if match["not"] else "on dialysis"
    if field == "prior_transplant" and re.fullmatch(AUTO, word):
        return ((field, True),), f"{name}: yes"
    if word in _TRUE | _FALSE:
        return ((field, word in _TRUE),), f"{name}: {'yes' if word in _TRUE else 'no'}"
    return None


def sex(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """Sex in the languages of charts."""
    return next((((("sex", n),), n) for n, words in _SEXES.items() if bare(text) in words), None)


def frailty(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """Frailty by its grade."""
    word = re.sub(r"\(?\bimwg\b\)?:?|(?<=intermediate)[ -]fit\b", "", text.lower()).strip()
    known = word in ("fit", "intermediate", "frail")
    return (((field, word),), word) if known else None


def region(field: str, text: str, catalogue: Catalogue) -> Meaning:
    """The label that counts in a country."""
    word = "" if "?" in text else key(bare(text))
    if word in _US or word in _EU:
        found = "us" if word in _US else "eu"
        return ((field, found),), f"the {found.upper()} label"
    raise CellError("must be us or eu, the labels of the catalogue; leave it empty to ask both")


def day(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """A date that cannot be misread."""
    text = re.sub(r"[T ]\d\d:\d\d(:\d\d)?(\.\d+)?$", "", text)
    match = re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", text)
    if match and (int(match[1]) > 12) == (int(match[2]) > 12):
        raise CellError("day and month cannot be told apart; write the date like 2026-11-22")
    orders = ["%d/%m/%Y" if int(match[1]) > 12 else "%m/%d/%Y"] if match else []
    days = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y")
    for order in (*orders, *days):
        try:
            found = datetime.strptime(text, order).date().isoformat()
        except ValueError:
            continue
        return ((field, found),), found
    return None
