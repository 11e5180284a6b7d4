"""`lenrx check`: a catalogue held against the named checks of curation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lenrx.cli.terminal import fail


def check(
    file: Annotated[Path | None, typer.Argument(help="A catalogue file or folder.")] = None,
) -> None:
    """Lint a catalogue: every finding with its check, file and line; exit 1 if there is one."""
    from lenrx.catalogue.records import CatalogueError
    from lenrx.curation.check_files import check_catalogue

    try:
        problems, summary = check_catalogue(file)
    except CatalogueError as error:
        fail(str(error))
    for problem in problems:
        typer.echo(problem)
    typer.echo(summary, err=True)
    if problems:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(check)
