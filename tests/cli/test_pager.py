"""Long answers on a terminal go through a pager; nothing else does."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from lenrx.cli.terminal import paging

ASK = (sys.executable, "-m", "lenrx", "recommend", "--refractory", "lena", "--lines", "1")


@pytest.fixture
def pager(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A pager that keeps what it is given, and the environment that asks for it."""
    kept, script = tmp_path / "kept", tmp_path / "pager"
    script.write_text(f"#!/bin/sh\ncat > {kept}\n")
    script.chmod(0o755)
    return kept, {**os.environ, "TERM": "xterm", "LENRX_PAGER": str(script)}


def on_a_terminal(environment: Mapping[str, str], *more: str) -> str:
    """What a terminal gets to see of the answer."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen([*ASK, *more], stdout=theirs, stdin=theirs, env=dict(environment))
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        seen += part
    os.close(ours)
    assert done.wait() == 0
    return seen.decode()


def test_a_long_answer_on_a_terminal_is_paged_from_the_top(
    pager: tuple[Path, dict[str, str]],
) -> None:
    kept, environment = pager
    assert "Refractory" not in on_a_terminal(environment)
    assert "Refractory to lenalidomide" in kept.read_text().splitlines()[0]


def test_no_pager_when_it_is_not_wanted(pager: tuple[Path, dict[str, str]]) -> None:
    kept, environment = pager
    assert "Refractory" in on_a_terminal(environment, "--no-pager")
    assert not kept.exists()


def test_no_pager_for_what_fits_the_screen(pager: tuple[Path, dict[str, str]]) -> None:
    kept, environment = pager
    assert "Refractory" in on_a_terminal({**environment, "LINES": "500"})
    assert not kept.exists()


def test_no_pager_in_a_pipe_or_for_a_file(
    pager: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    kept, environment = pager
    done = subprocess.run(ASK, capture_output=True, text=True, env=environment, check=True)
    assert "Refractory" in done.stdout
    on_a_terminal(environment, "-o", str(tmp_path / "note"))
    assert not kept.exists()


def test_a_pager_that_is_not_there_costs_no_answer(pager: tuple[Path, dict[str, str]]) -> None:
    _, environment = pager
    seen = on_a_terminal({**environment, "LENRX_PAGER": "/no/such/pager"})
    assert "Refractory" in seen


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"LENRX_PAGER": "more -s", "PAGER": "other"}, ["more", "-s"]),
        ({"PAGER": "other"}, ["other"]),
        ({"PAGER": "cat"}, []),
        ({"LENRX_PAGER": "", "PAGER": "other"}, []),
        ({"PAGER": "other", "TERM": "dumb"}, []),
    ],
)
def test_which_pager(
    monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str], command: list[str]
) -> None:
    for name in ("LENRX_PAGER", "PAGER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert list(paging()) == command
