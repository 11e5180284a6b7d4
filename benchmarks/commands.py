"""Whole commands: the peak of memory, and one process beside two."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from flat import AS_OF

JOBS: Final = {"one process": 1, "two processes": 2}
MOST_ROUNDS: Final = 3
"""Of two processes."""
COMMAND: Final = [sys.executable, "-m", "lenrx", "batch", "--as-of", AS_OF]
# The peak of a child is at least that of the process that starts it, so a small one has to.
PEAK: Final = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
Times = dict[str, float]
"""One round: of every measure, us a patient, or MB."""


def memory(few: Path, many: Path) -> list[Times]:
    """The peak of a whole command, on few patients and on many."""
    found: Times = {}
    for name, path in (("MB, a tenth of them", few), ("MB, all rows", many)):
        peak = [sys.executable, "-c", PEAK, *COMMAND, str(path)]
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        found[name] = int(subprocess.check_output(peak)) / unit
    return [found]


def processes(many: Path, count: int, rounds: int) -> list[Times]:
    """The whole command into a file, by one process and by two."""
    return [
        {name: _whole(many, jobs) / count * 1e6 for name, jobs in JOBS.items()}
        for _ in range(min(rounds, MOST_ROUNDS))
    ]


def _whole(many: Path, jobs: int) -> float:
    with tempfile.TemporaryDirectory(dir=many.parent) as folder:
        output = Path(folder) / "results.ndjson"
        start = time.perf_counter()
        subprocess.run([*COMMAND, str(many), "-j", str(jobs), "-o", str(output)], check=True)
        return time.perf_counter() - start
