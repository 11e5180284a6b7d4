"""The answer as Markdown, to paste into a tumour-board note: what fits on a page or two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lenrx import __version__
from lenrx.catalogue.vocabulary import Verdict
from lenrx.report.phrases import (
    adjustments,
    cite,
    confirmations,
    contraindicated,
    evidence_line,
    facts_line,
    field_words,
    formulary_words,
    history_line,
    label_words,
    named,
    other_cautions,
    record_lines,
    serious_cautions,
    shown,
    state_line,
    together,
)
from lenrx.report.premises import premises_line
from lenrx.report.screen.against import why_not
from lenrx.report.screen.brief import drugs_words, to_arrange
from lenrx.report.screen.figures import not_said_lines
from lenrx.report.sinks import for_markdown
from lenrx.rules.answer import Answer, Assessment, blocking
from lenrx.rules.document import NOTICE, reason
from lenrx.rules.evidence import TIERS
from lenrx.rules.order import OFF_LABEL


def render(answer: Answer) -> str:
    """The patient, warnings, what to find out first, the options, what is not open, sources.

    The order is that of the page of `lenrx report`, which has the pictures too.
    """
    answer = for_markdown(answer)
    open_ = answer.with_verdict("eligible")
    labelled = [each for each in open_ if each.key.label < OFF_LABEL]
    others = [each for each in open_ if each.key.label == OFF_LABEL]
    numbers = _numbers(labelled, answer)
    confirm = confirmations(tuple(labelled or open_))
    blocks = (
        _patient(answer),
        _section("Warnings", (f"- {one.message}" for one in answer.warnings)),
        _section("To find out first", _to_find_out(answer)),
        _section(_heading(labelled, answer), _options(labelled, answer, numbers)),
        _section(f"Open off label: {len(others)}", _off_label(others)),
        _section(_counted("Cannot be said yet", "conditional", answer), _unsaid(answer)),
        _section(_counted("Not open", "excluded", answer), _not_open(answer)),
        _section("To confirm before starting", _line(field_words(each) for each in confirm)),
        _section("To arrange", _line(to_arrange(labelled, every=True))),
        _section("Sources", _line(f"[{place}] {text}" for text, place in numbers.items())),
        _section("Method", [_method(answer)]),
    )
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _section(title: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return [f"### {title}", "", *found] if found else []


def _line(said: Iterable[str]) -> list[str]:
    """All in one line, for want of room."""
    return list(filter(None, ["; ".join(said)]))


def _patient(answer: Answer) -> list[str]:
    region = (answer.case.region or "us or eu").upper().replace("OR", "or")
    premises = premises_line(answer)
    return [
        f"**{state_line(answer)}** {facts_line(answer)}",
        "",
        f"{region} label on {answer.case.as_of}; catalogue {answer.catalogue.version}.",
        *([""] if premises or record_lines(answer) else []),
        *([f"- {premises}"] if premises else []),
        *(f"- Record: {line}" for line in record_lines(answer)),
    ]


def _heading(found: Sequence[Assessment], answer: Answer) -> str:
    region = answer.case.region
    return f"Open on label{f' in the {region.upper()}' if region else ''}: {len(found)}"


def _options(found: Sequence[Assessment], answer: Answer, numbers: dict[str, int]) -> Iterator[str]:
    """The options in order, each with why it stands there and what bears on this patient."""
    doses = together((each.regimen.id, adjustments(each)) for each in found)
    shared = {text: ids for text, ids in doses.items() if len(ids) > 1}
    for each in found:
        drugs = drugs_words(each.regimen, answer.catalogue)
        label = "" if answer.case.region and not each.key.label else f" ({_label(each, answer)})"
        yield f"- **{each.place} {each.regimen.id}**, {drugs}{label}: {'; '.join(_place(each))}"
        own = [text for text in adjustments(each) if text not in shared]
        yield from (f"  - {line}" for line in _facts(each, own, answer, numbers))
    yield from (f"- Dose: {text} ({', '.join(ids)})" for text, ids in shared.items())
    yield from (f"- {text}" for text in not_said_lines(answer))


def _label(each: Assessment, answer: Answer) -> str:
    words = f"label {label_words(each, answer.case.region)}"
    return "; ".join([words.replace("unknown", "not known"), *contraindicated(each)])


def _facts(
    each: Assessment, doses: Sequence[str], answer: Answer, numbers: dict[str, int]
) -> Iterator[str]:
    """What is said of one regimen: what is local and what is serious before the evidence."""
    yield from formulary_words(each)
    if serious := serious_cautions(each):
        yield f"**Serious:** {'; '.join(serious)}"
    yield from _cited(each, answer, numbers)
    if doses:
        yield f"Dose: {'; '.join(doses)}"
    kept = {one.because for one in each.saying("cautions", "met") if one.trial}
    if others := [text for text in other_cautions(each) if text not in kept]:
        yield f"Caution: {'; '.join(others)}"


def _place(each: Assessment) -> list[str]:
    """The keys that lift or lower a regimen; those that say nothing of it are left out."""
    evidence, network, survival, guideline = each.rank_because[3:7]
    lifted = each.merit.level > 0
    return [
        evidence.removeprefix("evidence: "),
        *([network.partition(", which")[0].removeprefix("head to head: ")] if lifted else []),
        *([survival] if each.merit.survival else []),
        *([guideline] if "neither for nor against" not in guideline else []),
    ]


def _cited(each: Assessment, answer: Answer, numbers: dict[str, int]) -> list[str]:
    """The rows that are shown, each with the number of its source and how it was read."""
    return [
        f"{evidence_line(row, answer.catalogue)} "
        f"[{numbers[cite(row.evidence.source, answer.catalogue)]}; {row.evidence.verified}]"
        for row in shown(each, answer).rows
    ]


def _off_label(found: Iterable[Assessment]) -> Iterator[str]:
    """By what they rest on, with what is local and serious."""
    for text, ids in together((_named(each), [_basis(each)]) for each in found).items():
        yield f"- {text}: {', '.join(ids)}"


def _named(each: Assessment) -> str:
    return f"**{each.place} {each.regimen.id}**"


def _basis(each: Assessment) -> str:
    serious = (f"**Serious:** {text}" for text in serious_cautions(each))
    return "; ".join([*formulary_words(each), *serious, TIERS[each.merit.tier]])


def _not_open(answer: Answer) -> Iterator[str]:
    """Each reason once, with the regimens that it excludes."""
    found = answer.with_verdict("excluded")
    groups = together((each.regimen.id, [why_not(each, answer)]) for each in found)
    for text, ids in groups.items():
        yield f"- {text}: {', '.join(ids)}"


def _to_find_out(answer: Answer) -> Iterator[str]:
    """The questions in order of urgency, each with what its answer settles."""
    for place, one in enumerate(answer.open_questions):
        lead = "Ask first: " if place == 0 else ""
        others = [name for name in one.touches if name not in one.decides]
        parts = [f"opens or closes {', '.join(one.decides)}"] if one.decides else []
        parts += [f"bears on {', '.join(others)}"] if others else []
        yield f"- [ ] {lead}{named(one.question)} ({'; '.join(parts)})"


def _counted(words: str, verdict: Verdict, answer: Answer) -> str:
    return f"{words}: {len(answer.with_verdict(verdict))}"


def _unsaid(answer: Answer) -> Iterator[str]:
    """What is missing, or what else is not known, with the regimens that wait for it."""
    found = answer.with_verdict("conditional")
    for text, ids in together((each.regimen.id, [_waits(each, answer)]) for each in found).items():
        yield f"- {text}: {', '.join(ids)}"


def _waits(each: Assessment, answer: Answer) -> str:
    """For what one regimen waits; in full where no field answers it."""
    found = blocking(each, answer.strict)
    fields = dict.fromkeys(field_words(name) for one in found for name in one.needs)
    other = dict.fromkeys(reason(one, each.regimen.id) for one in found if not one.needs)
    return "; ".join([*([f"needs {', '.join(fields)}"] if fields else []), *other])


def _method(answer: Answer) -> str:
    made = f"lenrx {__version__}, catalogue digest {answer.catalogue.sha256[:12]}."
    more = "Everything else: `lenrx explain`; with pictures: `lenrx report`."
    return f"{history_line(answer)} {made} *{NOTICE}* {more}"


def _numbers(found: Iterable[Assessment], answer: Answer) -> dict[str, int]:
    """The sources of the evidence that is shown, each with its number, in order of mention."""
    rows = (row for each in found for row in shown(each, answer).rows)
    cited = dict.fromkeys(cite(row.evidence.source, answer.catalogue) for row in rows)
    return {text: place for place, text in enumerate(cited, start=1)}
