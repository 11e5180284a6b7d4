"""`lenrx ask` from a pipe and on a terminal: answers, slips, the way back, what is left."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.strict_yaml import parse
from lenrx.cli import inquiry
from lenrx.cli import main as cli
from lenrx.cli.dialogue import listed

Run = Callable[..., Any]


@pytest.fixture
def run(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The command from a pipe, in an empty folder, with a catalogue that is read once."""
    monkeypatch.setattr(inquiry, "load", lambda _=None: catalogue)
    monkeypatch.chdir(tmp_path)

    def ran(typed: str, *args: str, command: str = "ask") -> Any:
        return CliRunner().invoke(cli.program(cli.COMMANDS), [command, *args], input=typed)

    return ran


def test_questions_counts_answer_and_what_is_left(run: Run) -> None:
    done = run("lena, bort\nlena\nstop\n", "--save", "p.json")
    assert done.exit_code == 0
    said = " ".join(done.stderr.split())
    assert said.index("1. Which drugs were given, ever?") < said.index("2. Which of them failed")
    assert said.count(" open, ") == 3
    assert "may decide BVd" in said
    assert "Refractory to lenalidomide" in done.stdout
    assert "Open on label" in done.stdout
    line = done.stdout.rstrip().splitlines()[-1]
    assert line == "lenrx recommend --exposed bortezomib,lenalidomide --refractory lenalidomide"
    assert json.loads(Path("p.json").read_text()) == {
        "exposed": ["bortezomib", "lenalidomide"],
        "refractory": ["lenalidomide"],
    }


def test_the_page_shows_what_is_really_asked(run: Run) -> None:
    page = (Path(__file__).parents[2] / "docs" / "ask.md").read_text(encoding="utf-8")
    shown = " ".join(re.sub(r"^> .*$", ">", page.split("```")[1], flags=re.MULTILINE).split())
    said = " ".join(run("lena, bort\nlena\nstop\n", "--as-of", "2026-11-28").stderr.split())
    for part in re.findall(r"\d+ open, \d+ unclear, \d+ out|\d\. .*?\?", shown):
        assert part in said


def test_the_file_and_the_command_line_ask_the_same_again(run: Run) -> None:
    typed = "lena, bort\nlena\nintolerant=none\ncomorbidities=hiv\negfr=<15\nstop\n"
    done = run(typed, "--save", "p.yaml", "--strict", "--assume", "ecog=1")
    words = shlex.split(done.stdout.rstrip().splitlines()[-1])
    assert words[:2] == ["lenrx", "recommend"]
    assert words[-3:] == ["--assume", "ecog=1", "--strict"]
    by_line = run("", *words[2:], "-f", "json", command="recommend")
    by_file = ("--patient", "p.yaml", "--strict", "--assume", "ecog=1", "-f", "json")
    assert by_line.exit_code == 0
    assert by_line.stdout == run("", *by_file, command="recommend").stdout
    assert parse(Path("p.yaml").read_text(), "p.yaml")["intolerant"] == []


def test_what_is_stated_already_is_not_asked(run: Run) -> None:
    done = run("stop\n", "--refractory", "lena,pi", "--egfr", "25")
    assert "1. Which PI?" in done.stderr
    assert "bortezomib, carfilzomib, ixazomib; ?" in done.stderr


def test_an_answer_that_cannot_be_read_is_asked_again_with_the_nearest_names(run: Run) -> None:
    done = run("lenolidamyde\nlena\nstop\n")
    wrong = [line for line in done.stderr.splitlines() if line.startswith("lenrx: ")]
    assert len(wrong) == 1
    assert "'lenolidamyde': not a drug" in wrong[0]
    assert "nearest: lenalidomide" in wrong[0]
    assert done.exit_code == 0
    assert "--exposed lenalidomide" in done.stdout


def test_a_pipe_that_ends_behind_an_answer_that_cannot_be_read_is_exit_2(run: Run) -> None:
    done = run("lena\nlenolidamyde\n", "--save", "p.json")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "its last answer could not be read" in done.stderr.splitlines()[-1]
    assert not list(Path().iterdir())


def test_a_pipe_that_ends_is_answered_with_what_was_told(run: Run) -> None:
    assert "never given: PI and anti-CD38" in " ".join(run("lena\nlena\n").stdout.split())
    assert "lenrx recommend\n" in run("").stdout


def test_back_takes_the_last_answer_away(run: Run) -> None:
    done = run("lena\nback\nback\nbort\nstop\n")
    assert "There is no question before this one." in done.stderr
    assert "--exposed bortezomib" in done.stdout
    assert "lenalidomide" not in done.stdout.splitlines()[-1]


def test_a_line_may_state_another_field_and_the_question_stays(run: Run) -> None:
    done = run("egfr=25\nlena\nstop\n")
    assert done.stderr.count("Which drugs were given, ever?") == 2
    assert "--exposed lenalidomide --egfr 25" in done.stdout
    assert "needs a value" in run("egfr=\nstop\n").stderr


@pytest.mark.parametrize("word", ["stop", "quit", "Q", "exit"])
def test_whoever_wants_to_leave_has_the_answer(run: Run, word: str) -> None:
    done = run(f"lena\n{word}\n")
    assert done.exit_code == 0
    assert "lenrx: " not in done.stderr
    assert done.stdout.rstrip().endswith("lenrx recommend --exposed lenalidomide")


def test_a_field_with_a_slip_is_answered_with_its_name_and_a_marked_drug_is_a_drug(
    run: Run,
) -> None:
    done = run("egfrr=25\nlena=yes\nstop\n")
    assert "lenrx: egfrr: unknown field; did you mean egfr?" in done.stderr
    assert "--exposed lenalidomide" in done.stdout


KNOWN = "refractory=lena\nregion=us\nlines=1\nintolerant=none\n"
ILL = (
    *("--exposed", "lena,bort", "--comorbidities-absent"),
    "corneal_disease,active_infection,parkinsonism,hepatitis_b_carrier,hepatitis_b_resolved",
)
LAST = "What may still move the first options, most first:"


def test_at_the_end_what_may_still_move_the_first_options_is_named(run: Run) -> None:
    done = run(f"{KNOWN}?\ndialysiss=yes\nfoo\n?\ndialysis=yes\n?\n\n", *ILL)
    assert done.exit_code == 0
    first, then = done.stderr.split(LAST)[1:3]
    assert "dialysis: on dialysis" in first
    assert "dialysis: on dialysis" not in then
    said = " ".join(done.stderr.split())
    assert "did you mean dialysis?" in said
    assert "lenrx: answer: 'foo': write FIELD=VALUE, or stop" in said
    assert "--dialysis true" in done.stdout


def test_the_last_question_names_six_fields_and_the_rest_on_request(run: Run) -> None:
    for word in ("?", "more"):
        done = run(f"{KNOWN}?\n{word}\nstop\n", *ILL)
        brief, _, whole = done.stderr.split(LAST)[1].partition("\n> ")
        fields = [re.findall(r"^   (\w+): ", each, flags=re.MULTILINE) for each in (brief, whole)]
        assert len(fields[0]) == 6
        assert len(fields[1]) == 6 + int(re.findall(r"\n   and (\d+) more\n", brief)[0])
        assert fields[1][:6] == fields[0]
        assert len({*fields[1]}) == len(fields[1])
        assert " more" not in whole
        assert done.exit_code == 0


def test_of_many_illnesses_the_first_are_named_and_the_others_counted() -> None:
    needs = ["comorbidities.hiv", "egfr", "comorbidities.recent_mi", "comorbidities.pregnancy"]
    assert listed(needs, 2) == [
        "comorbidities: HIV, recent MI and 1 more",
        "egfr: eGFR or creatinine clearance",
    ]
    assert listed(needs)[0] == "comorbidities: HIV, recent MI, pregnancy"


def test_help_says_again_how_to_answer_and_the_question_stays(run: Run) -> None:
    done = run("help\nlena\nstop\n")
    assert done.stderr.count("Answer in words as charts write them") == 2
    assert "--exposed lenalidomide" in done.stdout


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ("egfr=60", "egfr=<25", "egfr: <25 in place of 60; `back` undoes it"),
        ("egfr=60", "egfr=60", ""),
        ("exposed=lena, bort", "exposed=pom", "pomalidomide in place of bortezomib,lenalidomide"),
        ("exposed=lena", "exposed=lena, bort", ""),
        ("intolerant=none", "intolerant=pom", "intolerant: pomalidomide in place of none"),
    ],
)
def test_what_takes_the_place_of_an_earlier_answer_is_said(
    run: Run, first: str, then: str, said: str
) -> None:
    done = run(f"{first}\n{then}\nstop\n")
    told = [each for each in done.stderr.splitlines() if each.startswith("lenrx: ")]
    assert len(told) == bool(said)
    assert said in "".join(told)


def test_a_region_that_is_answered_is_not_said_to_be_set_outside(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LENRX_REGION", "eu")
    assert "region by LENRX_REGION" in run("stop\n").stdout
    done = run("region=us\nstop\n")
    assert "LENRX_REGION" not in done.stdout
    assert "lenrx recommend --region us" in done.stdout


@pytest.mark.parametrize("name", ["p.json", "link.json", "local.yaml", "folder.json"])
def test_the_patient_is_saved_over_nothing_that_is_read(run: Run, name: str) -> None:
    patient, local = Path("p.json"), Path("local.yaml")
    patient.write_text('{"refractory": ["lenalidomide"]}')
    local.write_text("formulary: Ours\ndrugs: {carfilzomib: {stock: not-stocked}}\n")
    Path("link.json").symlink_to(patient)
    Path("folder.json").mkdir()
    read = ("--patient", "p.json", "--formulary", "local.yaml")
    done = run("egfr=25\nstop\n", *read, "--save", name)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert name in done.stderr
    assert patient.read_text() == '{"refractory": ["lenalidomide"]}'
    assert local.read_text().startswith("formulary: Ours")


def hung_up(folder: Path, words: str) -> int:
    """The exit code of a call in a shell, the first of a pipe."""
    line = f"{sys.executable} -m lenrx {words} | true; exit ${{PIPESTATUS[0]}}"
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, input="lena\nstop\n", text=True, check=False
    ).returncode


def test_a_reader_who_hangs_up_costs_no_answer(tmp_path: Path) -> None:
    assert hung_up(tmp_path, "ask --save p.json") == 0
    assert json.loads((tmp_path / "p.json").read_text()) == {"exposed": ["lenalidomide"]}
    assert hung_up(tmp_path, "ask --save q.json 2>&1") == 2
    assert not (tmp_path / "q.json").exists()


def test_an_answer_that_contradicts_is_said_and_asked_again(run: Run) -> None:
    done = run("lena\nprior_lines=0\nstop\n")
    assert "0 prior lines contradicts a drug history" in done.stderr
    assert "--prior-lines" not in done.stdout


def test_a_file_stays_as_it_was_stated_and_is_not_repeated(run: Run) -> None:
    course = {"drugs": "VRd", "start": "2024-01-01", "progression": "2025-01-01"}
    Path("p.json").write_text(json.dumps({"treatments": [course], "comorbidities": ["gout"]}))
    done = run("stop\n", "--patient", "p.json")
    assert "has no option" in done.stdout
    again = run("region=eu\nstop\n", "--patient", "p.json", "--save", "q.json")
    assert "--patient q.json" in again.stdout
    found = json.loads(Path("q.json").read_text())
    assert found["treatments"] == [course]
    assert found["comorbidities"] == ["gout"]
    assert found["region"] == "eu"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--patient", "-"), "stdin holds the answers"),
        (("--save", "p.txt"), "must end in .json, .yaml or .yml"),
        (("--save", "no/p.json"), "the folder is not there"),
        (("--refractory", "lenolidamyde"), "nearest: lenalidomide"),
    ],
)
def test_what_cannot_work_is_said_before_the_first_question(
    run: Run, args: tuple[str, ...], said: str
) -> None:
    done = run("lena\n", *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


def test_a_closed_stdin_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    from lenrx.cli import ask

    with pytest.raises(Exception) as raised:
        ask._checked(None, {"patient": None})
    assert getattr(raised.value, "exit_code", None) == 2


class Terminal:
    """The command on a terminal of its own."""

    def __init__(self, folder: Path, *args: str) -> None:
        self.seen = ""
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            command = [sys.executable, "-m", "lenrx", "ask", "--no-pager", *args]
            os.execve(command[0], command, {**os.environ, "TERM": "dumb"})

    def until(self, words: str) -> None:
        deadline = time.monotonic() + 120
        while words not in self.seen and time.monotonic() < deadline:
            try:
                self.seen += os.read(self.end, 65536).decode()
            except OSError:  # the other end is closed
                break
        assert words in self.seen

    def answers(self, text: str) -> None:
        self.seen = ""
        os.write(self.end, text.encode())

    def code(self) -> int:
        while True:
            try:
                if not os.read(self.end, 65536):
                    break
            except OSError:
                break
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_on_a_terminal_it_asks_answers_and_ends_with_ctrl_d(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--save", "p.json")
    terminal.until("> ")
    terminal.answers("lenolidamyde\n")
    terminal.until("nearest: lenalidomide")
    terminal.until("> ")
    terminal.answers("lena\n")
    terminal.until("2. ")
    terminal.until("> ")
    terminal.answers("\x04")
    terminal.until("lenrx recommend --exposed lenalidomide")
    assert "Open on label" in terminal.seen
    assert terminal.code() == 0
    assert json.loads((tmp_path / "p.json").read_text()) == {"exposed": ["lenalidomide"]}


def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"egfr": 1}')
    terminal = Terminal(tmp_path, "--save", "p.json")
    terminal.until("> ")
    terminal.answers("lena\n")
    terminal.until("2. ")
    terminal.answers("\x03")
    terminal.until("interrupted; nothing is half-written")
    assert terminal.code() == 130
    assert [each.name for each in tmp_path.iterdir()] == ["p.json"]
    assert (tmp_path / "p.json").read_text() == '{"egfr": 1}'
