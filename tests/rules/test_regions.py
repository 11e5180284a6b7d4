"""With no region asked the answer is the more open of the two, and says nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import REGIONS
from lenrx.patient.patient import parse_patient
from lenrx.rules.assessment import assess, fold, within
from tests.rules import small
from tests.rules.test_invariants import CALM, answer, by_id, patients

FEW = settings(CALM, max_examples=15)
"""Every example is answered for both regions and for neither, strictly and not."""
BOTH_WARN: dict[str, list[str]] = {
    "hepatitis_b_carrier": ["DaraVd"],
    "pregnancy": ["Kd"],
    "breastfeeding": ["Elra", "Kd"],
}
"""States of which both labels, or a class and its drug, say the same of a drug."""


@FEW
@given(patients)
def test_without_a_region_the_answer_is_the_more_open_of_the_two(raw: dict[str, Any]) -> None:
    raw.pop("region", None)
    for strict in (False, True):
        either = answer(raw, strict=strict)
        each = [answer({**raw, "region": region}, strict=strict) for region in REGIONS]
        if either is None or None in each:
            return
        asked = {region: by_id(found) for region, found in zip(REGIONS, each, strict=True) if found}
        for name, one in by_id(either).items():
            keys = {region: found[name].key for region, found in asked.items()}
            assert one.key == min(keys.values()), name
            assert one.key == keys[one.region], name
            assert one.verdict == asked[one.region][name].verdict, name
            assert one.key.serious <= max(each.serious for each in keys.values()), name
            said = {f.criterion for f in one.findings}
            for found in asked.values():
                assert {f.criterion for f in found[name].findings} <= said, name


@FEW
@given(patients)
def test_the_verdict_is_the_fold_of_what_counts_in_the_region_that_decides(
    raw: dict[str, Any],
) -> None:
    raw.pop("region", None)
    found = answer(raw, strict=True)
    for each in found.regimens if found else ():
        own = within(each.region, each.findings, each.regimen, found.case)  # type: ignore[union-attr]
        assert each.verdict == fold(own, strict=True), each.regimen.id


@pytest.mark.parametrize("state", BOTH_WARN)
def test_what_both_labels_say_is_counted_once(catalogue: Catalogue, state: str) -> None:
    known = {"refractory": ["lenalidomide"], "exposed": ["bortezomib"], "prior_lines": 4}
    plain = assess(catalogue, parse_patient(known, catalogue), as_of="2026-11-23")
    stated = {**known, "sex": "female", "comorbidities": [state]}
    warned = assess(catalogue, parse_patient(stated, catalogue), as_of="2026-11-23")
    for name in BOTH_WARN[state]:
        before, after = plain[name].key, warned[name].key
        more = after.serious + after.cautions - before.serious - before.cautions
        assert more == 1, (name, warned[name].rank_because)


@pytest.mark.parametrize(("lines", "inside"), [(1, "not met"), (2, "unknown")])
def test_a_product_whose_decision_was_not_found_is_not_known_to_be_there_for_anybody(
    lines: int, inside: str
) -> None:
    """Whether the patient would be inside the label says nothing of whether there is one."""
    opinion = {"not_before": "2020-01-01", "when": {"prior_lines": {"at_least": 2}}}
    label = small.label("one", **{**opinion, "from": None, "unconfirmed": True})
    found = small.catalogue({"one": small.regimen("one", labels=[label], restricted=True)})
    said = {
        each.criterion: each.status
        for each in small.asked(found, prior_lines=lines)["one"].findings
    }
    assert (said["label"], said["authorised"]) == (inside, "unknown")
