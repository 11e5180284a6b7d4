"""Every document that a command prints or writes is what `lenrx schema` says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.cli import main as cli
from tests.report.schemas.test_published import wrong

LENA = ("--refractory", "lena,pi", "--exposed", "dara", "--lines", "2", "--as-of", "2026-11-28")
RECORD = {
    "region": "EU",
    "treatments": [
        {"drugs": "VRd", "start": "2018-03-01", "stop": "2018-08-01", "response": "VGPR"},
        {"drugs": "lenalidomide", "start": "2018-09", "progression": "2021-02-01"},
        {"drugs": "KRd", "start": "2021-02-20", "progression": "2022-01-01"},
        {"drugs": "foo", "start": "2022-02-01", "progression": "2022-12-01"},
        {"drugs": "DaraVd", "start": "2023"},
    ],
}
ROWS = """\
id,refractory,prior_lines,egfr,region,as_of,given
A,lena,1,60,eu,2026-01-05,KRd
B,lena; pi,3,25,,,
C,lena,many,,,,Kd
,none,2,,us,2025-03-01,made-up
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("record.json").write_text(json.dumps(RECORD))
    Path("then.csv").write_text(ROWS)
    Path("now.csv").write_text(ROWS.replace("A,lena,1", "A,lena;dara,1").replace("many", "2"))
    return tmp_path


def printed(*words: str, code: int = 0, typed: str | None = None) -> str:
    done: Any = CliRunner().invoke(cli.program(cli.COMMANDS), words, input=typed)
    assert done.exit_code == code, done.stderr
    return str(done.stdout)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("recommendation", ("recommend", *LENA)),
        ("recommendation", ("recommend", *LENA, "--detail", "brief", "--what-if", "egfr=25")),
        ("recommendation", ("recommend", *LENA, "--assume", "ecog=1", "--strict", "--on-label")),
        ("recommendation", ("explain", "KRd", *LENA)),
        ("recommendation", ("compare", "Kd", "DaraKd", *LENA)),
        ("recommendation", ("recommend", "--patient", "record.json")),
        ("plan", ("plan", "carfilzomib", "foo", *LENA)),
        ("plan-record", ("plan", "--record", "record.json", "--as-of", "2026-11-28")),
    ],
)
def test_of_one_patient(name: str, words: tuple[str, ...]) -> None:
    assert wrong(name, printed(*words, "--format", "json")) == []


def test_the_record_that_is_judged_says_whose_label(folder: Path) -> None:
    data = json.loads(printed("plan", "--record", "record.json", "-f", "json"))
    assert data["region"] == "eu"
    assert {each["plan"] is None for each in data["lines"]} == {True, False}


def test_of_many_patients() -> None:
    for detail in ("ids", "brief", "reasons"):
        text = printed("batch", "then.csv", "--detail", detail, code=1)
        for line in text.splitlines():
            assert wrong("result", line) == []
    for name in ("then", "now"):
        asked = ("batch", f"{name}.csv", "-o", f"{name}.ndjson", "--as-of", "2026-11-28")
        printed(*asked, "--summary-json", f"{name}.json", "-q", code=int(name == "then"))
        assert wrong("summary", Path(f"{name}.json").read_text()) == []
        assert wrong("legend", Path(f"{name}.legend.json").read_text()) == []
    assert "concordance" in json.loads(Path("now.json").read_text())
    for row in ("1", "2", "4"):
        assert wrong("shown", printed("batch", "--show", row, "then.ndjson")) == []
    changed = printed("diff", "then.ndjson", "now.ndjson", "-f", "json").splitlines()
    back = printed("diff", "now.ndjson", "then.ndjson", "-f", "json").splitlines()
    assert {json.loads(each)["change"] for each in (*changed, *back)} == {
        "options",
        "could not be read before",
        "can no longer be read",
    }
    assert [wrong("diff", each) for each in (*changed, *back)] == [[]] * len([*changed, *back])


@pytest.mark.parametrize("words", [(), ("--patient", "record.json")])
def test_the_patient_that_ask_saves(words: tuple[str, ...]) -> None:
    printed("ask", *words, "--save", "p.json", typed="egfr=<30\nid=7\nstop\n")
    assert wrong("patient", Path("p.json").read_text()) == []
    assert json.loads(Path("p.json").read_text())["egfr"] == "<30"
