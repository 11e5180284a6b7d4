"""What is weighed, what is only said, and what closes a regimen: the few of each kind, by name.

Cautions count in the order, notes do not, and an exclusion decides. Most rules that ask something
of a patient are cautions, so the others are listed here, each group with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue

NOTED = {
    "the drug is given as without it": """carfilzomib-renal daratumumab-renal daratumumab-renal-dose
        elotuzumab-renal pomalidomide-renal-us thalidomide-renal melphalan-dialysis
        cytarabine-conventional-renal pomalidomide-after-lenalidomide""",
    "how it is given then, or how sources differ on it": """cart-lymphodepletion-bendamustine
        cart-lymphodepletion-renal dexamethasone-renal etoposide-renal-swiss
        lenalidomide-dialysis-pdq melphalan-high-dose-renal""",
    "of high doses alone, beside the caution": """cytarabine-cerebellar-renal
        cytarabine-high-dose-age cytarabine-high-dose-risk""",
    "beside the serious caution of its class": "ciltacel-pregnancy",
    "an order that a guideline prefers": """belantamab-tcr-first bendamustine-t-cells-imwg
        elranatamab-cart-first linvoseltamab-cart-first teclistamab-cart-first""",
    "results after an earlier treatment": """elopd-after-anti-cd38 talquetamab-after-tcr
        talquetamab-against-switch tecdara-anti-cd38-exposed""",
}
EXCLUDING = {
    "pregnancy, of a drug that harms the child by its nature": """lenalidomide-pregnancy
        pomalidomide-pregnancy thalidomide-pregnancy iberdomide-pregnancy""",
    "an organ that does not bear it, in both regions": "doxorubicin-hepatic-severe "
    "cisplatin-renal-severe",
    "a product that is given once": "idecel-again ciltacel-again",
    "infusional chemotherapy of somebody frail": """dcep-frail dexa-beam-frail pace-frail
        vdt-pace-frail dara-dcep-frail""",
}
PREFERRING = """pomalidomide-neuropathy thalidomide-marrow bortezomib-renal talquetamab-after-bcma
    pace-pcl vdt-pace-pcl"""
REQUIRING = "vendex-t1114 venvd-t1114"


def rules(catalogue: Catalogue) -> Iterator[Any]:
    for owners in (catalogue.drugs, catalogue.classes, catalogue.regimens):
        for owner in owners.values():
            yield from owner.rules


def ids(catalogue: Catalogue, effect: str) -> set[str]:
    return {each.id for each in rules(catalogue) if each.effect == effect}


def listed(groups: dict[str, str]) -> set[str]:
    return {name for names in groups.values() for name in names.split()}


def test_what_is_asked_of_a_patient_and_not_weighed(catalogue: Catalogue) -> None:
    asked = {each.id for each in rules(catalogue) if "always" not in each.when}
    assert ids(catalogue, "notes") & asked == listed(NOTED)


def test_what_holds_for_everybody_is_no_caution(catalogue: Catalogue) -> None:
    """It would move nobody before another; the deaths of BELLINI are weighed all the same."""
    always = {each.id for each in rules(catalogue) if "always" in each.when}
    noted = ids(catalogue, "notes") | ids(catalogue, "arranges")
    assert always - noted == {"venetoclax-bellini"}


def test_what_of_a_patient_closes_a_regimen(catalogue: Catalogue) -> None:
    assert ids(catalogue, "excludes") == listed(EXCLUDING)
    assert ids(catalogue, "requires") == {*REQUIRING.split()}
    assert ids(catalogue, "prefers") == {*PREFERRING.split()}


@pytest.mark.parametrize(
    ("name", "refractory", "to", "effect"),
    [
        ("IMiD", "CELMoD", "lenalidomide pomalidomide thalidomide", "cautions"),
        ("IMiD", "pomalidomide", "lenalidomide", "excludes"),
        ("IMiD", "pomalidomide", "thalidomide", "cautions"),
        ("IMiD", "lenalidomide", "thalidomide", "cautions"),
        ("PI", "carfilzomib", "bortezomib", "cautions"),
        ("PI", "carfilzomib", "ixazomib", "cautions"),
        ("anti-CD38", "daratumumab", "isatuximab", "excludes"),
        ("anti-CD38", "isatuximab", "daratumumab", "excludes"),
        ("CELMoD", "mezigdomide", "iberdomide", "cautions"),
        ("CELMoD", "iberdomide", "mezigdomide", "cautions"),
    ],
)
def test_what_the_way_back_to_a_weaker_drug_does(
    catalogue: Catalogue, name: str, refractory: str, to: str, effect: str
) -> None:
    """CD38: one target, the antibody after the other unproven. IMiD: pomalidomide binds stronger
    than lenalidomide; thalidomide is kept for when all else failed. PI: no data, so a caution."""
    back = catalogue.classes[name].going_back
    found = [each for each in back if each.refractory == refractory and each.to == (*to.split(),)]
    assert [each.effect for each in found] == [effect]


def test_who_is_given_a_drug_that_failed_before(catalogue: Catalogue) -> None:
    """VdT-PACE goes on with both beside chemotherapy; FVd was tried where bortezomib had failed."""
    found = {
        (name, each.drug)
        for name, regimen in catalogue.regimens.items()
        for each in regimen.drugs
        if each.role == "tolerated"
    }
    again = {("VdT-PACE", "bortezomib"), ("VdT-PACE", "thalidomide")}
    assert found == again | {("FVd", "bortezomib")}
