"""Assumptions, what-if, comparison, counterfactuals and the local formulary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.catalogue.formulary import FormularyError, load_formulary
from lenrx.catalogue.loading import Catalogue
from lenrx.cli import main as cli
from lenrx.cli.inquiry import changes
from lenrx.patient.patient import PatientError
from lenrx.rules.answer import Answer
from lenrx.rules.counterfactuals import Counterfactual, counterfactuals
from lenrx.rules.differences import differences
from tests.conftest import Ask

runner = CliRunner()
MAIN = ("recommend", "--refractory", "lena,pi", "--egfr", "25")


def run(*args: str) -> Any:
    return runner.invoke(cli.app, args)


def document(*args: str) -> dict[str, Any]:
    result = run(*args, "--format", "json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def one_line(result: Any) -> str:
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    return str(result.stderr)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["egfr=60"], {"egfr": "60"}),
        (["egfr=60,lines=3"], {"egfr": "60", "prior_lines": "3"}),
        (["egfr=60", "lines=3"], {"egfr": "60", "prior_lines": "3"}),
        (["refractory=lena,pi,egfr=60"], {"refractory": ["lena", "pi"], "egfr": "60"}),
        (["cytogenetics=t(11;14)"], {"cytogenetics": ["t(11;14)"]}),
    ],
)
def test_changes_are_fields_and_values(texts: list[str], expected: dict[str, Any]) -> None:
    assert changes(texts) == expected


@pytest.mark.parametrize("text", ["60", "egfr", "egrf=60", "egfr=60,3"])
def test_a_change_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(PatientError):
        changes([text])


def test_an_assumption_is_echoed_in_every_output_and_never_as_stated() -> None:
    assumed = (*MAIN, "--assume", "lvef=55", "--assume", "prior_lines=2")
    answer = document(*assumed)
    assert answer["assumptions"] == {"prior_lines": 2, "lvef": 55.0}
    assert "lvef" not in answer["patient"]["given"]
    for form in ("table", "markdown"):
        text = " ".join(run(*assumed, "--format", form).stdout.split())
        assert "Assumed, not stated: prior_lines=2, lvef=55." in text
    assert "prior_lines | lvef" in run(*assumed, "--format", "csv").stdout


@pytest.mark.parametrize("value", ["", "unknown", "?"])
def test_an_assumption_needs_a_value(value: str) -> None:
    assert "needs a value" in one_line(run(*MAIN, "--assume", f"lvef={value}"))


def test_without_an_assumption_none_is_echoed() -> None:
    assert "assumptions" not in document(*MAIN)
    assert "Assumed" not in run(*MAIN).stdout


def test_stated_and_assumed_is_a_contradiction() -> None:
    assert "stated and assumed" in one_line(run(*MAIN, "--assume", "egfr=60"))


def test_what_if_shows_only_what_changes_and_why() -> None:
    text = run(*MAIN, "--what-if", "refractory=lena,carf").stdout
    assert "What if refractory=lena; carf" in text
    assert "refractory to carfilzomib" in " ".join(text.split())
    assert "Open:" not in text
    assert "cilta-cel" not in text


def test_what_if_says_which_list_it_replaces_and_adds_where_it_is_asked_to() -> None:
    patient = ("recommend", "--refractory", "lena,bort", "--comorbidities", "copd")
    flat = " ".join(run(*patient, "--what-if", "refractory=dara").stdout.split())
    assert "What if refractory=dara instead of bortezomib; lenalidomide: " in flat
    assert "no longer: refractory to bortezomib" in flat
    (said,) = document(*patient, "--what-if", "refractory+=dara,comorbidities+=heart_failure")[
        "what_if"
    ]
    assert said["change"] == {
        "refractory": ["bortezomib", "lenalidomide", "dara"],
        "comorbidities": ["copd", "heart_failure"],
    }
    assert said["instead_of"] == {
        "refractory": ["bortezomib", "lenalidomide"],
        "comorbidities": ["copd"],
    }
    opened = {each["id"] for each in said["regimens"] if each["from"] == "excluded"}
    assert "Tec" in opened, "labels that ask for three classes"
    assert not {"XVd", "BVd", "PVd"} & opened


@pytest.mark.parametrize(
    "options", [("--assume", "refractory+=dara"), (*MAIN, "--what-if", "egfr+=20")]
)
def test_a_change_adds_to_lists_only_and_in_what_if_only(options: tuple[str, ...]) -> None:
    start = () if options[0] == "recommend" else ("recommend",)
    assert "+= adds to a list" in one_line(run(*start, *options))


def test_what_if_may_be_repeated_and_may_change_nothing() -> None:
    text = run(*MAIN, "--what-if", "emd=true", "--what-if", "egfr=24").stdout
    assert text.count("What if") == 2
    assert "What if egfr=24: nothing changes" in text


def test_what_if_as_json_stands_beside_the_answer() -> None:
    answer = document(*MAIN, "--what-if", "egfr=60")
    (change,) = answer["what_if"]
    assert change["change"] == {"egfr": "60"}
    dcep = next(each for each in change["regimens"] if each["id"] == "DCEP")
    assert (dcep["from"], dcep["to"]) == ("excluded", "conditional")
    assert dcep["because"]
    assert one_line(run(*MAIN, "--what-if", "egfr=60", "--format", "csv"))


def test_equal_answers_do_not_differ(ask: Ask) -> None:
    assert differences(ask(refractory="lena"), ask(refractory="Revlimid")) == ()


def test_changed_verdicts_come_first(ask: Ask) -> None:
    found = differences(ask(refractory="lena"), ask(refractory="lena,bort", age=80))
    same = [each.before == each.after for each in found]
    assert same == sorted(same)
    assert not all(same)


def test_compare_puts_regimens_side_by_side() -> None:
    text = run("compare", "isakd", "DKd", "PVd", "--refractory", "lena", "--width", "120").stdout
    for words in ("IsaKd", "DaraKd", "PVd", "Verdict", "Evidence", "Schedule"):
        assert words in text
    answer = document("compare", "PVd", "Kd", "--refractory", "lena")
    assert [each["id"] for each in answer["regimens"]] == ["PVd", "Kd"]
    twice = document("compare", "PVd", "pvd", "--refractory", "lena")
    assert [each["id"] for each in twice["regimens"]] == ["PVd"]
    assert "PVdd" in one_line(run("compare", "PVdd", "--refractory", "lena"))


def flipped(answer: Answer, regimen: str) -> tuple[Counterfactual, ...]:
    (found,) = (each for each in answer.regimens if each.regimen.id == regimen)
    return counterfactuals(found, answer)


def test_a_missing_answer_is_a_flip_to_find_out(ask: Ask) -> None:
    answer = ask(refractory="lena")
    found = {(f.field, f.change, f.verdict, f.kind) for f in flipped(answer, "VenDex")}
    marker = "cytogenetics.t(11;14)"
    assert (marker, "found", "eligible", "to find out") in found
    assert (marker, "absent", "excluded", "to find out") in found


def test_an_unnamed_pi_flips_by_its_name(ask: Ask) -> None:
    found = {(f.change, f.verdict) for f in flipped(ask(refractory="lena,pi"), "Kd")}
    assert ("it is carfilzomib", "excluded") in found
    assert ("it is bortezomib", "eligible") in found


def test_the_nearest_value_of_a_stated_fact_is_shown_as_one(ask: Ask) -> None:
    answer = ask(refractory="lena", egfr=25, ecog=0, frailty="fit")
    (found,) = (f for f in flipped(answer, "DCEP") if f.field == "egfr")
    assert found == Counterfactual("egfr", "40", "eligible", "a fact about the patient")


def test_explain_sets_the_patients_value_beside_the_threshold() -> None:
    text = " ".join(run("explain", "DCEP", "--refractory", "lena", "--egfr", "25").stdout.split())
    assert "below 40 mL/min: dosing tables avoid cisplatin (patient: eGFR 25)" in text
    assert "Would be conditional if: eGFR is 40 (stated otherwise)" in text


def test_a_treatment_record_gives_the_history_with_its_rules(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(
        "treatments:\n"
        '  - {drugs: Rd, start: "2018-07-01", stop: "2020-07-01", response: PR,'
        " stopped_for: progression}\n",
        encoding="utf-8",
    )
    answer = document("recommend", "--patient", str(file))
    assert answer["patient"]["given"] == {}
    derived = answer["patient"]["derived"]
    assert derived["refractory"] == ["lenalidomide"]
    assert derived["prior_lines_at_least"] == 1
    refractory = [r for r in derived["record"] if r["what"] == "refractory lenalidomide"]
    assert refractory == [
        {"what": "refractory lenalidomide", "course": 1, "rule": "stopped for progression"}
    ]
    explained = run("explain", "Kd", "--patient", str(file)).stdout
    assert "(course 1: stopped for progression)" in " ".join(explained.split())
    changed = document("recommend", "--patient", str(file), "--what-if", "refractory=lena,carf")
    assert {each["id"] for each in changed["what_if"][0]["regimens"]} >= {"Kd", "DaraKd"}
    assert "disagrees" in one_line(run("recommend", "--patient", str(file), "--lines", "4"))


@pytest.mark.parametrize(("day", "refused"), [("2020-06-30", True), ("2020-07-01", False)])
def test_a_record_may_not_know_more_than_the_day_asked(
    tmp_path: Path, day: str, refused: bool
) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(
        'treatments:\n  - {drugs: Rd, start: "2018-07-01", progression: "2020-07-01"}\n',
        encoding="utf-8",
    )
    result = run("recommend", "--patient", str(file), "--as-of", day)
    assert result.exit_code == (2 if refused else 0)
    assert ("course 1: lies after the day asked for" in result.stderr) is refused


def test_about_says_whom_it_is_for_what_it_rests_on_and_its_limits() -> None:
    text = " ".join(run("about").stdout.split())
    for words in ("not CE-marked", "cord compression", "Logic", "Data relied on", "Privacy"):
        assert words in text


FORMULARY = """\
formulary: Test hospital 2026
drugs:
  Kyprolis: {stock: not-stocked, note: ask oncology pharmacy}
regimens:
  isapd: {stock: needs-approval}
  Pd: {stock: note, note: given on Tuesdays}
"""


@pytest.fixture
def formulary(tmp_path: Path) -> Path:
    path = tmp_path / "formulary.yaml"
    path.write_text(FORMULARY, encoding="utf-8")
    return path


def test_a_formulary_restricts_and_annotates_and_never_edits_silently(formulary: Path) -> None:
    plain = {each["id"]: each for each in document("recommend", "--refractory", "lena")["regimens"]}
    args = ("recommend", "--refractory", "lena", "--formulary", str(formulary))
    answer = document(*args)
    local = {each["id"]: each for each in answer["regimens"]}
    assert answer["formulary"]["name"] == "Test hospital 2026"
    assert (plain["Kd"]["verdict"], local["Kd"]["verdict"]) == ("eligible", "excluded")
    for name, effect in (("Kd", "excludes"), ("IsaPd", "cautions"), ("Pd", "notes")):
        said = [f for f in local[name]["findings"] if f["criterion"].startswith("formulary-")]
        assert [(f["effect"], f["status"]) for f in said] == [(effect, "met")]
        assert "Test hospital 2026" in said[0]["because"]
    untouched = [name for name in plain if name not in ("IsaPd", "Pd") and "K" not in name]
    assert {n: plain[n]["verdict"] for n in untouched} == {
        n: local[n]["verdict"] for n in untouched
    }
    for form in ("table", "csv", "markdown"):
        assert "Test hospital 2026" in run(*args, "--format", form).stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("drugs: {}", "must hold formulary"),
        ("formulary: x\nwards: {}", "must hold formulary"),
        ("formulary: x\ndrugs:\n  aspirin: {stock: note}", "f.yaml:3: aspirin: not a drug"),
        ("formulary: x\ndrugs:\n  pi: {stock: note}", "must be one drug"),
        ("formulary: x\nregimens:\n  IsaPdd: {stock: note}", "nearest: IsaPd"),
        ("formulary: x\nregimens:\n  IsaPd: {stock: gone}", "f.yaml:3: IsaPd: needs stock"),
        ("formulary: x\ndrugs: [a]", "f.yaml:2: drugs: must be a mapping"),
        (
            "formulary: x\ndrugs:\n  carf: {stock: note}\n  Kyprolis: {stock: not-stocked}",
            "f.yaml:4: Kyprolis: carfilzomib is written twice",
        ),
        ("formulary: [", "not YAML"),
    ],
)
def test_a_broken_formulary_is_refused_with_its_line(
    catalogue: Catalogue, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormularyError, match=said):
        load_formulary(path, catalogue)
    assert one_line(run("recommend", "--refractory", "lena", "--formulary", str(path)))
