"""What one patient of a review came to: the answer, cut down to what has a bearing.

Of a regimen it keeps the findings that decide, apply or are to be confirmed, and references to the
evidence that fits the patient best. Criteria that are not met, notes, and cautions or doses that
hang on something nobody stated are left out; `not_stated` says what that is. Organ findings stand
behind all others, those that ask the same facets together.

Texts are JSON as UTF-8, ready to be written: the members of objects, or the items of lists.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from lenrx.batch.groups import FACETS, Group, groups
from lenrx.catalogue.vocabulary import VERDICTS, Approval, Region, Verdict
from lenrx.patient.patient import Patient
from lenrx.patient.state import PatientWarning
from lenrx.rules.assessment import Answer, Assessment, Question, excluding, leaves_open
from lenrx.rules.evidence import MatchedEvidence
from lenrx.rules.filters import Finding

_QUIET: Final = (
    *("exposed", "refractory", "intolerant", "history", "crcl", "creatinine", "weight"),
    *("cytogenetics_absent", "comorbidities_absent"),
)
"""Fields that `not_stated` does not speak of: another one stands for them."""
FIELDS: Final = tuple(name for own, _ in FACETS for name in own)
"""The fields of a patient as they are written."""
APPLYING: Final = ("cautions", "adjusts", "prefers")


@dataclass(frozen=True, eq=False, slots=True)
class Placed:
    """A regimen and its verdict."""

    regimen: str
    verdict: Verdict


@dataclass(frozen=True, eq=False, slots=True)
class Cause:
    """Something that excludes: regimens, each with criterion and reason."""

    excluded_by: tuple[tuple[str, str, str], ...]


class Outcome(NamedTuple):
    """What one patient came to."""

    given: bytes
    derived: bytes
    not_stated: bytes
    state: str
    warnings: tuple[PatientWarning, ...]
    questions: tuple[Question, ...]
    asked: bytes
    placed: tuple[Placed, ...]
    """Every regimen, in order."""
    causes: tuple[Cause, ...]
    texts: list[bytes]
    """The regimens in order, in pieces, without the brace that ends the last."""
    as_of: str
    region: str | None


def of_answer(answer: Answer) -> Outcome:
    """The outcome that an answer of the plain engine comes to."""
    patient, derived = answer.state.patient, answer.state.derived()
    starts, asking = beginnings(len(answer.regimens)), groups(answer.catalogue)
    return Outcome(
        members(patient.given(FIELDS)),
        members(derived),
        items(not_stated(patient, derived)),
        derived["state"],
        tuple(sorted(answer.warnings)),
        answer.open_questions,
        asked(answer.open_questions),
        tuple(Placed(each.regimen.id, each.verdict) for each in answer.regimens),
        tuple(Cause(_excluding(each)) for each in answer.regimens),
        [
            text
            for place, each in enumerate(answer.regimens)
            for text in (starts[each.verdict][place], *_texts(each, asking, answer.strict))
        ],
        answer.case.as_of,
        answer.case.region,
    )


def _excluding(each: Assessment) -> tuple[tuple[str, str, str], ...]:
    return tuple((each.regimen.id, *why_out(one)) for one in excluding(each))


def _texts(each: Assessment, asking: Mapping[str, Group], strict: bool) -> tuple[bytes, ...]:
    limits = {row.evidence.trial: ids_text(row.limits) for row in each.evidence}
    return (
        opening(each.regimen.id, each.approval),
        findings_text(in_order(each.findings, asking), strict),
        closing(with_limits(references(each.evidence), limits)),
    )


def in_order(findings: Iterable[Finding], asking: Mapping[str, Group]) -> list[Finding]:
    """Findings as a row of a review has them, given the facets that every criterion asks."""
    every = list(findings)
    organs = [one for one in every if one.filter == "organs"]
    organs.sort(key=lambda one: asking[one.criterion])
    return [one for one in every if one.filter != "organs"] + organs


dumps: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Compact JSON, as every line of a review is written."""


def members(data: Mapping[str, Any]) -> bytes:
    """The members of a JSON object, without its braces."""
    return dumps(data)[1:-1].encode()


def items(values: Iterable[Any]) -> bytes:
    """The items of a JSON list, without its brackets."""
    return ",".join(map(dumps, values)).encode()


def asked(questions: Iterable[Question]) -> bytes:
    """The open questions, and the regimens that each alone would settle."""
    return ",".join(
        [f"{_question(each.field, each.question)}{dumps(each.decides)}}}" for each in questions]
    ).encode()


@cache
def _question(field: str, wording: str) -> str:
    return dumps({"field": field, "question": wording})[:-1] + ',"decides":'


def not_stated(
    patient: Patient, derived: Mapping[str, Any], fields: Iterable[str] = FIELDS
) -> list[str]:
    """Those of some fields that nobody stated and nothing gave."""
    wanted = tuple(fields)
    known = {name.removesuffix("_absent") for name in (*patient.given(wanted), *derived)}
    return [name for name in wanted if name not in _QUIET and name not in known]


def why_out(one: Finding) -> tuple[str, str]:
    """Criterion and reason of a finding that excludes."""
    return one.criterion, one.worded


def bears(finding: Finding, strict: bool) -> bool:
    """Whether a finding decides, applies to this patient, or is to be confirmed."""
    if leaves_open(finding, strict) is not True or finding.effect == "confirms":
        return True
    return finding.status == "met" and finding.effect in APPLYING


def findings_text(findings: Iterable[Finding], strict: bool) -> bytes:
    """The findings that bear, as the members of a JSON list."""
    return b",".join([_finding_text(each) for each in findings if bears(each, strict)])


@lru_cache(4_000)
def _finding_text(one: Finding) -> bytes:
    return dumps(_finding(one)).encode()


def _finding(one: Finding) -> dict[str, Any]:
    data: dict[str, Any] = {"criterion": one.criterion, "effect": one.effect, "status": one.status}
    data |= {"because": one.because, "needs": list(one.needs), "sources": list(one.sources)}
    return {**data, "dose": one.dose} if one.dose else data


class Reference(NamedTuple):
    """A trial, and the members of a JSON object that refer to its evidence on one population."""

    trial: str
    members: bytes


def references(rows: Iterable[MatchedEvidence]) -> list[Reference]:
    """Trial, population and sources of the evidence that fits best: exact, or else broader."""
    for wanted in ("exact", "broader"):
        found: dict[tuple[str, str, bool], dict[str, None]] = {}
        for row in rows:
            if row.match == wanted:
                each = row.evidence
                place = (each.trial, each.population, row.comparator_arm_of is not None)
                found.setdefault(place, {})[each.source] = None
        if found:
            return [_reference(wanted, *place, tuple(by)) for place, by in found.items()]
    return []


@lru_cache(2_000)
def _reference(
    match: str, trial: str, population: str, comparator: bool, sources: tuple[str, ...]
) -> Reference:
    data = {"trial": trial, "population": population, "match": match, "sources": sources}
    return Reference(trial, members({**data, "arm": "comparator"} if comparator else data))


def ids_text(ids: Sequence[str]) -> bytes:
    """Ids as JSON; nothing at all if there are none."""
    return dumps(ids).encode() if ids else b""


def with_limits(found: Iterable[Reference], limits: Mapping[str, bytes]) -> bytes:
    """References as JSON, with the entry limits of their trials that the patient falls under."""
    return b",".join(
        [
            b'{%b,"patients_like_this_were_excluded":%b}' % (each.members, limits[each.trial])
            if limits.get(each.trial)
            else b"{%b}" % each.members
            for each in found
        ]
    )


def beginnings(count: int) -> dict[Verdict, list[bytes]]:
    """How a regimen begins, by its verdict and its place in the order, from 0."""
    return {
        verdict: [
            b'%b{"rank":%b,"verdict":"%b",'
            % (
                b"" if place == 0 else b"},",
                b"null" if verdict == "excluded" else b"%d" % (place + 1),
                verdict.encode(),
            )
            for place in range(count)
        ]
        for verdict in VERDICTS
    }


def opening(regimen: str, approval: Mapping[Region, Approval]) -> bytes:
    """The members of a regimen's JSON object from rank and verdict to its findings."""
    return f'"id":{dumps(regimen)},"approval":{dumps(dict(approval))},"findings":['.encode()


def closing(evidence: bytes) -> bytes:
    """The members of a regimen's JSON object after its findings."""
    return b'],"evidence":[%b]' % evidence
