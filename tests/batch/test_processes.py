"""Real processes: killed, interrupted, or out of disk."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.batch.runs import (
    ASKED,
    FILES,
    PARTS,
    PATIENT,
    ROWS,
    batch,
    done,
    made,
    manifest,
    write,
)

SLOW: Final = """
import time
from lenrx.batch import run
from lenrx.cli.main import main
put = run._put
def slowly(*args):
    time.sleep(0.02)
    put(*args)
run.STRETCH, run.NOW_AND_THEN, run._put = 2, 1, slowly
main()
"""
"""The program, with stretches of two rows and some time between two rows."""
SHORT: Final = """
from lenrx.batch import run
from lenrx.cli.main import main
run.STRETCH = 20
main()
"""
"""The program, with stretches of twenty rows; its processes have them, too."""


def started(*options: str, program: str = SHORT, **how: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, "batch", "cohort.csv", *ASKED, *options],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **how},
    )


def wait_for(what: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


def ended(run: subprocess.Popen[str]) -> str:
    """What a run said on stderr, which is nothing of a patient and no trace."""
    _, stderr = run.communicate(timeout=60)
    assert not PATIENT.search(stderr)
    assert "Traceback" not in stderr
    return stderr


def one_line(run: subprocess.Popen[str]) -> str:
    (line,) = ended(run).splitlines()
    return line


def children(run: subprocess.Popen[str]) -> list[str]:
    path = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    if not path.is_file():
        run.kill()
        pytest.skip("needs /proc")
    return path.read_text().split()


def lives(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def killed(after: float, *options: str) -> int:
    """How a run ended that was killed some time after it began to write stretches."""
    run = started(*options)
    wait_for(lambda: bool(list(PARTS.glob("*.*.*"))) or run.poll() is not None)
    time.sleep(after)
    run.kill()
    ended(run)
    return run.returncode


def deaf(process: str) -> bool:
    """Whether a process blocks or ignores Ctrl-C."""
    status = Path(f"/proc/{process}/status").read_text()
    masks = re.findall(r"^Sig(?:Blk|Ign):\s*(\w+)$", status, re.MULTILINE)
    return any(int(mask, 16) >> signal.SIGINT - 1 & 1 for mask in masks)


@pytest.fixture(scope="module")
def made_of_many(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Three hundred patients of many kinds, and what an undisturbed run makes of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("many"))
        write(Path("cohort.csv"), 300, 150)
        batch(*FILES)
        return made(Path()) | {"cohort.csv": Path("cohort.csv").read_bytes()}


@pytest.fixture
def many(folder: Path, made_of_many: dict[str, bytes]) -> dict[str, bytes]:
    """What is to come of them; they lie in the folder."""
    (folder / "cohort.csv").write_bytes(made_of_many["cohort.csv"])
    return {name: found for name, found in made_of_many.items() if name != "cohort.csv"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_killed_at_any_moment_is_resumed_to_the_same_bytes(
    folder: Path, many: dict[str, bytes], jobs: int
) -> None:
    dice, how = random.Random(jobs), (*FILES[:4], "--jobs", str(jobs))
    assert killed(dice.uniform(0, 0.1), *how) == -signal.SIGKILL
    assert not (folder / "out.ndjson").exists()
    # Gone on with at once: a process of the killed run may still be writing.
    for _ in range(3 - jobs):
        killed(dice.uniform(0, 0.3), *how, "--resume")
    if manifest(folder)["state"] != "complete":
        assert ended(started(*how, "--resume")).count("\n") == 2
    for name in ("out.ndjson", "errors.ndjson", "out.legend.json"):
        assert (folder / name).read_bytes() == many[name]
    assert json.dumps(manifest(folder)["counts"]).encode() == many["counts"]


def test_an_interrupted_run_is_exit_130_and_can_be_resumed(
    folder: Path, whole: dict[str, bytes]
) -> None:
    run = started(*FILES, program=SLOW)
    wait_for(lambda: len(done()) > 2)
    run.send_signal(signal.SIGINT)
    assert one_line(run) == "lenrx: stopped; run again with --resume to go on"
    assert run.returncode == 130
    assert {path.name for path in folder.iterdir()} == {
        *("cohort.csv", "out.ndjson.manifest.json", "out.ndjson.parts")
    }
    assert 2 < len(done()) < ROWS / 2
    assert ended(started(*FILES, "--resume", program=SLOW)).count("\n") == 2
    assert made(folder) == whole
    assert manifest(folder)["runs"] == 2


@pytest.mark.parametrize("moment", ["as processes start", "as they work"])
def test_an_interrupt_of_all_processes_leaves_none_and_says_one_line(
    folder: Path, moment: str
) -> None:
    """As Ctrl-C on a terminal does: the signal is sent to the whole group."""
    write(folder / "cohort.csv", 4000, 50)
    run = started(*FILES, "--jobs", "2", start_new_session=True)
    # The tracker of shared memory is a child too.
    wait_for(lambda: len(children(run)) == 3 if moment == "as processes start" else bool(done()))
    workers = children(run)
    assert len(workers) == 3
    assert all(map(deaf, workers))
    if moment == "as processes start":
        # They are importing what they need.
        time.sleep(0.1)
    os.killpg(run.pid, signal.SIGINT)
    assert one_line(run) == "lenrx: stopped; run again with --resume to go on"
    assert run.returncode == 130
    assert not (folder / "out.ndjson").exists()
    wait_for(lambda: not any(map(lives, workers)), 5)


def test_no_process_of_a_killed_run_goes_on(folder: Path) -> None:
    write(folder / "cohort.csv", 8000, 50)
    run = started("-o", "out.ndjson", "--jobs", "2")
    wait_for(lambda: bool(done()))
    workers = children(run)
    run.kill()
    ended(run)
    wait_for(lambda: not any(map(lives, workers)), 10)
    assert 0 < len(done()) < 400


def test_a_run_one_process_of_which_dies_ends_and_can_be_resumed(
    folder: Path, many: dict[str, bytes]
) -> None:
    run = started(*FILES, "--jobs", "2")
    wait_for(lambda: bool(done()))
    os.kill(int(children(run)[-1]), signal.SIGKILL)
    assert "a process ended with -9" in one_line(run)
    assert run.returncode == 2
    assert not (folder / "out.ndjson").exists()
    ended(started(*FILES, "--jobs", "2", "--resume"))
    assert made(folder) == many


def test_a_full_disk_behind_stdout_is_one_line_and_exit_2() -> None:
    with Path("/dev/full").open("wb") as full:
        run = started(stdout=full)
        assert one_line(run) == ("lenrx: stdout: cannot be written (No space left on device)")
    assert run.returncode == 2


def test_a_full_disk_behind_the_error_records_is_said_of_them() -> None:
    run = started("--errors", "/dev/full", stdout=subprocess.DEVNULL)
    assert one_line(run).startswith("lenrx: /dev/full: No space left on device")
    assert run.returncode == 2


def test_a_reader_who_has_had_enough_is_no_error(folder: Path) -> None:
    write(folder / "cohort.csv", 400)
    run = started()
    assert run.stdout
    assert run.stdout.readline().startswith('{"schema":"lenrx/result/2","row":1,')
    run.stdout.close()
    run.stdout = None
    assert ended(run) == ""
    assert run.returncode == 0


def test_an_interrupt_while_rows_are_printed_is_exit_130(folder: Path) -> None:
    run = started(program=SLOW.replace("put(*args)", "put(*args); args[3].flush()"))
    assert run.stdout
    assert run.stdout.readline()
    run.send_signal(signal.SIGINT)
    ended(run)
    assert run.returncode == 130


def closing(number: int) -> Callable[[], None]:
    return lambda: os.close(number)


def test_a_closed_stdout_is_one_line_where_it_is_needed(
    folder: Path, whole: dict[str, bytes]
) -> None:
    run = started(stdout=None, preexec_fn=closing(1))
    assert (one_line(run), run.returncode) == ("lenrx: stdout: is closed", 2)
    run = started(*FILES, stdout=None, preexec_fn=closing(1))
    assert (ended(run).count("\n"), run.returncode) == (2, 1)
    assert made(folder) == whole


def test_a_closed_stdin_is_one_line() -> None:
    command = [sys.executable, "-m", "lenrx", "batch", "-", "--input-format", "csv"]
    run = subprocess.run(command, capture_output=True, text=True, preexec_fn=closing(0))
    assert (run.returncode, run.stdout, run.stderr) == (2, "", "lenrx: stdin: is closed\n")


def test_half_a_surrogate_pair_is_printed_as_a_question_mark() -> None:
    command = [sys.executable, "-m", "lenrx", "batch", "-", "--without-history"]
    rows = '{"id":"\\ud800"}\n{"\\ud800":1}\n'
    run = subprocess.run(command, capture_output=True, text=True, input=rows)
    assert run.returncode == 1
    assert run.stderr == (
        "lenrx: 1 of 2 rows state nothing of the disease or its treatment\n"
        "lenrx: 1 of 2 rows could not be read\n"
    )
    assert '"row":1,"id":"?"' in run.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="others take names in UTF-8 only")
def test_a_name_that_is_no_utf_8_can_be_said() -> None:
    command = [sys.executable, "-m", "lenrx", "batch", os.fsdecode(b"caf\xe9.csv")]
    run = subprocess.run(command, capture_output=True)
    assert run.returncode == 2
    assert run.stderr == b"lenrx: caf?.csv: no such file, or not to be read\n"


def _limited(size: int) -> Callable[[], None]:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk_keeps_what_was_done(folder: Path, many: dict[str, bytes]) -> None:
    """One that holds every stretch, and not what they are joined to."""
    run = started(*FILES, preexec_fn=_limited(len(many["out.ndjson"]) // 2))
    said = "File too large; what was done is kept: mend it and run again with --resume"
    assert said in one_line(run)
    assert run.returncode == 2
    assert done() == list(range(15))
    assert not (folder / "out.ndjson").exists()
    batch(*FILES, "--resume")
    assert made(folder) == many


def test_a_disk_too_small_for_one_stretch_says_why(folder: Path, many: dict[str, bytes]) -> None:
    run = started(*FILES, "--jobs", "2", preexec_fn=_limited(20_000))
    line = one_line(run)
    assert run.returncode == 2
    assert "File too large); what was done is kept" in line
    assert not done()
    batch(*FILES, "--resume")
    assert made(folder) == many


def test_parquet_on_a_full_disk_keeps_what_was_done(folder: Path) -> None:
    pytest.importorskip("pyarrow")
    write(folder / "cohort.csv", 200, 100)
    asked = ("-f", "parquet", "-o", "out.parquet")
    run = started(*asked, preexec_fn=_limited(100_000), program=SHORT.replace("20", "10"))
    assert "out.parquet: File too large; what was done is kept" in one_line(run)
    assert run.returncode == 2
    assert len(done(Path("out.parquet.parts"))) == 20
    assert batch(*asked, "--resume").exit_code == 1
    assert batch("-f", "parquet", "-o", "plain.parquet").exit_code == 1
    same = [(folder / name).read_bytes() for name in ("out.parquet", "plain.parquet")]
    assert same[0] == same[1]
