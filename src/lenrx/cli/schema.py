"""`lenrx schema`: the documents that programs exchange with lenrx, as JSON Schema."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from lenrx.cli.terminal import OutputOption, fail, one_line_errors, write
from lenrx.cli.usage import Command

NAMES: Final = (
    *("patient", "recommendation", "plan", "plan-record"),
    *("result", "legend", "manifest", "shown", "summary", "diff"),
    *("regimen", "drug", "source", "network"),
)
"""The documents; those of `lenrx.report.schemas`, which loads pydantic."""


def schema(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help=", ".join(NAMES),
            autocompletion=lambda: list(NAMES),
            show_default=False,
        ),
    ],
    output: OutputOption = None,
) -> None:
    """The JSON Schema (2020-12) of a document that lenrx takes or gives."""
    wanted = name.lower()
    with one_line_errors():
        if wanted not in NAMES:
            from difflib import get_close_matches

            near = get_close_matches(wanted, NAMES, n=2)
            told = f"; did you mean {' or '.join(near)}?" if near else f": {', '.join(NAMES)}"
            fail(f"schema: no document is called {name!r}{told}")
        from lenrx.report.schemas.published import written

        write(written(wanted), output)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(cls=Command, epilog="Example: lenrx schema patient")(schema)
