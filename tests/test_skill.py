"""The pages for programs: short, their commands run, their links lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lenrx.cli import main as cli

HOME = Path(__file__).parents[1]
SKILL = (HOME / "SKILL.md").read_text(encoding="utf-8")
MAP = (HOME / "llms.txt").read_text(encoding="utf-8")
LINES = 70
BLOCKS = re.findall(r"```sh\n(.*?)```", SKILL, re.DOTALL)
COMMANDS = [
    *(line for block in BLOCKS for line in block.splitlines()),
    *(line.strip() for line in MAP.splitlines() if line.startswith("    lenrx ")),
]


def test_the_skill_has_a_name_a_description_and_few_lines() -> None:
    assert len(SKILL.splitlines()) <= LINES
    assert re.match(r"---\nname: lenrx\ndescription: .+\n---\n", SKILL)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_answers(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HOME)
    given, _, asked = command.rpartition(" | ")
    program, *arguments = shlex.split(asked)
    assert program == "lenrx"
    result = CliRunner().invoke(cli.app, arguments, input="".join(shlex.split(given)[1:]))
    assert (result.exit_code, result.stderr) == (0, "")
    if "json" in arguments or arguments[0] == "schema":
        json.loads(result.stdout)


@pytest.mark.parametrize("page", re.findall(r"\]\(([^)]+)\)", MAP))
def test_each_page_is_there(page: str) -> None:
    assert (HOME / page).is_file()


def test_every_member_that_the_skill_speaks_of_is_in_the_answer() -> None:
    patient = ("--refractory", "lena; bort", "--lines", "2", "--platelets", "20")
    told = {
        detail: CliRunner()
        .invoke(cli.app, ["recommend", *patient, "--format", "json", "--detail", detail])
        .stdout
        for detail in ("brief", "reasons")
    }
    for word in re.findall(r"`([a-z_]+)`", SKILL.partition("## Read the answer")[2]):
        if word not in ("eligible", "conditional", "excluded", "unknown"):
            assert any(f'"{word}"' in text for text in told.values()), word
