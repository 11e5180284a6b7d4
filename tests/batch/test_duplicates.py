"""Ids that stand in more than one row."""

from __future__ import annotations

import pytest

from lenrx.batch import duplicates
from lenrx.batch.duplicates import Ids
from lenrx.intake.rows import plain_id


def test_ids_are_remembered_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "FIRST", 8)
    ids = Ids()
    assert [ids.before(f"P{row}", row) for row in range(1, 2001)] == [None] * 2000
    assert [ids.before(f"P{row}", 3000 + row) for row in range(1, 2001)] == [*range(1, 2001)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": " P1 "}, "P1"),
        ({"ID": "P1"}, "P1"),
        ({"id": 7}, "7"),
        ({"id": ""}, None),
        ({"id": "unknown"}, None),
        ({"id": True}, None),
        ({"id": ["P1"]}, None),
        ({"age": 60}, None),
    ],
)
def test_the_id_of_a_row_is_what_a_row_says_whatever_else_is_in_it(
    row: dict[str, object], said: str | None
) -> None:
    assert plain_id(row) == said
