"""What stands beside a value: results, flags, lines, dates without an end, reasons."""

from __future__ import annotations

from typing import Any, Final

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import CellError, read_cell

LEN, BORT, DEX, DARA = "lenalidomide", "bortezomib", "dexamethasone", "daratumumab"
VRD: Final = (BORT, DEX, LEN)
HF: Final = {"comorbidities": ("heart_failure",)}
NO_GRAFT: Final = {"prior_transplant": False}
IDLE: Final = ("kept", "expanded")


def stated(field: str, text: str, catalogue: Catalogue) -> dict[str, Any]:
    values = dict(read_cell(field, text, catalogue).values)
    return {name: value for name, value in values.items() if name not in IDLE}


READ: list[tuple[str, str, dict[str, Any]]] = [
    # an ejection fraction beside heart failure is one of the patient
    ("comorbidities", "CHF (EF 35%)", HF | {"lvef": 35.0}),
    ("comorbidities", "HFrEF EF 35", HF | {"lvef": 35.0}),
    ("comorbidities", "CHF (LVEF: 30 %), DM", HF | {"lvef": 30.0}),
    ("comorbidities", "HTN, LVEF 40 %", {"lvef": 40.0}),
    ("comorbidities", "EF 35%", {"lvef": 35.0}),
    ("comorbidities", "no CHF (EF 60%)", {"comorbidities_absent": HF["comorbidities"], "lvef": 60}),
    # one of another time or person is not
    ("comorbidities", "CHF (EF 35% in 2015)", HF),
    ("comorbidities", "father: CHF EF 20%", {}),
    ("comorbidities", "CHF, previous EF 35%", HF),
    # an antibody whose virus is gone is neither the illness nor its absence
    *(
        ("comorbidities", text, {})
        for text in (
            *("HCV ab pos, RNA neg", "anti-HCV + / RNA -", "HCV+, RNA-", "anti-HCV pos (RNA neg)"),
            *("HCV antibody positive; HCV RNA not detected", "RNA neg, anti-HCV pos"),
        )
    ),
    ("comorbidities", "HCV ab pos, RNA neg, HIV neg", {"comorbidities_absent": ("hiv",)}),
    ("comorbidities", "HCV ab pos, RNA pos", {"comorbidities": ("hepatitis_c",)}),
    ("comorbidities", "HCV ab pos", {"comorbidities": ("hepatitis_c",)}),
    ("comorbidities", "anti-HBc pos, DNA neg", {"comorbidities": ("hepatitis_b_resolved",)}),
    # a manner by itself belongs to the illness before it
    ("comorbidities", "HTN, uncontrolled", {"comorbidities": ("uncontrolled_hypertension",)}),
    ("comorbidities", "DM - poorly controlled", {"comorbidities": ("uncontrolled_diabetes",)}),
    ("comorbidities", "AF, paroxysmal", {"comorbidities": ("arrhythmia",)}),
    ("comorbidities", "HTN, well controlled", {}),
    # flags of the laboratory
    ("creatinine", "1.2 (H)", {"creatinine": 1.2}),
    ("creatinine", "1.2 (H) mg/dL", {"creatinine": 1.2}),
    ("egfr", "45 (L)", {"egfr": 45.0}),
    ("egfr", "45 [low]", {"egfr": 45.0}),
    ("platelets", "45*", {"platelets": 45.0}),
    ("creatinine", "1.2 \u2191", {"creatinine": 1.2}),
    # a transplant that was not done
    *(
        ("prior_transplant", text, NO_GRAFT)
        for text in (
            *("ASCT not done", "ASCT declined", "ASCT: refused", "ineligible", "not eligible"),
            *("transplant ineligible", "patient refused", "pt declined ASCT", "nicht geeignet"),
            *("ineligible (age)", "ASCT declined due to comorbidities", "rechazado", "TIE"),
            "harvested, not transplanted",
        )
    ),
    ("exposed", "VRd, ASCT declined", {"exposed": VRD} | NO_GRAFT),
    ("exposed", "VRd; SCT: not eligible", {"exposed": VRD} | NO_GRAFT),
    # progression under a drug, in the languages of charts
    *(
        ("refractory", text, {"refractory": (LEN,)})
        for text in (
            *("PD under lenalidomide", "progresión con lenalidomida", "progress on len"),
            *("progression under len", "PD while on len", "progressed through len"),
            *("Relapse under len", "Progress w\u00e4hrend Lena", "progression sous len"),
        )
    ),
    ("refractory", "PD under len, bort", {"refractory": (BORT, LEN)}),
    *(
        ("refractory", text, {"refractory": ()})
        for text in ("sin progresión con lenalidomida", "kein Progress unter len", "no PD on len")
    ),
    # numbers of lines, and dates without an end
    ("exposed", "1. Linie: VRd; 2. Linie: dara", {"exposed": (BORT, DARA, DEX, LEN)}),
    ("exposed", "1ª línea: VRd", {"exposed": VRD}),
    ("exposed", "1re ligne VRd", {"exposed": VRD}),
    ("exposed", "Erstlinie: VRd", {"exposed": VRD}),
    ("exposed", "1: VRd; 2: dara", {"exposed": (BORT, DARA, DEX, LEN)}),
    ("exposed", "VRd (2019-2020), dara 2021-", {"exposed": (BORT, DARA, DEX, LEN)}),
    ("exposed", "lena (2021-)", {"exposed": (LEN,)}),
    # nothing found written is nothing known; known to be none is none
    ("intolerant", "None reported", {}),
    ("intolerant", "none known", {"intolerant": ()}),
    ("intolerant", "no known intolerances", {"intolerant": ()}),
    ("refractory", "None reported", {}),
    ("exposed", "none documented", {}),
    ("cytogenetics", "None reported", {}),
    ("dialysis", "none reported", {}),
    ("as_of", "1-Mar-26", {"as_of": "2026-03-01"}),
    ("refractory", "Len ref: R", {"refractory": (LEN,)}),
]


@pytest.mark.parametrize(("field", "text", "values"), READ)
def test_what_stands_beside_is_read(
    catalogue: Catalogue, field: str, text: str, values: dict[str, Any]
) -> None:
    assert stated(field, text, catalogue) == values


ASKED: list[tuple[str, str]] = [
    ("comorbidities", "HTN, DM, uncontrolled"),
    ("comorbidities", "asthma, uncontrolled"),
    ("prior_transplant", "ASCT not done, then done in 2020"),
    ("prior_transplant", "declined (then done 2020)"),
    ("prior_transplant", "refused, later accepted"),
    ("prior_transplant", "eligible"),
    ("prior_transplant", "planned"),
    ("refractory", "PD after lenalidomide"),
    ("refractory", "possible progression on len"),
    ("refractory", "lenalidomide -"),
    ("exposed", "lenalidomide 2021 -"),
    ("exposed", "VRd + ASCT not done"),
    ("intolerant", "none known, lenalidomide"),
    ("prior_lines", "2. Linie"),
    ("creatinine", "1.2 (HD?)"),
    ("weight", "11 st 4 oz"),
    ("as_of", "1/3/26"),
]


@pytest.mark.parametrize(("field", "text"), ASKED)
def test_what_may_be_two_things_is_asked(catalogue: Catalogue, field: str, text: str) -> None:
    with pytest.raises(CellError):
        read_cell(field, text, catalogue)


@pytest.mark.parametrize("text", ["~45", "ca. 45", "about 45", "etwa 45", "aprox. 45"])
def test_an_approximate_number_says_so(catalogue: Catalogue, text: str) -> None:
    found = read_cell("egfr", text, catalogue)
    assert dict(found.values) == {"egfr": 45.0}
    assert "approximate" in found.said[0]


@pytest.mark.parametrize("text", ["CHF (EF 35% in 2015)", "CHF, previous EF 35%"])
def test_an_ejection_fraction_that_is_not_read_is_said(catalogue: Catalogue, text: str) -> None:
    assert "write it in lvef" in read_cell("comorbidities", text, catalogue).said[0]


def test_an_antibody_without_its_virus_is_said(catalogue: Catalogue) -> None:
    (said,) = read_cell("comorbidities", "HCV ab pos, RNA neg", catalogue).said
    assert "hepatitis_c is left open" in said
