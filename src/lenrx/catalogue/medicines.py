"""Medicines taken beside a regimen: interaction classes, what belongs to them, and their names.

Apart from the drugs of the catalogue, which treat the myeloma: those have classes of their own.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from lenrx.catalogue.vocabulary import Verified


class Members(NamedTuple):
    """Medicines that one source puts into an interaction class."""

    medicines: tuple[str, ...]
    source: str
    verified: Verified
    where: str | None = None


class Interaction(NamedTuple):
    """A class of medicines that a rule may ask for, and who says what belongs to it."""

    id: str
    name: str
    spellings: tuple[str, ...] = ()
    members: tuple[Members, ...] = ()


class Unlisted(NamedTuple):
    """Medicines that were looked for in what the classes are made from, and are in none of them."""

    id: str
    medicines: tuple[str, ...]
    source: str
    verified: Verified
    where: str | None = None


class Medicine(NamedTuple):
    """A medicine and its names. What no class and no `unlisted` names is not known here."""

    id: str
    brands: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    """Names in other languages, and shorter ones; other endings, th, ph, y or k need none."""


LONGEST: Final = 80
"""Letters of one medicine; anything longer is prose."""
