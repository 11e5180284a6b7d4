"""The answer as Markdown, to paste into a tumour-board note."""

from __future__ import annotations

from lenrx.report.phrases import (
    adjustments,
    best_evidence,
    cautions,
    cite,
    confirmations,
    evidence_line,
    field_words,
    history_line,
    label_words,
    premises_line,
    state_line,
    why_excluded,
    why_open,
)
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.document import NOTICE


def render(answer: Answer) -> str:
    """State, warnings, open regimens, what cannot be said, what is not open, what to confirm."""
    region = answer.case.region or "us or eu"
    lines = [
        f"**{state_line(answer)}**",
        "",
        f"Label: {region} on {answer.case.as_of}; catalogue {answer.catalogue.version}.",
        *(f"- {line}" for line in [premises_line(answer)] if line),
        *(f"- Warning: {warning.message}" for warning in answer.warnings),
        "",
        "| # | Open regimen | Label | Evidence that fits best | Doses and cautions |",
        "|---|---|---|---|---|",
        *(_line(each, answer) for each in answer.with_verdict("eligible")),
        "",
        "Cannot be said yet:",
        *(
            f"- {each.regimen.id}: {'; '.join(why_open(each, answer.strict))}"
            for each in answer.with_verdict("conditional")
        ),
        *(f"- Ask first: {question.question}" for question in answer.open_questions[:1]),
        "",
        "Not open:",
        *(
            f"- {each.regimen.id}: {'; '.join(why_excluded(each))}"
            for each in answer.with_verdict("excluded")
        ),
        "",
        f"Not stated, to confirm: {_confirm(answer)}.",
        "",
        history_line(answer),
        "",
        f"*{NOTICE}*",
    ]
    return "\n".join(lines)


def _line(each: Assessment, answer: Answer) -> str:
    row = best_evidence(each)
    evidence = "no study found"
    if row:
        source = cite(row.evidence.source, answer.catalogue)
        evidence = f"{evidence_line(row, answer.catalogue)} ({source}; {row.evidence.verified})"
    remarks = "; ".join([*(f"dose: {text}" for text in adjustments(each)), *cautions(each)])
    cells = (str(each.rank), each.regimen.id, label_words(each), evidence, remarks)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _confirm(answer: Answer) -> str:
    return ", ".join(map(field_words, confirmations(answer.with_verdict("eligible")))) or "nothing"
