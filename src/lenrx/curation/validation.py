"""The figures of validation, as scripts wrote them down, and the page that shows them.

Each lies in a file of its name: what was counted, of which catalogue, and what has to be known of
it. What was not run has no file, and the page says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import CatalogueError

PARTS: Final = {
    "deck": "Deck and clauses",
    "vignettes": "Vignettes",
    "mutants": "Mutants",
    "fuzz": "Fuzzing",
    "faults": "Faults",
}
ABOUT: Final = {
    "deck": "Patients made from the catalogue: for every criterion (rules of drugs, classes and "
    "regimens, entry limits of trials, label clauses, drug history) just under, at and just over "
    "each threshold, with what is asked and without, with the field missing, and with statements "
    "that contradict each other; for every regimen the typical patient of its pivotal trial and "
    "one whom it left out. Status, effect, reason, source, missing field and verdict are expected "
    "by a second reading of the catalogue that shares no code with the filters, and held against "
    "the answer. It shows that the program does what the catalogue says, not that the catalogue "
    "is right. `lenrx check --selftest` runs it. By regimen: [deck.csv](validation/deck.csv).",
    "vignettes": "Patients whose expected answers were written before they were run; all of them "
    "hold in the tests, but for expectations that are marked as not met yet, each with its reason "
    "(`tests/vignettes*.yaml`).",
    "mutants": "Faults put into code and catalogue one at a time: how many make a test or "
    "`lenrx check` fail.",
    "fuzz": "Random and damaged input through every reader: no traceback, no hang, no growth.",
    "faults": "Kills, full disks, read-only folders, closed pipes, clocks and locales.",
}
FIRST: Final = 3
"""Figures of a part that are quoted."""


class Figures(NamedTuple):
    """What was counted in one part, of which catalogue, and what has to be known of it."""

    what: str
    catalogue: str
    digest: str
    figures: Mapping[str, float]
    notes: tuple[str, ...]


def home() -> Path:
    """Where the figures lie: in the wheel beside the catalogue, in a checkout with the pages."""
    shipped = Path(__file__).parents[1] / "data" / "validation"
    return shipped if shipped.is_dir() else Path(__file__).parents[3] / "docs" / "validation"


def read(folder: Path) -> dict[str, Figures]:
    """The figures of each part that was run. Raises CatalogueError where a file has none."""
    return {name: _read(folder / f"{name}.json") for name in PARTS if _is_there(folder, name)}


def _is_there(folder: Path, name: str) -> bool:
    return (folder / f"{name}.json").is_file()


def _read(path: Path) -> Figures:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        figures = {str(name): value + 0 for name, value in data["figures"].items()}
        notes = tuple(map(str, data.get("notes", ())))
        return Figures(data["what"], data["catalogue"], data.get("digest", ""), figures, notes)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise CatalogueError(f"{path}: no figures of validation; write them anew") from None


def quoted(found: Mapping[str, Figures], catalogue: Catalogue) -> str:
    """The first figures of every part in a line, and which catalogue they are of if another."""
    said = []
    for name, title in PARTS.items():
        own = found.get(name)
        first = [*own.figures.items()][:FIRST] if own else []
        words = ", ".join(f"{label} {_number(value)}" for label, value in first) or "not run"
        said.append(f"{title}: {words}{_of_another(own, catalogue)}")
    return ". ".join(said) + "."


def _of_another(own: Figures | None, catalogue: Catalogue) -> str:
    """Of which catalogue figures are, where it is not this one."""
    if own is None or (own.catalogue, own.digest or catalogue.sha256[:12]) == (
        catalogue.version,
        catalogue.sha256[:12],
    ):
        return ""
    same = own.catalogue == catalogue.version
    return f" (of catalogue {own.catalogue}{f', digest {own.digest}' if same else ''})"


def page(found: Mapping[str, Figures], catalogue: Catalogue) -> str:
    """The page of the figures, dated by the version of the catalogue."""
    parts = [
        "# Validation",
        "How it was tried that an answer is what the catalogue says, and what came of it. "
        f"Catalogue {catalogue.version}, digest {catalogue.sha256[:12]}. Generated from the files "
        "of [docs/validation](validation), which scripts write; kept fresh by a test. Nothing here "
        "is a prospective validation, and none of it says that a source is right.",
    ]
    for name, title in PARTS.items():
        parts += [f"## {title}", ABOUT[name], *_section(found.get(name), catalogue)]
    return "\n\n".join(parts) + "\n"


def _section(own: Figures | None, catalogue: Catalogue) -> list[str]:
    if own is None:
        return ["Not run."]
    rows = [f"| {name} | {_number(value)} |" for name, value in own.figures.items()]
    table = "\n".join(["| | |", "|---|--:|", *rows])
    other = _of_another(own, catalogue)
    notes = [f"Counted{other}."] if other else []
    return [*notes, table, *(["\n".join(f"- {note}" for note in own.notes)] if own.notes else [])]


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"
