"""What goes wrong around lenrx, each with its defined result; docs/reliability.md lists them."""

from __future__ import annotations

import datetime
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from lenrx.batch import run as batch_run
from lenrx.cli import main as cli

ROOT: Final = Path(__file__).parents[2]
ROWS: Final = (
    "id,refractory,egfr,region\nMaría,lena; bort,48,eu\nJosé,Revlimid,<30,us\nZoë,many,,\n"
)
DAY: Final = ("--as-of", "2026-11-23")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def run(*words: str) -> Any:
    found = CliRunner().invoke(cli.app, words)
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found


def process(*words: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "lenrx", *words]
    return subprocess.run(command, capture_output=True, check=False, **how)


@pytest.mark.usefixtures("one_catalogue")
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_ends_of_lines_give_the_same_rows(folder: Path, end: str) -> None:
    plain = run("batch", "rows.csv", *DAY).stdout
    (folder / "other.csv").write_bytes(ROWS.replace("\n", end).encode())
    assert run("batch", "other.csv", *DAY).stdout == plain
    assert plain.count('"row":') == 3


@pytest.mark.usefixtures("one_catalogue")
@pytest.mark.parametrize("name", ["a b", "-Ärzte\ntwo", "\u202e[i]'\""])
def test_any_name_of_a_folder_can_be_read_and_written(folder: Path, name: str) -> None:
    (folder / name).mkdir()
    (folder / name / "r.csv").write_text(ROWS, encoding="utf-8")
    made = [f"./{name}/{each}" for each in ("r.csv", "o.ndjson", "e.ndjson", "s.json")]
    found = run(
        "batch", made[0], *DAY, "-o", made[1], "--errors", made[2], "--summary-json", made[3]
    )
    assert found.exit_code == 1
    assert found.stderr == "lenrx: 1 of 3 rows could not be read\n"
    assert all(Path(each).stat().st_size for each in made)
    (folder / name / "r.csv").unlink()
    missing = run("batch", made[0], *DAY)
    assert missing.exit_code == 2
    assert len(missing.stderr.splitlines()) == 1
    assert not re.search("[\n\u202e]", missing.stderr.removesuffix("\n"))


@pytest.mark.usefixtures("one_catalogue")
@pytest.mark.parametrize("day", ["1970-01-01", "2100-01-01"])
def test_a_clock_that_is_wrong_is_said_or_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    """The answer names the day that it is of; a day before all products may be refused."""

    class Wrong(datetime.date):
        @classmethod
        def today(cls) -> Wrong:
            return cls.fromisoformat(day)

    monkeypatch.setattr(datetime, "date", Wrong)
    for words in (("recommend", "--refractory", "lena"), ("batch", "rows.csv", "-f", "csv")):
        found = run(*words)
        if found.exit_code == 2:
            assert (found.stdout, found.stderr.count("\n")) == ("", 1)
            assert day == "1970-01-01"
        else:
            assert day in found.stdout


@pytest.mark.usefixtures("one_catalogue")
def test_without_a_locale_the_bytes_are_the_same(folder: Path) -> None:
    """Text is UTF-8 whatever LANG says."""
    bare = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    bare |= {"PYTHONUTF8": "0", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    found = process("batch", "rows.csv", *DAY, env=bare)
    usual = run("batch", "rows.csv", *DAY)
    assert (found.returncode, found.stdout) == (1, usual.stdout_bytes)
    assert "María".encode() in found.stdout


def test_a_full_disk_leaves_the_older_answer(folder: Path) -> None:
    older = folder / "answer.json"
    older.write_text("older", encoding="utf-8")

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))

    found = process(
        *("recommend", "--refractory", "lena", "-f", "json", "-o", "answer.json"),
        preexec_fn=limited,
    )
    assert found.returncode == 2
    assert found.stderr == b"lenrx: answer.json: cannot be written (File too large)\n"
    assert older.read_text(encoding="utf-8") == "older"
    assert {path.name for path in folder.iterdir()} == {"rows.csv", "answer.json"}


SLOW: Final = """
import time
from lenrx.batch import run
from lenrx.cli.main import main
put = run._put
def slowly(*args):
    time.sleep(0.05)
    put(*args)
run.STRETCH, run._put = 1, slowly
main()
"""
"""The program, with stretches of one row and some time before each."""


@pytest.mark.usefixtures("one_catalogue")
def test_a_run_that_is_terminated_is_resumed_to_the_same_bytes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "".join(f"p{number},lena,60,eu\n" for number in range(20))
    (folder / "rows.csv").write_text(ROWS + more, encoding="utf-8")
    (folder / "o.ndjson").write_text("older", encoding="utf-8")
    asked = ("batch", "rows.csv", *DAY, "-o", "o.ndjson")
    begun = subprocess.Popen([sys.executable, "-c", SLOW, *asked], stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while not list(folder.glob("o.ndjson.parts/*.json")) and time.monotonic() < until:
        time.sleep(0.01)
    begun.terminate()
    _, said = begun.communicate(timeout=30)
    assert (begun.returncode, said) == (-signal.SIGTERM, b"")
    assert (folder / "o.ndjson").read_text(encoding="utf-8") == "older"
    monkeypatch.setattr(batch_run, "STRETCH", 1)
    assert run(*asked, "--resume").exit_code == 1
    assert (folder / "o.ndjson").read_bytes() == run("batch", "rows.csv", *DAY).stdout_bytes


@pytest.mark.parametrize("place", ["/dev/full", "/proc/lenrx.json"])
def test_where_nothing_can_be_written_one_line_says_so(place: str) -> None:
    found = run("recommend", "--refractory", "lena", "-o", place)
    assert found.exit_code == 2
    assert found.stderr.startswith(f"lenrx: {place}: cannot be written (")
    assert found.stderr.count("\n") == 1


def test_every_row_of_the_page_names_tests_that_are_there() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)`(?:, `(test_\w+)`)?", page)
    assert len(named) >= 12
    for file, test in named:
        assert f"def {test}" in (ROOT / file).read_text(encoding="utf-8"), (file, test)
