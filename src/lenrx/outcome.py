"""What one patient of a review came to: the answer, cut down to what has a bearing.

Of a regimen it keeps the findings that decide, apply or are to be confirmed, and references to the
evidence that fits the patient best. Criteria that are not met, notes, and cautions or doses that
hang on something nobody stated are left out; `not_stated` says what that is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from lenrx.assessment import Answer, Question, blocking, excluding, leaves_open, missing
from lenrx.evidence import Row
from lenrx.filters import Finding
from lenrx.patient import Patient
from lenrx.standing import Warning_
from lenrx.terms import Approval, Region, Verdict

FACETS: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("exposed", "refractory", "intolerant", "history", "prior_lines"), ("expanded", "unsure")),
    (("egfr", "crcl", "creatinine", "weight", "dialysis"), ("age", "sex")),
    (("age",), ()),
    (("cytogenetics", "cytogenetics_absent"), ()),
    (("comorbidities", "comorbidities_absent"), ("sex",)),
    (("lvef",), ()),
    (("platelets",), ()),
    (("anc",), ()),
    (
        (
            *("sex", "ecog", "frailty", "neuropathy_grade", "neuropathic_pain", "hepatic"),
            *("emd", "pcl", "cns", "prior_transplant"),
        ),
        (),
    ),
)
"""The fields of a patient in groups that are read together: its own, and others it reads too."""
_QUIET: Final = (
    *("exposed", "refractory", "intolerant", "history", "crcl", "creatinine", "weight"),
    *("cytogenetics_absent", "comorbidities_absent"),
)
"""Fields that `not_stated` does not speak of: another one stands for them."""
_FIELDS: Final = tuple(name for own, _ in FACETS for name in own)
APPLYING: Final = ("cautions", "adjusts", "prefers")
NOTHING: Final[tuple[tuple[str, ...], tuple[str, ...]]] = ((), ())


@dataclass(frozen=True, eq=False, slots=True)
class Fragment:
    """One regimen of an outcome; `texts`, joined, are its JSON from verdict to evidence."""

    regimen: str
    verdict: Verdict
    texts: tuple[str, ...]
    missing: tuple[tuple[str, ...], tuple[str, ...]]
    """Of a conditional regimen, the fields it needs, and those of which one may settle it."""
    excluded_by: tuple[tuple[str, str], ...]
    """Of an excluded regimen, criterion and reason of each finding that excludes it."""
    key: int = 0


class Outcome(NamedTuple):
    """What one patient came to; texts are the members of JSON objects, or the items of lists."""

    given: str
    derived: str
    not_stated: str
    state: str
    warnings: tuple[Warning_, ...]
    questions: tuple[Question, ...]
    asked: str
    fragments: tuple[Fragment, ...]
    evidence: tuple[str, ...]
    """For every fragment, the JSON that ends it."""
    as_of: str
    region: str | None


def of_answer(answer: Answer) -> Outcome:
    """The outcome that an answer of the plain engine comes to."""
    patient, derived = answer.standing.patient, answer.standing.derived()
    return Outcome(
        members(given(patient)),
        members(derived),
        items(not_stated(patient, derived)),
        derived["state"],
        tuple(sorted(answer.warnings)),
        answer.open_questions,
        asked(answer.open_questions),
        tuple(
            Fragment(
                each.regimen.id,
                each.verdict,
                (
                    opening(each.regimen.id, each.approval),
                    findings_text(sorted(each.findings, key=by_part), answer.strict),
                ),
                missing([one.needs for one in blocking(each, answer.strict)])
                if each.verdict == "conditional"
                else NOTHING,
                tuple(map(why_out, excluding(each))),
            )
            for each in answer.regimens
        ),
        tuple(closing(references(each.evidence)) for each in answer.regimens),
        answer.case.as_of,
        answer.case.region,
    )


def dumps(value: Any) -> str:
    """Compact JSON, as every line of a review is written."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def members(data: Mapping[str, Any]) -> str:
    """The members of a JSON object, without its braces."""
    return dumps(data)[1:-1]


def items(values: Iterable[Any]) -> str:
    """The items of a JSON list, without its brackets."""
    return ",".join(map(dumps, values))


def asked(questions: Iterable[Question]) -> str:
    """The open questions, and the regimens that each alone would settle."""
    return items(
        {"field": each.field, "question": each.question, "decides": list(each.decides)}
        for each in questions
    )


def by_part(finding: Finding) -> bool:
    """Organ findings after all others, as the parts of an assessment are put together."""
    return finding.filter == "organs"


def given(patient: Patient, fields: Iterable[str] = _FIELDS) -> dict[str, Any]:
    """The stated ones of some fields."""
    stated = patient.given()
    return {name: stated[name] for name in fields if name in stated}


def not_stated(
    patient: Patient, derived: Mapping[str, Any], fields: Iterable[str] = _FIELDS
) -> list[str]:
    """Those of some fields that nobody stated and nothing gave."""
    known = {name.removesuffix("_absent") for name in (*patient.given(), *derived)}
    return [name for name in fields if name not in _QUIET and name not in known]


def why_out(one: Finding) -> tuple[str, str]:
    """Criterion and reason of a finding that excludes."""
    return one.criterion, one.worded


def bears(finding: Finding, strict: bool) -> bool:
    """Whether a finding decides, applies to this patient, or is to be confirmed."""
    if leaves_open(finding, strict) is not True or finding.effect == "confirms":
        return True
    return finding.status == "met" and finding.effect in APPLYING


def findings_text(findings: Iterable[Finding], strict: bool) -> str:
    """The findings that bear, as the members of a JSON list."""
    return ",".join(dumps(_finding(each)) for each in findings if bears(each, strict))


def _finding(one: Finding) -> dict[str, Any]:
    data: dict[str, Any] = {"criterion": one.criterion, "effect": one.effect, "status": one.status}
    data |= {"because": one.because, "needs": list(one.needs), "sources": list(one.sources)}
    return {**data, "dose": one.dose} if one.dose else data


def references(rows: tuple[Row, ...]) -> str:
    """Trial, population and sources of the evidence that fits best: exact, or else broader."""
    for wanted in ("exact", "broader"):
        found: dict[tuple[str, str, bool], dict[str, Any]] = {}
        for row in rows:
            if row.match == wanted:
                _refer(row, found)
        if found:
            return items(found.values())
    return ""


def _refer(row: Row, found: dict[tuple[str, str, bool], dict[str, Any]]) -> None:
    each, comparator = row.evidence, row.comparator_arm_of is not None
    place = (each.trial, each.population, comparator)
    made = found.setdefault(
        place,
        {"trial": each.trial, "population": each.population, "match": row.match, "sources": []},
    )
    if each.source not in made["sources"]:
        made["sources"].append(each.source)
    if comparator:
        made["arm"] = "comparator"
    if row.limits:
        made["patients_like_this_were_excluded"] = list(row.limits)


def opening(regimen: str, approval: Mapping[Region, Approval]) -> str:
    """The members of a regimen's JSON object from rank and verdict to its findings."""
    return f'"id":{dumps(regimen)},"approval":{dumps(dict(approval))},"findings":['


def closing(evidence: str) -> str:
    """The members of a regimen's JSON object after its findings."""
    return f'],"evidence":[{evidence}]'
