"""Cells, columns, options and files of other medicines: all are read the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lenrx import Patient, assess
from lenrx.catalogue.loading import Catalogue
from lenrx.cli.inquiry import changes
from lenrx.intake.cells import CellError, CellReading, read_cell
from lenrx.intake.column_map import fields_of
from lenrx.intake.columns.column import field_of
from lenrx.intake.columns.map_file import read_map
from lenrx.intake.columns.proposal import propose
from lenrx.intake.reader import RowReader, read_patient

CELL = "Klacid\u00ae 500 mg 1-0-1; bisoprolol 2,5 mg\nJohanniskraut"
READ = ("bisoprolol", "clarithromycin", "st-johns-wort")


def test_a_cell_of_a_chart_is_read_and_said(catalogue: Catalogue) -> None:
    values, said = read_cell("medications", CELL, catalogue)
    assert dict(values) == {"medications": READ}
    assert said[0].endswith(f"as {', '.join(READ)}")
    assert read_cell("medications", "aspirin, warfarin", catalogue).said == ()


@pytest.mark.parametrize("cell", ["n.a.", "ND", "keine Angabe", "?", "unknown", ""])
def test_what_stands_for_nothing_is_no_medicine(catalogue: Catalogue, cell: str) -> None:
    assert read_cell("medications", cell, catalogue).values == ()


@pytest.mark.parametrize("cell", ["none", "keine", "ninguna", "no other medications"])
def test_none_is_a_list_without_medicines(catalogue: Catalogue, cell: str) -> None:
    assert dict(read_cell("medications", cell, catalogue).values) == {"medications": ()}


@pytest.mark.parametrize(
    "cell", ["no ciprofloxacin", "fluconazole stopped", "[ ] fluconazole", "warfarin (2019)"]
)
def test_a_denied_medicine_is_refused_without_its_name(catalogue: Catalogue, cell: str) -> None:
    with pytest.raises(CellError) as error:
        read_cell("medications", cell, catalogue)
    assert not any(name in str(error.value) for name in ("ciprofloxacin", "fluconazole"))


def test_a_denied_medicine_may_count_as_not_stated(catalogue: Catalogue) -> None:
    row = {"refractory": "lena", "medications": "no ciprofloxacin"}
    strict = RowReader(catalogue).read(row)
    assert strict.patient is None
    assert [each.field for each in strict.problems] == ["medications"]
    left = RowReader(catalogue, leave_unread=True).read(row)
    assert left.patient is not None
    assert left.patient.medications is None
    assert left.left == ("medications",)


def test_an_unmapped_medicine_loses_no_patient(catalogue: Catalogue) -> None:
    found = RowReader(catalogue).read({"refractory": "lena", "medications": "made-up 5 mg"})
    assert found.patient is not None
    assert found.patient.medications == ("made-up",)


@pytest.mark.parametrize(
    "header",
    [
        "medications",
        "Medikation",
        "Begleitmedikation",
        "concomitant medications",
        "con meds",
        "Medicaci\u00f3n concomitante",
        "Traitements concomitants",
        "Terapia concomitante",
    ],
)
def test_a_column_of_medicines_is_known_by_its_name(
    catalogue: Catalogue, tmp_path: Path, header: str
) -> None:
    headers, file = ["id", "refractory", header], tmp_path / "map.yaml"
    file.write_text(propose(headers, [["1", "lena", CELL]], catalogue), encoding="utf-8")
    found = fields_of(headers, read_map([str(file)]), ignore_other=False)
    assert [key and field_of(key) for key in found] == ["id", "refractory", "medications"]


def test_what_if_takes_a_list() -> None:
    asked = changes(["medications=clarithromycin,aspirin 100 mg"])
    assert asked == {"medications": ["clarithromycin", "aspirin 100 mg"]}


def test_unstated_medicines_take_one_line_of_the_first_screen_at_most() -> None:
    command = [sys.executable, "-m", "lenrx", "recommend", "--refractory", "lena", "--lines", "2"]
    shown = [
        subprocess.run([*command, *more], capture_output=True, text=True, check=True).stdout
        for more in ([], ["--medications", "none"])
    ]
    lines = [len(each.splitlines()) for each in shown]
    assert abs(lines[0] - lines[1]) <= 1
    assert "Check before start: other medicines" in " ".join(shown[0].split())


def _cli(*arguments: str, stdin: str = "") -> dict[str, Any]:
    command = [sys.executable, "-m", "lenrx", *arguments, "--format", "json"]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_option_file_and_library_read_the_same(catalogue: Catalogue, tmp_path: Path) -> None:
    option = _cli("recommend", "--refractory", "lena", "--medications", CELL)
    file = tmp_path / "patient.json"
    file.write_text(json.dumps({"refractory": ["lena"], "medications": [CELL]}), encoding="utf-8")
    from_file = _cli("recommend", "--patient", str(file))
    library = assess(catalogue, Patient(refractory=["lena"], medications=CELL))
    row, _ = read_patient({"refractory": "lena", "medications": CELL}, catalogue)
    assert option["patient"]["given"]["medications"] == list(READ)
    assert option["regimens"] == from_file["regimens"]
    assert library.state.patient.medications == row.medications == READ


@pytest.mark.parametrize("cell", ["|", "; ", ";\u200b", "|\n\u200b", "\u200b"])
def test_separators_alone_name_no_medicine(catalogue: Catalogue, cell: str) -> None:
    assert read_cell("medications", cell, catalogue) == CellReading(())
