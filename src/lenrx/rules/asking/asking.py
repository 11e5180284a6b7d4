"""The next question: of those that are open the one whose answers change most verdicts.

Questions that leave a regimen unclear come before those that could only overturn a verdict. What
an answer changes is worked out, not listed: every regimen that it may concern is judged anew
for each answer that the question may have, and the mean over these answers counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from typing import NamedTuple

from lenrx.catalogue.conditions import LISTS, MEDICINES
from lenrx.catalogue.fields import DRUGGED, FOUND
from lenrx.patient.patient import PatientError
from lenrx.patient.state import PatientState, patient_state
from lenrx.rules.answer import Answer, Assessment, blocking, leaves_open
from lenrx.rules.asking.supposed import Needs, Supposed, named_of, supposed
from lenrx.rules.assessment import fold, place_of
from lenrx.rules.case import Case
from lenrx.rules.filters import FILTERS
from lenrx.rules.labels import approvals
from lenrx.rules.order import OFF_LABEL, label_order


class NextQuestion(NamedTuple):
    """A question that may still change something, and how much it is expected to change."""

    subject: str
    """A field, or a class of a drug list that has no drug yet: `refractory.pi`; empty where it is
    open what is stated."""
    names: tuple[str, ...]
    """The findings, or the drugs, that are asked for; empty where any may be named."""
    settles: float
    """How many verdicts the answer changes, in the mean over the answers it may have."""
    regimens: tuple[str, ...]
    """Those whose verdict one of the answers changes, in their order, then those it bears on."""
    unclear: bool = False
    """Whether one of them is conditional for want of this answer."""


def next_question(answer: Answer, asked: Container[str] = ()) -> NextQuestion | None:
    """What to ask next, leaving out what was asked; None where nothing can change any more.

    What can change is the verdict of a regimen that is on label, or may be.
    """
    found = [each for each in open_subjects(answer) if each not in asked]
    needs = _needs(answer)
    weighed = [_weighed(each, needs, answer) for each in _in_turn(found, asked)]
    worth = [each for each in weighed if each.regimens]
    return min(worth, key=_order) if worth else None


def _order(one: NextQuestion) -> tuple[bool, float, int, int, str]:
    """What is unclear comes before what could still overturn a verdict, then what changes most."""
    weight = (-one.settles, -len(one.regimens))
    return (not one.unclear, *weight, place_of(one.subject), one.subject)


def _in_turn(subjects: list[str], asked: Container[str]) -> list[str]:
    """Which drugs failed, and which were stopped, can be asked of drugs that are known."""
    if "exposed" not in subjects:
        return subjects
    return [each for each in subjects if each not in ("refractory", "intolerant")]


def open_subjects(answer: Answer) -> list[str]:
    """The questions that could be put: what is missing, and lists of which nothing is stated."""
    state = answer.state
    found = dict.fromkeys(each for need in _needs(answer) if (each := _subject(need, state)))
    unstated = [each for each in (*DRUGGED, "region") if getattr(state.patient, each) is None]
    return [*dict.fromkeys([*found, *unstated])]


def _subject(need: str, state: PatientState) -> str:
    """The question that asks for something missing; none where the catalogue does not know it."""
    head, _, name = need.partition(".")
    if not name or head in FOUND or (head in DRUGGED and name in state.catalogue.drugs):
        return head
    if head in MEDICINES:
        return ""
    fields = (head, "refractory")
    vague = (each for each in fields if _is_vague(each, name, state))
    return next((f"{each}.{name}" for each in vague), head)


def _is_vague(field: str, name: str, state: PatientState) -> bool:
    """Whether a list names a class, which of its drugs is not known, and a person can say so."""
    if field in state.patient.recorded:
        return False
    kind = next(kind for kind, each in LISTS.items() if each == field)
    stated = getattr(state.patient, field) or ()
    vague = (item.name for item in state.items[kind] if not item.named)
    return any(each.lower() == name and each in stated for each in vague)


def _needs(answer: Answer) -> Needs:
    """What is missing, with the regimens on label that it keeps open or may still rule out."""
    found: dict[str, list[str]] = {}
    for each in answer.regimens:
        if each.verdict != "excluded" and _is_labelled(each):
            undecided = (one for one in each.findings if leaves_open(one, strict=True) is None)
            for need in dict.fromkeys(need for one in undecided for need in one.needs):
                found.setdefault(need, []).append(each.regimen.id)
    return found


def _is_labelled(each: Assessment) -> bool:
    return each.key.label < OFF_LABEL


def _weighed(subject: str, needs: Needs, answer: Answer) -> NextQuestion:
    """A question with what its answers change."""
    state = answer.state
    counts, possible, first = Counter[str](), 0, list[str]()
    for place, each in enumerate(supposed(subject, needs, state, _at_stake(answer))):
        changed = _changed(each, answer)
        if changed is None:
            continue
        first = first if place else changed
        possible += 1
        counts.update({*changed, *(one for one in first if one not in each.regimens)})
    pending = _pending(subject, answer)
    ids = [each.regimen.id for each in answer.regimens]
    concerned = [each for each in ids if each in counts]
    concerned += [each for each in ids if each in pending and each not in counts]
    mean = counts.total() / possible if possible else 0
    return NextQuestion(
        subject, named_of(subject, needs, state), mean, tuple(concerned), bool(pending)
    )


def _pending(subject: str, answer: Answer) -> set[str]:
    """The regimens on label that are conditional, and that this question has a part in."""
    return {
        each.regimen.id
        for each in answer.with_verdict("conditional")
        if _is_labelled(each)
        for one in blocking(each, answer.strict)
        if subject in [_subject(need, answer.state) for need in one.needs]
    }


def _at_stake(answer: Answer) -> tuple[str, ...]:
    """The regimens on label or not known to be off it; all, once the history may move a label."""
    every = (each for each in answer.regimens if _is_labelled(each) or not answer.state.unstated)
    return tuple(each.regimen.id for each in every)


def _changed(one: Supposed, answer: Answer) -> list[str] | None:
    """The regimens whose verdict is another for this patient; None where the patient cannot be."""
    try:
        state = patient_state(one.patient, answer.catalogue)
    except PatientError:
        return None
    region = one.patient.region or answer.case.region
    case = answer.case._replace(state=state, region=region, memo={})  # type: ignore[arg-type]
    now = {each.regimen.id: each for each in answer.regimens}
    return [each for each in one.regimens if _differs(now[each], case, answer.strict)]


def _differs(now: Assessment, case: Case, strict: bool) -> bool:
    """Whether a regimen that is on label, or then would be, has another verdict in this case."""
    findings = (finding for apply in FILTERS for finding in apply(now.regimen, case))
    if fold(findings, strict) == now.verdict:
        return False
    return _is_labelled(now) or _then_labelled(now, case)


def _then_labelled(now: Assessment, case: Case) -> bool:
    found = approvals(now.regimen, case)
    return label_order(each.approval for each in found if each.region in case.regions) < OFF_LABEL
