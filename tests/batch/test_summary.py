"""A cohort as a whole: the counts are those of its rows, whoever counted which of them."""

from __future__ import annotations

import json
import runpy
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest

from lenrx.batch import summary
from lenrx.batch.results import Result
from lenrx.batch.shown import asked, spelled, worded
from lenrx.batch.summary import Summary
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import VERDICTS
from tests.batch.answers import Answers, Data

STATES: Final = {
    "double-refractory": 2,
    "lenalidomide-refractory": 2,
    "not lenalidomide-refractory": 1,
    "penta-refractory": 1,
    "triple-class-refractory": 1,
}


def counted(results: Iterable[Result]) -> Summary:
    found = Summary()
    for each in results:
        found.add(each)
    return found


def document(answers: Answers, catalogue: Catalogue, counts: Summary | None = None) -> Data:
    return (counts or counted(answers.results)).document(catalogue, answers.legend)


@pytest.fixture(scope="module")
def small(catalogue: Catalogue) -> Answers:
    return Answers(catalogue)


@pytest.fixture(scope="module")
def messy(catalogue: Catalogue) -> Answers:
    path = Path(__file__).parents[2] / "benchmarks" / "cohort.py"
    return Answers(catalogue, runpy.run_path(str(path))["cohort"](80, seed=11), strict=True)


def test_the_summary_has_the_counts_made_by_hand(small: Answers, catalogue: Catalogue) -> None:
    found = document(small, catalogue)
    assert found["schema"] == "lenrx/summary/2"
    assert (found["rows"], found["unreadable"]) == (9, 2)
    assert found["unreadable_fields"] == {"ecog": 1, "egfr": 1, "refractory": 1}
    assert found["unreadable_codes"] == {"unreadable": 3}
    assert (found["duplicate_ids"], found["not_literal"]) == (1, 1)
    assert found["states"] == STATES
    assert list(found["states"]) == [*STATES]


def of_rows(answers: Answers) -> Data:
    """A summary made of nothing but the spelled lines of the rows."""
    read = [row for row in answers.rows if "error" not in row]
    best = Counter(next(name for name in VERDICTS if row[name]) for row in read)
    regimens = Counter[tuple[str, str]]()
    excluded = Counter[tuple[str, str, str]]()
    asks, settles = Counter[str](), Counter[str]()
    for row in read:
        for each in spelled(row, answers.legend):
            regimens[each["id"], each["verdict"]] += 1
            for one in each["findings"]:
                unmet = (one["effect"], one["status"]) == ("requires", "not met")
                if unmet or (one["effect"], one["status"]) == ("excludes", "met"):
                    excluded[each["id"], one["criterion"], bare(one, unmet)] += 1
        asks.update(each["field"] for each in asked(row))
        settles.update(each["field"] for each in asked(row) if each["decides"])
    return {
        "rows": len(answers.rows),
        "states": Counter(row["state"] for row in read),
        "best": [best[name] for name in VERDICTS],
        "regimens": regimens,
        "excluded": excluded,
        "asks": asks,
        "settles": settles,
        "not_literal": sum(bool(row["readings"]) for row in read),
    }


def bare(finding: Data, unmet: bool) -> str:
    """The reason as a summary says it: of a label without the clauses of day and region."""
    said: str = finding["because"]
    if finding["criterion"] == "label":
        said = "inside the label"
    # A rule of the catalogue that is required says why; only these two say what would be met.
    return f"not {said}" if unmet and finding["criterion"] in ("label", "authorised") else said


def test_a_rule_that_is_required_says_why_and_not_the_opposite(catalogue: Catalogue) -> None:
    (rule,) = (each for each in catalogue.regimens["VenDex"].rules if each.effect == "requires")
    finding = {"criterion": rule.id, "effect": "requires", "status": "not met"}
    finding |= {"filter": rule.filter, "because": rule.because}
    assert worded(finding) == rule.because
    label = {**finding, "criterion": "label", "because": "inside the label"}
    assert worded(label) == "not inside the label"


def of_document(found: Data) -> Data:
    return {
        "rows": found["rows"],
        "states": Counter(found["states"]),
        "best": [found[name] for name in ("with_an_option", "only_conditional", "nothing_open")],
        "regimens": Counter(
            {(each["id"], name): each[name] for each in found["regimens"] for name in VERDICTS}
        ),
        "excluded": Counter(
            {
                (each["id"], one["criterion"], one["because"]): one["rows"]
                for each in found["regimens"]
                for one in each["excluded_by"]
            }
        ),
        "asks": Counter({each["field"]: each["rows"] for each in found["missing"]}),
        "settles": Counter(
            {each["field"]: each["rows_with_a_regimen_it_settles"] for each in found["missing"]}
        ),
        "not_literal": found["not_literal"],
    }


@pytest.mark.parametrize("name", ["small", "messy"])
def test_the_summary_counts_what_the_spelled_rows_say(
    name: str, request: pytest.FixtureRequest, catalogue: Catalogue
) -> None:
    answers: Answers = request.getfixturevalue(name)
    found = document(answers, catalogue)
    assert of_document(found) == of_rows(answers)
    assert [each["id"] for each in found["regimens"]] == list(catalogue.regimens)
    read = found["rows"] - found["unreadable"]
    for each in found["regimens"]:
        assert sum(each[verdict] for verdict in VERDICTS) == read, each["id"]
    assert all(each["question"].endswith("?") for each in found["missing"])


def test_the_most_frequent_comes_first_and_equals_stand_by_name(
    messy: Answers, catalogue: Catalogue
) -> None:
    found = document(messy, catalogue)
    pairs: list[list[tuple[str, int]]] = [
        list(found["states"].items()),
        list(found["unreadable_fields"].items()),
        [(each["field"], each["rows"]) for each in found["missing"]],
        *(
            [(one["criterion"], one["rows"]) for one in each["excluded_by"]]
            for each in found["regimens"]
        ),
    ]
    for each in pairs:
        assert each == sorted(each, key=lambda one: (-one[1], one[0]))
    assert max(map(len, pairs)) > 8


@pytest.mark.parametrize("parts", [2, 3])
def test_the_summaries_of_parts_added_are_that_of_the_whole(
    messy: Answers, catalogue: Catalogue, parts: int
) -> None:
    whole, added = counted(messy.results), Summary()
    for part in range(parts):
        added.include(counted(messy.results[part::parts]).text())
    assert document(messy, catalogue, added) == document(messy, catalogue, whole)
    assert (added.rows, added.unreadable) == (80, whole.unreadable)
    assert added.unreadable > 0


def test_a_summary_goes_on_counting_after_it_was_written_out(
    messy: Answers, catalogue: Catalogue
) -> None:
    found = Summary()
    for place, each in enumerate(messy.results):
        if place % 7 == 0:
            found.text()
        found.add(each)
    assert document(messy, catalogue, found) == document(messy, catalogue)
    assert document(messy, catalogue, found) == document(messy, catalogue)


def test_no_count_depends_on_how_many_fragments_are_held(
    messy: Answers, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = document(messy, catalogue)
    monkeypatch.setattr(summary, "FOLDED", 2)
    assert document(messy, catalogue) == expected


def test_a_summary_holds_no_id_and_no_word_of_a_cell(catalogue: Catalogue) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "MRN-1", "refractory": "Jane Roe"},
        {"id": "MRN-2", "Jane Roe": "1"},
        {"id": "MRN-3", "refractory": "Revlimid"},
    ]
    found = counted(Answers(catalogue, rows).results)
    text = found.text()
    assert not any(word in text for word in ("MRN", "Jane", "jane", "Revlimid"))
    assert json.loads(text)["problems"] == {"refractory": 1, "unknown field": 1}
    assert json.loads(text)["codes"] == {"unreadable": 1, "unknown-field": 1}


def test_a_summary_of_nothing_is_zeros(catalogue: Catalogue, small: Answers) -> None:
    found = document(small, catalogue, Summary())
    assert (found["rows"], found["with_an_option"], found["states"]) == (0, 0, {})
    assert all(each["eligible"] == 0 and each["excluded_by"] == [] for each in found["regimens"])
