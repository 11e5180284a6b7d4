"""Why a regimen is not open, in the few words of the first screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lenrx.catalogue.conditions import Condition, evaluate
from lenrx.catalogue.records import Label
from lenrx.report.screen.figures import gist
from lenrx.rules.answer import Answer, Assessment, excluding
from lenrx.rules.document import joined
from lenrx.rules.filters import Finding, is_local
from lenrx.rules.labels import in_force


def why_not(each: Assessment, answer: Answer) -> str:
    """The first reason against a regimen, short enough to be shared by several."""
    found = excluding(each)
    return _against(min(found, key=_ground), each, answer)


def _ground(one: Finding) -> int:
    """What weighs first: resistance and toleration, then whether it can be had at all."""
    return 0 if one.filter == "resistance" else 1 if one.criterion == "authorised" else 2


def _against(one: Finding, each: Assessment, answer: Answer) -> str:
    if one.criterion.startswith("refractory-"):
        return f"{one.criterion.removeprefix('refractory-')}-refractory"
    if one.criterion.startswith("intolerant-"):
        return f"{one.criterion.removeprefix('intolerant-')} stopped for toxicity"
    if is_local(one):
        about, _, note = one.because.partition(": not stocked")
        return f"{about.rpartition(': ')[2]} not stocked{note}"
    if one.criterion == "label":
        unmet = _unmet(each, answer)
        return f"label: {unmet}" if unmet else "no label"
    if one.criterion == "authorised":
        return _unavailable(each, answer)
    return one.worded if len(one.worded) <= _ROOM else gist(one.worded)


_ROOM: Final = 48


def _unmet(each: Assessment, answer: Answer) -> str:
    """What labels ask that the patient does not have."""
    clauses = [one for one in each.regimen.labels if _counts(one, answer)]
    asked = dict.fromkeys(_asked(one, answer) for one in clauses)
    return " or ".join(asked)


def _counts(clause: Label, answer: Answer) -> bool:
    return clause.region in answer.case.regions and in_force(clause, answer.case) is not False


def _asked(clause: Label, answer: Answer) -> str:
    """The first thing that a clause asks in vain; the clause itself where no words are known."""
    for condition in _parts(clause.when):
        if evaluate(condition, answer.state).truth is False:
            ((key, wanted),) = condition.items()
            if key == "prior_lines" and "at_least" in wanted:
                return f"{wanted['at_least']}+ lines"
            if key == "received":
                return f"after {joined(wanted)}"
            if key == "refractory":
                return f"{joined(wanted)}-refractory"
    return gist(clause.says)


def _parts(condition: Condition) -> Iterator[Condition]:
    """The conditions that must all be met."""
    for part in condition.get("all", [condition]):
        yield from _parts(part) if "all" in part else (part,)


def _unavailable(each: Assessment, answer: Answer) -> str:
    """Why a product cannot be had, by region where both are asked."""
    words = {region: each.approval[region].replace("-", " ") for region in answer.case.regions}
    if len(set(words.values())) == 1:
        return next(iter(words.values()))
    return ", ".join(f"{word} ({region})" for region, word in words.items())
