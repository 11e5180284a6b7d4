"""`lenrx compare`: regimens side by side for one patient."""

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
def compare(
    ids: Annotated[list[str], typer.Argument(autocompletion=complete_regimens)],
    *,
    form: PlainOrNamedOption = None,
    detail: DetailOption = None,
    output: OutputOption = None,
    width: WidthOption = None,
    pager: PagerOption = True,
    color: ColorOption = Color.auto,
    asked: Any = None,
) -> None:
    """Regimens side by side for one patient: verdict, label, evidence, doses, cautions."""
    from lenrx.cli.inquiry import inquire, named
    from lenrx.report import as_json
    from lenrx.report.regimen.compare import draw

    with one_line_errors():
        output = to_file(output)
        form = formed(form, output, Plain.table)
        depth = told(detail, form, Detail.full)
        answer = inquire(asked).answer()
        found = named(ids, answer)
        if form is Plain.json:
            write(as_json.render(answer, found, depth.value), output, private=True)
        else:
            with drawing(width, color, output, pager, private=True) as console:
                draw(found, answer, console)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    example = "Example: lenrx compare IsaKd DaraKd PVd --refractory lena --lines 1"
    app.command(cls=PatientCommand, epilog=example)(compare)
