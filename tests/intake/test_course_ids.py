"""Tables of courses whose ids are not plain: left blank, in capitals and not, totals beneath."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.intake.test_courses import lenrx
from tests.intake.test_files import records

pytestmark = pytest.mark.usefixtures("one_catalogue")
HEAD = "id,drugs,start,stop\n"


def answered(tmp_path: Path, rows: str, patients: str = "") -> tuple[list[dict[str, Any]], str]:
    file = tmp_path / "courses.csv"
    file.write_text(HEAD + rows)
    beside = tmp_path / "patients.csv"
    beside.write_text(patients)
    done = lenrx("batch", *([beside] if patients else []), "--courses", file)
    return records(done), done.stderr


def refused(found: list[dict[str, Any]]) -> dict[str, str]:
    return {each["id"]: each["error"]["field"] for each in found if "error" in each}


def test_a_course_without_an_id_may_be_of_the_patient_above(tmp_path: Path) -> None:
    found, said = answered(tmp_path, "P1,VRd,2019,2020\n,Kd,2021,2022\nP2,Rd,2019,2020\n")
    assert refused(found) == {"P1": "treatments"}
    assert "without an id" in said


def test_a_course_without_an_id_above_all_others_is_nobodys(tmp_path: Path) -> None:
    found, said = answered(tmp_path, ",Kd,2021,2022\nP2,Rd,2019,2020\n")
    assert refused(found) == {}
    assert "rows without an id, which belong to nobody: 1" in said


@pytest.mark.parametrize("patients", ["", "id,age\nP1,66\nP2,70\n"])
def test_ids_that_differ_in_case_alone_are_asked(tmp_path: Path, patients: str) -> None:
    rows = "P1,VRd,2019,2020\nP2,Rd,2019,2020\np1,Kd,2021,2022\n"
    found, _ = answered(tmp_path, rows, patients)
    wanted = {"P1": "treatments"} if patients else {"P1": "treatments", "p1": "treatments"}
    assert refused(found) == wanted


@pytest.mark.parametrize("total", ["Total,2,,", "Total,,,", "Total,3,2,2"])
def test_a_total_is_no_patient_and_is_said(tmp_path: Path, total: str) -> None:
    found, said = answered(tmp_path, f"P1,VRd,2019,2020\nP2,Rd,2019,2020\n{total}\n")
    assert [each["id"] for each in found] == ["P1", "P2"]
    assert "totals or notes under the table, passed over: 1" in said
