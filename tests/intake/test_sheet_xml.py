"""Sheets of Excel: what a reader of values takes for empty is told, or refused, never empty."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from lenrx.intake.tables import sheet_xml
from tests.intake.test_files import batch, given, lena, records, refused
from tests.intake.workbooks import Cells, Raw, xlsx

pytest.importorskip("python_calamine")
pytestmark = pytest.mark.usefixtures("one_catalogue")
HEADER: Final = ("id", "refractory", "egfr", "note")
WITHOUT: Final = "formula without a value: open and save the file in Excel"


def answered(tmp_path: Path, rows: Cells, *options: str, **more: Any) -> Any:
    return batch(xlsx(tmp_path / "c.xlsx", {"S": rows}, **more), "--ignore", "note", *options)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('<c r="{r}"><f>B2+1</f></c>', WITHOUT),
        ('<c r="{r}"><f>B2+1</f><v></v></c>', WITHOUT),
        ('<c r="{r}"><f>B2+1</f><v/></c>', WITHOUT),
        ('<c r="{r}" t="n"><f t="shared" si="0"/><v></v></c>', WITHOUT),
        ("<c><f>B2+1</f></c>", WITHOUT),
        ('<c r="{r}" t="e"><f>B2/0</f><v>#DIV/0!</v></c>', "the cell is the error #DIV/0!"),
        ('<c r="{r}" t="e"><v>#REF!</v></c>', "the cell is the error #REF!"),
        ("<c r='{r}' t='e'><v>#N/A</v></c>", "the cell is the error #N/A"),
        ('<c r="{r}" s="1" t="e"><v>#NAME?</v></c>', "the cell is the error #NAME?"),
    ],
)
@pytest.mark.parametrize("field", ["id", "refractory", "egfr", "note"])
def test_a_cell_that_lost_its_value_is_an_error_of_its_field(
    tmp_path: Path, cell: str, reason: str, field: str
) -> None:
    rows = [HEADER, ("A", "len", 45, "x"), ("B", "len", 45, "x"), ("C", "len", 45, "x")]
    row = [
        Raw(cell) if name == field else value for name, value in zip(HEADER, rows[2], strict=True)
    ]
    result = answered(tmp_path, [rows[0], rows[1], row, rows[3]])
    first, found, last = records(result)
    assert (first["id"], last["id"]) == ("A", "C")
    if field == "note":
        assert found["given"] == lena(45.0)
        return
    assert result.exit_code == 1
    assert found["error"]["field"] == field
    assert found["error"]["reason"].startswith(reason)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="{r}" t="str"><f>""</f><v></v></c>',
        '<c r="{r}" t="str"><f>""</f></c>',
        '<c r="{r}" s="1"/>',
    ],
)
def test_a_formula_that_gives_nothing_is_empty(tmp_path: Path, cell: str) -> None:
    result = answered(tmp_path, [HEADER, ("A", "len", Raw(cell), "x")])
    assert given(result) == [(1, "A", lena())]


def test_a_formula_with_a_value_has_it(tmp_path: Path) -> None:
    cells = ('<c r="{r}"><f>40+5</f><v>45</v></c>', '<c r="{r}" t="str"><f>A1</f><v>len</v></c>')
    result = answered(tmp_path, [HEADER, ("A", Raw(cells[1]), Raw(cells[0]), "x")])
    assert given(result) == [(1, "A", lena(45.0))]


def test_rows_of_nothing_but_formulas_are_errors_and_not_the_end(tmp_path: Path) -> None:
    lost = Raw('<c r="{r}"><f>A1</f></c>')
    result = answered(tmp_path, [HEADER, ("A", "len", 45, "x"), (lost, lost, lost)])
    assert [each["id"] for each in records(result)] == ["A", None]
    assert records(result)[1]["error"]["reason"] == WITHOUT


def test_a_lost_value_can_be_said_to_be_missing(tmp_path: Path) -> None:
    lost = Raw('<c r="{r}" t="e"><v>#N/A</v></c>')
    rows: list[Sequence[Any]] = [HEADER, ("A", "len", lost, "x")]
    for options in (("--missing", "#N/A"), ("--unread", "missing")):
        assert given(answered(tmp_path, rows, *options)) == [(1, "A", lena())]
    rows = [HEADER, ("A", lost, 45, "x")]
    assert "error" in records(answered(tmp_path, rows, "--unread", "missing"))[0]


def merged(*places: str) -> str:
    inside = "".join(f'<mergeCell ref="{each}"/>' for each in places)
    return f'<mergeCells count="{len(places)}">{inside}</mergeCells>'


TITLED: Final = (
    ("Cohort of the clinic",),
    HEADER,
    ("A", "len", 45, "x"),
    (None, "bort", 60, "x"),
    ("Confidential",),
)


@pytest.mark.parametrize("place", ["A3:A4", "B3:C3", "A2:B2", "A1:A2", "C3:D4", "A3:D3"])
def test_cells_merged_into_a_table_are_refused_with_the_range(tmp_path: Path, place: str) -> None:
    path = xlsx(tmp_path / "c.xlsx", {"S": TITLED}, beneath=merged("A1:D1", place))
    said = refused(path, "--ignore", "note")
    assert said == (
        f"lenrx: sheet S: the cells {place} are merged: unmerge them and fill each with its value"
    )


def test_merged_titles_notes_and_empty_cells_do_no_harm(tmp_path: Path) -> None:
    beneath = merged("A1:D1", "A5:D5", "F3:F4")
    result = answered(tmp_path, TITLED, beneath=beneath)
    assert [row for row, *_ in given(result)] == [1, 2]


@pytest.mark.parametrize(
    ("above", "rows", "said"),
    [
        ("", [HEADER, ("hidden", "A", "len", 45)], "1 hidden row is read too"),
        (
            '<cols><col min="3" max="4" width="9" hidden="1"/></cols>',
            [HEADER, ("A", "len", 45)],
            "2 hidden columns are read too",
        ),
        (
            '<cols><col min="3" max="3" hidden="true"/></cols>',
            [HEADER, ("hidden", "A", "len", 45)],
            "1 hidden row and 1 hidden column are read too",
        ),
    ],
)
def test_what_is_hidden_is_read_and_said(
    tmp_path: Path, above: str, rows: Cells, said: str
) -> None:
    result = answered(tmp_path, rows, above=above)
    assert (given(result), result.stderr) == ([(1, "A", lena(45.0))], f"lenrx: {said}\n")


def test_a_hidden_sheet_that_is_read_is_said(tmp_path: Path) -> None:
    rows = [HEADER, ("A", "len", 45)]
    path = xlsx(tmp_path / "c.xlsx", {"S": rows, "T": rows}, hidden=["T"])
    assert (
        "sheet 'T' is hidden; it is read" in batch(path, "--sheet", "T", "--ignore", "note").stderr
    )


def rewritten(path: Path, part: str, content: bytes) -> Path:
    """A workbook with another content of one of its parts."""
    with ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        for name, before in parts.items():
            book.writestr(name, content if name == part else before)
    return path


SHEET: Final = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml"])
def test_entities_are_never_unfolded(tmp_path: Path, part: str) -> None:
    path = xlsx(tmp_path / "c.xlsx", {"S": [HEADER, ("A", "len", 45)]})
    with ZipFile(path) as book:
        before = book.read(part)
    content = b'<!DOCTYPE x [<!ENTITY a "len">]>' + before.replace(b"len", b"&a;")
    assert "DOCTYPE" in refused(rewritten(path, part, content))


def test_a_workbook_that_unpacks_without_bounds_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "c.xlsx", {"S": [HEADER, ("A", "len", 45)]})
    assert "unpacks to far more" in refused(rewritten(path, SHEET, b" " * 120_000_000))


def test_a_cell_far_from_the_table_is_refused(tmp_path: Path) -> None:
    far = Raw('<c r="XFD1048576"><v>1</v></c>')
    path = xlsx(tmp_path / "c.xlsx", {"S": [HEADER, ("A", "len", 45), (far,)]})
    assert "has a cell as far as XFD1048576" in refused(path)


def test_any_damage_of_a_part_is_one_line(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "c.xlsx", {"S": [HEADER, ("A", "len", 45, Raw("<c><f>x</f></c>"))]})
    with ZipFile(path) as book:
        sheet = book.read(SHEET)
    for content in (sheet[:-30], sheet.replace(b"</row>", b"</raw>", 1), os.urandom(900)):
        said = refused(rewritten(path, SHEET, content))
        assert "save it anew" in said, said


def test_places_are_counted_as_excel_does() -> None:
    for text, place in {"A1": (0, 0), "Z9": (8, 25), "AA10": (9, 26), "XFD7": (6, 16383)}.items():
        assert sheet_xml._place(text) == place
        assert sheet_xml.spelled(place) == text
