"""Fuzzing: whatever lenrx is given is read, or refused in its own words, and soon.

    python tests/trust/fuzz.py --inputs 1000000 --seed 1 --write
    python tests/trust/fuzz.py --seconds 60

Inputs are made from the small corpus beside this file, changed at random: every kind of input in
turn (cells, names, patient files, courses, maps, tables, results, catalogues). An input fails
where anything but an error of lenrx's own is raised, where it takes more than a second, or where
an error has several lines. The memory is told early and at the end.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from lenrx.batch.diff import changes
from lenrx.batch.plan import Plan, opened
from lenrx.batch.shown import LegendError, shown
from lenrx.batch.worker import Worker
from lenrx.catalogue import names
from lenrx.catalogue.formulary import FormularyError, load_formulary
from lenrx.catalogue.loading import Catalogue, load
from lenrx.catalogue.names import UnknownName
from lenrx.catalogue.records import CatalogueError
from lenrx.curation.check_files import check_catalogue
from lenrx.intake.cells import CellError, read_cell
from lenrx.intake.columns.map_file import read_map
from lenrx.intake.courses import record
from lenrx.intake.patient_file import patient_file
from lenrx.intake.rows import PLAN, TREATMENTS
from lenrx.patient.patient import Patient, PatientError, parse_patient
from lenrx.rules.assessment import assess
from lenrx.rules.plan.reading import read_plan

ROOT: Final = Path(__file__).parents[2]
CORPUS: Final = Path(__file__).parent / "corpus"
RECORD: Final = ROOT / "docs" / "validation" / "fuzz.json"
DAY: Final = "2026-11-23"
LONGEST: Final = 1.0
"""Seconds of the processor for one input."""
STUCK: Final = 30
"""Seconds of the processor after which an input is given up."""
OWN: Final = (*(CellError, UnknownName, PatientError, FormularyError, CatalogueError, LegendError),)
"""What lenrx says of an input that it cannot use."""
EARLY: Final = 2_000
"""Inputs after which the memory is looked at for the first time."""
OFTEN: Final = {
    **{"cell": 60, "name": 20, "courses": 6, "patient": 4, "map": 3, "table": 3, "formulary": 1},
    **{"results": 2, "catalogue": 1},
}
"""Of a hundred inputs, how many are of each kind."""
NASTY: Final = (
    *("\x00", "\x1b[2J", "\u202e", "\ud800", "\ufeff", "\u200b", "\r", "\n", "\t", '"', "'", "\\"),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        ":",
        ";",
        ",",
        "|",
        "/",
        "-",
        "+",
        "?",
        "!",
        "%",
        "#",
    ),
    *("0", "-1", "1e999", "NaN", "inf", "9" * 40, "1.5.2", "½", "٣", "Ⅲ", "²", "null", "true", "~"),
    *(
        "[/x]",
        "=1+1",
        "<script>",
        "é",
        "ß",
        "İ",
        "🚫",
        "✓",
        "no",
        "not",
        "R",
        "PD",
        "SD",
        "x",
        "->",
    ),
    *("lena", "VRd", "PI", "dara", "2019-02-30", "0000-00-00", "31.12.9999", "1/2/3", "Q1 2020"),
    *(" " * 50, "a" * 300, "((((", "]]]]", "- - - ", "&x", "*x", "!!int ", "<<: ", "? ", "|\n  a"),
)


@dataclass(frozen=True)
class Failure:
    """An input that was not dealt with as it should be."""

    kind: str
    what: str
    where: str
    text: str


class Stuck(BaseException):
    """An input did not end; no `except Exception` on its way holds it up."""


def changed(text: str, others: Sequence[str], chance: random.Random) -> str:
    """A text with a few changes at random places."""
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randint(0, len(text))
        to = min(len(text), at + chance.choice((0, 1, 1, 3, 12, 60)))
        how = chance.randrange(7)
        if how == 0:
            text = text[:at] + text[to:]
        elif how == 1:
            text = text[:at] + text[at:to] * chance.choice((2, 3, 20)) + text[to:]
        elif how == 2:
            other = chance.choice(others)
            start = chance.randint(0, len(other))
            text = text[:at] + other[start : start + chance.choice((3, 12, 60))] + text[to:]
        elif how == 3:
            text = text[:at] + chr(chance.choice((chance.randrange(128), chance.randrange(65536))))
            text += text[to:]
        elif how == 4:
            text = text[:at] + text[at:to].swapcase() + text[to:]
        else:
            text = text[:at] + chance.choice(NASTY) + text[to:]
    return text


class Inputs:
    """The corpus, and what becomes of an input of each kind."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder, self.catalogue = folder, catalogue
        self.small = load(CORPUS / "catalogue")
        lines = (CORPUS / "cells.txt").read_text(encoding="utf-8").splitlines()
        self.fields = sorted({line.partition("\t")[0] for line in lines})
        self.corpus: Mapping[str, Sequence[str]] = {
            "cell": [line.partition("\t")[2] for line in lines],
            "name": (CORPUS / "names.txt").read_text(encoding="utf-8").splitlines(),
            **{
                kind: [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob(pattern))]
                for kind, pattern in (
                    *(("patient", "patients/*"), ("courses", "courses/*"), ("map", "maps/*")),
                    *(("table", "tables/*"), ("formulary", "formularies/*")),
                    ("catalogue", "catalogue/*"),
                )
            },
        }
        self.worker = Worker(Plan("t", "csv", (("as_of", DAY),)), self.catalogue)
        self.results = self._results()
        self.corpus = {**self.corpus, "results": self.results}
        self.take: Mapping[str, Callable[[str, random.Random], object]] = {
            "cell": self._cell,
            "name": self._name,
            "patient": self._patient,
            "courses": self._courses,
            "map": self._map,
            "table": self._table,
            "formulary": self._formulary,
            "results": self._of_results,
            "catalogue": self._catalogue,
        }

    def _results(self) -> list[str]:
        """Results of the small catalogue and their legend, as `lenrx batch` writes them."""
        table = b"id,refractory,lvef,given\n1,lena,35,Kd\n2,lena; bort,60,\n3,many,,\n"
        plan = Plan("t", "csv", (("as_of", DAY),))
        worker = Worker(plan, self.small)
        rows = opened(plan, io.BytesIO(table)).rows
        written = "\n".join(worker.text(each).rstrip("\n") for each in worker.results(rows))
        (self.folder / "whole.ndjson").write_text(f"{written}\n", encoding="utf-8")
        legend = json.dumps(worker.legend())
        (self.folder / "whole.legend.json").write_text(legend, encoding="utf-8")
        return [f"{written}\n", legend]

    def one(self, kind: str, chance: random.Random) -> str:
        """An input of a kind."""
        own = self.corpus[kind]
        return changed(chance.choice(own), own, chance)

    def _put(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return path

    def _cell(self, text: str, chance: random.Random) -> object:
        return read_cell(chance.choice(self.fields), text, self.catalogue)

    def _name(self, text: str, chance: random.Random) -> object:
        return chance.choice((names.read, names.regimen, read_plan))(text, self.catalogue)

    def _patient(self, text: str, chance: random.Random) -> object:
        path = self._put(chance.choice(("p.yaml", "p.json", "p")), text)
        stated = patient_file(str(path))
        courses, plan = stated.pop(TREATMENTS, None), stated.pop(PLAN, None)
        patient = parse_patient(stated, self.catalogue)
        if courses is not None:
            patient = record.with_treatments(patient, courses, self.catalogue, DAY)
        if isinstance(plan, str):
            read_plan(plan, self.catalogue)
        return assess(self.catalogue, patient, as_of=DAY)

    def _courses(self, text: str, chance: random.Random) -> object:
        try:
            courses = json.loads(text)
        except (ValueError, RecursionError):
            courses = text
        if isinstance(courses, list) and courses and chance.random() < 0.8:
            courses = [_shaken(each, chance) for each in courses]
        return record.with_treatments(Patient(), courses, self.catalogue, DAY)

    def _map(self, text: str, chance: random.Random) -> object:
        whole = chance.random() < 0.9
        given = str(self._put("m.yaml", text)) if whole else " ".join(text[:80].split())
        return read_map([given], self.catalogue)

    def _table(self, text: str, chance: random.Random) -> object:
        encoding = chance.choice(("utf-8", "utf-8", "utf-16", "latin-1"))
        errors = "surrogatepass" if encoding.startswith("utf") else "replace"
        content = bytearray(text.encode(encoding, errors))
        for _ in range(chance.choice((0, 0, 1, 4))):
            at = chance.randrange(len(content) + 1)
            content[at : at + 1] = bytes([chance.randrange(256)])
        form: Any = chance.choice((None, "csv", "tsv", "ndjson", "json"))
        plan = Plan("t", form, (("as_of", DAY),), ignore_other=True, without_history=True)
        rows = opened(plan, io.BytesIO(bytes(content))).rows
        return [self.worker.text(each) for each in self.worker.results(rows)]

    def _formulary(self, text: str, chance: random.Random) -> object:
        return load_formulary(self._put("f.yaml", text), self.catalogue)

    def _of_results(self, text: str, chance: random.Random) -> object:
        is_legend = not text.lstrip().startswith('{"schema"') and '"criteria"' in text
        result, legend = (self.results[0], text) if is_legend else (text, self.results[1])
        path = self._put("r.ndjson", result)
        self._put("r.legend.json", legend)
        if chance.random() < 0.5:
            return shown(path, chance.choice((1, 1, 2, 3, 0)))
        return list(changes(self.folder / "whole.ndjson", path))

    def _catalogue(self, text: str, chance: random.Random) -> object:
        files = sorted((CORPUS / "catalogue").iterdir())
        place = self.folder / "catalogue"
        place.mkdir(exist_ok=True)
        for path in files:
            whole = path.read_text(encoding="utf-8")
            mine = whole[:40] == text[:40] or path.name == "regimens.yaml"
            (place / path.name).write_bytes(
                (text if mine else whole).encode("utf-8", "surrogatepass")
            )
        if chance.random() < 0.5:
            return check_catalogue(place)
        found = load(place)
        asked = parse_patient({"refractory": "lenalidomide"}, found)
        return assess(found, asked, as_of=DAY)


def _shaken(value: Any, chance: random.Random) -> Any:
    """A course with another value somewhere: of any type, or of another member."""
    if not isinstance(value, dict) or not value or chance.random() < 0.5:
        return value
    other: tuple[Any, ...] = (
        None,
        True,
        -1,
        10**30,
        1.5,
        "",
        "unknown",
        [],
        ["lena"],
        {},
        "2019-02-30",
        "2019/13",
    )
    name = chance.choice(sorted(value))
    return {**value, name: chance.choice((*other, *value.values()))}


def tried(inputs: Inputs, kind: str, chance: random.Random) -> Failure | None:
    """What is wrong with how one input was taken, if anything."""
    text = inputs.one(kind, chance)
    begun = time.process_time()
    try:
        inputs.take[kind](text, chance)
    except OWN as error:
        if "\n" in str(error):
            return Failure(kind, "an error of several lines", type(error).__name__, text)
    except (Exception, Stuck) as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [each for each in frames if "lenrx" in each.filename] or list(frames)
        where = f"{Path(own[-1].filename).name}:{own[-1].lineno}"
        return Failure(kind, type(error).__name__, where, text)
    took = time.process_time() - begun
    if took > LONGEST:
        return Failure(kind, f"took {took:.1f} s", "", text)
    return None


def kinds(chance: random.Random, only: str) -> Iterator[str]:
    """Which kind of input comes next, without end."""
    while True:
        yield only or chance.choices(list(OFTEN), list(OFTEN.values()))[0]


def resident() -> float:
    """Megabytes of memory that the process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def _give_up(_: int, frame: FrameType | None) -> None:
    raise Stuck


@dataclass
class Run:
    """What a run has done so far."""

    tried: int
    by_kind: Counter[str]
    failures: list[Failure]
    early: float
    late: float


def run(count: int, seed: int, seconds: float = 10**9, only: str = "") -> Run:
    """Inputs at random, until there were so many or it took so long."""
    chance, begun = random.Random(seed), time.monotonic()
    found = Run(0, Counter(), [], 0.0, 0.0)
    signal.signal(signal.SIGPROF, _give_up)
    with tempfile.TemporaryDirectory() as folder:
        inputs = Inputs(Path(folder), load())
        for kind in kinds(chance, only):
            if found.tried >= count or time.monotonic() - begun > seconds:
                break
            signal.setitimer(signal.ITIMER_PROF, STUCK)
            failure = tried(inputs, kind, random.Random(chance.getrandbits(64)))
            signal.setitimer(signal.ITIMER_PROF, 0)
            if failure:
                found.failures.append(failure)
            found.tried += 1
            found.by_kind[kind] += 1
            if found.tried == EARLY:
                gc.collect()
                found.early = resident()
    gc.collect()
    found.late = resident()
    return found


def record_of(found: Run, seed: int, version: str) -> dict[str, Any]:
    """The run as it stands in the docs."""
    figures: dict[str, Any] = {"inputs": found.tried, "failures": len(found.failures)}
    figures |= {f"inputs, {kind}": number for kind, number in sorted(found.by_kind.items())}
    figures |= {
        f"MB of memory after {EARLY} inputs": round(found.early),
        "MB of memory at the end": round(found.late),
        "seed": seed,
    }
    notes = [
        "Inputs are the corpus in tests/trust/corpus, changed at random; "
        "`python tests/trust/fuzz.py` runs it.",
        "A failure is any error but lenrx's own, or more than a second of the processor.",
        "An input is a cell, a name, or a whole file.",
    ]
    return {"what": "fuzz", "catalogue": version, "figures": figures, "notes": notes}


def main() -> None:
    """Run, say what failed, exit 1 where anything did."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--inputs", type=int, default=10**9)
    options.add_argument("--seconds", type=float, default=10**9)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", default="", choices=OFTEN, help="one kind of input")
    options.add_argument("--keep", type=Path, help="a folder for the inputs that failed")
    options.add_argument("--write", action="store_true", help=f"into {RECORD.relative_to(ROOT)}")
    asked = options.parse_args()
    found = run(asked.inputs, asked.seed, asked.seconds, asked.only)
    for number, each in enumerate(found.failures if asked.keep else ()):
        text = each.text.encode("utf-8", "surrogatepass")
        (asked.keep / f"{number}.{each.kind}").write_bytes(text)
    seen = Counter((each.kind, each.what, each.where) for each in found.failures)
    shortest = sorted(found.failures, key=lambda each: len(each.text))
    for (kind, what, where), number in seen.most_common():
        first = next(f for f in shortest if (f.kind, f.what, f.where) == (kind, what, where))
        print(f"{number} x {kind}: {what} {where}: {first.text[:400]!r}")
    print(f"{found.tried} inputs, {len(found.failures)} failures: {dict(found.by_kind)}")
    print(f"memory: {found.early:.0f} MB after {EARLY}, {found.late:.0f} MB at the end")
    if asked.write:
        RECORD.parent.mkdir(exist_ok=True)
        written = json.dumps(record_of(found, asked.seed, load().version), indent=2)
        RECORD.write_text(f"{written}\n", encoding="utf-8")
    raise SystemExit(1 if found.failures else 0)


if __name__ == "__main__":
    main()
