"""A plan as it is typed, and what is judged of it.

The expected verdicts were written first. On resistance: refractory to a drug excludes what relies
on it, whatever else the regimen holds (IMWG, Rajkumar 2011); it crosses in the whole class of
anti-CD38 antibodies, and per drug in IMiDs and proteasome inhibitors (docs/method.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenrx.catalogue.loading import Catalogue, load
from lenrx.catalogue.names import UnknownName
from lenrx.catalogue.vocabulary import COMORBIDITIES
from lenrx.patient.patient import PatientError, parse_patient
from lenrx.rules.assessment import assess, assess_one
from lenrx.rules.evidence import UNLIKE
from lenrx.rules.plan.document import LARGEST, to_dict, written
from lenrx.rules.plan.judgement import BETTER, Judgement, judge
from lenrx.rules.plan.reading import made_of, read_plan
from tests.conftest import Ask

Judge = Callable[..., Judgement]
loaded = cache(load)
LENA = {"refractory": "lenalidomide", "prior_lines": "1"}


@pytest.fixture
def judged(ask: Ask, catalogue: Catalogue) -> Judge:
    def run(text: str, **fields: str) -> Judgement:
        return judge(read_plan(text, catalogue), ask(**{**LENA, **fields}))

    return run


@pytest.mark.parametrize(
    ("text", "name", "listed"),
    [
        # an id, an alias, its drugs in any order and with any sign between
        ("DaraKd", "DaraKd", True),
        ("dkd", "DaraKd", True),
        ("dara+carfilzomib+dex", "DaraKd", True),
        ("dexamethasone, Kyprolis, Darzalex", "DaraKd", True),
        ("daratumumab carfilzomib dexamethasone", "DaraKd", True),
        ("Dara/Kd", "DaraKd", True),
        ("Dara-Kd", "DaraKd", True),
        # a brand, an abbreviation, a drug alone
        ("Carvykti", "cilta-cel", True),
        ("dara", "Dara", True),
        ("Tecvayli", "Tec", True),
        ("Revlimid", "lenalidomide", False),
        # past and future regimens without an entry
        ("KRd", "KRd", False),
        ("VRd", "VRd", False),
        ("V+R+d", "VRd", False),
        ("IRd", "IRd", False),
        ("VCd", "VCd", False),
        ("CyBorD", "VCd", False),
        ("KTd", "KTd", False),
        ("D-VTd", "DVTd", False),
        ("carfilzomib+lenalidomide+dexamethasone", "KRd", False),
        ("carfilzomib lenalidomide dexamethasone", "KRd", False),
        ("Kyprolis / Revlimid / dex", "KRd", False),
        ("bort and thal plus dex", "VTd", False),
        ("Pom 4 mg d1-21, dex weekly", "Pd", True),
        ("VRd (in a trial)", "VRd", False),
        ("VRd x 6 cycles", "VRd", False),
        ("carfilzomib 56 mg/m2 weekly, dexamethasone 20 mg", "Kd", True),
        ("Dara SC + KRd", "D-KRd", False),
        ("melphalan", "melphalan", False),
    ],
)
def test_a_plan_is_read_as_people_type_it(
    text: str, name: str, listed: bool, catalogue: Catalogue
) -> None:
    plan = read_plan(text, catalogue)
    assert (plan.name, plan.listed) == (name, listed)
    assert not plan.unread


@pytest.mark.parametrize(
    ("text", "drugs", "unread"),
    [
        ("foo+dara+dex", {"daratumumab", "dexamethasone"}, ["foo"]),
        ("carfumab, len, dex", {"lenalidomide", "dexamethasone"}, ["carfumab"]),
        ("PI + dex", {"dexamethasone"}, ["PI"]),
        ("V + dex", {"dexamethasone"}, ["V"]),
        ("Kd + oprozomib", {"carfilzomib", "dexamethasone"}, ["oprozomib"]),
    ],
)
def test_what_is_not_known_is_kept_beside_the_rest(
    text: str, drugs: set[str], unread: list[str], catalogue: Catalogue
) -> None:
    plan = read_plan(text, catalogue)
    assert {*plan.drugs} == drugs
    assert [one.word for one in plan.unread] == unread
    assert all(one.hint for one in plan.unread)
    assert not plan.listed, "with something more it is not the entry"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("xyzzy", "not a drug, class or regimen"),
        ("lenolidamyde", "nearest: lenalidomide"),
        ("foo bar", "'bar'"),
        ("V", "could be bortezomib or venetoclax"),
        ("PI", "write the drug"),
        ("PD", "may be a response"),
        ("", "names nothing"),
        (" , + ", "names nothing"),
        ("ASCT", "names no drug"),
        ("x" * 301, "too long"),
        ("PomDex or Kd", "alternatives"),
        ("VRd then R maintenance", "a sequence"),
        ("teclistamab -> talquetamab", "a sequence"),
        ("teclistamab→talquetamab", "a sequence"),
        ("Vd; Rd", "several regimens (Vd, Rd)"),
        ("Kd so if the heart of this patient allows", "words that are not known"),
    ],
)
def test_a_plan_of_which_nothing_is_known_is_refused(
    text: str, hint: str, catalogue: Catalogue
) -> None:
    with pytest.raises(UnknownName) as error:
        read_plan(text, catalogue)
    assert hint in f"{error.value.text!r}: {error.value.hint}"


def test_the_entry_near_by_is_named_and_not_taken(catalogue: Catalogue) -> None:
    plan = read_plan("dara + bortezomib", catalogue)
    assert not plan.listed
    assert "with dexamethasone it would be DaraVd" in plan.said


def test_a_slip_that_is_forgiven_is_said(catalogue: Catalogue) -> None:
    plan = read_plan("carfilzomab + lena + dex", catalogue)
    assert plan.name == "KRd"
    assert "read 'carfilzomab' as carfilzomib" in plan.said
    assert not any(each.startswith("read") for each in read_plan("KRd", catalogue).said)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_is_a_plan_or_refused_with_a_hint(text: str) -> None:
    catalogue = loaded()
    try:
        plan = read_plan(text, catalogue)
    except UnknownName as error:
        assert error.hint
    else:
        assert plan.drugs


@pytest.mark.parametrize(
    ("text", "fields", "verdict", "criterion"),
    [
        ("KRd", {}, "excluded", "refractory-lenalidomide"),
        ("IRd", {}, "excluded", "refractory-lenalidomide"),
        ("R maintenance", {}, "excluded", "refractory-lenalidomide"),
        ("Elo + Rd", {}, "excluded", "refractory-lenalidomide"),
        # per drug: lenalidomide says nothing of pomalidomide; thalidomide is a going back, no more
        ("VCd", {}, "eligible", None),
        ("KTd", {}, "eligible", None),
        ("elo+pom+cyclophosphamide", {}, "eligible", None),
        ("VCd", {"refractory": "lena,carfilzomib"}, "eligible", None),
        ("VCd", {"refractory": "lena,bortezomib"}, "excluded", "refractory-bortezomib"),
        # the whole class of anti-CD38 antibodies
        ("D-VTd", {"refractory": "lena,isatuximab"}, "excluded", "refractory-anti-CD38"),
        # a steroid never
        ("VCd", {"refractory": "lena,dexamethasone"}, "eligible", None),
        # intolerance removes the drug and not the class
        ("VCd", {"intolerant": "bortezomib"}, "excluded", "intolerant-bortezomib"),
        ("VCd", {"intolerant": "ixazomib"}, "eligible", None),
        # a proteasome inhibitor, nobody says which
        ("VCd", {"refractory": "lena,pi"}, "conditional", "refractory-bortezomib"),
        # no relapse: every regimen here was studied after a line
        ("VCd", {"refractory": "none", "prior_lines": "0"}, "excluded", "relapse"),
        # a product that no entry has outside its label: whether this is inside is not known here
        ("belamaf+carfilzomib+dex", {}, "conditional", "label"),
        # investigational alone is authorised with nothing
        ("mezigdomide+dex", {}, "excluded", "authorised-mezigdomide"),
        # a drug that is not known may exclude: never eligible
        ("VCd + foo", {}, "conditional", "unknown-drug"),
        ("KRd + foo", {}, "excluded", "refractory-lenalidomide"),
    ],
)
def test_a_plan_without_an_entry_is_judged_by_its_drugs(
    text: str, fields: dict[str, str], verdict: str, criterion: str | None, judged: Judge
) -> None:
    found = judged(text, **fields)
    assert found.each.verdict == verdict
    assert criterion is None or criterion in [one.criterion for one in found.deciding]
    assert bool(found.deciding) == (verdict != "eligible")
    assert found.each.rank is None
    assert not found.plan.listed


def test_the_label_of_a_plan_without_an_entry_is_not_known(judged: Judge) -> None:
    found = judged("VCd", region="us")
    assert {*found.each.approval.values()} == {"unknown"}
    assert to_dict(found)["approval"] == {"us": "no entry", "eu": "no entry"}


def test_an_entry_without_a_label_says_so_in_a_sentence(ask: Ask, catalogue: Catalogue) -> None:
    found = judge(read_plan("isatuximab", catalogue), ask(on_label=True, **LENA))
    assert found.each.verdict == "excluded"
    said = to_dict(found)["because"]
    assert said == ["not inside the label (none for this combination is in force)"]


def test_drugs_that_are_given_on_label_only_are_said_in_the_plural(judged: Judge) -> None:
    one, two = (judged(text, prior_lines="4") for text in ("Tec + Kd", "Elra + Tal"))
    assert "teclistamab is given inside its label only" in to_dict(one)["because"][0]
    held = "elranatamab and talquetamab are given inside their labels only"
    assert held in to_dict(two)["because"][0]


def test_with_on_label_a_plan_without_an_entry_is_not_open(ask: Ask, catalogue: Catalogue) -> None:
    answer = ask(on_label=True, **LENA)
    assert judge(read_plan("VCd", catalogue), answer).each.verdict == "conditional"


def test_an_entry_is_judged_as_the_answer_has_it(ask: Ask, catalogue: Catalogue) -> None:
    answer = ask(**LENA, lvef="35", region="eu")
    for each in answer.regimens:
        found = judge(read_plan(each.regimen.id, catalogue), answer)
        assert found.each is each
        again = judge(read_plan(" + ".join(found.plan.drugs), catalogue), answer)
        assert again.each is each


def test_what_is_written_on_drugs_reaches_a_plan_without_an_entry(
    ask: Ask, catalogue: Catalogue
) -> None:
    """The same drugs under another name find what every rule on a drug or its class finds."""
    answer = ask(**LENA, lvef="35", egfr="25", comorbidities="prior_vte;active_infection")
    for each in answer.regimens:
        drugs = [one.drug for one in each.regimen.drugs]
        other = assess_one(made_of(f"{each.regimen.id} again", drugs, catalogue), answer.case)
        own = [one for one in each.findings if one.drug]
        assert all(one in other.findings for one in own), each.regimen.id


def test_the_options_on_better_evidence_are_open_in_order_and_five_at_most(judged: Judge) -> None:
    for text in ("KRd", "Vd", "Pd", "DaraVd", "BVd", "VCd"):
        found = judged(text)
        assert len(found.better) <= BETTER
        ranks = [one.rank or 0 for one in found.better]
        assert ranks == sorted(ranks)
        for one in found.better:
            assert one.verdict == "eligible"
            assert one.merit.tier < UNLIKE
            assert one.regimen.id != found.plan.name
            if found.each.verdict != "excluded":
                own = found.each.key
                assert one.key.tier <= own.tier
    assert judged("KRd").better
    assert not judged("BVd").better, "nothing has better evidence than the first in the order"


def test_the_other_arm_of_trials_has_their_evidence(judged: Judge) -> None:
    """Vd was the control arm of CASTOR, IRd the experimental one of TOURMALINE-MM1."""
    assert "CASTOR" in {row.evidence.trial for row in judged("Vd").each.evidence}
    assert judged("Vd").each.merit.tier == 2
    assert "TOURMALINE-MM1" in {row.evidence.trial for row in judged("IRd").each.evidence}
    assert not judged("KRd").each.evidence


def test_every_row_on_a_comparator_is_its_evidence(catalogue: Catalogue) -> None:
    for each in catalogue.comparators.values():
        if each.evidence:
            plan = read_plan(each.id, catalogue)
            assert plan.regimen.evidence == each.evidence
            assert plan.regimen.id == each.id


def test_what_settles_a_conditional_plan_is_asked(judged: Judge) -> None:
    found = judged("VCd", refractory="lena,pi")
    assert [one.question for one in found.asked] == ["Which PI?"]


PATIENTS = st.fixed_dictionaries(
    {"refractory": st.sampled_from(["lena", "lena,pi", "lena,bort,dara,pom"])},
    optional={
        "comorbidities": st.lists(st.sampled_from(COMORBIDITIES), max_size=20).map(";".join),
        "lvef": st.sampled_from(["25", "35", "60"]),
        "egfr": st.sampled_from(["8", "25", "90"]),
        "prior_lines": st.sampled_from(["1", "4"]),
        "neuropathy_grade": st.sampled_from(["0", "3"]),
        "hepatic": st.sampled_from(["none", "severe"]),
        "platelets": st.sampled_from(["20", "200"]),
        "anc": st.sampled_from(["0.4", "3"]),
        "id": st.text("ab1", max_size=2000),
    },
)
PLANS = st.sampled_from(["KRd", "VTD-PACE", "Dexa-BEAM", "D-VTd", "cilta-cel", "DaraMPV", "foo Kd"])


@given(PLANS, PATIENTS)
@settings(deadline=None, max_examples=40)
def test_a_document_has_at_most_six_thousand_bytes(text: str, fields: dict[str, str]) -> None:
    catalogue = loaded()
    try:
        answer = assess(catalogue, parse_patient(fields, catalogue), as_of="2026-11-28")
    except PatientError:
        return
    found = judge(read_plan(text, catalogue), answer)
    assert len(written(found).encode()) <= LARGEST
    data = json.loads(written(found))
    assert data["schema"] == "lenrx/plan/1"
    assert data["verdict"] == found.each.verdict
    assert found.each.verdict == "eligible" or data["because"]
    if "left_out" not in data:
        assert data["patient"]["given"].keys() == answer.state.patient.given().keys()


@pytest.mark.parametrize(
    ("text", "stated", "reason"),
    [
        ("venetoclax+bortezomib", {"cytogenetics_absent": ["t(11;14)"]}, "early mortality"),
        ("venetoclax+bortezomib+prednisone", {"cytogenetics_absent": ["t(11;14)"]}, "BELLINI"),
        ("DT-PACE", {"ecog": 4, "frailty": "frail"}, "frail or ECOG 3"),
    ],
)
def test_what_an_entry_excludes_a_plan_that_holds_it_does_not_open(
    catalogue: Catalogue, text: str, stated: dict[str, Any], reason: str
) -> None:
    patient = parse_patient({"refractory": ["lenalidomide"], "prior_lines": 2, **stated}, catalogue)
    found = judge(read_plan(text, catalogue), assess(catalogue, patient, as_of="2026-11-23"))
    assert found.each.verdict == "excluded"
    assert reason in " ".join(one.because for one in found.deciding)


def test_a_steroid_alone_is_what_a_plan_relies_on(catalogue: Catalogue) -> None:
    patient = parse_patient({"refractory": ["lenalidomide", "dexamethasone"]}, catalogue)
    answer = assess(catalogue, patient, as_of="2026-11-23")
    assert judge(read_plan("dexamethasone", catalogue), answer).each.verdict == "excluded"
    assert judge(read_plan("prednisone", catalogue), answer).each.verdict != "excluded"


@pytest.mark.parametrize(
    "text", ["no bortezomib, Kd", "Kd +/- R", "Kd, R held", "Pd without lenalidomide", "Kd + R?"]
)
def test_a_part_that_is_denied_or_doubted_is_no_plan(catalogue: Catalogue, text: str) -> None:
    with pytest.raises(UnknownName, match="not, perhaps"):
        read_plan(text, catalogue)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Kd 2022, Pd 2023", "Kd, Pd"),
        ("Kd 2022; Pd 2023", "Kd, Pd"),
        ("Kd 2022/Pd 2023", "Kd, Pd"),
        ("2022 Kd 2023 Pd", "Kd, Pd"),
        ("IsaPd 03/2021; Kd 05/2022", "IsaPd, Kd"),
        ("Kd Pd", "Kd, Pd"),
        ("Kd - Pd", "Kd, Pd"),
        ("Kd: Pd", "Kd, Pd"),
        ("VCd VTd", "VCd, VTd"),
        ("Pd (3 cycles) Kd", "Pd, Kd"),
        ("VRd 4 cycles, Pd", "VRd, Pd"),
        ("VRd C1-4, KRd C5-8", "VRd, KRd"),
        ("Kd (Pd)", "Kd, Pd"),
        ("KRd (Kd)", "KRd, Kd"),
        ("\u2611 Kd \u2611 Pd", "Kd, Pd"),
    ],
)
def test_several_regimens_are_no_plan_whatever_parts_them(
    text: str, named: str, catalogue: Catalogue
) -> None:
    with pytest.raises(UnknownName) as error:
        read_plan(text, catalogue)
    assert f"several regimens ({named})" in error.value.hint


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # one regimen with a date, a dose, cycles; one that has not ended
        ("Kd 2022", "Kd"),
        ("Kd 2022-", "Kd"),
        ("Pd (3 cycles)", "Pd"),
        ("VRd C1-", "VRd"),
        ("VRd \u00d7 6 cycles", "VRd"),
        # one that is named twice, or explained
        ("DKd (Dara-Kd)", "DaraKd"),
        ("IsaPd (isa + Pd)", "IsaPd"),
        ("Elo + Pd (EPd)", "EloPd"),
        # one and drugs beside it
        ("Pd + dara", "DaraPd"),
        ("Dara Kd", "DaraKd"),
        ("Dara - Kd", "DaraKd"),
        ("\u2611 dara \u2611 Kd", "DaraKd"),
        # a tick, quotation marks
        ("[x] Kd", "Kd"),
        ("\u2713 Kd", "Kd"),
        ("\u201cKd\u201d", "Kd"),
    ],
)
def test_one_regimen_stays_one(text: str, name: str, catalogue: Catalogue) -> None:
    plan = read_plan(text, catalogue)
    assert (plan.name, plan.unread) == (name, ())


def test_a_part_without_a_steroid_that_hangs_on_a_name_belongs_to_it(catalogue: Catalogue) -> None:
    more = {"cisplatin", "doxorubicin", "cyclophosphamide", "etoposide"}
    krd = {"carfilzomib", "lenalidomide", "dexamethasone"}
    assert {*read_plan("KRd-PACE", catalogue).drugs} == krd | more


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("\u2610 Kd", "\u2610 Kd"),
        ("[ ] Kd", "[ ] Kd"),
        ("\u2611 Kd \u2610 Pd", "\u2611 Kd \u2610 Pd"),
        ("\u274c Kd", "\u274c"),
        ("Kd \u2717", "\u2717"),
        ("\u00d7 Kd", "\u00d7"),
        ("\u00d7Kd", "\u00d7"),
        ("\u00acKd", "\u00ac"),
        ("Kd-", "Kd-"),
        ("Kd70-", "Kd70-"),
        ("Kd (-)", "Kd (-)"),
        ("Kd \u2014", "Kd -"),
        ("- Kd", "- Kd"),
        ("Kd -lena", "Kd -lena"),
        ("Kd, - dara", "Kd, - dara"),
        ("~~Kd~~", "~~Kd~~"),
        ("x Kd", "x Kd"),
        ("DPd?", "DPd?"),
        ("Kd (?)", "Kd (?)"),
        ("\u2610" * 400, "\u2610" * 40),
    ],
)
def test_a_sign_that_may_say_no_is_not_passed_over(
    text: str, word: str, catalogue: Catalogue
) -> None:
    with pytest.raises(UnknownName, match=r"may say no|perhaps|may be a mark") as error:
        read_plan(text, catalogue)
    assert error.value.text == word
