"""Real processes: killed, interrupted, or out of disk."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.batch.conftest import ASKED, FILES, PATIENT, ROWS, batch, made, manifest, write

SLOW: Final = """
import time
from lenrx.batch import turns
from lenrx.cli.main import main
from lenrx.batch.output import Lines
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
    assert manifest(folder)["runs"] == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_run_is_exit_130_and_can_be_resumed(
    folder: Path, whole: dict[str, bytes], jobs: int
) -> None:
    if jobs > 1:
        write(folder / "cohort.csv", 2000)
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
    write(folder / "cohort.csv", 2000)
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
    write(folder / "cohort.csv", 2000)
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
        assert one_line(run).startswith("lenrx: stdout: cannot be written (No space left")
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
