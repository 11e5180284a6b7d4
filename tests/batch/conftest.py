"""Where the tests of batch run: a folder of its own for each, with a cohort in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lenrx.batch import run
from lenrx.cli import main as cli
from tests.batch.runs import ASKED, FILES, MADE, ROWS, SHORT, manifest, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_catalogue: None) -> Path:
    """Where every test runs, with a cohort in it."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "cohort.csv", ROWS)
    return tmp_path


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches so short that the cohort has five of them."""
    monkeypatch.setattr(run, "STRETCH", SHORT)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an undisturbed run makes of the cohort, in one stretch."""
    folder = tmp_path_factory.mktemp("whole")
    write(folder / "cohort.csv", ROWS)
    options = [option if option.startswith("-") else str(folder / option) for option in FILES]
    CliRunner().invoke(cli.app, ["batch", str(folder / "cohort.csv"), *ASKED, *options])
    counts = json.dumps(manifest(folder)["counts"]).encode()
    return {name: (folder / name).read_bytes() for name in MADE} | {"counts": counts}
