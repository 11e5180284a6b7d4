"""Units: what is worked out once per slice of the patient that it looks at.

A unit asks some leaves of conditions and nothing else. Patients who answer these leaves alike get
the same from it, so it is worked out for the first of them and kept under the answers: its slice.
What a unit asks is not declared but watched. When it asks what its slice does not hold, the slice
grows and all that was kept is dropped, so a filter that begins to look at something new is never
answered from another patient.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from lenrx.batch.facets import DAY, REGION, Aspect, Atom, Facets, Place
from lenrx.batch.groups import HISTORY, bundles_of, facet_of
from lenrx.batch.kept import Kept
from lenrx.catalogue.conditions import Answer
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import REGIONS, Region
from lenrx.patient.patient import Patient
from lenrx.patient.state import Case, Standing, standing

if TYPE_CHECKING:
    from lenrx.catalogue.formulary import Formulary

KEPT_SLICES: Final = 800
"""Slices of one unit that are kept in a generation."""
SEVERAL: Final = -1
"""In place of a bundle, of a unit that asks more than one."""


class Unit:
    """Something worked out once per slice."""

    __slots__ = ("atoms", "known", "start", "stop")

    def __init__(self) -> None:
        self.atoms: set[Atom] = set()
        self.known = Kept[bytes, Any](KEPT_SLICES)
        self.start = self.stop = 0

    @property
    def bundle(self) -> int:
        """The place of the one bundle that it asks, or SEVERAL; if none, that of the history."""
        facets = {facet_of(key) for key, _ in self.atoms - {DAY, REGION}}
        found = bundles_of(facets) or {HISTORY}
        return found.pop() if len(found) == 1 else SEVERAL


class Asking(NamedTuple):
    """A unit, and how to work it out."""

    unit: Unit
    say: Callable[[Case], Any]


Reading = list[tuple[Callable[[bytes], Any], int, int, Asking]]
"""Units ready to be looked up: what is kept of each, its run of the vector, and itself."""


class Watched:
    """A case whose every question is noted; stands in for `standing.Case` and its standing."""

    __slots__ = ("_day", "_patient", "_standing", "_units", "asked", "vector")

    def __init__(self, units: Units, patient: Patient, as_of: str, vector: bytes) -> None:
        self._units, self._patient, self._day, self.vector = units, patient, as_of, vector
        self.asked: set[Atom] | None = None
        """What the unit at work has asked."""
        self._standing: Standing | None = None

    @property
    def standing(self) -> Watched:
        """Whoever answers the leaves."""
        return self

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of the review."""
        return self._units.catalogue

    @property
    def on_label(self) -> bool:
        """Whether the review keeps to the label."""
        return self._units.on_label

    @property
    def formulary(self) -> Formulary | None:
        """The local formulary of the review."""
        return self._units.formulary

    def ask(self, key: str, wanted: Any) -> Answer:
        """What the vector holds, else what the plain standing says; noted."""
        facets = self._units.facets
        atom = facets.name(key, wanted)
        self._note(atom)
        said = facets.answered(atom, self.vector)
        if said is not None:
            return said
        if self._standing is None:
            self._standing = standing(self._patient, self.catalogue)
        return self._standing.ask(key, wanted)

    @property
    def as_of(self) -> str:
        """The day asked for, noted."""
        self._note(DAY)
        return self._day

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions whose label counts, noted."""
        self._note(REGION)
        region = cast("Region | None", self._patient.region)
        return (region,) if region else REGIONS

    def once(self, kind: str, name: Hashable, say: Callable[[], Any]) -> Any:
        """What `say` says, worked out only the first time for this slice."""
        return self._units.once(self._units.unit(kind, name), self, lambda _: say())

    def _note(self, atom: Atom) -> None:
        if self.asked is not None:
            self.asked.add(atom)


class Units:
    """All units of a review, and where the answers they ask for stand in the vector."""

    def __init__(
        self, catalogue: Catalogue, on_label: bool = False, formulary: Formulary | None = None
    ) -> None:
        self.catalogue, self.on_label, self.formulary = catalogue, on_label, formulary
        self.facets = Facets(catalogue)
        self.grown = False
        self._units: dict[tuple[str, Hashable], Unit] = {}

    def unit(self, kind: str, name: Hashable) -> Unit:
        """The unit of this name."""
        found = self._units.get((kind, name))
        if found is None:
            found = self._units[kind, name] = Unit()
        return found

    def read(self, patient: Patient, as_of: str) -> tuple[list[Aspect], Place, Watched]:
        """What follows from each facet, and the patient as a case. Raises PatientError, Full."""
        aspects, place, vector = self.facets.read(patient, as_of)
        return aspects, place, Watched(self, patient, as_of, vector)

    def once(self, unit: Unit, case: Watched, say: Callable[[Case], Any]) -> Any:
        """What `say` says of the case, kept under the unit's slice of it."""
        key = case.vector[unit.start : unit.stop]
        value = unit.known.find(key)
        outer = case.asked
        if value is not None:
            if outer is not None:
                outer |= unit.atoms
            return value
        mine = case.asked = set[Atom]()
        value = say(cast("Case", case))
        case.asked = outer
        if outer is not None:
            outer |= mine
        if mine <= unit.atoms:
            unit.known.keep(key, value)
        else:
            unit.atoms |= mine
            self.grown = True
        return value

    def ask(self, asking: Asking, case: Watched) -> Any:
        """What a unit says of the case."""
        return self.once(asking.unit, case, asking.say)

    def look_up(self, reading: Reading, case: Watched) -> list[Any]:
        """What some units say of the case; none of them says nothing."""
        vector = case.vector
        return [
            kept(vector[start:stop]) or self.ask(asking, case)
            for kept, start, stop, asking in reading
        ]

    def forget(self) -> None:
        """Drop all answers, and give every unit its run of the vector for what it asks by now."""
        # Many masks of the history are kept, and they are short where its runs come first. A leaf
        # that stands in a run by then needs none of its own.
        often = (HISTORY, SEVERAL)
        units = sorted(
            self._units.values(),
            key=lambda unit: (unit.bundle not in often, len(unit.atoms) == 1),
        )
        spans = self.facets.lay_out(unit.atoms for unit in units)
        for unit, span in zip(units, spans, strict=True):
            unit.start, unit.stop = span
            unit.known.forget()
        self.grown = False


def reading(asking: Iterable[Asking]) -> Reading:
    """Some units as they now stand, ready to be looked up."""
    return [(each.unit.known.get, each.unit.start, each.unit.stop, each) for each in asking]
