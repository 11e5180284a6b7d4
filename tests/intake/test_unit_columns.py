"""Units beside and beneath numbers, fields spelled twice, and codes for not known."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenrx.catalogue.fields import NUMERIC
from lenrx.catalogue.loading import Catalogue, load
from lenrx.catalogue.records import CatalogueError
from lenrx.curation.check_files import check_file
from lenrx.intake.columns.proposal import propose
from lenrx.intake.reader import RowReader
from lenrx.intake.tables.header import table
from lenrx.intake.tables.names import PLAIN
from lenrx.intake.unit_columns import unit_column, units_beneath

CATALOGUE = load()
MEASURED = [name for name, kind in NUMERIC.items() if not kind.whole and name != "age"]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("creatinine_unit", "creatinine"),
        ("Creatinine Units", "creatinine"),
        ("Einheit Kreatinin", None),
        ("Kreatinin Einheit", "creatinine"),
        ("unit of weight", "weight"),
        ("weightUnit", "weight"),
        ("unit", None),
        ("ecog_unit", None),
        ("hospital unit", None),
    ],
)
def test_a_column_of_units_by_its_name(header: str, field: str | None) -> None:
    found = unit_column(header)
    assert (found and found.field) == field


@given(st.sampled_from(MEASURED), st.sampled_from(("{}_unit", "{} units", "Units of {}")))
def test_a_unit_beside_a_number_is_that_of_the_number(field: str, name: str) -> None:
    for unit in NUMERIC[field].measures:
        if unit.instead:
            continue
        number = round(sum(NUMERIC[field].sure or (10, 60)) / 4 / unit.factor) or 1
        apart = RowReader(CATALOGUE).read({field: str(number), name.format(field): unit.name})
        behind = RowReader(CATALOGUE).read({field: f"{number} {unit.name}"})
        assert (apart.patient, apart.problems) == (behind.patient, behind.problems)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["", "mg/dL", "kg"], ["id", "creatinine (mg/dL)", "weight (kg)"]),
        (["units", "umol/L", ""], ["id", "creatinine (umol/L)", "weight"]),
        (["P1", "mg/dL", "kg"], None),
        (["", "1.2", "70"], None),
        (["", "", ""], None),
        (["", "yes", "kg"], None),
    ],
)
def test_a_row_of_units(row: list[str], said: list[str] | None) -> None:
    assert units_beneath(["id", "creatinine", "weight"], row) == said


def test_a_row_of_units_is_no_patient() -> None:
    rows = [["id", "refractory", "creatinine"], ["", "", "umol/L"], ["1", "len", "124"]]
    found = table(iter(rows), PLAIN, lambda: 0)
    assert found.header == ["id", "refractory", "creatinine (umol/L)"]
    assert [each for each in found.cells if isinstance(each, list)] == [rows[2]]
    assert "holds units" in found.said[0]


def test_a_column_of_units_is_not_ignored_in_a_proposal() -> None:
    text = propose(["refractory", "weight", "weight_unit"], [["len", "154", "lb"]], CATALOGUE)
    assert '# "weight_unit" is read as the unit of weight' in text and "ignore: []" in text


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"refractory": "len", "Refractory": "bort"}, "refractory"),
        ({"Refractory": ["len"], "REFRACTORY": ["bort"]}, "refractory"),
        ({"Refractory": "len", "refractory": "bort"}, "refractory"),
        ({"lines": 2, "prior_lines": 3}, "prior_lines"),
        ({"refractory": "len", "Refractory": "len"}, None),
        ({"refractory": "len", "Refractory": ""}, None),
    ],
)
def test_a_field_under_two_spellings(row: dict[str, object], problem: str | None) -> None:
    found = RowReader(CATALOGUE).read(row).problems
    assert [each.field for each in found] == ([problem] if problem else [])
    assert all("which differ" in each.reason for each in found)


@pytest.mark.parametrize(("field", "cell"), [("egfr", "999"), ("lvef", "-9"), ("ecog", "9")])
def test_a_code_for_not_known_is_hinted_at(field: str, cell: str) -> None:
    (found,) = RowReader(CATALOGUE).read({field: cell}).problems
    assert f"missing: [{cell}]" in found.reason


def test_other_numbers_out_of_bounds_have_no_such_hint(catalogue: Catalogue) -> None:
    (found,) = RowReader(catalogue).read({"egfr": "998.5"}).problems
    assert "missing" not in found.reason


@pytest.mark.parametrize("text", ["", "\n\n", "id,refractory\n"])
def test_check_of_an_empty_table_is_no_clean_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"is empty|no row of a patient"):
        check_file(path)


def test_check_reads_a_workbook_and_a_table_of_courses(tmp_path: Path) -> None:
    book = Path(__file__).parent / "field" / "18-excel-workbook.xlsx"
    assert check_file(book)[1] == "0 problems; cohort of 1 row"
    path = tmp_path / "courses.csv"
    path.write_text("id,drugs,start\nA,Rd,2020-01-01\nA,xyz1,2021-01-01\n", encoding="utf-8")
    _, said = check_file(path, courses=True)
    assert "table of courses" in said
