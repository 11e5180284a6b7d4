"""Faults: runs killed at random moments, and what going on with them makes.

    python tests/trust/faults.py --points 50 --seed 1 --write

Each point is a run of 3,000 patients into files, in stretches of twenty, with one process or two,
killed (SIGKILL) between its start and the time that an undisturbed run takes, then resumed. At
every point the output must be an older one or the whole new one; at the end it must hold the bytes
of the undisturbed run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.batch.runs import ASKED, FILES, MADE, write
from tests.batch.test_processes import SHORT

ROOT: Final = Path(__file__).parents[2]
RECORD: Final = ROOT / "docs" / "validation" / "faults.json"
PAGE: Final = ROOT / "docs" / "reliability.md"
OLDER: Final = b"older"
ROWS: Final = 3_000


def begun(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    """A run in a folder."""
    command = [sys.executable, "-c", SHORT, "batch", "cohort.csv", *ASKED, *FILES, *options]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def made(folder: Path) -> dict[str, bytes]:
    """The files that a run makes, as far as they are there."""
    return {name: (folder / name).read_bytes() for name in MADE if (folder / name).exists()}


def undisturbed(folder: Path) -> tuple[dict[str, bytes], float]:
    """What comes of the cohort, and in which time."""
    write(folder / "cohort.csv", ROWS, 150)
    started = time.monotonic()
    begun(folder).wait()
    return made(folder), time.monotonic() - started


def killed(folder: Path, jobs: int, after: float, whole: dict[str, bytes]) -> str:
    """What became of a run that was killed: a word for where, or `wrong: ` and why."""
    write(folder / "cohort.csv", ROWS, 150)
    (folder / "out.ndjson").write_bytes(OLDER)
    run = begun(folder, "--jobs", str(jobs))
    time.sleep(after)
    run.kill()
    ended = run.wait()
    found = made(folder)["out.ndjson"]
    if found not in (OLDER, whole["out.ndjson"]):
        return "wrong: half an output"
    parts = len(list(folder.glob("out.ndjson.parts/*.json")))
    state = "before its first row" if not parts else "at work"
    if found != OLDER:
        state = "after its output was whole"
    resume = (
        () if ended == 1 or not (folder / "out.ndjson.manifest.json").exists() else ("--resume",)
    )
    if ended != 1 and begun(folder, "--jobs", str(jobs), *resume).wait() not in (1, 2):
        return "wrong: it could not go on"
    return state if made(folder) == whole else "wrong: other bytes"


def main() -> None:
    """Kill, go on, count."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--points", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--write", action="store_true", help=f"into {RECORD.relative_to(ROOT)}")
    asked = options.parse_args()
    chance, ends = random.Random(asked.seed), Counter[str]()
    places = [str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(places)
    with tempfile.TemporaryDirectory() as folder:
        whole, took = undisturbed(Path(folder))
    for number in range(asked.points):
        with tempfile.TemporaryDirectory() as folder:
            jobs, after = 1 + number % 2, chance.uniform(0, took)
            ends[killed(Path(folder), jobs, after, whole)] += 1
    wrong = sum(count for end, count in ends.items() if end.startswith("wrong"))
    print(f"{asked.points} points, {wrong} wrong: {dict(ends)}")
    if asked.write:
        record(asked.points, asked.seed, ends, wrong)
    raise SystemExit(1 if wrong else 0)


def record(points: int, seed: int, ends: Counter[str], wrong: int) -> None:
    """Write what came of it, and how many faults have a test of their own."""
    from lenrx.catalogue.loading import load

    rows = re.findall(r"^\| .*`tests/", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    figures: dict[str, Any] = {
        "runs killed": points,
        **{f"killed {end}": ends[end] for end in sorted(ends) if not end.startswith("wrong")},
        "wrong after going on": wrong,
        "faults with a defined result and a test": len(rows),
        "seed": seed,
    }
    notes = [
        "Half of the runs had two processes. `python tests/trust/faults.py` kills them.",
        "The faults, their results and their tests are listed in docs/reliability.md.",
    ]
    document = {"what": "faults", "catalogue": load().version, "figures": figures, "notes": notes}
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(f"{json.dumps(document, indent=2)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
