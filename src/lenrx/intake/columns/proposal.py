"""A map of the columns proposed from header, sample and dictionary: each column with the reason.

It is only ever shown: what it says of a column counts when a reader has taken it into a map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from lenrx.catalogue.fields import NUMERIC
from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import is_unstated
from lenrx.intake.column_map import is_beside, repeated
from lenrx.intake.columns.about import OWN_CODES, TURNED, About, Special, Unclear, about, role
from lenrx.intake.columns.cells import reads, share, tried
from lenrx.intake.columns.codes import coded, of_sexes
from lenrx.intake.columns.column import MISSING_CODES, Column, code
from lenrx.intake.columns.dictionary import Dictionary, Variable, box_of
from lenrx.intake.columns.headers import unit_of
from lenrx.intake.columns.left import quoted, why_left
from lenrx.intake.columns.names import (
    LACKS_UNIT,
    aside,
    elsewhere,
    folded,
    lacks_unit,
    named,
    negated,
    series_of,
)
from lenrx.intake.rows import PLAN, TREATMENTS
from lenrx.intake.unit_columns import unit_column
from lenrx.patient.patient import FIELDS, PatientError

_BY_VALUES: Final = {
    "sex": "sexes",
    "cytogenetics": "markers",
    "region": "regions",
    "exposed": "drugs",
    "comorbidities": "comorbidities",
}
"""Fields whose values are told by their words; a number may be anything."""
_MOST: Final = 0.8
_SHORT: Final = 5
"""Letters up to which a name may stand for anything."""
_NO_VARIABLE: Final = Variable("", "", {})


class Match(NamedTuple):
    """One column that may be one field."""

    rank: float
    column: int
    field: str
    why: str
    of: str = ""
    unit: str = ""
    series: str = ""
    """What columns are called that differ in a number alone: the first line, the second."""


class _Table(NamedTuple):
    header: Sequence[str]
    cells: Sequence[list[str]]
    """The filled cells of each column in the sample."""
    catalogue: Catalogue
    variables: Dictionary

    def variable(self, column: int) -> Variable:
        return self.variables.get(self.header[column].strip().lower(), _NO_VARIABLE)


def propose(
    header: Sequence[str],
    sample: Sequence[Sequence[str]],
    catalogue: Catalogue,
    variables: Dictionary | None = None,
) -> str:
    """A map of the columns as YAML, each with the reason; no value of the sample is in it."""
    cells = [_cells(sample, column) for column in range(len(header))]
    table = _Table(header, cells, catalogue, variables or {})
    found, others, unclear = _found(table)
    lines = ["# Proposed from the header and a sample of the rows: read it before use."]
    lines += ["columns:"] if found else ["columns: {}"]
    for field in _FIELDS:
        lines += _written(field, [each for each in found if each.field == field], table)
    taken = {header[each.column] for each in found}
    units = _units(header, {each.field for each in found})
    taken |= units.keys()
    left = {
        name: why_left(name, _rival(at, found, others, header), unclear.get(name), catalogue)
        for at, name in enumerate(header)
        if name not in taken
    }
    lines += _may_be_missing(found, table)
    lines += [
        f"# {quoted(n)} is read as the unit of {field} of its row" for n, field in units.items()
    ]
    lines += ["ignore:"] if left else ["ignore: []"]
    by_weight = sorted(left.items(), key=lambda item: item[1].weight)
    lines += [f"  - {quoted(name)}  # {why.reason}" for name, why in by_weight]
    twice = [quoted(name) for name in sorted(repeated(header))]
    lines += [f"# column {name} is there twice; keep one" for name in twice]
    return "\n".join(lines) + "\n"


def _units(header: Sequence[str], fields: set[str]) -> dict[str, str]:
    """Columns that hold the unit of a field that is read; they need no line of a map."""
    columns = {name: unit_column(name) for name in header}
    return {n: each.field for n, each in columns.items() if each and each.field in fields}


_FIELDS: Final = (*FIELDS, TREATMENTS, PLAN)
"""What a column may be, in the order of the contract."""


def _cells(sample: Sequence[Sequence[str]], column: int) -> list[str]:
    found = (row[column] for row in sample if column < len(row))
    return [cell for cell in found if cell.strip()]


def _found(table: _Table) -> tuple[list[Match], list[Match], dict[str, str]]:
    """The matches that are proposed, all of them, and the reasons of columns that are unclear."""
    unclear, doubted = dict[str, str](), list[Match]()
    named = list(_by_name(table, unclear, doubted))
    taken = {each.column for each in (*named, *doubted)}
    singles = list(_singles(table, taken, unclear))
    denying = _negated(table, {*taken, *(each.column for each in singles)}, unclear)
    found = _assigned(singles, _assigned(named, [], table.header), table.header)
    found = _assigned(_by_values(found, taken | denying, table, unclear), found, table.header)
    return found, [*named, *doubted, *singles], unclear


def _rival(
    at: int, found: Sequence[Match], others: Sequence[Match], header: Sequence[str]
) -> str | None:
    """From which column is taken what one that is left out may state too."""
    for match in sorted(each for each in others if each.column == at):
        for each in found:
            if each.field == match.field and (each.of == match.of or not match.of):
                what = f"{each.of} under {each.field}" if match.of else each.field
                return f"{what} is taken from {quoted(header[each.column])}"
    return None


def _assigned(
    matches: Iterable[Match], before: Sequence[Match], header: Sequence[str]
) -> list[Match]:
    """The best matches: each column once and each field once, but for single drugs and findings."""
    found = list(before)
    for match in sorted(matches):
        columns = {header[each.column] for each in found}
        others = [each for each in found if each.field == match.field]
        rivals = [each.of for each in others]
        several = match.of and (match.of not in rivals or match.field == "comorbidities")
        alike = match.series and all(each.series == match.series for each in others)
        free = not rivals or several or alike
        if header[match.column] not in columns and free:
            found.append(match)
    return found


def _by_name(table: _Table, unclear: dict[str, str], doubted: list[Match]) -> Iterator[Match]:
    """Columns named as a field; those whose unit is not understood are doubted."""
    for column, name in enumerate(table.header):
        label = table.variable(column).label
        if box_of(name, table.variables):
            continue
        if TURNED.search(name):
            unclear.setdefault(name, OWN_CODES)
            continue
        if beside := is_beside(name.strip()):
            yield Match(0, column, beside, "by its name")
            continue
        if inside := aside(name):
            unclear.setdefault(
                name, f"says ({inside}) of it: map it if it is the field all the same"
            )
            doubted.append(Match(9, column, "", ""))
            continue
        if lacks_unit(name):
            unclear.setdefault(name, LACKS_UNIT)
            doubted.append(Match(9, column, "", ""))
            continue
        found = named(name) or [
            (rank + 1, field, f"by its label in the dictionary, {quoted(label)}")
            for rank, field, _ in (named(label) if label else [])
        ]
        for rank, field, why in found:
            try:
                unit = unit_of(field, name) or (unit_of(field, label) if label else None)
            except PatientError as error:
                unclear.setdefault(name, error.problem.partition(": ")[2])
                doubted.append(Match(rank, column, field, why))
                continue
            if field == "prior_lines" and _names_drugs(table.cells[column], table.catalogue):
                field, why = "exposed", "by its name, and its values name drugs"
            yield Match(rank, column, field, why, unit=unit.name if unit else "")


def _names_drugs(cells: list[str], catalogue: Catalogue) -> bool:
    """Whether the cells are treatments and no counts of them."""
    counted = any(tried(Column("prior_lines", ""), each, catalogue) for each in cells)
    drugs = sum(reads("exposed", each, catalogue) for each in cells)
    return not counted and 2 * drugs > len(cells)


def _singles(table: _Table, taken: set[int], unclear: dict[str, str]) -> Iterator[Match]:
    """Columns of one drug, marker or illness each."""
    groups, special = dict[str, set[str]](), list[tuple[int, str, Special]]()
    for column, name in enumerate(table.header):
        if column in taken:
            continue
        box, label = box_of(name, table.variables), table.variable(column).label
        found = about(name, table.catalogue, box)
        if isinstance(found, Special):
            special.append((column, name, found))
            continue
        if isinstance(found, About) and box:
            groups.setdefault(box.group, set()).add(found.field)
        if found is None and label:
            found = about(label, table.catalogue)
        if isinstance(found, Unclear):
            unclear[name] = found.reason
        elif isinstance(found, About) and (box or _says_so(found, name, column, table)):
            yield Match(4, column, found.field, found.why, found.of, found.unit)
    for column, name, each in special:
        fields = groups.get(each.group, set())
        if len(fields) == 1:
            why = "a check box by its choice, of its group"
            yield Match(4, column, min(fields), why, each.of)
        else:
            unclear[name] = f"is a check box ({each.of}) of a group that is not read"


def _says_so(found: About, name: str, column: int, table: _Table) -> bool:
    """Whether the cells read as yes and no; a short name of an illness may be anything else."""
    cells = table.cells[column]
    if not cells:
        return found.field != "comorbidities" or len(name) > _SHORT
    values = coded(Column(found.field, name, of=found.of), table.variable(column), table.catalogue)
    asked = Column(found.field, name, found.unit, found.of, values=values[0])
    return 2 * sum(tried(asked, each, table.catalogue) is None for each in cells) <= len(cells)


def _negated(table: _Table, named_so_far: set[int], unclear: dict[str, str]) -> set[int]:
    """Columns whose name may deny what it speaks of, and boxes: their values tell no field."""
    found = set[int]()
    for column, name in enumerate(table.header):
        words = folded(name).split()
        word = next((each for each in words if negated([each])), None)
        if column in named_so_far:
            continue
        if box_of(name, table.variables):
            found.add(column)
        elif word:
            found.add(column)
            why = f"{word!r} in its name may turn it into its opposite"
            unclear.setdefault(name, f"{why}: map it with values: {{1: no, 0: yes}}, or not at all")
    return found


def _by_values(
    before: Sequence[Match], named_so_far: set[int], table: _Table, unclear: dict[str, str]
) -> Iterator[Match]:
    taken = {table.header[each.column] for each in before}
    for column, name in enumerate(table.header):
        if name in taken or column in named_so_far:
            continue
        if word := elsewhere(folded(name).split()):
            unclear.setdefault(name, _ELSEWHERE.format(repr(word)))
            continue
        for order, (field, what) in enumerate(_BY_VALUES.items()):
            found = share(field, table.cells[column], table.catalogue)
            if found >= _MOST:
                series = series_of(name) if field == "exposed" else ""
                if field == "exposed":
                    field = role(name) or field
                why = f"by its values: {100 * found:.0f} % read as {what}; make sure of the field"
                yield Match(6 + order, column, field, why, series=series)
                yield from _of_series(Match(7 + order, column, field, "", series=series), table)


_ELSEWHERE: Final = "{} in its name may say of a plan, of somebody else, or of what was not given"


def _of_series(first: Match, table: _Table) -> Iterator[Match]:
    """Columns of the series of one that names drugs, with drugs or nothing in the sample."""
    for column, name in enumerate(table.header):
        if not first.series or series_of(name) != first.series:
            continue
        if all(reads("exposed", each, table.catalogue) for each in table.cells[column]):
            yield first._replace(column=column, why="one of several by its name; make sure of it")


def _written(field: str, matches: list[Match], table: _Table) -> Iterator[str]:
    """The lines of one field."""
    listed = len(matches) > 1 or any(each.of for each in matches)
    if listed:
        yield f"  {field}:"
    for each in sorted(matches, key=lambda match: match.column):
        column, doubts = _column(each, table)
        why = "".join((each.why, *doubts, _warning(column, table.cells[each.column], table)))
        head = "    - " if listed else f"  {field}: "
        yield f"{head}{_flow(column)}  # {why}"


def _column(match: Match, table: _Table) -> tuple[Column, list[str]]:
    """The column that is proposed, and what is to be made sure of."""
    name, variable = table.header[match.column], table.variable(match.column)
    own = match.field in NUMERIC and match.unit == NUMERIC[match.field].unit
    column = Column(match.field, name, "" if own else match.unit, match.of)
    values, doubts = coded(column, variable, table.catalogue)
    if match.field == "sex" and not values:
        values, doubts = of_sexes(name, table.cells[match.column])
    if match.unit:
        doubts = [f", in {match.unit}" if own else "; unit read from the header", *doubts]
    return column._replace(values=values), doubts


def _may_be_missing(found: Sequence[Match], table: _Table) -> Iterator[str]:
    """Numbers that forms write for not known, where they stand and cannot be true."""
    places = dict[str, list[str]]()
    for match in sorted(found, key=lambda each: _FIELDS.index(each.field)):
        kind = NUMERIC.get(match.field)
        if kind and match.unit in ("", kind.unit):
            cells = set(map(code, table.cells[match.column]))
            for one in MISSING_CODES:
                if one in cells and not kind.low <= float(one) <= kind.high:
                    places.setdefault(f"{float(one):g}", []).append(match.field)
    for one, fields in places.items():
        yield f"# {one} stands under {', '.join(fields)}: if it means not known, missing: [{one}]"


def _flow(column: Column) -> str:
    """A column of a map on one line."""
    if column == Column(column.field, column.name):
        return quoted(column.name)
    stated: dict[str, str] = {"column": quoted(column.name)}
    stated |= {n: quoted(v) for n, v in (("unit", column.unit), ("of", column.of)) if v}
    if column.values:
        pairs = ", ".join(f"{quoted(one)}: {quoted(to)}" for one, to in column.values)
        stated["values"] = f"{{{pairs}}}"
    return "{" + ", ".join(f"{name}: {value}" for name, value in stated.items()) + "}"


def _warning(column: Column, cells: list[str], table: _Table) -> str:
    if column.field == PLAN or column.field in _units(table.header, {column.field}).values():
        return ""
    unread = [cell for cell in cells if tried(column, cell, table.catalogue) is None]
    if 2 * len(unread) <= len(cells):
        return ""
    if unit := _fitting(column, cells, table.catalogue):
        return f"; but no unit is stated, and its values may be in {unit}: state unit: here"
    if column.of:
        return "; but most of its values are no yes and no: state values: here"
    share = f"{100 * len(unread) / len(cells):.0f} %"
    return f"; but {share} of its values cannot be read: is it this field?"


def _fitting(column: Column, cells: list[str], catalogue: Catalogue) -> str:
    """Units in which the values of a column could be read, where it states none."""
    kind = NUMERIC.get(column.field)
    if kind is None or kind.whole or column.unit:
        return ""
    told = [cell for cell in cells if not is_unstated(cell)]
    stated = [column._replace(unit=each.name) for each in kind.measures if not each.instead]
    return " or ".join(
        each.unit
        for each in stated
        if 5 * sum(tried(each, one, catalogue) is None for one in told) <= len(told)
    )
