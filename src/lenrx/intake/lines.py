"""Lines of a text file, whatever is in it: a line that cannot be read costs itself and no other."""

from __future__ import annotations

import codecs
import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, AnyStr, BinaryIO, Final, TextIO, cast

from lenrx.intake.rows import Problem
from lenrx.patient.patient import PatientError

LONGEST: Final = 1_000_000
"""Bytes of one line; a longer one is skipped, not held."""
HEAD: Final = 1 << 16
"""Bytes that a file is told by."""
_TOO_LONG: Final = "\0"
MARKED: Final = "lenrx-marked"
codecs.register_error(MARKED, lambda error: ("\udcff", getattr(error, "end", 0)))
_LINES: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def stdin() -> TextIO:
    """What is piped in. Raises PatientError where it is closed."""
    if sys.stdin is None:
        raise PatientError("stdin", "is closed")
    return sys.stdin


class _Filled(io.RawIOBase):
    """A pipe that gives as much as it is asked for, until its end."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._source.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def peekable(source: BinaryIO) -> BinaryIO:
    """A source whose beginning can be looked at before it is read, a pipe too."""
    if source.seekable():
        return source
    return cast(BinaryIO, io.BufferedReader(_Filled(source), HEAD))


def head_of(source: BinaryIO) -> bytes:
    """What a source begins with; it is not read by that."""
    if isinstance(source, io.BufferedReader) and not source.seekable():
        return source.peek(HEAD)[:HEAD]
    place = source.tell()
    found = source.read(HEAD)
    source.seek(place)
    return found


def lines(source: BinaryIO, encoding: str = "utf-8") -> Iterator[str]:
    """The lines of a file; one that is too long becomes a lone NUL, bad bytes a lone surrogate."""
    end = _line_end(source, encoding)
    wide = end == "\r" or _is_wide(encoding)
    found = _wide(source, encoding, end) if wide else _narrow(source, encoding)
    first = next(found, "").removeprefix("\ufeff")
    if first:
        yield first
    yield from found


def _line_end(source: BinaryIO, encoding: str) -> str:
    """CR where a file has no other line end, as old programs for the Mac write it."""
    if not source.seekable() and not isinstance(source, io.BufferedReader):
        return "\n"
    try:
        text = head_of(source).decode(encoding, "replace")
    except (LookupError, UnicodeError):
        return "\n"
    return "\r" if "\r" in text[:-1] and "\n" not in text else "\n"


def _is_wide(encoding: str) -> bool:
    """Whether a line does not end with the byte of a newline: then bytes cannot be cut in lines."""
    try:
        b"a".decode(encoding, MARKED)
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
        if raw is None:
            yield f"{_TOO_LONG}\n"
            continue
        line = raw.decode(encoding, MARKED)
        # A lone CR ends a line too: files that were put together have both kinds.
        if "\r" in line and line.find("\r") < len(line) - 2:
            yield from _LINES.findall(line)
        else:
            yield line


def _wide(source: BinaryIO, encoding: str, end: str) -> Iterator[str]:
    text = io.TextIOWrapper(source, encoding, MARKED, newline=end)
    try:
        for line in _whole(text.readline, end):
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
    if text.isascii():
        return None
    try:
        text.encode()
    except UnicodeEncodeError:
        return NOT_UTF_8
    return None


NOT_UTF_8: Final = Problem(
    "row",
    "not UTF-8; write the file as UTF-8, or say --encoding NAME (cp1252 where Excel wrote it)",
    "row",
)
