"""The pieces of an answer as they leave Python: plain data, phrases, an HTML table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final

from lenrx.catalogue.records import Evidence
from lenrx.catalogue.vocabulary import Detail
from lenrx.rules.evidence import MatchedEvidence
from lenrx.rules.filters import Finding

SCHEMA: Final = "lenrx/recommendation/2"
FULL: Final[Detail] = "full"
"""The depth of an answer that tells every criterion."""
NOTICE: Final = (
    "Research and education, for haematologists, clinical pharmacists and chart reviewers; not "
    "CE-marked. Supports and does not replace clinical judgement: check every fact against its "
    "source. Medians from different trials are shown, never used to rank."
)
LONGEST: Final = 160
"""Letters of one reason in a table; the findings hold it in full."""
_STYLE: Final = "<style>.lenrx td,.lenrx th{text-align:left;vertical-align:top}</style>"
_ALWAYS: Final = ("endpoint", "value", "comparator_value", "hr", "ci95", "n", "source", "verified")
_OPTIONAL: Final = (
    "where",
    "detail",
    "contrast",
    "value_ci95",
    "ci_level",
    "p",
    "at_months",
    "followup_months",
    "note",
)


def in_json(data: Any, separators: tuple[str, str] | None = None) -> str:
    """Plain data as JSON that can be written as UTF-8: half a surrogate pair is a question mark."""
    text = json.dumps(data, ensure_ascii=False, separators=separators)
    return text.encode("utf-8", "replace").decode()


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
    for name in ("dose", "where", "verified", "drug", "trial", "region"):
        if getattr(one, name) is not None:
            data[name] = getattr(one, name)
    return data | marks(one)


def marks(one: Finding) -> dict[str, Any]:
    """What stands in a finding only where it is so."""
    found = {"serious": one.serious, "topics": [*one.topics]}
    return {name: value for name, value in found.items() if value}


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
    if each.comparator is not None:
        data["comparator"] = against(each)
    if isinstance(each.comparator, tuple):
        data["comparators"] = list(each.comparator)
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
    return data | not_enrolled(one.unenrolled, one.unsaid)


def not_enrolled(resistance: Sequence[str], states: Sequence[str]) -> dict[str, list[str]]:
    """What a row says of resistances and states with which nobody is known to be enrolled."""
    said = [*(f"{each} failed before" for each in resistance), *states]
    return {"not_known_to_be_enrolled": said} if said else {}


def against(each: Evidence) -> str:
    """The other arm of a row in words; of several regimens, one was chosen."""
    other = each.comparator or "comparator"
    return other if isinstance(other, str) else joined(other)


def joined(words: Sequence[str], last: str = "or") -> str:
    """Words as an enumeration."""
    head = ", ".join(words[:-1])
    return f"{head} {last} {words[-1]}" if head else "".join(words)


def _plain(each: Evidence, name: str) -> Any:
    value = getattr(each, name)
    return list(value) if isinstance(value, tuple) else value


def reason(finding: Finding, regimen: str = "") -> str:
    """What a finding says, with its drug unless that is the regimen, and the dose it asks for."""
    said = finding.worded
    if finding.drug and finding.drug != regimen and finding.drug not in said.lower():
        said = f"{finding.drug}: {said}"
    return f"{said}: {finding.dose}" if finding.dose else said


def shortened(texts: Iterable[str]) -> str:
    """As many whole texts as there is room for, and how many there are besides."""
    every = list(dict.fromkeys(texts))
    shown = every[:1]
    for text in every[1:]:
        if len("; ".join([*shown, text])) > LONGEST:
            break
        shown.append(text)
    said = "; ".join(shown)
    said = said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}\u2026"
    return said + (f" (+{len(every) - len(shown)} more)" if len(every) > len(shown) else "")


def html_table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table for a notebook; every text in it is escaped."""
    body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    return (
        f"{_STYLE}<table class='lenrx'><caption>{escape(caption)}</caption>"
        f"<thead><tr>{_cells('th', heads)}</tr></thead><tbody>{body}</tbody></table>"
        f"<small>{escape(NOTICE)}</small>"
    )


def _cells(tag: str, texts: Iterable[str]) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)
