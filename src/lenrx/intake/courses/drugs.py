"""What was given in a course, as charts write it: drugs, and what the catalogue does not hold.

A drug that the catalogue does not hold is kept by its name; radiotherapy, supportive care and
study drugs by their kind. A name that may be a slip for one of the catalogue is an error that names
the nearest.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import UnknownName, key, known, known_names, read, split
from lenrx.intake.cells import CellError, read_cell
from lenrx.intake.cells.base import plain_text
from lenrx.intake.cells.spellings.treatments import is_listed, treatment
from lenrx.patient.course import (
    ALLOGENEIC,
    RADIOTHERAPY,
    STEROID,
    STUDY,
    SUPPORTIVE,
    UNCLASSED,
)


class Given(NamedTuple):
    """What one cell says was given."""

    drugs: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    transplant: bool = False
    part: str | None = None
    """The part of a plan that the cell names: maintenance, consolidation, conditioning."""
    mobilised: bool = False
    nothing: bool = False
    """Whether the cell says that nothing was given."""
    said: str | None = None
    """How it was read, where that is not literal."""


_CONDITIONING: Final = re.compile(
    r"\b(?:hd|high[ -]dose)[ -]?mel(?:phalan)?\b|\bhdm\b"
    r"|\bmel(?:phalan)?[ -]?(?:100|140|200)\b(?: ?mg(?: ?/ ?m2)?)?",
    re.IGNORECASE,
)
_PARTS: Final = {
    "maintenance": re.compile(r"\bmaint(?:enance)?\b|mantenimiento|erhaltung|entretien", re.I),
    "consolidation": re.compile(r"\bconsolidation\b|consolidacion|konsolidierung", re.I),
    "conditioning": re.compile(r"\bconditioning\b|konditionierung|acondicionamiento", re.I),
}
_MOBILISED: Final = re.compile(r"\bmobili[sz]\w*|stem cell collection|apheresis", re.I)
_NOTHING: Final = frozenset(
    "none nil nothing notreatment notherapy observation watchandwait watchwait surveillance"
    " treatmentfree untreated offtherapy offtreatment".split()
)
_STEROIDS: Final = r"prednisolon|hydrocorti|betameth|solu-?medrol|medrol|cortico|\bsteroid"
_KINDS: Final = (
    (ALLOGENEIC, r"\ballo(?:geneic|genic)?\b|\ballo-?h?sct\b"),
    (
        RADIOTHERAPY,
        r"radio-?th|radiation|irradiat|\brt\b|\bx-?rt\b|\bebrt\b|\bsbrt\b|\btbi\b|bestrahlung"
        r"|strahlenth|radioth?erapi|radioterapia",
    ),
    (STUDY, r"\bstud(?:y|ies)\b|\btrial\b|investigational|experimental|blinded|placebo|\bnct ?\d"),
    (
        SUPPORTIVE,
        r"supportive|zol[ae]dron|pamidron|ibandron|bisphos|denosumab|a[ic]+yclovir|aciclovir"
        r"|famciclovir|cotrimox|trimethoprim|sulfameth|bactrim|floxacin|conazole|letermovir"
        r"|entecavir|tenofovir|aspirin|acetylsalic|heparin|enoxaparin|xaban\b|warfarin|dabigatran"
        r"|filgrastim|grastim|\bg-?csf\b|poetin|\bivig\b|immunoglobulin|allopurinol|rasburicase"
        r"|setron\b|aprepitant|prazole\b|gabapentin|pregabalin|duloxetine|plerixafor|motixafortide"
        r"|tocilizumab|eltrombopag|romiplostim|vaccin|transfusion|plasma ?pheresis|plasma exchange"
        r"|dialysis|vertebroplast|kyphoplast|\bsurgery\b|mesna|leucovorin|paracetamol|acetaminophen"
        r"|loperamide|morphine|oxycodone|fentanyl|\bcalcium\b|vitamin|calciferol|thyroxine"
        r"|statin\b|bortezumib-placebo",
    ),
)
_UNDONE: Final = re.compile(
    r"\b(?:no|not|never|without|declined|planned|candidate|considered|eligible|ineligible|pending"
    r"|awaiting|awaited|refused|deferred|kein\w*|sin|sans|ohne|geplant|previsto)\b",
    re.I,
)
"""What was not done, or not yet."""
_FOUND: Final = [(kind, re.compile(pattern, re.I)) for kind, pattern in _KINDS]
_BETWEEN: Final = re.compile(r" ?(?:[/+&]|->|=>|\b(?:and|plus|with|then|followed by)\b) ?", re.I)
_LONGEST_NAME: Final = 60
_NEAR: Final = 0.8
"""From which two names are one with a slip, and not two."""
_COMMON: Final = frozenset(
    "the for and per with day days week mg iv sc po low dose new old".split()
)


@lru_cache(maxsize=8_000)
def given(text: str, catalogue: Catalogue) -> Given:
    """What a cell of drugs says. Raises CellError with the word that failed."""
    plain = plain_text(text)
    if is_nothing(plain):
        return Given(nothing=True, said=_said(text, "nothing given"))
    high = bool(_CONDITIONING.search(plain))
    part = "conditioning" if high else _part(plain)
    mobilised = bool(_MOBILISED.search(plain))
    bare = _CONDITIONING.sub(" melphalan ", _MOBILISED.sub(" ", plain))
    for pattern in _PARTS.values():
        bare = pattern.sub(" ", bare)
    found = _items(bare, catalogue)
    literal = bare == plain and not found.said
    meaning = _meaning(found, part)
    same = key(text) == key(meaning) and not found.other
    return found._replace(
        part=part, mobilised=mobilised, said=None if literal or same else _said(text, meaning)
    )


def is_nothing(value: Any) -> bool:
    """Whether a value says that nothing was given."""
    return isinstance(value, str) and key(value) in _NOTHING


def _part(text: str) -> str | None:
    return next((part for part, pattern in _PARTS.items() if pattern.search(text)), None)


def _said(text: str, meaning: str) -> str:
    if key(text) == key(meaning):
        return f"'{' '.join(text.split())}' is not in the catalogue: kept"
    return f"read '{' '.join(text.split())}' as {meaning}"


def _meaning(found: Given, part: str | None) -> str:
    words = [*found.drugs, *found.other, *(["transplant"] if found.transplant else [])]
    return ", ".join(words) + (f" ({part})" if part else "")


def _items(text: str, catalogue: Catalogue) -> Given:
    whole = _cell(text, catalogue)
    if whole:
        return whole
    parts = [each for item in split(text) for each in _BETWEEN.split(item) if each.strip(" .()-")]
    found = [_item(each.strip(), catalogue) for each in parts]
    return Given(
        tuple(sorted({drug for each in found for drug in each.drugs})),
        tuple(dict.fromkeys(name for each in found for name in each.other)),
        any(each.transplant for each in found),
        said="not literal",
    )


def _cell(text: str, catalogue: Catalogue) -> Given | None:
    """What the reader of drug cells makes of a text; None where that is nothing."""
    try:
        reading = read_cell("exposed", text, catalogue)
    except CellError:
        return None
    stated: dict[str, Any] = dict(reading.values)
    drugs = tuple(stated.get("exposed") or ())
    auto = stated.get("prior_transplant") is True
    allo = "prior_allogeneic_transplant" in (stated.get("comorbidities") or ())
    if "kept" in stated or not (drugs or auto or allo):
        # What the catalogue does not hold has a kind of its own here.
        return None
    other = (*((ALLOGENEIC,) if allo else ()), *((STUDY,) if "history" in stated else ()))
    return Given(drugs, other, auto, said=reading.said[0] if reading.said else None)


def _item(part: str, catalogue: Catalogue) -> Given:
    """One name: of the catalogue, of a kind that is no drug of it, or kept as it is."""
    if found := _cell(part, catalogue):
        return found
    inside = next((word for word in _words(part) if known(word, catalogue)), None)
    if inside:
        raise CellError("holds a drug beside words that cannot be read", part)
    if _UNDONE.search(part):
        return Given(said="not literal")
    if re.search(_STEROIDS, part, re.I):
        return Given((STEROID,), said="not literal")
    for kind, pattern in _FOUND:
        if pattern.search(part):
            return Given(other=(kind,), said="not literal")
    _not_a_slip(part, catalogue)
    return Given(other=(kept_name(part, catalogue),), said="not literal")


def kept_name(part: str, catalogue: Catalogue) -> str:
    """The name of what the catalogue does not hold; whether its class may be asked is said."""
    name = " ".join(part.split())[:_LONGEST_NAME]
    found = treatment(part, catalogue)
    return name if found and not found.unsure and is_listed(part) else f"{name}{UNCLASSED}"


def _words(part: str) -> list[str]:
    words = re.findall(r"[^\W_][\w-]{2,}", part)
    return [word for word in words if word.lower() not in _COMMON]


def _not_a_slip(part: str, catalogue: Catalogue) -> None:
    """Refuse a name that may mean one of the catalogue. Raises CellError."""
    from difflib import get_close_matches

    try:
        read(part, catalogue)
    except UnknownName as error:
        if "could be" in error.hint:
            raise CellError(error.hint, part) from None
    if not re.search(r"[^\W\d_]{3}", part) or re.search(r"[?~±≠]", part):
        raise CellError("not a drug, class or regimen of the catalogue", part)
    names = {key(name): name for name in known_names(catalogue)}
    for word in (part, *_words(part)):
        near = get_close_matches(key(word), names, n=3, cutoff=_NEAR)
        if near and len(key(word)) > 3:
            listed = ", ".join(names[each] for each in near)
            raise CellError(f"not a drug of the catalogue; nearest: {listed}", word)
