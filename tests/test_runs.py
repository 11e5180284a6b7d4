"""Runs over a file: the same bytes however the work was cut, stopped, killed or run out of room."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import re
import resource
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from lenrx import cli, runs, turns
from lenrx.catalogue import Catalogue
from lenrx.chart_review import Result
from lenrx.report.review import Lines

COHORT: Final = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "cohort.py"))[
    "cohort"
]
ROWS: Final = 24
ASKED: Final = ("--as-of", "2026-11-23")
PATIENT: Final = re.compile(r"P\d{7}|lenalidomid|Revlimid|see letter")
"""What of the cohort would be a patient's."""


pytestmark = pytest.mark.usefixtures("one_catalogue")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where every test runs, with a cohort in it."""
    monkeypatch.chdir(tmp_path)
    _write(tmp_path / "cohort.csv", ROWS)
    return tmp_path


def _write(path: Path, rows: int) -> None:
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


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> dict[str, bytes]:
    """What an uninterrupted run of one process makes."""
    folder = tmp_path_factory.mktemp("whole")
    _write(folder / "cohort.csv", ROWS)
    options = [option if option.startswith("-") else str(folder / option) for option in FILES]
    CliRunner().invoke(cli.app, ["batch", str(folder / "cohort.csv"), *ASKED, *options])
    return {name: (folder / name).read_bytes() for name in MADE} | {
        "counts": _counts(folder).encode()
    }


def _counts(folder: Path) -> str:
    return json.dumps(_manifest(folder)["counts"])


def _manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "out.ndjson.manifest.json").read_bytes())
    return found


def made(folder: Path) -> dict[str, bytes]:
    """What a run made, when it left nothing else."""
    known = {"cohort.csv", "out.ndjson.manifest.json", *MADE}
    assert {path.name for path in folder.iterdir()} == known
    return {name: (folder / name).read_bytes() for name in MADE} | {
        "counts": _counts(folder).encode()
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


def _full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted(monkeypatch: pytest.MonkeyPatch, after: int = 20, *options: str) -> None:
    with stopped(monkeypatch, after, _full()):
        result = batch(*FILES, *options)
    assert result.exit_code == 2
    assert not Path("out.ndjson").exists()
    assert not Path("errors.ndjson").exists()


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
    _write(folder / "many.csv", 3 * turns.CHUNK + 5)
    made = {}
    for jobs in ("1", "2", "3"):
        options = ("--errors", f"{jobs}.err", "--summary-json", f"{jobs}.json", "--jobs", jobs)
        batch("-o", f"{jobs}.out", "--format", form, *options, file="many.csv")
        made[jobs] = [(folder / f"{jobs}.{end}").read_bytes() for end in ("out", "err", "json")]
    assert made["1"] == made["2"] == made["3"]
    assert made["1"][0] == batch("--format", form, file="many.csv").stdout_bytes


def test_rows_that_fill_their_chunks_are_all_there(folder: Path) -> None:
    _write(folder / "full.csv", 2 * turns.CHUNK)
    plain = batch(file="full.csv").stdout_bytes
    batch("-o", "full.ndjson", "--jobs", "2", file="full.csv")
    assert (folder / "full.ndjson").read_bytes() == plain


def test_more_jobs_than_rows_make_the_same_file(folder: Path) -> None:
    _write(folder / "few.csv", 8)
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


@pytest.mark.parametrize("first", ["X,many", "X,0"])
def test_an_id_first_seen_in_a_row_that_cannot_be_read_is_the_same_after_a_resume(
    folder: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    (folder / "ids.csv").write_text(
        f"id,prior_lines,refractory\n{first},lena\nY,1,lena\nX,1,lena\n", encoding="utf-8"
    )
    plain = batch(file="ids.csv").stdout_bytes
    with stopped(monkeypatch, 2, _full()):
        batch("-o", "ids.ndjson", file="ids.csv")
    batch("-o", "ids.ndjson", "--resume", file="ids.csv")
    assert (folder / "ids.ndjson").read_bytes() == plain


@pytest.mark.parametrize("cell", ['"ID":"X"', '"id":1.5'])
def test_an_id_of_json_is_the_same_after_a_resume(
    folder: Path, monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    (folder / "ids.ndjson").write_text(f"{{{cell}}}\n{{}}\n{{{cell}}}\n", encoding="utf-8")
    plain = batch(file="ids.ndjson").stdout_bytes
    assert b"duplicate-id" in plain
    with stopped(monkeypatch, 2, _full()):
        batch("-o", "out.ndjson", file="ids.ndjson")
    batch("-o", "out.ndjson", "--resume", file="ids.ndjson")
    assert (folder / "out.ndjson").read_bytes() == plain


@pytest.mark.parametrize("after", [0, 1, 20, ROWS - 1])
def test_a_stopped_run_goes_on_where_it_was(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    interrupted(monkeypatch, after)
    before = turns.checkpoint(turns.unfinished(Path("out.ndjson"), Path("errors.ndjson")))
    assert before.rows > 0 or after < 2
    asked: list[int] = []
    results = runs.Engine.results

    def watched(engine: Any, found: Any, first: int = 1, ids: Any = None) -> Any:
        asked.append(first)
        return results(engine, found, first, ids)

    monkeypatch.setattr(runs.Engine, "results", watched)
    assert batch(*FILES, "--resume").exit_code == 1
    assert asked == [before.rows + 1]
    assert made(folder) == whole
    assert _manifest(folder)["runs"] == 2


def test_a_run_may_be_stopped_again_and_again(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, 7)
    for _ in range(2):
        interrupted(monkeypatch, 7, "--resume")
    batch(*FILES, "--resume")
    assert made(folder) == whole
    assert _manifest(folder)["runs"] == 4


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        *(("out.ndjson.part", harm) for harm in ("cut", "gone", "appended", "emptied")),
        *(("errors.ndjson.part", harm) for harm in ("cut", "gone", "appended")),
    ],
)
def test_a_part_that_is_torn_never_reaches_the_output(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, name: str, harm: str
) -> None:
    interrupted(monkeypatch)
    part = folder / name
    assert part.stat().st_size > 10
    if harm == "gone":
        part.unlink()
    elif harm == "appended":
        part.write_bytes(part.read_bytes() + b'{"half a line')
    else:
        part.write_bytes(part.read_bytes()[:-10] if harm == "cut" else b"")
    batch(*FILES, "--resume")
    assert made(folder) == whole


@pytest.mark.parametrize("text", ["", '{"rows": 3', "[1, 2]", '{"other": 1}'])
def test_a_checkpoint_that_is_torn_is_none(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    interrupted(monkeypatch)
    state = folder / "out.ndjson.part.state"
    assert json.loads(state.read_bytes())["rows"] > 0
    state.write_text(text)
    batch(*FILES, "--resume")
    assert made(folder) == whole


def test_a_manifest_that_is_torn_is_refused(folder: Path) -> None:
    for text in ("", "{", "[]", "{}"):
        (folder / "out.ndjson.manifest.json").write_text(text)
        assert "run anew without --resume" in refused(*FILES, "--resume"), text


@pytest.mark.parametrize("name", ["errors.ndjson", "out.ndjson"])
def test_a_run_stopped_while_its_files_are_named_goes_on(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Stopped after a file has its name: no row twice, none lost."""
    replace = Path.replace

    def replaced(path: Path, target: Any) -> Path:
        found = replace(path, target)
        if str(target) == name:
            raise _full()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replaced)
        result = batch(*FILES)
        assert result.exit_code == 2
        assert "run again with --resume" in result.stderr
    batch(*FILES, "--resume")
    assert made(folder) == whole


def test_a_run_goes_on_with_another_number_of_jobs(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch)
    assert batch(*FILES, "--resume", "--jobs", "3").exit_code == 1
    assert made(folder) == whole


def test_a_run_can_be_resumed_from_another_folder(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    options = [option if option.startswith("-") else f"../{option}" for option in FILES]
    batch(*options, "--resume", file="../cohort.csv")
    assert not list(elsewhere.iterdir())
    elsewhere.rmdir()
    assert made(folder) == whole


OTHERWISE: Final = {
    (*FILES, "--strict"): "strict is not the same as then",
    (*FILES, "--region", "eu"): "region is not the same as then",
    (*FILES, "--as-of", "2026-11-22"): "as_of is not the same as then",
    (*FILES, "--format", "csv"): "format is not the same as then",
    (*FILES, "--encoding", "latin-1"): "encoding is not the same as then",
    (*FILES, "--ignore", "lvef"): "ignored is not the same as then",
    (*FILES, "--engine", "plain"): "engine is not the same as then",
    ("-o", "out.ndjson"): "--errors is not the same as then",
    ("-o", "out.ndjson", "--errors", "other.ndjson"): "--errors is not the same as then",
    ("-o", "other.ndjson"): "there is nothing to resume",
}


def test_a_run_goes_on_only_as_it_was_begun(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted(monkeypatch)
    before = sorted((path.name, path.read_bytes()) for path in folder.iterdir())
    for options, said in OTHERWISE.items():
        assert said in refused(*options, "--resume"), options
        assert sorted((path.name, path.read_bytes()) for path in folder.iterdir()) == before


def test_a_run_without_errors_is_not_resumed_with_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stopped(monkeypatch, 20, _full()):
        batch("-o", "out.ndjson")
    assert "--errors is not the same" in refused(*FILES, "--resume")
    assert not (folder / "errors.ndjson").exists()


def test_a_run_goes_on_only_with_its_own_input(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch)
    path = folder / "cohort.csv"
    path.write_bytes(path.read_bytes().replace(b'"P0000009"', b'"P0009009"'))
    assert "input is not the same as then" in refused(*FILES, "--resume")


def test_a_complete_run_has_nothing_to_resume(folder: Path, whole: dict[str, bytes]) -> None:
    batch(*FILES)
    assert "is complete; there is nothing to resume" in refused(*FILES, "--resume")
    assert made(folder) == whole


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
    with stopped(monkeypatch, ROWS - 1, _full()):
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
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert said in refused(*options)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


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
    found = _manifest(folder)
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
    found = _manifest(folder)
    assert (found["state"], found["ended"], found["runs"]) == ("running", None, 1)
    assert "output" not in found
    assert "counts" not in found


SLOW: Final = """
import time
from lenrx import turns
from lenrx.cli import main
from lenrx.report.review import Lines
line = Lines.line
def slowly(lines, result):
    time.sleep(0.05)
    return line(lines, result)
turns.EVERY, turns.CHUNK, Lines.line = -1.0, 1, slowly
main()
"""
"""The program, with a checkpoint at every row and some time between two."""


def started(*options: str, slow: bool = True, **how: Any) -> subprocess.Popen[str]:
    program = ["-c", SLOW] if slow else ["-m", "lenrx"]
    return subprocess.Popen(
        [sys.executable, *program, "batch", "cohort.csv", *ASKED, *options],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **how},
    )


def wait_for(what: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def _rows_done() -> int:
    path = Path("out.ndjson.part.state")
    return int(json.loads(path.read_bytes())["rows"]) if path.is_file() else 0


def one_line(run: subprocess.Popen[str]) -> str:
    _, stderr = run.communicate(timeout=60)
    assert not PATIENT.search(stderr)
    (line,) = stderr.splitlines()
    return str(line)


def test_a_killed_run_is_resumed_to_the_same_bytes(folder: Path, whole: dict[str, bytes]) -> None:
    run = started(*FILES)
    wait_for(lambda: _rows_done() >= 5)
    run.kill()
    run.communicate()
    assert run.returncode == -signal.SIGKILL
    assert 5 <= _rows_done() < ROWS
    assert not (folder / "out.ndjson").exists()
    assert batch(*FILES, "--resume").exit_code == 1
    assert made(folder) == whole
    assert _manifest(folder)["runs"] == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_run_is_exit_130_and_can_be_resumed(
    folder: Path, whole: dict[str, bytes], jobs: int
) -> None:
    if jobs > 1:
        _write(folder / "cohort.csv", 2000)
    run = started(*FILES, "--jobs", str(jobs), slow=jobs == 1, start_new_session=True)
    part = folder / "out.ndjson.part"
    wait_for(lambda: part.is_file() and part.stat().st_size > 300_000)
    os.killpg(run.pid, signal.SIGINT)
    _, stderr = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "Traceback" not in stderr
    assert not PATIENT.search(stderr)
    assert not (folder / "out.ndjson").exists()
    if jobs == 1:
        batch(*FILES, "--resume")
        assert made(folder) == whole


def test_no_process_of_a_killed_run_goes_on(folder: Path) -> None:
    _write(folder / "cohort.csv", 2000)
    run = started("-o", "out.ndjson", "--jobs", "2", slow=False)
    part = folder / "out.ndjson.part"
    wait_for(lambda: part.is_file() and part.stat().st_size > 0)
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    if not children.is_file():
        run.kill()
        pytest.skip("needs /proc")
    workers = children.read_text().split()
    run.kill()
    run.wait()
    wait_for(lambda: not any(_lives(worker) for worker in workers), 10)
    assert not any(json.loads(each.read_bytes())["finished"] for each in folder.glob("*.state"))
    if run.stdout and run.stderr:
        run.stdout.close()
        run.stderr.close()


def test_a_run_one_process_of_which_dies_ends_and_can_be_resumed(folder: Path) -> None:
    _write(folder / "cohort.csv", 2000)
    run = started("-o", "out.ndjson", "--jobs", "2", slow=False)
    wait_for(lambda: (folder / "out.ndjson.part.state").is_file())
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    if not children.is_file():
        run.kill()
        pytest.skip("needs /proc")
    os.kill(int(children.read_text().split()[-1]), signal.SIGKILL)
    assert "a process ended with -9" in one_line(run)
    assert run.returncode == 2
    assert 0 < _rows_done() < 2000
    batch("-o", "out.ndjson", "--resume", "--jobs", "2")
    assert (folder / "out.ndjson").read_bytes() == batch().stdout_bytes


def _lives(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_full_disk_behind_stdout_is_one_line_and_exit_2() -> None:
    with Path("/dev/full").open("wb") as full:
        run = started(slow=False, stdout=full)
        assert one_line(run).startswith("lenrx: stdout: cannot be written")
    assert run.returncode == 2


def _limited(size: int) -> Callable[[], None]:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk_keeps_what_was_done(folder: Path, whole: dict[str, bytes]) -> None:
    run = started(*FILES, preexec_fn=_limited(len(whole["out.ndjson"]) // 2))
    line = one_line(run)
    assert run.returncode == 2
    assert "File too large; what was done is kept: mend it and run again with --resume" in line
    assert 5 <= _rows_done() < ROWS
    assert not (folder / "out.ndjson").exists()
    batch(*FILES, "--resume")
    assert made(folder) == whole


def test_a_disk_too_small_for_several_processes_says_why(
    folder: Path, whole: dict[str, bytes]
) -> None:
    run = started(
        *FILES, "--jobs", "2", slow=False, preexec_fn=_limited(len(whole["out.ndjson"]) // 4)
    )
    line = one_line(run)
    assert run.returncode == 2
    assert "File too large" in line
    assert "--resume" in line
    batch(*FILES, "--resume")
    assert made(folder) == whole
