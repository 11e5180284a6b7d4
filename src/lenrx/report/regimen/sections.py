"""The findings on one regimen by what a reader does with them; each stands in one section."""

from __future__ import annotations

from typing import Final, Literal

from lenrx.rules.answer import Assessment, blocking, excluding
from lenrx.rules.filters import Finding, is_local

Section = Literal[
    "local",
    "decides",
    "dose",
    "serious",
    "caution",
    "arrange",
    "confirm",
    "prefer",
    "note",
    "limit",
    "limit unknown",
    "unknown",
    "label",
    "met",
    "not met",
]
_MET: Final[dict[str, Section]] = {
    "adjusts": "dose",
    "cautions": "caution",
    "arranges": "arrange",
    "prefers": "prefer",
    "notes": "note",
}


def sections(each: Assessment, strict: bool) -> dict[Section, list[Finding]]:
    """The findings of a regimen by section, in their order; what one says twice stands once."""
    out = each.verdict == "excluded"
    deciding = {id(one) for one in (excluding(each) if out else blocking(each, strict))}
    clauses = {clause.id for clause in each.regimen.labels}
    found: dict[Section, list[Finding]] = {}
    for one in each.findings:
        part = "decides" if id(one) in deciding else _section(one, clauses)
        alike = found.setdefault(part, [])
        if one not in alike:
            alike.append(one)
    return found


def _section(one: Finding, clauses: set[str]) -> Section:
    if one.criterion in clauses or (one.criterion, one.effect) == ("label", "notes"):
        return "label"
    if is_local(one) and one.status == "met":
        return "local"
    if one.serious and one.status == "met":
        return "serious"
    if one.trial:
        return _LIMITS[one.status]
    if one.status == "met":
        return _MET.get(one.effect, "met")
    if one.status == "unknown":
        return "confirm" if one.effect == "confirms" else "unknown"
    return "not met"


_LIMITS: Final[dict[str, Section]] = {
    "met": "limit",
    "unknown": "limit unknown",
    "not met": "not met",
}
