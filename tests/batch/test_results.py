"""The lines of results: whole, brief, with reasons, and error records."""

from __future__ import annotations

import json
from typing import Any, Final, get_args

import pytest

from lenrx.batch.members import MEMBERS
from lenrx.batch.results import GIVEN, SCHEMA
from lenrx.batch.shown import asked, spelled
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.intake.rows import Code, Problem
from tests.batch.answers import Answers, Data

HEAD: Final = ["schema", "row", "id", "region", "as_of", "state"]
LISTS: Final = [*VERDICTS, "off_label", "label_unknown", "ties"]
STATED: Final = ["given", "derived", "readings", "warnings"]


@pytest.fixture(scope="module")
def full(catalogue: Catalogue) -> Answers:
    return Answers(catalogue)


def read(answers: Answers) -> list[Data]:
    return [row for row in answers.rows if "error" not in row]


def test_a_line_has_its_members_in_their_order_and_is_one_line(full: Answers) -> None:
    for row in read(full):
        assert [*row] == [*HEAD, *STATED, *LISTS, *MEMBERS, "ask"]
        assert row["schema"] == SCHEMA
    assert not any("\n" in line for line in full.lines)


def test_every_regimen_has_one_verdict_and_each_list_its_own(
    full: Answers, catalogue: Catalogue
) -> None:
    for row in read(full):
        every = [name for verdict in VERDICTS for name in row[verdict]]
        assert sorted(every) == sorted(catalogue.regimens)
        open_ = [*row["eligible"], *row["conditional"]]
        assert row["off_label"] == [name for name in open_ if name in row["off_label"]]
        assert row["label_unknown"] == [name for name in open_ if name in row["label_unknown"]]
        assert {*row["off_label"]}.isdisjoint(row["label_unknown"])
        tied = [name for tie in row["ties"] for name in tie]
        assert tied == [name for name in open_ if name in tied]
        assert all(len(tie) > 1 for tie in row["ties"])
        excluded = {name for each in row["excluded_by"].values() for name in each}
        assert excluded == {*row["excluded"]}
        assert {*row["conditional"]} <= {n for each in row["unclear"].values() for n in each}


def test_what_was_stated_stands_in_the_order_of_the_contract(catalogue: Catalogue) -> None:
    cells = {"egfr": "60", "refractory": "lena", "age": "70", "id": "A", "region": "us"}
    (row,) = Answers(catalogue, [cells]).rows
    assert [*row["given"]] == [name for name in GIVEN if name in cells]
    assert (row["id"], row["region"]) == ("A", "us")


def test_a_brief_line_is_a_line_without_what_was_found(full: Answers, catalogue: Catalogue) -> None:
    brief = Answers(catalogue, plan={"detail": "brief"})
    kept = [*HEAD, *LISTS, "ask"]
    for row, short in zip(full.rows, brief.rows, strict=True):
        assert short == (row if "error" in row else {name: row[name] for name in kept})


def test_a_line_with_reasons_has_its_regimens_written_out(
    full: Answers, catalogue: Catalogue
) -> None:
    reasons = Answers(catalogue, plan={"detail": "reasons"})
    for row, long in zip(full.rows, reasons.rows, strict=True):
        if "error" in row:
            assert long == row
            continue
        assert long["regimens"] == spelled(row, full.legend)
        assert long["questions"] == asked(row)
        assert not {*MEMBERS} & {*long}
        assert {name: long[name] for name in (*HEAD, *STATED)} == {
            name: row[name] for name in (*HEAD, *STATED)
        }


def error(catalogue: Catalogue, row: Any) -> Data:
    (found,) = Answers(catalogue, [row]).rows
    return found


@pytest.mark.parametrize(
    ("row", "field", "code", "word"),
    [
        ({"id": "A", "egfr": "see letter"}, "egfr", "unreadable", "see letter"),
        ({"id": "A", "refractory": "lena; Xyzmab"}, "refractory", "unreadable", "Xyzmab"),
        ({"id": "A", "egrf": "60"}, "egrf", "unknown-field", None),
        (
            {"id": "A", "exposed": "bort + ASCT", "prior_transplant": "no"},
            *("prior_transplant", "stated-twice", None),
        ),
        (
            {"id": "A", "refractory": "lena", "prior_lines": "0"},
            "prior_lines",
            "contradiction",
            None,
        ),
        (Problem("row", "has 2 cells, and the header 3", "row"), "row", "row", None),
    ],
)
def test_an_error_record_says_field_code_and_reason_and_a_word_that_failed(
    catalogue: Catalogue, row: Any, field: str, code: str, word: str | None
) -> None:
    found = error(catalogue, row)
    assert {*found} == {"schema", "row", "id", "warnings", "error"}
    assert found["id"] == (None if isinstance(row, Problem) else "A")
    assert (found["error"]["field"], found["error"]["code"]) == (field, code)
    assert found["error"].get("word") == word
    assert code in get_args(Code)
    assert found["error"]["reason"]
    assert not any(cell in found["error"]["reason"] for cell in ("see letter", "Xyzmab"))


def test_every_cell_that_is_wrong_is_in_the_record(catalogue: Catalogue) -> None:
    found = error(catalogue, {"egfr": "see letter", "ecog": "7", "age": "60"})
    assert [each["field"] for each in found["errors"]] == ["egfr", "ecog"]
    assert found["errors"][0] == found["error"]


def test_an_id_is_carried_along_whatever_it_holds(catalogue: Catalogue) -> None:
    ids = ['say "hi"', "back\\slash", "naïve 病", "a,b", "1e5", "<b>"]
    rows = [{"id": each, "refractory": "lena"} for each in ids]
    assert [row["id"] for row in Answers(catalogue, rows).rows] == ids


def test_a_repeated_id_is_warned_of_in_good_rows_and_bad(catalogue: Catalogue) -> None:
    rows = [
        {"id": "A", "refractory": "lena"},
        {"id": " A", "refractory": "lena"},
        {"id": "A", "egfr": "many"},
        {"id": "", "refractory": "lena"},
        {"id": "", "refractory": "lena"},
    ]
    found = Answers(catalogue, rows).rows
    said = [[each["message"] for each in row["warnings"]] for row in found]
    assert said == [[], ["the id stands in row 1 too"], ["the id stands in row 1 too"], [], []]


def test_rows_are_counted_from_where_they_begin(full: Answers) -> None:
    worker = full.worker
    found = list(worker.results([{"refractory": "lena"}, {"egfr": "x"}], first=41))
    assert [json.loads(worker.text(each))["row"] for each in found] == [41, 42]
