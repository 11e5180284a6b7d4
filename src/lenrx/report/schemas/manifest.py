"""The manifest of a run of `batch`, `lenrx/manifest/2`: what was run on what, how, what came."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from lenrx.catalogue.vocabulary import Region
from lenrx.report.schemas.answer import Outside, Versions
from lenrx.report.schemas.base import Closed, Missing
from lenrx.report.schemas.cohort import Count

Moment = Annotated[str, Field(examples=["2026-11-23T10:15:00+00:00"])]


class File(Closed):
    """A file without its folder."""

    name: str
    bytes: Count
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Input(File):
    """The table of patients, and how it was read."""

    format: Literal["csv", "tsv", "ndjson", "json", "excel", "parquet"]
    lines: Annotated[Count | None, Field(description="Of a file of text.")]
    read_as: list[str]


class Ways(Closed):
    """How every row was read and asked, and what was written."""

    as_of: Annotated[str, Field(examples=["2026-11-23"], description="For rows that state none.")]
    region: Annotated[Region | None, Field(description="For rows that state none.")]
    strict: bool
    on_label: bool
    encoding: str
    delimiter: str | None
    sheet: str | None
    without_history: bool
    columns: Annotated[dict[str, Any], Field(description="Fields, and what a map takes for them.")]
    missing: list[str]
    unread: Literal["error", "missing"]
    ignored: list[str]
    ignore_other: bool
    formulary: File | None
    format: Literal["ndjson", "csv", "parquet"]
    detail: Literal["ids", "brief", "reasons"]
    long: bool
    courses: File | Missing = None
    course_columns: dict[str, str] | Missing = None
    baseline: Literal[True] | Missing = None


class Counted(Closed):
    """What came of the rows."""

    rows: Count
    answered: Count
    unreadable: Count
    lines_swallowed: Count
    passed_over: Count
    not_literal: Count
    duplicate_ids: Count
    nothing_stated: Count


class Manifest(Closed):
    """A run; with `counts`, `output` and `legend` once it is complete."""

    schema_: Annotated[Literal["lenrx/manifest/2"], Field(alias="schema")]
    lenrx: str
    catalogue: Versions
    input: Input
    options: Ways
    set_outside: Outside | Missing = None
    assumptions: list[str]
    errors: Annotated[str | None, Field(description="The file of the error records.")]
    state: Literal["running", "complete"]
    started: Moment
    ended: Moment | None
    runs: Annotated[int, Field(ge=1)]
    counts: Counted | Missing = None
    output: File | Missing = None
    legend: File | Missing = None
