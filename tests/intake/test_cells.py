from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenrx.catalogue.loading import Catalogue, load
from lenrx.intake.cells import CellError, CellReading, read_cell
from lenrx.patient.patient import FIELDS, parse_patient

BORT, LEN, DEX, CFZ = "bortezomib", "lenalidomide", "dexamethasone", "carfilzomib"
DRUGS: dict[str, tuple[str, ...]] = {
    "Kyprolis/dex -> Carvykti": (CFZ, "cilta-cel", DEX),
    "lena-dex": (DEX, LEN),
    "Velcade Revlimid dex": (BORT, DEX, LEN),
    "Velcade and Revlimid": (BORT, LEN),
    "Velcade then Revlimid followed by dexa": (BORT, DEX, LEN),
    "Velcade & Revlimid": (BORT, LEN),
    "Velcade\nRevlimid": (BORT, LEN),
    "Velcade → Revlimid": (BORT, LEN),
    "Darzalex Faspro + Velcade": (BORT, "daratumumab"),
    "Rev 25mg d1-21": (LEN,),
    "Revlimid (10 mg, d1-21)": (LEN,),
    "cfz 56 mg/m2 d1,8,15 / dex 40mg": (CFZ, DEX),
    "cfz 56 mg m2": (CFZ,),
    "Mel200 mg/m2": ("melphalan",),
    "ixazomib 4 mg q28d": ("ixazomib",),
    "lenalidomid": (LEN,),
    "lenalidomida": (LEN,),
    "lénalidomide": (LEN,),
    "bortezomibe": (BORT,),
    "talidomida": ("thalidomide",),
    "ciclofosfamida": ("cyclophosphamide",),
    "dexametasona": (DEX,),
    "melfalan": ("melphalan",),
    "prednisona": ("prednisone",),
    "doxorrubicina": ("doxorubicin",),
    "lenalidomde": (LEN,),
    "bortezamib": (BORT,),
    "lenaildomide": (LEN,),
    "Kyprollis": (CFZ,),
    "belantamab mafodotn": ("belantamab-mafodotin",),
    "Velcade yes, Revlimid refractory": (BORT, LEN),
    "Velcade: yes; Rev PD": (BORT, LEN),
    "lena-dex PD": (DEX, LEN),
    "Velcade: y + Revlimid": (BORT, LEN),
}


@pytest.mark.parametrize("field", ["exposed", "refractory"])
@pytest.mark.parametrize(("text", "drugs"), DRUGS.items())
def test_drugs_are_read_as_charts_write_them(
    catalogue: Catalogue, field: str, text: str, drugs: tuple[str, ...]
) -> None:
    found = read_cell(field, text, catalogue)
    assert found.values == ((field, drugs),)
    assert len(found.said) == 1 and found.said[0].startswith("read '")


@pytest.mark.parametrize("text", ["1L: VRd x4", "1st line VRd", "VRd (2019)", "VRd x4 cycles"])
def test_a_regimen_expands_and_is_remembered(catalogue: Catalogue, text: str) -> None:
    values = dict(read_cell("exposed", text, catalogue).values)
    assert values == {"exposed": (BORT, DEX, LEN), "expanded": (("exposed", "VRd"),)}


ALSO: list[tuple[str, str, dict[str, Any], str]] = [
    ("refractory", "ASCT", {"prior_transplant": True}, "prior transplant"),
    ("exposed", "Revlimid + ASCT", {"exposed": (LEN,), "prior_transplant": True}, "lenalidomide; "),
    ("exposed", "HDT-ASCT", {"prior_transplant": True}, "prior transplant"),
    ("exposed", "tandem ASCT", {"prior_transplant": True}, "prior transplant"),
    ("exposed", "autologous stem cell transplant", {"prior_transplant": True}, "prior transplant"),
    ("exposed", "ASCT no", {"prior_transplant": False}, "no prior transplant"),
    (
        "exposed",
        "HDM/ASCT",
        {"prior_transplant": True, "exposed": ("melphalan",)},
        "melphalan; prior transplant",
    ),
    ("exposed", "allo", {"comorbidities": ("prior_allogeneic_transplant",)}, "prior allogeneic"),
    (
        "refractory",
        "Velcade yes, Revlimid ?unk",
        {"refractory": (BORT,), "exposed": (LEN,), "unsure": (LEN,)},
        "bortezomib; lenalidomide given, refractoriness unknown",
    ),
    (
        "refractory",
        "Revlimid ?",
        {"refractory": (), "exposed": (LEN,), "unsure": (LEN,)},
        "lenalidomide given, refractoriness unknown",
    ),
    ("refractory", "Velcade no", {"refractory": ()}, "not refractory to bortezomib"),
    ("refractory", "Velcade (not refractory), Rev", {"refractory": (LEN,)}, "not refractory to b"),
    ("exposed", "Velcade, Revlimid ?", {"exposed": (BORT,), "history": "partial"}, "perhaps given"),
    ("exposed", "Velcade, Revlimid no", {"exposed": (BORT,)}, "not given: lenalidomide"),
    ("exposed", "Velcade not refractory", {"exposed": (BORT,)}, "read in refractory only"),
    ("intolerant", "Velcade no", {"intolerant": ()}, "not intolerant of bortezomib"),
    ("egfr", "≤15", {"egfr": "<=15"}, "eGFR at most 15"),
    ("egfr", "<15 (HD)", {"egfr": "<15", "dialysis": True}, "eGFR below 15, on dialysis"),
    ("egfr", "8 (HD)", {"egfr": 8, "dialysis": True}, "eGFR 8, on dialysis"),
    ("egfr", "12 on dialysis", {"egfr": 12, "dialysis": True}, "eGFR 12, on dialysis"),
    ("egfr", "12, not on dialysis", {"egfr": 12, "dialysis": False}, "eGFR 12, not on dialysis"),
    ("creatinine", "3,4 (HD)", {"creatinine": 3.4, "dialysis": True}, "creatinine 3.4, on dial"),
    ("crcl", "on dialysis", {"dialysis": True}, "on dialysis"),
    ("egfr", "45 mL/min/1.73m²", {"egfr": 45}, "eGFR 45"),
    ("egfr", "45 ml/min/1,73 m2", {"egfr": 45}, "eGFR 45"),
    ("egfr", "~60", {"egfr": 60}, "eGFR 60"),
    ("creatinine", "1,2 mg/dL", {"creatinine": 1.2}, "creatinine 1.2"),
    ("weight", "70,5 kg", {"weight": 70.5}, "weight 70.5"),
    ("age", "73y", {"age": 73}, "age 73"),
    ("age", "73 y/o", {"age": 73}, "age 73"),
    ("age", "73 yrs", {"age": 73}, "age 73"),
    ("lvef", "55-60%", {"lvef": "55-60"}, "LVEF 55 to 60"),
    ("lvef", "55%", {"lvef": 55}, "LVEF 55"),
    ("platelets", "150 x10^9/L", {"platelets": 150}, "platelets 150"),
    ("platelets", "150 x10³/µL", {"platelets": 150}, "platelets 150"),
    ("anc", "1.2 x 10^3/uL", {"anc": 1.2}, "ANC 1.2"),
    ("platelets", "150 \u00d710⁹/L", {"platelets": 150}, "platelets 150"),
    ("platelets", "150*10^9/l", {"platelets": 150}, "platelets 150"),
    ("platelets", "150 10*9/L", {"platelets": 150}, "platelets 150"),
    ("platelets", "150 G/L", {"platelets": 150}, "platelets 150"),
    ("platelets", "150 Gpt/L", {"platelets": 150}, "platelets 150"),
    ("platelets", "150 K/µL", {"platelets": 150}, "platelets 150"),
    ("prior_lines", "5+", {"prior_lines": ">=5"}, "prior lines at least 5"),
    ("prior_lines", "5 or more", {"prior_lines": ">=5"}, "prior lines at least 5"),
    ("prior_lines", "2 o m\u00e1s", {"prior_lines": ">=2"}, "prior lines at least 2"),
    ("prior_lines", "mehr als 2", {"prior_lines": ">2"}, "prior lines above 2"),
    ("prior_lines", "2 bis 3", {"prior_lines": "2-3"}, "prior lines 2 to 3"),
    ("prior_lines", "at least 5", {"prior_lines": ">=5"}, "prior lines at least 5"),
    ("prior_lines", "two", {"prior_lines": 2}, "prior lines 2"),
    ("prior_lines", "3 lines", {"prior_lines": 3}, "prior lines 3"),
    ("prior_lines", "3 prior lines", {"prior_lines": 3}, "prior lines 3"),
    ("ecog", "ECOG 1", {"ecog": 1}, "ECOG 1"),
    ("ecog", "PS 2", {"ecog": 2}, "ECOG 2"),
    ("neuropathy_grade", "G3", {"neuropathy_grade": 3}, "neuropathy grade 3"),
    ("neuropathy_grade", "CTCAE 1", {"neuropathy_grade": 1}, "neuropathy grade 1"),
    ("neuropathy_grade", "none", {"neuropathy_grade": 0}, "neuropathy grade 0"),
    ("dialysis", "HD", {"dialysis": True}, "on dialysis"),
    ("dialysis", "no dialysis", {"dialysis": False}, "not on dialysis"),
    ("emd", "sí", {"emd": True}, "emd: yes"),
    ("emd", "neg", {"emd": False}, "emd: no"),
    ("pcl", "+", {"pcl": True}, "pcl: yes"),
    ("cns", "1.0", {"cns": True}, "cns: yes"),
    ("prior_transplant", "ASCT", {"prior_transplant": True}, "prior transplant: yes"),
    ("sex", "woman", {"sex": "female"}, "female"),
    ("sex", "Männlich", {"sex": "male"}, "male"),
    ("frailty", "intermediate-fit", {"frailty": "intermediate"}, "intermediate"),
    ("frailty", "frail (IMWG)", {"frailty": "frail"}, "frail"),
    ("cytogenetics", "Del(17p) 62%", {"cytogenetics": ("del17p",)}, "found: del17p"),
    ("cytogenetics", "del17p: yes", {"cytogenetics": ("del17p",)}, "found: del17p"),
    ("cytogenetics", "1q+ (3 copies)", {"cytogenetics": ("1q gain",)}, "found: 1q gain"),
    ("cytogenetics", "1q gain (≥4 copies)", {"cytogenetics": ("1q amp",)}, "found: 1q amp"),
    ("cytogenetics", "t(11;14) not done", {}, "not known: t(11;14)"),
    (
        "cytogenetics",
        "t(4;14) +ve; del17p (-ve)",
        {"cytogenetics": ("t(4;14)",), "cytogenetics_absent": ("del17p",)},
        "found: t(4;14); absent: del17p",
    ),
    ("cytogenetics", "FISH failed", {}, "not stated"),
    ("neuropathy_grade", "not assessed", {}, "not stated"),
    ("cytogenetics", "del17p ?", {}, "not known: del17p"),
    ("cytogenetics", "t(4;14) not detected", {"cytogenetics_absent": ("t(4;14)",)}, "absent: t(4"),
    ("cytogenetics", "del17p 0%", {"cytogenetics_absent": ("del17p",)}, "absent: del17p"),
    (
        "cytogenetics",
        "del17p positive (62%); t(4;14) neg; t(14;20) n/a",
        {"cytogenetics": ("del17p",), "cytogenetics_absent": ("t(4;14)",)},
        "found: del17p; absent: t(4;14); not known: t(14;20)",
    ),
    (
        "cytogenetics_absent",
        "t(4;14); del17p no",
        {"cytogenetics_absent": ("del17p", "t(4;14)")},
        "absent: del17p, t(4;14)",
    ),
    ("comorbidities", "CHF", {"comorbidities": ("heart_failure",)}, "heart_failure"),
    ("comorbidities", "DVT/PE", {"comorbidities": ("prior_vte",)}, "prior_vte"),
    ("comorbidities", "HBsAg+", {"comorbidities": ("hepatitis_b_carrier",)}, "carrier"),
    ("comorbidities", "AF, COPD", {"comorbidities": ("arrhythmia", "copd")}, "arrhythmia, copd"),
    ("comorbidities_absent", "ILD", {"comorbidities_absent": ("interstitial_lung_disease",)}, "ab"),
    ("region", "Puerto Rico", {"region": "us"}, "the US label"),
    ("region", "España", {"region": "eu"}, "the EU label"),
    ("region", "Norway", {"region": "eu"}, "the EU label"),
    ("as_of", "2026/11/22", {"as_of": "2026-11-22"}, "2026-11-22"),
    ("as_of", "22.11.2026", {"as_of": "2026-11-22"}, "2026-11-22"),
    ("as_of", "22 Nov 2026", {"as_of": "2026-11-22"}, "2026-11-22"),
    ("as_of", "22/11/2026", {"as_of": "2026-11-22"}, "2026-11-22"),
    ("as_of", "11/22/2026", {"as_of": "2026-11-22"}, "2026-11-22"),
]


def _as_parsed(values: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """Bounds as the strict parser has them."""
    return {
        name: getattr(parse_patient({name: value}, catalogue), name)
        if isinstance(value, str) and name in FIELDS
        else value
        for name, value in values.items()
    }


@pytest.mark.parametrize(("field", "text", "values", "meaning"), ALSO)
def test_a_messy_cell_is_read_and_said(
    catalogue: Catalogue, field: str, text: str, values: dict[str, Any], meaning: str
) -> None:
    found = read_cell(field, text, catalogue)
    assert dict(found.values) == _as_parsed(values, catalogue)
    (said,) = found.said
    assert said.startswith(f"read '{text}' as ") and meaning in said


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "P 1"),
        ("id", 17),
        ("age", 73),
        ("age", "73"),
        ("egfr", "<15"),
        ("refractory", "lena; bort"),
        ("refractory", "Lenalidomide, PI"),
        ("refractory", "VRd"),
        ("refractory", ["len", "daratumumab"]),
        ("refractory", "none"),
        ("cytogenetics", "t(4;14), 1q+"),
        ("sex", "F"),
        ("region", "U.S."),
        ("emd", True),
        ("comorbidities", "COPD"),
    ],
)
def test_what_the_contract_has_is_literal_and_nothing_is_said(
    catalogue: Catalogue, field: str, value: Any
) -> None:
    found = read_cell(field, value, catalogue)
    patient = parse_patient({field: value}, catalogue)
    assert dict(found.values)[field] == getattr(patient, field)
    assert dict(found.values).get("expanded", ()) == patient.expanded
    assert found.said == ()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("refractory", "Revlimid; Velcade", "read 'Revlimid; Velcade' as bortezomib, lenalidomide"),
        ("refractory", "lena, velcade", "read 'lena, velcade' as bortezomib, lenalidomide"),
        ("refractory", "Revlimid|pi", "read 'Revlimid|pi' as PI, lenalidomide"),
        ("exposed", "Darzalex Faspro", "read 'Darzalex Faspro' as daratumumab"),
        ("exposed", ["dex", "KYPROLIS"], "read 'dex; KYPROLIS' as carfilzomib, dexamethasone"),
        ("intolerant", "CC-4047", "read 'CC-4047' as pomalidomide"),
    ],
)
def test_a_brand_or_a_code_is_read_as_recommend_does_and_said(
    catalogue: Catalogue, field: str, value: Any, said: str
) -> None:
    found = read_cell(field, value, catalogue)
    assert dict(found.values)[field] == getattr(parse_patient({field: value}, catalogue), field)
    assert found.said == (said,)


SILENT = [name for name in FIELDS if name not in ("id", "exposed", "history")]


@pytest.mark.parametrize("text", ["unknown", "?", "unk", "??", "not known"])
def test_a_history_that_nobody_knows_is_partial(catalogue: Catalogue, text: str) -> None:
    for field in ("exposed", "history"):
        assert read_cell(field, text, catalogue).values == (("history", "partial"),)


@pytest.mark.parametrize("field", SILENT)
@pytest.mark.parametrize("text", ["", " ", "?", "unk", "N/A", "not done", None])
def test_an_empty_cell_states_nothing(catalogue: Catalogue, field: str, text: Any) -> None:
    assert read_cell(field, text, catalogue) == CellReading(())


@pytest.mark.parametrize("field", SILENT)
@pytest.mark.parametrize("text", ["-", "--", ".", "n.a.", "ND", "??", "pending", "none recorded"])
def test_a_dash_states_nothing_and_that_is_said(
    catalogue: Catalogue, field: str, text: str
) -> None:
    assert read_cell(field, text, catalogue) == CellReading((), (f"read '{text}' as not stated",))


UNREADABLE = {
    "age": ["seventy", "73y 4m", "born 1950", "150"],
    "prior_lines": [
        "3rd line",
        "third line",
        "L3",
        "many",
        "2.5",
        "1,2,3",
        "2L",
        "3 L",
        "2nd relapse",
    ],
    "egfr": ["see letter", "45 umol/L", "150,000", "1,2,3", "12 (PD)"],
    "crcl": ["45 mL/min/1.73m2"],
    "creatinine": ["106 nmol/L", "1.2 H"],
    "weight": ["150 oz"],
    "platelets": ["150,000", "150000"],
    "ecog": ["7", "KPS 80"],
    "sex": ["V", "H", "F?", "other"],
    "frailty": ["unfit", "frail?", "not frail", "CFS 5"],
    "hepatic": ["elevated LFTs", "mild?", "cirrhosis"],
    "lvef": ["reduced", "poor"],
    "emd": ["unlikely", "yes?"],
    "exposed": ["stud drug", "Velcade R", "rev pd", "VRd -> PD", "Velcade +/- dex", "Velcade -"],
    "refractory": [
        "VRd ?",
        "PI unk",
        "Velcade, Velcade no",
        "Velcade/Revlimid ?",
        "Velcade Revlimid no",
        "Velc",
        "bortezimab lena",
        "?Velcade",
        "ASCT ?",
        "ASCT; ASCT no",
    ],
    "intolerant": ["Velcade refractory"],
    "cytogenetics": [
        "-1q",
        "1q amp (3 copies)",
        "del17p, del17p neg",
        "del17p 162%",
    ],
    "cytogenetics_absent": ["del17p 62%", "t(4;14) pos"],
    "comorbidities": ["hart failure", "cardiac", "-HIV", "HIV \u274c", "yes"],
    "region": ["UK", "Switzerland", "no", "Japan"],
    "as_of": ["05/06/2026", "22/11/26", "31/02/2026", "soon"],
}


@pytest.mark.parametrize(("field", "text"), [(f, t) for f in UNREADABLE for t in UNREADABLE[f]])
def test_a_cell_that_cannot_be_read_is_an_error_without_its_text(
    catalogue: Catalogue, field: str, text: str
) -> None:
    with pytest.raises(CellError) as error:
        read_cell(field, text, catalogue)
    assert len(text) < 3 or f" {text} " not in f" {error.value} "


HUGE = pytest.param(10**5000, id="huge")


@pytest.mark.parametrize("value", [{}, [1], [["len"]], b"len", HUGE, [None]])
@pytest.mark.parametrize("field", FIELDS)
def test_a_value_of_another_kind_is_an_error(catalogue: Catalogue, field: str, value: Any) -> None:
    with pytest.raises(CellError):
        read_cell(field, value, catalogue)


def test_the_reason_names_the_unit(catalogue: Catalogue) -> None:
    with pytest.raises(CellError, match="mg/dL"):
        read_cell("creatinine", "106 nmol/L", catalogue)


def test_a_long_note_is_refused_at_once(catalogue: Catalogue) -> None:
    dice = random.Random(1)
    note = " ".join("".join(dice.choices("abcdefgh", k=6)) for _ in range(5000))
    for field in FIELDS[1:]:
        with pytest.raises(CellError):
            read_cell(field, note, catalogue)


CATALOGUE = load()
_PIECES = st.sampled_from(
    "Velcade Revlimid len PD Pd no yes ? unk + - / , ; -> ( ) 17p 1q t(4;14) 62% copies 4 <15 >= "
    "HD ASCT allo mg d1-21 1L: x4 n/a none 1,2 kg 2026 11 . and VRd PI 5+ ±".split()
)
_TEXTS = st.text() | st.lists(_PIECES, max_size=7).map(" ".join) | st.lists(_PIECES).map("".join)


@given(field=st.sampled_from(FIELDS), text=_TEXTS)
def test_any_text_is_read_or_refused(field: str, text: str) -> None:
    try:
        found = read_cell(field, text, CATALOGUE)
    except CellError as error:
        assert str(error)
        return
    assert all("\n" not in said for said in found.said)


_SECRET = "Zvonimirq Kovqcevqx"


_OPEN = ("comorbidities", "comorbidities_absent", "medications")
_CLOSED = [name for name in FIELDS[1:] if name not in _OPEN]


@given(field=st.sampled_from(_CLOSED), before=_PIECES, after=_PIECES)
def test_a_reason_holds_nothing_of_the_cell(field: str, before: str, after: str) -> None:
    with pytest.raises(CellError) as error:
        read_cell(field, f"{before} {_SECRET} {after}", CATALOGUE)
    assert not any(word.lower() in str(error.value).lower() for word in _SECRET.split())


@pytest.mark.parametrize(
    "cell", ["del17p 62% 20%", "del17p (cutoff 20%) (cutoff 50%)", "del17p 62% cutoff 120%"]
)
def test_two_shares_of_cells_are_a_question(catalogue: Catalogue, cell: str) -> None:
    with pytest.raises(CellError, match="one number from 0 to 100"):
        read_cell("cytogenetics", cell, catalogue)
