"""What an id or a local note may do where it is shown: nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.cli.main import COMMANDS, program
from lenrx.report.sinks import in_csv, in_markdown, on_one_line, on_terminal

APP = program(COMMANDS)
OBEYED = "\x1b\x07\x7f\x9b\u202e\u2066\u2028"
ID = "\x1b[2J\x1b]0;owned\x07\u202e<script>|[x](javascript:1) [/red] *b* _i_ `c`"
FORMULARY = """\
formulary: "Haus [/x] \\u202e"
drugs:
  carfilzomib: {stock: not-stocked, note: "closed [/x] tag \\e[2J"}
  daratumumab: {stock: needs-approval, note: "ask [pharmacy] first <b>"}
regimens:
  Pd: {stock: note, note: "[red]note | [a](b)"}
"""
SCREENS = (
    ("recommend", "--all"),
    ("recommend", "-v"),
    ("recommend", "--what-if", "egfr=10"),
    ("explain", "Kd"),
    ("explain", "Pd"),
    ("compare", "Kd", "Pd"),
    ("plan", "Kd"),
    ("plan", "carfilzomib", "pomalidomide"),
)


@pytest.fixture
def asked(tmp_path: Path) -> tuple[str, ...]:
    """A patient and a formulary that would rule the terminal."""
    patient, local = tmp_path / "p.json", tmp_path / "f.yaml"
    patient.write_text(json.dumps({"id": ID, "refractory": ["lena", "bort"], "prior_lines": 2}))
    local.write_text(FORMULARY)
    return ("--patient", str(patient), "--formulary", str(local))


def run(*arguments: str) -> str:
    done = CliRunner().invoke(APP, arguments, prog_name="lenrx")
    assert done.exit_code == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("color", ["never", "always"])
def test_nothing_is_obeyed_by_the_terminal_or_taken_for_markup(
    asked: tuple[str, ...], screen: tuple[str, ...], color: str
) -> None:
    drawn = run(*screen, *asked, "--color", color, "--width", "200")
    assert not any(mark in drawn for mark in "\x07\x9b\u202e\u2066\u2028")
    assert "\x1b[2J" not in drawn and "\x1b]0;" not in drawn
    assert ("\x1b" in drawn) is (color == "always")
    assert "?[2J?]0;owned" in drawn and "[/red]" in drawn


def test_local_notes_are_shown_as_they_are_written(asked: tuple[str, ...]) -> None:
    drawn = " ".join(run("recommend", "--all", *asked, "--width", "200").split())
    assert "ask [pharmacy] first <b>" in drawn and "closed [/x] tag" in drawn
    assert "carfilzomib not stocked: closed [/x] tag" in run(
        "recommend", *asked, "-f", "markdown"
    ).replace("\\", "")
    explained = run("explain", "Pd", *asked, "--width", "200")
    assert "[red]note | [a](b)" in explained


@pytest.mark.parametrize("command", [("recommend",), ("plan", "DaraPd"), ("plan", "Pd")])
def test_markdown_holds_no_link_no_html_and_no_mark_of_theirs(
    asked: tuple[str, ...], command: tuple[str, ...]
) -> None:
    text = run(*command, *asked, "--format", "markdown")
    assert not any(mark in text for mark in OBEYED)
    for forbidden in ("<script>", "[x](", "[a](b)", " *b*", " _i_", "`c`", "<b>"):
        assert forbidden not in text, forbidden
    assert "&lt;script&gt;\\|\\[x\\](javascript:1)" in text


def test_csv_holds_no_formula_and_no_sign_that_is_obeyed(tmp_path: Path) -> None:
    patient = tmp_path / "p.json"
    for sign in "=+-@\uff1d\uff0b\uff0d\uff20":
        patient.write_text(json.dumps({"id": f"{sign}cmd()\u202e\x1b", "refractory": "lena"}))
        text = run("recommend", "--patient", str(patient), "-f", "csv")
        (shown,) = {row["patient"] for row in csv.DictReader(io.StringIO(text))}
        assert shown[0] == "'" and not any(mark in shown for mark in OBEYED)


def test_the_library_hands_them_out_as_they_are(asked: tuple[str, ...]) -> None:
    found: dict[str, Any] = json.loads(run("recommend", *asked, "-f", "json", "--detail", "full"))
    assert found["patient"]["given"]["id"] == ID
    assert "closed [/x] tag \x1b[2J" in json.dumps(found, ensure_ascii=False).replace(
        "\\u001b", "\x1b"
    )


@pytest.mark.parametrize("sink", [on_terminal, on_one_line, in_csv, in_markdown])
def test_no_sink_lets_through_what_is_obeyed(sink: Any) -> None:
    assert not any(mark in sink(f"a{OBEYED}b") for mark in OBEYED)
    assert sink("CrCl 30 mL/min, p.o.") == "CrCl 30 mL/min, p.o."
    assert on_terminal("a\nb") == "a\nb" and on_one_line("a\nb") == "a?b"
