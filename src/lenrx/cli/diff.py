"""`lenrx diff`: whose options changed between two results."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from lenrx.cli.terminal import (
    Color,
    ColorOption,
    Plain,
    WidthOption,
    drawing,
    one_line_errors,
    piped,
)
from lenrx.cli.usage import Command


def diff(
    before: Annotated[Path, typer.Argument(help="Results of `lenrx batch`, NDJSON.")],
    after: Annotated[Path, typer.Argument(help="Later results of the same patients.")],
    form: Annotated[Plain, typer.Option("--format", "-f")] = Plain.table,
    width: WidthOption = None,
    color: ColorOption = Color.auto,
) -> None:
    """Only the patients whose options changed between two results, and why."""
    from lenrx.batch.diff import changes
    from lenrx.report.diff import draw

    with one_line_errors():
        found = changes(before, after)
        if form is Plain.json:
            with piped():
                for each in found:
                    sys.stdout.write(json.dumps(each, ensure_ascii=False) + "\n")
                sys.stdout.flush()
            return
        with drawing(width, color) as screen:
            draw(found, screen)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(cls=Command, epilog="Example: lenrx diff january.ndjson june.ndjson")(diff)
