"""A judged plan on the terminal, in a screen, or as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.report.phrases import (
    CAUTION,
    DOSE,
    QUIET,
    adjustments,
    counted,
    facts_line,
    field_words,
    formulary_words,
    label_words,
    other_cautions,
    place_line,
    printable,
    serious_cautions,
    shown,
    state_line,
)
from lenrx.report.premises import premises_line
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.document import NOTICE
from lenrx.rules.evidence import TIERS
from lenrx.rules.plan.document import SHORT_NOTICE, because, to_confirm
from lenrx.rules.plan.judgement import Judgement

if TYPE_CHECKING:
    from rich.console import Console

    from lenrx.rules.plan.history import PastLine

_LONGEST: Final = 150
"""Letters of one text on the screen."""
_NO_ENTRY: Final = "no entry here"
_OPEN: Final = "nothing excludes it and every requirement is met"
_NO_RULE: Final = "no rule on its drugs excludes it"
_ON_NOTHING: Final = f"{_NO_RULE}; without evidence here that recommends nothing"


class Line(NamedTuple):
    """One paragraph: its lead, what it says, and the colour of a screen."""

    lead: str
    words: str
    style: str = ""


def draw(found: Judgement, to: Console) -> None:
    """The plan, the patient as understood, the verdict, what to mind, and what is better."""
    from rich.text import Text

    from lenrx.report.screen.lines import say

    say(Text(title(found), style="bold"), to)
    for line in _patient(found.answer):
        say(Text(line.words, style=line.style), to, line.lead)
    to.print()
    for line in _judged(found):
        say(Text(line.words, style=line.style), to, line.lead, 2)
    options = list(_better(found))
    if options:
        to.print()
    for line in options:
        say(Text(line.words, style=line.style), to, line.lead, 2)
    say(Text(SHORT_NOTICE, style=QUIET), to)


def draw_lines(lines: Sequence[PastLine], catalogue: Catalogue, asked: str, to: Console) -> None:
    """Each past line as of the day it began: what was given, the verdict, what was better.

    `asked` says how, where it is not as usual.
    """
    from rich.text import Text

    from lenrx.report.screen.lines import say

    words = f"{counted(len(lines), 'line')} of therapy, each as of the day it began"
    say(Text(f"{words}; catalogue {catalogue.version}.", style="bold"), to)
    say(Text(f"{_ONLY_THE_RECORD} {asked}".rstrip(), style=QUIET), to)
    for each in lines:
        to.print()
        say(Text(_given(each), style="bold"), to)
        for line in _past(each):
            say(Text(line.words, style=line.style), to, line.lead, 2)
    to.print()
    say(Text(SHORT_NOTICE, style=QUIET), to)


_ONLY_THE_RECORD: Final = (
    "Known on each day is what the courses before it tell; organ function, illnesses and FISH of "
    "that day are not."
)


def _given(each: PastLine) -> str:
    name = each.plan.name if each.plan else " + ".join(each.given)
    about = "" if each.day is None else f", {'' if each.exact else 'by '}{each.day}"
    return f"Line {each.line}{about}: {printable(name)}"


def _past(each: PastLine) -> Iterator[Line]:
    if each.found is None:
        yield Line("Not judged: ", printable(each.why_not or ""), QUIET)
        return
    found = each.found
    yield Line("", found.answer.state.resistance_state, QUIET)
    for one in found.plan.unread:
        yield Line(f"Not judged: {printable(one.word)}: ", one.hint, CAUTION)
    yield Line(f"{_verdict(found)}: ", _first(_reasons(found), cut=True))
    yield Line("Label: ", _label(found))
    if serious_cautions(found.each):
        yield Line("Serious cautions: ", _first(serious_cautions(found.each), cut=True), CAUTION)
    if found.better:
        ids = " ".join(one.regimen.id for one in found.better)
        yield Line("Open then, on better evidence by what is known today: ", ids)


def markdown(found: Judgement) -> str:
    """The same as Markdown, with nothing cut."""
    lines = [f"### {title(found)}", ""]
    lines += [f"{line.lead}{line.words}" for line in _patient(found.answer)]
    for part in (_judged(found, cut=False), _better(found)):
        items = [f"- {_strong(line.lead)}{line.words}" for line in part]
        lines += ["", *items] if items else []
    return "\n".join([*lines, "", f"*{NOTICE}*"])


def _strong(lead: str) -> str:
    return f"**{lead.strip().rstrip(':')}**: " if lead.strip() else ""


def title(found: Judgement) -> str:
    """What was asked, as it was read."""
    plan = found.plan
    drugs = " + ".join(found.answer.catalogue.drugs[each].name for each in plan.drugs)
    return f"{plan.name}: {drugs}" if plan.name != " + ".join(plan.drugs) else drugs


def _patient(answer: Answer) -> Iterator[Line]:
    yield Line("", f"{state_line(answer)} {facts_line(answer)}")
    yield Line("", place_line(answer), QUIET)
    premises = premises_line(answer)
    for words in [*([premises] if premises else []), *(one.message for one in answer.warnings)]:
        yield Line("! ", words, CAUTION)


def _judged(found: Judgement, *, cut: bool = True) -> Iterator[Line]:
    """The verdict with its reasons, then what the reader has to mind."""
    each = found.each
    for one in found.plan.unread:
        yield Line(f"Not judged: {printable(one.word)}: ", one.hint, CAUTION)
    yield Line(f"{_verdict(found)}: ", _first(_reasons(found), cut))
    if found.plan.said:
        yield Line("The plan: ", "; ".join(found.plan.said), QUIET)
    yield Line("Label: ", _label(found))
    yield Line("Evidence: ", _evidence(found))
    for lead, texts, style in (
        ("Local: ", formulary_words(each), CAUTION),
        ("Serious cautions: ", serious_cautions(each), f"bold {CAUTION}"),
        ("Dose: ", adjustments(each), DOSE),
        ("Cautions: ", other_cautions(each), CAUTION),
        ("Arrange: ", [", ".join(each.topics)] if each.topics else [], ""),
        ("Ask: ", [one.question for one in found.asked], ""),
        ("Confirm before starting: ", _confirm(each), ""),
    ):
        if texts:
            yield Line(lead, _first(texts, cut), style)


def _first(texts: Sequence[str], cut: bool) -> str:
    """Texts as far as there is room, and how many there are besides."""
    if not cut:
        return "; ".join(texts)
    found = [texts[0]]
    for text in texts[1:]:
        if len("; ".join([*found, text])) > _LONGEST:
            break
        found.append(text)
    more = len(texts) - len(found)
    return "; ".join(found) + (f"; {more} more: explain" if more else "")


def _verdict(found: Judgement) -> str:
    each = found.each
    word = each.verdict.capitalize()
    return f"{word}, rank {each.place}" if each.rank else word


def _reasons(found: Judgement) -> list[str]:
    if found.each.verdict == "eligible":
        return [_OPEN if found.plan.listed else _NO_RULE if found.studied else _ON_NOTHING]
    return because(found)


def _label(found: Judgement) -> str:
    region = found.answer.case.region
    return label_words(found.each, region) if found.plan.listed else _NO_ENTRY


def _evidence(found: Judgement) -> str:
    """What it is worth, and the figure of the trial that says so."""
    from lenrx.report.screen.figures import brief_figures

    each, catalogue = found.each, found.answer.catalogue
    if not found.studied:
        return _NO_ENTRY
    first = shown(each, found.answer).first
    if first is None:
        return TIERS[each.merit.tier]
    return f"{TIERS[each.merit.tier]}: {brief_figures(first, catalogue)}, {first.evidence.trial}"


def _confirm(each: Assessment) -> list[str]:
    return list(dict.fromkeys(map(field_words, to_confirm(each))))


def _better(found: Judgement) -> Iterator[Line]:
    """The open options on better evidence: place, id, drugs, figure."""
    better, answer = found.better, found.answer
    if not better:
        return
    yield Line("", _heading(found), "bold")
    yield from (_option(one, answer) for one in better)


def _heading(found: Judgement) -> str:
    if found.plan.listed and found.each.verdict != "excluded":
        return f"Open on better evidence in patients like this one: {len(found.better)}"
    return f"Open, with evidence in patients like this one: the first {len(found.better)}"


def _option(one: Assessment, answer: Answer) -> Line:
    from lenrx.report.screen.brief import label_mark
    from lenrx.report.screen.figures import brief_figures

    row = shown(one, answer).first
    notes = [*label_mark(one, answer.case.region), *_serious(one)]
    notes += ["off label"] if one.key.label > 1 else []
    figure = f"{brief_figures(row, answer.catalogue)}, {row.evidence.trial}" if row else ""
    marks = f"  ({', '.join(notes)})" if notes else ""
    return Line(f"{one.place:<4}{one.regimen.id}  ", f"{figure}{marks}")


def _serious(one: Assessment) -> list[str]:
    count = one.key.serious
    return [f"{count} serious caution{'' if count == 1 else 's'}"] if count else []
