"""A formulary, and the ways to ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from lenrx.catalogue.loading import Catalogue
from tests.batch.engine.oracle import Asking

FORMULARY = """\
formulary: here
drugs:
  carfilzomib: {stock: not-stocked}
  selinexor: {stock: note, note: ask the ward}
regimens:
  DaraPd: {stock: needs-approval, note: committee}
  PVd: {stock: not-stocked}
"""


@pytest.fixture(scope="session")
def formulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("formulary") / "local.yaml"
    path.write_text(FORMULARY, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def asking(catalogue: Catalogue) -> Asking:
    """Nothing special: today, no region, no option."""
    return Asking(catalogue)
