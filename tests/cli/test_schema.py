"""`lenrx schema`: what it prints, and what it says of a name that no document has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lenrx.cli.main import app
from lenrx.cli.schema import NAMES
from lenrx.report.schemas.published import schema


@pytest.mark.parametrize("name", NAMES)
def test_it_prints_the_schema_of_each_document(name: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["schema", name])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == schema(name)
    assert CliRunner().invoke(app, ["schema", name.upper()]).stdout == result.stdout
    CliRunner().invoke(app, ["schema", name, "-o", str(tmp_path / "schema.json")])
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == result.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pateint", "did you mean patient?"),
        ("Pateint", "'Pateint'; did you mean patient?"),
        ("zzz", "patient, recommendation, plan, plan-record, result, legend, manifest, shown"),
    ],
)
def test_a_name_that_does_not_exist_is_said_with_the_nearest(name: str, said: str) -> None:
    result = CliRunner().invoke(app, ["schema", name])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert name in result.stderr
    assert said in result.stderr
