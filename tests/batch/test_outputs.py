"""Every output of a run: locked, whole or as it was, for its owner's eyes, one alone on stdout."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from lenrx.batch.files import alone
from lenrx.cli.cohort import page
from tests.batch.runs import FILES, batch, everything, made, manifest, refused

pytestmark = pytest.mark.usefixtures("short")
PAGE = ("--report", "page.html")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("held", ["summary.json", "page.html", "out.legend.json"])
def test_no_two_runs_write_one_summary_page_or_legend(folder: Path, held: str) -> None:
    pytest.importorskip("fcntl")
    with alone(Path(held)):
        before = everything(folder)
        assert f"{held}: another run is writing it" in refused(*FILES, *PAGE)
        assert everything(folder) == before


def test_the_summary_of_one_run_is_not_written_over_the_output_of_another(folder: Path) -> None:
    pytest.importorskip("fcntl")
    with alone(Path("other.ndjson")):
        options = ("-o", "out.ndjson", "--summary-json", "other.ndjson")
        assert "other.ndjson: another run is writing it" in refused(*options)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
@pytest.mark.parametrize(
    "options",
    [FILES, ("-o", "out.csv"), ("-o", "out.parquet"), ("--errors", "also.ndjson"), PAGE + FILES],
)
def test_files_with_patients_are_for_their_owner(folder: Path, options: tuple[str, ...]) -> None:
    if "out.parquet" in options:
        pytest.importorskip("pyarrow")
    before = os.umask(0o022)
    try:
        assert batch(*options).exit_code == 1
    finally:
        os.umask(before)
    written = [Path(each) for each in options if not each.startswith("-")]
    assert {path.name: oct(mode(path)) for path in written} == {p.name: "0o600" for p in written}


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left")])
def test_a_run_that_is_stopped_before_its_page_goes_on(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def stop(*_: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(page, "report", stop)
        stopped = batch(*FILES, *PAGE)
    assert stopped.exit_code == (130 if isinstance(error, KeyboardInterrupt) else 2)
    assert "--resume" in stopped.stderr
    assert manifest(folder)["state"] == "running"
    assert batch(*FILES, *PAGE, "--resume").exit_code == 1
    assert (folder / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    (folder / "page.html").unlink()
    assert made(folder) == whole


def test_error_records_beside_stdout_stand_as_they_were_until_they_are_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lenrx.batch import run

    (folder / "errors.ndjson").write_text("older\n")

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "error_line", stop)
        assert batch("--errors", "errors.ndjson").exit_code == 130
    assert (folder / "errors.ndjson").read_text() == "older\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--errors", "-"), "--errors -: error records stand among the rows; name a file"),
        (("-o", "out.ndjson", "--errors", "-"), "--errors -: error records stand among the rows"),
        (("--summary-json", "-"), "the rows and --summary-json - would go to stdout together"),
        (("--report", "-"), "the rows and --report - would go to stdout together; name a file for"),
        (("--summary", "--summary-json", "-"), "--summary and --summary-json - would go to stdout"),
        (
            ("-o", "out.ndjson", "--summary-json", "-", "--report", "-"),
            "--summary-json - and --report - would go to stdout together",
        ),
    ],
)
def test_no_two_things_go_to_stdout_and_no_file_is_named_so(
    folder: Path, options: tuple[str, ...], said: str
) -> None:
    assert said in refused(*options)
    assert {path.name for path in folder.iterdir()} == {"cohort.csv"}


def test_the_summary_alone_or_the_page_alone_goes_to_stdout(folder: Path) -> None:
    told = batch("-o", "out.ndjson", "--summary-json", "-")
    assert json.loads(told.stdout)["rows"] == manifest(folder)["counts"]["rows"]
    drawn = batch("-o", "out.ndjson", "--report", "-")
    assert drawn.stdout.lower().startswith("<!doctype html>")
    assert not (folder / "-").exists()
