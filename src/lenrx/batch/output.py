"""One row of a review: as a line of NDJSON, schema `lenrx/review/1`, or as a short line of CSV."""

from __future__ import annotations

import csv
import io
from typing import Final

from lenrx import __version__
from lenrx.batch.chart_review import Result
from lenrx.batch.outcome import dumps
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.report.as_csv import safe

SCHEMA: Final = "lenrx/review/1"
COLUMNS: Final = (
    *("row", "id", "state", *VERDICTS, "ask_first", "warnings", "readings"),
    *("error_field", "error"),
)


class Lines:
    """Results as lines of NDJSON; what is the same for every row is written out once."""

    def __init__(self, catalogue: Catalogue) -> None:
        named = {"version": catalogue.version, "sha256": catalogue.sha256}
        self._head = f'{{"schema":"{SCHEMA}","lenrx":"{__version__}","catalogue":{dumps(named)}'

    def line(self, result: Result) -> bytes:
        """One result as a line, with its end."""
        head = f'{self._head},"row":{result.row},"id":{dumps(result.id)},'
        found = result.outcome
        if found is None:
            # Without the readings: they quote cells, and this line goes into error files too.
            said = f'"warnings":{_warnings(result)},{_errors(result)}'
            return f"{head}{said}}}\n".encode("utf-8", "replace")
        head += f'"region":{dumps(found.region)},"as_of":"{found.as_of}","patient":{{"given":{{'
        said = f'"readings":{_readings(result)},"warnings":{_warnings(result)},'
        parts = [
            head.encode("utf-8", "replace"),
            found.given,
            b'},"derived":{',
            found.derived,
            b'},"not_stated":[',
            found.not_stated,
            b"]},",
            said.encode("utf-8", "replace"),
            b'"open_questions":[',
            found.asked,
            b'],"regimens":[',
            *found.texts,
            b"}]}\n",
        ]
        return b"".join(parts)


def _readings(result: Result) -> str:
    if not result.readings:
        return "[]"
    return dumps([{"field": field, "message": said} for field, said in result.readings])


def _warnings(result: Result) -> str:
    return dumps([each._asdict() for each in result.warnings]) if result.warnings else "[]"


def _errors(result: Result) -> str:
    problems = [each._asdict() for each in result.problems]
    first = f'"error":{dumps(problems[0])}'
    return f'{first},"errors":{dumps(problems)}' if len(problems) > 1 else first


def header() -> bytes:
    """The first line of the CSV form."""
    return _line(list(COLUMNS))


def short(result: Result) -> bytes:
    """One result as a line of CSV; several values in a cell are joined with ` | `."""
    start = [str(result.row), result.id or ""]
    readings = " | ".join(said for _, said in result.readings)
    codes = " | ".join(warning.code for warning in result.warnings)
    found = result.outcome
    if found is None:
        fields = " | ".join(each.field for each in result.problems)
        said = " | ".join(each.reason for each in result.problems)
        return _line([*start, *[""] * (2 + len(VERDICTS)), codes, readings, fields, said])
    by_verdict = [
        " | ".join(each.regimen for each in found.placed if each.verdict == verdict)
        for verdict in VERDICTS
    ]
    asked = found.questions[0].field if found.questions else ""
    return _line([*start, found.state, *by_verdict, asked, codes, readings, "", ""])


def _line(cells: list[str]) -> bytes:
    out = io.StringIO()
    # A line each: what was done of a run is counted in lines.
    plain = [" ".join(cell.splitlines()) for cell in cells]
    csv.writer(out, lineterminator="\n").writerow([safe(cell) for cell in plain])
    return out.getvalue().encode("utf-8", "replace")
