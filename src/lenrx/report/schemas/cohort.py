"""What is said of many rows: the cohort, whose options changed, and one row written out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel

from lenrx.catalogue.vocabulary import Region, Verdict
from lenrx.report.schemas.answer import Question, Versions, Warned
from lenrx.report.schemas.base import Closed, Missing
from lenrx.report.schemas.plan import RowPlan
from lenrx.report.schemas.rows import SpelledEntry, Told, Wrong

Count = Annotated[int, Field(ge=0)]
Counts = dict[str, Count]


class Shown(Told):
    """One row of results with every regimen written out, as `lenrx batch --show` prints it."""

    row: Annotated[int, Field(ge=1)]
    id: str | None
    warnings: list[Warned]
    plan: RowPlan | Missing = None
    questions: list[Question]
    regimens: list[SpelledEntry]


class Ground(Closed):
    """A criterion that decides now, or no longer does."""

    criterion: str
    status: Literal["excludes", "open"]
    because: str
    sources: list[str]
    no_longer: Literal[True] | Missing = None


class Changed(Closed):
    """A regimen whose verdict is another; null where one of the results does not have it."""

    id: str
    before: Verdict | None
    after: Verdict | None
    because: list[Ground]


class Basis(Closed):
    """What two answers rest on besides the patient, before and after, where it differs."""

    as_of: tuple[str, str] | Missing = None
    region: tuple[Region | None, Region | None] | Missing = None
    catalogue: tuple[Versions | None, Versions | None] | Missing = None


class _OfOne(Closed):
    id: str | None
    row: Annotated[int, Field(ge=1)]


class ChangedOptions(_OfOne):
    """A patient whose options changed, and why."""

    change: Literal["options"]
    basis: Basis
    regimens: list[Changed]


class ChangedReading(_OfOne):
    """A row that one of the results could not read."""

    change: Literal["can no longer be read", "could not be read before"]
    error: Wrong


class InOne(_OfOne):
    """A patient that one of the results does not have."""

    change: Literal["only in the later result", "only in the earlier result"]


class Change(RootModel[ChangedOptions | ChangedReading | InOne]):
    """One line of `lenrx diff --format json`."""


class Excluding(Closed):
    """A criterion that excludes, and how often."""

    criterion: str
    because: str
    rows: Count


class Counted(Closed):
    """How often a regimen was open, conditional and excluded, and by what."""

    id: str
    eligible: Count
    conditional: Count
    excluded: Count
    excluded_by: list[Excluding]


class Lacking(Closed):
    """A field that is missing, and in how many rows."""

    field: str
    question: str
    rows: Count
    rows_with_a_regimen_it_settles: Count


class Outcomes(Closed):
    """What came of plans."""

    eligible: Count
    conditional: Count
    excluded: Count
    not_judged: Count


class PlanCount(Closed):
    """What came of one plan."""

    id: str
    in_catalogue: bool
    eligible: Count
    conditional: Count
    excluded: Count


class Concordance(Outcomes):
    """What was given or planned beside what was open."""

    rows: Count
    eligible_with_better_evidence_open: Count
    not_in_catalogue: Outcomes
    excluded_by: list[Excluding]
    plans: list[PlanCount]
    years: dict[str, Outcomes]


class Summary(Closed):
    """A cohort, counted; the most frequent first."""

    schema_: Annotated[Literal["lenrx/summary/2"], Field(alias="schema")]
    rows: Count
    unreadable: Count
    passed_over: Counts
    unreadable_fields: Counts
    unreadable_codes: Counts
    unread_cells: Counts
    not_literal: Count
    not_literal_fields: Counts
    duplicate_ids: Count
    nothing_stated: Count
    states: Counts
    with_an_option: Count
    only_conditional: Count
    nothing_open: Count
    regimens: list[Counted]
    missing: list[Lacking]
    concordance: Concordance | Missing = None
