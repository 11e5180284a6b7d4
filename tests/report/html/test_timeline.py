"""The timeline: courses as the record states them, and what made a drug refractory."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.strict_yaml import parse
from lenrx.intake.courses.record import read_record, recorded
from lenrx.patient.patient import parse_patient
from lenrx.rules.assessment import assess
from tests.report.html.patients import EXAMPLE, TODAY
from tests.report.html.reading import Page

pytest.importorskip("jinja2")
from lenrx.report.html import timeline
from lenrx.report.html.page import render
from lenrx.report.html.timeline import Span

VRD = {"drugs": "VRd", "start": "2020-02-03", "stop": "2020-06-29", "response": "VGPR"}


def spans(treatments: list[dict[str, Any]], catalogue: Catalogue) -> list[Span]:
    return timeline.spans(*read_record(treatments, catalogue))


@pytest.fixture(scope="module")
def page(catalogue: Catalogue) -> Page:
    stated = parse((EXAMPLE / "dated_record.yaml").read_text(encoding="utf-8"), "dated")
    treatments = stated.pop("treatments")
    patient = parse_patient(stated, catalogue)
    patient, _ = recorded(patient, treatments, catalogue, TODAY)
    answer = assess(catalogue, patient, as_of=TODAY)
    return Page(render(answer, read_record(treatments, catalogue)))


def test_the_table_holds_every_course_with_what_the_record_gave(page: Page) -> None:
    rows = page.table("timeline-table")
    assert [row[1] for row in rows] == ["line 1", "line 1", "line 1", "line 2"]
    assert rows[0][3:6] == ["2020-02-03", "2020-06-29", "VGPR"]
    assert rows[2][6:] == ["2023-06-20", "lenalidomide: progression within 60 days of stop"]
    assert rows[3][3] == "2023-08"
    assert rows[3][7] == (
        "carfilzomib: progression within 60 days of stop; "
        "daratumumab: progression within 60 days of stop"
    )


def test_each_course_is_drawn_with_transplant_progression_and_window(page: Page) -> None:
    (figure,) = (e for e in page.all("svg") if e.attributes["id"] == "timeline-1")
    rows = [e for e in page.all("g") if "course" in e.kinds and figure in e.parents]
    kinds = [[k for e in page.elements if row in e.parents for k in e.kinds] for row in rows]
    assert ["transplant" in each for each in kinds] == [False, True, False, False]
    assert ["progression" in each for each in kinds] == [False, False, True, True]
    assert ["window" in each for each in kinds] == [False, False, True, True]
    assert "best response VGPR" in rows[0].text and "progression 2023-06-20" in rows[2].text


def test_the_record_is_told_apart_from_what_was_stated(page: Page) -> None:
    terms = [e.text for e in page.section("patient") if e.tag == "dt"]
    assert {"Stated", "From the treatment record", "Derived"} <= {*terms}


def test_progression_on_a_drug_has_no_window(catalogue: Catalogue) -> None:
    (one,) = spans([{**VRD, "stopped_for": "progression"}], catalogue)
    assert one.failed and not one.window


def test_late_progression_leaves_no_drug_refractory(catalogue: Catalogue) -> None:
    (one,) = spans([{**VRD, "progression": "2021-03-01"}], catalogue)
    assert (one.failed, one.window) == ((), False)


def test_a_window_ends_sixty_days_after_the_last_dose(catalogue: Catalogue) -> None:
    found = spans([{**VRD, "progression": "2020-07-20"}], catalogue)
    axis = timeline._axis(found, TODAY)
    assert axis is not None
    (figure,) = timeline.draw(found, TODAY)
    window = next(e for e in Page(str(figure)).all("rect") if "window" in e.kinds)
    stop = date(2020, 6, 29).toordinal()
    left, width = (float(window.attributes[name]) for name in ("x", "width"))
    assert left == pytest.approx(axis.x(stop), abs=0.1)
    assert left + width == pytest.approx(axis.x(stop + 60), abs=0.2)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ((date(2020, 2, 3).toordinal(),) * 2, "2020-02-03"),
        ((date(2020, 2, 1).toordinal(), date(2020, 2, 29).toordinal()), "2020-02"),
        ((date(2020, 1, 1).toordinal(), date(2020, 12, 31).toordinal()), "2020"),
        (
            (date(2020, 2, 1).toordinal(), date(2020, 3, 3).toordinal()),
            "2020-02-01 to 2020-03-03",
        ),
        ((inf, inf), "ongoing"),
        ((-inf, inf), "not stated"),
        (None, "not stated"),
    ],
)
def test_a_day_is_told_as_it_is_known(day: Any, words: str, catalogue: Catalogue) -> None:
    (one,) = spans([VRD], catalogue)
    assert one.told(day) == words


def test_courses_without_dates_are_told_and_not_drawn(catalogue: Catalogue) -> None:
    found = spans([{"drugs": "VRd", "response": "VGPR"}], catalogue)
    assert timeline.draw(found, TODAY) == []


def test_days_from_a_baseline_have_an_axis_of_days(catalogue: Catalogue) -> None:
    found = spans([{"drugs": "VRd", "start": 10, "stop": 900, "progression": 920}], catalogue)
    (figure,) = timeline.draw(found, TODAY)
    words = [e.text for e in Page(str(figure)).all("text")]
    assert "day 365" in words and "day 730" in words
    assert found[0].told(found[0].start) == "day 10"


IPD = {"drugs": "IsaPd", "start": "2019-11-01", "stop": "2020-12-31"}


@pytest.mark.parametrize(
    ("progression", "said"),
    [
        ({}, "not known for isatuximab and pomalidomide"),
        ({"stop": "ongoing", "response": "VGPR"}, "none"),
        ({"progression": "2021-03-15"}, "not known for isatuximab and pomalidomide"),
        ({"progression": "2021-02-10"}, "isatuximab: progression within 60 days of stop; "),
    ],
)
def test_none_is_said_only_where_it_is_known(
    progression: dict[str, str], said: str, catalogue: Catalogue
) -> None:
    """Progression 74 days after the last dose: outside the 60 days, and what it says is open."""
    span = spans([{**IPD, **progression}], catalogue)[-1]
    assert span.refractory().startswith(said)
    assert (span.refractory() == "none") == (said == "none")


def test_what_is_drawn_stands_at_its_day_and_a_course_that_goes_on_ends_today(
    catalogue: Catalogue,
) -> None:
    asct = {"drugs": "ASCT", "start": "2020-08-01", "stop": "2020-08-01"}
    talvey = {"drugs": "Talvey", "start": "2024-06-01", "stop": "ongoing"}
    found = spans([VRD, asct, talvey], catalogue)
    axis = timeline._axis(found, TODAY)
    assert axis is not None
    today = axis.x(date.fromisoformat(TODAY).toordinal())
    assert timeline._end(found[2], axis) == today < axis.x(axis.last)
    (diamond,) = timeline._events(found[1], 0, axis)
    at = axis.x(date(2020, 8, 1).toordinal())
    assert f"M{round(at, 1):g}" in diamond.replace("M ", "M")
    assert sum('class="bar"' in each for each in timeline._bar(found[1], 0, axis)) == 1
