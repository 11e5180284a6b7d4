"""Amounts in cells: a number or a range, the unit behind it, and what it is in the field's own.

A unit that is not understood is an error, and so is a number without one that fits two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from lenrx.catalogue.field_kinds import Numeric
from lenrx.catalogue.fields import NUMERIC
from lenrx.catalogue.units import Unit, find
from lenrx.intake.cells.base import CellError

_NUMBER: Final = r"\d+(?:[.,]\d+)*(?: (?!10[3-9]\b|1012\b)\d{3}(?!\d))*"
_AMOUNT: Final = re.compile(
    rf"(?P<amount>[^\d]*{_NUMBER}(?: ?(?:-|to) ?{_NUMBER})?(?: ?\+| or (?:more|less))?)"
    r"(?P<unit>.*)",
    re.DOTALL,
)
_EACH: Final = _NUMBER
_THOUSANDS: Final = r"[1-9]\d{0,2}(?:([., ])\d{3})(?:\1\d{3})*"
_LAKHS: Final = r"[1-9]\d?(?:,\d\d)+,\d{3}"
_BOTH: Final = r"\d{1,3}(?:([., ])\d{3})+[.,]\d+"
_DECIMAL: Final = r"\d+(?:[.,]\d+)?"
_BRACKETS: Final = " ()[]"
_BARE: Final = r"[<>=]*\s*([\d.]+)(?:\s*-\s*([\d.]+))?"


_COMMA: Final = "a comma or point may part thousands or be the decimal one; write it without"


class Amount(NamedTuple):
    """What a cell writes before its unit, in the field's own unit, and what unit that was."""

    written: str
    unit: Unit | None
    """None where none is written and none is stated for the column."""
    converted: bool


def measured(field: str, text: str, stated: Unit | None) -> Amount:
    """The amount in a cell; `stated` is the unit of its column. Raises CellError."""
    kind = NUMERIC[field]
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return Amount(text, None, False)
    written = match["unit"].strip(_BRACKETS)
    unit = _unit(kind, written, stated) if written else stated
    if unit is None:
        return Amount(_each(match["amount"], lambda each: _unitless(kind, each)), None, False)
    found = _each(match["amount"], lambda each: _in_own(kind, unit, each))
    return Amount(found, unit, unit.factor != 1)


def _each(amount: str, plain: Callable[[str], str]) -> str:
    return re.sub(_EACH, lambda match: plain(match[0]), amount)


def _unit(kind: Numeric, written: str, stated: Unit | None) -> Unit:
    unit = find(written, kind.measures)
    if unit is None:
        names = _listed(each.name for each in kind.measures if not each.instead)
        raise CellError(f"the unit is not understood; write it in {names}", written)
    if unit.instead and stated is not None and not stated.instead:
        return stated
    if unit.instead and not unit.short:
        raise CellError(mistaken(kind, unit), written)
    return unit


def mistaken(kind: Numeric, unit: Unit) -> str:
    """That a unit is another field's, so that two readings are possible."""
    name = NUMERIC[unit.instead].label or unit.instead
    return (
        f"{unit.name} is the unit of {name}, not of {kind.label}: map the column to "
        f"{unit.instead}, or state unit: {kind.unit} for it in the map"
    )


def _in_own(kind: Numeric, unit: Unit, written: str) -> str:
    """One number of a stated unit in the field's own."""
    found = [
        own
        for value in _values(written, unit)
        if _possible(kind, unit, own := _converted(kind, unit, value))
    ]
    if len(found) == 1:
        return f"{found[0]:.12g}"
    if found:
        raise CellError(_COMMA, written)
    if unit.counted and re.fullmatch(_DECIMAL, written) and not _values(written, unit):
        raise CellError(f"a number of {unit.name} has no fractions; check the unit", unit.name)
    raise CellError(f"is out of bounds in {unit.name}; must be {kind.allowed}", unit.name)


def _converted(kind: Numeric, unit: Unit, value: float) -> float:
    return value if unit.factor == 1 else round(value * unit.factor, kind.digits)


def _possible(kind: Numeric, unit: Unit, own: float) -> bool:
    """Whether a converted number may be one: far below what is sure, the unit is a slip."""
    low = kind.sure[0] / 10 if kind.sure and unit.factor != 1 else 0
    return max(kind.low, low) <= own <= kind.high


def _values(written: str, unit: Unit | None) -> list[float]:
    """The numbers that a text may be: three digits behind a sign may be thousands."""
    counted = unit is not None and unit.counted
    found = list[float]()
    if re.fullmatch(_BOTH, written) and len({*written} - {*"0123456789"}) == 2:
        whole, _, part = written.replace(",", ".").rpartition(".")
        found.append(float(f"{re.sub('[. ]', '', whole)}.{part}"))
    elif re.fullmatch(_LAKHS, written):
        found.append(float(written.replace(",", "")))
    elif match := re.fullmatch(_THOUSANDS, written):
        one_point = match[1] == "." and written.count(".") == 1
        if counted or not one_point:
            found.append(float(re.sub(r"\D", "", written)))
        if not counted and match[1] != " " and written.count(match[1]) == 1:
            found.append(float(written.replace(",", ".")))
    elif re.fullmatch(_DECIMAL, written):
        found.append(float(written.replace(",", ".")))
    return [each for each in found if not counted or each.is_integer()]


def _unitless(kind: Numeric, written: str) -> str:
    values = _values(written, None)
    if len(values) != 1:
        raise CellError(_which(kind, values), written)
    if not _sure(kind, values[0]) and (near := _which(kind, values)):
        raise CellError(near, written)
    return f"{values[0]:.12g}"


def _sure(kind: Numeric, value: float) -> bool:
    low, high = kind.sure or (kind.low, kind.high)
    return low <= value <= high


def _which(kind: Numeric, values: Sequence[float]) -> str:
    """That a number without a unit may be in one or another; empty where only one is possible."""
    own, *others = kind.measures
    fitting = [
        each.name
        for each in others
        if not each.instead
        and any(_possible(kind, each, _converted(kind, each, one)) for one in values)
    ]
    if not fitting:
        return "" if len(values) == 1 else _COMMA
    return (
        f"no unit is stated, and it may be {_listed([own.name, *fitting])}: write the unit behind "
        "the number, or state it for the column (unit: in the map)"
    )


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def doubted(field: str, text: str) -> None:
    """Refuse a bare number, bound or range whose unit is not sure. Raises CellError."""
    kind = NUMERIC.get(field)
    if kind is None or kind.whole:
        return
    for each in _bare(text):
        if not _sure(kind, each) and (near := _which(kind, [each])):
            raise CellError(near, text.strip())


def _bare(text: str) -> list[float]:
    try:
        return [float(text)]
    except ValueError:
        match = re.fullmatch(_BARE, text.strip())
    try:
        return [float(each) for each in match.groups() if each] if match else []
    except ValueError:
        return []
