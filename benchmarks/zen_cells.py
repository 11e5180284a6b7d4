"""What lenrx says, as rows of decision tables in zen's language: cells are its expressions.

A row is collected if what it says may bear on the patient, and then says whether it surely does,
and what is missing. Rows stand in the order in which lenrx writes what they say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from flat import AS_OF, ASKED, FALSE, TRUE, Flat, either, every, findings
from zen_words import against, in_doubt, joined, surely

from lenrx.batch.groups import groups
from lenrx.batch.outcome import in_order
from lenrx.catalogue.conditions import COUNTS, HISTORIES, SETS, Condition
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence, Regimen
from lenrx.catalogue.vocabulary import Region
from lenrx.patient.patient import Patient
from lenrx.rules.assessment import assess
from lenrx.rules.evidence import (
    EVERYBODY,
    STANCES,
    Match,
    MatchedEvidence,
    Whom,
    by_whom,
    level_of,
    limiting,
    rows_from,
)
from lenrx.rules.filters import Finding
from lenrx.rules.labels import RegionApproval, approvals

Cells = dict[str, str]
_text: Final = partial(json.dumps, ensure_ascii=False)


def tables(catalogue: Catalogue) -> dict[str, list[Cells]]:
    """The rows of every table."""
    regimens = catalogue.regimens.values()
    found = assess(catalogue, Patient(), as_of=AS_OF).case
    return {
        "findings": list(_findings(catalogue)),
        "evidence": [row for each in regimens for row in _evidence(each, catalogue)],
        "limits": list(_limits(catalogue)),
        "positions": [row for each in regimens for row in _positions(each, catalogue)],
        "labels": [row for each in regimens for row in _labels(each, approvals(each, found))],
    }


def conditions(catalogue: Catalogue) -> Iterator[Condition]:
    """All that is asked in any row."""
    yield from (each.condition for each in findings(catalogue) if each.bears)
    for group in catalogue.populations.values():
        yield from (each for each in (group.when, group.broader_if) if each)
    for trial in catalogue.trials.values():
        yield from (each.when for each in trial.limits)
    yield from (each.when for each in catalogue.settings.values())
    for regimen in catalogue.regimens.values():
        yield from (each.when for each in regimen.evidence if each.when)
        yield from (each.when for each in regimen.labels)


def _findings(catalogue: Catalogue) -> Iterator[Cells]:
    """A row for every finding that may bear, by regimen as they are written."""
    flat = {(each.regimen, each.criterion): each for each in findings(catalogue) if each.bears}
    asked: dict[str, Region | None] = {"us": "us", "eu": "eu", "both": None}
    answers = {
        name: assess(catalogue, Patient(region=region), as_of=AS_OF)
        for name, region in asked.items()
    }
    said = {
        name: {
            (each.regimen.id, one.criterion): one
            for each in answer.regimens
            for one in each.findings
        }
        for name, answer in answers.items()
    }
    asking = groups(catalogue)
    for each in answers["both"].regimens:
        for one in in_order(each.findings, asking):
            key = (each.regimen.id, one.criterion)
            if key in flat:
                yield _finding(
                    flat[key], {name: found.get(key, one) for name, found in said.items()}
                )


def _finding(finding: Flat, said: Mapping[str, Finding]) -> Cells:
    """It is collected if it may bear, and says whether it surely does."""
    asked, decided = against(finding), "not met" if finding.effect == "requires" else "met"
    certain = surely(asked, True)
    row = {
        "when": certain,
        "regimen": _text(finding.regimen),
        "criterion": _text(finding.criterion),
        "effect": _text(finding.effect),
        "status": _text(decided),
        "because": _text(finding.because),
        "needs": "[]",
        "sources": _text(finding.sources),
        "dose": _text(finding.dose) if finding.dose else "",
    }
    if finding.effect == "requires":
        row["because"] = _by_region({name: one.because for name, one in said.items()})
        row["sources"] = _by_region({name: one.sources for name, one in said.items()})
    if in_doubt(finding):
        row |= {"when": f"not ({surely(asked, False)})"}
        row |= {"status": f"({certain}) ? {_text(decided)} : 'unknown'"}
        row |= {"needs": f"({certain}) ? [] : {_missing(asked)}"}
        if finding.if_unknown != finding.effect:
            row["effect"] = f"({certain}) ? {row['effect']} : {_text(finding.if_unknown)}"
    return row


def _by_region(said: Mapping[str, Any]) -> str:
    us, eu, both = (_text(said[name]) for name in ("us", "eu", "both"))
    if us == eu == both:
        return both
    return f"({ASKED['us']} and {ASKED['eu']}) ? {both} : ({ASKED['us']} ? {us} : {eu})"


def _missing(condition: Condition) -> str:
    """The fields that would settle a condition that is unknown."""
    parts = list(dict.fromkeys(_missing_parts(condition)))
    if len(parts) == 1:
        return _text([parts[0][1]])
    # A field may be missing for several parts, and is to be named once.
    asked: dict[str, list[str]] = {}
    for unknown, field in parts:
        asked.setdefault(field, []).append(unknown)
    ends = [f"({joined('or', some)}) ? [{_text(field)}] : []" for field, some in asked.items()]
    return f"flatMap([{', '.join(ends)}], #)"


def _missing_parts(condition: Condition, within: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """For each part that may be unknown: when it has a say and is, and its field."""
    ((kind, wanted),) = condition.items()
    unknown = f"not ({surely(condition, True)}) and not ({surely(condition, False)})"
    if kind in ("all", "any"):
        for part in wanted:
            yield from _missing_parts(part, (*within, unknown))
    elif kind == "not":
        yield from _missing_parts(wanted, within)
    elif kind in SETS:
        field = SETS[kind][0]
        for name in wanted:
            absent = f"'{name}' not in {kind}_found and '{name}' not in {kind}_absent"
            yield joined("and", [*within, unknown, absent]), f"{field}.{name}"
    elif kind not in (*HISTORIES, *COUNTS, *ASKED.values(), "always"):
        yield joined("and", [*within, unknown]), "egfr" if kind == "renal" else kind


def _evidence(regimen: Regimen, catalogue: Catalogue) -> Iterator[Cells]:
    """A row for every population of every trial, in the order in which lenrx writes them."""
    for each, *more in _alike(regimen, catalogue):
        belongs, narrower = _whom(each.evidence, catalogue)
        if belongs == FALSE:
            continue
        certain = surely(belongs, True)
        exact = f"{certain} and not ({surely(narrower, True)})"
        level, broader = (
            level_of(each._replace(match=match), catalogue) for match in ("exact", "broader")
        )
        match = f"({exact}) ? 'exact' : (({certain}) ? 'broader' : 'unknown')"
        sources = dict.fromkeys(one.evidence.source for one in (each, *more))
        yield {
            "when": f"not ({surely(belongs, False)})",
            "regimen": _text(regimen.id),
            "level": _text(level) if level == broader else f"({exact}) ? {level} : {broader}",
            "trial": _text(each.evidence.trial),
            "population": _text(each.evidence.population),
            "match": match,
            "sources": _text([*sources]),
            "arm": "'comparator'" if each.comparator_arm_of else "",
        }


def _alike(regimen: Regimen, catalogue: Catalogue) -> list[list[MatchedEvidence]]:
    """The evidence on a regimen; together what fits alike and is written as one reference."""
    fits: dict[Whom, Match] = dict.fromkeys(by_whom(regimen, catalogue), "exact")
    found: list[list[MatchedEvidence]] = []
    last: dict[tuple[str, str, bool], list[MatchedEvidence]] = {}
    for each in rows_from(regimen, catalogue, fits, {}):
        one = each.evidence
        place = (one.trial, one.population, each.comparator_arm_of is None)
        before = last.get(place)
        # Of what fits otherwise the sources may stand between, so it may not be skipped.
        if before is None or _fitting(before[0]) != _fitting(each):
            last[place] = before = []
            found.append(before)
        before.append(each)
    return found


def _fitting(row: MatchedEvidence) -> tuple[tuple[str, ...], int, str]:
    """What the match and the strength of a row hang on, within one place."""
    return row.evidence.also, id(row.evidence.when), row.design


def _whom(evidence: Evidence, catalogue: Catalogue) -> tuple[Condition, Condition]:
    """That a patient belongs to the population of a row, and that it is wider than the patient."""
    groups = [catalogue.populations[name] for name in (evidence.population, *evidence.also)]
    asked = [each.when for each in groups if each.when]
    if evidence.when:
        asked = [evidence.when, *asked[1 if groups[0].when else 0 :]]
    if not asked:
        return (TRUE, TRUE) if evidence.population == EVERYBODY else (FALSE, FALSE)
    return every(asked), either(each.broader_if for each in groups if each.broader_if)


def _limits(catalogue: Catalogue) -> Iterator[Cells]:
    """A row for every entry limit of a trial that evidence comes from."""
    regimens = catalogue.regimens.values()
    for name in dict.fromkeys(name for each in regimens for name in limiting(each, catalogue)):
        for limit in catalogue.trials[name].limits:
            yield {
                "when": surely(limit.when, True),
                "trial": _text(name),
                "limit": _text(limit.id),
            }


def _positions(regimen: Regimen, catalogue: Catalogue) -> Iterator[Cells]:
    """A row for every position of a guideline that was published by the day asked."""
    for each in regimen.positions:
        if each.kind == "guideline" and each.year <= int(AS_OF[:4]):
            yield {
                "when": surely(catalogue.settings[each.setting].when, True),
                "regimen": _text(regimen.id),
                "stance": _text(STANCES.index(each.stance)),
            }


def _labels(regimen: Regimen, found: Iterable[RegionApproval]) -> Iterator[Cells]:
    """A row for every region with a label, that the patient may be inside it."""
    for each in found:
        inside = either(clause.when for clause, _ in each.clauses)
        if each.clauses:
            yield {
                "when": f"not ({surely(inside, False)})",
                "regimen": _text(regimen.id),
                "region": _text(each.region),
                "approval": f"({surely(inside, True)}) ? 'on-label' : 'unknown'",
            }
