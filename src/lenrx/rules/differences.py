"""What differs between two answers, regimen by regimen, and why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from lenrx.catalogue.vocabulary import Approval, Effect, Region, Verdict
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
    labels: tuple[tuple[Region, Approval, Approval], ...] = ()
    """The regions in which the label covers the patient otherwise than before."""


def differences(before: Answer, after: Answer) -> tuple[Difference, ...]:
    """The regimens that changed, changed verdicts first; what stays excluded stays quiet."""
    earlier = {each.regimen.id: each for each in before.regimens}
    found = (
        _difference(earlier[each.regimen.id], each, after.case.regions, after.strict)
        for each in after.regimens
    )
    changed = [each for each in found if each is not None]
    return tuple(sorted(changed, key=lambda each: each.before == each.after))


def _difference(
    before: Assessment, after: Assessment, regions: Sequence[Region], strict: bool
) -> Difference | None:
    same = before.verdict == after.verdict
    if same and after.verdict == "excluded":
        return None
    added, dropped = _only_in(after, before), _only_in(before, after)
    labels = tuple(
        (region, before.approval[region], now)
        for region, now in after.approval.items()
        if region in regions and before.approval[region] != now
    )
    if same and not added and not dropped and not labels:
        return None
    name = after.regimen.id
    because = () if same else reasons(after, strict) or reasons(before, strict)
    places = (before.place, after.place)
    return Difference(name, before.verdict, after.verdict, because, added, dropped, places, labels)


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
    effects: tuple[Effect, ...] = ("adjusts", "cautions", "prefers", "arranges")
    return tuple(one for effect in effects for one in each.saying(effect, "met"))
