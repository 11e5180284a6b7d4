"""`lenrx regimens`: the regimens of the catalogue, or one of them in full."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from lenrx.cli import entries
from lenrx.cli.options import complete_regimens
from lenrx.cli.terminal import CatalogueOption, Color, ColorOption, Destination, WidthOption


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
    width: WidthOption = None,
    color: ColorOption = Color.auto,
) -> None:
    """The regimens of the catalogue with their coverage, or one of them in full."""
    entries.show("regimens", wanted, form, catalogue, Destination(width, color))


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(regimens)
