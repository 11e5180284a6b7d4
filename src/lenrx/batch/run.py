"""A run into files: rows are cut into stretches, each a file that is whole or not there.

With several processes each has every Nth stretch. When all are there they are joined, in order, to
the output, which takes its name only then. A run that was stopped goes on with what is missing.
"""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process, resource_tracker
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, TextIO

from lenrx.batch.duplicates import Ids
from lenrx.batch.files import KEPT, RunError, beside, private
from lenrx.batch.plan import Plan, opened, rows
from lenrx.batch.results import Result, error_line
from lenrx.batch.summary import Summary
from lenrx.batch.tables import LONG, SHORT, header
from lenrx.batch.worker import Worker
from lenrx.intake.rows import Passed, Row, plain_id

STRETCH: Final = 2_000
"""Rows of one file: what each process of a killed run loses at most."""
MOST_JOBS: Final = 8
"""Processes that are started at most, where the machine has no more processors than that."""
NOW_AND_THEN: Final = 64
"""Rows between two words of progress, and between two looks at whether the run goes on."""
Watch = Callable[[int], None]
"""Told now and then how many rows are done."""
Say = Callable[[str], None]
"""Told, before the first row, how a file was read."""


class Stretches(NamedTuple):
    """Where the parts of an unfinished output lie."""

    folder: Path
    size: int
    """Rows of one stretch."""

    @classmethod
    def of(cls, output: Path) -> Stretches:
        """Those of one output, in a folder beside it."""
        return cls(beside(output, "parts"), STRETCH)

    def results(self, number: int) -> Path:
        """The lines of one stretch."""
        return self.folder / f"{number:06}.results"

    def errors(self, number: int) -> Path:
        """Its error records once more."""
        return self.folder / f"{number:06}.errors"

    def counts(self, number: int) -> Path:
        """Its counts, which are written last: a stretch that has them is whole."""
        return self.folder / f"{number:06}.json"

    def summary(self, number: int) -> str | None:
        """The counts of a stretch; None where it is not there, or its files are not as written."""
        try:
            found = json.loads(self.counts(number).read_bytes())
            return str(found["summary"]) if found["bytes"] == self.bytes(number) else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def bytes(self, number: int) -> list[int]:
        """The sizes of the files of a stretch."""
        return [each.stat().st_size for each in (self.results(number), self.errors(number))]

    def clear(self) -> None:
        """Remove what another run left. Raises RunError where the folder holds anything else."""
        if not self.folder.exists() and not self.folder.is_symlink():
            return
        if not self.folder.is_dir() or self.folder.is_symlink() or any(self._strangers()):
            raise RunError(f"{self.folder}: is not of a run; name another output, or move it away")
        shutil.rmtree(self.folder)

    def _strangers(self) -> Iterator[Path]:
        name = re.compile(r"\d{6,}\.(results|errors|json)(\.\d+)?")
        return (each for each in self.folder.iterdir() if not name.fullmatch(each.name))


def stream(
    plan: Plan,
    source: BinaryIO,
    out: TextIO | None,
    errors: TextIO | None,
    watch: Watch,
    say: Say = lambda _: None,
) -> Summary:
    """Answer a source straight into `out`, row by row; without it, only count."""
    found = opened(plan, source)
    for said in found.said:
        say(said)
    worker, summary = Worker(plan), Summary()
    if out:
        out.write(_header(plan))
    for result in worker.results(_counted(found.rows, summary)):
        _put(result, worker, summary, out, None)
        if errors and result.outcome is None:
            _also(errors, error_line(result))
        if result.row % NOW_AND_THEN == 0:
            watch(result.row)
    return summary


def _counted(every: Iterable[Row], summary: Summary) -> Iterator[Row]:
    """Rows as they come; those that are passed over are counted."""
    for row in every:
        if isinstance(row, Passed):
            summary.pass_over(row.kind)
        yield row


def _also(errors: TextIO, line: str) -> None:
    """Write an error record to a file of its own; that it cannot be is not said of stdout."""
    try:
        errors.write(f"{line}\n")
    except OSError as error:
        raise RunError(f"{errors.name}: {error.strerror}; nothing is kept of it") from None


def _header(plan: Plan) -> str:
    return f"{header(LONG if plan.long else SHORT)}\n" if plan.form == "csv" else ""


def _put(
    result: Result, worker: Worker, summary: Summary, out: TextIO | None, errors: TextIO | None
) -> None:
    summary.add(result)
    if out:
        out.write(f"{worker.text(result)}\n")
    if errors and result.outcome is None:
        errors.write(f"{error_line(result)}\n")


def work(plan: Plan, parts: Stretches, jobs: int, watch: Watch) -> int:
    """Answer the planned file into its stretches, all that are missing. Raises RunError.

    How many rows the file has is told.
    """
    parts.folder.mkdir(mode=0o700, exist_ok=True)
    if jobs == 1:
        return _work(plan, parts, 0, 1, watch)
    return _side_by_side(plan, parts, min(jobs, max(MOST_JOBS, os.cpu_count() or 1)), watch)


def _work(plan: Plan, parts: Stretches, place: int, of: int, watch: Watch) -> int:
    """The missing ones among every `of`-th stretch from `place` on; how many rows there are."""
    worker, ids, number, first = Worker(plan), Ids(), 0, 1
    with Path(plan.source).open("rb") as source:
        every = rows(plan, source)
        watch(0)
        while stretch := list(islice(every, parts.size)):
            if number % of == place and parts.summary(number) is None:
                _stretch(worker, stretch, first, ids, parts, number, watch)
            else:
                _pass_over(stretch, first, ids)
            number, first = number + 1, first + len(stretch)
            watch(first - 1)
    return first - 1


def _pass_over(stretch: list[Row], first: int, ids: Ids) -> None:
    """Remember the ids of rows that are answered elsewhere."""
    for number, row in enumerate(stretch, start=first):
        name = plain_id(row) if isinstance(row, Mapping) else None
        if name:
            ids.before(name, number)


def _stretch(
    worker: Worker,
    stretch: list[Row],
    first: int,
    ids: Ids,
    parts: Stretches,
    number: int,
    watch: Watch,
) -> None:
    summary = Summary()
    with ExitStack() as stack:
        out = stack.enter_context(_written(parts.results(number)))
        errors = stack.enter_context(_written(parts.errors(number)))
        for result in worker.results(_counted(stretch, summary), first, ids):
            _put(result, worker, summary, out, errors)
            if result.row % NOW_AND_THEN == 0:
                watch(result.row)
    with _written(parts.counts(number)) as out:
        json.dump({"bytes": parts.bytes(number), "summary": summary.text()}, out)


@contextmanager
def _written(path: Path) -> Iterator[TextIO]:
    """A new file, which has its name only when it is left and on the disk.

    Until then it has one of this process alone: a process of a killed run may write a little more.
    """
    new = beside(path, str(os.getpid()))
    with open(new, "w", encoding="utf-8", errors="replace", newline="", opener=private) as out:
        yield out
        out.flush()
        os.fsync(out.fileno())
    new.replace(path)


def joined(plan: Plan, parts: Stretches, output: Path, errors: Path | None, count: int) -> Summary:
    """Join the stretches of `count` rows to the output and its error records.

    Each file is whole or not there. Raises RunError where a stretch is missing or damaged by now.
    """
    numbers, summary = list[int](), Summary()
    while counts := parts.summary(len(numbers)):
        summary.include(counts)
        numbers.append(len(numbers))
    if (held := summary.rows + summary.passed) != count:
        why = f"holds {held} of {count} rows: something of it was moved or changed"
        raise RunError(f"{parts.folder}: {why}; run again with --resume")
    found = [parts.results(number) for number in numbers]
    if plan.form == "parquet":
        from lenrx.batch.arrow import written

        written(found, beside(output, "new"), long=plan.long)
    else:
        _concatenated(_header(plan), found, beside(output, "new"))
    if errors:
        _concatenated("", [parts.errors(number) for number in numbers], beside(errors, "new"))
        beside(errors, "new").replace(errors)
    beside(output, "new").replace(output)
    return summary


def _concatenated(head: str, parts: list[Path], path: Path) -> None:
    with open(path, "wb", opener=private) as out:
        out.write(head.encode())
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())


def _side_by_side(plan: Plan, parts: Stretches, jobs: int, watch: Watch) -> int:
    """Several processes, each with its own stretches. Raises RunError when one of them fails."""
    context = get_context("spawn")
    progress = context.Array("Q", [0] * jobs, lock=False)
    failure = context.Value("i", 0, lock=False)
    processes = [
        context.Process(
            target=_process, args=(plan, parts, place, jobs, progress, failure), daemon=True
        )
        for place in range(jobs)
    ]
    try:
        with _unheard():
            for process in processes:
                process.start()
        while not any(process.exitcode for process in processes) and any(
            process.is_alive() for process in processes
        ):
            watch(min(progress))
            processes[0].join(0.1)
            time.sleep(0 if processes[0].is_alive() else 0.1)
        failed = next((each.exitcode for each in processes if each.exitcode), 0)
    finally:
        for process in processes:
            if process.pid:
                process.terminate()
                process.join()
    if failed:
        ended = f"a process ended with {failed}; LENRX_DEBUG=1 may show why"
        why = os.strerror(failure.value) if failure.value else ended
        raise RunError(f"the run was not finished ({why}); {KEPT}")
    return int(progress[0])


@contextmanager
def _unheard() -> Iterator[None]:
    """Processes that are started here never hear Ctrl-C; this one hears it at the end."""
    if sys.platform == "win32":
        yield
        return
    # When it is started it lets Ctrl-C through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _process(
    plan: Plan, parts: Stretches, place: int, of: int, progress: Any, failure: Any
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing that a row leaves behind is a cycle, and looking for cycles takes its time.
    gc.disable()
    parent = parent_process()

    def watch(reached: int) -> None:
        if parent and not parent.is_alive():
            # The run was killed: another may go on with it, so nothing more is written.
            os._exit(1)
        progress[place] = reached

    try:
        _work(plan, parts, place, of, watch)
    except OSError as error:
        failure.value = failure.value or error.errno or 0
        raise SystemExit(2) from None
    except Exception:
        # What an error says may hold what a row says.
        if os.environ.get("LENRX_DEBUG"):
            raise
        raise SystemExit(4) from None
