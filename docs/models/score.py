"""A scorer of answers on `patients.jsonl`, by any program, person or language model.

Usage: python docs/models/score.py ANSWERS.jsonl      score the answers of a program
       python docs/models/score.py --lenrx OUT.jsonl  have the installed lenrx answer

An answer is one line of JSON: `id`; `open`, the regimens that are open, best first; `not_open`, by
regimen the reason in words; `ask`, the fields to find out first. Regimens are ids of
`lenrx regimens`. Only what a patient's line expects is scored.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

PATIENTS: Final = Path(__file__).with_name("patients.jsonl")
KINDS: Final = ("open", "not open", "reason", "order", "asked")
Data = dict[str, Any]


def read(path: Path) -> list[Data]:
    """The lines of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def judged(expected: Data, answer: Data) -> Iterator[tuple[str, str, bool]]:
    """Every expectation of one patient: its kind, what was expected, whether it holds."""
    opened, ask = answer.get("open", []), answer.get("ask", [])
    for name in expected["must_be_open"]:
        yield "open", f"{name} open", name in opened
    for name, why in expected["must_not_be_open"].items():
        yield "not open", f"{name} not open", bool(answer) and name not in opened
        if why:
            said = str(answer.get("not_open", {}).get(name, ""))
            yield "reason", f"{name} not open: {why}", why.lower() in said.lower()
    for first, others in expected["must_stand_before"].items():
        for other in others:
            holds = first in opened and _place(first, opened) < _place(other, opened)
            yield "order", f"{first} before {other}", holds
    for field in expected["must_be_asked"]:
        yield "asked", f"{field} asked", field in ask


def _place(name: str, opened: list[str]) -> int:
    return opened.index(name) if name in opened else len(opened)


def report(answers: list[Data]) -> Iterator[str]:
    """The score by kind, then what failed, patient by patient."""
    by_id = {each["id"]: each for each in answers}
    counts, failed = dict.fromkeys(KINDS, 0), list[str]()
    held = dict.fromkeys(KINDS, 0)
    for expected in read(PATIENTS):
        for kind, words, holds in judged(expected, by_id.get(expected["id"], {})):
            counts[kind] += 1
            held[kind] += holds
            failed += [] if holds else [f"- {expected['id']}: {words}"]
    for kind in KINDS:
        yield f"{kind}: {held[kind]} of {counts[kind]}"
    yield from failed


def by_lenrx(expected: Data) -> Data:
    """What the installed lenrx answers of one patient."""
    asked = ["lenrx", "recommend", "--patient", "-", "--format", "json", "--detail", "reasons"]
    done = subprocess.run(
        asked, input=json.dumps(expected["patient"]), capture_output=True, text=True, check=True
    )
    return as_answer(expected["id"], json.loads(done.stdout))


def as_answer(name: str, document: Data) -> Data:
    """An answer of lenrx in the form that is scored."""
    regimens = document["regimens"]
    return {
        "id": name,
        "open": [each["id"] for each in regimens if each["verdict"] == "eligible"],
        "not_open": {
            each["id"]: "; ".join(one["because"] for one in each["findings"])
            for each in regimens
            if each["verdict"] == "excluded"
        },
        "ask": [each["field"] for each in document["open_questions"]],
    }


def main(arguments: list[str]) -> int:
    """Score a file of answers, or have lenrx write one."""
    if len(arguments) == 2 and arguments[0] == "--lenrx":
        lines = [json.dumps(by_lenrx(each), ensure_ascii=False) for each in read(PATIENTS)]
        Path(arguments[1]).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return 0
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    print("\n".join(report(read(Path(arguments[0])))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
