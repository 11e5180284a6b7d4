"""The catalogue's rules for GoRules zen-engine, in two forms, asked once for each patient.

`Table` is the form its users write: a decision table with hit policy collect, and in it a row for
every finding of every regimen, which says regimen, criterion, effect, status, reason, sources and
dose. Python folds what it collects: by regimen the verdict and the findings that bear, as a line of
NDJSON. The table is compiled once and asked through the engine, which is the fastest: best us a
patient, before it said sources and doses, 600 so; 1,600 by the decision of `create_decision`; 6,000
where the loader gives text; 800 by evaluate_batch; a tenth more with a row for each status.

`Rules` is the tuned form: one expression.

Zen's `and`, `or` and `<` fail on null, so a condition is two of its expressions: that it surely
holds, and that it surely does not; it is unknown when neither. The expression is an array of all
that any regimen wants to know, each once: that a condition surely holds and, only where an unknown
matters, that it may. Its answers are folded in Python: by regimen the verdict and the ids of the
criteria that bear on it, as a line of NDJSON.

Charged: handing over the facts, evaluating, folding, the line, writing. Not charged: reading rows,
everything in `flat.facts`, turning the facts into JSON text, and compiling; `batch.py` charges all
but the last. Not done at all: needs, order, open questions, approval, evidence, and by `Rules` all
of a finding but its id.

`Rules` is the fastest of what was tried with zen-engine 2.1.3; best us a patient, evaluation alone:

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
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, compress, pairwise
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
SAID: Final = ("regimen", "criterion", "effect", "status", "because", "sources", "dose")
"""The columns of a decision table that a finding answers with."""
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


class Form:
    """The catalogue's rules in some form, ready to be asked."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._flat = [each for each in findings(catalogue) if each.bears]
        self.catalogue, self.names = catalogue, vocabulary(self._flat)

    def prepare(self, rows: Iterable[Row]) -> list[Patient]:
        """The facts as zen takes them; not charged."""
        told = (facts(row, self.catalogue, self.names) for row in rows)
        return [Patient(json.dumps(each["id"]), json.dumps(_context(each))) for each in told]

    def run(self, prepared: Sequence[Patient], out: IO[str]) -> int:
        """Write a line for every patient. Returns how many."""
        out.writelines(map(self.line, prepared))
        return len(prepared)

    def line(self, patient: Patient) -> str:
        """One patient's verdicts, and what bears on them."""
        raise NotImplementedError

    def truths(self, patient: Patient) -> Any:
        """The engine's answers alone."""
        raise NotImplementedError


class Table(Form):
    """The catalogue's rules as a decision table."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue)
        text = json.dumps(_decision(list(map(_row, self._flat))))
        self._decision = zen.ZenEngine().create_decision(text)
        content = zen.ZenDecisionContent(text)
        self._engine = zen.ZenEngine({"loader": lambda _: content})
        self._excludes = {
            (each.regimen, each.criterion): each.if_unknown != "confirms"
            for each in self._flat
            if each.effect in ("excludes", "requires")
        }

    def line(self, patient: Patient) -> str:
        """One patient's verdicts, and the findings that bear on them."""
        said: dict[str, list[Any]] = {name: ["eligible"] for name in self.catalogue.regimens}
        for found in self.truths(patient):
            said[found.pop("regimen")].append(found)
        for name, (_, *bearing) in said.items():
            said[name][0] = self._verdict(name, bearing)
        regimens = json.dumps(said, ensure_ascii=False)
        return f'{{"id":{patient.id},"regimens":{regimens}}}\n'

    def _verdict(self, regimen: str, bearing: list[dict[str, str]]) -> str:
        verdict = "eligible"
        for each in bearing:
            blocks = self._excludes.get((regimen, each["criterion"]))
            if blocks is not None and each["status"] == "met":
                return "excluded"
            if blocks:
                verdict = "conditional"
        return verdict

    def truths(self, patient: Patient) -> list[dict[str, str]]:
        """What the engine collects: the findings that bear."""
        collected: list[dict[str, str]] = self._engine.evaluate("table", patient.context)["result"]
        return collected

    def decided(self, patient: Patient) -> list[dict[str, str]]:
        """The same by the decision object, as the first example of its manual has it."""
        collected: list[dict[str, str]] = self._decision.evaluate(patient.context)["result"]
        return collected


def _decision(rows: list[dict[str, str]]) -> dict[str, Any]:
    """A decision of nothing but one table, in the engine's JSON."""
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": [{"id": name, "field": name, "name": name} for name in SAID],
        "rules": rows,
    }
    nodes = [_node("input"), {**_node("decisionTable"), "content": table}, _node("output")]
    names = [node["id"] for node in nodes]
    edges = [
        {"id": f"{one} {other}", "sourceId": one, "targetId": other, "type": "edge"}
        for one, other in pairwise(names)
    ]
    return {"nodes": nodes, "edges": edges}


def _node(kind: str) -> dict[str, Any]:
    return {"id": kind, "name": kind, "type": f"{kind}Node", "position": {"x": 0, "y": 0}}


def _row(finding: Flat) -> dict[str, str]:
    """The row of a finding. It is collected if it may bear, and says whether it surely does."""
    against, text = _against(finding), partial(json.dumps, ensure_ascii=False)
    surely = _surely(against, True)
    says = {"regimen": finding.regimen, "criterion": finding.criterion, "effect": finding.effect}
    row = {name: text(said) for name, said in says.items()}
    row |= {"when": surely, "status": text("met"), "because": text(finding.because)}
    row |= {"sources": text(finding.sources), "dose": text(finding.dose)}
    if _in_doubt(finding):
        row |= {"when": f"not ({_surely(against, False)})"}
        row |= {"status": f"({surely}) ? 'met' : 'unknown'"}
        if finding.if_unknown != finding.effect:
            row["effect"] = f"({surely}) ? {row['effect']} : {text(finding.if_unknown)}"
    return row


class Rules(Form):
    """The catalogue's rules as one compiled expression, and what its answers mean."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue)
        flat = self._flat
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


def agree(rules: Form, rows: list[Row]) -> int:
    """For how many patients the verdicts and the criteria that bear are those of lenrx."""
    lines = map(rules.line, rules.prepare(rows))
    return sum(
        _read(line) == expected(row, rules.catalogue) for row, line in zip(rows, lines, strict=True)
    )


def _read(line: str) -> Said:
    regimens = json.loads(line)["regimens"].items()
    return {regimen: (verdict, sorted(map(_id, said))) for regimen, (verdict, *said) in regimens}


def _id(said: str | dict[str, str]) -> str:
    return said if isinstance(said, str) else said["criterion"]


def main() -> None:
    """Print the agreement, and the time and size of a patient."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("--out", type=Path, default=Path(os.devnull))
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    catalogue = load()
    rows = patients(wanted.rows, catalogue)
    for rules in (Table(catalogue), Rules(catalogue)):
        _report(rules, rows, wanted.out, wanted.rounds)


def _report(rules: Form, rows: list[Row], path: Path, rounds: int) -> None:
    prepared = rules.prepare(rows)
    size = sum(len(rules.line(each)) for each in prepared) / len(prepared)
    agreed = f"{agree(rules, rows[:100])} of {len(rows[:100])} patients as lenrx"
    print(f"{type(rules).__name__}: {agreed}, {size:.0f} bytes a patient")
    lines, alone = [], []
    with path.open("w") as out:
        for _ in range(rounds):
            start = time.perf_counter()
            rules.run(prepared, out)
            between = time.perf_counter()
            for each in prepared:
                rules.truths(each)
            lines.append(between - start)
            alone.append(time.perf_counter() - between)
    for name, times in (("lines", lines), ("only evaluation", alone)):
        print(f"  {name}: {min(times) / len(prepared) * 1e6:.1f} us a patient")


if __name__ == "__main__":
    main()
