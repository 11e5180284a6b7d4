"""The program `lenrx`: which commands there are, and what holds for all of them."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Final

import typer

from lenrx import __version__
from lenrx.cli.terminal import catalogue_folder, one_line_errors, write
from lenrx.cli.usage import Program

COMMANDS: Final = (
    *("recommend", "ask", "plan", "explain", "compare", "report", "regimens", "drugs", "sources"),
    *("vocabulary", "schema", "about", "check", "batch", "diff"),
)
"""In the order of `lenrx --help`; each stands in the file of its name beside this one."""


def asked_for(arguments: Sequence[str]) -> tuple[str, ...]:
    """The command that is asked for, or all: for help, for completion, and for a near name."""
    first = arguments[0] if arguments else ""
    return (first,) if first in COMMANDS else COMMANDS


def program(commands: Sequence[str]) -> typer.Typer:
    """The program with these commands, each imported from its file."""
    app = typer.Typer(
        name="lenrx",
        cls=Program,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
        pretty_exceptions_show_locals=False,
        rich_markup_mode="rich",
        help=(
            "Which regimens are still open when myeloma is refractory to lenalidomide, why, why "
            "not the others, on what evidence, and what to find out first."
        ),
    )
    app.callback()(root)
    for name in commands:
        import_module(f"lenrx.cli.{name}").register(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from lenrx.catalogue.loading import load

        with one_line_errors():
            found = load(catalogue_folder(None))
        write(f"lenrx {__version__}, catalogue {found.version} ({found.sha256[:12]})", None)
        raise typer.Exit


def root(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_version, is_eager=True, help="Both versions."),
    ] = False,
) -> None:
    """Regimens open in lenalidomide-refractory myeloma; research and education, not CE-marked."""


# Every start pays for every option of every command that is there.
app = program(asked_for(sys.argv[1:]))


def main() -> None:
    """Run the command line; an unexpected failure is one line too, with nothing of the patient."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app(prog_name="lenrx")
    except Exception as error:
        if os.environ.get("LENRX_DEBUG"):
            raise
        kind = type(error).__name__
        typer.echo(f"lenrx: internal error ({kind}); LENRX_DEBUG=1 shows where", err=True)
        raise SystemExit(2) from None
    finally:
        gc.freeze()
