"""`lenrx check`: a catalogue, or a file of your own, held against what it should be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from lenrx.cli.terminal import CatalogueOption, catalogue_folder, fail, one_line_errors, write
from lenrx.cli.usage import Command

_HELP = (
    "A catalogue file or folder, a formulary, a column map, a patient (JSON, YAML) or a cohort "
    "(CSV, TSV, Excel, JSON, Parquet); the catalogue where it is left out."
)


def check(
    file: Annotated[Path | None, typer.Argument(help=_HELP)] = None,
    maps: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="F=C|FILE", help="Of a cohort: which column is what."),
    ] = None,
    courses: Annotated[
        bool, typer.Option("--courses", help="The file is a long table of courses.")
    ] = False,
    review: Annotated[
        bool, typer.Option("--review", help="Of a catalogue: also what should be looked at.")
    ] = False,
    selftest: Annotated[
        bool,
        typer.Option("--selftest", help="Whether the answers are what the catalogue says."),
    ] = False,
    catalogue: CatalogueOption = None,
) -> None:
    """Check a catalogue or your own file: one line a problem, with its place; exit 1 if any."""
    from lenrx.curation.check_files import check_file, review_catalogue

    with one_line_errors():
        folder = catalogue_folder(catalogue)
        if selftest:
            alone = not (file or maps or courses or review)
            problems, summary = _self_test(folder, alone=alone)
        else:
            problems, summary = check_file(file, folder, maps or (), courses)
        looked_at = review_catalogue(file or folder) if review else []
    if lines := [*problems, *looked_at]:
        write("\n".join(lines), None)
    typer.echo(f"{summary}; {len(looked_at)} to review" if review else summary, err=True)
    if problems:
        raise typer.Exit(1)


def _self_test(folder: Path | None, *, alone: bool) -> tuple[Sequence[str], str]:
    """The failures of the deck of a catalogue, and its counts."""
    from lenrx.catalogue.loading import load
    from lenrx.curation.deck.figures import line
    from lenrx.curation.deck.selftest import self_test

    if not alone:
        fail("--selftest: goes with --catalogue DIR and nothing else; leave the rest out")
    found = self_test(load(folder))
    return found.problems, line(found)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(cls=Command)(check)
