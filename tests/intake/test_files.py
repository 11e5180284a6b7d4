"""Tables as they are saved: each is read as what it is, or refused in one line with the remedy."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from lenrx.cli import main as cli

FIELD: Final = Path(__file__).parent / "field"
ASKED: Final = ("--as-of", "2026-11-23", "--region", "eu")
SEMICOLONS: Final = "lenrx: cells are parted by semicolons; if not, say --delimiter"
COMMA: Final = "lenrx: a comma inside a number is read as a decimal point: 1,5 is 1.5"

pytestmark = pytest.mark.usefixtures("one_catalogue")


def batch(path: Path | str, *options: str, stdin: bytes | None = None) -> Any:
    result = CliRunner().invoke(cli.app, ["batch", str(path), *ASKED, *options], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def records(result: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout_bytes.splitlines()]


def given(result: Any) -> list[tuple[int, str | None, Any]]:
    """The row, the id and what was stated of each patient; the reason of an error record."""
    return [
        (each["row"], each["id"], each["error"]["reason"] if "error" in each else each["given"])
        for each in records(result)
    ]


def refused(path: Path | str, *options: str, stdin: bytes | None = None) -> str:
    result = batch(path, *options, stdin=stdin)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    (line,) = result.stderr.splitlines()
    return str(line)


def lena(egfr: float | str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "refractory": ["lenalidomide"],
        **({} if egfr is None else {"egfr": egfr}),
        **more,
    }


FOUND: Final[dict[str, tuple[tuple[str, ...], list[Any], list[str]]]] = {
    "05-blank-rows.csv": (
        (),
        [(1, "B1", lena(45.0)), (3, "B2", lena(60.0))],
        ["lenrx: passed over, as no patient: 3 empty rows"],
    ),
    "11-sep-line.csv": ((), [(1, "S1", lena(45.0))], [SEMICOLONS]),
    "19-cr-line-endings.csv": ((), [(1, "M1", lena(45.0)), (2, "M2", lena(60.0))], []),
    "20-zero-width-header.csv": ((), [(1, "Z1", lena(45.0))], []),
    "21-trailing-delimiter.csv": ((), [(1, "L1", lena(45.0)), (2, "L2", lena(60.0))], []),
    "27-json-array.json": ((), [(1, "J1", lena()), (2, "J2", lena())], []),
    "28-cbioportal-header.txt": (
        ("--map", "id=PATIENT_ID"),
        [(1, "MM-1", lena()), (2, "MM-2", lena(">90"))],
        [
            "lenrx: cells are parted by tabs; if not, say --delimiter",
            "lenrx: line 5 is taken for the header, the 4 lines above it are passed over",
        ],
    ),
    "31-semicolon-decimal-comma.csv": (
        (),
        [
            (1, "ES1", lena(45.5, creatinine=1.2, platelets=150.0)),
            (2, "ES2", lena(60.0, creatinine=0.9, platelets=95.0)),
        ],
        [SEMICOLONS, COMMA],
    ),
}


@pytest.mark.parametrize("name", FOUND)
@pytest.mark.parametrize("piped", [False, True])
def test_a_table_of_the_field_gives_what_its_page_says(name: str, piped: bool) -> None:
    options, patients, said = FOUND[name]
    path = FIELD / name
    result = batch("-", *options, stdin=path.read_bytes()) if piped else batch(path, *options)
    assert given(result) == patients
    assert result.stderr.splitlines() == said
    assert result.exit_code == 0


@pytest.mark.parametrize("form", ["ndjson", "json"])
def test_a_list_that_is_said_to_be_an_object_a_line_is_read_too(form: str) -> None:
    result = batch(FIELD / "27-json-array.json", "--input-format", form)
    assert [each["id"] for each in records(result)] == ["J1", "J2"]


@pytest.mark.parametrize("name", ["05-blank-rows.csv", "11-sep-line.csv"])
def test_empty_patients_are_never_a_cohort(name: str) -> None:
    result = batch(FIELD / name, "--ignore-other", "--summary", "--width", "100")
    assert "not lenalidomide-refractory" not in result.stdout
    said = refused(FIELD / name, "--ignore-other", "--delimiter", "tab")
    assert "none of its" in said or "its only column" in said


def table(tmp_path: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


ROWS: Final = [["A", "lenalidomide, bortezomib", "45"], ["B", "len", "60"]]
SIGNS: Final = {",": "", ";": "semicolons", "\t": "tabs", "|": "bars"}


def joined(rows: list[list[str]], sign: str, end: str = "\n") -> str:
    return "".join(sign.join(f'"{c}"' if "," in c else c for c in row) + end for row in rows)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.txt", "t"])
def test_any_delimiter_line_end_and_encoding_is_the_same_table(
    tmp_path: Path, sign: str, end: str, encoding: str, name: str
) -> None:
    rows = [["id", "refractory", "egfr"], *ROWS]
    result = batch(table(tmp_path, joined(rows, sign, end).encode(encoding), name))
    both = ["bortezomib", "lenalidomide"]
    assert [(row, each["refractory"]) for row, _, each in given(result)] == [
        (1, both),
        (2, ["lenalidomide"]),
    ]
    assert result.exit_code == 0
    said = result.stderr
    usual = "\t" if name == "t.tsv" else ","
    assert ("cells are parted by" in said) == (sign != usual)
    assert ("the text is UTF-16" in said) == (encoding == "utf-16")


@pytest.mark.parametrize(
    ("said", "sign"), [(";", ";"), ("tab", "\t"), ("\\t", "\t"), ("pipe", "|"), ("space", " ")]
)
def test_a_delimiter_that_is_said_is_taken(tmp_path: Path, said: str, sign: str) -> None:
    path = table(tmp_path, joined([["id", "refractory"], ["A", "lena"]], sign))
    result = batch(path, "--delimiter", said)
    assert ([each["id"] for each in records(result)], result.stderr) == (["A"], "")


def test_two_delimiters_that_fit_are_named() -> None:
    said = refused("-", stdin=b"Fall;Mittel,Dosis\n1;lena,25\n2;bort,3\n")
    assert said.endswith("cells may be parted by commas or by semicolons; say --delimiter")


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("Cohort of the clinic\n\n", 3),
        ("Cohort of the clinic\nExported 2026-11-23\n", 3),
        ("Clinic,Haematology\nDate,2026-11-23\n,,\n", 4),
        ('"Cohort, as of 2026"\n', 2),
        ("# made by the registry\n# 2026-11-23\n", 3),
        ("\ufeffCohort,,\n", 2),
        ("sep=,\nCohort,,\n", 3),
    ],
)
def test_title_rows_are_passed_over_and_said(tmp_path: Path, head: str, line: int) -> None:
    result = batch(table(tmp_path, f"{head}id,refractory,egfr\nA,lena,45\n,,\nB,lena,60\n"))
    assert given(result) == [(1, "A", lena(45.0)), (3, "B", lena(60.0))]
    assert f"line {line} is taken for the header" in result.stderr.splitlines()[0]


def test_a_header_may_begin_with_a_number_sign(tmp_path: Path) -> None:
    result = batch(table(tmp_path, "#id\trefractory\nA\tlena\n", "t.tsv"))
    assert (given(result), result.stderr) == ([(1, "A", lena())], "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,refractory\nA,lena\nid,refractory\nB,lena\n", "1 row with the header again"),
        ("id,refractory\nA,lena\n\ufeffID , Refractory\nB,lena\n", ""),
        ("id,refractory\nA,lena\n\u200bid,refractory\nB,lena\n", "1 row with the header again"),
        ("id,refractory\nA,lena\n,\nB,lena\n# end\n", "1 comment, 1 empty row"),
        ("id,refractory\nA,lena\n \u00a0,\u200b\nB,lena\n", "1 empty row"),
    ],
)
def test_rows_that_are_no_patient_keep_their_number(tmp_path: Path, text: str, said: str) -> None:
    result = batch(table(tmp_path, text))
    if not said:
        assert [row for row, _, each in given(result)] == [1, 2, 3]
        return
    assert given(result) == [(1, "A", lena()), (3, "B", lena())]
    assert result.stderr == f"lenrx: passed over, as no patient: {said}\n"


def test_a_second_header_in_other_words_is_no_patient(tmp_path: Path) -> None:
    text = "id,refractory,egfr\nPatient ID,Refractory,eGFR\nA,lena,45\n"
    assert given(batch(table(tmp_path, text))) == [(2, "A", lena(45.0))]


@pytest.mark.parametrize(
    "header",
    [
        "id,refractory,egfr,,",
        "id,,refractory,egfr",
        "\ufeffid ,refrac\u00adtory,\u200begfr\u200b",
        " id,re\u2060fractory,e\u200dgfr\u00a0",
    ],
)
def test_signs_that_cannot_be_seen_and_columns_without_a_name_are_left_out(
    tmp_path: Path, header: str
) -> None:
    row = "A,,lena,45" if ",," in header[:4] else "A,lena,45" + "," * header.count(",,") * 2
    result = batch(table(tmp_path, f"{header}\n{row}\n"))
    assert (given(result), result.stderr) == ([(1, "A", lena(45.0))], "")


def test_a_cell_in_a_column_without_a_name_is_an_error_of_its_row(tmp_path: Path) -> None:
    rows = "A,,lena\n" * 40 + "B,x,lena\n"
    *others, last = given(batch(table(tmp_path, f"id,,refractory\n{rows}")))
    assert len(others) == 40
    assert last == (41, None, "has a cell in a column without a name: name it")


@pytest.mark.parametrize("first", [0, 1])
def test_a_column_that_numbers_the_rows_is_left_out_and_said(tmp_path: Path, first: int) -> None:
    text = f",id,refractory\n{first},A,lena\n{first + 1},B,lena\n"
    result = batch(table(tmp_path, text))
    assert [each["id"] for each in records(result)] == ["A", "B"]
    assert "numbers the rows: it is left out" in result.stderr


SWALLOWED: Final = {
    'p2,lena,"5 ft tall,20\np3,lena,ok,80\np4,lena,ok,80\np5,dara,6 ft",90': (3, 6),
    'p2,lena,"5 ft tall,20\np5,dara,6 ft",90': (3, 4),
    'p2,"lena,x,20\np5,dara","x",90': (3, 4),
    'p2,lena,x,"20\np5,dara,x,90"': (3, 4),
    '"p2,lena,x,20\np3,lena,x,30\np4",lena,x,40': (3, 5),
}


@pytest.mark.parametrize("swallowed", SWALLOWED)
def test_a_cell_that_swallows_rows_is_an_error_that_names_the_lines(
    tmp_path: Path, swallowed: str
) -> None:
    first, last = SWALLOWED[swallowed]
    text = f"id,refractory,note,egfr\np1,lena,ok,80\n{swallowed}\np6,lena,ok,80\n"
    result = batch(table(tmp_path, text), "--ignore", "note")
    one, error, other = given(result)
    assert (one[1], other[1]) == ("p1", "p6")
    assert f"lines {first} to {last} of the file" in error[2]
    more = last - first
    lines = "lines" if more > 1 else "line"
    assert result.stderr == (
        f"lenrx: 1 of 3 rows could not be read; {more} further {lines} went with them\n"
    )


@pytest.mark.parametrize(
    "cell",
    [
        '"seen in clinic, 2026\nlena, then bort"',
        '"first line\nsecond line\nthird, and last"',
        '"lena, 2019, PD\nbort, 2021, VGPR\npom, 2024, PD"',
    ],
)
def test_a_note_of_several_lines_is_a_cell(tmp_path: Path, cell: str) -> None:
    text = f"id,refractory,note,egfr\np1,lena,{cell},80\np2,lena,ok,70\n"
    result = batch(table(tmp_path, text), "--ignore", "note")
    assert given(result) == [(1, "p1", lena(80.0)), (2, "p2", lena(70.0))]


def test_a_quote_that_is_never_closed_says_how_many_lines_went(tmp_path: Path) -> None:
    rows = "".join(f"r{number},lena\n" for number in range(900))
    result = batch(table(tmp_path, f'id,refractory\nA,lena\nq,"lena\n{rows}'))
    assert given(result)[1][2] == "a quote is never closed (lines 3 to 903 of the file)"
    assert result.stderr.endswith(
        "1 of 2 rows could not be read; 900 further lines went with them\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "JOHN DOE,1950-01-01,12345\nJANE ROE,1960-01-01,23456\n",
        "John Doe,lenalidomide,F\nJane Roe,bortezomib,F\n",
        "12345;lena;45,5\n",
    ],
)
def test_a_table_without_a_header_says_nothing_of_its_first_patient(
    tmp_path: Path, text: str
) -> None:
    path = table(tmp_path, text)
    for options in ((), ("--ignore-other",)):
        said = refused(path, *options)
        assert "name that is known: is there a header" in said
        assert not any(word in said for word in ("DOE", "Doe", "1950", "12345"))
    if "1" in text:
        assert "write a header above" in refused(path, "--columns")


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("id,egfr\nA,45\n", ()),
        ("id,refractroy,egfr\nA,lena,45\n", ("--ignore-other",)),
        ("id,REFRACTORY TO,egfr\nA,lena,45\n", ("--ignore-other",)),
        ("id,refractory,egfr\nA,lena,45\n", ("--ignore", "refractory")),
        ('{"id":"A","egfr":45}\n{"id":"B"}\n', ()),
        ('[{"id":"A","refractroy":"lena"}]', ("--ignore-other",)),
    ],
)
def test_a_table_without_a_drug_history_is_refused_unless_asked(
    tmp_path: Path, text: str, options: tuple[str, ...]
) -> None:
    path = table(tmp_path, text)
    assert "--without-history" in refused(path, *options)
    result = batch(path, *options, "--without-history")
    assert result.exit_code == 0
    assert records(result)[0]["id"] == "A"


def test_a_row_that_states_nothing_that_is_read_is_no_patient(tmp_path: Path) -> None:
    path = table(tmp_path, "id,refractory,note\nA,lena,x\n,,see above\n,,\n")
    result = batch(path, "--ignore", "note")
    assert given(result) == [
        (1, "A", lena()),
        (
            2,
            None,
            "states nothing in the columns that are read: map more of them, or delete the row",
        ),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x1f\x8b\x08abc", "is compressed; unpack it (gunzip FILE)"),
        (b"%PDF-1.7\n", "is a PDF; export the table"),
        (b"<html><table><tr><td>id</td></tr></table>", "is a web page or XML; open it in Excel"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "is a web page or XML"),
        (b"PK\x03\x04" + b"\0" * 26 + b"cohort.csv", "is a zip archive; unpack it"),
        (b"$FL2@(#) SPSS DATA FILE", "is an SPSS file; save it as CSV or Excel"),
        (b"SQLite format 3\0", "is a database; export the table"),
        ("id,refractory\nA,lena\n".encode("utf-16-le"), "say --encoding utf-16-le"),
        ("id,refractory\nA,lena\n".encode("utf-16-be"), "say --encoding utf-16-be"),
        ("id,Refraktär zu\nA,lena\n".encode("cp1252"), "say --encoding NAME (cp1252 from Excel)"),
        (b'{"resourceType":"Bundle","entry":[{"resource":{}}]}', "is FHIR; write a table"),
        (b'[["id","refractory"],["A","lena"]]', "write an object for each patient"),
        (b'{"a":[{"id":"A"}],"b":[{"id":"B"}]}', "more than one list (a, b); keep the one"),
    ],
)
@pytest.mark.parametrize("name", ["t.csv", "t.xlsx", "t.json", "t"])
def test_what_is_no_table_is_named_with_its_remedy(
    tmp_path: Path, content: bytes, said: str, name: str
) -> None:
    assert said in refused(table(tmp_path, content, name))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("t.ndjson", "id,refractory\nA,lena\n", "a table of text, not JSON"),
        ("t.json", "id;refractory\nA;lena\n", "a table of text, not JSON"),
        ("t.csv", '{"id":"A","refractory":"lena"}\n{"id":"B","refractory":"lena"}\n', "JSON"),
        ("t.csv", '[\n{"id":"A","refractory":"lena"}\n]\n', "JSON, not a table of text"),
        ("t.xlsx", "id,refractory\nA,lena\n", "a table of text, not a workbook"),
        ("t.parquet", "id\trefractory\nA\tlena\n", "a table of text, not Parquet"),
    ],
)
def test_a_wrong_ending_is_said_and_the_file_read(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    result = batch(table(tmp_path, text, name))
    assert given(result)[0] == (1, "A", lena())
    assert said in result.stderr.splitlines()[0]


PATIENTS: Final = [{"id": "A", "refractory": "lena"}, {"id": "B", "refractory": ["lena"]}]
DOCUMENTS: Final = {
    "list": json.dumps(PATIENTS),
    "laid out": json.dumps(PATIENTS, indent=2),
    "an object a line": "\n".join(map(json.dumps, PATIENTS)),
    "a list of lines": "[\n" + ",\n".join(map(json.dumps, PATIENTS)) + "\n]",
    "laid out one by one": "\n".join(json.dumps(each, indent=2) for each in PATIENTS),
    "around": json.dumps({"count": 2, "patients": PATIENTS, "next": None}),
    "around, laid out": json.dumps({"meta": {"of": ["x"]}, "data": PATIENTS}, indent=1),
    "a key that looks like an end": json.dumps({"a}]": '\\"]}', "rows": PATIENTS}),
}


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("name", ["t.json", "t.ndjson", "t", "-"])
def test_json_of_any_layout_is_the_same_patients(tmp_path: Path, document: str, name: str) -> None:
    text = DOCUMENTS[document].encode()
    result = batch("-", stdin=text) if name == "-" else batch(table(tmp_path, text, name))
    assert given(result) == [(1, "A", lena()), (2, "B", lena())]
    assert (result.exit_code, result.stderr) == (0, "")


def test_one_patient_laid_out_over_lines_is_one_row(tmp_path: Path) -> None:
    patient = {"id": "A", "refractory": ["lena"], "cytogenetics": []}
    result = batch(table(tmp_path, json.dumps(patient, indent=2), "t.json"))
    assert [row for row, *_ in given(result)] == [1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[{"id":"A","refractory":"lena"}, {"id":"B","x":}, {"id":"C"}]', ["A", None, "C"]),
        ('[{"id":"A","refractory":["lena"}, {"id":"B","refractory":"lena"}]', [None, "B"]),
        (
            '[{"id":"A","refractory":"lena"}, 5, {"id":"B"}, ["x"], "y"]',
            ["A", None, "B", None, None],
        ),
        ('[{"id":"A","refractory":"lena"},{"id":"B","refr', ["A", None]),
        ('[{"id":"A","refractory":"lena"}] trailing', ["A", None]),
        ('[{"id":"A","refractory":"lena"}{"id":"B"}]', ["A", "B"]),
    ],
)
def test_an_object_that_is_broken_costs_itself(
    tmp_path: Path, text: str, found: list[str | None]
) -> None:
    result = batch(table(tmp_path, text, "t.json"))
    assert [each["id"] for each in records(result)] == found
    assert result.exit_code == (1 if None in found else 0)


def test_a_long_list_is_never_held(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    with path.open("w") as out:
        out.write("[")
        for number in range(60_000):
            out.write(f'{{"id": "P{number}", "refractory": "lena", "note": "{"x" * 200}"}},\n')
        out.write('{"id": "last"}]')
    program = f"""
import tracemalloc
from lenrx.batch.plan import Plan, rows
plan = Plan({str(path)!r}, "json", ())
with open(plan.source, "rb") as source:
    tracemalloc.start()
    count = sum(1 for _ in rows(plan, source))
    print(tracemalloc.get_traced_memory()[1], count)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    peak, count = map(int, run.stdout.split())
    assert count == 60_001
    assert peak < 4_000_000


def test_stdin_is_a_pipe_too() -> None:
    command = [sys.executable, "-m", "lenrx", "batch", "-", *ASKED]
    text = (FIELD / "31-semicolon-decimal-comma.csv").read_bytes()
    run = subprocess.run(command, capture_output=True, input=text)
    assert (run.returncode, run.stderr.decode().splitlines()) == (0, [SEMICOLONS, COMMA])
    found = [json.loads(line)["given"]["egfr"] for line in io.BytesIO(run.stdout)]
    assert found == [45.5, 60.0]


@pytest.mark.parametrize("first", ["lenalidomide", "len; bort", "Revlimid"])
def test_the_first_patient_of_a_file_without_a_header_is_not_lost(
    tmp_path: Path, first: str
) -> None:
    path = table(tmp_path, f"{first}\nbortezomib\n")
    assert "is there a header (if not, write one above the rows" in refused(path)
    said = refused(path, "--map", f"refractory={first}", "--delimiter", "tab")
    assert "if that is the first patient, write a header above it" in said


def test_a_column_of_a_class_or_of_one_drug_may_be_mapped(tmp_path: Path) -> None:
    """Its name is no patient: the cells of the one name drugs, those of the other say yes or no."""
    path = table(tmp_path, "ID,PI,Lenalidomide\n1,bortezomib,yes\n")
    one, other = "refractory=PI", "refractory:lenalidomide=Lenalidomide"
    (found,) = records(batch(path, "--map", "id=ID", "--map", one, "--ignore", "Lenalidomide"))
    assert found["derived"]["refractory"] == ["bortezomib"]
    (found,) = records(batch(path, "--map", "id=ID", "--map", other, "--ignore", "PI"))
    assert found["derived"]["refractory"] == ["lenalidomide"]
