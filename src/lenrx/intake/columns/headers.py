"""Headers: the name of a column and the unit in it. A unit that is not understood is an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from lenrx.catalogue.fields import NUMERIC
from lenrx.catalogue.units import LVEF, Unit, find
from lenrx.intake.cells.units import mistaken
from lenrx.intake.columns.column import Column, Key
from lenrx.patient.patient import PatientError, known_field

_IN_BRACKETS: Final = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)|\[([^\[\]]*)\]|\{([^{}]*)\}")
_BETWEEN: Final = re.compile(r"[\s_,:;=-]+")
_LIKE_A_UNIT: Final = re.compile(
    r"[%/‰]|(?:x ?|\* ?)?10 ?[\^*e⁰-⁹¹²³]"
    r"|[^\W\d]{1,6} ?/ ?(?:[dcmuµμnpf]?l|mm|min|s|h|kg|m2|cc|cu|100)\b",
    re.IGNORECASE,
)
_NOTES: Final = frozenset(
    "baseline|screening|visit|index|entry|enrolment|enrollment|inclusion|relapse|at relapse|last"
    "|latest|most recent|current|now|today|lab|labs|blood|serum|plasma|local|central|value|result"
    "|number|num|numeric|abs|absolute|absolute count|count|calculated|calc|derived|measured"
    "|estimated|actual|echo|muga|mri|tte|mdrd4|plt|anc|ef|egfr|crcl|scr"
    "|rounded|auto|manual|optional|if known|required|pre|c1d1|d1|day 1".split("|")
)
"""What stands in brackets in a header and is no unit."""


class Part(NamedTuple):
    """A header parted into a name and what may be its unit."""

    name: str
    unit: str
    bracketed: bool


def parts(header: str) -> Iterator[Part]:
    """Ways to part a header: what is in brackets, then its last words."""
    for match in _IN_BRACKETS.finditer(header):
        name = f"{header[: match.start()]} {header[match.end() :]}".strip()
        yield Part(name, _inside(match), True)
    yield from _tails(header)


def in_brackets(header: str) -> list[str]:
    """What stands in each pair of brackets of a header."""
    return [_inside(match) for match in _IN_BRACKETS.finditer(header)]


def _inside(match: re.Match[str]) -> str:
    return next(each for each in match.groups() if each is not None).strip()


def _tails(header: str) -> Iterator[Part]:
    """The last words, more of them first; a sign may stand without a space (`LVEF%`)."""
    for match in _BETWEEN.finditer(header):
        if match.start() and header[match.end() :].strip():
            yield Part(header[: match.start()], header[match.end() :].strip(), False)
    if glued := re.fullmatch(r"([^%]*[^\s%])(%.*)", header):
        yield Part(glued[1], glued[2], False)


@lru_cache(4_000)
def unit_of(field: str, header: str) -> Unit | None:
    """The unit of a number in its header; None where it has none. Raises PatientError."""
    kind = NUMERIC.get(field)
    if kind is None or kind.whole:
        return None
    bracketed = in_brackets(header)
    tails = [each.unit for each in _tails(_IN_BRACKETS.sub(" ", header).strip())]
    for text in (*bracketed, *tails, *(each.unit for each in _tails(header))):
        if unit := find(text, kind.measures, header=True):
            _one_unit(field, header, unit, (text, *bracketed, *tails[:1]))
            if unit.instead:
                raise PatientError("header", f"column {_shown(header)}: {mistaken(kind, unit)}")
            return unit
    unread = next((each for each in bracketed if each and not _is_note(each)), "")
    unread = unread or next((each for each in tails if like_a_unit(each)), "")
    if unread:
        raise PatientError("header", f"column {_shown(header)}: {_not_understood(field, unread)}")
    return None


_ALTERNATIVES: Final = re.compile(r"\s*(?:[,;]|\b(?:or|oder|ou|was|war|previously|now|today)\b)\s*")


def _one_unit(field: str, header: str, unit: Unit, texts: Iterable[str]) -> None:
    """Refuse a header that names another unit of its field too: `mg/dL or umol/L`."""
    measures = NUMERIC[field].measures
    words = {word for text in texts for word in _ALTERNATIVES.split(text) if word}
    named = {found.name for word in words if (found := find(word, measures, header=True))}
    if named - {unit.name}:
        reason = f"column {_shown(header)}: names {' and '.join(sorted({*named, unit.name}))}; "
        raise PatientError("header", f"{reason}state unit: in the map")


def like_a_unit(text: str) -> bool:
    """Whether a text has the shape of a unit, or is one of another field than a span of time."""
    return bool(_LIKE_A_UNIT.match(text)) or (
        len(text) > 1 and any(find(text, each, header=True) for each in _MEASURES)
    )


_MEASURES: Final = tuple(
    kind.measures for field, kind in NUMERIC.items() if not kind.whole and field != "age"
)


def _is_note(text: str) -> bool:
    words = " ".join(re.findall(r"[^\W_]+", text.lower()))
    return words in _NOTES or bool(re.fullmatch(r"(?:\w+ )?(?:19|20)\d\d", words))


def _not_understood(field: str, unread: str) -> str:
    kind = NUMERIC[field]
    name = kind.label or field
    if (find(unread, LVEF) or "%" in unread) and find("%", kind.measures) is None:
        return f"a percentage is no {name}; leave the column out (--ignore COLUMN)"
    names = ", ".join(each.name for each in kind.measures if not each.instead)
    return (
        f"{_shown(unread)} is not understood as a unit of {name}; state unit: in the map "
        f"({names}), or leave the column out (--ignore COLUMN)"
    )


def _shown(text: str) -> str:
    return " ".join(text.split())


@lru_cache(4_000)
def certain(header: str) -> Key | None:
    """What a column is by its name and unit alone; None where its name is no field's.

    Raises PatientError where the name is a field's, and the unit is not understood.
    """
    if field := known_field(header):
        return field
    for part in parts(header):
        field = known_field(part.name)
        if field in NUMERIC and not NUMERIC[field].whole:
            known = find(part.unit, NUMERIC[field].measures, header=True)
            unread = not _is_note(part.unit) if part.bracketed else like_a_unit(part.unit)
            if known or unread:
                return with_unit(field, header)
    return None


def with_unit(field: str, header: str) -> Key:
    """A field, with the unit that its header has. Raises PatientError."""
    unit = unit_of(field, header)
    return Column(field, header, unit.name) if unit else field
