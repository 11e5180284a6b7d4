"""An answer as it shows itself: one glance at a prompt, a small table in a notebook.

Neither names the patient: what a prompt prints ends up in logs, and a notebook is passed on.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from lenrx.catalogue.vocabulary import VERDICTS, Verdict
from lenrx.rules.assessment import Answer, Assessment, blocking, excluding, missing, wording
from lenrx.rules.document import NOTICE
from lenrx.rules.filters import Finding

FIRST: Final = 6
"""Regimens that are named of each verdict."""
LONGEST: Final = 160
"""Letters of one reason in a table; the findings hold it in full."""
_STYLE: Final = "<style>.lenrx td,.lenrx th{text-align:left;vertical-align:top}</style>"


def brief(answer: Answer) -> str:
    """An answer in a few lines: state, place and day, counts, first options, what to ask first."""
    counts = (_count(verdict, answer) for verdict in VERDICTS)
    return "\n  ".join((f"<Answer: {_basis(answer)}", *counts, f"{_asked_first(answer)}>"))


def _basis(answer: Answer) -> str:
    where = answer.case.region or "us or eu"
    return (
        f"{answer.state.resistance_state}; {where} on {answer.case.as_of}; "
        f"catalogue {answer.catalogue.version}"
    )


def _count(verdict: Verdict, answer: Answer) -> str:
    found = [each.regimen.id for each in answer.with_verdict(verdict)]
    if verdict == "excluded" or not found:
        return f"{len(found)} {verdict}"
    more = f" and {len(found) - FIRST} more" if len(found) > FIRST else ""
    return f"{len(found)} {verdict}: {', '.join(found[:FIRST])}{more}"


def _asked_first(answer: Answer) -> str:
    if not answer.open_questions:
        return "nothing to ask"
    first = answer.open_questions[0]
    return f"ask first: {first.question} (settles {len(first.decides)})"


def brief_assessment(each: Assessment) -> str:
    """One regimen's answer in a line."""
    rank = [] if each.rank is None else [f"rank {each.rank}"]
    label = [f"{region} {approval}" for region, approval in each.approval.items()]
    counts = (
        ("excluding", excluding(each)),
        ("doses adjusted", each.saying("adjusts", "met")),
        ("cautions", each.saying("cautions", "met")),
    )
    said = [f"{what} {len(found)}" for what, found in counts if found]
    return f"<Assessment {each.regimen.id}: {', '.join([each.verdict, *rank, *label, *said])}>"


def html(answer: Answer) -> str:
    """An answer as an HTML table, a row for each regimen; every text in it is escaped."""
    rows = ([*_head(each), _why(each, answer.strict)] for each in answer.regimens)
    counts = ", ".join(f"{len(answer.with_verdict(each))} {each}" for each in VERDICTS)
    caption = f"{_basis(answer)}: {counts}; {_asked_first(answer)}"
    return _table(caption, ("Rank", "Regimen", "Drugs", "Verdict", "Label", "Why"), rows)


def html_assessment(each: Assessment) -> str:
    """One regimen's answer as an HTML table, a row for each finding that bears on the patient."""
    bearing = excluding(each) + tuple(f for f in each.findings if _bears(f))
    rows = ([f.effect, f.status, reason(f, each.regimen.id), *f.sources[:1]] for f in bearing)
    rank, name, drugs, verdict, label = _head(each)
    caption = f"{name} ({drugs}): {verdict}, {label}" + (f", rank {rank}" if rank else "")
    return _table(caption, ("Effect", "Status", "Why", "Source"), rows)


def _bears(finding: Finding) -> bool:
    """Whether a finding says something of this patient, or could once it is known."""
    if finding.effect in ("excludes", "requires"):
        return finding.status == "unknown"
    return finding.status == "met" or (finding.effect, finding.status) == ("confirms", "unknown")


def _head(each: Assessment) -> list[str]:
    us, eu = each.approval["us"], each.approval["eu"]
    label = us if us == eu else f"us {us}, eu {eu}"
    return [str(each.rank or ""), each.regimen.id, each.regimen.name, each.verdict, label]


def _why(each: Assessment, strict: bool) -> str:
    """What decides: the reasons against, or what is not known, or else doses and cautions."""
    if each.verdict == "conditional":
        fields, _ = missing([finding.needs for finding in blocking(each, strict)])
        return _cut([wording(field) for field in fields])
    found = excluding(each) or (*each.saying("adjusts", "met"), *each.saying("cautions", "met"))
    return _cut(reason(finding, each.regimen.id) for finding in found)


def _cut(texts: Iterable[str]) -> str:
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


def _table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    return (
        f"{_STYLE}<table class='lenrx'><caption>{escape(caption)}</caption>"
        f"<thead><tr>{_cells('th', heads)}</tr></thead><tbody>{body}</tbody></table>"
        f"<small>{escape(NOTICE)}</small>"
    )


def _cells(tag: str, texts: Iterable[str]) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)


def reason(finding: Finding, regimen: str = "") -> str:
    """What a finding says, with its drug unless that is the regimen, and the dose it asks for."""
    said = finding.worded
    if finding.drug and finding.drug != regimen and finding.drug not in said.lower():
        said = f"{finding.drug}: {said}"
    return f"{said}: {finding.dose}" if finding.dose else said
