"""A user's own file held against what it is: a formulary, a column map, a patient, a cohort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from lenrx.catalogue.formulary import FormularyError, read_formulary
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import CatalogueError
from lenrx.catalogue.strict_yaml import SECTIONS, LineNumbers, parse
from lenrx.intake.column_map import ColumnMap, fields_of, is_field, key_of
from lenrx.intake.columns.map_file import AS_WRITTEN, KEYS, problems, read_map
from lenrx.intake.delimited import delimited, fielded
from lenrx.intake.ndjson import ndjson
from lenrx.intake.patient_file import patient_file
from lenrx.intake.reader import RowReader
from lenrx.intake.rows import NOTHING, Passed, Problem, Row
from lenrx.patient.lines_of_therapy import derive
from lenrx.patient.patient import PatientError, field_name, parse_patient
from lenrx.patient.state import patient_state
from lenrx.patient.treatment_record import merged

Kind = Literal["catalogue", "formulary", "column map", "patient", "cohort"]
Found = tuple[list[str], str]
"""The problems of a file, and what it holds."""
_COHORTS: Final = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
}


def kind_of(path: Path) -> Kind:
    """What a file is, by its ending or what it holds. Raises CatalogueError where it is nothing."""
    if path.is_dir():
        return "catalogue"
    if path.suffix.lower() in _COHORTS:
        return "cohort"
    data = _parsed(path, LineNumbers())
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
    """The fields of a patient that cannot be read, each with why."""
    for field, value in stated.items():
        try:
            if field == "treatments":
                derive(value, catalogue)
            else:
                parse_patient({field: value}, catalogue)
        except PatientError as error:
            yield field, str(error)


def _untrue(stated: Mapping[str, Any], catalogue: Catalogue) -> Iterator[str]:
    """What cannot be true together."""
    try:
        alone = {name: value for name, value in stated.items() if name != "treatments"}
        patient = parse_patient(alone, catalogue)
        if "treatments" in stated:
            patient = merged(patient, derive(stated["treatments"], catalogue), ())
        patient_state(patient, catalogue)
    except PatientError as error:
        yield str(error)


def check_cohort(path: Path, catalogue: Catalogue, maps: Sequence[str] = ()) -> Found:
    """Columns that are fields, by name or by a map, and rows that can be read and can be true."""
    found = list[str]()
    reader, count = RowReader(catalogue), 0
    try:
        with path.open("rb") as source:
            unknown, rows = _rows(path, source, read_map(maps, catalogue))
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
        found.append(f"{path.name}: {error}")
    return found, f"cohort of {_counted(count, 'row', 'rows')}"


def _rows(path: Path, source: Any, asked: ColumnMap) -> tuple[list[str], Iterator[Row]]:
    """The columns that are no field, and the rows of the others. Raises PatientError."""
    form = _COHORTS[path.suffix.lower()]
    if form == "ndjson":
        return [], ndjson(source, asked, ignore_other=False)
    if form == "parquet":
        from lenrx.intake.parquet import columns_of, parquet

        names = columns_of(source)
        known = dict(zip(names, fields_of(names, asked, True), strict=True))
        wanted = {name: field for name, field in known.items() if field}
        return _unknown(names, asked), parquet(source, wanted)
    header, cells = delimited(source, form)
    return _unknown(header, asked), fielded(cells, fields_of(header, asked, True))


def _unknown(header: Sequence[str], asked: ColumnMap) -> list[str]:
    names = (name.strip() for name in header)
    meant = {*asked.columns, *asked.ignore}
    return [name for name in names if name not in meant and key_of(name, asked) is None]


def _wrong(row: Row, reader: RowReader, catalogue: Catalogue) -> Iterator[str]:
    """What cannot be read of a row, or cannot be true."""
    if isinstance(row, Passed) or row is NOTHING:
        return
    if isinstance(row, Problem):
        yield row.reason
        return
    patient, _, problems, _ = reader.read(row)
    for each in problems:
        word = f" ({each.word})" if each.word else ""
        yield f"{each.field}: {each.reason}{word}"
    if patient is not None:
        try:
            patient_state(patient, catalogue)
        except PatientError as error:
            yield str(error)
