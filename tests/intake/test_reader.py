"""Patients from rows: what was read once is not read again, and cells that share a field unite."""

from __future__ import annotations

from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.intake import reader as module
from lenrx.intake.cells import CellReading, read_cell
from lenrx.intake.columns.column import Column
from lenrx.intake.reader import LONG_CELL, RowReader
from lenrx.intake.rows import Problem, plain_id
from lenrx.patient.patient import Patient


@pytest.fixture
def reader(catalogue: Catalogue) -> RowReader:
    return RowReader(catalogue)


def patient(reader: RowReader, row: dict[str, Any]) -> Patient:
    found, _, problems, _ = reader.read(row)
    assert problems == ()
    assert found is not None
    return found


def problems(reader: RowReader, row: dict[str, Any]) -> list[Problem]:
    found, _, wrong, _ = reader.read(row)
    assert found is None
    return [*wrong]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the reader of cells is asked."""
    found: list[Any] = []

    def noted(field: str, value: Any, among: Catalogue) -> CellReading:
        found.append(value)
        return read_cell(field, value, among)

    monkeypatch.setattr(module, "read_cell", noted)
    return found


def test_a_cell_is_read_once_and_a_long_one_each_time(
    catalogue: Catalogue, asked: list[Any]
) -> None:
    reader, short = RowReader(catalogue), "lena ?; btz"
    long = short + " " * LONG_CELL
    for cell in (short, long) * 2:
        assert patient(reader, {"refractory": cell}).refractory == ("bortezomib",)
    assert [cell for cell in asked if "?; btz" in cell] == [short, long, long]


def test_a_column_that_has_had_too_many_cells_begins_anew(
    catalogue: Catalogue, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_CELLS", 2)
    reader = RowReader(catalogue)
    for age in ("60", "61", "62", "60"):
        assert patient(reader, {"age": age}).age == float(age)
    assert asked == ["60", "61", "62", "60"]


def test_true_is_not_one_and_one_is_not_its_text(reader: RowReader) -> None:
    assert patient(reader, {"prior_lines": 1}).prior_lines == 1
    assert problems(reader, {"prior_lines": True})[0].field == "prior_lines"
    assert patient(reader, {"prior_lines": 1.0}).prior_lines == 1
    assert patient(reader, {"emd": True}).emd is True
    assert patient(reader, {"emd": 1}).emd is True
    assert patient(reader, {"emd": "no"}).emd is False


def test_a_list_is_read_as_its_text_and_told_from_a_tuple_of_one(reader: RowReader) -> None:
    drugs = ("bortezomib", "lenalidomide")
    assert patient(reader, {"refractory": ["lena", "btz"]}).refractory == drugs
    assert patient(reader, {"refractory": "lena; btz"}).refractory == drugs
    assert problems(reader, {"refractory": [["lena"]]})[0].reason.startswith("must be text")
    assert problems(reader, {"refractory": {"lena": 1}})[0].reason.startswith("must be text")


@pytest.mark.parametrize("cell", ["", None, "n/a", "unknown", "?", "  "])
def test_what_is_not_stated_is_left_out(reader: RowReader, cell: Any) -> None:
    found = patient(reader, {"egfr": cell, "id": cell, "refractory": "lena"})
    assert (found.egfr, found.id) == (None, None)


def test_every_cell_that_cannot_be_read_is_told_in_order(reader: RowReader) -> None:
    row = {"egfr": "see letter", "age": "60", "ecog": "7", "refractory": "lena; stud drug"}
    wrong = problems(reader, row)
    assert [(each.field, each.code) for each in wrong] == [
        (field, "unreadable") for field in ("egfr", "ecog", "refractory")
    ]
    assert all("letter" not in each.reason and "stud" not in each.reason for each in wrong)
    assert problems(reader, row) == wrong


def test_cells_that_speak_of_one_field_unite_where_it_is_a_list(reader: RowReader) -> None:
    found = patient(
        reader,
        {"refractory": "lena; bort ?", "exposed": "VRd + ASCT", "comorbidities": "copd"},
    )
    assert found.exposed is not None
    assert {*found.exposed} == {"bortezomib", "lenalidomide", "dexamethasone"}
    assert found.unsure == ("bortezomib",)
    assert found.prior_transplant is True
    assert found.expanded == (("exposed", "VRd"),)


def test_two_cells_that_state_one_field_in_two_ways_are_a_problem(reader: RowReader) -> None:
    row = {"exposed": "bort + ASCT", "prior_transplant": "no"}
    (wrong,) = problems(reader, row)
    assert (wrong.field, wrong.code) == ("prior_transplant", "stated-twice")
    assert patient(reader, {**row, "prior_transplant": "yes"}).prior_transplant is True


def test_a_list_with_a_name_that_nobody_knows_is_not_complete(reader: RowReader) -> None:
    for row in (
        {"history": "complete", "exposed": "VRd; study drug"},
        {"exposed": "VRd; study drug", "history": "complete"},
    ):
        assert patient(reader, row).history == "partial"
    assert patient(reader, {"exposed": "VRd", "history": "complete"}).history == "complete"


def test_a_row_without_a_region_has_the_one_that_was_asked(catalogue: Catalogue) -> None:
    reader = RowReader(catalogue, "eu")
    assert patient(reader, {"age": "60"}).region == "eu"
    assert patient(reader, {"age": "60", "region": "USA"}).region == "us"


def test_a_field_may_have_another_name_and_a_field_that_is_none_is_a_problem(
    reader: RowReader,
) -> None:
    assert patient(reader, {"Prior-Lines": "2", "lines": "2"}).prior_lines == 2
    (wrong,) = problems(reader, {"egrf": 1})
    assert (wrong.code, wrong.reason) == ("unknown-field", "unknown field; did you mean egfr?")


def test_how_a_cell_was_read_is_said_with_its_field_each_time(reader: RowReader) -> None:
    row = {"egfr": "<15 (HD)", "refractory": "Revlimid, Velcade"}
    said = reader.read(row)[1]
    assert [field for field, _ in said] == ["egfr", "refractory"]
    assert said[1][1] == "read 'Revlimid, Velcade' as bortezomib, lenalidomide"
    assert reader.read(row)[1] == said


@pytest.mark.parametrize("field", ["id", Column("id", "Name")])
def test_an_id_has_a_thousand_letters_at_most(reader: RowReader, field: Any) -> None:
    assert patient(reader, {field: "x" * 1000}).id == "x" * 1000
    (wrong,) = problems(reader, {field: "x" * 1001})
    assert wrong == ("id", "must be 1,000 letters or fewer", "unreadable", None, 1)


def test_an_error_has_no_id_that_is_too_long() -> None:
    assert plain_id({"id": "x" * 1000}) == "x" * 1000
    assert plain_id({"id": "x" * 1001}) is None
