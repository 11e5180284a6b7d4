"""Rows of evidence that were missing, stale or shown to the wrong patient: what each says today."""

from __future__ import annotations

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence
from tests.conftest import Ask

ESTIMATES = [
    ("DaraVd", "0.36", ("0.21", "0.63")),
    ("DaraKd", "0.38", ("0.21", "0.69")),
    ("PVd", "0.65", ("0.50", "0.84")),
    ("IsaPd", "0.30", ("0.20", "0.44")),
    ("EloPd", "0.27", ("0.16", "0.45")),
    ("Pd", "0.50", ("0.40", "0.62")),
]
"""Of the lenalidomide-refractory network meta-analysis, every regimen of its abstract."""


def rows(catalogue: Catalogue, regimen: str, trial: str) -> list[Evidence]:
    return [each for each in catalogue.regimens[regimen].evidence if each.trial == trial]


@pytest.mark.parametrize(("regimen", "hr", "interval"), ESTIMATES)
def test_the_network_meta_analysis_is_entered_whole(
    catalogue: Catalogue, regimen: str, hr: str, interval: tuple[str, str]
) -> None:
    (row,) = rows(catalogue, regimen, "Lenalidomide-refractory NMA")
    assert (row.hr, row.ci95, row.design) == (hr, interval, "indirect")


def test_the_trial_of_teclistamab_after_one_line_has_its_rates_beside_the_hazard_ratios(
    catalogue: Catalogue,
) -> None:
    notes = {each.endpoint: each.note or "" for each in rows(catalogue, "Tec", "MajesTEC-9")}
    assert "84.5 v 54.2 %" in notes["pfs_hr"]
    assert "79.2 v 68.6 %" in notes["os_hr"]


def test_two_bispecifics_together_have_a_randomised_trial(catalogue: Catalogue) -> None:
    (row,) = rows(catalogue, "TalTec", "MonumenTAL-6")
    assert (row.hr, row.ci95, row.verified) == ("0.11", None, "secondary")
    assert catalogue.trials["MonumenTAL-6"].primary_met


def test_whom_the_trials_of_first_relapse_took_is_known(catalogue: Catalogue) -> None:
    assert "240 of 291" in (catalogue.trials["MajesTEC-3"].len_refractory or "")
    taken = catalogue.trials["CARTITUDE-4"].enrolled_refractory
    assert {"lenalidomide", "pomalidomide", "bortezomib", "carfilzomib", "anti-CD38"} <= set(taken)


@pytest.mark.parametrize("regimen", ["IsaPd", "IsaKd"])
def test_subcutaneous_isatuximab_has_its_day_in_the_united_states(
    catalogue: Catalogue, regimen: str
) -> None:
    (clause,) = [
        each
        for each in catalogue.regimens[regimen].labels
        if each.region == "us" and each.formulation == "sc"
    ]
    assert clause.since == "2026-07-09"


def test_etentamig_is_known_and_not_authorised(ask: Ask) -> None:
    answer = ask(refractory="lenalidomide, bortezomib, daratumumab", prior_lines=3)
    (found,) = [each for each in answer.regimens if each.regimen.id == "Etentamig"]
    assert found.verdict == "excluded"
    assert found.approval == {"us": "investigational", "eu": "investigational"}


def test_elranatamab_after_bcma_leads_with_the_cohort_of_63(catalogue: Catalogue) -> None:
    first, *_ = [e for e in catalogue.regimens["Elra"].evidence if e.population == "prior-bcma"]
    assert (first.trial, first.value, first.n) == ("MagnetisMM-3 cohort B", 33.3, 63)


def test_isatuximab_in_routine_care_has_everybody_and_not_first_relapse_alone(
    catalogue: Catalogue,
) -> None:
    everybody = [each for each in rows(catalogue, "IsaPd", "IMAGE") if each.population == "ITT"]
    assert {each.endpoint: each.value for each in everybody} == {
        "median_pfs_months": 12.4,
        "orr_percent": 46.3,
    }


@pytest.mark.parametrize(
    ("regimen", "guideline", "stance"),
    [
        ("BVd", "INESSS 2025", "not-recommended"),
        ("BPd", "INESSS 2025", "not-recommended"),
        ("Tec", "INESSS 2024 (teclistamab)", "recommended"),
        ("Tal", "INESSS 2025 (talquetamab)", "recommended"),
        ("cilta-cel", "INESSS 2024 (cilta-cel)", "not-recommended"),
        ("cilta-cel", "INESSS 2023 (cilta-cel, fourth line)", "recommended"),
        ("IsaKd", "INESSS 2022 (IsaKd)", "not-recommended"),
        ("Pd", "NHS England POM1", "option"),
    ],
)
def test_what_quebec_and_england_pay_for_is_read_in_their_own_words(
    catalogue: Catalogue, regimen: str, guideline: str, stance: str
) -> None:
    (found,) = [
        each for each in catalogue.regimens[regimen].positions if each.guideline == guideline
    ]
    assert (found.stance, found.verified) == (stance, "fulltext")


def test_the_anti_cd38_limit_of_dreamm_7_is_read_in_a_registry_entry(
    catalogue: Catalogue,
) -> None:
    (limit,) = [each for each in catalogue.trials["DREAMM-7"].limits if "anti-cd38" in each.id]
    assert (limit.source, limit.verified) == ("page-cancergov-dreamm7", "registry")


def test_overall_survival_in_dreamm_7_is_read_in_an_abstract_of_the_trial(
    catalogue: Catalogue,
) -> None:
    (row,) = [
        each
        for each in rows(catalogue, "BVd", "DREAMM-7")
        if each.population == "ITT" and each.endpoint == "os_hr"
    ]
    assert (row.hr, row.ci95, row.verified) == ("0.58", ("0.43", "0.79"), "abstract")


def test_progression_in_ocean_is_read_in_an_abstract_of_the_trial(catalogue: Catalogue) -> None:
    (row,) = [
        each
        for each in rows(catalogue, "Melflufen-d", "OCEAN")
        if each.population == "len-refractory" and each.endpoint == "median_pfs_months"
    ]
    assert (row.value, row.comparator_value, row.hr) == (6.8, 4.9, "0.79")
    assert row.verified == "abstract"


@pytest.mark.parametrize("regimen", ["IsaPd", "EloPd", "Pd"])
@pytest.mark.parametrize(
    ("exposed", "fits"), [("bortezomib, daratumumab", True), ("daratumumab", False)]
)
def test_a_network_estimate_reaches_no_further_than_the_trial_it_stands_on(
    ask: Ask, regimen: str, exposed: str, fits: bool
) -> None:
    answer = ask(refractory="lenalidomide", exposed=exposed, prior_lines=3)
    (found,) = [each for each in answer.regimens if each.regimen.id == regimen]
    (row,) = [
        each for each in found.evidence if each.evidence.trial == "Lenalidomide-refractory NMA"
    ]
    assert row.fits is fits
