"""Mobilisation of stem cells: drugs given so that cells can be collected, and not for the myeloma.

Cyclophosphamide or etoposide to mobilise is no line and no exposure; a regimen of the myeloma that
also mobilises (DCEP) is both treatment and a planned part of its line.
"""

from __future__ import annotations

import re
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import split
from lenrx.intake.cells import CellError
from lenrx.intake.cells.base import bare
from lenrx.intake.courses.given import Given
from lenrx.patient.course import STEROID, SUPPORTIVE

_WORD: Final = r"(?:[a-z]*mobili[sz]\w*|[a-z]*moviliza\w*|stem[ -]cell collection|apheresis|mob)"
_MOBILISED: Final = re.compile(rf"-?\b{_WORD}(?!\w)\.?", re.I)
_CELLS: Final = (
    r"(?:(?:peripheral )?(?:blood )?stem[ -]?cells?|pbsc|hpc|stammzell\w*"
    r"|celulas (?:madre|progenitoras)"
    r"|progenitores(?: hematopoyeticos)?|cellules souches|cellule staminali|celulas[ -]tronco)"
)
_AROUND: Final = re.compile(
    rf"\b(?:{_CELLS}|with|mit|con|avec|com|par|by|using|durch|para|for|zur|fur|pour|of|de|di|der|von"
    r"|des|delle|chemo(?:therapy|therapie)?|priming|regimen|therapy|dose|steady[ -]state"
    r"|failed|failure|unsuccessful|successful|poor)\b",
    re.I,
)
_AGENT: Final = re.compile(r"\b(?:plerixafor|mozobil|motixafortide)\b", re.I)
_GROWTH_FACTOR: Final = re.compile(r"g-?csf|filgrastim|lenograstim|neupogen|granocyte", re.I)
_HIGH: Final = re.compile(
    r"\b(?:hd|high[ -]dose|hochdosis|altas? dos[ie]s?|haute dose)[ -]*"
    r"(?P<drug>cyt?|cyc|ctx|cyclo(?:phosphamid\w*)?|ciclofosfamid\w*|endoxan|cytoxan)\b",
    re.I,
)
_ALONE: Final = frozenset(("cyclophosphamide", "etoposide"))
"""Drugs that mobilise by themselves and are no regimen of the myeloma then."""
_EITHER: Final = (
    "may be the mobilisation of stem cells, or a treatment of the myeloma; write mobilisation, or "
    "the drug alone"
)


def mobilises(text: str) -> bool:
    """Whether a text says that stem cells were mobilised or collected."""
    return bool(_MOBILISED.search(bare(text)) or _AGENT.search(text))


def apart(text: str) -> tuple[str, tuple[str, ...]]:
    """A list of treatments without its items that are mobilisations with drugs, and these."""
    items = split(text)
    found = tuple(each for each in items if _MOBILISED.search(bare(each)) and without_words(each))
    if not found or len(found) == len(items):
        return text, ()
    return ", ".join(each for each in items if each not in found), found


def plain_dose(text: str) -> str:
    """A text with cyclophosphamide by its name, without its high dose."""
    return _HIGH.sub(r" \g<drug> ", text)


def without_words(text: str) -> str:
    """A text of a mobilisation without the words for it and what joins them to the drugs."""
    plain = plain_dose(_MOBILISED.sub(" ", bare(text)))
    joined = re.sub(r" (?:und|y|et|ed|e) ", " + ", plain)
    return " ".join(re.sub(r"(?<!\w)-|-(?!\w)", " ", _AROUND.sub(" ", joined)).split())


def mobilising(found: Given, catalogue: Catalogue) -> Given:
    """What was given to mobilise stem cells: no treatment of the myeloma, and said."""
    drugs, words = _parted(found.drugs, catalogue)
    if not words:
        return found._replace(planned=True)
    other = tuple(dict.fromkeys((*found.other, SUPPORTIVE)))
    said = "; ".join(filter(None, (found.aside, words)))
    return found._replace(drugs=drugs, other=other, planned=True, aside=said, said="not literal")


def _parted(drugs: tuple[str, ...], catalogue: Catalogue) -> tuple[tuple[str, ...], str]:
    """The drugs of a mobilisation that treat the myeloma, and what is said of the others."""
    steroids = catalogue.drugs_in(STEROID)
    if not {*drugs} <= _ALONE | steroids:
        return drugs, ""
    given = [each for each in drugs if each in _ALONE]
    words = f"{', '.join(given)} to mobilise stem cells: not counted as treatment of the myeloma"
    return tuple(each for each in drugs if each not in _ALONE), words if given else ""


def not_either(drugs: tuple[str, ...], text: str) -> None:
    """Refuse cyclophosphamide in high dose or with growth factor alone: it may have mobilised."""
    if drugs == ("cyclophosphamide",) and (_GROWTH_FACTOR.search(text) or _HIGH.search(text)):
        raise CellError(_EITHER, text)
