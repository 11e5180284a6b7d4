"""`lenrx vocabulary`: the closed lists of words that fields are written with."""

from __future__ import annotations

import typer

from lenrx.cli.terminal import catalogue_folder, one_line_errors, write
from lenrx.cli.usage import Command


def vocabulary() -> None:
    """The words of cytogenetics, comorbidities, drug classes and classes of other medicines."""
    from lenrx.catalogue.loading import load
    from lenrx.catalogue.vocabulary import CLASS_GROUPS, COMORBIDITIES, CYTOGENETICS, DRUG_CLASSES

    with one_line_errors():
        words = {
            "cytogenetics": CYTOGENETICS,
            "comorbidities": COMORBIDITIES,
            "classes": (*DRUG_CLASSES, *CLASS_GROUPS),
            "interactions": load(catalogue_folder(None)).interactions,
        }
    write("\n".join(f"{name}: {', '.join(each)}" for name, each in words.items()), None)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(cls=Command)(vocabulary)
