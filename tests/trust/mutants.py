"""Mutants: one small change at a time to the code or the catalogue, and whether a test notices.

    python tests/trust/mutants.py code --sample 300 --seed 1
    python tests/trust/mutants.py catalogue --sample 300 --seed 1 --write

Each change is made in a copy of the tree. For the code, the test files that concern the changed
module are run until the first failure; for the catalogue, `lenrx check` and the tests on it. A
change that nothing notices survives and is listed. Without a change all of these tests must pass:
that is run first.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.trust.changes import Mutant, of_code, of_yaml

ROOT: Final = Path(__file__).parents[2]
RECORD: Final = ROOT / "docs" / "validation" / "mutants.json"
COPIED: Final = ("src", "tests", "data", "docs", "README.md", "pyproject.toml")
LONGEST: Final = 300
"""Seconds for the tests of one mutant; what takes longer never ends, and counts as noticed."""
Fate = Literal["killed", "survived", "timeout"]

CELLS: Final = (
    *("intake/test_cells.py", "intake/test_opposites.py", "intake/test_field_cells.py"),
    *("intake/test_units.py", "intake/test_lists.py", "intake/test_beside.py"),
    *("intake/test_unread.py", "intake/test_chart.py", "intake/test_chart_spellings.py"),
    *("intake/test_medicine_cells.py", "intake/test_neighbours.py"),
)
CODE: Final[dict[str, tuple[str, ...]]] = {
    "catalogue/conditions.py": ("catalogue/test_conditions.py", "patient/test_state.py"),
    "catalogue/names.py": (
        *("patient/test_patient.py", "intake/test_lists.py", "intake/test_cells.py"),
        *("patient/test_medications.py", "rules/test_plan.py"),
    ),
    "patient/state.py": (
        *("patient/test_state.py", "patient/test_patient.py", "patient/test_stated.py"),
        *("rules/test_resistance.py", "rules/test_vignettes.py"),
    ),
    "patient/lines_of_therapy.py": (
        *("patient/test_lines_of_therapy.py", "patient/test_course_dates.py"),
        *("patient/test_exposures.py", "intake/test_courses.py"),
    ),
    "rules/filters.py": (
        *("rules/test_resistance.py", "rules/test_interactions.py", "rules/test_drug_limits.py"),
        *("rules/test_regions.py", "rules/test_order.py", "report/test_report.py"),
        "rules/test_vignettes.py",
    ),
    "rules/order.py": (
        *("rules/test_order.py", "rules/test_network.py", "rules/test_regions.py"),
        "rules/test_vignettes.py",
    ),
    "rules/labels.py": (
        *("rules/test_order.py", "rules/test_regions.py", "rules/test_vignettes.py"),
    ),
    "intake/cells": CELLS,
}
"""The test files that concern a module, or every module of a folder; the quickest come first."""
CATALOGUE: Final = (
    *("rules/test_drug_limits.py", "rules/test_resistance.py", "rules/test_interactions.py"),
    *("catalogue/test_figures.py", "catalogue/test_evidence.py", "curation/test_checks.py"),
    *("rules/test_network.py", "rules/test_regions.py", "rules/test_order.py"),
    "rules/test_vignettes.py",
)
"""The tests on the catalogue. Pages made from it are left out: they are made again when it
changes, and their tests would notice every change of a word."""
YAML: Final = ("regimens.yaml", "drugs.yaml", "interactions.yaml")


def code_mutants() -> Iterator[Mutant]:
    """Every change to the modules that decide and that read cells."""
    for name in CODE:
        path = ROOT / "src" / "lenrx" / name
        for module in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield from of_code(str(module.relative_to(ROOT)), module.read_text(encoding="utf-8"))


def catalogue_mutants() -> Iterator[Mutant]:
    """Every change to a threshold, a comparator, a role, an effect, a region or a date."""
    for name in YAML:
        path = ROOT / "data" / name
        yield from of_yaml(f"data/{name}", path.read_text(encoding="utf-8"))


def drawn(kind: str, only: str, size: int, seed: int) -> tuple[int, list[Mutant]]:
    """How many changes there are, and a sample of them in no order."""

    def every() -> Iterator[Mutant]:
        found = code_mutants() if kind == "code" else catalogue_mutants()
        return (each for each in found if only in each.file)

    possible = sum(1 for _ in every())
    chance = random.Random(seed)
    wanted = set(chance.sample(range(possible), min(size, possible)))
    sample = [mutant for number, mutant in enumerate(every()) if number in wanted]
    chance.shuffle(sample)
    return possible, sample


def files_for(mutant: Mutant) -> tuple[str, ...]:
    """The test files that concern the changed file."""
    if mutant.file.startswith("data/"):
        return CATALOGUE
    name = mutant.file.removeprefix("src/lenrx/")
    return next(files for module, files in CODE.items() if name.startswith(module))


def fate(mutant: Mutant, tree: Path) -> Fate:
    """What becomes of a mutant in the copy of the tree, which is put right again."""
    path = tree / mutant.file
    whole = path.read_text(encoding="utf-8")
    path.write_text(mutant.text, encoding="utf-8")
    try:
        return _tested(files_for(mutant), tree, checked=mutant.file.startswith("data/"))
    finally:
        path.write_text(whole, encoding="utf-8")


def _tested(files: Sequence[str], tree: Path, *, checked: bool) -> Fate:
    places = [f"tests/{name}" for name in files]
    pytest = ["pytest", "-x", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-seed=0", *places]
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    until = time.monotonic() + LONGEST
    for module in (["lenrx", "check"], pytest) if checked else (pytest,):
        try:
            done = subprocess.run(
                [sys.executable, "-m", *module],
                cwd=tree,
                env=environment,
                capture_output=True,
                timeout=until - time.monotonic(),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "timeout"
        if done.returncode:
            return "killed"
    return "survived"


def copy_into(folder: Path) -> Path:
    """The tree that the mutants are made in."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return folder


def _pass_unchanged(sample: Sequence[Mutant], tree: Path) -> None:
    """Stop where the tests fail, or lenrx is another, without any change."""
    for files, checked in dict.fromkeys((files_for(m), m.file.startswith("data/")) for m in sample):
        if _tested(files, tree, checked=checked) != "survived":
            raise SystemExit(f"these fail without any change: {', '.join(files)}")
    where = "import lenrx; print(lenrx.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    told = subprocess.run(
        [sys.executable, "-c", where], env=environment, capture_output=True, text=True, check=True
    )
    if not told.stdout.startswith(str(tree)):
        raise SystemExit(f"lenrx is imported from {told.stdout.strip()}, not from the copy")


def record(kind: str, possible: int, seed: int, fates: Sequence[tuple[Mutant, Fate]]) -> None:
    """Write one half of the record; the other half, and reasons given by hand, stay."""
    old = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}
    reasons = {each["change"]: each["reason"] for each in old.get("survivors", ())}
    counts = Counter(fate for _, fate in fates)
    noticed = counts["killed"] + counts["timeout"]
    figures = {
        f"{kind}: possible changes": possible,
        f"{kind}: sample": len(fates),
        f"{kind}: killed": counts["killed"],
        f"{kind}: ended by the clock": counts["timeout"],
        f"{kind}: survived": counts["survived"],
        f"{kind}: noticed, percent": round(100 * noticed / len(fates), 1),
        f"{kind}: seed": seed,
    }
    others = {
        name: number
        for name, number in old.get("figures", {}).items()
        if not name.startswith(f"{kind}:")
    }
    kept = [each for each in old.get("survivors", ()) if each["of"] != kind]
    survivors = [
        {"of": kind, "change": str(mutant), "reason": reasons.get(str(mutant), "not looked into")}
        for mutant, fate in fates
        if fate == "survived"
    ]
    document: dict[str, Any] = {
        "what": "mutants",
        "catalogue": version(),
        "figures": dict(sorted({**others, **figures}.items(), reverse=True)),
        "notes": [
            "A sample of all single changes, drawn evenly: `python tests/trust/mutants.py`.",
            "Code: modules of conditions, names, state, lines, filters, order, labels and cells.",
            "Catalogue: lenrx check and the tests on it; tests of generated pages do not count.",
        ],
        "survivors": sorted([*kept, *survivors], key=lambda each: (each["of"], each["change"])),
    }
    RECORD.parent.mkdir(exist_ok=True)
    written = json.dumps(document, indent=2, ensure_ascii=False)
    RECORD.write_text(f"{written}\n", encoding="utf-8")


def version() -> str:
    """The version of the catalogue."""
    from lenrx.catalogue.loading import load

    return load().version


def main() -> None:
    """Draw a sample, run it, say what survived."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("of", choices=("code", "catalogue"))
    options.add_argument("--sample", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--minutes", type=float, default=600, help="begin no other after these")
    options.add_argument("--only", default="", help="files whose path holds this")
    options.add_argument("--write", action="store_true", help=f"into {RECORD.relative_to(ROOT)}")
    asked = options.parse_args()
    possible, sample = drawn(asked.of, asked.only, asked.sample, asked.seed)
    fates = list[tuple[Mutant, Fate]]()
    until = time.monotonic() + 60 * asked.minutes
    with tempfile.TemporaryDirectory() as folder:
        tree = copy_into(Path(folder))
        _pass_unchanged(sample, tree)
        for number, mutant in enumerate(sample, start=1):
            if time.monotonic() > until:
                break
            fates.append((mutant, fate(mutant, tree)))
            print(f"{number}/{len(sample)} {fates[-1][1]:8} {mutant}", flush=True)
    counts = Counter(fate for _, fate in fates)
    print(f"{possible} possible, {len(fates)} tried: {dict(counts)}")
    if asked.write:
        record(asked.of, possible, asked.seed, fates)


if __name__ == "__main__":
    main()
