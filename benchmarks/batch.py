"""Many patients: every promise of `lenrx batch`, measured in one run and printed with its ratio.

Engines take turns in every round (A B C A B C ...); a ratio is the median of its ratios in each
round, the lowest and the highest beside it, and of times the least stands beside the median. All
times are us a patient, of engines that need long on fewer patients, the first of the same file.

Charged to everyone: reading a patient's line of NDJSON from a file, all that lies between, and the
line of the answer, until it is on the disk, in a new file every time, as the command makes one.
Whoever writes as much as lenrx syncs it now and then and lets it go from memory, as the command
does at a checkpoint: else it is mostly the system's need of memory that is timed.

Charged to lenrx besides: loading the catalogue and making its engine, whose memo starts cold in
every turn, so that few rows make it look slow. Not charged to the others: their catalogue, and
rules that are compiled once. The cycle collector is off for everyone, as in the command. Made-up
patients of `cohort.py`, without messy or bad cells, whose histories name drugs and are complete,
which zen-engine and Polars need.

    lenrx            turns.work, as with -o: findings, evidence references, questions, checkpoints
    straightforward  a pydantic model of each line, every criterion interpreted, the same bytes
    zen table        zen_table.Table: decision tables as users write them, the same bytes
    zen tuned        zen_tuned.Rules: each condition once; verdicts and ids only, no reasons
    polars when/then with_polars.WhenThen: `when/then` and `concat_str`, two threads; no evidence
    polars tuned     with_polars.Rules: texts made beforehand; as much as when/then says
    floor            json.loads of every line, and as many bytes written as lenrx writes

Whoever needs `flat.facts` is charged with it, in Python, patient by patient; "engine only" leaves
out reading, facts, and for zen also folding and writing. Memory is the peak of a `lenrx batch` to
/dev/null, on all and on a tenth of --memory-rows; two processes are the whole command with -o.

Usage: python benchmarks/batch.py [--rows N] [--rounds N] [--only NAME...] [--memory-rows N]
       [--directory DIR]
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any, BinaryIO, Final, NamedTuple

from charts import Chart, written
from commands import Times, memory, processes
from flat import AS_OF, Row

from lenrx.batch import turns
from lenrx.batch.chart_review import Result, plain
from lenrx.batch.output import Lines
from lenrx.batch.runs import Engine, Plan, rows, stream
from lenrx.batch.turns import clear, unfinished
from lenrx.catalogue.loading import Catalogue, load
from lenrx.patient.patient import parse_patient

NAMES: Final = ("plain", "zen", "polars", "floor", "memory", "processes")
NOT_INSTALLED: Final = "not installed: pip install zen-engine polars"
CHECKED: Final = 100
"""Patients on whom an engine is held against lenrx before it is timed."""
PLAIN_SHARE: Final = 200
ZEN_SHARES: Final = {"zen table": 50, "zen tuned": 20}
SAMPLE: Final = 1_000
"""Lines of lenrx that the floor writes, over and over."""
NULL: Final = Path(os.devnull)
Turn = Callable[[], Times]


class Promise(NamedTuple):
    """One measure over another, and what is promised of the ratio, if anything."""

    over: str
    under: str = "lenrx"
    least: float | None = None
    most: float | None = None

    def line(self, rounds: list[Times]) -> str:
        """The ratio, and whether the promise is kept."""
        ratios = [each[self.over] / each[self.under] for each in rounds]
        ratio, name = median(ratios), f"{self.over} / {self.under}"
        found = f"{name:50}{ratio:8.2f}  ({min(ratios):.2f} to {max(ratios):.2f})"
        if self.least is None and self.most is None:
            return f"{found}  no promise"
        kept = ratio >= (self.least or 0) and ratio <= (self.most or ratio)
        asked = f"at least {self.least:g}" if self.least else f"at most {self.most:g}"
        return f"{found}  promise: {asked}, {'kept' if kept else 'NOT KEPT'}"


PROMISES: Final = (
    Promise("straightforward", least=12),
    Promise("zen table", least=10),
    Promise("zen table, engine only"),
    Promise("zen table, engine only, create_decision"),
    Promise("zen tuned"),
    Promise("zen tuned, engine only"),
    Promise("polars when/then", least=1),
    Promise("polars when/then, engine only"),
    Promise("polars tuned"),
    Promise("polars tuned, engine only"),
    Promise("lenrx", "floor", most=7),
    Promise("lenrx to /dev/null", "floor to /dev/null"),
    Promise("MB, all rows", "MB, a tenth of them", most=1.3),
    Promise("one process", "two processes", least=1.5),
)


class Work(NamedTuple):
    """What the engines are given: patients, the file that holds them, and where to write."""

    catalogue: Catalogue
    rows: list[Row]
    source: Path
    out: Path

    @property
    def plan(self) -> Plan:
        """As the command asks."""
        how = (("as_of", AS_OF), ("strict", False), ("on_label", False))
        return Plan(str(self.source), "ndjson", how)

    def answers(self, count: int) -> list[bytes]:
        """The first lines that lenrx writes."""
        engine = Engine(self.plan)
        with self.source.open("rb") as source:
            found = engine.results(rows(self.plan, source))
            return [*map(engine.line, islice(found, count))]

    def few(self, share: int) -> int:
        """A share of the patients, for an engine that needs long."""
        return min(len(self.rows), max(CHECKED, len(self.rows) // share))

    def lines(self, count: int) -> Iterator[bytes]:
        """The first lines of the file, as they are read."""
        with self.source.open("rb") as source:
            yield from islice(source, count)

    def timed(
        self, count: int, write: Callable[[BinaryIO], object], path: Path | None = None
    ) -> float:
        """How long one patient of `count` takes until the file is on the disk, in us."""
        path = path or self.out
        if path.is_file():
            path.unlink()
        gc.collect()
        with path.open("wb", buffering=turns.AT_ONCE) as out:
            start = time.perf_counter()
            write(out)
            out.flush()
            if path.is_file():
                os.fsync(out.fileno())
            return (time.perf_counter() - start) / count * 1e6


def lenrx_turn(work: Work, also_null: bool) -> Turn:
    """The engine of the command, cold, into a file as with -o; and to /dev/null."""
    files, count = unfinished(work.out, None), len(work.rows)

    def into_file(_: BinaryIO) -> None:
        clear(files)
        turns.work(work.plan, files, 1, lambda _: None)

    def into_nothing(out: BinaryIO) -> None:
        with work.source.open("rb") as source:
            stream(work.plan, source, out, None, lambda _: None)

    def turn() -> Times:
        found = {"lenrx": work.timed(count, into_file)}
        clear(files)
        if also_null:
            found["lenrx to /dev/null"] = work.timed(count, into_nothing, NULL)
        return found

    return turn


def plain_turn(work: Work) -> Turn:
    """A straightforward program: a model, every criterion, the whole record."""
    assessed, line = plain(work.catalogue, as_of=AS_OF), Lines(work.catalogue).line
    count = work.few(PLAIN_SHARE)

    def answered(number: int, text: bytes) -> bytes:
        chart = Chart.model_validate_json(text).model_dump(exclude_none=True)
        outcome = assessed(parse_patient(chart, work.catalogue))
        return line(Result(number, chart["id"], (), outcome.warnings, outcome))

    def write(out: BinaryIO) -> None:
        for number, text in enumerate(work.lines(count), start=1):
            out.write(answered(number, text))

    same = work.answers(CHECKED) == [answered(*each) for each in enumerate(work.lines(CHECKED), 1)]
    print(f"straightforward: {count} patients; {_bytes(same)}")
    return lambda: {"straightforward": work.timed(count, write)}


def zen_turn(work: Work) -> Turn:
    """GoRules zen-engine: the whole answer, and ids only."""
    import zen_table
    import zen_tuned

    table, tuned = zen_table.Table(work.catalogue), zen_tuned.Rules(work.catalogue)
    forms: dict[str, Any] = {"zen table": table, "zen tuned": tuned}
    asked = table.prepare(work.rows[:CHECKED])
    same = [*map(table.line, asked, range(1, CHECKED + 1))] == work.answers(CHECKED)
    print(f"zen table: {work.few(ZEN_SHARES['zen table'])} patients; {_bytes(same)}")
    alike = zen_tuned.agree(tuned, work.rows[:CHECKED])
    _agreed("zen tuned", work.few(ZEN_SHARES["zen tuned"]), alike)

    def turn() -> Times:
        found: Times = {}
        for name, form in forms.items():
            found |= _zen_times(name, form, work)
        return found

    return turn


def _bytes(same: bool) -> str:
    return f"{'the' if same else 'NOT the'} same bytes as lenrx"


def _zen_times(name: str, form: Any, work: Work) -> Times:
    count = work.few(ZEN_SHARES[name])
    prepared = form.prepare(work.rows[:count])

    def write(out: BinaryIO) -> None:
        for number, text in enumerate(work.lines(count), start=1):
            (patient,) = form.prepare([json.loads(text)])
            out.write(form.line(patient, number))

    def only(ask: Callable[[Any], object]) -> float:
        return work.timed(count, lambda _: [ask(each) for each in prepared], NULL)

    found = {name: work.timed(count, write), f"{name}, engine only": only(form.truths)}
    decided = getattr(form, "decided", None)
    return found | ({f"{name}, engine only, create_decision": only(decided)} if decided else {})


def polars_turn(work: Work) -> Turn:
    """Polars expressions in both their forms."""
    import with_polars

    forms = {
        "polars when/then": with_polars.WhenThen(work.catalogue),
        "polars tuned": with_polars.Rules(work.catalogue),
    }
    for name, form in forms.items():
        _agreed(name, len(work.rows), with_polars.agree(form, work.rows[:CHECKED]))

    def turn() -> Times:
        found: Times = {}
        for name, form in forms.items():
            found |= _polars_times(name, form, work, with_polars.SLICE)
        return found

    return turn


def _polars_times(name: str, form: Any, work: Work, at_once: int) -> Times:
    count, told = len(work.rows), form.frame(work.rows)

    def write(out: BinaryIO) -> None:
        lines = work.lines(count)
        while some := list(islice(lines, at_once)):
            form.run(form.frame(map(json.loads, some)), out)
            out.flush()
            turns.on_the_disk(out)

    only = work.timed(count, lambda out: form.run(told, out))
    return {name: work.timed(count, write), f"{name}, engine only": only}


def floor_turn(work: Work) -> Turn:
    """Parsing and writing alone."""
    texts, count = work.answers(SAMPLE), len(work.rows)

    def write(out: BinaryIO) -> None:
        due = time.monotonic() + turns.EVERY
        for text, answer in zip(work.lines(count), cycle(texts), strict=False):
            json.loads(text)
            out.write(answer)
            if time.monotonic() > due:
                out.flush()
                turns.on_the_disk(out)
                due = time.monotonic() + turns.EVERY

    return lambda: {
        "floor": work.timed(count, write),
        "floor to /dev/null": work.timed(count, write, NULL),
    }


def _agreed(name: str, count: int, alike: int) -> None:
    print(f"{name}: {count} patients; {alike} of {CHECKED} with the verdicts and ids of lenrx")


def everybody(work: Work, only: Iterable[str]) -> list[Turn]:
    """What takes turns in every round."""
    print(f"lenrx: {len(work.rows)} patients, from a cold start in every round")
    found = [lenrx_turn(work, "floor" in only)]
    makers = {"plain": plain_turn, "zen": zen_turn, "polars": polars_turn, "floor": floor_turn}
    for name in only:
        try:
            found += [makers[name](work)] if name in makers else []
        except ModuleNotFoundError as error:
            if error.name not in ("zen", "polars"):
                raise
            print(f"{name}: {NOT_INSTALLED}")
    return found


def engines(work: Work, only: Iterable[str], rounds: int) -> list[Times]:
    """The engines, turn by turn."""
    taking = everybody(work, only)
    gc.disable()
    found = [
        {name: taken for turn in taking for name, taken in turn().items()} for _ in range(rounds)
    ]
    gc.enable()
    return found


def report(rounds: list[Times]) -> None:
    """Medians and least of every measure, then the ratios."""
    for name in rounds[0]:
        found = [each[name] for each in rounds]
        unit = "" if name.startswith("MB") else "us"
        print(f"{name:45}{median(found):10.1f} {unit:2}  min {min(found):10.1f}")
    for promise in PROMISES:
        if {promise.over, promise.under} <= rounds[0].keys():
            print(promise.line(rounds))


def large(only: Iterable[str], count: int, rounds: int, catalogue: Catalogue, folder: Path) -> None:
    """What needs a large file: memory and two processes."""
    few, many = folder / "few.ndjson", folder / "many.ndjson"
    written(count, catalogue, many)
    with many.open() as source:
        few.write_text("".join(islice(source, max(1, count // 10))))
    if "memory" in only:
        print(f"\nmemory: {count} patients, and {max(1, count // 10)}")
        report(memory(few, many))
    if "processes" in only:
        print(f"\nprocesses: {count} patients")
        report(processes(many, count, rounds))


def main() -> None:
    """Measure, and print the promises."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--memory-rows", type=int, default=100_000)
    parser.add_argument("--directory", type=Path, help="on the disk that is written to")
    asked = parser.parse_args()
    catalogue = load()
    with tempfile.TemporaryDirectory(dir=asked.directory) as name:
        folder = Path(name)
        if {*asked.only} - {"memory", "processes"}:
            given = written(asked.rows, catalogue, folder / "rows.ndjson")
            work = Work(catalogue, given, folder / "rows.ndjson", folder / "answers")
            report(engines(work, asked.only, asked.rounds))
            work.out.unlink()
        if {*asked.only} & {"memory", "processes"}:
            large(asked.only, asked.memory_rows, asked.rounds, catalogue, folder)


if __name__ == "__main__":
    main()
