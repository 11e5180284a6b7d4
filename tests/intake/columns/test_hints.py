"""What is proposed for a column, and hinted at, by its name: never what it may not be."""

from __future__ import annotations

import pytest

from lenrx import load_catalogue
from lenrx.intake.column_map import NO_MAP, fields_of
from lenrx.intake.columns.proposal import propose
from lenrx.patient.patient import PatientError

CATALOGUE = load_catalogue()


def hint(name: str) -> str:
    """What is said of a column that is no field by its name."""
    with pytest.raises(PatientError) as caught:
        fields_of(["id", "refractory", name], NO_MAP, ignore_other=False)
    return caught.value.problem


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *(("Kreatinin-Clearance", "crcl"), ("Creatinine clearance", "crcl"), ("Plt", "platelets")),
        *(("Zytogenetik", "cytogenetics"), ("cytogenetics (baseline)", "cytogenetics")),
        *(
            ("egrf", "egfr"),
            ("egfrr", "egfr"),
            ("Wt", "weight"),
            ("Unvertr\u00e4glichkeiten", "intolerant"),
        ),
    ],
)
def test_a_hint_names_the_field_that_is_meant(name: str, field: str) -> None:
    assert f"(did you mean {field}?)" in hint(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "cytogenetics (at diagnosis)",
            "Zytogenetik bei ED",
            "Not refractory to",
            "Drugs to avoid",
        ),
        *("Never exposed to", "Current line", "ECHO", "Consent", "Comorbidities of partner"),
        *("Platelet transfusion", "Prior dialysis", "Family history", "Past medications"),
    ],
)
def test_no_hint_where_a_name_is_another_thing(name: str) -> None:
    assert "did you mean" not in hint(name)


@pytest.mark.parametrize("name", ["Cr", "CR", "Krea"])
def test_creatinine_without_its_unit_is_asked(name: str) -> None:
    assert "map it to creatinine with unit" in hint(name)
    proposed = propose(["id", "refractory", name], [["1", "len", "1.2"]], CATALOGUE)
    assert "crcl:" not in proposed and "map it to creatinine with unit" in proposed


DRUGS = [["1", "60", "lenalidomide"], ["2", "60", "bortezomib"], ["3", "60", "pomalidomide"]]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Drugs to avoid",
            "Medikamente zu vermeiden",
            "F\u00e1rmacos a evitar",
            "Farmaci da evitare",
        ),
        *(
            "M\u00e9dicaments \u00e0 \u00e9viter",
            "Contraindicated drugs",
            "Drug allergies",
            "Alergias",
        ),
        *("Planned regimen", "Drugs not tolerated"),
    ],
)
def test_what_was_not_given_is_never_proposed_as_given(name: str) -> None:
    proposed = propose(["id", "age", name], DRUGS, CATALOGUE)
    assert "exposed:" not in proposed and f'- "{name}"' in proposed


@pytest.mark.parametrize("name", ["Known intolerances", "Allergic to", "Intoleranzen"])
def test_a_column_of_intolerance_is_proposed_as_such(name: str) -> None:
    assert f'intolerant: "{name}"' in propose(["id", "age", name], DRUGS, CATALOGUE)
