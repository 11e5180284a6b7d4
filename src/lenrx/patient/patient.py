"""A patient as stated: nothing assumed, nothing filled in.

Every field may be missing. Text from options, JSON, YAML and CSV goes through the same parsers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from math import inf, isfinite, nextafter
from string import ascii_letters, digits
from typing import Any, Final

from lenrx.catalogue.field_kinds import Findings, Kind, Numeric, Plain, Range, Word
from lenrx.catalogue.fields import DECLARED, DRUGGED, FOUND, TAKEN, PatientFields
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import UnknownName, key, read, split
from lenrx.catalogue.vocabulary import SIGNED
from lenrx.patient.medications import UnreadMedicine, medicines, tidied


class PatientError(Exception):
    """A field that cannot be read. `value` is kept apart: a chart's value is never printed."""

    def __init__(self, field: str, problem: str, value: str | None = None) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem, self.value = field, problem, value


class Patient(PatientFields):
    """What is stated about one patient; None is "not stated".

    Built in code, a field may hold what a file may hold: names, brands, "<15". Once read, numbers
    are numbers or a `Range`, and lists are tuples of catalogue ids, class names and findings.
    The units are those that `lenrx recommend --help` gives.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """What is stated, as it may be typed; nothing of what is not."""
        stated = ((name, getattr(self, name)) for name in FIELDS)
        said = (f"{name}={_typed(value)!r}" for name, value in stated if value is not None)
        return f"Patient({', '.join(said)})"

    def number(self, field: str) -> float | Range | None:
        """A number, once it was read."""
        found: float | Range | None = getattr(self, field)
        return found

    def given(self, fields: Iterable[str] | None = None) -> dict[str, Any]:
        """The stated ones of some fields in their order; of all, in the order of the contract."""
        return {
            name: _plain(value)
            for name in (FIELDS if fields is None else fields)
            if (value := getattr(self, name)) is not None and name not in self.recorded
        }

    def used(self, fields: Iterable[str]) -> dict[str, Any]:
        """Some fields as they are used: as stated, or as a treatment record gave them."""
        values = ((name, getattr(self, name)) for name in fields)
        return {name: _plain(value) for name, value in values if value is not None}

    def from_record(self) -> dict[str, Any]:
        """What a treatment record gave, each with course and rule, and its number of lines."""
        names = ("what", "course", "rule")
        found = {"record": [dict(zip(names, each, strict=True)) for each in self.record]}
        lines = {"prior_lines": _typed(self.prior_lines)}
        return found | (lines if "prior_lines" in self.recorded else {})


def _typed(value: Any) -> Any:
    return value.written if isinstance(value, Range) else value


def _plain(value: Any) -> Any:
    typed = _typed(value)
    return list(typed) if isinstance(typed, tuple) else typed


FIELDS: Final = tuple(DECLARED)
"""Every field that a user may state, in the order of the contract."""
UNSTATED: Final = frozenset({"", "?", "unk", "unknown", "na", "n/a", "not stated", "not done"})
_MARKS: Final = (
    r"[^\w\s.,;:|/()\[\]{}'\"&+\-<>=%#@\u00b0]|(?<![a-z])_|_(?![a-z])|[\u00d8\u00f8]|[+-]\s*/\s*[+-]"
    r"|-\s*[)\]]?\s*(?:[,;|\n]|$)|(?:^|[,;|\n])\s*(?:-\s*(?:[a-z]|\d+[pq])|\+\s*1?7?p\b)"
    r"|[(\[{]\s*[+-]*\s*[)\]}]|[:=/]\s*(?:[,;|\n]|$)"
)
"""A sign that is none of writing, plus or minus, an empty box, and a label without its answer."""


def uncertain(text: str) -> bool:
    """Whether a text holds a mark that the readers of names pass over: they look at letters."""
    if _WRITTEN.issuperset(text):
        # Most texts hold no sign, and a pattern costs every start its compilation.
        return "()" in text.replace(" ", "") if "(" in text else False
    return bool(re.search(_MARKS, re.sub(_LOSSES, "", text), re.IGNORECASE))


_LOSSES: Final = r"(?<![\w(])17?p-(?![\w)])"
"""Of an arm alone a minus is a loss; behind a word that says so already it may be a negative."""
_WRITTEN: Final = frozenset(f"{ascii_letters}{digits} .,;|()'&")
FIELD_ALIASES: Final = {each.shown.also: n for n, each in DECLARED.items() if each.shown.also}


def _number(kind: Numeric) -> Callable[[Any], float | Range]:
    def parse(value: Any) -> float | Range:
        number = _as_float(value)
        if number is None:
            found = _range(value, kind.low, kind.high, whole=kind.whole)
        elif not kind.low <= number <= kind.high or (kind.whole and not number.is_integer()):
            found = None
        else:
            return int(number) if kind.whole else number
        if found is None:
            raise ValueError(f"must be {kind.allowed}")
        return found

    return parse


_ONE_SIDE: Final = r"(<=|<|>=|>) ?([0-9]+(?:\.[0-9]+)?)"
_TWO_SIDES: Final = r"([0-9]+(?:\.[0-9]+)?) ?- ?([0-9]+(?:\.[0-9]+)?)"


def _range(value: Any, low: float, high: float, *, whole: bool) -> Range | None:
    """The numbers that `<15`, `>=60` or `1-2` leave possible inside the field's own bounds."""
    if not isinstance(value, str):
        return None
    if found := re.fullmatch(_TWO_SIDES, value):
        least, most = float(found[1]), float(found[2])
    elif found := re.fullmatch(_ONE_SIDE, value):
        bound = float(found[2])
        beside = (bound - 1, bound + 1) if whole else (nextafter(bound, -1), nextafter(bound, inf))
        least, most = {
            "<": (low, beside[0]),
            "<=": (low, bound),
            ">": (beside[1], high),
            ">=": (bound, high),
        }[found[1]]
    else:
        return None
    if whole and not (float(least).is_integer() and float(most).is_integer()):
        return None
    return Range(least, most, value) if low <= least <= most <= high else None


def _as_float(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and "_" in value:
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None


def _one_of(kind: Word) -> Callable[[Any], str]:
    known = {key(word): word for word in kind.words} | dict(kind.spellings)

    def parse(value: Any) -> str:
        found = known.get(key(value)) if isinstance(value, str) else None
        if found is None:
            raise ValueError(f"must be one of {', '.join(kind.words)}")
        return found

    return parse


_YES: Final = frozenset({"true", "yes", "y", "1"})
_NO: Final = frozenset({"false", "no", "n", "0"})


def _flag(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _YES | _NO:
        raise ValueError("must be true or false")
    return word in _YES


def _day(value: Any) -> str:
    try:
        # Python reads weeks (2026-W01-1) and days without hyphens too, a chart's reader does not.
        found = date.fromisoformat(str(value)).isoformat()
    except ValueError:
        found = ""
    if found != str(value):
        raise ValueError("must be a date like 2026-11-22")
    return found


def _text(value: Any) -> str:
    if isinstance(value, dict | list | bool):
        raise ValueError("must be text")
    text = str(value)
    if len(text) > LONGEST_TEXT:
        raise ValueError(TOO_LONG)
    return text


LONGEST_TEXT: Final = 1_000
"""Letters of a text; a longer one is no id, and is not shown."""
TOO_LONG: Final = f"must be {LONGEST_TEXT:,} letters or fewer"


def _vocabulary(kind: Findings) -> Callable[[str], str]:
    known = {key(word): word for word in kind.words} | dict(kind.spellings)

    def parse(item: str) -> str:
        typed = "".join(item.lower().split())
        signed = typed[:1] in _SIGNS or typed[-1:] in _SIGNS
        found = None if signed and typed not in SIGNED else known.get(key(item))
        if signed and found is None:
            raise ValueError("a sign that is no part of the word; write the word alone")
        if found is None:
            raise ValueError(nearest(key(item)))
        return found

    # The same words fail again and again in a table, and looking for near ones takes long.
    nearest = lru_cache(4_000)(lambda wanted: _nearest(wanted, known))
    return parse


_SIGNS: Final = ("+", "-", "\u2212", "\u2013")


def _nearest(wanted: str, known: Mapping[str, str]) -> str:
    """The words that could be meant, or all of them where none is near."""
    from difflib import get_close_matches

    near = dict.fromkeys(known[each] for each in get_close_matches(wanted, known, 3, _NEAR))
    if near:
        return f"not a word for it; nearest: {', '.join(near)}"
    return f"knows only {', '.join(dict.fromkeys(known.values()))}"


_NEAR: Final = 0.7
"""Below it two words share letters by chance: every marker holds digits of another."""


def _scalar_reader(kind: Kind) -> Callable[[Any], Any]:
    if isinstance(kind, Numeric):
        return _number(kind)
    if isinstance(kind, Word):
        return _one_of(kind)
    return _flag if kind is Plain.FLAG else _day if kind is Plain.DAY else _text


DRUG_LISTS: Final = DRUGGED
MEDICINE_LISTS: Final = TAKEN
WORD_LISTS: Final = {name: _vocabulary(kind) for name, kind in FOUND.items()}
LISTED: Final = (*DRUG_LISTS, *WORD_LISTS, *MEDICINE_LISTS)
"""Fields that hold several names."""
SCALARS: Final = {
    name: _scalar_reader(each.kind) for name, each in DECLARED.items() if name not in LISTED
}


def parse_patient(raw: Mapping[str, Any], catalogue: Catalogue) -> Patient:
    """The patient that `raw` states. Raises PatientError at the first field that cannot be read."""
    values: dict[str, Any] = {}
    expanded: list[tuple[str, str]] = []
    for written, value in raw.items():
        field = field_name(written)
        if states_nothing(value):
            continue
        if field not in _UNMARKED and (marked := _uncertain(value)):
            raise PatientError(field, _MARKED, marked)
        if field in DRUG_LISTS:
            values[field] = _drugs(field, value, catalogue, expanded)
        elif field in WORD_LISTS:
            values[field] = _words(field, value)
        elif field in MEDICINE_LISTS:
            values[field] = _medicines(field, value, catalogue)
        else:
            values[field] = _scalar(field, value)
    return Patient(**values, expanded=tuple(sorted(set(expanded))))


def reread(patient: Patient, catalogue: Catalogue) -> Patient:
    """A patient built in code, its fields read as those of a file. Raises PatientError."""
    stated = {
        name: _typed(value)
        for name, value in zip(FIELDS, patient, strict=False)
        if value is not None
    }
    found = parse_patient(stated, catalogue)
    expanded = tuple(sorted({*patient.expanded, *found.expanded}))
    return patient._replace(**{name: getattr(found, name) for name in stated}, expanded=expanded)


def states_nothing(value: Any) -> bool:
    """Whether a value is none: an empty list says that there is nothing, one of blanks does not."""
    if isinstance(value, list | tuple):
        return len(value) > 0 and all(isinstance(each, str) and _is_blank(each) for each in value)
    return value is None or (
        isinstance(value, str) and (_is_blank(value) or value.strip().lower() in UNSTATED)
    )


def _is_blank(text: str) -> bool:
    return not text.strip(" \t\r\n,;|")


_MARKED: Final = "holds a mark that cannot be read; write the plain word or leave it out"


def _uncertain(value: Any) -> str | None:
    """The first text with a mark that the readers of names would pass over."""
    parts = value if isinstance(value, list | tuple) else [value]
    return next((part for part in parts if isinstance(part, str) and uncertain(part)), None)


def known_field(written: str) -> str | None:
    """The field whose name this is, in any case and with hyphens."""
    name = _plain_name(written)
    return name if name in FIELDS else None


def _plain_name(written: str) -> str:
    name = str(written).strip().lower().replace("-", "_").replace(" ", "_")
    return FIELD_ALIASES.get(name, name)


def field_name(written: str) -> str:
    """The field meant, in any case and with hyphens. Raises PatientError with the nearest."""
    if name := known_field(written):
        return name
    from difflib import get_close_matches

    name = _plain_name(written)
    # Below it a short name is near to what it is not: cr to crcl.
    near = get_close_matches(name, FIELDS, n=1, cutoff=0.75)
    raise PatientError(name, "unknown field" + (f"; did you mean {near[0]}?" if near else ""))


def _scalar(field: str, value: Any) -> Any:
    try:
        return SCALARS[field](value.strip() if isinstance(value, str) else value)
    except ValueError as error:
        shown = str(value)
        problem, word = str(error), shown if len(shown) <= LONGEST_TEXT else None
        raise PatientError(field, problem, word) from None


def _texts(field: str, value: Any) -> list[str]:
    parts = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(part, str) for part in parts):
        raise PatientError(field, "must be a list of words")
    return list(parts)


def _items(field: str, value: Any) -> list[str]:
    return [item for part in _texts(field, value) for item in split(part)]


def _words(field: str, value: Any) -> tuple[str, ...]:
    found = set[str]()
    for item in _items(field, value):
        try:
            found.add(WORD_LISTS[field](item))
        except ValueError as error:
            raise PatientError(field, str(error), item) from None
    return tuple(sorted(found))


_UNMARKED: Final = ("id", *MEDICINE_LISTS)
"""Fields that may hold a sign, or whose reader looks for it item by item."""


def _medicines(field: str, value: Any, catalogue: Catalogue) -> tuple[str, ...]:
    texts = [tidied(text) for text in _texts(field, value)]
    for text in texts:
        # A class may be written with a line behind a digit: strong_cyp1a2_inhibitor.
        if uncertain(re.sub(r"(?<=[^\W_])_(?=[a-z])", " ", text)):
            raise PatientError(field, _MARKED, text)
    try:
        return medicines(texts, catalogue)
    except UnreadMedicine as error:
        raise PatientError(field, str(error), error.word) from None


def _drugs(
    field: str, value: Any, catalogue: Catalogue, expanded: list[tuple[str, str]]
) -> tuple[str, ...]:
    found, items = set[str](), _items(field, value)
    for item in [] if items == ["none"] else items:
        try:
            reading = read(item, catalogue)
        except UnknownName as error:
            raise PatientError(field, error.hint, item) from None
        found.update(reading.items)
        if reading.regimen:
            expanded.append((field, reading.regimen))
    return tuple(sorted(found))
