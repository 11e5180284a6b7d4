"""A judged plan as plain data: `lenrx/plan/1`, at most six thousand letters of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from lenrx import __version__
from lenrx.rules import document
from lenrx.rules.answer import Assessment, premises
from lenrx.rules.evidence import NO_STUDY, TIERS
from lenrx.rules.filters import Finding, is_local
from lenrx.rules.headline import headline
from lenrx.rules.plan.judgement import Judgement, deciding
from lenrx.rules.plan.reading import Plan

SCHEMA: Final = "lenrx/plan/1"
LARGEST: Final = 6_000
"""Bytes of a document, as it is written."""
NO_ENTRY: Final = "no entry"
SHORT_NOTICE: Final = "Research and education, not CE-marked; does not replace clinical judgement."
CAME_TO: Final = {
    "eligible": "open",
    "conditional": "conditional",
    "excluded": "excluded",
    "not_judged": "not judged: cannot be read",
}
"""What came of plans, as results and summaries name it, in words."""
_FIGURES: Final = ("trial", "population", "match", "design", "endpoint", "value", "comparator")
_RATIO: Final = ("comparator_value", "hr", "ci95", "n", "arm", "source", "verified")


def to_dict(found: Judgement) -> dict[str, Any]:
    """What `lenrx plan --format json` prints; what there is no room for is counted."""
    answer, each = found.answer, found.each
    data = {
        "schema": SCHEMA,
        "lenrx": __version__,
        "catalogue": {"version": answer.catalogue.version, "sha256": answer.catalogue.sha256},
        "region": answer.case.region,
        "as_of": answer.case.as_of,
        "patient": _patient(found),
        **_asked(found),
        "plan": _plan(found),
        "verdict": each.verdict,
        "because": because(found),
        "rank": each.rank,
        "tied": each.tied,
        "approval": approval(found),
        "evidence": evidence(found),
        "findings": [_finding(one) for one in bearing(found)],
        "arrange": list(each.topics),
        "confirm": to_confirm(each),
        "ask": [{"field": one.field, "question": one.question} for one in found.asked],
        "better": [_option(one, found) for one in found.better],
        "warnings": [one.message for one in answer.warnings],
        "notice": SHORT_NOTICE,
    }
    return _fitted(data)


def written(found: Judgement) -> str:
    """The document as it is printed."""
    return document.in_json(to_dict(found))


def _patient(found: Judgement) -> dict[str, Any]:
    answer = found.answer
    given = answer.state.patient.given()
    stated = {name: value for name, value in given.items() if name not in answer.assumed}
    assumed = {name: given[name] for name in answer.assumed}
    return {
        "given": stated,
        **({"assumed": assumed} if assumed else {}),
        "state": answer.state.resistance_state,
    }


def _asked(found: Judgement) -> dict[str, Any]:
    """How was asked, where it is not as usual; what is assumed stands with the patient."""
    return {name: each for name, each in premises(found.answer).items() if name != "assumptions"}


def _plan(found: Judgement) -> dict[str, Any]:
    plan = found.plan
    return {
        "asked": plan.asked,
        "id": plan.name,
        "name": plan.regimen.name,
        "drugs": list(plan.drugs),
        "in_catalogue": plan.listed,
        "unknown": [one._asdict() for one in plan.unread],
        "said": list(plan.said),
    }


def because(found: Judgement) -> list[str]:
    """Why the verdict is what it is, in a clinician's words."""
    name = found.each.regimen.id
    return list(dict.fromkeys(document.reason(one, name) for one in found.deciding))


def approval(found: Judgement) -> dict[str, str]:
    """What the labels of both regions say; of a combination without an entry nothing is known."""
    if not found.plan.listed:
        return {str(region): NO_ENTRY for region in found.each.approval}
    return {str(region): word for region, word in found.each.approval.items()}


def evidence(found: Judgement) -> dict[str, Any] | None:
    """What the evidence on the plan is worth, and the figure that it is shown with."""
    each = found.each
    if each.merit.tier == NO_STUDY:
        return None
    first = headline(each.evidence, each.merit, found.answer.catalogue).first
    row = document.row(first) if first else {}
    return {
        "worth": TIERS[each.merit.tier],
        "trial": each.merit.trial,
        "figure": {name: row[name] for name in (*_FIGURES, *_RATIO) if row.get(name) is not None},
    }


def bearing(found: Judgement) -> list[Finding]:
    """The findings that bear on this patient: what decides, then what warns most, then doses."""
    each = found.each
    cautions = each.saying("cautions", "met")
    said = (
        *found.deciding,
        *(one for one in each.findings if is_local(one)),
        *(one for one in cautions if one.serious),
        *each.saying("adjusts", "met"),
        *(one for one in cautions if one.trial is None),
        *(one for one in cautions if one.trial),
        *each.saying("prefers", "met"),
    )
    return list({_key(one): one for one in said}.values())


def _key(one: Finding) -> tuple[str, str, str | None]:
    return one.criterion, one.effect, one.drug


def _finding(one: Finding) -> dict[str, Any]:
    data = document.finding(one)
    return {name: value for name, value in data.items() if value != [] and name != "where"}


def to_confirm(each: Assessment) -> list[str]:
    """The fields that nobody has ruled out yet, and that would matter before starting."""
    found = (need for one in each.saying("confirms", "unknown") for need in one.needs)
    return list(dict.fromkeys(found))


def _option(one: Assessment, found: Judgement) -> dict[str, Any]:
    region = found.answer.case.region
    label = {region: one.approval[region]} if region else dict(one.approval)
    return {
        "id": one.regimen.id,
        "drugs": [component.drug for component in one.regimen.drugs],
        "rank": one.rank,
        "tied": one.tied,
        "approval": label,
        "evidence": f"{TIERS[one.merit.tier]} ({one.merit.trial})",
        "serious_cautions": one.key.serious,
    }


_GIVING_WAY: Final = ("findings", "confirm", "arrange", "warnings", "because")
"""Lists that are cut, from their end, where there is no room; what decides stands first."""


def _fitted(data: dict[str, Any]) -> dict[str, Any]:
    """The document in its bounds; how much of what was left out is said."""
    left: dict[str, int] = {}
    if _size(data["patient"]["given"]) > LARGEST // 4:
        left["given"] = len(data["patient"]["given"])
        data["patient"]["given"] = {}
    while _size(data) > LARGEST - _ROOM:
        name = next((each for each in _GIVING_WAY if len(data[each]) > 1), None)
        if name is None:
            break
        data[name] = data[name][:-1]
        left[name] = left.get(name, 0) + 1
    return {**data, "left_out": left} if left else data


_ROOM: Final = 120
"""Bytes for what was left out."""


def _size(data: Any) -> int:
    return len(document.in_json(data).encode())


def brief(plan: Plan, each: Assessment, better: Iterable[str], *, strict: bool) -> dict[str, Any]:
    """The plan of one row among many: verdict, what decides, place, options on better evidence."""
    decides = deciding(each, strict)
    return {
        "asked": plan.asked,
        "id": plan.name,
        "in_catalogue": plan.listed,
        "verdict": each.verdict,
        "decided_by": {one.criterion: document.reason(one, each.regimen.id) for one in decides},
        "rank": each.rank,
        "better": list(better),
        "unknown": [one.word for one in plan.unread],
    }
