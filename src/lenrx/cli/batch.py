"""`lenrx batch`: a result for each row of a table of patients."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from lenrx.cli.clock import now, today
from lenrx.cli.cohort import courses as course_table
from lenrx.cli.cohort import input as given
from lenrx.cli.cohort import page
from lenrx.cli.cohort.options import (
    AsOfOption,
    BaselineOption,
    BatchFormat,
    ColumnsOption,
    CourseColumnsOption,
    CoursesOption,
    DelimiterOption,
    DictionaryOption,
    EncodingOption,
    ErrorsOption,
    FileOption,
    FormatOption,
    FormularyOption,
    IgnoreOption,
    IgnoreOtherOption,
    InputOption,
    JobsOption,
    LongOption,
    MapsOption,
    MissingOption,
    OnLabelOption,
    OutputOption,
    QuietOption,
    RegionOption,
    ReportOption,
    ResumeOption,
    RowDetail,
    RowDetailOption,
    SheetOption,
    ShowOption,
    StrictOption,
    SummaryJsonOption,
    SummaryOption,
    UnreadOption,
    WithoutHistoryOption,
)
from lenrx.cli.cohort.output import (
    Cohort,
    Outputs,
    cohort,
    error_records,
    held,
    keep,
    nothing_lost,
    one_on_stdout,
    writing,
)
from lenrx.cli.terminal import (
    CatalogueOption,
    Color,
    ColorOption,
    WidthOption,
    drawing,
    fail,
    formed,
    one_line_errors,
    piped,
    to_file,
    write,
)
from lenrx.cli.usage import Command

if TYPE_CHECKING:
    from lenrx.batch.plan import Plan
    from lenrx.batch.summary import Summary


Say = Callable[[str], None]
"""What tells a notice; errors are told in any case."""
Drawn = tuple[int | None, Color]
"""How wide and in which colours a summary is drawn."""


def batch(
    file: FileOption = None,
    *,
    courses: CoursesOption = None,
    course_columns: CourseColumnsOption = None,
    baseline: BaselineOption = False,
    input_format: InputOption = None,
    encoding: EncodingOption = "utf-8",
    delimiter: DelimiterOption = None,
    sheet: SheetOption = None,
    maps: MapsOption = None,
    ignore: IgnoreOption = None,
    ignore_other: IgnoreOtherOption = False,
    missing: MissingOption = None,
    unread: UnreadOption = None,
    without_history: WithoutHistoryOption = False,
    columns: ColumnsOption = False,
    dictionary: DictionaryOption = None,
    form: FormatOption = None,
    detail: RowDetailOption = RowDetail.ids,
    long: LongOption = False,
    output: OutputOption = None,
    errors: ErrorsOption = None,
    resume: ResumeOption = False,
    jobs: JobsOption = 1,
    summary: SummaryOption = False,
    quiet: QuietOption = False,
    summary_json: SummaryJsonOption = None,
    report: ReportOption = None,
    show: ShowOption = None,
    region: RegionOption = None,
    as_of: AsOfOption = None,
    strict: StrictOption = False,
    on_label: OnLabelOption = False,
    formulary: FormularyOption = None,
    catalogue: CatalogueOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
) -> None:
    """One result per row, in order; a bad row becomes an error record and the others go on."""
    from lenrx.batch.files import RunError
    from lenrx.batch.manifest import begun_on
    from lenrx.batch.plan import Plan

    file = file or courses
    if file is None:
        fail("name a table of patients, or --courses FILE")
    output = to_file(output)
    with one_line_errors(), writing(output or Path(file)):
        given.there(file, stdin=show is None)
        if show is not None:
            _show(Path(file), show)
            return
        course_table.readable(courses)
        region, catalogue, formulary, outside = given.outside(region, catalogue, formulary, quiet)
        plan = Plan(
            source=file,
            input_form="csv" if file == courses else given.form(file, input_format),
            how=_how(region, as_of or (begun_on(output) if resume else None), strict, on_label),
            columns=given.column_map(maps or [], ignore or [], missing or "", unread, catalogue),
            ignore_other=ignore_other,
            encoding=given.encoding(encoding),
            catalogue=str(catalogue) if catalogue else None,
            formulary=str(formulary) if formulary else None,
            form=formed(form, output, BatchFormat.ndjson).value,
            detail=detail.value,
            long=long,
            courses=courses,
            course_columns=course_table.columns(course_columns or []),
            baseline=baseline,
            delimiter=given.delimiter(delimiter),
            sheet=sheet,
            without_history=without_history,
            outside=outside,
        )
        _fitting(plan, output, resume, jobs)
        if dictionary and not columns:
            fail("--dictionary goes with --columns; the map that it proposes holds all of it")
        if columns:
            given.propose(plan, dictionary, given.say_nothing if quiet else given.say)
            return
        to = Outputs(output, errors, summary_json, report)
        one_on_stdout(to, summary=summary)
        if report:
            page.ready(report)
        try:
            nothing_lost(plan, maps or [], to)
            say = given.say_nothing if quiet else given.say
            with held(to):
                found = _run(plan, to, resume, jobs, say, (width, color) if summary else None)
            _tell(found, plan, say)
        except RunError as error:
            fail(str(error))


def _fitting(plan: Plan, output: Path | None, resume: bool, jobs: int) -> None:
    """Refuse options that do not go together."""
    if output is None and (resume or jobs > 1):
        fail("--resume and --jobs need --output FILE")
    if plan.form == "parquet" and output is None:
        fail("--format parquet needs --output FILE")
    if plan.long and plan.form == "ndjson":
        fail("--long is a table: say --format csv or parquet")
    if plan.detail != "ids" and plan.form == "csv":
        fail(f"--detail {plan.detail} is for NDJSON; csv has columns of its own")
    if plan.detail == "reasons" and plan.form == "parquet":
        fail("--detail reasons is for NDJSON; --long has the reasons as a table")
    if plan.detail != "ids" and plan.long:
        fail("--long goes without --detail")


def _show(results: Path, row: int) -> None:
    """Print one row of results with everything written out."""
    from lenrx.batch.shown import shown

    write(json.dumps(shown(results, row), ensure_ascii=False, indent=1), None)


def _how(
    region: str | None, as_of: str | None, strict: bool, on_label: bool
) -> tuple[tuple[str, Any], ...]:
    from lenrx.patient.patient import SCALARS

    asked = {"as_of": today() if as_of is None else as_of, "region": region}
    for name, value in asked.items():
        try:
            asked[name] = SCALARS[name](value) if value is not None else None
        except ValueError as error:
            fail(f"--{name.replace('_', '-')}: {value!r}: {error}")
    return (*asked.items(), ("strict", strict), ("on_label", on_label))


def _run(
    plan: Plan, to: Outputs, resume: bool, jobs: int, say: Say, drawn: Drawn | None
) -> Summary:
    """Answer every row, then make of the counts what was asked for; all of it can be resumed."""
    from lenrx.batch import manifest
    from lenrx.batch.files import KEPT

    made = list[Cohort]()

    def counted(found: Summary) -> None:
        if drawn or to.summary_json or to.report:
            made.append(cohort(found, plan))
            keep(made[0], plan, to.made_of())

    if to.output is None:
        found = _streamed(plan, to.errors, say, rows=drawn is None)
        counted(found)
    elif plan.source == "-":
        fail("-: --output needs a file that can be read again; name it, or write to stdout")
    else:
        try:
            with writing(to.output, KEPT), _progress(plan) as watch:
                files = (to.output, to.errors)
                found = manifest.run(plan, *files, resume, jobs, watch, now, say, counted)
        except KeyboardInterrupt:
            typer.echo("lenrx: stopped; run again with --resume to go on", err=True)
            raise typer.Exit(130) from None
    from lenrx.report.summary import draw

    for each in made:
        keep(each, plan, to.made_of(stdout=True))
        if drawn:
            with drawing(*drawn) as screen:
                draw(each.document, screen)
    return found


def _streamed(plan: Plan, errors: Path | None, say: Say, *, rows: bool) -> Summary:
    """Rows to stdout as they come; with a summary alone, nowhere."""
    from lenrx.batch.run import stream

    with ExitStack() as stack:
        source = stack.enter_context(given.source(plan))
        also = stack.enter_context(error_records(errors)) if errors else None
        watch = stack.enter_context(_progress(plan))
        stack.enter_context(piped())
        if isinstance(sys.stdout, io.TextIOWrapper):
            # What cannot be written as UTF-8, half a surrogate pair, is a question mark.
            sys.stdout.reconfigure(errors="replace")
        found = stream(plan, source, sys.stdout if rows else None, also, watch, say)
        sys.stdout.flush()
    return found


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

    from lenrx.batch.plan import row_count

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


def _tell(found: Summary, plan: Plan, say: Say) -> None:
    """What there is to say of the rows; exit 1 where one could not be read."""
    if plan.courses and say is not given.say_nothing:
        course_table.tell(plan, found.rows)
    if passed := found.passed_over:
        say(_passed(passed))
    if twice := found.count("twice"):
        say(f"{twice} of {found.rows} rows repeat the id of another row")
    if nothing := found.count("nothing"):
        say(f"{nothing} of {found.rows} rows state nothing of the disease or its treatment")
    if left := found.count("left"):
        which = ", ".join(f"{field} {count}" for field, count in found.left_fields.items())
        told = f"have a cell that cannot be read, taken as not stated ({which})"
        say(f"{left} of {found.rows} rows {told}")
    if found.unreadable:
        lost = found.count("swallowed")
        more = f"; {lost} further {'lines' if lost > 1 else 'line'} went with them" if lost else ""
        said = f"lenrx: {found.unreadable} of {found.rows} rows could not be read{more}"
        typer.echo(said, err=True)
        raise typer.Exit(1)


_PASSED: Final = {
    "empty": ("empty row", "empty rows"),
    "header": ("row with the header again", "rows with the header again"),
    "comment": ("comment", "comments"),
    "footer": ("total or note under the table", "totals or notes under the table"),
}


def _passed(kinds: Mapping[str, int]) -> str:
    said = (f"{count} {_PASSED[kind][count > 1]}" for kind, count in kinds.items())
    return f"passed over, as no patient: {', '.join(said)}"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(cls=Command, epilog="Example: lenrx batch cohort.csv -o results.ndjson --summary")(
        batch
    )
