"""`lenrx explain`: every criterion of one regimen for one patient, with its source."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from lenrx.cli.options import PatientCommand, asks, complete_regimens
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
    regimen: Annotated[str, typer.Argument(autocompletion=complete_regimens)],
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
    from lenrx.cli.inquiry import inquire, named
    from lenrx.report import as_json
    from lenrx.report.regimen.explain import draw

    with one_line_errors():
        output = to_file(output)
        form = formed(form, output, Plain.table)
        depth = told(detail, form, Detail.full)
        answer = inquire(asked).answer()
        found = named([regimen], answer)
        if form is Plain.json:
            write(as_json.render(answer, found, depth.value), output)
        else:
            with drawing(width, color, output, pager) as console:
                draw(found[0], answer, console, verbose=verbose)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    example = "Example: lenrx explain IsaPd --refractory lena,bort"
    app.command(cls=PatientCommand, epilog=example)(explain)
