from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lenrx.catalogue.loading import Catalogue
from lenrx.cli import main as cli
from lenrx.rules import filters


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.app, ["check", *args])


@pytest.fixture
def small(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of one regimen: the whole deck has a test of its own."""
    few = replace(catalogue, regimens={"Dexa-BEAM": catalogue.regimens["Dexa-BEAM"]})
    monkeypatch.setattr("lenrx.catalogue.loading.load", lambda _=None: few)


@pytest.mark.usefixtures("small")
def test_a_deck_without_failures_says_its_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("--selftest")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("0 failures in ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.usefixtures("small")
def test_each_failure_is_a_line_and_the_exit_is_1(monkeypatch: pytest.MonkeyPatch) -> None:
    real = filters._sourced

    def sourced(*said: Any) -> filters.Finding:
        return real(*said)._replace(status="not met")

    monkeypatch.setattr(filters, "_sourced", sourced)
    result = run("--selftest")
    failures = result.stdout.splitlines()
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{sum('no patient' not in x for x in failures)} failures in ")
    assert any(
        "Dexa-BEAM: drug cytarabine: " in each and "does not say organs cytarabine" in each
        for each in failures
    )


@pytest.mark.parametrize("more", [["x.csv"], ["--map", "id=a"], ["--courses"], ["--review"]])
def test_a_file_beside_the_self_test_is_refused(more: list[str], tmp_path: Path) -> None:
    result = run("--selftest", *more)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "lenrx: --selftest: goes with --catalogue DIR and nothing else; leave the rest out\n"
    )
