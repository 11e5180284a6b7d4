"""What a judgement of one regimen rests on: evidence, trials, schedule, labels, guidelines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lenrx.report.phrases import CAUTION
from lenrx.report.regimen import figures, positions
from lenrx.report.regimen.page import Page
from lenrx.report.regimen.words import dose_words, toxicity_words
from lenrx.rules.answer import Assessment
from lenrx.rules.evidence import MatchedEvidence
from lenrx.rules.filters import trials_of


def evidence(page: Page) -> None:
    """What fits this patient in full; the rest too where nothing fits, else by trial."""
    page.title("Evidence (hazard ratios with their 95 % interval)")
    if not page.each.evidence:
        page.line("no study found")
    fits: dict[str, list[MatchedEvidence]] = {}
    for row in sorted(page.each.evidence, key=lambda row: _later(row, page.each)):
        fits.setdefault(figures.fit(row), []).append(row)
    whole = page.verbose or not any(row.fits for row in page.each.evidence)
    for words in figures.FITS:
        if words in fits:
            rows = fits[words]
            page.line(f"{words}:", "italic" if rows[0].fits else "italic dim")
            if page.verbose or rows[0].fits or whole:
                _groups(page, rows)
                whole = page.verbose
            else:
                page.line(figures.by_trial(rows), "dim", indent=4)


def _later(row: MatchedEvidence, each: Assessment) -> tuple[bool, bool]:
    """The trial that decided first, and last those that set out to beat the regimen."""
    beaten = row.comparator_arm_of is not None or row.evidence.control
    return beaten, row.evidence.trial != each.merit.trial


_SHOWN: Final = 4
"""Groups of figures of one fit that are shown without -v."""


def _groups(page: Page, rows: Sequence[MatchedEvidence]) -> None:
    catalogue = page.answer.catalogue
    groups = figures.together(rows, catalogue)
    shown = groups if page.verbose else groups[:_SHOWN]
    for group in shown:
        words = f"{figures.head_of(group, catalogue)}: {figures.outcomes(group)}"
        source = figures.placed if page.verbose else figures.cited
        page.line(words, "", source(group, catalogue), indent=4)
        for note in figures.notes(group) if page.verbose else ():
            page.line(f"note: {note}", "dim", indent=6)
    rest = [row for group in groups[len(shown) :] for row in group.rows]
    if rest:
        page.line(f"and {figures.by_trial(rest)}", "dim", indent=4)


def trials(page: Page) -> None:
    """With -v: who was enrolled, so that the reader can judge whom the figures speak of."""
    trials = trials_of(page.each.regimen, page.answer.catalogue) if page.verbose else ()
    if trials:
        page.title("Its trials")
    for trial in trials:
        arms = ", ".join(f"{arm} {n}" for arm, n in (trial.arms or {}).items())
        parts = [
            f"{trial.id}, {trial.design}",
            f"n {arms}" if arms else "",
            trial.enrolled or "",
            f"lenalidomide-refractory: {trial.len_refractory}" if trial.len_refractory else "",
        ]
        words = "; ".join(part for part in parts if part)
        page.line(words, source=page.cite(trial.source))


def schedule(page: Page) -> None:
    """Doses and days; a source of several that follow each other is cited after the last."""
    doses = page.each.regimen.schedule
    if doses:
        page.title("Schedule")
    for dose, after in zip(doses, (*doses[1:], None), strict=True):
        again = after is not None and after.source == dose.source
        page.line(dose_words(dose), source="" if again else page.cite(dose.source))


def labels(page: Page) -> None:
    """The label of the region asked, of both where none is; with -v also what has ended."""
    here = positions.label_lines(page.each, page.answer)
    past = positions.past_labels(page.each, page.answer) if page.verbose else []
    regions = " and ".join(page.answer.case.regions)
    page.title(f"Label ({regions})")
    if not here:
        page.line("no clause for this combination is in force")
    for clause, words in [*here, *past]:
        rule = f"; rule {clause.id}" if page.verbose else ""
        page.line(words, source=f"{page.cite(clause.source)}{rule}")
        if clause.confirm:
            page.line(f"it also asks: {', '.join(clause.confirm)}", indent=4)


def guidelines(page: Page) -> None:
    """Those that speak of this setting, each with whether it orders; the others together."""
    found = positions.ordered(page.each, page.answer)
    page.title("Guidelines")
    if not found:
        page.line("no position found")
    here = [one for one in found if page.verbose or one in page.each.positions]
    for one in here:
        words = positions.position_line(one, page.each, page.answer)
        page.line(words, source=page.cite(one.source) if page.verbose else "")
    others = [one for one in found if one not in here]
    if others:
        said_there = "; ".join(positions.stand(one, page.answer) for one in others)
        page.line(f"of another setting, and so none orders: {said_there}", "dim")


def disagreements(page: Page) -> None:
    """Sources that disagree, side by side and never merged."""
    for each in page.each.regimen.disagreements:
        claims = (f"{one.text} [{page.cite(one.source)}]" for one in each.says)
        page.inline(f"Sources disagree, {each.about}", "; ".join(claims))


def gaps(page: Page) -> None:
    """What was looked for and not found."""
    if page.each.regimen.gaps:
        page.title("Not found")
    for gap in page.each.regimen.gaps:
        page.line(gap, CAUTION)


def toxicity(page: Page) -> None:
    """With -v: adverse events."""
    events = page.each.regimen.toxicity if page.verbose else ()
    if events:
        page.title("Adverse events")
    for event in events:
        page.line(toxicity_words(event), source=page.cite(event.source))
