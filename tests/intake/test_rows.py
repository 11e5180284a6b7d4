"""Reading chart tables: whatever stands in a file costs its own row, and every line is told of."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner

from lenrx.cli import main as cli
from lenrx.intake import lines as text
from lenrx.intake.column_map import ColumnMap
from lenrx.intake.delimited import delimited, fielded
from lenrx.intake.ndjson import ndjson
from lenrx.intake.rows import Code, Problem
from lenrx.patient.patient import PatientError

Records = list[dict[str, Any]]


pytestmark = pytest.mark.usefixtures("one_catalogue")


def batch(path: Path, content: bytes, *options: str) -> Any:
    path.write_bytes(content)
    return CliRunner().invoke(cli.app, ["batch", str(path), "--without-history", *options])


def records(result: Any) -> Records:
    return [json.loads(line) for line in result.stdout_bytes.splitlines()]


def shown(found: Records) -> list[str | None]:
    """The id of each row that could be read, None for an error record."""
    return [None if "error" in each else each["id"] for each in found]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "cohort.csv"


@pytest.fixture
def objects(tmp_path: Path) -> Path:
    return tmp_path / "cohort.ndjson"


def test_a_line_too_long_costs_its_own_row(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LONGEST", 64)
    long = b"B," + b"6" * 1000
    result = batch(table, b"id,age\nA,50\n" + long + b"\nC,70\n" + long)
    assert result.exit_code == 1
    assert shown(records(result)) == ["A", None, "C", None]
    assert "a line of more than 64 bytes" in records(result)[1]["error"]["reason"]


@pytest.mark.parametrize("size", [62, 63, 64, 65, 127, 128, 129])
def test_the_longest_line_is_told_from_one_that_is_longer(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(text, "LONGEST", 64)
    found = list(text.lines(io.BytesIO(b"x" * size + b"\nnext\n")))
    assert found == ["x" * size + "\n" if size < 64 else "\0\n", "next\n"]


@pytest.mark.parametrize("name", ["c.csv", "c.ndjson"])
def test_a_line_of_fifty_megabytes_is_never_held(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as out:
        out.write(b"id,age\nA,50\n" if name == "c.csv" else b'{"id":"A"}\n')
        for _ in range(50):
            out.write(b"x" * 1_000_000)
        out.write(b"\nC,70\n" if name == "c.csv" else b'\n{"id":"C"}\n')
    program = f"""
import tracemalloc
from lenrx.batch.plan import Plan, rows
plan = Plan({str(path)!r}, {path.suffix[1:]!r}, (), without_history=True)
with open(plan.source, "rb") as source:
    tracemalloc.start()
    found = list(rows(plan, source))
    print(tracemalloc.get_traced_memory()[1], *[type(each).__name__ for each in found])
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    peak, *kinds = run.stdout.split()
    assert kinds == ["dict", "Problem", "dict"]
    assert int(peak) < 8_000_000


def test_a_nul_costs_its_own_row(table: Path) -> None:
    result = batch(table, b"id,age\nA,5\x000\nB\x00,50\nC,70\n")
    assert shown(records(result)) == [None, None, "C"]
    assert "holds a NUL" in records(result)[0]["error"]["reason"]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("c.csv", ("id,age\n", "José,50\n", "Jose,60\n")),
        ("c.tsv", ("id\tage\n", "José\t50\n", "Jose\t60\n")),
        ("c.ndjson", ("", '{"id":"José"}\n', '{"id":"Jose"}\n')),
    ],
)
def test_latin_1_costs_its_own_row_and_can_be_asked_for(
    tmp_path: Path, name: str, rows: tuple[str, ...]
) -> None:
    content = "".join(rows).encode("latin-1")
    guessed = batch(tmp_path / name, content)
    assert shown(records(guessed)) == [None, "Jose"]
    assert "not UTF-8" in records(guessed)[0]["error"]["reason"]
    assert b"Jos" not in guessed.stdout_bytes.splitlines()[0]
    told = batch(tmp_path / name, content, "--encoding", "latin-1")
    assert (told.exit_code, shown(records(told))) == (0, ["José", "Jose"])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["c.csv", "c.ndjson"])
def test_utf_16_is_read_by_its_mark_and_without_one_when_it_is_said(
    tmp_path: Path, name: str, encoding: str
) -> None:
    # The letter Ċ holds the byte of a newline.
    rows = (
        'id,age\n"Ċé",50\nB,60\n'
        if name == "c.csv"
        else '{"id":"Ċé","age":5}\n{"id":"B","age":6}\n'
    )
    content = rows.encode(encoding)
    told = batch(tmp_path / name, content, "--encoding", encoding)
    assert (told.exit_code, shown(records(told))) == (0, ["Ċé", "B"])
    guessed = batch(tmp_path / name, content)
    assert len(guessed.stderr.splitlines()) == 1
    if encoding == "utf-16":
        assert (guessed.exit_code, shown(records(guessed))) == (0, ["Ċé", "B"])
        assert "the text is UTF-16" in guessed.stderr
    else:
        assert (guessed.exit_code, guessed.stdout) == (2, "")
        assert f"say --encoding {encoding}" in guessed.stderr


def test_bytes_that_are_no_utf_16_cost_their_own_row(table: Path) -> None:
    content = (
        "id,age\nA,50\n".encode("utf-16-le") + b"\x00\xd8,\x00" + "5\nC,60\n".encode("utf-16-le")
    )
    result = batch(table, content, "--encoding", "utf-16-le")
    assert shown(records(result)) == ["A", None, "C"]


def test_a_line_of_utf_16_is_no_longer_than_any_other(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "LONGEST", 64)
    content = f"id,age\nA,{'5' * 1000}\nB,60\n".encode("utf-16")
    assert shown(records(batch(table, content, "--encoding", "utf-16"))) == [None, "B"]


@pytest.mark.parametrize("encoding", ["nonsense", "idna", "base64", ""])
def test_an_encoding_that_cannot_be_used_is_one_line_and_exit_2(table: Path, encoding: str) -> None:
    result = batch(table, b"id,age\nA,50\n", "--encoding", encoding)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "not a known encoding" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_byte_order_mark_and_any_line_ends_make_no_difference(table: Path) -> None:
    plain = batch(table, b"id,age\nA,50\nB,60\n")
    marked = batch(table, b"\xef\xbb\xbfid,age\r\nA,50\r\nB,60\r\n")
    bare = batch(table, b"id,age\nA,50\nB,60")
    assert plain.exit_code == 0
    assert plain.stdout_bytes == marked.stdout_bytes == bare.stdout_bytes
    assert shown(records(plain)) == ["A", "B"]


def test_a_byte_order_mark_is_taken_off_ndjson(objects: Path) -> None:
    assert shown(records(batch(objects, b'\xef\xbb\xbf{"id":"A"}\r\n{"id":"B"}\r\n'))) == ["A", "B"]


def test_blank_lines_are_no_rows(table: Path, objects: Path) -> None:
    assert shown(records(batch(table, b"\n\r\nid,age\n\nA,50\n\n\nB,60\n\n"))) == ["A", "B"]
    assert shown(records(batch(objects, b'\n{"id":"A"}\n  \n\r\n{"id":"B"}\n\n'))) == ["A", "B"]


def test_a_quoted_cell_may_hold_newlines_and_separators(table: Path) -> None:
    result = batch(table, b'id,refractory\nA,"lenalidomide\nbortezomib"\n"B, junior","lena,pom"\n')
    found = records(result)
    assert shown(found) == ["A", "B, junior"]
    assert found[0]["given"]["refractory"] == ["bortezomib", "lenalidomide"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["A,50", 'B,"60', "C,70", "D,80"], ["A", (3, 5)]),
        (["A,50", 'B,"60', 'C,"70"', "D,80"], ["A", (3, 4), "D"]),
        (["A,50", 'B,"60"x', "C,70"], ["A", (3, 3), "C"]),
        (['"A"",50', 'B,"60', "C,70"], [(2, 3), "C"]),
        (['A,"50'], [(2, 2)]),
    ],
)
def test_after_a_broken_quote_every_line_is_a_row_or_in_the_range_of_an_error(
    table: Path, lines: list[str], told: list[Any]
) -> None:
    result = batch(table, "\n".join(["id,age", *lines, ""]).encode())
    found = [_range(each) if "error" in each else each["id"] for each in records(result)]
    assert found == told
    assert result.exit_code == 1
    count = sum(each[1] - each[0] + 1 if isinstance(each, tuple) else 1 for each in found)
    assert count == len(lines)


def _range(record: dict[str, Any]) -> tuple[int, int]:
    lines = re.search(r"lines (\d+) to (\d+) of the file", record["error"]["reason"])
    assert lines, record
    return int(lines[1]), int(lines[2])


def test_an_unclosed_quote_in_a_large_file_does_not_swallow_the_rest(table: Path) -> None:
    rows = [f"P{number},50" for number in range(20_000)]
    rows[0] = 'P0,"50'
    table.write_text("\n".join(["id,age", *rows, ""]))
    with table.open("rb") as source:
        _, cells = delimited(source, "csv")
        first, *others = fielded(cells, ("id", "age"))
    assert isinstance(first, Problem)
    lost = _range({"error": {"reason": first.reason}})
    assert lost[0] == 2
    assert [row["id"] for row in others if isinstance(row, dict)] == [
        row.partition(",")[0] for row in rows[lost[1] - 1 :]
    ]
    assert len(others) > 1000


def test_a_wrong_number_of_cells_costs_its_own_row(table: Path) -> None:
    result = batch(table, b"id,age\nA\nB,60\nC,70,9\n , \nD,50,\n")
    found = records(result)
    assert shown(found) == [None, "B", None, None]
    assert [each["row"] for each in found] == [1, 2, 3, 5]
    # One empty cell too many in one row only may be a delimiter within a cell: it would be shifted.
    assert found[3]["error"]["reason"] == "has 3 cells where the header has 2"
    assert "passed over, as no patient: 1 empty row\n" in result.stderr
    assert found[0]["error"]["reason"] == "has 1 cell where the header has 2"
    assert found[2]["error"]["reason"] == "has 3 cells where the header has 2"


def test_delimiters_behind_every_row_cost_nothing(table: Path) -> None:
    result = batch(table, b"id,age\nA,40,\nB,60,\n")
    assert shown(records(result)) == ["A", "B"]


def test_a_cell_larger_than_csv_allows_costs_its_own_row(table: Path) -> None:
    result = batch(table, b"id,age\nA," + b"5" * 140_000 + b"\nB,60\n")
    assert shown(records(result)) == [None, "B"]
    assert _range(records(result)[0]) == (2, 2)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"id,age,id\n", "column id is there twice"),
        (b"id,age,Age\n", "column age is there twice"),
        (b'"id,age\nA,50\n', "header: cannot be read"),
        (b'id,"age"x\n', "header: cannot be read"),
        (b"id,a\xffge\n", "header: is not text in UTF-8"),
        (b"id,a\x00ge\n", "header: is not text in UTF-8"),
        (b"id," + b"x" * 1_000_001 + b"\n", "header: is not text in UTF-8, or too long"),
    ],
)
def test_a_header_that_cannot_be_used_is_one_line_and_exit_2(
    table: Path, header: bytes, said: str
) -> None:
    result = batch(table, header + b"A,50,B\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


EMPTY = (b"", b"\xef\xbb\xbf", b"\n\n", b" \r\n")


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_a_file_without_a_patient_is_one_line_and_exit_2(
    table: Path, objects: Path, form: str
) -> None:
    rowless = (b"id,age\n", b"id,age", b"id,age\n,\n , \n", b"id,age\nid,age\n")
    said = "lenrx: file: is empty; there is no patient in it\n"
    for content in (*EMPTY, b",,\n,,\n"):
        result = batch(table, content, "-f", form)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", said), content
    for content in EMPTY:
        result = batch(objects, content, "-f", form)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", said), content
    said = "lenrx: file: has no row of a patient: there is nothing to answer\n"
    for content in rowless:
        result = batch(table, content, "-f", form)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", said), content
    for content in (b"{}\n", b'{"id":null,"age":""}\n{}'):
        result = batch(objects, content, "-f", form)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", said), content


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ('{"id":"A","id":"B"}', "row", "key id is written twice; keep one"),
        ('{"id":"A","age":NaN}', "row", "not JSON: a value is out of bounds"),
        ('{"id":"A","age":Infinity}', "row", "not JSON: a value is out of bounds"),
        ('{"id":"A","age":-Infinity}', "row", "not JSON: a value is out of bounds"),
        ('{"id":"A","age":1e999}', "age", "must be a number from 0 to 120 years"),
        ('{"id":"A","age":' + "9" * 5000 + "}", "row", "not JSON: a value is out of bounds"),
        ('{"id":"A","age":' + "9" * 4000 + "}", "age", "must be text, a number or a list of words"),
        ('{"id":"A","prior_lines":' + "9" * 30 + "}", "prior_lines", "must be a whole number"),
        (DEEP, "row", "not JSON: "),
        ('{"id":' + DEEP, "row", "not JSON: "),
        ('{"age":{"years":50}}', "age", "must be text, a number or a list of words"),
        ('{"age":[50]}', "age", "must be text, a number or a list of words"),
        ('{"age":true}', "age", "must be a number from 0 to 120 years"),
        ('{"id":["A"]}', "id", "must be text"),
        ('{"id":true}', "id", "must be text"),
        ('{"refractory":["lena",1]}', "refractory", "must be text, a number or a list of words"),
        ('{"refractory":[["lena"]]}', "refractory", "must be text, a number or a list of words"),
        ('{"refractory":{"lena":true}}', "refractory", "must be text, a number or a list of words"),
        ('{"sex":"\\ud800"}', "sex", "holds a mark that cannot be read"),
        ('{"\\ud800":1}', "?", "unknown field"),
        ('{"age":50,"Age":60}', "age", "stated by 'age' and by 'Age', which differ; keep one"),
        ("[1]", "row", "must be a JSON object"),
        ("null", "row", "must be a JSON object"),
        ('"A"', "row", "must be a JSON object"),
        ('{"id":"A"', "row", "not JSON: "),
        ('{"id":"A"}{"id":"B"}', "row", "not JSON: something follows"),
        ("{'id':'A'}", "row", "not JSON: "),
        ('{"id":"A\x00"}', "row", "holds a NUL"),
    ],
    ids=lambda text: str(text)[:30],
)
def test_an_object_that_cannot_be_read_costs_its_own_row(
    objects: Path, line: str, field: str, reason: str
) -> None:
    result = batch(objects, f'{line}\n{{"id":"Z","ecog":1}}\n'.encode())
    bad, good = records(result)
    assert bad["error"]["field"] == field
    assert bad["error"]["reason"].startswith(reason)
    assert (bad["error"]["code"] == "row") == (field == "row")
    assert good["id"] == "Z"
    assert "error" not in good
    assert (result.exit_code, result.stderr) == (1, "lenrx: 1 of 2 rows could not be read\n")


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ('{"age":"60"}', {"age": 60.0}),
        ('{"age":60}', {"age": 60.0}),
        ('{"prior_lines":"2"}', {"prior_lines": 2}),
        ('{"emd":true}', {"emd": True}),
        ('{"emd":"false"}', {"emd": False}),
        ('{"refractory":[]}', {"refractory": []}),
        ('{"refractory":["lena","pom"]}', {"refractory": ["lenalidomide", "pomalidomide"]}),
        ('{"refractory":"lena; pom"}', {"refractory": ["lenalidomide", "pomalidomide"]}),
        ('{"age":null,"sex":"","ecog":1}', {"ecog": 1}),
    ],
)
def test_values_of_json_and_text_are_read_alike(
    objects: Path, line: str, given: dict[str, Any]
) -> None:
    (found,) = records(batch(objects, line.encode() + b"\n"))
    assert found["given"] == given


def test_a_lone_surrogate_is_written_as_a_question_mark(objects: Path) -> None:
    content = b'{"id":"\\ud800"}\n{"id":"\\ud83d\\ude00"}\n'
    assert shown(records(batch(objects, content))) == ["?", "\U0001f600"]


def test_a_summary_can_be_written_whatever_the_keys_are(objects: Path, tmp_path: Path) -> None:
    content = b'{"\\ud800":1}\n{"[/b]":1}\n{"[red]x":1}\n{"\\u001b[31m":1}\n'
    path = tmp_path / "s.json"
    result = batch(objects, content, "--summary", "--summary-json", str(path), "--color", "always")
    assert result.exit_code == 1
    assert "4 rows, 4 could not be read." in result.stdout
    assert "unknown field 4" in result.stdout
    assert "\x1b[31m" not in result.stdout
    assert json.loads(path.read_bytes())["unreadable_fields"] == {"unknown field": 4}


def test_keys_of_json_are_mapped_and_ignored_as_columns_are(objects: Path) -> None:
    content = b'{"MRN":"A","note":"x"}\n{"MRN":"B","other":1}\n'
    result = batch(objects, content, "--map", "id=MRN", "--ignore", "note")
    assert shown(records(result)) == ["A", None]
    result = batch(objects, content, "--map", "id=MRN", "--ignore-other")
    assert shown(records(result)) == ["A", "B"]


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_ids_that_repeat_keep_both_rows_and_warn_of_the_later(table: Path, form: str) -> None:
    result = batch(table, b"id,age\nA,50\nB,60\n A ,70\n,80\n,80\nA,50\n", "--format", form)
    if form == "ndjson":
        warned = [
            [one["message"] for one in each["warnings"] if one["code"] == "duplicate-id"]
            for each in records(result)
        ]
        said = ["the id stands in row 1 too"]
        assert warned == [[], [], said, [], [], said]
    else:
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert ["duplicate-id" in row["warnings"] for row in rows] == [
            *(False, False, True),
            *(False, False, True),
        ]
    assert result.exit_code == 0
    assert result.stderr == "lenrx: 2 of 6 rows repeat the id of another row\n"


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_a_row_that_cannot_be_read_tells_of_its_id_too(table: Path, form: str) -> None:
    result = batch(table, b"id,egfr,ecog\nA,see letter,1\nA,<15 (HD),x\n", "--format", form)
    if form == "ndjson":
        first, second = records(result)
        assert first["warnings"] == []
        assert [one["code"] for one in second["warnings"]] == ["duplicate-id"]
        assert second["error"]["field"] == "ecog"
        assert "HD" not in result.stdout
    else:
        first, second = csv.DictReader(io.StringIO(result.stdout))
        assert first["warnings"] == ""
        assert [second["warnings"], second["error_field"]] == ["duplicate-id", "ecog"]
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "lenrx: 1 of 2 rows repeat the id of another row",
        "lenrx: 2 of 2 rows could not be read",
    ]


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-1", "'-1"),
        ("+1", "'+1"),
        ('"\t=1"', "'=1"),
        ('"=HYPERLINK(""http://x"",""y"")"', '\'=HYPERLINK("http://x","y")'),
        ("1=1", "1=1"),
    ],
)
def test_csv_output_holds_no_formula(table: Path, written: str, cell: str) -> None:
    result = batch(table, f"id,age\n{written},50\n".encode(), "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert row["id"] == cell
    long = batch(table, f"id,age\n{written},50\n".encode(), "--format", "csv", "--long")
    assert {row["id"] for row in csv.DictReader(io.StringIO(long.stdout))} == {cell}


def test_no_cell_of_an_error_is_a_formula_either(objects: Path) -> None:
    held = {"id": "A", "refractory": "=SUM(A1)", "=1+1": 1}
    result = batch(objects, json.dumps(held).encode(), "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert row["error_word"].startswith("'=")
    assert not any(cell[:1] in ("=", "+", "-", "@") for cell in row.values())


def test_csv_output_holds_no_formula_from_a_key(objects: Path) -> None:
    result = batch(objects, b'{"=1+1":1}\n', "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert row["error_field"] == "'=1+1"


def test_ndjson_output_is_one_line_per_row_whatever_the_ids_hold(objects: Path) -> None:
    ids = ["a\nb", "a\rb", "a\u2028b", "a\x85b", "a\x0bb", 'a"b\\']
    result = batch(objects, "\n".join(json.dumps({"id": each}) for each in ids).encode())
    assert result.stdout_bytes.count(b"\n") == len(ids)
    assert [json.loads(line)["id"] for line in result.stdout_bytes.split(b"\n")[:-1]] == ids


@pytest.mark.parametrize("id_", ["a\nb", "a\r\nb", "a\rb"])
def test_csv_output_is_one_line_per_row_whatever_the_ids_hold(objects: Path, id_: str) -> None:
    result = batch(objects, json.dumps({"id": id_}).encode(), "--format", "csv")
    assert len(re.split(rb"\r\n?|\n", result.stdout_bytes.removesuffix(b"\n"))) == 2


def test_what_a_cell_says_is_in_the_word_of_an_error_and_nowhere_else(table: Path) -> None:
    content = b'id,refractory,egfr\nA,Smith,60\nB,lena,Smith\nC,"lena"Smith,1\nD,Smith\n'
    content += b"E,lena,Sm\xffith\n"
    for form in ("ndjson", "csv"):
        result = batch(table, content, "--format", form)
        assert result.stdout.count("\n") == 5 + (form == "csv")
        assert result.stderr.splitlines() == [
            "lenrx: some of the text is not UTF-8: if Excel wrote it, say --encoding cp1252",
            "lenrx: 5 of 5 rows could not be read",
        ]
    found = records(batch(table, content))
    assert shown(found) == [None] * 5
    words = [each["error"].pop("word", None) for each in found]
    assert [str(word).lower() for word in words] == ["smith", "smith", "none", "none", "none"]
    assert "smith" not in json.dumps(found).lower()
    assert [each["error"]["code"] for each in found] == ["unreadable"] * 2 + ["row"] * 3


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ({"age": 50, "Age": 60}, "age", "stated-twice"),
        ({"egrf": 60}, "egrf", "unknown-field"),
        ({"age": "old"}, "age", "unreadable"),
        ({"refractory": "lena; some"}, "refractory", "unreadable"),
        ({"prior_lines": 0, "refractory": "lena"}, "prior_lines", "contradiction"),
        ("", "row", "row"),
    ],
)
def test_the_code_of_an_error_says_what_kind_it_is(
    objects: Path, row: Any, field: str, code: str
) -> None:
    (found,) = records(batch(objects, json.dumps(row).encode()))
    assert (found["error"]["field"], found["error"]["code"]) == (field, code)
    assert code in get_args(Code)
    assert "errors" not in found


def test_every_problem_of_a_row_is_told_and_the_first_one_first(objects: Path) -> None:
    row = {"id": "A", "age": "old", "ecog": 1, "foo": 1, "egfr": "see letter"}
    (found,) = records(batch(objects, json.dumps(row).encode()))
    assert [each["field"] for each in found["errors"]] == ["age", "foo", "egfr"]
    assert found["errors"][0] == found["error"]
    (short,) = csv.DictReader(
        io.StringIO(batch(objects, json.dumps(row).encode(), "-f", "csv").stdout)
    )
    assert short["error_field"] == "age | foo | egfr"
    assert short["error_code"] == "unreadable | unknown-field | unreadable"


def test_lines_reads_no_more_of_a_source_than_it_needs() -> None:
    source = io.BytesIO('{"id":"A"}\n{"id":"B"}\n'.encode("utf-16"))
    found = ndjson(source, ColumnMap({}, frozenset()), False, "utf-16")
    assert next(found) == {"id": "A"}
    del found
    assert not source.closed


def test_utf_16_without_its_name_is_refused_before_any_row() -> None:
    with pytest.raises(PatientError, match="UTF-16"):
        next(text.lines(io.BytesIO("id\n".encode("utf-16"))))
