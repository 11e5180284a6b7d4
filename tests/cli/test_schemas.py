"""The command that writes the schemas of the data files."""

from __future__ import annotations

from pathlib import Path

import pytest

from lenrx.catalogue.schema import FILES, written
from lenrx.cli.schemas import main


def test_it_writes_one_schema_a_data_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.schema.json" for name in FILES}
    for name in FILES:
        assert (tmp_path / f"{name}.schema.json").read_text(encoding="utf-8") == written(name)
    assert len(capsys.readouterr().out.splitlines()) == len(FILES)


def test_without_a_folder_it_says_how_to_call_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == main([str(tmp_path / "missing")]) == 2
    captured = capsys.readouterr()
    assert "usage" in captured.err
    assert captured.out == ""
