"""Lines of a text file, whatever is in it: a line that cannot be read costs itself and no other."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import AnyStr, BinaryIO, Final

from lenrx.intake.rows import Problem
from lenrx.patient.patient import PatientError

LONGEST: Final = 1_000_000
"""Bytes of one line; a longer one is skipped, not held."""
_TOO_LONG: Final = "\0"
_MARKED: Final = "lenrx-marked"
codecs.register_error(_MARKED, lambda error: ("\udcff", getattr(error, "end", 0)))


def lines(source: BinaryIO, encoding: str = "utf-8") -> Iterator[str]:
    """The lines of a file; one that is too long becomes a lone NUL, bad bytes a lone surrogate."""
    found = _wide(source, encoding) if _is_wide(encoding) else _narrow(source, encoding)
    first = next(found, "").removeprefix("\ufeff")
    if first:
        yield first
    yield from found


def _is_wide(encoding: str) -> bool:
    """Whether a line does not end with the byte of a newline: then bytes cannot be cut in lines."""
    try:
        b"a".decode(encoding, _MARKED)
        return "\n".encode(encoding) != b"\n"
    except (LookupError, UnicodeError):
        problem = "is not a known encoding; try utf-8, latin-1 or cp1252"
        raise PatientError(f"--encoding {encoding}", problem) from None


def _narrow(source: BinaryIO, encoding: str) -> Iterator[str]:
    first = encoding == "utf-8"
    for raw in _whole(source.readline, b"\n"):
        if first and raw and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise PatientError("header", "is UTF-16; write it as UTF-8, or say --encoding utf-16")
        first = False
        yield f"{_TOO_LONG}\n" if raw is None else raw.decode(encoding, _MARKED)


def _wide(source: BinaryIO, encoding: str) -> Iterator[str]:
    text = io.TextIOWrapper(source, encoding, _MARKED, newline="\n")
    try:
        for line in _whole(text.readline, "\n"):
            yield f"{_TOO_LONG}\n" if line is None else line
    except UnicodeError:
        problem = f"is not text in {encoding}; say another --encoding NAME"
        raise PatientError("file", problem) from None
    finally:
        # The source belongs to the caller, who may have closed it by now.
        with suppress(ValueError):
            text.detach()


def _whole(read: Callable[[int], AnyStr], end: AnyStr) -> Iterator[AnyStr | None]:
    """Line by line; None stands for one that is too long, which is read past."""
    while line := read(LONGEST):
        if len(line) < LONGEST or line.endswith(end):
            yield line
            continue
        while (rest := read(LONGEST)) and not rest.endswith(end):
            pass
        yield None


def unreadable(text: str) -> Problem | None:
    """What makes a text unreadable as a whole."""
    if _TOO_LONG in text:
        return Problem("row", f"holds a NUL, or a line of more than {LONGEST:,} bytes", "row")
    try:
        text.encode()
    except UnicodeEncodeError:
        return Problem("row", "not UTF-8; write the file as UTF-8, or say --encoding NAME", "row")
    return None
