"""Headers with units: read where they are certain, refused where they are not."""

from __future__ import annotations

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import CellError
from lenrx.intake.column_map import NO_MAP, ColumnMap, fields_of
from lenrx.intake.columns.about import About, about
from lenrx.intake.columns.cells import read_column
from lenrx.intake.columns.column import Column
from lenrx.intake.columns.headers import certain, unit_of
from lenrx.intake.columns.proposal import propose
from lenrx.patient.patient import PatientError
from tests.intake.columns.table import columns, read

CERTAIN = {
    "creatinine (umol/L)": ("creatinine", "umol/L"),
    "Creatinine [µmol/L]": ("creatinine", "umol/L"),
    "creatinine_umol_l": ("creatinine", "umol/L"),
    "Weight (lb)": ("weight", "lb"),
    "weight_kg": ("weight", "kg"),
    "Weight, kg": ("weight", "kg"),
    "ANC /uL": ("anc", "/uL"),
    "anc_k_ul": ("anc", "10^9/L"),
    "platelets (x10^9/L)": ("platelets", "10^9/L"),
    "platelets_10_9_l": ("platelets", "10^9/L"),
    "Platelets - K/µL": ("platelets", "10^9/L"),
    "platelets x1000/uL": ("platelets", "10^9/L"),
    "eGFR (mL/min/1.73m²)": ("egfr", "mL/min/1.73 m2"),
    "egfr_ml_min_1_73": ("egfr", "mL/min/1.73 m2"),
    "CrCl mL/min": ("crcl", "mL/min"),
    "LVEF%": ("lvef", "percent"),
    "LVEF (fraction)": ("lvef", "fraction"),
    "age (months)": ("age", "months"),
}


@pytest.mark.parametrize("header", CERTAIN)
def test_name_and_unit_are_certain(header: str) -> None:
    assert certain(header) == Column(CERTAIN[header][0], header, CERTAIN[header][1])


REFUSED = {
    "egfr mL/min": "mL/min is the unit of CrCl, not of eGFR",
    "eGFR (Cockcroft-Gault)": "is the unit of CrCl",
    "anc %": "a percentage is no ANC",
    "ANC (%)": "a percentage is no ANC",
    "creatinine (nmol/L)": "nmol/L is not understood as a unit of creatinine",
    "weight (oz)": "oz is not understood",
    "platelets /HPF/ml": "not understood",
    "crcl (mL/min/1.73 m2)": "is the unit of eGFR",
}


@pytest.mark.parametrize("header", REFUSED)
@pytest.mark.parametrize("ignore_other", [False, True])
def test_a_unit_that_is_not_understood_is_refused(header: str, ignore_other: bool) -> None:
    with pytest.raises(PatientError) as error:
        fields_of(["id", header], NO_MAP, ignore_other)
    assert REFUSED[header] in str(error.value) and header in str(error.value)
    assert fields_of(["id", header], ColumnMap({}, frozenset({header})), False) == ("id", None)


@pytest.mark.parametrize(
    "header", ["age at relapse", "creatinine clearance", "weight loss %", "creatinine (2019)", "CR"]
)
def test_another_name_is_not_certain(header: str) -> None:
    assert certain(header) is None


def test_a_mapped_column_has_the_unit_of_its_header(catalogue: Catalogue) -> None:
    asked = ColumnMap({"Krea (µmol/l)": "creatinine", "Peso (Kg)": "weight"}, frozenset())
    (found,) = read("Krea (µmol/l),Peso (Kg)\n124,70\n", asked, catalogue)
    assert found.stated() == {"creatinine": 1.4, "weight": 70}
    assert unit_of("creatinine", "creatinine (baseline)") is None


def test_the_unit_of_a_cell_goes_before_that_of_its_column(catalogue: Catalogue) -> None:
    found = read('anc /ul,egfr\n1.5 G/L,45\n"1,800",50\n?,60\n', NO_MAP, catalogue)
    assert [each.stated().get("anc") for each in found] == [1.5, 1.8, None]


def test_what_may_matter_is_named_first(catalogue: Catalogue) -> None:
    text = columns(["Notes", "HTN", "Bilirubin", "Prior lines text", "dara_naive"], catalogue)
    left = [line.split('"')[1] for line in text.splitlines() if line.startswith("  - ")]
    assert left == ["dara_naive", "Prior lines text", "Bilirubin", "Notes", "HTN"]
    assert "says the opposite of daratumumab" in text


@pytest.mark.parametrize("header", ["Neutrophils %", "neut_pct", "Neutrophils (%)", "NEUT%"])
def test_a_percentage_is_no_count(catalogue: Catalogue, header: str) -> None:
    text = columns([header, "Neutrophils abs (x10^9/L)"], catalogue, ["12", "0.3"])
    assert '  anc: "Neutrophils abs (x10^9/L)"  # by its name, in 10^9/L\n' in text
    assert "a percentage is no ANC" in text


def test_the_headers_of_a_chart_reviewer(catalogue: Catalogue) -> None:
    text = columns(["Age at relapse", "Stopped for tox", "Cr (umol/L)", "eGFR mL/min"], catalogue)
    assert '  age: "Age at relapse"' in text
    assert '  intolerant: "Stopped for tox"' in text
    assert '  creatinine: {column: "Cr (umol/L)", unit: "umol/L"}' in text
    assert "mL/min is the unit of CrCl, not of eGFR" in text


def test_values_that_fit_another_unit_are_pointed_out(catalogue: Catalogue) -> None:
    text = columns(["Creatinine"], catalogue, ["90"], ["124"], ["310"])
    assert "its values may be in umol/L" in text and "124" not in text


def test_codes_that_cannot_be_true_are_pointed_out(catalogue: Catalogue) -> None:
    text = columns(["age", "egfr"], catalogue, ["999", "45"], ["71", "999"])
    assert "# 999 stands under age, egfr: if it means not known, missing: [999]" in text


@pytest.mark.parametrize(
    ("header", "of"),
    [
        *(("del17p (%)", "del17p"), ("del17p [%]", "del17p"), ("del(17p) percent", "del17p")),
        *(("t(4;14) (%)", "t(4;14)"), ("1q gain (% of cells)", "1q gain")),
    ],
)
def test_a_share_of_cells_with_a_marker_is_known_by_its_header(
    catalogue: Catalogue, header: str, of: str
) -> None:
    found = about(header, catalogue)
    assert isinstance(found, About)
    assert (found.field, found.of, found.unit) == ("cytogenetics", of, "%")


@pytest.mark.parametrize("cell", ["0.62", "0,62", "<0.5"])
def test_a_share_below_one_may_be_a_fraction(catalogue: Catalogue, cell: str) -> None:
    column = Column("cytogenetics", "del17p (%)", "%", "del17p")
    with pytest.raises(CellError, match="percent or a fraction"):
        read_column(column, cell, catalogue)


SERIES = [
    (["Line 1", "Line 2", "Line 3"], [["VRd", "DRd", ""], ["KRd", "", ""]]),
    (["1st line", "2nd line"], [["VRd", "DRd"], ["KRd", "Kd"]]),
    (["1. Linie", "2. Linie", "3. Linie"], [["VRd", "DRd", ""], ["KRd", "", ""]]),
    (["Treatment 1 drug", "Treatment 2 drug"], [["VRd", "DRd"], ["KRd", "Kd"]]),
]


@pytest.mark.parametrize(("header", "rows"), SERIES)
def test_numbered_columns_of_treatments_are_proposed_together(
    catalogue: Catalogue, header: list[str], rows: list[list[str]]
) -> None:
    text = propose(["id", *header], [["P", *row] for row in rows], catalogue)
    assert [each for each in header if f'- "{each}"' in text.split("ignore:")[0]] == header


@pytest.mark.parametrize("other", ["Line 1 response", "Line 2 planned", "Notes 2", "Line 2 start"])
def test_what_only_stands_beside_lines_is_not_proposed_with_them(
    catalogue: Catalogue, other: str
) -> None:
    text = propose(["Line 1", other, "Line 2"], [["VRd", "", "Kd"], ["KRd", "", "Rd"]], catalogue)
    assert f'"{other}"' not in text.split("ignore:")[0]
