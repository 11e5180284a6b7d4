"""One row of a file of results, spelled out; what is missing or wrong is said in one line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

from lenrx.batch.files import legend_of
from lenrx.batch.shown import asked, shown, spelled
from lenrx.catalogue.loading import Catalogue, load
from lenrx.patient.patient import PatientError
from tests.batch.answers import Answers, Data

FULL: Final = Answers(load())


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return FULL.write(tmp_path / "results.ndjson")


def refused(results: Path, row: int = 1) -> PatientError:
    with pytest.raises(PatientError) as caught:
        shown(results, row)
    return caught.value


def test_a_row_is_shown_with_regimens_and_questions_in_words(results: Path) -> None:
    found, row = shown(results, 3), FULL.rows[2]
    assert (found["row"], found["id"], found["state"]) == (3, "C", "triple-class-refractory")
    assert found["regimens"] == spelled(row, FULL.legend)
    assert found["questions"] == asked(row)
    names = ("region", "as_of", "given", "derived", "readings", "warnings")
    assert all(found[name] == row[name] for name in names)


def test_an_error_record_is_shown_as_it_is_without_a_legend_too(results: Path) -> None:
    assert shown(results, 5) == FULL.rows[4]
    legend_of(results).unlink()
    assert shown(results, 5) == FULL.rows[4]


def test_a_row_that_is_not_there_is_said(results: Path) -> None:
    assert str(refused(results, 10)) == "results.ndjson: has no row 10"
    assert str(refused(results, 0)) == "results.ndjson: has no row 0"


def test_a_legend_that_is_missing_is_said(results: Path) -> None:
    legend_of(results).unlink()
    error = refused(results)
    assert error.field == "results.legend.json"
    assert error.problem == "is not there; it belongs beside the results"


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", "5", '"text"', '{"together":5}', "null", "[" * 100_000]
)
def test_what_is_no_legend_is_said(results: Path, text: str) -> None:
    legend_of(results).write_text(text)
    assert str(refused(results)) == "results.legend.json: is no legend of results"


def test_the_legend_of_another_catalogue_is_said(results: Path) -> None:
    legend = deepcopy(FULL.legend)
    del legend["regimens"]["Pd"]
    legend_of(results).write_text(json.dumps(legend))
    error = refused(results, 2)
    assert error.field == "row 2"
    assert error.problem == "the legend is of another catalogue: it lacks 'Pd'"


def test_a_brief_row_has_no_findings_and_that_is_said(tmp_path: Path, catalogue: Catalogue) -> None:
    brief = Answers(catalogue, plan={"detail": "brief"}).write(tmp_path / "brief.ndjson")
    assert "written with --detail brief" in refused(brief).problem


@pytest.mark.parametrize(
    "text", ["id,age\nA,60\n", "[]\n", "{}\n", "\n", '{"schema":"lenrx/review/1","row":1}\n']
)
def test_what_are_no_results_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "results.ndjson"
    path.write_text(text)
    assert str(refused(path)) == "results.ndjson: not results of `lenrx batch` as NDJSON"


OTHERS: Final[tuple[Any, ...]] = (None, True, 5, "", "Pd", [], {}, [["x"]], {"x": 5})


def others(whole: Data) -> Iterator[Data]:
    """A mapping without one of its members, or with another value in its place."""
    for name in whole:
        yield {key: value for key, value in whole.items() if key != name}
        yield from ({**whole, name: other} for other in OTHERS)


def told(results: Path) -> str:
    """What is said of a row that is refused; nothing where what is left can be shown."""
    try:
        assert shown(results, 2)["row"] == 2
    except PatientError as error:
        assert len(str(error).splitlines()) == 1
        return error.problem
    return ""


def test_a_damaged_row_is_refused_in_one_line_that_blames_no_legend(results: Path) -> None:
    said = Counter[str]()
    for row in others(FULL.rows[1]):
        results.write_text(json.dumps(row) + "\n")
        said[told(results)] += 1
    assert said["is damaged: not as `lenrx batch` writes it"] > 80
    assert {*said} <= {
        *("", "is damaged: not as `lenrx batch` writes it", "has no row 2"),
        "not results of `lenrx batch` as NDJSON",
        "the row has no findings: an error record, or written with --detail brief",
    }


@pytest.mark.parametrize("member", ["", "regimens", "criteria"])
def test_a_damaged_legend_is_refused_in_one_line(results: Path, member: str) -> None:
    """As a whole, in one regimen, in one criterion; some members are not looked at."""
    whole, said = FULL.legend, Counter[str]()
    name = {"regimens": "Pd", "criteria": "refractory-bortezomib"}.get(member)
    for damaged in others(whole[member][name] if name else whole):
        legend = {**whole, member: {**whole[member], name: damaged}} if name else damaged
        legend_of(results).write_text(json.dumps(legend))
        said[told(results).partition(":")[0]] += 1
    assert {*said} <= {"", "is no legend of results", "the legend is of another catalogue"}
    assert len(said) > 1
