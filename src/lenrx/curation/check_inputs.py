"""A user's own file held against what it is: a formulary, a column map, a patient, a cohort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from lenrx.catalogue.formulary import FormularyError, read_formulary
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import CatalogueError
from lenrx.catalogue.strict_yaml import SECTIONS, LineNumbers, parse
from lenrx.intake.column_map import ColumnMap, fields_of, is_field
from lenrx.intake.columns.column import Key
from lenrx.intake.columns.map_file import AS_WRITTEN, KEYS, problems, read_map
from lenrx.intake.courses.beside import alone, table_of
from lenrx.intake.delimited import fielded, text_table
from lenrx.intake.lines import head_of, peekable
from lenrx.intake.ndjson import objects_of
from lenrx.intake.patient_file import patient_file
from lenrx.intake.reader import RowReader
from lenrx.intake.rows import NOTHING, Passed, Problem, Row
from lenrx.intake.tables.form import ENDINGS, form_of
from lenrx.intake.tables.names import known
from lenrx.patient.patient import PatientError, field_name
from lenrx.patient.state import patient_state

Kind = Literal["catalogue", "formulary", "column map", "patient", "cohort"]
Found = tuple[list[str], str]
"""The problems of a file, and what it holds."""
_DOCUMENTS: Final = (".json", ".yaml", ".yml")
"""Endings of files that may be a patient or a catalogue too."""


def kind_of(path: Path) -> Kind:
    """What a file is, by its ending or what it holds. Raises CatalogueError where it is nothing."""
    if path.is_dir():
        return "catalogue"
    ending = path.suffix.lower()
    if ending in ENDINGS and ending not in _DOCUMENTS:
        return "cohort"
    data = _parsed(path, LineNumbers())
    if isinstance(data, list) and data and all(isinstance(each, dict) for each in data):
        return "cohort"
    keys = set(data) if isinstance(data, dict) else set[str]()
    if "formulary" in keys or _stocks(data):
        return "formulary"
    if keys and keys <= {*KEYS}:
        return "column map"
    if keys & {*SECTIONS, "catalogue", "ambiguous"}:
        return "catalogue"
    if any(key == "treatments" or is_field(key) for key in keys):
        return "patient"
    problem = "is no catalogue, formulary, column map, patient or cohort; see README.md"
    raise CatalogueError(f"{path}: {problem}")


def _stocks(data: Any) -> bool:
    """Whether something in a file is said to be stocked or not, as only a formulary does."""
    sections = data.values() if isinstance(data, dict) else ()
    entries = (entry for each in sections if isinstance(each, dict) for entry in each.values())
    return any(isinstance(entry, dict) and "stock" in entry for entry in entries)


def _parsed(path: Path, lines: LineNumbers) -> Any:
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.name, lines, AS_WRITTEN)
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: cannot be read ({type(error).__name__})") from None


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def check_formulary(path: Path, catalogue: Catalogue) -> Found:
    """Entries on drugs and regimens that the catalogue has, each with a stock."""
    try:
        found, wrong = read_formulary(path, catalogue)
    except FormularyError as error:
        return [str(error)], "formulary"
    count = len(found.drugs) + len(found.regimens)
    return [str(each) for each in wrong], f"formulary of {_counted(count, 'entry', 'entries')}"


def check_map(path: Path, catalogue: Catalogue) -> Found:
    """Fields that there are, each with columns as text, units and words that can be read."""
    data = _parsed(path, LineNumbers())
    columns = data.get("columns") if isinstance(data, dict) else None
    try:
        found = problems(path, catalogue)
        if not found:
            read_map([str(path)], catalogue)
    except PatientError as error:
        found = [str(error)]
    several = columns.values() if isinstance(columns, dict) else ()
    count = sum(len(each) if isinstance(each, list) else 1 for each in several)
    return found, f"column map of {_counted(count, 'column', 'columns')}"


def check_patient(path: Path, catalogue: Catalogue) -> Found:
    """Fields that can be read, one by one, and that can be true together; no value is repeated."""
    lines = LineNumbers()
    _parsed(path, lines)
    try:
        stated = patient_file(str(path))
    except PatientError as error:
        return [f"{path.name}: {error}"], "patient"
    places = {_field(path_[0]): path_ for path_ in lines.places() if len(path_) == 1}
    found = [
        f"{lines.find(places.get(field, ()))}: {problem}"
        for field, problem in _unreadable(stated, catalogue)
    ]
    if not found:
        found = [f"{path.name}: {problem}" for problem in _untrue(stated, catalogue)]
    return found, f"patient of {_counted(len(stated), 'field', 'fields')}"


def _field(written: str | int) -> str:
    try:
        return field_name(str(written))
    except PatientError:
        return str(written)


def _unreadable(stated: Mapping[str, Any], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """The fields of a patient that cannot be read, each with why; read as a row of a batch is."""
    for field, value in stated.items():
        for each in RowReader(catalogue).read({field: value}).problems:
            yield field, f"{each.field}: {each.reason}"


def _untrue(stated: Mapping[str, Any], catalogue: Catalogue) -> Iterator[str]:
    """What cannot be true together."""
    return _wrong(stated, RowReader(catalogue), catalogue)


def _said(problem: Problem) -> str:
    word = f" ({problem.word})" if problem.word else ""
    return f"{problem.field}: {problem.reason}{word}"


def check_cohort(
    path: Path, catalogue: Catalogue, maps: Sequence[str] = (), *, courses: bool = False
) -> Found:
    """Columns that are fields, by name or by a map, and rows that can be read and can be true.

    Raises CatalogueError where the file cannot be read as a table at all, or holds no row.
    """
    found = list[str]()
    reader, count = RowReader(catalogue), 0
    try:
        with path.open("rb") as source:
            unknown, rows = (
                ([], alone(table_of(str(path), "utf-8", (), False)))
                if courses
                else _rows(path, source, read_map(maps, catalogue))
            )
            found += [
                f"{path.name}:1: column {name!r}: no field of that name; map it or ignore it"
                for name in unknown
            ]
            for count, row in enumerate(rows, start=1):
                found += [
                    f"{path.name}: row {count}: {said}" for said in _wrong(row, reader, catalogue)
                ]
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read ({type(error).__name__})") from None
    except PatientError as error:
        if error.field == "file":
            raise CatalogueError(f"{path}: {error.problem}") from None
        found.append(f"{path.name}: {str(error).removeprefix(f'{path.name}: ')}")
    if not count and not found:
        raise CatalogueError(f"{path}: has no row of a patient: there is nothing to check")
    what = "table of courses, " if courses else ""
    return found, f"{what}cohort of {_counted(count, 'row', 'rows')}"


def _rows(path: Path, source: BinaryIO, asked: ColumnMap) -> tuple[list[str], Iterator[Row]]:
    """The columns that are no field, and the rows of the others. Raises PatientError."""
    source = peekable(source)
    by = known(asked)
    form = form_of(head_of(source), ENDINGS.get(path.suffix.lower()), "utf-8", by)
    if form.kind in ("ndjson", "json"):
        return [], objects_of(source, form.kind, form.encoding, asked)
    if form.kind == "parquet":
        from lenrx.intake.parquet import columns_of, parquet

        names = columns_of(source)
        fields = fields_of(names, asked, True)
        wanted = {name: field for name, field in zip(names, fields, strict=True) if field}
        return _unknown(names, fields, asked), parquet(source, wanted)
    if form.kind == "excel":
        from lenrx.intake.tables.workbook import workbook_table

        table = workbook_table(source, by)
    else:
        table = text_table(source, form.kind, form.encoding, by)
    fields = fields_of(table.header, asked, True)
    return _unknown(table.header, fields, asked), fielded(table.cells, fields)


def _unknown(header: Sequence[str], fields: Sequence[Key | None], asked: ColumnMap) -> list[str]:
    names = (name.strip() for name in header)
    return [n for n, key in zip(names, fields, strict=True) if not key and n not in asked.ignore]


def _wrong(row: Row, reader: RowReader, catalogue: Catalogue) -> Iterator[str]:
    """What cannot be read of a row, or cannot be true."""
    if isinstance(row, Passed) or row is NOTHING:
        return
    if isinstance(row, Problem):
        yield row.reason
        return
    patient, _, problems, _ = reader.read(row)
    for each in problems:
        yield _said(each)
    if patient is not None:
        try:
            patient_state(patient, catalogue)
        except PatientError as error:
            yield str(error)
