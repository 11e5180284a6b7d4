"""A review into files, by one process or by several that take turns.

Rows are worked through in chunks. N processes have every Nth chunk each; whoever is done with one
writes it when its turn comes and hands on how far the run is, so the lines stand in order in one
file. They go to parts beside the output, which takes its name only when every row is there. A
checkpoint says how far the parts are whole, so a run that was stopped goes on from there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, Final, NamedTuple

from lenrx.batch.chart_review import Ids, Problem, Row, plain_id
from lenrx.batch.output import header
from lenrx.batch.runs import KEPT, Engine, Plan, RunError, Watch, put, rows
from lenrx.batch.summary import Tally

try:
    import fcntl
except ModuleNotFoundError:  # Windows
    fcntl = None  # type: ignore[assignment]

CHUNK: Final = 64
"""Rows that are worked through, and written, together."""
EVERY: Final = 1.0
"""Seconds between checkpoints: what a killed run loses at most, and a chunk."""
AT_ONCE: Final = 1 << 20
"""Bytes that are handed to the system together, which is cheaper for it than line by line."""


class Unfinished(NamedTuple):
    """Where the lines of a run go until all are there: results, and error records a second time."""

    results: Path
    errors: Path | None

    @property
    def checkpoint(self) -> Path:
        """How far the run came."""
        return _beside(self.results, "state")


class Done(NamedTuple):
    """How far a run came: rows, bytes of its results and of its error records, counts."""

    rows: int = 0
    bytes: int = 0
    error_bytes: int = 0
    tally: Mapping[str, Any] | None = None
    finished: bool = False


class _Turn(NamedTuple):
    """What is handed on: how far the run is, and when the next checkpoint is due."""

    done: Done
    tally: Tally
    due: float

    @classmethod
    def after(cls, done: Done) -> _Turn:
        tally = Tally()
        if done.tally:
            tally.include(done.tally)
        return cls(done, tally, monotonic() + EVERY)


class _Place(NamedTuple):
    """Which chunks a process has: of so many in a row, the one with its number."""

    number: int
    of: int


def unfinished(output: Path, errors: Path | None) -> Unfinished:
    """The parts of an output, beside it."""
    return Unfinished(_beside(output, "part"), _beside(errors, "part") if errors else None)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.{ending}")


@contextmanager
def alone(found: Unfinished) -> Iterator[None]:
    """Raises RunError while another run is at work on the same output, where a system can tell."""
    if fcntl is None:
        yield
        return
    path = _beside(found.results, "lock")
    with path.open("wb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            why = "another run is writing it; wait for its end, or name another file"
            raise RunError(f"{found.results}: {why}") from None
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def checkpoint(found: Unfinished) -> Done:
    """How far a run came the last time; nowhere, if what it noted is not all there."""
    try:
        done = Done(**json.loads(found.checkpoint.read_bytes()))
        held = [(found.results, done.bytes)]
        held += [(found.errors, done.error_bytes)] if found.errors else []
        return done if all(path.stat().st_size >= size for path, size in held) else Done()
    except (FileNotFoundError, ValueError, TypeError):
        return Done()


def work(plan: Plan, found: Unfinished, jobs: int, watch: Watch) -> Tally:
    """Review the planned file into its parts, from the last checkpoint on. Raises RunError."""
    done = checkpoint(found)
    if not done.finished:
        done = _begun(plan, found, done)
        if jobs == 1:
            waiting = [_Turn.after(done)]
            _take_turns(plan, found, done, _Place(0, 1), waiting.pop, waiting.append, watch)
        else:
            side_by_side(plan, found, done, jobs, watch)
    return _Turn.after(checkpoint(found)).tally


def _begun(plan: Plan, found: Unfinished, done: Done) -> Done:
    """Cut the parts to what is done; what stands behind that was not noted any more."""
    for path, size in ((found.results, done.bytes), (found.errors, done.error_bytes)):
        if path:
            with path.open("r+b" if path.is_file() else "wb") as out:
                out.truncate(size)
    if plan.as_csv and not done.bytes:
        found.results.write_bytes(header())
        return done._replace(bytes=len(header()))
    return done


def _take_turns(
    plan: Plan,
    found: Unfinished,
    done: Done,
    place: _Place,
    take: Callable[[], _Turn],
    give: Callable[[_Turn], object],
    watch: Watch,
) -> None:
    """Work through the chunks at one place, and write each when its turn comes."""
    engine, ids = Engine(plan), Ids()
    with (
        Path(plan.source).open("rb") as source,
        found.results.open("r+b", buffering=AT_ONCE) as out,
        Path(found.errors or os.devnull).open("r+b") as errors,
    ):
        every = rows(plan, source)
        _pass_over(islice(every, done.rows), 1, ids)
        first, tally = done.rows + 1, Tally()
        for number in count():
            chunk = list(islice(every, CHUNK))
            last = len(chunk) < CHUNK
            if number % place.of != place.number:
                _pass_over(chunk, first, ids)
            else:
                lines, wrong = _worked(engine, chunk, first, ids, tally)
                turn = take()
                turn = turn._replace(done=_written(turn.done, (out, lines), (errors, wrong)))
                due = last or monotonic() > turn.due
                if due or place.of > 1:
                    turn.tally.include(tally.data())
                    tally = Tally()
                if due:
                    on_the_disk(out, errors)
                    turn = _noted(turn, found, last)
                watch(turn.done.rows)
                if not last:
                    give(turn)
            if last:
                return
            first += len(chunk)


def _pass_over(chunk: Iterable[Row], first: int, ids: Ids) -> None:
    for number, row in enumerate(chunk, start=first):
        name = None if isinstance(row, Problem) else plain_id(row)
        if name:
            ids.before(name, number)


def _worked(
    engine: Engine, chunk: list[Row], first: int, ids: Ids, tally: Tally
) -> tuple[list[bytes], list[bytes]]:
    """The lines of a chunk, and those of its error records again; counted."""
    lines, wrong = list[bytes](), list[bytes]()
    for result in engine.results(chunk, first, ids):
        put(result, engine, tally, lines.append, wrong.append)
    return lines, wrong


def _written(
    done: Done, lines: tuple[BinaryIO, list[bytes]], errors: tuple[BinaryIO, list[bytes]]
) -> Done:
    end, error_end = _put(*lines, done.bytes), _put(*errors, done.error_bytes)
    return Done(done.rows + len(lines[1]), end, error_end)


def _put(out: BinaryIO, texts: list[bytes], start: int) -> int:
    """Write texts from some byte on; where they end."""
    out.seek(start)
    out.writelines(texts)
    out.flush()
    return start + sum(map(len, texts))


def on_the_disk(*written: BinaryIO) -> None:
    """What a checkpoint says is there is there after a loss of power too."""
    for out in written:
        if os.fstat(out.fileno()).st_size:
            os.fsync(out.fileno())
            if hasattr(os, "posix_fadvise"):
                # Nobody reads it soon. Gigabytes of it in memory push out what others need there,
                # and new memory for them costs more than the disk.
                os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _noted(turn: _Turn, found: Unfinished, finished: bool) -> _Turn:
    """A turn that has been noted as the checkpoint of the run."""
    done = turn.done._replace(tally=turn.tally.data(), finished=finished)
    safely(found.checkpoint, json.dumps(done._asdict()))
    return turn._replace(due=monotonic() + EVERY)


def safely(path: Path, text: str) -> None:
    """Write a small file so that it is there whole or not at all."""
    new = _beside(path, "new")
    with new.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    new.replace(path)


def side_by_side(plan: Plan, found: Unfinished, done: Done, jobs: int, watch: Watch) -> None:
    """Several processes in a ring. Raises RunError when one of them fails."""
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    said = context.Array("Q", [done.rows, 0], lock=False)
    ring = [context.Pipe() for _ in range(jobs)]
    processes = []
    for number in range(jobs):
        ends = ring[number][0], ring[(number + 1) % jobs][1]
        given = (plan, found, done, _Place(number, jobs), ends, said)
        processes.append(context.Process(target=_worker, args=given, daemon=True))
    for process in processes:
        process.start()
    for connection in (end for pipe in ring for end in pipe):
        # Each end is left to one process, so that whoever waits for a dead one is told.
        connection.close()
    while any(process.is_alive() for process in processes):
        watch(said[0])
        for process in processes:
            process.join(0.1 / jobs)
        if any(process.exitcode for process in processes):
            break
    failed = sorted({process.exitcode for process in processes} - {None, 0}, key=_LEFT.__eq__)
    for process in processes:
        process.terminate()
        process.join()
    if failed:
        ended = f"a process ended with {failed[0]}; LENRX_DEBUG=1 may show why"
        why = os.strerror(said[1]) if said[1] else ended
        raise RunError(f"the run was not finished ({why}); {KEPT}")
    watch(said[0])


def _worker(plan: Plan, found: Unfinished, done: Done, place: _Place, ends: Any, said: Any) -> None:
    import gc
    import multiprocessing
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent, (before, behind) = multiprocessing.parent_process(), ends
    # Nothing that a row leaves behind is a cycle, and looking for cycles costs a sixth of the time.
    gc.disable()
    first = [_Turn.after(done)] if place.number == 0 else []

    def take() -> _Turn:
        if first:
            return first.pop()
        told, tally, due = before.recv()
        return _Turn.after(told._replace(tally=tally))._replace(due=due)

    def give(turn: _Turn) -> None:
        behind.send((turn.done, turn.tally.data(), turn.due))

    def watch(reached: int) -> None:
        if parent and not parent.is_alive():
            # The run was killed: another may go on with it, so nothing more is written.
            os._exit(1)
        said[0] = reached

    try:
        _take_turns(plan, found, done, place, take, give, watch)
    except (EOFError, BrokenPipeError):
        raise SystemExit(_LEFT) from None
    except OSError as error:
        said[1] = said[1] or error.errno or 0
        raise SystemExit(2) from None
    except Exception:
        # What an error says may hold what a row says.
        if os.environ.get("LENRX_DEBUG"):
            raise
        raise SystemExit(4) from None


_LEFT: Final = 3
"""The exit code of a process whose neighbour in the ring is gone."""


def whole(found: Unfinished, output: Path, errors: Path | None) -> None:
    """Name the parts of a finished run as its files."""
    done = checkpoint(found)
    named = [(found.results, done.bytes, output)]
    if found.errors and errors:
        named.insert(0, (found.errors, done.error_bytes, errors))
    for part, size, _ in named:
        with part.open("r+b") as out:
            out.truncate(size)
            os.fsync(out.fileno())
    for part, _, target in named:
        part.replace(target)


def clear(found: Unfinished) -> None:
    """Leave nothing of an earlier run."""
    for old in (found.checkpoint, found.results, found.errors):
        if old:
            old.unlink(missing_ok=True)
