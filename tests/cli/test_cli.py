"""The command line as a user types it: stdout and stderr apart, exit codes, one-line errors."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.catalogue.loading import checkout, load
from lenrx.cli import main as cli

runner = CliRunner()


def run(*args: str, stdin: str | None = None) -> Any:
    return runner.invoke(cli.app, args, input=stdin)


def verdicts(result: Any) -> dict[str, str]:
    assert result.exit_code == 0, result.stderr
    return {each["id"]: each["verdict"] for each in json.loads(result.stdout)["regimens"]}


MAIN = ("recommend", "--refractory", "lena,pi", "--egfr", "25")


def test_the_main_job_prints_what_is_open_and_what_to_ask() -> None:
    result = run(*MAIN)
    assert result.exit_code == 0
    assert result.stderr == ""
    state = "Refractory to lenalidomide and an unnamed PI"
    for words in (state, "Open on label", "Ask first: Which PI?"):
        assert words in result.stdout


def test_all_adds_what_is_not_open_and_why() -> None:
    assert "relies on" not in run(*MAIN).stdout
    assert "refractory to lenalidomide, which this regimen relies on" in " ".join(
        run(*MAIN, "--all").stdout.split()
    )


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_every_format_answers(form: str) -> None:
    result = run(*MAIN, "--format", form)
    assert result.exit_code == 0
    assert "DaraKd" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--refractory", "lenolidamyde"), "refractory: 'lenolidamyde': not a drug"),
        (("--refractory", "V"), "could be bortezomib or venetoclax or vincristine"),
        (("--refractory", "lena", "--egfr", "-3"), "egfr: '-3': must be a number from 0"),
        (("--refractory", "lena", "--lines", "many"), "prior_lines: 'many': must be a whole"),
        (("--refractory", "lena", "--lines", "0"), "prior_lines: 0 prior lines contradicts"),
        (("--refractory", "lena", "--region", "mars"), "region: 'mars': must be us or eu"),
        (("--patient", "no-such-file.json"), "no-such-file.json: cannot be read"),
        (("--catalogue", "no-such-folder"), "no-such-folder"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(args: tuple[str, ...], said: str) -> None:
    result = run("recommend", *args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr


def test_an_unknown_drug_gets_the_nearest_names() -> None:
    assert "lenalidomide" in run("recommend", "--refractory", "lenalidomyde").stderr


def test_a_usage_error_is_exit_2() -> None:
    assert run("recommend", "--format", "xml").exit_code == 2
    assert run("recommend", "--no-such-option").exit_code == 2
    assert run("explain").exit_code == 2


def test_a_patient_file_in_json_or_yaml_or_from_stdin(tmp_path: Path) -> None:
    fields = {"refractory": ["lenalidomide", "bortezomib"], "prior_lines": 2}
    as_json = tmp_path / "p.json"
    as_json.write_text(json.dumps(fields))
    as_yaml = tmp_path / "p.yaml"
    as_yaml.write_text("refractory: [Revlimid, Velcade]\nprior-lines: 2\n")
    flow = tmp_path / "q.yaml"
    flow.write_text("{refractory: [Revlimid, Velcade], prior_lines: 2}\n")
    options = run("recommend", "--refractory", "lena,bort", "--lines", "2", "--format", "json")
    expected = verdicts(options)
    for file in (as_json, as_yaml, flow):
        assert verdicts(run("recommend", "--patient", str(file), "--format", "json")) == expected
    piped = run("recommend", "--patient", "-", "--format", "json", stdin=json.dumps(fields))
    assert verdicts(piped) == expected


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("p.json", "{not json", "not JSON"),
        ("p.json", '{"egfr": 1, "egfr": 2}', "written twice"),
        ("p.json", "[1]", "one patient"),
        ("p.json", '{"egfr": -77.125}', "egfr: must be a number"),
        ("p.json", '{"refractory": ["Jane Roe"]}', "refractory: not a drug"),
        ("p.json", '{"name": "Jane Roe"}', "unknown field"),
        ("p.yaml", "egfr: [", "not YAML"),
        ("p.yaml", "refractory: Jane Roe\nrefractory: x", "written twice"),
    ],
)
def test_a_bad_patient_file_is_one_line_without_its_values(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    result = run("recommend", "--patient", str(file))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr
    assert "Jane" not in result.stderr
    assert "77.125" not in result.stderr


def test_a_field_in_the_file_and_as_an_option_is_a_contradiction(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text('{"refractory": ["lena"], "lines": 2}')
    result = run("recommend", "--patient", str(file), "--prior-lines", "3")
    assert result.exit_code == 2
    assert "stated in the file and as an option" in result.stderr


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        (("--dialysis",), True),
        (("--dialysis", "true"), True),
        (("--no-dialysis",), False),
        (("--dialysis", "no"), False),
        (("--dialysis=false",), False),
    ],
)
def test_a_flag_may_stand_alone_or_with_a_value(flag: tuple[str, ...], expected: bool) -> None:
    result = run("recommend", *flag, "--refractory", "lena", "--format", "json")
    assert json.loads(result.stdout)["patient"]["given"]["dialysis"] is expected


def test_explain_opens_with_what_decided_and_shows_every_criterion_when_asked() -> None:
    asked = ("explain", "isapd", "--refractory", "lena,bort", "--egfr", "25")
    short, long = run(*asked), run(*asked, "-v")
    assert (short.exit_code, long.exit_code) == (0, 0)
    for words in ("IsaPd:", "Eligible, rank", "not met (-v)", "Evidence", "ICARIA-MM"):
        assert words in short.stdout
    for words in ("rule refractory-pomalidomide", "PMID", "entry limit, rule"):
        assert words in " ".join(long.stdout.split())


def test_explain_as_json_is_the_contract_with_one_regimen() -> None:
    result = run("explain", "IsaPd", "--refractory", "lena", "--format", "json")
    document = json.loads(result.stdout)
    assert document["schema"] == "lenrx/recommendation/2"
    assert [each["id"] for each in document["regimens"]] == ["IsaPd"]


def test_an_unknown_regimen_gets_the_nearest() -> None:
    result = run("explain", "IsaPdd", "--refractory", "lena")
    assert result.exit_code == 2
    assert "IsaPd" in result.stderr


@pytest.mark.parametrize("kind", ["regimens", "drugs", "sources"])
def test_the_catalogue_can_be_read(kind: str) -> None:
    listed = run(kind, "--format", "json")
    entries = json.loads(listed.stdout)
    assert len(entries) > 20
    wanted = entries[0]["id"]
    one = run(kind, wanted)
    assert one.exit_code == 0
    assert json.loads(run(kind, wanted, "--format", "json").stdout)["id"] == wanted
    assert run(kind).exit_code == 0
    missing = run(kind, "zzzz")
    assert missing.exit_code == 2
    assert len(missing.stderr.splitlines()) == 1


def test_a_source_is_found_by_its_pmid_and_names_who_cites_it() -> None:
    result = run("sources", "37163358")
    assert "CANDOR" in result.stdout
    assert "cited by DaraKd" in result.stdout


def test_a_source_is_counted_wherever_it_is_named() -> None:
    listed = run("sources", "--width", "100").stdout
    assert "cited 0)" not in " ".join(listed.split())
    interaction = next(iter(load().interactions.values()))
    assert interaction.id in run("sources", interaction.members[0].source).stdout


def test_version_prints_both_versions() -> None:
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("lenrx 0.")
    assert "catalogue 20" in result.stdout


def test_check_passes_on_the_shipped_catalogue() -> None:
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 problems" in result.stderr


def test_check_finds_a_problem_with_file_and_line(tmp_path: Path) -> None:
    file = Path(shutil.copy(checkout() / "regimens.yaml", tmp_path))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('hr: "0.64"', 'hr: "1.64"', 1), encoding="utf-8")
    result = run("check", str(file))
    assert result.exit_code == 1
    assert f"{file}:" in result.stdout
    assert "hazard_ratio_outside_interval" in result.stdout


def test_check_takes_a_users_own_file_as_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "formulary.yaml"
    file.write_text("formulary: Ours\ndrugs:\n  Kyprolis: {stock: gone}\n", encoding="utf-8")
    result = run("check", str(file))
    assert result.exit_code == 1
    assert result.stdout.startswith("formulary.yaml:3: Kyprolis: needs stock")
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr.strip() == "1 problem; formulary of 0 entries"
    cohort = tmp_path / "c.csv"
    cohort.write_text("R\nlena\n", encoding="utf-8")
    assert run("check", str(cohort)).exit_code == 1
    assert run("check", str(cohort), "--map", "refractory=R").exit_code == 0


def test_the_network_is_drawn_or_json_and_of_all_regimens() -> None:
    drawn = run("regimens", "--network")
    assert drawn.exit_code == 0
    assert "Level 1" in drawn.stdout
    assert json.loads(run("regimens", "--network", "-f", "json").stdout)["superior"]
    for wrong in (("Kd",), ("-f", "markdown")):
        refused = run("regimens", "--network", *wrong)
        assert (refused.exit_code, len(refused.stderr.splitlines())) == (2, 1)


def test_lists_are_read_at_eighty_columns() -> None:
    drawn = run("regimens", "--width", "80").stdout
    assert "\u2026" not in drawn
    assert "carfilzomib," in drawn
    for kind in ("regimens", "drugs", "sources"):
        lines = run(kind, "--width", "80").stdout.splitlines()
        assert max(map(len, lines)) <= 80


def test_a_regimen_in_full_words_doses_and_contrasts() -> None:
    text = " ".join(run("regimens", "ide-cel").stdout.split())
    assert "against 11.1 in patients without extramedullary disease" in text
    assert "(grade any)" not in text
    assert "Dose: pomalidomide 4 mg, days 1-14 of each 21-day cycle" in " ".join(
        run("regimens", "PVd").stdout.split()
    )


def test_check_of_what_is_no_catalogue_is_exit_2(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("a: [")
    assert run("check", str(file)).exit_code == 2
    assert run("check", str(tmp_path / "none.yaml")).exit_code == 2


def test_a_broken_catalogue_is_one_line_with_file_and_line(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(checkout(), tmp_path / "mine"))
    drugs = folder / "drugs.yaml"
    drugs.write_text(drugs.read_text(encoding="utf-8") + "\nextra: 1\n", encoding="utf-8")
    result = run("recommend", "--refractory", "lena", "--catalogue", str(folder))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "mine/drugs.yaml:" in result.stderr


def test_help_lists_the_closed_vocabulary_in_groups() -> None:
    text = " ".join(run("recommend", "--help").stdout.split())
    for words in ("The disease", "What was given", "Kidneys", "Place and date", "heart_failure"):
        assert words in text


@pytest.mark.parametrize("command", [("explain", "Kd"), ("compare", "Kd", "Pd"), ("recommend",)])
def test_warnings_come_with_every_way_to_ask(command: tuple[str, ...]) -> None:
    text = run(*command, "--refractory", "bort").stdout
    assert "outside the scope this catalogue was built for" in " ".join(text.split())


def test_strict_and_on_label_are_said_in_the_answer() -> None:
    text = " ".join(run(*MAIN, "--strict", "--on-label").stdout.split())
    assert "Asked strictly" in text
    assert "On-label use only." in text
    document = json.loads(run(*MAIN, "--strict", "--format", "json").stdout)
    assert document["options"] == {"strict": True, "on_label": False}


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_the_patients_id_is_echoed(form: str) -> None:
    assert "P-77" in run(*MAIN, "--id", "P-77", "--format", form).stdout


@pytest.mark.parametrize(
    ("day", "verdict"), [("2016-11-20", "excluded"), ("2016-11-21", "eligible")]
)
def test_a_combination_is_not_open_before_its_first_label(day: str, verdict: str) -> None:
    asked = ("recommend", "--refractory", "lena", "--region", "us", "--as-of", day)
    assert verdicts(run(*asked, "--format", "json"))["DaraVd"] == verdict


def test_a_reader_who_has_had_enough_is_no_error() -> None:
    command = f"{sys.executable} -m lenrx {' '.join(MAIN)} --format json | head -c 10"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_output_goes_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    result = run(*MAIN, "--format", "json", "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(file.read_text())["schema"] == "lenrx/recommendation/2"
    refused = run(*MAIN, "--output", str(tmp_path / "no" / "such"))
    assert refused.exit_code == 2


@pytest.mark.parametrize("width", ["60", "80", "100", "120"])
def test_the_table_keeps_to_its_width(width: str) -> None:
    lines = run(*MAIN, "--width", width, "--all").stdout.splitlines()
    assert max(map(len, lines)) <= int(width)


def test_colour_only_when_asked() -> None:
    assert "\x1b[" not in run(*MAIN).stdout
    assert "\x1b[" in run(*MAIN, "--color", "always").stdout
    assert "\x1b[" not in run(*MAIN, "--color", "never").stdout


def test_nothing_reaches_for_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert run(*MAIN, "--format", "json").exit_code == 0


def test_an_unexpected_failure_is_one_line_and_tells_nothing_of_the_patient(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("eGFR 25.125 of Jane Roe")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 2
    err = capsys.readouterr().err
    assert "RuntimeError" in err
    assert "Jane" not in err
    assert len(err.splitlines()) == 1
