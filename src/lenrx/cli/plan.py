"""`lenrx plan`: a proposed or given regimen, in the catalogue or not, judged for one patient."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lenrx.cli.options import PatientCommand, asks, complete_plans
from lenrx.cli.terminal import (
    Color,
    ColorOption,
    Destination,
    OutputOption,
    PagerOption,
    WidthOption,
    drawing,
    fail,
    formed,
    one_line_errors,
    to_file,
    write,
)

if TYPE_CHECKING:
    from lenrx.rules.plan.judgement import Judgement


class Format(StrEnum):
    """How `plan` answers."""

    table = "table"
    json = "json"
    markdown = "markdown"


@asks
def plan(
    regimen: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REGIMEN|DRUGS]...",
            help="A regimen, or drugs with + , / or spaces between; default: `given` of the file.",
            autocompletion=complete_plans,
        ),
    ] = None,
    *,
    record: Annotated[
        Path | None,
        typer.Option(
            "--record",
            metavar="FILE",
            help="A patient file with treatments: judge each past line as of the day it began.",
        ),
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", "-f", help="How to answer; else as -o is named.")
    ] = None,
    output: OutputOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
    pager: PagerOption = True,
    asked: Any = None,
) -> None:
    """A planned or given regimen, in the catalogue or not: verdict, rules, better options."""
    output = to_file(output)
    form = formed(form, output, Format.table)
    if record is not None:
        with one_line_errors():
            _history(record, regimen, asked, form, Destination(width, color, output), pager)
        return
    from lenrx.cli.inquiry import inquire
    from lenrx.rules.plan.judgement import judge
    from lenrx.rules.plan.reading import read_plan

    with one_line_errors():
        inquiry = inquire(asked, plan=True)
        wanted = read_plan(inquiry.planned(regimen or []), inquiry.catalogue)
        answer = inquiry.answer()
        if form is Format.markdown:
            from lenrx.report.sinks import for_markdown

            answer = for_markdown(answer)
        found = judge(wanted, answer)
        if form is Format.table:
            from lenrx.report.plan import draw

            with drawing(width, color, output, pager, private=True) as console:
                draw(found, console)
        else:
            write(_rendered(found, form), output, private=True)


def _rendered(found: Judgement, form: Format) -> str:
    if form is Format.json:
        from lenrx.rules.plan.document import written

        return written(found)
    from lenrx.report.plan import markdown

    return markdown(found)


def _history(
    record: Path,
    regimen: list[str] | None,
    asked: Mapping[str, Any],
    form: Format,
    to: Destination,
    pager: bool,
) -> None:
    """Each past line of a treatment record, in place of one plan."""
    from lenrx.cli.inquiry import past
    from lenrx.rules.answer import how_asked
    from lenrx.rules.document import in_json
    from lenrx.rules.plan.history import to_dict

    if regimen:
        fail("--record judges what was given; leave the plan out")
    inquiry, region, lines = past(str(record), asked)
    if form is Format.json:
        data = to_dict(lines, inquiry.catalogue, region, how_asked(*inquiry.ways))
        write(in_json(data), to.output, private=True)
    elif form is Format.markdown:
        fail("--record answers as table or json")
    else:
        from lenrx.report.plan import draw_lines
        from lenrx.report.premises import ways

        with drawing(*to, pager, private=True) as console:
            draw_lines(lines, inquiry.catalogue, " ".join(ways(*inquiry.ways)), console)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    example = "Example: lenrx plan KRd --refractory lena --prior-lines 1"
    app.command(cls=PatientCommand, epilog=example)(plan)
