"""First authorisations: no regimen is open before each of its drugs was authorised there."""

from __future__ import annotations

from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Regimen
from lenrx.catalogue.vocabulary import REGIONS
from lenrx.patient.patient import Patient, PatientError
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.assessment import assess
from tests.rules import small
from tests.rules.small import ALIKE, RELAPSED, Data, regimen

WHERE = {"where": "first page", **ALIKE}
OLDEST = {"region": "us", "from": "2005-12-27", **WHERE}
PATIENT = Patient(refractory=["lenalidomide", "bortezomib"], prior_lines=2)


def asked(found: Catalogue, day: str, region: str | None = "us", **how: Any) -> Answer:
    return assess(found, Patient(**{**RELAPSED, "region": region}), as_of=day, **how)


def one(region: str = "us", **days: str) -> Catalogue:
    """A regimen of carfilzomib and dexamethasone without a label, and when carfilzomib came."""
    first: Data = {
        "name": "carfilzomib",
        "class": "PI",
        "authorised": [{"region": region, **{k.rstrip("_"): v for k, v in days.items()}, **WHERE}],
    }
    drugs = {
        "carfilzomib": first,
        "bortezomib": {"name": "bortezomib", "class": "PI"},
        "lenalidomide": {"name": "lenalidomide", "class": "IMiD", "authorised": [OLDEST]},
    }
    return small.catalogue({"Kd": regimen("Kd", labels=[])}, drugs=drugs)


@pytest.mark.parametrize(
    ("days", "day", "verdict", "because"),
    [
        (
            {"from_": "2012-07-20"},
            "2012-07-19",
            "excluded",
            "carfilzomib not authorised before 2012-07-20 (us)",
        ),
        ({"from_": "2012-07-20"}, "2012-07-20", "eligible", "authorised"),
        ({"not_before": "2012-07-01", "by": "2012-07-31"}, "2012-06-30", "excluded", "2012-07-01"),
        (
            {"not_before": "2012-07-01", "by": "2012-07-31"},
            "2012-07-30",
            "conditional",
            "not known since when carfilzomib is authorised (us)",
        ),
        ({"not_before": "2012-07-01", "by": "2012-07-31"}, "2012-07-31", "eligible", "authorised"),
        ({"by": "2012-07-31"}, "2012-07-31", "eligible", "authorised"),
        ({"by": "2012-07-31"}, "2012-08-01", "eligible", "authorised"),
    ],
)
def test_a_regimen_is_open_once_its_drug_is_authorised(
    days: Data, day: str, verdict: str, because: str
) -> None:
    found = asked(one(**days), day)["Kd"]
    assert found.verdict == verdict
    (said,) = [each for each in found.findings if each.criterion == "authorised"]
    assert because in said.because
    assert said.sources == (() if because == "authorised" else ("label",))


def test_a_day_before_the_first_authorisation_of_the_catalogue_is_refused() -> None:
    found = one(from_="2012-07-20")
    with pytest.raises(PatientError, match="was authorised before 2005-12-27; ask later"):
        asked(found, "2005-12-26")
    assert asked(found, "2005-12-27")["Kd"].verdict == "excluded"
    young = {name: {"name": name, "class": "PI"} for name in ("carfilzomib", "bortezomib")}
    young["lenalidomide"] = {"name": "lenalidomide", "class": "IMiD"}
    later = small.catalogue({"Kd": regimen("Kd")}, drugs=young)
    assert (found.begins, later.begins) == ("2005-12-27", "2020-01-01")
    with pytest.raises(PatientError, match="as_of"):
        asked(later, "2019-12-31")


def test_an_authorisation_counts_in_its_own_region_only() -> None:
    found = one("us", from_="2012-07-20")
    assert asked(found, "2020-01-01", "us")["Kd"].verdict == "eligible"
    assert asked(found, "2020-01-01", "eu")["Kd"].verdict == "conditional"
    assert asked(found, "2020-01-01", None)["Kd"].verdict == "eligible"


def test_a_drug_of_which_no_day_is_known_is_never_open_by_silence() -> None:
    drugs = {
        name: {"name": name, "class": of}
        for name, of in (("carfilzomib", "PI"), ("bortezomib", "PI"), ("lenalidomide", "IMiD"))
    }
    found = small.catalogue({"Kd": regimen("Kd", labels=[])}, drugs=drugs)
    assert asked(found, "2026-01-02")["Kd"].verdict == "conditional"


def test_a_label_of_another_regimen_says_that_its_drugs_were_authorised() -> None:
    regimens = {"Kd": regimen("Kd", labels=[]), "KRd": regimen("KRd")}
    found = small.catalogue(regimens)
    assert asked(found, "2020-01-01")["Kd"].verdict == "eligible"
    assert found.authorised("carfilzomib", "us") == ("", "2020-01-01")
    assert found.authorised("carfilzomib", "eu")[1] > "9"


def drugs_of(each: Regimen) -> list[str]:
    return [component.drug for component in each.drugs]


@pytest.mark.parametrize("day", ["1958-01-01", "1999-12-31", "2005-06-01", "2012-06-01"])
def test_no_regimen_of_the_catalogue_is_open_before_its_drugs_were_authorised(
    catalogue: Catalogue, day: str
) -> None:
    for region in (*REGIONS, None):
        found = assess(catalogue, PATIENT._replace(region=region), as_of=day)
        for each in found.with_verdict("eligible"):
            assert authorised_somewhere(each, catalogue, day, region), (each.regimen.id, region)


def authorised_somewhere(
    each: Assessment, catalogue: Catalogue, day: str, region: str | None
) -> bool:
    """Whether the data of the drugs themselves say so, of one region for all of them."""
    return any(
        all(
            any(
                (entry.since or entry.by or "9999") <= day
                for entry in catalogue.drugs[drug].authorised
                if entry.region == one
            )
            for drug in drugs_of(each.regimen)
        )
        for one in REGIONS
        if region in (None, one)
    )


@pytest.mark.parametrize(
    ("name", "region", "before", "after"),
    [
        ("KCd", "us", "2012-06-30", "2012-07-31"),
        ("Isa", "us", "2020-03-01", "2020-03-02"),
        ("Isa", "eu", "2020-05-29", "2020-05-30"),
        ("IxaPd", "us", "2015-11-19", "2015-11-20"),
        ("XPd", "eu", "2021-01-27", "2022-07-21"),
        ("VenDex", "us", "2016-04-10", "2016-04-11"),
        ("BenVd", "us", "2008-03-19", "2008-03-20"),
    ],
)
def test_combinations_without_a_label_open_with_their_youngest_drug(
    catalogue: Catalogue, name: str, region: str, before: str, after: str
) -> None:
    patient = Patient(
        refractory=["lenalidomide"], prior_lines=3, region=region, cytogenetics=["t(11;14)"]
    )
    then, now = (assess(catalogue, patient, as_of=day)[name] for day in (before, after))
    status = {each.criterion: each.status for each in then.findings}
    assert (then.verdict, status["authorised"]) == ("excluded", "not met")
    assert {each.criterion: each.status for each in now.findings}["authorised"] == "met"
    assert now.verdict != "excluded"


def test_an_early_day_is_refused_and_kcd_is_closed_in_2005(catalogue: Catalogue) -> None:
    assert assess(catalogue, PATIENT, as_of="2005-01-01")["KCd"].verdict == "excluded"
    for day in ("0001-01-01", "1957-12-31"):
        with pytest.raises(PatientError, match="as_of: no drug of the catalogue was authorised"):
            assess(catalogue, PATIENT, as_of=day)
        with pytest.raises(PatientError, match="as_of"):
            assess(catalogue, PATIENT._replace(as_of=day))
