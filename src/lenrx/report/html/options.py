"""One open regimen as it stands on the page: in short, and what is folded beneath."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from lenrx.catalogue.vocabulary import Effect
from lenrx.report.html.cited import Cited, Mark, found, mark_of, once
from lenrx.report.phrases import evidence_line, label_words, shown
from lenrx.report.regimen import figures, positions
from lenrx.report.regimen.words import dose_words, toxicity_words
from lenrx.report.screen.brief import drugs_words, not_weighed
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.evidence import MatchedEvidence
from lenrx.rules.filters import Finding, is_local

FEW: Final = 5
"""Options up to which each says all of its doses."""
ABOVE: Final = "and as for most options, above"
WIDE: Final = 5
"""The rank down to which an option has the width of the paper; equal ranks are never parted."""


class Part(NamedTuple):
    """Some texts of one kind under their name."""

    name: str
    texts: tuple[Cited, ...]


class Option(NamedTuple):
    """A regimen that is open: what is read at once, and what is unfolded."""

    id: str
    name: str
    place: str
    drugs: str
    label: str
    serious: tuple[Cited, ...]
    parts: tuple[Part, ...]
    folded: tuple[Part, ...]
    wide: bool
    """Whether it has the width of the paper; others stand in columns, in smaller type."""


def common(answer: Answer) -> tuple[Part, ...]:
    """Doses and cautions that more than half of the open options would repeat, as of one drug."""
    found = answer.with_verdict("eligible")
    return tuple(
        Part(f"{name} for most options", texts)
        for name, say in (("Dose", _doses), ("Caution", _cautions))
        if (texts := _shared([say(each) for each in found]))
    )


def _shared(said: Sequence[list[Cited]]) -> tuple[Cited, ...]:
    every = Counter(one.text for texts in said for one in texts)
    kept = {text for text, times in every.items() if times > FEW and 2 * times > len(said)}
    return tuple(once(one for texts in said for one in texts if one.text in kept))


def option(each: Assessment, answer: Answer, above: Collection[str]) -> Option:
    """All that the page says of one open regimen; what is not asked for at once is folded.

    Of what is said `above` of most options it only says that it stands there.
    """
    return Option(
        id=each.regimen.id,
        name=each.regimen.name,
        place=each.place,
        drugs=drugs_words(each.regimen, answer.catalogue),
        label=label_words(each, answer.case.region),
        serious=tuple(_said(each, (one for one in _met(each, "cautions") if one.serious))),
        parts=_parts(_in_short(each, answer, above)),
        folded=_parts(_in_full(each, answer)),
        wide=each.rank is not None and each.rank <= WIDE,
    )


def _parts(said: Iterable[tuple[str, Iterable[Cited]]]) -> tuple[Part, ...]:
    """The kinds of which there is something to say."""
    every = (Part(name, tuple(texts)) for name, texts in said)
    return tuple(part for part in every if part.texts)


def _met(each: Assessment, effect: Effect) -> tuple[Finding, ...]:
    return each.saying(effect, "met")


def _said(each: Assessment, findings: Iterable[Finding]) -> list[Cited]:
    return once(found(one, each.regimen.id) for one in findings)


def _in_short(
    each: Assessment, answer: Answer, above: Collection[str]
) -> Iterator[tuple[str, Iterable[Cited]]]:
    yield "Formulary", _said(each, (one for one in each.findings if is_local(one)))
    yield "Caution", _own(_cautions(each), above)
    yield "To prefer", _said(each, _met(each, "prefers"))
    yield "Why this place", [Cited("; ".join(_why(each)))]
    yield "Schedule", _schedule(each)
    yield "Evidence", _evidence(each, answer)
    yield "Dose for this patient", _own(_doses(each), above)
    silent = not_weighed(each, answer)
    yield "No rule weighs", [Cited(", ".join(silent))] if silent else []
    yield "Arrange", _topics(each)


def _own(texts: list[Cited], above: Collection[str]) -> list[Cited]:
    """What is said of one option alone, and that more stands above."""
    own = [one for one in texts if one.text not in above]
    return own + [Cited(ABOVE)] * (len(own) < len(texts))


def _cautions(each: Assessment) -> list[Cited]:
    return _said(each, (one for one in _others(each) if not one.trial))


def _doses(each: Assessment) -> list[Cited]:
    return _said(each, _met(each, "adjusts"))


def _why(each: Assessment) -> Iterator[str]:
    """The keys of the order behind verdict and label; a guideline that decides nothing is left."""
    return (one for one in each.rank_because[2:] if "neither for nor against" not in one)


def _others(each: Assessment) -> list[Finding]:
    """Cautions that concern this patient and are neither serious nor local."""
    return [one for one in _met(each, "cautions") if not one.serious and not is_local(one)]


def _evidence(each: Assessment, answer: Answer) -> list[Cited]:
    """The rows that a regimen is shown with."""
    rows = shown(each, answer).rows
    return [_row(row, answer) for row in rows] or [Cited("no study found")]


def _row(row: MatchedEvidence, answer: Answer) -> Cited:
    design = "" if row.design == "randomised" else f" ({row.design})"
    words = f"{evidence_line(row, answer.catalogue)}{design}; read: {row.evidence.verified}"
    return Cited(words, (mark_of(row.evidence),))


def _schedule(each: Assessment) -> list[Cited]:
    """The doses of its drugs, and those of which none is known here."""
    found = [Cited(dose_words(dose), (mark_of(dose),)) for dose in each.regimen.schedule]
    dosed = {dose.drug for dose in each.regimen.schedule}
    rest = [one.drug for one in each.regimen.drugs if one.drug not in dosed]
    return [*found, *([Cited(f"not in this catalogue: {', '.join(rest)}")] if rest else [])]


def _topics(each: Assessment) -> list[Cited]:
    """What has to be arranged or watched, in the fewest words; section 8 says it in full."""
    words = ", ".join(each.topics)
    return [Cited(words)] if words else []


def _in_full(each: Assessment, answer: Answer) -> Iterator[tuple[str, Iterable[Cited]]]:
    yield "Entry limits of trials", _said(each, (one for one in _others(each) if one.trial))
    yield "Other evidence that fits", _further(each, answer)
    yield "Label", _labels(each, answer)
    yield "Guidelines for this setting", _positions(each, answer)
    yield "Sources disagree", _disagreements(each)
    yield "Adverse events", _toxicity(each)
    yield "Looked for and not found", [Cited(gap) for gap in each.regimen.gaps]


def _further(each: Assessment, answer: Answer) -> Iterator[Cited]:
    """Rows that fit and are not shown above, those of the same patients together."""
    above = shown(each, answer).rows
    rows = [row for row in each.evidence if row.fits and row not in above]
    for group in figures.together(rows, answer.catalogue):
        words = f"{figures.head_of(group, answer.catalogue)}: {figures.outcomes(group)}"
        marks = dict.fromkeys(mark_of(row.evidence) for row in group.rows)
        yield Cited(words, tuple(marks))


def _labels(each: Assessment, answer: Answer) -> Iterator[Cited]:
    for clause, words in positions.label_lines(each, answer):
        yield Cited(words, (mark_of(clause),))


def _positions(each: Assessment, answer: Answer) -> Iterator[Cited]:
    for one in each.positions:
        yield Cited(positions.position_line(one, each, answer), (mark_of(one),))


def _disagreements(each: Assessment) -> Iterator[Cited]:
    for one in each.regimen.disagreements:
        claims = "; ".join(claim.text for claim in one.says)
        yield Cited(f"{one.about}: {claims}", tuple(map(mark_of, one.says)))


def _toxicity(each: Assessment) -> Iterator[Cited]:
    """Adverse events, those of one trial and one place of its report together."""
    found: dict[tuple[str, Mark], list[str]] = {}
    for event in each.regimen.toxicity:
        found.setdefault((event.trial or "", mark_of(event)), []).append(toxicity_words(event))
    for (trial, mark), words in found.items():
        yield Cited(f"{f'{trial}: ' if trial else ''}{'; '.join(words)}", (mark,))
