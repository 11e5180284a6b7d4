"""Columns of one drug, marker or illness each, and the check boxes of REDCap."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenrx.catalogue.loading import Catalogue, load
from lenrx.intake.cells import CellError
from lenrx.intake.columns.about import About, Unclear, about
from lenrx.intake.columns.cells import truth
from lenrx.intake.columns.column import Column
from lenrx.intake.columns.dictionary import box_of, read_dictionary
from lenrx.intake.columns.map_file import read_map
from lenrx.intake.columns.proposal import propose
from lenrx.patient.patient import PatientError
from lenrx.patient.state import patient_state
from tests.intake.columns.table import Read, mapped, proposed, read, rows, written

CATALOGUE = load()

ABOUT = {
    "lenalidomide_refractory": ("refractory", "lenalidomide"),
    "Refractory to lenalidomide": ("refractory", "lenalidomide"),
    "Refractory to lenalidomide (Y/N)": ("refractory", "lenalidomide"),
    "len_ref": ("refractory", "lenalidomide"),
    "bortRefractory": ("refractory", "bortezomib"),
    "pom_refr": ("refractory", "pomalidomide"),
    "Velcade refractory?": ("refractory", "bortezomib"),
    "prior lenalidomide refractory": ("refractory", "lenalidomide"),
    "anti-CD38 refractory": ("refractory", "anti-CD38"),
    "IMiD exposed": ("exposed", "IMiD"),
    "lena exposed": ("exposed", "lenalidomide"),
    "prior_bortezomib": ("exposed", "bortezomib"),
    "received dara": ("exposed", "daratumumab"),
    "bort_intolerant": ("intolerant", "bortezomib"),
    "len tox": ("intolerant", "lenalidomide"),
    "del17p": ("cytogenetics", "del17p"),
    "FISH del(17p)": ("cytogenetics", "del17p"),
    "fish_t1114": ("cytogenetics", "t(11;14)"),
    "FISH t(4;14)": ("cytogenetics", "t(4;14)"),
    "t_14_16": ("cytogenetics", "t(14;16)"),
    "gain_1q": ("cytogenetics", "1q gain"),
    "TP53": ("cytogenetics", "TP53"),
    "COPD": ("comorbidities", "copd"),
    "hx_dvt": ("comorbidities", "prior_vte"),
    "Heart failure": ("comorbidities", "heart_failure"),
}


@pytest.mark.parametrize("header", ABOUT)
def test_what_a_column_is_about(catalogue: Catalogue, header: str) -> None:
    found = about(header, catalogue)
    assert isinstance(found, About) and (found.field, found.of) == ABOUT[header]


@pytest.mark.parametrize(
    "header",
    ["dara_naive", "non_refractory_len", "not exposed to len", "del17p_negative", "len sensitive"],
)
def test_the_opposite_is_never_proposed(catalogue: Catalogue, header: str) -> None:
    found = about(header, catalogue)
    assert isinstance(found, Unclear) and "opposite" in found.reason


@pytest.mark.parametrize("header", ["Kyprolis", "lenalidomide", "len refractory or intolerant"])
def test_a_drug_alone_is_asked(catalogue: Catalogue, header: str) -> None:
    assert isinstance(about(header, catalogue), Unclear)


@pytest.mark.parametrize(
    "header", ["len_start_date", "lenalidomide dose", "n len cycles", "V", "R", "notes", "CR", "hb"]
)
def test_other_columns_are_about_nothing(catalogue: Catalogue, header: str) -> None:
    assert about(header, catalogue) is None


WORDS = {
    True: "1 yes Y true Checked x X [x] + Positive pos refractory".split(),
    False: [*"0 no N false Unchecked neg Negative absent".split(), "not refractory"],
    None: ["", " ", "?", "unk", "n/a", "NA", "not done", "Not Done", "unknown", "pending", "-"],
}


@pytest.mark.parametrize(("found", "text"), [(f, t) for f, each in WORDS.items() for t in each])
def test_words_of_yes_and_no(catalogue: Catalogue, found: bool | None, text: str) -> None:
    assert truth(text, Column("refractory", "c", of="lenalidomide"), catalogue) is found


@pytest.mark.parametrize("text", ["2", "9", "Velcade", "len, bort", "01/02/2020", "-1"])
def test_what_is_no_yes_or_no_is_refused(catalogue: Catalogue, text: str) -> None:
    with pytest.raises(CellError):
        truth(text, Column("refractory", "c", of="lenalidomide"), catalogue)


@given(
    word=st.sampled_from(["no", "not", "never", "0", "☐", "❌", "neg", "-", "non"]),
    around=st.sampled_from(["{}", " {} ", "({})", "[{}]", "{}.", "{};"]),
    column=st.sampled_from(
        [
            Column("refractory", "c", of="lenalidomide"),
            Column("exposed", "c", of="daratumumab"),
            Column("cytogenetics", "c", of="del17p"),
            Column("comorbidities", "c", of="copd"),
        ]
    ),
)
def test_a_word_for_no_is_never_yes(word: str, around: str, column: Column) -> None:
    try:
        assert not truth(around.format(word), column, CATALOGUE)
    except CellError:
        return


TABLE = "id,len_ref,bort_ref,dara_ref\nA,1,0,0\nB,,1,0\nC,0,0,0\nD,,,\nE,?,Yes,no\n"


def test_an_empty_cell_says_nothing_of_its_drug(catalogue: Catalogue, tmp_path: Path) -> None:
    found = proposed(TABLE, catalogue, tmp_path)
    states = [_state(each, catalogue) for each in found]
    assert states == [
        "lenalidomide-refractory",
        "not known to be lenalidomide-refractory",
        "not lenalidomide-refractory",
        "not known",
        "not known to be lenalidomide-refractory",
    ]
    assert "not known whether refractory to: lenalidomide" in found[1].said


def _state(read: Read, catalogue: Catalogue) -> str:
    assert read.patient is not None
    return patient_state(read.patient, catalogue).resistance_state


def test_a_list_of_what_was_given_settles_what_is_open(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    text = "exposed,len_ref,dara_ref\nVRd,1,\nVRd; dara,,0\n"
    first, second = proposed(text, catalogue, tmp_path)
    assert first.patient is not None and first.patient.unsure == ()
    assert second.patient is not None and second.patient.unsure == ("lenalidomide",)


def test_what_was_perhaps_given_makes_the_history_partial(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    (found,) = proposed("len_exposed,dara_exposed\n1,\n", catalogue, tmp_path)
    assert found.stated() == {"exposed": ["lenalidomide"], "history": "partial"}


def test_a_row_without_any_drug_marked_was_not_filled_in(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    (found,) = proposed("len_exposed,dara_exposed,len_ref\n0,0,0\n", catalogue, tmp_path)
    assert _state(found, catalogue) == "not known"
    assert any("no drug is marked as given" in each for each in found.said)


def test_two_columns_that_contradict_each_other(catalogue: Catalogue, tmp_path: Path) -> None:
    yaml = "columns:\n  refractory:\n    - R\n    - {column: len_ref, of: len}\n"
    (found,) = mapped("R,len_ref\nRevlimid,0\n", yaml, catalogue, tmp_path)
    assert [each.code for each in found.problems] == ["stated-twice"]


def test_one_illness_in_two_columns(catalogue: Catalogue, tmp_path: Path) -> None:
    text = "DVT,PE\n1,0\n0,0\n0,\n0,1\n1,1\n"
    found = [each.stated() for each in proposed(text, catalogue, tmp_path)]
    there, absent = {"comorbidities": ["prior_vte"]}, {"comorbidities_absent": ["prior_vte"]}
    assert found == [there, absent, {}, there, there]


def test_a_share_of_cells_under_a_percent(catalogue: Catalogue, tmp_path: Path) -> None:
    found = proposed("del17p %\n62\n0\n?\n", catalogue, tmp_path)
    assert [each.stated() for each in found] == [
        {"cytogenetics": ["del17p"]},
        {"cytogenetics_absent": ["del17p"]},
        {},
    ]


DICTIONARY = (
    '"Variable / Field Name","Form Name","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels"\n'
    'drugs,f,checkbox,"Drugs received","1, Lenalidomide | 2, Bortezomib | -9, None of these"\n'
    'refr,f,checkbox,"<b>Refractory</b> to","1, Lenalidomide | 2, Velcade"\n'
    'sx,f,radio,"Sex","1, Male | 2, Female | 9, Unknown"\n'
    'ps,f,dropdown,"ECOG performance status","1, ECOG 0 | 2, ECOG 1 | 3, 2 - in bed"\n'
    'cr_v1,f,text,"Serum creatinine (umol/L)",\n'
)
EXPORT = (
    "record_id,drugs___1,drugs___2,drugs____9,refr___1,refr___2,sx,ps,cr_v1\n"
    "1,1,1,0,1,0,1,1,124\n2,Checked,Unchecked,Unchecked,Unchecked,Unchecked,2,3,88\n"
)


def test_a_redcap_export_with_its_dictionary(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "dictionary.csv"
    path.write_text(DICTIONARY, encoding="utf-8")
    header, *cells = rows(EXPORT)
    yaml = propose(header, cells, catalogue, read_dictionary(path))
    first, second = mapped(EXPORT, yaml, catalogue, tmp_path)
    assert first.stated() == {
        "sex": "male",
        "exposed": ["bortezomib", "lenalidomide"],
        "refractory": ["lenalidomide"],
        "ecog": 0,
        "creatinine": 1.4,
    }
    assert second.stated() | {"creatinine": 0} == {
        "sex": "female",
        "exposed": ["lenalidomide"],
        "ecog": 2,
        "creatinine": 0,
    }
    assert second.patient is not None and second.patient.unsure == ("lenalidomide",)
    assert "group 'refr' holds no tick: it does not say no of what it lists" in second.said


def test_a_box_without_dictionary_is_asked(catalogue: Catalogue) -> None:
    text = propose(["drugs___1"], [["1"]], catalogue)
    assert "give the data dictionary (--dictionary FILE)" in text


def test_the_labels_of_a_redcap_export(catalogue: Catalogue, tmp_path: Path) -> None:
    text = "Prior drugs (choice=Carfilzomib),Prior drugs (choice=VRd)\nChecked,Unchecked\n"
    (found,) = proposed(text, catalogue, tmp_path)
    assert found.stated() == {"exposed": ["carfilzomib"]}
    assert box_of("Prior drugs (choice=VRd)", {}) == ("Prior drugs", "VRd")


def test_a_file_that_is_no_dictionary(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(PatientError, match="is no data dictionary"):
        read_dictionary(path)


MAP = """columns:
  sex: {column: SX, values: {1: male, 2: female}}
  creatinine: {column: Cr, unit: µmol/L, missing: [-9]}
  refractory:
    - {column: LR, of: Revlimid, values: {1: no, 2: yes, 8: unknown}}
missing: [999, NR]
ignore: [x]
"""


def test_a_map_with_units_codes_and_missing(catalogue: Catalogue, tmp_path: Path) -> None:
    text = "id,SX,Cr,LR,age,x\n999,1,124,2,71,\n2,2,-9,1,999.0,\n3,NR,88,8,66,\n"
    first, second, third = mapped(text, MAP, catalogue, tmp_path)
    assert first.patient is not None and first.patient.id == "999"
    assert first.stated() == {
        "sex": "male",
        "age": 71,
        "creatinine": 1.4,
        "refractory": ["lenalidomide"],
    }
    assert second.stated() == {"sex": "female", "refractory": []}
    assert third.stated() == {"creatinine": 1.0, "age": 66}
    assert "read '1' as male" in first.said


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("  egfr: {column: A, unit: mg/dL}", "map.yaml:2: egfr: unit: is no unit of eGFR"),
        ("  ecog: {column: A, unit: kg}", "map.yaml:2: ecog: unit: is for measured numbers only"),
        ("  egfr: {column: A, units: x}", "map.yaml:2: egfr: units: not known of a column"),
        ("  egfr: {unit: mL/min}", "map.yaml:2: egfr: a column must be text"),
        ("  sex: {column: A, values: {1: banana}}", "map.yaml:2: sex: values: 1: must be one of"),
        ("  sex:\n    column: A\n    values: {1: banana}", "map.yaml:4: sex: values: 1: must be"),
        ("  sex: {column: A, values: [1]}", "map.yaml:2: sex: values: must be a mapping"),
        ("  refractory: [{column: A, of: xx}]", "map.yaml:2: refractory: of: not a drug"),
        ("  refractory: [{column: A, of: 'len, bort'}]", "map.yaml:2: refractory: of: must name"),
        ("  egfr: [A, B]", "map.yaml:2: egfr: has one column, not a list of them"),
        ("  emd: {column: A, of: len}", "map.yaml:2: emd: of: is for drugs, markers and"),
        ("  id: {column: A, missing: [9]}", "map.yaml:2: id: an id is carried along as it is"),
        ("  refractory: [{column: A, of: len, values: {2: banana}}]", "must say yes, no or unk"),
    ],
)
def test_a_wrong_map_has_its_line(
    catalogue: Catalogue, tmp_path: Path, yaml: str, said: str
) -> None:
    with pytest.raises(PatientError) as error:
        read_map([written(tmp_path, f"columns:\n{yaml}\n")], catalogue)
    assert said in str(error.value)


def test_a_unit_that_is_not_that_of_the_header(catalogue: Catalogue, tmp_path: Path) -> None:
    yaml = 'columns:\n  creatinine: {column: "Cr (umol/L)", unit: mg/dL}\n'
    with pytest.raises(PatientError, match="its header says umol/L, the map mg/dL"):
        mapped("Cr (umol/L)\n124\n", yaml, catalogue, tmp_path)


def test_what_is_asked_of_a_header_is_answered_by_the_map(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    yaml = 'columns:\n  egfr: {column: "eGFR mL/min", unit: mL/min/1.73 m2}\n'
    found = mapped("eGFR mL/min\n45\n38 mL/min\n", yaml, catalogue, tmp_path)
    assert [each.stated() for each in found] == [{"egfr": 45}, {"egfr": 38}]


def test_single_columns_on_the_command_line(catalogue: Catalogue) -> None:
    asked = read_map(["refractory:len=LR", "refractory:velcade=BR"], catalogue)
    (found,) = read("LR,BR\n1,0\n", asked, catalogue)
    assert found.stated() == {"refractory": ["lenalidomide"]}
    with pytest.raises(PatientError, match="say of what each is"):
        read_map(["refractory=LR", "refractory=BR"], catalogue)
