"""The engine of a batch says of every row what `assess` says of it, to the last source."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any, Final

import pytest

from lenrx.batch.engine import criteria, facts
from lenrx.catalogue.loading import Catalogue
from lenrx.intake import reader
from lenrx.intake.cells import CellError, lists
from lenrx.intake.cells.units import doubted
from lenrx.patient.patient import PatientError, parse_patient
from lenrx.rules.assessment import assess
from tests.batch.engine.edges import CONTRADICTIONS, edge_rows, edges
from tests.batch.engine.oracle import TODAY, Asking, Row

BENCHMARKS: Final = Path(__file__).parents[3] / "benchmarks"
COHORT: Final = runpy.run_path(str(BENCHMARKS / "cohort.py"))["cohort"]
MARKED: Final = re.compile(r"\w (\?|yes|no|unknown|\(refractory\))(;|$)|\+ ASCT")
"""What charts write behind a drug, and the contract does not know."""
OPTIONS: Final[tuple[dict[str, Any], ...]] = (
    {"strict": True},
    {"on_label": True},
    {"strict": True, "on_label": True, "region": "us", "as_of": "2022-06-01"},
    {"region": "eu", "as_of": "2019-05-05"},
    {"region": "us", "as_of": "2012-01-01"},
    {"formulary": True},
    {"formulary": True, "strict": True, "on_label": True, "region": "eu"},
)


@pytest.fixture(scope="module")
def edge(catalogue: Catalogue) -> list[dict[str, str]]:
    return edge_rows(catalogue)


def cohort(rows: int, seed: int) -> list[dict[str, str]]:
    return list(COHORT(rows, seed=seed))


def differing(asking: Asking, rows: list[dict[str, str]]) -> list[Row]:
    return [row for row in rows if asking.told(row) != asking.expected(row)]


def answered(asking: Asking, rows: list[dict[str, str]]) -> int:
    return sum("errors" not in asking.told(row) for row in rows)


def test_messy_rows_are_answered_as_the_plain_engine_answers_them(asking: Asking) -> None:
    rows = cohort(150, seed=20261123)
    assert differing(asking, rows) == []
    assert 100 < answered(asking, rows) < len(rows)


def test_rows_at_every_edge_of_the_catalogue_are_answered_alike(
    asking: Asking, catalogue: Catalogue, edge: list[dict[str, str]]
) -> None:
    assert differing(asking, edge) == []
    for field, values in edges(catalogue).items():
        cells = {item for row in edge for item in row.get(field, "").split("; ")}
        assert {*values} <= cells, field
    assert answered(asking, edge) > 250


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_every_option_is_answered_alike(
    catalogue: Catalogue, edge: list[dict[str, str]], formulary: Path, options: dict[str, Any]
) -> None:
    how = {**options, "formulary": formulary} if "formulary" in options else options
    rows = [*edge[OPTIONS.index(options) : -30 : 12], *CONTRADICTIONS[:8], *cohort(15, seed=3)]
    asking = Asking(catalogue, **how)
    assert differing(asking, [{**row} for row in rows]) == []
    assert answered(asking, [{**row} for row in rows]) > 20


def verdicts(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["id"], each["verdict"]) for each in told["regimens"]]


def test_an_option_changes_what_is_said(catalogue: Catalogue, formulary: Path) -> None:
    """Else the test of options would hold for an engine that passes over them."""
    row = {"refractory": "lenalidomide", "prior_lines": "1"}
    plain = Asking(catalogue).told(row)
    for options in OPTIONS:
        how = {**options, "formulary": formulary} if "formulary" in options else options
        found = Asking(catalogue, **how).told(row)
        assert verdicts(found) != verdicts(plain), options


def sure(cell: tuple[str, str]) -> bool:
    """Whether a number says its unit by its size; a batch asks for that of others."""
    field, text = cell
    try:
        doubted(field, text)
    except CellError:
        return False
    return True


def test_what_is_in_the_words_of_the_contract_is_read_as_the_contract_has_it(
    asking: Asking, catalogue: Catalogue, edge: list[dict[str, str]]
) -> None:
    """The same field and reason as `parse_patient` and `assess` raise, or the same patient."""
    plain = [
        row
        for row in [*edge[:-30:2], *CONTRADICTIONS]
        if not MARKED.search("; ".join(row.values())) and all(map(sure, row.items()))
    ]
    refused = answers = 0
    for row in plain:
        found = json.loads(asking.line(row))
        try:
            answer = assess(catalogue, parse_patient(row, catalogue), as_of=TODAY)
        except PatientError as error:
            if "error" not in found:
                # What the contract refuses a chart may hold, and then it is said.
                assert found["readings"] or found["warnings"]
                continue
            refused += 1
            reasons = [
                each["reason"]
                for each in found.get("errors", [found["error"]])
                if each["field"] == error.field
            ]
            # The reader of regions says in its own words what to do.
            said = "must be us or eu" if error.field == "region" else error.problem
            assert any(said in reason for reason in reasons), (row, error)
        else:
            answers += 1
            given = answer.state.patient.given()
            beside = {name: given.pop(name, None) for name in ("id", "region", "as_of")}
            assert found["given"] == given
            assert found["as_of"] == (beside["as_of"] or TODAY)
            assert (found["id"], found["region"]) == (beside["id"], beside["region"])
    assert refused > 8
    assert answers > 50


def test_a_contradiction_is_an_error_each_time_that_it_is_met(asking: Asking) -> None:
    row = {"refractory": "bortezomib; carfilzomib; ixazomib", "prior_lines": "2"}
    other = {"refractory": "lenalidomide", "prior_lines": "2"}
    lines = asking.lines([row, other, row, other, row])
    assert ["error" in json.loads(line) for line in lines] == [True, False, True, False, True]
    assert lines[0] == lines[2] == lines[4]
    error = json.loads(lines[0])["error"]
    assert (error["field"], error["code"]) == ("prior_lines", "contradiction")
    assert "at least 3" in error["reason"]


def test_a_contradiction_that_is_met_again_holds_no_frames_of_rows_before(
    catalogue: Catalogue,
) -> None:
    table, depths = facts.FactTable(catalogue), set[int]()
    patient = parse_patient({"refractory": "lenalidomide", "prior_lines": 0}, catalogue)
    for _ in range(4):
        with pytest.raises(PatientError) as caught:
            table.of(patient, TODAY)
        depths.add(len(caught.traceback))
    assert len(depths) == 1


def some(edge: list[dict[str, str]]) -> list[dict[str, str]]:
    return [*edge[::7], *cohort(30, seed=5)]


def test_nothing_depends_on_the_rows_before(
    catalogue: Catalogue, edge: list[dict[str, str]]
) -> None:
    rows = some(edge)
    lines = Asking(catalogue).lines(rows)
    assert len({*lines}) > len(rows) - 10
    assert Asking(catalogue).lines(reversed(rows)) == lines[::-1]
    half = len(rows) // 2
    assert Asking(catalogue).lines(rows[half:]) == lines[half:]
    twice = Asking(catalogue)
    assert twice.lines([*rows, *rows]) == [*lines, *lines]


def test_nothing_depends_on_what_is_kept(
    catalogue: Catalogue, edge: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = some(edge)
    lines = Asking(catalogue).lines(rows)
    monkeypatch.setattr(facts.keep, "__defaults__", (3,))
    monkeypatch.setattr(criteria, "KEPT_FRAGMENTS", 3)
    monkeypatch.setattr(lists, "KEPT", 3)
    monkeypatch.setattr(reader, "KEPT_CELLS", 3)
    forgetful = Asking(catalogue)
    held = forgetful.worker._engine.criteria
    assert forgetful.lines(rows) == lines
    assert {len(bundle.known) for bundle in held.bundles} <= {0, 1, 2, 3}
    assert {len(one.known) for bundle in held.bundles for one in bundle.parts} <= {0, 1, 2, 3}
