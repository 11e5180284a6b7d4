"""A judged plan, `lenrx/plan/1`, that of one row among many, and those of a treatment record."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from lenrx.catalogue.vocabulary import (
    Approval,
    Design,
    Region,
    Verdict,
    Verified,
)
from lenrx.report.schemas.answer import (
    Figure,
    Local,
    Match,
    Options,
    Outside,
    PlanFinding,
    Versions,
)
from lenrx.report.schemas.base import Closed, Missing
from lenrx.report.schemas.patient import Given

Labels = dict[Region, Approval | Literal["no entry"]]


class Stated(Closed):
    """The patient as stated, and how resistant the myeloma is."""

    given: Given  # type: ignore[valid-type]
    assumed: dict[str, Any] | Missing = None
    state: str


class Unknown(Closed):
    """A word of a plan that is not known, and what it may have meant."""

    word: str
    hint: str


class Proposed(Closed):
    """What was proposed or given, as it was read."""

    asked: str
    id: str
    name: str
    drugs: list[str]
    in_catalogue: bool
    unknown: list[Unknown]
    said: list[str]


class Shown(Closed):
    """The figure that a plan is shown with."""

    trial: str
    population: str
    match: Match
    design: Design
    endpoint: str
    value: Figure | Missing = None
    comparator: str | Missing = None
    comparator_value: Figure | Missing = None
    hr: str | Missing = None
    ci95: list[str] | Missing = None
    n: int | Missing = None
    arm: Literal["comparator"] | Missing = None
    source: str
    verified: Verified


class NoFigure(Closed):
    """No row of the trial that is shown."""


class Worth(Closed):
    """What the evidence on a plan is worth."""

    worth: str
    trial: str
    figure: Shown | NoFigure


class Asked(Closed):
    """A missing field that settles a conditional plan."""

    field: str
    question: str


class Better(Closed):
    """An open option on better evidence."""

    id: str
    drugs: list[str]
    rank: int
    tied: bool
    approval: dict[Region, Approval]
    evidence: str
    serious_cautions: int


class Plan(Closed):
    """A regimen that was proposed or given, judged for one patient; at most 6,000 bytes."""

    schema_: Annotated[Literal["lenrx/plan/1"], Field(alias="schema")]
    lenrx: str
    catalogue: Versions
    region: Region | None
    as_of: str
    patient: Stated
    options: Options | Missing = None
    formulary: Local | Missing = None
    set_outside: Outside | Missing = None
    plan: Proposed
    verdict: Verdict
    because: list[str]
    rank: int | None
    tied: bool
    approval: Labels
    evidence: Worth | None
    findings: list[PlanFinding]
    arrange: list[str]
    confirm: list[str]
    ask: list[Asked]
    better: list[Better]
    warnings: list[str]
    notice: str
    left_out: Annotated[
        dict[str, int] | Missing, Field(description="By member, how much had no room.")
    ] = None


class RowPlan(Closed):
    """The plan of one row; of a cell that cannot be read, why."""

    asked: str
    id: str | Missing = None
    in_catalogue: bool | Missing = None
    verdict: Verdict | None
    decided_by: dict[str, str] | Missing = None
    rank: int | None = None
    better: list[str] | Missing = None
    unknown: list[str] | Missing = None
    because: str | Missing = None


class Line(Closed):
    """A past line of therapy, judged as of the day it began, or why it is not."""

    line: Annotated[str, Field(examples=["2", "2-3"], description="A number, or a range.")]
    course: Annotated[int, Field(ge=1, description="The course that began it.")]
    given: list[str]
    day: str | None
    day_is_exact: Annotated[bool, Field(description="Whether the record states the day.")]
    state: str | Missing = None
    plan: RowPlan | None
    why_not: str | Missing = None


class PlanRecord(Closed):
    """Every past line of a treatment record, judged."""

    schema_: Annotated[Literal["lenrx/plan-record/1"], Field(alias="schema")]
    catalogue: Versions
    region: Region | None
    options: Options | Missing = None
    formulary: Local | Missing = None
    set_outside: Outside | Missing = None
    lines: list[Line]
