"""Memory does not grow with the rows: nothing is left of a row but what is kept within bounds."""

from __future__ import annotations

import gc
import sys
from types import FunctionType, ModuleType
from typing import Any, Final

import pytest

from lenrx.batch.engine import criteria, facts
from lenrx.batch.plan import Plan
from lenrx.batch.worker import Worker
from lenrx.catalogue.loading import Catalogue
from lenrx.intake import reader
from lenrx.intake.cells import lists
from tests.batch.runs import COHORT, Record

PLAN: Final = Plan("", "csv", (("as_of", "2026-11-23"), ("region", None)))


def messy(rows: int) -> list[Record]:
    """Messy rows, a tenth of which cannot be read, and statements that cannot be true."""
    found: list[Record] = list(COHORT(rows, seed=3, messy=0.6, bad=0.1))
    for row in found[::20]:
        row |= {"prior_lines": "0", "refractory": "lena"}
    return found


def written(worker: Worker, rows: list[Record]) -> list[str]:
    return [worker.text(each) for each in worker.results(rows)]


def test_no_row_leaves_a_cycle_behind(catalogue: Catalogue, no_collector: None) -> None:
    """A run switches the collector of cycles off; one cycle a row would be memory without end."""
    worker, rows = Worker(PLAN, catalogue), messy(600)
    lines = written(worker, rows[:300])
    assert sum('"code":"contradiction"' in line for line in lines) > 5
    gc.collect()
    lines = written(worker, rows[300:])
    errors = sum('"error":' in line for line in lines)
    assert 30 < errors < 200
    del lines
    assert gc.collect() < 30


def test_the_same_rows_again_leave_nothing(catalogue: Catalogue, no_collector: None) -> None:
    """Not even what is no cycle: an error that is raised again holds on to who raised it."""
    worker, rows = Worker(PLAN, catalogue), messy(300)
    for _ in range(2):
        written(worker, rows)
    gc.collect()
    before = sys.getallocatedblocks()
    written(worker, rows)
    gc.collect()
    assert sys.getallocatedblocks() - before < len(rows) / 3


MOST: Final = 40
"""Of every kind of thing that is kept, here."""


def reached(worker: Worker) -> list[dict[Any, Any]]:
    """All the mappings that a worker holds somewhere."""
    found, start = list[dict[Any, Any]](), [worker._engine, worker._reader]
    seen, todo = set[int](), list[Any](start)
    while todo:
        each = todo.pop()
        if id(each) in seen or isinstance(each, type | ModuleType | FunctionType | Catalogue):
            continue
        seen.add(id(each))
        if isinstance(each, dict):
            found.append(each)
        todo += gc.get_referents(each)
    return found


def test_what_is_kept_stays_within_its_bounds_and_changes_no_line(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond its bound is only what the catalogue fills, and that hardly grows with the rows."""
    rows = messy(300)
    plain = Worker(PLAN, catalogue)
    expected = written(plain, rows)
    assert sum(len(each) > 2 * MOST for each in reached(plain)) > 20
    monkeypatch.setattr(facts.keep, "__defaults__", (MOST,))
    monkeypatch.setattr(criteria, "KEPT_FRAGMENTS", MOST)
    monkeypatch.setattr(reader, "KEPT_CELLS", MOST)
    monkeypatch.setattr(lists, "KEPT", MOST)
    worker = Worker(PLAN, catalogue)
    found = written(worker, rows[:230])
    before = [(each, len(each)) for each in reached(worker)]
    found += [worker.text(each) for each in worker.results(rows[230:], 231)]
    assert found == expected
    assert max(len(each) - size for each, size in before if len(each) > MOST) < 10
