"""Columns whose names or cells say no: never read, nor proposed, as yes of what they speak of."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenrx.catalogue.loading import Catalogue, load
from lenrx.intake.cells import CellError
from lenrx.intake.columns.about import About, about
from lenrx.intake.columns.cells import read_column, truth
from lenrx.intake.columns.codes import of_sexes
from lenrx.intake.columns.column import Column
from lenrx.intake.columns.dictionary import Box
from lenrx.intake.columns.map_file import read_map
from lenrx.intake.columns.names import NEGATIVE, named, names
from lenrx.intake.columns.proposal import propose
from lenrx.intake.columns.status import status_of
from tests.intake.columns.table import mapped, written

CATALOGUE = load()
DENIALS = sorted(NEGATIVE)
DENIED = (
    *("no_dialysis", "not_exposed", "non_refractory_drugs", "without_cns", "ohne_dialyse"),
    *("unexposed", "nonrefractory", "exposed_no", "sin dialisis", "sans dialyse", "no EMD"),
    *("Not refractory to lenalidomide", "No prior bortezomib", "lenalidomide_naive"),
    *("lena_sensitive", "never received dara", "drugs (choice=Never had lenalidomide)"),
    *("Drugs not refractory to (choice=Lenalidomide)", "No history of (choice=COPD)"),
    *("never given (choice=Bortezomib)", "denies heart failure", "drugs tolerated (choice=len)"),
)
CELLS = ("1", "Checked", "yes", "lenalidomide", "x")


@pytest.mark.parametrize("header", DENIED)
@pytest.mark.parametrize("cell", CELLS)
def test_a_column_that_denies_is_left_with_the_reason(header: str, cell: str) -> None:
    text = propose([header], [[cell], [cell]], CATALOGUE)
    assert "columns: {}" in text, text
    assert "values:" in text or "opposite" in text


@given(st.sampled_from(DENIALS), st.sampled_from(sorted(names())), st.sampled_from(" _-"))
def test_a_denial_before_or_behind_a_name_is_no_name(word: str, name: str, by: str) -> None:
    for header in (f"{word}{by}{name}", f"{name}{by}{word}"):
        if " ".join(header.replace("_", " ").replace("-", " ").split()) in names():
            continue
        assert all(field.endswith("_absent") for _, field, _ in named(header)), header


@given(st.sampled_from(("non", "un", "not", "no", "nicht")), st.sampled_from(sorted(names())))
def test_a_syllable_that_denies_is_no_slip(before: str, name: str) -> None:
    if before + name not in names() and "no comorb" not in f"{before} {name}":
        assert named(before + name) == []


@given(
    st.sampled_from(DENIALS),
    st.sampled_from(("lenalidomide", "Velcade", "anti-CD38", "del17p", "COPD", "heart failure")),
    st.sampled_from(("Refractory to", "Drugs received", "Comorbidities", "FISH")),
)
def test_a_box_in_a_group_that_denies_is_left(word: str, choice: str, group: str) -> None:
    for box in (Box(f"{word} {group}", choice), Box(group, f"{word} {choice}")):
        assert not isinstance(about("", CATALOGUE, box), About), box


@pytest.mark.parametrize("group", ["Planned drugs", "Allergies", "Drugs of the next line"])
def test_a_group_is_understood_word_by_word(group: str) -> None:
    assert not isinstance(about("", CATALOGUE, Box(group, "Lenalidomide")), About)


STATUS = {
    ("refractory", "refractory"): True,
    ("refractory", "progressed"): True,
    ("refractory", "failed"): True,
    ("refractory", "sensitive"): False,
    ("refractory", "naive"): False,
    ("refractory", "not exposed"): False,
    ("refractory", "not refractory"): False,
    ("exposed", "given"): True,
    ("exposed", "sensitive"): True,
    ("exposed", "intolerant"): True,
    ("exposed", "progressed"): True,
    ("exposed", "naive"): False,
    ("exposed", "never received"): False,
    ("intolerant", "intolerant"): True,
    ("intolerant", "tolerated"): False,
    ("intolerant", "naive"): False,
}
UNDECIDED = [
    *(("refractory", each) for each in ("given", "exposed", "received", "intolerant", "had")),
    *(("intolerant", each) for each in ("given", "refractory", "progressed", "sensitive")),
    *(("exposed", each) for each in ("not refractory", "not intolerant")),
]


@pytest.mark.parametrize(("field", "word"), STATUS)
def test_a_status_has_one_meaning(field: str, word: str) -> None:
    assert truth(word, Column(field, "c", of="lenalidomide"), CATALOGUE) is STATUS[field, word]


@pytest.mark.parametrize(("field", "word"), UNDECIDED)
def test_a_status_that_does_not_say_what_is_asked(field: str, word: str) -> None:
    with pytest.raises(CellError):
        read_column(Column(field, "c", of="lenalidomide"), word, CATALOGUE)


def test_a_column_of_words_for_how_a_drug_fared(catalogue: Catalogue, tmp_path: Path) -> None:
    yaml = "columns:\n  exposed:\n    - {column: L, of: len}\n    - {column: B, of: bort}\n"
    text = "L,B\nrefractory,sensitive\nintolerant,naive\nprogressed,given\n"
    found = [each.stated() for each in mapped(text, yaml, catalogue, tmp_path)]
    both = ["bortezomib", "lenalidomide"]
    assert found == [
        {"exposed": both, "refractory": ["lenalidomide"]},
        {"exposed": ["lenalidomide"], "intolerant": ["lenalidomide"]},
        {"exposed": both, "refractory": ["lenalidomide"]},
    ]


GROUP = """columns:
  exposed:
    - {column: d___1, of: len}
    - {column: d___2, of: bort}
    - {column: d___3, of: none}
    - {column: d___4, of: other}
    - {column: d___5, of: not known}
  comorbidities:
    - {column: c___1, of: copd}
    - {column: c___2, of: none}
    - {column: c___3, of: other}
    - {column: c___4, of: not known}
"""
HEADER = "d___1,d___2,d___3,d___4,d___5,c___1,c___2,c___3,c___4\n"
LEN = {"exposed": ["lenalidomide"]}
PARTIAL = {**LEN, "history": "partial"}
TICKED = {
    "1,0,0,0,0,1,0,0,0": {**LEN, "comorbidities": ["copd"]},
    "1,0,0,0,0,0,0,0,0": LEN,
    "1,0,0,0,0,0,1,0,0": {**LEN, "comorbidities_absent": ["copd"]},
    "1,0,0,0,0,0,0,0,1": LEN,
    "1,0,0,0,0,0,0,1,0": LEN,
    "0,0,1,0,0,0,0,0,0": {"exposed": []},
    "1,0,0,1,0,0,0,0,0": PARTIAL,
    "1,0,0,0,1,0,0,0,0": PARTIAL,
    "Checked,Unchecked,Unchecked,Unchecked,Unchecked,Unchecked,Unchecked,Unchecked,": LEN,
}


@pytest.mark.parametrize("row", TICKED)
def test_boxes_of_a_group(catalogue: Catalogue, tmp_path: Path, row: str) -> None:
    (found,) = mapped(f"{HEADER}{row}\n", GROUP, catalogue, tmp_path)
    assert found.stated() == TICKED[row]


@pytest.mark.parametrize("row", ["1,0,1,0,0,0,0,0,0", "1,0,0,0,0,1,1,0,0", "1,0,0,0,0,0,1,0,1"])
def test_none_beside_another_tick(catalogue: Catalogue, tmp_path: Path, row: str) -> None:
    (found,) = mapped(f"{HEADER}{row}\n", GROUP, catalogue, tmp_path)
    assert [each.code for each in found.problems] == ["contradiction"]


def test_boxes_that_name_nothing_are_proposed_in_their_group(tmp_path: Path) -> None:
    choices = ("COPD", "None of the above", "Other (specify)", "Unknown", "Not done")
    text = propose([f"Comorbidities (choice={each})" for each in choices], [], CATALOGUE)
    asked = read_map([written(tmp_path, text)], CATALOGUE)
    found = [key.of for key in asked.columns.values() if isinstance(key, Column)]
    assert found == ["copd", "none", "other", "not known", "not known"]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        *((each, "egfr") for each in ("FG", "TFG", "DFG", "GFR", "FG (ml/min/1.73 m2)")),
        *((each, "id") for each in ("Pat.-Nr.", "N\u00ba paciente")),
        *((each, "prior_lines") for each in ("Anz. Vortherapien", "N\u00ba l\u00edneas")),
        ("Nebendiagnosen", "comorbidities"),
        *((each, "prior_transplant") for each in ("TAPH", "ASCT", "autoSCT", "TMO", "Auto-SZT")),
    ],
)
def test_abbreviations_of_other_languages(header: str, field: str) -> None:
    assert [each for _, each, _ in named(header)] == [field]


@pytest.mark.parametrize(
    ("cell", "refractory"), [("refractory (2022)", True), ("refr. 07/2022", True), ("naive", False)]
)
def test_a_status_beside_its_date_is_that_status(cell: str, refractory: bool) -> None:
    column = Column("exposed", "bort", of="bortezomib")
    assert (status_of(cell, column) == "refractory") is refractory


@pytest.mark.parametrize("cell", ["not refractory (CR)", "refractory (CR)", "intolerant (PNP)"])
def test_a_status_beside_more_words_is_asked(cell: str) -> None:
    with pytest.raises(CellError):
        status_of(cell, Column("exposed", "bort", of="bortezomib"))


@pytest.mark.parametrize(
    "header",
    ["Refractory to len (1=no)", "len_ref (0=yes,1=no)", "dialysis (1=no)", "ASCT (1: not done)"],
)
def test_a_header_whose_codes_turn_it_is_left_with_the_reason(header: str, tmp_path: Path) -> None:
    found = about(header, CATALOGUE)
    assert found is not None
    assert "values:" in str(found)


@pytest.mark.parametrize("cell", ["refractory (PD)", "PD - refractory", "refractory; progressed"])
def test_a_status_said_twice_is_that_status(catalogue: Catalogue, cell: str) -> None:
    column = Column("refractory", "Lena", of="lenalidomide")
    assert truth(cell, column, catalogue) is True


@pytest.mark.parametrize("cell", ["no FISH", "kein FISH", "FISH no"])
def test_an_examination_that_may_not_have_been_done_is_no_absence(
    catalogue: Catalogue, cell: str
) -> None:
    with pytest.raises(CellError):
        truth(cell, Column("cytogenetics", "17p", of="del17p"), catalogue)


@pytest.mark.parametrize(
    ("header", "cells", "values"),
    [
        ("Sexo", ["H", "M"], (("H", "male"), ("M", "female"))),
        ("Sexo", ["V", "M", "M"], (("V", "male"), ("M", "female"))),
        ("Sexo", ["M", "F"], ()),
        ("Sexo", ["H", "M", "F"], ()),
        ("Sexe", ["H", "F", "", "H"], (("H", "male"), ("F", "female"))),
        ("Sexe", ["F"], ()),
        ("Geslacht", ["M", "V"], ()),
    ],
)
def test_letters_of_a_column_of_sexes_are_proposed_together(
    header: str, cells: list[str], values: tuple[tuple[str, str], ...]
) -> None:
    assert of_sexes(header, cells)[0] == values


@pytest.mark.parametrize(
    ("field", "of", "cell"),
    [
        *(("refractory", "lenalidomide", each) for each in ("ongoing", "1L", "2x", "done", "S")),
        *(("intolerant", "bortezomib", each) for each in ("VGPR", "PR", "2L", "trial")),
        *(("comorbidities", "unstable_angina", each) for each in ("stable", "controlled")),
        *(("comorbidities", "active_infection", each) for each in ("past", "yes 2015", "treated")),
        ("comorbidities", "recent_mi", "previous"),
    ],
)
def test_what_stands_beside_a_name_is_no_yes_of_it(
    catalogue: Catalogue, field: str, of: str, cell: str
) -> None:
    with pytest.raises(CellError):
        truth(cell, Column(field, "x", of=of), catalogue)


@pytest.mark.parametrize("cell", ["maybe", "possible", "suspected", "perhaps"])
@pytest.mark.parametrize("field", ["exposed", "refractory", "intolerant"])
def test_what_may_be_is_not_known(catalogue: Catalogue, field: str, cell: str) -> None:
    assert truth(cell, Column(field, "x", of="bortezomib"), catalogue) is None


def test_a_drug_that_failed_was_given(catalogue: Catalogue, tmp_path: Path) -> None:
    yaml = (
        "columns:\n  exposed:\n    - {column: given, of: lenalidomide}\n"
        "  refractory:\n    - {column: failed, of: lenalidomide}\n"
    )
    (found,) = mapped("given,failed\n0,1\n", yaml, catalogue, tmp_path)
    assert [each.code for each in found.problems] == ["stated-twice"]


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        *(
            (each, "bort")
            for each in ("Refractory (no)", "Refractory (suspected)", "Intolerant (no)")
        ),
        *((each, "1") for each in ("len_refractory (no)", "Dara ref (planned)", "PCL (excluded)")),
        *((each, "yes") for each in ("ASCT (planned)", "Dialysis (past)", "Dialysis (2019)")),
        *((each, "3") for each in ("Neuropathy (worst)", "ECOG (2015)", "Prior lines (planned)")),
        *(
            (each, "DPd")
            for each in ("Planned therapy", "Next line", "Therapie geplant", "Options")
        ),
        *((each, "CHF") for each in ("Ruled out", "Family history", "Adverse events", "Mother")),
        *((each, "yes") for each in ("HIV screening", "Plasmacytoma")),
        ("Country of birth", "Germany"),
    ],
)
def test_a_header_that_says_of_another_time_or_person_is_left(header: str, cell: str) -> None:
    text = propose([header], [[cell], [cell], [cell]], CATALOGUE)
    assert "columns: {}" in text, text


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("Refractory drugs", ["len", "len; bort"], "refractory"),
        ("Progressed on", ["len", "len; bort"], "refractory"),
        ("Drug intolerance", ["len", "bort"], "intolerant"),
        ("Prior therapies", ["VRd"], "exposed"),
        ("Prior therapies", ["2"], "prior_lines"),
        ("eGFR (baseline)", ["45"], "egfr"),
        ("Creatinine (mg/dL)", ["1.2"], "creatinine"),
        ("Refractory (0/1)", ["len"], "refractory"),
    ],
)
def test_a_header_says_in_which_list_its_drugs_belong(
    header: str, cells: list[str], field: str
) -> None:
    text = propose([header], [[each] for each in cells], CATALOGUE)
    assert f"  {field}: " in text, text
