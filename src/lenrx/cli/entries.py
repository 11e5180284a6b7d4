"""What `regimens`, `drugs` and `sources` share: entries of the catalogue, all or one in full."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from lenrx.cli.terminal import Destination, catalogue_folder, drawing, one_line_errors, write


def _complete(context: Any, _: Any, incomplete: str) -> list[str]:
    """Ids of drugs or of sources that begin so, by the command."""
    from lenrx.catalogue.loading import load

    entries: Iterable[str] = getattr(load(), context.info_name)
    return [each for each in entries if each.lower().startswith(incomplete.lower())]


IdArgument = Annotated[str | None, typer.Argument(metavar="[ID]", shell_complete=_complete)]


def show(kind: str, wanted: str | None, form: str, catalogue: Path | None, to: Destination) -> None:
    """The entries of one kind, or the one that is wanted, drawn or as text."""
    from lenrx.catalogue.loading import load
    from lenrx.report import browse

    with one_line_errors():
        loaded = load(catalogue_folder(catalogue))
        if form == "table":
            with drawing(*to) as console:
                browse.draw(kind, wanted, loaded, console)
        else:
            render = browse.as_json if form == "json" else browse.as_markdown
            write(render(kind, wanted, loaded), to.output)
