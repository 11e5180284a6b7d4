"""A figure and its population in the few words of the first screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lenrx.catalogue.conditions import leaves
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence
from lenrx.catalogue.vocabulary import ENDPOINTS
from lenrx.report.phrases import ratio, seen, shown
from lenrx.rules.answer import Answer
from lenrx.rules.evidence import MatchedEvidence, in_state, unsaid
from lenrx.rules.headline import reservations
from lenrx.rules.order import OFF_LABEL


def group_words(each: Evidence, catalogue: Catalogue, also: bool = True) -> str:
    """The population of a row in a few words; its detail only where the title says nothing."""
    names = (each.population, *(each.also if also else ()))
    if each.detail and not _VAGUE.isdisjoint(names):
        return _abbreviated(gist(each.detail))
    titles = [gist(catalogue.populations[name].title) for name in names]
    return _abbreviated(", ".join(titles))


_VAGUE: Final = {"other", "prior-lines", "older"}
_ABBREVIATED: Final = (
    ("everyone enrolled", "all enrolled"),
    ("lenalidomide exposed", "len-exposed"),
    ("lenalidomide", "len"),
    ("triple-class ", "triple-"),
    ("dexamethasone", "dex"),
)


def _abbreviated(words: str) -> str:
    for long, short in _ABBREVIATED:
        words = words.replace(long, short)
    return words


def brief_figures(row: MatchedEvidence, catalogue: Catalogue, comparator: bool = True) -> str:
    """The figures in a few words, as a line of the first screen has room for; months go unsaid."""
    each, arms = row.evidence, _arms(row)
    name = _SHORT.get(each.endpoint) or ENDPOINTS[each.endpoint].partition(",")[0]
    at = f" at {each.at_months:g} months" if each.at_months is not None else ""
    other = _other_arm(row, catalogue) if comparator and _is_compared(row) else ""
    whose = f" ({other})" if other and arms else f" v {other}" if other else ""
    control = "control arm: " if row.comparator_arm_of else ""
    words = f"{control}{name}{at}{f' {arms}' if arms else ''}{whose}"
    if each.hr is None:
        return words
    return f"{words}{',' if arms or whose else ''} {ratio(row, '')}"


def _arms(row: MatchedEvidence) -> str:
    """The value and that of the other arm; other patients of the study are no arm."""
    value, other = seen(row)
    if value is None:
        return ""
    unit = " %" if row.evidence.endpoint.endswith("percent") else ""
    versus = f" v {_short_value(other)}" if other is not None and _is_compared(row) else ""
    return f"{_short_value(value)}{versus}{unit}"


def _is_compared(row: MatchedEvidence) -> bool:
    each = row.evidence
    if row.comparator_arm_of:
        return True
    return each.contrast is None and (each.comparator_value is not None or each.hr is not None)


def _short_value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _other_arm(row: MatchedEvidence, catalogue: Catalogue) -> str:
    """The other arm; of many regimens of which one was chosen, how many they were."""
    other = row.comparator_arm_of or row.evidence.comparator or "other arm"
    if isinstance(other, str):
        return _abbreviated(gist(other))
    if len(other) > 2:
        return f"choice of {len(other)}"
    return _abbreviated("/".join(other).replace("high-dose-", "high-dose "))


_SHORT: Final = {
    "median_pfs_months": "PFS",
    "pfs_hr": "PFS",
    "pfs_rate_percent": "PFS",
    "median_os_months": "OS",
    "os_hr": "OS",
    "os_rate_percent": "OS",
    "orr_percent": "response",
}


def gist(text: str) -> str:
    """A text up to its first colon, semicolon or bracket; where that is long, to a comma."""
    ends = [text.find(mark) for mark in (": ", "; ", " (")]
    found = text[: min((end for end in ends if end > 0), default=len(text))]
    if len(found) <= _LONG:
        return found
    within = found.rfind(", ", 0, _LONG)
    return found[: within if within > 0 else found.find(", ")] if ", " in found else found


_LONG: Final = 60


def renal_band(each: Evidence) -> str:
    """The renal function, in mL/min, of the patients of a row that is about it, in signs."""
    bounds = (
        next((wanted for key, wanted in leaves(each.when) if key == "renal"), None)
        if each.when
        else None
    )
    if bounds is None:
        return ""
    low = next((bounds[name] for name in ("at_least", "above") if name in bounds), None)
    high = next((bounds[name] for name in ("below", "at_most") if name in bounds), None)
    band = f"{low}-{high}" if low is not None and high is not None else f"<{high}"
    return f" ({band} mL/min)" if high is not None else ""


def reserved(row: MatchedEvidence, catalogue: Catalogue) -> list[str]:
    """Why the figures are not on a patient like this, each reason in few words."""
    return [
        _abbreviated(each).replace("patients like this were", "such patients were")
        for each in reservations(row, catalogue)
    ]


def not_said(answer: Answer) -> Iterator[tuple[str, dict[str, str]]]:
    """By state that trials seldom enrol, regimens on label with a trial that does not say, by id.

    Only states that do not count in the order: the others are said beside each figure.
    """
    found = [each for each in answer.with_verdict("eligible") if each.key.label < OFF_LABEL]
    first = {each.regimen.id: shown(each, answer).first for each in found}
    trials = {name: row.evidence.trial for name, row in first.items() if row}
    for state in answer.catalogue.seldom_enrolled.values():
        if not state.counts and in_state(state.id, answer.case):
            silent = {n: t for n, t in trials.items() if unsaid(t, [state.id], answer.catalogue)}
            if silent:
                yield state.id, silent


def not_said_lines(answer: Answer) -> list[str]:
    """The same with the trials by name."""
    return [
        f"Not known to have enrolled {state}: {', '.join(dict.fromkeys(trials.values()))}"
        for state, trials in not_said(answer)
    ]
