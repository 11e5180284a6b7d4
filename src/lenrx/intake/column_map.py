"""Which column of a file is which field: proposed from its header, read from a map."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from unicodedata import combining, normalize

from lenrx.catalogue.fields import DECLARED, NUMERIC
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import CatalogueError
from lenrx.intake.cells import BESIDE, CellError, CellReading, read_cell
from lenrx.intake.rows import TREATMENTS
from lenrx.patient.patient import FIELDS, PatientError, field_name

_UNITS: Final = (
    "years?|yrs?|anos|jahre|ans|anni|pct|mgdl|mlmin|ml min(?: 1 73 ?m2)?|(?:x ?)?10 ?e?9 ?l"
    "|g l|k ul"
)
"""Units at the end of a column's name, folded, besides those that are declared."""
_NEAR: Final = 0.85
_LONG: Final = 5
"""Letters from which a name can be near another by chance no more."""
_BY_VALUES: Final = {
    "sex": "sexes",
    "cytogenetics": "markers",
    "region": "regions",
    "exposed": "drugs",
    "comorbidities": "comorbidities",
}
"""Fields whose values are told by their words; a number may be anything."""
_MOST: Final = 0.8


class ColumnMap(NamedTuple):
    """The field of each column named in a map, and the columns to leave out."""

    columns: Mapping[str, str]
    ignore: frozenset[str]


class _Match(NamedTuple):
    rank: float
    column: int
    field: str
    why: str


def propose(header: Sequence[str], sample: Sequence[Sequence[str]], catalogue: Catalogue) -> str:
    """A map of the columns as YAML, each with the reason; no value of the sample is in it."""
    cells = [_cells(sample, column) for column in range(len(header))]
    found = _assigned(_by_name(header), {}, header)
    found = _assigned(_by_values(found, header, cells, catalogue), found, header)
    lines = ["# Proposed from the header and a sample of the rows: read it before use."]
    lines += ["columns:"] if found else ["columns: {}"]
    for field in sorted(found, key=FIELDS.index):
        why = found[field].why + _warning(field, cells[found[field].column], catalogue)
        lines.append(f"  {field}: {_quoted(header[found[field].column])}  # {why}")
    taken = {header[match.column] for match in found.values()}
    left = {name: _why_left(name, found, header) for name in header if name not in taken}
    lines += ["ignore:"] if left else ["ignore: []"]
    lines += [f"  - {_quoted(name)}  # {why}" for name, why in left.items()]
    twice = sorted({name for name in header if list(header).count(name) > 1})
    lines += [f"# column {_quoted(name)} is there twice; keep one" for name in twice]
    return "\n".join(lines) + "\n"


def _cells(sample: Sequence[Sequence[str]], column: int) -> list[str]:
    found = (row[column] for row in sample if column < len(row))
    return [cell for cell in found if cell.strip()]


def _assigned(
    matches: Iterator[_Match], before: Mapping[str, _Match], header: Sequence[str]
) -> dict[str, _Match]:
    """The best matches, each field and each column once; the first column wins a draw."""
    found = dict(before)
    for match in sorted(matches):
        taken = {header[each.column] for each in found.values()}
        if match.field not in found and header[match.column] not in taken:
            found[match.field] = match
    return found


def _by_name(header: Sequence[str]) -> Iterator[_Match]:
    for column, name in enumerate(header):
        yield from (_Match(rank, column, *found) for rank, *found in _named(name))


def _named(name: str) -> list[tuple[float, str, str]]:
    """How near, which field and why, for every field that a header may name."""
    field = _contract(name)
    if field:
        return [(0 if field == name else 1, field, "by its name")]
    spellings = {_folded(name), _without_unit(_folded(name))} - {""}
    exact = [_names()[each] for each in spellings if each in _names()]
    if exact:
        return [(2, field, "by its name") for field in exact]
    return [
        (3 + 1 - ratio, known, f"by its name, near {alias!r}")
        for alias, known in _names().items()
        if len(alias) >= _LONG
        and (ratio := max((_ratio(each, alias) for each in spellings), default=0.0)) >= _NEAR
    ]


def is_field(name: str) -> bool:
    """Whether a column's name is that of a field."""
    return name == TREATMENTS or _contract(name) is not None


def _contract(name: str) -> str | None:
    try:
        return field_name(name)
    except PatientError:
        return None


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every known column name, folded, and its field; a field's own name first."""
    own = {field.replace("_", " "): field for field in FIELDS}
    return own | {name: field for field, each in DECLARED.items() for name in each.columns}


def _without_unit(folded: str) -> str:
    return re.sub(rf"\b(?:{_units()})$", "", folded).strip()


@lru_cache(maxsize=1)
def _units() -> str:
    declared = dict.fromkeys(_folded(kind.unit) for kind in NUMERIC.values() if not kind.whole)
    return "|".join((_UNITS, *declared))


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.real_quick_ratio() >= _NEAR else 0.0


def _folded(name: str) -> str:
    """Words without case, accents, signs and what stands in parentheses."""
    name = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", name.replace("ß", "ss"))
    name = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name)
    apart = "".join(each for each in normalize("NFKD", name) if not combining(each))
    return " ".join(re.findall(r"[^\W_]+", apart.lower().replace("\u03bc", "u")))


def _by_values(
    before: Mapping[str, _Match],
    header: Sequence[str],
    cells: Sequence[list[str]],
    catalogue: Catalogue,
) -> Iterator[_Match]:
    taken = {header[each.column] for each in before.values()}
    for column, name in enumerate(header):
        if name in taken or _named(name):
            continue
        for order, (field, what) in enumerate(_BY_VALUES.items()):
            share = _share(field, cells[column], catalogue)
            if share >= _MOST:
                why = f"by its values: {100 * share:.0f} % read as {what}; make sure of the field"
                yield _Match(5 + order, column, field, why)


def _share(field: str, cells: list[str], catalogue: Catalogue) -> float:
    """How many of the cells with something in them read as values of `field`."""
    found = [_tried(field, cell, catalogue) for cell in cells]
    telling = [
        read is not None
        and any(value and name not in BESIDE for name, value in read.values)
        and _tells(field, cell)
        for read, cell in zip(found, cells, strict=True)
        if read is None or read.values
    ]
    return sum(telling) / len(telling) if len(telling) > 1 else 0.0


def _tells(field: str, cell: str) -> bool:
    """Whether a cell can only mean this field: a cross or an R also fills any other column."""
    return field in ("sex", "region") or len(cell.strip()) > 2


def _tried(field: str, cell: str, catalogue: Catalogue) -> CellReading | None:
    try:
        return read_cell(field, cell, catalogue)
    except CellError:
        return None


def _warning(field: str, cells: list[str], catalogue: Catalogue) -> str:
    unread = sum(_tried(field, cell, catalogue) is None for cell in cells)
    if 2 * unread <= len(cells):
        return ""
    return (
        f"; but {100 * unread / len(cells):.0f} % of its values cannot be read: is it this field?"
    )


def _why_left(name: str, found: Mapping[str, _Match], header: Sequence[str]) -> str:
    meant = [field for _, field, _ in sorted(_named(name)) if field in found]
    if not meant:
        return "no field was found for it"
    return f"{meant[0]} is taken from {_quoted(header[found[meant[0]].column])}"


def _quoted(name: str) -> str:
    """`name` as YAML on one line."""
    import yaml

    text = yaml.safe_dump(name, default_style='"', allow_unicode=True, width=10**6)
    return str(text).strip()


def read_map(texts: Sequence[str]) -> ColumnMap:
    """The map that `field=Column` texts and YAML files put together. Raises PatientError."""
    columns, ignore = dict[str, str](), set[str]()
    for text in texts:
        pairs, left = _pair(text) or _map_file(text)
        for where, field, column in pairs:
            if column in columns:
                raise PatientError(where, f"column {_shown(column)} is mapped twice; keep one")
            if field in columns.values():
                raise PatientError(where, f"{field} is mapped twice; keep one")
            columns[column] = field
        ignore |= left
    both = sorted(ignore & columns.keys())
    if both:
        raise PatientError("map", f"column {_shown(both[0])} is both mapped and ignored; keep one")
    return ColumnMap(columns, frozenset(ignore))


_Pairs = list[tuple[str, str, str]]


def _pair(text: str) -> tuple[_Pairs, set[str]] | None:
    field, sign, column = text.partition("=")
    if not sign or (_contract(field) is None and Path(text).is_file()):
        return None
    return [("map", _known_field(field, "map"), column.strip())], set()


def _known_field(written: str, where: str) -> str:
    try:
        return field_name(written)
    except PatientError as error:
        raise PatientError(where, f"{error.field}: {error.problem}") from None


def _map_file(path: str) -> tuple[_Pairs, set[str]]:
    from lenrx.catalogue.strict_yaml import LineNumbers, parse

    lines, name = LineNumbers(), Path(path).name
    try:
        data = parse(Path(path).read_text(encoding="utf-8-sig"), name, lines)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        problem = f"cannot be read ({type(error).__name__}); write field=Column or a map file"
        raise PatientError(name or "map", problem) from None
    except CatalogueError as error:
        line, _, problem = str(error).removeprefix(f"{name}:").partition(": ")
        raise PatientError(f"{name}:{line}", problem) from None
    return _mapped(data, lines)


def _mapped(data: Any, lines: Any) -> tuple[_Pairs, set[str]]:
    """The pairs and the columns left out of one map file, or where it is not a map."""
    if not isinstance(data, dict) or not set(data) <= {"columns", "ignore"}:
        wrong = next((k for k in data if k not in ("columns", "ignore")), "") if data else ""
        raise PatientError(lines.find((wrong,)), "must hold columns and ignore, nothing else")
    columns, ignore = data.get("columns", {}), data.get("ignore", [])
    if not isinstance(columns, dict):
        raise PatientError(lines.find(("columns",)), "must be a mapping of fields to columns")
    if not isinstance(ignore, list) or not all(isinstance(each, str) for each in ignore):
        raise PatientError(lines.find(("ignore",)), "must be a list of columns; quote numbers")
    pairs = list[tuple[str, str, str]]()
    for written, column in columns.items():
        where = lines.find(("columns", written))
        if not isinstance(column, str):
            raise PatientError(where, "a column must be text; quote numbers")
        pairs.append((where, _known_field(written, where), column.strip()))
    return pairs, {each.strip() for each in ignore}


def fields_of(
    header: Sequence[str], asked: ColumnMap, ignore_other: bool
) -> tuple[str | None, ...]:
    """The field of every column, None where it is left out. Raises PatientError."""
    names = [name.strip() for name in header]
    lacking = [name for name in asked.columns if name not in names]
    if lacking:
        raise PatientError("header", f"column {_listed(lacking)} is mapped but not in the file")
    found = [_field(name, asked) for name in names]
    unknown = [n for n, f in zip(names, found, strict=True) if not f and n not in asked.ignore]
    if unknown and not ignore_other:
        raise PatientError("header", _unknown(unknown))
    given = [field for field in found if field]
    twice = sorted({field for field in given if given.count(field) > 1})
    if twice:
        raise PatientError("header", f"column {', '.join(twice)} is there twice; keep one")
    return tuple(found)


def _field(name: str, asked: ColumnMap) -> str | None:
    if name in asked.ignore:
        return None
    own = TREATMENTS if name == TREATMENTS else None
    return asked.columns.get(name) or own or _contract(name)


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
    try:
        field_name(name)
    except PatientError as error:
        _, mark, near = error.problem.partition("; ")
        return f" ({near})" if mark else ""
    return ""


def _shown(name: str) -> str:
    """A column's name on one line; a blank one in words."""
    return " ".join(name.split()) or "without a name"
