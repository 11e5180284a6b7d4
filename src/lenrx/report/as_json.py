"""The answer as JSON, in three depths: what decides, with its reasons, or every criterion.

Brief and reasons say nothing that the full answer does not say; they leave out, and with reasons
what is to be arranged or confirmed stands once, with the eligible regimens that ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from lenrx.catalogue.vocabulary import Detail
from lenrx.report.fitting import brief_in_bounds, dumps, reasons_in_bounds
from lenrx.rules.answer import Answer, Assessment, blocking, excluding
from lenrx.rules.document import FULL, finding, in_json, row
from lenrx.rules.filters import Finding, is_local
from lenrx.rules.headline import headline

_LEFT_OUT: Final = ("where", "verified", "topics")
"""Of a finding, what only the full answer tells."""
_OF_ANSWERED: Final = ("filter", "drug", "sources")
"""Of a finding, what is told once it is no question any more."""
_BEARING: Final = ("adjusts", "cautions", "prefers")
_ASKED: Final = 6
"""Questions of a brief answer, the first to ask."""
_ANYWAY: Final = ("resistance", "indication", "availability")
"""Filters whose reasons are told of regimens off label too."""
_OF_ONE: Final = ("label", "authorised")
_ONCE: Final = (("arrange", "arranges", "met"), ("confirm", "confirms", "unknown"))
"""What stands once for all regimens: its name there, the effect and the status of its findings."""


def render(answer: Answer, only: Sequence[Assessment] | None = None, detail: Detail = FULL) -> str:
    """The answer, or some regimens of it; the same input gives the same bytes."""
    found = document(answer, only, detail)
    return in_json(found) if detail == FULL else dumps(found)


def document(
    answer: Answer, only: Sequence[Assessment] | None = None, detail: Detail = FULL
) -> dict[str, Any]:
    """The answer as plain data."""
    regimens = only or answer.regimens
    if detail == FULL:
        return answer.to_dict(tuple(regimens))
    if detail == "reasons":
        entries = [_with_reasons(each, answer) for each in regimens]
        return reasons_in_bounds(answer.framed(detail, entries) | _once(regimens))
    because: dict[str, str] = {}
    entries = [_in_brief(each, answer, because) for each in regimens]
    found = answer.framed(detail, entries) | {"because": because}
    asked = found["open_questions"]
    found |= {"open_questions": asked[:_ASKED], "more_questions": len(asked[_ASKED:])}
    return brief_in_bounds(found)


def _with_reasons(each: Assessment, answer: Answer) -> dict[str, Any]:
    """One regimen: what decides on it and, where it is open, what bears on this patient."""
    labelled = _labelled(each, answer)
    said = {
        "id": each.regimen.id,
        "name": each.regimen.name,
        "drugs": [component.drug for component in each.regimen.drugs],
        "verdict": each.verdict,
        "approval": _approval(each, answer),
        "findings": [_shortly(one) for one in _bearing(each, labelled)],
    }
    if each.verdict == "excluded":
        return said
    rows = headline(each.evidence, each.merit, answer.catalogue).rows
    shown = rows if each.verdict == "eligible" and labelled else rows[:1]
    placed = {"rank": each.rank, "tied": each.tied, "rank_because": list(each.rank_because)}
    return said | placed | {"evidence": [_said_once(row(one)) for one in shown]}


def _labelled(each: Assessment, answer: Answer) -> bool:
    """Whether a regimen is on label where it was asked for, or in either region."""
    return "on-label" in _approval(each, answer).values()


def _approval(each: Assessment, answer: Answer) -> dict[str, str]:
    return {region: each.approval[region] for region in answer.case.regions}


def _bearing(each: Assessment, labelled: bool) -> Iterable[Finding]:
    """What excludes a regimen; of an open one what is asked, its cautions, doses and leanings.

    Of one off label only the serious cautions.
    """
    return excluding(each) or (
        *(one for one in each.findings if is_local(one)),
        *blocking(each),
        *(one for one in each.findings if _concerns(one, labelled)),
    )


def _concerns(one: Finding, labelled: bool) -> bool:
    bears = one.effect in _BEARING and one.status == "met" and not is_local(one)
    return bears and (labelled or one.effect != "cautions" or one.serious)


def _shortly(one: Finding) -> dict[str, Any]:
    """A finding without what is empty in it, and without the place in its source."""
    is_question = one.status == "unknown" and one.effect != "confirms"
    out = (*_LEFT_OUT, *_OF_ANSWERED) if is_question else _LEFT_OUT
    return {key: value for key, value in finding(one).items() if value != [] and key not in out}


def _said_once(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None and key != "comparators"}


def _once(regimens: Iterable[Assessment]) -> dict[str, Any]:
    """What the eligible regimens have to have arranged, and what is to be ruled out before them."""
    eligible = [each for each in regimens if each.verdict == "eligible"]
    found: dict[str, Any] = {}
    for name, effect, status in _ONCE:
        entries: dict[str, dict[str, Any]] = {}
        for each in eligible:
            for one in each.findings:
                if one.effect == effect and one.status == status:
                    said = entries.setdefault(one.criterion, _entry_of(one))
                    said["regimens"].append(each.regimen.id)
        found[name] = [*entries.values()]
    return found


def _entry_of(one: Finding) -> dict[str, Any]:
    said = {key: value for key, value in _shortly(one).items() if key not in ("effect", "status")}
    topics = {"topics": [*one.topics]} if one.topics else {}
    return said | topics | {"regimens": []}


def _in_brief(each: Assessment, answer: Answer, because: dict[str, str]) -> dict[str, Any]:
    """One regimen in a line: on-label ones with a figure, others by what decides or is to ask."""
    named = {"id": each.regimen.id, "verdict": each.verdict}
    if each.verdict == "excluded":
        first = sorted(excluding(each), key=lambda one: not is_local(one))[:1]
        own = _labelled(each, answer) or first[0].filter in _ANYWAY
        return named | {"decides": _told(first, each, because, short=not own)}
    placed = named | {"rank": each.rank, "approval": _approval(each, answer)}
    if each.verdict == "conditional":
        return placed | _open_in_brief(each, because)
    cautions = (one for one in each.saying("cautions", "met") if one.serious)
    serious = _told(cautions, each, because, short=not _labelled(each, answer))
    local = _told((one for one in each.findings if is_local(one)), each, because)
    told = {"local": local, "serious": serious, "evidence": _figure(each, answer)}
    return placed | {key: value for key, value in told.items() if value}


def _open_in_brief(each: Assessment, because: dict[str, str]) -> dict[str, Any]:
    """The fields that settle a regimen; else what is open, or how much nobody has confirmed."""
    asks = blocking(each)
    if not asks:
        return {"to_confirm": len(each.saying("confirms", "unknown"))}
    fields = [*dict.fromkeys(field for one in asks for field in one.needs)]
    return {"ask": fields} if fields else {"decides": _told(asks, each, because)}


def _told(
    findings: Iterable[Finding], each: Assessment, because: dict[str, str], *, short: bool = False
) -> list[str]:
    """The names of findings; what they say stands once for all regimens of which it is said.

    In `short` the name alone is given, unless what it says stands there already.
    """
    names = []
    for one in findings:
        name = one.criterion
        if one.criterion in _OF_ONE or because.get(name, one.worded) != one.worded:
            name = f"{one.criterion}@{each.regimen.id}"
        if not short:
            because[name] = one.worded
        names.append(name)
    return names


def _figure(each: Assessment, answer: Answer) -> dict[str, Any]:
    """The trial that a regimen is shown with: its hazard ratio, or its figure, and the source."""
    first = headline(each.evidence, each.merit, answer.catalogue).first
    if first is None or not _labelled(each, answer):
        return {}
    said = row(first)
    return {key: said[key] for key in ("trial", "hr", "source") if said[key] is not None}
