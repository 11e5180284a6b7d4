"""The plan of a row, judged by the plain filters: what `lenrx plan` says of it, in brief.

The order of the options is that of the engine, which is the plain one; of each no more is asked
than whether its evidence is better, and of no more of them than are named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lenrx.batch.engine.criteria import Criteria
from lenrx.batch.engine.engine import Outcome
from lenrx.batch.engine.facts import keep
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import UnknownName
from lenrx.intake.rows import PLAN_NAMES
from lenrx.patient.patient import Patient
from lenrx.rules.answer import Assessment
from lenrx.rules.assessment import assess_one
from lenrx.rules.evidence import merit, rows
from lenrx.rules.plan.document import brief
from lenrx.rules.plan.judgement import better_than
from lenrx.rules.plan.reading import Plan, read_plan, states_no_plan

KEPT: Final = 2_000
"""Different plans that are kept read, and judgements of one patient and one plan."""
Judged = Mapping[str, Any]


class Plans:
    """A catalogue made ready for the plans of many rows that are asked the same way."""

    def __init__(self, criteria: Criteria, strict: bool) -> None:
        self._case, self._strict = criteria.case, strict
        self._catalogue = criteria.catalogue
        self._read: dict[str, Plan | str] = {}
        self._judged: dict[tuple[Patient, str], Judged] = {}

    def of(self, patient: Patient, outcome: Outcome, row: Mapping[Any, Any]) -> Judged | None:
        """What comes of the plan that a row states; None where it states none."""
        texts = [text for name in PLAN_NAMES if (text := text_of(row.get(name)))]
        if not texts:
            return None
        if len({*texts}) > 1:
            return _unread(" / ".join(texts), "stated in two ways; keep one")
        key = (patient._replace(id=None), texts[0])
        if key not in self._judged:
            keep(self._judged, key, self._judge(patient, outcome, texts[0]), KEPT)
        return self._judged[key]

    def _judge(self, patient: Patient, outcome: Outcome, text: str) -> Judged:
        if text not in self._read:
            keep(self._read, text, _plan(text, self._catalogue), KEPT)
        plan = self._read[text]
        if isinstance(plan, str):
            return _unread(text, plan)
        case = self._case(patient, outcome.as_of)
        each = _ranked(assess_one(plan.regimen, case, self._strict), outcome)
        regimens = self._catalogue.regimens
        options = (
            (name, merit(name, rows(regimens[name], case), self._catalogue))
            for name in outcome.eligible
        )
        return brief(plan, each, better_than(each, options), strict=self._strict)


def _ranked(each: Assessment, outcome: Outcome) -> Assessment:
    """An entry of the catalogue with its rank among the others; equals have that of the first."""
    names = [*outcome.eligible, *outcome.conditional]
    alike = next((tie for tie in outcome.ties if each.regimen.id in tie), [each.regimen.id])
    if alike[0] not in names:
        return each
    return each._replace(rank=names.index(alike[0]) + 1, tied=len(alike) > 1)


def _unread(text: str, why: str) -> Judged:
    return {"asked": text, "verdict": None, "because": why}


def _plan(text: str, catalogue: Catalogue) -> Plan | str:
    """The plan that is meant, or why it cannot be judged."""
    try:
        return read_plan(text, catalogue)
    except UnknownName as error:
        return f"{error.text!r}: {error.hint}"


def text_of(cell: Any) -> str | None:
    """A cell as the text of a plan; None where it says that there is none."""
    if isinstance(cell, list | tuple):
        cell = " + ".join(map(str, cell))
    text = "" if cell is None else " ".join(str(cell).split())
    return None if states_no_plan(text) else text
