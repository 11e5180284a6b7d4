"""What every command needs of the terminal: one-line errors, where results go, drawing."""

from __future__ import annotations

import io
import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from lenrx.cli.defaults import Default

DEFAULTS: Final = {
    "region": "LENRX_REGION",
    "catalogue": "LENRX_CATALOGUE",
    "formulary": "LENRX_FORMULARY",
}
"""What may be set outside the call, each with its variable of the environment."""
_DEFAULTS_FILES: Final = ("lenrx.toml", "pyproject.toml")


_Form = TypeVar("_Form", bound=StrEnum)


class Color(StrEnum):
    """When to colour; auto honours NO_COLOR."""

    auto = "auto"
    always = "always"
    never = "never"


class Plain(StrEnum):
    """How the commands that show one thing answer."""

    table = "table"
    json = "json"


class Detail(StrEnum):
    """How much JSON tells: what decides, with its reasons, or every criterion."""

    brief = "brief"
    reasons = "reasons"
    full = "full"


CatalogueOption = Annotated[
    Path | None,
    typer.Option("--catalogue", help="A folder with your own catalogue files.", metavar="DIR"),
]
WidthOption = Annotated[int | None, typer.Option("--width", min=40, help="Columns to draw in.")]
PlainOption = Annotated[Plain, typer.Option("--format", "-f", help="How to answer.")]
PlainOrNamedOption = Annotated[
    Plain | None, typer.Option("--format", "-f", help="How to answer; else as -o is named.")
]
DetailOption = Annotated[
    Detail | None, typer.Option("--detail", help="How much JSON tells: what decides, why, or all.")
]
ColorOption = Annotated[Color, typer.Option("--color", help="auto honours NO_COLOR.")]
PagerOption = Annotated[
    bool,
    typer.Option("--pager/--no-pager", help="Long answers through LENRX_PAGER, PAGER or less."),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to a file; - is stdout.")
]
_NAMED: Final = {
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".md": "markdown",
    ".parquet": "parquet",
    ".html": "html",
    ".htm": "html",
    **{f".{each}": each for each in ("pdf", "docx", "xlsx", "ods", "tsv", "yaml", "yml", "xml")},
}
"""The format that the name of a file asks for, whether or not any command writes it."""


def asked_form(output: Path) -> str | None:
    """The format that the name of a file asks for; None where it asks for none."""
    return _NAMED.get(output.suffix.lower())


def to_file(output: Path | None) -> Path | None:
    """Where to write; nothing is stdout, and so is `-`."""
    return None if output == Path("-") else output


def formed(said: _Form | None, output: Path | None, usual: _Form) -> _Form:
    """The format that is said, else the one that the name of the output asks for, else the usual.

    Ends the program where the name asks for one that the command does not write.
    """
    wanted = asked_form(output) if output else None
    forms = {each.value: each for each in type(usual)}
    if said or not wanted or wanted in forms:
        return said or forms[wanted or usual.value]
    if wanted == "html":
        fail(f"{output}: HTML is written by lenrx report; here --format is {', '.join(forms)}")
    fail(f"{output}: {wanted} is not written here; --format is {', '.join(forms)}")


def told(detail: Detail | None, form: str, usual: Detail) -> Detail:
    """How much to tell. Ends the program where another format than JSON was asked for less."""
    if detail and form != "json":
        fail(f"--detail {detail} is for --format json; {form} has a form of its own")
    return detail or usual


def default(name: str) -> Default | None:
    """What is set outside the call for an option that was not given, and where it stands."""
    if DEFAULTS[name] not in os.environ and not any(Path(n).exists() for n in _DEFAULTS_FILES):
        return None
    from lenrx.cli.defaults import DefaultsError, found

    try:
        return found(name, DEFAULTS)
    except DefaultsError as error:
        fail(str(error))


def catalogue_folder(given: Path | None) -> Path | None:
    """The folder of the catalogue: as given, else as set outside the call, which is said."""
    if given is not None or (found := default("catalogue")) is None:
        return given
    typer.echo(f"lenrx: catalogue {one_line(found.value)}, by {found.place}", err=True)
    return Path(found.value)


class Destination(NamedTuple):
    """Where a result goes and how it is drawn; without an output, to stdout."""

    width: int | None
    color: Color
    output: Path | None = None


def fail(message: str) -> NoReturn:
    """One line on stderr and exit 2: what is wrong, where, what to do."""
    typer.echo(f"lenrx: {one_line(message)}", err=True)
    raise typer.Exit(2)


def one_line(text: str) -> str:
    """A message without anything that a terminal obeys: it may quote a file."""
    from lenrx.report.sinks import on_one_line

    return on_one_line(text)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """What cannot be run is one line on stderr and exit 2."""
    from lenrx.catalogue.formulary import FormularyError
    from lenrx.catalogue.names import UnknownName
    from lenrx.catalogue.records import CatalogueError
    from lenrx.patient.patient import PatientError

    try:
        yield
    except (CatalogueError, FormularyError, PatientError) as error:
        fail(str(error))
    except UnknownName as error:
        fail(f"{error.text!r}: {error.hint}")
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        fail("Parquet needs pyarrow: pip install pyarrow")


@contextmanager
def piped() -> Iterator[None]:
    """Writing to stdout: a reader who has had enough is no error, a full disk is."""
    if sys.stdout is None:
        fail("stdout: is closed")
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        fail(f"stdout: cannot be written ({error.strerror or type(error).__name__})")


def reader_left() -> bool:
    """Whether whoever read stdout is gone; then nothing more is written to it."""
    out = sys.__stdout__
    if out is None:
        return False
    try:
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        return True
    return False


def write(text: str, output: Path | None, *, private: bool = False) -> None:
    """A result to a file, whole or not at all, or to stdout; `private` to its owner."""
    output = to_file(output)
    if output is None:
        with piped():
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
        return
    try:
        if output.exists() and not output.is_file():
            output.write_text(f"{text}\n", encoding="utf-8")
        else:
            replace(output.resolve(), f"{text}\n", private=private)
    except OSError as error:
        fail(f"{output}: cannot be written ({error.strerror or type(error).__name__})")


def replace(path: Path, text: str, *, private: bool = False) -> None:
    """Put a new text in the place of a file: whole, or not at all; `private` to its owner."""
    import tempfile

    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if not private:
            mask = os.umask(0)
            os.umask(mask)
            Path(beside).chmod(0o666 & ~mask)
        Path(beside).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(beside).unlink()
        raise


@contextmanager
def drawing(
    width: int | None,
    color: Color,
    output: Path | None = None,
    pager: bool = False,
    *,
    private: bool = False,
) -> Iterator[Console]:
    """A console to draw on; what was drawn is written, or paged, when it is left."""
    buffer = io.StringIO()
    live = output is None and sys.stdout is not None and sys.stdout.isatty()
    yield _console(buffer, width or shutil.get_terminal_size((80, 24)).columns, color, live)
    text = buffer.getvalue().rstrip("\n")
    command = paging() if pager and live and _is_long(text) else ()
    if not command or not _paged(text, command):
        write(text, output, private=private)


def _console(out: io.StringIO, width: int, color: Color, terminal: bool) -> Console:
    """Colour is auto (a terminal without NO_COLOR), always or never."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    from lenrx.report.sinks import on_terminal

    class Screen(Console):
        """A console on which nothing that is drawn is obeyed."""

        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> Iterator[Segment]:
            """The segments of what is drawn, each safe."""
            for each in super().render(renderable, options):
                text = on_terminal(each.text)
                yield each if text == each.text or each.control else each._replace(text=text)

    always = color is Color.always
    shown = always or (terminal and color is not Color.never)
    return Screen(
        file=out,
        width=width,
        force_terminal=shown,
        no_color={Color.always: False, Color.never: True}.get(color),
        color_system="256" if always else "auto",
        highlight=False,
    )


def _is_long(text: str) -> bool:
    """Whether a text and the prompt after it do not fit on the screen."""
    return text.count("\n") + 2 > shutil.get_terminal_size((80, 24)).lines


def paging() -> Sequence[str]:
    """The pager that is asked for, or else less; nothing where none can be had, or none is meant.

    LENRX_PAGER comes before PAGER; either, empty or `cat`, means no pager.
    """
    wanted = os.environ.get("LENRX_PAGER", os.environ.get("PAGER"))
    if os.environ.get("TERM") == "dumb":
        return ()
    if wanted is None:
        return ("less",) if shutil.which("less") else ()
    try:
        return () if wanted.strip() == "cat" else shlex.split(wanted)
    except ValueError:  # A quote that is not closed names no program.
        return ()


def _paged(text: str, command: Sequence[str]) -> bool:
    """Whether a pager could be started; the answer is read in it, from the top, until it is left.

    FRX as git does: colours, and nothing of the screen is lost when less ends.
    """
    import subprocess

    environment = {"LESS": "FRX", **os.environ}
    try:
        process = subprocess.Popen(  # nosec B603: the pager that the user names
            command, stdin=subprocess.PIPE, env=environment
        )
    except OSError:
        return False
    with suppress(BrokenPipeError):
        process.communicate(f"{text}\n".encode())
    while process.poll() is None:
        with suppress(KeyboardInterrupt):  # Ctrl-C is the pager's
            process.wait()
    return True
