"""The catalogue's rules as Polars expressions over a table of facts, in two forms.

`WhenThen` is the form its users write: `when/then` with the reason for every finding of every
regimen, one `concat_str` for each regimen. `Rules` is the tuned form.

Every distinct condition is one nullable Boolean column: Polars' own logic is Kleene's. A patient is
one line of NDJSON: by regimen an array of the verdict and the findings that bear on it (criterion,
effect, status, because, sources, dose). The pieces of a line are the columns of a CSV without
quotes, so that no line is ever put together in memory. In the tuned form, what a drug, a trial or a
regimen says is a text, shared by the regimens that hold it: the texts of all combinations of a few
findings are rendered beforehand, and a patient picks one by its number.

Charged: planning the query for each slice, conditions, verdicts, texts, the lines, and writing
them. Not charged: reading rows, everything in `flat.facts`, the ready texts and expressions, and
the frame itself, which has a column for each drug, class, marker and word that is asked for, so
that no list is searched; `batch.py` charges rows, facts and frame. Not done at all: needs, order,
open questions, approval, evidence.

Two threads (Polars 2.1.0). Slices of 20,000 patients: planning one costs some 25 ms, so 2,000 take
19 us a patient, 5,000 11, 10,000 9 and 20,000 7.5; 40,000 save 5 % for 1.4 times the memory. Tried
and slower, in runs of their own on a noisy machine: `when/then` for each finding and one
`concat_str` 16 to 20 us a patient, no different without the optimiser, and by the streaming sink
over the whole cohort 16 to 52 with 5 GB; ready texts and one `concat_str` 9 to 17, in two halves
10, in two Python threads 11.

Usage: python benchmarks/with_polars.py ROWS [--out FILE] [--rounds N]
"""

from __future__ import annotations

import argparse
import io
import json
import operator
import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from itertools import product
from math import prod
from pathlib import Path
from typing import IO, Any, Final

os.environ.setdefault("POLARS_MAX_THREADS", "2")

import polars as pl
from charts import patients
from flat import (
    ASKED,
    RANGED,
    Facts,
    Flat,
    Row,
    Said,
    expected,
    facts,
    findings,
    key,
    vocabulary,
)

from lenrx.catalogue.conditions import COUNTS, FLAGS, HISTORIES, NUMBERS, SETS, WORDS, Condition
from lenrx.catalogue.loading import Catalogue, load
from lenrx.catalogue.vocabulary import VERDICTS

SLICE: Final = 20_000
TEXTS: Final = 256
"""How many ready texts a column picks from, at most."""
COMPARE: Final[dict[str, Callable[[pl.Expr, float], pl.Expr]]] = {
    "below": operator.lt,
    "at_most": operator.le,
    "above": operator.gt,
    "at_least": operator.ge,
}


class Rules:
    """The catalogue's rules, ready to be asked of a frame of facts."""

    def __init__(self, catalogue: Catalogue) -> None:
        flat = [each for each in findings(catalogue) if each.bears]
        self.catalogue, self.names = catalogue, vocabulary(each.condition for each in flat)
        asked = self._asked = {key(each.condition): each.condition for each in flat}
        names = {each: f"condition {number}" for number, each in enumerate(asked)}
        groups, self._held = _shared(flat)
        said = [
            _said(name, [(each, pl.col(names[key(each.condition)])) for each in group])
            for name, group in groups.items()
        ]
        self._conditions = [_truth(asked[each]).alias(name) for each, name in names.items()]
        self._texts = {name: texts for name, texts, _ in said}
        self._opens = {name: opens for name, _, opens in said if opens is not None}
        self._verdicts = [self._verdict(regimen) for regimen in self._held]
        self._line = [piece.alias(f"piece {n}") for n, piece in enumerate(self._pieces())]

    def frame(self, rows: Iterable[Row]) -> pl.DataFrame:
        """The facts as a table; not charged."""
        columns = [_columns(facts(row, self.catalogue, self.names), self.names) for row in rows]
        return pl.DataFrame(columns, schema={name: _kind(name) for name in columns[0]})

    def run(self, frame: pl.DataFrame, out: IO[bytes]) -> int:
        """Write a line for every patient. Returns how many."""
        for start in range(0, len(frame), SLICE):
            pieces = self.pieces(frame[start : start + SLICE]).collect()
            pieces.write_csv(out, include_header=False, separator=" ", quote_style="never")
        return len(frame)

    def pieces(self, frame: pl.DataFrame) -> pl.LazyFrame:
        """The pieces of every patient's line, in order; JSON does not mind blanks between them."""
        texts = [text for texts in self._texts.values() for text in texts]
        asked = frame.lazy().select("id", *self._conditions)
        said = asked.select("id", *texts, *self._opens.values())
        return said.with_columns(self._verdicts).select(self._line)

    def verdicts(self, frame: pl.DataFrame) -> pl.LazyFrame:
        """Only the verdicts, a column for each regimen."""
        asked = frame.lazy().select("id", *self._conditions)
        return asked.select("id", *self._opens.values()).select("id", *self._verdicts)

    def _verdict(self, regimen: str) -> pl.Expr:
        """The verdict, after the name of the regimen and what its array opens with."""
        opens = [self._opens[group] for group in self._held[regimen] if group in self._opens]
        opened = _all([pl.col(each.meta.output_name()) for each in opens])
        before = "" if regimen == next(iter(self._held)) else "],"
        eligible, conditional, excluded = (
            pl.lit(f"{before}{json.dumps(regimen)}:{json.dumps([verdict])[:-1]}")
            for verdict in VERDICTS
        )
        return (
            pl.when(opened)
            .then(eligible)
            .when(opened.is_null())
            .then(conditional)
            .otherwise(excluded)
            .alias(f"verdict {regimen}")
        )

    def _pieces(self) -> Iterator[pl.Expr]:
        yield pl.concat_str(pl.lit('{"id":"'), "id", pl.lit('","regimens":{'))
        for regimen, groups in self._held.items():
            yield pl.col(f"verdict {regimen}")
            for group in groups:
                yield from (pl.col(text.meta.output_name()) for text in self._texts[group])
        yield pl.lit("]}}")


class WhenThen(Rules):
    """The same lines by `when/then` for every finding and a `concat_str` for every regimen."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue)
        flat = [each for each in findings(catalogue) if each.bears]
        names = dict(zip(self._asked, self._conditions, strict=True))
        regimens: dict[str, list[tuple[Flat, pl.Expr]]] = {}
        for each in flat:
            met = pl.col(names[key(each.condition)].meta.output_name())
            regimens.setdefault(each.regimen, []).append((each, met))
        self._whole = [_when_then(name, group) for name, group in regimens.items()]

    def pieces(self, frame: pl.DataFrame) -> pl.LazyFrame:
        """A column for each regimen, between the opening and the end of the line."""
        asked = frame.lazy().select("id", *self._conditions)
        opens = pl.concat_str(pl.lit('{"id":"'), "id", pl.lit('","regimens":{')).alias("opens")
        commas = [pl.lit(",").alias(f"comma {place}") for place in range(len(self._whole) - 1)]
        ends = [*commas, pl.lit("}}").alias("ends")]
        between = (each for pair in zip(self._whole, ends, strict=True) for each in pair)
        return asked.select(opens, *between)


def _when_then(regimen: str, group: list[tuple[Flat, pl.Expr]]) -> pl.Expr:
    """All that is said of one regimen."""
    deciding = [each for each in group if each[0].effect in ("excludes", "requires")]
    opened = _all([_leaves_open(*each) for each in deciding])
    verdict = pl.when(opened).then(pl.lit(VERDICTS[0])).when(opened.is_null())
    said = verdict.then(pl.lit(VERDICTS[1])).otherwise(pl.lit(VERDICTS[2]))
    texts = [_chosen(*each) for each in group]
    before, after = pl.lit(f'{json.dumps(regimen)}:["'), pl.lit('"')
    return pl.concat_str(before, said, after, *texts, pl.lit("]")).alias(regimen)


def _chosen(finding: Flat, met: pl.Expr) -> pl.Expr:
    """The text of one finding where it bears."""
    not_met, is_met, *unknown = map(pl.lit, _choices(finding))
    doubtful = unknown[0] if unknown else not_met
    return pl.when(met).then(is_met).when(met.is_null()).then(doubtful).otherwise(not_met)


def _shared(flat: Iterable[Flat]) -> tuple[dict[str, list[Flat]], dict[str, list[str]]]:
    """The findings in groups that say the same for several regimens, and each regimen's groups."""
    owned: dict[tuple[str, str], list[Flat]] = {}
    for each in flat:
        owned.setdefault((each.regimen, each.owner), []).append(each)
    names: dict[str, str] = {}
    groups: dict[str, list[Flat]] = {}
    held: dict[str, list[str]] = {}
    for (regimen, _), group in owned.items():
        same = json.dumps([[each.says, each.condition] for each in group])
        name = names.setdefault(same, f"group {len(names)}")
        groups[name] = group
        held.setdefault(regimen, []).append(name)
    return groups, held


def _said(
    name: str, group: list[tuple[Flat, pl.Expr]]
) -> tuple[str, list[pl.Expr], pl.Expr | None]:
    """A group's name, the columns of its text, and whether it leaves its regimens open."""
    texts = [
        _text([each for each, _ in part], [met for _, met in part]).alias(f"{name} text {number}")
        for number, part in enumerate(_parts(group))
    ]
    opens = [_leaves_open(*each) for each in group if each[0].effect in ("excludes", "requires")]
    return name, texts, _all(opens).alias(f"{name} opens") if opens else None


def _parts(group: list[tuple[Flat, pl.Expr]]) -> Iterator[list[tuple[Flat, pl.Expr]]]:
    """The group in runs that have few enough texts."""
    run: list[tuple[Flat, pl.Expr]] = []
    for each in group:
        if prod(len(_choices(one)) for one, _ in [*run, each]) > TEXTS:
            yield run
            run = []
        run.append(each)
    yield run


def _choices(finding: Flat) -> list[str]:
    """What stands in a line for a finding that is not met, met and, where it matters, unknown."""
    said = ["not met", "met", "unknown"] if "unknown" in finding.says else ["not met", "met"]
    return [f",{finding.says[status]}" if status in finding.says else "" for status in said]


def _text(run: list[Flat], met: list[pl.Expr]) -> pl.Expr:
    """The text of some findings, picked from those of all their combinations by its number."""
    texts = ["".join(each) for each in product(*(_choices(finding) for finding in run))]
    number = pl.lit(0, pl.UInt16)
    for finding, truth in zip(run, met, strict=True):
        unknown = 2 if "unknown" in finding.says else 0
        place = truth.cast(pl.UInt16).fill_null(pl.lit(unknown, pl.UInt16))
        number = number * pl.lit(len(_choices(finding)), pl.UInt16) + place
    return pl.lit(pl.Series(texts)).gather(number)


def _truth(condition: Condition) -> pl.Expr:
    """A condition as a nullable Boolean."""
    ((kind, wanted),) = condition.items()
    if kind == "all":
        return _all([_truth(part) for part in wanted])
    if kind == "any":
        return _any([_truth(part) for part in wanted])
    if kind == "not":
        return ~_truth(wanted)
    return pl.lit(wanted) if kind == "always" else _leaf(kind, wanted)


def _leaf(kind: str, wanted: Any) -> pl.Expr:
    if kind in (*FLAGS, *ASKED.values()):
        return pl.col(kind) if wanted else ~pl.col(kind)
    if kind in (*WORDS, *SETS, *HISTORIES):
        return _any([pl.col(f"{kind} {name}") for name in wanted])
    bounds = {bound: value for bound, value in wanted.items() if bound in COMPARE}
    if kind in RANGED:
        return _all([_ranged(kind, bound, value) for bound, value in bounds.items()])
    column = pl.col(f"{kind} {wanted['class']}" if kind in COUNTS else kind)
    return _all([COMPARE[bound](column, value) for bound, value in bounds.items()])


def _ranged(field: str, bound: str, value: float) -> pl.Expr:
    """Whether a number between its least and its most keeps a bound, null if it may or may not."""
    ends = pl.col(f"{field}_high"), pl.col(f"{field}_low")
    worst, best = ends if bound in ("below", "at_most") else ends[::-1]
    surely, never = COMPARE[bound](worst, value), ~COMPARE[bound](best, value)
    return pl.when(surely).then(True).when(never).then(False)


def _all(parts: list[pl.Expr]) -> pl.Expr:
    return reduce(operator.and_, parts) if parts else pl.lit(True)


def _any(parts: list[pl.Expr]) -> pl.Expr:
    return reduce(operator.or_, parts)


def _leaves_open(finding: Flat, met: pl.Expr) -> pl.Expr:
    """Null where it cannot be said; what only has to be confirmed does not close."""
    if finding.effect == "requires":
        return met
    return ~met.fill_null(False) if finding.if_unknown == "confirms" else ~met


def _columns(told: Facts, names: dict[str, list[str]]) -> dict[str, Any]:
    """One patient as flat columns: a nullable Boolean for each name of a set and each word."""
    row = {name: value for name, value in told.items() if _is_flat(name)}
    for field, words in WORDS.items():
        known = told[field] is not None
        row |= {f"{field} {word}": told[field] == word if known else None for word in words}
    for kind in HISTORIES:
        row |= {f"{kind} {name}": name in told[kind] for name in names[kind]}
    for kind in SETS:
        found, absent = told[f"{kind}_found"], told[f"{kind}_absent"]
        row |= {f"{kind} {name}": True for name in found}
        row |= {f"{kind} {name}": False for name in absent}
        row |= {f"{kind} {name}": None for name in names[kind] if name not in (*found, *absent)}
    return row


def _is_flat(name: str) -> bool:
    sets = (f"{kind}_{said}" for kind in SETS for said in ("found", "absent"))
    return name not in (*WORDS, *HISTORIES, *sets)


def _kind(column: str) -> type[pl.DataType]:
    kind: type[pl.DataType] = pl.Boolean
    if column == "id":
        kind = pl.String
    elif column in NUMBERS or column.endswith(("_low", "_high")):
        kind = pl.Float64
    elif column.split()[0] in COUNTS:
        kind = pl.Int32
    return kind


def agree(rules: Rules, rows: list[Row]) -> int:
    """For how many patients the verdicts and the criteria that bear are those of lenrx."""
    written = io.BytesIO()
    rules.run(rules.frame(rows), written)
    lines = written.getvalue().splitlines()
    return sum(
        _read(line) == expected(row, rules.catalogue) for row, line in zip(rows, lines, strict=True)
    )


def _read(line: bytes) -> Said:
    regimens = json.loads(line)["regimens"].items()
    return {
        regimen: (verdict, sorted(each["criterion"] for each in bearing))
        for regimen, (verdict, *bearing) in regimens
    }


def _seconds(work: Callable[[], object], rounds: int) -> Iterator[float]:
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        yield time.perf_counter() - start


def main() -> None:
    """Print the agreement, and the time and size of a patient."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("--out", type=Path, default=Path(os.devnull))
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    catalogue = load()
    rows = patients(wanted.rows, catalogue)
    for rules in (WhenThen(catalogue), Rules(catalogue)):
        _report(rules, rows, wanted.out, wanted.rounds)


def _report(rules: Rules, rows: list[Row], path: Path, rounds: int) -> None:
    frame, written = rules.frame(rows), io.BytesIO()
    rules.run(frame[:1000], written)
    agreed = f"{agree(rules, rows[:100])} of {len(rows[:100])} patients as lenrx"
    size = len(written.getvalue()) / len(frame[:1000])
    print(f"{type(rules).__name__}: {agreed}, {size:.0f} bytes a patient")
    with path.open("wb") as out:
        for name, work in (
            ("lines", lambda: rules.run(frame, out)),
            ("only verdicts", lambda: rules.verdicts(frame).collect()),
        ):
            best = min(_seconds(work, rounds))
            print(f"  {name}: {best / len(frame) * 1e6:.1f} us a patient")


if __name__ == "__main__":
    main()
