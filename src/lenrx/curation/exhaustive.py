"""Proofs on a criterion by trial: every kind of patient that it can tell apart is tried on it.

A patient is tried just below, at and just above each bound, with each word, each finding there or
not, each drug received or refractory or not, and with each of these not stated. What a drug
belongs to is not known here: `received` of a class and of a drug of it are tried independently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import floor, inf, nextafter, prod
from typing import Any, Final, NamedTuple

from lenrx.catalogue.conditions import (
    BOUNDS,
    COUNTS,
    FLAGS,
    HISTORIES,
    MEDICINES,
    NUMBERS,
    RENAL,
    SETS,
    UNKNOWN,
    WORDS,
    Condition,
    Evaluation,
    Interval,
    evaluate,
    leaf,
    leaves,
)
from lenrx.catalogue.fields import NUMERIC, WHOLE
from lenrx.catalogue.vocabulary import Truth
from lenrx.patient.patient import SCALARS

Value = float | str | bool | None
"""A trial value; None is "not stated"."""
Leaf = tuple[str, Any]

MOST: Final = 4096
"""Kinds of patient that are tried on one condition; a larger one is split, not sampled."""


class TestedField(NamedTuple):
    """One thing that is stated or not: the names that share its value, and the trial values."""

    names: tuple[str, ...]
    values: tuple[Value, ...]


class TestedPatient(NamedTuple):
    """A patient made of trial values. Implements `conditions.Facts`."""

    stated: Mapping[str, Any]

    def ask(self, key: str, wanted: Any) -> Evaluation:
        """What one leaf of a condition says."""
        return leaf(key, wanted, self)

    def interval(self, field: str) -> Interval:
        """One point when stated, everything when not."""
        value = self.stated.get(field)
        return UNKNOWN if value is None else (value, value)

    def word(self, field: str) -> str | bool | None:
        """A word or a flag, None when not stated."""
        found: str | bool | None = self.stated.get(field)
        return found

    def finding(self, field: str, name: str) -> Truth:
        """Whether a finding is there."""
        found: Truth = self.stated.get(f"{field}.{name}")
        return found

    def history(self, kind: str, name: str) -> Evaluation:
        """Whether at least one drug of that name was received, or is refractory."""
        value = self.stated.get(f"{kind}.{name}")
        return Evaluation(None, (f"{kind}.{name}",)) if value is None else Evaluation(value >= 1)

    def history_count(self, kind: str, name: str) -> Interval:
        """How many drugs of a class."""
        value = self.stated.get(f"{kind}.{name}")
        return (0, inf) if value is None else (value, value)

    def medicine(self, field: str, name: str) -> Evaluation:
        """Whether a medicine is taken."""
        value = self.stated.get(f"{field}.{name}")
        return Evaluation(None, (field,)) if value is None else Evaluation(bool(value))

    @property
    def possible(self) -> bool:
        """Whether every drug that failed or was stopped was also received."""
        for name, value in self.stated.items():
            kind, _, drug = name.partition(".")
            given = self.stated.get(f"received.{drug}")
            failed = kind in HISTORIES and value is not None
            if failed and given is not None and value > given:
                return False
        return True


def problems(condition: Condition) -> Iterator[str]:
    """What is wrong with a well-formed condition, in words; nothing when it can do its work."""
    fields = _fields(list(leaves(condition)))
    kinds = prod(len(field.values) for field in fields)
    if kinds > MOST:
        yield f"too large to try: {kinds} kinds of patient, at most {MOST}; split it"
        return
    truths = _truths(condition, fields)
    if True not in truths.values():
        yield "unreachable: no patient meets it"
    stated = {truth for values, truth in truths.items() if None not in values}
    if stated == {True} and condition != {"always": True}:
        yield "cannot fail: every patient of whom all is stated meets it"
    if pair := _removal(truths, fields):
        yield f"removal: {pair}"


def _fields(asked: list[Leaf]) -> list[TestedField]:
    """The fields that the leaves ask. Names that only ever appear together are tried as one."""
    renal = any(key == "renal" for key, _ in asked)
    values, places = dict[str, list[Value]](), dict[str, list[int]]()
    for i, (key, wanted) in enumerate(asked):
        for name in _names(key, wanted, renal):
            values.setdefault(_subject(name), [None]).extend(_values(key, wanted))
            places.setdefault(name, []).append(i)
    together: dict[tuple[int, ...], list[str]] = {}
    for name, found in places.items():
        together.setdefault(tuple(found), []).append(name)
    return [_field(names, values) for names in together.values()]


def _field(names: list[str], values: Mapping[str, list[Value]]) -> TestedField:
    tried = dict.fromkeys(value for name in names for value in values[_subject(name)])
    return TestedField(tuple(names), tuple(tried))


def _subject(name: str) -> str:
    """What is asked about: two refractory drugs of a class need two received ones to be tried."""
    return name.split(".", 1)[-1]


def _names(key: str, wanted: Any, renal: bool) -> Iterable[str]:
    """The fields of one leaf. CrCl and eGFR are one where the condition reads the lower of both."""
    if key == "renal" or (renal and key in RENAL):
        return RENAL
    if key in COUNTS:
        return (f"{COUNTS[key]}.{wanted['class']}",)
    if key in (*HISTORIES, *MEDICINES):
        return dict.fromkeys(f"{key}.{name}" for name in wanted)
    if key in SETS:
        return dict.fromkeys(f"{SETS[key][0]}.{name}" for name in wanted)
    return () if key == "always" else (key,)


def _values(key: str, wanted: Any) -> Iterable[Value]:
    if key in COUNTS:
        bounds = (wanted[bound] for bound in BOUNDS if bound in wanted)
        return [0, 1, *(each for bound in bounds for each in _whole(bound) if each >= 0)]
    if key in NUMBERS or key == "renal":
        return _numbers("egfr" if key == "renal" else key, wanted.values())
    return WORDS.get(key) or (
        (True, False) if key in FLAGS or key in SETS or key in MEDICINES else (0, 1)
    )


def _whole(bound: float) -> tuple[int, int, int]:
    return (floor(bound) - 1, floor(bound), floor(bound) + 1)


def _near(bound: float) -> tuple[float, float, float]:
    return (nextafter(bound, -inf), bound, nextafter(bound, inf))


def _numbers(field: str, bounds: Iterable[float]) -> list[float]:
    """The values around the bounds that a patient can state; any one where no bound is near."""
    around = _whole if field in WHOLE else _near
    tried: list[float] = [value for bound in bounds for value in around(bound)]
    found = [value for value in tried if _can_be_stated(field, value)]
    return found or [NUMERIC[field].low]


def _can_be_stated(field: str, value: float) -> bool:
    try:
        SCALARS[field](value)
    except ValueError:
        return False
    return True


Truths = dict[tuple[Value, ...], Truth]


def _truths(condition: Condition, fields: list[TestedField]) -> Truths:
    """What the condition says of each kind of patient that can be."""
    found: Truths = {}
    for values in product(*(field.values for field in fields)):
        patient = _patient(fields, values)
        if patient.possible:
            found[values] = evaluate(condition, patient).truth
    return found


def _patient(fields: list[TestedField], values: tuple[Value, ...]) -> TestedPatient:
    pairs = zip(fields, values, strict=True)
    return TestedPatient({name: value for field, value in pairs for name in field.names})


def _removal(truths: Truths, fields: list[TestedField]) -> str | None:
    """A patient who meets the condition only once something is no longer stated, in words."""
    for values, truth in truths.items():
        for i, value in enumerate(values if truth is False else ()):
            if value is not None and truths[(*values[:i], None, *values[i + 1 :])]:
                taken, stated = " and ".join(fields[i].names), _patient(fields, values).stated
                return f"taking {taken} away turns not met into met, of {stated}"
    return None
