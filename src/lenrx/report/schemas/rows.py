"""The rows of a batch, `lenrx/result/2`, and the legend that says what their ids stand for."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, RootModel

from lenrx.catalogue.vocabulary import Effect, FilterName, Region, Status, Verdict, Verified
from lenrx.report.schemas.answer import EvidenceRow, Follows, Question, Versions, Warned
from lenrx.report.schemas.base import ByCriterion, Closed, Ids, Missing
from lenrx.report.schemas.patient import Given
from lenrx.report.schemas.plan import RowPlan

Code = Literal["row", "unknown-field", "unreadable", "stated-twice", "contradiction"]


class Read(Closed):
    """A cell that was not read literally, and how."""

    field: str
    message: str


class Wrong(Closed):
    """What is wrong with a row."""

    field: str
    code: Code
    reason: str
    word: str | Missing = None


class _Row(Closed):
    schema_: Annotated[Literal["lenrx/result/2"], Field(alias="schema")]
    row: Annotated[int, Field(ge=1)]
    id: str | None
    warnings: list[Warned] | Missing = None
    plan: RowPlan | Missing = None


class BadRow(_Row):
    """A row that could not be read."""

    error: Wrong
    errors: list[Wrong] | Missing = None


class _Asked(Closed):
    region: Region | None
    as_of: str
    state: Annotated[str, Field(examples=["double-refractory"])]


class Told(_Asked):
    """How a row was asked, and what was stated and follows."""

    given: Given  # type: ignore[valid-type]
    derived: Follows
    readings: list[Read]


class _Placed(_Row, _Asked):
    eligible: Ids
    conditional: Ids
    excluded: Ids
    off_label: Ids
    label_unknown: Ids
    ties: list[Ids]


class BriefRow(_Placed):
    """State, regimens in order, what to ask."""

    ask: ByCriterion


class ResultRow(_Placed, Told):
    """One patient: what depends on the patient, by id."""

    excluded_by: ByCriterion
    unclear: ByCriterion
    applies: list[str]
    confirm: list[str]
    exact: list[str]
    broader: list[str]
    ask: ByCriterion


class Said(Closed):
    """What a criterion says."""

    filter: FilterName
    because: str
    sources: list[str]
    where: str | Missing = None
    verified: Verified | Missing = None
    dose: str | Missing = None
    drug: str | Missing = None
    trial: str | Missing = None
    serious: bool | Missing = None
    topics: list[str] | Missing = None


class SpelledFinding(Said):
    """What one criterion said of the patient."""

    criterion: str
    effect: Effect
    status: Status


class SpelledRow(EvidenceRow):
    """One outcome in one population of one trial, with the group of patients it speaks of."""

    group: str


class SpelledEntry(Closed):
    """One regimen written out; `label` is that where it was asked, null for excluded ones."""

    id: str
    name: str
    drugs: list[str]
    verdict: Verdict
    rank: int | None
    tied: bool
    label: Literal["on-label", "off-label", "unknown"] | None
    findings: list[SpelledFinding]
    evidence: list[SpelledRow]


class ReasonsRow(_Placed, Told):
    """One patient with every regimen written out."""

    ask: ByCriterion
    questions: list[Question]
    regimens: list[SpelledEntry]


class Result(RootModel[BadRow | ResultRow | BriefRow | ReasonsRow]):
    """One line of the results of `lenrx batch`."""


class Clause(Closed):
    """A dated clause of a label."""

    id: str
    region: Region
    says: str
    since: str | Missing = None
    not_before: str | Missing = None
    until: str | Missing = None
    source: str


class LegendEntry(Closed):
    """One regimen: its criteria, what everybody in a region has, label and evidence."""

    name: str
    drugs: list[str]
    criteria: list[tuple[str, Effect]]
    always: dict[Literal["either", "us", "eu"], list[str]]
    labels: list[Clause]
    evidence: list[dict[str, Any]]


class Group(Closed):
    """Patients of whom evidence speaks."""

    patients: list[str]
    condition: Any = None


class SourceTold(Closed):
    """A source by its title, its address and its numbers."""

    short: str
    url: str | None
    pmid: str | None
    doi: str | None


class Legend(Closed):
    """What the ids in the rows of one run stand for."""

    schema_: Annotated[Literal["lenrx/legend/2"], Field(alias="schema")]
    lenrx: str
    catalogue: Versions
    options: dict[str, Any]
    regimens: dict[str, LegendEntry]
    criteria: dict[str, dict[Effect, Said]]
    together: dict[str, list[str]]
    limits: dict[str, list[str]]
    groups: dict[str, Group]
    sources: dict[str, SourceTold]
