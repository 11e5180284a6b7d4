"""How far a no before a list reaches, and what a name is marked with that says not known."""

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
LISTS = (
    ("cytogenetics", "del17p", "t(4;14)"),
    ("refractory", "bort", "len"),
    ("exposed", "bort", "len"),
    ("intolerant", "bort", "len"),
    ("comorbidities", "COPD", "HIV"),
    ("comorbidities", "HTN", "COPD"),
)


@pytest.mark.parametrize(("field", "one", "other"), LISTS)
@pytest.mark.parametrize("no", ["No", "no", "not", "kein", "sin", "senza", "without"])
@pytest.mark.parametrize("between", ["; ", ", ", " | ", "\n"])
def test_a_no_that_leads_a_list_is_asked(
    field: str, one: str, other: str, no: str, between: str
) -> None:
    with pytest.raises(CellError, match=r"for all|may take it back"):
        read_cell(field, f"{no} {one}{between}{other}", CATALOGUE)


@pytest.mark.parametrize(
    ("field", "text", "values"),
    [
        (
            "cytogenetics",
            "no del17p; t(4;14) pos",
            {"cytogenetics": ("t(4;14)",), "cytogenetics_absent": ("del17p",)},
        ),
        (
            "cytogenetics",
            "t(4;14); no del17p",
            {"cytogenetics": ("t(4;14)",), "cytogenetics_absent": ("del17p",)},
        ),
        (
            "comorbidities",
            "COPD; no HIV",
            {"comorbidities": ("copd",), "comorbidities_absent": ("hiv",)},
        ),
        ("comorbidities", "no COPD; no HIV", {"comorbidities_absent": ("copd", "hiv")}),
        ("comorbidities", "no dialysis; COPD", {"dialysis": False, "comorbidities": ("copd",)}),
        ("exposed", "no ASCT; len", {"prior_transplant": False, "exposed": (LEN,)}),
        ("exposed", "len; no bort", {"exposed": (LEN,)}),
        ("refractory", "no bort; len yes", {"refractory": (LEN,)}),
    ],
)
def test_a_no_with_its_end_is_read(field: str, text: str, values: dict[str, Any]) -> None:
    assert dict(read_cell(field, text, CATALOGUE).values) == values


@pytest.mark.parametrize(
    "text", ["bort?", "bort ?", "bort (?)", "len, bort?", "possible bort", "bort unclear", "?bort"]
)
def test_intolerance_that_is_not_known_is_asked(text: str) -> None:
    with pytest.raises(CellError):
        read_cell("intolerant", text, CATALOGUE)


INTOLERANT = (
    *("allergy", "allergic", "Allergie", "alergia", "allergia", "allergique", "anaphylaxis"),
    *(
        "Unvertr\u00e4glichkeit",
        "hypersensitivity",
        "not tolerated",
        "intolerance",
        "yes (allergy)",
    ),
    *("given, allergy", "allergic reaction"),
)


@pytest.mark.parametrize("text", INTOLERANT)
def test_an_allergy_in_a_column_of_one_drug_is_intolerance(text: str) -> None:
    values = dict(read_column(Column("exposed", LEN, of=LEN), text, CATALOGUE).values)
    assert (values["exposed"], values["intolerant"]) == ((LEN,), (LEN,))
    assert "refractory" not in values


@pytest.mark.parametrize("text", INTOLERANT)
def test_an_allergy_says_nothing_of_refractoriness(text: str) -> None:
    with pytest.raises(CellError):
        read_column(Column("refractory", LEN, of=LEN), text, CATALOGUE)


@pytest.mark.parametrize("text", ["rash", "neuropathy", "AE", "side effects", "diarrhea"])
def test_a_toxicity_in_a_column_of_one_drug_is_asked(text: str) -> None:
    with pytest.raises(CellError, match=r"write intolerant.*write given"):
        read_column(Column("exposed", LEN, of=LEN), text, CATALOGUE)


def test_a_response_in_a_column_of_one_drug_is_said() -> None:
    (said,) = read_column(Column("exposed", LEN, of=LEN), "VGPR", CATALOGUE).said
    assert said.endswith("a response is not read here")


def row(**cells: str) -> Any:
    return RowReader(CATALOGUE).read(cells)


@pytest.mark.parametrize("word", ["all", "alle", "todos", "tous", "tutti"])
def test_all_are_those_that_were_given(word: str) -> None:
    found = row(refractory=word, exposed="VRd")
    assert found.patient is not None and found.patient.refractory == (BORT, LEN)
    assert any("as given under exposed" in words for _, words in found.said)


@pytest.mark.parametrize("exposed", ["", "IMiD", "len, others", "none"])
def test_all_of_an_unknown_list_is_asked(exposed: str) -> None:
    found = row(refractory="alle", exposed=exposed)
    (problem,) = found.problems
    assert (problem.field, problem.word) == ("refractory", "alle")


@pytest.mark.parametrize(
    "text",
    [
        *("only len", "nur len", "solo len", "s\u00f3lo len", "seulement len", "soltanto len"),
        *("len only", "refractory only to len"),
    ],
)
def test_only_is_the_whole_list(text: str) -> None:
    text = text.replace("refractory only", "only")
    assert dict(read_cell("refractory", text, CATALOGUE).values) == {"refractory": (LEN,)}


@pytest.mark.parametrize("text", ["not only len", "VRd (len only)"])
def test_an_only_that_may_be_for_one_is_asked(text: str) -> None:
    with pytest.raises(CellError):
        read_cell("refractory", text, CATALOGUE)


@pytest.mark.parametrize(
    "lead",
    [
        *("1. Linie:", "Linie 1:", "1L:", "L1:", "1\u00e8re ligne :", "ligne 1:", "Linea 1:"),
        *("l\u00ednea 1:", "1\u00aa l\u00ednea:", "1a linea:", "Erstlinie:", "1st line:"),
    ],
)
def test_the_number_of_a_line_stands_before_its_drugs(lead: str) -> None:
    assert dict(read_cell("exposed", f"{lead} len", CATALOGUE).values) == {"exposed": (LEN,)}


@pytest.mark.parametrize(
    "text",
    [
        *("HCV ab pos, RNA neg", "anti-HCV positif, ARN n\u00e9gatif", "HCV RNA neg, ab pos"),
        *("VHC ac positivo, ARN negativo", "HCV RNA negativ, Antik\u00f6rper positiv"),
    ],
)
def test_an_antibody_without_its_virus_is_left_open(text: str) -> None:
    found = read_cell("comorbidities", text, CATALOGUE)
    assert dict(found.values) == {}
    assert "hepatitis_c is left open" in found.said[0]


@pytest.mark.parametrize(
    "text",
    [
        *("HTN, uncontrolled", "HTA, non contr\u00f4l\u00e9e", "HTA, no controlada"),
        *("ipertensione, non controllata", "Hypertonus, schlecht eingestellt"),
    ],
)
def test_a_manner_behind_a_comma_is_of_the_illness_before_it(text: str) -> None:
    values = dict(read_cell("comorbidities", text, CATALOGUE).values)
    assert values == {"comorbidities": ("uncontrolled_hypertension",)}


def test_a_manner_that_may_be_for_two_is_asked() -> None:
    with pytest.raises(CellError):
        read_cell("comorbidities", "DM, HTA, no controlada", CATALOGUE)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "kein Hinweis auf COPD",
            "keine COPD bekannt",
            "sin evidencia de EPOC",
            "ausencia de EPOC",
        ),
        *("niega EPOC", "assenza di BPCO", "BPCO assente", "absence de BPCO", "no signs of COPD"),
        *("weder COPD noch EPOC", "pas d'ant\u00e9c\u00e9dent de BPCO"),
    ],
)
def test_phrases_of_absence_are_read(text: str) -> None:
    values = dict(read_cell("comorbidities", text, CATALOGUE).values)
    assert values == {"comorbidities_absent": ("copd",)}


@pytest.mark.parametrize("field", ["emd", "cns", "pcl", "dialysis", "prior_transplant"])
@pytest.mark.parametrize("text", ["ausencia", "assente", "assenza", "absence", "absente", "kein"])
def test_a_word_of_absence_is_no(field: str, text: str) -> None:
    assert dict(read_cell(field, text, CATALOGUE).values) == {field: False}


@pytest.mark.parametrize("text", ["~45", "ca. 45", "45 (approx)", "ungef. 45", "45~", "environ 45"])
def test_what_is_about_a_number_is_said_so(text: str) -> None:
    found = read_cell("egfr", text, CATALOGUE)
    assert dict(found.values) == {"egfr": 45}
    assert "approximate" in found.said[0]


def test_cyclophosphamide_to_mobilise_is_no_exposure_in_a_list() -> None:
    found = read_cell("exposed", "VRd, CY mobilisation, ASCT", CATALOGUE)
    assert dict(found.values)["exposed"] == (BORT, "dexamethasone", LEN)
    assert "cyclophosphamide to mobilise stem cells" in found.said[0]
