"""Rows held against those around them: ids left blank, letters of two meanings, second tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.intake.test_files import batch, records

pytestmark = pytest.mark.usefixtures("one_catalogue")


def answered(tmp_path: Path, text: str, *options: str) -> list[dict[str, Any]]:
    file = tmp_path / "c.csv"
    file.write_text(text)
    found: list[dict[str, Any]] = records(batch(file, *options))
    return found


def outcomes(found: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    return [(each["id"], each.get("error", {}).get("field")) for each in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # merged cells of an id column: the row may go on with the patient above
        ("id,exposed\nP1,VRd\n,DPd\nP2,VRd\n", [("P1", None), (None, "id"), ("P2", None)]),
        ("id,exposed,age\nP1,VRd,66\n,DPd,\n", [("P1", None), (None, "id")]),
        ("id,exposed,age\nP1,VRd,66\n  ,DPd,66\n", [("P1", None), (None, "id")]),
        ("ID,exposed\nP1,VRd\n,DPd\n,Kd\n", [("P1", None), (None, "id"), (None, "id")]),
        # another age or sex is another patient
        ("id,exposed,age\nP1,VRd,66\n,DPd,71\n", [("P1", None), (None, None)]),
        ("id,exposed,sex\nP1,VRd,M\n,DPd,F\n", [("P1", None), (None, None)]),
        # above every id, or in a table without ids, nothing is beneath another
        ("id,exposed\n,VRd\nP1,DPd\n", [(None, None), ("P1", None)]),
        ("id,exposed\n,VRd\n,DPd\n", [(None, None), (None, None)]),
        ("exposed,age\nVRd,66\nDPd,66\n", [(None, None), (None, None)]),
        # somebody said that there is none
        ("id,exposed\nP1,VRd\nNA,DPd\n", [("P1", None), (None, None)]),
    ],
)
def test_a_blank_id_beneath_one_is_asked(tmp_path: Path, text: str, wanted: Any) -> None:
    assert outcomes(answered(tmp_path, text)) == wanted


def test_a_blank_id_names_both_readings(tmp_path: Path) -> None:
    (_, found) = answered(tmp_path, "id,exposed\nP1,VRd\n,DPd\n")
    assert "of the same patient, or of another" in found["error"]["reason"]


@pytest.mark.parametrize(
    ("column", "cells", "refused"),
    [
        ("sex", ["M", "F"], []),
        ("sex", ["M", "H"], ["M", "H"]),
        ("sex", ["m", "V", "F"], ["m", "V"]),
        ("sex", ["M", "Hombre"], ["M"]),
        ("sex", ["M", "Mujer"], ["M"]),
        ("sex", ["male", "H"], ["H"]),
        ("region", ["DE", "MT", "FR"], []),
        ("region", ["DE", "TX", "us"], ["DE", "TX"]),
        ("region", ["MT", "Texas"], ["MT", "Texas"]),
        ("region", ["de", "Germany"], []),
    ],
)
def test_a_letter_with_two_meanings_in_its_column_is_asked(
    tmp_path: Path, column: str, cells: list[str], refused: list[str]
) -> None:
    rows = "".join(f"{each},len,{each}\n" for each in cells)
    found = answered(tmp_path, f"id,refractory,{column}\n{rows}")
    assert [each["id"] for each in found if "error" in each] == refused
    assert {each["error"]["field"] for each in found if "error" in each} <= {column}


def test_a_letter_is_asked_above_the_one_that_tells_it(tmp_path: Path) -> None:
    rows = "".join(f"{at},len,{'H' if at == 900 else 'M'}\n" for at in range(901))
    found = answered(tmp_path, f"id,refractory,sex\n{rows}", "--detail", "brief")
    assert all("error" in each for each in found)


def test_values_of_a_map_say_what_a_letter_means(tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text("columns:\n  sex: {column: sex, values: {M: female, H: male}}\n")
    text = "id,refractory,sex\n1,len,M\n2,len,H\n"
    found = answered(tmp_path, text, "--map", str(file))
    assert [each["given"]["sex"] for each in found] == ["female", "male"]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        # one column of numbers is not enough: the row is an error, and those below it are read
        ("P0,len,45\n,,\nFall,Versagt auf,Nierenwert\nP1,bort,50\n", ["P0", "P1"]),
        # words that stand in place of a number head no table
        ("P0,len,45\n,,\nAnna,bort,normal\nP1,bort,50\n", ["P0", "Anna", "P1"]),
        ("P0,len,45\n,,\nAnna,bort,unknown\nP1,bort,50\n", ["P0", "Anna", "P1"]),
        # without a gap, one word where a number stands is a slip of one row
        ("P0,len,45\nAnna,bort,hoch\nP1,bort,50\n", ["P0", "P1"]),
        ("P0,len,45\n,,\nAnna,bort,\nP1,bort,50\n", ["P0", "Anna", "P1"]),
    ],
)
def test_a_second_table_with_names_that_are_not_known_is_no_patients(
    tmp_path: Path, rows: str, wanted: list[str]
) -> None:
    found = answered(tmp_path, f"id,refractory,egfr\n{rows}")
    assert [each["id"] for each in found if "error" not in each] == wanted


def test_words_under_several_numbers_head_a_second_table(tmp_path: Path) -> None:
    text = "id,exposed,ecog,prior_lines\nA,VRd,1,3\nFall,Mittel,Linien,Status\nB,VRd,3,1\n"
    found = answered(tmp_path, text)
    assert [each["id"] for each in found if "error" not in each] == ["A"]
    assert all("second table" in each["error"]["reason"] for each in found[1:])


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("id,refractory\n# P0,len\n#P1,len\nP2,len\n", ["# P0", "#P1", "P2"]),
        ("# id,refractory\n# P0,len\n#P1,len\nP2,len\n", ["# P0", "#P1", "P2"]),
        ("# a note\n# id,refractory\n# P0,len\nP2,len\n", ["# P0", "P2"]),
        ("# a note\nid,refractory\n# another note\nP2,len\n", ["P2"]),
    ],
)
def test_ids_that_begin_as_a_comment_does_are_ids(
    tmp_path: Path, text: str, ids: list[str]
) -> None:
    assert [each["id"] for each in answered(tmp_path, text)] == ids
