"""How much JSON tells: at most so many bytes, and nothing that the full answer does not say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from lenrx.catalogue.formulary import STOCKS, Entry, Formulary, Stock
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import COMORBIDITIES, Detail
from lenrx.intake.reader import read_patient
from lenrx.patient.patient import PatientError, parse_patient
from lenrx.report import as_json
from lenrx.report.fitting import MOST
from lenrx.rules.answer import Answer
from lenrx.rules.assessment import assess

DAY = "2026-11-23"
DOUBT = "cannot say whether "
DEPTHS: tuple[Detail, ...] = ("brief", "reasons")
TRIPLE = ["lenalidomide", "bortezomib", "daratumumab"]
PATIENTS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "lenalidomide": {"refractory": ["lenalidomide"]},
    "class": {"refractory": ["IMiD"]},
    "partial": {"refractory": ["lenalidomide", "PI"], "history": "partial"},
    "exposed": {"exposed": TRIPLE},
    "renal": {"refractory": ["lenalidomide", "pomalidomide"], "egfr": 25},
    "frail": {
        "refractory": TRIPLE,
        "age": 82,
        "prior_lines": 4,
        "ecog": 3,
        "lvef": 35,
        "platelets": 20,
        "anc": 0.6,
        "egfr": 12,
        "dialysis": True,
        "cns": True,
        "emd": True,
        "comorbidities": ["copd", "prior_vte", "heart_failure", "active_infection"],
        "region": "eu",
    },
    "sick": {
        "refractory": ["lenalidomide"],
        "exposed": ["bortezomib"],
        "prior_lines": 3,
        "egfr": 25,
        "lvef": 35,
        "ecog": 2,
        "platelets": 80,
        "anc": 1.2,
        "hepatic": "moderate",
        "age": 78,
        "sex": "female",
        "emd": True,
        "neuropathy_grade": 1,
        "cytogenetics": ["del17p", "t(11;14)"],
        "comorbidities": [
            *("heart_failure", "copd", "arrhythmia", "hepatitis_b_carrier", "prior_vte", "hiv"),
            *("amyloidosis", "active_infection", "autoimmune_disease"),
        ],
        "medications": ["clarithromycin", "warfarin", "amiodarone"],
    },
    "ill": {
        "refractory": ["lenalidomide", "bortezomib"],
        "intolerant": ["pomalidomide", "elranatamab", "talquetamab"],
        "exposed": ["elranatamab", "carfilzomib", "cyclophosphamide", "iberdomide"],
        "prior_lines": 6,
        "dialysis": True,
        "crcl": 10,
        "hepatic": "moderate",
        "platelets": 29,
        "anc": 0.4,
        "ecog": 3,
        "frailty": "frail",
        "lvef": 39,
        "neuropathy_grade": 3,
        "neuropathic_pain": True,
        "age": 80,
        "comorbidities": [each for each in COMORBIDITIES if each not in ("pregnancy",)],
        "medications": ["clarithromycin", "rifampicin", "statin", "live_vaccine", "sedative"],
        "cytogenetics": ["del17p", "1q gain", "t(14;20)"],
    },
    "well": {
        "refractory": ["lenalidomide"],
        "prior_lines": 1,
        "egfr": 90,
        "age": 60,
        "lvef": 60,
        "platelets": 150,
        "anc": 3,
        "ecog": 0,
        "cytogenetics_absent": ["del17p"],
        "comorbidities_absent": ["copd", "prior_vte"],
    },
}


def answered(catalogue: Catalogue, name: str, strict: bool = False) -> Answer:
    return assess(catalogue, parse_patient(PATIENTS[name], catalogue), as_of=DAY, strict=strict)


def texts(data: Any) -> Iterator[str]:
    """Every sentence of a document: what has a space in it."""
    if isinstance(data, str):
        if " " in data:
            yield data
    elif isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from texts(each)


def local(catalogue: Catalogue, stock: Stock, note: str) -> Formulary:
    """A formulary with a line on every drug and every regimen."""
    drugs = {each: Entry(each, stock, note) for each in catalogue.drugs}
    regimens = {each: Entry(each, stock, note) for each in catalogue.regimens}
    return Formulary("Ours", "0" * 64, drugs, regimens)


@pytest.mark.parametrize(
    ("detail", "strict"), [("brief", True), ("reasons", False), ("brief", False)]
)
@pytest.mark.parametrize("name", PATIENTS)
def test_an_answer_has_at_most_its_bytes_and_says_nothing_new(
    catalogue: Catalogue, name: str, detail: Detail, strict: bool
) -> None:
    bounded(answered(catalogue, name, strict), detail)


@pytest.mark.parametrize("detail", DEPTHS)
@pytest.mark.parametrize("stock", STOCKS)
@pytest.mark.parametrize("name", ["lenalidomide", "ill", "medicated", "treated", "odd"])
def test_no_formulary_and_no_history_takes_an_answer_over_its_bytes(
    catalogue: Catalogue, name: str, stock: Stock, detail: Detail
) -> None:
    more: dict[str, dict[str, Any]] = {
        "medicated": {
            "refractory": ["lenalidomide"],
            "medications": [*catalogue.medicines],
            "comorbidities": [*COMORBIDITIES],
        },
        "odd": {
            "refractory": ["lenalidomide"],
            "comorbidities": [f"{each}{each} syndrome" for each in ascii_lowercase],
            "medications": [f"{each}mabomab" for each in ascii_lowercase],
            "id": "x" * 180,
        },
        "treated": {"refractory": [*catalogue.drugs][:40], "exposed": [*catalogue.drugs]},
    }
    patient, _ = read_patient((PATIENTS | more)[name], catalogue)
    note = "\u00e4sk the oncology pharmacy. " * 17
    formulary = local(catalogue, stock, note)
    bounded(assess(catalogue, patient, as_of=DAY, formulary=formulary), detail)


WORDS = st.sampled_from
ANYBODY = st.fixed_dictionaries(
    {"refractory": st.lists(WORDS([*TRIPLE, "carfilzomib", "PI", "pomalidomide"]), unique=True)},
    optional={
        "exposed": st.lists(WORDS(["ixazomib", "cyclophosphamide", "teclistamab"]), unique=True),
        "comorbidities": st.lists(WORDS([*COMORBIDITIES]), unique=True),
        "comorbidities_absent": st.just(["hiv"]),
        "cytogenetics": st.lists(WORDS(["del17p", "t(11;14)", "1q gain"]), unique=True),
        "medications": st.lists(WORDS(["clarithromycin", "statin", "sedative"]), unique=True),
        "egfr": st.integers(5, 120),
        "lvef": st.integers(20, 70),
        "platelets": st.integers(5, 250),
        "anc": WORDS([0.3, 0.9, 2]),
        "ecog": st.integers(0, 4),
        "hepatic": WORDS(["none", "mild", "severe"]),
        "neuropathy_grade": st.integers(0, 4),
        "prior_lines": st.integers(1, 8),
        "dialysis": st.booleans(),
        "history": st.just("partial"),
        "region": WORDS(["us", "eu"]),
    },
)


@given(ANYBODY, st.booleans(), WORDS(DEPTHS))
@settings(max_examples=25, deadline=None)
def test_whoever_is_asked_about(
    catalogue: Catalogue, stated: dict[str, Any], strict: bool, detail: Detail
) -> None:
    try:
        answer = assess(catalogue, parse_patient(stated, catalogue), as_of=DAY, strict=strict)
    except PatientError:
        reject()
    bounded(answer, detail)


def bounded(answer: Answer, detail: Detail) -> None:
    """The answer is in its bounds, and holds nothing that the full one does not hold."""
    text = as_json.render(answer, detail=detail)
    assert len(text.encode()) <= MOST[detail]
    document, full = json.loads(text), answer.to_dict()
    assert document["detail"] == detail
    # What is not met or not known is said so in a text that stands by itself.
    said = {each.removeprefix("not ").removeprefix(DOUBT) for each in texts(document)}
    assert said <= {each.removeprefix("not ").removeprefix(DOUBT) for each in texts(full)}
    decided = [(each["id"], each["verdict"]) for each in document["regimens"]]
    assert decided == [(each["id"], each["verdict"]) for each in full["regimens"]]


@pytest.mark.parametrize("name", PATIENTS)
def test_whatever_decides_stands_with_its_reason(catalogue: Catalogue, name: str) -> None:
    answer = answered(catalogue, name)
    brief = as_json.document(answer, detail="brief")
    for each in brief["regimens"]:
        if "on-label" in answer[each["id"]].approval.values():
            told = (*each.get("decides", ()), *each.get("serious", ()))
            missing = [name for name in told if name not in brief["because"]]
            assert not missing or brief["left_out"]
        if each["verdict"] == "excluded":
            assert len(each["decides"]) == 1
        if each["verdict"] == "conditional":
            assert each.get("ask") or each["decides"]
    for each in as_json.document(answer, detail="reasons")["regimens"]:
        if each["verdict"] != "eligible":
            assert each["findings"]


def test_serious_cautions_are_never_left_out(catalogue: Catalogue) -> None:
    answer = answered(catalogue, "frail")
    serious = {
        (each.regimen.id, one.criterion)
        for each in answer.with_verdict("eligible")
        for one in each.saying("cautions", "met")
        if one.serious
    }
    assert serious
    brief = as_json.document(answer, detail="brief")["regimens"]
    assert {(e["id"], c.split("@")[0]) for e in brief for c in e.get("serious", ())} == serious
    reasons = as_json.document(answer, detail="reasons")["regimens"]
    told = {(e["id"], f["criterion"]) for e in reasons for f in e["findings"] if f.get("serious")}
    assert serious <= told


def test_what_is_to_be_arranged_stands_once_with_its_regimens(catalogue: Catalogue) -> None:
    answer = answered(catalogue, "renal")
    document = as_json.document(answer, detail="reasons")
    for name, effect, status in (
        ("arrange", "arranges", "met"),
        ("confirm", "confirms", "unknown"),
    ):
        said = {(e["criterion"], regimen) for e in document[name] for regimen in e["regimens"]}
        assert said == {
            (one.criterion, each.regimen.id)
            for each in answer.with_verdict("eligible")
            for one in each.findings
            if (one.effect, one.status) == (effect, status)
        }
        assert len({each["criterion"] for each in document[name]}) == len(document[name])
