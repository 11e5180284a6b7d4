"""Regimens added up as one number give verdicts and order as one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenrx.batch.sums import REGIMENS, Layout, evidence_weight, placings, weight

PART = st.tuples(st.integers(0, 2), st.integers(0, 3))
REGIMEN = st.tuples(
    st.lists(PART, max_size=90),
    st.integers(0, 2),
    st.integers(0, 5),
    st.integers(0, 3),
    st.booleans(),
)


@given(regimens=st.lists(REGIMEN, min_size=1, max_size=9))
def test_fields_compare_as_verdict_label_guideline_evidence_cautions_and_index(
    regimens: list[tuple[list[tuple[int, int]], int, int, int, bool]],
) -> None:
    layout = Layout([[] for _ in regimens])
    numbers, wanted = list[int](), list[tuple[int, ...]]()
    for index, (parts, label, level, guideline, silent) in enumerate(regimens):
        numbers += [layout.field(index, weight(*part)) for part in parts]
        numbers.append(layout.field(index, weight(0, 0, label, silent)))
        verdict = max((verdict for verdict, _ in parts), default=0)
        cautions = sum(count for _, count in parts)
        wanted.append((verdict, label, guideline, level, cautions, index, int(silent)))
    weights = [evidence_weight(level, guideline) for _, _, level, guideline, _ in regimens]
    found = placings(layout.fields(numbers), weights)
    verdicts = found.by_verdict([[each] * len(wanted) for each in range(3)])
    said = list(zip(verdicts, found.indexes, found.silent, strict=True))
    assert said == [(each[0], each[5], each[6]) for each in sorted(wanted)]


def test_a_ground_that_several_regimens_rest_on_has_its_code_in_the_run_of_each() -> None:
    layout = Layout([["a", "b"], [], ["b"]])
    codes = layout.codes([layout.code("a", 7), layout.code("b", 255)])
    assert [codes[start:stop] for start, stop in layout.runs] == [b"\x07\xff", b"", b"\xff"]


def test_more_regimens_than_there_is_room_for_are_refused() -> None:
    Layout([[]] * REGIMENS)
    with pytest.raises(ValueError, match="more than"):
        Layout([[]] * (REGIMENS + 1))
