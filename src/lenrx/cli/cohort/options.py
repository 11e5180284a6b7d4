"""The options of `lenrx batch`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from lenrx.catalogue.vocabulary import REGIONS


class BatchFormat(StrEnum):
    """What `batch` writes."""

    ndjson = "ndjson"
    csv = "csv"
    parquet = "parquet"


class InputFormat(StrEnum):
    """What `batch` reads; told from the file when it is not said."""

    csv = "csv"
    tsv = "tsv"
    ndjson = "ndjson"
    json = "json"
    excel = "excel"
    parquet = "parquet"


class Unread(StrEnum):
    """What becomes of a cell that cannot be read."""

    error = "error"
    missing = "missing"


class RowDetail(StrEnum):
    """How much a row says."""

    brief = "brief"
    ids = "ids"
    reasons = "reasons"


_IN, _OUT, _HOW = "What comes in", "What goes out", "How to ask"


def _option(*names: str, help: str, panel: str, **more: Any) -> Any:
    return typer.Option(*names, help=help, rich_help_panel=panel, **more)


def _regions(incomplete: str) -> list[str]:
    return [each for each in REGIONS if each.startswith(incomplete.lower())]


FileOption = Annotated[
    str | None,
    typer.Argument(
        help="CSV, TSV, Excel, JSON or Parquet; - for stdin. May be left out with --courses."
    ),
]
InputOption = Annotated[
    InputFormat | None, _option("--input-format", help="Told from the file if not said.", panel=_IN)
]
EncodingOption = Annotated[str, _option("--encoding", help="Of a text file.", panel=_IN)]
DelimiterOption = Annotated[
    str | None,
    _option("--delimiter", help="Between cells; found if not said.", panel=_IN, metavar="SIGN"),
]
SheetOption = Annotated[
    str | None,
    _option("--sheet", help="Of a workbook; else the first filled.", panel=_IN, metavar="NAME|N"),
]
WithoutHistoryOption = Annotated[
    bool,
    _option("--without-history", help="Answer a table without drug history.", panel=_IN),
]
MapsOption = Annotated[
    list[str] | None,
    _option("--map", help="field=Column, or a map file.", panel=_IN, metavar="F=C|FILE"),
]
IgnoreOption = Annotated[
    list[str] | None,
    _option("--ignore", help="A column to leave out.", panel=_IN, metavar="COLUMN"),
]
IgnoreOtherOption = Annotated[
    bool, _option("--ignore-other", help="Leave out columns that are no field.", panel=_IN)
]
ColumnsOption = Annotated[
    bool, _option("--columns", help="Propose a map of the columns, and no more.", panel=_IN)
]
CoursesOption = Annotated[
    str | None,
    _option("--courses", help="A long table of courses, joined by id.", panel=_IN, metavar="FILE"),
]
CourseColumnsOption = Annotated[
    list[str] | None,
    _option(
        "--course-column", help="field=Column of the table of courses.", panel=_IN, metavar="F=C"
    ),
]
BaselineOption = Annotated[
    bool,
    _option("--baseline", help="Numbers in courses are days from a baseline.", panel=_IN),
]
MissingOption = Annotated[
    str | None,
    _option("--missing", help="Codes for not known: 9,99,999.", panel=_IN, metavar="CODES"),
]
UnreadOption = Annotated[
    Unread | None,
    _option("--unread", help="A cell that cannot be read; missing: not stated.", panel=_IN),
]
DictionaryOption = Annotated[
    Path | None,
    _option("--dictionary", help="REDCap's, for --columns.", panel=_IN, metavar="CSV"),
]
FormatOption = Annotated[
    BatchFormat | None,
    _option("--format", "-f", help="How to answer, else as -o is named; csv is short.", panel=_OUT),
]
OutputOption = Annotated[
    Path | None, _option("--output", "-o", help="A file; its manifest beside.", panel=_OUT)
]
ErrorsOption = Annotated[
    Path | None, _option("--errors", help="The error records, in a file too.", panel=_OUT)
]
ResumeOption = Annotated[
    bool, _option("--resume", help="Go on where a run was stopped.", panel=_OUT)
]
JobsOption = Annotated[int, _option("--jobs", "-j", min=1, help="Processes.", panel=_OUT)]
SummaryOption = Annotated[
    bool, _option("--summary", help="Print the cohort in place of the rows.", panel=_OUT)
]
SummaryJsonOption = Annotated[
    Path | None, _option("--summary-json", help="The cohort as JSON.", panel=_OUT)
]
ReportOption = Annotated[
    Path | None, _option("--report", help="The cohort as a page, HTML.", panel=_OUT)
]
RegionOption = Annotated[
    str | None,
    _option(
        "--region",
        help="us, eu: for rows that state none.",
        panel=_HOW,
        autocompletion=_regions,
    ),
]
AsOfOption = Annotated[
    str | None, _option("--as-of", help="ISO date, for rows that state none.", panel=_HOW)
]
StrictOption = Annotated[bool, _option("--strict", help="As in recommend.", panel=_HOW)]
OnLabelOption = Annotated[bool, _option("--on-label", help="As in recommend.", panel=_HOW)]
FormularyOption = Annotated[
    Path | None, _option("--formulary", help="A local formulary.", panel=_HOW)
]
RowDetailOption = Annotated[
    RowDetail,
    _option(
        "--detail",
        help="brief: state, regimens, what to ask; reasons: all texts written out.",
        panel=_OUT,
    ),
]
LongOption = Annotated[
    bool, _option("--long", help="A row for each patient and regimen; csv or parquet.", panel=_OUT)
]
ShowOption = Annotated[
    int | None,
    _option("--show", help="Spell out one row of a file of results.", panel=_OUT, metavar="ROW"),
]
QuietOption = Annotated[
    bool,
    _option("--quiet", "-q", help="Say nothing of how it was read; errors stay.", panel=_OUT),
]
