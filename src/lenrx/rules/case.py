"""A case: one patient's state with the day, the region and the way the question is asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import REGIONS, Region
from lenrx.patient.patient import PatientError
from lenrx.patient.state import PatientState

if TYPE_CHECKING:
    from lenrx.catalogue.formulary import Formulary

_Said = TypeVar("_Said")


def not_too_early(day: str, catalogue: Catalogue) -> str:
    """A day that can be asked for. Raises PatientError where no drug was authorised by then."""
    if day < catalogue.begins:
        problem = f"no drug of the catalogue was authorised before {catalogue.begins}; ask later"
        raise PatientError("as_of", problem, day)
    return day


class Case(NamedTuple):
    """A patient's state, and where and when the question is asked.

    `memo` keeps what many regimens ask alike: the rules of a drug, a population, a trial's limits.
    """

    state: PatientState
    as_of: str
    region: Region | None
    on_label: bool
    formulary: Formulary | None
    memo: dict[tuple[str, Hashable], Any]

    def __repr__(self) -> str:
        """State, region and day; `memo` may hold half a million letters."""
        where = self.region or "us or eu"
        return f"<Case: {self.state.resistance_state}; {where} on {self.as_of}>"

    def once(self, kind: str, name: Hashable, say: Callable[[], _Said]) -> _Said:
        """What `say` says, asked only the first time for this kind and name."""
        asked = (kind, name)
        if asked not in self.memo:
            self.memo[asked] = say()
        said: _Said = self.memo[asked]
        return said

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue that the state was derived with."""
        return self.state.catalogue

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions whose label counts: the one asked for, or either."""
        return (self.region,) if self.region else REGIONS
