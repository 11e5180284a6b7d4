"""What columns of single drugs say together: of which drugs a row states nothing, and of which no.

A cell that is empty says nothing of its drug: whether that drug failed is then unknown, not no.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any, Final

from lenrx.catalogue.fields import DRUGGED, FOUND
from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells.base import EVERY
from lenrx.intake.columns.boxes import Asked, gather
from lenrx.intake.columns.column import ASKED, NONE
from lenrx.intake.rows import Problem

_NEVER: Final = "a drug that failed or was not borne is said never to have been given; correct one"
_TWICE: Final = "a drug is stated in two ways by the row; correct one"
Values = MutableMapping[str, Any]
_Pairs = set[tuple[str, str]]


def settle(values: Values) -> tuple[list[tuple[str, str]], list[Problem]]:
    """Settle the drugs asked by columns within `values`: what is said of it, and what is wrong."""
    every = list(values.pop(ASKED))
    said_none = {field for field, what, word, _ in every if what == NONE and word == "yes"}
    answers, said, problems = gather(values, every)
    _absent(values, answers)
    asked = [each for each in answers if each[0] in DRUGGED]
    still_open, out = _answered(asked, "open"), _answered(asked, "no")
    problems += [Problem(field, _TWICE, "stated-twice") for field in _both(values, out)]
    if "exposed" not in said_none:
        said += _nothing_given(values, out)
    if all(values.get(field) is None for field in DRUGGED):
        return said, problems
    given = {drug for field in DRUGGED for drug in values.get(field) or ()}
    never = {drug for field, drug in out if field == "exposed"}
    failed_or_stopped = {*(values.get("refractory") or ()), *(values.get("intolerant") or ())}
    if never & failed_or_stopped and "exposed" not in {each.field for each in problems}:
        problems.append(Problem("exposed", _NEVER, "stated-twice"))
    said += _maybe_given(values, {drug for field, drug in still_open if field == "exposed"} - given)
    failed = {drug for field, drug in still_open if field == "refractory"}
    listed = "exposed" in values and all(field != "exposed" for field, *_ in asked)
    spared = {drug for field, drug in out if field == "exposed"}
    said += _maybe_refractory(values, failed & given if listed else failed - (spared - given))
    return said, problems


def of_all(values: Values, catalogue: Catalogue) -> tuple[list[tuple[str, str]], list[Problem]]:
    """Settle `all` of a list: the drugs that the row says were given, but for steroids."""
    said, problems = list[tuple[str, str]](), list[Problem]()
    steroids = catalogue.drugs_in("corticosteroid")
    given = values.get("exposed") or ()
    named = {*given} <= {*catalogue.drugs} and values.get("history") != "partial"
    drugs = tuple(sorted({*given} - steroids)) if named else ()
    for field, word in values.pop(EVERY):
        if not drugs or field in values:
            problems.append(Problem(field, _WHICH, word=word))
            continue
        values[field] = drugs
        said.append((field, f"all of them, as given under exposed: {', '.join(drugs)}"))
    return said, problems


_WHICH: Final = "says all, and which drugs those are is not listed under exposed; write the drugs"


def _absent(values: Values, asked: Sequence[Asked]) -> None:
    """A finding is absent where every column of it says no: one may have several (DVT, PE)."""
    names = _answered(asked, "no") - _answered(asked, "yes") - _answered(asked, "open")
    for field, name in names:
        if field in FOUND:
            absent = values.get(f"{field}_absent") or ()
            values[f"{field}_absent"] = tuple(sorted({*absent, name}))


def _answered(asked: Sequence[Asked], word: str) -> _Pairs:
    return {(field, drug) for field, drug, said, _ in asked if said == word}


def _both(values: Values, out: _Pairs) -> list[str]:
    """Fields that name a drug of which another column says no."""
    return sorted({field for field, drug in out if drug in (values.get(field) or ())})


def _nothing_given(values: Values, out: _Pairs) -> Iterator[tuple[str, str]]:
    """A row of which every column says that its drug was not given was not filled in."""
    marked = any(field == "exposed" for field, _ in out)
    lists = [values.get(field) for field in DRUGGED]
    if marked and not any(lists) and values.get("prior_lines") != 0:
        for field in DRUGGED:
            values.pop(field, None)
        yield "exposed", "no drug is marked as given: the drug history is not stated"


def _maybe_given(values: Values, drugs: set[str]) -> Iterator[tuple[str, str]]:
    if drugs and values.setdefault("history", "partial") == "partial":
        yield "exposed", f"not known whether given: {_listed(drugs)}"


def _maybe_refractory(values: Values, drugs: set[str]) -> Iterator[tuple[str, str]]:
    drugs = drugs - {*(values.get("refractory") or ())}
    if drugs:
        values["unsure"] = tuple(sorted({*values.get("unsure", ()), *drugs}))
        yield "refractory", f"not known whether refractory to: {_listed(drugs)}"


def _listed(drugs: set[str]) -> str:
    return ", ".join(sorted(drugs))
