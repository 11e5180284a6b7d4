"""The command line: the only module that prints, and the only one that reads a clock."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lenrx import __version__
from lenrx.cli.options import PatientCommand, asks, complete_regimens
from lenrx.cli.terminal import (
    CatalogueOption,
    Color,
    ColorOption,
    OutputOption,
    Plain,
    WidthOption,
    drawing,
    fail,
    one_line_errors,
    today,
    write,
)

if TYPE_CHECKING:
    from lenrx.cli.inquiry import Inquiry
    from lenrx.rules.assessment import Answer


class Format(StrEnum):
    """How `recommend` and `compare` answer; never guessed from the pipe."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


class Listing(StrEnum):
    """How `regimens` lists; markdown is the coverage table of the docs."""

    table = "table"
    json = "json"
    markdown = "markdown"


app = typer.Typer(
    name="lenrx",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
    help=(
        "Which regimens are still open when myeloma is refractory to lenalidomide, why, why not "
        "the others, on what evidence, and what to find out first."
    ),
)

_PlainFormat = Annotated[Plain, typer.Option("--format", "-f", help="How to answer.")]
_Regimens = Annotated[list[str], typer.Argument(autocompletion=complete_regimens)]


def _inquire(asked: dict[str, Any]) -> Inquiry:
    from lenrx.catalogue.loading import load
    from lenrx.cli.inquiry import inquire

    folder = asked["catalogue"]
    return inquire(asked, load(Path(folder) if folder else None), today())


@app.command(
    cls=PatientCommand,
    epilog="Example: lenrx recommend --refractory lena,pi --egfr 25 --lines 2 --region eu",
)
@asks
def recommend(
    *,
    form: Annotated[Format, typer.Option("--format", "-f", help="How to answer.")] = Format.table,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is not open, and why.")
    ] = False,
    what_if: Annotated[
        list[str] | None,
        typer.Option("--what-if", metavar="F=V,...", help="Only what this would change, and why."),
    ] = None,
    output: OutputOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Without the notices.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Every caution, identifiers of sources.")
    ] = False,
    asked: Any = None,
) -> None:
    """Which regimens are open for one patient, what cannot be said yet, and what to ask first."""
    with one_line_errors():
        inquiry = _inquire(asked)
        answer = inquiry.answer()
        if what_if:
            _what_if(inquiry, answer, what_if, form, (width, color, output))
        elif form is Format.table:
            from lenrx.report.table import draw

            with drawing(width, color, output) as to:
                draw(answer, to, everything=everything, quiet=quiet, verbose=verbose)
        else:
            write(_rendered(answer, form), output)


def _rendered(answer: Answer, form: Format) -> str:
    if form is Format.json:
        from lenrx.report import as_json

        return as_json.render(answer)
    if form is Format.csv:
        from lenrx.report import as_csv as delimited

        return delimited.render(answer)
    from lenrx.report import markdown

    return markdown.render(answer)


def _what_if(inquiry: Inquiry, answer: Answer, texts: list[str], form: Format, to: Any) -> None:
    from lenrx.cli.inquiry import changes
    from lenrx.report import what_if
    from lenrx.rules.differences import differences

    found = []
    for text in texts:
        wanted = changes([text])
        found.append((wanted, differences(answer, inquiry.answer(wanted))))
    if form is Format.table:
        with drawing(*to) as screen:
            what_if.draw(answer, found, screen)
    elif form is Format.json:
        write(what_if.as_json(answer, found), to[2])
    else:
        fail("--what-if answers as table or json")


@app.command(cls=PatientCommand, epilog="Example: lenrx explain IsaPd --refractory lena,bort")
@asks
def explain(
    regimen: Annotated[str, typer.Argument(autocompletion=complete_regimens)],
    *,
    form: _PlainFormat = Plain.table,
    output: OutputOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
    asked: Any = None,
) -> None:
    """Each criterion of one regimen, met, not met or unknown, with its source and all evidence."""
    from lenrx.report import explain

    _show([regimen], asked, form, (width, color, output), explain.draw)


def _show(ids: list[str], asked: Any, form: Plain, to: Any, draw: Callable[..., None]) -> None:
    """Some regimens of an answer, as JSON or drawn."""
    from lenrx.catalogue.names import regimen
    from lenrx.report import as_json

    with one_line_errors():
        answer = _inquire(asked).answer()
        by_id = {each.regimen.id: each for each in answer.regimens}
        wanted = dict.fromkeys(regimen(each, answer.catalogue).id for each in ids)
        found = tuple(by_id[each] for each in wanted)
        if form is Plain.json:
            write(as_json.render(answer, found), to[2])
            return
        with drawing(*to) as screen:
            draw(found, answer, screen)


@app.command(
    cls=PatientCommand, epilog="Example: lenrx compare IsaKd DaraKd PVd --refractory lena --lines 1"
)
@asks
def compare(
    ids: _Regimens,
    *,
    form: _PlainFormat = Plain.table,
    output: OutputOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
    asked: Any = None,
) -> None:
    """Regimens side by side for one patient: verdict, label, evidence, doses, cautions."""
    from lenrx.report import comparison as side_by_side

    _show(ids, asked, form, (width, color, output), side_by_side.draw)


def _browse(kind: str, wanted: str | None, form: str, catalogue: Path | None, to: Any) -> None:
    from lenrx.catalogue.loading import load
    from lenrx.report import browse

    with one_line_errors():
        loaded = load(catalogue)
        if form != "table":
            render = browse.as_json if form == "json" else browse.as_markdown
            write(render(kind, wanted, loaded), None)
            return
        with drawing(*to) as screen:
            browse.draw(kind, wanted, loaded, screen)


_Id = Annotated[str | None, typer.Argument(metavar="[ID]")]
_RegimenId = Annotated[str | None, typer.Argument(metavar="[ID]", autocompletion=complete_regimens)]


@app.command()
def regimens(
    wanted: _RegimenId = None,
    form: Annotated[Listing, typer.Option("--format", "-f", help="How to answer.")] = Listing.table,
    catalogue: CatalogueOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
) -> None:
    """The regimens of the catalogue with their coverage, or one of them in full."""
    _browse("regimens", wanted, form, catalogue, (width, color))


@app.command()
def drugs(
    wanted: _Id = None,
    form: _PlainFormat = Plain.table,
    catalogue: CatalogueOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
) -> None:
    """The drugs, their names and classes, or one with all its rules."""
    _browse("drugs", wanted, form, catalogue, (width, color))


@app.command()
def sources(
    wanted: _Id = None,
    form: _PlainFormat = Plain.table,
    catalogue: CatalogueOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
) -> None:
    """The documents that the facts rest on, or one with every place that cites it."""
    _browse("sources", wanted, form, catalogue, (width, color))


@app.command()
def vocabulary() -> None:
    """The words that cytogenetics, comorbidities and drug classes are written with."""
    from lenrx.catalogue.vocabulary import CLASS_GROUPS, COMORBIDITIES, CYTOGENETICS, DRUG_CLASSES

    typer.echo("cytogenetics: " + ", ".join(CYTOGENETICS))
    typer.echo("comorbidities: " + ", ".join(COMORBIDITIES))
    typer.echo("classes: " + ", ".join((*DRUG_CLASSES, *CLASS_GROUPS)))


@app.command()
def about(
    catalogue: CatalogueOption = None, width: WidthOption = None, color: ColorOption = Color.auto
) -> None:
    """Intended use, inputs, method, data and limits: what a reader needs to check the basis."""
    from lenrx.catalogue.loading import load
    from lenrx.report import about

    with one_line_errors(), drawing(width, color) as to:
        about.draw(load(catalogue), to)


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="A catalogue file or folder.")] = None,
) -> None:
    """Lint a catalogue: every finding with its check, file and line; exit 1 if there is one."""
    from lenrx.catalogue.records import CatalogueError
    from lenrx.curation.checks import check_catalogue

    try:
        problems, said = check_catalogue(file)
    except CatalogueError as error:
        fail(str(error))
    for problem in problems:
        typer.echo(problem)
    typer.echo(said, err=True)
    if problems:
        raise typer.Exit(1)


# Every start pays for every option of every command, and one patient does not need those of many.
if sys.argv[1:2] not in (["recommend"], ["explain"], ["compare"]):
    from lenrx.cli import batch as cohort

    cohort.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from lenrx.catalogue.loading import load

        with one_line_errors():
            found = load()
        typer.echo(f"lenrx {__version__}, catalogue {found.version} ({found.sha256[:12]})")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Both versions.")
    ] = False,
) -> None:
    """Regimens open in lenalidomide-refractory myeloma; research and education, not CE-marked."""


def main() -> None:
    """Run the command line; an unexpected failure is one line too, with nothing of the patient."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        app(prog_name="lenrx")
    except Exception as error:
        if os.environ.get("LENRX_DEBUG"):
            raise
        kind = type(error).__name__
        typer.echo(f"lenrx: internal error ({kind}); LENRX_DEBUG=1 shows where", err=True)
        raise SystemExit(2) from None
    finally:
        gc.freeze()
