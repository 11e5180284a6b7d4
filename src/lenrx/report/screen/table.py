"""The answer on a terminal: a first screen for four minutes; `-v` and `--all` hold the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from string import ascii_lowercase
from typing import Final

from rich.console import Console
from rich.text import Text

from lenrx.report.phrases import (
    CAUTION,
    DOSE,
    QUIET,
    capitalised,
    cite,
    evidence_line,
    facts_line,
    formulary_words,
    label_words,
    place_line,
    ratio,
    record_lines,
    serious_cautions,
    shown,
    state_line,
    together,
)
from lenrx.report.premises import premises_line
from lenrx.report.screen.brief import (
    common_words,
    dose_words,
    drugs_words,
    label_mark,
    local_words,
    marks,
    not_weighed,
    on_rare_states,
    remarks,
    studied,
    to_arrange,
    whom,
)
from lenrx.report.screen.figures import brief_figures, group_words, not_said, renal_band, reserved
from lenrx.report.screen.lines import say
from lenrx.report.screen.pending import conditional, not_open, to_confirm
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.document import NOTICE
from lenrx.rules.evidence import NO_STUDY, UNLIKE, MatchedEvidence
from lenrx.rules.network import below_one
from lenrx.rules.order import OFF_LABEL

Common = Mapping[str, Sequence[str]]
"""Texts that are said of several regimens, with their ids."""
_INDENT: Final = 4
_EXPANDED: Final = "regimen-expanded"
"""A reading to be looked at, and no warning."""
_ENOUGH: Final = 5
"""With as many options studied in patients like this one, the others need no figures."""
_IN_FULL: Final = 3
"""So many stand with their figure in a line of its own; others in one, where there is room."""
_OFTEN: Final = 3
"""Lines from which on what they would all say stands once beneath them."""
_NOTICE: Final = "Research and education, not CE-marked; does not replace clinical judgement."


def draw(
    answer: Answer,
    to: Console,
    *,
    everything: bool = False,
    quiet: bool = False,
    verbose: bool = False,
) -> None:
    """The patient as understood, what is open, what is not, what to find out first."""
    _patient(answer, to, verbose)
    open_ = answer.with_verdict("eligible")
    labelled = [each for each in open_ if each.key.label < OFF_LABEL]
    others = [each for each in open_ if each.key.label == OFF_LABEL]
    common = common_words(open_) if verbose else None
    _labelled(labelled, answer, to, common)
    if common is not None:
        _off_label_in_full(others, answer, to, common)
        _shared(common, to)
    else:
        _special(labelled[:_ENOUGH], answer, to)
        _rare(labelled, answer, to)
        for state, trials in not_said(answer):
            words = f"not known to be enrolled ({whom([*trials], labelled)})"
            say(Text(words, style=CAUTION), to, f"{capitalised(state)}: ", 2)
        _unweighed(labelled, answer, to)
        _once(labelled, to)
        _off_label(others, answer, to)
    not_open(answer, to, everything)
    conditional(answer, to, verbose or everything)
    to_confirm(labelled if labelled and not verbose else open_, to, verbose)
    if not quiet:
        say(Text(NOTICE if verbose else _NOTICE, style=QUIET), to)


def _patient(answer: Answer, to: Console, verbose: bool) -> None:
    """Everything stated and derived, then what the reader must know first."""
    understood = Text(state_line(answer), style="bold")
    say(understood.append(f" {facts_line(answer)}", style="not bold"), to)
    say(Text(place_line(answer), style=QUIET), to)
    record = record_lines(answer)
    if record and not verbose:
        words = f"From the treatment record: {len(record)} facts; -v or explain shows their rules."
        say(Text(words, style=QUIET), to)
    for line in record if verbose else ():
        say(Text(f"Record: {line}", style=QUIET), to, indent=2)
    premises = premises_line(answer)
    warnings = [one.message for one in answer.warnings if one.code != _EXPANDED]
    for line in [*([premises] if premises else []), *warnings]:
        say(Text(line, style=CAUTION), to, "! ")
    for one in answer.warnings:
        if one.code == _EXPANDED:
            say(Text(one.message, style=QUIET), to)


def _labelled(
    found: Sequence[Assessment], answer: Answer, to: Console, common: Common | None
) -> None:
    """What a label covers, or may: two lines each, and more where more must be said."""
    region = answer.case.region
    where = f" in the {region.upper()}" if region else ""
    to.print()
    if not found:
        further = " without further answers" if answer.with_verdict("conditional") else ""
        say(Text(f"Open on label{where}: none{further}.", style="bold"), to)
        return
    heading = Text(f"Open on label{where}: {len(found)}", style="bold")
    heading.append("   PFS and OS in months v (other arm), HR (95 % CI)", style=QUIET)
    say(heading, to)
    like = [each for each in found if not _is_unlike(each)]
    if common is None and len(like) >= _ENOUGH:
        full = [*found[: found.index(like[0])], *like]
    else:
        full = list(found)
    _entries(full, answer, to, common)
    folded = [_folded(each, answer) for each in found if each not in full]
    if folded:
        lead = "Studied only in other patients: "
        say(Text("; ").join(folded), to, lead, 2)


def _is_unlike(each: Assessment) -> bool:
    """Whether no figure is of a patient like this one, and nothing has to be said first."""
    said = serious_cautions(each) or formulary_words(each)
    return each.merit.tier >= UNLIKE and not said


def _folded(each: Assessment, answer: Answer) -> Text:
    """A regimen in a run of them: place, name, drugs, and what must be known of label and study."""
    drugs = drugs_words(each.regimen, answer.catalogue)
    notes = label_mark(each, answer.case.region)
    notes += [] if each.merit.trial else ["no study found"]
    note = f" [{', '.join(notes)}]" if notes else ""
    name = Text(f"{each.place} {each.regimen.id} ", style="bold")
    return name.append(f"{drugs}{note}", style="not bold")


def _entries(
    found: Sequence[Assessment], answer: Answer, to: Console, common: Common | None
) -> None:
    """Regimens one under the other: briefly, or in full but for what several have in common."""
    width = max((len(each.regimen.id) for each in found), default=0) + 2
    doses = together((each.regimen.id, dose_words(each)) for each in found)
    told = [words for words, ids in doses.items() if len(ids) == len(found)]
    warned: dict[str, str] = {}
    notes = _footnotes(found, answer) if common is None else {}
    for place, each in enumerate(found):
        lead = f"{each.place:<{_INDENT}}{each.regimen.id:<{width}}"
        drugs = _drugs(each, answer, told if common is None else [])
        if common is not None:
            say(drugs, to, lead)
            _full(each, answer, to, common)
        elif place >= _IN_FULL and (line := _in_a_line(drugs, each, answer, to.width - len(lead))):
            say(line, to, lead)
        else:
            say(drugs, to, lead)
            _short(each, answer, to, warned, notes)
    if notes:
        words = "; ".join(f"{mark} {reason}" for reason, mark in notes.items())
        say(Text(words, style=CAUTION), to, " " * _INDENT, 4)


def _footnotes(found: Sequence[Assessment], answer: Answer) -> dict[str, str]:
    """Reasons why figures are not on a patient like this that several lines would repeat."""
    rows = [row for each in found if (row := shown(each, answer).first)]
    times = Counter(words for row in rows for words in reserved(row, answer.catalogue))
    often = [words for words, count in times.items() if count >= _OFTEN]
    return {words: f"[{mark}]" for words, mark in zip(often, ascii_lowercase, strict=False)}


def _drugs(each: Assessment, answer: Answer, told: Sequence[str]) -> Text:
    """The drugs, and marks."""
    drugs = Text(drugs_words(each.regimen, answer.catalogue))
    found = [*label_mark(each, answer.case.region), *marks(each, answer, told)]
    if found:
        drugs.append(f"  {', '.join(found)}", style=DOSE)
    return drugs


_TAKEN_FOR_GRANTED: Final = ("all enrolled", "len-refractory")
"""The whole trial, and the patients whom the answer is about."""


def _in_a_line(drugs: Text, each: Assessment, answer: Answer, room: int) -> Text | None:
    """The drugs with figure and trial, if there is room for them and no more is to be said."""
    row = shown(each, answer).first
    if row is None or reserved(row, answer.catalogue):
        return None
    if serious_cautions(each) or local_words(each.regimen, answer) or shown(each, answer).beside:
        return None
    figures = brief_figures(row, answer.catalogue)
    if row.evidence.hr:
        # An interval that holds 1 is never left out: the ratio alone would say more than was shown.
        told = f"HR {row.evidence.hr}" if below_one(row.evidence) else ratio(row, "")
        figures = f"{figures.partition(' ')[0]} {told}"
    group = group_words(row.evidence, answer.catalogue)
    whose = "" if group in _TAKEN_FOR_GRANTED else f", {group}"
    words = f"  {figures}, {row.evidence.trial}{whose}"
    return drugs.copy().append(words) if len(drugs) + len(words) <= room else None


def _short(
    each: Assessment,
    answer: Answer,
    to: Console,
    warned: dict[str, str],
    notes: Mapping[str, str],
) -> None:
    """What is said here first, what warns most, and the figure.

    A warning that stands in full above is named, with the regimen where it does.
    """
    for words in local_words(each.regimen, answer):
        say(Text(words, style=f"bold {CAUTION}"), to, " " * _INDENT)
    said = dict[str, None]()
    for words in serious_cautions(each):
        above = warned.setdefault(words, each.regimen.id)
        brief = f"{words.partition(':')[0]}: as for {above}"
        said[words if above == each.regimen.id else brief] = None
    for words in said:
        say(Text(words, style=f"bold {CAUTION}"), to, "  ! ")
    say(_figures(each, answer, notes), to, " " * _INDENT)


def _figures(each: Assessment, answer: Answer, notes: Mapping[str, str]) -> Text:
    """The figure of the trial that ranked it, and the one that belongs to it."""
    found = shown(each, answer)
    if found.first is None:
        return Text("no study found", style=QUIET)
    line = _figure(found.first, answer, notes)
    for row in found.beside:
        group = group_words(row.evidence, answer.catalogue)
        same = row.evidence.trial == found.first.evidence.trial
        trial = "" if same else f", {row.evidence.trial}"
        line.append(f"; {group}: {brief_figures(row, answer.catalogue, not same)}{trial}")
    return line


def _figure(row: MatchedEvidence, answer: Answer, notes: Mapping[str, str]) -> Text:
    """The figure with its trial, and its patients, or why they are not like this one."""
    line = Text(f"{brief_figures(row, answer.catalogue)}, {row.evidence.trial}")
    but = reserved(row, answer.catalogue)
    if but:
        marks = "".join(f" {notes[words]}" for words in but if words in notes)
        rest = "".join(f"; {words}" for words in but if words not in notes)
        return line.append(f"{marks}{rest}", style=CAUTION)
    return line.append(f", {group_words(row.evidence, answer.catalogue)}")


def _special(found: Iterable[Assessment], answer: Answer, to: Console) -> None:
    """Results in the special situations that were stated, each situation once."""
    groups: dict[str, list[tuple[str, list[str]]]] = {}
    for each in found:
        for row in shown(each, answer).special:
            group = group_words(row.evidence, answer.catalogue, also=False)
            figure = brief_figures(row, answer.catalogue, comparator=False)
            figure += renal_band(row.evidence)
            name = f"{each.regimen.id}{'*' if row.limits else ''}"
            groups.setdefault(group, []).append((name, [figure]))
    for group, said in groups.items():
        words = "; ".join(f"{' '.join(ids)} {text}" for text, ids in together(said).items())
        note = "; * outside its trial's entry limits" if "* " in words else ""
        text = Text(words).append(note, style=CAUTION)
        say(text, to, f"{capitalised(group)}: ", 2)


def _rare(found: Sequence[Assessment], answer: Answer, to: Console) -> None:
    """What is known of regimens in a state that few patients of trials were in, each once."""
    for words, ids in together(
        (each.regimen.id, on_rare_states(each, answer)) for each in found
    ).items():
        say(Text(f"{words} ({whom(ids, found)})", style=CAUTION), to, "", 2)


def _unweighed(found: Sequence[Assessment], answer: Answer, to: Console) -> None:
    """Facts that were stated and that nothing about a regimen asks: silence is no clearance."""
    silent = together((each.regimen.id, not_weighed(each, answer)) for each in found)
    if silent:
        words = "; ".join(f"{fact} ({whom(ids, found)})" for fact, ids in silent.items())
        say(Text(words), to, "No rule on these weighs: ", 2)


def _full(each: Assessment, answer: Answer, to: Console, common: Common) -> None:
    """Everything that bears on this patient, but what is said once for several regimens."""
    lead = " " * _INDENT
    if answer.case.region is None:
        say(Text(f"label: {label_words(each)}", style=QUIET), to, lead)
    for words in local_words(each.regimen, answer):
        say(Text(words, style=f"bold {CAUTION}"), to, lead)
    for words in serious_cautions(each):
        say(Text(words, style=f"bold {CAUTION}"), to, "  ! ")
    for row in shown(each, answer).rows:
        source = f" [{cite(row.evidence.source, answer.catalogue)}; {row.evidence.verified}]"
        line = Text(evidence_line(row, answer.catalogue))
        say(line.append(source, style=QUIET), to, lead)
    if each.merit.tier == NO_STUDY:
        say(Text("no study found", style=QUIET), to, lead)
    for words, style in remarks(each):
        if words not in common:
            say(Text(words, style=style), to, lead)


def _shared(common: Common, to: Console) -> None:
    """What several regimens have in common, once, with their names."""
    if common:
        to.print()
        say(Text("For several of these", style="bold"), to)
    for words, ids in common.items():
        say(Text(words), to, "", 2)
        say(Text(" ".join(ids), style=QUIET), to, "  ")


def _once(found: Sequence[Assessment], to: Console) -> None:
    """Doses and things to arrange, said once for all the regimens that they concern."""
    doses = together((each.regimen.id, dose_words(each)) for each in found)
    for words, ids in doses.items():
        say(Text(f"{words} ({whom(ids, found)})"), to, "Dose: ", 2)
    if things := to_arrange(found):
        say(Text("; ".join(things)), to, "Arrange: ", 2)


def _off_label(found: Sequence[Assessment], answer: Answer, to: Console) -> None:
    """Off label only by name, with how they were studied."""
    if not found:
        return
    groups = together((each.regimen.id, [studied(each, answer)]) for each in found)
    words = "; ".join(f"{why} ({' '.join(ids)})" for why, ids in groups.items())
    say(Text(words), to, f"Open off label {len(found)}: ", 2)


def _off_label_in_full(
    found: Sequence[Assessment], answer: Answer, to: Console, common: Common
) -> None:
    if found:
        to.print()
        say(Text(f"Open off label: {len(found)}", style="bold"), to)
        _entries(found, answer, to, common)
