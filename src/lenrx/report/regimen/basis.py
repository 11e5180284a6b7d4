"""What a judgement of one regimen rests on: evidence, trials, schedule, labels, guidelines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lenrx.report.phrases import CAUTION
from lenrx.report.regimen import figures, positions
from lenrx.report.regimen.page import Page
from lenrx.report.regimen.words import dose_words, toxicity_words
from lenrx.rules.answer import Assessment
from lenrx.rules.evidence import MatchedEvidence, trials_of

NO_ENTRY: Final = "no entry here for this combination: not known"


def _has_entry(page: Page) -> bool:
    return page.each.regimen.id in page.answer.catalogue.regimens


def evidence(page: Page) -> None:
    """What fits this patient in full; the rest too where nothing fits, else by trial."""
    page.title("Evidence (hazard ratios with their 95 % interval)")
    if not page.each.evidence:
        page.line("no study found" if _has_entry(page) else NO_ENTRY)
    own = any(not _beaten(row) for row in page.each.evidence)
    fits: dict[str, list[MatchedEvidence]] = {}
    for row in sorted(page.each.evidence, key=lambda row: _later(row, page.each)):
        aside = own and _beaten(row) and not page.verbose
        fits.setdefault(_AS_CONTROL if aside else figures.fit(row), []).append(row)
    whole = page.verbose or not any(row.fits for row in page.each.evidence)
    for words in (*figures.FITS, _AS_CONTROL):
        if words in fits:
            rows = fits[words]
            shown = words in figures.SHOWN or (whole and words != _AS_CONTROL)
            if shown:
                page.line(f"{words}:", "italic")
                _groups(page, rows)
                whole = page.verbose
            else:
                page.line(f"{words}: {figures.by_trial(rows)}", "dim")


_AS_CONTROL: Final = "as the other arm of a comparison"


def _beaten(row: MatchedEvidence) -> bool:
    """Whether a row shows the regimen as the other arm."""
    return row.comparator_arm_of is not None or row.evidence.control


def _later(row: MatchedEvidence, each: Assessment) -> tuple[bool, bool]:
    """The trial that decided first, and last those that set out to beat the regimen."""
    return _beaten(row), row.evidence.trial != each.merit.trial


_SHOWN: Final = 3
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
    if not doses:
        return
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
        words = "no clause for this combination is in force"
        page.line(words if _has_entry(page) else NO_ENTRY)
    for clause, words in [*here, *past]:
        rule = f"; rule {clause.id}" if page.verbose else ""
        also = f"; it also asks: {', '.join(clause.confirm)}" if clause.confirm else ""
        page.line(words + also, source=f"{page.cite(clause.source)}{rule}")


def guidelines(page: Page) -> None:
    """The position that orders, then the others by why they do not; with -v a line each."""
    found = positions.ordered(page.each, page.answer)
    page.title("Guidelines")
    if not found:
        page.line("no position found" if _has_entry(page) else NO_ENTRY)
    alike: dict[str, list[str]] = {}
    for one in found:
        weight = positions.weight(one, page.each, page.answer)
        source = f" [{page.cite(one.source)}]" if page.verbose else ""
        alike.setdefault(weight, []).append(f"{positions.stand(one, page.answer)}{source}")
    for weight, said in alike.items():
        page.line(f"{weight}: {'; '.join(said)}", "" if weight == positions.ORDERS else "dim")


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
