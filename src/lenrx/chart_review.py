"""Batch review: rows in, one result or one error record per row out, in order.

The plain engine, one patient after the other. Nothing is held in memory but the row at hand.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TextIO

from lenrx import __version__
from lenrx.assessment import Answer, Assessment, assess
from lenrx.catalogue import Catalogue
from lenrx.comparison import reasons
from lenrx.filters import Finding
from lenrx.patient import PatientError, field_name, parse_patient
from lenrx.report.delimited import safe
from lenrx.terms import VERDICTS

SCHEMA: Final = "lenrx/review/1"
ENDINGS: Final = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
COLUMNS: Final = ("row", "id", "state", *VERDICTS, "ask_first", "warnings", "field", "error")


class RowError(Exception):
    """A row that cannot be read: the field and the reason, never the value."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


class Result(NamedTuple):
    """What came of one row; `record` is ready for JSON."""

    record: dict[str, Any]
    failed: bool


def rows(source: TextIO, form: str) -> Iterator[Mapping[str, Any] | RowError]:
    """The rows of a file, each a mapping of fields or what is wrong with it."""
    return _ndjson(source) if form == "ndjson" else _delimited(source, form)


def _ndjson(source: TextIO) -> Iterator[Mapping[str, Any] | RowError]:
    for line in source:
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except json.JSONDecodeError as error:
            yield RowError("row", f"not JSON: {error.msg}")
            continue
        yield found if isinstance(found, dict) else RowError("row", "must be a JSON object")


def _delimited(source: TextIO, form: str) -> Iterator[Mapping[str, Any] | RowError]:
    reader = csv.reader(source, delimiter="\t" if form == "tsv" else ",", strict=True)
    header = _header(reader)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield RowError("row", f"not {form.upper()}: {error}")
            continue
        if cells is None:
            return
        if len(cells) == len(header):
            yield dict(zip(header, cells, strict=True))
        elif cells:
            yield RowError("row", f"has {len(cells)} cells where the header has {len(header)}")


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        names = [field_name(name) for name in next(reader, [])]
    except csv.Error as error:
        raise PatientError("header", f"cannot be read: {error}") from None
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PatientError("header", f"column {', '.join(twice)} is there twice; keep one")
    return names


def review(
    found: Iterable[Mapping[str, Any] | RowError], catalogue: Catalogue, **how: Any
) -> Iterator[Result]:
    """One result per row, in order; `how` goes to `assess`."""
    for number, row in enumerate(found, start=1):
        yield _result(number, row, catalogue, how)


def _result(
    number: int, row: Mapping[str, Any] | RowError, catalogue: Catalogue, how: Mapping[str, Any]
) -> Result:
    if isinstance(row, RowError):
        return _failed(number, None, row.field, row.reason)
    try:
        answer = assess(catalogue, parse_patient(row, catalogue), **how)
    except PatientError as error:
        return _failed(number, _plain_id(row), error.field, error.problem)
    return Result(_record(number, answer), failed=False)


def _plain_id(row: Mapping[str, Any]) -> str | None:
    found = row.get("id")
    return str(found) if isinstance(found, str | int) else None


def _failed(number: int, row_id: str | None, field: str, reason: str) -> Result:
    record = {"schema": SCHEMA, "row": number, "id": row_id}
    return Result({**record, "error": {"field": field, "reason": reason}}, failed=True)


def _record(number: int, answer: Answer) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "row": number,
        "id": answer.standing.patient.id,
        "lenrx": __version__,
        "catalogue": answer.catalogue.version,
        "as_of": answer.case.as_of,
        "region": answer.case.region,
        "derived": answer.standing.derived(),
        "warnings": [warning._asdict() for warning in answer.warnings],
        "open_questions": [
            {"field": each.field, "decides": list(each.decides)} for each in answer.open_questions
        ],
        "regimens": [_regimen(each, answer.strict) for each in answer.regimens],
    }


def _regimen(each: Assessment, strict: bool) -> dict[str, Any]:
    applying = (*each.saying("adjusts", "met"), *each.saying("cautions", "met"))
    return {
        "id": each.regimen.id,
        "verdict": each.verdict,
        "rank": each.rank,
        "approval": dict(each.approval),
        "because": [_finding(one) for one in reasons(each, strict)],
        "applies": [_finding(one) for one in applying],
    }


def _finding(one: Finding) -> dict[str, Any]:
    data: dict[str, Any] = {"criterion": one.criterion, "effect": one.effect, "status": one.status}
    data |= {"because": one.because, "needs": list(one.needs), "sources": list(one.sources)}
    return {**data, "dose": one.dose} if one.dose else data


def write(results: Iterable[Result], out: TextIO, as_csv: bool) -> tuple[int, int]:
    """Write every result as it comes. Returns the number of bad rows and of all."""
    bad = total = 0
    writer = csv.writer(out, lineterminator="\n")
    if as_csv:
        writer.writerow(COLUMNS)
    for result in results:
        total, bad = total + 1, bad + result.failed
        if as_csv:
            writer.writerow([safe(cell) for cell in cells(result)])
        else:
            out.write(json.dumps(result.record, ensure_ascii=False) + "\n")
    return bad, total


def cells(result: Result) -> list[str]:
    """One result as a line of the CSV output."""
    record = result.record
    if result.failed:
        error = record["error"]
        empty = [""] * (len(COLUMNS) - 4)
        return [str(record["row"]), str(record["id"] or ""), *empty, *error.values()]
    by_verdict = [
        " | ".join(each["id"] for each in record["regimens"] if each["verdict"] == verdict)
        for verdict in VERDICTS
    ]
    asked = record["open_questions"][0]["field"] if record["open_questions"] else ""
    codes = " | ".join(warning["code"] for warning in record["warnings"])
    named = [str(record["row"]), record["id"] or "", record["derived"]["state"]]
    return [*named, *by_verdict, asked, codes, "", ""]
