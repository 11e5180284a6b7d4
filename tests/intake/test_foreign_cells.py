"""Cells as hospitals in the US, Germany, Spain, France, Italy and Brazil hold them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenrx import load_catalogue
from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import CellError, read_cell

CATALOGUE = load_catalogue()
LEN, BORT, DEX = "lenalidomide", "bortezomib", "dexamethasone"

FOUND: dict[str, str] = {
    "ICC": "heart_failure",
    "Linksherzinsuffizienz": "heart_failure",
    "scompenso": "heart_failure",
    "fibrilação atrial": "arrhythmia",
    "FA paroxística": "arrhythmia",
    "Rhythmusstörungen": "arrhythmia",
    "HRST": "arrhythmia",
    "trombosi venosa profonda": "prior_vte",
    "thrombose veineuse profonde": "prior_vte",
    "Beinvenenthrombose 2018": "prior_vte",
    "TVP MMII": "prior_vte",
    "DVT 2015 on Eliquis": "prior_vte",
    "AVCI": "prior_stroke",
    "infarctus cérébral": "prior_stroke",
    "chronische Bronchitis": "copd",
    "fibrose pulmonaire": "interstitial_lung_disease",
    "ipertensione polmonare": "pulmonary_hypertension",
    "diabete scompensato": "uncontrolled_diabetes",
    "entgleister Diabetes": "uncontrolled_diabetes",
    "DM2 mal controlado": "uncontrolled_diabetes",
    "HAS não controlada": "uncontrolled_hypertension",
    "Hypertonie schlecht eingestellt": "uncontrolled_hypertension",
    "Hep-B Träger": "hepatitis_b_carrier",
    "AgHBs +": "hepatitis_b_carrier",
    "anti-HBc reaktiv": "hepatitis_b_resolved",
    "hepatite C": "hepatitis_c",
    "HIV reagente": "hiv",
    "gestante": "pregnancy",
    "amamentação": "breastfeeding",
    "queratopatía": "corneal_disease",
    "esclerosis múltiple": "autoimmune_disease",
    "Morbus Bechterew": "autoimmune_disease",
    "amiloidose": "amyloidosis",
    "alo-TPH": "prior_allogeneic_transplant",
    "instabile AP": "unstable_angina",
    "surdez": "hearing_impairment",
    "COPD (J44.9)": "copd",
    "I50.9 Heart failure, unspecified": "heart_failure",
}


@pytest.mark.parametrize(("text", "name"), FOUND.items())
def test_an_illness_in_the_words_of_its_country_is_found(
    catalogue: Catalogue, text: str, name: str
) -> None:
    assert dict(read_cell("comorbidities", text, catalogue).values) == {"comorbidities": (name,)}


OPEN: dict[str, str] = {
    "DM2 HbA1c 9.5": "hba1c 9.5: values are not read here; uncontrolled_diabetes is asked in words",
    "HbA1c 10,2 %": "uncontrolled_diabetes is asked in words",
    "Na 128": "hyponatremia is asked in words",
    "HTN, BP 170/100": "bp 170/100: values are not read here; uncontrolled_hypertension",
    "I50.9": "I50.9: a code of ICD-10 is not read here; write the illness",
    "NYHA II": "heart_failure is left open",
    "dry eye": "corneal_disease is left open",
    "infarto agudo do miocárdio": "recent_mi is left open",
    "ITU": "active_infection is left open",
    "LES": "autoimmune_disease is left open",
    "cirrose Child A": "the liver is asked as hepatic",
    "DRC": "the kidneys are asked",
    "HD": "may be dialysis",
}


@pytest.mark.parametrize(("text", "said"), OPEN.items())
def test_what_is_not_read_for_certain_is_said_and_left_open(
    catalogue: Catalogue, text: str, said: str
) -> None:
    found = read_cell("comorbidities", text, catalogue)
    assert not {"comorbidities", "comorbidities_absent"} & dict(found.values).keys()
    assert said in found.said[0]


def test_a_value_beside_illnesses_takes_nothing_of_them(catalogue: Catalogue) -> None:
    found = read_cell("comorbidities", "DM2 (HbA1c 9,5 %), ICC FEVI 35%; no COPD", catalogue)
    assert dict(found.values) == {
        "comorbidities": ("heart_failure",),
        "comorbidities_absent": ("copd",),
        "kept": (("comorbidities", "dm2"),),
        "lvef": 35,
    }


READ: list[tuple[str, str, dict[str, Any]]] = [
    ("exposed", "R-Erh.", {"exposed": (LEN,)}),
    ("refractory", "R-Erh.", {"refractory": (LEN,)}),
    ("refractory", "resistente ao bortezomibe", {"refractory": (BORT,)}),
    ("refractory", "LEN REF / BORT NON-REF", {"refractory": (LEN,)}),
    ("refractory", "doppelt refraktär", {"refractory": ("IMiD", "PI")}),
    (
        "refractory",
        "VRd -> KPd",
        {
            "refractory": ("carfilzomib", DEX, "pomalidomide"),
            "exposed": (BORT, LEN),
            "unsure": (BORT, LEN),
            "expanded": (("refractory", "KPd"),),
        },
    ),
    (
        "refractory",
        "Kd > DPd",
        {
            "refractory": ("daratumumab", DEX, "pomalidomide"),
            "exposed": ("carfilzomib",),
            "unsure": ("carfilzomib",),
            "expanded": (("refractory", "DPd"),),
        },
    ),
    (
        "refractory",
        "VRd -> ASCT -> R maint",
        {
            "refractory": (LEN,),
            "exposed": (BORT,),
            "unsure": (BORT,),
            "expanded": (("refractory", "R-maint"),),
            "prior_transplant": True,
        },
    ),
    (
        "exposed",
        "VRd; allo-SCT",
        {
            "exposed": (BORT, DEX, LEN),
            "expanded": (("exposed", "VRd"),),
            "comorbidities": ("prior_allogeneic_transplant",),
        },
    ),
    (
        "exposed",
        "Vd März 2020; TAMO sept. 2021",
        {
            "exposed": (BORT, DEX),
            "expanded": (("exposed", "Vd"),),
            "prior_transplant": True,
        },
    ),
    ("prior_transplant", "TMO autólogo 2016", {"prior_transplant": True}),
    ("prior_transplant", "TACPH", {"prior_transplant": True}),
    ("dialysis", "em hemodiálise 3x/semana", {"dialysis": True}),
    ("dialysis", "hemodiálise: não", {"dialysis": False}),
    ("dialysis", "nicht dialysepflichtig", {"dialysis": False}),
    ("pcl", "no sPCL", {"pcl": False}),
    ("cns", "leptomeningeal", {"cns": True}),
    ("cytogenetics", "del(17p) - Positive", {"cytogenetics": ("del17p",)}),
    ("cytogenetics", "del(17p) \u2013 not detected", {"cytogenetics_absent": ("del17p",)}),
    ("cytogenetics", "del17p - not done", {}),
    ("cytogenetics", "t(11;14)-", {"cytogenetics_absent": ("t(11;14)",)}),
    ("cytogenetics", "Translokation 4;14 pos.", {"cytogenetics": ("t(4;14)",)}),
    ("cytogenetics", "deleção 17p ausente", {"cytogenetics_absent": ("del17p",)}),
    ("cytogenetics", "ganho de 1q21: sim", {"cytogenetics": ("1q gain",)}),
    ("comorbidities", "HBsAg não reagente", {"comorbidities_absent": ("hepatitis_b_carrier",)}),
    ("comorbidities", "VIH no reactivo", {"comorbidities_absent": ("hiv",)}),
    (
        "comorbidities",
        "CHF - Y; COPD - N",
        {"comorbidities": ("heart_failure",), "comorbidities_absent": ("copd",)},
    ),
    (
        "comorbidities",
        "HIV / HBV / HCV neg",
        {
            "comorbidities_absent": (
                *("hepatitis_b_carrier", "hepatitis_b_resolved", "hepatitis_c", "hiv"),
            )
        },
    ),
    ("exposed", "ASCT - no", {"prior_transplant": False}),
    ("creatinine", "1.2 mg/dL H", {"creatinine": 1.2}),
    ("creatinine", "106 µmol/L [60-110]", {"creatinine": 1.2}),
    ("platelets", "45 K/uL LL", {"platelets": 45}),
    ("platelets", "98 x10^9 / L", {"platelets": 98}),
    ("lvef", "FEVI 55%", {"lvef": 55}),
    ("region", "EU-27", {"region": "eu"}),
]


@pytest.mark.parametrize(("field", "text", "expected"), READ)
def test_a_cell_of_a_hospital_is_read(
    catalogue: Catalogue, field: str, text: str, expected: dict[str, Any]
) -> None:
    assert dict(read_cell(field, text, catalogue).values) == expected


REFUSED: list[tuple[str, str]] = [
    *(("exposed", each) for each in ("bort declined 2019", "CAR-T declined 2019", "Kd mai 2020")),
    *(("refractory", each) for each in ("VRd -> KPd?", "no VRd -> KPd", "VRd -> KPd ongoing")),
    *(("refractory", each) for each in ("VRd -> R", "VRd, DPd -> KPd", "VRd -> IMiD")),
    *(("comorbidities", each) for each in ("AVC; escluso", "HIV, nie gehabt", "DVT, Risiko")),
    *(("comorbidities", each) for each in ("TEP |nessuna evidenza di", "I26.9A Lungenembolie")),
    *(("comorbidities", each) for each in ("HIV indetectável", "ictus; family history of")),
    *(("comorbidities", each) for each in ("CHF/no COPD", "CHF / COPD no", "stroke +/- CHF")),
    *(("comorbidities", each) for each in ("not excluded stroke", "(not controlled) COPD")),
    ("refractory", "\u2610 pom - ASCT"),
    ("cytogenetics", "\u2610 t(11;14)+hyperdiploidy"),
    ("cytogenetics", "\u2611 t(11;14): not del17p"),
    *(("cytogenetics", each) for each in ("del17p no change", "del17p not only")),
    *(("refractory", each) for each in ("\u2610 len -> pom", "no len or yes bort", "len no (yes)")),
    ("refractory", "len: yes (no)"),
    ("dialysis", "hemodiálise (sem)"),
    ("prior_lines", "3 L"),
    ("ecog", "1 H"),
    ("creatinine", "1.2 (2.5-3.1 at diagnosis)"),
    ("egfr", "60 (20-25 on dialysis)"),
    ("platelets", "45 L"),
    *(("medications", each) for each in ("nein ketoconazole", "warfarin, ruled out")),
]


@pytest.mark.parametrize(("field", "text"), REFUSED)
def test_what_may_be_its_opposite_is_refused(catalogue: Catalogue, field: str, text: str) -> None:
    with pytest.raises(CellError):
        read_cell(field, text, catalogue)


NOS = (
    "no|nein|kein|keine|sin|sans|senza|sem|não|nunca|jamais|nega|niega|ausente|assente|escluso"
    "|ausgeschlossen|descartada|exclu|Ausschluss von|kein Anhalt für|sin evidencia de|pas de"
    "|nessuna evidenza di|não reagente|nicht reaktiv|risk of|riesgo de|prophylaxis|screening"
    "|declined|refused|geplant|V.a.|z.A.|nie gehabt|fehlt|☐|❌|?|0|false"
).split("|")
PLACES = (
    *("{no} {name}", "{name} {no}", "{name}: {no}", "{no}: {name}", "{name} ({no})"),
    *("{name} - {no}", "{name}, {no}", "{name}; {no}", "{no}, {name}", "{name} {no} 2019"),
    *("{name} [{no}]", "{name} = {no}", "{name} -> {no}", "{name} | {no}", "{name} ist {no}"),
)
NAMES = {
    "refractory": ("bortezomibe", "R-Erh.", "VRd -> KPd", "Len-Erhaltung", "daratumumab"),
    "exposed": ("TAMO", "allo-SCT", "CAR-T", "lenalidomida", "VRd"),
    "comorbidities": (
        *("ICC", "TVP", "fibrilação atrial", "HBsAg", "AVC", "J44.9 COPD", "ICC FEVI 30%"),
        *("DM2 mal controlado", "HTA no controlada", "hyponatremia (Na 128)", "amiloidose", "HIV"),
    ),
    "cytogenetics": ("17p-Deletion", "deleção 17p", "ganho 1q", "t(4;14)"),
    "dialysis": ("hemodiálise", "Dialyse", "dialysepflichtig"),
    "prior_transplant": ("TAMO", "TCTH", "ASZT"),
    "pcl": ("sPCL",),
    "cns": ("leptomeningeal", "ZNS-Befall"),
}


YESES = (
    "yes|y|Y|ja|sí|si|oui|sim|1|x|☑|positive|present|vorhanden|reagente|bestätigt|not excluded"
    "|nicht ausgeschlossen|not only|no change|unchanged|uncontrolled|2019"
).split("|")
ABSENT = {"comorbidities": "comorbidities_absent", "cytogenetics": "cytogenetics_absent"}


@given(st.data())
def test_a_cell_that_says_yes_in_any_place_is_never_no(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(ABSENT)))
    name = data.draw(st.sampled_from(NAMES[field]))
    yes = data.draw(st.sampled_from(YESES))
    text = data.draw(st.sampled_from(PLACES)).format(name=name, no=yes)
    try:
        values = dict(read_cell(field, text, CATALOGUE).values)
    except CellError:
        return
    assert not values.get(ABSENT[field]), text


@given(st.data())
def test_a_cell_that_says_no_in_any_language_and_place_is_never_yes(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(NAMES)))
    name = data.draw(st.sampled_from(NAMES[field]))
    no = data.draw(st.sampled_from(NOS))
    text = data.draw(st.sampled_from(PLACES)).format(name=name, no=no)
    try:
        values = dict(read_cell(field, text, CATALOGUE).values)
    except CellError:
        return
    assert not values.get(field), text
