"""The files of a run: none is written over another, each is whole or not there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

try:
    import fcntl
except ModuleNotFoundError:  # Windows
    fcntl = None  # type: ignore[assignment]

KEPT: Final = "what was done is kept: mend it and run again with --resume"


class RunError(Exception):
    """A run that cannot go on; the message says what to do."""


def beside(path: Path, ending: str) -> Path:
    """A file that belongs to another one, and is named after it."""
    return path.with_name(f"{path.name}.{ending}")


def legend_of(output: Path) -> Path:
    """Where the legend of an output stands: `results.legend.json` beside `results.ndjson`."""
    return output.with_name(f"{output.stem}.legend.json")


def private(path: str, flags: int) -> int:
    """Opens a file of patients: where it is new, for the eyes of its owner only."""
    return os.open(path, flags, 0o600)


def apart(read: Iterable[Path], written: Iterable[Path]) -> None:
    """Raises RunError where a file would be written over another that is read or written."""
    seen = {_identity(path) for path in read}
    for path in written:
        if path.is_dir():
            raise RunError(f"{path}: is a folder; name a file")
        if path.exists() and not path.is_file():
            continue
        if _identity(path) in seen:
            raise RunError(f"{path}: is also read or written otherwise; name another file")
        seen.add(_identity(path))


def _identity(path: Path) -> tuple[int, int] | Path:
    """What a file has in common with itself under another name."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return path.resolve()
    return found.st_dev, found.st_ino


def replaceable(*written: Path | None) -> None:
    """Raises RunError where a finished file would take the place of what is no plain file."""
    for path in written:
        if path and path.is_symlink():
            raise RunError(f"{path}: is a link; name the file that it stands for")
        if path and path.exists() and not path.is_file():
            why = "is no file that can be replaced; name one, or leave --output out and redirect"
            raise RunError(f"{path}: {why}")


@contextmanager
def alone(*outputs: Path | None) -> Iterator[None]:
    """Raises RunError while another run writes one of some files, where a system can tell."""
    if fcntl is None:
        yield
        return
    held = []
    try:
        for path in dict.fromkeys(path for path in outputs if path):
            lock = _locked(path)
            if lock is None:
                why = "another run is writing it; wait for its end, or name another file"
                raise RunError(f"{path}: {why}")
            held.append(lock)
        yield
    finally:
        for lock in held:
            Path(lock.name).unlink(missing_ok=True)
            lock.close()


def _locked(path: Path) -> BinaryIO | None:
    """The lock of a file, or None where another run has it, or has just taken it away."""
    name = beside(path, "lock")
    try:
        lock = name.open("wb")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _identity(name) == (os.fstat(lock.fileno()).st_dev, os.fstat(lock.fileno()).st_ino):
            return lock
    except BlockingIOError:
        pass
    lock.close()
    return None


def safely(path: Path, text: str) -> None:
    """Write a small file so that it is there whole or not at all."""
    new = beside(path, "new")
    with new.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    new.replace(path)


def digest(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
