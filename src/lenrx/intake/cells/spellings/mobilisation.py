"""Mobilisation of stem cells: drugs given so that cells can be collected, and not for the myeloma.

Patterns are text: `re` compiles each when it is first used, and not at every start.
"""

from __future__ import annotations

import re
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells.base import bare

_WORD: Final = (
    r"(?i)-?\b(?:[a-z]*mobili[sz]\w*|[a-z]*moviliza\w*|stem[ -]cell collection|apheresis|mob)"
    r"(?!\w)\.?"
)
_CELLS: Final = (
    r"(?:(?:peripheral )?(?:blood )?stem[ -]?cells?|pbsc|hpc|stammzell\w*"
    r"|celulas (?:madre|progenitoras)"
    r"|progenitores(?: hematopoyeticos)?|cellules souches|cellule staminali|celulas[ -]tronco)"
)
_AROUND: Final = (
    rf"(?i)\b(?:{_CELLS}|with|mit|con|avec|com|par|by|using|durch|para|for|zur|fur|pour|of|de|di|der"
    r"|von|des|delle|chemo(?:therapy|therapie)?|priming|regimen|therapy|dose|steady[ -]state"
    r"|failed|failure|unsuccessful|successful|poor)\b"
)
_AGENT: Final = r"(?i)\b(?:plerixafor|mozobil|motixafortide)\b"
_HIGH: Final = (
    r"(?i)\b(?:hd|high[ -]dose|hochdosis|altas? dos[ie]s?|haute dose)[ -]*"
    r"(?P<drug>cyt?|cyc|ctx|cyclo(?:phosphamid\w*)?|ciclofosfamid\w*|endoxan|cytoxan)\b"
)
_ALONE: Final = frozenset(("cyclophosphamide", "etoposide"))
"""Drugs that mobilise by themselves and are no regimen of the myeloma then."""


def is_mobilisation(text: str) -> bool:
    """Whether a text says so in a word."""
    return bool(re.search(_WORD, bare(text)))


def mobilises(text: str) -> bool:
    """Whether a text says that stem cells were mobilised or collected, or names what only does."""
    return is_mobilisation(text) or bool(re.search(_AGENT, text))


def is_high_dose(text: str) -> bool:
    """Whether a text names cyclophosphamide in high dose."""
    return bool(re.search(_HIGH, text))


def plain_dose(text: str) -> str:
    """A text with cyclophosphamide by its name, without its high dose."""
    return re.sub(_HIGH, r" \g<drug> ", text)


def without_words(text: str) -> str:
    """A text of a mobilisation without the words for it and what joins them to the drugs."""
    plain = plain_dose(re.sub(_WORD, " ", bare(text)))
    joined = re.sub(r"(?<=\w)[-/](?=g-?csf)| (?:und|y|et|ed|e) ", " + ", plain)
    return " ".join(re.sub(r"(?<!\w)-|-(?!\w)", " ", re.sub(_AROUND, " ", joined)).split())


def parted(drugs: tuple[str, ...], catalogue: Catalogue) -> tuple[tuple[str, ...], str]:
    """The drugs of a mobilisation that treat the myeloma, and what is said of the others."""
    steroids = catalogue.drugs_in("corticosteroid")
    if not {*drugs} <= _ALONE | steroids:
        return drugs, ""
    given = [each for each in drugs if each in _ALONE]
    words = f"{', '.join(given)} to mobilise stem cells: not counted as treatment of the myeloma"
    return tuple(each for each in drugs if each not in _ALONE), words if given else ""
