"""What the cells of a column tell of its field: how many of them can be read as values of one."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import BESIDE, CellError, CellReading, read_cell
from lenrx.intake.columns.cells import read_column
from lenrx.intake.columns.column import Column


def share(field: str, cells: list[str], catalogue: Catalogue) -> float:
    """How many of the cells with something in them read as values of `field`.

    Where the first ones do not, the others are not tried: most columns of a wide table are none.
    """
    first = list(dict.fromkeys(cells))[:_FIRST]
    if len(cells) > len(first) and not any(reads(field, each, catalogue) for each in first):
        return 0.0
    found = [tried(Column(field, ""), cell, catalogue) for cell in cells]
    telling = [
        read is not None
        and any(value and name not in BESIDE for name, value in read.values)
        and _tells(field, cell)
        for read, cell in zip(found, cells, strict=True)
        if read is None or read.values
    ]
    return sum(telling) / len(telling) if len(telling) > 1 else 0.0


_FIRST: Final = 8


def reads(field: str, cell: str, catalogue: Catalogue) -> bool:
    """Whether a cell states something of `field`."""
    read = tried(Column(field, ""), cell, catalogue)
    return read is not None and any(value for _, value in read.values)


def _tells(field: str, cell: str) -> bool:
    """Whether a cell can only mean this field: a cross or an R also fills any other column."""
    return field in ("sex", "region") or len(cell.strip()) > 2


@lru_cache(20_000)
def tried(column: Column, cell: str, catalogue: Catalogue) -> CellReading | None:
    """What a cell of a column states; None where it cannot be read."""
    try:
        if column == Column(column.field, ""):
            return read_cell(column.field, cell, catalogue)
        return read_column(column, cell, catalogue)
    except CellError:
        return None
