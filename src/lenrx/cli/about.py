"""`lenrx about`: intended use, method, data and limits."""

from __future__ import annotations

import typer

from lenrx.cli.terminal import (
    CatalogueOption,
    Color,
    ColorOption,
    WidthOption,
    catalogue_folder,
    drawing,
    one_line_errors,
)
from lenrx.cli.usage import Command


def about(
    catalogue: CatalogueOption = None, width: WidthOption = None, color: ColorOption = Color.auto
) -> None:
    """Intended use, inputs, method, data and limits: what a reader needs to check the basis."""
    from lenrx.catalogue.loading import load
    from lenrx.curation import validation
    from lenrx.report.catalogue.about import draw

    with one_line_errors(), drawing(width, color) as console:
        found = load(catalogue_folder(catalogue))
        figures = validation.quoted(validation.read(validation.home()), found)
        draw(found, figures, console)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(cls=Command)(about)
