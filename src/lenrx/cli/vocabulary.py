"""`lenrx vocabulary`: the closed lists of words that fields are written with."""

from __future__ import annotations

import typer

from lenrx.cli.terminal import catalogue_folder, one_line_errors


def vocabulary() -> None:
    """The words of cytogenetics, comorbidities, drug classes and classes of other medicines."""
    from lenrx.catalogue.loading import load
    from lenrx.catalogue.vocabulary import CLASS_GROUPS, COMORBIDITIES, CYTOGENETICS, DRUG_CLASSES

    typer.echo("cytogenetics: " + ", ".join(CYTOGENETICS))
    typer.echo("comorbidities: " + ", ".join(COMORBIDITIES))
    typer.echo("classes: " + ", ".join((*DRUG_CLASSES, *CLASS_GROUPS)))
    with one_line_errors():
        classes = load(catalogue_folder(None)).interactions
    typer.echo("interactions: " + ", ".join(classes))


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(vocabulary)
