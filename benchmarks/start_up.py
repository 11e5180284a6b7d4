"""Start-up of the main job, as ratios within one run.

`lenrx recommend --refractory lena,pi --egfr 25 --format json` against the same typer program with
empty commands and against `python -c pass`: whole processes, by the clock, in turn, from an
installed wheel (a checkout parses YAML at every start).

Usage: python benchmarks/start_up.py [--python PYTHON_WITH_THE_WHEEL] [--rounds N]
"""

from __future__ import annotations

import argparse
import sys
from typing import Final

from batch import Promise, run

MAIN: Final = ["recommend", "--refractory", "lena,pi", "--egfr", "25", "--format", "json"]
EMPTY: Final = """
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
PROGRAMS: Final = {"lenrx": "import lenrx.__main__ as it; it.main()", "empty": EMPTY, "pass": ""}
PROMISES: Final = (
    Promise("start-up", "wall", ("lenrx",), "empty", most=1.8),
    Promise("start-up", "wall", ("lenrx",), "pass", most=11),
)


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args()
    commands = {name: [asked.python, "-c", text, *MAIN] for name, text in PROGRAMS.items()}
    rounds = [{each: run(commands[each]) for each in commands} for _ in range(asked.rounds + 1)]
    for promise in PROMISES:
        print(promise.line(rounds[1:]))


if __name__ == "__main__":
    main()
