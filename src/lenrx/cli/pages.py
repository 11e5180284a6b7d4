"""Pages as files: for the eyes of their owner, whole or not there, over nothing that is read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from lenrx.cli.terminal import fail, write

STDOUT: Final = Path("-")


def needs_jinja() -> None:
    """Say in one line what to install where a page cannot be made."""
    if find_spec("jinja2") is None:
        fail("a page needs Jinja2: pip install jinja2")


def wanted(output: Path, read: Iterable[Path]) -> None:
    """Refuse a page where it would be written over what is read, or where it cannot be."""
    from lenrx.batch.files import RunError, apart, replaceable

    if output == STDOUT:
        return
    if not output.parent.is_dir():
        fail(f"{output}: there is no folder {output.parent}")
    try:
        apart([each for each in read if each.is_file()], [output])
        replaceable(output)
    except RunError as error:
        fail(str(error))


def write_page(text: str, output: Path) -> None:
    """A page to a file that only its owner may read, made beside it and renamed; or to stdout."""
    if output == STDOUT:
        write(text, None)
        return
    try:
        _replace(text, output)
    except OSError as error:
        fail(f"{output}: cannot be written ({error.strerror or type(error).__name__})")


def _replace(text: str, output: Path) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as out:
            out.write(f"{text}\n")
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(output)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
