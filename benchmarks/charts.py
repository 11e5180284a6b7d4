"""The patients of the benchmarks: made up, clean, and of a kind that every engine can be given."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any, Final

from cohort import cohort
from flat import Row
from pydantic import BaseModel, ConfigDict

from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import PatientError, parse_patient
from lenrx.patient.state import patient_state

LISTED: Final = ("exposed", "refractory", "cytogenetics", "cytogenetics_absent", "comorbidities")
NAMED: Final = ("id", "sex", "region")


def patients(count: int, catalogue: Catalogue, seed: int = 1) -> list[Row]:
    """Clean made-up patients that lenrx accepts; a contradiction has no verdict to compare."""
    drawn = cohort(2 * count + 100, seed, messy=0, bad=0)
    return list(islice((row for row in drawn if _accepted(row, catalogue)), count))


def _accepted(row: Row, catalogue: Catalogue) -> bool:
    try:
        patient_state(parse_patient(row, catalogue), catalogue)
    except PatientError:
        return False
    return True


def typed(row: Row) -> dict[str, Any]:
    """A row of the cohort with numbers, lists and flags of JSON; what is unknown is left out."""
    return {field: _typed(field, cell) for field, cell in row.items() if cell}


def _typed(field: str, cell: str) -> Any:
    if field in LISTED:
        return cell.split("; ")
    return cell if field in NAMED else json.loads(cell)


class Chart(BaseModel):
    """A row of JSON as a straightforward program declares it."""

    model_config = ConfigDict(extra="forbid")

    id: str
    age: int | None = None
    sex: str | None = None
    prior_lines: int | None = None
    exposed: list[str] = []
    refractory: list[str] = []
    egfr: float | None = None
    dialysis: bool | None = None
    cytogenetics: list[str] | None = None
    cytogenetics_absent: list[str] | None = None
    emd: bool | None = None
    ecog: int | None = None
    neuropathy_grade: int | None = None
    lvef: float | None = None
    platelets: float | None = None
    anc: float | None = None
    comorbidities: list[str] | None = None
    region: str | None = None


def written(count: int, catalogue: Catalogue, path: Path) -> list[Row]:
    """Patients, also in a file of NDJSON."""
    rows: list[Row] = [typed(row) for row in patients(count, catalogue)]
    with path.open("w") as out:
        out.writelines(f"{json.dumps(row)}\n" for row in rows)
    return rows
