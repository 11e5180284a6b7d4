"""Start-up of the main job, as ratios within one run.

`lenrx recommend --refractory lena,pi --egfr 25 --format json` against (a) the same typer program
with empty commands and (b) `python -c pass`, whole processes, taken in turn. Promise: at most 2.5
and at most 11, from an installed wheel (a checkout parses YAML at every start).

Usage: python benchmarks/start_up.py [--python PYTHON_WITH_THE_WHEEL] [--rounds N]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

MAIN = ["recommend", "--refractory", "lena,pi", "--egfr", "25", "--format", "json"]
LENRX = "from lenrx.__main__ import main; main()"
EMPTY = """
import gc, inspect; gc.disable()
from lenrx.cli import main as cli
for command in cli.app.registered_commands:
    def empty(**options): pass
    signature = inspect.signature(command.callback, eval_str=True)
    empty.__name__, empty.__signature__ = command.callback.__name__, signature
    empty.__annotations__ = {name: each.annotation for name, each in signature.parameters.items()}
    command.callback = empty
cli.app(prog_name="lenrx")
"""


def seconds(command: list[str]) -> float:
    """Wall time of one process, its output read and thrown away."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd="/")
    return time.perf_counter() - start


def main() -> None:
    """Print median times and the median of the per-round ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=15)
    wanted = parser.parse_args()
    commands = {
        "lenrx": [wanted.python, "-c", LENRX, *MAIN],
        "empty": [wanted.python, "-c", EMPTY, *MAIN],
        "pass": [wanted.python, "-c", "pass"],
    }
    for command in commands.values():
        seconds(command)
    rounds = [
        {name: seconds(command) for name, command in commands.items()} for _ in range(wanted.rounds)
    ]
    for name in commands:
        times = [each[name] * 1000 for each in rounds]
        print(f"{name:6} median {statistics.median(times):6.1f} ms, min {min(times):6.1f} ms")
    for other, promise in (("empty", 2.5), ("pass", 11)):
        ratio = statistics.median(each["lenrx"] / each[other] for each in rounds)
        print(f"lenrx / {other}: {ratio:.2f} (promise: at most {promise})")


if __name__ == "__main__":
    main()
