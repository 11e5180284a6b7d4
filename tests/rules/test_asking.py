"""The next question: what is asked first, what an answer states, and how soon it is enough."""

from __future__ import annotations

import os
from math import inf
from statistics import median
from typing import Any

import pytest

from lenrx.catalogue.conditions import RENAL
from lenrx.catalogue.loading import Catalogue
from lenrx.patient.lines_of_therapy import derive
from lenrx.patient.patient import Patient, PatientError, parse_patient
from lenrx.patient.treatment_record import merged
from lenrx.rules.answer import Answer
from lenrx.rules.asking.asking import NextQuestion, next_question
from lenrx.rules.asking.moving import moving
from lenrx.rules.asking.replies import reply
from lenrx.rules.asking.words import accepted, question
from lenrx.rules.assessment import assess
from tests.conftest import Ask
from tests.rules.test_vignettes import VIGNETTES
from tests.vignettes import TODAY

STEP = int(os.environ.get("LENRX_ASK_EVERY", "30"))
SAMPLE = [each for each in VIGNETTES if "error" not in each][::STEP]
"""Every thirtieth, for each takes seconds; docs/ask.md tells of all (LENRX_ASK_EVERY=1)."""


def asked_first(answer: Answer, *asked: str) -> NextQuestion:
    found = next_question(answer, asked)
    assert found
    return found


def test_a_haematologist_asks_first_what_was_given_and_then_what_failed(ask: Ask) -> None:
    assert asked_first(ask()).subject == "exposed"
    then = asked_first(ask(exposed="lena, bort"), "exposed")
    assert then.subject == "refractory"
    assert set(then.names) == {"lenalidomide", "bortezomib"}
    assert "progressed on it" in question(then)


def test_what_failed_is_asked_all_the_same_where_nobody_knows_what_was_given(ask: Ask) -> None:
    found = asked_first(ask(), "exposed")
    assert (found.subject, found.names) == ("refractory", ())
    assert question(found).startswith("Which drugs failed")
    assert accepted(found).startswith("drugs, brands, classes or regimens")


def test_a_class_without_a_drug_is_asked_for_its_drug(ask: Ask) -> None:
    found = asked_first(ask(refractory="lena, pi", egfr=25))
    assert found.subject == "refractory.pi"
    assert found.names == ("bortezomib", "carfilzomib", "ixazomib")
    assert question(found) == "Which PI?"
    assert accepted(found) == "bortezomib, carfilzomib, ixazomib"


def test_what_was_asked_is_not_asked_again_and_there_is_an_end(ask: Ask) -> None:
    answer, asked = ask(exposed="lena, bort", refractory="lena"), list[str]()
    while found := next_question(answer, asked):
        assert found.subject not in asked
        assert found.regimens
        asked.append(found.subject)
    assert "intolerant" in asked
    assert len(asked) < 10


def test_nothing_is_asked_that_can_change_no_verdict_on_label(ask: Ask) -> None:
    """Zero prior lines rule everything out, whatever else is found out."""
    assert next_question(ask(exposed="none", prior_lines=0, region="eu")) is None


def test_the_regimens_that_are_named_change_with_an_answer(ask: Ask) -> None:
    before = ask(exposed="lena, bort", refractory="lena", intolerant="none")
    found = asked_first(before, "region")
    assert found.subject == "prior_lines"
    for name in found.regimens:
        verdicts = {before[name].verdict} | {
            ask(exposed="lena, bort", refractory="lena", intolerant="none", prior_lines=lines)[
                name
            ].verdict
            for lines in range(1, 6)
        }
        assert len(verdicts) > 1


GIVEN = NextQuestion("exposed", (), 1, ())
FAILED = NextQuestion("refractory", ("bortezomib", "lenalidomide"), 1, ())
ILL = NextQuestion("comorbidities", ("hiv", "pregnancy"), 1, ())
FISH = NextQuestion("cytogenetics", ("del17p", "t(11;14)"), 1, ())
NOT_PREGNANT = {"comorbidities_absent": ["pregnancy"]}
WHICH = NextQuestion("refractory.pi", ("bortezomib", "carfilzomib"), 1, ())


@pytest.mark.parametrize(
    ("text", "asked", "stated"),
    [
        ("?", GIVEN, {}),
        ("", GIVEN, {}),
        ("No idea.", GIVEN, {}),
        ("don't know", FAILED, {}),
        ("not  sure", ILL, {}),
        ("skip", NextQuestion("egfr", (), 1, ()), {}),
        ("Revlimid; Velcade", GIVEN, {"exposed": ["bortezomib", "lenalidomide"]}),
        ("lena, ?", GIVEN, {"exposed": ["lenalidomide"], "history": "partial"}),
        ("none", GIVEN, {"exposed": []}),
        ("all", FAILED, {"refractory": ["bortezomib", "lenalidomide"]}),
        ("lena", FAILED, {"refractory": ["lenalidomide"]}),
        ("none", FAILED, {"refractory": []}),
        ("none", ILL, {"comorbidities_absent": ["hiv", "pregnancy"]}),
        ("hiv", ILL, {"comorbidities": ["hiv"], "comorbidities_absent": ["pregnancy"]}),
        ("hiv, ?", ILL, {"comorbidities": ["hiv"]}),
        ("no hiv", ILL, {"comorbidities_absent": ["hiv"]}),
        (
            "hiv, no pregnancy",
            ILL,
            {"comorbidities": ["hiv"], "comorbidities_absent": ["pregnancy"]},
        ),
        ("gout, ?", ILL, {"comorbidities": ["gout"]}),
        (
            "hiv, gout",
            ILL,
            {"comorbidities": ["hiv", "gout"], "comorbidities_absent": ["pregnancy"]},
        ),
        (
            "heart failure",
            ILL,
            {"comorbidities": ["heart_failure"], "comorbidities_absent": ["hiv", "pregnancy"]},
        ),
        ("30", NextQuestion("egfr", (), 1, ()), {"egfr": "30"}),
    ],
)
def test_an_answer_states_fields(
    text: str, asked: NextQuestion, stated: dict[str, Any], catalogue: Catalogue
) -> None:
    assert reply(text, asked, Patient(), catalogue)[0] == stated


def test_a_drug_takes_the_place_of_its_class(catalogue: Catalogue) -> None:
    patient = parse_patient({"refractory": "lena, pi"}, catalogue)
    found, _ = reply("Velcade", WHICH, patient, catalogue)
    assert found == {"refractory": ["bortezomib", "lenalidomide"]}


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        ("lenolidamyde", GIVEN, "nearest: lenalidomide"),
        ("lena, ?", FAILED, "stands alone"),
        ("daratumumab", WHICH, "must be of these: bortezomib, carfilzomib"),
        ("hart failure", ILL, "nearest: heart_failure"),
        # A word that no rule knows does not say that the others are absent.
        ("gout", ILL, "say none"),
        ("eu", ILL, "say none"),
        ("fine", ILL, "say none"),
        ("normal", FISH, "say none"),
        ("-", FISH, "say none"),
        ("many", NextQuestion("prior_lines", (), 1, ()), "must be a whole number"),
    ],
)
def test_an_answer_that_cannot_be_read_says_why(
    text: str, asked: NextQuestion, said: str, catalogue: Catalogue
) -> None:
    patient = parse_patient({"refractory": "lena, pi"}, catalogue)
    with pytest.raises(PatientError, match=said):
        reply(text, asked, patient, catalogue)


def first(answer: Answer) -> tuple[str, ...]:
    return tuple(each.regimen.id for each in answer.with_verdict("eligible"))[:3]


def known(subject: str, names: tuple[str, ...], full: Patient, so_far: Patient) -> dict[str, Any]:
    """What somebody who knows what a vignette states answers; nothing where it states nothing."""
    head, _, name = subject.partition(".")
    lists = (full.exposed, full.refractory, full.intolerant)
    told = any(each is not None for each in lists)
    if head == "exposed" and told and not name:
        given = {drug for each in lists for drug in each or ()}
        return {"exposed": tuple(sorted(given)), "history": full.history}
    if head == "intolerant" and told:
        return {"intolerant": full.intolerant or ()}
    if head in ("comorbidities", "cytogenetics"):
        fields = (head, f"{head}_absent")
        found = {each: {*(getattr(full, each) or ())} & {*names} for each in fields}
        before = {each: getattr(so_far, each) for each in fields}
        beside = ("sex",) if "pregnancy" in names else ()
        told_of = {
            each: tuple(sorted({*(before[each] or ()), *found[each]})) or before[each]
            for each in fields
        }
        return {**told_of, **_stated(beside, full)}
    return {} if name else _stated(RENAL_FIELDS if head in RENAL else (head,), full)


RENAL_FIELDS = ("egfr", "crcl", "creatinine", "age", "sex", "weight")
"""What somebody who is asked for the eGFR or the clearance states, as far as it is known."""


def _stated(fields: tuple[str, ...], full: Patient) -> dict[str, Any]:
    return {each: value for each in fields if (value := getattr(full, each)) is not None}


def questions_to(vignette: dict[str, Any], catalogue: Catalogue) -> tuple[int, float]:
    """How many questions were asked, and how many it took until the first three options are, and
    stay, the right ones. Each field that the last question names counts as one more."""
    raw, options = dict(vignette["patient"]), vignette.get("options", {})
    treatments = raw.pop("treatments", None)
    full = parse_patient(raw, catalogue)
    if treatments is not None:
        full = merged(full, derive(treatments, catalogue), ())
    wanted = first(assess(catalogue, full, as_of=TODAY, **options))
    patient, asked, right = Patient(as_of=full.as_of), list[str](), list[bool]()
    while True:
        answer = assess(catalogue, patient, as_of=TODAY, **options)
        right.append(first(answer) == wanted)
        found = next_question(answer, asked)
        if found is None:
            break
        asked.append(found.subject)
        patient = patient._replace(**known(found.subject, found.names, full, patient))
    told = set[str]()
    while not right[-1] and (fields := _fields(moving(answer), told)):
        for field, names in fields.items():
            told.add(field)
            patient = patient._replace(**known(field, tuple(names), full, patient))
            answer = assess(catalogue, patient, as_of=TODAY, **options)
            right.append(first(answer) == wanted)
    if not right[-1]:
        return len(asked), inf
    return len(asked), len(right) - right[::-1].index(False) if False in right else 0


def _fields(needs: tuple[str, ...], told: set[str]) -> dict[str, list[str]]:
    """The fields that the last question names, with the findings of each."""
    found = dict[str, list[str]]()
    for need in needs:
        field, _, name = need.partition(".")
        if field not in told:
            found.setdefault(field, []).append(name)
    return found


def test_eight_questions_are_enough_for_half_of_the_vignettes(catalogue: Catalogue) -> None:
    found = [questions_to(each, catalogue) for each in SAMPLE]
    counts = sorted(count for _, count in found)
    soon = sum(count <= 8 for count in counts)
    print(f"to the same first three options: median {median(counts)}, {counts}")
    print(f"of {len(counts)}: {soon} by 8 questions, {counts.count(inf)} never")
    print(f"by questions that change a verdict alone: {sum(n >= count for n, count in found)}")
    assert len(counts) >= 12
    assert median(counts) <= 8
    assert counts.count(inf) <= len(counts) / 10


def test_what_moves_the_first_options_is_named_and_what_is_known_is_not(ask: Ask) -> None:
    given = {"exposed": "lena, bort", "refractory": "lena", "intolerant": "none"}
    stated: dict[str, Any] = {**given, "prior_lines": 1}
    found = moving(ask(**stated, region="us"))
    assert {"dialysis", "egfr"} <= {*found}
    assert "region" not in found
    then = moving(ask(**stated, dialysis="no"))
    assert "region" in then
    assert "dialysis" not in then
    before = first(ask(**stated, region="us"))
    assert first(ask(**stated, region="us", dialysis="yes")) != before


def test_what_moves_the_first_option_is_named_before_what_moves_the_others(ask: Ask) -> None:
    stated: dict[str, Any] = {"exposed": "lena, bort", "refractory": "lena", "intolerant": "none"}
    before = ask(**stated, prior_lines=2, region="eu")
    found = [each for each in moving(before) if "." not in each]

    def place(field: str, value: object) -> int:
        then = first(ask(**stated, prior_lines=2, region="eu", **{field: value}))
        return next(n for n, (a, b) in enumerate(zip(then, first(before), strict=True)) if a != b)

    tried = {"ecog": 4, "platelets": 5, "anc": 0.1, "dialysis": "yes", "cns": "yes", "pcl": "yes"}
    places = [place(each, tried[each]) for each in found if each in tried]
    assert len(places) >= 4
    assert places == sorted(places)
    assert len({*places}) > 1


def test_nothing_moves_where_nothing_is_open(ask: Ask) -> None:
    assert moving(ask(exposed="none", prior_lines=0)) == ()
    assert moving(ask()) == ()
