"""Which column of a file is which field: by its own name and unit, or by what a map says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from lenrx.catalogue.fields import NUMERIC
from lenrx.catalogue.names import nearest_of
from lenrx.intake.columns.column import SEVERAL, Column, Key, described, field_of
from lenrx.intake.columns.headers import certain, unit_of
from lenrx.intake.columns.names import folded
from lenrx.intake.rows import PLAN, PLAN_NAMES, TREATMENTS
from lenrx.intake.unit_columns import is_unit_column, unit_column
from lenrx.patient.patient import PatientError, known_field

_Value = TypeVar("_Value", bound=Hashable)


class ColumnMap(NamedTuple):
    """What each column named in a map is read as, columns to leave out, codes for not known."""

    columns: Mapping[str, Key]
    ignore: frozenset[str]
    missing: tuple[str, ...] = ()
    unread: str = ""
    """`missing` where a cell that cannot be read counts as not stated, in every column."""

    def described(self) -> dict[str, Any]:
        """The columns in plain data, for a manifest."""
        return {name: described(key) for name, key in self.columns.items()}


NO_MAP: Final = ColumnMap({}, frozenset())


def is_field(name: str) -> bool:
    """Whether a column's name is that of a field."""
    return is_beside(name) is not None or known_field(name) is not None


def is_beside(name: str) -> str | None:
    """The member of a row that a column is by its name, where that is no field of a patient."""
    return TREATMENTS if name == TREATMENTS else PLAN if name.lower() in PLAN_NAMES else None


def key_of(name: str, asked: ColumnMap) -> Key | None:
    """What a column is read as, None where it is left out. Raises PatientError for its unit."""
    if name in asked.ignore:
        return None
    key = asked.columns.get(name)
    if key == PLAN or (key is None and is_beside(name)):
        return key or is_beside(name)
    found = (certain(name) or unit_column(name)) if key is None else _with_unit(name, key)
    if found is None or not asked.missing or field_of(found) == "id":
        return found
    column = Column(found, name) if isinstance(found, str) else found
    return column._replace(missing=(*column.missing, *asked.missing))


def _with_unit(name: str, key: Key) -> Key:
    """A mapped column with the unit of its header, where the map states none."""
    field = field_of(key)
    if isinstance(key, Column) and key.unit:
        _agreed(name, key)
        return key
    unit = unit_of(field, name)
    if unit is None:
        return key
    column = Column(field, name) if isinstance(key, str) else key
    return column._replace(unit=unit.name)


def _agreed(name: str, key: Column) -> None:
    """Refuse a map whose unit is not that of the header."""
    if key.field not in NUMERIC:
        return
    try:
        unit = unit_of(key.field, name)
    except PatientError:
        return
    if unit and unit.name != key.unit:
        problem = f"its header says {unit.name}, the map {key.unit}; correct one of them"
        raise PatientError("header", f"column {_shown(name)}: {problem}")


def fields_of(
    header: Sequence[str], asked: ColumnMap, ignore_other: bool
) -> tuple[Key | None, ...]:
    """What every column is read as, None where it is left out. Raises PatientError."""
    names = [name.strip() for name in header]
    asked, known = _as_written(asked, names), set(names)
    lacking = [name for name in asked.columns if name not in known]
    if lacking:
        problem = f"column {_listed(lacking)} is mapped but not in the file"
        raise PatientError("header", problem + nearest_of(lacking[0], names))
    found = _with_numbers([key_of(name, asked) for name in names])
    unknown = [n for n, f in zip(names, found, strict=True) if not f and n not in asked.ignore]
    if unknown and not ignore_other:
        raise PatientError("header", _unknown(unknown))
    numbers = [None if is_unit_column(key) else key for key in found]
    twice = sorted(_twice([key for key in numbers if key], asked) | _alike(names, numbers))
    if twice:
        raise PatientError("header", _is_twice(twice, names, numbers))
    return tuple(found)


def _with_numbers(found: Sequence[Key | None]) -> list[Key | None]:
    """Columns of units only where there are numbers that they belong to."""
    fields = {field_of(key) for key in found if key and not is_unit_column(key)}
    return [
        None if key and is_unit_column(key) and field_of(key) not in fields else key
        for key in found
    ]


def _as_written(asked: ColumnMap, names: Sequence[str]) -> ColumnMap:
    """The map with its columns as the header writes them, with a unit in brackets behind."""

    known = set(names)
    with_unit = [name for name in names if name.endswith(")")]

    def written(name: str) -> str:
        if name in known:
            return name
        longer = [each for each in with_unit if each.startswith(f"{name} (")]
        return longer[0] if len(longer) == 1 else name

    columns = {written(name): key for name, key in asked.columns.items()}
    return asked._replace(columns=columns, ignore=frozenset(map(written, asked.ignore)))


def _alike(names: Sequence[str], keys: Sequence[Key | None]) -> set[str]:
    """Fields of two columns with one name but for case and signs, even where a map has both."""
    seen, found = set[tuple[str, str]](), set[str]()
    for name, key in zip(names, keys, strict=True):
        if key is None or (isinstance(key, Column) and key.of):
            continue
        one = (field_of(key), folded(name))
        if one in seen and name.strip():
            found.add(one[0])
        seen.add(one)
    return found


def _is_twice(twice: Sequence[str], names: Sequence[str], keys: Sequence[Key | None]) -> str:
    """Which columns state one field, by their names where these differ."""
    which = [n for n, key in zip(names, keys, strict=True) if key and field_of(key) in twice]
    several = list(dict.fromkeys(which))
    of = f" of {_listed(several)} (--ignore COLUMN)" if len(several) > 1 else ""
    return f"column {', '.join(twice)} is there twice; keep one{of}"


def united(header: Sequence[str], keys: Sequence[Key | None]) -> tuple[str, ...]:
    """What is said where several columns are put together into one list."""
    wholes = dict[str, list[str]]()
    for name, key in zip(header, keys, strict=True):
        if key and not (isinstance(key, Column) and key.of):
            wholes.setdefault(field_of(key), []).append(_shown(name))
    return tuple(
        f"{field} is put together from the columns {', '.join(map(repr, several))}"
        for field, several in wholes.items()
        if len(several) > 1
    )


def _twice(keys: Sequence[Key], asked: ColumnMap) -> set[str]:
    """Fields that more columns state than may; a map may name several for a list."""
    mapped = {field_of(key) for key in asked.columns.values() if isinstance(key, Column)}
    alone = repeated(map(field_of, keys)) - (mapped & SEVERAL)
    return alone | {field_of(key) for key in repeated(keys)}


def repeated(values: Iterable[_Value]) -> set[_Value]:
    """What stands there more than once."""
    return {value for value, count in Counter(values).items() if count > 1}


def left_out(
    header: Sequence[str], fields: Sequence[Key | None], asked: ColumnMap
) -> tuple[str, ...]:
    """What is said of columns that are left out as no field, those that may tell most first."""
    left = [n.strip() for n, key in zip(header, fields, strict=True) if key is None]
    names = [n for n in left if n not in asked.ignore]
    if not names:
        return ()
    names.sort(key=lambda name: (not _hint(name), not _TELLING.search(name)))
    warned = any(map(_TELLING.search, names)) or "" in names
    lost = "; if one tells of drugs, what it says is lost" if warned else ""
    return (f"left out, as no field: {_listed(names, hint=True)}{lost}",)


_TELLING: Final = re.compile(
    r"treat|therap|regimen|drug|medic|chemo|line|refract|fail|expos|resist|behandl|tratam|trait",
    re.IGNORECASE,
)
"""In the names of columns that may hold a drug history."""


def _unknown(names: list[str]) -> str:
    return (
        f"unknown column {_listed(names, hint=True)}: map it (--map field=column) or ignore it "
        "(--ignore COLUMN or --ignore-other); `lenrx batch --columns FILE` proposes a map"
    )


_SHOWN: Final = 5


def _listed(names: list[str], hint: bool = False) -> str:
    shown = [_shown(name) + (_hint(name) if hint else "") for name in names[:_SHOWN]]
    more = [f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return ", ".join(shown + more)


def _hint(name: str) -> str:
    from lenrx.intake.columns.names import LACKS_UNIT, lacks_unit, meant

    if lacks_unit(name):
        return f" ({LACKS_UNIT})"
    field = meant(name)
    return f" (did you mean {field}?)" if field else ""


def _shown(name: str) -> str:
    """A column's name on one line; a blank one in words."""
    return " ".join(name.split()) or "without a name"
