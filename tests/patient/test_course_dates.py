from __future__ import annotations

from datetime import date, timedelta
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenrx.patient.course_dates import BASELINE, ONGOING, are_days, days_of, stop_of

MARCH = (date(2019, 3, 1).toordinal(), date(2019, 3, 31).toordinal())
FIRST = (MARCH[0], MARCH[0])
YEAR = (date(2019, 1, 1).toordinal(), date(2019, 12, 31).toordinal())


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2019-03-01", FIRST),
        ("2019-03-01T00:00:00Z", FIRST),
        ("2019-03-01T23:59:59.123+02:00", FIRST),
        ("2019-03-01 00:00:00", FIRST),
        ("2019-03-01 00:00", FIRST),
        ("2019/03/01", FIRST),
        ("20190301", FIRST),
        (20190301, FIRST),
        (date(2019, 3, 1), FIRST),
        ("01.03.2019", FIRST),
        ("1.3.2019", FIRST),
        ("01MAR2019", FIRST),
        ("1-Mar-2019", FIRST),
        ("1 March 2019", FIRST),
        ("March 1, 2019", FIRST),
        ("1. März 2019", FIRST),
        ("1 mars 2019", FIRST),
        ("2019-03", MARCH),
        ("03/2019", MARCH),
        ("Mar 2019", MARCH),
        ("marzo 2019", MARCH),
        ("2019-03-UN", MARCH),
        ("2019-03-00", MARCH),
        ("UN-MAR-2019", MARCH),
        ("2019", YEAR),
        (2019, YEAR),
        ("2019.0", YEAR),
        ("2019-UN-UN", YEAR),
        ("2019-Q1", (YEAR[0], MARCH[1])),
        ("day 15", (BASELINE + 15, BASELINE + 15)),
        ("D-3", (BASELINE - 3, BASELINE - 3)),
    ],
)
def test_a_day_is_read_as_charts_write_it(written: Any, days: tuple[int, int]) -> None:
    assert days_of(written) == days


def test_a_date_of_three_numbers_is_read_where_it_can_be_one_day_only() -> None:
    assert days_of("13/03/2019") == days_of("03/13/2019") == days_of("2019-03-13")
    assert days_of("03/03/2019") == days_of("2019-03-03")
    with pytest.raises(ValueError, match="day and month or month and day"):
        days_of("03/04/2019")


@pytest.mark.parametrize("written", ["SECRET", "2019-13-01", "1019-01-01", "", True])
def test_what_is_no_day_is_refused_without_its_text(written: Any) -> None:
    with pytest.raises(ValueError, match="must be a date") as error:
        days_of(written)
    assert "SECRET" not in str(error.value)


@pytest.mark.parametrize("written", ["15.07.25", "19-03-01", "1/2/19", "Mar-19", "Juli 25"])
def test_a_year_of_two_digits_is_asked(written: str) -> None:
    with pytest.raises(ValueError, match="year of two digits"):
        days_of(written)


@pytest.mark.parametrize(
    "written",
    [
        "heute",
        "dauerhaft",
        "ongoing",
        "Ongoing",
        "to date",
        "present",
        "current",
        "still on treatment",
        "9999-12-31",
        "9999-12-31T00:00:00",
        "31/12/9999",
        "12/31/9999",
        "2099-12-31",
        9999,
        "en curso",
        "laufend",
        "not yet",
        "on-going",
        "bis heute",
        "2999-12-31",
    ],
)
def test_an_open_end_goes_on(written: Any) -> None:
    assert stop_of(written) == ONGOING == (inf, inf)


@pytest.mark.parametrize(
    ("numbers", "are"),
    [
        ([1, 168], True),
        ([2019, 2020], False),
        ([2019, 200], True),
        (["-5"], True),
        ([], False),
        ([20190301], False),
        (["168.0"], True),
        (["2019-03-01"], False),
        ([2010, 9999], False),
    ],
)
def test_numbers_are_days_when_one_of_them_is_no_year(numbers: list[Any], are: bool) -> None:
    assert are_days(numbers) is are


@given(st.dates(date(1950, 1, 1), date(2080, 1, 1)), st.integers(0, 4000))
def test_days_apart_are_days_apart(day: date, apart: int) -> None:
    later = day + timedelta(apart) if day.year < 2060 else day
    assert days_of(later)[0] - days_of(day)[0] == (later - day).days
    assert days_of(f"day {apart}")[0] - days_of("day 0")[0] == apart
    assert days_of(day.strftime("%d%b%Y")) == days_of(day.isoformat())
