"""The filters over a regimen that the catalogue has no entry of.

Everything that is written on drugs and their classes reaches it. Its label is not known here, which
is neither on nor off; whether its drugs can be had is told by the entries that hold them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lenrx.catalogue.records import Regimen
from lenrx.catalogue.vocabulary import REGIONS, Effect, Truth
from lenrx.rules.case import Case
from lenrx.rules.document import joined
from lenrx.rules.filters import FILTERS as OF_ENTRIES
from lenrx.rules.filters import STATUS, Filter, Finding, availability, indication
from lenrx.rules.labels import RegionApproval, approvals, availability_truth


def approvals_unknown(_regimen: Regimen, _case: Case) -> tuple[RegionApproval, ...]:
    """What is known of the label of a combination without an entry."""
    return tuple(RegionApproval(region, "unknown", ()) for region in REGIONS)


def _indication(regimen: Regimen, case: Case) -> Iterator[Finding]:
    """A relapse; the label of the combination is not known, and may be asked for."""
    for one in indication(regimen, case):
        yield _label(regimen, case) if one.criterion == "label" else one


def _label(regimen: Regimen, case: Case) -> Finding:
    only = [each.drug for each in regimen.drugs if is_restricted(each.drug, case)]
    because = "inside the label (no entry here for this combination)"
    if only:
        held = "is given inside its label" if len(only) == 1 else "are given inside their labels"
        because += f"; {joined(only, 'and')} {held} only"
    effect: Effect = "requires" if only or case.on_label else "notes"
    return Finding("indication", "label", effect, "unknown", because)


def _availability(regimen: Regimen, case: Case) -> Iterator[Finding]:
    """Whether each drug can be had in any regimen here, then the rules and the formulary."""
    for each in regimen.drugs:
        yield from _authorised(each.drug, case)
    for one in availability(regimen, case):
        if one.criterion != "authorised":
            yield one
    for words in regimen.gaps:
        yield Finding("availability", UNKNOWN_DRUG, "requires", "unknown", words)


UNKNOWN_DRUG: Final = "unknown-drug"
"""The criterion of a plan that holds what is not known here: it may exclude, so nothing is open."""


def _authorised(drug: str, case: Case) -> Iterator[Finding]:
    entries = _holding(drug, case)
    truths = [_available(each, case) for each in entries]
    truth = True if True in truths else None if None in truths else False
    if entries and truth is not True:
        where = " and ".join(each.upper() for each in case.regions)
        doubt = "not known whether " if truth is None else "not "
        because = f"{drug}: {doubt}authorised in any regimen here ({where})"
        yield Finding("availability", f"authorised-{drug}", "requires", STATUS[truth], because)


def _available(regimen: Regimen, case: Case) -> Truth:
    found = [each for each in approvals(regimen, case) if each.region in case.regions]
    return availability_truth(regimen, found, case)


def _holding(drug: str, case: Case) -> list[Regimen]:
    every = case.catalogue.regimens.values()
    return [each for each in every if any(one.drug == drug for one in each.drugs)]


def is_restricted(drug: str, case: Case) -> bool:
    """Whether every entry that holds a drug is bound to its label."""
    entries = _holding(drug, case)
    return bool(entries) and all(each.restricted for each in entries)


_OWN: Final[dict[Filter, Filter]] = {indication: _indication, availability: _availability}
FILTERS: Final[tuple[Filter, ...]] = tuple(_OWN.get(each, each) for each in OF_ENTRIES)
"""The filters in their order, two of them as far as drugs alone can tell."""
