"""One regimen against one patient: every criterion, its source, and all evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lenrx.catalogue.conditions import RENAL, SETS, Condition, leaves
from lenrx.catalogue.field_kinds import Range
from lenrx.report.phrases import (
    CAUTION,
    DOSE,
    adjustments,
    cite,
    evidence_line,
    premises_line,
    record_lines,
    state_line,
    why_excluded,
    why_open,
)
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.counterfactuals import Counterfactual, counterfactuals
from lenrx.rules.document import reason
from lenrx.rules.filters import Finding, trials_of

_STYLES: Final = {"met": "green", "not met": "dim", "unknown": CAUTION}


def draw(each: Assessment, answer: Answer, to: Console) -> None:
    """Verdict, rank, criteria by filter, evidence by fit, positions, labels, gaps."""
    regimen = each.regimen
    to.print(Text(f"{regimen.id}: {regimen.name}", style="bold"))
    to.print(Text(state_line(answer)))
    if premises_line(answer):
        to.print(Text(f"! {premises_line(answer)}", style=CAUTION))
    for warning in answer.warnings:
        to.print(Text(f"! {warning.message}", style=CAUTION))
    for line in record_lines(answer):
        to.print(Text(f"Record: {line}", style="dim"))
    to.print(Text(f"Verdict: {each.verdict}", style="bold"))
    for words in why_excluded(each) + why_open(each, answer.strict) + adjustments(each):
        to.print(Text(f"  {words}"))
    place = f"rank {each.rank}: " if each.rank else ""
    to.print(Text(f"Order: {place}{'; '.join(each.rank_because)}"))
    for other in counterfactuals(each, answer):
        to.print(Text(f"Would be {other.verdict} if {_change_words(other)} ({other.kind})"))
    to.print(_criteria(each, answer))
    _evidence(each, answer, to)
    _trials(each, answer, to)
    _schedule(each, answer, to)
    _labels(each, answer, to)
    _positions(each, answer, to)


def _change_words(other: Counterfactual) -> str:
    head, _, detail = other.field.partition(".")
    field = f"{head.replace('_', ' ')} {detail}".strip()
    return f"{field}: {other.change}"


def _criteria(each: Assessment, answer: Answer) -> Table:
    conditions = _conditions(each, answer)
    table = Table(box=box.SIMPLE_HEAD, title="Criteria", title_justify="left")
    for column in ("Filter", "Is it so?", "Effect"):
        table.add_column(column, no_wrap=True)
    table.add_column("Criterion and source", ratio=1)
    for finding in each.findings:
        table.add_row(
            finding.filter,
            Text(finding.status, style=_STYLES[finding.status]),
            finding.effect,
            _criterion(finding, answer, conditions.get(finding.criterion)),
        )
    return table


def _conditions(each: Assessment, answer: Answer) -> dict[str, Condition]:
    """The condition behind each criterion that has one."""
    drugs = (answer.catalogue.drugs[component.drug] for component in each.regimen.drugs)
    trials = trials_of(each.regimen, answer.catalogue)
    rules = [*each.regimen.rules, *(rule for drug in drugs for rule in drug.rules)]
    limits = [limit for trial in trials for limit in trial.limits]
    return {
        **{rule.id: rule.when for rule in rules},
        **{limit.id: limit.when for limit in limits},
        **{clause.id: clause.when for clause in each.regimen.labels},
    }


def _criterion(finding: Finding, answer: Answer, condition: Condition | None) -> Text:
    text = Text(reason(finding))
    if condition:
        text.append(_patient_values(condition, answer), style=DOSE)
    if finding.needs:
        text.append(f" (needs {', '.join(finding.needs)})", style=CAUTION)
    cited = "; ".join(cite(source, answer.catalogue) for source in finding.sources)
    place = f", {finding.where}" if finding.where else ""
    mark = f", {finding.verified}" if finding.verified not in (None, finding.where) else ""
    return text.append(f" [{cited}{place}{mark}]", style="dim") if cited else text


def _patient_values(condition: Condition, answer: Answer) -> str:
    """What is stated of the fields that a condition reads, to set beside its threshold."""
    values: dict[str, str] = {}
    for key, _ in leaves(condition):
        for field in RENAL if key == "renal" else (SETS[key][0],) if key in SETS else (key,):
            value = _stated_value(field, answer)
            if value is not None:
                values[field] = value
    words = ", ".join(f"{field} {value}" for field, value in values.items())
    return f" (patient: {words})" if words else ""


def _stated_value(field: str, answer: Answer) -> str | None:
    patient = answer.state.patient
    value = getattr(answer.state if field in RENAL else patient, field, None)
    if value is None or isinstance(value, Mapping):
        return None
    if isinstance(value, Range):
        return value.written
    if isinstance(value, tuple):
        return "; ".join(value) or None
    derived = " derived" if field in RENAL and getattr(patient, field) is None else ""
    return (f"{value:g}" if isinstance(value, float) else str(value)) + derived


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
        to.print(Text(f"  gap: {gap}", style=CAUTION))
    to.print()


def _trials(each: Assessment, answer: Answer, to: Console) -> None:
    """Who was enrolled, so that the reader can judge whom the figures speak of."""
    for trial in trials_of(each.regimen, answer.catalogue):
        arms = ", ".join(f"{arm} {n}" for arm, n in (trial.arms or {}).items())
        parts = [
            f"Trial: {trial.id}, {trial.design}",
            f"n {arms}" if arms else "",
            trial.enrolled or "",
            f"lenalidomide-refractory: {trial.len_refractory}" if trial.len_refractory else "",
        ]
        line = Text("; ".join(part for part in parts if part))
        to.print(line.append(f" [{cite(trial.source, answer.catalogue)}]", style="dim"))


def _labels(each: Assessment, answer: Answer, to: Console) -> None:
    for clause in each.regimen.labels:
        span = f"{clause.since or 'start not known'} to {clause.until or 'now'}"
        ended = f" ({clause.ended_by})" if clause.ended_by else ""
        words = f"{clause.says}; {clause.note}" if clause.note else clause.says
        line = Text(f"Label: {clause.region}, {clause.product}, {span}{ended}: {words}")
        to.print(line.append(f" [{cite(clause.source, answer.catalogue)}]", style="dim"))


def _schedule(each: Assessment, answer: Answer, to: Console) -> None:
    for dose in each.regimen.schedule:
        days = f", days {dose.days}" if dose.days else ""
        line = Text(f"Dose: {dose.drug} {dose.dose}{days}")
        to.print(line.append(f" [{cite(dose.source, answer.catalogue)}]", style="dim"))


def _positions(each: Assessment, answer: Answer, to: Console) -> None:
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
