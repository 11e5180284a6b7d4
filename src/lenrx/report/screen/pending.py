"""What is not open, what cannot be said yet, and what to ask: the lower part of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from lenrx.catalogue.conditions import MEDICINES
from lenrx.report.phrases import (
    QUIET,
    confirmations,
    field_words,
    named,
    together,
    why_excluded,
    why_open,
)
from lenrx.report.screen.against import why_not
from lenrx.report.screen.brief import cut, question_words, some, undecided, whom
from lenrx.report.screen.lines import say
from lenrx.rules.answer import Answer, Assessment, Question
from lenrx.rules.order import OFF_LABEL

_ALONE: Final = 2
"""With more regimens than these that nothing else is closed with, their reasons are in `--all`."""
_ASKED, _CONFIRMED = 4, 4
"""How many questions, and things to rule out, the first screen names."""
_MEDICINES: Final = "other medicines"


def not_open(answer: Answer, to: Console, everything: bool) -> None:
    """Counts by reason with names; or each reason in full, once, with all names."""
    found = answer.with_verdict("excluded")
    if everything:
        to.print()
        say(Text(f"Not open: {len(found)}", style="bold"), to)
        for words, ids in together((e.regimen.id, why_excluded(e)) for e in found).items():
            say(Text(words), to, f"{len(ids):>3} ")
            say(Text(" ".join(ids), style=QUIET), to, "    ")
        return
    groups = together((each.regimen.id, [why_not(each, answer)]) for each in found)
    alone = [ids[0] for ids in groups.values() if len(ids) == 1]
    if len(alone) > _ALONE:
        groups = {why: ids for why, ids in groups.items() if len(ids) > 1}
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    parts = [f"{why}{_number(ids)} ({cut(ids, 1)})" for why, ids in ordered]
    if len(alone) > _ALONE:
        parts.append(f"each for its own reason {len(alone)} ({' '.join(alone)})")
    words = "; ".join(parts)
    say(Text(words or "none"), to, f"Not open {len(found)}: ", 2)


def _number(ids: Sequence[str]) -> str:
    """How many, where they are several."""
    return f" {len(ids)}" if len(ids) > 1 else ""


def conditional(answer: Answer, to: Console, everything: bool) -> None:
    """What cannot be said yet, and what to ask, what concerns a label first."""
    found = answer.with_verdict("conditional")
    labelled = [each for each in found if each.key.label < OFF_LABEL]
    if labelled:
        names = [each.regimen.id for each in labelled]
        lead = f"Cannot be said yet, on label {len(names)}: "
        if any(name in one.touches for name in names for one in answer.open_questions):
            say(Text(" ".join(names)), to, lead, 2)
            _questions(labelled, answer, to, everything)
        else:
            say(Text("; ".join(_unasked(each, answer) for each in labelled)), to, lead, 2)
    others = [each for each in found if each.key.label == OFF_LABEL]
    if others:
        ids = [each.regimen.id for each in others]
        asked = dict.fromkeys(words for each in others for words in _asked(each, answer))
        words = f"{' '.join(ids)}: {' '.join(asked)}" if everything else f"{cut(ids)}: -v"
        say(Text(words), to, f"Cannot be said yet, off label {len(others)}: ", 2)


def _questions(found: Sequence[Assessment], answer: Answer, to: Console, everything: bool) -> None:
    """The questions on which regimens within a label depend."""
    names = {each.regimen.id for each in found}
    asked = [one for one in answer.open_questions if names.intersection(one.touches)]
    lines = asked if everything else asked[:_ASKED]
    for place, alike in enumerate(_alike(lines)):
        say(_question(alike, found, place == 0), to, "Ask first: " if place == 0 else "Then: ", 2)
    left = [named(one.question) for one in asked[len(lines) :]]
    if left:
        say(Text(" ".join(left)), to, "And: ", 2)
    for each in found:
        if not any(each.regimen.id in one.touches for one in asked):
            say(Text(_unasked(each, answer)), to, "  ")


def _unasked(each: Assessment, answer: Answer) -> str:
    """Why a regimen stays open that no answer of the user settles."""
    words = undecided(each, answer) or why_open(each, answer.strict)
    return f"{each.regimen.id}: {'; '.join(words)}"


def _asked(each: Assessment, answer: Answer) -> list[str]:
    """What a regimen depends on, in few words."""
    found = [one.question for one in answer.open_questions if each.regimen.id in one.touches]
    return [question_words(one) for one in found] or why_open(each, answer.strict)


def _alike(questions: Sequence[Question]) -> list[list[Question]]:
    """The first question by itself, then those together that settle the same regimens."""
    groups: dict[Any, list[Question]] = {}
    for place, one in enumerate(questions):
        groups.setdefault((place == 0, *one.decides, None, *one.touches), []).append(one)
    return list(groups.values())


def _question(alike: Sequence[Question], found: Sequence[Assessment], is_first: bool) -> Text:
    """Questions, and what an answer to one comes to: which regimens it opens or closes."""
    one = alike[0]
    others = [name for name in one.touches if name not in one.decides]
    on = [each.regimen.id for each in found if each.regimen.id in one.decides]
    off = len(one.decides) - len(on)
    these = "all of these" if len(on) == len(found) > 1 else whom(on, found)
    decides = [these] * bool(on) + [f"{off} off label"] * bool(off)
    opens = "opens or closes" if len(alike) == 1 else "each opens or closes"
    parts = [f"{opens} {' and '.join(decides)}"] if decides else []
    parts += [f"bears on {cut(others)}"] if others else []
    names = " ".join(named(each.question) for each in alike)
    return Text(names, style="bold" if is_first else "").append(
        f" {'; '.join(parts)}", style="not bold"
    )


def to_confirm(found: Sequence[Assessment], to: Console, everything: bool) -> None:
    """What nobody has ruled out yet, as a check list."""
    fields = [*confirmations(tuple(found))]
    if not everything:
        # A medicine that nobody knows here is said above.
        fields = [each for each in fields if each.rpartition(".")[0] not in MEDICINES]
    names = [field_words(field) for field in fields]
    if names and everything:
        say(Text(", ".join(names)), to, "Check before start: ", 2)
    elif names:
        # One test tells of a carrier and of a hepatitis B that is over.
        brief = [name.removesuffix(" carrier").removesuffix(" resolved") for name in names]
        brief = [_MEDICINES if "medicines" in name else name for name in brief]
        words = some(list(dict.fromkeys(brief)), _CONFIRMED, ", ")
        say(Text(words), to, "Check before start: ", 2)
