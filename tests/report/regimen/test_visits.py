from __future__ import annotations

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Component, Dose
from lenrx.report.regimen.visits import visits


def dose(drug: str, amount: str, days: str | None) -> Dose:
    return Dose(drug, amount, "a", "label", days)


@pytest.mark.parametrize(
    ("doses", "said"),
    [
        ([("carfilzomib", "56 mg/m2", "1, 2, 8, 9, 15, 16 of 28")], "6 per 28-day cycle"),
        ([("carfilzomib", "56 mg/m2", "1 of 28 (20 mg/m2 at first)")], "1 per 28-day cycle"),
        (
            [
                ("carfilzomib", "56 mg/m2", "1, 2, 8, 9, 15, 16 of 28"),
                ("carfilzomib", "70 mg/m2", "1, 8, 15 of 28"),
            ],
            "3 or 6 per 28-day cycle",
        ),
        (
            [
                ("carfilzomib", "70 mg/m2", "1, 8, 15 of 28"),
                ("dexamethasone", "20 mg iv", "1, 2, 8 of 28"),
            ],
            "4 per 28-day cycle",
        ),
        (
            [
                ("carfilzomib", "70 mg/m2", "1, 8, 15 of 28"),
                ("dexamethasone", "40 mg", "1, 8, 15, 22 of 28"),
            ],
            "3 per 28-day cycle",
        ),
        ([("carfilzomib", "70 mg/m2", "once weekly")], ""),
        ([("carfilzomib", "70 mg/m2", "1, 8 of 21 in cycles 1-8, then 1")], ""),
        ([("carfilzomib", "70 mg/m2", None)], ""),
        ([], ""),
        (
            [
                ("carfilzomib", "70 mg/m2", "1 of 28"),
                ("dexamethasone", "20 mg iv", "1 of 21"),
            ],
            "",
        ),
    ],
)
def test_visits_are_counted_where_the_schedule_is_plain(
    catalogue: Catalogue, doses: list[tuple[str, str, str | None]], said: str
) -> None:
    kd = catalogue.regimens["Kd"]._replace(schedule=tuple(dose(*each) for each in doses))
    assert visits(kd, catalogue) == said


def test_tablets_need_no_visit_and_a_drug_by_either_way_is_not_guessed(
    catalogue: Catalogue,
) -> None:
    parts = (Component("pomalidomide", "partner"), Component("cyclophosphamide", "partner"))
    oral = (dose("pomalidomide", "4 mg", "1-21 of 28"),)
    kd = catalogue.regimens["Kd"]._replace(drugs=parts[:1], schedule=oral)
    assert visits(kd, catalogue) == ""
    either = (*oral, dose("cyclophosphamide", "400 mg", "1, 8, 15 of 28"))
    assert visits(kd._replace(drugs=parts, schedule=either), catalogue) == ""
    drip = (*oral, dose("cyclophosphamide", "400 mg iv", "1, 8, 15 of 28"))
    assert visits(kd._replace(drugs=parts, schedule=drip), catalogue) == "3 per 28-day cycle"
