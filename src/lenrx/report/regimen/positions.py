"""Labels and guidelines beside one patient: what they say, and what of it counts here."""

from __future__ import annotations

from typing import Final

from lenrx.catalogue.records import Label, Position
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.guidance import ordering, orders
from lenrx.rules.labels import approvals, in_force


def label_lines(each: Assessment, answer: Answer) -> list[tuple[Label, str]]:
    """The clauses in force where the question is asked, each with whether it covers the patient."""
    return [
        (clause, f"{_clause(clause)}; {_covers(truth)}")
        for found in approvals(each.regimen, answer.case)
        if found.region in answer.case.regions
        for clause, (truth, _) in found.clauses
    ]


def past_labels(each: Assessment, answer: Answer) -> list[tuple[Label, str]]:
    """The clauses of the regions asked that do not hold on the day asked."""
    return [
        (clause, _clause(clause))
        for clause in each.regimen.labels
        if clause.region in answer.case.regions and in_force(clause, answer.case) is False
    ]


def _clause(clause: Label) -> str:
    return f"{clause.region}, {clause.product}, {_span(clause)}: {_says(clause)}"


def _span(clause: Label) -> str:
    if clause.unconfirmed:
        return f"opinion or report of {clause.not_before or 'a day not known'}, no decision found"
    start = clause.since or (f"some day after {clause.not_before}" if clause.not_before else "")
    ended = f" to {clause.until}" if clause.until else ""
    how = f" ({clause.ended_by})" if clause.ended_by else ""
    return f"since {start or 'a day not known'}{ended}{how}"


def _says(clause: Label) -> str:
    return f"{clause.says} ({clause.note})" if clause.note else clause.says


def _covers(truth: bool | None) -> str:
    if truth is None:
        return "not known whether it covers this patient"
    return "covers this patient" if truth else "does not cover this patient"


def position_line(one: Position, each: Assessment, answer: Answer) -> str:
    """Body, document, date, stance and setting of a position, and whether it orders."""
    return f"{stand(one, answer)}; {weight(one, each, answer)}"


def stand(one: Position, answer: Answer) -> str:
    """Body, document, date, stance and setting of a position."""
    document = answer.catalogue.guidelines[one.guideline]
    issued = "" if document.published[:4] in one.guideline else f", {document.published}"
    body = "" if document.body.casefold() in one.guideline.casefold() else f"{document.body}, "
    setting = answer.catalogue.settings[one.setting].title
    return f"{body}{one.guideline}{issued}: {one.stance.replace('-', ' ')}, {setting}"


ORDERS: Final = "orders"


def weight(one: Position, each: Assessment, answer: Answer) -> str:
    """Whether a position orders for this patient, or why it does not."""
    if one not in each.positions:
        return _elsewhere(one, answer)
    if orders(one, answer.case):
        chosen = ordering(each.regimen, answer.case) is one
        return ORDERS if chosen else "does not order, a later or narrower one does"
    return f"does not order, {_why_not(one, answer)}"


def _elsewhere(one: Position, answer: Answer) -> str:
    published = answer.catalogue.guidelines[one.guideline].published
    if published > answer.case.as_of:
        return f"does not order: published after {answer.case.as_of}"
    return "does not order, another setting"


def _why_not(one: Position, answer: Answer) -> str:
    document = answer.catalogue.guidelines[one.guideline]
    if document.kind != "guideline":
        return {"funding": "a funding body", "review": "a review"}[document.kind]
    if not document.ranked:
        return "a list without order"
    if document.superseded_by:
        return f"superseded by {document.superseded_by}"
    return f"older than {answer.catalogue.guidelines_since}"


def ordered(each: Assessment, answer: Answer) -> list[Position]:
    """All positions on a regimen: the one that orders first, then those of this setting."""
    chosen = ordering(each.regimen, answer.case)
    return sorted(
        each.regimen.positions,
        key=lambda one: (one is not chosen, one not in each.positions),
    )
