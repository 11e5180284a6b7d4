"""Nothing leaves: no socket, no look-up of a name, no value of a patient in what is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from lenrx.cli import main as cli
from lenrx.patient.course import Course
from lenrx.patient.patient import Patient

WATCH: Final = """
import os, sys
def seen(event, found):
    if event.partition(".")[0] in ("socket", "urllib", "http", "ftplib", "smtplib", "ssl"):
        with open(os.environ["SEEN"], "a") as out:
            out.write(event + chr(10))
        raise RuntimeError("the network was asked for")
sys.addaudithook(seen)
"""
"""Run by every Python that starts, those of --jobs too, before anything else."""
ASK: Final = """
import sys
from functools import cache
from typer.testing import CliRunner
from lenrx.catalogue import loading
loading.load = cache(loading.load)
from lenrx.cli import main
for line in sys.stdin.read().splitlines():
    found = CliRunner().invoke(main.program(line.split()[:1]), line.split())
    assert found.exit_code in (0, 1), (line, found.output, found.exception)
"""
COMMANDS: Final = """
recommend --refractory lena,pi --egfr 25 --format json -o answer.json
plan Kd --refractory lena
report --refractory lena -o page.html
batch rows.csv -o rows.ndjson --jobs 2 --summary-json summary.json
diff rows.ndjson rows.ndjson
check
""".strip()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def watched(folder: Path, program: str, given: str = "") -> tuple[int, str]:
    """How a program ended under watch, and what it asked of the network."""
    (folder / "watch").mkdir()
    (folder / "watch" / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    seen = folder / "seen"
    places = [str(folder / "watch"), *filter(None, sys.path)]
    environment = {"PYTHONPATH": os.pathsep.join(places), "SEEN": str(seen)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=given,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    said = seen.read_text(encoding="utf-8") if seen.exists() else ""
    return done.returncode, said or done.stderr


def test_no_command_opens_a_socket_or_looks_up_a_name(folder: Path) -> None:
    (folder / "rows.csv").write_text("id,refractory\n1,lena\n2,many\n", encoding="utf-8")
    assert watched(folder, ASK, COMMANDS) == (0, "")
    made = {path.name for path in folder.iterdir()}
    assert {"answer.json", "page.html", "rows.ndjson", "summary.json"} <= made


@pytest.mark.parametrize(
    ("program", "event"),
    [
        ("import socket; socket.socket()", "socket.__new__"),
        ("import socket; socket.getaddrinfo('localhost', 1)", "socket.getaddrinfo"),
        ("import socket; socket.gethostbyname('localhost')", "socket.gethostbyname"),
        ("import urllib.request as r; r.urlopen('file:///dev/null')", "urllib.Request"),
        (
            "import multiprocessing as m, socket\n"
            "p = m.get_context('fork').Process(target=socket.socket)\n"
            "p.start(); p.join(); raise SystemExit(p.exitcode)",
            "socket.__new__",
        ),
    ],
)
def test_the_watch_would_see_it(folder: Path, program: str, event: str) -> None:
    assert watched(folder, program) == (1, f"{event}\n")


CANARY: Final = "Zq7Canary"
COURSE: Final = ("drugs", *(name for name in Course._fields if name not in ("number", "rows")))


def run(*words: str) -> Any:
    return CliRunner().invoke(cli.app, [*words, "--as-of", "2026-11-23"])


@pytest.mark.parametrize("field", [name for name in Patient._fields if name != "record"])
@pytest.mark.usefixtures("one_catalogue")
def test_no_value_of_a_patient_file_is_said_on_stderr(folder: Path, field: str) -> None:
    for value in (CANARY, [CANARY, f"no {CANARY}"], f"lena; {CANARY} 12"):
        Path("p.json").write_text(json.dumps({"refractory": "lena", field: value}))
        found = run("recommend", "--patient", "p.json")
        assert CANARY not in found.stderr
        assert found.stderr.count("\n") <= 1
        assert found.exit_code in (0, 2)


@pytest.mark.usefixtures("one_catalogue")
def test_no_value_of_a_course_is_said_on_stderr(folder: Path) -> None:
    refused = 0
    for field in COURSE:
        for value in (CANARY, [CANARY], f"2019-{CANARY}"):
            course = {"drugs": "VRd", "start": "2019", field: value}
            Path("p.json").write_text(json.dumps({"refractory": "lena", "treatments": [course]}))
            found = run("recommend", "--patient", "p.json")
            assert CANARY not in found.stderr
            refused += found.exit_code == 2
    assert refused > len(COURSE)


@pytest.mark.usefixtures("one_catalogue")
def test_no_value_of_a_row_is_in_what_a_run_says_of_itself(folder: Path) -> None:
    fields = [name for name in Patient._fields if name not in ("record", "assumed", "unsure")]
    known = [name for name in fields if _is_column(name)]
    rows = [[CANARY if name == own else "" for name in known] for own in known]
    text = "\n".join(",".join(row) for row in [known, *rows]) + "\n"
    Path("rows.csv").write_text(text, encoding="utf-8")
    found = run("batch", "rows.csv", "-o", "o.ndjson", "--summary-json", "s.json")
    assert found.exit_code == 1
    said = {path.name: path.read_text() for path in folder.iterdir() if path.name != "rows.csv"}
    assert CANARY in said.pop("o.ndjson")
    assert {name for name, words in said.items() if CANARY in words} == set()
    assert set(said) == {"o.legend.json", "o.ndjson.manifest.json", "s.json"}
    assert CANARY not in found.output


def _is_column(name: str) -> bool:
    from lenrx.intake.column_map import is_field

    return is_field(name)
