"""Rows that are answered without a file, and results that are written with their legend."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from lenrx.batch.files import legend_of
from lenrx.batch.plan import Plan
from lenrx.batch.results import Result
from lenrx.batch.worker import Worker
from lenrx.catalogue.loading import Catalogue

Data = dict[str, Any]
TODAY: Final = "2026-11-23"
COHORT: Final = """\
id,refractory,egfr,ecog,lvef,cytogenetics
A,lena,60,1,60,del17p
B,lena;bort,25,1,60,
C,lena;bort;dara,10,2,60,t(11;14)
D,lena;bort;carf;pom;dara,60,3,,
E,Jane Roe,60,1,60,
F,bort,60,1,60,
A,lena,,,,
H,lena,-3,x,60,
,lena;carf,>60,ECOG 1,55%,
"""


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


class Answers:
    """The results of some rows, asked in one way."""

    def __init__(
        self,
        catalogue: Catalogue,
        rows: str | Iterable[Mapping[str, Any]] = COHORT,
        plan: Mapping[str, Any] | None = None,
        **how: Any,
    ) -> None:
        asked = {"as_of": TODAY, **how}
        self.worker = Worker(Plan("", "csv", tuple(asked.items()), **(plan or {})), catalogue)
        made = rows_of(rows) if isinstance(rows, str) else rows
        self.results: list[Result] = list(self.worker.results(made))
        self.lines = [self.worker.text(each) for each in self.results]

    @cached_property
    def written_legend(self) -> str:
        return json.dumps(self.worker.legend())

    @cached_property
    def legend(self) -> Data:
        """The legend as whoever reads it has it."""
        found: Data = json.loads(self.written_legend)
        return found

    @property
    def rows(self) -> list[Data]:
        return [json.loads(line) for line in self.lines]

    def write(self, path: Path, legend: bool = True) -> Path:
        """The results as a file, with the legend beside it."""
        path.write_text("".join(f"{line}\n" for line in self.lines), encoding="utf-8")
        if legend:
            legend_of(path).write_text(self.written_legend, encoding="utf-8")
        return path


def ranks(row: Data) -> list[str]:
    """The ranks of a result in order; those that share one have that of the first of them."""
    names = [*row["eligible"], *row["conditional"]]
    first = {name: tie[0] for tie in row["ties"] for name in tie}
    return [str(names.index(first.get(name, name)) + 1) for name in names]
