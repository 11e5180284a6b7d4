"""From what a clinician types to the catalogue's drugs, classes and regimens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Drug, Regimen
from lenrx.catalogue.vocabulary import CLASS_ALIASES, CLASS_GROUPS, DRUG_CLASSES


class UnknownName(LookupError):
    """A name the catalogue does not hold, or holds twice; `hint` says what could be meant."""

    def __init__(self, text: str, hint: str) -> None:
        super().__init__(f"{text!r}: {hint}")
        self.text, self.hint = text, hint


class NameMatch(NamedTuple):
    """What one typed name stands for: drugs and classes, and the regimen it was read from."""

    items: tuple[str, ...]
    regimen: str | None = None


def key(text: str) -> str:
    """Letters and digits only, lower case: case, hyphens and spaces never matter."""
    return _short_key(text) if len(text) <= _SHORT else _key(text)


def _key(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


_short_key: Final = lru_cache(maxsize=4_000)(_key)
_SHORT: Final = 80
"""Letters of a text whose key is kept; a longer one is no name."""


_SEPARATORS: Final = ",;|"
_ALIKE: Final = str.maketrans(",|", ";;")


def split(text: str) -> list[str]:
    """Items of a list typed as text, split at `,` `;` or a bar, never inside parentheses."""
    parts = _outside_parentheses(text) if "(" in text else text.translate(_ALIKE).split(";")
    return [item for part in parts if (item := part.strip())]


@lru_cache(maxsize=2_000)
def _outside_parentheses(text: str) -> tuple[str, ...]:
    items, depth, current = list[str](), 0, ""
    for character in text:
        depth += (character == "(") - (character == ")" and depth > 0)
        if character in _SEPARATORS and depth == 0:
            items.append(current)
            current = ""
        else:
            current += character
    return (*items, current)


@lru_cache(maxsize=4)
def _index(catalogue: Catalogue) -> dict[str, NameMatch]:
    index: dict[str, NameMatch] = {}
    for name, drugs in _combinations(catalogue):
        index[key(name)] = NameMatch(drugs, name)
    for name in (*DRUG_CLASSES, *CLASS_GROUPS):
        index[key(name)] = NameMatch((name,))
    for alias, name in CLASS_ALIASES.items():
        index[key(alias)] = NameMatch((name,))
    for drug in catalogue.drugs.values():
        for name in (drug.id, drug.name, *drug.brands, *drug.abbreviations, *_said_names(drug)):
            index[key(name)] = NameMatch((drug.id,))
    return index


def _said_names(drug: Drug) -> tuple[str, ...]:
    """Names besides brands whose drug is said when they are read."""
    return (*drug.codes, *drug.spellings)


def _combinations(catalogue: Catalogue) -> Iterator[tuple[str, tuple[str, ...]]]:
    for regimen in catalogue.regimens.values():
        drugs = tuple(component.drug for component in regimen.drugs)
        for name in (*regimen.aliases, regimen.id):
            yield name, drugs
    for combination in catalogue.combinations.values():
        for name in (*combination.aliases, combination.id):
            yield name, combination.drugs


def known(text: str, catalogue: Catalogue) -> NameMatch | None:
    """What `text` stands for, None where the catalogue does not hold it or holds it twice."""
    return _index(catalogue).get(key(text))


@lru_cache(maxsize=4)
def _trade_names(catalogue: Catalogue) -> frozenset[str]:
    drugs = catalogue.drugs.values()
    own = {key(name) for each in drugs for name in (each.id, each.name, *each.abbreviations)}
    return frozenset(key(n) for each in drugs for n in (*each.brands, *_said_names(each))) - own


def is_trade_name(text: str, catalogue: Catalogue) -> bool:
    """Whether `text` is a brand or a development code, so that the drug it means is a reading."""
    return key(text) in _trade_names(catalogue)


def read(text: str, catalogue: Catalogue) -> NameMatch:
    """What `text` stands for. Raises UnknownName with the candidates or the nearest names."""
    wanted = key(text)
    found = known(text, catalogue)
    if found:
        return found
    for token, candidates in catalogue.ambiguous.items():
        if key(token) == wanted:
            raise UnknownName(text, "could be " + " or ".join(candidates) + "; write which")
    raise UnknownName(text, _nearest_name(wanted, catalogue))


@lru_cache(maxsize=4_000)
def _nearest_name(wanted: str, catalogue: Catalogue) -> str:
    return _nearest(wanted, known_names(catalogue), "a drug, class or regimen")


@lru_cache(maxsize=4_000)
def nearest_names(text: str, catalogue: Catalogue, cutoff: float) -> tuple[str, ...]:
    """The names of the catalogue that share most letters with `text`, at least so many of them."""
    return tuple(_close(key(text), known_names(catalogue), cutoff))


def _close(wanted: str, names: Iterable[str], cutoff: float) -> list[str]:
    from difflib import get_close_matches

    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(key(name), name)
    return [by_key[each] for each in get_close_matches(wanted, by_key, n=3, cutoff=cutoff)]


def _nearest(wanted: str, names: Iterable[str], what: str) -> str:
    return f"not {what} of the catalogue{nearest_of(wanted, names)}"


def nearest_of(wanted: str, names: Iterable[str]) -> str:
    """The end of a sentence that names those nearest to a word, empty where none is near."""
    near = _close(key(wanted), names, 0.6)
    return f"; nearest: {', '.join(near)}" if near else ""


def known_names(catalogue: Catalogue) -> list[str]:
    """Every drug, brand, abbreviation, class and past regimen that can be typed."""
    past = (name for name, _ in _combinations(catalogue))
    return [*drug_names(catalogue), *DRUG_CLASSES, *CLASS_GROUPS, *past]


def drug_names(catalogue: Catalogue) -> list[str]:
    """Every drug with its brands and abbreviations."""
    return [
        name
        for drug in catalogue.drugs.values()
        for name in (drug.name, *drug.brands, *drug.abbreviations)
    ]


def known_medicines(catalogue: Catalogue) -> list[str]:
    """Every interaction class, and every medicine and brand that one of them or `unlisted` has."""
    members = (each for one in catalogue.interactions.values() for each in one.members)
    named = (each for one in members for each in one.medicines)
    apart = (each for one in catalogue.unlisted.values() for each in one.medicines)
    brands = (brand for each in catalogue.medicines.values() for brand in each.brands)
    every = (*catalogue.interactions, *named, *apart, *catalogue.medicines, *brands)
    return list(dict.fromkeys(every))


def regimen(text: str, catalogue: Catalogue) -> Regimen:
    """The regimen meant by an id or an alias, in any case. Raises UnknownName."""
    wanted = key(text)
    for each in catalogue.regimens.values():
        if key(each.id) == wanted:
            return each
    for each in catalogue.regimens.values():
        if wanted in (key(alias) for alias in each.aliases):
            return each
    every = [name for each in catalogue.regimens.values() for name in (each.id, *each.aliases)]
    near = nearest_of(wanted, every) or "; `lenrx regimens` lists them"
    raise UnknownName(text, f"not a regimen of the catalogue{near}")
