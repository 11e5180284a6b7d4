"""What must hold for every patient, searched by hypothesis."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lenrx.catalogue.loading import load
from lenrx.catalogue.vocabulary import COMORBIDITIES, CYTOGENETICS, REGIONS
from lenrx.intake.reader import read_patient
from lenrx.patient.patient import DRUG_LISTS, PatientError, parse_patient
from lenrx.patient.state import patient_state
from lenrx.report import as_json
from lenrx.rules.answer import Answer, Assessment, blocking, leaves_open
from lenrx.rules.assessment import assess, within
from lenrx.rules.case import Case
from lenrx.rules.filters import authorised
from lenrx.rules.plan.judgement import judge
from lenrx.rules.plan.reading import read_plan

CATALOGUE = load()
CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
CONFIRMED_ONLY = {"pregnancy"}
"""Facts whose absence leaves a confirmation and no question: pregnancy cannot be ruled out by a
missing word, and asking every patient would bury the answer. `--strict` asks."""

drugs = st.lists(
    st.sampled_from(
        "lenalidomide pomalidomide thalidomide bortezomib carfilzomib ixazomib daratumumab "
        "isatuximab elotuzumab selinexor belantamab-mafodotin cilta-cel teclistamab melphalan "
        "cyclophosphamide PI IMiD BCMA".split()
    ),
    max_size=5,
    unique=True,
)
facts = st.fixed_dictionaries(
    {},
    optional={
        "age": st.integers(30, 90),
        "sex": st.sampled_from(["female", "male"]),
        "egfr": st.integers(3, 120),
        "lvef": st.integers(20, 70),
        "platelets": st.integers(5, 300),
        "anc": st.sampled_from([0.3, 0.8, 1.2, 3.0]),
        "ecog": st.integers(0, 4),
        "frailty": st.sampled_from(["fit", "intermediate", "frail"]),
        "neuropathy_grade": st.integers(0, 4),
        "neuropathic_pain": st.booleans(),
        "hepatic": st.sampled_from(["none", "mild", "moderate", "severe"]),
        "emd": st.booleans(),
        "prior_lines": st.integers(1, 8),
        "cytogenetics": st.lists(st.sampled_from(CYTOGENETICS), max_size=3, unique=True),
        "comorbidities": st.lists(
            st.sampled_from([c for c in COMORBIDITIES if c not in CONFIRMED_ONLY]),
            max_size=3,
            unique=True,
        ),
        "prior_transplant": st.booleans(),
        "region": st.sampled_from(REGIONS),
    },
)
histories = st.fixed_dictionaries(
    {"refractory": drugs.map(lambda found: ["lenalidomide", *found])},
    optional={"exposed": drugs, "intolerant": drugs},
)
patients = st.builds(lambda history, known: {**history, **known}, histories, facts)


def answer(raw: dict[str, Any], *, strict: bool = False) -> Answer | None:
    try:
        patient = parse_patient(raw, CATALOGUE)
        return assess(CATALOGUE, patient, as_of="2026-11-23", strict=strict)
    except PatientError:
        return None


def by_id(found: Answer) -> dict[str, Assessment]:
    return {each.regimen.id: each for each in found.regimens}


@CALM
@given(patients)
def test_no_eligible_regimen_relies_on_a_refractory_or_intolerant_drug(
    raw: dict[str, Any],
) -> None:
    found = answer(raw)
    if found is None:
        return
    for each in found.with_verdict("eligible"):
        relied = {c.drug for c in each.regimen.drugs if c.role in ("backbone", "partner")}
        assert not relied & set(found.state.named("refractory"))
        assert not relied & set(found.state.named("intolerant"))


@CALM
@given(patients, st.data())
def test_taking_a_fact_away_never_opens_a_regimen(raw: dict[str, Any], data: st.DataObject) -> None:
    # A region is not a fact of the patient: without one, either region's label is enough.
    removable = sorted(set(raw) - {*DRUG_LISTS, "region"})
    before = answer(raw)
    if not removable or before is None:
        return
    field = data.draw(st.sampled_from(removable))
    after = answer({name: value for name, value in raw.items() if name != field})
    assert after is not None
    for name, each in by_id(before).items():
        if each.verdict != "eligible":
            assert by_id(after)[name].verdict != "eligible", (name, field)


@CALM
@given(patients)
def test_a_missing_pregnancy_statement_opens_nothing_under_strict(raw: dict[str, Any]) -> None:
    pregnant = {**raw, "comorbidities": [*raw.get("comorbidities", []), "pregnancy"]}
    before, after = answer(pregnant, strict=True), answer(raw, strict=True)
    if before is None or after is None or raw.get("sex") == "male":
        return
    for name, each in by_id(before).items():
        if each.verdict == "excluded":
            assert by_id(after)[name].verdict != "eligible"


@CALM
@given(patients)
def test_whatever_keeps_a_regimen_conditional_names_what_to_ask(raw: dict[str, Any]) -> None:
    found = answer(raw, strict=True)
    for each in found.regimens if found else ():
        # Of an authorisation that was not found nothing of the patient is missing.
        undecided = any(clause.unconfirmed for clause in each.regimen.labels)
        for finding in blocking(each, strict=True):
            by_day = undecided and finding.criterion in ("label", "authorised")
            assert finding.needs or by_day, (each.regimen.id, finding.criterion)


@CALM
@given(patients)
def test_the_verdict_is_the_kleene_fold_of_the_findings(raw: dict[str, Any]) -> None:
    found = answer(raw)
    for each in found.regimens if found else ():
        excluded = any(
            (f.effect == "excludes" and f.status == "met")
            or (f.effect == "requires" and f.status == "not met")
            for f in each.findings
        )
        unknown = any(
            f.effect in ("excludes", "requires") and f.status == "unknown" for f in each.findings
        )
        expected = "excluded" if excluded else "conditional" if unknown else "eligible"
        assert each.verdict == expected


@CALM
@given(patients, st.randoms(use_true_random=False))
def test_order_case_and_spelling_never_matter(raw: dict[str, Any], random: Any) -> None:
    spelled = {name: _respelled(value, random) for name, value in raw.items()}
    items = list(spelled.items())
    random.shuffle(items)
    before, after = answer(raw), answer(dict(items))
    assert (before is None) == (after is None)
    if before and after:
        assert before.state.patient.given() == after.state.patient.given()
        verdicts = [
            {name: each.verdict for name, each in by_id(a).items()} for a in (before, after)
        ]
        assert verdicts[0] == verdicts[1]


def _respelled(value: Any, random: Any) -> Any:
    if isinstance(value, list) and value:
        shuffled = [str(item).upper() if random.random() < 0.5 else f" {item} " for item in value]
        random.shuffle(shuffled)
        return random.choice([",", ";", " | "]).join(shuffled)
    return value if isinstance(value, list) else str(value).upper()


NAMED = "lenalidomide pomalidomide bortezomib carfilzomib ixazomib daratumumab isatuximab".split()
FEW = settings(CALM, max_examples=8)
"""Where every example is answered twice, or written out."""


@FEW
@given(patients, st.sampled_from(NAMED))
def test_adding_a_resistance_opens_a_regimen_only_through_a_label(
    raw: dict[str, Any], drug: str
) -> None:
    # A class without a drug is a question that a named drug may settle.
    known = [each for each in raw["refractory"] if each not in ("PI", "IMiD", "BCMA")]
    before = answer({**raw, "refractory": known})
    after = answer({**raw, "refractory": [*known, drug]})
    if before is None or after is None:
        return
    for name, each in by_id(after).items():
        then = by_id(before)[name]
        if each.verdict == "eligible" and then.verdict != "eligible":
            own = within(then.region, then.findings, then.regimen, before.case)
            closing = {one.criterion for one in own if not leaves_open(one, False)}
            assert closing == {"label"}, (name, drug)


@FEW
@given(patients)
def test_the_same_question_has_the_same_bytes_and_sources_that_resolve(raw: dict[str, Any]) -> None:
    found, again = answer(raw), answer(dict(reversed(raw.items())))
    if found is None or again is None:
        return
    assert as_json.render(found, detail="full") == as_json.render(again, detail="full")
    for each in found.regimens:
        for one in each.findings:
            assert set(one.sources) <= CATALOGUE.sources.keys(), (each.regimen.id, one.criterion)


@FEW
@given(patients, st.sampled_from(sorted(CATALOGUE.regimens)))
def test_a_plan_a_file_and_the_library_agree(raw: dict[str, Any], name: str) -> None:
    found = answer(raw)
    if found is None:
        return
    patient, _ = read_patient(raw, CATALOGUE)
    assert assess(CATALOGUE, patient, as_of="2026-11-23")[name].verdict == found[name].verdict
    assert judge(read_plan(name, CATALOGUE), found).each.verdict == found[name].verdict


WITHDRAWN = {
    each.id
    for each in CATALOGUE.regimens.values()
    if any(clause.ended_by == "withdrawn" for clause in each.labels)
}


@pytest.mark.parametrize("region", [*REGIONS, None])
def test_what_was_authorised_stays_so_where_it_was_never_withdrawn(region: Any) -> None:
    """On each day on which the catalogue may change, and on the day before."""
    state = patient_state(parse_patient({"refractory": ["lenalidomide"]}, CATALOGUE), CATALOGUE)
    order = ["not met", "unknown", "met"]
    for regimen in CATALOGUE.regimens.values():
        if regimen.id in WITHDRAWN or regimen.investigational:
            continue
        days = CATALOGUE.days_of(regimen)
        cases = [Case(state, day, region, False, None, {}) for day in days]
        said = [order.index(authorised(regimen, case).status) for case in cases]
        assert said == sorted(said), (regimen.id, dict(zip(days, said, strict=True)))
        assert said[-1] > 0 or regimen.restricted, regimen.id


@CALM
@given(patients)
def test_every_regimen_leaves_with_a_verdict_a_place_and_its_reasons(raw: dict[str, Any]) -> None:
    found = answer(raw)
    if found is None:
        return
    assert {each.regimen.id for each in found.regimens} == set(CATALOGUE.regimens)
    open_ = [each for each in found.regimens if each.rank is not None]
    for place, each in enumerate(open_, start=1):
        equals = [other.rank for other in open_ if other.key == each.key]
        assert set(equals) == {each.rank}
        assert each.tied == (len(equals) > 1)
        assert each.rank == place or open_[place - 2].key == each.key
    for each in found.regimens:
        assert len({f.filter for f in each.findings}) >= 3
        assert (each.rank is None) == (each.verdict == "excluded")
        assert len(each.rank_because) == len(each.key)


@CALM
@given(patients)
def test_strict_never_opens_and_on_label_never_opens(raw: dict[str, Any]) -> None:
    plain, strict = answer(raw), answer(raw, strict=True)
    if plain is None or strict is None:
        return
    for name, each in by_id(plain).items():
        if each.verdict != "eligible":
            assert by_id(strict)[name].verdict == each.verdict
