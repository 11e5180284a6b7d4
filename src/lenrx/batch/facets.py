"""Where a patient stands among all patients: the answers to every leaf that is asked, as bytes.

A patient falls into facets, groups of fields that are read together. What follows from a facet is
worked out once for each of its values, by the plain standing of a patient of whom no more is said.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count
from operator import itemgetter
from typing import Any, Final

from lenrx.batch.groups import FACETS, HISTORY, KIDNEYS, LINES, facet_of
from lenrx.batch.kept import Kept
from lenrx.batch.outcome import items, members, not_stated
from lenrx.catalogue.conditions import HISTORIES, RENAL, Answer
from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import Patient, PatientError
from lenrx.patient.state import Item, Standing, Warning_, standing

Atom = tuple[str, str]
"""One leaf that can be asked: its key, and what it wants as text. Also the day and the region."""
Place = tuple[str | None, int]
"""Region, and which of the spans between the catalogue's days it is."""
DAY: Final[Atom] = ("as_of", "")
REGION: Final[Atom] = ("region", "")
KEPT_ASPECTS: Final = 1_000
"""Values of a facet that are kept in a generation."""


class Full(Exception):
    """A leaf has more different answers than a byte can hold."""


@dataclass(frozen=True, eq=False, slots=True)
class Aspect:
    """What follows from one facet of a patient; `mask` holds its answers at their places."""

    mask: int
    number: int = 0
    """The same for aspects with the same mask."""
    given: bytes = b""
    derived: bytes = b""
    not_stated: bytes = b""
    state: str = ""
    least: int = 0
    """Of the drug history, how many prior lines it takes."""
    warnings: tuple[Warning_, ...] = ()
    error: tuple[str, str] | None = None


class Facets:
    """The answers of patients as vectors: one byte for each place where an answer is wanted."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue, self._days = catalogue, catalogue.days
        self._names: dict[tuple[str, Any], tuple[Any, Atom]] = {}
        self._wanted: dict[Atom, Any] = {}
        self._pick = [itemgetter(*map(Patient._fields.index, own + more)) for own, more in FACETS]
        self.lay_out(())

    def lay_out(self, wanted: Iterable[Iterable[Atom]]) -> list[tuple[int, int]]:
        """Give each group of leaves a run of bytes; start and end of each run."""
        self._at: dict[Atom, list[int]] = {}
        known, spans, self._width = dict[tuple[Atom, ...], tuple[int, int]](), [], 1
        for atoms in wanted:
            run = tuple(sorted(atoms))
            if run not in known:
                known[run] = self._run(run)
            spans.append(known[run])
        self._codes: dict[Atom, dict[Any, int]] = {}
        self._answers: dict[Atom, list[Any]] = {}
        self._bits: dict[tuple[Atom, Any], int] = {}
        self._masks_of = Kept[tuple[Any, ...], int](KEPT_ASPECTS)
        self._of_one: dict[tuple[str, frozenset[str]], int] = {}
        self._masks = Kept[int, tuple[int, int]](KEPT_ASPECTS)
        self._numbers = count(1)
        self._places: dict[Place, int] = {}
        self._aspects = [Kept[Any, Aspect](KEPT_ASPECTS) for _ in FACETS]
        self._by_facet: list[dict[str, list[Atom]]] = [{} for _ in FACETS]
        for atom in self._wanted:
            if atom in self._at:
                self._by_facet[facet_of(atom[0])].setdefault(atom[0], []).append(atom)
        return spans

    def _run(self, atoms: tuple[Atom, ...]) -> tuple[int, int]:
        if len(atoms) == 1 and (places := self._at.get(atoms[0])):
            return places[0], places[0] + 1
        start = self._width - 1
        for offset, atom in enumerate(atoms, start):
            self._at.setdefault(atom, []).append(offset)
        self._width += len(atoms)
        return start, self._width - 1

    def read(self, patient: Patient, as_of: str) -> tuple[list[Aspect], Place, bytes]:
        """What follows from each facet, where and when, the vector. Raises PatientError, Full."""
        keys = [pick(patient) for pick in self._pick]
        if patient.creatinine is None:
            # Then age and sex say nothing of the kidneys.
            keys[KIDNEYS] = (*keys[KIDNEYS][:-2], None, None)
        history = self._aspects[HISTORY].get(keys[HISTORY])
        if history is None:
            history = self._aspect(HISTORY, keys[HISTORY], patient)
        # All that the lines take from the drugs.
        keys[LINES] = (patient.prior_lines, history.least)
        aspects = [
            known.get(key) or self._aspect(place, key, patient)
            for place, (known, key) in enumerate(zip(self._aspects, keys, strict=True))
        ]
        place = (patient.region, bisect_right(self._days, as_of))
        mask = self._places.get(place) or self._place(place)
        for aspect in aspects:
            mask |= aspect.mask
            if aspect.error:
                raise PatientError(*aspect.error)
        return aspects, place, mask.to_bytes(self._width, "little")

    def name(self, key: str, wanted: Any) -> Atom:
        """The name of a leaf. The catalogue's own conditions are known by identity."""
        place = (key, wanted if isinstance(wanted, tuple) else id(wanted))
        found = self._names.get(place)
        if found is None:
            # What is wanted is kept too, so that no other thing can come to have its identity.
            found = self._names[place] = (wanted, (key, json.dumps(wanted)))
            self._wanted.setdefault(found[1], wanted)
        return found[1]

    def answered(self, atom: Atom, vector: bytes) -> Answer | None:
        """The answer that a vector holds, if it has a place for it."""
        places = self._at.get(atom)
        return self._answers[atom][vector[places[0]]] if places else None

    def _aspect(self, place: int, key: Any, patient: Patient) -> Aspect:
        if known := self._aspects[place].recall(key):
            return known
        own, borrowed = FACETS[place]
        some = Patient(**{field: getattr(patient, field) for field in own + borrowed})
        try:
            state = standing(some, self._catalogue)
        except PatientError as error:
            found = Aspect(0, error=(error.field, error.problem))
        else:
            found = self._of_facet(place, own, state)
        return self._aspects[place].keep(key, found)

    def _of_facet(self, place: int, own: tuple[str, ...], state: Standing) -> Aspect:
        mask = 0
        for kind, atoms in self._by_facet[place].items():
            mask |= self._answers_of(kind, atoms, state)
        drawn = _drawn(place, state.derived())
        of_it = {*own} if place in (HISTORY, LINES) else {*own, *FACETS[place][1]} - {"age"}
        same = self._masks.find(mask) or self._masks.keep(mask, (mask, next(self._numbers)))
        return Aspect(
            *same,
            members(state.patient.given(own)),
            members(drawn),
            items(not_stated(state.patient, drawn, own)),
            state.state if place == HISTORY else "",
            state.prior_lines_at_least,
            tuple(each for each in state.warnings if {*each.fields} & of_it),
        )

    def _answers_of(self, kind: str, atoms: list[Atom], state: Standing) -> int:
        """The mask of the leaves of one kind, worked out once for what it alone depends on."""
        if kind in HISTORIES and _plain(kind, state):
            return self._of_list(kind, atoms, state)
        alike = _alike(kind, state)
        found = self._masks_of.find(alike) if alike else None
        if found is None:
            found = self._asked(atoms, state)
            if alike:
                self._masks_of.keep(alike, found)
        return found

    def _of_list(self, kind: str, atoms: list[Atom], state: Standing) -> int:
        """The mask of a plain list: a leaf says yes where it says yes to one drug alone."""
        none = self._of_drug(kind, (), atoms, state)
        yes = 0
        for item in state.items[kind]:
            yes |= none ^ self._of_drug(kind, (item,), atoms, state)
        return none ^ yes

    def _of_drug(
        self, kind: str, items: tuple[Item, ...], atoms: list[Atom], state: Standing
    ) -> int:
        """The mask of a plain list of these items and no more."""
        key = (kind, items[0].drugs if items else frozenset[str]())
        found = self._of_one.get(key)
        if found is None:
            alone = replace(state, items={**state.items, kind: items})
            found = self._of_one[key] = self._asked(atoms, alone)
        return found

    def _asked(self, atoms: list[Atom], state: Standing) -> int:
        return self._mask({atom: state.ask(atom[0], self._wanted[atom]) for atom in atoms})

    def _mask(self, said: dict[Atom, Any]) -> int:
        found = 0
        for answered in said.items():
            bit = self._bits.get(answered)
            found |= self._bit(*answered) if bit is None else bit
        return found

    def _bit(self, atom: Atom, answer: Any) -> int:
        """The mask of one answer: its code at every place of its leaf."""
        codes = self._codes.setdefault(atom, {})
        code = codes.get(answer)
        if code is None:
            code = codes[answer] = len(codes)
            if code > _MOST:
                raise Full
            self._answers.setdefault(atom, []).append(answer)
        found = sum(code << 8 * offset for offset in self._at.get(atom, ()))
        self._bits[atom, answer] = found
        return found

    def _place(self, place: Place) -> int:
        region, period = place
        return self._places.setdefault(place, self._mask({REGION: region, DAY: period}))


_MOST: Final = 255


def _plain(kind: str, state: Standing) -> bool:
    """Whether a list is complete and names every drug: then each leaf of it says yes or no."""
    unsure = kind == "refractory" and state.patient.unsure
    return not (state.open_history or unsure) and all(each.named for each in state.items[kind])


def _alike(kind: str, state: Standing) -> tuple[Any, ...] | None:
    """What the answers to leaves of one kind depend on, if that is less than the facet."""
    if kind == "prior_lines":
        return kind, state.interval(kind)
    items = state.items.get(kind)
    return None if items is None else (kind, items, state.open_history, state.patient.unsure)


def _drawn(place: int, derived: dict[str, Any]) -> dict[str, Any]:
    """What one facet derives; what is neither renal function nor lines is the drug history's."""
    of_it = {**dict.fromkeys(RENAL, KIDNEYS), "prior_lines_at_least": LINES}
    return {name: derived[name] for name in derived if place == of_it.get(name, HISTORY)}
