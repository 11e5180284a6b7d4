"""Inputs from public bug reports about columns and units: what each should give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.column_map import NO_MAP
from lenrx.patient.renal import renal_function
from tests.intake.columns.table import FIELD, proposed, read

LEN = {"refractory": ["lenalidomide"]}


def field(name: str) -> str:
    (path,) = FIELD.glob(f"{name}-*.csv")
    return path.read_text(encoding="utf-8")


GIVES: dict[str, list[dict[str, Any]]] = {
    "03": [{"anc": 0.3}, {"anc": 3.1}],
    "08": [{"weight": 59.9, "creatinine": 1.9, "age": 78, "sex": "female"}],
    "34": [{"dialysis": False, "emd": True, "prior_transplant": True}],
    "35": [
        {"cytogenetics": ["t(11;14)"], "cytogenetics_absent": ["del17p"]},
        {"cytogenetics_absent": ["t(11;14)"]},
    ],
    "40": [{"egfr": 45}, {"egfr": 45}],
}


@pytest.mark.parametrize("name", GIVES)
def test_the_proposed_map_reads_it(catalogue: Catalogue, tmp_path: Path, name: str) -> None:
    found = proposed(field(name), catalogue, tmp_path)
    assert [each.stated() for each in found] == [LEN | more for more in GIVES[name]]


def test_pounds_do_not_become_kilograms(catalogue: Catalogue, tmp_path: Path) -> None:
    (found,) = proposed(field("08"), catalogue, tmp_path)
    assert found.patient is not None
    assert renal_function(found.patient)[1] == 23
    assert found.said == ("read '132' as weight 59.9 kg",)


def test_counts_without_a_unit_are_asked_for_it(catalogue: Catalogue) -> None:
    found = read(field("07"), NO_MAP, catalogue)
    assert [each.problems[0].word for each in found] == ["150", "1800", "90"]
    assert all("10^9/L or /uL" in each.problems[0].reason for each in found)


def test_creatinine_in_umol(catalogue: Catalogue) -> None:
    one, two, asked = read(field("32"), NO_MAP, catalogue)
    assert (one.stated()["creatinine"], two.stated()["creatinine"]) == (1.24, 1.2)
    assert one.said == ("read '110 umol/L' as creatinine 1.24 mg/dL",)
    assert "mg/dL, umol/L" in asked.problems[0].reason


def test_counts_with_their_unit(catalogue: Catalogue) -> None:
    first, asked, *others = read(field("33"), NO_MAP, catalogue)
    found = [(each.stated()["platelets"], each.stated()["anc"]) for each in (first, *others)]
    assert found == [(75, 1.5), (75, 1.5), (150, 1.5), (75, 1.5)]
    assert [(each.field, each.word) for each in asked.problems] == [
        ("platelets", "75,000"),
        ("anc", "1,500"),
    ]
    assert all("10^9/L, /uL" in each.reason for each in asked.problems)


def test_codes_that_are_declared_missing_are_not_stated(catalogue: Catalogue) -> None:
    asked = NO_MAP._replace(missing=("9", "88", "99", "999"))
    found = read(field("39"), asked, catalogue)
    assert [each.stated() for each in found] == [LEN, LEN]
    assert "read '88' as not stated" in found[0].said
