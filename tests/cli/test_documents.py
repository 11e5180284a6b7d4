"""Every document that a command prints or writes is what `lenrx schema` says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from lenrx.cli import main as cli
from lenrx.cli.schema import NAMES
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
        assert wrong("manifest", Path(f"{name}.ndjson.manifest.json").read_text()) == []
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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("regimen", ("regimens",)),
        ("regimen", ("regimens", "Kd")),
        ("drug", ("drugs",)),
        ("drug", ("drugs", "Velcade")),
        ("source", ("sources",)),
        ("source", ("sources", "nct01568866")),
        ("network", ("regimens", "--network")),
    ],
)
def test_of_the_catalogue(name: str, words: tuple[str, ...]) -> None:
    assert wrong(name, printed(*words, "--format", "json")) == []


def test_a_member_of_the_catalogue_that_no_record_has_is_wrong() -> None:
    entry = json.loads(printed("regimens", "Kd", "--format", "json"))
    for bad in ({**entry, "made_up": 1}, {**entry, "intensity": "strong"}, {"id": "Kd"}):
        with pytest.raises(ValidationError):
            wrong("regimen", json.dumps(bad))


def test_the_manifest_of_a_run_with_every_way_to_ask() -> None:
    Path("lenrx.toml").write_text('region = "eu"\n')
    Path("local.yaml").write_text("formulary: Ward\ndrugs: {}\nregimens: {}\n")
    Path("courses.csv").write_text("id,drugs,start\nA,VRd,2020-01-01\n")
    Path("few.csv").write_text("id,refractory,Kidney,x\nA,lena,60,1\n\nB,lena,many,2\n")
    printed(
        *("batch", "few.csv", "-o", "few.csv.out", "--format", "csv", "--courses", "courses.csv"),
        *("--map", "egfr=Kidney", "--ignore", "x", "--missing", "999", "--unread", "missing"),
        *("--formulary", "local.yaml", "--errors", "errors.ndjson", "--strict"),
    )
    text = Path("few.csv.out.manifest.json").read_text()
    assert wrong("manifest", text) == []
    assert json.loads(text)["set_outside"] == {"region": "lenrx.toml"}


def test_the_manifest_of_a_run_that_was_stopped() -> None:
    printed("batch", "then.csv", "-o", "out.ndjson", "--as-of", "2026-11-28", "-q", code=1)
    data = json.loads(Path("out.ndjson.manifest.json").read_text())
    begun = {key: each for key, each in data.items() if key not in ("counts", "output", "legend")}
    assert wrong("manifest", json.dumps({**begun, "state": "running", "ended": None})) == []


def test_every_document_is_printed_by_something_here() -> None:
    """What no command of this file prints stands in `test_published`: nothing does today."""
    text = Path(__file__).read_text(encoding="utf-8")
    for name in NAMES:
        assert f'wrong("{name}"' in text or f'("{name}", (' in text, name
