"""A cohort to be reviewed into files, and runs that are stopped."""

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

from lenrx.batch import turns
from lenrx.batch.chart_review import Result
from lenrx.batch.output import Lines
from lenrx.catalogue.loading import Catalogue
from lenrx.cli import main as cli

COHORT: Final = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "cohort.py"))[
    "cohort"
]
ROWS: Final = 24
ASKED: Final = ("--as-of", "2026-11-23")
PATIENT: Final = re.compile(r"P\d{7}|lenalidomid|Revlimid|see letter")
"""What of the cohort would be a patient's."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_catalogue: None) -> Path:
    """Where every test runs, with a cohort in it."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "cohort.csv", ROWS)
    return tmp_path


def write(path: Path, rows: int) -> None:
    """A cohort in which few patients differ by more than their id: so it is answered quickly."""
    kinds = list(COHORT(rows, bad=0))[: 6 if rows <= ROWS else rows]
    found = [{**kinds[place % len(kinds)], "id": f"P{place:07d}"} for place in range(rows)]
    found[-3]["prior_lines"] = "many"
    found[1]["egfr"] = "see letter"
    found[5]["id"] = found[2]["id"]
    found[-1]["id"] = found[3]["id"]
    lines = [",".join(found[0]), *(",".join(f'"{cell}"' for cell in row.values()) for row in found)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def batch(*options: str, file: str = "cohort.csv") -> Any:
    result = CliRunner().invoke(cli.app, ["batch", file, *ASKED, *options])
    assert not PATIENT.search(result.stderr)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(*options: str, file: str = "cohort.csv") -> str:
    """The one line on stderr with which these options are refused."""
    result = batch(*options, file=file)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("lenrx: ")
    return str(line)


FILES: Final = ("-o", "out.ndjson", "--errors", "errors.ndjson", "--summary-json", "summary.json")
MADE: Final = ("out.ndjson", "errors.ndjson", "summary.json")


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> dict[str, bytes]:
    """What an uninterrupted run of one process makes."""
    folder = tmp_path_factory.mktemp("whole")
    write(folder / "cohort.csv", ROWS)
    options = [option if option.startswith("-") else str(folder / option) for option in FILES]
    CliRunner().invoke(cli.app, ["batch", str(folder / "cohort.csv"), *ASKED, *options])
    return {name: (folder / name).read_bytes() for name in MADE} | {
        "counts": counts(folder).encode()
    }


def counts(folder: Path) -> str:
    return json.dumps(manifest(folder)["counts"])


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "out.ndjson.manifest.json").read_bytes())
    return found


def made(folder: Path) -> dict[str, bytes]:
    """What a run made, when it left nothing else."""
    known = {"cohort.csv", "out.ndjson.manifest.json", *MADE}
    assert {path.name for path in folder.iterdir()} == known
    return {name: (folder / name).read_bytes() for name in MADE} | {
        "counts": counts(folder).encode()
    }


@contextmanager
def stopped(monkeypatch: pytest.MonkeyPatch, after: int, error: BaseException) -> Iterator[None]:
    """A run with a checkpoint at every row, stopped by `error` at the row behind `after` lines."""
    written = 0
    line = Lines.line

    def counted(lines: Lines, result: Result) -> bytes:
        nonlocal written
        written += 1
        if written > after:
            raise error
        return line(lines, result)

    with monkeypatch.context() as patch:
        patch.setattr(turns, "EVERY", -1.0)
        patch.setattr(turns, "CHUNK", 1)
        patch.setattr(Lines, "line", counted)
        yield


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted(monkeypatch: pytest.MonkeyPatch, after: int = 20, *options: str) -> None:
    with stopped(monkeypatch, after, full()):
        result = batch(*FILES, *options)
    assert result.exit_code == 2
    assert not Path("out.ndjson").exists()
    assert not Path("errors.ndjson").exists()
