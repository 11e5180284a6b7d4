"""Tables of courses as they come: two clocks, no header, columns left out, what CSV shows."""

from __future__ import annotations

import csv
import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lenrx.catalogue.loading import load
from lenrx.cli.main import app
from lenrx.intake.courses.drugs import given
from lenrx.intake.courses.record import recorded
from lenrx.intake.courses.table import read_table
from lenrx.patient.patient import Patient, PatientError

CATALOGUE = load()
DAY = "2026-11-23"
HEAD = "id,drugs,start,stop,stopped_for\n"


def batch(path: Path, text: str, *args: Any) -> Result:
    file = path / "courses.csv"
    file.write_text(text)
    command = ["batch", "--courses", str(file), "--as-of", DAY, *map(str, args)]
    return CliRunner().invoke(app, command)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "1,VRd,2019-03-01,2019-08-15,\n2,Rd,12,2021-01-01,\n",
            "start: course 2 of the table holds a number of days, and start of course 1 a date",
        ),
        (
            "1,VRd,0,2019-08-15,\n",
            "start: course 1 of the table holds a number of days, and stop of course 1 a date",
        ),
        (
            "1,VRd,43525,43600,\n1,Rd,01/02/2020,2021,\n",
            "start: course 1 of the table holds a number of days, and start of course 2 a date",
        ),
    ],
)
def test_days_beside_dates_are_refused_by_both(tmp_path: Path, rows: str, said: str) -> None:
    done = batch(tmp_path, HEAD + rows)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    "rows",
    [
        "1,VRd,0,120,\n1,Rd,300,9999-12-31,\n",
        "1,VRd,0,120,\n1,Rd,300,ongoing,\n",
        "1,VRd,2019,2020,\n1,Rd,2021-01-05,2021-09,\n",
        "1,VRd,20190301,20190815,\n1,Rd,2021-01-05,,\n",
    ],
)
def test_one_clock_with_open_ends_and_years_is_read(tmp_path: Path, rows: str) -> None:
    done = batch(tmp_path, HEAD + rows)
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "SECRET1,VRd,2019-03-01,2019-08-15,VGPR\nSECRET2,SECRET3,2020-01-01,2021-01-01,PR\n",
        "patient,SECRET1,SECRET2\nregimen,VRd,SECRET3\nstart,2019-03-01,2020-01-01\n",
        "id,SECRET1,SECRET2\ndrugs,SECRET3,Rd\n",
    ],
)
def test_a_table_without_a_header_or_on_its_side_shows_no_value(tmp_path: Path, text: str) -> None:
    done = batch(tmp_path, text)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "SECRET" not in done.stderr
    assert "2019" not in done.stderr


def test_a_column_of_outcomes_is_read_or_said_not_to_be(tmp_path: Path) -> None:
    text = "id,drugs,start,stop,refractory,outcome,ward\n1,Rd,2019,2020,yes,PD,4\n"
    done = batch(tmp_path, text)
    assert json.loads(done.stdout)["derived"]["refractory"] == ["lenalidomide"]
    assert "lenrx: courses: not read: outcome; what it says of progression" in done.stderr
    assert "columns left out: outcome, ward" in done.stderr


def test_reasons_that_are_not_read_are_counted(tmp_path: Path) -> None:
    done = batch(tmp_path, HEAD + "1,VRd,2019,2020,hunch\n2,Rd,2019,2020,hunch\n3,Rd,2019,,PD\n")
    assert "reasons to stop that are not read, as if not stated: 2" in done.stderr


def test_csv_holds_what_the_courses_give(tmp_path: Path) -> None:
    done = batch(tmp_path, HEAD + "1,VRd,2019,2020,\n1,Rd,2021,2022,PD\n", "--format", "csv")
    (row,) = csv.DictReader(done.stdout.splitlines())
    assert row["exposed"] == "bortezomib; dexamethasone; lenalidomide"
    assert row["refractory"] == "lenalidomide"
    assert row["prior_lines"]


def test_a_day_that_is_none_is_said_as_it_was_read(tmp_path: Path) -> None:
    done = batch(tmp_path, HEAD + "1,VRd,25/12/2019,,\n2,Rd,30/02/2021,,\n")
    error = json.loads(done.stdout.splitlines()[1])["error"]
    assert "there is no such day, read as day/month/year" in error["reason"]


def test_a_table_keeps_days_and_open_ends(tmp_path: Path) -> None:
    file = tmp_path / "courses.csv"
    file.write_text(HEAD + "1,VRd,0,9999,\n")
    assert read_table(str(file)).of("1") == [{"drugs": "VRd", "start": "day 0", "stop": "9999"}]


# Size


@pytest.mark.parametrize(
    "course",
    [{"drugs": "Rd"}, {"drugs": "ASCT"}, {"drugs": "VRd, ASCT"}, {"drugs": "Kd", "start": "2019"}],
)
def test_many_courses_take_no_more_than_their_number(course: dict[str, Any]) -> None:
    begun = time.perf_counter()
    try:
        recorded(Patient(), [course] * 20_000, CATALOGUE, DAY)
    except PatientError as error:
        assert "more than 1000 courses" in error.problem
    assert time.perf_counter() - begun < 20


@pytest.mark.parametrize("text", ["zonk ", "zonk, ", "len/", "ASCT ", "no ", "((", "- "])
def test_a_long_cell_is_read_or_refused_soon(text: str) -> None:
    begun = time.perf_counter()
    with suppress(ValueError):
        given(text * 20_000, CATALOGUE)
    assert time.perf_counter() - begun < 10
