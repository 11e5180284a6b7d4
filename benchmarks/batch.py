"""The promises of `lenrx batch`, each measured and printed.

Whole commands of an installed wheel, as a user runs them, take turns in every round (A B C, A B C);
a ratio is the median of its ratios in each round, the lowest and the highest beside it. `cpu` is
user CPU of a process and those it starts, a row; `peak` is resident MB. Rows are those of
`cohort.py`, but `clean` for zen and Polars; see `engines.py`.

    before     the last released engine, in an environment of its own (`--baseline`)
    reading    from a CSV to patients and no further, by this engine and by the one before
    plain      `lenrx.rules.assess` in a loop, without reading and writing
    limit      a program without rules that reads the same rows and writes as many of the same bytes

`pip install zen-engine polars` and lenrx beside whoever runs this. The baseline is made by

    git worktree add /tmp/before 50607c1 && python -m build -w -o /tmp/before/dist /tmp/before
    python -m venv /tmp/before/venv && /tmp/before/venv/bin/pip install /tmp/before/dist/*.whl

Usage: python benchmarks/batch.py [--python PYTHON_WITH_THE_WHEEL] [--baseline PYTHON] [--rows N]
       [--rounds N] [--only NAME...] [--memory-rows FEW MANY] [--process-rows N] [--directory DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from math import inf
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from cohort import written

CHECKED: Final = 1_000  # patients, on whom an engine is held against lenrx
READ: Final = """
import csv, gc, sys, time, lenrx; gc.disable()
try: from lenrx.intake.reader import RowReader as Reader
except ImportError: from lenrx.chart_review import Reader
catalogue = lenrx.load_catalogue()
read, start = Reader(catalogue).read, time.process_time()
patients = [read(row)[0] for row in csv.DictReader(open(sys.argv[1], encoding="utf-8"))]
"""
PLAIN: Final = """
start = time.process_time()
for patient in filter(None, patients):
    try: lenrx.assess(catalogue, patient)
    except lenrx.PatientError: pass
"""
TELL: Final = "print(time.process_time() - start)"
LIMIT: Final = """
import csv, gc, itertools, sys; gc.disable()
lines = itertools.cycle(open(sys.argv[2], encoding="utf-8").readlines())
with open(sys.argv[1], encoding="utf-8") as rows, open(sys.argv[3], "w", encoding="utf-8") as out:
    for row, line in zip(csv.DictReader(rows), lines): out.write(line)
"""
Used = dict[str, float]


def run(command: Sequence[str], rows: int = 1, out: Path | None = None) -> Used:
    """What a command uses: a row's share of CPU (or what it says), time and bytes; and its peak.

    The peak of a child is at least that of who starts it, so whoever calls this stays small.
    """
    if out:
        out.unlink(missing_ok=True)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall, process.returncode = time.perf_counter() - start, os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1: rows that could not be read
        raise SystemExit(f"ended with {process.returncode}: {' '.join(command)}")
    cpu = float(said) if said[:1].isdigit() else usage.ru_utime
    shares = {"cpu": cpu, "wall": wall, "bytes": out.stat().st_size if out else 0}
    kilobytes = usage.ru_maxrss / (1 << 10 if sys.platform == "darwin" else 1)
    return {what: each / rows for what, each in shares.items()} | {"peak": kilobytes / 1024}


class Promise(NamedTuple):
    """What commands use together, as it is or over what another uses, and what is promised."""

    group: str
    what: str
    over: tuple[str, ...]
    under: str = ""
    most: float | None = None
    least: float | None = None

    def line(self, rounds: Sequence[dict[str, Used]]) -> str:
        """The median, the lowest and the highest, and whether the promise is kept."""
        over = [sum(each[name][self.what] for name in self.over) for each in rounds]
        under = [each[self.under][self.what] if self.under else 1 for each in rounds]
        found = [one / other for one, other in zip(over, under, strict=True)]
        says = f"{self.what}: {' + '.join(self.over)}" + (f" / {self.under}" if self.under else "")
        told = f"{says:40}{median(found):9.4g}  ({min(found):.4g} to {max(found):.4g})"
        if self.most is None and self.least is None:
            return told
        kept = (self.least or 0) <= median(found) <= (self.most or inf)
        asked = f"at most {self.most:.3g}" if self.most else f"at least {self.least:.3g}"
        return f"{told}  {asked}: {'KEPT' if kept else 'NOT KEPT'}"


Job = tuple[list[str], int, Path | None]
"""A command, for how many rows it is, and the file that it writes."""
PROMISES: Final = (
    Promise("before", "cpu", ("lenrx",), "before", most=1 / 3),
    Promise("before", "cpu", ("brief",), "before, csv", most=1 / 6),
    Promise("before", "cpu", ("csv",), "lenrx", most=1),
    Promise("size", "bytes", ("lenrx",), most=5_000),
    Promise("size", "bytes", ("parquet",), most=300),
    Promise("reading", "cpu", ("reading",), "reading before", most=1),
    Promise("plain", "cpu", ("plain",), "lenrx", least=12),
    Promise("zen", "cpu", ("zen",), "clean"),
    Promise("zen", "cpu", ("zen", "facts"), "clean"),
    Promise("polars", "cpu", ("polars",), "clean"),
    Promise("polars", "cpu", ("polars", "facts"), "clean"),
    Promise("limit", "cpu", ("lenrx",), "limit"),
    Promise("memory", "peak", ("few rows",), most=150),
    Promise("memory", "peak", ("many rows",)),
    Promise("memory", "peak", ("many rows",), "few rows", most=1.6),
    Promise("processes", "wall", ("two processes",), "one process", most=0.75),
)
GROUPS: Final = tuple(dict.fromkeys(each.group for each in PROMISES))
ENGINES: Final = ("zen", "polars")
VERDICTS: Final = ("eligible", "conditional", "excluded")


class Jobs:
    """Every job by name, with the files that it needs."""

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        rows, (few, many), processed = asked.rows, asked.memory_rows, asked.process_rows
        new, old, table = asked.python, asked.baseline, ("--format", "csv")
        self._new, self._folder = new, folder
        self.named: dict[str, Callable[[], Job]] = {
            "lenrx": lambda: self.whole(new, rows),
            "before": lambda: self.whole(old, rows),
            "before, csv": lambda: self.whole(old, rows, *table),
            "brief": lambda: self.whole(new, rows, "--detail", "brief"),
            "csv": lambda: self.whole(new, rows, *table),
            "parquet": lambda: self.whole(new, rows, "--format", "parquet"),
            "reading": lambda: ([new, "-c", READ + TELL, self.cohort(rows)], rows, None),
            "reading before": lambda: ([old, "-c", READ + TELL, self.cohort(rows)], rows, None),
            "plain": lambda: ([new, "-c", READ + PLAIN + TELL, self.cohort(300)], 300, None),
            "limit": lambda: self.limit(rows),
            "clean": lambda: self.whole(new, rows, messy=False),
            "facts": lambda: self.engine("facts", rows),
            "zen": lambda: self.engine("zen", rows),
            "polars": lambda: self.engine("polars", rows),
            "few rows": lambda: self.whole(new, few),
            "many rows": lambda: self.whole(new, many),
            "one process": lambda: self.whole(new, processed),
            "two processes": lambda: self.whole(new, processed, "--jobs", "2"),
        }

    def cohort(self, count: int, messy: bool = True) -> str:
        """A file of made-up patients."""
        path = self._folder / f"{count}-{'messy' if messy else 'clean'}.csv"
        if not path.exists():
            with path.open("w", encoding="utf-8", newline="") as out:
                written(out, count, **({} if messy else {"messy": 0, "bad": 0}))
        return str(path)

    def whole(self, python: str, count: int, *options: str, messy: bool = True) -> Job:
        """A whole command of lenrx."""
        out, source = self._folder / "results", self.cohort(count, messy)
        asked = ["batch", source, "--as-of", "2026-11-23", *options, "-o", str(out)]
        return [python, "-m", "lenrx", *asked], count, out

    def limit(self, count: int) -> Job:
        """What writes the first lines of lenrx over and over."""
        made, out = self._folder / "made", self._folder / "results"
        run(*self.whole(self._new, CHECKED))
        files = [self.cohort(count), str(out.rename(made)), str(out)]
        return [sys.executable, "-c", LIMIT, *files], count, out

    def engine(self, name: str, count: int) -> Job:
        """One of the engines, given facts that are made beforehand; or making them."""
        given, out = self.cohort(count, messy=False), self._folder / f"{name}.answers"
        program = [sys.executable, str(Path(__file__).parent / "engines.py")]
        if name != "facts":
            rows, given = given, str(self._folder / f"{count}.facts")
            if not Path(given).exists():
                run([*program, "facts", rows, given])
        return [*program, name, given, str(out)], count, out

    def agreed(self, name: str) -> str:
        """On how many patients an engine says what lenrx says."""
        found = []
        for job in (self.whole(self._new, CHECKED, messy=False), self.engine(name, CHECKED)):
            run(*job)
            with Path(job[0][-1]).open(encoding="utf-8") as lines:
                found.append({row["id"]: row for row in map(json.loads, lines)})
        ours, theirs = found
        alike = [
            all(theirs[name][each] == word for word in VERDICTS for each in row[word])
            for name, row in ours.items()
            if "error" not in row
        ]
        return f"{name}: the verdicts of lenrx for {sum(alike)} of {len(alike)} patients"


def report(groups: Iterable[str], jobs: Jobs, rounds: int) -> None:
    """Measure the promises of some groups in turns, and print them."""
    promises = [each for each in PROMISES if each.group in groups]
    names = dict.fromkeys(name for each in promises for name in (*each.over, each.under) if name)
    taking = {name: jobs.named[name]() for name in names}
    found = [{name: run(*job) for name, job in taking.items()} for _ in range(rounds)]
    print("".join(f"{each.line(found)}\n" for each in promises), end="", flush=True)


def main() -> None:
    """Measure, and print the promises."""
    parser = argparse.ArgumentParser(description="The promises of lenrx batch.")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--baseline")
    for option, usual in (("rows", 100_000), ("rounds", 3), ("process-rows", 300_000)):
        parser.add_argument(f"--{option}", type=int, default=usual)
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=GROUPS)
    parser.add_argument("--memory-rows", type=int, nargs=2, default=(100_000, 1_000_000))
    parser.add_argument("--directory", type=Path, help="on the disk that is written to")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.directory) as name:
        jobs = Jobs(asked, Path(name).resolve())
        able = dict.fromkeys(("before", "reading"), asked.baseline)
        able |= {group: find_spec(group) for group in ENGINES}
        wanted = [each for each in asked.only if able.get(each, True)]
        told = [f"{each}: not to be measured here" for each in asked.only if each not in wanted]
        told += [jobs.agreed(each) for each in ENGINES if each in wanted]
        print("".join(f"{each}\n" for each in told), end="", flush=True)
        report({*wanted} - {"memory", "processes"}, jobs, asked.rounds)
        report({*wanted} & {"memory"}, jobs, 1)
        report({*wanted} & {"processes"}, jobs, asked.rounds)


if __name__ == "__main__":
    main()
