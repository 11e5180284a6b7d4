"""Mobilisation of stem cells among courses: a planned part of its line, and no line of its own.

Cyclophosphamide or etoposide to mobilise is no exposure; a regimen of the myeloma that also
mobilises (DCEP) is treatment too.
"""

from __future__ import annotations

import re
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import split
from lenrx.intake.cells import CellError
from lenrx.intake.cells.spellings.mobilisation import (
    is_high_dose,
    is_mobilisation,
    parted,
    without_words,
)
from lenrx.intake.courses.given import Given
from lenrx.patient.course import SUPPORTIVE

_GROWTH_FACTOR: Final = re.compile(r"g-?csf|filgrastim|lenograstim|neupogen|granocyte", re.I)
_EITHER: Final = (
    "may be the mobilisation of stem cells, or a treatment of the myeloma; write mobilisation, or "
    "the drug alone"
)


def apart(text: str) -> tuple[str, tuple[str, ...]]:
    """A list of treatments without its items that are mobilisations with drugs, and these."""
    items = split(text)
    found = tuple(each for each in items if is_mobilisation(each) and without_words(each))
    if not found or len(found) == len(items):
        return text, ()
    return ", ".join(each for each in items if each not in found), found


def mobilising(found: Given, catalogue: Catalogue) -> Given:
    """What was given to mobilise stem cells: no treatment of the myeloma, and said."""
    drugs, words = parted(found.drugs, catalogue)
    if not words:
        return found._replace(planned=True)
    other = tuple(dict.fromkeys((*found.other, SUPPORTIVE)))
    said = "; ".join(filter(None, (found.aside, words)))
    return found._replace(drugs=drugs, other=other, planned=True, aside=said, said="not literal")


def not_either(drugs: tuple[str, ...], text: str) -> None:
    """Refuse cyclophosphamide in high dose or with growth factor alone: it may have mobilised."""
    if drugs == ("cyclophosphamide",) and (_GROWTH_FACTOR.search(text) or is_high_dose(text)):
        raise CellError(_EITHER, text)
