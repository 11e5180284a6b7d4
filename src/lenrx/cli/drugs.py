"""`lenrx drugs`: the drugs of the catalogue, or one with its rules."""

from __future__ import annotations

import typer

from lenrx.cli import entries
from lenrx.cli.terminal import (
    CatalogueOption,
    Color,
    ColorOption,
    Destination,
    Plain,
    PlainOption,
    WidthOption,
)
from lenrx.cli.usage import Command


def drugs(
    wanted: entries.DrugArgument = None,
    form: PlainOption = Plain.table,
    catalogue: CatalogueOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
) -> None:
    """The drugs, their names and classes, or one with all its rules."""
    entries.show("drugs", wanted, form, catalogue, Destination(width, color))


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(cls=Command)(drugs)
