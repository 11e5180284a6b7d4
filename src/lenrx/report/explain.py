"""One regimen against one patient: every criterion, its source, and all evidence."""

from __future__ import annotations

from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lenrx.assessment import Answer, Assessment
from lenrx.filters import Finding
from lenrx.report.words import (
    adjustments,
    cite,
    evidence_line,
    reason,
    state_line,
    why_excluded,
    why_open,
)

_MARKS: Final = {"met": "met", "not met": "not met", "unknown": "unknown"}
_STYLES: Final = {"met": "green", "not met": "dim", "unknown": "yellow"}


def draw(each: Assessment, answer: Answer, to: Console) -> None:
    """Verdict, rank, criteria by filter, evidence by fit, positions, labels, gaps."""
    regimen = each.regimen
    to.print(Text(f"{regimen.id}: {regimen.name}", style="bold"))
    to.print(Text(state_line(answer)))
    to.print(Text(f"Verdict: {each.verdict}", style="bold"))
    for words in why_excluded(each) + why_open(each, answer.strict) + adjustments(each):
        to.print(Text(f"  {words}"))
    place = f"rank {each.rank}: " if each.rank else ""
    to.print(Text(f"Order: {place}{'; '.join(each.rank_because)}"))
    to.print(_criteria(each, answer))
    _evidence(each, answer, to)
    _schedule(each, answer, to)
    _sides(each, answer, to)


def _criteria(each: Assessment, answer: Answer) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Criteria", title_justify="left")
    for column in ("Filter", "Is it so?", "Effect"):
        table.add_column(column, no_wrap=True)
    table.add_column("Criterion and source", ratio=1)
    for finding in each.findings:
        style = _STYLES[finding.status]
        table.add_row(
            finding.filter,
            Text(_MARKS[finding.status], style=style),
            finding.effect,
            _criterion(finding, answer),
        )
    return table


def _criterion(finding: Finding, answer: Answer) -> Text:
    text = Text(f"{finding.because}: {finding.dose}" if finding.dose else finding.because)
    if finding.needs:
        text.append(f" (needs {', '.join(finding.needs)})", style="yellow")
    cited = "; ".join(cite(source, answer.catalogue) for source in finding.sources)
    place = f", {finding.where}" if finding.where else ""
    mark = f", {finding.verified}" if finding.verified else ""
    return text.append(f" [{cited}{place}{mark}]", style="dim") if cited else text


def _evidence(each: Assessment, answer: Answer, to: Console) -> None:
    to.print(Text("Evidence, the population that fits this patient first", style="bold"))
    if not each.evidence:
        to.print("  no study found")
    for row in each.evidence:
        source = cite(row.evidence.source, answer.catalogue)
        where = f", {row.evidence.where}" if row.evidence.where else ""
        line = Text(f"  {evidence_line(row, answer.catalogue)}")
        to.print(line.append(f" [{source}{where}; {row.evidence.verified}]", style="dim"))
        if row.evidence.note:
            to.print(Text(f"    note: {row.evidence.note}", style="dim"))
    for gap in each.regimen.gaps:
        to.print(Text(f"  gap: {gap}", style="yellow"))
    to.print()


def _schedule(each: Assessment, answer: Answer, to: Console) -> None:
    for dose in each.regimen.schedule:
        days = f", days {dose.days}" if dose.days else ""
        line = Text(f"Dose: {dose.drug} {dose.dose}{days}")
        to.print(line.append(f" [{cite(dose.source, answer.catalogue)}]", style="dim"))


def _sides(each: Assessment, answer: Answer, to: Console) -> None:
    """Guidelines and sources that disagree, side by side and never merged."""
    fitting = set(each.positions)
    for position in each.regimen.positions:
        setting = answer.catalogue.settings[position.setting].title
        fits = "this setting" if position in fitting else "another setting"
        line = Text(f"Guideline: {position.guideline}: {position.stance}, {setting} ({fits})")
        to.print(line.append(f" [{cite(position.source, answer.catalogue)}]", style="dim"))
    for disagreement in each.regimen.disagreements:
        to.print(Text(f"Sources disagree: {disagreement.about}", style="bold"))
        for claim in disagreement.says:
            line = Text(f"  {claim.text}")
            to.print(line.append(f" [{cite(claim.source, answer.catalogue)}]", style="dim"))
    for finding in each.saying("notes", "met"):
        if finding.filter not in ("resistance", "indication"):
            to.print(Text(f"Note: {reason(finding)}"))
