"""Tables read for tests the way a batch reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.column_map import ColumnMap, fields_of
from lenrx.intake.columns.map_file import read_map
from lenrx.intake.columns.proposal import propose
from lenrx.intake.delimited import fielded
from lenrx.intake.reader import RowReader
from lenrx.intake.rows import Passed, Problem
from lenrx.patient.patient import Patient

FIELD = Path(__file__).parents[1] / "field"


class Read(NamedTuple):
    """One row as it was read."""

    patient: Patient | None
    said: tuple[str, ...]
    problems: tuple[Problem, ...]

    def stated(self) -> dict[str, Any]:
        """What is stated, without the id."""
        assert self.patient is not None, self.problems
        given = self.patient.given()
        given.pop("id", None)
        return given


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def read(text: str, asked: ColumnMap, catalogue: Catalogue) -> list[Read]:
    """The rows of a CSV under a map."""
    header, *cells = rows(text)
    reader, found = RowReader(catalogue), list[Read]()
    for row in fielded(cells, fields_of(header, asked, ignore_other=False)):
        assert not isinstance(row, Problem | Passed)
        patient, said, problems, _ = reader.read(row)
        found.append(Read(patient, tuple(words for _, words in said), tuple(problems)))
    return found


def written(folder: Path, text: str) -> str:
    path = folder / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def mapped(text: str, yaml: str, catalogue: Catalogue, folder: Path) -> list[Read]:
    """The rows of a CSV under the text of a map file."""
    return read(text, read_map([written(folder, yaml)], catalogue), catalogue)


def proposed(text: str, catalogue: Catalogue, folder: Path) -> list[Read]:
    """The rows of a CSV under the map that is proposed for it."""
    header, *cells = rows(text)
    return mapped(text, propose(header, cells, catalogue), catalogue, folder)


def columns(header: Sequence[str], catalogue: Catalogue, *sample: Sequence[str]) -> str:
    return propose(header, sample, catalogue)
