"""The plan of a run: which file, which columns, how every row is asked, what is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal, NamedTuple

from lenrx.intake.column_map import NO_MAP, ColumnMap, fields_of, left_out, united
from lenrx.intake.columns.column import Key
from lenrx.intake.delimited import fielded, text_table
from lenrx.intake.lines import head_of, peekable
from lenrx.intake.ndjson import objects_of
from lenrx.intake.rows import Passed, Problem, Row
from lenrx.intake.tables.form import Form as InputForm
from lenrx.intake.tables.form import Kind, form_of
from lenrx.intake.tables.header import Table
from lenrx.intake.tables.names import HISTORY, PLAIN, known, tells_history
from lenrx.patient.patient import DRUG_LISTS, PatientError

if TYPE_CHECKING:
    from lenrx.intake.courses.table import CourseTable

Form = Literal["ndjson", "csv", "parquet"]
Detail = Literal["ids", "brief", "reasons"]
_SAMPLE: Final = 100
"""Objects by whose keys it is told that a file of JSON holds drug histories."""


class Plan(NamedTuple):
    """All that a run needs to know; the same in every process."""

    source: str
    input_form: Kind | None
    """What the name of the file or the user says; its first bytes may say otherwise."""
    how: tuple[tuple[str, Any], ...]
    """How every row is asked: as_of, strict, on_label, and the region of rows that state none."""
    columns: ColumnMap = NO_MAP
    ignore_other: bool = False
    encoding: str = "utf-8"
    catalogue: str | None = None
    formulary: str | None = None
    form: Form = "ndjson"
    detail: Detail = "ids"
    long: bool = False
    """One line for each patient and regimen."""
    courses: str | None = None
    """A long table of courses; where it is the source too, its ids are the patients."""
    course_columns: tuple[tuple[str, str], ...] = ()
    """Fields of a course and the columns that they are taken from."""
    baseline: bool = False
    """Whether whole numbers in courses are days from a baseline."""
    delimiter: str | None = None
    sheet: str | None = None
    """Of a workbook: its name, or its number from 1."""
    without_history: bool = False
    """Answer a table that has no column of a drug history."""
    outside: tuple[tuple[str, str], ...] = ()
    """What of the way to ask was set outside the call, and where."""


class Opened(NamedTuple):
    """The rows of a file, what it is, and what the user is told of how it was read."""

    rows: Iterator[Row]
    form: InputForm
    said: tuple[str, ...]


def rows(plan: Plan, source: BinaryIO) -> Iterator[Row]:
    """The rows of the planned file. Raises PatientError where it cannot be used."""
    return opened(plan, source).rows


def opened(plan: Plan, source: BinaryIO) -> Opened:
    """The planned file, its header read. Raises PatientError where it cannot be used."""
    if not plan.courses:
        return _opened(plan, source)
    from lenrx.intake.courses.beside import alone, joined

    table = course_table(plan)
    if plan.courses == plan.source:
        return Opened(_begun(alone(table)), InputForm("csv", plan.encoding), ())
    found = _opened(plan, source)
    return found._replace(rows=joined(found.rows, table))


def course_table(plan: Plan) -> CourseTable:
    """The table of courses of a plan. Raises PatientError."""
    from lenrx.intake.courses.beside import table_of

    return table_of(plan.courses or "", plan.encoding, plan.course_columns, plan.baseline)


def _opened(plan: Plan, source: BinaryIO) -> Opened:
    source = peekable(source)
    form = _form(plan, source)
    if form.kind in ("ndjson", "json"):
        found = _objects(plan, form, source)
        return Opened(_begun(_told_by_keys(found, plan)), form, form.said)
    if form.kind == "parquet":
        from lenrx.intake.parquet import columns_of, parquet

        columns = named(plan, columns_of(source))
        _with_history(plan, columns.values())
        keys = [*columns.values()]
        said = (*form.said, *united([*columns], keys), *left_out([*columns], keys, plan.columns))
        return Opened(_begun(parquet(source, columns)), form, said)
    table = _table(plan, form, source)
    _with_names(plan, table)
    fields = fields_of(table.header, plan.columns, plan.ignore_other)
    _with_history(plan, fields)
    left = left_out(table.header, fields, plan.columns)
    said = (*form.said, *table.said, *united(table.header, fields), *left)
    return Opened(_begun(fielded(table.cells, fields)), form, said)


def _form(plan: Plan, source: BinaryIO) -> InputForm:
    form = form_of(head_of(source), plan.input_form, plan.encoding, known(plan.columns))
    if form.kind == "parquet" and plan.source == "-":
        raise PatientError("-", "Parquet cannot be read from stdin; name the file")
    if plan.sheet and form.kind != "excel":
        raise PatientError(f"--sheet {plan.sheet}", "is for workbooks; leave it out")
    return form


def _objects(plan: Plan, form: InputForm, source: BinaryIO) -> Iterator[Row]:
    return objects_of(source, form.kind, form.encoding, plan.columns, plan.ignore_other)


def _table(plan: Plan, form: InputForm, source: BinaryIO) -> Table:
    if form.kind == "excel":
        from lenrx.intake.tables.workbook import workbook_table

        return workbook_table(source, known(plan.columns), plan.sheet)
    return text_table(source, form.kind, form.encoding, known(plan.columns), plan.delimiter)


def _begun(found: Iterator[Row]) -> Iterator[Row]:
    """Rows with a patient, or what may be one, among them. Raises PatientError without."""
    passed = list[Row]()
    for row in found:
        passed.append(row)
        if not isinstance(row, Passed):
            return chain(passed, found)
    raise PatientError("file", "has no row of a patient: there is nothing to answer")


def _with_names(plan: Plan, table: Table) -> None:
    """A header that names nothing known may be a patient: nothing of it is said. PatientError."""
    by = known(plan.columns)
    if plan.columns.columns:
        _no_first_patient(plan, table.header)
        return
    if any(by(name) > 1 for name in table.header):
        return
    if not table.header:
        raise PatientError("file", "is empty; there is no patient in it")
    count = len(table.header)
    which = "its only column has no" if count == 1 else f"none of its {count} columns has a"
    problem = (
        f"{which} name that is known: is there a header (if not, write one above the rows: "
        "refractory), is the delimiter right (--delimiter)? "
        "Map them (--map refractory=COLUMN); `lenrx batch --columns FILE` proposes a map"
    )
    raise PatientError("header", problem)


def _no_first_patient(plan: Plan, header: Sequence[str]) -> None:
    """Refuse a list of drugs that is mapped from a column named as a drug. PatientError.

    In a file without a header the first patient would be taken for one, and lost.
    """
    lists = {
        name: key
        for name, key in plan.columns.columns.items()
        if isinstance(key, str) and key in DRUG_LISTS and name in header
    }
    if not lists:
        return
    from lenrx.catalogue import names
    from lenrx.catalogue.loading import load

    catalogue = load(Path(plan.catalogue) if plan.catalogue else None)
    for name, field in lists.items():
        found = [names.known(each, catalogue) for each in names.split(name)]
        if found and all(each and {*each.items} <= {*catalogue.drugs} for each in found):
            problem = (
                f"the column mapped to {field} is named as a drug: if that is the first patient, "
                f"write a header above it; if its cells say yes or no, --map {field}:DRUG=COLUMN"
            )
            raise PatientError("header", problem)


def _with_history(plan: Plan, fields: Iterable[object]) -> None:
    """Without a drug history every patient would be one of whom nothing is known. PatientError."""
    if plan.without_history or plan.courses or tells_history(fields):
        return
    problem = (
        f"no column is a drug history ({', '.join(HISTORY[:3])}): map one "
        "(--map refractory=COLUMN; `lenrx batch --columns FILE` proposes), or say --without-history"
    )
    raise PatientError("header", problem)


def _told_by_keys(found: Iterator[Row], plan: Plan) -> Iterator[Row]:
    """Objects, of which one among the first names a drug history. Raises PatientError."""
    sample = list(islice(found, _SAMPLE))
    objects = [row for row in sample if not isinstance(row, Problem | Passed)]
    if objects:
        _with_history(plan, {name for row in objects for name in row})
    return chain(sample, found)


def named(plan: Plan, header: Sequence[str]) -> dict[str, Key]:
    """The columns of a header that have a field."""
    fields = fields_of(header, plan.columns, plan.ignore_other)
    return {name: field for name, field in zip(header, fields, strict=True) if field}


def row_count(plan: Plan) -> int:
    """How many rows the planned file has."""
    with Path(plan.source).open("rb") as source:
        return sum(1 for _ in rows(plan, source))


class Seen(NamedTuple):
    """The columns as written, the readable rows of their cells, and how the file was read."""

    header: Sequence[str]
    cells: Iterator[list[str]]
    said: tuple[str, ...]


def header_and_cells(plan: Plan, source: BinaryIO) -> Seen:
    """What a table holds, without any map. Raises PatientError where it cannot be used."""
    source = peekable(source)
    form = _form(plan, source)
    if form.kind == "parquet":
        from lenrx.intake.parquet import columns_of, parquet

        names: Sequence[str] = columns_of(source)
        rows = (_texts(row, names) for row in parquet(source, {n: n for n in names}))
        return Seen(names, rows, form.said)
    if form.kind in ("ndjson", "json"):
        plain = plan._replace(columns=NO_MAP, ignore_other=False)
        seen = islice(_objects(plain, form, source), 500)
        objects = [row for row in seen if not isinstance(row, Problem | Passed)]
        names = list(dict.fromkeys(name for row in objects for name in row))
        return Seen(names, (_texts(row, names) for row in objects), form.said)
    table = _table(plan, form, source)
    _no_patient(table)
    cells = (row for row in table.cells if isinstance(row, list))
    return Seen(table.header, cells, (*form.said, *table.said))


def _no_patient(table: Table) -> None:
    """A header without any known name and with numbers in it is a patient. PatientError."""
    if any(PLAIN(name) for name in table.header) or not any(map(_is_number, table.header)):
        return
    problem = "has numbers where names of columns should stand; write a header above the rows"
    raise PatientError("header", problem)


def _is_number(text: str) -> bool:
    return text[:1].isdigit() and not any(each.isalpha() for each in text)


def _texts(row: Row, names: Sequence[str]) -> list[str]:
    values = {} if isinstance(row, Problem | Passed) else row
    return [_text(values.get(name)) for name in names]


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    return "" if value is None else str(value)
