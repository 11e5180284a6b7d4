"""The evidence that a regimen is shown with: the trial that ranked it, then what is special.

Nothing here ranks. The figure that stands first is of progression-free survival wherever the trial
has one; a response in the population that fits, and a stated special situation, are added to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from lenrx.catalogue.conditions import (
    FLAGS,
    NUMBERS,
    RENAL,
    SETS,
    WORDS,
    Condition,
)
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence
from lenrx.catalogue.vocabulary import CLASS_GROUPS, ENDPOINTS
from lenrx.rules.evidence import MATCHES, NO_STUDY, MatchedEvidence, Merit, other_arm, tier_of
from lenrx.rules.network import OS, PFS, by_treatment, conditions_of

SOURCES: Final = ("paper", "congress", "label", "registry", "guideline", "review", "page")
"""Kinds of source, the one to cite first where two say the same."""
_KINDS: Final = {
    name: 0 if name in PFS else 1 if name in OS else place + 2
    for place, name in enumerate(ENDPOINTS)
}
_AGE: Final = "age"
"""Rows of an age are of part of the patients, but every patient has one: they are not added."""
_LOW: Final = ("renal", *RENAL, "lvef", "platelets", "anc")
"""Numbers of which a low one is special."""
_WELL: Final = frozenset({"fit", "intermediate", "none"})
_BCMA: Final = frozenset({"BCMA", *CLASS_GROUPS["BCMA"], *CLASS_GROUPS["CAR-T"]})


class Headline(NamedTuple):
    """The rows that a regimen is shown with.

    `first` is the figure; `beside` what else belongs to it: the result in the matching population
    where `first` is of a broader one, or the progression-free survival that its trial does not
    give. `special` is of situations that were stated and are not the rule.
    """

    first: MatchedEvidence | None
    beside: tuple[MatchedEvidence, ...] = ()
    special: tuple[MatchedEvidence, ...] = ()

    @property
    def rows(self) -> tuple[MatchedEvidence, ...]:
        """All of them, in the order in which they are read."""
        return (*((self.first,) if self.first else ()), *self.beside, *self.special)


def headline(evidence: Sequence[MatchedEvidence], merit: Merit, catalogue: Catalogue) -> Headline:
    """What to show of a regimen's evidence, given what ranked it."""
    if merit.tier == NO_STUDY or not evidence:
        return Headline(None)
    told = told_best(evidence, catalogue)
    usual = [row for row in told if by_treatment(row.evidence, catalogue)]
    ranking = ranking_rows(told, merit, catalogue)
    ordinary = [row for row in ranking if by_treatment(row.evidence, catalogue)] or ranking
    first = min(ordinary, key=urgency)
    beside = [*narrower(first, ordinary), *progression(first, usual, catalogue)]
    shown = (first, *beside)
    special = [row for row in special_rows(told, catalogue) if row not in shown]
    return Headline(first, tuple(beside), tuple(special))


def told_best(evidence: Iterable[MatchedEvidence], catalogue: Catalogue) -> list[MatchedEvidence]:
    """The rows without those that repeat another: a paper is cited before a page of news."""
    best: dict[tuple[object, ...], MatchedEvidence] = {}
    for row in evidence:
        said = _said(row.evidence)
        held = best.get(said)
        if held is None or _kind_of_source(row, catalogue) < _kind_of_source(held, catalogue):
            best[said] = row
    return list(best.values())


def _said(each: Evidence) -> tuple[object, ...]:
    figures = (each.value, each.comparator_value, each.hr, each.ci95, each.at_months)
    return (each.trial, each.population, each.also, each.endpoint, each.detail, *figures)


def ranking_rows(
    told: Sequence[MatchedEvidence], merit: Merit, catalogue: Catalogue
) -> list[MatchedEvidence]:
    """The rows of the trial that ranked the regimen, of the design and the patients that did."""
    rows = [row for row in told if row.evidence.trial == merit.trial]
    designs = {row.design for row in rows if tier_of(row, catalogue) == merit.tier}
    rows = [row for row in rows if row.design in designs] or rows
    rows = [row for row in rows if row.design != "indirect"] or rows
    return [row for row in rows if row.match in ("exact", "broader")] or rows


def _kind_of_source(row: MatchedEvidence, catalogue: Catalogue) -> int:
    return SOURCES.index(catalogue.sources[row.evidence.source].kind)


def urgency(row: MatchedEvidence) -> tuple[bool, int, int, int]:
    """Where a row stands among those of its trial; what is equal stays in the catalogue's order.

    The experimental arm, then the endpoint, then the population that fits, then a comparison.
    """
    return other_arm(row), kind(row), MATCHES.index(row.match), _uncompared(row.evidence)


def kind(row: MatchedEvidence) -> int:
    """Progression-free survival 0, overall survival 1, responses and the rest above."""
    return _KINDS[row.evidence.endpoint]


def _uncompared(each: Evidence) -> int:
    """0 with hazard ratio and interval, 1 with the ratio alone, 2 without."""
    return 2 if each.hr is None else int(each.ci95 is None)


def narrower(first: MatchedEvidence, others: Iterable[MatchedEvidence]) -> list[MatchedEvidence]:
    """What the same trial says of the matching population, where `first` is of a broader one."""
    if first.match == "exact":
        return []
    exact = [row for row in others if row.match == "exact"]
    return [min(exact, key=urgency)] if exact else []


def progression(
    first: MatchedEvidence, others: Iterable[MatchedEvidence], catalogue: Catalogue
) -> list[MatchedEvidence]:
    """Progression-free survival from a trial that ranks as high, where `first` has none."""
    tier = tier_of(first, catalogue)
    found = [row for row in others if not kind(row) and tier_of(row, catalogue) == tier]
    return [min(found, key=urgency)] if kind(first) and found else []


def special_rows(
    evidence: Iterable[MatchedEvidence], catalogue: Catalogue
) -> list[MatchedEvidence]:
    """Of each special situation that the patient is in, the row that says most, good or bad."""
    found: dict[str, list[MatchedEvidence]] = {}
    for row in evidence:
        if row.match == "exact" and row.comparator_arm_of is None:
            for name in situations(row.evidence, catalogue):
                found.setdefault(name, []).append(row)
    found.pop(_AGE, None)
    best = (min(rows, key=lambda row: _telling(row, catalogue)) for rows in found.values())
    return list({id(row): row for row in best}.values())


def _telling(row: MatchedEvidence, catalogue: Catalogue) -> tuple[object, ...]:
    """Own arm, whom the trial let in, endpoint, the narrowest group, a comparison."""
    other, endpoint, _, uncompared = urgency(row)
    names = sum(_breadth(each) for each in conditions_of(row.evidence, catalogue))
    return other, bool(row.limits), endpoint, names, uncompared


def _breadth(condition: Condition) -> int:
    """How many findings put a patient into a group."""
    return sum(len(wanted) for key, wanted in _positive(condition) if key in SETS)


def situations(each: Evidence, catalogue: Catalogue) -> tuple[str, ...]:
    """The special situations that a row is about: facts beside the drugs and the lines.

    That a fact is absent (standard risk, not frail) is none.
    """
    found = [
        key if key != "received" else "BCMA"
        for condition in conditions_of(each, catalogue)
        for key, wanted in _positive(condition)
        if _is_special(key, wanted)
    ]
    return tuple(dict.fromkeys(found))


def _is_special(key: str, wanted: Any) -> bool:
    """Whether a leaf asks for what sets a patient apart: a finding, an organ that is poor."""
    if key == "received":
        return _BCMA.issuperset(wanted)
    if key in _LOW:
        return "below" in wanted or "at_most" in wanted
    if key in WORDS:
        return _WELL.isdisjoint(wanted)
    if key in FLAGS:
        return bool(wanted)
    return key in SETS or (key in NUMBERS and key != "prior_lines")


def _positive(condition: Condition) -> Iterator[tuple[str, Any]]:
    """The leaves of a condition that ask for something to be there."""
    ((key, wanted),) = condition.items()
    if key in ("all", "any"):
        for part in wanted:
            yield from _positive(part)
    elif key != "not":
        yield key, wanted


def reservations(row: MatchedEvidence, catalogue: Catalogue) -> tuple[str, ...]:
    """Why the figures of a row are not on a patient like this, or tell half of it, in words."""
    trial = catalogue.trials[row.evidence.trial]
    limits = {each.id: each for each in trial.limits}
    few = [limits[name].few for name in row.limits]
    found = []
    if few:
        hardly = "hardly any patients like this"
        found.append(hardly if all(few) else "patients like this were excluded")
    if row.unenrolled:
        before = " or ".join(row.unenrolled)
        found.append(f"nobody known to be enrolled in whom {before} had failed")
    if row.unsaid:
        found.append(f"nobody known to be enrolled with {' or '.join(row.unsaid)}")
    if trial.survival_worse and row.evidence.endpoint not in OS:
        found.append("overall survival was worse in this trial")
    return tuple(found)
