"""Cells that list drugs: brands, regimens, doses, transplants, and marks after a name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import NameMatch, UnknownName, key, known, read, split
from lenrx.intake.cells.base import ALLO, AUTO, CellError, Meaning, Values, bare
from lenrx.patient.patient import uncertain

DOSE: Final = re.compile(
    r"(?<![\d.,])\d+(?:[.,]\d+)?(?:-\d+(?:[.,]\d+)?)? ?(?:mg|mcg|μg|g)\b"
    r"(?: ?m2\b| ?(?:/|per) ?(?:m2|kg|day|d|week)\b)*"
    r"|\bd(?:ays?)? ?\d+(?:-\d+)?(?: ?[,+/] ?d?\d+(?:-\d+)?)*\b",
    re.IGNORECASE,
)
_SCHEDULE: Final = re.compile(
    r"\b(?:\d+ ?l|l ?\d+|line ?\d+|\d+(?:st|nd|rd|th)[ -]?line"
    r"|(?:first|second|third|fourth|fifth|sixth)[ -]line)\b ?[:.)]?"
    r"|\bx ?\d+\b(?: cycles?)?|\b\d+ ?(?:x|cycles?|courses?)(?!\w)"
    r"|\bc(?:ycles?)? ?\d+(?:-c?\d+)?(?:d\d+)?\b"
    r"|\bq\d+ ?(?:[dw]|days|weeks)?\b|\b(?:once |twice )?(?:bi)?weekly\b"
    r"|\b(?:daily|qd|od|bid|po|sc|iv|subq)\b"
    r"|\b(?:maintenance|maint|induction|consolidation|mono(?:therapy)?)\b|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(r" ?(?:->|=>|→|⇒|\b(?:then|followed by)\b) ?", re.IGNORECASE)
_WITH: Final = re.compile(r" ?(?:/|\+|&|\b(?:and|plus|with)\b) ?", re.IGNORECASE)
_MARK: Final = re.compile(
    r"(?P<name>.*?\w\)?)(?:[ :=(\[-]+|(?<=\))|(?=\?))"
    r"(?:(?P<no>(?i:no|n))|(?P<unresisted>(?i:not refractory|non-?refractory))"
    r"|(?P<unknown>(?i:(?:refractory )?\?+ ?(?:unk(?:nown)?)?|unk(?:nown)?|unclear))"
    r"|(?P<yes>(?i:yes|y))|(?P<resisted>(?i:refractory)|PD))[ )\]]*"
)
"""PD is a mark in capitals only: Pd is a regimen."""


class _Named(NamedTuple):
    reading: NameMatch
    mark: str
    also: Values = ()


def drugs(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """What a cell of drugs states, drug by drug."""
    if re.search(r"\+ ?/ ?-|±", text):
        raise CellError("with or without cannot be read; write the drugs that were given")
    text = DOSE.sub(" ", re.sub(r"\bn/a\b", "unk", text, flags=re.IGNORECASE))
    items = split(_NEXT.sub(";", text))
    found = [each for item in items for each in _together(item, catalogue)]
    if not found:
        return None
    sides = {side: _ids(each for each in found if _side(field, each) == side) for side in _SIDES}
    if len({*sides["in"], *sides["out"], *sides["open"]}) < sum(map(len, sides.values())):
        raise CellError("a drug is marked in two ways; keep one")
    if len(also := {value for each in found for value in each.also}) > len(dict(also)):
        raise CellError("a transplant is marked in two ways; keep one")
    if not {*sides["open"]} <= {*catalogue.drugs} or any(
        each.reading.regimen for each in found if _side(field, each) == "open"
    ):
        raise CellError("a class or a regimen is marked unknown; name the drug")
    return _listed(field, found, sides), _wording(field, found, sides)


_SIDES: Final = ("in", "out", "open")


def _side(field: str, each: _Named) -> str:
    """Whether a marked drug belongs in the list of `field`, does not, or may."""
    if field == "intolerant" and each.mark in ("resisted", "unresisted"):
        raise CellError("holds a mark of refractoriness; state that in refractory")
    if each.mark == "unresisted" and field == "exposed":
        return "in"
    return {"no": "out", "unresisted": "out", "unknown": "open"}.get(each.mark, "in")


def _ids(named: Iterable[_Named]) -> tuple[str, ...]:
    return tuple(sorted({drug for each in named for drug in each.reading.items}))


def _listed(field: str, found: list[_Named], sides: dict[str, tuple[str, ...]]) -> Values:
    also = dict(value for each in found for value in each.also)
    if any(sides.values()):
        also[field] = sides["in"]
    if sides["open"] and field == "exposed":
        also["history"] = "partial"
    elif sides["open"]:
        also["exposed"] = sides["open"]
    if sides["open"] and field == "refractory":
        also["unsure"] = sides["open"]
    regimens = {(field, each.reading.regimen) for each in found if each.reading.regimen}
    regimens -= {(field, each.reading.regimen) for each in found if _side(field, each) == "out"}
    return tuple(also.items()) + ((("expanded", tuple(sorted(regimens))),) if regimens else ())


_OPEN: Final = {
    "refractory": "given, refractoriness unknown",
    "exposed": "perhaps given, so the history is partial",
    "intolerant": "given, intolerance unknown",
}
_OUT: Final = {"refractory": "not refractory to", "exposed": "not given:"}


def _wording(field: str, found: list[_Named], sides: dict[str, tuple[str, ...]]) -> str:
    names = {side: ", ".join(drugs) for side, drugs in sides.items()}
    told = [names["in"]] if names["in"] else []
    marks = {each.mark for each in found}
    if field == "exposed" and marks & {"resisted", "unresisted"}:
        told.append("refractoriness is read in refractory only")
    if names["out"]:
        told.append(f"{_OUT.get(field, 'not intolerant of')} {names['out']}")
    if names["open"]:
        told.append(f"{names['open']} {_OPEN[field]}")
    for name, value in dict(value for each in found for value in each.also).items():
        told.append(_ALSO.get((name, value), ""))
    return "; ".join(told)


_ALSO: Final[dict[tuple[str, Any], str]] = {
    ("prior_transplant", True): "prior transplant",
    ("prior_transplant", False): "no prior transplant",
    ("comorbidities", ("prior_allogeneic_transplant",)): "prior allogeneic transplant",
}


def _together(item: str, catalogue: Catalogue) -> list[_Named]:
    found = [each for part in split(_WITH.sub(";", item)) for each in _named(part, catalogue)]
    marks = {each.mark for each in found}
    if len(found) > 1 and "" in marks and marks & {"no", "unresisted", "unknown"}:
        raise CellError("a mark may be for one drug or for all before it; separate drugs with ;")
    return found


def _named(part: str, catalogue: Catalogue) -> list[_Named]:
    """What one item names: as a whole, without its schedule, without its mark, word by word."""
    if re.search(r"- ?[)\]]?$", part):
        raise CellError("ends in a mark that cannot be read; write yes, no or unknown after a drug")
    if part in ("pd", "PD"):
        raise CellError("pd may be progression; write Pd for the regimen, or refractory")
    if reading := _known(part, catalogue):
        return [_Named(reading, "")]
    part = re.sub(r"[(\[] *[)\]]", " ", _SCHEDULE.sub(" ", part))
    part = " ".join(part.split()).strip(" :.,")
    match = _MARK.fullmatch(part)
    if match and not _known(part, catalogue):
        drugs, mark = _parts(match["name"], catalogue), match.lastgroup or ""
        if len(drugs) > 1 and mark in ("no", "unresisted", "unknown"):
            raise CellError("a mark may be for one drug or for all; separate drugs with ;")
        return [_marked(each, mark) for each in drugs]
    return _parts(part, catalogue)


def _marked(each: _Named, mark: str) -> _Named:
    if each.also and mark != "yes":
        if mark != "no" or each.also[0][0] != "prior_transplant":
            raise CellError("a transplant is marked in a way that cannot be read; leave it out")
        return each._replace(also=(("prior_transplant", False),))
    return each._replace(mark=mark)


def _parts(part: str, catalogue: Catalogue) -> list[_Named]:
    """Known names and transplants in `part`; the longest run of words first, and nothing left."""
    whole = _one(part, catalogue)
    if whole or not part.strip(" ()"):
        return [whole] if whole else []
    words, found, start = re.split(r"[ -]+", part), list[_Named](), 0
    while start < len(words):
        for end in range(min(len(words), start + _MOST_WORDS), start, -1):
            one = _one(" ".join(words[start:end]), catalogue)
            # A lone letter among words may as well be a mark, and so may pd that is not Pd.
            if one and (end - start > 1 or words[start] not in ("pd", "PD", words[start][:1])):
                found, start = [*found, one], end
                break
        else:
            raise CellError(_nearest(words[start], catalogue), words[start])
    return found


_MOST_WORDS: Final = 4
"""In one name of the catalogue."""


def _one(text: str, catalogue: Catalogue) -> _Named | None:
    if re.fullmatch(AUTO, text.lower()):
        return _Named(NameMatch(()), "", (("prior_transplant", True),))
    if re.fullmatch(ALLO, text.lower()):
        return _Named(NameMatch(()), "", (("comorbidities", ("prior_allogeneic_transplant",)),))
    reading = _known(text, catalogue)
    return _Named(reading, "") if reading else None


def _nearest(text: str, catalogue: Catalogue) -> str:
    try:
        read(text, catalogue)
    except UnknownName as error:
        return error.hint
    return "a letter or pd after a name may be a mark; write the drug, or Pd for the regimen"


@lru_cache(maxsize=65536)
def _known(text: str, catalogue: Catalogue) -> NameMatch | None:
    """The name as the catalogue has it, in another language, or with one slip of the hand."""
    if not key(text) or uncertain(text):
        return None
    if literal := known(text, catalogue):
        return literal
    wanted, every = key(bare(text)), catalogue.drugs.values()
    found = {each.id for each in every if _folded(key(each.name)) == _folded(wanted)}
    if not found:
        found = {drug for name, drug in _long_names(catalogue) if _one_slip(name, wanted)}
    return NameMatch(tuple(found)) if len(found) == 1 else None


_LONG: Final = 8
"""Letters from which one slip cannot turn one drug's name into another's."""


@lru_cache(maxsize=4)
def _long_names(catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    drugs = catalogue.drugs.values()
    names = ((key(name), drug.id) for drug in drugs for name in (drug.name, *drug.brands))
    return tuple(each for each in names if len(each[0]) >= _LONG)


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    """One spelling for a name that languages write with th or t, ph or f, y or i, and an ending."""
    name = name.replace("th", "t").replace("ph", "f").replace("y", "i")
    name = re.sub(r"(.)\1", r"\1", name)
    return re.sub(r"[aeiou]$", "", name)


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter more, less, changed or swapped with its neighbour makes the other."""
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped == long[at:]
