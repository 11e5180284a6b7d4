"""What goes out of `lenrx batch`: which files, none over another, and what goes to stdout."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from lenrx.cli.cohort import page
from lenrx.cli.cohort.input import is_file
from lenrx.cli.pages import STDOUT
from lenrx.cli.terminal import fail, write

if TYPE_CHECKING:
    from lenrx.batch.plan import Plan
    from lenrx.batch.summary import Summary
    from lenrx.catalogue.loading import Catalogue


class Outputs(NamedTuple):
    """The files of a run, each as it is named; without an output its rows go to stdout."""

    output: Path | None
    errors: Path | None
    summary_json: Path | None
    report: Path | None

    def files(self) -> list[Path]:
        """Those that are files."""
        return [path for path in self if path and path != STDOUT]

    def made(self) -> list[Path]:
        """Those that are made of the counts, when all rows are done."""
        return [path for path in self.made_of() if path]

    def made_of(self, *, stdout: bool = False) -> tuple[Path | None, Path | None]:
        """Where the counts go as JSON and as a page: into files, or to stdout."""
        asked = (self.summary_json, self.report)
        as_json, as_page = (path if path and (path == STDOUT) is stdout else None for path in asked)
        return as_json, as_page


class Cohort(NamedTuple):
    """The counts of a run, and the catalogue that they are told with."""

    document: dict[str, Any]
    catalogue: Catalogue


def cohort(found: Summary, plan: Plan) -> Cohort:
    """The counts of a run as a document."""
    from lenrx.batch.worker import Worker

    worker = Worker(plan)
    return Cohort(found.document(worker.catalogue, worker.legend()), worker.catalogue)


def keep(found: Cohort, plan: Plan, to: tuple[Path | None, Path | None]) -> None:
    """Write the counts as JSON and as a page, as far as asked for."""
    as_json, as_page = to
    if as_json:
        write(json.dumps(found.document, ensure_ascii=False, indent=1), as_json, private=True)
    if as_page:
        page.report(found.document, plan, found.catalogue, as_page)


def one_on_stdout(to: Outputs, *, summary: bool) -> None:
    """Refuse two things on stdout, which would stand in each other."""
    if to.errors == STDOUT:
        fail("--errors -: error records stand among the rows; name a file for a copy of them")
    there = {
        "the rows": to.output is None and not summary,
        "--summary": summary,
        "--summary-json -": to.summary_json == STDOUT,
        "--report -": to.report == STDOUT,
    }
    named = [name for name, used in there.items() if used]
    if len(named) > 1:
        rows = "rows: -o results.ndjson" if there["the rows"] else "one of them"
        fail(f"{' and '.join(named)} would go to stdout together; name a file for the {rows}")


def nothing_lost(plan: Plan, maps: Sequence[str], to: Outputs) -> None:
    """Refuse to write over what is read. Raises RunError."""
    from lenrx.batch.files import apart, replaceable
    from lenrx.batch.manifest import files_of
    from lenrx.batch.run import Stretches

    for path in to.files():
        if not path.parent.is_dir():
            fail(f"{path}: there is no folder {path.parent}")
        if path.parent.name.endswith(".parts"):
            fail(f"{path}: lies in the folder of an unfinished run; name another file")
    catalogue = Path(plan.catalogue).glob("*") if plan.catalogue else ()
    every = [plan.source, *maps, plan.formulary, plan.courses, *catalogue]
    read = [Path(each) for each in every if each and is_file(each)]
    apart(read, to.files())
    if to.output:
        worked_on = Stretches.of(to.output).folder.resolve()
        if taken := next((path for path in to.files() if path.resolve() == worked_on), None):
            fail(f"{taken}: is the working folder of {to.output.name}; name another file")
        written = files_of(to.output, to.errors)
        apart(read, [*written, *to.made()])
        replaceable(*written)


@contextmanager
def held(to: Outputs) -> Iterator[None]:
    """What is made of the counts, for this run alone. Raises RunError."""
    from lenrx.batch.files import alone

    with alone(*(path for path in to.made() if path.is_file() or not path.exists())):
        yield


@contextmanager
def error_records(path: Path) -> Iterator[TextIO]:
    """A file of error records beside rows on stdout: whole, or as it was; for its owner's eyes."""
    from lenrx.batch.files import alone, beside, private

    plain = path.is_file() or not path.exists()
    with ExitStack() as stack:
        stack.enter_context(writing(path))
        stack.enter_context(alone(path if plain else None))
        new = beside(path, "new") if plain else path
        opener = private if plain else None
        with open(new, "w", encoding="utf-8", errors="replace", opener=opener) as out:
            yield out
        if plain:
            new.replace(path)


@contextmanager
def writing(path: Path, then: str = "nothing is kept of it") -> Iterator[None]:
    """What cannot be written ends the program in one line."""
    try:
        yield
    except OSError as error:
        fail(f"{error.filename or path}: {error.strerror or type(error).__name__}; {then}")
