"""What differs between two answers, regimen by regimen, and why."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from lenrx.catalogue.vocabulary import Verdict
from lenrx.rules.answer import Answer, Assessment, blocking, excluding
from lenrx.rules.filters import Finding


class Difference(NamedTuple):
    """One regimen whose verdict, doses or cautions changed, with the findings behind it."""

    regimen: str
    before: Verdict
    after: Verdict
    because: tuple[Finding, ...]
    added: tuple[Finding, ...]
    dropped: tuple[Finding, ...]
    places: tuple[str, str] = ("", "")
    """The rank before and after, as it is written; empty where there is none."""


def differences(before: Answer, after: Answer) -> tuple[Difference, ...]:
    """The regimens that changed, changed verdicts first; what stays excluded stays quiet."""
    earlier = {each.regimen.id: each for each in before.regimens}
    found = (_difference(earlier[each.regimen.id], each, after.strict) for each in after.regimens)
    changed = [each for each in found if each is not None]
    return tuple(sorted(changed, key=lambda each: each.before == each.after))


def _difference(before: Assessment, after: Assessment, strict: bool) -> Difference | None:
    same = before.verdict == after.verdict
    if same and after.verdict == "excluded":
        return None
    added, dropped = _only_in(after, before), _only_in(before, after)
    if same and not added and not dropped:
        return None
    name = after.regimen.id
    because = () if same else reasons(after, strict) or reasons(before, strict)
    places = (before.place, after.place)
    return Difference(name, before.verdict, after.verdict, because, added, dropped, places)


def first(answer: Answer) -> tuple[tuple[str, str], ...]:
    """The first five open regimens, each with its rank."""
    open_ones = (each for each in answer.regimens if each.verdict == "eligible")
    return tuple((each.place, each.regimen.id) for each in islice(open_ones, _FIRST))


_FIRST = 5


def reasons(each: Assessment, strict: bool) -> tuple[Finding, ...]:
    """The findings that keep a regimen from being eligible."""
    return excluding(each) or blocking(each, strict)


def _only_in(one: Assessment, other: Assessment) -> tuple[Finding, ...]:
    there = {(f.criterion, f.dose) for f in _applying(other)}
    return tuple(f for f in _applying(one) if (f.criterion, f.dose) not in there)


def _applying(each: Assessment) -> tuple[Finding, ...]:
    return (*each.saying("adjusts", "met"), *each.saying("cautions", "met"))
