"""What a run writes, and what it refuses to write over."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from lenrx.batch import run
from lenrx.batch.files import alone
from lenrx.catalogue.loading import Catalogue, checkout
from tests.batch.runs import (
    FILES,
    PATIENT,
    ROWS,
    SHORT,
    batch,
    everything,
    full,
    interrupted,
    made,
    manifest,
    records,
    refused,
    stopped,
    write,
)

pytestmark = pytest.mark.usefixtures("short")


def test_a_file_holds_what_stdout_would(folder: Path, whole: dict[str, bytes]) -> None:
    streamed = batch("--errors", "also.ndjson")
    assert streamed.stdout_bytes == whole["out.ndjson"]
    assert (folder / "also.ndjson").read_bytes() == whole["errors.ndjson"]
    errors = [line for line in whole["out.ndjson"].splitlines() if b'"error":' in line]
    assert whole["errors.ndjson"].splitlines() == errors
    assert 0 < len(errors) < ROWS


def test_every_row_has_its_line_in_order_and_is_counted(
    folder: Path, whole: dict[str, bytes]
) -> None:
    rows = records(whole["out.ndjson"])
    with (folder / "cohort.csv").open(encoding="utf-8") as source:
        ids = [row["id"] for row in csv.DictReader(source)]
    assert [row["row"] for row in rows] == list(range(1, ROWS + 1))
    assert [row["id"] for row in rows] == ids
    unreadable = sum("error" in row for row in rows)
    assert json.loads(whole["counts"]) == {
        "rows": ROWS,
        "answered": ROWS - unreadable,
        "unreadable": unreadable,
        "not_literal": sum(bool(row.get("readings")) for row in rows),
        "duplicate_ids": 2,
        "lines_swallowed": 0,
        "nothing_stated": 0,
        "passed_over": 0,
    }
    summary = json.loads(whole["summary.json"])
    assert (summary["rows"], summary["unreadable"]) == (ROWS, unreadable)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_any_number_of_jobs_makes_the_same_files(
    folder: Path, whole: dict[str, bytes], jobs: int
) -> None:
    result = batch(*FILES, "--jobs", str(jobs))
    assert result.exit_code == 1
    assert made(folder) == whole


@pytest.mark.parametrize(
    "how", [("--format", "csv"), ("--format", "csv", "--long"), ("--detail", "reasons")]
)
def test_what_is_joined_from_processes_is_what_stdout_would_hold(
    folder: Path, how: tuple[str, ...]
) -> None:
    batch(*how, "-o", "out", "--jobs", "2")
    assert (folder / "out").read_bytes() == batch(*how).stdout_bytes


@pytest.mark.parametrize("rows", [2 * SHORT, 2 * SHORT + 1, 3 * SHORT - 1])
def test_rows_that_fill_their_stretches_are_all_there(folder: Path, rows: int) -> None:
    write(folder / "full.csv", rows)
    batch("-o", "full.ndjson", file="full.csv")
    assert (folder / "full.ndjson").read_bytes() == batch(file="full.csv").stdout_bytes
    assert (folder / "full.ndjson").read_bytes().count(b"\n") == rows


def test_more_jobs_than_rows_make_the_same_file(folder: Path) -> None:
    write(folder / "few.csv", 8)
    batch("-o", "few.ndjson", "--jobs", "4", file="few.csv")
    assert (folder / "few.ndjson").read_bytes() == batch(file="few.csv").stdout_bytes


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_file_without_rows_leaves_nothing(folder: Path, jobs: str) -> None:
    (folder / "none.csv").write_text("id,refractory\n,\n")
    said = refused("-o", "out.ndjson", "--jobs", jobs, file="none.csv")
    assert "no row of a patient" in said
    assert {path.name for path in folder.iterdir()} == {"cohort.csv", "none.csv"}


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_rows_that_are_passed_keep_their_number_and_are_counted(folder: Path, jobs: str) -> None:
    lines = (folder / "cohort.csv").read_text().splitlines()
    head, rows = lines[0], lines[1:]
    bare = "," * head.count(",")
    mixed = [each for row in rows for each in (row, bare)]
    mixed[11] = head
    (folder / "cohort.csv").write_text("\n".join([head, *mixed]))
    found = batch(*FILES, "--jobs", jobs)
    counts = manifest(folder)["counts"]
    assert (counts["rows"], counts["passed_over"]) == (ROWS, ROWS)
    summary = json.loads((folder / "summary.json").read_bytes())
    assert summary["passed_over"] == {"empty": ROWS - 1, "header": 1}
    told = [each["row"] for each in records((folder / "out.ndjson").read_bytes())]
    assert told == list(range(1, 2 * ROWS, 2))
    said = f"passed over, as no patient: {ROWS - 1} empty rows, 1 row with the header again"
    assert said in found.stderr
    assert manifest(folder)["input"]["lines"] == 2 * ROWS


def test_ids_that_repeat_over_stretches_are_warned_of(folder: Path) -> None:
    batch(*FILES)
    found = records((folder / "out.ndjson").read_bytes())
    twice = [
        [one["message"] for one in each["warnings"] if one["code"] == "duplicate-id"]
        for each in found
    ]
    assert twice[5] == ["the id stands in row 3 too"]
    assert twice[-1] == ["the id stands in row 4 too"]
    assert sum(map(len, twice)) == 2


def test_a_new_run_leaves_nothing_of_an_older_one(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, 20, "--strict")
    assert len(list((folder / "out.ndjson.parts").glob("*.results*"))) > 3
    batch(*FILES)
    assert made(folder) == whole


def test_an_older_output_stands_until_the_new_one_is_whole(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("out.ndjson", "errors.ndjson", "out.legend.json"):
        (folder / name).write_text("older")
    with stopped(monkeypatch, ROWS - 1, full()):
        batch(*FILES)
    for name in ("out.ndjson", "errors.ndjson", "out.legend.json"):
        assert (folder / name).read_text() == "older"
    batch(*FILES, "--resume")
    assert made(folder) == whole


LOCAL: Final = "formulary: Local\ndrugs:\n  melphalan: {stock: not-stocked}\n"
OTHERWISE: Final = "is also read or written otherwise"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-o", "cohort.csv"), f"cohort.csv: {OTHERWISE}"),
        (("-o", "./link.csv"), OTHERWISE),
        (("-o", "hard.csv"), OTHERWISE),
        (("--errors", "hard.csv"), OTHERWISE),
        (("--summary-json", "cohort.csv"), OTHERWISE),
        (("-o", "a", "--errors", "cohort.csv"), OTHERWISE),
        (("-o", "a", "--errors", "./a"), OTHERWISE),
        (("-o", "a", "--summary-json", "a"), OTHERWISE),
        (("-o", "a.x", "--errors", "a.legend.json"), OTHERWISE),
        (("-o", "a.x", "--errors", "a.x.manifest.json"), OTHERWISE),
        (("-o", "a.x", "--errors", "a.x.new"), OTHERWISE),
        (("-o", "a.x", "--errors", "a.x.lock"), OTHERWISE),
        (("-o", "a.x", "--summary-json", "a.legend.json"), OTHERWISE),
        (("-o", "a.x", "--errors", "a.x.parts"), "a.x.parts: is the working folder of a.x"),
        (("-o", "a.x", "--summary-json", "./a.x.parts"), "is the working folder of a.x"),
        (("-o", "a.x", "--report", "a.x.parts"), "is the working folder of a.x"),
        (("-o", "map.yaml", "--map", "map.yaml"), "yaml is not written here"),
        (("--errors", "map.yaml", "--map", "map.yaml"), OTHERWISE),
        (("-o", "a", "--summary-json", "map.yaml", "--map", "map.yaml"), OTHERWISE),
        (("--errors", "local.yaml", "--formulary", "local.yaml"), OTHERWISE),
        (("--errors", "data/drugs.yaml", "--catalogue", "data"), OTHERWISE),
        (("-o", "."), "is a folder"),
        (("-o", "a", "--errors", "."), "is a folder"),
        (("-o", "old.ndjson"), "is a link"),
        (("-o", "a", "--errors", "old.ndjson"), "is a link"),
        (("-o", "/dev/null"), "is no file that can be replaced"),
        (("-o", "no/such/folder"), "no/such/folder: there is no folder no/such"),
        (("--errors", "no/such/folder"), "no/such/folder: there is no folder no/such"),
        (("--summary-json", "no/s.json"), "no/s.json: there is no folder no"),
        (("-o", "cohort.csv/a"), "cohort.csv/a: there is no folder cohort.csv"),
        (("-o", "x" * 300), "File name too long"),
        (("-o", "x" * 245), "File name too long"),
        (("-o", "kept"), "kept.parts: is not of a run"),
        (("-o", "linked"), "linked.parts: is not of a run"),
    ],
)
def test_an_output_that_cannot_be_is_refused_and_nothing_is_touched(
    folder: Path, options: tuple[str, ...], said: str
) -> None:
    (folder / "link.csv").symlink_to("cohort.csv")
    (folder / "hard.csv").hardlink_to("cohort.csv")
    (folder / "old.txt").write_text("older")
    (folder / "old.ndjson").symlink_to("old.txt")
    (folder / "map.yaml").write_text("ignore: [nothing]\n")
    (folder / "local.yaml").write_text(LOCAL)
    for name in ("kept.parts", "elsewhere"):
        (folder / name).mkdir()
        (folder / name / "letter.txt").write_text("somebody's")
    (folder / "linked.parts").symlink_to("elsewhere")
    shutil.copytree(checkout(), folder / "data")
    before = everything(folder)
    assert said in refused(*options)
    after = everything(folder)
    assert {name for name in after if not name.endswith(".manifest.json")} == {*before}
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("more", [(), ("--resume",)])
@pytest.mark.parametrize("held", ["out.ndjson", "errors.ndjson"])
def test_two_runs_do_not_write_one_file(
    folder: Path, whole: dict[str, bytes], held: str, more: tuple[str, ...]
) -> None:
    """Neither one output, nor what is the output of one and the error records of the other."""
    pytest.importorskip("fcntl")
    with alone(Path(held)):
        before = everything(folder)
        assert f"{held}: another run is writing it" in refused(*FILES, *more)
        assert everything(folder) == before
    batch(*FILES)
    assert made(folder) == whole


def test_error_records_beside_stdout_are_not_written_over_those_of_a_run(folder: Path) -> None:
    pytest.importorskip("fcntl")
    with alone(Path("errors.ndjson")):
        assert "another run is writing it" in refused("--errors", "errors.ndjson")
    assert batch("--errors", "errors.ndjson").exit_code == 1
    assert {path.name for path in folder.iterdir()} == {"cohort.csv", "errors.ndjson"}


def test_a_lock_that_its_run_took_away_meanwhile_is_no_lock(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the opening and the locking of the file the other run ends and removes it."""
    fcntl = pytest.importorskip("fcntl")
    lock = fcntl.flock

    def late(*args: Any) -> None:
        (folder / "out.ndjson.lock").unlink()
        lock(*args)

    monkeypatch.setattr(fcntl, "flock", late)
    assert "another run is writing it" in refused("-o", "out.ndjson")


def test_the_inputs_of_one_run_may_be_those_of_another(folder: Path) -> None:
    (folder / "map.yaml").write_text("ignore: [lvef]\n")
    with alone(Path("out.ndjson")):
        assert batch("-o", "other.ndjson", "--map", "map.yaml").exit_code == 1


@pytest.mark.skipif(sys.platform != "linux", reason="others take names in UTF-8 only")
def test_a_name_that_is_no_utf_8_is_written_with_question_marks(folder: Path) -> None:
    name = os.fsdecode(b"caf\xe9.ndjson")
    assert batch("-o", name).exit_code == 1
    found = json.loads((folder / f"{name}.manifest.json").read_bytes())
    assert found["output"]["name"] == "caf?.ndjson"


def test_a_folder_that_cannot_be_written_is_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def denied(path: Path, mode: str = "r", **how: Any) -> Any:
        if "w" in mode:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, mode, **how)

    monkeypatch.setattr(Path, "open", denied)
    assert "out.ndjson: Permission denied" in refused("-o", "out.ndjson")
    assert [path.name for path in folder.iterdir()] == ["cohort.csv"]


def test_stdin_cannot_be_answered_into_a_file() -> None:
    assert "write to stdout" in refused("-o", "out.ndjson", "--input-format", "csv", file="-")


def test_a_header_that_cannot_be_used_touches_no_older_output(folder: Path) -> None:
    (folder / "out.ndjson").write_text("older")
    (folder / "cohort.csv").write_text("id,egrf\nA,60\n")
    before = everything(folder)
    assert "unknown column egrf" in refused(*FILES)
    assert everything(folder) == before


def test_the_manifest_says_what_was_run_on_what(folder: Path, catalogue: Catalogue) -> None:
    (folder / "local.yaml").write_text(LOCAL)
    batch(*FILES, "--region", "eu", "--formulary", "local.yaml", "--ignore", "lvef")
    found = manifest(folder)
    written = {"input": "cohort.csv", "output": "out.ndjson", "legend": "out.legend.json"}
    described = {kind: found[kind] for kind in written}
    described["formulary"] = found["options"]["formulary"]
    for kind, name in {**written, "formulary": "local.yaml"}.items():
        content = (folder / name).read_bytes()
        assert described[kind]["name"] == name
        assert described[kind]["bytes"] == len(content)
        assert described[kind]["sha256"] == hashlib.sha256(content).hexdigest()
    assert found["catalogue"] == {"version": catalogue.version, "sha256": catalogue.sha256}
    assert found["schema"] == "lenrx/manifest/2"
    assert (found["state"], found["runs"], found["errors"]) == ("complete", 1, "errors.ndjson")
    options = found["options"]
    assert (options["as_of"], options["region"]) == ("2026-11-23", "eu")
    assert (options["ignored"], options["detail"], options["long"]) == (["lvef"], "ids", False)
    assert found["started"] <= found["ended"]
    assert not PATIENT.search(json.dumps(found))


def test_the_counts_are_those_of_the_short_table(folder: Path) -> None:
    batch(*FILES)
    counts = manifest(folder)["counts"]
    rows = list(csv.DictReader(io.StringIO(batch("--format", "csv").stdout)))
    assert counts == {
        "rows": len(rows),
        "answered": sum(not row["error"] for row in rows),
        "unreadable": sum(bool(row["error"]) for row in rows),
        "not_literal": sum(bool(row["readings"]) for row in rows),
        "duplicate_ids": sum("duplicate-id" in row["warnings"] for row in rows),
        "lines_swallowed": 0,
        "nothing_stated": 0,
        "passed_over": 0,
    }
    assert counts["not_literal"] > 0


def test_a_manifest_of_a_run_that_goes_on_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch)
    found = manifest(folder)
    assert (found["state"], found["ended"], found["runs"]) == ("running", None, 1)
    assert not found.keys() & {"output", "legend", "counts"}


def test_progress_is_told_now_and_then_and_reaches_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    from lenrx.batch import manifest as runs
    from lenrx.batch.plan import Plan

    monkeypatch.setattr(run, "NOW_AND_THEN", 2)
    plan = Plan("cohort.csv", "csv", (("as_of", "2026-11-23"),))
    told: list[int] = []
    runs.run(plan, Path("out.ndjson"), None, False, 1, told.append, lambda: "now")
    assert told == sorted(told)
    assert len({*told}) > ROWS / 2
    assert told[-1] == ROWS
