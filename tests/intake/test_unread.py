"""Cells that cannot be read: an error of their row, or, where that is asked for, not stated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from lenrx.catalogue.fields import DECLARED
from lenrx.catalogue.loading import Catalogue, load
from lenrx.cli.main import app
from lenrx.intake.columns.column import NEVER_LEFT, Column
from lenrx.intake.reader import RowReader

CATALOGUE = load()
NONSENSE = "see letter"
LEN = {"id": "1", "refractory": "lenalidomide"}
ROWS = (
    "id,refractory,egfr,comorbidities\n"
    f"1,lenalidomide,{NONSENSE},CHF\n"
    f"2,{NONSENSE},40,\n"
    f"3,bortezomib,30,{NONSENSE}\n"
)


def lenrx(*args: Any) -> Result:
    return CliRunner().invoke(app, [*map(str, args)])


def batch(folder: Path, *options: str, text: str = ROWS) -> tuple[list[dict[str, Any]], str, int]:
    (folder / "c.csv").write_text(text, encoding="utf-8")
    done = lenrx("batch", folder / "c.csv", *options)
    return [json.loads(each) for each in done.stdout.splitlines()], done.stderr, done.exit_code


@pytest.mark.parametrize("field", [name for name in DECLARED if name not in ("id", "treatments")])
def test_every_field_but_those_that_decide_may_be_left(catalogue: Catalogue, field: str) -> None:
    row = LEN | {field: NONSENSE}
    strict = RowReader(catalogue).read(row)
    assert strict.patient is None
    assert (strict.problems[0].field, strict.left) == (field, ())
    found = RowReader(catalogue, leave_unread=True).read(row)
    if field in NEVER_LEFT:
        assert (found.patient, found.left, found.problems) == (None, (), strict.problems)
    else:
        assert found.patient is not None
        assert getattr(found.patient, field) is None
        assert found.left == (field,)
        assert found.said[0][0] == field and NONSENSE in found.said[0][1]


@given(cell=st.text(max_size=30))
def test_a_cell_is_read_the_same_whether_others_may_be_left(cell: str) -> None:
    """What can be read is read the same, and what is left states nothing."""
    row = LEN | {"egfr": cell, "comorbidities": cell, "cytogenetics": cell}
    strict = RowReader(CATALOGUE).read(row)
    lenient = RowReader(CATALOGUE, leave_unread=True).read(row)
    assert lenient.patient is not None
    if strict.patient is None:
        fields = {each.field for each in strict.problems}
        assert fields == {*lenient.left}
        stated = RowReader(CATALOGUE).read({k: v for k, v in row.items() if k not in fields})
        assert lenient.patient == stated.patient
    else:
        assert lenient[:3] == strict[:3]


def test_a_column_of_one_illness_that_is_left_is_not_absent(catalogue: Catalogue) -> None:
    """Two columns of one finding: no in one and nonsense in the other is not a no."""
    one = Column("comorbidities", "DVT", of="prior_vte")
    other = Column("comorbidities", "PE", of="prior_vte", unread="missing")
    found = RowReader(catalogue).read({**LEN, one: "no", other: NONSENSE})
    assert found.patient is not None
    assert found.patient.comorbidities_absent in (None, ())
    told = RowReader(catalogue).read({**LEN, one: "no", other: "no"}).patient
    assert told is not None and told.comorbidities_absent == ("prior_vte",)


@pytest.mark.parametrize("country", ["UK", "Schweiz", "Brasil", "Canada", "Narnia"])
def test_a_country_without_a_label_here_does_not_cost_the_row(
    catalogue: Catalogue, country: str
) -> None:
    """Neither label is taken for its own: both are asked, or the one of the run, which is said."""
    row = LEN | {"region": country}
    assert RowReader(catalogue).read(row).problems[0].field == "region"
    both = RowReader(catalogue, leave_unread=True).read(row)
    assert both.patient is not None and both.patient.region is None
    one = RowReader(catalogue, "eu", leave_unread=True).read(row)
    assert one.patient is not None and one.patient.region == "eu"
    assert one.left == ("region",)
    assert f"read '{country}' as not stated, so the eu label of the run counts" in one.said[0][1]


def test_a_run_says_what_it_left(tmp_path: Path) -> None:
    (first, second, third), said, code = batch(tmp_path, "--unread", "missing")
    assert "egfr" not in first["given"] and first["given"]["comorbidities"]
    assert [(each["code"], each["fields"]) for each in first["warnings"][-1:]] == [
        ("unread-cell", ["egfr"])
    ]
    assert second["error"]["field"] == "refractory"
    assert third["given"]["egfr"] == 30 and "comorbidities" not in third["given"]
    told = (
        "2 of 3 rows have a cell that cannot be read, taken as not stated (comorbidities 1, egfr 1)"
    )
    assert told in said
    assert code == 1


def test_without_it_a_cell_costs_its_row(tmp_path: Path) -> None:
    rows, said, code = batch(tmp_path)
    assert [row["error"]["field"] for row in rows] == ["egfr", "refractory", "comorbidities"]
    assert (code, "3 of 3 rows could not be read" in said) == (1, True)


def test_a_map_says_it_for_all_or_for_one_column(tmp_path: Path) -> None:
    every, one = tmp_path / "every.yaml", tmp_path / "one.yaml"
    every.write_text("unread: missing\n")
    one.write_text("columns:\n  egfr: {column: egfr, unread: missing}\n")
    for path, wrong in ((every, [2]), (one, [2, 3])):
        rows, _, _ = batch(tmp_path, "--map", str(path))
        assert [row["row"] for row in rows if "error" in row] == wrong
    rows, _, _ = batch(tmp_path, "--map", str(every), "--unread", "error")
    assert all("error" in row for row in rows)


def test_the_summary_counts_them(tmp_path: Path) -> None:
    batch(tmp_path, "--unread", "missing", "--summary-json", str(tmp_path / "s.json"))
    found = json.loads((tmp_path / "s.json").read_text())
    assert found["unread_cells"] == {"comorbidities": 1, "egfr": 1}
    assert found["unreadable_fields"] == {"refractory": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unread: perhaps\n", "map.yaml:1: must be error or missing"),
        (
            "columns:\n  refractory: {column: refractory, unread: missing}\n",
            "map.yaml:2: refractory: unread: refractory decides too much",
        ),
    ],
)
def test_a_map_that_asks_for_more_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text)
    rows, told, code = batch(tmp_path, "--map", str(path))
    assert (rows, code) == ([], 2)
    assert said in told
