"""A worker: rows in, one result each, in order; a bad row is an error record and the next goes on.

Nothing is held but the row at hand and what the engine keeps within bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lenrx.batch.duplicates import Ids
from lenrx.batch.engine.engine import Engine, Outcome
from lenrx.batch.engine.legend import legend
from lenrx.batch.plan import Plan
from lenrx.batch.results import (
    GIVEN,
    NOTHING_STATED,
    UNREAD,
    Result,
    brief_line,
    line,
    reasons_line,
)
from lenrx.batch.tables import long_lines, short_line
from lenrx.catalogue.loading import Catalogue, load
from lenrx.intake.columns.column import MISSING
from lenrx.intake.reader import RowReader
from lenrx.intake.rows import PLAN, PLANNED, Passed, Problem, Row, plain_id
from lenrx.patient.patient import Patient, PatientError
from lenrx.patient.state import NOT_KNOWN
from lenrx.patient.warnings import PatientWarning

if TYPE_CHECKING:
    from lenrx.batch.plans.judging import Plans

_DISEASE: Final = (
    *("prior_lines", "exposed", "refractory", "intolerant", "history", "prior_transplant"),
    *("cytogenetics", "cytogenetics_absent", "emd", "pcl", "cns"),
)
"""Fields that tell of a myeloma or of its treatment."""
_NOTHING: Final = PatientWarning(
    NOTHING_STATED, "the row states nothing of the disease or its treatment: is it a patient?", ()
)


class Worker:
    """A catalogue made ready for the rows of one plan."""

    def __init__(self, plan: Plan, catalogue: Catalogue | None = None) -> None:
        self._plan = plan
        path = Path(plan.catalogue) if plan.catalogue else None
        self.catalogue = catalogue or load(path)
        how: dict[str, Any] = dict(plan.how)
        region = how.pop("region", None)
        if plan.formulary:
            from lenrx.catalogue.formulary import load_formulary

            how["formulary"] = load_formulary(Path(plan.formulary), self.catalogue)
        self._engine, self._strict = Engine(self.catalogue, **how), bool(how.get("strict"))
        self._plans: Plans | None = None
        self._reader = RowReader(
            self.catalogue,
            region,
            how.get("as_of"),
            from_baseline=plan.baseline,
            leave_unread=plan.columns.unread == MISSING,
        )
        self.text = self._text()
        """A result as the lines that are written of it."""

    def legend(self) -> dict[str, Any]:
        """What the ids in the results stand for."""
        return legend(self._engine.criteria, dict(self._plan.how))

    def _text(self) -> Callable[[Result], str]:
        plan = self._plan
        if plan.long:
            found = self.legend()
            return lambda result: long_lines(line(result), found, plan.form)
        if plan.form == "csv":
            return short_line
        if plan.detail == "reasons":
            found = self.legend()
            return lambda result: reasons_line(line(result), found)
        return brief_line if plan.detail == "brief" else line

    def results(
        self, rows: Iterable[Row], first: int = 1, ids: Ids | None = None
    ) -> Iterator[Result]:
        """One result per patient, in order; rows are counted from `first`, those passed too."""
        ids = Ids() if ids is None else ids
        for number, row in enumerate(rows, start=first):
            if not isinstance(row, Passed):
                yield self._result(number, row, ids)

    def _result(self, number: int, row: Mapping[str, Any] | Problem, ids: Ids) -> Result:
        if isinstance(row, Problem):
            return Result(number, None, problems=(row,))
        name = plain_id(row)
        before = ids.before(name, number) if name else None
        patient, readings, problems, left = self._reader.read(row)
        told = ([_repeated(before)] if before else []) + ([_left(left)] if left else [])
        if patient is None:
            return Result(number, name, readings, tuple(told), problems=problems)
        try:
            outcome = self._engine.outcome(patient)
        except PatientError as error:
            problem = Problem(error.field, error.problem, "contradiction")
            return Result(number, name, readings, tuple(told), problems=(problem,))
        if outcome.known.state == NOT_KNOWN and not self._says_something(patient):
            told.append(_NOTHING)
        warnings = (*sorted(outcome.known.warnings), *told)
        planned = self._planned(patient, outcome, row) if PLAN in row or PLANNED in row else None
        return Result(number, patient.id, readings, warnings, patient, outcome, (), planned)

    def _planned(
        self, patient: Patient, outcome: Outcome, row: Mapping[str, Any]
    ) -> Mapping[str, Any] | None:
        """The plan of a row, judged; made ready when the first row states one."""
        if self._plans is None:
            from lenrx.batch.plans.judging import Plans

            self._plans = Plans(self._engine.criteria, self._strict)
        return self._plans.of(patient, outcome, row)

    def _says_something(self, patient: Patient) -> bool:
        """Whether a patient without a drug history states anything of the disease.

        Where a history was said to be missing, anything but an id is enough.
        """
        names = GIVEN if self._plan.without_history else _DISEASE
        return bool(patient.given(names))


def _left(fields: tuple[str, ...]) -> PatientWarning:
    names = ", ".join(fields)
    return PatientWarning(UNREAD, f"cannot be read, counts as not stated: {names}", fields)


def _repeated(row: int) -> PatientWarning:
    return PatientWarning("duplicate-id", f"the id stands in row {row} too", ("id",))
