"""What lies after the day of the answer was not done by then."""

from __future__ import annotations

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.reader import RowReader

DAY = "2026-11-29"
LATE = [
    ("exposed", "VRd, ASCT 2027"),
    ("exposed", "VRd, ASCT 12/2026"),
    ("exposed", "VRd 2027-01-03"),
    ("emd", "yes (PET 12/2026)"),
    ("cytogenetics", "del17p (01.02.2027)"),
    ("comorbidities", "stroke 2030"),
]
IN_TIME = [
    ("exposed", "VRd, ASCT 11/2026"),
    ("exposed", "VRd 2026"),
    ("emd", "yes (PET 2026-11)"),
    ("cytogenetics", "del17p (01.02.2021)"),
    ("comorbidities", "stroke 2015"),
]


@pytest.mark.parametrize(("field", "cell"), LATE)
def test_a_later_date_is_refused(catalogue: Catalogue, field: str, cell: str) -> None:
    reading = RowReader(catalogue, as_of=DAY).read({field: cell, "refractory": "lenalidomide"})
    assert [(each.field, each.code) for each in reading.problems] == [(field, "contradiction")]
    assert RowReader(catalogue).read({field: cell}).patient is not None


@pytest.mark.parametrize(("field", "cell"), IN_TIME)
def test_a_date_by_the_day_is_read(catalogue: Catalogue, field: str, cell: str) -> None:
    assert not RowReader(catalogue, as_of=DAY).read({field: cell}).problems


def test_the_day_of_the_row_comes_first(catalogue: Catalogue) -> None:
    row = {"exposed": "VRd 2022", "as_of": "2020-05-01"}
    assert RowReader(catalogue, as_of=DAY).read(row).problems
