"""Runs that were stopped, and go on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from lenrx.batch import runs, turns
from tests.batch.conftest import (
    FILES,
    ROWS,
    batch,
    full,
    interrupted,
    made,
    manifest,
    refused,
    stopped,
)


@pytest.mark.parametrize("first", ["X,many", "X,0"])
def test_an_id_first_seen_in_a_row_that_cannot_be_read_is_the_same_after_a_resume(
    folder: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    (folder / "ids.csv").write_text(
        f"id,prior_lines,refractory\n{first},lena\nY,1,lena\nX,1,lena\n", encoding="utf-8"
    )
    plain = batch(file="ids.csv").stdout_bytes
    with stopped(monkeypatch, 2, full()):
        batch("-o", "ids.ndjson", file="ids.csv")
    batch("-o", "ids.ndjson", "--resume", file="ids.csv")
    assert (folder / "ids.ndjson").read_bytes() == plain


@pytest.mark.parametrize("cell", ['"ID":"X"', '"id":1.5'])
def test_an_id_of_json_is_the_same_after_a_resume(
    folder: Path, monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    (folder / "ids.ndjson").write_text(f"{{{cell}}}\n{{}}\n{{{cell}}}\n", encoding="utf-8")
    plain = batch(file="ids.ndjson").stdout_bytes
    assert b"duplicate-id" in plain
    with stopped(monkeypatch, 2, full()):
        batch("-o", "out.ndjson", file="ids.ndjson")
    batch("-o", "out.ndjson", "--resume", file="ids.ndjson")
    assert (folder / "out.ndjson").read_bytes() == plain


@pytest.mark.parametrize("after", [0, 1, 20, ROWS - 1])
def test_a_stopped_run_goes_on_where_it_was(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    interrupted(monkeypatch, after)
    before = turns.checkpoint(turns.unfinished(Path("out.ndjson"), Path("errors.ndjson")))
    assert before.rows > 0 or after < 2
    asked: list[int] = []
    results = runs.Engine.results

    def watched(engine: Any, found: Any, first: int = 1, ids: Any = None) -> Any:
        asked.append(first)
        return results(engine, found, first, ids)

    monkeypatch.setattr(runs.Engine, "results", watched)
    assert batch(*FILES, "--resume").exit_code == 1
    assert asked == [before.rows + 1]
    assert made(folder) == whole
    assert manifest(folder)["runs"] == 2


def test_a_run_may_be_stopped_again_and_again(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, 7)
    for _ in range(2):
        interrupted(monkeypatch, 7, "--resume")
    batch(*FILES, "--resume")
    assert made(folder) == whole
    assert manifest(folder)["runs"] == 4


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        *(("out.ndjson.part", harm) for harm in ("cut", "gone", "appended", "emptied")),
        *(("errors.ndjson.part", harm) for harm in ("cut", "gone", "appended")),
    ],
)
def test_a_part_that_is_torn_never_reaches_the_output(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, name: str, harm: str
) -> None:
    interrupted(monkeypatch)
    part = folder / name
    assert part.stat().st_size > 10
    if harm == "gone":
        part.unlink()
    elif harm == "appended":
        part.write_bytes(part.read_bytes() + b'{"half a line')
    else:
        part.write_bytes(part.read_bytes()[:-10] if harm == "cut" else b"")
    batch(*FILES, "--resume")
    assert made(folder) == whole


@pytest.mark.parametrize("text", ["", '{"rows": 3', "[1, 2]", '{"other": 1}'])
def test_a_checkpoint_that_is_torn_is_none(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    interrupted(monkeypatch)
    state = folder / "out.ndjson.part.state"
    assert json.loads(state.read_bytes())["rows"] > 0
    state.write_text(text)
    batch(*FILES, "--resume")
    assert made(folder) == whole


def test_a_manifest_that_is_torn_is_refused(folder: Path) -> None:
    for text in ("", "{", "[]", "{}"):
        (folder / "out.ndjson.manifest.json").write_text(text)
        assert "run anew without --resume" in refused(*FILES, "--resume"), text


@pytest.mark.parametrize("name", ["errors.ndjson", "out.ndjson"])
def test_a_run_stopped_while_its_files_are_named_goes_on(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Stopped after a file has its name: no row twice, none lost."""
    replace = Path.replace

    def replaced(path: Path, target: Any) -> Path:
        found = replace(path, target)
        if str(target) == name:
            raise full()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replaced)
        result = batch(*FILES)
        assert result.exit_code == 2
        assert "run again with --resume" in result.stderr
    batch(*FILES, "--resume")
    assert made(folder) == whole


def test_a_run_goes_on_with_another_number_of_jobs(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch)
    assert batch(*FILES, "--resume", "--jobs", "3").exit_code == 1
    assert made(folder) == whole


def test_a_run_can_be_resumed_from_another_folder(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    options = [option if option.startswith("-") else f"../{option}" for option in FILES]
    batch(*options, "--resume", file="../cohort.csv")
    assert not list(elsewhere.iterdir())
    elsewhere.rmdir()
    assert made(folder) == whole


OTHERWISE: Final = {
    (*FILES, "--strict"): "strict is not the same as then",
    (*FILES, "--region", "eu"): "region is not the same as then",
    (*FILES, "--as-of", "2026-11-22"): "as_of is not the same as then",
    (*FILES, "--format", "csv"): "format is not the same as then",
    (*FILES, "--encoding", "latin-1"): "encoding is not the same as then",
    (*FILES, "--ignore", "lvef"): "ignored is not the same as then",
    (*FILES, "--engine", "plain"): "engine is not the same as then",
    ("-o", "out.ndjson"): "--errors is not the same as then",
    ("-o", "out.ndjson", "--errors", "other.ndjson"): "--errors is not the same as then",
    ("-o", "other.ndjson"): "there is nothing to resume",
}


def test_a_run_goes_on_only_as_it_was_begun(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted(monkeypatch)
    before = sorted((path.name, path.read_bytes()) for path in folder.iterdir())
    for options, said in OTHERWISE.items():
        assert said in refused(*options, "--resume"), options
        assert sorted((path.name, path.read_bytes()) for path in folder.iterdir()) == before


def test_a_run_without_errors_is_not_resumed_with_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stopped(monkeypatch, 20, full()):
        batch("-o", "out.ndjson")
    assert "--errors is not the same" in refused(*FILES, "--resume")
    assert not (folder / "errors.ndjson").exists()


def test_a_run_goes_on_only_with_its_own_input(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch)
    path = folder / "cohort.csv"
    path.write_bytes(path.read_bytes().replace(b'"P0000009"', b'"P0009009"'))
    assert "input is not the same as then" in refused(*FILES, "--resume")


def test_a_complete_run_has_nothing_to_resume(folder: Path, whole: dict[str, bytes]) -> None:
    batch(*FILES)
    assert "is complete; there is nothing to resume" in refused(*FILES, "--resume")
    assert made(folder) == whole
