"""Runs that were stopped, and go on."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from lenrx.batch import run
from lenrx.batch.worker import Worker
from lenrx.catalogue.loading import Catalogue
from lenrx.cli import main as cli
from tests.batch.runs import (
    FILES,
    PARTS,
    ROWS,
    SHORT,
    batch,
    done,
    everything,
    full,
    interrupted,
    made,
    manifest,
    refused,
    stopped,
    write,
)

pytestmark = pytest.mark.usefixtures("short")


@pytest.mark.parametrize("first", ["X,many", "X,0"])
def test_an_id_first_seen_in_a_row_that_cannot_be_read_is_the_same_after_a_resume(
    folder: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    rows = f"{first},lena\n" + "Y,1,lena\n" * SHORT + "X,1,lena\n"
    (folder / "ids.csv").write_text(f"id,prior_lines,refractory\n{rows}", encoding="utf-8")
    plain = batch(file="ids.csv").stdout_bytes
    assert b"the id stands in row 1 too" in plain.splitlines()[-1]
    with stopped(monkeypatch, SHORT, full()):
        batch("-o", "ids.ndjson", file="ids.csv")
    assert done(Path("ids.ndjson.parts")) == [0]
    batch("-o", "ids.ndjson", "--resume", file="ids.csv")
    assert (folder / "ids.ndjson").read_bytes() == plain


@pytest.mark.parametrize("cell", ['"ID":"X"', '"id":1.5'])
def test_an_id_of_json_is_the_same_after_a_resume(
    folder: Path, monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    other = '{"refractory":"lena"}'
    rows = [f"{{{cell}}}", "{}", *[other] * SHORT, f"{{{cell}}}", ""]
    (folder / "ids.ndjson").write_text("\n".join(rows), encoding="utf-8")
    plain = batch(file="ids.ndjson").stdout_bytes
    assert b"duplicate-id" in plain
    with stopped(monkeypatch, SHORT, full()):
        batch("-o", "out.ndjson", file="ids.ndjson")
    batch("-o", "out.ndjson", "--resume", file="ids.ndjson")
    assert (folder / "out.ndjson").read_bytes() == plain


@pytest.mark.parametrize("after", [0, 1, 7, 20, ROWS - 1])
def test_a_stopped_run_goes_on_with_the_stretches_that_are_missing(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    interrupted(monkeypatch, after)
    before = done()
    assert before == list(range(after // SHORT))
    asked: list[int] = []
    results = Worker.results

    def watched(worker: Any, found: Any, first: int = 1, ids: Any = None) -> Any:
        asked.append(first)
        return results(worker, found, first, ids)

    monkeypatch.setattr(Worker, "results", watched)
    assert batch(*FILES, "--resume").exit_code == 1
    assert asked == [1 + number * SHORT for number in range(len(before), 5)]
    assert made(folder) == whole
    assert manifest(folder)["runs"] == 2


def test_a_run_may_be_stopped_again_and_again(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, 7)
    for stretches in (2, 3):
        interrupted(monkeypatch, 7, "--resume")
        assert done() == list(range(stretches))
    batch(*FILES, "--resume")
    assert made(folder) == whole
    assert manifest(folder)["runs"] == 4


@pytest.mark.parametrize(
    ("number", "ending", "harm"),
    [
        *((1, "results", harm) for harm in ("cut", "gone", "appended", "emptied")),
        *((1, "errors", harm) for harm in ("gone", "appended")),
        *((1, "json", harm) for harm in ("cut", "gone", "emptied", "other")),
        *((number, "json", "gone") for number in (0, 3)),
    ],
)
def test_a_stretch_that_is_torn_is_made_anew(
    folder: Path,
    whole: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    ending: str,
    harm: str,
) -> None:
    interrupted(monkeypatch)
    assert done() == [0, 1, 2, 3]
    part = folder / PARTS / f"{number:06}.{ending}"
    text = part.read_bytes()
    if harm == "gone":
        part.unlink()
    else:
        after = {"cut": text[:-1], "appended": text + b"{", "emptied": b"", "other": b"[1]"}
        part.write_bytes(after[harm])
    assert batch(*FILES, "--resume").exit_code == 1
    assert made(folder) == whole


def test_what_a_killed_process_left_half_written_is_passed_over(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, 7)
    for name in ("000001.results", "000001.errors", "000004.results.77", "000002.json.77"):
        (folder / PARTS / name).write_text('{"half a line')
    batch(*FILES, "--resume")
    assert made(folder) == whole


def test_what_a_process_of_a_killed_run_still_writes_reaches_no_output(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, 7)
    put = run._put
    with (folder / PARTS / "000001.results").open("w") as late:

        def beside_another(*args: Any) -> None:
            put(*args)
            print("x" * 10_000, file=late, flush=True)

        monkeypatch.setattr(run, "_put", beside_another)
        batch(*FILES, "--resume")
    assert made(folder) == whole


def test_stretches_of_other_rows_are_not_taken_for_those_of_a_new_run(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of an older run that were not removed would be joined without a word."""
    interrupted(monkeypatch, 20, "--strict")

    def kept(_: Path) -> None:
        raise PermissionError(13, "Permission denied", str(PARTS))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", kept)
        assert "Permission denied" in refused(*FILES)
    batch(*FILES)
    assert made(folder) == whole


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"options": 1}', "\ufeff{"])
def test_a_manifest_that_is_torn_is_refused(folder: Path, text: str) -> None:
    (folder / "out.ndjson.manifest.json").write_text(text)
    assert "run anew without --resume" in refused(*FILES, "--resume")


@pytest.mark.parametrize("name", ["errors.ndjson", "out.ndjson", "out.legend.json"])
def test_a_run_stopped_while_its_files_are_named_goes_on(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Stopped after a file has its name: no row twice, none lost."""
    name_it = Path.replace

    def replaced(path: Path, target: Any) -> Path:
        found = name_it(path, target)
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
    interrupted(monkeypatch, 7)
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
    (*FILES, "--on-label"): "on_label is not the same as then",
    (*FILES, "--region", "eu"): "region is not the same as then",
    (*FILES, "--as-of", "2026-11-22"): "as_of is not the same as then",
    (*FILES, "--format", "csv"): "format is not the same as then",
    (*FILES, "--format", "csv", "--long"): "format is not the same as then",
    (*FILES, "--detail", "brief"): "detail is not the same as then",
    (*FILES, "--encoding", "utf-8-sig"): "encoding is not the same as then",
    (*FILES, "--ignore", "lvef"): "ignored is not the same as then",
    (*FILES, "--ignore-other"): "ignore_other is not the same as then",
    (*FILES, "--map", "lvef=lvef"): "columns is not the same as then",
    (*FILES, "--formulary", "local.yaml"): "formulary is not the same as then",
    ("-o", "out.ndjson"): "--errors is not the same as then",
    ("-o", "out.ndjson", "--errors", "other.ndjson"): "--errors is not the same as then",
    ("-o", "other.ndjson"): "there is nothing to resume",
}


@pytest.mark.parametrize(("options", "said"), OTHERWISE.items(), ids=lambda one: " ".join(one[2:]))
def test_a_run_goes_on_only_as_it_was_begun(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], said: str
) -> None:
    (folder / "local.yaml").write_text("formulary: Local\ndrugs: {}\n")
    interrupted(monkeypatch, 7)
    before = everything(folder)
    assert said in refused(*options, "--resume")
    assert everything(folder) == before


def test_a_run_goes_on_only_with_the_catalogue_that_it_was_begun_with(
    folder: Path, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue
) -> None:
    interrupted(monkeypatch, 7)
    before = everything(folder)
    monkeypatch.setattr("lenrx.batch.manifest.load", lambda _: replace(catalogue, sha256="0"))
    assert "catalogue is not the same as then" in refused(*FILES, "--resume")
    assert everything(folder) == before


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


def test_a_run_is_resumed_for_the_day_that_it_was_begun_for(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch)
    assert CliRunner().invoke(cli.app, ["batch", "cohort.csv", *FILES, "--resume"]).exit_code == 1
    assert made(folder) == whole
    assert manifest(folder)["options"]["as_of"] == "2026-11-23"


def test_a_complete_run_has_nothing_to_resume(folder: Path, whole: dict[str, bytes]) -> None:
    batch(*FILES)
    assert "is complete; there is nothing to resume" in refused(*FILES, "--resume")
    assert made(folder) == whole


def test_a_resumed_summary_is_that_of_a_run_without_a_stop(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch)
    assert not (folder / "summary.json").exists()
    batch(*FILES, "--resume")
    found = json.loads((folder / "summary.json").read_bytes())
    assert found == json.loads(whole["summary.json"])
    assert found["duplicate_ids"] == 2


def test_tables_are_resumed_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "cohort.csv", 12)
    for how in (("--format", "csv"), ("--format", "csv", "--long"), ("--detail", "brief")):
        with stopped(monkeypatch, 7, full()):
            assert batch("-o", "out", *how).exit_code == 2
        assert done(Path("out.parts")) == [0]
        batch("-o", "out", *how, "--resume")
        assert (folder / "out").read_bytes() == batch(*how).stdout_bytes, how


@pytest.mark.parametrize("gone", [0, 2])
@pytest.mark.parametrize("ending", ["json", "results"])
def test_a_stretch_that_goes_missing_before_the_end_is_not_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, gone: int, ending: str
) -> None:
    plain = batch().stdout_bytes
    work = run.work

    def damaged(*args: Any) -> int:
        count = work(*args)
        (PARTS / f"{gone:06}.{ending}").unlink()
        return count

    with monkeypatch.context() as patch:
        patch.setattr("lenrx.batch.manifest.work", damaged)
        assert "something of it was moved or changed; run again with --resume" in refused(*FILES)
    assert not Path("out.ndjson").exists()
    batch(*FILES, "--resume")
    assert Path("out.ndjson").read_bytes() == plain
