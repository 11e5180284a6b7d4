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
        *("not refractory to: len, bort", "sensitive: len, carf", "possibly len, bort"),
        *("len, bort - not refractory", "len, bort: no", "Rd, Vd: naive"),
        *("(-) len", "len (-)", "rev -bort", "len / -bort", "R/R", "Dara R"),
        *("lenalidomide-free", "daratumumab-free", "s/d"),
    ],
    "exposed": ["len 0 months", "len 0 weeks", "s/d", "Dara R", "no: len, bort"],
    "emd": [
        "no (CT 2020), new lesion 2022",
        "yes, gone",
        "yes (2019), resolved",
        "yes, but not now",
    ],
    "dialysis": ["yes, but not on HD", "yes, stopped", "no, planned", "no, but PD catheter"],
    "cns": ["no (MRI), LP positive", "yes -> ruled out 2021"],
    "prior_transplant": ["yes, declined", "planned", "not eligible", "no, collected only"],
    "frailty": ["frail (no)", "frail (was fit)", "fit (frail 2022)", "not frail"],
    "cytogenetics": [
        *("17p+", "1p+", "+17p", "+1p", "-17p", "no abnormality of 17p, t(4;14)"),
        "17p 5% (normal <10%)",
    ],
    "comorbidities": ["MI risk", "risk of stroke", "stroke rehab", "HTN, no MI, DM2"],
    "weight": ["70 kg?", "300", "151"],
    "egfr": ["45?"],
    "prior_lines": ["1ª", "2ª línea", "2. Linie", "2ème ligne"],
}


@pytest.mark.parametrize(
    ("field", "text"), [(field, text) for field, texts in REFUSED.items() for text in texts]
)
def test_what_may_mean_two_things_is_refused(catalogue: Catalogue, field: str, text: str) -> None:
    with pytest.raises(CellError):
        read_cell(field, text, catalogue)


READ: list[tuple[str, str, dict[str, Any]]] = [
    ("refractory", "progression-free on len", {"refractory": ()}),
    ("refractory", "len progression-free", {"refractory": ()}),
    ("refractory", "len without progression; bort", {"refractory": (BORT,)}),
    ("refractory", "len, bort (not refractory)", {"refractory": (LEN,)}),
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
