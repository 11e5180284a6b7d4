"""The deck finds nothing as things are and something in every fault, and its files are fresh."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lenrx.catalogue import conditions
from lenrx.catalogue.loading import Catalogue
from lenrx.curation.deck import figures
from lenrx.curation.deck.selftest import SelfTest, self_test
from lenrx.patient import state
from lenrx.rules import assessment, filters, labels
from tests.rules import small as small_catalogue

VALIDATION = Path(__file__).parents[3] / "docs" / "validation"


@pytest.fixture(scope="module")
def found(catalogue: Catalogue) -> SelfTest:
    """The whole deck, once, without looking for cycles, as the command line has it."""
    gc.disable()
    try:
        return self_test(catalogue)
    finally:
        gc.enable()


def small(catalogue: Catalogue, *names: str) -> Catalogue:
    """The catalogue with a few of its regimens: half a second of the deck."""
    return replace(catalogue, regimens={name: catalogue.regimens[name] for name in names})


def test_every_case_comes_out_as_the_catalogue_has_it(found: SelfTest) -> None:
    assert found.failures == ()


def test_every_criterion_is_seen_met_not_met_and_unknown_or_has_a_reason(found: SelfTest) -> None:
    assert found.gaps == ()


def test_the_deck_is_as_large_as_it_says(found: SelfTest, catalogue: Catalogue) -> None:
    assert set(found.cases) == set(catalogue.regimens)
    rules = [len(each.rules) for each in catalogue.drugs.values()]
    rules += [len(each.rules) for each in catalogue.classes.values()]
    rules += [len(each.rules) + len(each.labels) for each in catalogue.regimens.values()]
    rules += [len(each.limits) for each in catalogue.trials.values()]
    assert found.criteria > sum(rules)
    assert sum(found.sorts.values()) == sum(found.cases.values()) > 6000
    assert found.sorts["typical"] == len(catalogue.regimens)
    assert found.sorts["left out"] == len(catalogue.regimens) - len(found.spared)
    # A patient who is just under a threshold is followed by one at it.
    assert found.sorts["under"] == found.sorts["at"] >= found.sorts["over"] > 300


@pytest.mark.parametrize("name", ["deck.json", "deck.csv"])
def test_what_is_kept_of_the_deck_is_fresh(
    found: SelfTest, catalogue: Catalogue, name: str
) -> None:
    text = figures.table(found)
    if name.endswith("json"):
        text = json.dumps(figures.document(found, catalogue), indent=2) + "\n"
    path = VALIDATION / name
    if os.environ.get("LENRX_WRITE_DOCS"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "LENRX_WRITE_DOCS=1 writes it anew"


FEW = ("Isa", "BVd")
"""A short deck, and one of a regimen that is given inside its label only."""
Patch = pytest.MonkeyPatch


def at_a_threshold(patch: Patch) -> None:
    patch.setitem(conditions._COMPARE, "below", conditions._COMPARE["at_most"])


def unknown_is_no(patch: Patch) -> None:
    patch.setitem(filters.STATUS, None, "not met")


def the_higher_of_two_kidneys(patch: Patch) -> None:
    patch.setattr(conditions, "RENAL", ("egfr",))


def both_found_and_absent_is_found(patch: Patch) -> None:
    def there(self: state.PatientState, field: str, name: str) -> bool | None:
        return True if name in (getattr(self.patient, field) or ()) else None

    patch.setattr(state.PatientState, "finding", there)


def nobody_is_asked(patch: Patch) -> None:
    real = conditions.evaluate
    patch.setattr(filters, "evaluate", lambda *asked: real(*asked)._replace(needs=()))


def a_label_asks_nothing(patch: Patch) -> None:
    real = labels.label_answer
    patch.setattr(filters, "label_answer", lambda found: real(found)._replace(needs=()))


def a_caution_excludes(patch: Patch) -> None:
    real = filters._sourced

    def sourced(*said: Any) -> filters.Finding:
        one = real(*said)
        return one._replace(effect="excludes") if one.effect == "cautions" else one

    patch.setattr(filters, "_sourced", sourced)


def no_day_ends_a_label(patch: Patch) -> None:
    patch.setattr(labels, "in_force", lambda clause, case: True)


def the_first_region_counts(patch: Patch) -> None:
    patch.setattr(assessment, "more_open", lambda keys: next(iter(keys)))


def resistance_to_a_class_is_to_one_drug(patch: Patch) -> None:
    real = filters._class_of
    patch.setattr(filters, "_class_of", lambda *of: real(*of)._replace(crosses="drug"))


def nothing_is_serious(patch: Patch) -> None:
    real = filters._sourced
    patch.setattr(filters, "_sourced", lambda *of: real(*of)._replace(serious=False))


def a_dose_is_lost(patch: Patch) -> None:
    patch.setattr("lenrx.rules.filters._ruled", _without_dose(filters._ruled))


def _without_dose(real: Callable[..., filters.Finding]) -> Callable[..., filters.Finding]:
    return lambda *of: real(*of)._replace(dose=None)


def trials_leave_nobody_out(patch: Patch) -> None:
    patch.setattr("lenrx.rules.evidence._limits_met", lambda *_: ())


FAULTS: tuple[Callable[[Patch], None], ...] = (
    at_a_threshold,
    unknown_is_no,
    the_higher_of_two_kidneys,
    both_found_and_absent_is_found,
    nobody_is_asked,
    a_label_asks_nothing,
    a_caution_excludes,
    no_day_ends_a_label,
    the_first_region_counts,
    resistance_to_a_class_is_to_one_drug,
    nothing_is_serious,
    a_dose_is_lost,
    trials_leave_nobody_out,
)


def test_the_small_deck_alone_finds_nothing(catalogue: Catalogue) -> None:
    assert self_test(small(catalogue, *FEW)).problems == ()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_in_the_rules_is_found(
    fault: Callable[[Patch], None], catalogue: Catalogue, monkeypatch: Patch
) -> None:
    fault(monkeypatch)
    assert any(self_test(small(catalogue, name)).failures for name in FEW)


def test_the_deck_of_another_catalogue(catalogue: Catalogue) -> None:
    """One with its own drugs and without most of ours, as a curator may have."""
    rules = [small_catalogue.rule("lvef"), small_catalogue.rule("age", when={"age": {"above": 70}})]
    one = small_catalogue.regimen("one", [small_catalogue.row("T")], rules=rules)
    limits = [
        {
            k: v
            for k, v in small_catalogue.rule("t-ecog", when={"ecog": {"above": 2}}).items()
            if k not in ("filter", "effect")
        }
    ]
    trials = {"T": small_catalogue.trial(limits=limits)}
    found = self_test(small_catalogue.catalogue({"one": one}, trials=trials))
    assert found.problems == ()
    assert (found.sorts["typical"], found.sorts["left out"]) == (1, 1)


def test_a_criterion_that_no_patient_meets_is_a_gap(catalogue: Catalogue) -> None:
    regimen = catalogue.regimens["Dexa-BEAM"]
    never = {"all": [{"egfr": {"below": 30}}, {"egfr": {"above": 60}}]}
    rule = catalogue.drugs["carfilzomib"].rules[0]._replace(id="never", when=never, region=None)
    odd = regimen._replace(rules=(rule,))
    found = self_test(replace(catalogue, regimens={odd.id: odd}))
    assert found.gaps == ("regimen Dexa-BEAM: never: no patient of the deck is met here",)


def test_the_counts_are_said_in_a_line(found: SelfTest) -> None:
    few = found._replace(
        cases={"Kd": 1200, "Pd": 34},
        failed={"Pd": 1},
        failures=("Pd: verdict eligible, has to be excluded",),
        gaps=("x", "y"),
        patients=1000,
        beside=2,
        criteria=1100,
        excused={"asks nothing": 3},
    )
    assert figures.line(few) == (
        "1 failure in 1,234 cases of 1,000 patients, 2 regimens, and in 2 further pairs; "
        "2 gaps in 1,100 criteria, 3 of which cannot be seen in every status"
    )
    assert figures.table(few) == "regimen,cases,failures\nKd,1200,0\nPd,34,1\n"
