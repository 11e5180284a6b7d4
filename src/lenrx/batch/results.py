"""The result of one row, and its line of NDJSON, schema `lenrx/result/2`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from lenrx.batch.engine.engine import Outcome
from lenrx.batch.members import MEMBERS, by_name, dumps, listed, members
from lenrx.batch.shown import asked, spelled
from lenrx.intake.rows import Problem
from lenrx.patient.patient import FIELDS, Patient
from lenrx.patient.warnings import PatientWarning

SCHEMA: Final = "lenrx/result/2"
UNREAD: Final = "unread-cell"
"""The warning that cells could not be read and count as not stated."""
NOTHING_STATED: Final = "nothing-stated"
"""The warning that a row states nothing of the disease or of its treatment."""
WORD: Final = 80
"""Letters of a word that failed; a longer text is prose of a chart."""
GIVEN: Final = tuple(name for name in FIELDS if name not in ("id", "region", "as_of"))
"""The fields that `given` holds; the others stand beside it."""


class Result(NamedTuple):
    """What came of one row; `outcome` is None when it could not be read."""

    row: int
    id: str | None
    readings: tuple[tuple[str, str], ...] = ()
    """What was not read literally: field, and how it was read."""
    warnings: tuple[PatientWarning, ...] = ()
    patient: Patient | None = None
    outcome: Outcome | None = None
    problems: tuple[Problem, ...] = ()
    plan: Mapping[str, Any] | None = None
    """What came of the plan that the row states."""


def line(result: Result) -> str:
    """One result as a line of NDJSON, without its end; the findings by id."""
    found = result.outcome
    if found is None:
        return error_line(result)
    texts = zip(*[each.texts for each in found.fragments], strict=True)
    excluded_by, unclear, *lists = [",".join(filter(None, each)) for each in texts]
    applies, confirm, exact, broader = lists
    assert result.patient is not None
    given, derived = members(result.patient.given(GIVEN)), found.known.derived
    if result.patient.record or result.patient.recorded:
        derived += f",{members(result.patient.from_record())}"
    return (
        f'{_head(result)}"given":{{{given}}},"derived":{{{derived}}},'
        f'"readings":{_readings(result)},"warnings":{_warnings(result)},{_regimens(found)},'
        f'"excluded_by":{{{excluded_by}}},"unclear":{{{unclear}}},"applies":[{applies}],'
        f'"confirm":[{confirm}],"exact":[{exact}],"broader":[{broader}],'
        f'"ask":{{{_asked(found)}}}{_planned(result)}}}'
    )


def brief_line(result: Result) -> str:
    """One result as a line of NDJSON: state, regimens in order, what to ask."""
    found = result.outcome
    if found is None:
        return error_line(result)
    return f'{_head(result)}{_regimens(found)},"ask":{{{_asked(found)}}}{_planned(result)}}}'


def reasons_line(text: str, legend: Mapping[str, Any]) -> str:
    """The line of one result with every regimen written out in place of ids."""
    row = json.loads(text)
    if "error" in row:
        return dumps(row)
    kept = {name: value for name, value in row.items() if name not in MEMBERS}
    return dumps({**kept, "questions": asked(row), "regimens": spelled(row, legend)})


def error_line(result: Result) -> str:
    """An error record. Without the readings: they quote cells, and error files are passed on."""
    problems = [_error(each) for each in result.problems]
    more = f',"errors":{dumps(problems)}' if len(problems) > 1 else ""
    head = f'{{"schema":"{SCHEMA}","row":{result.row},"id":{dumps(result.id)}'
    return f'{head},"warnings":{_warnings(result)},"error":{dumps(problems[0])}{more}}}'


def _error(problem: Problem) -> dict[str, str]:
    data = {"field": problem.field, "code": problem.code, "reason": problem.reason}
    return data if problem.word is None else {**data, "word": problem.word[:WORD]}


def _head(result: Result) -> str:
    found = result.outcome
    assert found is not None
    return (
        f'{{"schema":"{SCHEMA}","row":{result.row},"id":{dumps(result.id)},'
        f'"region":{dumps(found.region)},"as_of":"{found.as_of}","state":"{found.known.state}",'
    )


def _regimens(found: Outcome) -> str:
    ties = ",".join([f"[{listed(each)}]" for each in found.ties])
    return (
        f'"eligible":[{listed(found.eligible)}],"conditional":[{listed(found.conditional)}],'
        f'"excluded":[{listed(found.excluded)}],"off_label":[{listed(found.off_label)}],'
        f'"label_unknown":[{listed(found.label_unknown)}],"ties":[{ties}]'
    )


def _asked(found: Outcome) -> str:
    return by_name((each.field, each.decides) for each in found.questions)


def _planned(result: Result) -> str:
    return "" if result.plan is None else f',"plan":{dumps(result.plan)}'


def _readings(result: Result) -> str:
    if not result.readings:
        return "[]"
    return dumps([{"field": field, "message": said} for field, said in result.readings])


def _warnings(result: Result) -> str:
    return dumps([each._asdict() for each in result.warnings]) if result.warnings else "[]"
