"""A few seconds of the fuzzing, and that it would notice."""

from __future__ import annotations

import gc
import random
import sys
import time
from itertools import islice
from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import FILES
from tests.trust import fuzz
from tests.trust.fuzz import OFTEN, Inputs, changed, kinds, tried


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Inputs:
    return Inputs(tmp_path_factory.mktemp("inputs"), catalogue)


def test_whatever_is_given_is_read_or_refused_in_own_words(inputs: Inputs) -> None:
    chance = random.Random(7)
    asked = [*islice(kinds(chance, ""), 700), *OFTEN]
    failures = [tried(inputs, kind, chance) for kind in asked]
    assert [each for each in failures if each] == []
    assert set(asked) == set(OFTEN)


@pytest.mark.parametrize("kind", ["cell", "name", "courses", "table"])
def test_the_same_inputs_again_leave_nothing(inputs: Inputs, kind: str, no_collector: None) -> None:
    def through() -> int:
        chance = random.Random(3)
        for _ in range(60):
            tried(inputs, kind, chance)
        gc.collect()
        return sys.getallocatedblocks()

    through()
    before = through()
    assert through() - before < 60


@pytest.mark.parametrize(
    ("taken", "what"),
    [
        (lambda text, chance: int("x"), "ValueError"),
        (lambda text, chance: text[10**9], "IndexError"),
        (lambda text, chance: time.sleep(0), None),
    ],
)
def test_an_error_of_python_is_a_failure(
    inputs: Inputs, monkeypatch: pytest.MonkeyPatch, taken: Any, what: str | None
) -> None:
    monkeypatch.setattr(inputs, "take", {**inputs.take, "cell": taken})
    found = tried(inputs, "cell", random.Random(1))
    assert (found and found.what) == what


def test_what_takes_long_is_a_failure(inputs: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "LONGEST", -1.0)
    found = tried(inputs, "name", random.Random(1))
    assert found
    assert found.what.startswith("took ")


def test_inputs_are_near_the_corpus_and_seldom_it() -> None:
    chance = random.Random(1)
    made = [changed("Revlimid; Velcade", ["dara"], chance) for _ in range(200)]
    assert made.count("Revlimid; Velcade") < 40
    assert sum("Rev" in each or "Vel" in each for each in made) > 150


def test_the_corpus_stays_small() -> None:
    files = [path for path in fuzz.CORPUS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 40_000
    assert {path.name for path in (fuzz.CORPUS / "catalogue").iterdir()} == {*FILES}


def test_a_run_says_how_many_there_were(inputs: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "Inputs", lambda *_: inputs)
    monkeypatch.setattr(fuzz, "load", lambda: None)
    found = fuzz.run(30, 1, only="name")
    said = fuzz.record_of(found, 1, "2026.01.02")
    assert said["figures"]["inputs"] == said["figures"]["inputs, name"] == 30
    assert said["catalogue"] == "2026.01.02"
