"""Results as tables: a short row for each patient, and a row for each patient and regimen."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Final

import pytest

from lenrx.batch.shown import asked, spelled, worded
from lenrx.batch.tables import LONG, SHORT, csv_line, header, long_lines, long_rows
from lenrx.catalogue.loading import Catalogue
from tests.batch.answers import COHORT, Answers, Data, ranks

Cells = dict[str, str]


def table(lines: list[str], columns: tuple[str, ...]) -> list[Cells]:
    """A table as another program reads it; every row has all columns and one line."""
    assert not any("\n" in line or "\r" in line for line in lines)
    text = "\r\n".join([header(columns), *lines])
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in rows} == {len(columns)}
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def full(catalogue: Catalogue) -> Answers:
    return Answers(catalogue)


@pytest.fixture(scope="module")
def short(catalogue: Catalogue) -> list[Cells]:
    return table(Answers(catalogue, plan={"form": "csv"}).lines, SHORT)


def test_a_short_row_has_the_counts_and_the_first_options_of_its_result(
    full: Answers, short: list[Cells]
) -> None:
    read = 0
    for row, cells in zip(full.rows, short, strict=True):
        assert cells["row"] == str(row["row"])
        assert cells["id"] == (row["id"] or "")
        if "error" in row:
            continue
        read += 1
        assert [cells[name] for name in ("eligible", "conditional", "excluded")] == [
            str(len(row[name])) for name in ("eligible", "conditional", "excluded")
        ]
        options = [cells[f"option_{place}"] for place in range(1, 6)]
        assert [name for name in options if name] == row["eligible"][:5]
        assert cells["off_label"] == " | ".join(row["off_label"])
        assert cells["ask_first"] == next((each["field"] for each in asked(row)), "")
        assert (cells["state"], cells["as_of"]) == (row["state"], row["as_of"])
        assert (
            cells["warnings"].split(" | ")
            == [*dict.fromkeys(each["code"] for each in row["warnings"])]
            or not row["warnings"]
        )
    assert read == 7


def test_a_short_row_has_what_was_stated_and_how_it_was_read(short: list[Cells]) -> None:
    by_row = {cells["row"]: cells for cells in short}
    stated = ("refractory", "egfr", "ecog", "lvef", "cytogenetics", "exposed", "dialysis")
    assert [by_row["3"][name] for name in stated] == [
        *("bortezomib; daratumumab; lenalidomide", "10", "2", "60", "t(11;14)", "", "")
    ]
    last = by_row["9"]
    assert (last["egfr"], last["ecog"], last["lvef"]) == (">60", "1", "55")
    assert (
        last["readings"].split(" | ")
        == [
            "read 'ECOG 1' as ECOG 1",
            "read '55%' as LVEF 55",
        ]
        or last["readings"]
    )
    assert by_row["1"]["readings"] == ""
    assert by_row["7"]["warnings"] == "duplicate-id"
    assert by_row["6"]["warnings"] == "out-of-scope"


def test_a_short_error_row_has_every_field_that_is_wrong_and_no_answer(
    short: list[Cells],
) -> None:
    bad = [cells for cells in short if cells["error"]]
    assert [cells["id"] for cells in bad] == ["E", "H"]
    assert bad[0]["error_field"] == "refractory"
    assert bad[1]["error_field"] == "egfr | ecog"
    assert bad[1]["error_code"] == "unreadable | unreadable"
    assert len(bad[1]["error"].split(" | ")) == 2
    for cells in bad:
        filled = {name for name, cell in cells.items() if cell}
        assert filled <= {
            *("row", "id", "error_field", "error_code", "error", "error_word"),
        }
        assert "Jane" not in cells["error"]


def test_words_that_failed_stand_beside_their_fields(catalogue: Catalogue) -> None:
    """The first field of two has no such word, so the second word must not move up."""
    rows = [{"id": "A", "egfr": {"no": "text"}, "refractory": "lena; Xyzmab"}]
    (cells,) = table(Answers(catalogue, rows, {"form": "csv"}).lines, SHORT)
    assert cells["error_field"] == "egfr | refractory"
    assert cells["error_word"] == " | Xyzmab"


INJECTED: Final = ("=cmd()", "+1", "-1", "@sum", "\t=1", "=HYPERLINK(1)", " =1+1")


@pytest.mark.parametrize("form", ["short", "long"])
def test_no_cell_is_a_formula(catalogue: Catalogue, form: str) -> None:
    rows = [{"id": name, "refractory": "lena"} for name in INJECTED]
    found = Answers(catalogue, rows, {"form": "csv", "long": form == "long"})
    lines = [line for each in found.lines for line in each.split("\n")]
    ids = {cells["id"] for cells in table(lines, LONG if form == "long" else SHORT)}
    assert "'=cmd()" in ids
    assert ids <= {f"'{name.strip()}" for name in INJECTED}


def test_a_cell_of_several_lines_is_one_line_and_nothing_leaves_its_cell() -> None:
    cells = {"a": "one\ntwo\r\nthree\u2028four", "b": 'say "hi", all', "c": ";"}
    (row,) = csv.reader([csv_line(("a", "b", "c", "d"), cells)])
    assert row == ["one two three four", 'say "hi", all', ";", ""]


def long_of(full: Answers) -> list[str]:
    found = [long_lines(each, full.legend, "csv") for each in full.lines]
    return [line for each in found for line in each.split("\n")]


def test_a_long_table_has_a_row_for_each_patient_and_regimen(
    catalogue: Catalogue, full: Answers
) -> None:
    lines = [
        line for each in full.lines for line in long_lines(each, full.legend, "csv").split("\n")
    ]
    found = table(lines, LONG)
    bad = [cells for cells in found if cells["error"]]
    assert [(cells["id"], cells["error_field"]) for cells in bad] == [
        ("E", "refractory"),
        ("H", "egfr"),
    ]
    assert all(cells["regimen"] == cells["verdict"] == "" for cells in bad)
    assert len(found) == 7 * len(catalogue.regimens) + 2
    for row in (row for row in full.rows if "error" not in row):
        mine = [cells for cells in found if cells["row"] == str(row["row"])]
        every = [*row["eligible"], *row["conditional"], *row["excluded"]]
        assert [cells["regimen"] for cells in mine] == every
        assert [cells["rank"] for cells in mine] == ranks(row) + [""] * len(row["excluded"])
        assert [cells["regimen"] for cells in mine if cells["label"] == "off-label"] == row[
            "off_label"
        ]


def test_a_long_row_names_the_criterion_that_decides_and_the_evidence_that_fits_best(
    full: Answers,
) -> None:
    decided = 0
    for row in (row for row in full.rows if "error" not in row):
        spelt = {each["id"]: each for each in spelled(row, full.legend)}
        for each in long_rows(row, full.legend):
            whole = spelt[each["regimen"]]
            member = {"excluded": "excluded_by", "conditional": "unclear"}.get(each["verdict"])
            if member:
                decided += 1
                assert each["regimen"] in row[member][each["criterion"]]
                texts = {one["criterion"]: worded(one) for one in whole["findings"]}
                assert each["because"] == texts[each["criterion"]]
            else:
                assert each["criterion"] is each["because"] is None
            best = whole["evidence"][0] if whole["evidence"] else {}
            assert each["trial"] == best.get("trial")
            assert {*each} <= {*LONG}
            met = [one["criterion"] for one in whole["findings"] if one["effect"] == "cautions"]
            assert each["cautions"] == " | ".join(met)
            left_out = best.get("patients_like_this_were_excluded", [])
            assert each["patients_like_this_were_excluded"] == " | ".join(left_out)
            assert each["hr"] == best.get("hr")
    assert decided > 100


def test_a_long_row_of_a_strict_answer_names_what_is_to_be_confirmed(
    catalogue: Catalogue,
) -> None:
    found = Answers(catalogue, [{"id": "A", "refractory": "lena"}], strict=True)
    (row,) = found.rows
    named = {
        each["criterion"]
        for each in long_rows(row, found.legend)
        if each["verdict"] == "conditional"
    }
    assert None not in named
    assert named & {*row["confirm"]}


def test_a_long_table_as_json_has_the_same_rows(catalogue: Catalogue, full: Answers) -> None:
    made = Answers(catalogue, COHORT, {"long": True})
    rows = [json.loads(line) for each in made.lines for line in each.split("\n")]
    legend, expected = made.legend, list[Data]()
    for row in full.rows:
        expected += long_rows(row, legend)
    assert rows == expected


def test_an_interval_is_one_cell(full: Answers) -> None:
    lines = [
        line for each in full.lines for line in long_lines(each, full.legend, "csv").split("\n")
    ]
    intervals = {cells["ci95"] for cells in table(lines, LONG)} - {""}
    rows: list[dict[str, Any]] = [each for row in full.rows for each in long_rows(row, full.legend)]
    texts = {
        "-".join(map(str, each["ci95"])) if isinstance(each["ci95"], list) else str(each["ci95"])
        for each in rows
        if each.get("ci95") is not None
    }
    assert intervals == texts
    assert len(texts) > 2
