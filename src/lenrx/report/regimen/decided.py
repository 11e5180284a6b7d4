"""What decided on one regimen: its reasons, its place, whom it beat, and what would change that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lenrx.catalogue.records import Trial
from lenrx.report.phrases import cite
from lenrx.report.regimen.figures import measured, path, step
from lenrx.report.regimen.words import asked, change_words
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.counterfactuals import counterfactuals
from lenrx.rules.evidence import MatchedEvidence, trials_of
from lenrx.rules.network import PFS, Win, below_one, descent, wins

_KINDS: Final = {"to find out": "not stated", "a fact about the patient": "stated otherwise"}


OPEN: Final = "nothing excludes it and every requirement is met"


def place(each: Assessment, answer: Answer) -> list[str]:
    """The keys of the order after verdict and label, in words; the network with its figures."""
    serious, evidence, level, life, guideline, others = each.rank_because[2:]
    if each.merit.win:
        steps = descent(each.merit.win, answer.catalogue)
        level = f"head to head: level {each.merit.level}: {path(steps, answer.catalogue)}"
    return [f"{serious}; {evidence}", level, f"{life}; {guideline}; {others}"]


def not_counted(each: Assessment, answer: Answer) -> Iterator[str]:
    """Comparisons that the regimen won and that do not lift it here, each with why."""
    for win in wins(answer.catalogue).get(each.regimen.id, ()):
        rows = [row for row in each.evidence if _is_of(row, win)]
        if rows and not any(row.fits for row in rows):
            yield f"{step(win, answer.catalogue)}: not counted here, {_unlike(rows, answer)}"


def _is_of(row: MatchedEvidence, win: Win) -> bool:
    return row.evidence.trial == win.trial and row.comparator_arm_of is None


def _unlike(rows: list[MatchedEvidence], answer: Answer) -> str:
    """Why rows do not speak of the patient."""
    lacking = list(dict.fromkeys(name for row in rows for name in row.unenrolled))
    if any(row.limits for row in rows):
        return "patients like this one were not taken, or hardly any"
    if lacking:
        names = " or ".join(failed(name, answer) for name in lacking)
        return f"nobody is known to have been enrolled in whom {names} had failed"
    return "no group with a result is known to hold this patient"


def unenrolled(each: Assessment, answer: Answer) -> dict[str, dict[str, None]]:
    """What the patient is refractory to, with the trials not known to have enrolled such."""
    found: dict[str, dict[str, None]] = {}
    for row in each.evidence:
        if row.unenrolled:
            names = " or ".join(failed(name, answer) for name in row.unenrolled)
            found.setdefault(names, {})[row.evidence.trial] = None
    return found


def failed(name: str, answer: Answer) -> str:
    """A drug, or any drug of a class, to which a patient is refractory."""
    return name if name in answer.catalogue.drugs else f"an {name} drug"


def survival_worse(each: Assessment, answer: Answer) -> Iterator[tuple[Trial, str]]:
    """Trials of the regimen in which overall survival was worse, so that they count for nothing."""
    for trial in trials_of(each.regimen, answer.catalogue):
        if trial.survival_worse:
            won = _won(each, trial)
            lead = f"progression-free survival won ({won}), " if won else ""
            words = f"{lead}overall survival worse: not counted as superior"
            yield trial, f"{trial.id}: {words}. {trial.survival_worse.says}"


def _won(each: Assessment, trial: Trial) -> str:
    """The hazard ratio of progression-free survival that was won in a trial."""
    rows = (row.evidence for row in each.evidence if row.comparator_arm_of is None)
    found = (row for row in rows if row.trial == trial.id and row.endpoint in PFS)
    return next((measured(row) for row in found if below_one(row)), "")


def source_of(trial: Trial, answer: Answer) -> str:
    """The source of what a trial showed on survival."""
    result = trial.survival_worse or trial.primary_met
    return f"{cite(result.source, answer.catalogue)}; {result.verified}" if result else ""


def changes(each: Assessment, answer: Answer) -> list[tuple[str, str]]:
    """What would change the verdict, by verdict and by whether it can still be found out."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for other in counterfactuals(each, answer):
        alike = found.setdefault((other.verdict, _KINDS[other.kind]), {})
        alike[change_words(other, answer)] = None
    return [
        (f"Would be {verdict} if", f"{'; '.join(words)} ({kind})")
        for (verdict, kind), words in found.items()
    ]


def missing(needs: tuple[str, ...]) -> str:
    """The missing fields of a finding inside a sentence."""
    return " or ".join(dict.fromkeys(map(asked, needs)))
