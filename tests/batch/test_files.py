"""What a run writes, and what it refuses to write over."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from lenrx.batch import turns
from lenrx.catalogue.loading import Catalogue
from tests.batch.conftest import (
    FILES,
    PATIENT,
    ROWS,
    batch,
    full,
    interrupted,
    made,
    manifest,
    refused,
    stopped,
    write,
)


def test_a_file_holds_what_stdout_would(folder: Path, whole: dict[str, bytes]) -> None:
    streamed = batch("--errors", "also.ndjson")
    assert streamed.stdout_bytes == whole["out.ndjson"]
    assert (folder / "also.ndjson").read_bytes() == whole["errors.ndjson"]
    assert whole["out.ndjson"].count(b"\n") == ROWS
    assert 0 < whole["errors.ndjson"].count(b"\n") < ROWS
    errors = [line for line in whole["out.ndjson"].splitlines() if b'"error":' in line]
    assert whole["errors.ndjson"].splitlines() == errors


def test_csv_in_a_file_is_what_stdout_would_hold(folder: Path) -> None:
    batch("--format", "csv", "-o", "out.csv", "--jobs", "2")
    assert (folder / "out.csv").read_bytes() == batch("--format", "csv").stdout_bytes


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_any_number_of_jobs_makes_the_same_files(
    folder: Path, whole: dict[str, bytes], jobs: int
) -> None:
    result = batch(*FILES, "--jobs", str(jobs))
    assert result.exit_code == 1
    assert made(folder) == whole


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_processes_take_turns(folder: Path, form: str) -> None:
    """More chunks than processes, the last one short, ids that repeat over chunks."""
    write(folder / "many.csv", 3 * turns.CHUNK + 5)
    made = {}
    for jobs in ("1", "2", "3"):
        options = ("--errors", f"{jobs}.err", "--summary-json", f"{jobs}.json", "--jobs", jobs)
        batch("-o", f"{jobs}.out", "--format", form, *options, file="many.csv")
        made[jobs] = [(folder / f"{jobs}.{end}").read_bytes() for end in ("out", "err", "json")]
    assert made["1"] == made["2"] == made["3"]
    assert made["1"][0] == batch("--format", form, file="many.csv").stdout_bytes


def test_rows_that_fill_their_chunks_are_all_there(folder: Path) -> None:
    write(folder / "full.csv", 2 * turns.CHUNK)
    plain = batch(file="full.csv").stdout_bytes
    batch("-o", "full.ndjson", "--jobs", "2", file="full.csv")
    assert (folder / "full.ndjson").read_bytes() == plain


def test_more_jobs_than_rows_make_the_same_file(folder: Path) -> None:
    write(folder / "few.csv", 8)
    plain = batch(file="few.csv").stdout_bytes
    batch("-o", "few.ndjson", "--jobs", "9", file="few.csv")
    assert (folder / "few.ndjson").read_bytes() == plain
    (folder / "none.csv").write_text("id,age\n")
    result = batch("-o", "none.ndjson", "--jobs", "2", file="none.csv")
    assert (result.exit_code, (folder / "none.ndjson").read_bytes()) == (0, b"")


def test_ids_that_repeat_over_blocks_are_warned_of(whole: dict[str, bytes]) -> None:
    found = [json.loads(line) for line in whole["out.ndjson"].splitlines()]
    twice = [
        [one["message"] for one in each.get("warnings", ()) if one["code"] == "duplicate-id"]
        for each in found
    ]
    assert twice[5] == ["the id stands in row 3 too"]
    assert twice[-1] == ["the id stands in row 4 too"]
    assert sum(map(len, twice)) == 2


def test_a_new_run_leaves_nothing_of_an_older_one(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch)
    assert (folder / "out.ndjson.part").is_file()
    batch(*FILES)
    assert made(folder) == whole


def test_an_older_output_stands_until_the_new_one_is_whole(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("out.ndjson", "errors.ndjson"):
        (folder / name).write_text("older")
    with stopped(monkeypatch, ROWS - 1, full()):
        batch(*FILES)
    for name in ("out.ndjson", "errors.ndjson"):
        assert (folder / name).read_text() == "older"
    batch(*FILES, "--resume")
    assert made(folder) == whole


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-o", "cohort.csv"), "is also read or written otherwise"),
        (("-o", "./link.csv"), "is also read or written otherwise"),
        (("-o", "a", "--errors", "cohort.csv"), "is also read or written otherwise"),
        (("-o", "a", "--errors", "./a"), "is also read or written otherwise"),
        (("-o", "."), "is a folder"),
        (("-o", "a", "--errors", "."), "is a folder"),
        (("-o", "old.ndjson"), "is a link"),
        (("-o", "a", "--errors", "old.ndjson"), "is a link"),
        (("-o", "/dev/null"), "is no file that can be replaced"),
        (("-o", "no/such/folder"), "No such file or directory"),
        (("-o", "cohort.csv/a"), "Not a directory"),
        (("--resume",), "need --output FILE"),
        (("--jobs", "2"), "need --output FILE"),
    ],
)
def test_an_output_that_cannot_be_is_refused_and_nothing_is_touched(
    folder: Path, options: tuple[str, ...], said: str
) -> None:
    (folder / "link.csv").symlink_to("cohort.csv")
    (folder / "old.txt").write_text("older")
    (folder / "old.ndjson").symlink_to("old.txt")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert said in refused(*options)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_two_runs_do_not_write_one_output(folder: Path, whole: dict[str, bytes]) -> None:
    pytest.importorskip("fcntl")
    with turns.alone(turns.unfinished(Path("out.ndjson"), None)):
        before = {path.name for path in folder.iterdir()}
        for more in ((), ("--resume",)):
            assert "another run is writing it" in refused(*FILES, *more)
        assert {path.name for path in folder.iterdir()} == before
    batch(*FILES)
    assert made(folder) == whole


@pytest.mark.skipif(sys.platform != "linux", reason="others take names in UTF-8 only")
def test_a_name_that_is_no_utf_8_is_written_with_question_marks(folder: Path) -> None:
    name = os.fsdecode(b"caf\xe9.ndjson")
    assert batch("-o", name).exit_code == 1
    found = json.loads((folder / f"{name}.manifest.json").read_bytes())
    assert found["output"]["name"] == "caf?.ndjson"


def test_a_folder_that_cannot_be_written_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def denied(path: Path, mode: str = "r", **how: Any) -> Any:
        if "w" in mode:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, mode, **how)

    monkeypatch.setattr(Path, "open", denied)
    assert "Permission denied" in refused("-o", "out.ndjson")


def test_stdin_cannot_be_reviewed_into_a_file() -> None:
    assert "write to stdout" in refused("-o", "out.ndjson", "--input-format", "csv", file="-")


def test_the_manifest_says_what_was_run_on_what(folder: Path, catalogue: Catalogue) -> None:
    batch(*FILES, "--region", "eu", "--jobs", "2")
    found = manifest(folder)
    for kind, name in (("input", "cohort.csv"), ("output", "out.ndjson")):
        content = (folder / name).read_bytes()
        assert found[kind]["name"] == name
        assert found[kind]["bytes"] == len(content)
        if kind == "input":
            assert found[kind]["sha256"] == hashlib.sha256(content).hexdigest()
    assert found["catalogue"] == {"version": catalogue.version, "sha256": catalogue.sha256}
    assert (found["schema"], found["state"], found["runs"]) == (
        *("lenrx/manifest/1", "complete"),
        1,
    )
    assert found["options"]["as_of"] == "2026-11-23"
    assert found["options"]["region"] == "eu"
    assert found["started"] <= found["ended"]
    rows = [json.loads(line) for line in (folder / "out.ndjson").read_bytes().splitlines()]
    counts = found["counts"]
    assert counts["rows"] == len(rows) == counts["answered"] + counts["unreadable"]
    assert counts["unreadable"] == sum("error" in row for row in rows)
    short = csv.DictReader(io.StringIO(batch("--format", "csv", "--region", "eu").stdout))
    assert counts["not_literal"] == sum(bool(row["readings"]) and not row["error"] for row in short)
    assert counts["duplicate_ids"] == 2
    assert not PATIENT.search(json.dumps(found))


def test_a_manifest_of_a_run_that_goes_on_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch)
    found = manifest(folder)
    assert (found["state"], found["ended"], found["runs"]) == ("running", None, 1)
    assert "output" not in found
    assert "counts" not in found
