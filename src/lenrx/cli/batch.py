"""The commands on many patients, `batch` and `diff`: options in, files and one-line errors out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Final

import typer

from lenrx.cli.terminal import (
    CatalogueOption,
    Color,
    ColorOption,
    Plain,
    WidthOption,
    drawing,
    fail,
    now,
    one_line_errors,
    piped,
    today,
    write,
)

if TYPE_CHECKING:
    from lenrx.batch.runs import Plan
    from lenrx.batch.summary import Tally


class BatchFormat(StrEnum):
    """What `batch` writes."""

    ndjson = "ndjson"
    csv = "csv"
    parquet = "parquet"


class InputFormat(StrEnum):
    """What `batch` reads; by the ending of the file when it is not said."""

    csv = "csv"
    tsv = "tsv"
    ndjson = "ndjson"
    parquet = "parquet"


class EngineName(StrEnum):
    """How rows are answered; both give the same bytes."""

    slices = "slices"
    plain = "plain"


_ENDINGS: Final = {".jsonl": "ndjson"} | {f".{each.value}": each.value for each in InputFormat}
_SAMPLE: Final = 500
"""Rows that `--columns` looks at."""
_IN, _OUT, _HOW = "What comes in", "What goes out", "How to ask"


def _option(*names: str, help: str, panel: str, **more: Any) -> Any:
    return typer.Option(*names, help=help, rich_help_panel=panel, **more)


_File = Annotated[str, typer.Argument(help="CSV, TSV, NDJSON or Parquet; - for stdin.")]
_Input = Annotated[
    InputFormat | None, _option("--input-format", help="By the ending if not said.", panel=_IN)
]
_Encoding = Annotated[str, _option("--encoding", help="Of a text file.", panel=_IN)]
_Maps = Annotated[
    list[str] | None,
    _option("--map", help="field=Column, or a map file.", panel=_IN, metavar="F=C|FILE"),
]
_Ignore = Annotated[
    list[str] | None,
    _option("--ignore", help="A column to leave out.", panel=_IN, metavar="COLUMN"),
]
_IgnoreOther = Annotated[
    bool, _option("--ignore-other", help="Leave out columns that are no field.", panel=_IN)
]
_Columns = Annotated[
    bool, _option("--columns", help="Propose a map of the columns, and no more.", panel=_IN)
]
_Format = Annotated[
    BatchFormat, _option("--format", "-f", help="How to answer; csv is short.", panel=_OUT)
]
_Output = Annotated[
    Path | None, _option("--output", "-o", help="A file; its manifest beside.", panel=_OUT)
]
_Errors = Annotated[
    Path | None, _option("--errors", help="The error records, in a file too.", panel=_OUT)
]
_Resume = Annotated[bool, _option("--resume", help="Go on where a run was stopped.", panel=_OUT)]
_Jobs = Annotated[int, _option("--jobs", "-j", min=1, help="Processes.", panel=_OUT)]
_Summary = Annotated[
    bool, _option("--summary", help="Print the cohort in place of the rows.", panel=_OUT)
]
_SummaryJson = Annotated[
    Path | None, _option("--summary-json", help="The cohort as JSON.", panel=_OUT)
]
_Region = Annotated[
    str | None, _option("--region", help="us, eu: for rows that state none.", panel=_HOW)
]
_AsOf = Annotated[
    str | None, _option("--as-of", help="ISO date, for rows that state none.", panel=_HOW)
]
_Strict = Annotated[bool, _option("--strict", help="As in recommend.", panel=_HOW)]
_OnLabel = Annotated[bool, _option("--on-label", help="As in recommend.", panel=_HOW)]
_Formulary = Annotated[Path | None, _option("--formulary", help="A local formulary.", panel=_HOW)]
_Engine = Annotated[
    EngineName, _option("--engine", help="plain: slow, to compare with.", panel=_HOW)
]


def batch(
    file: _File,
    *,
    input_format: _Input = None,
    encoding: _Encoding = "utf-8",
    maps: _Maps = None,
    ignore: _Ignore = None,
    ignore_other: _IgnoreOther = False,
    columns: _Columns = False,
    form: _Format = BatchFormat.ndjson,
    output: _Output = None,
    errors: _Errors = None,
    resume: _Resume = False,
    jobs: _Jobs = 1,
    summary: _Summary = False,
    summary_json: _SummaryJson = None,
    region: _Region = None,
    as_of: _AsOf = None,
    strict: _Strict = False,
    on_label: _OnLabel = False,
    formulary: _Formulary = None,
    engine: _Engine = EngineName.slices,
    catalogue: CatalogueOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
) -> None:
    """One result per row, in order; a bad row becomes an error record and the others go on."""
    from lenrx.batch.manifest import begun_on, beside
    from lenrx.batch.runs import Plan, RunError, apart, replaceable

    with one_line_errors():
        plan = Plan(
            source=file,
            form=_form(file, input_format),
            how=_how(region, as_of or (begun_on(output) if resume else None), strict, on_label),
            columns=_column_map(maps or [], ignore or []),
            ignore_other=ignore_other,
            encoding=_known(encoding),
            catalogue=str(catalogue) if catalogue else None,
            formulary=str(formulary) if formulary else None,
            engine=engine.value,
            as_csv=form is BatchFormat.csv,
        )
        if file != "-" and not (Path(file).is_file() and os.access(file, os.R_OK)):
            fail(f"{file}: no such file, or not to be read")
        if columns:
            _propose(plan)
            return
        try:
            apart(file, output, errors, summary_json)
            if output:
                apart(file, beside(output))
                replaceable(output, beside(output), errors)
            tally = _run(plan, form, output, errors, resume, jobs, quiet=summary)
        except RunError as error:
            fail(str(error))
        _tell(tally, plan, summary, summary_json, (width, color))


def _form(file: str, said: InputFormat | None) -> str:
    found = said.value if said else _ENDINGS.get(Path(file).suffix.lower())
    if found is None:
        fail(f"{file}: say --input-format csv, tsv, ndjson or parquet")
    if found == "parquet" and file == "-":
        fail("-: Parquet cannot be read from stdin; name the file")
    return found


def _known(encoding: str) -> str:
    try:
        b"".decode(encoding)
    except LookupError:
        fail(f"--encoding {encoding}: not a known encoding; try utf-8, latin-1 or cp1252")
    return encoding


def _how(
    region: str | None, as_of: str | None, strict: bool, on_label: bool
) -> tuple[tuple[str, Any], ...]:
    from lenrx.patient.patient import SCALARS

    asked = {"as_of": today() if as_of is None else as_of, "region": region}
    for name, value in asked.items():
        try:
            asked[name] = SCALARS[name](value) if value is not None else None
        except ValueError as error:
            fail(f"--{name.replace('_', '-')}: {error}")
    return (*asked.items(), ("strict", strict), ("on_label", on_label))


def _column_map(maps: Sequence[str], ignore: Sequence[str]) -> Any:
    from lenrx.intake.column_map import ColumnMap, read_map

    found = read_map(maps)
    for name in ignore:
        if name in found.columns:
            fail(f"column {name} is both mapped and ignored; keep one")
    return ColumnMap(found.columns, found.ignore | frozenset(ignore))


def _propose(plan: Plan) -> None:
    from itertools import islice

    from lenrx.batch.runs import header_and_rows
    from lenrx.catalogue.loading import load
    from lenrx.intake.column_map import propose

    with _source(plan) as source:
        header, found = header_and_rows(plan, source)
        write(propose(header, list(islice(found, _SAMPLE)), load()).rstrip("\n"), None)


@contextmanager
def _source(plan: Plan) -> Iterator[BinaryIO]:
    if plan.source == "-":
        yield sys.stdin.buffer
        return
    with Path(plan.source).open("rb") as source:
        yield source


def _run(
    plan: Plan,
    form: BatchFormat,
    output: Path | None,
    errors: Path | None,
    resume: bool,
    jobs: int,
    *,
    quiet: bool,
) -> Tally:
    from lenrx.batch import manifest
    from lenrx.batch.runs import KEPT

    if output is None and (resume or jobs > 1):
        fail("--resume and --jobs need --output FILE")
    if form is BatchFormat.parquet:
        if output is None or resume or jobs > 1:
            fail("--format parquet needs --output FILE, and goes without --resume and --jobs")
        return _parquet(plan, output, errors)
    if output is None:
        return _streamed(plan, errors, quiet)
    if plan.source == "-":
        fail("-: --output needs a file that can be read again; name it, or write to stdout")
    try:
        with _writing(output, KEPT), _progress(plan) as watch:
            return manifest.run(plan, output, errors, resume, jobs, watch, now)
    except KeyboardInterrupt:
        typer.echo("lenrx: stopped; run again with --resume to go on", err=True)
        raise typer.Exit(130) from None


def _streamed(plan: Plan, errors: Path | None, quiet: bool) -> Tally:
    """Rows to stdout as they come; with a summary alone, nowhere."""
    from lenrx.batch.runs import stream

    with ExitStack() as stack:
        source = stack.enter_context(_source(plan))
        out = stack.enter_context(Path(os.devnull).open("wb")) if quiet else sys.stdout.buffer
        also = stack.enter_context(_opened(errors)) if errors else None
        watch = stack.enter_context(_progress(plan))
        stack.enter_context(piped())
        tally = stream(plan, source, out, also, watch)
        out.flush()
    return tally


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with _writing(path), path.open("wb") as out:
        yield out


@contextmanager
def _writing(path: Path, then: str = "nothing is kept of it") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        fail(f"{error.filename or path}: {error.strerror or type(error).__name__}; {then}")


def _parquet(plan: Plan, output: Path, errors: Path | None) -> Tally:
    from lenrx.batch.runs import to_parquet

    with _writing(output), _source(plan) as source, _progress(plan) as watch:
        return to_parquet(plan, source, output, errors, watch)


@contextmanager
def _progress(plan: Plan) -> Iterator[Callable[[int], None]]:
    """Rate and time left on stderr, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from lenrx.batch.runs import row_count

    total = None if plan.source == "-" else row_count(plan)
    shown = (
        TextColumn("{task.completed:,.0f} rows"),
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    with Progress(
        *shown,
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=total, rate="")

        def watch(done: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, rate=f"{speed:,.0f} rows/s" if speed else "")

        yield watch


def _tell(
    tally: Tally, plan: Plan, summary: bool, summary_json: Path | None, to: tuple[Any, Any]
) -> None:
    from lenrx.catalogue.loading import load

    if summary or summary_json:
        from lenrx.report import cohort

        found = tally.summary(load(Path(plan.catalogue) if plan.catalogue else None))
        if summary_json:
            write(json.dumps(found, ensure_ascii=False, indent=1), summary_json)
        if summary:
            with drawing(*to) as screen:
                cohort.draw(found, screen)
    if twice := tally.count("twice"):
        typer.echo(f"lenrx: {twice} of {tally.rows} rows repeat the id of another row", err=True)
    if tally.unreadable:
        typer.echo(f"lenrx: {tally.unreadable} of {tally.rows} rows could not be read", err=True)
        raise typer.Exit(1)


def diff(
    before: Annotated[Path, typer.Argument(help="Results of `lenrx batch`, NDJSON.")],
    after: Annotated[Path, typer.Argument(help="Later results of the same patients.")],
    form: Annotated[Plain, typer.Option("--format", "-f")] = Plain.table,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
) -> None:
    """Only the patients whose options changed between two results, and why."""
    from lenrx.batch import diff as changed
    from lenrx.report import cohort

    with one_line_errors():
        found = changed.changes(before, after)
        if form is Plain.json:
            with piped():
                for each in found:
                    sys.stdout.write(json.dumps(each, ensure_ascii=False) + "\n")
                sys.stdout.flush()
            return
        with drawing(width, color) as screen:
            cohort.draw_changes(found, screen)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(epilog="Example: lenrx batch cohort.csv -o results.ndjson --summary")(batch)
    app.command(epilog="Example: lenrx diff january.ndjson june.ndjson")(diff)
