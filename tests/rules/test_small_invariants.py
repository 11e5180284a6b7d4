"""What must hold for every patient and every catalogue: small catalogues, made up by hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import Patient, PatientError
from lenrx.rules.answer import Answer, leaves_open
from lenrx.rules.assessment import assess, fold, within
from tests.rules import small
from tests.rules.small import ALIKE, Data, label, regimen, rule
from tests.rules.test_invariants import CALM

DRUGS = {"carfilzomib": "PI", "bortezomib": "PI", "lenalidomide": "IMiD"}
DRUGS |= {"daratumumab": "anti-CD38", "dexamethasone": "corticosteroid"}
DAYS = ["2003-05-13", "2005-12-27", "2012-07-20", "2015-11-16", "2020-03-02", "2025-01-01"]
EARLY = {"region": "us", "from": "2001-01-01", "where": "first page", **ALIKE}

conditions = st.sampled_from(
    [
        {"lvef": {"below": 40}},
        {"renal": {"below": 30}},
        {"age": {"at_least": 75}},
        {"emd": True},
        {"any": [{"ecog": {"at_least": 3}}, {"platelets": {"below": 50}}]},
        {"all": [{"refractory": ["PI"]}, {"not": {"received": ["anti-CD38"]}}]},
    ]
)
rules = st.builds(
    lambda effect, when, region: {"effect": effect, "when": when} | region,
    st.sampled_from(["excludes", "requires", "cautions"]),
    conditions,
    st.sampled_from([{}, {"region": "us"}, {"region": "eu"}]),
)
clauses = st.builds(
    lambda region, since, when: {"region": region, "from": since, "when": when},
    st.sampled_from(["us", "eu"]),
    st.sampled_from(DAYS),
    st.sampled_from([{"prior_lines": {"at_least": lines}} for lines in (1, 2, 4)]),
)
parts = st.fixed_dictionaries(
    {
        "drugs": st.lists(st.sampled_from(sorted(DRUGS)), min_size=1, max_size=3, unique=True),
        "rules": st.lists(rules, max_size=2),
        "labels": st.lists(clauses, max_size=2),
        "restricted": st.booleans(),
    }
)
firsts = st.dictionaries(
    st.tuples(st.sampled_from(sorted(DRUGS)), st.sampled_from(["us", "eu"])),
    st.sampled_from(DAYS),
)
found_patients = st.fixed_dictionaries(
    {"refractory": st.lists(st.sampled_from(sorted(DRUGS)[:3]), min_size=1, unique=True)},
    optional={
        "intolerant": st.lists(st.sampled_from(sorted(DRUGS)[:3]), max_size=2, unique=True),
        "prior_lines": st.integers(1, 5),
        "lvef": st.sampled_from([30, 39, 40, 60]),
        "egfr": st.sampled_from([20, 29, 30, 90]),
        "age": st.sampled_from([60, 74, 75]),
        "emd": st.booleans(),
        "region": st.sampled_from(["us", "eu"]),
    },
)


def made(regimens: list[Data], first: dict[tuple[str, str], str]) -> Catalogue:
    """A catalogue of these regimens and days; a label never starts before its drugs."""
    known: dict[str, list[Data]] = {name: [] for name in DRUGS}
    for (name, region), day in first.items():
        known[name].append({**EARLY, "region": region, "from": day})
    known["dexamethasone"] = [EARLY, {**EARLY, "region": "eu"}]
    drugs = {n: {"name": n, "class": of, "authorised": known[n]} for n, of in DRUGS.items()}
    return small.catalogue(
        {
            f"R{place}": regimen(
                f"R{place}",
                drugs=[{"drug": name, "role": _role(name)} for name in each["drugs"]],
                restricted=each["restricted"] and bool(each["labels"]),
                rules=[rule(f"r{place}-{i}", **one) for i, one in enumerate(each["rules"])],
                labels=[label(f"{place}-{i}", **one) for i, one in enumerate(each["labels"])],
            )
            for place, each in enumerate(regimens)
        },
        drugs=drugs,
    )


def _role(drug: str) -> str:
    return "steroid" if drug == "dexamethasone" else "backbone"


def asked(found: Catalogue, raw: dict[str, Any], day: str = "2026-01-02") -> Answer | None:
    try:
        return assess(found, Patient(**raw), as_of=day)
    except PatientError:
        return None


catalogues = st.builds(made, st.lists(parts, min_size=1, max_size=3), firsts)


@CALM
@given(catalogues, found_patients, st.sampled_from(DAYS))
def test_every_verdict_is_the_fold_of_what_counts_and_relies_on_nothing_that_failed(
    found: Catalogue, raw: dict[str, Any], day: str
) -> None:
    answer = asked(found, raw, day)
    for each in answer.regimens if answer else ():
        own = within(each.region, each.findings, each.regimen, answer.case)  # type: ignore[union-attr]
        assert each.verdict == fold(own)
        if each.verdict == "eligible":
            relied = {one.drug for one in each.regimen.drugs if one.role != "steroid"}
            failed = {*raw["refractory"], *raw.get("intolerant", ())}
            assert not relied & failed


@CALM
@given(catalogues, found_patients, st.sampled_from(DAYS))
def test_nothing_is_open_before_its_drugs_were_authorised_in_one_region(
    found: Catalogue, raw: dict[str, Any], day: str
) -> None:
    answer = asked(found, raw, day)
    for each in answer.with_verdict("eligible") if answer else ():
        regions = [raw["region"]] if "region" in raw else ["us", "eu"]
        assert any(
            all(found.authorised(one.drug, region)[1] <= day for one in each.regimen.drugs)  # type: ignore[arg-type]
            for region in regions
        )


@CALM
@given(catalogues, found_patients)
def test_what_was_authorised_once_stays_so(found: Catalogue, raw: dict[str, Any]) -> None:
    order = ["not met", "unknown", "met"]
    said: dict[str, list[int]] = {}
    for day in DAYS:
        answer = asked(found, raw, day)
        for each in answer.regimens if answer else ():
            (one,) = [one for one in each.findings if one.criterion == "authorised"]
            said.setdefault(each.regimen.id, []).append(order.index(one.status))
    for name, places in said.items():
        # A label that comes later closes a combination that was open off label until then.
        clauses = found.regimens[name].labels
        if not clauses:
            assert places == sorted(places), name


@CALM
@given(catalogues, found_patients, st.data())
def test_taking_a_fact_away_never_opens_a_regimen(
    found: Catalogue, raw: dict[str, Any], data: st.DataObject
) -> None:
    facts = sorted(raw.keys() - {"refractory", "intolerant", "region"})
    before = asked(found, raw)
    if before is None or not facts:
        return
    field = data.draw(st.sampled_from(facts))
    after = asked(found, {name: value for name, value in raw.items() if name != field})
    assert after is not None
    open_ = {each.regimen.id for each in before.with_verdict("eligible")}
    for each in after.with_verdict("eligible"):
        assert each.regimen.id in open_, field


@CALM
@given(catalogues, found_patients, st.sampled_from(sorted(DRUGS)[:3]))
def test_adding_a_resistance_opens_a_regimen_only_through_a_label_or_a_rule_that_asks_for_it(
    found: Catalogue, raw: dict[str, Any], drug: str
) -> None:
    before = asked(found, raw)
    after = asked(found, {**raw, "refractory": [*dict.fromkeys([*raw["refractory"], drug])]})
    if before is None or after is None:
        return
    then = {each.regimen.id: each for each in before.regimens}
    for each in after.with_verdict("eligible"):
        closed = then[each.regimen.id]
        if closed.verdict != "eligible":
            own = within(closed.region, closed.findings, closed.regimen, before.case)
            closing = {one.criterion for one in own if not leaves_open(one, False)}
            asking = {one.id for one in each.regimen.rules if "refractory" in str(one.when)}
            assert closing and closing <= {"label", *asking}
