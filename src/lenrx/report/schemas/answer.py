"""The answer for one patient, `lenrx/recommendation/2`, in its three depths."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, RootModel

from lenrx.catalogue.vocabulary import (
    Approval,
    Design,
    Effect,
    FilterName,
    Region,
    Status,
    Verdict,
    Verified,
)
from lenrx.report.schemas.base import Closed, Ids, Missing
from lenrx.report.schemas.patient import Given

Match = Literal["exact", "broader", "unknown", "other"]
Places = Annotated[dict[Region, Approval], Field(examples=[{"us": "on-label", "eu": "unknown"}])]


class Versions(Closed):
    """Which catalogue answered."""

    version: str
    sha256: str


class Fact(Closed):
    """What a treatment record gave, in which course, by which rule."""

    what: str
    course: int
    rule: str


class Follows(Closed):
    """What follows from what was stated."""

    exposed: list[str]
    refractory: list[str]
    intolerant: list[str]
    unresolved: Annotated[list[str], Field(description="Classes of which the drug is not known.")]
    refractory_classes: list[str]
    history: Annotated[
        Literal["complete", "partial", "not known"],
        Field(description="complete: a drug that is not listed was never given."),
    ]
    unsure: list[str] | Missing = None
    record: list[Fact] | Missing = None
    prior_lines: int | str | Missing = None
    prior_lines_at_least: int
    egfr: Annotated[float | Missing, Field(description="mL/min/1.73 m2, CKD-EPI 2021.")] = None
    crcl: Annotated[float | Missing, Field(description="mL/min, Cockcroft-Gault.")] = None


class Derived(Follows):
    """What follows from what was stated, and how resistant the myeloma is."""

    state: Annotated[str, Field(examples=["double-refractory"])]


class PatientTold(Closed):
    """The patient as understood."""

    given: Given  # type: ignore[valid-type]
    derived: Derived
    left_out: Annotated[
        list[str] | Missing, Field(description="Fields that were stated, without room here.")
    ] = None


class Warned(Closed):
    """What the reader must know first."""

    code: str
    message: str
    fields: list[str]


class Question(Closed):
    """A missing field, and the regimens whose verdict its answer alone may settle."""

    field: Annotated[str, Field(examples=["cytogenetics.t(11;14)"])]
    question: str
    decides: Ids


class _Criterion(Closed):
    criterion: str
    because: str
    dose: str | Missing = None
    drug: str | Missing = None
    trial: str | Missing = None
    region: Region | Missing = None
    serious: Literal[True] | Missing = None


class Finding(_Criterion):
    """What one criterion said of the patient."""

    filter: FilterName
    effect: Effect
    status: Status
    needs: list[str]
    sources: list[str]
    where: str | Missing = None
    verified: Verified | Missing = None
    topics: list[str] | Missing = None


class _Short(_Criterion):
    needs: list[str] | Missing = None
    sources: list[str] | Missing = None


class ShortFinding(_Short):
    """A finding without what is empty; one that is a question has neither filter nor sources."""

    filter: FilterName | Missing = None
    effect: Effect
    status: Status


class PlanFinding(_Short):
    """A finding that bears on a plan."""

    filter: FilterName
    effect: Effect
    status: Status
    verified: Verified | Missing = None
    topics: list[str] | Missing = None


class SharedFinding(_Short):
    """What eligible regimens have to have arranged or ruled out, and which of them."""

    filter: FilterName
    topics: list[str] | Missing = None
    regimens: Ids


Figure = float | str
"""A number, or `NR` where a median was not reached."""


class EvidenceRow(Closed):
    """One outcome in one population of one trial, seen from the regimen's arm."""

    trial: str
    population: str
    match: Match
    design: Design
    endpoint: str
    value: Figure | None
    comparator_value: Figure | None
    hr: str | None
    ci95: list[str] | None
    n: int | None
    source: str
    verified: Verified
    where: str | Missing = None
    detail: str | Missing = None
    contrast: str | Missing = None
    value_ci95: list[str] | Missing = None
    ci_level: str | Missing = None
    p: str | Missing = None
    at_months: float | str | Missing = None
    followup_months: float | str | Missing = None
    note: str | Missing = None
    comparator: str | Missing = None
    comparators: list[str] | Missing = None
    also: list[str] | Missing = None
    arm: Literal["comparator"] | Missing = None
    patients_like_this_were_excluded: list[str] | Missing = None
    not_known_to_be_enrolled: list[str] | Missing = None


class ShortRow(EvidenceRow):
    """An evidence row without what is not known."""

    value: Figure | Missing = None
    comparator_value: Figure | Missing = None
    hr: str | Missing = None
    ci95: list[str] | Missing = None
    n: int | Missing = None


class Position(Closed):
    """What a guideline says of a regimen in this setting."""

    guideline: str
    setting: str
    stance: Literal["recommended", "option", "not-recommended"]
    source: str
    verified: Verified


class Entry(Closed):
    """One regimen, with every criterion and all evidence."""

    id: str
    name: str
    drugs: list[str]
    verdict: Verdict
    rank: int | None
    tied: bool
    rank_because: list[str]
    approval: Places
    findings: list[Finding]
    evidence: list[EvidenceRow]
    positions: list[Position]
    gaps: list[str]


class ReasonedEntry(Closed):
    """One regimen with what bears on this patient; excluded ones have no place in the order."""

    id: str
    name: str
    drugs: list[str]
    verdict: Verdict
    approval: Places
    findings: list[ShortFinding]
    rank: int | Missing = None
    tied: bool | Missing = None
    rank_because: list[str] | Missing = None
    evidence: list[ShortRow] | Missing = None


class Reference(Closed):
    """The trial that an on-label regimen is shown with."""

    trial: str
    hr: str | Missing = None
    source: str


class BriefEntry(Closed):
    """One regimen in a line; names of findings stand in `because` with what they say."""

    id: str
    verdict: Verdict
    rank: int | Missing = None
    approval: Places | Missing = None
    decides: list[str] | Missing = None
    ask: Annotated[list[str] | Missing, Field(description="Fields that settle it.")] = None
    to_confirm: int | Missing = None
    local: list[str] | Missing = None
    serious: list[str] | Missing = None
    evidence: Reference | Missing = None


class Options(Closed):
    """How was asked."""

    strict: bool
    on_label: bool


class Local(Closed):
    """The formulary that was applied."""

    name: str
    sha256: str


Place = Annotated[
    str, Field(pattern="^([0-9]+=?)?$", description="With = where others share it; may be empty.")
]


class Different(Closed):
    """A regimen of which a change moves the verdict, the place, the label or what bears on it."""

    id: str
    from_: Annotated[Verdict, Field(alias="from")]
    to: Verdict
    rank_from: Place
    rank_to: Place
    labels: Annotated[dict[Region, list[Approval]], Field(description="Before and after.")]
    because: list[Finding]
    added: list[Finding]
    dropped: list[Finding]


class Change(Closed):
    """A change to the patient, and what it changes."""

    change: Annotated[dict[str, Any], Field(examples=[{"egfr": "25"}])]
    instead_of: dict[str, list[str]]
    first: Ids
    regimens: list[Different]


Outside = Annotated[
    dict[str, str],
    Field(
        description="What was set in the environment or a file, and where.",
        examples=[{"region": "LENRX_REGION"}],
    ),
]


class _Framed(Closed):
    schema_: Annotated[Literal["lenrx/recommendation/2"], Field(alias="schema")]
    lenrx: str
    catalogue: Versions
    region: Region | None
    as_of: Annotated[str, Field(examples=["2026-11-23"])]
    patient: PatientTold
    warnings: list[Warned]
    open_questions: list[Question]
    notice: str
    options: Options | Missing = None
    assumptions: dict[str, Any] | Missing = None
    formulary: Local | Missing = None
    set_outside: Outside | Missing = None


class Full(_Framed):
    """Every criterion of every regimen."""

    detail: Literal["full"]
    regimens: list[Entry]
    what_if: list[Change] | Missing = None


class Reasoned(_Framed):
    """What bears on this patient, with reasons."""

    detail: Literal["reasons"]
    regimens: list[ReasonedEntry]
    arrange: list[SharedFinding]
    confirm: list[SharedFinding]
    left_out: Annotated[
        int | Missing, Field(description="Cautions and dose changes without room.")
    ] = None
    what_if: list[Change] | Missing = None


class Brief(_Framed):
    """What decides, in few words."""

    detail: Literal["brief"]
    regimens: list[BriefEntry]
    because: dict[str, str]
    more_questions: int
    left_out: Annotated[int | Missing, Field(description="Texts without room.")] = None
    what_if: list[Change] | Missing = None


class Recommendation(RootModel[Annotated[Full | Reasoned | Brief, Field(discriminator="detail")]]):
    """The answer of `lenrx recommend`, `explain` and `compare`; `detail` says how much it tells."""
