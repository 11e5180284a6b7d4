"""The answer as plain data, schema `lenrx/recommendation/1`: what JSON and `to_dict` give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lenrx import __version__

if TYPE_CHECKING:
    from lenrx.catalogue.records import Evidence
    from lenrx.rules.assessment import Answer, Assessment
    from lenrx.rules.evidence import MatchedEvidence
    from lenrx.rules.filters import Finding

SCHEMA: Final = "lenrx/recommendation/1"
NOTICE: Final = (
    "Research and education, for haematologists, clinical pharmacists and chart reviewers; not "
    "CE-marked. Supports and does not replace clinical judgement: check every fact against its "
    "source. Medians from different trials are shown, never used to rank."
)
_ALWAYS: Final = ("endpoint", "value", "comparator_value", "hr", "ci95", "n", "source", "verified")
_OPTIONAL: Final = (
    "where",
    "detail",
    "comparator",
    "value_ci95",
    "ci_level",
    "p",
    "at_months",
    "followup_months",
    "note",
)


def document(answer: Answer, only: tuple[Assessment, ...] | None = None) -> dict[str, Any]:
    """The answer as plain data; a finding that several regimens share is made once."""
    said: dict[int, dict[str, Any]] = {}
    given = answer.state.patient.given()
    local = answer.case.formulary
    extra: dict[str, Any] = {}
    if answer.strict or answer.case.on_label:
        extra["options"] = {"strict": answer.strict, "on_label": answer.case.on_label}
    if answer.assumed:
        extra["assumptions"] = {name: given[name] for name in answer.assumed}
    if local:
        extra["formulary"] = {"name": local.name, "sha256": local.sha256}
    return {
        "schema": SCHEMA,
        "lenrx": __version__,
        "catalogue": {"version": answer.catalogue.version, "sha256": answer.catalogue.sha256},
        "region": answer.case.region,
        "as_of": answer.case.as_of,
        "patient": {
            "given": {name: value for name, value in given.items() if name not in answer.assumed},
            "derived": answer.state.derived(),
        },
        "warnings": [warning._asdict() for warning in answer.warnings],
        "open_questions": [
            {"field": each.field, "question": each.question, "decides": list(each.decides)}
            for each in answer.open_questions
        ],
        "regimens": [assessment(each, said) for each in only or answer.regimens],
        "notice": NOTICE,
        **extra,
    }


def assessment(each: Assessment, said: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """One regimen's assessment as plain data; `said` keeps findings by identity."""
    return {
        "id": each.regimen.id,
        "name": each.regimen.name,
        "drugs": [component.drug for component in each.regimen.drugs],
        "verdict": each.verdict,
        "rank": each.rank,
        "rank_because": list(each.rank_because),
        "approval": dict(each.approval),
        "findings": [said.get(id(one)) or _keep(one, said) for one in each.findings],
        "evidence": [row(one) for one in each.evidence],
        "positions": [
            {
                "guideline": one.guideline,
                "setting": one.setting,
                "stance": one.stance,
                "source": one.source,
                "verified": one.verified,
            }
            for one in each.positions
        ],
        "gaps": list(each.regimen.gaps),
    }


def _keep(one: Finding, said: dict[int, dict[str, Any]]) -> dict[str, Any]:
    said[id(one)] = made = finding(one)
    return made


def finding(one: Finding) -> dict[str, Any]:
    """One finding as plain data; absent places are left out."""
    data: dict[str, Any] = {
        "filter": one.filter,
        "criterion": one.criterion,
        "effect": one.effect,
        "status": one.status,
        "because": one.because,
        "needs": list(one.needs),
        "sources": list(one.sources),
    }
    for name in ("dose", "where", "verified", "drug"):
        if getattr(one, name) is not None:
            data[name] = getattr(one, name)
    return data


def row(one: MatchedEvidence) -> dict[str, Any]:
    """One evidence row as plain data, seen from this regimen's arm."""
    each = one.evidence
    data: dict[str, Any] = {
        "trial": each.trial,
        "population": each.population,
        "match": one.match,
        "design": one.design,
    }
    data |= {name: _plain(each, name) for name in _ALWAYS}
    data |= {name: _plain(each, name) for name in _OPTIONAL if getattr(each, name) is not None}
    if each.also:
        data["also"] = list(each.also)
    if one.comparator_arm_of:
        data |= {
            "value": each.comparator_value,
            "comparator": one.comparator_arm_of,
            "comparator_value": each.value,
            "arm": "comparator",
        }
    if one.limits:
        data["patients_like_this_were_excluded"] = list(one.limits)
    return data


def _plain(each: Evidence, name: str) -> Any:
    value = getattr(each, name)
    return list(value) if isinstance(value, tuple) else value
