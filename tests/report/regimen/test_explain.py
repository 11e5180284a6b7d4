from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Limit, Result
from lenrx.patient.patient import Patient
from lenrx.report.regimen import positions
from lenrx.report.regimen.sections import sections
from lenrx.rules.answer import Answer
from lenrx.rules.assessment import assess
from lenrx.rules.network import below_one
from tests.conftest import Ask
from tests.report.regimen.drawn import explained, flat

PATIENT: dict[str, Any] = {"refractory": "lena", "exposed": "bort", "prior_lines": 2}
KNOWN = {"region": "eu", "egfr": 25, "lvef": 35, "age": 80, "ecog": 1, "emd": True}


@pytest.fixture(scope="module")
def answer(ask: Ask) -> Answer:
    return ask(**PATIENT, **KNOWN)


def test_it_opens_with_the_verdict_the_rank_and_its_reasons(ask: Ask) -> None:
    answer = ask(**PATIENT)
    found, each = flat(explained(answer, "Kd")), answer["Kd"]
    lead = f"Eligible, rank {each.place}; on-label (us and eu): nothing excludes it"
    assert lead in found
    for words in (*each.rank_because[2:4], *each.rank_because[5:]):
        assert words in found
    assert found.index(lead) < found.index("To confirm") < found.index("Evidence (hazard")


def test_whom_it_beat_is_said_with_the_hazard_ratios(ask: Ask) -> None:
    found = flat(explained(ask(**PATIENT), "BVd"))
    first = (
        "beat DaraVd in DREAMM-7 (PFS, HR 0.41, 95 % CI 0.31-0.53), which beat Vd in CASTOR (PFS"
    )
    assert first in found


def test_what_excludes_comes_first_and_without_a_rank(ask: Ask) -> None:
    found = explained(ask(refractory="lena,carf"), "Kd")
    after = found.split("Excluded; ")[1].splitlines()[1]
    assert after.strip().startswith("refractory to carfilzomib, which this regimen relies on")
    assert "head to head" not in found


def test_what_is_open_names_what_it_needs(ask: Ask) -> None:
    found = flat(explained(ask(refractory="lena,pi"), "Kd"))
    assert "Conditional, rank" in found
    assert (
        "cannot say whether refractory to carfilzomib, which this regimen relies on: needs" in found
    )


@pytest.mark.parametrize("regimen", ["VenVd", "Melflufen-d"])
def test_a_win_with_worse_survival_is_not_counted_and_said(ask: Ask, regimen: str) -> None:
    found = flat(explained(ask(**PATIENT), regimen))
    assert re.search(
        r"progression-free survival won \(PFS, HR [^)]+\), overall survival worse", found
    )
    assert "not counted as superior" in found


def test_a_win_in_other_patients_is_said_with_why_it_does_not_count(ask: Ask) -> None:
    found = flat(explained(ask(refractory="lena,dara", exposed="bort", prior_lines=2), "Kd"))
    assert (
        "beat Vd in ENDEAVOR (PFS, HR 0.53, 95 % CI 0.44-0.65): not counted here, nobody "
        "is known to have been enrolled in whom an anti-CD38 drug had failed"
    ) in found


@pytest.mark.parametrize("regimen", ["Kd", "cilta-cel", "BPd", "DaraKd", "DCEP", "Xd", "Tec"])
def test_with_v_every_criterion_is_there_once(answer: Answer, regimen: str) -> None:
    each = answer[regimen]
    drawn = flat(explained(answer, regimen, verbose=True))
    found = Counter(re.findall(r"rule ([\w.-]+)", drawn))
    parts = sections(each, strict=False)
    spoken = [one.criterion for part, alike in parts.items() if part != "label" for one in alike]
    assert {name: found[name] for name in spoken} == Counter(spoken)


@pytest.mark.parametrize("regimen", ["Kd", "cilta-cel", "BPd", "DaraKd", "DCEP", "Xd", "Tec"])
def test_nothing_is_printed_twice(answer: Answer, regimen: str) -> None:
    for verbose in (False, True):
        lines = explained(answer, regimen, 400, verbose=verbose).splitlines()
        long = [line.strip() for line in lines if len(line.strip()) > 30]
        assert [line for line, count in Counter(long).items() if count > 1] == []


def test_what_does_not_apply_is_a_count_with_ids_and_words_only_with_v(answer: Answer) -> None:
    short = flat(explained(answer, "Kd"))
    count = len({one.criterion for one in sections(answer["Kd"], False)["not met"]})
    assert f"{count} criteria not met (-v): refractory-carfilzomib" in short
    words = "refractory to carfilzomib, which this regimen relies on"
    assert words not in short
    assert words in flat(explained(answer, "Kd", verbose=True))


def test_an_entry_limit_is_no_organ_and_has_the_patients_value(answer: Answer) -> None:
    found = flat(explained(answer, "DaraKd", verbose=True))
    assert "entry limit, rule candor-lvef" in found
    assert "organs, rule candor-lvef" not in found
    assert re.search(r"CANDOR [^\[]*LVEF [^\[]*\(patient: LVEF 35\)", found)


def test_patients_hardly_enrolled_are_said_to_be(catalogue: Catalogue) -> None:
    limit = Limit(
        "few-old",
        {"age": {"at_least": 75}},
        "5 % were 75 or older",
        "pmid-37163358",
        "abstract",
        few=True,
    )
    trial = catalogue.trials["CANDOR"]._replace(limits=(limit,))
    changed = replace(catalogue, trials={**catalogue.trials, "CANDOR": trial})
    found = assess(changed, Patient(refractory="lena", age=80))
    assert "CANDOR: hardly any such patients enrolled: 5 % were 75 or older" in flat(
        explained(found, "DaraKd")
    )


def test_what_two_drugs_ask_alike_is_said_once(ask: Ask) -> None:
    answer = ask(**PATIENT)
    short = explained(answer, "DaraKd").split("To arrange\n")[1].split("\n\n")[0]
    assert "daratumumab, carfilzomib: hepatitis B serology before the start" in short
    assert short.count("hepatitis B serology") == 1
    assert explained(answer, "DaraKd", verbose=True).count("hepatitis B serology before") == 2


def test_a_contrast_is_never_read_as_an_arm(ask: Ask) -> None:
    fields = {"refractory": "lena,bort,dara", "prior_lines": 4, "emd": True}
    found = flat(explained(ask(**fields), "ide-cel", verbose=True))
    assert "median PFS 5.3 months, against 11.1 in patients without extramedullary disease" in found
    assert "v 11.1" not in found


def test_what_no_criterion_asks_is_said(ask: Ask) -> None:
    idle = flat(explained(ask(**PATIENT, comorbidities="corneal_disease"), "DCEP"))
    assert "Stated, and no criterion of this regimen asks it: corneal disease" in idle
    assert "no criterion of this regimen asks" not in explained(ask(**PATIENT), "DCEP")


def test_a_missing_fact_that_would_exclude_is_in_plain_words(ask: Ask) -> None:
    found = flat(explained(ask(**PATIENT), "Pd"))
    assert "Would be excluded if: pregnant (not stated)" in found
    assert "pregnancy: found" not in found


def test_the_label_is_that_of_the_region_asked(ask: Ask) -> None:
    eu = explained(ask(**PATIENT, region="eu"), "Kd").split("Label (eu)\n")[1]
    lines = eu.split("\n\n")[0]
    assert "  eu, Kyprolis, since 2016-07-04" in lines
    assert "  us, " not in lines
    both = explained(ask(**PATIENT), "Kd").split("Label (us and eu)\n")[1]
    assert "  us, " in both


def test_doses_read_as_sentences(answer: Answer) -> None:
    found = flat(explained(answer, "BPd"))
    assert "day 1 of each 28-day cycle" in found
    assert "days day" not in found
    assert "days 1 of" not in found


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("regimen", ["Kd", "cilta-cel", "DCEP"])
def test_it_keeps_to_its_width(answer: Answer, regimen: str, width: int) -> None:
    for verbose in (False, True):
        lines = explained(answer, regimen, width, verbose=verbose).splitlines()
        assert max(map(len, lines)) <= width


def test_a_usual_explanation_is_read_in_a_few_screens(ask: Ask) -> None:
    answer = ask(**PATIENT, region="eu", egfr=45)
    lengths = [len(explained(answer, name).splitlines()) for name in ("BPd", "PVd", "XVd", "Xd")]
    assert max(lengths) <= 95


def weights(answer: Answer, regimen: str) -> dict[str, str]:
    each = answer[regimen]
    return {
        one.guideline: positions.weight(one, each, answer)
        for one in positions.ordered(each, answer)
        if one in each.positions
    }


def test_a_guideline_says_whether_it_orders_and_why_not(catalogue: Catalogue) -> None:
    setting = Patient(refractory="lena,bort,dara", prior_lines=3)
    before = assess(catalogue, setting)
    name = next(n for n, why in weights(before, "cilta-cel").items() if why == positions.ORDERS)
    assert {"does not order, a funding body"} <= set(weights(before, "cilta-cel").values())
    later = catalogue.guidelines[name]._replace(id="New", published="2026-01-01")
    old = catalogue.guidelines[name]._replace(superseded_by="New")
    issued = {**catalogue.guidelines, name: old, "New": later}
    after = assess(replace(catalogue, guidelines=issued), setting)
    assert weights(after, "cilta-cel")[name] == "does not order, superseded by New"
    lists = {**catalogue.guidelines, name: catalogue.guidelines[name]._replace(ranked=False)}
    unranked = assess(replace(catalogue, guidelines=lists), setting)
    assert weights(unranked, "cilta-cel")[name] == "does not order, a list without order"


def test_a_position_of_another_setting_says_so(ask: Ask) -> None:
    found = flat(explained(ask(refractory="lena", prior_lines=1), "cilta-cel"))
    assert "does not order, another setting: " in found


def test_survival_that_was_worse_with_no_win_is_not_called_one(catalogue: Catalogue) -> None:
    worse = Result("fewer lived", "pmid-37163358", "abstract")
    trial = catalogue.trials["CANDOR"]._replace(survival_worse=worse)
    regimen = catalogue.regimens["DaraKd"]
    rows = tuple(row for row in regimen.evidence if not below_one(row))
    changed = replace(
        catalogue,
        trials={**catalogue.trials, "CANDOR": trial},
        regimens={**catalogue.regimens, "DaraKd": regimen._replace(evidence=rows)},
    )
    found = flat(explained(assess(changed, Patient(refractory="lena")), "DaraKd"))
    assert "CANDOR: overall survival worse: not counted as superior. fewer lived" in found


@pytest.mark.parametrize("verbose", [False, True])
def test_every_regimen_can_be_explained(answer: Answer, verbose: bool) -> None:
    for each in answer.regimens:
        assert each.regimen.name in flat(explained(answer, each.regimen.id, verbose=verbose))
