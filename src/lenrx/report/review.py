"""One row of a review: as a line of NDJSON, schema `lenrx/review/1`, or as a short line of CSV."""

from __future__ import annotations

import csv
import io
from typing import Final

from lenrx import __version__
from lenrx.catalogue import Catalogue
from lenrx.chart_review import Result
from lenrx.outcome import dumps
from lenrx.report.delimited import safe
from lenrx.terms import VERDICTS

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
        ranks = range(1, len(catalogue.regimens) + 1)
        self._starts = {
            verdict: [
                f'{"" if rank == 1 else "},"}{{"rank":{shown},"verdict":"{verdict}",'
                for rank in ranks
                for shown in ("null" if verdict == "excluded" else rank,)
            ]
            for verdict in VERDICTS
        }

    def line(self, result: Result) -> str:
        """One result as a line, with its end."""
        head = f'{self._head},"row":{result.row},"id":{dumps(result.id)},'
        found = result.outcome
        if found is None:
            return f"{head}{_errors(result)}}}\n"
        parts = [
            head,
            f'"region":{dumps(found.region)},"as_of":"{found.as_of}","patient":{{"given":{{',
            f'{found.given}}},"derived":{{{found.derived}}},"not_stated":[{found.not_stated}]}},',
            f'"readings":{_readings(result)},"warnings":{_warnings(result)},',
            f'"open_questions":[{found.asked}],"regimens":[',
        ]
        for place, (each, evidence) in enumerate(zip(found.fragments, found.evidence, strict=True)):
            parts.append(self._starts[each.verdict][place])
            parts += each.texts
            parts.append(evidence)
        parts.append("}]}\n")
        return "".join(parts)


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


def header() -> str:
    """The first line of the CSV form."""
    return _line(list(COLUMNS))


def short(result: Result) -> str:
    """One result as a line of CSV; several values in a cell are joined with ` | `."""
    start = [str(result.row), result.id or ""]
    readings = " | ".join(said for _, said in result.readings)
    found = result.outcome
    if found is None:
        fields = " | ".join(each.field for each in result.problems)
        said = " | ".join(each.reason for each in result.problems)
        return _line([*start, *[""] * (2 + len(VERDICTS) + 1), readings, fields, said])
    by_verdict = [
        " | ".join(each.regimen for each in found.fragments if each.verdict == verdict)
        for verdict in VERDICTS
    ]
    asked = found.questions[0].field if found.questions else ""
    codes = " | ".join(warning.code for warning in result.warnings)
    return _line([*start, found.state, *by_verdict, asked, codes, readings, "", ""])


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    # A line each: what was done of a run is counted in lines.
    plain = [" ".join(cell.splitlines()) for cell in cells]
    csv.writer(out, lineterminator="\n").writerow([safe(cell) for cell in plain])
    return out.getvalue()
