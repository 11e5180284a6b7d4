"""The catalogue's rules for GoRules zen-engine in its fastest form: verdicts and ids only.

One expression is an array of all that any regimen wants to know, each once: that a condition surely
holds and, only where an unknown matters, that it may. Its answers are folded in Python: by regimen
the verdict and the ids of the criteria that bear on it, as a line of NDJSON. Not done at all:
reasons, needs, sources, doses, order, open questions, approval, evidence; `zen_table` does.

The fastest of what was tried with zen-engine 2.1.3; best us a patient, evaluation alone:

    compiled expression: array of truths 43; of 0, 1, 2 49; one string 52; ids by regimen 307
    that array as an expression node: engine.evaluate 52, evaluate_batch of 100 53, of 1,000 64,
        ZenDecision.evaluate 180
    a key for each condition: engine.evaluate 188, evaluate_batch 150
    a decision table, one free-expression row for each condition: engine.evaluate 97, batch 122

Two threads gain nothing. Compiling is not charged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, compress
from operator import gt
from typing import NamedTuple

from flat import Flat, Row, Said, expected, facts, findings, key, vocabulary
from zen_words import against, context, in_doubt, surely, zen

from lenrx.catalogue.loading import Catalogue


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
        self.catalogue, self._names = catalogue, vocabulary(each.condition for each in flat)
        regimens = {regimen: number for number, regimen in enumerate(catalogue.regimens)}
        wanted: dict[str, list[Flat]] = {}
        for each in flat:
            wanted.setdefault(key(against(each)), []).append(each)
        doubtful = {name for name, group in wanted.items() if any(map(in_doubt, group))}
        names = sorted(wanted, key=lambda name: name not in doubtful)
        conditions = [against(wanted[name][0]) for name in names]
        self._met = [_use("met", wanted[name], regimens) for name in names]
        self._unknown = [_use("unknown", wanted[name], regimens) for name in names[: len(doubtful)]]
        asked = [surely(each, True) for each in conditions]
        asked += [f"not ({surely(each, False)})" for each in conditions[: len(doubtful)]]
        self._expression = zen.compile_expression(f"[{', '.join(asked)}]")
        heads = [f"{',' if number else ''}{json.dumps(each)}:" for each, number in regimens.items()]
        self._heads = [
            tuple(f'{head}["{verdict}"' for head in heads)
            for verdict in ("eligible", "conditional", "excluded")
        ]

    def prepare(self, rows: Iterable[Row]) -> list[Patient]:
        """The facts as zen takes them."""
        told = (facts(row, self.catalogue, self._names) for row in rows)
        return [Patient(json.dumps(each["id"]), json.dumps(context(each))) for each in told]

    def line(self, patient: Patient, _: int) -> bytes:
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
        return f'{{"id":{patient.id},"regimens":{{{regimens}]}}}}\n'.encode()

    def _said(self, truths: list[bool]) -> Iterator[Use]:
        """What is surely so, then what may be so and is not surely: the unknown."""
        unknown = map(gt, truths[len(self._met) :], truths)
        return chain(compress(self._met, truths), compress(self._unknown, unknown))

    def truths(self, patient: Patient) -> list[bool]:
        """The engine's answers alone: of each condition that it surely holds, then that it may."""
        answers: list[bool] = self._expression.evaluate(patient.context)
        return answers


def _use(status: str, group: list[Flat], regimens: dict[str, int]) -> Use:
    bearing = [each for each in group if status == "met" or in_doubt(each)]
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


def agree(rules: Rules, rows: list[Row]) -> int:
    """For how many patients the verdicts and the criteria that bear are those of lenrx."""
    lines = [rules.line(each, 0) for each in rules.prepare(rows)]
    return sum(
        _read(line) == expected(row, rules.catalogue) for row, line in zip(rows, lines, strict=True)
    )


def _read(line: bytes) -> Said:
    regimens = json.loads(line)["regimens"].items()
    return {regimen: (verdict, sorted(said)) for regimen, (verdict, *said) in regimens}
