"""The answer as Markdown, to paste into a tumour-board note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lenrx.report.phrases import (
    adjustments,
    arrangements,
    cite,
    confirmations,
    counted,
    evidence_line,
    facts_line,
    field_words,
    formulary_words,
    history_line,
    label_words,
    named,
    other_cautions,
    premises_line,
    record_lines,
    serious_cautions,
    shown,
    state_line,
    together,
    why_excluded,
    why_open,
)
from lenrx.report.screen.brief import drugs_words
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.document import NOTICE
from lenrx.rules.order import OFF_LABEL


def render(answer: Answer) -> str:
    """The patient, the warnings, the options, what is not open, what to find out, the sources."""
    numbers = _numbers(answer)
    open_ = answer.with_verdict("eligible")
    labelled = [each for each in open_ if each.key.label < OFF_LABEL]
    others = [each for each in open_ if each.key.label == OFF_LABEL]
    blocks = (
        _patient(answer),
        _options(labelled, answer, numbers),
        _shared(labelled),
        _section(f"Open off label: {len(others)}", _off_label(others, answer, numbers)),
        _section(f"Not open: {len(answer.with_verdict('excluded'))}", _not_open(answer)),
        _section("To find out", _to_find_out(answer)),
        _section("Sources", (f"{place}. {text}" for text, place in numbers.items())),
        [f"{history_line(answer)} *{NOTICE}*"],
    )
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _section(title: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return [f"### {title}", "", *found] if found else []


def _patient(answer: Answer) -> list[str]:
    region = (answer.case.region or "us or eu").upper().replace("OR", "or")
    premises = premises_line(answer)
    return [
        f"**{state_line(answer)}** {facts_line(answer)}",
        "",
        f"{region} label on {answer.case.as_of}; catalogue {answer.catalogue.version}.",
        *([""] if premises or answer.warnings or record_lines(answer) else []),
        *([f"- {premises}"] if premises else []),
        *(f"- Warning: {warning.message}" for warning in answer.warnings),
        *(f"- Record: {line}" for line in record_lines(answer)),
    ]


def _options(found: Sequence[Assessment], answer: Answer, numbers: dict[str, int]) -> list[str]:
    """The options in order, each with why it stands there and what bears on this patient."""
    region = answer.case.region
    common = _common(found)
    lines = [f"### Open on label{f' in the {region.upper()}' if region else ''}: {len(found)}"]
    for each in found:
        drugs = drugs_words(each.regimen, answer.catalogue)
        lines += ["", f"**{each.place} {each.regimen.id}**, {drugs}", ""]
        lines += [f"- {line}" for line in _facts(each, answer, numbers) if line not in common]
    return lines


def _off_label(
    found: Iterable[Assessment], answer: Answer, numbers: dict[str, int]
) -> Iterator[str]:
    """A line each: what is local and serious, the evidence, the doses."""
    for each in found:
        parts = [
            *formulary_words(each),
            *(f"**Serious:** {text}" for text in serious_cautions(each)),
            *(_cited(each, answer, numbers) or ["no study found"]),
            *(f"dose: {text}" for text in adjustments(each)),
        ]
        drugs = drugs_words(each.regimen, answer.catalogue)
        yield f"- **{each.place} {each.regimen.id}**, {drugs}: {'; '.join(parts)}"


def _cited(each: Assessment, answer: Answer, numbers: dict[str, int]) -> list[str]:
    """The rows that are shown, each with the number of its source and how it was read."""
    return [
        f"{evidence_line(row, answer.catalogue)} "
        f"[{numbers[cite(row.evidence.source, answer.catalogue)]}; {row.evidence.verified}]"
        for row in shown(each, answer).rows
    ]


def _facts(each: Assessment, answer: Answer, numbers: dict[str, int]) -> Iterator[str]:
    """What is said of one regimen: what is local and what is serious before the evidence."""
    yield from formulary_words(each)
    yield from (f"**Serious:** {text}" for text in serious_cautions(each))
    if answer.case.region is None or each.key.label:
        yield f"Label: {label_words(each, answer.case.region)}"
    yield from _cited(each, answer, numbers)
    yield f"Place: {'; '.join(each.rank_because[2:])}"
    yield from _remarks(each)


def _remarks(each: Assessment) -> list[str]:
    kinds = (
        ("Dose", adjustments(each)),
        ("Caution", other_cautions(each)),
        ("Arrange", arrangements(each)),
    )
    return [f"{kind}: {text}" for kind, texts in kinds for text in texts]


def _common(found: Iterable[Assessment]) -> dict[str, list[str]]:
    """What is said of several regimens alike, once."""
    return together(((each.regimen.id, _remarks(each)) for each in found), at_least=2)


def _shared(found: Sequence[Assessment]) -> list[str]:
    common = _common(found)
    lines = (f"- {text} ({', '.join(ids)})" for text, ids in common.items())
    return _section("For several of these", lines)


def _not_open(answer: Answer) -> Iterator[str]:
    """Each reason once, with the regimens that it excludes."""
    found = answer.with_verdict("excluded")
    for text, ids in together((each.regimen.id, why_excluded(each)) for each in found).items():
        yield f"- {text}: {', '.join(ids)}"


def _to_find_out(answer: Answer) -> Iterator[str]:
    """The questions in order of urgency, what stays unsaid, and what to rule out."""
    for place, one in enumerate(answer.open_questions):
        lead = "Ask first: " if place == 0 else ""
        yield f"- {lead}{named(one.question)} ({', '.join(one.touches)})"
    asked = {name for one in answer.open_questions for name in one.touches}
    for each in answer.with_verdict("conditional"):
        if each.regimen.id not in asked:
            yield f"- {each.regimen.id}: {'; '.join(why_open(each, answer.strict))}"
    fields = confirmations(answer.with_verdict("eligible"))
    for field, ids in fields.items():
        yield f"- [ ] {field_words(field)} ({counted(len(ids), 'regimen')})"


def _numbers(answer: Answer) -> dict[str, int]:
    """The sources of the evidence that is shown, each with its number, in order of mention."""
    rows = (row for each in answer.with_verdict("eligible") for row in shown(each, answer).rows)
    cited = dict.fromkeys(cite(row.evidence.source, answer.catalogue) for row in rows)
    return {text: place for place, text in enumerate(cited, start=1)}
