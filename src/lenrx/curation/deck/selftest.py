"""The self-test: the whole deck against what is said, counted by regimen, with clause coverage."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.curation.deck.cases import DeckCase, cases, in_turn, typical_cases
from lenrx.curation.deck.comparison import Outcome, answered, case_of, outcome
from lenrx.curation.deck.coverage import gap
from lenrx.curation.deck.criteria import Criterion, criteria
from lenrx.curation.deck.history import Fields
from lenrx.curation.deck.truth import told
from lenrx.curation.deck.typical import WELL, Typical, typical
from lenrx.rules.assessment import assess_one

Deck = list[tuple[DeckCase, Criterion | None]]
"""The cases, each with the criterion that it is around."""


class SelfTest(NamedTuple):
    """What came of the deck."""

    cases: Mapping[str, int]
    """By regimen. Its failures count those of typical patients of others, too."""
    failed: Mapping[str, int]
    sorts: Mapping[str, int]
    """Cases by what the patient is: under, at, over, missing ..."""
    patients: int
    """Different ones; some stand before several regimens."""
    beside: int
    """Further regimens that typical patients were held against."""
    criteria: int
    excused: Mapping[str, int]
    """Criteria that by their nature are not seen in every status, by the reason."""
    spared: tuple[str, ...]
    """Regimens whose trials wrote down nobody whom they left out."""
    failures: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Every failure and every gap of coverage, one line each."""
        return (*self.failures, *self.gaps)


def self_test(catalogue: Catalogue) -> SelfTest:
    """The deck of a catalogue, held against what `assess` says of its patients."""
    patients = {each.id: typical(each, catalogue) for each in catalogue.regimens.values()}
    asked = [*criteria(catalogue)]
    deck = _deck(asked, patients, catalogue)
    seen: dict[str, set[str]] = {each.name: set() for each in asked}
    found = list[tuple[str, str]]()
    for case, criterion, came in _played(deck, catalogue):
        if criterion:
            seen[criterion.name] |= _statuses(criterion, came)
        wrong = [*came.differences, *_about(case, came, patients[case.regimen])]
        if criterion and told(criterion.when, case.chart, catalogue) is None:
            wrong += _unasked(case, criterion, came)
        if wrong:
            found.append((case.regimen, f"{_named(case)}: {'; '.join(wrong)}"))
    beside = _beside(patients, catalogue)
    found += [(name, line) for name, line in beside if line]
    order = {name: place for place, name in enumerate(patients)}
    counts = Counter(case.regimen for case, _ in deck)
    return SelfTest(
        {name: counts[name] for name in patients},
        Counter(name for name, _ in found),
        Counter(case.sort for case, _ in deck),
        len({_written(case.chart) for case, _ in deck}),
        len(beside),
        len(asked),
        Counter(each.reason for each in asked if each.reason),
        tuple(name for name, one in patients.items() if one.left_out is None),
        tuple(line for _, line in sorted(found, key=lambda one: order[one[0]])),
        tuple(filter(None, (gap(each.name, each.reason, seen[each.name]) for each in asked))),
    )


def _deck(asked: list[Criterion], patients: Mapping[str, Typical], catalogue: Catalogue) -> Deck:
    found: Deck = [(case, None) for case in typical_cases(patients)]
    for criterion, regimen in in_turn(asked):
        around = cases(criterion, regimen, patients[regimen].chart, catalogue)
        found += [(case, criterion) for case in around]
    return found


def _played(
    deck: Deck, catalogue: Catalogue
) -> Iterator[tuple[DeckCase, Criterion | None, Outcome]]:
    """What came of every case; a patient is read once, and asked about once for each regimen.

    All regimens of every patient would take fifteen times as long: `_beside` has that for a few.
    """
    alike: dict[str, Deck] = {}
    for case, criterion in deck:
        alike.setdefault(_written(case.chart), []).append((case, criterion))
    for own in alike.values():
        chart, outcomes = own[0][0].chart, dict[str, Outcome]()
        asked = case_of(chart, catalogue)
        for case, criterion in own:
            if case.regimen not in outcomes:
                regimen = catalogue.regimens[case.regimen]
                said = asked if isinstance(asked, str) else assess_one(regimen, asked)
                outcomes[case.regimen] = outcome(chart, regimen, catalogue, said)
            yield case, criterion, outcomes[case.regimen]


def _written(chart: Fields) -> str:
    return json.dumps(chart, sort_keys=True)


def _statuses(criterion: Criterion, came: Outcome) -> set[str]:
    """In which status a criterion was seen; book-keeping that is not met is left out of answers."""
    if not came.statuses:
        return set()
    said = came.statuses.get(criterion.id, "not met" if criterion.silent else "")
    return {said} if said else set()


def _about(case: DeckCase, came: Outcome, one: Typical) -> Iterator[str]:
    """What differs in whom the pivotal trial took or left out."""
    limits = came.limits.get(one.trial, ())
    if case.sort == "typical" and limits:
        yield f"{one.trial} is said to have left this patient out: {', '.join(limits)}"
    if case.sort == "left out" and case.criterion not in limits:
        yield f"results of {one.trial} are said to fit, though {case.criterion} is met"


def _unasked(case: DeckCase, criterion: Criterion, came: Outcome) -> Iterator[str]:
    """The missing field, where what turns on it does not ask for it; a clause and the label do."""
    if case.sort != "missing":
        return
    for name in (criterion.id, *(("label",) if criterion.label else ())):
        needs = came.needs.get(name, ())
        asked = any(each == case.asks or each.startswith(f"{case.asks}.") for each in needs)
        if came.statuses.get(name) == "unknown" and not asked:
            yield f"{name} does not ask for {case.asks}"


def _named(case: DeckCase) -> str:
    """A case in words: the regimen, what it is about, and what is unusual in the patient."""
    unusual = {name: value for name, value in case.chart.items() if WELL.get(name) != value}
    unusual |= {name: None for name in WELL if name not in case.chart}
    about = f"{case.about}, {case.sort}" if case.about else case.sort
    return f"{case.regimen}: {about}: {json.dumps(unusual)}"


UNTREATED: Final[Fields] = {**WELL, "exposed": [], "refractory": [], "prior_lines": 0}


def _beside(patients: Mapping[str, Typical], catalogue: Catalogue) -> list[tuple[str, str]]:
    """Every typical patient, one untreated and one of whom nothing is said, before all regimens."""
    found = list[tuple[str, str]]()
    charts = [*(one.chart for one in patients.values()), UNTREATED, {}]
    for written in dict.fromkeys(json.dumps(chart) for chart in charts):
        chart = json.loads(written)
        said = answered(chart, catalogue)
        for name, regimen in catalogue.regimens.items():
            each = said if isinstance(said, str) else said[name]
            wrong = "; ".join(outcome(chart, regimen, catalogue, each).differences)
            case = DeckCase(name, "the whole catalogue", "", "typical", chart)
            found.append((name, f"{_named(case)}: {wrong}" if wrong else ""))
    return found
