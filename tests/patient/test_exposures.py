"""Single drugs become courses, courses become lines: each kind with its other members."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenrx.catalogue.field_kinds import Range
from lenrx.catalogue.loading import load
from lenrx.patient.lines_of_therapy import Derived, derive

CATALOGUE = load()
Raw = dict[str, Any]


def course(drugs: str, start: str = "", stop: str = "", **more: Any) -> Raw:
    named: Raw = {"drugs": drugs} if drugs else {}
    return {**named, "start": start, "stop": stop, **more}


VRD = course("VRd", "2019-03-01", "2019-08-15")
MEL = course("melphalan", "2019-09-10", "2019-09-11")
LEN = course("lenalidomide", "2019-12-01", "2022-02-10")
ASCT = {**MEL, "transplant": True}
EXPOSURES = [
    course("bortezomib", "2019-03-01", "2019-08-15"),
    course("lenalidomide", "2019-03-09", "2019-08-15"),
    course("dexamethasone", "2019-03-01", "2019-08-15"),
]
PD = {"stopped_for": "progression"}


def run(*courses: Raw) -> Derived:
    return derive(list(courses), CATALOGUE)


def lines(derived: Derived) -> str:
    found = derived.prior_lines
    return found.written if isinstance(found, Range) else str(found)


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        # transplant, conditioning, consolidation, maintenance, planned or not said
        ([VRD, ASCT, {**LEN, "maintenance": True}], "1"),
        ([VRD, ASCT, LEN], "1"),
        ([VRD, MEL, LEN], "1"),
        ([VRD, {**MEL, "intent": "conditioning"}, {**LEN, "intent": "maintenance"}], "1"),
        (
            [VRD, ASCT, course("VRd", "2019-12-01", "2020-02-01"), LEN | {"start": "2020-03-01"}],
            "1",
        ),
        ([VRD, ASCT, course("KRd", "2019-12-01", "2020-02-01", intent="consolidation")], "1"),
        ([course("VCd", "2019-03-01", "2019-08-15"), ASCT, LEN], "1"),
        ([VRD, {**LEN, "start": "2019-08-16"}], "1"),
        ([VRD, course("", "2019-09-10", transplant=True), LEN], "1"),
        # the same after progression
        ([VRD | PD, ASCT], "2"),
        ([VRD, ASCT | {"progression": "2019-11-01"}, LEN], "2"),
        (
            [
                VRD,
                {**LEN, "maintenance": True, "progression": "2021-01-01"},
                ASCT | {"start": "2022-03-01", "stop": ""},
            ],
            "2",
        ),
        # not clearly of one plan
        ([VRD, ASCT, ASCT | {"start": "2019-12-10", "stop": ""}], "1-2"),
        ([VRD, ASCT, ASCT | {"start": "2022-12-10", "stop": ""}], "2"),
        ([VRD, ASCT | {"start": "2022-03-10", "stop": ""}], "1-2"),
        ([VRD, ASCT, course("KRd", "2019-12-01", "2020-02-01")], "1-2"),
        # nothing that is a line
        ([course("dexamethasone", "2018-02-01", "2018-02-05"), VRD], "1"),
        ([course("dexamethasone", "2018-02-01", "2018-02-05")], "0"),
        ([VRD, course("prednisone", "2020-02-01", "2020-03-01")], "1"),
        ([VRD, course("", "2020-02-01", "2020-02-11", other=["radiotherapy"])], "1"),
        ([VRD, course("", "2020-02-01", "2020-02-11", other=["supportive care"])], "1"),
        # a break, a part stopped, the same again
        ([VRD, course("VRd", "2019-08-22", "2019-12-01")], "1"),
        ([VRD, course("VRd", "2021-08-22", "2021-12-01")], "1"),
        ([VRD | PD, course("VRd", "2021-08-22", "2021-12-01")], "1"),
        ([VRD, course("Rd", "2019-08-16", "2020-12-01")], "1"),
        ([VRD, course("Vd", "2019-08-25", "2020-12-01")], "1"),
        # added or exchanged
        ([course("Rd", "2019-01-01", "2019-09-01"), course("DaraRd", "2019-09-02")], "1-2"),
        ([course("Rd", "2019-01-01", "2019-09-01") | PD, course("DaraRd", "2019-09-02")], "2"),
        ([course("Vd", "2019-01-01", "2019-05-01"), course("Rd", "2019-05-10")], "1-2"),
        (
            [
                course("Vd", "2019-01-01", "2019-05-01", stopped_for="toxicity"),
                course("Rd", "2019-05-10"),
            ],
            "2",
        ),
        ([course("Vd", "2019-01-01", "2019-05-01"), course("Rd", "2019-05-10", planned=True)], "1"),
        (
            [course("Vd", "2019-01-01", "2019-05-01"), course("Rd", "2019-05-10", planned=False)],
            "2",
        ),
        ([VRD, course("Kd", "2022-01-01")], "2"),
        ([VRD, course("", "2022-01-01", other=["interferon"])], "2"),
        ([VRD, course("Kd", "2022-01-01", line=1)], "1"),
        # exposures to single drugs
        (EXPOSURES, "1"),
        (EXPOSURES[::-1], "1"),
        ([*EXPOSURES, MEL, LEN], "1"),
        ([*EXPOSURES, course("carfilzomib", "2022-01-01", "2022-06-01")], "2"),
        (
            [
                course("lenalidomide", "2019-01-01", "2020-12-01"),
                course("daratumumab", "2019-09-01", "2020-12-01"),
            ],
            "1-2",
        ),
        (
            [
                course("bortezomib", "2019-01-01", "2019-03-01"),
                course("bortezomib", "2019-03-20", "2019-06-01"),
            ],
            "1",
        ),
        ([VRD, course("dexamethasone", "2019-05-01", "2019-09-01")], "1"),
        (
            [
                course("fludarabine", "2023-01-01", "2023-01-03"),
                course("cyclophosphamide", "2023-01-01", "2023-01-03"),
                course("cilta-cel", "2023-01-08", "2023-01-08"),
            ],
            "1",
        ),
        ([course("Vd"), course("Kd")], "2"),
    ],
)
def test_lines(courses: list[Raw], expected: str) -> None:
    derived = run(*courses)
    assert lines(derived) == expected
    assert bool(derived.notes) == ("-" in expected)


def test_every_line_and_exposure_says_course_and_rule() -> None:
    derived = run(VRD, ASCT, LEN | PD, course("", "2022-05-01", other=["radiotherapy"]))
    found = {(each.what, each.course): each.rule for each in derived.trace}
    assert found[("line 1", 1)] == "first course"
    assert found[("line 1", 2)] == "transplant without progression before it"
    assert found[("line 1", 3)].startswith("one drug after the transplant")
    assert found[("line 1", 4)] == "radiotherapy alone: no line"
    assert found[("exposed bortezomib", 1)] == "given in the course"
    assert found[("given radiotherapy", 4)] == "not in the catalogue: kept"
    assert found[("refractory lenalidomide", 3)] == "stopped for progression"
    assert all(each.rule for each in derived.trace)


def test_each_drug_of_exposures_keeps_its_last_dose() -> None:
    rows = [
        course("bortezomib", "2019-03-01", "2019-08-15", response="VGPR"),
        course("lenalidomide", "2019-03-09", "2022-02-10", **PD),
        course("dexamethasone", "2019-03-01", "2022-02-10"),
    ]
    derived = run(*rows)
    assert (derived.refractory, derived.prior_lines) == (("lenalidomide",), 1)
    assert "bortezomib" in derived.unsure
    dated = [rows[0], rows[1] | {"progression": "2022-02-01"}, rows[2]]
    assert run(*dated).unsure == ()
    toxic = [rows[0] | {"stopped_for": "toxicity"}, *dated[1:]]
    assert run(*toxic).intolerant == ("bortezomib",)


def test_progression_on_the_first_of_two_drugs_stopped_is_not_lost() -> None:
    rows = [
        course("bortezomib", "2019-03-01", "2019-06-01", **PD),
        course("lenalidomide", "2019-03-01", "2019-12-01", stopped_for="completed", response="PR"),
    ]
    derived = run(*rows)
    assert derived.refractory == ("bortezomib", "lenalidomide")


def test_a_drug_that_is_not_named_leaves_the_history_open() -> None:
    derived = run(VRD, course("", "2021-01-01", "2021-05-01", other=["study drug"]))
    assert (derived.history, lines(derived)) == ("partial", "2")


def test_a_conditioning_before_car_t_cells_is_no_transplant() -> None:
    rows = [
        course("fludarabine, cyclophosphamide", "2023-01-01", "2023-01-03", intent="conditioning"),
        course("cilta-cel", "2023-01-08", "2023-01-08"),
    ]
    assert run(*rows).prior_transplant is None
    assert run(VRD, {**MEL, "intent": "conditioning"}).prior_transplant is True


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["bortezomib", "lenalidomide", "dexamethasone", "daratumumab"]),
            st.integers(0, 400),
            st.integers(0, 300),
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(-3000, 3000),
    st.randoms(),
)
def test_only_order_and_days_between_matter(
    raw: list[tuple[str, int, int]], shift: int, random: Any
) -> None:
    """Days from any baseline say the same, in whatever order exposures stand; no drug is lost."""
    rows = [course(drug, f"day {at}", f"day {at + length}") for drug, at, length in raw]
    moved = [
        course(drug, f"day {at + shift}", f"day {at + length + shift}") for drug, at, length in raw
    ]
    first, second = run(*rows), run(*moved)
    assert first == second
    assert {drug for drug, *_ in raw} == set(first.exposed)
    assert lines(first) != "0" or set(first.exposed) == {"dexamethasone"}
