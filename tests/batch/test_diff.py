"""Whose options changed between two results, and why; what is no result is one error."""

from __future__ import annotations

import io
import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from lenrx.batch.diff import changes
from lenrx.batch.files import legend_of
from lenrx.batch.shown import spelled
from lenrx.catalogue.loading import Catalogue, load
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.patient.patient import PatientError
from lenrx.report.diff import draw
from tests.batch.answers import COHORT, Answers, Data

EARLIER: Final = "2023-06-01"


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return tmp_path / "before.ndjson"


@pytest.fixture
def after(tmp_path: Path) -> Path:
    return tmp_path / "after.ndjson"


answers: Final = cache(Answers)
"""Many tests compare the same results."""


def written(catalogue: Catalogue, path: Path, rows: str = COHORT, **how: Any) -> Answers:
    found = answers(catalogue, rows, **how)
    found.write(path)
    return found


def verdicts(row: Data) -> dict[str, str]:
    return {name: verdict for verdict in VERDICTS for name in row[verdict]}


def test_the_same_results_have_no_change(catalogue: Catalogue, before: Path, after: Path) -> None:
    written(catalogue, before)
    written(catalogue, after)
    assert list(changes(before, after)) == []
    assert list(changes(before, before)) == []


def test_a_later_date_lists_whose_options_changed_and_why(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    then, now = written(catalogue, before, as_of=EARLIER), written(catalogue, after)
    expected = {}
    for old, new in zip(then.rows, now.rows, strict=True):
        if "error" not in new:
            sides = verdicts(old), verdicts(new)
            changed = {name for name in sides[1] if sides[0][name] != sides[1][name]}
            expected[new["row"]] = {name: (sides[0][name], sides[1][name]) for name in changed}
    found = {each["row"]: each for each in changes(before, after)}
    told = {
        row: {one["id"]: (one["before"], one["after"]) for one in each["regimens"]}
        for row, each in found.items()
    }
    assert told == {row: each for row, each in expected.items() if each}
    assert len(told) > 3
    for each in found.values():
        assert each["change"] == "options"
        assert each["basis"] == {"as_of": [EARLIER, "2026-11-23"]}
        assert all(one["because"] for one in each["regimens"]), each


def test_the_reasons_of_a_change_are_those_that_decide_now_and_did_not_before(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    sides = [written(catalogue, before, as_of=EARLIER), written(catalogue, after)]
    deciding = [
        {
            (row["row"], each["id"]): _deciding(each)
            for row in side.rows
            if "error" not in row
            for each in spelled(row, side.legend)
        }
        for side in sides
    ]
    seen = 0
    for each in changes(before, after):
        for one in each["regimens"]:
            then, now = (side[each["row"], one["id"]] for side in deciding)
            fresh = {name for name in now if name not in then}
            expected = fresh or {name for name in then if name not in now}
            assert {(said["criterion"], said["status"]) for said in one["because"]} == expected
            assert all(said.get("no_longer", False) is not bool(fresh) for said in one["because"])
            seen += 1
    assert seen > 20


def _deciding(regimen: Data) -> set[tuple[str, str]]:
    """What excludes a regimen; of a conditional one also what is open."""
    found = set()
    for one in regimen["findings"]:
        if (one["effect"], one["status"]) in (("excludes", "met"), ("requires", "not met")):
            found.add((one["criterion"], "excludes"))
        elif one["status"] == "unknown" and one["effect"] in ("excludes", "requires"):
            found |= {(one["criterion"], "open")} if regimen["verdict"] == "conditional" else set()
    return found


def test_a_change_says_its_reasons_in_words_with_sources(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    written(catalogue, before, "id,refractory,lvef\nA,lena,60\n")
    written(catalogue, after, "id,refractory,lvef\nA,lena;pom,60\n")
    (found,) = changes(before, after)
    (pd,) = (each for each in found["regimens"] if each["id"] == "Pd")
    assert (pd["before"], pd["after"]) == ("eligible", "excluded")
    (reason,) = pd["because"]
    assert reason == {
        "criterion": "refractory-pomalidomide",
        "status": "excludes",
        "because": "refractory to pomalidomide, which this regimen relies on",
        "sources": reason["sources"],
    }


def test_what_opens_a_regimen_is_what_no_longer_excludes_it(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    """A confirmation that an eligible regimen carries is no reason for its being open."""
    written(catalogue, before, "id,refractory,egfr\nP1,lena,25\n")
    written(catalogue, after, "id,refractory,egfr\nP1,lena,90\n")
    (found,) = changes(before, after)
    (dcep,) = (each for each in found["regimens"] if each["id"] == "DCEP")
    assert (dcep["before"], dcep["after"]) == ("excluded", "conditional")
    assert {each["status"] for each in dcep["because"]} == {"open"}
    (back,) = changes(after, before)
    for each in back["regimens"]:
        assert each["after"] != "eligible" or all(one["no_longer"] for one in each["because"])


def test_only_the_patient_whose_row_changed_is_listed(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    written(catalogue, before)
    written(catalogue, after, COHORT.replace("B,lena;bort,25", "B,lena;bort;pom,25"))
    (found,) = changes(before, after)
    assert (found["id"], found["row"], found["basis"]) == ("B", 2, {})


def test_patients_are_matched_by_id_whatever_their_order(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    head, *rows = COHORT.splitlines()
    named = [row for row in rows if row[0] in "BCDF"]
    written(catalogue, before, "\n".join([head, *named]))
    written(catalogue, after, "\n".join([head, *reversed(named)]))
    assert list(changes(before, after)) == []


def test_a_patient_in_one_file_only_is_listed_as_such(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    written(catalogue, before)
    written(catalogue, after, COHORT.replace("B,lena", "Z,lena"))
    assert list(changes(before, after)) == [
        {"id": "Z", "row": 2, "change": "only in the later result"},
        {"id": "B", "row": 2, "change": "only in the earlier result"},
    ]


def test_ids_that_repeat_are_matched_first_to_first(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    rows = "id,refractory\nA,lena\nA,lena;bort;dara\n"
    written(catalogue, before, rows)
    written(catalogue, after, rows.replace("dara", "pom"))
    assert [(each["id"], each["row"]) for each in changes(before, after)] == [("A", 2)]
    written(catalogue, after, "id,refractory\nA,lena\n")
    assert [(each["row"], each["change"]) for each in changes(before, after)] == [
        (2, "only in the earlier result")
    ]


def test_patients_without_an_id_are_matched_by_row_and_not_by_a_number_as_id(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    written(catalogue, before, "id,refractory\n,lena\n,bort\n")
    written(catalogue, after, "id,refractory\n,lena\n1,bort\n")
    assert [(each["id"], each["change"]) for each in changes(before, after)] == [
        ("1", "only in the later result"),
        (None, "only in the earlier result"),
    ]


def test_a_row_that_can_be_read_no_more_or_at_last_is_told(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    written(catalogue, before)
    written(catalogue, after, COHORT.replace("B,lena;bort,25", "B,lena;bort,Jane Roe"))
    (lost,) = changes(before, after)
    assert (lost["id"], lost["change"]) == ("B", "can no longer be read")
    assert lost["error"]["field"] == "egfr"
    assert "Jane" not in json.dumps(lost)
    (found,) = changes(after, before)
    assert (found["id"], found["change"]) == ("B", "could not be read before")
    assert list(changes(after, after)) == []


def test_brief_results_are_compared_and_have_no_reasons(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    for path, day in ((before, EARLIER), (after, "2026-11-23")):
        Answers(catalogue, plan={"detail": "brief"}, as_of=day).write(path, legend=False)
    found = list(changes(before, after))
    assert len(found) > 3
    assert all(one["because"] == [] for each in found for one in each["regimens"])


@pytest.mark.parametrize("legend", [None, "", "[]", "{}", '{"regimens":5}', '{"criteria":{}}'])
def test_without_a_legend_that_knows_them_criteria_are_named_by_id(
    catalogue: Catalogue, before: Path, after: Path, legend: str | None
) -> None:
    for path, cell in ((before, "lena"), (after, "lena;pom")):
        Answers(catalogue, f"id,refractory\nA,{cell}\n").write(path, legend=False)
        if legend is not None:
            legend_of(path).write_text(legend)
    (found,) = changes(before, after)
    (pd,) = (each for each in found["regimens"] if each["id"] == "Pd")
    assert pd["because"] == [
        {
            "criterion": "refractory-pomalidomide",
            "status": "excludes",
            "because": "refractory-pomalidomide",
            "sources": [],
        }
    ]


LINE: Final = '{"schema":"lenrx/result/2"}\n'


@pytest.mark.parametrize(
    "content",
    [b"id,age\n", b"{}\n", b"[]\n", b"\n", b"\xff\n", b"[" * 100_000 + b"\n", LINE.encode()],
    ids=["csv", "object", "list", "blank", "bytes", "deep", "no id"],
)
@pytest.mark.parametrize("side", [0, 1])
def test_what_is_no_result_is_refused_with_its_line(
    catalogue: Catalogue, before: Path, after: Path, content: bytes, side: int
) -> None:
    paths = (before, after)
    for path in paths:
        written(catalogue, path, "id,refractory\nA,lena\n")
    paths[side].write_bytes(paths[side].read_bytes() + content)
    with pytest.raises(PatientError) as caught:
        list(changes(before, after))
    assert caught.value.field == f"{paths[side].name}:2"
    assert caught.value.problem == "not a line of lenrx/result/2; diff reads NDJSON"


def test_a_result_that_is_not_there_is_named(
    catalogue: Catalogue, before: Path, after: Path
) -> None:
    written(catalogue, before)
    with pytest.raises(PatientError, match=r"after\.ndjson: cannot be read"):
        list(changes(before, after))


SAMPLES: Final = Answers(load(), "id,refractory\nA,lena;pom\nB,lena;PI\nC,study drug\n")
LATER: Final = Answers(load(), "id,refractory\nA,lena\nB,lena;bort\nC,lena\n")


def spoilt(draw_from: st.DrawFn) -> Data:
    """A legend in which a criterion that decides says something of another kind."""
    whole, name = SAMPLES.legend, "refractory-pomalidomide"
    said = {**whole["criteria"][name]["excludes"]}
    said[draw_from(st.sampled_from(("because", "sources")))] = draw_from(values)
    criteria = {**whole["criteria"], name: {"excludes": said}}
    return {**whole, "criteria": criteria, "catalogue": draw_from(values)}


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(("", "Pd", "\ud800", "C")),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(("Pd", "field", "reason", "x")), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def damaged(draw: st.DrawFn) -> Data:
    """A result of which some members are of another kind, gone, or one more than there were."""
    row: Data = deepcopy(draw(st.sampled_from(SAMPLES.rows)))
    for _ in range(draw(st.integers(1, 3))):
        holder, name = row, draw(st.sampled_from([*row, "error", "errors"]))
        inner = row.get(name)
        if isinstance(inner, dict) and inner and draw(st.booleans()):
            holder, name = inner, draw(st.sampled_from([*inner]))
        if draw(st.booleans()):
            holder.pop(name, None)
        else:
            holder[name] = draw(values)
    return row


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    row=damaged(),
    side=st.booleans(),
    legend=st.sampled_from(("whole", "none")) | values | st.composite(spoilt)(),
)
def test_damaged_results_are_compared_or_refused_and_nothing_else(
    row: Data, side: bool, legend: Any, tmp_path: Path
) -> None:
    paths = [tmp_path / "a.ndjson", tmp_path / "b.ndjson"]
    LATER.write(paths[0], legend=False)
    paths[1].write_text(json.dumps(row) + "\n")
    legend_of(paths[1]).unlink(missing_ok=True)
    if legend != "none":
        text = SAMPLES.written_legend if legend == "whole" else json.dumps(legend)
        legend_of(paths[1]).write_text(text)
    try:
        found = list(changes(*(paths if side else paths[::-1])))
    except PatientError as error:
        assert error.field == "b.ndjson:1"
    else:
        assert json.loads(json.dumps(found)) == found
        draw(found, Console(file=io.StringIO()))
