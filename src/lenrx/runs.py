"""A review of a whole file: blocks of rows, parts of output, a checkpoint to go on from.

Rows go to parts beside the output, which takes its name only when every row is there. A part and
its checkpoint say how far a block came, so a run that was killed goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, Final, NamedTuple

from lenrx import tables
from lenrx.catalogue import load
from lenrx.chart_review import Ids, Problem, Reader, Result, Row, plain, plain_id, review
from lenrx.columns import ColumnMap, fields_of
from lenrx.report.review import Lines, header, short
from lenrx.slices import Review
from lenrx.sums import REGIMENS
from lenrx.tally import Tally

EVERY: Final = 1.0
"""Seconds between checkpoints: what a killed run loses at most."""
NOW_AND_THEN: Final = 64
"""Rows between looks at the clock."""
Watch = Callable[[int], None]
"""Told now and then how many rows of a block are done."""


class Plan(NamedTuple):
    """All that a block of a run needs to know; the same in every process."""

    source: str
    form: str
    how: tuple[tuple[str, Any], ...]
    """How every row is asked: as_of, strict, on_label, and the region of rows that state none."""
    columns: ColumnMap = ColumnMap({}, frozenset())
    ignore_other: bool = False
    encoding: str = "utf-8"
    catalogue: str | None = None
    formulary: str | None = None
    engine: str = "slices"
    as_csv: bool = False


class Block(NamedTuple):
    """Some rows of the file, from `first` to `last` (None: to the end), and where they go."""

    first: int
    last: int | None
    part: str
    errors: str | None

    @property
    def checkpoint(self) -> Path:
        """How far this block came."""
        return Path(f"{self.part}.state")


class Done(NamedTuple):
    """How far a block came: rows, bytes of its part and of its error records, counts."""

    rows: int = 0
    bytes: int = 0
    error_bytes: int = 0
    tally: Mapping[str, Any] | None = None
    finished: bool = False


def rows(plan: Plan, source: BinaryIO) -> Iterator[Row]:
    """The rows of the planned file. Raises PatientError where the header cannot be used."""
    if plan.form == "ndjson":
        return tables.ndjson(source, plan.columns, plan.ignore_other, plan.encoding)
    if plan.form == "parquet":
        from lenrx.arrow import columns_of

        return tables.parquet(source, named(plan, columns_of(source)))
    header, cells = tables.delimited(source, plan.form, plan.encoding)
    return tables.fielded(cells, fields_of(header, plan.columns, plan.ignore_other))


def named(plan: Plan, header: Sequence[str]) -> dict[str, str]:
    """The columns of a header that have a field."""
    fields = fields_of(header, plan.columns, plan.ignore_other)
    return {name: field for name, field in zip(header, fields, strict=True) if field}


class Engine:
    """A catalogue and an engine on it, ready to take rows."""

    def __init__(self, plan: Plan) -> None:
        self.catalogue = load(Path(plan.catalogue) if plan.catalogue else None)
        how: dict[str, Any] = dict(plan.how)
        region = how.pop("region", None)
        if plan.formulary:
            from lenrx.formulary import load_formulary

            how["formulary"] = load_formulary(Path(plan.formulary), self.catalogue)
        if plan.engine == "plain" or len(self.catalogue.regimens) > REGIMENS:
            self._assessed = plain(self.catalogue, **how)
        else:
            self._assessed = Review(self.catalogue, **how).outcome
        self._reader = Reader(self.catalogue, region)
        self.error_line = Lines(self.catalogue).line
        self.line = short if plan.as_csv else self.error_line

    def results(
        self, found: Iterable[Row], first: int = 1, ids: Ids | None = None
    ) -> Iterator[Result]:
        """One result per row."""
        return review(found, self._reader, self._assessed, first, ids)


def header_and_rows(plan: Plan, source: BinaryIO) -> tuple[Sequence[str], Iterator[list[str]]]:
    """The columns as written and the readable rows of their cells, without any map."""
    if plan.form == "parquet":
        from lenrx.arrow import batches_of, columns_of, rows_of

        names = columns_of(source)
        same = {name: name for name in names}
        found = (row for batch in batches_of(source, names) for row in rows_of(batch, same))
        return names, (_texts(row, names) for row in found)
    if plan.form == "ndjson":
        seen = islice(tables.ndjson(source, ColumnMap({}, frozenset()), False, plan.encoding), 500)
        objects = [row for row in seen if not isinstance(row, Problem)]
        names = list(dict.fromkeys(name for row in objects for name in row))
        return names, (_texts(row, names) for row in objects)
    header, cells = tables.delimited(source, plan.form, plan.encoding)
    return header, (row for row in cells if not isinstance(row, Problem))


def _texts(row: Row, names: Sequence[str]) -> list[str]:
    values = {} if isinstance(row, Problem) else row
    return [_text(values.get(name)) for name in names]


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    return "" if value is None else str(value)


def row_count(plan: Plan) -> int:
    """How many rows the planned file has."""
    with Path(plan.source).open("rb") as source:
        return sum(1 for _ in rows(plan, source))


def stream(
    plan: Plan, source: BinaryIO, out: BinaryIO, errors: BinaryIO | None, watch: Watch
) -> Tally:
    """Review a source straight into `out`, row by row."""
    engine, tally = Engine(plan), Tally()
    if plan.as_csv:
        out.write(header())
    for result in engine.results(rows(plan, source)):
        _write(result, engine, tally, out, errors)
        if result.row % NOW_AND_THEN == 0:
            watch(result.row)
    return tally


def to_parquet(
    plan: Plan, source: BinaryIO, output: Path, errors: Path | None, watch: Watch
) -> Tally:
    """Review a source into a Parquet file, which is there whole or not at all."""
    from lenrx import arrow

    tally, beside = Tally(), output.with_name(f"{output.name}.new")
    if plan.form == "parquet":
        wanted = list(named(plan, arrow.columns_of(source)))
        found = arrow.review_batches(arrow.batches_of(source, wanted), plan, tally)
    else:
        found = arrow.review_rows(rows(plan, source), plan, tally)
    try:
        with (errors or Path(os.devnull)).open("wb") as also:
            arrow.written(found, beside, also, lambda: watch(tally.rows))
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)
    return tally


def _write(
    result: Result, engine: Engine, tally: Tally, out: BinaryIO, errors: BinaryIO | None
) -> None:
    """Count a result and write its line, that of an error record a second time."""
    tally.add(result)
    out.write(engine.line(result))
    if errors and result.outcome is None:
        errors.write(engine.error_line(result))


def work(plan: Plan, block: Block, watch: Watch) -> Done:
    """Review one block into its part, from its last checkpoint on."""
    done = checkpoint(block)
    if done.finished:
        return done
    engine, tally, ids = Engine(plan), Tally(), Ids()
    if done.tally:
        tally.include(done.tally)
    with (
        Path(plan.source).open("rb") as source,
        _continued(Path(block.part), done.bytes) as part,
        _continued(Path(block.errors or os.devnull), done.error_bytes) as errors,
    ):
        if plan.as_csv and block.first == 1 and not done.bytes:
            part.write(header())
        start = block.first + done.rows
        found = islice(rows(plan, source), block.last)
        _pass_over(found, start - 1, ids)
        due = monotonic() + EVERY
        for result in engine.results(found, start, ids):
            _write(result, engine, tally, part, errors)
            if result.row % NOW_AND_THEN == 0:
                watch(tally.rows)
                if monotonic() > due:
                    _save(block, tally, part, errors)
                    due = monotonic() + EVERY
        return _save(block, tally, part, errors, finished=True)


def checkpoint(block: Block) -> Done:
    """How far a block came the last time; nowhere, if what it noted is not all there."""
    try:
        done = Done(**json.loads(block.checkpoint.read_bytes()))
        held = [(block.part, done.bytes)]
        held += [(block.errors, done.error_bytes)] if block.errors else []
        return done if all(Path(path).stat().st_size >= size for path, size in held) else Done()
    except (FileNotFoundError, ValueError, TypeError):
        return Done()


def _continued(path: Path, size: int) -> BinaryIO:
    """A part opened for writing behind its first `size` bytes; what stands there later is cut."""
    out = path.open("r+b" if path.is_file() else "wb")
    if path.is_file():
        out.truncate(size)
        out.seek(size)
    return out


def _pass_over(found: Iterator[Row], count: int, ids: Ids) -> None:
    for number, row in enumerate(islice(found, count), start=1):
        name = None if isinstance(row, Problem) else plain_id(row)
        if name:
            ids.before(name, number)
    ids.twice = 0


def _save(
    block: Block, tally: Tally, part: BinaryIO, errors: BinaryIO, finished: bool = False
) -> Done:
    part.flush()
    errors.flush()
    done = Done(tally.rows, part.tell(), errors.tell(), tally.data(), finished)
    safely(block.checkpoint, json.dumps(done._asdict()))
    return done


def safely(path: Path, text: str) -> None:
    """Write a small file so that it is there whole or not at all."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def blocks(plan: Plan, output: str, errors: str | None, jobs: int) -> list[Block]:
    """The blocks of a run, of about the same number of rows."""
    bounds: list[tuple[int, int | None]] = [(1, None)]
    if jobs > 1:
        total = row_count(plan)
        cuts = [total * each // jobs for each in range(jobs)] + [total]
        bounds = [(low + 1, high) for low, high in pairwise(cuts) if low < high] or bounds
    return placed(bounds, output, errors)


def placed(
    bounds: Iterable[tuple[int, int | None]], output: str, errors: str | None
) -> list[Block]:
    """Blocks of rows from first to last, their parts named after the output."""
    return [
        Block(first, last, f"{output}.part-{place}", f"{errors}.part-{place}" if errors else None)
        for place, (first, last) in enumerate(bounds, start=1)
    ]


def side_by_side(plan: Plan, found: list[Block], watch: Callable[[Sequence[int]], None]) -> None:
    """Every block in a process of its own. Raises RunError when one of them fails."""
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    counts = context.Array("Q", len(found), lock=False)
    reasons = context.Array("i", len(found), lock=False)
    processes = [
        context.Process(target=_worker, args=(plan, block, counts, reasons, place), daemon=True)
        for place, block in enumerate(found)
    ]
    for process in processes:
        process.start()
    while any(process.is_alive() for process in processes):
        watch(list(counts))
        for process in processes:
            process.join(0.1)
    for reason, process in zip(reasons, processes, strict=True):
        if reason or process.exitcode:
            why = os.strerror(reason) if reason else f"its process ended with {process.exitcode}"
            raise RunError(f"a block was not finished ({why}); {KEPT}")


def _worker(plan: Plan, block: Block, counts: Any, reasons: Any, place: int) -> None:
    import gc
    import multiprocessing
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    # Nothing that a row leaves behind is a cycle, and looking for cycles costs a sixth of the time.
    gc.disable()

    def watch(done: int) -> None:
        if parent and not parent.is_alive():
            # The run was killed: another may go on with this block, so nothing more is written.
            os._exit(1)
        counts[place] = done

    try:
        watch(work(plan, block, watch).rows)
    except OSError as error:
        reasons[place] = error.errno or 0
        raise SystemExit(2) from None


KEPT: Final = "what was done is kept: mend it and run again with --resume"


class RunError(Exception):
    """A run that cannot go on; the message says what to do."""


def together(files: Sequence[tuple[Sequence[tuple[str, int]], Path]]) -> None:
    """Files from their parts of so many bytes, named only when all are whole; the parts are gone.

    A part is cut to its bytes first: an earlier attempt may have stopped half way.
    """
    for parts, _ in files:
        (whole, size), *others = parts
        with _continued(Path(whole), size) as out:
            for part, _ in others:
                with Path(part).open("rb") as source:
                    shutil.copyfileobj(source, out, 1 << 24)
            out.flush()
            os.fsync(out.fileno())
    for parts, target in files:
        Path(parts[0][0]).replace(target)
        for part, _ in parts[1:]:
            Path(part).unlink()


def apart(source: str, *written: Path | None) -> None:
    """Raises RunError where a file would be written over another that is read or written."""
    seen = [Path(source).resolve()]
    for path in written:
        if path is None or (path.exists() and not (path.is_file() or path.is_dir())):
            continue
        if path.is_dir():
            raise RunError(f"{path}: is a folder; name a file")
        if path.resolve() in seen:
            raise RunError(f"{path}: is also read or written otherwise; name another file")
        seen.append(path.resolve())


def digest(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
