"""A file made to exhaust the reader: what twice as much of it costs, or where it is refused."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.column_map import NO_MAP, fields_of
from lenrx.intake.columns.proposal import propose
from lenrx.intake.ndjson import ndjson
from lenrx.intake.patient_file import patient_file
from lenrx.intake.reader import read_patient
from lenrx.patient.patient import FIELDS, PatientError


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times as long twice as much takes: 2 where the cost is linear, 4 where quadratic."""

    def took(size: int) -> float:
        begun = time.process_time()
        work(size)
        return time.process_time() - begun

    return min(took(2 * size) for _ in range(3)) / min(took(size) for _ in range(3))


def test_keys_of_a_patient_file_are_read_in_linear_time(tmp_path: Path) -> None:
    def read(size: int) -> None:
        path = tmp_path / f"{size}.json"
        path.write_text(json.dumps({f"k{place}": 1 for place in range(size)}))
        with pytest.raises(PatientError, match="unknown field"):
            patient_file(str(path))

    assert growth(read, 6_000) < 3


def test_a_key_that_is_there_twice_is_found_in_linear_time() -> None:
    def read(size: int) -> None:
        keys = ",".join(f'"k{place}":1' for place in range(size))
        line = f'{{{keys},"k{size - 1}":2}}\n'
        (found,) = ndjson(io.BytesIO(line.encode()), NO_MAP, True)
        assert "twice" in str(found)

    assert growth(read, 3_000) < 3


def test_columns_are_told_and_proposed_in_linear_time(catalogue: Catalogue) -> None:
    fresh = count()  # What was met before is remembered.

    def told(size: int) -> None:
        header = [f"var_{next(fresh)}" for _ in range(size)]
        fields_of(["id", "refractory", *header], NO_MAP, True)

    def proposed(size: int) -> None:
        propose(["refractory"] * size, [], catalogue)

    assert growth(told, 1_500) < 3
    assert growth(proposed, 300) < 3


def test_aliases_that_would_fill_the_memory_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for place in range(1, 10):
        again = ", ".join([f"*a{place - 1}"] * 9)
        lines.append(f"a{place}: &a{place} [{again}]")
    path = tmp_path / "patient.yaml"
    path.write_text("\n".join(lines))
    with pytest.raises(PatientError, match="alias"):
        patient_file(str(path))


@pytest.mark.parametrize("sign", ["(", "[", "; ", " ", "- ", "\n", "no ", "5 ", "lena (", "+"])
def test_a_cell_as_long_as_it_may_be_is_read_or_refused_at_once(
    catalogue: Catalogue, sign: str
) -> None:
    begun = time.process_time()
    for field in FIELDS:
        try:
            read_patient({field: f"5{sign * (990 // len(sign))}6"}, catalogue)
        except PatientError as error:
            assert len(str(error)) < 400
    assert time.process_time() - begun < 2
