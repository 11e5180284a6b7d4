"""Rows that are no patients, ids that are spoiled, and text whose encoding is not what was said."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from lenrx.intake.rows import FOOTER, Problem
from lenrx.intake.tables.footers import footer, may_be_footer
from tests.intake.test_files import batch, given, lena, records, refused, table

pytestmark = pytest.mark.usefixtures("one_catalogue")

SURE: Final = (
    *("Total", "TOTAL:", "Total: 31 patients", "Total (n=31)", "n = 31", "N=31", "(n = 31)"),
    *("31 patients", "Grand total", "Exported on 2026-01-01", "Data exported by REDCap, v. 14"),
    *("Exportiert am 1.1.2026", "Export date: 2026-01-01", "Confidential", "STRICTLY CONFIDENTIAL"),
    *(
        "Confidential - do not pass on",
        "Vertraulich",
        "Page 1 of 3",
        "-----",
        "***",
        "End of table",
    ),
    *("Note: eGFR by CKD-EPI", "Abbreviations: len, lenalidomide", "* eGFR in mL/min", "Gesamt"),
    *("\u2020 measured at baseline", "Source: registry, 2026", "Total number of patients: 31"),
    *("As of 2026-11-23", "Stand: 23.11.2026", "\u00a9 2026 The Clinic"),
)


@pytest.mark.parametrize("text", SURE)
def test_what_stands_under_a_table_is_passed(text: str) -> None:
    for cells in ([text, "", ""], [text], [f" {text}\u00a0", " ", ""]):
        assert footer(cells, 3) == FOOTER
    for cells in ([text, "", ""], [f" {text}", " ", ""]):
        assert may_be_footer(cells, "".join(cells))


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["Total", "31", "45.5"], FOOTER),
        (["Total", "", "45.5 \u00b1 3"], FOOTER),
        (["Mean", "", "52"], FOOTER),
        (["Mittelwert:", "", "52,3"], FOOTER),
        (["Exported on", "2026-01-01", ""], FOOTER),
        (["N", "31", ""], "total"),
        (["Max", "", "90"], "total"),
        (["SD", "", "12.1"], "total"),
        (["These patients were seen before March", "", ""], "note"),
        (["Total", "len", "45"], None),
        (["Max", "len", "45"], None),
        (["Mean", "none", ""], None),
        (["Max", "", ""], None),
        (["P-007", "", ""], None),
        (["007", "31", "45"], None),
        (["Total Recall", "len", ""], None),
        (["Page", "", "45"], None),
        (["", "lenalidomide", ""], None),
        (["", "Note: refractory to lenalidomide", ""], None),
        (["", "* lena since 2020", ""], None),
        (["", "Total: 31 patients", ""], FOOTER),
        (["Suma", "", "45"], "total"),
        (["Notes1", "", ""], None),
    ],
)
def test_a_total_is_passed_and_what_only_looks_like_one_is_an_error(
    cells: list[str], found: object
) -> None:
    result = footer(cells, 3)
    assert may_be_footer(cells, "".join(cells)) or result is None
    if isinstance(found, str):
        assert isinstance(result, Problem)
        assert f"looks like a {found}" in result.reason
    else:
        assert result == found


def test_a_table_of_one_column_has_no_footer() -> None:
    assert footer(["* lenalidomide and bortezomib"], 1) is None


NAMES: Final = st.text(string.ascii_letters + string.digits + "-_. ", min_size=1, max_size=12)


@drawn(NAMES, st.sampled_from(["len", "lenalidomide", "none", "PI, IMiD"]), NAMES)
def test_a_row_with_a_word_of_a_history_is_never_passed(first: str, drugs: str, last: str) -> None:
    assert footer([first, drugs, last], 3) is None


@drawn(st.text(max_size=3000))
def test_any_text_is_looked_at_in_no_time(text: str) -> None:
    footer([text, "", ""], 3)
    footer(["total" + " " * 100_000 + text, "(" * 100_000, ""], 3)


def test_footers_are_counted_and_said(tmp_path: Path) -> None:
    under = "\n".join(("Total,31,45.5", "Exported on 2026-01-01", "Confidential,,"))
    result = batch(table(tmp_path, f"id,refractory,egfr\nA,len,45\n{under}\nMax,,3\n"))
    (row, id_, patient), error = given(result)
    assert (row, id_, patient) == (1, "A", lena(45.0))
    assert "looks like a total" in error[2]
    assert "passed over, as no patient: 3 totals or notes under the table" in result.stderr


@pytest.mark.parametrize(
    "second",
    [
        "\nMRN,eGFR,refractory\nB,45,len\n",
        ",,\nPatient ID,refractory,\nB,len,\n",
        "id,egfr,refractory\nB,45,len\n",
    ],
)
def test_a_second_table_is_never_patients_of_the_first(tmp_path: Path, second: str) -> None:
    again = "id,refractory,egfr\nC,len,60\n"
    result = batch(table(tmp_path, f"id,refractory,egfr\nA,len,45\n{second}{again}"))
    first, *others, last = given(result)
    assert (first[1:], last[1:]) == (("A", lena(45.0)), ("C", lena(60.0)))
    assert len(others) == 2
    assert all("a second table beneath the first" in each[2] for each in others)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("B;len;45", "is parted by semicolons, the header by commas: write all rows alike"),
        ("B\tlen\t45", "is parted by tabs, the header by commas: write all rows alike"),
        ("B", "has 1 cell where the header has 3"),
        ("B,len", "has 2 cells where the header has 3"),
        ("B,len,45,x", "has 4 cells where the header has 3"),
    ],
)
def test_a_row_of_another_shape_says_which(tmp_path: Path, row: str, reason: str) -> None:
    result = batch(table(tmp_path, f"id,refractory,egfr\nA,len,45\nC,len,60\n{row}\n"))
    assert given(result)[2][1:] == (None, reason)


def test_a_text_that_is_written_as_a_formula_is_that_text(tmp_path: Path) -> None:
    text = '="id",="refractory",="egfr"\n="007",="len",="45"\n008,"=""len""",45\n'
    result = batch(table(tmp_path, text))
    assert given(result) == [(1, "007", lena(45.0)), (2, "008", lena(45.0))]


@pytest.mark.parametrize("spoiled", ["1.23E+15", "1,23E+15", "1E+12", "#REF!", "########"])
def test_an_id_that_a_spreadsheet_spoiled_is_an_error(tmp_path: Path, spoiled: str) -> None:
    result = batch(table(tmp_path, f"id;refractory\n{spoiled};len\n0012;len\n1E5;len\n"))
    first, *others = records(result)
    assert first["error"]["field"] == "id"
    assert first["error"]["word"] == spoiled
    assert [each["id"] for each in others] == ["0012", "1E5"]


STATES: Final = "id,age,sex,egfr,prior_lines,refractory,region\n"


@pytest.mark.parametrize(
    ("row", "with_history", "without"),
    [
        ("A,,,,,,", True, True),
        ("A,60,F,,,,eu", True, False),
        ("A,60,F,45,,,", True, False),
        ("A,60,F,45,,unknown,", True, False),
        ("A,,,,2,,", False, False),
        ("A,,,,,len,", False, False),
        ("A,,,,,none,", False, False),
    ],
)
def test_a_patient_of_whom_nothing_is_stated_is_said_and_counted(
    tmp_path: Path, row: str, with_history: bool, without: bool
) -> None:
    path, counts = table(tmp_path, f"{STATES}{row}\nB,,,,,len,\n"), tmp_path / "s.json"
    for options, expected in (((), with_history), (("--without-history",), without)):
        result = batch(path, *options, "--summary-json", str(counts))
        first = records(result)[0]
        assert ("nothing-stated" in {each["code"] for each in first["warnings"]}) == expected
        assert json.loads(counts.read_text())["nothing_stated"] == int(expected)
        assert ("1 of 2 rows state nothing of the disease" in result.stderr) == expected


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_names_its_encoding(name: str) -> None:
    content = "id,refractory\nA,len\nB\u00e9,len\n".encode(name)
    assert f"say --encoding {name}" in refused("-", stdin=content)
    assert given(batch("-", "--encoding", name, stdin=content))[1] == (2, "B\u00e9", lena())


@pytest.mark.parametrize("name", ["cp1252", "latin-1", "cp850", "mac-roman"])
def test_letters_are_never_wrong_because_of_what_was_said(name: str) -> None:
    text = "id,refractory\nB\u00e9,len\n"
    said = refused("-", "--encoding", name, stdin=text.encode())
    assert said.startswith(f"lenrx: --encoding {name}: the text is UTF-8 for all one can tell")
    marked = batch("-", "--encoding", name, stdin=text.encode("utf-8-sig"))
    assert given(marked) == [(1, "B\u00e9", lena())]
    assert "the text is UTF-8, as its first bytes say" in marked.stderr
    assert given(batch("-", "--encoding", name, stdin=text.encode(name)))[0][1] == "B\u00e9"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "is a web archive"),
        (b"ID;PWXL;N;E\nC;Y1;X1\n", "is a SYLK file"),
        (b"PK\x03\x04" + b"\0" * 26 + b"Index/Document.iwa", "is a file of Numbers or Pages"),
        (b"PK\x03\x04" + b"\0" * 26 + b"preview.jpg", "is a file of Numbers or Pages"),
    ],
)
def test_forms_of_other_programs_are_named(content: bytes, said: str) -> None:
    assert said in refused("-", stdin=content)
    fine = b"ID;Patient;Refractory\nA;x;len\n"
    assert given(batch("-", "--ignore", "Patient", stdin=fine)) == [(1, "A", lena())]


OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("stream", "said"),
    [("EncryptedPackage", "is a workbook with a password"), ("WordDocument", "a text document")],
)
def test_what_an_old_file_holds_is_told_by_its_streams(stream: str, said: str) -> None:
    pytest.importorskip("python_calamine")
    content = OLE + b"\0" * 600 + stream.encode("utf-16-le") + b"\0" * 600
    assert said in refused("-", stdin=content)


@pytest.mark.parametrize("sign", [*"=+-@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_of_a_table_is_a_formula(sign: str) -> None:
    content = f'id,refractory\n"{sign}1+1",len\n'.encode()
    row = batch("-", "--format", "csv", stdin=content).stdout.splitlines()[1]
    assert row.startswith(f"1,'{sign}1+1,")


@pytest.mark.parametrize("form", ["ndjson", "csv"])
@pytest.mark.parametrize("sign", ["\x1b[31m", "\x9b31m", "\x7f", "\x07", "\x08"])
def test_nothing_that_a_terminal_obeys_is_written(form: str, sign: str) -> None:
    content = f"id,refractory,x{sign}\nA{sign},len,1\nB,l{sign}en,1\n".encode()
    for options in ((), ("--ignore-other",)):
        result = batch("-", "--format", form, *options, stdin=content)
        assert not any(each in result.stdout + result.stderr for each in "\x1b\x9b\x7f\x07\x08")
