"""Facts: bits of answers, who looks at them, and filters that begin to look at something new."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any, Final

import pytest

from lenrx.batch.engine.criteria import NotedCase
from lenrx.batch.engine.facts import (
    CONTEXT,
    FIELD_GROUPS,
    HISTORY,
    KIDNEYS,
    Asker,
    FactTable,
    NewLeaf,
    group_of,
    keep,
)
from lenrx.catalogue.conditions import Evaluation
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Component
from lenrx.patient.patient import Patient, parse_patient
from lenrx.patient.state import patient_state
from lenrx.rules import filters
from lenrx.rules.case import Case
from lenrx.rules.filters import STATUS, Finding
from tests.batch.engine.oracle import TODAY, Asking

LVEF: Final = ("lvef", {"below": 47})
FRAIL: Final = ("frailty", ["frail"])


def asked(*leaves: tuple[str, Any]) -> dict[str, tuple[str, Any]]:
    return {f"{key} {wanted}": (key, wanted) for key, wanted in leaves}


@pytest.fixture
def table(catalogue: Catalogue) -> FactTable:
    """A table that knows two leaves."""
    made = FactTable(catalogue)
    with pytest.raises(NewLeaf):
        made.leaves(asked(LVEF, FRAIL))
    return made


def facts_of(table: FactTable, catalogue: Catalogue, **fields: Any) -> int:
    return table.of(parse_patient(fields, catalogue), TODAY).facts


def test_every_answer_but_a_plain_no_is_one_bit_that_stays(
    table: FactTable, catalogue: Catalogue
) -> None:
    no = facts_of(table, catalogue, lvef=47, frailty="fit")
    yes = facts_of(table, catalogue, lvef=46, frailty="fit")
    open_ = facts_of(table, catalogue, frailty="fit")
    frail = facts_of(table, catalogue, lvef=47, frailty="frail")
    assert no == 0
    assert [each.bit_count() for each in (yes, open_, frail)] == [1, 1, 1]
    assert len({yes, open_, frail}) == 3
    assert facts_of(table, catalogue, lvef="<46", frailty="frail") == yes | frail
    assert facts_of(table, catalogue, lvef=46, frailty="fit") == yes


def test_who_looks_at_a_leaf_sees_its_bits_those_given_later_too(
    table: FactTable, catalogue: Catalogue
) -> None:
    lvef, frail = table.leaves(asked(LVEF, FRAIL))
    asker = Asker()
    asker.look_at([lvef])
    assert asker.mask == 0
    yes = facts_of(table, catalogue, lvef=46, frailty="fit")
    other = facts_of(table, catalogue, lvef=60, frailty="frail")
    assert asker.mask & yes == yes
    assert asker.mask & other == 0
    late = Asker()
    late.look_at([lvef, frail])
    assert late.mask & (yes | other) == yes | other
    late.look_at([lvef])
    assert sum(each is late for each in lvef.askers) == 1


def test_a_new_leaf_is_said_once_and_what_was_worked_out_before_is_forgotten(
    table: FactTable, catalogue: Catalogue
) -> None:
    before = facts_of(table, catalogue, lvef=46, frailty="fit", ecog=3)
    ecog = ("ecog", {"at_least": 2})
    with pytest.raises(NewLeaf):
        table.leaves(asked(LVEF, ecog))
    assert [leaf.key for leaf in table.leaves(asked(LVEF, ecog))] == ["lvef", "ecog"]
    after = facts_of(table, catalogue, lvef=46, frailty="fit", ecog=3)
    assert after & before == before
    assert (after & ~before).bit_count() == 1


def test_a_new_bound_of_renal_function_parts_values_that_were_alike(
    table: FactTable, catalogue: Catalogue
) -> None:
    sides = [facts_of(table, catalogue, egfr=value, lvef=60, frailty="fit") for value in (46, 48)]
    assert sides[0] == sides[1]
    with pytest.raises(NewLeaf):
        table.leaves(asked(("renal", {"below": 47})))
    sides = [facts_of(table, catalogue, egfr=value, lvef=60, frailty="fit") for value in (46, 48)]
    assert sides[0] != sides[1]
    assert facts_of(table, catalogue, egfr=47, lvef=60, frailty="fit") == sides[1]
    assert facts_of(table, catalogue, egfr="46-47", lvef=60, frailty="fit") not in sides


def test_a_warning_of_renal_function_parts_values_that_no_leaf_parts(
    table: FactTable, catalogue: Catalogue
) -> None:
    """The table knows no bound of renal function, and 60 is one for the warning alone."""
    warned = {}
    for egfr in (59, 61, 60, 59.9, "58-62", ">=60"):
        patient = parse_patient({"dialysis": True, "egfr": egfr}, catalogue)
        codes = [each.code for each in table.of(patient, TODAY).warnings]
        warned[egfr] = "dialysis-with-normal-egfr" in codes
    assert warned == {59: False, 61: True, 60: True, 59.9: False, "58-62": False, ">=60": True}


@pytest.mark.parametrize(
    ("fields", "doubtful"),
    [
        ({"refractory": ["lenalidomide", "bortezomib"], "exposed": "daratumumab"}, False),
        ({"refractory": ["lenalidomide", "PI"], "intolerant": "carfilzomib"}, False),
        ({"refractory": ["lenalidomide", "PI"], "intolerant": "elotuzumab"}, True),
        ({"refractory": "PI", "exposed": ["bortezomib", "carfilzomib"]}, True),
        ({"refractory": "lenalidomide", "history": "partial"}, False),
        ({"refractory": "BCMA"}, True),
        ({}, False),
    ],
)
def test_the_facts_of_a_history_are_the_answers_of_its_leaves(
    catalogue: Catalogue, fields: dict[str, Any], doubtful: bool
) -> None:
    """Whether put together from those of its drugs or asked one by one."""
    wanted = [*([drug] for drug in catalogue.drugs), *([name] for name in catalogue.classes)]
    leaves = asked(
        *((kind, each) for kind in ("received", "refractory", "intolerant") for each in wanted),
        ("refractory", ["bortezomib", "IMiD"]),
        ("refractory_count", {"class": "PI", "at_least": 2}),
    )
    table = FactTable(catalogue)
    with pytest.raises(NewLeaf):
        table.leaves(leaves)
    patient = parse_patient(fields, catalogue)
    state = patient_state(patient, catalogue)
    assert bool(state.doubtful) is doubtful
    facts = table.of(patient, TODAY).facts
    for leaf in table.leaves(leaves):
        answer = state.ask(leaf.key, leaf.wanted)
        mine = [said for said, bit in leaf.bits.items() if bit & facts]
        assert mine == ([] if answer == Evaluation(False) else [answer]), leaf.wanted


def test_every_field_stands_in_a_group_and_every_key_of_a_leaf_finds_its_own() -> None:
    grouped = {name for group in FIELD_GROUPS for name in group}
    beside = {"id", "age", "creatinine", "weight", "region", "as_of", "expanded"}
    beside |= {"record", "recorded", "kept", "unnamed"}
    assert {*Patient._fields} - grouped <= beside
    assert group_of("renal") == group_of("crcl") == group_of("dialysis") == KIDNEYS
    assert group_of("received_count") == group_of("intolerant") == HISTORY
    assert group_of("as_of") == group_of("region") == CONTEXT
    assert "comorbidities_absent" in FIELD_GROUPS[group_of("comorbidity")]


def test_what_is_kept_begins_anew_when_it_is_full() -> None:
    known = dict[int, int]()
    for number in range(7):
        keep(known, number, number, 3)
        assert len(known) <= 3
    assert known == {6: 6}


def test_a_noted_case_notes_leaves_day_and_region(catalogue: Catalogue) -> None:
    state = patient_state(parse_patient({"lvef": 46}, catalogue), catalogue)
    noted = NotedCase(Case(state, TODAY, "us", False, None, {}), (TODAY,))
    assert noted.asked == {}
    assert noted.state.ask(*LVEF) == Evaluation(True)
    assert noted.asked == asked(LVEF)
    assert (noted.as_of, noted.regions) == (TODAY, ("us",))
    assert noted.asked.keys() == {*asked(LVEF, ("as_of", (TODAY,))), "region"}
    said = [noted.once("kind", "name", lambda: object()) for _ in range(2)]
    assert said[0] is said[1]


Heed = Callable[[Case], Evaluation]
NEW: Final[dict[str, Heed]] = {
    "another bound of LVEF": lambda case: case.state.ask("lvef", {"below": 47}),
    "another bound of renal function": lambda case: case.state.ask("renal", {"below": 47}),
    "other drugs": lambda case: case.state.ask("refractory", ["selinexor", "PI"]),
    "a count": lambda case: case.state.ask("received_count", {"class": "PI", "at_least": 2}),
    "a field that nothing asked": lambda case: case.state.ask("pcl", True),
    "lines": lambda case: case.state.ask("prior_lines", {"at_least": 6}),
    "the day": lambda case: Evaluation(case.as_of >= "2021-01-01"),
    "the region": lambda case: Evaluation("eu" in case.regions),
}


@pytest.mark.parametrize("name", NEW)
def test_a_filter_that_begins_to_look_at_something_new_is_answered_as_the_plain_engine_does(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It asks that only of patients with corneal disease, and so of nobody at first."""
    resisted, calls = filters.resisted, [0]

    def heedful(component: Component, case: Case) -> list[Finding]:
        found, answer = resisted(component, case), Evaluation(False)
        if case.state.ask("comorbidity", ["corneal_disease"]).truth:
            calls[0] += isinstance(case, NotedCase)
            answer = NEW[name](case)
        of = f"heed-{component.drug}"
        status = STATUS[answer.truth]
        return [*found, Finding("resistance", of, "excludes", status, "heed", answer.needs)]

    monkeypatch.setattr(filters, "resisted", heedful)
    asking = Asking(catalogue)
    assert calls == [0]
    rows = patients(28)
    said = [asking.told(row) for row in rows]
    assert said == [asking.expected(row) for row in rows]
    assert calls[0] > 0
    heeded = ["heed-" in json.dumps(each) for each in said]
    assert not heeded[0]
    assert 1 < sum(heeded) < len(rows)


def patients(count: int) -> list[dict[str, str]]:
    """Patients without corneal disease first, then with it and without, in ever new company."""
    cells = {
        "comorbidities": ("", "copd", "corneal_disease", "corneal_disease; copd"),
        "lvef": ("46", "48", "", "47", "40-50", "30", "60"),
        "egfr": ("46", "48", "90", "", "47", "<60"),
        "refractory": ("lena", "lena; bort", "lena; PI", "lena; selinexor; carf"),
        "exposed": ("", "bort; carf", "carf", "", "PI"),
        "prior_lines": ("", "6", "2", "5", ">=3", "7"),
        "pcl": ("", "true", "false"),
        "as_of": ("2020-12-31", "", "2024-01-01", "2017-05-05", "2021-06-01"),
        "region": ("", "us", "eu"),
    }
    dice = random.Random(1)
    rows = [{name: dice.choice(values) for name, values in cells.items()} for _ in range(count)]
    return sorted(rows[:6], key=lambda row: "corneal" in row["comorbidities"]) + rows[6:]
