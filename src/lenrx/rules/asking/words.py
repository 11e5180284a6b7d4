"""A question as it is put to a clinician, and the answers that it accepts."""

from __future__ import annotations

from typing import Final

from lenrx.catalogue.conditions import FLAGS, MEDICINES
from lenrx.catalogue.fields import DECLARED, DRUGGED, FOUND, NUMERIC, WORDED
from lenrx.rules.asking.asking import NextQuestion
from lenrx.rules.assessment import wording

_FAILED: Final = "progressed on it, within 60 days of it, or never responded"
_QUESTIONS: Final = {
    "exposed": "Which drugs were given, ever?",
    "refractory": f"Which of them failed: {_FAILED}?",
    "intolerant": "Which of them were stopped for toxicity?",
    "region": "Whose label counts?",
    "comorbidities": "Which of these illnesses are there?",
    "cytogenetics": "Which of these were found on FISH?",
}
_NONE: Final = "none: none of these; with `, ?` behind them the others are not known"


def question(asked: NextQuestion) -> str:
    """The question in a clinician's words."""
    if asked.subject == "refractory" and not asked.names:
        return f"Which drugs failed: {_FAILED}?"
    return _QUESTIONS.get(asked.subject) or wording(asked.subject)


def accepted(asked: NextQuestion) -> str:
    """The answers that can be read, without `?`, which stands for not known everywhere."""
    head, _, name = asked.subject.partition(".")
    if head in FOUND:
        return f"{', '.join(map(_spoken, asked.names))}; {_NONE}"
    if name:
        return ", ".join(asked.names)
    if head in DRUGGED:
        named = f"{', '.join(asked.names)}; " if asked.names else ""
        more = "all; " if head == "refractory" and asked.names else ""
        if head == "exposed":
            return f"{named}{_DRUGS}; none; {_OTHERS}"
        return f"{named}{more}none" if named else f"{_DRUGS}; none"
    if head in MEDICINES:
        return "names, brands or interaction classes, commas between them; none"
    if head in FLAGS:
        return "yes, no"
    if head in WORDED:
        return ", ".join(WORDED[head].words)
    if head in NUMERIC:
        return f"{NUMERIC[head].allowed}; also a bound or a range: {_BOUND[NUMERIC[head].whole]}"
    return DECLARED[head].help


_DRUGS: Final = "drugs, brands, classes or regimens (VRd), commas between them"
_OTHERS: Final = "with `, ?` behind them others may have been given"
_BOUND: Final = {True: ">=2, 1-2", False: "<15, 30-45"}


def _spoken(name: str) -> str:
    return name.replace("_", " ")
