"""A map of columns: `field=Column` texts and YAML files, every problem with its file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from lenrx.catalogue.field_kinds import Findings, Plain
from lenrx.catalogue.fields import DECLARED, NUMERIC
from lenrx.catalogue.loading import Catalogue, load
from lenrx.catalogue.records import CatalogueError
from lenrx.catalogue.units import find
from lenrx.intake.cells import CellError, read_cell
from lenrx.intake.column_map import ColumnMap
from lenrx.intake.columns.cells import truth
from lenrx.intake.columns.column import (
    MISSING,
    NEVER_LEFT,
    NONE,
    NOT_KNOWN,
    OTHER,
    SEVERAL,
    Column,
    Key,
    code,
    field_of,
)
from lenrx.intake.rows import PLAN, PLAN_NAMES
from lenrx.patient.patient import UNSTATED, PatientError, field_name, known_field

KEYS: Final = ("columns", "missing", "unread", "ignore")
_OF_A_COLUMN: Final = ("column", "unit", "of", "missing", "values", "unread")
UNREAD: Final = ("error", MISSING)
"""What becomes of a cell that cannot be read: its row is an error, or it counts as not stated."""
AS_WRITTEN: Final = frozenset(("values", "missing"))
"""Below these, what YAML takes for a number or a truth is text: `{1: yes, 0: no}`."""


class _Entry(NamedTuple):
    """One column of a map, and where it was written."""

    where: str
    written: str
    name: str
    key: Key


class _Wrong(NamedTuple):
    where: str
    problem: str


_Found = _Entry | _Wrong


def read_map(texts: Sequence[str], catalogue: Catalogue | None = None) -> ColumnMap:
    """The map that `field=Column` texts and YAML files put together. Raises PatientError."""
    columns, ignore, missing, unread = dict[str, Key](), set[str](), list[str](), ""
    for text in texts:
        read = _pair(text, catalogue) or _map_file(text, catalogue)
        for each in read.columns:
            if isinstance(each, _Wrong):
                raise PatientError(each.where, each.problem)
            if problem := _repeated(each, columns):
                raise PatientError(each.where, problem)
            columns[each.name] = each.key
        ignore |= read.ignore
        missing += read.missing
        unread = read.unread or unread
    both = sorted(ignore & columns.keys())
    if both:
        raise PatientError("map", f"column {_shown(both[0])} is both mapped and ignored; keep one")
    return ColumnMap(columns, frozenset(ignore), tuple(missing), unread)


def problems(path: Path, catalogue: Catalogue) -> list[str]:
    """Everything wrong with the columns of a map file, each with its line. Raises PatientError."""
    columns, said = dict[str, Key](), list[str]()
    for each in _map_file(str(path), catalogue).columns:
        if isinstance(each, _Wrong):
            said.append(f"{each.where}: {each.problem}")
            continue
        if problem := _repeated(each, columns):
            said.append(f"{each.where}: {each.written}: {problem}")
        columns.setdefault(each.name, each.key)
    return said


def _repeated(entry: _Entry, columns: Mapping[str, Key]) -> str | None:
    if entry.name in columns:
        return f"column {_shown(entry.name)} is mapped twice; keep one"
    field = field_of(entry.key)
    others = [key for key in columns.values() if field_of(key) == field]
    if others and not (field in SEVERAL and isinstance(entry.key, Column)):
        of = "; or say of what each is (FIELD:DRUG=COLUMN)" if field in SEVERAL else ""
        return f"{field} is mapped twice; keep one{of}"
    return None


class _Read(NamedTuple):
    """What one text or file of a map says."""

    columns: list[_Found]
    ignore: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    unread: str = ""


def _pair(text: str, catalogue: Catalogue | None) -> _Read | None:
    written, sign, name = text.partition("=")
    field, colon, of = written.partition(":")
    if not sign or (known_field(field) is None and Path(text).is_file()):
        return None
    known = _known_field(field, "map")
    if not colon:
        return _Read([_Entry("map", written, name.strip(), known)])
    column = _column({"column": name, "of": of.strip()}, known, catalogue)
    if isinstance(column, str):
        raise PatientError("map", column)
    return _Read([_Entry("map", written, name.strip(), column)])


def _known_field(written: str, where: str) -> str:
    try:
        return _field(written)
    except PatientError as error:
        raise PatientError(where, f"{error.field}: {error.problem}") from None


def _field(written: str) -> str:
    """The field meant, or the plan that stands beside the patient. Raises PatientError."""
    return PLAN if written.strip().lower() in PLAN_NAMES else field_name(written)


def _map_file(path: str, catalogue: Catalogue | None) -> _Read:
    from lenrx.catalogue.strict_yaml import LineNumbers, parse

    lines, name = LineNumbers(), Path(path).name
    try:
        data = parse(Path(path).read_text(encoding="utf-8-sig"), name, lines, AS_WRITTEN)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        problem = f"cannot be read ({type(error).__name__}); write field=Column or a map file"
        raise PatientError(name or "map", problem) from None
    except CatalogueError as error:
        line, _, problem = str(error).removeprefix(f"{name}:").partition(": ")
        raise PatientError(f"{name}:{line}", problem) from None
    return _mapped(data, lines, catalogue)


def _mapped(data: Any, lines: Any, catalogue: Catalogue | None) -> _Read:
    """What one map file says, or where it is not a map. Raises PatientError."""
    if not isinstance(data, dict) or not set(data) <= {*KEYS}:
        wrong = next((k for k in data if k not in KEYS), "") if data else ""
        problem = "must hold columns, missing, unread and ignore, nothing else"
        raise PatientError(lines.find((wrong,)), problem)
    columns, ignore = data.get("columns", {}), data.get("ignore", [])
    if not isinstance(columns, dict):
        raise PatientError(lines.find(("columns",)), "must be a mapping of fields to columns")
    if not isinstance(ignore, list) or not all(isinstance(each, str) for each in ignore):
        raise PatientError(lines.find(("ignore",)), "must be a list of columns; quote numbers")
    missing = _codes(data.get("missing", []))
    if missing is None:
        raise PatientError(lines.find(("missing",)), "must be a list of codes")
    unread = data.get("unread", "")
    if unread not in ("", *UNREAD):
        raise PatientError(lines.find(("unread",)), f"must be {' or '.join(UNREAD)}")
    entries = [each for one in columns.items() for each in _entries(*one, lines, catalogue)]
    left = frozenset(each.strip() for each in ignore)
    return _Read(entries, left, tuple(missing), "" if unread == "error" else unread)


def _codes(written: Any) -> list[str] | None:
    codes = written if isinstance(written, list) else [written]
    return codes if all(isinstance(each, str) for each in codes) else None


def _entries(
    written: str, stated: Any, lines: Any, catalogue: Catalogue | None
) -> Iterator[_Found]:
    """The columns of one field: one, or for lists several."""
    places = (
        [("columns", written, i) for i in range(len(stated))]
        if isinstance(stated, list)
        else [("columns", written)]
    )
    try:
        field = _field(written)
    except PatientError as error:
        yield _Wrong(lines.find(places[0][:2]), f"{error.field}: {error.problem}")
        return
    several = stated if isinstance(stated, list) else [stated]
    if isinstance(stated, list) and field not in SEVERAL:
        yield _Wrong(lines.find(places[0][:2]), f"{field}: has one column, not a list of them")
        return
    for place, each in zip(places, several, strict=True):
        where = lines.find(place)
        key = _key(each, field, isinstance(stated, list), catalogue)
        if isinstance(key, tuple) and not isinstance(key, Column):
            inner, problem = key
            yield _Wrong(lines.find((*place, *inner)), f"{written}: {problem}")
        else:
            yield _Entry(where, written, _name(each), key)


def _name(stated: Any) -> str:
    return str(stated["column"] if isinstance(stated, dict) else stated).strip()


_Bad = tuple[tuple[str, ...], str]
"""The place below a column, and what is wrong there."""


def _key(stated: Any, field: str, listed: bool, catalogue: Catalogue | None) -> Key | _Bad:
    if isinstance(stated, str):
        return Column(field, stated.strip()) if listed else field
    if not isinstance(stated, dict):
        return (), "a column must be text; quote numbers"
    unknown = next((each for each in stated if each not in _OF_A_COLUMN), None)
    if unknown is not None:
        return (unknown,), f"{unknown}: not known of a column: {', '.join(_OF_A_COLUMN)}"
    if not isinstance(stated.get("column"), str):
        return ("column",), "a column must be text; quote numbers"
    if field == "id" and len(stated) > 1:
        return (), "an id is carried along as it is: only its column can be said"
    return _checked(stated, field, catalogue)


def _checked(stated: Mapping[str, Any], field: str, catalogue: Catalogue | None) -> Key | _Bad:
    column = Column(field, stated["column"].strip())
    for name, check in _CHECKS.items():
        if name not in stated:
            continue
        found = check(stated[name], column, catalogue)
        if isinstance(found, str):
            return (name,), f"{name}: {found}"
        column = found
    return column


def _column(stated: Mapping[str, Any], field: str, catalogue: Catalogue | None) -> Column | str:
    found = _checked(stated, field, catalogue)
    if isinstance(found, Column):
        return found
    return f"{field}: {found[1]}"


def _unit(stated: Any, column: Column, _: Catalogue | None) -> Column | str:
    kind = NUMERIC.get(column.field)
    if column.field == "cytogenetics" and column.of and stated in ("%", "percent"):
        return column._replace(unit="%")
    if kind is None or kind.whole:
        return "is for measured numbers only"
    unit = find(stated, kind.measures, header=True) if isinstance(stated, str) else None
    if unit is None or unit.instead:
        names = ", ".join(each.name for each in kind.measures if not each.instead)
        return f"is no unit of {kind.label or column.field}; write one of {names}"
    return column._replace(unit=unit.name)


def _of(stated: Any, column: Column, catalogue: Catalogue | None) -> Column | str:
    kind = DECLARED[column.field].kind
    if not (kind is Plain.DRUGS or isinstance(kind, Findings)):
        return "is for drugs, markers and illnesses only"
    if column.field.endswith("_absent"):
        return f"state yes and no of it under {column.field.removesuffix('_absent')}"
    if not isinstance(stated, str):
        return "must be text; quote it"
    if stated in (NONE, NOT_KNOWN, OTHER):
        return column._replace(of=stated)
    try:
        found = dict(read_cell(column.field, stated, catalogue or load()).values)
        if not found:
            found = dict(read_cell(column.field, f"{stated}: yes", catalogue or load()).values)
    except CellError as error:
        return str(error)
    names = found.get(column.field, ())
    if len(names) != 1 and not found.get("expanded"):
        return "must name one drug, class, regimen, marker or illness"
    return column._replace(of=names[0] if len(names) == 1 else stated)


def _missing(stated: Any, column: Column, _: Catalogue | None) -> Column | str:
    codes = _codes(stated)
    return "must be a list of codes" if codes is None else column._replace(missing=tuple(codes))


def _values(stated: Any, column: Column, catalogue: Catalogue | None) -> Column | str:
    if not isinstance(stated, dict) or not all(isinstance(e, str) for e in stated.values()):
        return "must be a mapping of codes to words: {1: yes, 0: no}"
    for written, words in stated.items():
        if problem := _unreadable(words, column, catalogue):
            return f"{written}: {problem}"
    if len({code(each) for each in stated}) < len(stated):
        return "a code is written twice; keep one"
    return column._replace(values=tuple(stated.items()))


def _unreadable(words: str, column: Column, catalogue: Catalogue | None) -> str | None:
    """Why a word that a code stands for cannot be read."""
    if words.strip().lower() in UNSTATED:
        return None
    try:
        if column.of:
            truth(words, column, catalogue or load())
        else:
            read_cell(column.field, words, catalogue or load())
    except CellError as error:
        return str(error)
    return None


def _unread(stated: Any, column: Column, _: Catalogue | None) -> Column | str:
    if stated not in UNREAD:
        return f"must be {' or '.join(UNREAD)}"
    if stated == MISSING and column.field in NEVER_LEFT:
        return f"{column.field} decides too much: its cells are read, or their row is an error"
    return column._replace(unread=stated if stated == MISSING else "")


_CHECKS: Final = {
    **{"of": _of, "unit": _unit, "missing": _missing, "values": _values, "unread": _unread},
}
"""In this order: a value is read as that of its drug."""


def _shown(name: str) -> str:
    return " ".join(name.split()) or "without a name"
