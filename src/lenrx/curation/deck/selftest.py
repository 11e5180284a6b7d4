"""The self-test: the whole deck against what is said, counted by regimen, with clause coverage."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.curation.deck.cases import DeckCase, cases, in_turn, typical_cases
from lenrx.curation.deck.comparison import Outcome, answer, outcome
from lenrx.curation.deck.coverage import gap
from lenrx.curation.deck.criteria import Criterion, criteria
from lenrx.curation.deck.history import Fields
from lenrx.curation.deck.truth import told
from lenrx.curation.deck.typical import WELL, Typical, typical

Deck = Mapping[str, list[tuple[DeckCase, Criterion | None]]]
"""The cases of each regimen, each with the criterion that it is around."""


class SelfTest(NamedTuple):
    """What came of the deck."""

    cases: Mapping[str, int]
    """By regimen, as the failures."""
    failed: Mapping[str, int]
    sorts: Mapping[str, int]
    """Cases by what the patient is: under, at, over, missing ..."""
    patients: int
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
    charts = set[tuple[str, str]]()
    for case, criterion, came in _played(deck, catalogue):
        charts.add((case.regimen, _written(case)))
        if criterion:
            seen[criterion.name] |= _statuses(criterion, came)
        wrong = [*came.differences, *_about(case, came, patients[case.regimen])]
        if criterion and told(criterion.when, case.chart, catalogue) is None:
            wrong += _unasked(case, came)
        if wrong:
            found.append((case.regimen, f"{_named(case)}: {'; '.join(wrong)}"))
    beside = _beside(patients, catalogue)
    found += [(name, line) for name, line in beside if line]
    own = {name: [case for case, _ in each] for name, each in deck.items()}
    return SelfTest(
        {name: len(each) for name, each in own.items()},
        Counter(name for name, _ in found),
        Counter(case.sort for each in own.values() for case in each),
        len(charts),
        len(beside),
        len(asked),
        Counter(each.reason for each in asked if each.reason),
        tuple(name for name, one in patients.items() if one.left_out is None),
        tuple(line for _, line in found),
        tuple(filter(None, (gap(each.name, each.reason, seen[each.name]) for each in asked))),
    )


def _deck(asked: list[Criterion], patients: Mapping[str, Typical], catalogue: Catalogue) -> Deck:
    found: dict[str, list[tuple[DeckCase, Criterion | None]]] = {name: [] for name in patients}
    for case in typical_cases(patients):
        found[case.regimen].append((case, None))
    for criterion, regimen in in_turn(asked):
        around = cases(criterion, regimen, patients[regimen].chart, catalogue)
        found[regimen] += [(case, criterion) for case in around]
    return found


def _played(
    deck: Deck, catalogue: Catalogue
) -> Iterator[tuple[DeckCase, Criterion | None, Outcome]]:
    """What came of every case; one patient is asked about once for each regimen."""
    for name, own in deck.items():
        regimen, outcomes = catalogue.regimens[name], dict[str, Outcome]()
        # A regimen alone is answered in a fifteenth of the time that all of them take.
        alone = replace(catalogue, regimens={name: regimen})
        for case, criterion in own:
            key = _written(case)
            if key not in outcomes:
                outcomes[key] = outcome(case.chart, regimen, alone, answer(case.chart, alone))
            yield case, criterion, outcomes[key]


def _written(case: DeckCase) -> str:
    return json.dumps(case.chart, sort_keys=True)


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


def _unasked(case: DeckCase, came: Outcome) -> Iterator[str]:
    """The missing field, where a criterion that turns on it does not ask for it."""
    if case.sort != "missing":
        return
    needs = came.needs.get(case.criterion, ())
    asked = any(each == case.asks or each.startswith(f"{case.asks}.") for each in needs)
    if came.statuses.get(case.criterion) == "unknown" and not asked:
        yield f"{case.criterion} does not ask for {case.asks}"


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
        said = answer(chart, catalogue)
        for name, regimen in catalogue.regimens.items():
            wrong = "; ".join(outcome(chart, regimen, catalogue, said).differences)
            case = DeckCase(name, "the whole catalogue", "", "typical", chart)
            found.append((name, f"{_named(case)}: {wrong}" if wrong else ""))
    return found
