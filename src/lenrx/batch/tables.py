"""Results as tables: a short row for each patient, or a row for each patient and regimen."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lenrx.batch.members import dumps
from lenrx.batch.results import GIVEN, Result
from lenrx.batch.shown import spelled, worded
from lenrx.report.sinks import in_csv

FIRST: Final = 5
"""Options that the short row names."""
SHORT: Final = (
    *("row", "id", "region", "as_of", "state", "eligible", "conditional", "excluded"),
    *(f"option_{place}" for place in range(1, FIRST + 1)),
    *("off_label", "ask_first", "warnings", "readings"),
    *("error_field", "error_code", "error", "error_word"),
    *GIVEN,
    *("plan", "plan_verdict", "plan_criteria", "plan_rank", "plan_better"),
    "plan_because",
)
"""Columns of the short table: counts of regimens, the first eligible ones, then what was stated,
and what came of the plan where there is one."""
LONG: Final = (
    *("row", "id", "region", "as_of", "state", "regimen", "verdict", "rank", "label"),
    *("criterion", "because", "serious", "cautions", "arranges"),
    *("trial", "group", "match", "patients_like_this_were_excluded"),
    *("endpoint", "value", "hr", "ci95", "source"),
    *("error_field", "error_code", "error"),
)
"""Columns of the long table: the criterion that decides, cautions that apply, the serious ones
among them, what has to be arranged, the evidence that fits best, and the entry limits of its trial
that leave this patient out."""


def short_line(result: Result) -> str:
    """One result as a line of CSV; several values in a cell are joined with ` | `."""
    found, patient = result.outcome, result.patient
    cells = {
        "row": str(result.row),
        "id": result.id or "",
        "warnings": " | ".join(dict.fromkeys(each.code for each in result.warnings)),
    }
    if found is None or patient is None:
        return csv_line(SHORT, cells | _short_error(result))
    first = found.questions
    cells |= {
        "region": found.region or "",
        "as_of": found.as_of,
        "state": found.known.state,
        "eligible": str(len(found.eligible)),
        "conditional": str(len(found.conditional)),
        "excluded": str(len(found.excluded)),
        "off_label": " | ".join(found.off_label),
        "ask_first": first[0].field if first else "",
        "readings": " | ".join(said for _, said in result.readings),
        **{f"option_{at}": name for at, name in enumerate(found.eligible[:FIRST], start=1)},
        **{name: _cell(value) for name, value in patient.used(GIVEN).items()},
        **_planned(result.plan),
    }
    return csv_line(SHORT, cells)


def _planned(plan: Mapping[str, Any] | None) -> dict[str, str]:
    """The plan of a row as cells; one that cannot be judged has no verdict."""
    if plan is None:
        return {}
    rank = plan.get("rank")
    return {
        "plan": plan.get("id", plan["asked"]),
        "plan_verdict": plan["verdict"] or "not judged",
        "plan_criteria": " | ".join(plan.get("decided_by", ())),
        "plan_rank": "" if rank is None else str(rank),
        "plan_better": " | ".join(plan.get("better", ())),
        "plan_because": plan.get("because") or " | ".join(plan["decided_by"].values()),
    }


def _short_error(result: Result) -> dict[str, str]:
    problems = result.problems
    words = [each.word or "" for each in problems]
    return {
        "error_field": " | ".join(each.field for each in problems),
        "error_code": " | ".join(each.code for each in problems),
        "error": " | ".join(each.reason for each in problems),
        "error_word": " | ".join(words) if any(words) else "",
    }


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def header(columns: Iterable[str]) -> str:
    """The first line of a table."""
    return ",".join(columns)


def csv_line(columns: Iterable[str], cells: Mapping[str, str]) -> str:
    """Cells as a line of CSV without its end; no cell is a formula, or more than one line."""
    out = io.StringIO()
    plain = [" ".join(cells.get(name, "").splitlines()) for name in columns]
    csv.writer(out, lineterminator="").writerow([in_csv(cell) for cell in plain])
    return out.getvalue()


def long_rows(row: Mapping[str, Any], legend: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each regimen of one result, or one that says why it could not be read."""
    head = {name: row.get(name) for name in ("row", "id", "region", "as_of", "state")}
    if "error" in row:
        error = row["error"]
        yield head | {
            "error_field": error["field"],
            "error_code": error["code"],
            "error": error["reason"],
        }
        return
    for each in spelled(row, legend):
        decides: Mapping[str, Any] = next(iter(_deciding(each)), {})
        best: Mapping[str, Any] = next(iter(each["evidence"]), {})
        cautions = [one for one in each["findings"] if one["effect"] == "cautions"]
        names = ("trial", "group", "match", "endpoint", "value", "hr", "ci95", "source")
        yield {
            **head,
            "regimen": each["id"],
            **{name: each[name] for name in ("verdict", "rank", "label")},
            "criterion": decides.get("criterion"),
            "because": worded(decides) if decides else None,
            "serious": _named(one for one in cautions if one.get("serious")),
            "cautions": _named(cautions),
            "arranges": _named(one for one in each["findings"] if one["effect"] == "arranges"),
            **{name: best.get(name) for name in names},
            "patients_like_this_were_excluded": " | ".join(best.get(_EXCLUDED, ())),
        }


def _named(findings: Iterable[Mapping[str, Any]]) -> str:
    """The ids of some criteria in one cell."""
    return " | ".join(one["criterion"] for one in findings)


_EXCLUDED: Final = "patients_like_this_were_excluded"


def _deciding(regimen: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The findings that keep a regimen from being eligible; those to be confirmed come last."""
    if regimen["verdict"] == "eligible":
        return []
    status = ("unknown",) if regimen["verdict"] == "conditional" else ("met", "not met")
    found = [each for each in regimen["findings"] if each["status"] in status]
    effects = {"excludes": 0, "requires": 0, "confirms": 1}
    deciding = [each for each in found if each["effect"] in effects]
    return sorted(deciding, key=lambda each: effects[each["effect"]])


def long_lines(line: str, legend: Mapping[str, Any], form: str) -> str:
    """One result as the lines of the long table, without the last end: CSV, or NDJSON."""
    rows = long_rows(json.loads(line), legend)
    if form != "csv":
        return "\n".join(dumps(each) for each in rows)
    return "\n".join(
        csv_line(LONG, {name: _long_cell(value) for name, value in each.items()}) for each in rows
    )


def _long_cell(value: Any) -> str:
    if isinstance(value, list):
        return "-".join(map(str, value))
    return "" if value is None else _cell(value)
