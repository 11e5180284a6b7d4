"""Workbooks: cells as CSV would have them, the sheet said, what cannot be read named."""

from __future__ import annotations

import csv
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final

import pytest

from lenrx.intake.tables import workbook
from tests.intake.test_files import FIELD, batch, given, lena, records, refused
from tests.intake.workbooks import Day, ods, xlsx

pytestmark = pytest.mark.usefixtures("one_catalogue")
HEADER: Final = ("id", "refractory", "as_of", "prior_lines", "egfr", "emd")
DAY: Final = Day(46085)
"""4 March 2026."""
ROWS: Final = (
    HEADER,
    ("A", "lenalidomide", DAY, 2, 45.5, True),
    (None,) * 6,
    ("hidden", 12345678901, "len", DAY, 3.0, 30.1 + 0.2, False),
)


OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a workbook of old begins."""


def real() -> Any:
    return pytest.importorskip("python_calamine")


def test_a_workbook_of_the_field_is_read() -> None:
    real()
    result = batch(FIELD / "18-excel-workbook.xlsx")
    assert (given(result), result.stderr) == ([(1, "XL1", lena(45.0))], "")


def test_cells_are_those_of_csv(tmp_path: Path) -> None:
    real()
    result = batch(xlsx(tmp_path / "c.xlsx", {"Cohort": ROWS}))
    first, hidden = records(result)
    assert first["as_of"] == "2026-03-04"
    assert first["given"] == {
        **{"refractory": ["lenalidomide"], "prior_lines": 2, "egfr": 45.5, "emd": True},
    }
    assert (hidden["row"], hidden["id"], hidden["given"]["egfr"]) == (3, "12345678901", 30.3)
    assert result.stderr.splitlines() == [
        "lenrx: 1 hidden row is read too",
        "lenrx: passed over, as no patient: 1 empty row",
    ]


def test_a_workbook_answers_as_its_csv_does(tmp_path: Path) -> None:
    real()
    rows = [
        HEADER,
        ("A", "len", "2026-03-04", "2", "45.5", "true"),
        ("B", "bort", "", "", ">60", ""),
    ]
    with (tmp_path / "c.csv").open("w", newline="") as out:
        csv.writer(out).writerows(rows)
    told = batch(tmp_path / "c.csv").stdout
    typed = [HEADER, ("A", "len", DAY, 2, 45.5, True), ("B", "bort", None, None, ">60", None)]
    assert batch(xlsx(tmp_path / "c.xlsx", {"S": typed})).stdout == told
    plain = [HEADER, ("A", "len", "2026-03-04", 2, 45.5, "true"), rows[2]]
    opened = batch(ods(tmp_path / "c.ods", {"S": plain}))
    assert opened.stdout == told
    assert "save it as .xlsx, which tells them" in opened.stderr
    (tmp_path / "c.xlsx").rename(tmp_path / "renamed.csv")
    renamed = batch(tmp_path / "renamed.csv")
    assert renamed.stdout == told
    assert "the file is a workbook, not a table of text" in renamed.stderr
    assert batch("-", stdin=(tmp_path / "renamed.csv").read_bytes()).stdout == told


SHEETS: Final = {
    "Lists": (("drug",), ("len",)),
    "Empty": (),
    "Blank": ((None, " "),),
    "Patients 2026": (("Cohort of the clinic",), (), ("id", "refractory"), ("P", "len")),
    "2": (("id", "refractory"), ("T", "len")),
}


def test_the_first_sheet_with_something_in_it_is_read_and_said(tmp_path: Path) -> None:
    real()
    path = xlsx(tmp_path / "c.xlsx", SHEETS, hidden=["Lists"])
    result = batch(path)
    assert given(result) == [(1, "P", lena())]
    first, second = result.stderr.splitlines()
    assert first.startswith(
        "lenrx: sheet 'Patients 2026' is read, of 'Lists' (hidden), 'Empty', 'Blank'"
    )
    assert second == "lenrx: line 3 is taken for the header, the line above it is passed over"


@pytest.mark.parametrize(
    ("asked", "id_"), [("Patients 2026", "P"), (" patients 2026", "P"), ("4", "P"), ("2", "T")]
)
def test_a_sheet_is_named_or_counted(tmp_path: Path, asked: str, id_: str) -> None:
    real()
    result = batch(xlsx(tmp_path / "c.xlsx", SHEETS), "--sheet", asked)
    assert [each["id"] for each in records(result)] == [id_]


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    real()
    path = xlsx(tmp_path / "c.xlsx", SHEETS)
    for asked in ("Patient", "0", "6"):
        said = refused(path, "--sheet", asked)
        assert f"--sheet {asked}: is not in the workbook; it has 'Lists', 'Empty'" in said
    assert "a workbook with nothing in it" in refused(xlsx(tmp_path / "e.xlsx", {"S": ()}))
    assert "no row of a patient" in refused(xlsx(tmp_path / "h.xlsx", {"S": (HEADER, ())}))


def test_a_damaged_workbook_is_one_line(tmp_path: Path) -> None:
    real()
    whole = xlsx(tmp_path / "c.xlsx", {"S": ROWS}).read_bytes()
    for content in (
        whole[:-40],
        whole[: len(whole) // 2],
        OLE * 90,
    ):
        (tmp_path / "d.xlsx").write_bytes(content)
        assert "cannot be read as a workbook; open it in Excel" in refused(tmp_path / "d.xlsx")


def test_a_run_into_files_and_its_manifest_know_the_sheet(tmp_path: Path) -> None:
    real()
    rows = [("id", "refractory"), *((f"P{n}", "len") for n in range(40))]
    path = xlsx(tmp_path / "c.xlsx", {"Notes": (("x",),), "Cohort": rows})
    out = tmp_path / "out.ndjson"
    result = batch(path, "--sheet", "Cohort", "-o", str(out), "--jobs", "2")
    assert result.exit_code == 0
    assert out.read_bytes() == batch(path, "--sheet", "Cohort").stdout_bytes
    found = (tmp_path / "out.ndjson.manifest.json").read_text()
    assert '"sheet": "Cohort"' in found
    assert '"format": "excel"' in found


def test_proposed_columns_of_a_workbook(tmp_path: Path) -> None:
    real()
    rows = (("Cohort",), (), ("Paciente", "Refractario"), ("A", "len"), ("B", "len"))
    result = batch(xlsx(tmp_path / "c.xlsx", {"S": rows}), "--columns")
    assert 'refractory: "Refractario"' in result.stdout


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("", ""),
        (" len ", " len "),
        (True, "true"),
        (45.0, "45"),
        (-0.0, "0"),
        (45.5, "45.5"),
        (0.1 + 0.2, "0.3"),
        (123456789012345.0, "123456789012345"),
        (1234567890123456789.0, "1.23456789012346E+18"),
        (7, "7"),
        (date(2026, 3, 4), "2026-03-04"),
        (datetime(2026, 3, 4), "2026-03-04"),
        (datetime(2026, 3, 4, 12, 30), "2026-03-04T12:30:00"),
        (time(3, 4), "03:04:00"),
        (timedelta(days=2, minutes=5), "48:05"),
    ],
)
def test_a_cell_as_text(cell: Any, text: str) -> None:
    assert workbook._text(cell) == text


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    said = refused(FIELD / "18-excel-workbook.xlsx")
    assert said == (
        "lenrx: file: is a workbook; it needs python-calamine: pip install 'lenrx[excel]', "
        "or save the sheet as CSV UTF-8"
    )


class _Password(Exception):
    pass


def pretended(sheets: dict[str, Any], error: Exception | None = None) -> Any:
    """What stands in for the library: sheets by name, all shown."""

    class Book:
        sheet_names = tuple(sheets)
        sheets_metadata = (SimpleNamespace(visible="SheetVisibleEnum.Visible"),) * len(sheets)

        @staticmethod
        def from_filelike(_: Any) -> Any:
            if error:
                raise error
            return Book()

        def get_sheet_by_name(self, name: str) -> Any:
            return SimpleNamespace(to_python=lambda **_: sheets[name])

    module: Any = ModuleType("python_calamine")
    module.CalamineWorkbook, module.PasswordError = Book, _Password
    return module


def test_a_workbook_with_a_password_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (_Password(), ValueError("Workbook is password protected")):
        monkeypatch.setitem(sys.modules, "python_calamine", pretended({}, error))
        said = refused(FIELD / "18-excel-workbook.xlsx")
        assert said.endswith("is a workbook with a password; save it without, or as CSV UTF-8")


def test_sheets_are_read_without_the_library_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = [["id", "refractory", "egfr"], ["A", "lenalidomide", 45.0], ["", "", ""]]
    monkeypatch.setitem(sys.modules, "python_calamine", pretended({"Sheet": sheet}))
    result = batch(FIELD / "18-excel-workbook.xlsx")
    assert given(result) == [(1, "A", lena(45.0))]
