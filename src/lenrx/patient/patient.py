"""A patient as stated: nothing assumed, nothing filled in.

Every field may be missing. Text from options, JSON, YAML and CSV goes through the same parsers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from math import inf, isfinite, nextafter
from typing import Any, Final, NamedTuple

from lenrx.catalogue.conditions import WORDS
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import UnknownName, key, read, split
from lenrx.catalogue.vocabulary import COMORBIDITIES, CYTOGENETICS, REGIONS


class PatientError(Exception):
    """A field that cannot be read. `value` is kept apart: a chart's value is never printed."""

    def __init__(self, field: str, problem: str, value: str | None = None) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem, self.value = field, problem, value


class Range(NamedTuple):
    """A number known only to lie from `low` to `high`, as `written` ("<15", ">=5", "1-2")."""

    low: float
    high: float
    written: str


class Patient(NamedTuple):
    """What is stated about one patient; None is "not stated".

    age in years; eGFR in mL/min/1.73 m2; CrCl in mL/min; creatinine in mg/dL; weight in kg;
    LVEF in percent; platelets and ANC in 10^9/L; neuropathy by CTCAE grade. Drug lists hold
    catalogue ids and class names.
    """

    id: str | None = None
    age: float | Range | None = None
    sex: str | None = None
    prior_lines: int | Range | None = None
    exposed: tuple[str, ...] | None = None
    refractory: tuple[str, ...] | None = None
    intolerant: tuple[str, ...] | None = None
    history: str | None = None
    egfr: float | Range | None = None
    crcl: float | Range | None = None
    creatinine: float | Range | None = None
    weight: float | Range | None = None
    dialysis: bool | None = None
    cytogenetics: tuple[str, ...] | None = None
    cytogenetics_absent: tuple[str, ...] | None = None
    emd: bool | None = None
    pcl: bool | None = None
    cns: bool | None = None
    ecog: int | Range | None = None
    frailty: str | None = None
    neuropathy_grade: int | Range | None = None
    neuropathic_pain: bool | None = None
    lvef: float | Range | None = None
    platelets: float | Range | None = None
    anc: float | Range | None = None
    hepatic: str | None = None
    comorbidities: tuple[str, ...] | None = None
    comorbidities_absent: tuple[str, ...] | None = None
    prior_transplant: bool | None = None
    region: str | None = None
    as_of: str | None = None
    expanded: tuple[tuple[str, str], ...] = ()
    """Regimens that were typed where drugs were asked: (field, regimen)."""
    unsure: tuple[str, ...] = ()
    """Drugs given whose refractoriness a treatment record leaves open."""
    record: tuple[tuple[str, int, str], ...] = ()
    """What a treatment record gave: what, in which course, by which rule."""
    recorded: tuple[str, ...] = ()
    """Fields that a treatment record gave, and nobody stated."""

    def given(self, fields: Iterable[str] | None = None) -> dict[str, Any]:
        """The stated ones of some fields in their order; of all, in the order of the contract."""
        return {
            name: _plain(value)
            for name in (FIELDS if fields is None else fields)
            if (value := getattr(self, name)) is not None and name not in self.recorded
        }


def _plain(value: Any) -> Any:
    if isinstance(value, Range):
        return value.written
    return list(value) if isinstance(value, tuple) else value


_DERIVED: Final = ("expanded", "unsure", "record", "recorded")
UNSTATED: Final = frozenset({"", "?", "unk", "unknown", "na", "n/a", "not stated", "not done"})
_MARKS: Final = (
    r"[?!~±¬≠]|[+-]\s*/\s*[+-]|(?<!17p)(?<!1p)-\s*[)\]]?\s*(?:[,;|\n]|$)"
    r"|(?:^|[,;|\n])\s*(?:-\s*1q|\+\s*1?7?p\b)"
)


def uncertain(text: str) -> bool:
    """Whether a text holds a mark that the readers of names pass over: they look at letters."""
    # Most texts hold none of these signs, and a pattern costs every start its compilation.
    return not _SIGNS.isdisjoint(text) and bool(re.search(_MARKS, text, re.IGNORECASE))


_SIGNS: Final = frozenset("?!~±¬≠+-")
FIELD_ALIASES: Final = {"lines": "prior_lines"}


def _number(low: float, high: float, unit: str) -> Callable[[Any], float | Range]:
    def parse(value: Any) -> float | Range:
        number = _as_float(value)
        if number is not None and low <= number <= high:
            return number
        found = _range(value, low, high, whole=False) if number is None else None
        if found is None:
            raise ValueError(f"must be a number from {low:g} to {high:g} {unit}".rstrip())
        return found

    return parse


def _whole(low: int, high: int, what: str) -> Callable[[Any], int | Range]:
    def parse(value: Any) -> int | Range:
        number = _as_float(value)
        if number is not None and number == int(number) and low <= number <= high:
            return int(number)
        found = _range(value, low, high, whole=True) if number is None else None
        if found is None:
            raise ValueError(f"must be a whole number from {low} to {high}, {what}")
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
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None


def _one_of(*words: str, **aliases: str) -> Callable[[Any], str]:
    known = {key(word): word for word in words} | aliases

    def parse(value: Any) -> str:
        found = known.get(key(value)) if isinstance(value, str) else None
        if found is None:
            raise ValueError(f"must be one of {', '.join(words)}")
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
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError("must be a date like 2026-11-22") from None


def _text(value: Any) -> str:
    if isinstance(value, dict | list | bool):
        raise ValueError("must be text")
    return str(value)


def _vocabulary(words: Iterable[str], **aliases: str) -> Callable[[str], str]:
    known = {key(word): word for word in words} | aliases

    def parse(item: str) -> str:
        found = known.get(key(item))
        if found is None:
            raise ValueError(f"knows only {', '.join(dict.fromkeys(known.values()))}")
        return found

    return parse


_GAIN, _AMP, _DEL17, _DEL1 = "1q gain", "1q amp", "del17p", "del1p"
_marker = _vocabulary(
    CYTOGENETICS,
    **dict.fromkeys(("1q", "1q21", "gain1q", "gain1q21", "dup1q", "1q21gain", "1qgain3"), _GAIN),
    **dict.fromkeys(("amp1q", "amp1q21", "1q21amp", "amplification1q"), _AMP),
    **dict.fromkeys(("17p", "del17p13", "17pdel", "deletion17p", "17pdeletion"), _DEL17),
    **dict.fromkeys(("1p", "del1p32", "1pdel", "deletion1p"), _DEL1),
    **dict.fromkeys(("t414", "igh414"), "t(4;14)"),
    **dict.fromkeys(("t1114",), "t(11;14)"),
    **dict.fromkeys(("t1416",), "t(14;16)"),
    **dict.fromkeys(("t1420",), "t(14;20)"),
    **dict.fromkeys(("p53", "tp53mutation", "tp53mutated", "tp53mut"), "TP53"),
)
_condition = _vocabulary(COMORBIDITIES)

SCALARS: Final[dict[str, Callable[[Any], Any]]] = {
    "id": _text,
    "age": _number(0, 120, "years"),
    "sex": _one_of("female", "male", f="female", m="male"),
    "prior_lines": _whole(0, 30, "prior lines of therapy"),
    "history": _one_of("complete", "partial"),
    "egfr": _number(0, 250, "mL/min/1.73 m2"),
    "crcl": _number(0, 300, "mL/min"),
    "creatinine": _number(0.1, 30, "mg/dL"),
    "weight": _number(20, 400, "kg"),
    "dialysis": _flag,
    "emd": _flag,
    "pcl": _flag,
    "cns": _flag,
    "ecog": _whole(0, 4, "ECOG performance status"),
    "frailty": _one_of(*WORDS["frailty"]),
    "neuropathy_grade": _whole(0, 4, "CTCAE grade"),
    "neuropathic_pain": _flag,
    "lvef": _number(5, 90, "percent"),
    "platelets": _number(0, 3000, "10^9/L"),
    "anc": _number(0, 200, "10^9/L"),
    "hepatic": _one_of(*WORDS["hepatic"]),
    "prior_transplant": _flag,
    "region": _one_of(*REGIONS),
    "as_of": _day,
}
DRUG_LISTS: Final = ("exposed", "refractory", "intolerant")
WORD_LISTS: Final[dict[str, Callable[[str], str]]] = {
    "cytogenetics": _marker,
    "cytogenetics_absent": _marker,
    "comorbidities": _condition,
    "comorbidities_absent": _condition,
}
FIELDS: Final = tuple(name for name in Patient._fields if name not in _DERIVED)


def parse_patient(raw: Mapping[str, Any], catalogue: Catalogue) -> Patient:
    """The patient that `raw` states. Raises PatientError at the first field that cannot be read."""
    values: dict[str, Any] = {}
    expanded: list[tuple[str, str]] = []
    for written, value in raw.items():
        field = field_name(written)
        if value is None or (isinstance(value, str) and value.strip().lower() in UNSTATED):
            continue
        if field != "id" and (marked := _uncertain(value)):
            raise PatientError(field, _MARKED, marked)
        if field in DRUG_LISTS:
            values[field] = _drugs(field, value, catalogue, expanded)
        elif field in WORD_LISTS:
            values[field] = _words(field, value)
        else:
            values[field] = _scalar(field, value)
    return Patient(**values, expanded=tuple(sorted(set(expanded))))


def reread(patient: Patient, catalogue: Catalogue) -> Patient:
    """A patient built in code, its fields read as those of a file. Raises PatientError."""
    stated = {
        name: value.written if isinstance(value, Range) else value
        for name, value in zip(FIELDS, patient, strict=False)
        if value is not None
    }
    found = parse_patient(stated, catalogue)
    expanded = tuple(sorted({*patient.expanded, *found.expanded}))
    return patient._replace(**{name: getattr(found, name) for name in stated}, expanded=expanded)


_MARKED: Final = "holds a mark that cannot be read; write the plain word or leave it out"


def _uncertain(value: Any) -> str | None:
    """The first text with a mark that the readers of names would pass over."""
    parts = value if isinstance(value, list | tuple) else [value]
    return next((part for part in parts if isinstance(part, str) and uncertain(part)), None)


def field_name(written: str) -> str:
    """The field meant, in any case and with hyphens. Raises PatientError with the nearest."""
    name = str(written).strip().lower().replace("-", "_").replace(" ", "_")
    name = FIELD_ALIASES.get(name, name)
    if name in FIELDS:
        return name
    from difflib import get_close_matches

    near = get_close_matches(name, FIELDS, n=1)
    raise PatientError(name, "unknown field" + (f"; did you mean {near[0]}?" if near else ""))


def _scalar(field: str, value: Any) -> Any:
    try:
        return SCALARS[field](value.strip() if isinstance(value, str) else value)
    except ValueError as error:
        raise PatientError(field, str(error), str(value)) from None


def _items(field: str, value: Any) -> list[str]:
    parts = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(part, str) for part in parts):
        raise PatientError(field, "must be a list of words")
    return [item for part in parts for item in split(part)]


def _words(field: str, value: Any) -> tuple[str, ...]:
    found = set[str]()
    for item in _items(field, value):
        try:
            found.add(WORD_LISTS[field](item))
        except ValueError as error:
            raise PatientError(field, str(error), item) from None
    return tuple(sorted(found))


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
