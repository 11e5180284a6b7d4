"""A cell that says no of something, or may say it, is never read as yes of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenrx import load_catalogue
from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import CellError, read_cell

CATALOGUE = load_catalogue()
LEN, BORT = "lenalidomide", "bortezomib"

REFUSED: dict[str, list[str]] = {
    "refractory": [
        *("Vd(R)", "VRd (len)", "len (VRd)", "len: S; bort: N", "len (S)", "dara pending"),
        *("DRd, progressed on R", "current: DPd", "VRd -> ASCT -> R"),
        *("not refractory to: len, bort", "sensitive: len, carf", "possibly len, bort"),
        *("len, bort - not refractory", "len, bort: no", "Rd, Vd: naive"),
        *(
            "len od. bort",
            "Rd od Vd",
            "len- bort+",
            "PI- IMiD+",
            "VRd no maint",
            "VRd (no maintenance)",
            "V(R)d",
        ),
        *("(-) len", "len (-)", "rev -bort", "len / -bort", "R/R", "Dara R"),
        *("lenalidomide-free", "daratumumab-free", "s/d"),
        *("not: len; bort", "not refractory to: len; bort", "not refractory to len; bort"),
        *("possibly: len; bort", "not:\nlen\nbort", "none of: len; bort"),
        *("len, bort (not refractory)", "len, bort (N)", "len, bort - no"),
        *("len not excluded", "not ruled out: len", "len not not refractory"),
        *("len, PD 2021", "len; SD 03/2020", "X 2021", "R 2019"),
        *("R", "r", "bort/R", "len/S, bort/R", "len \u043d\u0435", "len \u043do", "frail no"),
    ],
    "exposed": [
        *("VRd; no ASCT, CAR-T", "no ASCT, CAR-T", "not given: ASCT; bort"),
        "len, bort (not given)",
        "not given: len; bort",
        "len 0 months",
        "len 0 weeks",
        "s/d",
        "Dara R",
        "no: len, bort",
    ],
    "intolerant": ["dara IRR gr 2, continued", "bort (PN gr 0)", "len: rash grade 0", "VRd (PN)"],
    "platelets": ["45\u00b9", "50\u00b2"],
    "neuropathy_grade": ["\u00b2"],
    "ecog": ["due"],
    "creatinine": ["12.1", "15"],
    "emd": [
        "no (CT 2020), new lesion 2022",
        "yes, gone",
        "yes (2019), resolved",
        "yes, but not now",
        *("yes (0)", "yes (0 lesions)", "no (1)", "yes 2021 no 2022", "yes (PET neg)", "no PET"),
        *("no x2", "yes, no", "yes (no)", "no (no PET)", "PET not done", "no 1", "liver?"),
        *("at risk", "unlikely", "yes, at risk", "cannot be excluded"),
    ],
    "dialysis": [
        *("yes (2019)", "yes, at diagnosis", "yes - 2019"),
        *("yes (2019-2021)", "yes 2019-2020", "yes until 2021", "no (since 2021)", "yes -> no"),
        *("no evidence of", "pre-dialysis", "dialysis planned", "HD off", "off HD", "yes no"),
        "yes, but not on HD",
        "yes, stopped",
        "no, planned",
        "no, but PD catheter",
    ],
    "cns": ["no MRI", "no LP", "no (suspected)", "no (MRI), LP positive", "yes -> ruled out 2021"],
    "prior_transplant": [
        "ASCT x0",
        "yes (0)",
        "dialysis: prior",
        "ASCT planned",
        "yes, declined",
        "planned",
        "eligible",
        "no, collected only",
    ],
    "frailty": [
        "score 2",
        "fit (2)",
        "frail (IMWG 0)",
        "frail (not frail)",
        "fit (not fit)",
        "frail (no)",
        "frail (was fit)",
        "fit (frail 2022)",
        "not frail",
    ],
    "cytogenetics": [
        *("TP53-", "p53 -", "del17p 12/19"),
        *("17p+", "1p+", "+17p", "+1p", "-17p", "no abnormality of 17p, t(4;14)"),
        *("17p 5% (normal <10%)", "no FISH", "kein FISH", "no cytogenetics"),
        *("(-) del17p", "Not detected: del17p; t(4;14)", "neg: del17p; 1q", "neg for del17p; 1q"),
        *("suspected del17p, t(4;14)", "pending: del17p; t(4;14)", "del17p, t(4;14) normal"),
        *("1q no loss", "17p no gain", "TP53 not deleted", "1q21 no amplification"),
        *("1q21 not amplified", "17p no mutation", "1p not gained"),
        *("t(11;14) not excluded", "t(11;14) not ruled out", "t(11;14) in 2018 not in 2022"),
        *("1q21 (n=2)", "t(4;14) 0 copies", "TP53 2 copies", "del17p 2 copies", "t(11;14) probe"),
        *("normal. del17p", "FISH negative. del17p", "normal, del17p", "normal FISH, del17p"),
        *("del17p at diagnosis only", "☐ del17p; ✗ t(4;14)"),
    ],
    "comorbidities": [
        *("sepsis 2019", "pregnancy 1990", "history of sepsis", "unstable angina 2001"),
        *("history of dialysis", "dialysis 2019-2020", "prior CNS disease"),
        *("family history of MI and stroke", "FH: MI, stroke", "FH: MI; stroke"),
        *("family history of stroke, DVT", "no: CHF; COPD", "negative for CHF; COPD"),
        *("r/o PE, COPD", "suspected: PE; COPD", "CHF, COPD (no)", "CHF, COPD - no"),
        *(
            "CHF, ruled out",
            "CHF; ruled out",
            "PE, excluded by CT",
            "AF, no longer",
            "PE, not on CT",
        ),
        *(
            "stroke, not confirmed",
            "PE 2019, not present",
            "HIV test",
            "HIV screen",
            "HBV, HCV, HIV neg",
            "HBV, HCV, HIV: neg",
            "post-MI",
        ),
        *("HTN, DM, poorly controlled", "CHF 2018, recovered", "stroke, resolved", "PD"),
        *("stroke not excluded", "PE not ruled out", "arterial thrombosis", "CHF, COPD neg"),
        *(
            "HF with reduced EF",
            "MI last month",
            "HIV undetectable",
            "HBV undetectable",
            "DVT (not in family)",
        ),
        "MI risk",
        "risk of stroke",
        "stroke rehab",
        "HTN, no MI, DM2",
    ],
    "weight": ["70 kg?", "300", "151"],
    "egfr": ["45?"],
    "sex": ["V", "H"],
    "prior_lines": ["2\u00b9", "II", "1ª", "2ª línea", "2. Linie", "2ème ligne"],
}


@pytest.mark.parametrize(
    ("field", "text"), [(field, text) for field, texts in REFUSED.items() for text in texts]
)
def test_what_may_mean_two_things_is_refused(catalogue: Catalogue, field: str, text: str) -> None:
    with pytest.raises(CellError):
        read_cell(field, text, catalogue)


READ: list[tuple[str, str, dict[str, Any]]] = [
    (
        "exposed",
        "VRd; no ASCT; bort",
        {
            "exposed": (BORT, "dexamethasone", LEN),
            "prior_transplant": False,
            "expanded": (("exposed", "VRd"),),
        },
    ),
    ("exposed", "ASZT", {"prior_transplant": True}),
    ("exposed", "Len-Erhaltung", {"exposed": (LEN,)}),
    ("cytogenetics", "del17p (03/2021)", {"cytogenetics": ("del17p",)}),
    ("cytogenetics", "del17p 12/19 nuclei", {"cytogenetics": ("del17p",)}),
    ("cytogenetics", "1q21-Zugewinn (3 Kopien)", {"cytogenetics": ("1q gain",)}),
    ("cytogenetics", "1q-Amplifikation", {"cytogenetics": ("1q amp",)}),
    ("cytogenetics", "keine 17p-Deletion", {"cytogenetics_absent": ("del17p",)}),
    ("cytogenetics", "Deletion 17p in 60 % der Kerne", {"cytogenetics": ("del17p",)}),
    ("cytogenetics", "ganancia 1q (3 copias)", {"cytogenetics": ("1q gain",)}),
    ("cytogenetics", "délétion 17p (60 % des noyaux)", {"cytogenetics": ("del17p",)}),
    (
        "comorbidities",
        "Dialyse seit 1/2026; HTA",
        {
            "dialysis": True,
            "kept": (("comorbidities", "hta"),),
        },
    ),
    ("comorbidities", "no dialysis; COPD", {"dialysis": False, "comorbidities": ("copd",)}),
    ("comorbidities", "CKD on dialysis since 2022, no EMD", {"dialysis": True, "emd": False}),
    ("comorbidities", "prior ASCT", {"prior_transplant": True}),
    ("comorbidities_absent", "hemodialysis", {"dialysis": False}),
    ("comorbidities", "Herzinsuff. NYHA III", {"comorbidities": ("heart_failure",)}),
    ("cytogenetics", "nicht gemacht", {}),
    ("prior_transplant", "ja (2x)", {"prior_transplant": True}),
    (
        "exposed",
        "VTD-TASPE-R",
        {
            "exposed": (BORT, "dexamethasone", LEN, "thalidomide"),
            "prior_transplant": True,
            "expanded": (("exposed", "VTd"),),
        },
    ),
    *(("refractory", word, {"refractory": ()}) for word in ("non", "nunca", "naive to len")),
    ("refractory", "PD unter Lenalidomid", {"refractory": (LEN,)}),
    (
        "exposed",
        "1. Vd 2. len",
        {
            "exposed": (BORT, "dexamethasone", LEN),
            "expanded": (("exposed", "Vd"),),
        },
    ),
    ("dialysis", "x", {"dialysis": True}),
    ("comorbidities", "V.a. Lungenembolie", {}),
    ("comorbidities", "HBsAg+, HBV DNA neg", {"comorbidities": ("hepatitis_b_carrier",)}),
    *(("refractory", word, {"refractory": ()}) for word in ("not refractory", "naive")),
    ("prior_transplant", "03/2019", {"prior_transplant": True}),
    ("cytogenetics", "kein Nachweis einer Deletion 17p", {"cytogenetics_absent": ("del17p",)}),
    ("cytogenetics", "del17p nicht nachweisbar", {"cytogenetics_absent": ("del17p",)}),
    ("ecog", "1 (KPS 80)", {"ecog": 1}),
    ("ecog", "3 -> 1", {"ecog": 1}),
    ("neuropathy_grade", "2 with pain", {"neuropathy_grade": 2, "neuropathic_pain": True}),
    ("comorbidities", "HBsAg+, anti-HBc+", {"comorbidities": ("hepatitis_b_carrier",)}),
    ("refractory", "Rev (R), Kyp (S)", {"refractory": (LEN,)}),
    (
        "exposed",
        "chemo",
        {
            "history": "partial",
            "otherwise_treated": True,
            "kept": (("exposed", "chemo"),),
        },
    ),
    ("comorbidities", "HBV DNA neg", {}),
    *(("comorbidities", word, {}) for word in ("EP", "MS", "cardiomyopathy")),
    ("platelets", "150 10\u2079/L", {"platelets": 150.0}),
    ("comorbidities", "anti-HBc", {}),
    ("comorbidities", "HBsAg", {}),
    ("comorbidities", "HCV RNA", {}),
    ("comorbidities", "HIV Ab", {}),
    ("comorbidities", "anti-HBc+", {"comorbidities": ("hepatitis_b_resolved",)}),
    ("comorbidities", "HCV Ab neg", {"comorbidities_absent": ("hepatitis_c",)}),
    ("comorbidities", "LE", {}),
    ("comorbidities", "MTEV", {"comorbidities": ("prior_vte",)}),
    ("comorbidities", "ACFA", {"comorbidities": ("arrhythmia",)}),
    ("neuropathy_grade", "keine PNP", {"neuropathy_grade": 0}),
    ("neuropathy_grade", "nessuna", {"neuropathy_grade": 0}),
    ("neuropathy_grade", "PNP Grad 2", {"neuropathy_grade": 2}),
    ("refractory", "progression-free on len", {"refractory": ()}),
    ("refractory", "len progression-free", {"refractory": ()}),
    ("refractory", "len without progression; bort", {"refractory": (BORT,)}),
    ("refractory", "len; bort (not refractory)", {"refractory": (LEN,)}),
    ("refractory", "len (not refractory), bort", {"refractory": (BORT,)}),
    ("refractory", "lenalidomide n\u043e", {"refractory": ()}),
    ("refractory", "l\u0435n", {"refractory": (LEN,)}),
    ("refractory", "no refractario a len", {"refractory": ()}),
    ("refractory", "nicht refraktär auf len", {"refractory": ()}),
    ("refractory", "sensitive to len", {"refractory": ()}),
    ("refractory", "neither len nor bort", {"refractory": ()}),
    ("exposed", "len, bort (not refractory)", {"exposed": (BORT, LEN)}),
    ("refractory", "daratumumab-none", {"refractory": ()}),
    ("refractory", "len: yes, bort: no", {"refractory": (LEN,)}),
    ("exposed", "daratumumab-fihj", {"exposed": ("daratumumab",)}),
    ("exposed", "dara-R", {"exposed": ("daratumumab", LEN), "expanded": (("exposed", "Dara-R"),)}),
    ("exposed", "len 10 months", {"exposed": (LEN,)}),
    ("cytogenetics", "17p normal", {"cytogenetics_absent": ("del17p",)}),
    ("cytogenetics", "17p intact", {"cytogenetics_absent": ("del17p",)}),
    ("cytogenetics", "1q normal", {"cytogenetics_absent": ("1q gain",)}),
    ("cytogenetics", "no abnormality of 17p", {"cytogenetics_absent": ("del17p",)}),
    (
        "cytogenetics",
        "17p normal, 1q gain",
        {"cytogenetics": ("1q gain",), "cytogenetics_absent": ("del17p",)},
    ),
    ("cytogenetics", "17p-", {"cytogenetics": ("del17p",)}),
    ("cytogenetics", "1q21+", {"cytogenetics": ("1q gain",)}),
    ("comorbidities", "VHB curada", {"comorbidities": ("hepatitis_b_resolved",)}),
    ("comorbidities", "ictus isquémico 2019", {"comorbidities": ("prior_stroke",)}),
    (
        "comorbidities",
        "hepatitis B vaccinated",
        {"kept": (("comorbidities", "hepatitis b vaccinated"),)},
    ),
    ("cytogenetics", "17p 2 copies", {"cytogenetics_absent": ("del17p",)}),
    ("cytogenetics", "1p32 1 copy", {"cytogenetics": ("del1p",)}),
    ("cytogenetics", "17p13-", {"cytogenetics": ("del17p",)}),
    ("cytogenetics", "1p32-", {"cytogenetics": ("del1p",)}),
    ("cytogenetics", "MAFB neg", {"kept": (("cytogenetics", "mafb absent"),)}),
    (
        "cytogenetics",
        "normal karyotype, del17p by FISH",
        {"cytogenetics": ("del17p",), "kept": (("cytogenetics", "normal karyotype"),)},
    ),
    ("cytogenetics", "TP53 not mutated", {"cytogenetics_absent": ("TP53",)}),
    ("cytogenetics", "17p not deleted", {"cytogenetics_absent": ("del17p",)}),
    ("cytogenetics", "1q21 x3", {"cytogenetics": ("1q gain",)}),
    ("cytogenetics", "1q21 x2", {"cytogenetics_absent": ("1q gain",)}),
    ("cytogenetics", "2 copies of 1q21", {"cytogenetics_absent": ("1q gain",)}),
    ("cytogenetics", "d\u0435l17p", {"cytogenetics": ("del17p",)}),
    (
        "cytogenetics",
        "☐ del17p; ☑ t(4;14)",
        {"cytogenetics": ("t(4;14)",), "cytogenetics_absent": ("del17p",)},
    ),
    ("comorbidities", "HBsAg non-reactive", {"comorbidities_absent": ("hepatitis_b_carrier",)}),
    ("comorbidities", "HIV nonreactive", {"comorbidities_absent": ("hiv",)}),
    ("comorbidities", "VHB (hepatitis B)", {}),
    ("comorbidities", "VHB crónica", {"comorbidities": ("hepatitis_b_carrier",)}),
    ("comorbidities", "HBV occult", {"comorbidities": ("hepatitis_b_resolved",)}),
    ("comorbidities", "pas d'AVC", {"comorbidities_absent": ("prior_stroke",)}),
    ("comorbidities", "stroke in father", {"kept": (("comorbidities", "stroke in father"),)}),
    ("comorbidities", "MI (mother)", {"kept": (("comorbidities", "mi (mother)"),)}),
    (
        "comorbidities",
        "antecedentes familiares de ictus",
        {"kept": (("comorbidities", "antecedentes familiares de ictus"),)},
    ),
    ("comorbidities", "stroke 2015 without sequelae", {"comorbidities": ("prior_stroke",)}),
    ("comorbidities", "HBV core Ab +", {"comorbidities": ("hepatitis_b_resolved",)}),
    ("comorbidities", "CMV neg", {"kept": (("comorbidities", "cmv absent"),)}),
    ("comorbidities", "no infection", {"comorbidities_absent": ("active_infection",)}),
    ("comorbidities", "DM2 poorly controlled", {"comorbidities": ("uncontrolled_diabetes",)}),
    ("comorbidities", "HTA mal controlada", {"comorbidities": ("uncontrolled_hypertension",)}),
    ("comorbidities", "low Na", {"comorbidities": ("hyponatremia",)}),
    ("comorbidities", "pregnancy test negative", {"comorbidities_absent": ("pregnancy",)}),
    ("comorbidities", "HIV test pending", {}),
    (
        "comorbidities",
        "AF, HIV neg",
        {"comorbidities": ("arrhythmia",), "comorbidities_absent": ("hiv",)},
    ),
    ("cns", "suspected", {}),
    ("cns", "no evidence of CNS disease", {"cns": False}),
    ("cns", "CNS negative", {"cns": False}),
    ("cns", "LP neg", {"cns": False}),
    ("cns", "cns yes", {"cns": True}),
    ("cns", "not seen", {"cns": False}),
    ("emd", "yes 2019", {"emd": True}),
    ("emd", "yes (liver 3 x 2.5 cm, 2021)", {"emd": True}),
    ("dialysis", "HD MWF", {"dialysis": True}),
    ("dialysis", "on HD since 2020", {"dialysis": True}),
    ("dialysis", "yes since 2020", {"dialysis": True}),
    ("dialysis", "dialysis no", {"dialysis": False}),
    ("prior_transplant", "no prior ASCT", {"prior_transplant": False}),
    ("prior_transplant", "prior ASCT 2019", {"prior_transplant": True}),
    ("prior_transplant", "ASCT no", {"prior_transplant": False}),
    ("prior_transplant", "2 ASCT", {"prior_transplant": True}),
    ("prior_transplant", "0 ASCT", {"prior_transplant": False}),
    ("frailty", "frail [IMWG 2]", {"frailty": "frail"}),
    ("egfr", "45;", {"egfr": 45}),
    ("egfr", "(45)", {"egfr": 45}),
    ("egfr", "<LOQ", {}),
    ("lvef", "55% (MUGA 2020)", {"lvef": 55}),
    ("sex", "Varón", {"sex": "male"}),
    ("sex", "Fem.", {"sex": "female"}),
    ("prior_lines", "2 líneas", {"prior_lines": 2}),
    ("prior_lines", "2 Vortherapien", {"prior_lines": 2}),
    ("dialysis", "dialysis: no", {"dialysis": False}),
    ("dialysis", "Dialysis - none", {"dialysis": False}),
    ("prior_transplant", "no ASCT", {"prior_transplant": False}),
    ("cns", "no CNS involvement", {"cns": False}),
    ("emd", "yes (liver, 2021)", {"emd": True}),
    ("emd", "no (PET-CT 03/2021)", {"emd": False}),
    ("frailty", "fit (not frail)", {"frailty": "fit"}),
    ("egfr", "45 (2019)", {"egfr": 45}),
    ("egfr", "45 ml/min (CKD-EPI)", {"egfr": 45}),
    ("platelets", "150K", {"platelets": 150}),
    ("platelets", "150E9/L", {"platelets": 150}),
    ("neuropathy_grade", "grade II", {"neuropathy_grade": 2}),
    ("ecog", "I", {"ecog": 1}),
    ("weight", "160 kg", {"weight": 160}),
]


@pytest.mark.parametrize(("field", "text", "expected"), READ)
def test_what_is_clear_is_read(
    catalogue: Catalogue, field: str, text: str, expected: dict[str, Any]
) -> None:
    assert dict(read_cell(field, text, catalogue).values) == expected


@pytest.mark.parametrize("field", ["egfr", "frailty", "emd", "sex", "exposed", "comorbidities"])
@pytest.mark.parametrize("piece", ["(", "no ", "len, ", "1"])
def test_prose_is_refused_or_read_and_never_tried_for_long(
    catalogue: Catalogue, field: str, piece: str
) -> None:
    try:
        read_cell(field, piece * 20_000, catalogue)
    except CellError:
        return
    assert piece == "len, "


def test_of_a_long_text_an_error_shows_a_few_words(catalogue: Catalogue) -> None:
    prose = "seen in clinic by Dr Example, who doubts it; to be discussed with the family " * 5
    for field in ("emd", "dialysis", "frailty", "hepatic", "sex", "egfr", "refractory"):
        with pytest.raises(CellError) as refused:
            read_cell(field, prose, catalogue)
        assert len(refused.value.word or "") <= 60


NOS = ("no {}", "{} no", "{}: no", "{} - no", "({}) no", "{} (no)", "{} [no]", "not {}", "never {}")
MARKED = {
    "refractory": ("len", "Velcade", "carfilzomib"),
    "cytogenetics": ("del17p", "t(4;14)", "1q21 gain"),
    "comorbidities": ("stroke", "copd", "heart failure"),
}


@given(st.data())
def test_one_name_with_a_no_in_any_place_is_never_a_yes(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(MARKED)))
    name = data.draw(st.sampled_from(MARKED[field]))
    text = data.draw(st.sampled_from(NOS)).format(name)
    other = data.draw(st.sampled_from([each for each in MARKED[field] if each != name]))
    between = data.draw(st.sampled_from(["; ", ", ", " | ", "\n"]))
    parts = data.draw(st.permutations([text, other]))
    try:
        values = dict(read_cell(field, between.join(parts), CATALOGUE).values)
    except CellError:
        return
    alone = dict(read_cell(field, name, CATALOGUE).values)[field]
    assert not {*alone} & {*values.get(field, ())}


LEADS = {
    "refractory": ("not refractory to", "not refractory:", "sensitive to", "no:", "Negative:"),
    "exposed": ("never given:", "not received:", "naive to", "no:"),
    "cytogenetics": ("Negative:", "not detected:", "negative for", "absent:", "normal:", "no:"),
    "comorbidities": ("no:", "negative for", "denies:", "family history of", "FH:", "suspected:"),
}


@given(st.data())
def test_what_announces_a_list_is_for_all_of_it_or_asked(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(LEADS)))
    names = data.draw(
        st.lists(st.sampled_from(MARKED.get(field, MARKED["refractory"])), min_size=2, unique=True)
    )
    between = data.draw(st.sampled_from(["; ", ", ", " | ", "\n", " / ", " and ", " + ", " or "]))
    text = f"{data.draw(st.sampled_from(LEADS[field]))} {between.join(names)}"
    try:
        values = dict(read_cell(field, text, CATALOGUE).values)
    except CellError:
        return
    assert not values.get(field), text


@given(
    st.sampled_from(["emd", "cns", "pcl", "dialysis", "prior_transplant", "neuropathic_pain"]),
    st.sampled_from(["yes", "no", "Y", "neg", "present", "absent", "1", "0"]),
    st.sampled_from([" ({})", ", {}", " - {}", "; {}", ": {}", " {}", " [{}]"]),
    st.sampled_from(
        "but not confirmed|not|no|ruled out|resolved|until 2020|0|0 lesions|?|doubtful|planned"
        "|declined|stopped|2019-2020|was wrong|was|unless|except|formerly|in the family|at risk"
        "|to be confirmed|not seen|negative|positive|yes|-> no|unlikely|stop 2021".split("|")
    ),
)
def test_an_answer_with_more_behind_it_is_no_answer(
    field: str, answer: str, form: str, more: str
) -> None:
    text = answer + form.format(more)
    try:
        values = dict(read_cell(field, text, CATALOGUE).values)
    except CellError:
        return
    same = {"yes", "positive"}, {"no", "not", "negative", "not seen"}
    assert field not in values or any(more in words and answer in words for words in same), text
