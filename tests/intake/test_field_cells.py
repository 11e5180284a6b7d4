"""Cells of public bug reports, of a chart reviewer and of an attack, with what they give."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenrx.catalogue.loading import Catalogue, load
from lenrx.intake.cells import CellError, read_cell
from lenrx.intake.reader import RowReader, read_patient
from lenrx.intake.rows import Problem
from lenrx.patient.patient import Patient, PatientError
from lenrx.patient.state import patient_state

FIELD = Path(__file__).parent / "field"
CATALOGUE = load()
LEN, BORT, DEX, DARA = "lenalidomide", "bortezomib", "dexamethasone", "daratumumab"


def rows(name: str) -> dict[str, Patient | list[Problem]]:
    """The patient of each row, or what could not be read."""
    with (FIELD / name).open(encoding="utf-8", newline="") as source:
        table = list(csv.DictReader(source))
    reader = RowReader(CATALOGUE)
    read = {row["id"]: reader.read(row) for row in table}
    return {name: patient or [*problems] for name, (patient, _, problems, _) in read.items()}


def patients(name: str) -> dict[str, Patient]:
    return {each: found for each, found in rows(name).items() if isinstance(found, Patient)}


def errors(name: str) -> dict[str, list[tuple[str, str | None]]]:
    return {
        each: [(one.field, one.word) for one in found]
        for each, found in rows(name).items()
        if isinstance(found, list)
    }


def test_01_a_mark_is_seen_before_a_slip() -> None:
    found = {
        each: one.refractory for each, one in patients("01-marks-after-long-names.csv").items()
    }
    assert found == dict.fromkeys(("P1", "P2", "P3", "P4"), (BORT,)) | {"P5": (), "P6": ()}
    assert patients("01-marks-after-long-names.csv")["P5"].unsure == (LEN,)


def test_02_unknown_refractoriness_is_asked() -> None:
    found = patients("02-refractory-unknown.csv")
    states = {each: patient_state(one, CATALOGUE).resistance_state for each, one in found.items()}
    unknown = "not known to be lenalidomide-refractory"
    assert states == dict.fromkeys(("U1", "U2", "U3", "U4"), unknown) | {
        "U5": "not lenalidomide-refractory"
    }


def test_06_boxes() -> None:
    found = patients("06-checkbox-glyphs.csv")
    assert found["G1"].refractory == found["G2"].refractory == (BORT,)
    assert (found["G5"].comorbidities, found["G5"].comorbidities_absent) == (("copd",), ("hiv",))
    assert errors("06-checkbox-glyphs.csv") == {
        "G3": [("refractory", "Ø")],
        "G4": [("refractory", "❌")],
    }


def test_09_an_underscore_is_no_part_of_a_number() -> None:
    assert errors("09-underscore-numbers.csv")["X1"] == [
        ("egfr", "4_5"),
        ("creatinine", "1_2"),
        ("anc", "1_5"),
        ("prior_lines", "1_2"),
    ]


def test_10_a_minus_behind_a_loss_is_refused_and_behind_an_arm_is_a_loss() -> None:
    assert {*errors("10-fish-minus.csv")} == {"F1", "F2", "F3"}
    assert patients("10-fish-minus.csv")["F4"].cytogenetics == ("del17p",)


EXPOSED: dict[str, dict[str, tuple[str, ...]]] = {
    "12-fda-suffix.csv": {
        "D1": ("isatuximab",),
        "D2": (DARA,),
        "D3": ("teclistamab",),
        "D4": ("belantamab-mafodotin",),
        "D5": ("elranatamab",),
        "D6": ("talquetamab",),
    },
    "13-rxnorm-strings.csv": {"R1": (LEN,), "R2": (BORT,), "R3": (LEN,), "R4": (DEX,)},
    "14-regimen-with-expansion.csv": {"E1": (BORT, DEX, LEN), "E2": (DARA,)},
    "15-salts-and-routes.csv": {
        "T1": ("vincristine",),
        "T2": (LEN,),
        "T3": (BORT,),
        "T4": (BORT,),
        "T5": (BORT,),
        "T6": ("liposomal-doxorubicin",),
    },
    "16-prednisolone.csv": {
        "Q1": (BORT, "melphalan", "prednisone"),
        "Q2": (BORT, "melphalan", "prednisone"),
        "Q3": (DARA,),
    },
    "17-drug-outside-catalogue.csv": {
        "O1": (DEX, "doxorubicin", LEN, "vincristine"),
        "O2": (BORT, DEX, LEN),
        "O3": (BORT, DEX, LEN),
        "O4": (DEX, LEN),
    },
}


@pytest.mark.parametrize("name", EXPOSED)
def test_12_to_17_names_of_drugs(name: str) -> None:
    assert {each: one.exposed for each, one in patients(name).items()} == EXPOSED[name]


def test_14_one_of_two_drugs_is_an_error_that_says_so() -> None:
    assert errors("14-regimen-with-expansion.csv") == {"E3": [("exposed", "or")]}


def test_17_a_treatment_outside_the_catalogue_is_kept_and_said() -> None:
    found = patients("17-drug-outside-catalogue.csv")
    assert [one.kept[0][1] for one in found.values()] == [
        "interferon",
        "radiotherapy",
        "zoledronic acid",
        "oprozomib",
    ]
    said = [each.message for each in patient_state(found["O1"], CATALOGUE).warnings]
    assert "stated, and no rule here knows it: interferon" in said


@pytest.mark.parametrize(
    ("text", "lines"),
    [("interferon", 1), ("clinical trial", 1), ("radiotherapy", 0), ("Zometa", 0)],
)
def test_a_treatment_outside_the_catalogue_may_be_a_line(text: str, lines: int) -> None:
    patient, _ = read_patient({"exposed": text, "refractory": "none"}, CATALOGUE)
    assert patient_state(patient, CATALOGUE).prior_lines_at_least == lines


def test_22_words_for_nothing() -> None:
    found = patients("22-missing-words.csv")
    assert len(found) == 10
    assert {one.egfr for one in found.values()} == {None}


def test_23_markers_as_registries_write_them() -> None:
    found = patients("23-fish-labels.csv")
    assert {each: one.cytogenetics for each, one in found.items()} == {
        "C1": ("t(11;14)",),
        "C2": ("t(4;14)",),
        "C3": ("del17p",),
        "C4": ("t(11;14)",),
        "C5": ("del17p",),
        "C6": ("del1p",),
        "C7": ("del17p",),
        "C8": ("del17p", "t(4;14)"),
        "C9": None,
    }
    assert found["C9"].cytogenetics_absent == ("t(11;14)",)
    assert found["C3"].kept == (("cytogenetics", "del(13q)"),)


def test_24_illnesses_of_registries() -> None:
    found = patients("24-common-comorbidities.csv")
    assert found["K1"].comorbidities == ("copd",)
    assert found["K1"].kept == (("comorbidities", "hypertension"),)
    assert found["K2"].comorbidities == ("prior_vte",)
    assert found["K3"].comorbidities is None
    assert found["K4"].comorbidities_absent == ("heart_failure",)


def test_29_words_of_a_german_registry() -> None:
    found = patients("29-ecog-u.csv")
    assert (found["H1"].ecog, found["H1"].sex, found["H1"].dialysis) == (None, "female", True)
    ((problem,),) = [each for each in rows("29-ecog-u.csv").values() if isinstance(each, list)]
    assert (problem.field, problem.word) == ("ecog", "80%")
    assert "Karnofsky" in problem.reason


def stated(field: str, text: str) -> dict[str, Any]:
    return dict(read_cell(field, text, CATALOGUE).values)


ILLNESSES = (
    "HTN|T2DM|diabetes|HBV|hep B|hepatitis B|prev DVT|Parkinson's|pregnant|asthma|none|no|0|HIV neg"
    "|stroke 2018|heart failure NYHA II|CHF|T2DM, AF|prior MI|HBsAg neg, anti-HBc pos"
    "|HIV/HBV/HCV neg"
    "|no CHF or COPD|denies DVT|COPD GOLD 2|emphysema|AF on apixaban|CHF (EF 40%)|amyloid|STEMI"
    "|family history of DVT|CKD 3|gout|prostate ca|ex-smoker|pneumonia 2023|cirrhosis|DVT/PE"
    "|Hypertonie|h/o PE 2016|s/p CVA|TIA 2019|rheumatoid arthritis|Diabetes: No; HTN: Yes; COPD: No"
).split("|")
MARKERS = (
    "normal|neg|high risk|std risk|hyperdiploid|del(13q)|del17|p53 mutation|t4;14|t(11;14)/del17p"
    "|t(11;14) +, del17p -|t(4;14)-|17p-|1q21 gain (3 copies)|1q21 gain (4 copies)|IGH::CCND1"
    "|t(11;14)(q13;q32)|del(17p13)|del(17p) 8% (cutoff 10%)|gain/amp 1q|CKS1B gain|trisomy 3, 7, 9"
    "|MYC rearrangement|46,XY[20]|TP53 wt|no t(4;14) or del17p|del(17p13.1) in 62/100 cells|+9"
    "|t(14;16)(q32;q23); gain 1q|no high-risk abnormalities"
).split("|")


@pytest.mark.parametrize("text", ILLNESSES)
def test_an_illness_of_a_chart_is_read_or_kept(text: str) -> None:
    assert read_cell("comorbidities", text, CATALOGUE).said


@pytest.mark.parametrize("text", MARKERS)
def test_a_marker_of_a_laboratory_is_read_or_kept(text: str) -> None:
    read_cell("cytogenetics", text, CATALOGUE)


READ: list[tuple[str, str, dict[str, Any]]] = [
    ("comorbidities", "HBsAg-/anti-HBc+", {
        "comorbidities": ("hepatitis_b_resolved",),
        "comorbidities_absent": ("hepatitis_b_carrier",),
    }),
    ("comorbidities", "hep B", {}),
    ("comorbidities", "hep B neg", {
        "comorbidities_absent": ("hepatitis_b_carrier", "hepatitis_b_resolved"),
    }),
    ("comorbidities", "prior MI", {}),
    ("comorbidities", "family history of DVT", {
        "kept": (("comorbidities", "family history of dvt"),),
    }),
    ("comorbidities", "HIV ?", {}),
    ("cytogenetics", "del(17p) 8% (cutoff 10%)", {"cytogenetics_absent": ("del17p",)}),
    ("cytogenetics", "del(17p) 12% (cutoff 10%)", {"cytogenetics": ("del17p",)}),
    ("cytogenetics", "t(4;14)-", {"cytogenetics_absent": ("t(4;14)",)}),
    ("cytogenetics", "t(4;14) + del(17p)", {"cytogenetics": ("del17p", "t(4;14)")}),
    ("cytogenetics", "1q21 2 copies", {"cytogenetics_absent": ("1q gain",)}),
    ("cytogenetics", "normal", {"kept": (("cytogenetics", "normal"),)}),
    ("exposed", "unknown", {"history": "partial"}),
    ("refractory", "study drug", {
        "history": "partial", "kept": (("refractory", "study drug"),), "otherwise_treated": True,
    }),
    ("exposed", "cevostamab", {
        "history": "partial", "kept": (("exposed", "cevostamab"),), "otherwise_treated": True,
    }),
    ("exposed", "ABBV-383", {"exposed": ("etentamig",)}),
    ("refractory", "interferon", {
        "refractory": (), "kept": (("refractory", "interferon"),), "otherwise_treated": True,
    }),
    ("exposed", "elranatamab (trial)", {"exposed": ("elranatamab",)}),
    ("exposed", "bortezomib trial", {"exposed": (BORT,)}),
    ("refractory", "triple-class", {"refractory": ("IMiD", "PI", "anti-CD38")}),
    ("refractory", "double ref", {"refractory": ("IMiD", "PI")}),
    ("refractory", "refractory to len", {"refractory": (LEN,)}),
    ("refractory", "None", {"refractory": ()}),
    ("refractory", "Velcade (R), len (S)", {"refractory": (BORT,)}),
    ("refractory", "no bort or len", {"refractory": ()}),
    ("refractory", "Lenalidomid, Bortezomib und Dexamethason", {"refractory": (BORT, DEX, LEN)}),
    ("refractory", "lenalidomida y bortezomib", {"refractory": (BORT, LEN)}),
    ("intolerant", "Velcade (PN gr 3)", {"intolerant": (BORT,)}),
    ("intolerant", "len - rash", {"intolerant": (LEN,)}),
    ("intolerant", "NKDA", {"intolerant": ()}),
    ("hepatic", "normal", {"hepatic": "none"}),
    ("hepatic", "Child-Pugh B (7)", {"hepatic": "moderate"}),
    ("lvef", "preserved", {}),
    ("emd", "Y (plasmacytoma)", {"emd": True}),
    ("emd", "no (PET)", {"emd": False}),
    ("frailty", "IMWG 1", {"frailty": "intermediate"}),
    ("sex", "W", {"sex": "female"}),
    ("dialysis", "☐", {"dialysis": False}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text", "values"), READ)
def test_a_cell_states_this(field: str, text: str, values: dict[str, Any]) -> None:
    assert stated(field, text) == values


REFUSED: list[tuple[str, str, str]] = [
    ("refractory", "Velcade (PN gr 3)", "intolerant"),
    ("refractory", "VRd (SD)", "response"),
    ("refractory", "x", "names no drug"),
    ("refractory", "yes", "names no drug"),
    ("refractory", "lena 0 mg", "zero"),
    ("refractory", "penta-refractory", "write the drugs"),
    ("refractory", "-lena; +bort", "sign before"),
    ("refractory", "no bort, len", "for the first or for all"),
    ("refractory", "bort (I)", "a mark or a drug"),
    ("cytogenetics", "no del17p, t(4;14)", "for one marker or for all"),
    ("cytogenetics", "t(4;14), del17p neg", "for one marker or for all"),
    ("cytogenetics", "del17p-", "loss or negative"),
    ("cytogenetics", "del17p <5%", "bound"),
    ("comorbidities", "no CHF, COPD", "for the first or for all"),
    ("comorbidities", "hart failure", "nearest: heart_failure"),
    ("comorbidities", "HIV + HCV -", "for one illness or for all"),
    ("prior_lines", "2L", "second line"),
    ("region", "UK", "neither us nor eu"),
    ("frailty", "unfit", "two grades"),
    ("emd", "paraskeletal", "to some and not to others"),
    ("ecog", "KPS 80", "Karnofsky"),
    ("platelets", "80%", "10^9/L"),
]


@pytest.mark.parametrize(("field", "text", "reason"), REFUSED)
def test_a_cell_is_refused_with_what_to_do_and_its_word(field: str, text: str, reason: str) -> None:
    with pytest.raises(CellError, match=reason.replace("^", r"\^")) as error:
        read_cell(field, text, CATALOGUE)
    assert error.value.word


def test_options_and_files_read_what_cells_may_hold(catalogue: Catalogue) -> None:
    raw = {"refractory": ["lena: N", "Velcade (R)"], "egfr": "<15 (HD)", "prior_lines": "5+"}
    patient, said = read_patient(raw, catalogue)
    assert (patient.refractory, patient.dialysis) == ((BORT,), True)
    assert len(said) == 3
    with pytest.raises(PatientError, match="a mark or a drug") as error:
        read_patient({"refractory": "lena (F)"}, catalogue)
    assert error.value.value == "F"


NAMES = sorted(
    {name for each in CATALOGUE.drugs.values() for name in (each.name, *each.brands)}
    | {"len", "bort", "dara", "VRd", "Kd", "IMiD"}
)
NEGATIVE = (
    "{} N|{} n|{} (N)|{}: N|{}=N|{} 0|{}(0)|{}: 0|{}=0|{} no|{} - no|no {}|not {}|never {}|N {}|{}-"
    "|{} -|-{}|☐ {}|{} ☐|[ ] {}|{} [ ]|❌ {}|{} ❌|{} ✗|{}✗|Ø {}|∅ {}|🚫{}|{} neg|{}N|{}0|{} never"
    "|{} not given|{} nein|sin {}|ohne {}|kein {}|pas de {}|senza {}|sem {}|{} (never given)"
    "|{}: none|{} x0|{} 0 mg|0 cycles {}|{}/no|{}-naive|{} _|{}.N|N: {}|no: {}|({}) no|[{}] N"
    "|{} [N]|{} not received|{} false|never had {}|w/o {}|without {}|{} -ve|{} ✘|{} ⊘|{} 👎"
    "|no prior {}|{} NO!|{} n.|{} (-)|{} [-]|0: {}|{} = N|neg {}|{} absent|{} ausente|( ) {}|{} ()"
    "|{}:|__ {} __|neither {}|{} not detected|not detected: {}|{} (not found)|{} nicht|unchecked {}"
).split("|")


def _yes(field: str, text: str) -> tuple[str, ...]:
    try:
        return tuple(stated(field, text).get(field, ()))
    except CellError:
        return ()


@settings(max_examples=1_500, deadline=None)
@given(
    field=st.sampled_from(("refractory", "exposed", "intolerant")),
    name=st.sampled_from(NAMES),
    written=st.sampled_from(NEGATIVE),
    case=st.sampled_from((str, str.upper, str.lower, str.title)),
)
def test_what_says_no_of_a_drug_is_never_yes(
    field: str, name: str, written: str, case: Any
) -> None:
    named = _yes(field, name)
    assert named
    text = written.format(case(name))
    assert not {*named} & {*_yes(field, text)}, text


ALONE = {"cytogenetics": ("del17p", "del(17p)", "t(4;14)", "t(11;14)", "1q gain", "amp1q", "TP53",
    "del1p", "t(14;16)", "17p deletion", "IGH::CCND1", "t(4;14)(p16;q32)", "gain 1q21"),
    "comorbidities": ("hiv", "COPD", "CHF", "DVT", "heart failure", "stroke", "HBV carrier", "TMA",
    "parkinsonism", "atrial fibrillation", "pregnant", "hep C", "ILD"),
}  # fmt: skip


@settings(max_examples=1_500, deadline=None)
@given(
    field=st.sampled_from(sorted(ALONE)),
    at=st.integers(0, 12),
    written=st.sampled_from([each for each in NEGATIVE if "naive" not in each]),
    case=st.sampled_from((str, str.upper, str.lower)),
)
def test_what_says_no_of_a_finding_is_never_yes(
    field: str, at: int, written: str, case: Any
) -> None:
    name = ALONE[field][at]
    assert _yes(field, name)
    text = written.format(case(name))
    assert not {*_yes(field, name)} & {*_yes(field, text)}, text
