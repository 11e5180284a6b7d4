"""Amounts in cells: what is converted, what is asked, and that nothing is guessed."""

from __future__ import annotations

from math import isclose
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenrx.catalogue.fields import NUMERIC
from lenrx.catalogue.loading import Catalogue, load
from lenrx.catalogue.units import Unit, by_spelling, find
from lenrx.intake.cells import CellError, read_cell

CATALOGUE = load()
MEASURED = {field: kind for field, kind in NUMERIC.items() if not kind.whole}
UNITS = [
    (field, unit) for field, kind in MEASURED.items() for unit in kind.measures if not unit.instead
]

CONVERTED: dict[str, dict[str, float]] = {
    "creatinine": {
        "124 umol/L": 1.4,
        "106 µmol/l": 1.2,
        "106 micromoles per litre": 1.2,
        "106 mcmol/L": 1.2,
        "0.12 mmol/L": 1.36,
        "12 mg/L": 1.2,
        "1,234 umol/L": 13.96,
        "1.3 mg%": 1.3,
    },
    "platelets": {
        "75000/uL": 75,
        "45,000 /uL": 45,
        "45 000 /µl": 45,
        "150.000/µl": 150,
        "150,000 /mm³": 150,
        "150000 cells/cu.mm": 150,
        "1,50,000/cumm": 150,
        "75 /nl": 75,
        "150 10^3/mm3": 150,
        "150 10*3/uL": 150,
        "150 103/ul": 150,
        "150 10*9/L": 150,
        "150 x 10(9)/L": 150,
        "150 G/L": 150,
        "75 K/uL": 75,
        "150 Tsd/µl": 150,
        "1.5 lakh/cumm": 150,
        "15.0 x10^4/µL": 150,
        "0.15 10^12/L": 150,
    },
    "anc": {
        "1500/uL": 1.5,
        "1.500/µl": 1.5,
        "1,500 x10^9/L": 1.5,
        "1500 cells/mm3": 1.5,
        "90 /uL": 0.09,
        "1500 10*6/L": 1.5,
        "1.5 /nl": 1.5,
    },
    "weight": {
        **{"132 lb": 59.9, "132 [lb_av]": 59.9, "150 pounds": 68, "70000 g": 70, "11 st": 69.9},
        **{"11 st 4 lb": 71.7, "11st 4lb": 71.7, "11 stone 4": 71.7, "9 stone, 0 pounds": 57.2},
    },
    "egfr": {
        "45 mL/min/{1.73_m2}": 45,
        "45 ml/min/1,73 m²": 45,
        "0.75 mL/s/1.73m2": 45,
        "45 (CKD-EPI)": 45,
        "45 mL/min": 45,
    },
    "crcl": {"45 mL/min": 45, "0.5 mL/s": 30, "45 (Cockcroft-Gault)": 45},
    "lvef": {"55 %": 55, "0.55 fraction": 55},
    "age": {"936 months": 78, "71 Jahre": 71, "73 años": 73},
}


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [(field, text, value) for field, cells in CONVERTED.items() for text, value in cells.items()],
)
def test_a_stated_unit_is_converted_and_said(
    catalogue: Catalogue, field: str, text: str, value: float
) -> None:
    found = read_cell(field, text, catalogue)
    assert dict(found.values) == {field: value}
    assert len(found.said) == 1 and f"{value:g}" in found.said[0]


ASKED: dict[str, dict[Any, str]] = {
    "creatinine": {
        "124": "mg/dL, umol/L",
        110: "mg/dL, umol/L",
        "0.12": "mg/dL or mmol/L",
        # healthy in mg/L, failing kidneys in mg/dL
        "9": "mg/dL, umol/L or mg/L",
        12: "mg/dL, umol/L or mg/L",
        "8.5": "mg/dL, umol/L or mg/L",
    },
    "platelets": {
        "45000": "10^9/L or /uL",
        "75,000": "10^9/L, /uL",
        "0.15": "10^6/uL",
        1200: "10^9/L or /uL",
        ">45000": "10^9/L or /uL",
    },
    "anc": {"1800": "10^9/L or /uL", "62": "/uL", "90": "/uL", "<500": "/uL", "150-200": "/uL"},
    "lvef": {"0.35": "percent or fraction", 0.35: "percent or fraction"},
    "egfr": {"0.75": "mL/s/1.73 m2"},
    "age": {"936": "years, months"},
    "weight": {"70000": "kg or g"},
}


@pytest.mark.parametrize(
    ("field", "value", "names"),
    [(field, value, names) for field, cells in ASKED.items() for value, names in cells.items()],
)
def test_a_number_that_fits_two_units_is_asked(
    catalogue: Catalogue, field: str, value: Any, names: str
) -> None:
    with pytest.raises(CellError, match="no unit is stated") as error:
        read_cell(field, value, catalogue)
    assert names in str(error.value) and "unit: in the map" in str(error.value)
    assert error.value.word


NOT_UNDERSTOOD = {
    "creatinine": ["110 nmol/L", "1.2 H", "1.2 g/dL", "1.2 mg/dL/h"],
    "platelets": ["250 x10^3", "75 %", "75/uL", "150 10^8/L"],
    "anc": ["62%", "1.5 /uL", "1.5 /HPF"],
    "weight": ["150 oz", "11 st 4 oz", "180 cm"],
    "egfr": ["45 mL/min/m2", "45 umol/L", "45 (CG)", "150,000"],
    "crcl": ["45 mL/min/1.73m2"],
    "lvef": ["55 mm", "0.55 %"],
}


@pytest.mark.parametrize(
    ("field", "text"), [(field, text) for field, cells in NOT_UNDERSTOOD.items() for text in cells]
)
def test_a_unit_that_is_not_understood_is_never_dropped(
    catalogue: Catalogue, field: str, text: str
) -> None:
    with pytest.raises(CellError):
        read_cell(field, text, catalogue)


@pytest.mark.parametrize("field", MEASURED)
def test_every_spelling_is_found_again_and_is_of_one_unit(field: str) -> None:
    units = MEASURED[field].measures
    for spelling, unit in by_spelling(units).items():
        assert find(spelling, units) == unit
    assert units[0].factor == 1 and units[0].name == MEASURED[field].unit


@given(case=st.sampled_from(UNITS), share=st.floats(0, 1))
def test_a_conversion_goes_round(case: tuple[str, Unit], share: float) -> None:
    field, unit = case
    kind = MEASURED[field]
    low, high = kind.sure or (kind.low, kind.high)
    own = low + share * (high - low)
    there = round(own / unit.factor) if unit.counted else round(own / unit.factor, 6)
    again = there * unit.factor
    if not low <= again <= high:
        return
    written = f"{there:.6f}".rstrip("0").rstrip(".")
    found = dict(read_cell(field, f"{written} {unit.name}", CATALOGUE).values)[field]
    step = 10**-kind.digits if unit.factor != 1 else 1e-6
    assert isclose(found, again, abs_tol=step, rel_tol=1e-9)


@given(case=st.sampled_from(UNITS), number=st.floats(0, 1e7))
def test_no_number_is_read_in_another_unit_than_its_own(
    case: tuple[str, Unit], number: float
) -> None:
    field, unit = case
    try:
        found = dict(read_cell(field, f"{number:.3f} {unit.name}", CATALOGUE).values)[field]
    except CellError:
        return
    # Three digits behind a point are thousands where cells are counted.
    shown = round(number, 3)
    written = shown * (1000 if unit.counted and 1 <= shown < 1000 else 1)
    assert isclose(found, written * unit.factor, rel_tol=0.02, abs_tol=0.1)


@given(field=st.sampled_from(sorted(MEASURED)), number=st.floats(0, 1e6, width=32))
def test_a_bare_number_is_the_fields_own_or_is_refused(field: str, number: float) -> None:
    text = f"{number:g}"
    try:
        found = dict(read_cell(field, text, CATALOGUE).values)[field]
    except CellError:
        return
    assert found == float(text)
    low, high = MEASURED[field].sure or (MEASURED[field].low, MEASURED[field].high)
    others = (each for each in MEASURED[field].measures[1:] if not each.instead)
    fits = any(
        max(low / 10, MEASURED[field].low) <= found * each.factor <= MEASURED[field].high
        for each in others
    )
    assert low <= found <= high or not fits


@pytest.mark.parametrize(
    ("field", "just_in", "just_out"),
    [
        ("creatinine", "8", "8.1"),
        ("creatinine", "0.2", "0.19"),
        ("anc", "20", "20.1"),
        ("platelets", "1000", "1001"),
        ("platelets", "2", "1.99"),
        ("lvef", "5", "0.9"),
        ("weight", "150", "151"),
    ],
)
def test_bounds(catalogue: Catalogue, field: str, just_in: str, just_out: str) -> None:
    assert dict(read_cell(field, just_in, catalogue).values) == {field: float(just_in)}
    with pytest.raises(CellError):
        read_cell(field, just_out, catalogue)


@pytest.mark.parametrize(
    ("text", "dialysis"),
    [
        ("15 (dialyse)", True),
        ("<15 dialysiert", True),
        ("12 en diálisis", True),
        ("9 sous dialyse", True),
        ("20 (nicht dialysepflichtig)", False),
        ("20 keine Dialyse", False),
    ],
)
def test_dialysis_beside_a_number_is_read_in_other_languages(
    catalogue: Catalogue, text: str, dialysis: bool
) -> None:
    assert dict(read_cell("egfr", text, catalogue).values)["dialysis"] is dialysis
