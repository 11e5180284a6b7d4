"""Units that stand beside a number or beneath its header: a column of them, or a row of them.

A unit that somebody wrote is never dropped: it is read as if it stood behind its number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from lenrx.catalogue.fields import NUMERIC
from lenrx.intake.cells import CellError, as_text, is_unstated
from lenrx.intake.columns.column import UNIT, Column
from lenrx.intake.columns.headers import certain, like_a_unit
from lenrx.intake.columns.names import folded, names
from lenrx.intake.rows import Damaged
from lenrx.patient.patient import PatientError, known_field

_WORD: Final = "units?|uom|einheit(?:en)?|unidad(?:es)?|unites?|unita|eenheid"
_NAME: Final = re.compile(rf"(?:(.+) )?(?:{_WORD})(?: (?:of|de|von|di) (.+))?")
_NO_UNIT: Final = frozenset(
    "unit units einheit einheiten unidad unidades unite unites n/a na none - -- . text date "
    "yyyy-mm-dd y/n".split()
)
"""What a row of units holds under columns that have none."""


@lru_cache(4_000)
def unit_column(name: str) -> Column | None:
    """A column of the units of a number, by its name: `creatinine_unit`, `Units of weight`."""
    match = _NAME.fullmatch(folded(name))
    base = match and (match[1] or match[2])
    if not base or (match and match[1] and match[2]):
        return None
    field = known_field(base) or names().get(base, "")
    kind = NUMERIC.get(field)
    return Column(field, name, of=UNIT) if kind and not kind.whole else None


def is_unit_column(key: Any) -> bool:
    """Whether what a cell is read as is the unit of another."""
    if isinstance(key, Column):
        return key.of == UNIT
    return isinstance(key, str) and known_field(key) is None and unit_column(key) is not None


def with_units(row: Mapping[Any, Any]) -> dict[Any, Any]:
    """A row whose units stand behind their numbers. Raises PatientError without a number's cell."""
    found = {key: cell for key, cell in row.items() if not is_unit_column(key)}
    for key, unit in row.items():
        if not is_unit_column(key):
            continue
        field = (key if isinstance(key, Column) else unit_column(key) or Column("", "")).field
        holder = next((each for each in found if _field(each) == field), None)
        if holder is None:
            raise PatientError(field, f"column {_shown(key)} is a unit, and no cell is its number")
        found[holder] = _behind(found[holder], unit)
    return found


def _field(key: Any) -> str | None:
    if isinstance(key, Column):
        return key.field
    try:
        sure = certain(str(key))
    except PatientError:
        return None
    return sure.field if isinstance(sure, Column) else sure


def _shown(key: Any) -> str:
    return str(key.name if isinstance(key, Column) else key)


def _behind(cell: Any, unit: Any) -> Any:
    """A number with its unit behind; one that has this unit already stays as it is."""
    if isinstance(unit, Damaged):
        return unit
    if isinstance(cell, Damaged):
        return cell
    try:
        number, word = ("" if each is None else as_text(each).strip() for each in (cell, unit))
    except CellError:
        return cell
    if not word or not number or is_unstated(word) or is_unstated(number):
        return cell
    bare = number.casefold().replace(" ", "")
    return cell if word.casefold().replace(" ", "") in bare else f"{number} {word}"


def _names_a_patient(header: Sequence[str], units: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a row has an id, which no row of units has."""
    pairs = zip(header, cells, strict=False)
    return any(cell in units and known_field(name) == "id" for name, cell in pairs)


def units_beneath(header: Sequence[str], row: Sequence[str]) -> list[str] | None:
    """The header with the units of the row beneath it in brackets; None where it holds others."""
    cells = [each.strip() for each in row]
    filled = [each for each in cells if each]
    units = [each for each in filled if each.lower() not in _NO_UNIT]
    if not units or not all(len(each) > 1 or each == "%" for each in units):
        return None
    if not all(like_a_unit(each) for each in units) or _names_a_patient(header, units, cells):
        return None
    told = dict(enumerate(cells))
    return [
        f"{name} ({told[at]})"
        if told.get(at, "") in units and told[at].lower() not in name.lower()
        else name
        for at, name in enumerate(header)
    ]
