"""Pages as files: for the eyes of their owner, whole or not there, over nothing that is read."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from lenrx.cli.terminal import asked_form, fail, replace, write

STDOUT: Final = Path("-")


def needs_jinja() -> None:
    """Say in one line what to install where a page cannot be made."""
    if find_spec("jinja2") is None:
        fail("a page needs Jinja2: pip install jinja2")


def writable(output: Path) -> None:
    """Refuse a page where it cannot be written."""
    from lenrx.batch.files import RunError, apart, replaceable

    if output == STDOUT:
        return
    if (form := asked_form(output)) not in (None, "html"):
        fail(f"{output}: a page is HTML, not {form}; end its name in .html")
    if not output.parent.is_dir():
        fail(f"{output}: there is no folder {output.parent}")
    try:
        apart((), [output])
        replaceable(output)
    except RunError as error:
        fail(str(error))


def write_page(text: str, output: Path) -> None:
    """A page to a file that only its owner may read, made beside it and renamed; or to stdout."""
    if output == STDOUT:
        write(text, None)
        return
    try:
        replace(output, f"{text}\n", private=True)
    except OSError as error:
        fail(f"{output}: cannot be written ({error.strerror or type(error).__name__})")
