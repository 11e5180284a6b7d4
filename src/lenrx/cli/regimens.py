"""`lenrx regimens`: the regimens of the catalogue, or one of them in full."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lenrx.cli import entries
from lenrx.cli.options import complete_regimens
from lenrx.cli.terminal import (
    CatalogueOption,
    Color,
    ColorOption,
    Destination,
    PagerOption,
    WidthOption,
    catalogue_folder,
    drawing,
    fail,
    one_line_errors,
    write,
)
from lenrx.cli.usage import Command


class Format(StrEnum):
    """How `regimens` lists; markdown is the coverage table of the docs."""

    table = "table"
    json = "json"
    markdown = "markdown"


def regimens(
    wanted: Annotated[
        str | None, typer.Argument(metavar="[ID]", autocompletion=complete_regimens)
    ] = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="How to answer.")] = Format.table,
    catalogue: CatalogueOption = None,
    network: Annotated[
        bool, typer.Option("--network", help="Who was shown superior to whom, by level.")
    ] = False,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
    pager: PagerOption = True,
) -> None:
    """The regimens of the catalogue with their coverage, or one of them in full."""
    if not network:
        entries.show("regimens", wanted, form, catalogue, Destination(width, color))
    elif wanted is not None or form is Format.markdown:
        fail("--network draws all regimens, as table or json; leave the id out")
    else:
        _network(form, catalogue, Destination(width, color), pager)


def _network(form: Format, catalogue: Path | None, to: Destination, pager: bool) -> None:
    """The network of randomised comparisons, drawn or as JSON."""
    from lenrx.catalogue.loading import load
    from lenrx.report.catalogue import network

    with one_line_errors():
        loaded = load(catalogue_folder(catalogue))
        if form is Format.json:
            write(network.as_json(loaded), to.output)
        else:
            with drawing(*to, pager) as console:
                network.draw(loaded, console)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(cls=Command)(regimens)
