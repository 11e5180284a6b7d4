"""`lenrx explain`: every criterion of one regimen for one patient, with its source."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from lenrx.cli.options import PatientCommand, asks, complete_plans
from lenrx.cli.terminal import (
    Color,
    ColorOption,
    Detail,
    DetailOption,
    OutputOption,
    PagerOption,
    Plain,
    PlainOrNamedOption,
    WidthOption,
    drawing,
    formed,
    one_line_errors,
    to_file,
    told,
    write,
)


@asks
def explain(
    regimen: Annotated[
        list[str],
        typer.Argument(
            metavar="REGIMEN|DRUGS...",
            help="A regimen, in the catalogue or not, or its drugs.",
            autocompletion=complete_plans,
        ),
    ],
    *,
    form: PlainOrNamedOption = None,
    detail: DetailOption = None,
    output: OutputOption = None,
    width: WidthOption = None,
    pager: PagerOption = True,
    color: ColorOption = Color.auto,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Every criterion with its rule, every figure.")
    ] = False,
    asked: Any = None,
) -> None:
    """What decided on one regimen, doses, cautions, what to arrange, evidence and label."""
    from lenrx.cli.inquiry import inquire
    from lenrx.report import as_json
    from lenrx.report.regimen.explain import draw
    from lenrx.rules.plan.judgement import judge
    from lenrx.rules.plan.reading import read_plan

    with one_line_errors():
        output = to_file(output)
        form = formed(form, output, Plain.table)
        depth = told(detail, form, Detail.full)
        answer = inquire(asked).answer()
        found = judge(read_plan(" ".join(regimen), answer.catalogue), answer)
        for words in found.plan.said:
            print(f"lenrx: {words}", file=sys.stderr)
        if form is Plain.json:
            write(as_json.render(answer, (found.each,), depth.value), output, private=True)
        else:
            with drawing(width, color, output, pager, private=True) as console:
                draw(found.each, answer, console, verbose=verbose)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    example = "Example: lenrx explain IsaPd --refractory lena,bort"
    app.command(cls=PatientCommand, epilog=example)(explain)
