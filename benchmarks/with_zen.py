"""The catalogue's rules as one expression of GoRules zen-engine, asked once for each patient.

Zen's `and`, `or` and `<` fail on null, so a condition is two of its expressions: that it surely
holds, and that it surely does not; it is unknown when neither. The expression is an array of all
that any regimen wants to know, each once: that a condition surely holds and, only where an unknown
matters, that it may. Its answers are folded in Python: by regimen the verdict and the ids of the
criteria that bear on it, as a line of NDJSON.

Charged: handing over the facts, evaluating, folding, the line, writing. Not charged: reading rows,
everything in `flat.facts`, turning the facts into JSON text, and compiling the expression. Not done
at all: the words of a finding, sources, doses, needs, order, open questions, approval.

Kept is the fastest of what was tried with zen-engine 2.1.3; best us a patient, evaluation alone:

    compiled expression: array of truths 43; of 0, 1, 2 49; one string 52; ids by regimen 307
    that array as an expression node: engine.evaluate 52, evaluate_batch of 100 53, of 1,000 64,
        ZenDecision.evaluate 180
    a key for each condition: engine.evaluate 188, evaluate_batch 150
    a decision table, one free-expression row for each condition: engine.evaluate 97, batch 122

Facts as JSON text cost 2 us less than as a dict. A number that is not known is given as the widest
range: 5 us less than asking `!= null`. Sets as arrays are no slower than as objects or as
a flag for each name. Two threads gain nothing.

Usage: python benchmarks/with_zen.py ROWS [--out FILE] [--rounds N]
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress
from operator import gt
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

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
    patients,
    vocabulary,
)

from lenrx.catalogue import Catalogue, load
from lenrx.criteria import COUNTS, FLAGS, HISTORIES, NUMBERS, SETS, WORDS, Condition

zen: Any = importlib.import_module("zen")  # not a dependency of the project

SURELY: Final = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">="}
NEVER: Final = {"below": ">=", "at_most": ">", "above": "<=", "at_least": "<"}
WIDEST: Final = {"low": -1_000_000, "high": 1_000_000}
"""What stands for a number that is not known; the catalogue's bounds all lie between."""
CONTEXT: Final = (*ASKED.values(), *FLAGS, *WORDS, *HISTORIES)


class Patient(NamedTuple):
    """A patient ready to be handed over: the id as JSON, and the facts as JSON text."""

    id: str
    context: str


class Use(NamedTuple):
    """What an answer of True means: for each regimen (its number) the ids it adds, as JSON."""

    adds: tuple[tuple[int, str], ...]
    excludes: frozenset[int]
    leaves_unknown: frozenset[int]


class Rules:
    """The catalogue's rules as one compiled expression, and what its answers mean."""

    def __init__(self, catalogue: Catalogue) -> None:
        flat = [each for each in findings(catalogue) if each.bears]
        self.catalogue, self.names = catalogue, vocabulary(flat)
        regimens = {regimen: number for number, regimen in enumerate(catalogue.regimens)}
        wanted: dict[str, list[Flat]] = {}
        for each in flat:
            wanted.setdefault(key(_against(each)), []).append(each)
        doubtful = {name for name, group in wanted.items() if any(map(_in_doubt, group))}
        names = sorted(wanted, key=lambda name: name not in doubtful)
        conditions = [_against(wanted[name][0]) for name in names]
        self._met = [_use("met", wanted[name], regimens) for name in names]
        self._unknown = [_use("unknown", wanted[name], regimens) for name in names[: len(doubtful)]]
        asked = [_surely(each, True) for each in conditions]
        asked += [f"not ({_surely(each, False)})" for each in conditions[: len(doubtful)]]
        self._expression = zen.compile_expression(f"[{', '.join(asked)}]")
        heads = [f"{',' if number else ''}{json.dumps(each)}:" for each, number in regimens.items()]
        self._heads = [
            tuple(f'{head}["{verdict}"' for head in heads)
            for verdict in ("eligible", "conditional", "excluded")
        ]

    def prepare(self, rows: Iterable[Row]) -> list[Patient]:
        """The facts as zen takes them; not charged."""
        told = (facts(row, self.catalogue, self.names) for row in rows)
        return [Patient(json.dumps(each["id"]), json.dumps(_context(each))) for each in told]

    def run(self, prepared: Sequence[Patient], out: IO[str]) -> int:
        """Write a line for every patient. Returns how many."""
        out.writelines(map(self.line, prepared))
        return len(prepared)

    def line(self, patient: Patient) -> str:
        """One patient's verdicts, and the criteria that bear on them."""
        eligible, conditional, excluded = self._heads
        said, unknown, closed = list(eligible), set[int](), set[int]()
        bearing = [""] * len(said)
        for adds, excludes, leaves_unknown in self._said(self.truths(patient)):
            for regimen, ids in adds:
                bearing[regimen] += ids
            closed |= excludes
            unknown |= leaves_unknown
        for regimen in unknown:
            said[regimen] = conditional[regimen]
        for regimen in closed:
            said[regimen] = excluded[regimen]
        regimens = "]".join(map(str.__add__, said, bearing))
        return f'{{"id":{patient.id},"regimens":{{{regimens}]}}}}\n'

    def _said(self, truths: list[bool]) -> Iterator[Use]:
        """What is surely so, then what may be so and is not surely: the unknown."""
        unknown = map(gt, truths[len(self._met) :], truths)
        return chain(compress(self._met, truths), compress(self._unknown, unknown))

    def truths(self, patient: Patient) -> list[bool]:
        """The engine's answers alone: of each condition that it surely holds, then that it may."""
        answers: list[bool] = self._expression.evaluate(patient.context)
        return answers


def _against(finding: Flat) -> Condition:
    """The condition that makes a finding bear: what a requirement asks is turned round."""
    return {"not": finding.condition} if finding.effect == "requires" else finding.condition


def _in_doubt(finding: Flat) -> bool:
    return "unknown" in finding.says


def _use(status: str, group: list[Flat], regimens: dict[str, int]) -> Use:
    bearing = [each for each in group if status == "met" or _in_doubt(each)]
    adds: dict[int, str] = {}
    for each in bearing:
        regimen = regimens[each.regimen]
        adds[regimen] = f"{adds.get(regimen, '')},{json.dumps(each.criterion)}"
    deciding = [each for each in bearing if each.effect in ("excludes", "requires")]
    blocking = [each for each in deciding if each.if_unknown != "confirms"]
    known, unknown = (deciding, []) if status == "met" else ([], blocking)
    return Use(
        tuple(adds.items()),
        frozenset(regimens[each.regimen] for each in known),
        frozenset(regimens[each.regimen] for each in unknown),
    )


def _surely(condition: Condition, truth: bool) -> str:
    """That a condition surely has this truth, whatever is not known."""
    ((kind, wanted),) = condition.items()
    if kind in ("all", "any"):
        joint = "and" if (kind == "all") is truth else "or"
        return _joined(joint, [_surely(part, truth) for part in wanted])
    if kind == "not":
        return _surely(wanted, not truth)
    if kind == "always":
        return str(wanted is truth).lower()
    return _leaf(kind, wanted, truth)


def _joined(joint: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({f' {joint} '.join(parts)})"


def _leaf(kind: str, wanted: Any, truth: bool) -> str:
    if kind in (*FLAGS, *ASKED.values()):
        return f"{kind} == {str(wanted is truth).lower()}"
    if kind in WORDS:
        return _word(kind, wanted, truth)
    joint = "or" if truth else "and"
    if kind in HISTORIES:
        within = "in" if truth else "not in"
        return _joined(joint, [f"'{name}' {within} {kind}" for name in wanted])
    if kind in SETS:
        stated = f"{kind}_{'found' if truth else 'absent'}"
        return _joined(joint, [f"'{name}' in {stated}" for name in wanted])
    joint = "and" if truth else "or"
    bounds = {bound: value for bound, value in wanted.items() if bound in SURELY}
    if kind in COUNTS:
        field, signs = f"{kind}_{wanted['class']}", SURELY if truth else NEVER
        return _joined(joint, [f"{field} {signs[each]} {bounds[each]}" for each in bounds])
    return _joined(joint, [_bound(kind, each, bounds[each], truth) for each in bounds])


def _word(field: str, wanted: list[str], truth: bool) -> str:
    if truth:
        return _joined("or", [f"{field} == '{word}'" for word in wanted])
    others = [word for word in WORDS[field] if word not in wanted]
    return _joined("or", [f"{field} == '{word}'" for word in others])


def _bound(field: str, bound: str, value: float, truth: bool) -> str:
    sign = (SURELY if truth else NEVER)[bound]
    return f"{field}_{'high' if sign in ('<', '<=') else 'low'} {sign} {value}"


def _context(told: Facts) -> Facts:
    context = {name: told[name] for name in CONTEXT}
    for kind in SETS:
        context |= {f"{kind}_{said}": told[f"{kind}_{said}"] for said in ("found", "absent")}
    for field in dict.fromkeys((*NUMBERS, *RANGED)):
        for end, widest in WIDEST.items():
            value = told[f"{field}_{end}" if field in RANGED else field]
            context[f"{field}_{end}"] = widest if value is None else value
    counts = {name: value for name, value in told.items() if name.split()[0] in COUNTS}
    return context | {name.replace(" ", "_"): value for name, value in counts.items()}


def agree(rows: list[Row], catalogue: Catalogue) -> int:
    """For how many patients the verdicts and the criteria that bear are those of lenrx."""
    rules, written = Rules(catalogue), io.StringIO()
    rules.run(rules.prepare(rows), written)
    lines = written.getvalue().splitlines()
    return sum(
        _read(line) == expected(row, catalogue) for row, line in zip(rows, lines, strict=True)
    )


def _read(line: str) -> Said:
    regimens = json.loads(line)["regimens"].items()
    return {regimen: (verdict, sorted(bearing)) for regimen, (verdict, *bearing) in regimens}


def main() -> None:
    """Print the agreement, and the time and size of a patient."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("--out", type=Path, default=Path(os.devnull))
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    catalogue = load()
    rules, rows = Rules(catalogue), patients(wanted.rows, catalogue)
    prepared = rules.prepare(rows)
    print(f"{agree(rows[:200], catalogue)} of {len(rows[:200])} patients as lenrx")
    size = sum(len(rules.line(each)) for each in prepared) / len(prepared)
    print(f"{size:.0f} bytes a patient")
    lines, alone = [], []
    with wanted.out.open("w") as out:
        for _ in range(wanted.rounds):
            start = time.perf_counter()
            rules.run(prepared, out)
            between = time.perf_counter()
            for each in prepared:
                rules.truths(each)
            lines.append(between - start)
            alone.append(time.perf_counter() - between)
    for name, times in (("lines", lines), ("only evaluation", alone)):
        print(f"{name}: {min(times) / len(prepared) * 1e6:.1f} us a patient")


if __name__ == "__main__":
    main()
