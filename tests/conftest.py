from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from lenrx.catalogue import strict_yaml
from lenrx.catalogue.loading import Catalogue, checkout, load
from lenrx.patient.patient import parse_patient
from lenrx.rules.answer import Answer
from lenrx.rules.assessment import assess

TODAY = "2026-11-23"
Ask = Callable[..., Answer]


@pytest.fixture(autouse=True, scope="session")
def parsed_once() -> Iterator[None]:
    """The checkout's YAML is parsed once: it takes longer than most tests, and a wheel has none."""
    read, kept = strict_yaml.read, dict[tuple[int, ...], Any]()

    def once(folder: Path) -> Any:
        if folder != checkout():
            return read(folder)
        stamp = tuple(each.stat().st_mtime_ns for each in sorted(folder.glob("*.yaml")))
        if stamp not in kept:
            kept[stamp] = read(folder)
        return kept[stamp]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_yaml, "read", once)
        yield


@pytest.fixture(scope="session")
def catalogue(parsed_once: None) -> Catalogue:
    return load()


@pytest.fixture(scope="session")
def ask(catalogue: Catalogue) -> Ask:
    def run(*, strict: bool = False, on_label: bool = False, **fields: Any) -> Answer:
        patient = parse_patient(fields, catalogue)
        return assess(catalogue, patient, as_of=TODAY, strict=strict, on_label=on_label)

    return run


@pytest.fixture
def one_catalogue(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read once: a checkout's catalogue takes longer than the rows of all these tests."""
    names = ("catalogue.loading", "batch.worker", "batch.manifest")
    # All are imported first: one that is imported later would keep what stands in for `load`.
    for module in [import_module(f"lenrx.{name}") for name in names]:
        monkeypatch.setattr(module, "load", lambda _=None: catalogue)


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "dumb")
