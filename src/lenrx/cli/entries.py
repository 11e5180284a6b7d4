"""What `regimens`, `drugs` and `sources` share: entries of the catalogue, all or one in full."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lenrx.cli.terminal import Destination, catalogue_folder, drawing, one_line_errors, write


def _drugs(incomplete: str) -> list[str]:
    from lenrx.catalogue.loading import load

    return [each for each in load().drugs if each.startswith(incomplete.lower())]


def _sources(incomplete: str) -> list[str]:
    from lenrx.catalogue.loading import load

    return [each for each in load().sources if each.lower().startswith(incomplete.lower())]


DrugArgument = Annotated[str | None, typer.Argument(metavar="[ID]", autocompletion=_drugs)]
SourceArgument = Annotated[str | None, typer.Argument(metavar="[ID]", autocompletion=_sources)]


def show(kind: str, wanted: str | None, form: str, catalogue: Path | None, to: Destination) -> None:
    """The entries of one kind, or the one that is wanted, drawn or as text."""
    from lenrx.catalogue.loading import load
    from lenrx.report.catalogue import browse

    with one_line_errors():
        loaded = load(catalogue_folder(catalogue))
        if form == "table":
            with drawing(*to) as console:
                browse.draw(kind, wanted, loaded, console)
        else:
            render = browse.as_json if form == "json" else browse.as_markdown
            write(render(kind, wanted, loaded), to.output)
