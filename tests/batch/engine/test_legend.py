"""The legend: what every id in a result stands for; with another one, or none, that is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from lenrx.batch.engine.legend import SCHEMA
from lenrx.batch.members import bears
from lenrx.batch.plan import Plan
from lenrx.batch.shown import LegendError, asked, spelled
from lenrx.batch.worker import Worker
from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import parse_patient
from lenrx.rules.answer import leaves_open
from lenrx.rules.assessment import assess
from lenrx.rules.filters import FILTERS
from tests.batch.engine.oracle import TODAY, UNSAID, Asking, Data

ROW: Final = {"id": "A", "refractory": "lena; bort", "egfr": "25", "region": "us", "lvef": "38"}


@pytest.fixture(scope="module")
def row(asking: Asking) -> Data:
    found: Data = json.loads(asking.line(ROW))
    return found


@pytest.fixture
def legend(asking: Asking) -> Data:
    """A legend that a test may spoil."""
    found: Data = json.loads(json.dumps(asking.legend))
    return found


def test_every_criterion_that_may_bear_on_an_answer_is_in_the_legend(
    catalogue: Catalogue, legend: Data
) -> None:
    """Text, source and effect; asked of those of whom all, nothing or little is known."""
    statements: tuple[dict[str, Any], ...] = (
        {"history": "partial"},
        {"refractory": [*catalogue.drugs], "intolerant": [*catalogue.drugs]},
        {"refractory": "none", "as_of": "2015-01-01"},
        {"refractory": "lena", "region": "eu", "dialysis": True, "lvef": 20, "hepatic": "severe"},
    )
    found = 0
    for fields in statements:
        answer = assess(catalogue, parse_patient(fields, catalogue), as_of=TODAY, strict=True)
        for each in answer.regimens:
            known = dict(legend["regimens"][each.regimen.id]["criteria"])
            for one in each.findings:
                if bears(one, leaves_open(one, strict=True)):
                    found += 1
                    said = legend["criteria"][one.criterion][known[one.criterion]]
                    assert said["filter"] == one.filter
                    if one.criterion not in UNSAID:
                        assert said["because"] == one.because
                        assert said["sources"] == list(one.sources)
                        assert {*said["sources"]} <= {*legend["sources"]}
    assert found > 1_000


def test_what_applies_together_is_said_by_the_first(row: Data, legend: Data) -> None:
    together = legend["together"]
    assert together["carfilzomib-lvef"][:2] == ["candor-lvef", "ikema-lvef"]
    others = [name for names in together.values() for name in names]
    assert len(others) == len({*others}) > 250
    assert {*others}.isdisjoint({*together, *row["applies"]})
    always = {name for each in legend["regimens"].values() for name in each["always"]["us"]}
    assert "talquetamab-rems" in always
    assert always.isdisjoint({*together, *others, *row["applies"]})


def test_every_id_of_a_result_stands_in_the_legend(row: Data, legend: Data) -> None:
    by_criterion = {**row["excluded_by"], **row["unclear"]}
    assert {*by_criterion, *row["applies"], *row["confirm"]} <= {*legend["criteria"]}
    assert {*row["exact"], *row["broader"]} <= {*legend["groups"]}
    regimens = [*row["eligible"], *row["conditional"], *row["excluded"]]
    assert sorted(regimens) == sorted(legend["regimens"])
    assert {name for names in by_criterion.values() for name in names} <= {*regimens}
    for list_ in (row["applies"], row["confirm"], row["exact"], row["broader"]):
        assert list_
        assert len(list_) == len({*list_})


def test_a_legend_says_what_it_is_of_and_how_it_was_asked(catalogue: Catalogue) -> None:
    how = {"as_of": TODAY, "strict": True, "region": "eu"}
    found = Worker(Plan("", "csv", tuple(how.items())), catalogue).legend()
    assert found["schema"] == SCHEMA == "lenrx/legend/2"
    assert found["catalogue"] == {"version": catalogue.version, "sha256": catalogue.sha256}
    assert found["options"] == how


def test_the_criteria_of_a_regimen_stand_in_the_order_of_the_filters(legend: Data) -> None:
    order = [apply.__name__ for apply in FILTERS]
    names = ["resistance", "indication", "biology", "organs", "interactions"]
    names += ["sequencing", "availability"]
    assert order[:2] == names[:2]
    for known in legend["regimens"].values():
        filters = [
            names.index(legend["criteria"][criterion][effect]["filter"])
            for criterion, effect in known["criteria"]
        ]
        assert filters == sorted(filters)


def test_a_criterion_says_by_role_whether_it_excludes_or_warns(legend: Data) -> None:
    """Bortezomib is only one of many drugs in VdT-PACE, and a partner in PVd."""
    effects = {
        name: dict(legend["regimens"][name]["criteria"])["refractory-bortezomib"]
        for name in ("PVd", "VdT-PACE")
    }
    assert effects == {"PVd": "excludes", "VdT-PACE": "cautions"}
    said = legend["criteria"]["refractory-bortezomib"]
    assert "relies on" in said["excludes"]["because"]
    assert "all the same" in said["cautions"]["because"]


def test_a_formulary_is_in_the_legend(catalogue: Catalogue, formulary: Path) -> None:
    found = Asking(catalogue, formulary=formulary)
    said = found.legend["criteria"]["formulary-carfilzomib"]["excludes"]
    assert said["because"] == "formulary here: carfilzomib: not stocked"
    row = json.loads(found.line(ROW))
    assert "Kd" in row["excluded_by"]["formulary-carfilzomib"]
    assert "formulary-DaraPd" in row["applies"]


def test_an_error_record_and_a_brief_row_have_no_findings_and_that_is_said(
    asking: Asking, catalogue: Catalogue, legend: Data
) -> None:
    error = json.loads(asking.line({"refractory": "lena", "prior_lines": "0"}))
    brief = Worker(Plan("", "csv", (("as_of", TODAY),), detail="brief"), catalogue)
    (result,) = brief.results([ROW])
    for row in (error, json.loads(brief.text(result)), {}, {"schema": "lenrx/review/1"}):
        with pytest.raises(LegendError) as caught:
            spelled(row, legend)
        assert str(caught.value) == (
            "the row has no findings: an error record, or written with --detail brief"
        )


def test_the_legend_of_another_catalogue_says_what_it_lacks(row: Data, legend: Data) -> None:
    del legend["regimens"]["Pd"]
    with pytest.raises(LegendError, match=r"of another catalogue: it lacks 'Pd'"):
        spelled(row, legend)


@pytest.mark.parametrize("member", ["regimens", "criteria", "limits", "together"])
def test_a_legend_without_one_of_its_members_is_told(row: Data, legend: Data, member: str) -> None:
    del legend[member]
    with pytest.raises(LegendError, match=f"of another catalogue: it lacks '{member}'"):
        spelled(row, legend)


def test_a_legend_that_lacks_a_criterion_is_told(row: Data, legend: Data) -> None:
    del legend["criteria"]["refractory-bortezomib"]
    with pytest.raises(LegendError, match="it lacks 'refractory-bortezomib'"):
        spelled(row, legend)


def test_a_label_is_spelled_with_the_clauses_of_its_region_and_day(asking: Asking) -> None:
    """DaraPd: FDA 2017-06-16, EMA 2021; whatever else, a later clause is not named before."""

    def clauses(**fields: str) -> set[str]:
        line = json.loads(asking.line({"refractory": "bort; lena", **fields}))
        each = next(one for one in spelled(line, asking.legend) if one["id"] == "ide-cel")
        found = [one for one in each["findings"] if one["criterion"] == "label"]
        return {part[:2] for one in found for part in one["because"].split("(", 1)[-1].split("; ")}

    assert clauses(region="eu", prior_lines="1") == {"eu"}
    assert clauses(region="us", prior_lines="1") == {"us"}
    assert clauses(prior_lines="1") == {"us", "eu"}


def test_questions_are_asked_in_order_and_in_words(asking: Asking) -> None:
    line = json.loads(asking.line({"refractory": "lena; PI"}))
    found = asked(line)
    assert [each["field"] for each in found] == [*line["ask"]]
    (first,) = (each for each in found if each["field"] == "refractory.pi")
    assert first["question"] == "Which PI?"
    assert "Kd" in first["decides"]
    counts = [len(each["decides"]) for each in found]
    assert counts == sorted(counts, reverse=True)
