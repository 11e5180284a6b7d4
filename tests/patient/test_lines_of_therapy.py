from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lenrx.catalogue.field_kinds import Range
from lenrx.catalogue.loading import Catalogue, load
from lenrx.patient.lines_of_therapy import Derived, derive
from lenrx.patient.patient import PatientError

CATALOGUE = load()
Course = dict[str, Any]
LEN: Course = {"drugs": "lenalidomide", "start": "2019-01-01", "response": "PR"}
STOPPED: Course = {**LEN, "stop": "2020-01-01"}
VRD: Course = {
    "drugs": "VRd",
    "start": "2019-03-01",
    "stop": "2019-08-15",
    "response": "VGPR",
    "stopped_for": "completed",
}
ASCT: Course = {"drugs": ["melphalan"], "start": "2019-09-10", "transplant": True, "planned": True}
MAINTENANCE: Course = {
    "drugs": "lenalidomide",
    "start": "2019-12-01",
    "stop": "2022-02-10",
    "planned": True,
    "maintenance": True,
    "dose": "10 mg",
    "progression": "2022-02-10",
    "stopped_for": "progression",
}
DKD: Course = {
    "drugs": ["dara", "Kd"],
    "start": "2022-03-01",
    "response": "PR",
    "stopped_for": "ongoing",
    "progression": "2023-05-20",
}
PLAN = [VRD, ASCT, MAINTENANCE, DKD]


def run(*courses: Course) -> Derived:
    return derive(list(courses), CATALOGUE)


def fate(derived: Derived, drug: str = "lenalidomide") -> str:
    if drug in derived.refractory:
        return "refractory"
    return "unsure" if drug in derived.unsure else "not refractory"


def rules(derived: Derived, what: str) -> list[str]:
    return [trace.rule for trace in derived.trace if trace.what == what]


def test_a_usual_history_is_read_whole() -> None:
    derived = run(*PLAN)
    assert derived.prior_lines == 2
    assert derived.refractory == ("carfilzomib", "daratumumab", "lenalidomide")
    assert derived.unsure == derived.intolerant == derived.notes == ()
    assert set(derived.exposed) > {"bortezomib", "dexamethasone", "melphalan"}
    assert derived.prior_transplant is True
    assert rules(derived, "line 2") == ["drugs changed for progression"]
    assert rules(derived, "not refractory bortezomib") == ["no progression within 60 days of stop"]


def test_no_courses_are_no_lines() -> None:
    assert run()._replace(trace=(), notes=()) == Derived(0, (), (), (), (), None, None, (), ())


@pytest.mark.parametrize(
    ("progression", "expected"),
    [
        ("2019-06-01", "refractory"),
        ("2020-01-01", "refractory"),
        ("2020-03-01", "refractory"),  # 60 days
        ("2020-03-02", "not refractory"),  # 61 days
        ("2020-02", "refractory"),
        ("2020-03", "unsure"),
        ("2020-04", "not refractory"),
        ("2020", "unsure"),
        ("2021", "not refractory"),
        ("unknown", "unsure"),
    ],
)
def test_progression_counts_up_to_sixty_days_after_the_last_dose(
    progression: str, expected: str
) -> None:
    assert fate(run({**STOPPED, "progression": progression})) == expected


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        ("2020-01", "unsure"),
        ("2020-02", "refractory"),
        ("2020", "unsure"),
        ("2019", "not refractory"),
        (None, "unsure"),
    ],
)
def test_a_coarse_or_missing_stop_is_every_day_it_may_be(stop: str | None, expected: str) -> None:
    course = {**LEN, "stop": stop, "progression": "2020-03-15"}
    assert fate(run(course)) == expected


def test_progression_soon_after_start_needs_no_stop() -> None:
    assert fate(run({**LEN, "progression": "2019-02-20"})) == "refractory"


@pytest.mark.parametrize("dose", ["10 mg", "25 mg", None])
def test_low_dose_maintenance_counts(dose: str | None) -> None:
    derived = run(VRD, {**MAINTENANCE, "dose": dose, "stopped_for": None})
    assert fate(derived) == "refractory"
    assert rules(derived, "refractory lenalidomide") == ["progression on therapy"]


@pytest.mark.parametrize(
    ("response", "expected"),
    [("PD", "refractory"), ("SD", "refractory"), ("MR", "not refractory"), (None, "unsure")],
)
def test_never_responding_is_refractory(response: str | None, expected: str) -> None:
    course = {**STOPPED, "response": response, "stopped_for": "completed"}
    assert fate(run(course)) == expected
    late = {**course, "progression": "2021-01-01"}
    if response != "PD":
        assert fate(run(late)) == expected


def test_stable_on_maintenance_is_not_never_responded() -> None:
    stable = {**MAINTENANCE, "progression": None, "stopped_for": "ongoing", "stop": None}
    assert fate(run(VRD, {**stable, "response": "SD"})) == "not refractory"
    alone = {**VRD, "response": None}
    assert fate(run(alone, {**stable, "response": "SD"})) == "unsure"


@pytest.mark.parametrize(
    ("response", "expected", "rule"),
    [
        ("PR", "not refractory", "responding"),
        (None, "unsure", "responding, but not known to have responded"),
        ("SD", "refractory", "stable disease as best response: never responded"),
    ],
)
def test_an_ongoing_course_without_progression_is_responding(
    response: str | None, expected: str, rule: str
) -> None:
    derived = run({**LEN, "stop": "ongoing", "response": response})
    assert fate(derived) == expected
    assert rules(derived, f"{fate(derived)} lenalidomide") == [rule]


@pytest.mark.parametrize(
    ("reason", "next_start", "expected"),
    [
        ("completed", "2020-03-01", "unsure"),  # 60 days
        ("completed", "2020-03-02", "not refractory"),  # 61 days
        ("completed", "2020-03", "unsure"),
        ("completed", None, "unsure"),
        ("toxicity", "2020-01-15", "not refractory"),
        ("progression", "2020-06-01", "refractory"),
        (None, "2020-06-01", "unsure"),
        ("unknown", "2020-06-01", "unsure"),
    ],
)
def test_a_later_course_without_a_reason_means_something_happened(
    reason: str | None, next_start: str | None, expected: str
) -> None:
    later = {"drugs": "Kd", "start": next_start, "response": "PR", "stopped_for": "ongoing"}
    assert fate(run({**STOPPED, "stopped_for": reason}, later)) == expected


def test_progression_on_the_next_course_may_fall_within_sixty_days_of_the_last() -> None:
    later = {"drugs": "Kd", "start": "2020-01-15", "response": "PR", "stopped_for": "ongoing"}
    first = {**STOPPED, "stopped_for": "toxicity"}
    assert fate(run(first, {**later, "progression": "2020-02-20"})) == "refractory"
    assert fate(run(first, {**later, "progression": "2020-08-20"})) == "not refractory"
    undated = {**later, "stop": "2020-09-01", "stopped_for": "progression"}
    assert fate(run(first, undated)) == "unsure"


def test_toxicity_names_the_drug_only_when_it_is_the_only_one() -> None:
    stopped = {**VRD, "stopped_for": "toxicity"}
    derived = run(stopped)
    assert derived.intolerant == ()
    assert derived.notes == (
        "course 1: toxicity of bortezomib or lenalidomide; write `intolerant_of`",
    )
    assert run({**stopped, "intolerant_of": "bort"}).intolerant == ("bortezomib",)
    assert run({**stopped, "intolerant_of": "Vd"}).intolerant == ("bortezomib",)
    assert run({**stopped, "intolerant_of": "dex"}).intolerant == ("dexamethasone",)
    assert run({**stopped, "drugs": "Kd"}).intolerant == ("carfilzomib",)
    assert derived.refractory == ()


def test_a_drug_dropped_for_toxicity_before_progression_is_unsure() -> None:
    stopped = {**VRD, "stopped_for": "progression", "intolerant_of": ["bortezomib"]}
    derived = run(stopped)
    assert (derived.refractory, derived.unsure) == (("lenalidomide",), ("bortezomib",))


def test_steroids_are_never_refractory() -> None:
    derived = run({"drugs": ["dex", "prednisone", "steroids"], "response": "PD"})
    assert (derived.refractory, derived.unsure) == ((), ())
    assert "corticosteroid" in derived.exposed


def test_a_class_stays_a_class() -> None:
    derived = run({"drugs": ["PI", "lena"], "stopped_for": "progression"})
    assert derived.refractory == ("PI", "lenalidomide")
    assert derived.exposed == ("PI", "lenalidomide")


@pytest.mark.parametrize(
    ("courses", "lines"),
    [
        ([VRD, ASCT], 1),
        ([VRD, {**ASCT, "planned": False}], 2),
        ([{**VRD, "progression": "2019-09-01"}, ASCT], 2),
        ([{**VRD, "stopped_for": "progression"}, ASCT], 2),
        ([VRD, {**ASCT, "planned": None}], 1),
        ([{**VRD, "progression": "2019-09"}, ASCT], (1, 2)),
        ([{**VRD, "progression": "2019-09"}, ASCT, {**DKD, "line": 2}], 2),
        ([{**VRD, "line": 2}, DKD], 3),
        ([VRD, {**DKD, "line": 1}], 1),
        ([VRD, {**VRD, "start": "2021-01-01", "stop": "2021-05-01"}], 1),
        ([VRD, {"drugs": "Rd", "start": "2019-08-16"}], 1),
        ([VRD, {"drugs": "Rd", "start": "2021-08-16"}], 2),
        ([VRD, {"drugs": "Rd", "start": "2019-08"}], 1),
        ([VRD, {"drugs": "Rd", "start": "2019-09"}], (1, 2)),
        ([{"drugs": "PI"}, {"drugs": "PI"}], (1, 2)),
        ([ASCT, {**ASCT, "start": "2023-01-01", "planned": False}], 2),
    ],
)
def test_prior_lines(courses: list[Course], lines: int | tuple[int, int]) -> None:
    derived = run(*courses)
    if isinstance(lines, int):
        assert derived.prior_lines == lines
    else:
        assert derived.prior_lines == Range(*lines, "-".join(map(str, lines)))
        assert "write `line`" in derived.notes[-1]


@pytest.mark.parametrize(
    ("progression", "transplant", "expected"),
    [
        ("2020-09-01", True, True),
        ("2020-09-02", True, None),  # 18 months from the transplant, not from the start
        ("2021-03-10", True, None),
        ("2021-03-11", True, False),
        ("2020-09-02", False, None),  # whether it was a transplant is not stated
        ("2020", True, None),
        ("unknown", True, None),
        (None, True, None),
    ],
)
def test_functional_high_risk_where_both_definitions_agree(
    progression: str | None, transplant: bool, expected: bool | None
) -> None:
    second = {**ASCT, "transplant": transplant, "progression": progression}
    assert run(VRD, second).functional_high_risk is expected


def test_a_transplant_is_never_absent_by_silence() -> None:
    assert run(VRD).prior_transplant is None


@pytest.mark.parametrize(
    ("courses", "problem"),
    [
        ("VRd", "must be a list of courses"),
        (["VRd"], "course 1: must be a mapping that names its drugs"),
        ([{"start": "2020"}], "course 1: drugs: must be given"),
        ([VRD, {**DKD, "stop": "SECRET"}], "course 2: stop: must be a date like 2026-11-22"),
        ([{**VRD, "start": "2019-02-30"}], "course 1: start: there is no such day, read as year"),
        ([{**VRD, "start": True}], "course 1: start: must be a date like 2026-11-22"),
        ([{**VRD, "response": "SECRET"}], "course 1: response: must be one of sCR, CR"),
        ([{**VRD, "planned": "SECRET"}], "course 1: planned: must be true or false"),
        ([{**VRD, "line": 0}], "course 1: line: must be the number of a line"),
        ([{**VRD, "drugs": "SECRET"}], "course 1: drugs: not a drug, class or regimen"),
        ([{**VRD, "drugs": [["SECRET"]]}], "course 1: drugs: must be a list of words"),
        ([{**VRD, "stoped_for": "SECRET"}], "course 1: unknown field; nearest: stopped_for"),
        ([{**VRD, "intolerant_of": "pom"}], "course 1: intolerant_of: names a drug"),
        ([{**VRD, "stop": "2019-02"}], "course 1: stop: is before the start"),
        ([{**VRD, "progression": "2018"}], "course 1: progression: is before the start"),
        ([{**VRD, "stop": "ongoing"}], "course 1: stopped_for: contradicts stop"),
        ([{**VRD, "stopped_for": "ongoing"}], "course 1: stopped_for: contradicts stop"),
        ([{**MAINTENANCE, "progression": "2023"}], "course 1: progression: is over 60 days"),
        ([DKD, VRD, {"drugs": "Pd"}], "course 2: start: is before that of an earlier course"),
        ([{**VRD, "stop": "2023"}, DKD], "course 1: stop: is after the start of course 2"),
        ([{**ASCT, "stop": "2020"}, MAINTENANCE], "course 1: stop: is after the start"),
        ([{**VRD, "line": 2}, {**DKD, "line": 1}], "course 2: line: is lower"),
        ([VRD, DKD, {**DKD, "start": None, "line": 1}], "course 3: line: is lower"),
    ],
)
def test_a_refusal_names_the_course_and_the_field_and_echoes_nothing(
    courses: object, problem: str
) -> None:
    with pytest.raises(PatientError) as error:
        derive(courses, CATALOGUE)
    assert error.value.field == "treatments"
    assert error.value.problem.startswith(problem)
    assert "SECRET" not in str(error.value)


def test_dates_that_yaml_already_read_are_dates(catalogue: Catalogue) -> None:
    course = {**STOPPED, "start": 2019, "stop": date(2020, 1, 1), "progression": date(2020, 3, 1)}
    assert fate(derive([course], catalogue)) == "refractory"


DRUGS = ("bortezomib", "lenalidomide", "VRd", "PI", "melphalan")
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "stop": st.integers(0, 150),
    "progression": st.integers(0, 250),
    "response": st.sampled_from(["VGPR", "MR", "SD", "PD"]),
    "stopped_for": st.sampled_from(["progression", "toxicity", "completed", "ongoing", "other"]),
    "maintenance": st.booleans(),
    "planned": st.booleans(),
    "transplant": st.booleans(),
    "line": st.integers(1, 3),
    "intolerant_of": st.just(["bortezomib"]),
}
one = st.fixed_dictionaries(
    {"drugs": st.sampled_from(DRUGS), "start": st.integers(0, 90)}, optional=FACTS
)


def dated(raw: list[Course]) -> list[Course]:
    """Courses one after the other from gaps and lengths in days."""
    day, courses = date(2019, 1, 1), list[Course]()
    for each in raw:
        day += timedelta(each["start"])
        course = {**each, "start": day.isoformat()}
        for field in {"stop", "progression"} & each.keys():
            course[field] = (day + timedelta(each[field])).isoformat()
        if course.get("stopped_for") == "ongoing":
            course.pop("stop", None)
        if "bortezomib" not in course["drugs"] and course["drugs"] != "VRd":
            course.pop("intolerant_of", None)
        courses.append(course)
    return courses


histories = st.lists(one, min_size=1, max_size=4).map(dated)


def attempt(courses: list[Course]) -> Derived | None:
    try:
        return derive(courses, CATALOGUE)
    except PatientError:
        return None


def less(courses: list[Course], data: st.DataObject) -> list[Course]:
    """The same courses with one fact taken away, made coarser, or said not to be known."""
    course = data.draw(st.sampled_from(courses))
    dates = [f for f in ("start", "stop", "progression") if "-" in str(course.get(f))]
    removable = {"start", "stop", "response", "stopped_for", "transplant", "line"} & course.keys()
    # an event is not a value: it can be coarsened and withdrawn, but its absence says something
    events = {f for f in removable if course[f] in ("progression", "PD", "unknown")}
    removable -= events
    opened = {"progression", "response", "stopped_for"} & course.keys()
    ways = [("drop", f) for f in sorted(removable)] + [("open", f) for f in sorted(opened)]
    ways += [("coarsen", f) for f in dates]
    if not ways:
        return courses
    way, field = data.draw(st.sampled_from(ways))
    if way == "drop":
        del course[field]
    else:
        course[field] = "unknown" if way == "open" else course[field].rpartition("-")[0]
    return courses


@settings(
    max_examples=600,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(histories, st.data())
def test_knowing_less_only_makes_unsure(courses: list[Course], data: st.DataObject) -> None:
    known = attempt(courses)
    assume(known is not None)
    assert known is not None
    for _ in range(data.draw(st.integers(1, 4))):
        courses = less(deepcopy(courses), data)
    lesser = attempt(courses)
    assume(lesser is not None)
    assert lesser is not None
    # a coarser day may tell two exposures apart that were one course, or the other way about
    assume(rules(known, "one course") == rules(lesser, "one course"))
    for drug in known.exposed:
        assert fate(lesser, drug) in (fate(known, drug), "unsure")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(histories)
def test_a_flag_that_qualifies_never_turns_one_answer_into_the_other(
    courses: list[Course],
) -> None:
    known = attempt(courses)
    assume(known is not None)
    assert known is not None
    for index, course in enumerate(courses):
        for flag in {"intolerant_of", "transplant"} & course.keys():
            bare = {key: value for key, value in course.items() if key != flag}
            lesser = attempt([*courses[:index], bare, *courses[index + 1 :]])
            for drug in known.exposed if lesser else ():
                assert lesser is not None
                assert {fate(known, drug), fate(lesser, drug)} != {"refractory", "not refractory"}
