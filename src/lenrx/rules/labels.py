"""Dated label clauses: what a region's label said on a day, and whether a patient is inside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from lenrx.catalogue.conditions import Evaluation, all_of, any_of, evaluate
from lenrx.catalogue.records import Label, Regimen
from lenrx.catalogue.vocabulary import REGIONS, Approval, Region, Truth
from lenrx.rules.case import Case


class RegionApproval(NamedTuple):
    """One region's word on a regimen for one patient, and the clauses it rests on."""

    region: Region
    approval: Approval
    clauses: tuple[tuple[Label, Evaluation], ...]


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


def availability_truth(found: Iterable[RegionApproval], case: Case) -> Truth:
    """Whether the product is authorised at all where the question is asked, for whomever."""
    return any_of(_authorised(each, case) for each in found)


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
    words = {"unknown": "not known whether authorised"}
    return ", ".join(f"{words.get(each.approval, each.approval)} ({each.region})" for each in found)


def _approval(regimen: Regimen, region: Region, case: Case) -> RegionApproval:
    clauses = [
        (clause, _said(clause, case))
        for clause in regimen.labels
        if clause.region == region and in_force(clause, case) is not False
    ]
    if not clauses:
        return RegionApproval(region, _without_clause(regimen, region, case), ())
    truth = any_of(answer.truth for _, answer in clauses)
    word: Approval = "on-label" if truth else "unknown" if truth is None else "off-label"
    return RegionApproval(region, word, tuple(clauses))


def _said(clause: Label, case: Case) -> Evaluation:
    answer = evaluate(clause.when, case.state)
    truth = all_of((in_force(clause, case), answer.truth))
    return Evaluation(truth, answer.needs if truth is None else ())


def _without_clause(regimen: Regimen, region: Region, case: Case) -> Approval:
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
    return "not-approved" if regimen.restricted or later else "off-label"
