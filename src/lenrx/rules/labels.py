"""Labels and authorisations, dated: what a region's label said on a day, whom it covers.

A combination can be had nowhere before each of its drugs was authorised there for something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from lenrx.catalogue.conditions import Evaluation, all_of, any_of, evaluate
from lenrx.catalogue.records import Label, Regimen
from lenrx.catalogue.vocabulary import REGIONS, Approval, Region, Truth
from lenrx.rules.case import Case


class Lacking(NamedTuple):
    """A drug that was not authorised in a region on the day asked, or of which nobody knows."""

    drug: str
    known: bool
    """Whether it is known that it was not."""
    since: str
    """The day of the first authorisation, or what bounds it; empty where nothing does."""
    sources: tuple[str, ...]


class RegionApproval(NamedTuple):
    """One region's word on a regimen for one patient, and the clauses it rests on."""

    region: Region
    approval: Approval
    clauses: tuple[tuple[Label, Evaluation], ...]
    lacking: tuple[Lacking, ...] = ()


NO_CLAUSE: Final = "none for this combination is in force"
"""Behind "inside the label" in place of its clauses, so that "not" may stand before it."""
AVAILABLE: Final[dict[Approval, Truth]] = {
    "on-label": True,
    "off-label": True,
    "unknown": None,
    "not-approved": False,
    "withdrawn": False,
    "investigational": False,
}


def approvals(regimen: Regimen, case: Case) -> tuple[RegionApproval, ...]:
    """Both regions' approval on the day asked."""
    return case.once(
        "approvals",
        regimen.id,
        lambda: tuple(_approval(regimen, region, case) for region in REGIONS),
    )


def approvals_in(region: Region | None, regimen: Regimen, case: Case) -> list[RegionApproval]:
    """The approval of one region, or of those asked for."""
    regions = (region,) if region else case.regions
    return [each for each in approvals(regimen, case) if each.region in regions]


def label_answer(found: Iterable[RegionApproval]) -> Evaluation:
    """Whether a label that counts covers the patient; with no region asked, either suffices."""
    said = [answer for each in found for _, answer in each.clauses]
    truth = any_of(answer.truth for answer in said)
    needs = [need for answer in said if answer.truth is None for need in answer.needs]
    return Evaluation(truth, tuple(dict.fromkeys(needs)) if truth is None else ())


def availability_truth(regimen: Regimen, found: Iterable[RegionApproval], case: Case) -> Truth:
    """Whether the product is authorised at all where the question is asked, for whomever.

    Of a combination that needs no label of its own it is enough that its drugs are authorised.
    """
    return any_of(_available(regimen, each, case) for each in found)


def _available(regimen: Regimen, each: RegionApproval, case: Case) -> Truth:
    own = _authorised(each, case)
    drugs = all_of(False if one.known else None for one in each.lacking)
    return all_of((drugs, True if own is None and not regimen.restricted else own))


def _authorised(each: RegionApproval, case: Case) -> Truth:
    # Whether the patient is inside a label says nothing of whether there is one.
    if each.clauses:
        return any_of(in_force(clause, case) for clause, _ in each.clauses)
    return AVAILABLE[each.approval]


def in_force(clause: Label, case: Case) -> Truth:
    """Whether a clause held on the day asked; with no known start, unknown before it was read."""
    if clause.until is not None and clause.until <= case.as_of:
        return False
    if clause.since is None and clause.not_before is not None and case.as_of < clause.not_before:
        return False
    if clause.unconfirmed:
        return None
    if clause.since is None:
        return True if case.as_of >= case.catalogue.sources[clause.source].read else None
    return clause.since <= case.as_of


def label_words(clauses: list[Label]) -> str:
    """What clauses in force ask for."""
    if not clauses:
        return f"inside the label ({NO_CLAUSE})"
    asked = dict.fromkeys(f"{clause.region}: {clause.says}" for clause in clauses)
    return f"inside the label ({'; '.join(asked)})"


def unavailable(found: Iterable[RegionApproval]) -> str:
    """Why a product cannot be had, by region."""
    return ", ".join(f"{_unavailable(each)} ({each.region})" for each in found)


def _unavailable(each: RegionApproval) -> str:
    drugs = deciding(each)
    if not drugs:
        return "not known whether authorised" if each.approval == "unknown" else each.approval
    if not drugs[0].known:
        return f"not known since when {' and '.join(one.drug for one in drugs)} is authorised"
    return " and ".join(f"{one.drug} not authorised before {one.since}" for one in drugs)


def deciding(each: RegionApproval) -> list[Lacking]:
    """The drugs without which a combination cannot be had in a region, or may not."""
    known = [one for one in each.lacking if one.known]
    if each.approval == "not-approved":
        return known
    return list(each.lacking) if each.approval == "unknown" else []


def _lacking(regimen: Regimen, region: Region, case: Case) -> Iterator[Lacking]:
    """The drugs that were not authorised on the day asked, or of which nobody knows."""
    for component in regimen.drugs:
        first, by = case.catalogue.authorised(component.drug, region)
        if case.as_of < by:
            told = case.catalogue.drugs[component.drug].authorised
            sources = tuple(one.source for one in told if one.region == region)
            yield Lacking(component.drug, case.as_of < first, first, sources)


def _approval(regimen: Regimen, region: Region, case: Case) -> RegionApproval:
    lacking = tuple(_lacking(regimen, region, case))
    clauses = [
        (clause, _said(clause, case))
        for clause in regimen.labels
        if clause.region == region and in_force(clause, case) is not False
    ]
    if not clauses or any(one.known for one in lacking):
        return RegionApproval(region, _without_clause(regimen, region, case, lacking), (), lacking)
    truth = any_of(answer.truth for _, answer in clauses)
    word: Approval = "on-label" if truth else "unknown" if truth is None else "off-label"
    return RegionApproval(region, word, tuple(clauses), lacking)


def _said(clause: Label, case: Case) -> Evaluation:
    answer = evaluate(clause.when, case.state)
    truth = all_of((in_force(clause, case), answer.truth))
    return Evaluation(truth, answer.needs if truth is None else ())


def _without_clause(
    regimen: Regimen, region: Region, case: Case, lacking: tuple[Lacking, ...]
) -> Approval:
    ended = [
        clause
        for clause in regimen.labels
        if clause.region == region and clause.until is not None and clause.until <= case.as_of
    ]
    if ended and max(ended, key=lambda clause: clause.until or "").ended_by == "withdrawn":
        return "withdrawn"
    study = regimen.investigational
    if study and (study.since or "") <= case.as_of < (study.until or "9999"):
        return "investigational"
    later = any(
        clause.region == region and (clause.since or "") > case.as_of for clause in regimen.labels
    )
    if regimen.restricted or later or any(one.known for one in lacking):
        return "not-approved"
    return "unknown" if lacking else "off-label"
