"""`lenrx recommend`: which regimens are open for one patient, and what a change would change."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lenrx.cli.options import PatientCommand, asks
from lenrx.cli.terminal import (
    Color,
    ColorOption,
    Destination,
    Detail,
    DetailOption,
    OutputOption,
    PagerOption,
    WidthOption,
    drawing,
    fail,
    formed,
    one_line_errors,
    to_file,
    told,
    write,
)

if TYPE_CHECKING:
    from lenrx.cli.inquiry import Inquiry
    from lenrx.rules.answer import Answer


class Format(StrEnum):
    """How `recommend` answers; never guessed from the pipe."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


@asks
def recommend(
    *,
    form: Annotated[
        Format | None, typer.Option("--format", "-f", help="How to answer; else as -o is named.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Each reason why regimens are not open.")
    ] = False,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if", metavar="F=V,...", help="Only what this would change, and why; F+=V adds."
        ),
    ] = None,
    detail: DetailOption = None,
    output: OutputOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
    pager: PagerOption = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Without the notices.")] = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Every caution, dose and thing to arrange; sources."),
    ] = False,
    asked: Any = None,
) -> None:
    """Which regimens are open for one patient, what cannot be said yet, and what to ask first."""
    from lenrx.cli.inquiry import inquire

    with one_line_errors():
        output = to_file(output)
        form = formed(form, output, Format.table)
        depth = told(detail, form, Detail.reasons)
        inquiry = inquire(asked)
        answer = inquiry.answer()
        if what_if:
            to = Destination(width, color, output)
            _what_if(inquiry, answer, what_if, form, to, pager, depth)
        elif form is Format.table:
            from lenrx.report.screen.table import draw

            with drawing(width, color, output, pager, private=True) as console:
                draw(answer, console, everything=everything, quiet=quiet, verbose=verbose)
        else:
            write(_rendered(answer, form, depth), output, private=True)


def _rendered(answer: Answer, form: Format, detail: Detail) -> str:
    """The answer as text in one of the forms that need no width."""
    if form is Format.json:
        from lenrx.report import as_json

        return as_json.render(answer, detail=detail.value)
    if form is Format.csv:
        from lenrx.report import as_csv

        return as_csv.render(answer)
    from lenrx.report import markdown

    return markdown.render(answer)


def _what_if(
    inquiry: Inquiry,
    answer: Answer,
    texts: list[str],
    form: Format,
    to: Destination,
    pager: bool,
    detail: Detail,
) -> None:
    """The differences that each change makes, in place of the answer."""
    from lenrx.cli.inquiry import changes
    from lenrx.report import what_if
    from lenrx.rules.differences import differences

    found = []
    for text in texts:
        changed = changes([text], answer.state.patient)
        then = inquiry.answer(changed)
        found.append((changed, then, differences(answer, then)))
    if form is Format.table:
        with drawing(*to, pager, private=True) as console:
            what_if.draw(answer, found, console)
    elif form is Format.json:
        write(what_if.as_json(answer, found, detail.value), to.output, private=True)
    else:
        fail("--what-if answers as table or json")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    example = "Example: lenrx recommend --refractory lena,pi --egfr 25 --lines 2 --region eu"
    app.command(cls=PatientCommand, epilog=example)(recommend)
