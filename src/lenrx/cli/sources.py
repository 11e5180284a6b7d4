"""`lenrx sources`: the documents of the catalogue, or one with what rests on it."""

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


def sources(
    wanted: entries.SourceArgument = None,
    form: PlainOption = Plain.table,
    catalogue: CatalogueOption = None,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
) -> None:
    """The documents that the facts rest on, or one with every place that cites it."""
    entries.show("sources", wanted, form, catalogue, Destination(width, color))


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(cls=Command)(sources)
