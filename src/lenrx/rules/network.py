"""The network of randomised comparisons: who was shown superior to whom, and how far up that leads.

No medians are compared. A regimen has a level: one more than that of what it was superior to, in
the trial that lifts it furthest; of several comparators, of which one was chosen, the lowest
counts. What beat nothing has level 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from lenrx.catalogue.conditions import COUNTS, HISTORIES, Condition, leaves
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence

PFS: Final = ("median_pfs_months", "pfs_hr", "pfs_rate_percent")
OS: Final = ("median_os_months", "os_hr", "os_rate_percent")


class Win(NamedTuple):
    """A randomised trial in which `winner` was superior to `over`, or to the one chosen of them."""

    winner: str
    over: tuple[str, ...]
    trial: str
    row: Evidence
    """The row that shows it best: progression-free before overall survival, everybody first."""


def superior(row: Evidence, catalogue: Catalogue) -> bool:
    """Whether a row shows that the regimen, as experimental arm, was better than the other arm.

    The interval of PFS or OS lies below 1, or the trial met its primary endpoint; where overall
    survival was worse, neither is superiority. Subgroups by organs or markers show nothing.
    """
    trial = catalogue.trials[row.trial]
    if not by_treatment(row, catalogue):
        return False
    design = row.design or trial.design
    compared = row.endpoint in (*PFS, *OS) and bool(row.comparator)
    if design != "randomised" or row.control or not compared or trial.survival_worse:
        return False
    return below_one(row) or trial.primary_met is not None


def by_treatment(row: Evidence, catalogue: Catalogue) -> bool:
    """Whether a row is of patients by their drugs and lines alone, not by organs or markers."""
    asked = (leaf for one in conditions_of(row, catalogue) for leaf in leaves(one))
    return all(key in (*HISTORIES, *COUNTS, "prior_lines") for key, _ in asked)


def conditions_of(row: Evidence, catalogue: Catalogue) -> list[Condition]:
    """What puts a patient into a row's group; a condition of its own replaces the population's."""
    own = row.when or catalogue.populations[row.population].when
    others = (catalogue.populations[name].when for name in row.also)
    return [condition for condition in (own, *others) if condition]


def below_one(row: Evidence) -> bool:
    """Whether the interval of a hazard ratio lies below 1."""
    return row.ci95 is not None and row.hr is not None and float(row.ci95[1]) < 1


def wins(catalogue: Catalogue) -> dict[str, tuple[Win, ...]]:
    """What each regimen or comparator was superior to, one entry for each trial and other arm."""
    return catalogue.kept("wins", _wins)


def _wins(catalogue: Catalogue) -> dict[str, tuple[Win, ...]]:
    found: dict[str, dict[tuple[str, tuple[str, ...]], Win]] = {}
    for winner, row in _rows(catalogue):
        if isinstance(row.comparator, tuple) and superior(row, catalogue):
            win = Win(winner, row.comparator, row.trial, row)
            held = found.setdefault(winner, {})
            known = held.get((win.trial, win.over))
            if known is None or _place(win) < _place(known):
                held[win.trial, win.over] = win
    return {winner: tuple(held.values()) for winner, held in found.items()}


def _rows(catalogue: Catalogue) -> Iterator[tuple[str, Evidence]]:
    found = {name: each.evidence for name, each in catalogue.comparators.items()}
    found |= {name: each.evidence for name, each in catalogue.regimens.items()}
    for name, rows in found.items():
        yield from ((name, row) for row in rows)


def _place(win: Win) -> tuple[bool, bool, bool, bool, int]:
    row = win.row
    narrow = (row.population != "ITT", row.when is not None or bool(row.also))
    return not below_one(row), row.endpoint not in PFS, *narrow, -(row.n or 0)


def levels(catalogue: Catalogue) -> dict[str, int]:
    """The level of every winner in the whole network; what is not in it has level 0."""
    return catalogue.kept("levels", _levels)


def _levels(catalogue: Catalogue) -> dict[str, int]:
    known: dict[str, int] = {}
    for winner in wins(catalogue):
        _climb(winner, catalogue, known, ())
    return known


def _climb(name: str, catalogue: Catalogue, known: dict[str, int], above: tuple[str, ...]) -> int:
    """The level of one, from those below it; a circle, which `check` refuses, gives no height."""
    if name not in known and name not in above:
        here = (*above, name)
        steps = [
            1 + min(_climb(other, catalogue, known, here) for other in win.over)
            for win in wins(catalogue).get(name, ())
        ]
        known[name] = max(steps, default=0)
    return known.get(name, 0)


def lifted(win: Win, catalogue: Catalogue) -> int:
    """The level to which one trial lifts its winner."""
    return 1 + min(levels(catalogue).get(other, 0) for other in win.over)


def highest(found: Iterable[Win], catalogue: Catalogue) -> Win | None:
    """The win that lifts furthest; of equal ones the first."""
    return max(found, key=lambda win: lifted(win, catalogue), default=None)


def descent(win: Win, catalogue: Catalogue) -> tuple[Win, ...]:
    """From a win down to what beat nothing: each the win of the lowest arm of the one before."""
    found = [win]
    while True:
        known = levels(catalogue)
        lowest = min(found[-1].over, key=lambda other: known.get(other, 0))
        below = highest(wins(catalogue).get(lowest, ()), catalogue)
        if below is None or below in found:
            return tuple(found)
        found.append(below)


def circles(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Pairs of which each was shown superior to the other, by whatever way."""
    beaten = {
        winner: {other for win in found for other in win.over}
        for winner, found in wins(catalogue).items()
    }
    for winner in beaten:
        reached, new = set[str](), set(beaten[winner])
        while new:
            reached |= new
            new = {far for each in new for far in beaten.get(each, ())} - reached
        for other in sorted(reached):
            if winner in beaten.get(other, ()):
                yield winner, other
