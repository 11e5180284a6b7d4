"""What comes in to `lenrx batch`: which file, how it is told, which columns are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import typer

from lenrx.cli.cohort.options import InputFormat, Unread
from lenrx.cli.terminal import default, fail, one_line, write
from lenrx.intake.lines import stdin

if TYPE_CHECKING:
    from lenrx.batch.plan import Plan

_SAMPLE: Final = 500
"""Rows that `--columns` looks at."""


def is_file(name: str | Path) -> bool:
    """Whether there is such a file."""
    try:
        return Path(name).is_file()
    except OSError:
        # Longer than a name may be.
        return False


def there(file: str, *, stdin: bool) -> None:
    """Refuse what is no file to be read."""
    if file == "-" and stdin:
        return
    if problem := unreadable(file):
        fail(f"{file}: {problem}")


def unreadable(file: str) -> str | None:
    """Why a file cannot be read, if it cannot."""
    if is_file(file):
        return None if os.access(file, os.R_OK) else "is not to be read by you; ask for the right"
    try:
        path = Path(file)
        if path.is_dir():
            return "is a folder; name the file in it"
        if path.exists():
            return (
                "is no file that can be read twice; send it through stdin: COMMAND | lenrx batch -"
            )
    except OSError:
        # Longer than a name may be.
        pass
    return "no such file, or not to be read"


def form(file: str, said: InputFormat | None) -> Any:
    """What the user or the name of the file says of its form, if anything."""
    from lenrx.intake.tables.form import ENDINGS

    found = said.value if said else ENDINGS.get(Path(file).suffix.lower())
    if found == "parquet" and file == "-":
        fail("-: Parquet cannot be read from stdin; name the file")
    return found


def encoding(said: str) -> str:
    """An encoding that is known."""
    try:
        "a".encode(said)
    except (LookupError, UnicodeError):
        fail(f"--encoding {said}: is not a known encoding; try utf-8, latin-1 or cp1252")
    return said


def delimiter(said: str | None) -> str | None:
    """A delimiter as it is written for a shell."""
    from lenrx.intake.tables.delimiter import spoken

    return None if said is None else spoken(said)


def column_map(
    maps: Sequence[str],
    ignore: Sequence[str],
    missing: str,
    unread: Unread | None,
    catalogue: Path | None,
) -> Any:
    """The columns that are asked for, those left out, and the codes that stand for nothing."""
    from lenrx.catalogue.loading import load
    from lenrx.intake.columns.map_file import read_map

    found = read_map(maps, load(catalogue) if catalogue and maps else None)
    for name in ignore:
        if name in found.columns:
            fail(f"column {name} is both mapped and ignored; keep one")
    codes = tuple(each.strip() for each in missing.split(",") if each.strip())
    left = found.unread if unread is None else "" if unread is Unread.error else unread.value
    ignored = found.ignore | frozenset(ignore)
    return found._replace(ignore=ignored, missing=(*found.missing, *codes), unread=left)


_LONG_TABLE: Final = {"drugs", "start", "stop"}
"""Fields of a course whose columns tell a table with one row for each of them."""


def propose(plan: Plan, dictionary: Path | None, tell: Callable[[str], None]) -> None:
    """Print a map of the columns, with what a data dictionary says of them."""
    from lenrx.batch.plan import header_and_cells
    from lenrx.catalogue.loading import load
    from lenrx.intake.columns.dictionary import read_dictionary
    from lenrx.intake.columns.proposal import propose as proposed
    from lenrx.intake.courses.names import course_field

    variables = read_dictionary(dictionary) if dictionary else {}
    with source(plan) as opened:
        header, found, said = header_and_cells(plan, opened)
        for each in said:
            tell(each)
        catalogue = load(Path(plan.catalogue) if plan.catalogue else None)
        if {course_field(name) for name in header} >= _LONG_TABLE:
            tell("its columns are those of courses of treatment: lenrx batch --courses FILE")
        sample = list(islice(found, _SAMPLE))
        write(proposed(header, sample, catalogue, variables).rstrip("\n"), None)


@contextmanager
def source(plan: Plan) -> Iterator[BinaryIO]:
    """The planned file, or stdin."""
    if plan.source == "-":
        yield stdin().buffer
        return
    with Path(plan.source).open("rb") as found:
        yield found


def outside(
    region: str | None, catalogue: Path | None, formulary: Path | None, quiet: bool
) -> tuple[str | None, Path | None, Path | None, tuple[tuple[str, str], ...]]:
    """What was given of the way to ask, else as set outside the call, which is said, and where."""
    given: dict[str, Any] = {"region": region, "catalogue": catalogue, "formulary": formulary}
    places = dict[str, str]()
    for name in [name for name, value in given.items() if not value]:
        if found := default(name):
            given[name] = found.value if name == "region" else Path(found.value)
            places[name] = found.place
            (say_nothing if quiet else say)(f"{name} {found.value}, by {found.place}")
    return given["region"], given["catalogue"], given["formulary"], tuple(places.items())


def say(how: str) -> None:
    """Tell how a file was read."""
    typer.echo(f"lenrx: {one_line(how)}", err=True)


def say_nothing(_: str) -> None:
    """What `--quiet` tells."""
