"""Defaults outside the call, names of outputs, completion, `-V`, and nearest names everywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.catalogue.loading import Catalogue, checkout
from lenrx.cli import inquiry, terminal
from lenrx.cli import main as cli
from lenrx.cli.options import complete_field

Run = Callable[..., Any]
LENA = ("recommend", "--refractory", "lena")
FORMULARY = "formulary: Ours\ndrugs:\n  selinexor: {stock: not-stocked}\n"


@pytest.fixture
def run(
    one_catalogue: None, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Run]:
    """The program in an empty folder, without anything set in the environment."""
    monkeypatch.setattr(inquiry, "load", lambda _=None: catalogue)
    monkeypatch.chdir(tmp_path)
    for name in terminal.DEFAULTS.values():
        monkeypatch.delenv(name, raising=False)
    app = cli.program(cli.COMMANDS)
    yield lambda *args, **env: CliRunner().invoke(app, args, env=env)


def document(done: Any) -> dict[str, Any]:
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_an_option_comes_before_the_environment_and_that_before_a_file(run: Run) -> None:
    asked = (*LENA, "-f", "json")
    assert document(run(*asked))["region"] is None
    Path("pyproject.toml").write_text('[tool.lenrx]\nregion = "eu"\n')
    found = document(run(*asked))
    assert (found["region"], found["assumptions"]) == ("eu", {"region": "eu"})
    assert found["set_outside"] == {"region": "pyproject.toml [tool.lenrx]"}
    Path("lenrx.toml").write_text('region = "us"\n')
    assert document(run(*asked))["set_outside"] == {"region": "lenrx.toml"}
    found = document(run(*asked, LENRX_REGION="EU"))
    assert (found["region"], found["set_outside"]) == ("eu", {"region": "LENRX_REGION"})
    found = document(run(*asked, "--region", "us", LENRX_REGION="eu"))
    assert found["region"] == "us"
    assert not {"assumptions", "set_outside"} & set(found)


def test_what_a_patient_states_is_not_assumed(run: Run) -> None:
    Path("p.json").write_text('{"refractory": ["lena"], "region": "us"}')
    found = document(run("recommend", "--patient", "p.json", "-f", "json", LENRX_REGION="eu"))
    assert (found["region"], "set_outside" in found) == ("us", False)


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_it_is_said_in_the_answer(run: Run, form: str) -> None:
    Path("f.yaml").write_text(FORMULARY)
    done = run(*LENA, "-f", form, LENRX_REGION="eu", LENRX_FORMULARY="f.yaml")
    said = " ".join(done.stdout.split())
    assert "Assumed, not stated: region=eu." in said
    assert "Set outside the call: region by LENRX_REGION, formulary by LENRX_FORMULARY." in said
    assert "Formulary applied: Ours" in said


def test_lists_and_batch_say_it_beside_their_output(run: Run) -> None:
    folder = str(checkout())
    done = run("drugs", "lena", LENRX_CATALOGUE=folder)
    assert done.stderr == f"lenrx: catalogue {folder}, by LENRX_CATALOGUE\n"
    Path("c.csv").write_text("id,refractory,region\n1,lena,\n2,lena,us\n")
    done = run("batch", "c.csv", LENRX_REGION="eu")
    assert "lenrx: region eu, by LENRX_REGION" in done.stderr
    assert [json.loads(each)["region"] for each in done.stdout.splitlines()] == ["eu", "us"]
    assert "LENRX" not in run("batch", "c.csv", "--region", "us", LENRX_REGION="eu").stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("regoin = 'eu'", "lenrx.toml: 'regoin' is nothing that can be set; did you mean region?"),
        ("x = 1", "what can: region, catalogue, formulary"),
        ("region = 'mars'", "lenrx.toml: region: 'mars': must be one of us, eu"),
        ("region = 1", "lenrx.toml: region: must be text between quotes"),
        ("region = ", "lenrx.toml: not TOML:"),
        ("catalogue = 'nowhere'", "lenrx.toml: catalogue: nowhere: no such folder"),
        ("formulary = 'f.yaml'", "lenrx.toml: formulary: f.yaml: no such file"),
    ],
)
def test_a_bad_file_is_one_line(run: Run, text: str, said: str) -> None:
    Path("lenrx.toml").write_text(text)
    done = run(*LENA)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


def test_a_bad_variable_is_one_line_with_its_name(run: Run) -> None:
    done = run(*LENA, LENRX_REGION="mars")
    assert (done.exit_code, done.stderr) == (
        2,
        "lenrx: LENRX_REGION: 'mars': must be one of us, eu\n",
    )
    assert run(*LENA, LENRX_REGION="").exit_code == 0


def test_a_project_without_a_table_of_ours_is_left_alone(run: Run) -> None:
    Path("pyproject.toml").write_text("not TOML at all [")
    assert run(*LENA).exit_code == 0
    Path("pyproject.toml").write_text("[tool]\nlenrx = 1 # tool.lenrx")
    assert "must be a table" in run(*LENA).stderr


def test_nothing_is_imported_for_defaults_where_there_are_none(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom lenrx.cli.main import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    asked = [sys.executable, "-c", code, *LENA]
    done = subprocess.run(asked, capture_output=True, text=True, cwd=tmp_path, check=False)
    modules = set(done.stderr.split())
    assert "lenrx.cli.inquiry" in modules
    assert not modules & {"tomllib", "lenrx.cli.defaults", "lenrx.cli.ask", "lenrx.rules.asking"}


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.json", "{"), ("a.csv", "warnings,"), ("a.md", "**Refractory"), ("a.txt", "Refractory")],
)
def test_the_name_of_the_output_chooses_the_form(run: Run, name: str, begins: str) -> None:
    done = run(*LENA, "-o", name)
    assert (done.exit_code, done.stdout) == (0, "")
    assert Path(name).read_text().startswith(begins)
    run(*LENA, "-o", name, "-f", "json")
    assert Path(name).read_text().startswith("{")


@pytest.mark.parametrize("command", [LENA, ("explain", "Kd"), ("compare", "Kd", "Pd")])
def test_a_dash_is_stdout_and_html_is_for_report(run: Run, command: tuple[str, ...]) -> None:
    assert "Kd" in run(*command, "-o", "-").stdout
    done = run(*command, "-o", "a.html")
    assert done.exit_code == 2
    assert "HTML is written by lenrx report" in done.stderr
    assert not list(Path().iterdir())


def test_what_a_command_does_not_write_is_refused(run: Run) -> None:
    done = run("explain", "Kd", "-o", "a.csv")
    assert done.stderr == "lenrx: a.csv: csv is not written here; --format is table, json\n"
    done = run(*LENA, "-o", "a.pdf")
    assert "a.pdf: pdf is not written here; --format is table, json, csv, markdown" in done.stderr


def test_batch_is_named_by_its_output_too(run: Run) -> None:
    Path("c.csv").write_text("id,refractory\n1,lena\n")
    assert run("batch", "c.csv", "-o", "r.csv").exit_code == 0
    assert Path("r.csv").read_text().splitlines()[1].count(",") > 3
    assert "not written here" in run("batch", "c.csv", "-o", "r.md").stderr


def test_both_versions(run: Run) -> None:
    assert run("-V").stdout == run("--version").stdout
    assert run("-V").stdout.startswith("lenrx ")


@pytest.mark.parametrize(
    ("field", "begun", "offered"),
    [
        ("comorbidities", "hiv,heart", "hiv,heart_failure"),
        ("comorbidities_absent", "preg", "pregnancy"),
        ("cytogenetics", "del17", "del17p"),
        ("region", "", "us"),
        ("hepatic", "mo", "moderate"),
        ("dialysis", "t", "true"),
        ("refractory", "lena,pom", "lena,pomalidomide"),
        ("medications", "strong_cyp3a_inh", "strong_cyp3a_inhibitor"),
        ("medications", "fluconazole,clari", "fluconazole,clarithromycin"),
        ("medications", "zovi", "Zovirax"),
    ],
)
def test_words_that_may_follow(field: str, begun: str, offered: str) -> None:
    found = complete_field(field, begun)
    assert offered in found
    assert all(each.lower().startswith(begun) for each in found)
    assert len({*found}) == len(found)
    assert not any(" " in each for each in found)
    assert complete_field("egfr", "2") == []


_TOLD = """
import sys
from lenrx.catalogue.loading import load
load()
before = {*sys.modules}
from lenrx.cli.main import main
try:
    main()
finally:
    slow = {"rich", "pydantic", "yaml"} & {*sys.modules} - before
    print(slow or "", end="", file=sys.stderr)
"""
"""The program; what it needs to complete a word, beside the catalogue, is told on stderr."""


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("lenrx recommend --comorbidities heart", "heart_failure"),
        ("lenrx batch --region e", "eu"),
        ("lenrx sources doi-10-1002-ajh", "doi-10-1002-ajh-27001"),
        ("lenrx drugs lenal", "lenalidomide"),
        ("lenrx plan KR", "KRd"),
        ("lenrx plan D-V", "D-VMP"),
        ("lenrx plan carfilzomib+len", "carfilzomib+lenalidomide"),
        ("lenrx explain VC", "VCd"),
        ("lenrx recommend --medications itraco", "itraconazole"),
        ("lenrx schema man", "manifest"),
    ],
)
def test_a_shell_is_told(line: str, offered: str) -> None:
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", _TOLD],
        env={**os.environ, **words, "_LENRX_COMPLETE": "complete_bash"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert offered in done.stdout.split()
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ("explain", "DaraKdd"),
            "'DaraKdd': not a drug, class or regimen of the catalogue; nearest: Dara-Kd",
        ),
        (("explain", "Quux"), "'Quux': not a drug, class or regimen of the catalogue"),
        (("compare", "Kd", "Pdd"), "'Pdd': not a regimen of the catalogue; nearest: Pd"),
        (("regimens", "DaraKdd"), "nearest: DaraKd"),
        (("drugs", "lenalidomid"), "'lenalidomid': not a drug"),
        (("sources", "doi-10-1002-ajh-27002"), "nearest: doi-10-1002-ajh-27001"),
        (("sources", "zzz"), "`lenrx sources` lists them"),
        (("recommend", "--comorbidities", "heart_failur"), "nearest: heart_failure"),
        (("recommend", "--frailty", "frial"), "'frial': must be one of fit, intermediate, frail"),
        (("recommend", "--assume", "egfrr=3"), "did you mean egfr?"),
        (("batch", "c.csv", "--region", "euu"), "'euu': must be one of us, eu"),
        (("batch", "c.csv", "--map", "refractory=refractry"), "refractry is mapped but not"),
        (("batch", "c.csv", "--map", "refractory=refractry"), "nearest: refractory"),
        (("batch", "--courses", "c.csv", "--course-column", "strat=id"), "nearest: start"),
    ],
)
def test_the_word_that_failed_and_the_nearest(run: Run, args: tuple[str, ...], said: str) -> None:
    Path("c.csv").write_text("id,refractory\n1,lena\n")
    done = run(*args)
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


@pytest.mark.parametrize("command", [each for each in cli.COMMANDS if each != "vocabulary"])
def test_a_slip_in_an_option_is_answered_with_the_options_that_are_near(
    run: Run, command: str
) -> None:
    wanted = {"diff": "--format", "schema": "--output"}.get(command, "--catalogue")
    done = run(command, wanted[:-1])
    assert done.exit_code == 2
    assert wanted in done.stderr


@pytest.mark.parametrize("command", [("recommend",), ("plan", "Kd"), ("explain", "Kd")])
def test_no_result_is_written_over_what_it_is_made_from(run: Run, command: tuple[str, ...]) -> None:
    patient, local = Path("q.json"), Path("f.yaml")
    patient.write_text('{"refractory": ["lenalidomide"]}')
    local.write_text("formulary: Ours\ndrugs: {carfilzomib: {stock: not-stocked}}\n")
    Path("link.json").symlink_to(patient)
    for given, output in (("--patient", "q.json"), ("--patient", "link.json")):
        done = run(*command, given, "q.json", "-o", output)
        assert (done.exit_code, "is also read" in done.stderr) == (2, True)
    done = run(
        *command, "--patient", "q.json", "--formulary", "f.yaml", "-f", "json", "-o", "f.yaml"
    )
    assert (done.exit_code, "is also read" in done.stderr) == (2, True)
    assert patient.read_text() == '{"refractory": ["lenalidomide"]}'
    assert local.read_text().startswith("formulary: Ours")


def test_a_record_and_a_catalogue_of_the_environment_are_read_too(run: Run) -> None:
    record, own = Path("r.json"), Path("own")
    record.write_text('{"treatments": []}')
    own.mkdir()
    (own / "drugs.yaml").write_text("kept")
    done = run("plan", "--record", "r.json", "-f", "json", "-o", "r.json")
    assert (done.exit_code, "is also read" in done.stderr) == (2, True)
    asked = (*LENA, "-f", "json", "-o", "own/drugs.yaml")
    done = run(*asked, LENRX_CATALOGUE="own")
    assert (done.exit_code, "is also read" in done.stderr) == (2, True)
    assert (record.read_text(), (own / "drugs.yaml").read_text()) == ('{"treatments": []}', "kept")


def test_a_result_takes_the_place_of_the_one_before_only_when_it_is_whole(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Path("good.json")
    assert run("recommend", "--refractory", "lena", "-o", "good.json").exit_code == 0
    before = kept.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = run("recommend", "--refractory", "lena,pi", "-o", "good.json")
    assert (done.exit_code, "No space left" in done.stderr) == (2, True)
    assert kept.read_bytes() == before
    assert [each.name for each in Path().iterdir() if "good" in each.name] == ["good.json"]


def test_a_schema_goes_to_stdout_where_it_is_asked(run: Run) -> None:
    assert run("schema", "plan", "-o", "-").stdout.startswith("{")
    assert not Path("-").exists()


@pytest.mark.parametrize("form", ["table", "json", "markdown", "csv"])
@pytest.mark.parametrize(
    "words",
    [
        LENA,
        (*LENA, "--what-if", "lvef=30"),
        ("explain", "Kd", *LENA[1:]),
        ("compare", "Kd", "Pd", *LENA[1:]),
        ("plan", "KRd", *LENA[1:]),
        ("plan", "--record", "record.yaml"),
    ],
)
def test_what_was_set_outside_is_said_in_every_form(
    run: Run, words: tuple[str, ...], form: str
) -> None:
    Path("ours.yaml").write_text(FORMULARY)
    Path("lenrx.toml").write_text('formulary = "ours.yaml"\n')
    Path("record.yaml").write_text(
        "treatments:\n- {drugs: VRd, start: 2018-01-01, progression: 2019-01-01}\n"
        "- {drugs: Kd, start: 2019-02-01}\n"
    )
    done = run(*words, "--format", form, LENRX_REGION="eu")
    if done.exit_code == 2:
        assert form in ("markdown", "csv")
        assert "--format" in done.stderr or "answers as table or json" in done.stderr
        return
    if form == "json":
        places = {"region": "LENRX_REGION", "formulary": "lenrx.toml"}
        assert json.loads(done.stdout)["set_outside"] == places
        return
    told = " ".join(done.stdout.split())
    assert "region by LENRX_REGION" in told
    assert "formulary by lenrx.toml" in told


def test_a_manifest_says_what_was_set_outside_and_a_run_goes_on_without_it(run: Run) -> None:
    Path("c.csv").write_text("id,refractory\nA,lena\n")
    assert run("batch", "c.csv", "-q", "-o", "o.ndjson", LENRX_REGION="eu").exit_code == 0
    path = Path("o.ndjson.manifest.json")
    data = json.loads(path.read_text())
    assert data["set_outside"] == {"region": "LENRX_REGION"}
    begun = json.dumps({**data, "state": "running"})
    again = ("batch", "c.csv", "-q", "-o", "o.ndjson", "--resume")
    path.write_text(begun)
    assert run(*again, "--region", "eu").exit_code == 0
    path.write_text(begun)
    assert "region is not the same as then" in run(*again).stderr
