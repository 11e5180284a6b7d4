"""Past lines of a treatment record, each as of the day it began.

Expected first: progression on or within 60 days of a drug, whatever its dose, is refractoriness
(IMWG, Rajkumar 2011), from the day it happened on and not before; a label holds from its day on.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import PatientError
from lenrx.rules.plan.history import FIRST_LINE, NO_DAY, PastLine, past_lines, to_dict

TODAY = "2026-11-28"
FIRST: list[dict[str, Any]] = [
    {"drugs": "VRd", "start": "2018-03-01", "stop": "2018-08-01", "response": "VGPR"},
    {"drugs": "melphalan", "start": "2018-09-10", "transplant": True},
]


def maintenance(**more: Any) -> dict[str, Any]:
    kept = {"drugs": "lenalidomide", "start": "2019-01-10", "maintenance": True}
    return {**kept, "stop": "2021-02-01", **more}


FAILED = maintenance(stopped_for="progression")


def lines(courses: list[dict[str, Any]], catalogue: Catalogue, **how: Any) -> tuple[PastLine, ...]:
    return past_lines(courses, catalogue, TODAY, **how)


def verdict(line: PastLine) -> str | None:
    return line.found.each.verdict if line.found else None


def test_each_line_is_judged_by_what_had_failed_when_it_began(catalogue: Catalogue) -> None:
    found = lines(
        [
            *FIRST,
            FAILED,
            {"drugs": "KRd", "start": "2021-02-20", "stop": "2022-05-01", "response": "PD"},
            {"drugs": "DaraVd", "start": "2022-05-20", "stop": "2023-01-01", "response": "PD"},
            {"drugs": "IsaPd", "start": "2023-01-20"},
        ],
        catalogue,
    )
    assert [(each.line, each.plan and each.plan.name, verdict(each)) for each in found] == [
        ("1", "VRd", None),
        ("2", "KRd", "excluded"),  # lenalidomide maintenance failed, 10 mg or not
        ("3", "DaraVd", "eligible"),  # bortezomib was given and had not failed
        ("4", "IsaPd", "excluded"),  # daratumumab had failed: the whole class
    ]
    assert found[0].why_not == FIRST_LINE
    assert [each.day for each in found] == ["2018-03-01", "2021-02-20", "2022-05-20", "2023-01-20"]


def test_what_came_later_is_not_known_on_the_day(catalogue: Catalogue) -> None:
    """Carfilzomib fails in line 2: on the day that began, nobody knew."""
    found = lines(
        [
            *FIRST,
            FAILED,
            {"drugs": "DaraKd", "start": "2021-02-20", "stop": "2022-05-01", "response": "PD"},
            {"drugs": "KCd", "start": "2022-05-20"},
        ],
        catalogue,
    )
    assert [verdict(each) for each in found] == [None, "eligible", "excluded"]


def test_a_line_that_began_in_a_month_knows_what_was_before_it(catalogue: Catalogue) -> None:
    found = lines([*FIRST, FAILED, {"drugs": "KRd", "start": "2021-02"}], catalogue)
    assert (found[1].day, found[1].exact, verdict(found[1])) == ("2021-02-28", False, "excluded")


def test_the_label_is_that_of_the_day(catalogue: Catalogue) -> None:
    """Teclistamab is bound to its label: nothing before the first clause of it."""
    labels = catalogue.regimens["Tec"].labels
    since = min(each.since or "9" for each in labels if each.region == "us")
    before = (date.fromisoformat(since) - timedelta(days=1)).isoformat()
    courses = [
        *FIRST,
        FAILED,
        {"drugs": "DaraVd", "start": "2021-02-20", "stop": "2021-09-01", "response": "PD"},
        {"drugs": "KPd", "start": "2021-09-10", "stop": "2022-03-01", "response": "PD"},
        {"drugs": "Xd", "start": "2022-03-10", "stop": "2022-06-01", "response": "PD"},
    ]
    for day, expected in ((before, "excluded"), (since, "eligible")):
        found = lines([*courses, {"drugs": "Tec", "start": day}], catalogue, region="us")
        assert verdict(found[-1]) == expected, day


def test_a_line_without_an_entry_or_with_an_unknown_drug_is_judged_too(
    catalogue: Catalogue,
) -> None:
    last = {"drugs": "carfilzomib, cyclophosphamide, oprozomib", "start": "2021-02-20"}
    found = lines([*FIRST, FAILED, last], catalogue)
    assert verdict(found[1]) == "conditional"
    assert found[1].plan is not None
    assert [one.word for one in found[1].plan.unread] == ["oprozomib"]


def test_a_line_without_a_day_is_not_judged(catalogue: Catalogue) -> None:
    courses = [{"drugs": "VRd", "line": 1}, {"drugs": "KRd", "line": 2}]
    assert [each.why_not for each in lines(courses, catalogue)] == [FIRST_LINE, NO_DAY]


def test_days_from_a_baseline_name_no_label(catalogue: Catalogue) -> None:
    courses = [{"drugs": "VRd", "start": 0, "stop": 100}, {"drugs": "KRd", "start": 400}]
    with pytest.raises(PatientError, match="a number of days names no label"):
        lines(courses, catalogue)


def test_a_record_that_lies_after_today_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(PatientError, match="lies after the day asked for"):
        lines([*FIRST, {"drugs": "KRd", "start": "2027-01-01"}], catalogue)


def test_the_document_has_every_line(catalogue: Catalogue) -> None:
    found = lines([*FIRST, FAILED, {"drugs": "KRd", "start": "2021-02-20"}], catalogue)
    data = to_dict(found, catalogue, None)
    assert data["schema"] == "lenrx/plan-record/1"
    assert [each["line"] for each in data["lines"]] == ["1", "2"]
    assert data["lines"][0]["why_not"] == FIRST_LINE
    assert list(data["lines"][1]["plan"]["decided_by"]) == ["refractory-lenalidomide"]


def test_a_history_that_is_partial_or_cannot_be_read_is_not_closed(catalogue: Catalogue) -> None:
    given = [
        {"drugs": "Vd", "start": "2020-01-01", "progression": "2021-01-01"},
        {"drugs": "KRd", "start": "2022-01-01"},
    ]
    (_, closed), (_, opened) = (
        past_lines(given, catalogue, "2026-11-23", partial=partial) for partial in (False, True)
    )
    assert closed.found and closed.found.each.verdict == "eligible"
    assert opened.found and opened.found.each.verdict == "conditional"
    unread = [{**given[0], "drugs": "foo"}, given[1]]
    *_, last = past_lines(unread, catalogue, "2026-11-23")
    assert last.found and last.found.each.verdict == "conditional"
