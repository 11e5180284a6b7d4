"""What stands for words not in the cell: ditto marks, open lists, arms without a change."""

from __future__ import annotations

from typing import Any

import pytest

from lenrx import load_catalogue
from lenrx.intake.cells import CellError, read_cell
from lenrx.intake.columns.cells import read_column
from lenrx.intake.columns.column import Column
from lenrx.intake.reader import RowReader

CATALOGUE = load_catalogue()
LEN, BORT = "lenalidomide", "bortezomib"
DITTO = (
    *('"', "''", "\u3003", "\u201d", "\u201e", " \u2033 ", '- " -', "//", "ditto", "dito", "do."),
    *("as above", "see above", "same", "unchanged", "s.o.", "siehe oben", "wie oben", "dto."),
    *("como arriba", "igual", "\u00eddem", "idem", "id.", "ci-dessus", "inchang\u00e9"),
    *("come sopra", "vedi sopra", "c.s.", "invariato"),
)
FIELDS = (
    *("exposed", "refractory", "intolerant", "cytogenetics", "comorbidities", "medications"),
    *("egfr", "lvef", "prior_lines", "sex", "region", "dialysis", "frailty", "as_of"),
)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("text", DITTO)
def test_a_ditto_mark_is_asked_in_every_field(field: str, text: str) -> None:
    with pytest.raises(CellError, match="ditto") as caught:
        read_cell(field, text, CATALOGUE)
    assert caught.value.word == text.strip()


@pytest.mark.parametrize("text", ['COPD; "', "COPD, as above", "idem; COPD"])
def test_a_ditto_mark_within_a_list_is_asked(text: str) -> None:
    with pytest.raises(CellError, match="ditto"):
        read_cell("comorbidities", text, CATALOGUE)


@pytest.mark.parametrize("text", ['"', "as above", "do."])
def test_a_ditto_mark_is_asked_in_columns_of_one_thing_and_of_a_unit(text: str) -> None:
    for column in (
        Column("exposed", "len", of=LEN),
        Column("cytogenetics", "17p", of="del17p"),
        Column("creatinine", "Cr", unit="umol/L"),
    ):
        with pytest.raises(CellError, match="ditto"):
            read_column(column, text, CATALOGUE)


def test_a_ditto_mark_is_no_id() -> None:
    found = RowReader(CATALOGUE).read({"id": '"', "refractory": "len"})
    assert [each.field for each in found.problems] == ["id"]


def test_what_a_map_says_of_a_ditto_mark_counts() -> None:
    column = Column("exposed", "len", of=LEN, values=(('"', "yes"),))
    assert dict(read_column(column, '"', CATALOGUE).values)["exposed"] == (LEN,)


@pytest.mark.parametrize(
    ("field", "text", "nothing"),
    [("exposed", '""', {}), ("sex", "", {}), ("comorbidities", "-", {})],
)
def test_what_programs_write_for_nothing_is_no_ditto(
    field: str, text: str, nothing: dict[str, Any]
) -> None:
    assert dict(read_cell(field, text, CATALOGUE).values) == nothing


MORE = (
    *("etc", "etc.", "and others", "among others", "others", "u.a.", "u. a.", "usw.", "und andere"),
    *("y otros", "entre otros", "et autres", "entre autres", "e altri", "tra gli altri", "ecc."),
    *("et al", "e outros"),
)


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("joint", [" ", ", ", "; "])
def test_a_list_that_goes_on_is_open_and_said(more: str, joint: str) -> None:
    for field, text, values in (
        ("medications", "aspirin", {"medications": ("aspirin", "others")}),
        ("comorbidities", "COPD", {"comorbidities": ("copd",)}),
        ("cytogenetics", "del17p", {"cytogenetics": ("del17p",)}),
        ("exposed", "len", {"exposed": (LEN,), "history": "partial"}),
    ):
        found = read_cell(field, f"{text}{joint}{more}", CATALOGUE)
        assert dict(found.values) == values
        assert "others that are not named" in found.said[0]
    for field in ("refractory", "intolerant"):
        with pytest.raises(CellError, match="there are more"):
            read_cell(field, f"len{joint}{more}", CATALOGUE)


@pytest.mark.parametrize("text", ["no other medications", "keine", "none"])
def test_no_other_is_a_whole_list(text: str) -> None:
    assert dict(read_cell("medications", text, CATALOGUE).values) == {"medications": ()}


@pytest.mark.parametrize(
    "arm", ["17p", "1q", "1p", "1q21", "17p13", "17p, t(4;14)", "t(4;14); 1q", "t(11;14) + 1q"]
)
def test_an_arm_alone_was_looked_for_or_found(arm: str) -> None:
    with pytest.raises(CellError, match="looked for, or found"):
        read_cell("cytogenetics", arm, CATALOGUE)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("17p pos", {"cytogenetics": ("del17p",)}),
        ("17p neg", {"cytogenetics_absent": ("del17p",)}),
        ("17p 45%", {"cytogenetics": ("del17p",)}),
        ("del17p", {"cytogenetics": ("del17p",)}),
        ("1q gain", {"cytogenetics": ("1q gain",)}),
        ("1q 3 copies", {"cytogenetics": ("1q gain",)}),
        ("no 1q", {"cytogenetics_absent": ("1q gain",)}),
    ],
)
def test_an_arm_with_what_befell_it_is_read(text: str, values: dict[str, Any]) -> None:
    assert dict(read_cell("cytogenetics", text, CATALOGUE).values) == values


def test_an_arm_in_the_list_of_what_is_absent_is_absent() -> None:
    values = dict(read_cell("cytogenetics_absent", "17p", CATALOGUE).values)
    assert values == {"cytogenetics_absent": ("del17p",)}
