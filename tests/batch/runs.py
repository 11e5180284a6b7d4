"""A cohort to be answered into files, and runs that are stopped."""

from __future__ import annotations

import errno
import json
import os
import re
import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from lenrx.batch import run
from lenrx.cli import main as cli

COHORT: Final = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "cohort.py"))[
    "cohort"
]
ROWS: Final = 24
SHORT: Final = 5
"""Rows of one stretch where a test asks for short ones: 24 rows are five of them."""
ASKED: Final = ("--as-of", "2026-11-23")
PATIENT: Final = re.compile(r"P\d{7}|lenalidomid|Revlimid|see letter")
"""What of the cohort would be a patient's."""
FILES: Final = ("-o", "out.ndjson", "--errors", "errors.ndjson", "--summary-json", "summary.json")
MADE: Final = ("out.ndjson", "errors.ndjson", "summary.json", "out.legend.json")
PARTS: Final = Path("out.ndjson.parts")
Record = dict[str, Any]


def write(path: Path, rows: int, kinds_of: int = 6) -> None:
    """A cohort in which few patients differ by more than their id: so it is answered quickly."""
    kinds = list(COHORT(kinds_of, bad=0))
    found = [{**kinds[place % len(kinds)], "id": f"P{place:07d}"} for place in range(rows)]
    found[-3]["prior_lines"] = "many"
    found[1]["egfr"] = "see letter"
    found[5]["id"] = found[2]["id"]
    found[-1]["id"] = found[3]["id"]
    lines = [",".join(found[0]), *(",".join(f'"{cell}"' for cell in row.values()) for row in found)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def batch(*options: str, file: str = "cohort.csv") -> Any:
    asked = () if ASKED[0] in options else ASKED
    result = CliRunner().invoke(cli.app, ["batch", file, *asked, *options])
    assert not PATIENT.search(result.stderr)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(*options: str, file: str = "cohort.csv") -> str:
    """The one line on stderr with which these options are refused."""
    result = batch(*options, file=file)
    assert (result.exit_code, result.stdout) == (2, ""), result.stderr
    (line,) = result.stderr.splitlines()
    assert line.startswith("lenrx: ")
    assert "internal error" not in line
    return str(line)


def records(text: bytes) -> list[Record]:
    return [json.loads(line) for line in text.splitlines()]


def manifest(folder: Path) -> Record:
    found: Record = json.loads((folder / "out.ndjson.manifest.json").read_bytes())
    return found


def made(folder: Path) -> dict[str, bytes]:
    """What a run made, when it left nothing else."""
    known = {"cohort.csv", "out.ndjson.manifest.json", *MADE}
    assert {path.name for path in folder.iterdir()} == known
    counts = json.dumps(manifest(folder)["counts"]).encode()
    return {name: (folder / name).read_bytes() for name in MADE} | {"counts": counts}


def everything(folder: Path) -> dict[str, bytes | None]:
    """All that lies in a folder, by its name."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def done(parts: Path = PARTS) -> list[int]:
    """The stretches that are there."""
    return sorted(int(path.stem) for path in parts.glob("*.json"))


@contextmanager
def stopped(monkeypatch: pytest.MonkeyPatch, after: int, error: BaseException) -> Iterator[None]:
    """A run that is stopped by `error` at the row behind `after` others."""
    written = 0
    put = run._put

    def counted(*args: Any) -> None:
        nonlocal written
        written += 1
        if written > after:
            raise error
        put(*args)

    with monkeypatch.context() as patch:
        patch.setattr(run, "_put", counted)
        yield


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted(monkeypatch: pytest.MonkeyPatch, after: int = 20, *options: str) -> None:
    """A run into FILES that found the disk full; its stretches are short."""
    with stopped(monkeypatch, after, full()):
        result = batch(*FILES, *options)
    assert result.exit_code == 2
    assert not Path("out.ndjson").exists()
    assert not Path("errors.ndjson").exists()
