"""One regimen against one patient: what decided, what to do about it, and on what evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from rich.console import Console
from rich.text import Text

from lenrx.catalogue.asked import of_regimen
from lenrx.catalogue.records import Limit
from lenrx.patient.stated import unasked
from lenrx.report.phrases import (
    CAUTION,
    DOSE,
    record_lines,
    state_line,
)
from lenrx.report.premises import said_first
from lenrx.report.regimen import basis, decided, values
from lenrx.report.regimen.page import Page
from lenrx.report.regimen.sections import Section, sections
from lenrx.report.regimen.words import (
    asked,
    counted,
    filter_of,
    name_of,
    said,
    stated_line,
    verdict_words,
)
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.evidence import decisive, trials_of
from lenrx.rules.filters import Finding


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
    for words in said_first(answer):
        to.print(Text(f"! {words}", style=CAUTION))
    record = record_lines(answer)
    if record:
        page.inline("Treatment record", "; ".join(record), "dim")


def _decided(page: Page) -> None:
    """Verdict and reasons, then the keys of the order as the reasons of the rank."""
    each, answer = page.each, page.answer
    if each.verdict == "eligible":
        page.to.print()
        page.inline(verdict_words(each, answer), decided.OPEN)
    else:
        page.title(verdict_words(each, answer))
    for finding in page.of("local"):
        page.line(_words(page, finding), CAUTION)
    for finding in page.of("decides"):
        needs = f": needs {decided.missing(finding.needs)}" if finding.needs else ""
        page.line(_words(page, finding) + needs, source=_source(page, finding))
    for words in decided.place(each, answer) if each.rank else ():
        page.line(words)
    for words in decided.not_counted(each, answer):
        page.line(words, CAUTION)
    for trial, words in decided.survival_worse(each, answer):
        page.line(words, CAUTION, decided.source_of(trial, answer))


def _words(page: Page, finding: Finding) -> str:
    """What a finding says, with the patient's own value beside its threshold."""
    known = values.conditions(page.each, page.answer)
    own = values.beside(finding, known, page.answer) if finding.status == "met" else ""
    return said(finding, page.each.regimen.id, _limits(page)) + own


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


def _listed(
    title: str, section: Section, style: str = "", *, cited: bool = True
) -> Callable[[Page], None]:
    """A part that says each finding of a section; its sources with -v, or always."""

    def part(page: Page) -> None:
        found = page.of(section)
        if found:
            page.title(title)
        for alike in _alike(page, found):
            source = _source(page, alike[0]) if cited or page.verbose else ""
            page.line(_of_drugs(page, alike), style, source)

    return part


def _alike(page: Page, found: Iterable[Finding]) -> list[list[Finding]]:
    """Findings that say the same of different drugs, together; with -v each alone."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for number, one in enumerate(found):
        key = (one.because, one.dose or "")
        groups.setdefault((*key, str(number)) if page.verbose else key, []).append(one)
    return list(groups.values())


def _of_drugs(page: Page, alike: list[Finding]) -> str:
    """What findings say that differ in nothing but the drug."""
    drugs = list(dict.fromkeys(one.drug for one in alike if one.drug))
    if len(drugs) < 2:
        return _words(page, alike[0])
    return f"{', '.join(drugs)}: {_words(page, alike[0]._replace(drug=None))}"


def _open(page: Page) -> None:
    """What nobody has ruled out and what is not stated: by field, or with -v by rule."""
    confirm, unknown = page.of("confirm"), page.of("unknown")
    if page.verbose:
        for title, found in ((_CONFIRM, confirm), (_MAY_ADD, unknown)):
            if found:
                page.title(title)
            _each(page, found)
        return
    if confirm or unknown:
        page.to.print()
    told = set[str]()
    for title, found, style in (
        (_CONFIRM, confirm, ""),
        (_MAY_WARN, [one for one in unknown if one.serious], CAUTION),
        (_MAY_ADD, unknown, ""),
    ):
        fields = dict.fromkeys(asked(field) for one in found for field in one.needs)
        if new := [field for field in fields if field not in told]:
            page.inline(title, ", ".join(new), style)
        told |= set(fields) if title != _CONFIRM else set()


_CONFIRM: Final = "To confirm before starting"
_MAY_WARN: Final = "Not stated, and it may be a serious caution"
_MAY_ADD: Final = "Not stated, and it may add a caution, a dose or a note"


def _each(page: Page, found: Iterable[Finding], style: str = "") -> None:
    for finding in found:
        needs = f" (not stated: {decided.missing(finding.needs)})" if finding.needs else ""
        page.line(_words(page, finding) + needs, style, _source(page, finding))


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
        words = f"nobody is known to have been enrolled in whom {names} had failed"
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
        ("refractory", drug)
        for name in decisive(page.each.regimen, catalogue)
        for drug in catalogue.drugs_in(name)
    }
    asked = of_regimen(page.each.regimen, catalogue, page.answer.case.regions)
    found = unasked(patient, catalogue, (asked | enrolled).__contains__)
    idle = [name_of(field) if words == field else words for field, words in found]
    if idle:
        page.inline("Stated, and no criterion of this regimen asks it", ", ".join(idle), CAUTION)


def _changes(page: Page) -> None:
    for title, words in decided.changes(page.each, page.answer):
        page.inline(title, words)


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
    _listed("To arrange", "arrange", DOSE, cited=False),
    _listed("To prefer", "prefer"),
    _open,
    _entry,
    _idle,
    _changes,
    basis.evidence,
    basis.trials,
    basis.schedule,
    basis.labels,
    basis.guidelines,
    basis.disagreements,
    basis.toxicity,
    basis.gaps,
    _rest,
)
