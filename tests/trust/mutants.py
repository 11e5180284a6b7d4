"""Mutants: one small change at a time to the code or the catalogue, and whether a test notices.

    python tests/trust/mutants.py code --sample 300 --seed 1
    python tests/trust/mutants.py catalogue --sample 300 --seed 1 --write

Each change is made in a copy of the tree. For the code, the tests that call the changed function
are run until the first failure, the quickest first; for the catalogue, `lenrx check` and the tests
on it. A change that nothing notices survives and is listed. Before the first change all these tests
must pass.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.trust.changes import Mutant, made, of
from tests.trust.reached import Reached, Recorder, function_around

ROOT: Final = Path(__file__).parents[2]
RECORD: Final = ROOT / "docs" / "validation" / "mutants.json"
COPIED: Final = ("src", "tests", "data", "docs", "benchmarks", "README.md", "pyproject.toml")
LONGEST: Final = 120
"""Seconds of the processor for the tests of one mutant; what takes longer counts as noticed."""
MOST: Final = 40
"""Seconds that the tests of one mutant took unchanged; slower ones are left out."""
Fate = Literal["killed", "survived", "timeout"]
FATES: Final[tuple[Fate, ...]] = ("killed", "survived", "timeout")

CODE: Final = (
    *("catalogue/conditions.py", "catalogue/names.py", "patient/state.py"),
    *("patient/lines_of_therapy.py", "rules/filters.py", "rules/order.py", "rules/labels.py"),
    "intake/cells",
)
"""The modules that are changed, or every module of a folder."""
TESTS: Final = ("catalogue", "patient", "rules", "intake")
"""The tests that a change of the code is shown to."""
CATALOGUE: Final = (
    *("catalogue/test_effects.py", "rules/test_interactions.py", "catalogue/test_figures.py"),
    *("rules/test_network.py", "catalogue/test_read_at_source.py", "rules/test_headline.py"),
    *("catalogue/test_evidence.py", "rules/test_authorisations.py", "rules/test_resistance.py"),
    *("rules/test_regions.py", "rules/test_order.py", "rules/test_drug_limits.py"),
    "rules/test_vignettes.py",
)
"""The tests on the catalogue, the quickest first. Pages made from it are left out: they are made
again when it changes, and their tests would notice every change of a word."""
_IMPORTED: Final = ("hypothesis", "jsonschema", "pydantic", "rich.console", "typer.testing", "yaml")
"""Imported before the tests are begun, once for all mutants."""
YAML: Final = ("regimens.yaml", "drugs.yaml", "interactions.yaml")


def every(kind: str) -> list[Mutant]:
    """Every change to the modules that decide and read cells, or to the catalogue's decisions."""
    if kind == "catalogue":
        paths = [ROOT / "data" / name for name in YAML]
    else:
        places = [ROOT / "src" / "lenrx" / name for name in CODE]
        paths = [path for place in places for path in sorted([place, *place.rglob("*.py")])]
    files = [path for path in paths if path.is_file()]
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}
    return [mutant for file, text in texts.items() for mutant in of(file, text)]


def shown_to(mutant: Mutant, reached: Reached) -> list[str]:
    """The tests that a change is shown to."""
    if mutant.file.startswith("data/"):
        return [f"tests/{name}" for name in CATALOGUE]
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    place = (mutant.file, function_around(text, mutant.line))
    return reached.of(place, MOST) or reached.of((mutant.file, 0), MOST)


def fate(mutant: Mutant, tests: Sequence[str], tree: Path) -> Fate:
    """What becomes of a mutant in the copy of the tree, which is put right again."""
    if not tests:
        return "survived"
    path = tree / mutant.file
    whole, stat = path.read_text(encoding="utf-8"), path.stat()
    path.write_text(made(mutant, whole), encoding="utf-8")
    try:
        return tested(tests, tree, checked=mutant.file.startswith("data/"))
    finally:
        path.write_text(whole, encoding="utf-8")
        # What was compiled of it holds again.
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def tested(tests: Sequence[str], tree: Path, *, checked: bool = False) -> Fate:
    """What tests say of a tree, in a process of its own that has imported pytest already."""

    def judged() -> int:
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
        signal.alarm(30 * LONGEST)
        return int(checked and bool(_problems(tree))) or _pytest(["-x", *tests])

    status = _apart(judged, tree)
    if os.WIFSIGNALED(status):
        clocks = (signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL)
        return "timeout" if os.WTERMSIG(status) in clocks else "killed"
    return "killed" if os.WEXITSTATUS(status) else "survived"


def reached_in(tree: Path, kept: Path) -> Reached:
    """Which tests of the unchanged tree call which functions: as kept in a file, or watched now."""

    def watched() -> int:
        recorder = Recorder(tree / "src" / "lenrx", tree)
        _pytest([f"tests/{name}" for name in TESTS], recorder)
        kept.write_text(json.dumps(recorder.reached().written()), encoding="utf-8")
        return 0

    if not kept.is_file() and _apart(watched, tree):
        raise SystemExit("the tests could not be watched")
    return Reached.read(json.loads(kept.read_text(encoding="utf-8")))


def _pytest(arguments: Sequence[str], *plugins: object) -> int:
    # As compiled already, thus without rewritten assertions.
    how = ["-n", "0", "-p", "no:cacheprovider", "--hypothesis-seed=0", "-q", "--assert=plain"]
    return int(pytest.main([*how, *arguments], plugins=plugins))


def _apart(work: Callable[[], int], tree: Path) -> int:
    """How a child ended that does some work on the modules of a tree, and says nothing."""
    child = os.fork()
    if child == 0:
        _end_with(work, tree)
    return os.waitpid(child, 0)[1]


def _end_with(work: Callable[[], int], tree: Path) -> NoReturn:
    code = 1
    try:
        for name in [each for each in sys.modules if each.partition(".")[0] == "tests"]:
            del sys.modules[name]
        sys.path[:0] = [str(tree / "src"), str(tree)]
        # A changed module may be as long and as old, to the second, as another.
        sys.dont_write_bytecode = True
        os.chdir(tree)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        import lenrx

        assert Path(lenrx.__file__).is_relative_to(tree)
        code = work()
    finally:
        os._exit(code)


def _problems(tree: Path) -> list[str]:
    """What `lenrx check` says of the catalogue of a tree."""
    from lenrx.curation.check_files import check_catalogue

    return check_catalogue(tree / "data")[0]


def copy_into(folder: Path) -> Path:
    """The tree that the mutants are made in."""
    folder.mkdir()
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return folder


def compile_catalogue(tree: Path) -> None:
    """Put the catalogue where a wheel has it: it is read in less time there."""
    program = (
        "import json, pathlib; from lenrx.catalogue import loading, strict_yaml;"
        "data, sha256, _ = strict_yaml.read(loading.checkout());"
        "target = pathlib.Path(loading.__file__).parents[1] / 'data' / loading.COMPILED;"
        "target.parent.mkdir(); target.write_text(json.dumps({'sha256': sha256, 'data': data}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


def all_of(
    sample: Sequence[Mutant], reached: Reached, tree: Path, jobs: int, minutes: float
) -> list[tuple[Mutant, Fate]]:
    """What becomes of mutants, as many as are begun in time, each process in a tree of its own."""
    fates, until = list[tuple[Mutant, Fate]](), time.monotonic() + 60 * minutes
    todo = [shutil.copytree(tree, f"{tree}-{number}") for number in range(jobs)]
    running: dict[int, tuple[Mutant, Path]] = {}
    left = list(reversed(sample))
    while running or (left and time.monotonic() < until):
        while todo and left and time.monotonic() < until:
            mutant, place = left.pop(), Path(todo.pop())
            child = os.fork()
            if child == 0:
                code = len(FATES)
                try:
                    code = FATES.index(fate(mutant, shown_to(mutant, reached), place))
                finally:
                    os._exit(code)
            running[child] = (mutant, place)
        child, status = os.wait()
        mutant, place = running.pop(child)
        todo.append(str(place))
        fates.append((mutant, FATES[os.WEXITSTATUS(status)]))
        print(f"{len(fates)}/{len(sample)} {fates[-1][1]:8} {mutant}", flush=True)
    return fates


def record(kind: str, possible: int, seed: int, fates: Sequence[tuple[Mutant, Fate]]) -> None:
    """Write one half of the record; the other half, and reasons given by hand, stay."""
    old = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}
    reasons = {each["change"]: each["reason"] for each in old.get("survivors", ())}
    counts = Counter(fate for _, fate in fates)
    noticed = counts["killed"] + counts["timeout"]
    figures = {
        f"{kind}: sample": len(fates),
        f"{kind}: killed": counts["killed"],
        f"{kind}: survived": counts["survived"],
        f"{kind}: ended by the clock": counts["timeout"],
        f"{kind}: noticed, percent": round(100 * noticed / len(fates), 1),
        **{f"{kind}: noticed, {of}, percent": share for of, share in shares(fates).items()},
        f"{kind}: possible changes": possible,
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
        "figures": {**figures, **others} if kind == "code" else {**others, **figures},
        "notes": [
            "A sample of all single changes, drawn evenly: `python tests/trust/mutants.py`.",
            "Code: modules of conditions, names, state, lines, filters, order, labels and cells.",
            "Code: shown to the tests of catalogue, patient, rules and intake that call it.",
            "Catalogue: lenrx check and the tests on it; tests of generated pages do not count.",
        ],
        "survivors": sorted([*kept, *survivors], key=lambda each: (each["of"], each["change"])),
    }
    RECORD.parent.mkdir(exist_ok=True)
    written = json.dumps(document, indent=2, ensure_ascii=False)
    RECORD.write_text(f"{written}\n", encoding="utf-8")


def shares(fates: Sequence[tuple[Mutant, Fate]]) -> dict[str, float]:
    """How many in a hundred were noticed, by kind of change."""
    tried = Counter(mutant.kind for mutant, _ in fates)
    noticed = Counter(mutant.kind for mutant, fate in fates if fate != "survived")
    return {kind: round(100 * noticed[kind] / count, 1) for kind, count in sorted(tried.items())}


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
    options.add_argument("--jobs", type=int, default=1)
    options.add_argument(
        "--reached", type=Path, help="where to keep which tests call what, for runs of one tree"
    )
    options.add_argument("--only", default="", help="files whose path holds this")
    options.add_argument("--write", action="store_true", help=f"into {RECORD.relative_to(ROOT)}")
    asked = options.parse_args()
    possible = [each for each in every(asked.of) if asked.only in each.file]
    sample = random.Random(asked.seed).sample(possible, min(asked.sample, len(possible)))
    with tempfile.TemporaryDirectory() as folder:
        tree = copy_into(Path(folder) / "0")
        if asked.of == "code":
            compile_catalogue(tree)
        for name in _IMPORTED:
            import_module(name)
        for part in ("src", "tests"):
            compileall.compile_dir(tree / part, quiet=1)
        reached = Reached({}, {})
        if asked.of == "code":
            reached = reached_in(tree, asked.reached or Path(folder) / "reached.json")
        elif tested([f"tests/{name}" for name in CATALOGUE], tree, checked=True) != "survived":
            raise SystemExit("check or tests fail without any change")
        fates = all_of(sample, reached, tree, asked.jobs, asked.minutes)
    counts = Counter(fate for _, fate in fates)
    print(f"{len(possible)} possible, {len(fates)} tried: {dict(counts)}")
    if asked.write:
        record(asked.of, len(possible), asked.seed, fates)


if __name__ == "__main__":
    main()
