"""`lenrx vocabulary`: the closed lists of words that fields are written with."""

from __future__ import annotations

import typer


def vocabulary() -> None:
    """The words of cytogenetics, comorbidities, drug classes and classes of other medicines."""
    from lenrx.catalogue.loading import load
    from lenrx.catalogue.vocabulary import CLASS_GROUPS, COMORBIDITIES, CYTOGENETICS, DRUG_CLASSES

    typer.echo("cytogenetics: " + ", ".join(CYTOGENETICS))
    typer.echo("comorbidities: " + ", ".join(COMORBIDITIES))
    typer.echo("classes: " + ", ".join((*DRUG_CLASSES, *CLASS_GROUPS)))
    typer.echo("interactions: " + ", ".join(load().interactions))


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(vocabulary)
