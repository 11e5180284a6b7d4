"""One regimen against one patient: what decided, what to do about it, and on what evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from rich.console import Console
from rich.text import Text

from lenrx.catalogue.asked import of_regimen
from lenrx.catalogue.records import Limit
from lenrx.patient.stated import unasked
from lenrx.report.phrases import (
    CAUTION,
    DOSE,
    cite,
    cite_short,
    premises_line,
    record_lines,
    state_line,
)
from lenrx.report.regimen import decided, figures, positions
from lenrx.report.regimen.sections import Section, sections
from lenrx.report.regimen.words import (
    asked,
    counted,
    dose_words,
    filter_of,
    name_of,
    said,
    stated_line,
    toxicity_words,
    verdict_words,
)
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.evidence import MatchedEvidence, decisive
from lenrx.rules.filters import Finding, trials_of

_HANGING: Final = 2
"""Columns by which a line goes on further in than it began."""


class Page(NamedTuple):
    """What the parts of an explanation need: the regimen, the answer, where to draw."""

    each: Assessment
    answer: Answer
    to: Console
    verbose: bool
    found: dict[Section, list[Finding]]

    def title(self, words: str) -> None:
        """The title of a part."""
        self.to.print(Text(f"\n{words}", style="bold"))

    def line(self, words: str, style: str = "", source: str = "", indent: int = 2) -> None:
        """A line of a part, wrapped under itself, its source dim at its end."""
        text = Text(words, style=style)
        if source:
            text.append(f" [{source}]", style="not bold dim")
        self.wrapped(text, indent)

    def wrapped(self, text: Text, indent: int) -> None:
        """Text over as many lines as it takes, the others further in than the first."""
        margin = " " * indent
        for number, each in enumerate(text.wrap(self.to, self.to.width - indent - _HANGING)):
            each.rstrip()
            self.to.print(Text(margin + " " * _HANGING * (number > 0)) + each)

    def inline(self, title: str, words: str, style: str = "") -> None:
        """A part of one paragraph, its title before it."""
        text = Text(f"{title}: ", style="bold").append(words, style=f"not bold {style}".strip())
        self.wrapped(text, 0)

    def cite(self, source: str) -> str:
        """A source in short; with -v with its identifier."""
        return (cite if self.verbose else cite_short)(source, self.answer.catalogue)

    def of(self, section: Section) -> Sequence[Finding]:
        """The findings of a section."""
        return self.found.get(section, ())


def draw(each: Assessment, answer: Answer, to: Console, *, verbose: bool = False) -> None:
    """What decided first; then doses, cautions, what to arrange and ask; then what it rests on."""
    page = Page(each, answer, to, verbose, sections(each, answer.strict))
    _head(page)
    _decided(page)
    for part in _PARTS:
        part(page)


def _head(page: Page) -> None:
    answer, to = page.answer, page.to
    to.print(Text(f"{page.each.regimen.id}: {page.each.regimen.name}", style="bold"))
    to.print(Text(state_line(answer)))
    to.print(Text(stated_line(answer), style="dim"))
    if premises_line(answer):
        to.print(Text(f"! {premises_line(answer)}", style=CAUTION))
    for warning in answer.warnings:
        to.print(Text(f"! {warning.message}", style=CAUTION))
    record = record_lines(answer)
    if record and not page.verbose:
        words = f"{counted(len(record), 'fact')} from the treatment record (-v shows their rules)"
        to.print(Text(words, style="dim"))
    for line in record if page.verbose else ():
        to.print(Text(f"Record: {line}", style="dim"))


def _decided(page: Page) -> None:
    """Verdict and reasons, then the keys of the order as the reasons of the rank."""
    each, answer = page.each, page.answer
    if each.verdict == "eligible":
        page.to.print()
        page.inline(verdict_words(each, answer), decided.OPEN)
    else:
        page.title(verdict_words(each, answer))
    deciding = page.of("decides")
    for words in () if page.verbose else decided.reasons(each, answer):
        page.line(words)
    for finding in deciding if page.verbose else ():
        needs = f": needs {decided.missing(finding.needs)}" if finding.needs else ""
        page.line(_words(page, finding) + needs, source=_source(page, finding))
    for words in decided.place(each, answer) if each.rank else ():
        page.line(words)
    for words in decided.not_counted(each, answer):
        page.line(words, CAUTION)
    for trial, words in decided.survival_worse(each, answer):
        page.line(words, CAUTION, decided.source_of(trial, answer))


def _words(page: Page, finding: Finding) -> str:
    limits = _limits(page)
    return said(finding, page.each.regimen.id, limits)


def _limits(page: Page) -> dict[str, Limit]:
    trials = trials_of(page.each.regimen, page.answer.catalogue)
    return {limit.id: limit for trial in trials for limit in trial.limits}


def _source(page: Page, finding: Finding) -> str:
    """The sources of a finding; with their place, how they were read and the rule's id."""
    cited = [page.cite(source) for source in finding.sources]
    if not page.verbose:
        return "; ".join(cited)
    where = finding.where if finding.where != finding.verified else None
    rule = f"{filter_of(finding)}, rule {finding.criterion}"
    return "; ".join([*cited, *(part for part in (where, finding.verified, rule) if part)])


def _listed(title: str, section: Section, style: str = "") -> Callable[[Page], None]:
    """A part that says each finding of a section."""

    def part(page: Page) -> None:
        found = page.of(section)
        if found:
            page.title(title)
        for finding in found:
            page.line(_words(page, finding), style, _source(page, finding))

    return part


def _open(page: Page) -> None:
    """What nobody has ruled out and what is not stated: by field, or with -v by rule."""
    confirm, unknown = page.of("confirm"), page.of("unknown")
    if page.verbose:
        for title, found in ((_CONFIRM, confirm), (_MAY_ADD, unknown)):
            if found:
                page.title(title)
            _each(page, found)
        return
    serious = [one for one in unknown if one.serious]
    others = [one for one in unknown if not one.serious]
    if confirm or unknown:
        page.to.print()
    if confirm:
        fields = dict.fromkeys(asked(field) for one in confirm for field in one.needs)
        page.inline(_CONFIRM, ", ".join(fields))
    if serious:
        page.inline("Not stated, and it may be a serious caution", "")
        _each(page, serious, CAUTION)
    if others:
        page.inline(_MAY_ADD, _by_field(others))


_CONFIRM: Final = "To confirm before starting"
_MAY_ADD: Final = "Not stated, and it may add"


def _each(page: Page, found: Iterable[Finding], style: str = "") -> None:
    for finding in found:
        needs = f" (not stated: {decided.missing(finding.needs)})" if finding.needs else ""
        page.line(_words(page, finding) + needs, style, _source(page, finding))


_ADDS: Final = {
    "cautions": "caution",
    "adjusts": "dose",
    "arranges": "thing to arrange",
    "prefers": "preference",
    "notes": "note",
}


def _by_field(found: Iterable[Finding]) -> str:
    """The missing fields, each with how many cautions, doses and so on turn on it."""
    counts: dict[str, dict[str, int]] = {}
    for one in found:
        adds = counts.setdefault(decided.missing(one.needs), {})
        what = _ADDS.get(one.effect, one.effect)
        adds[what] = adds.get(what, 0) + 1
    said_of = {
        field: ", ".join(counted(number, what) for what, number in adds.items())
        for field, adds in counts.items()
    }
    return "; ".join(f"{field} ({words})" for field, words in said_of.items())


def _entry(page: Page) -> None:
    """By trial: whom of its limits the patient meets, what it is not known to have enrolled."""
    met, unknown = page.of("limit"), page.of("limit unknown")
    lacking = decided.unenrolled(page.each, page.answer)
    if not (met or unknown or lacking):
        return
    page.title("Whom its trials took")
    for finding in met:
        page.line(_trial_words(page, finding), CAUTION, _source(page, finding))
    for names, trials in lacking.items():
        words = f"nobody refractory to {names} is known to have been enrolled"
        page.line(f"{words}: {', '.join(trials)}")
    if page.verbose:
        _each(page, unknown)
    elif unknown:
        page.line(f"not stated, and entry limits turn on it: {_by_trial(unknown)}")


def _trial_words(page: Page, finding: Finding) -> str:
    words = _words(page, finding)
    return words if finding.trial and finding.trial in words else f"{finding.trial}: {words}"


def _by_trial(found: Iterable[Finding]) -> str:
    """The trials with a limit that cannot be judged, each with the missing fields."""
    trials: dict[str, dict[str, None]] = {}
    for one in found:
        trials.setdefault(one.trial or "", {})[decided.missing(one.needs)] = None
    return "; ".join(f"{trial}: {', '.join(fields)}" for trial, fields in trials.items())


def _idle(page: Page) -> None:
    """What is stated and nothing of this regimen turns on."""
    catalogue, patient = page.answer.catalogue, page.answer.state.patient
    enrolled = {
        ("refractory", drug) for name in decisive(catalogue) for drug in catalogue.drugs_in(name)
    }
    found = unasked(patient, catalogue, of_regimen(page.each.regimen, catalogue) | enrolled)
    idle = [name_of(field) if words == field else words for field, words in found]
    if idle:
        page.inline("Stated, and no criterion of this regimen asks it", ", ".join(idle), CAUTION)


def _changes(page: Page) -> None:
    for title, words in decided.changes(page.each, page.answer):
        page.inline(title, words)


def _evidence(page: Page) -> None:
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


_SHOWN: Final = 5
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


def _trials(page: Page) -> None:
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


def _schedule(page: Page) -> None:
    """Doses and days; a source of several that follow each other is cited after the last."""
    doses = page.each.regimen.schedule
    if doses:
        page.title("Schedule")
    for dose, after in zip(doses, (*doses[1:], None), strict=True):
        again = after is not None and after.source == dose.source
        page.line(dose_words(dose), source="" if again else page.cite(dose.source))


def _labels(page: Page) -> None:
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


def _guidelines(page: Page) -> None:
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


def _disagreements(page: Page) -> None:
    """Sources that disagree, side by side and never merged."""
    for each in page.each.regimen.disagreements:
        claims = (f"{one.text} [{page.cite(one.source)}]" for one in each.says)
        page.inline(f"Sources disagree, {each.about}", "; ".join(claims))


def _gaps(page: Page) -> None:
    if page.each.regimen.gaps:
        page.title("Not found")
    for gap in page.each.regimen.gaps:
        page.line(gap, CAUTION)


def _toxicity(page: Page) -> None:
    events = page.each.regimen.toxicity if page.verbose else ()
    if events:
        page.title("Adverse events")
    for event in events:
        page.line(toxicity_words(event), source=page.cite(event.source))


def _rest(page: Page) -> None:
    """Background, what is met and what does not apply: counts and ids; with -v each in words."""
    if not page.verbose:
        page.to.print()
    for section, title, one, several in _FOLDED:
        found = page.of(section)
        if found and page.verbose:
            page.title(title)
            _each(page, found, "dim")
        elif found:
            ids = dict.fromkeys(each.criterion for each in found)
            page.inline(f"{counted(len(ids), one, several)} (-v)", ", ".join(ids), "dim")


_FOLDED: Final[tuple[tuple[Section, str, str, str], ...]] = (
    ("note", "Notes", "note", "notes"),
    ("met", "Met", "criterion met", "criteria met"),
    ("not met", "Not met", "criterion not met", "criteria not met"),
)
_PARTS: Final[tuple[Callable[[Page], None], ...]] = (
    _listed("Doses for this patient", "dose", DOSE),
    _listed("Serious cautions", "serious", f"bold {CAUTION}"),
    _listed("Other cautions", "caution", CAUTION),
    _listed("To arrange", "arrange", DOSE),
    _listed("To prefer", "prefer"),
    _open,
    _entry,
    _idle,
    _changes,
    _evidence,
    _trials,
    _schedule,
    _labels,
    _guidelines,
    _disagreements,
    _toxicity,
    _gaps,
    _rest,
)
