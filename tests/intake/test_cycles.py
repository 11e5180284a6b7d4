"""How many cycles were given, in the words of charts: no part of a drug's name."""

from __future__ import annotations

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import read_cell


@pytest.mark.parametrize(
    "said",
    [
        *("6 ciclos", "4 cicli", "6 Zyklen", "1 Zyklus", "(6 Zyklen)", "4 cures", "x4 cures"),
        *("3 cykli", "3 cycli", "1 ciclo"),
    ],
)
def test_cycles_beside_a_drug_change_nothing(catalogue: Catalogue, said: str) -> None:
    for drug in ("Velcade", "carfilzomib"):
        plain = read_cell("exposed", drug, catalogue).values
        assert read_cell("exposed", f"{drug} {said}", catalogue).values == plain
