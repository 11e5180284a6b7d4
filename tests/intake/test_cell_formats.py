"""Cells of Excel that show something else than their value: struck out, signs, words, shares."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from lenrx.intake.rows import Doubted
from lenrx.intake.tables.cell_formats import Look, looks, shown
from tests.intake.test_files import batch, given, lena, records
from tests.intake.workbooks import Raw, styles_of, xlsx

pytestmark = pytest.mark.usefixtures("one_catalogue")


def as_shown(code: str, value: Any) -> str:
    found = looks([("cellXfs", {}), ("xf", {"numFmtId": "164"})])
    assert not found
    styles = [
        *[("numFmts", {}), ("numFmt", {"numFmtId": "164", "formatCode": code})],
        *[("cellXfs", {}), ("xf", {"numFmtId": "164"})],
    ]
    text = value if isinstance(value, str) else f"{value:.15g}"
    look = looks(styles).get("0")
    return shown(look, value, text) if look else text


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ('"<"0', 15.0, "<15"),
        ("<0", 15.0, "<15"),
        ("\\<0.0", 1.5, "<1.5"),
        ('0"+"', 4.0, "4+"),
        ('0.0 "mg/dL"', 1.25, "1.25 mg/dL"),
        ('#,##0\\ "/uL"', 1500.0, "1500 /uL"),
        ('General" lb"', 150.0, "150 lb"),
        ("0%", 0.55, "55%"),
        ("0.00%", 0.125, "12.5%"),
        ('[>=60]">60";0', 45.0, "45"),
        ("0000", 42.0, "0042"),
        ('@"?"', "len", "len?"),
        ('"not "@', "len", "not len"),
        # nothing is told by these
        ("General", 45.0, "45"),
        ("0.00", 1.5, "1.5"),
        ("#,##0.0_);[Red]\\(#,##0.0\\)", 1.5, "1.5"),
        ("[Blue]0.0_ ;[Red]\\-0.0\\ ", 1.5, "1.5"),
        ("@", "len", "len"),
        ("@", 45.0, "45"),
        ("# ?/?", 0.5, "0.5"),
        ("0.00E+00", 1500.0, "1500"),
        ("[$-409]0", 45.0, "45"),
        ('"<"0', "len", "len"),
        # below zero, a number is out of bounds however it is shown
        ("0;(0)", -5.0, "-5"),
    ],
)
def test_signs_and_words_of_a_format_are_read_with_the_number(
    code: str, value: Any, text: str
) -> None:
    found = as_shown(code, value)
    assert (found, type(found)) == (text, str)


@pytest.mark.parametrize(
    ("code", "value", "reason"),
    [
        ('[>=60]">60";0', 75.0, "something else"),
        ('0;-0;"none"', 0.0, "something else"),
        ('_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)', 0.0, "something else"),
        (";;;", 45.0, "does not show"),
        (";;;", "len", "does not show"),
        ("0;-0;;@", 0.0, "does not show"),
        ("#,##0,", 150_000.0, "in thousands"),
        ('0" of "0', 12.0, "something else"),
    ],
)
def test_what_shows_something_else_than_its_value_is_asked(
    code: str, value: Any, reason: str
) -> None:
    found = as_shown(code, value)
    assert isinstance(found, Doubted)
    assert reason in found.reason


def test_a_struck_cell_keeps_its_text_and_says_so() -> None:
    found = shown(Look(True, ""), "len", "len")
    assert isinstance(found, Doubted)
    assert (found == "len", found.reason.startswith("is struck out")) == (True, True)
    assert type(shown(Look(True, ""), "", "")) is str


HEADER: Final = ("id", "refractory", "egfr", "note")


def answered(tmp_path: Path, rows: Sequence[Sequence[Any]], *formats: str, **more: Any) -> Any:
    pytest.importorskip("python_calamine")
    path = xlsx(tmp_path / "c.xlsx", {"S": rows}, styles=styles_of(*formats), **more)
    return batch(path, "--ignore", "note")


def styled(number: int, text: str) -> Raw:
    return Raw(f'<c r="{{r}}" s="{number}" t="inlineStr"><is><t>{text}</t></is></c>')


@pytest.mark.parametrize("field", ["id", "refractory", "egfr"])
def test_struck_out_cells_are_errors_of_their_field(tmp_path: Path, field: str) -> None:
    texts = {"id": "B", "refractory": "len", "egfr": "45"}
    row = [styled(1, texts[each]) if each == field else texts[each] for each in texts]
    result = answered(tmp_path, [HEADER, ("A", "len", 45, "x"), (*row, "x")])
    first, found = records(result)
    assert first["given"] == lena(45.0)
    assert found["error"]["field"] == field
    assert found["error"]["reason"].startswith("is struck out")


def test_a_struck_note_and_a_strike_that_is_off_are_no_errors(tmp_path: Path) -> None:
    result = answered(tmp_path, [HEADER, ("A", styled(2, "len"), 45, styled(1, "x"))])
    assert given(result) == [(1, "A", lena(45.0))]


@pytest.mark.parametrize("shares", [True, False])
def test_text_of_which_a_part_is_struck_out_is_asked(tmp_path: Path, shares: bool) -> None:
    runs = "<r><t>len, </t></r><r><rPr><strike/></rPr><t>bortezomib</t></r>"
    cell = f'<c r="{{r}}" t="inlineStr"><is>{runs}</is></c>'
    shared = f"<si><t>x</t></si><si>{runs}</si>" if shares else ""
    cell = '<c r="{r}" t="s"><v>1</v></c>' if shares else cell
    other = Raw('<c r="{r}" t="s"><v>0</v></c>') if shares else "x"
    rows = [HEADER, ("A", Raw(cell), 45, other), ("B", "len", 45, other)]
    found, last = records(answered(tmp_path, rows, shared=shared))
    assert found["error"]["field"] == "refractory"
    assert found["error"]["reason"].startswith("is struck out")
    assert last["given"] == lena(45.0)


def test_a_sign_of_the_format_is_read_with_its_number(tmp_path: Path) -> None:
    number = Raw('<c r="{r}" s="1"><v>30</v></c>')
    result = answered(tmp_path, [HEADER, ("A", "len", number, "x")], '"<"0')
    (found,) = records(result)
    assert found["given"]["egfr"] == "<30"
    assert "at most" not in str(found["readings"])


def test_a_share_is_read_as_it_is_shown(tmp_path: Path) -> None:
    share = Raw('<c r="{r}" s="1"><v>0.35</v></c>')
    rows = [("id", "refractory", "lvef"), ("A", "len", share)]
    (found,) = records(answered(tmp_path, [*rows], "0%"))
    assert found["given"]["lvef"] == 35.0
