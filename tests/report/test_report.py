from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from lenrx import __version__
from lenrx.catalogue.formulary import load_formulary
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.patient.patient import parse_patient
from lenrx.report import as_csv, as_json, markdown, sinks
from lenrx.report.phrases import evidence_line, figures, serious_cautions, shown, state_line
from lenrx.rules.answer import Answer
from lenrx.rules.assessment import assess
from lenrx.rules.evidence import MATCHES
from tests.conftest import Ask

PATIENT: dict[str, Any] = {"refractory": "lena,pi", "egfr": 25, "id": "P-1"}
KEYS = [
    *("schema", "detail", "lenrx", "catalogue", "region", "as_of"),
    *("patient", "warnings", "open_questions", "regimens", "notice"),
]


@pytest.fixture
def answer(ask: Ask) -> Answer:
    return ask(**PATIENT)


@pytest.fixture
def document(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_json.render(answer))
    return found


def test_json_opens_with_schema_versions_place_and_date(document: dict[str, Any]) -> None:
    assert list(document) == KEYS
    assert document["schema"] == "lenrx/recommendation/2"
    assert document["lenrx"] == __version__
    assert set(document["catalogue"]) == {"version", "sha256"}
    assert (document["region"], document["as_of"]) == (None, "2026-11-23")
    assert "not replace clinical judgement" in document["notice"]


def test_json_echoes_the_patient_and_what_follows(document: dict[str, Any]) -> None:
    assert document["patient"]["given"] == {
        "id": "P-1",
        "refractory": ["PI", "lenalidomide"],
        "egfr": 25.0,
    }
    derived = document["patient"]["derived"]
    assert derived["unresolved"] == ["pi"]
    assert derived["refractory_classes"] == ["IMiD", "PI"]
    assert derived["state"] == "double-refractory"
    assert derived["prior_lines_at_least"] == 1


def test_json_holds_the_whole_catalogue(document: dict[str, Any], answer: Answer) -> None:
    assert {each["id"] for each in document["regimens"]} == set(answer.catalogue.regimens)
    for each in document["regimens"]:
        assert each["verdict"] in VERDICTS
        assert set(each["approval"]) == {"us", "eu"}
        assert each["rank_because"][0] == each["verdict"]


def test_every_finding_and_row_has_the_contracts_keys(document: dict[str, Any]) -> None:
    finding = {"filter", "criterion", "effect", "status", "because", "needs", "sources"}
    row = {"trial", "population", "match", "endpoint", "value", "comparator_value", "hr"}
    row |= {"ci95", "n", "source", "verified"}
    for each in document["regimens"]:
        assert all(finding <= set(one) for one in each["findings"])
        assert all(row <= set(one) for one in each["evidence"])
        assert all(one["match"] in MATCHES for one in each["evidence"])


def test_a_reason_never_holds_the_patients_value(ask: Ask) -> None:
    answer = ask(refractory="lena", egfr=23.7, lvef=41.3, platelets=61.9, age=66.6)
    said = " ".join(f.because for each in answer.regimens for f in each.findings)
    assert not any(value in said for value in ("23.7", "41.3", "61.9", "66.6"))


def test_every_finding_that_is_not_bookkeeping_has_a_source(answer: Answer) -> None:
    computed = ("refractory-", "exposed-", "intolerant-", "label", "authorised", "relapse")
    for each in answer.regimens:
        for finding in each.findings:
            own = finding.criterion.startswith(computed) or "class" in finding.criterion
            assert finding.sources or own, (each.regimen.id, finding.criterion)


def test_questions_are_sorted_by_what_they_settle(document: dict[str, Any]) -> None:
    first = document["open_questions"][0]
    assert first["field"] == "refractory.pi"
    assert first["question"] == "Which PI?"
    sizes = [len(each["decides"]) for each in document["open_questions"]]
    assert sizes == sorted(sizes, reverse=True)


def test_csv_has_one_row_per_regimen_and_no_formulas(answer: Answer) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv.render(answer))))
    assert [row["id"] for row in rows] == [each.regimen.id for each in answer.regimens]
    assert [row["verdict"] for row in rows] == [each.verdict for each in answer.regimens]
    assert all(value[:1] not in "=+-@" for row in rows for value in row.values() if value)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_a_formula_is_neutralised(cell: str) -> None:
    assert sinks.in_csv(cell) == f"'{cell}".replace("\t", "?")
    assert sinks.in_csv("IsaPd") == "IsaPd"


def test_markdown_names_every_regimen_and_the_first_question(answer: Answer) -> None:
    text = markdown.render(answer)
    for each in answer.regimens:
        assert each.regimen.id in text
    assert "Ask first: Which PI?" in text
    assert text.startswith("**P-1: Refractory to lenalidomide and an unnamed PI")
    assert "eGFR 25 mL/min/1.73 m2" in text


def test_markdown_says_each_remark_and_each_source_once(ask: Ask) -> None:
    text = markdown.render(ask(refractory="lena,bort", prior_lines=2, egfr=25, region="eu"))
    said = [line for line in text.splitlines() if line.startswith("- ")]
    assert len(said) == len(set(said))
    listed = text.partition("### Sources")[2].partition("### Method")[0]
    sources = re.split(r";? ?\[\d+\] ", listed.strip())[1:]
    assert len(sources) == len(set(sources)) == int(re.findall(r"\[(\d+)\]", listed)[-1]) > 3
    assert "us " not in text.partition("### Not open")[0].partition("### Open")[0]


@pytest.mark.parametrize(
    "fields",
    [
        {"refractory": "lena,pi", "egfr": 25},
        {"refractory": "lena,bort,dara", "prior_lines": 3, "region": "us"},
        {"refractory": "lena", "exposed": "bort", "prior_lines": 1, "emd": "true", "region": "eu"},
    ],
)
def test_markdown_is_a_note_with_patient_options_reasons_and_sources(
    ask: Ask, fields: dict[str, Any]
) -> None:
    answer = ask(**fields)
    text = markdown.render(answer)
    assert 50 <= len(text.splitlines()) <= 90
    for part in ("### Open on label", "### To arrange", "### Not open", "### Sources"):
        assert part in text
    for each in answer.with_verdict("eligible"):
        assert all(words in text for words in serious_cautions(each))


ORDER = (
    "To find out first",
    "Open on label",
    "Open off label",
    "Cannot be said yet",
    "Not open",
    "To confirm before starting",
    "To arrange",
    "Sources",
    "Method",
)
"""The order of the page of `lenrx report`."""


def test_markdown_has_the_order_of_the_page(ask: Ask) -> None:
    fields = {"refractory": "lena,pi", "egfr": 25, "medications": ["omeprazole"], "region": "eu"}
    text = markdown.render(ask(**fields))
    heads = [line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")]
    assert heads[0] == "Warnings"
    for head, wanted in zip(heads[1:], ORDER, strict=True):
        assert head.startswith(wanted)


def test_markdown_says_of_each_conditional_regimen_what_it_waits_for(ask: Ask) -> None:
    answer = ask(refractory="lena", prior_lines=1, region="eu")
    text = markdown.render(answer).partition("### Cannot be said yet: ")[2]
    count, lines = text.partition("### Not open")[0].split(maxsplit=1)
    waiting = answer.with_verdict("conditional")
    assert int(count) == len(waiting)
    for each in waiting:
        assert lines.count(f" {each.regimen.id}") >= 1
    assert "- needs t(11;14) on FISH: VenDex, VenVd" in lines
    assert "-v" not in markdown.render(answer).split()


def test_what_is_said_here_and_what_is_serious_stands_in_every_form(
    ask: Ask, tmp_path: Path, catalogue: Catalogue
) -> None:
    file = tmp_path / "here.yaml"
    file.write_text("formulary: Here\nregimens:\n  Pd: {stock: note, note: by the day unit}\n")
    patient = parse_patient({"refractory": "lena", "lvef": 35}, catalogue)
    local = load_formulary(file, catalogue)
    answer = assess(catalogue, patient, formulary=local)
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(as_csv.render(answer)))}
    assert "by the day unit" in rows["Pd"]["formulary_note"]
    assert list(rows["Pd"])[-4:-1] == ["serious_cautions", "arranges", "formulary_note"]
    assert "by the day unit" in markdown.render(answer)
    assert rows["Kd"]["formulary_note"] == ""


def test_the_state_is_said_in_words(ask: Ask) -> None:
    answer = ask(refractory="lena,bort", exposed="thal")
    assert state_line(answer) == (
        "Refractory to bortezomib and lenalidomide: double-refractory; also given: thalidomide; "
        "never given: anti-CD38."
    )


def test_toxicity_and_unnamed_drugs_are_in_the_state(ask: Ask) -> None:
    line = state_line(ask(refractory="lena", exposed="pi", intolerant="thal"))
    assert "also given: an unnamed PI" in line
    assert "stopped for toxicity: thalidomide" in line


def evidence(answer: Answer, regimen: str) -> list[Any]:
    (found,) = (each for each in answer.regimens if each.regimen.id == regimen)
    return list(found.evidence)


def test_the_fitting_population_comes_first_and_everyone_enrolled_is_broader(ask: Ask) -> None:
    rows = evidence(ask(refractory="lena"), "DaraVd")
    assert (rows[0].evidence.population, rows[0].match) == ("len-refractory", "exact")
    assert {row.match for row in rows if row.evidence.population == "ITT"} == {"broader"}


def test_an_exposed_population_is_broader_for_a_refractory_patient(ask: Ask) -> None:
    for refractory, match in (("lena", "broader"), ("", "exact")):
        rows = evidence(ask(refractory=refractory, exposed="lena"), "IsaPd")
        found = {row.match for row in rows if row.evidence.population == "len-exposed"}
        assert found == {match}


def test_a_patient_the_trial_excluded_is_told_so(ask: Ask) -> None:
    answer = ask(refractory="lena", crcl=15)
    rows = [row for row in evidence(answer, "DaraKd") if row.evidence.trial == "CANDOR"]
    assert all("candor-crcl" in row.limits for row in rows)
    assert "patients like this were excluded" in evidence_line(rows[0], answer.catalogue)
    inside = evidence(ask(refractory="lena", crcl=20), "DaraKd")
    assert not any("candor-crcl" in row.limits for row in inside)


def test_comparator_figures_are_seen_from_this_arm(ask: Ask) -> None:
    rows = [row for row in evidence(ask(refractory="lena"), "Kd") if row.comparator_arm_of]
    candor = next(
        row
        for row in rows
        if row.evidence.trial == "CANDOR"
        and (row.evidence.population, row.evidence.endpoint) == ("ITT", "median_pfs_months")
        and row.evidence.hr == "0.64"
    )
    assert figures(candor) == (
        "median PFS 15.2 v 28.4 months (DaraKd, this being the control arm), "
        "HR 0.64 (95 % CI 0.49-0.83) for DaraKd"
    )


def test_a_regimen_without_a_study_shows_none(ask: Ask) -> None:
    answer = ask(refractory="lena")
    found = answer["DaraMPV"]
    assert shown(found, answer).rows == ()
