"""Limits of single drugs, each just inside and just outside; what is not stated is a question.

The expectations are those of the texts named beside them, not of the catalogue.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Ask
from tests.rules.test_resistance import finding, verdicts

HISTORY: dict[str, Any] = {"refractory": "lena", "exposed": "bort", "prior_lines": 3}

LIMITS = [
    # Revlimid US label, Table 1: interrupted below 30 and below 1.0
    ("DaraRd", "lenalidomide-counts-us", "platelets", 29, 30),
    ("DaraRd", "lenalidomide-counts-us", "anc", 0.99, 1.0),
    # Revlimid SmPC 4.2 of 2024: not to be started below 50 or 1.0
    ("DaraRd", "lenalidomide-counts-eu", "platelets", 49, 50),
    ("DaraRd", "lenalidomide-counts-eu", "anc", 0.99, 1.0),
    # an older SmPC 4.2, after a prior therapy: below 75
    ("DaraRd", "lenalidomide-counts-older-eu", "platelets", 74, 75),
    ("DaraRd", "lenalidomide-counts-older-eu", "platelets", 50, 49),
    # bortezomib protocol, page 75: grade 4 is platelets below 25 or neutrophils below 0.5
    ("DaraVd", "bortezomib-counts", "platelets", 24, 25),
    ("DaraVd", "bortezomib-counts", "anc", 0.49, 0.5),
    # the same page: a start needs platelets of 70 and neutrophils of 1.0
    ("DaraVd", "bortezomib-counts-start", "platelets", 69, 70),
    ("DaraVd", "bortezomib-counts-start", "platelets", 25, 24),
    ("DaraVd", "bortezomib-counts-start", "anc", 0.99, 1.0),
    ("DaraVd", "bortezomib-counts-start", "anc", 0.5, 0.49),
    # Kyprolis Swiss label of 2017 and kyprolis-hcp.com, dose modifications
    ("Kd", "carfilzomib-counts", "platelets", 9, 10),
    ("Kd", "carfilzomib-counts", "anc", 0.49, 0.5),
    # a trial with ixazomib (CenterWatch 289674) took neutrophils from 1.0 and platelets from 75
    ("IberDd", "iberdomide-counts", "anc", 0.99, 1.0),
    ("IberDd", "iberdomide-counts", "platelets", 74, 75),
    # our cut-off for severe neutropenia (AbbVie Pro, Venclyxto)
    ("VenDex", "venetoclax-neutropenia", "anc", 0.99, 1.0),
    # our cut-offs for marrow depression before treatment (cyclophosphamide UK SmPC 4.3)
    ("KCd", "cyclophosphamide-counts", "platelets", 49, 50),
    ("KCd", "cyclophosphamide-counts", "anc", 0.99, 1.0),
    # Davis's Drug Guide: stopping considered below 50
    ("Dexa-BEAM", "cytarabine-counts", "platelets", 49, 50),
    # oncohemakey.com: no repeat course below 100
    ("DCEP", "cisplatin-counts", "platelets", 99, 100),
    # our cut-offs for severe marrow depression (Carmustine Obvius SmPC 4.3)
    ("Dexa-BEAM", "carmustine-marrow-eu", "platelets", 24, 25),
    ("Dexa-BEAM", "carmustine-marrow-eu", "anc", 0.49, 0.5),
    # bendamustine UK SmPC 4.3: platelets below 75
    ("BenVd", "bendamustine-counts-eu", "platelets", 74, 75),
    # etoposide: below 15 mL/min a further cut, between 15 and 50 the cut of a quarter
    ("Dexa-BEAM", "etoposide-renal-below-15", "egfr", 14, 15),
    ("Dexa-BEAM", "etoposide-renal-below-15-eu", "egfr", 14, 15),
    ("Dexa-BEAM", "carmustine-renal-eu", "egfr", 14, 15),
    ("Dexa-BEAM", "cytarabine-high-dose-renal", "egfr", 59, 60),
]


@pytest.mark.parametrize(("regimen", "rule", "field", "inside", "outside"), LIMITS)
def test_a_limit_is_met_just_inside_and_not_just_outside(
    ask: Ask, regimen: str, rule: str, field: str, inside: float, outside: float
) -> None:
    high: dict[str, Any] = {"platelets": 200, "anc": 3.0, "egfr": 90}
    high["dialysis"] = False
    said = {
        value: finding(ask(**HISTORY, **{**high, field: value}), regimen, rule).status
        for value in (inside, outside)
    }
    assert said == {inside: "met", outside: "not met"}
    assert finding(ask(**HISTORY), regimen, rule).status == "unknown"


STATES = [
    # label texts that advise against the drug in this state: serious cautions
    ("BenVd", "bendamustine-hepatic-eu", {"hepatic": "severe"}, {"hepatic": "moderate"}),
    ("BenVd", "bendamustine-pregnancy", {"comorbidities": "pregnancy"}, None),
    ("BenVd", "bendamustine-breastfeeding-eu", {"comorbidities": "breastfeeding"}, None),
    ("Dexa-BEAM", "carmustine-renal-eu", {"egfr": 14}, {"egfr": 15}),
    ("Dexa-BEAM", "etoposide-renal-below-15-eu", {"egfr": 14}, {"egfr": 15}),
    ("DCEP", "etoposide-breastfeeding", {"comorbidities": "breastfeeding"}, None),
    ("PACE", "doxorubicin-infarction-us", {"comorbidities": "recent_mi"}, None),
    ("PACE", "doxorubicin-infarction-eu", {"comorbidities": "recent_mi"}, None),
    ("PACE", "doxorubicin-heart-failure-eu", {"comorbidities": "heart_failure"}, None),
    ("PACE", "doxorubicin-infection-eu", {"comorbidities": "active_infection"}, None),
    ("PACE", "doxorubicin-breastfeeding-eu", {"comorbidities": "breastfeeding"}, None),
    ("VdT-PACE", "thalidomide-breastfeeding-us", {"comorbidities": "breastfeeding"}, None),
    ("IsaKd", "isatuximab-breastfeeding", {"comorbidities": "breastfeeding"}, None),
    ("Kd", "carfilzomib-breastfeeding-us", {"comorbidities": "breastfeeding"}, None),
    ("EloPd", "elotuzumab-pregnancy", {"comorbidities": "pregnancy"}, None),
    ("Elra", "elranatamab-breastfeeding-eu", {"comorbidities": "breastfeeding"}, None),
    ("cilta-cel", "cart-breastfeeding-eu", {"comorbidities": "breastfeeding"}, None),
    ("ide-cel", "cart-breastfeeding-eu", {"comorbidities": "breastfeeding"}, None),
    ("cilta-cel", "cart-pregnancy", {"comorbidities": "pregnancy"}, None),
    ("ide-cel", "cart-pregnancy", {"comorbidities": "pregnancy"}, None),
]
NEITHER = {"comorbidities_absent": "recent_mi,prior_stroke"}
PLAIN = [
    # label texts that ask for a decision, a warning, or no more than care
    ("BenVd", "bendamustine-hepatitis-b", {"comorbidities": "hepatitis_b_carrier"}, None),
    ("VdT-PACE", "thalidomide-bradycardia", {"comorbidities": "bradycardia"}, None),
    ("VdT-PACE", "thalidomide-arterial", {"comorbidities": "recent_mi"}, NEITHER),
    ("VdT-PACE", "thalidomide-arterial", {"comorbidities": "prior_stroke"}, NEITHER),
    ("DaraVd", "bortezomib-heart-failure", {"comorbidities": "heart_failure"}, None),
    ("DaraVd", "daratumumab-breastfeeding", {"comorbidities": "breastfeeding"}, None),
    ("EloPd", "elotuzumab-breastfeeding", {"comorbidities": "breastfeeding"}, None),
    ("Pd", "pomalidomide-breastfeeding", {"comorbidities": "breastfeeding"}, None),
    ("IxaPd", "ixazomib-breastfeeding", {"comorbidities": "breastfeeding"}, None),
    ("IberDd", "iberdomide-infection-us", {"comorbidities": "active_infection"}, None),
    ("VenDex", "venetoclax-hepatic-moderate", {"hepatic": "moderate"}, {"hepatic": "severe"}),
]


@pytest.mark.parametrize(
    ("regimen", "rule", "stated", "other", "serious"),
    [*((*each, True) for each in STATES), *((*each, False) for each in PLAIN)],
)
def test_a_state_is_a_caution_and_closes_nothing(
    ask: Ask,
    regimen: str,
    rule: str,
    stated: dict[str, Any],
    other: dict[str, Any] | None,
    serious: bool,
) -> None:
    said = finding(ask(**HISTORY, **stated), regimen, rule)
    assert (said.effect, said.status, said.serious) == ("cautions", "met", serious)
    absent = other or {"comorbidities_absent": stated["comorbidities"]}
    assert finding(ask(**HISTORY, **absent), regimen, rule).status == "not met"
    assert finding(ask(**HISTORY), regimen, rule).status == "unknown"


WITHHELD = [
    ("Tec", "teclistamab-anc", {"anc": 0.4}),
    ("Elra", "elranatamab-anc", {"anc": 0.4}),
    ("Linvo", "linvoseltamab-anc", {"anc": 0.4}),
    ("Tal", "talquetamab-anc", {"anc": 0.4}),
    ("XVd", "selinexor-anc-below-0.5", {"anc": 0.4}),
    ("DCEP", "etoposide-counts", {"anc": 0.4}),
    ("BVd", "belantamab-platelets-25", {"platelets": 20}),
    ("DaraVd", "bortezomib-counts", {"platelets": 20}),
    ("Kd", "carfilzomib-counts", {"platelets": 9}),
]


@pytest.mark.parametrize(("regimen", "rule", "stated"), WITHHELD)
def test_counts_at_which_a_drug_is_withheld_are_a_serious_caution(
    ask: Ask, regimen: str, rule: str, stated: dict[str, Any]
) -> None:
    said = finding(ask(**HISTORY, **stated), regimen, rule)
    assert (said.effect, said.status, said.serious) == ("cautions", "met", True)


def test_atrial_fibrillation_is_no_bradycardia(ask: Ask) -> None:
    answer = ask(**HISTORY, comorbidities="arrhythmia", comorbidities_absent="bradycardia")
    assert finding(answer, "VdT-PACE", "thalidomide-bradycardia").status == "not met"
    asked = finding(
        ask(**HISTORY, comorbidities="arrhythmia"), "VdT-PACE", "thalidomide-bradycardia"
    )
    assert asked.status == "unknown"


def test_bortezomib_is_given_after_dialysis(ask: Ask) -> None:
    said = finding(ask(**HISTORY, dialysis=True), "DaraVd", "bortezomib-dialysis")
    assert (said.effect, said.status) == ("adjusts", "met")
    assert "after dialysis" in (said.dose or "")
    off = finding(ask(**HISTORY, dialysis=False), "DaraVd", "bortezomib-dialysis")
    assert off.status == "not met"


def test_one_region_alone_does_not_close_dexa_beam_in_kidney_failure(ask: Ask) -> None:
    fit = {"ecog": 0, "frailty": "fit", "hepatic": "none", "egfr": 12}
    assert verdicts(ask(**HISTORY, **fit))["Dexa-BEAM"] == "eligible"
    assert verdicts(ask(**HISTORY, **fit, region="eu"))["Dexa-BEAM"] == "eligible"


@pytest.mark.parametrize("region", ["us", "eu"])
def test_an_infarction_of_the_last_months_is_serious_and_does_not_close_pace(
    ask: Ask, region: str
) -> None:
    fit = {"ecog": 0, "frailty": "fit", "hepatic": "none", "egfr": 90}
    answer = ask(**HISTORY, **fit, comorbidities="recent_mi", region=region)
    assert verdicts(answer)["PACE"] == "eligible"


@pytest.mark.parametrize(
    ("regimen", "rule"),
    [
        ("cilta-cel", "cart-live-vaccines"),
        ("ide-cel", "cart-live-vaccines"),
        ("Linvo", "bcma-bispecific-live-vaccines"),
        ("Tec", "teclistamab-live-vaccines"),
        ("Elra", "elranatamab-live-vaccines"),
        ("VenDex", "venetoclax-live-vaccines"),
    ],
)
def test_live_vaccines_are_named(ask: Ask, regimen: str, rule: str) -> None:
    said = finding(ask(**HISTORY), regimen, rule)
    assert (said.effect, said.status) == ("arranges", "met")


def test_a_drug_of_no_regimen_has_no_rules(ask: Ask) -> None:
    catalogue = ask(**HISTORY).catalogue
    used = {each.drug for regimen in catalogue.regimens.values() for each in regimen.drugs}
    assert [name for name, drug in catalogue.drugs.items() if drug.rules and name not in used] == []
