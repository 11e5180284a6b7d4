"""`lenrx report`: one patient as a page for a tumour board."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lenrx.cli.options import PatientCommand, asks
from lenrx.cli.terminal import fail, one_line_errors

if TYPE_CHECKING:
    from lenrx.cli.inquiry import Inquiry


@asks
def report(
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The page; - for stdout.", metavar="FILE")
    ] = None,
    asked: Any = None,
) -> None:
    """One patient as one page to open, print and file: it loads nothing from anywhere."""
    from lenrx.cli.inquiry import inquire
    from lenrx.cli.pages import needs_jinja, writable, write_page

    if output is None:
        fail("name a file for the page: --output report.html, or - for stdout")
    with one_line_errors():
        writable(output)
        needs_jinja()
        inquiry = inquire(asked)
        write_page(_page(inquiry), output)


def _page(inquiry: Inquiry) -> str:
    from lenrx.report.html.page import render

    answer = inquiry.answer()
    return render(answer, inquiry.record())


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    example = "Example: lenrx report --refractory lena,pi --egfr 25 -o report.html"
    app.command(cls=PatientCommand, epilog=example)(report)
