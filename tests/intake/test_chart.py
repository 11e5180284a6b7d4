"""A chart of 60 made-up rows as reviewers type them, against what a careful reader takes."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from lenrx.catalogue.loading import load
from lenrx.intake.cells import CellError, read_cell
from lenrx.intake.column_map import fields_of
from lenrx.intake.columns.map_file import read_map
from lenrx.intake.delimited import fielded
from lenrx.intake.reader import Reading, RowReader
from lenrx.patient.patient import Patient

CHART: Final = Path(__file__).parent / "chart"
EXPECTED: Final[dict[int, dict[str, Any]]] = yaml.safe_load(
    (CHART / "expected.yaml").read_text("utf-8")
)
ABOUT: Final = ("refused", "kept", "says")
"""What is expected of a row besides the values of fields."""


@cache
def readings(leave_unread: bool = False) -> dict[int, Reading]:
    """What the reader takes from each row, by its id."""
    catalogue = load()
    with (CHART / "chart.csv").open(encoding="utf-8", newline="") as source:
        header, *rows = csv.reader(source)
    fields = fields_of(header, read_map([str(CHART / "map.yaml")], catalogue), False)
    reader = RowReader(catalogue, leave_unread=leave_unread)
    cells = (row for row in fielded(rows, fields) if isinstance(row, dict))
    return {int(row["id"]): reader.read(row) for row in cells}


def stated(patient: Patient) -> dict[str, Any]:
    """The fields of a patient but the id, with empty lists only where somebody said none."""
    names = patient.given() | ({"unsure": [*patient.unsure]} if patient.unsure else {})
    return {name: _plain(value) for name, value in names.items() if name != "id"}


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def test_the_chart_has_sixty_rows() -> None:
    assert {*readings()} == {*EXPECTED}
    assert len(EXPECTED) == 60


def test_the_map_names_every_column() -> None:
    with (CHART / "chart.csv").open(encoding="utf-8", newline="") as source:
        header = next(csv.reader(source))
    kept = read_map([str(CHART / "map.yaml")], load())
    assert {*kept.columns} | {*kept.ignore} == {*header}


def test_one_row_in_twenty_is_lost_at_most() -> None:
    lost = [row for row, reading in readings().items() if reading.patient is None]
    assert lost == [row for row, each in EXPECTED.items() if "refused" in each]
    assert len(lost) <= len(EXPECTED) / 20


@pytest.mark.parametrize("row", [row for row, each in EXPECTED.items() if "refused" not in each])
def test_a_row_is_read_as_a_careful_reader_reads_it(row: int) -> None:
    patient, said, problems, _ = readings()[row]
    assert not problems
    assert patient is not None
    expected = EXPECTED[row]
    assert stated(patient) == {
        name: _plain(value) for name, value in expected.items() if name not in ABOUT
    }
    kept = [word for _, word in patient.kept]
    assert sorted(kept) == sorted(expected.get("kept", []))
    told = [f"{field}: {words}" for field, words in said]
    for word in kept:
        assert any(word in each for each in told), f"{word} is kept in silence"
    for field, words in expected.get("says", {}).items():
        for word in words:
            assert any(each.startswith(field) and word in each for each in told), (field, word)


@pytest.mark.parametrize("row", [row for row, each in EXPECTED.items() if "refused" in each])
def test_a_row_is_refused_for_what_nobody_can_read(row: int) -> None:
    reading = readings()[row]
    assert reading.patient is None
    assert {each.field for each in reading.problems} == {*EXPECTED[row]["refused"]}


def test_a_cell_left_unread_saves_the_row_unless_it_is_of_the_history() -> None:
    history = {"exposed", "refractory", "intolerant", "prior_lines"}
    for row, expected in EXPECTED.items():
        lost = readings(leave_unread=True)[row].patient is None
        assert lost == bool(history & {*expected.get("refused", ())}), row


TURNS: Final[list[tuple[str, str, dict[str, Any]]]] = [
    ("comorbidities", "hep C treated: no", {}),
    ("comorbidities", "no hep B immunity", {}),
    ("comorbidities", "no QTc 480", {}),
    ("comorbidities", "SLE? ruled out", {"comorbidities_absent": ("autoimmune_disease",)}),
    ("comorbidities", "SLE? yes", {"comorbidities": ("autoimmune_disease",)}),
    ("cytogenetics", "del(17p): não", {"cytogenetics_absent": ("del17p",)}),
    ("cytogenetics", "t(4;14) nie", {"cytogenetics_absent": ("t(4;14)",)}),
    ("refractory", "bort (CR, not refractory)", {"refractory": ()}),
    ("refractory", "bort (PR, refractory)", {"refractory": ("bortezomib",)}),
    ("exposed", "len - no ASCT", {"prior_transplant": False, "exposed": ("lenalidomide",)}),
    ("neuropathy_grade", "2 painful", {"neuropathy_grade": 2, "neuropathic_pain": True}),
    ("lvef", "30% -> 45%", {"lvef": 45.0}),
    ("cns", "LP neg", {"cns": False}),
    ("region", "Schweden", {"region": "eu"}),
]
REFUSED: Final = [
    ("comorbidities", "RA on foo"),
    ("cytogenetics", "t(4;14) non mis en evidence"),
    ("emd", "no biopsy"),
    ("exposed", "no VRd - ASCT"),
    ("exposed", "Vd-R"),
    ("frailty", "no frágil"),
    ("lvef", "45 -> normal"),
    ("neuropathy_grade", "2 (was 3)"),
    ("neuropathy_grade", "1 no pain"),
    ("prior_transplant", "0x"),
    ("refractory", "len (declined)"),
    ("refractory", "len, bort (not all)"),
]


@pytest.mark.parametrize(("field", "text", "values"), TURNS)
def test_what_else_is_in_the_cell_may_turn_it(
    field: str, text: str, values: dict[str, Any]
) -> None:
    assert dict(read_cell(field, text, load()).values) == values


@pytest.mark.parametrize(("field", "text"), REFUSED)
def test_what_may_take_it_back_is_refused(field: str, text: str) -> None:
    with pytest.raises(CellError):
        read_cell(field, text, load())
