"""The engine of a review: the filters of `assess`, run once per slice of the patient they look at.

An assessment falls into `parts`, and its evidence rests on `grounds`. All of these are `units`,
worked out once for all patients who are alike in what they ask. Units that ask one bundle of facets
only are looked up once for each of its values and held together as a share. A patient is some
shares, and the few units in which several bundles have a say.

What they say is added up to long numbers (`sums`), from which come verdicts, order, and for each
regimen the key of its evidence. Texts are written as they were kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain, compress, count
from operator import attrgetter, getitem, itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from lenrx.batch.facets import Full
from lenrx.batch.grounds import Grounds, Name
from lenrx.batch.groups import BUNDLES, FACETS, Group
from lenrx.batch.kept import Kept
from lenrx.batch.outcome import Cause, Outcome, Placed, asked, beginnings
from lenrx.batch.parts import Course, Needs, Organs, Parts
from lenrx.batch.sums import Order, placings
from lenrx.batch.units import SEVERAL, Asking, Reading, Units, Watched, reading
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.patient.patient import Patient
from lenrx.patient.state import Case
from lenrx.rules.assessment import Question, missing, questions

if TYPE_CHECKING:
    from lenrx.catalogue.formulary import Formulary

KEPT_SHARES: Final = 1_000
"""Shares of one bundle that are kept in a generation."""
KEPT_QUESTIONS: Final = 3_000
_Questions = tuple[tuple[Question, ...], bytes]


class _Said(NamedTuple):
    """What some units say: courses, organ rules by group, and the codes of grounds."""

    courses: list[Course]
    organs: list[Organs]
    codes: list[int]


class _Share(NamedTuple):
    """What follows from one bundle alone, with its fields and codes added up."""

    fields: int
    codes: int
    courses: list[Course]
    organs: Organs
    causes: list[Cause]


class _Some(NamedTuple):
    """Units that are looked up together."""

    courses: Reading
    organs: Reading
    grounds: Reading


_Shares = Kept[tuple[Any, ...], _Share]


class _Alone(NamedTuple):
    """The units that ask one bundle only."""

    key: Callable[[Sequence[Any]], tuple[Any, ...]]
    """What they are kept by, of the numbers of all aspects and the place."""
    known: _Shares
    some: _Some


class Review:
    """Outcomes of many patients on one catalogue, equal to those of the plain engine."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        as_of: str,
        strict: bool = False,
        on_label: bool = False,
        formulary: Formulary | None = None,
    ) -> None:
        self._as_of = as_of
        self._units = Units(catalogue, on_label, formulary)
        self._regimens = [regimen for _, regimen in sorted(catalogue.regimens.items())]
        self._begin = list(beginnings(len(self._regimens)).values())
        placed = [[Placed(each.id, one) for each in self._regimens] for one in VERDICTS]
        self._placed = [[each] * len(self._regimens) for each in placed]
        self._grounds = Grounds(catalogue, self._regimens)
        self._layout = self._grounds.layout
        self._parts = Parts(self._regimens, self._units, self._layout, strict)
        self._ground_units = {
            name: Asking(self._units.unit("ground", name), partial(self._of_ground, name))
            for name in self._grounds.says
        }
        self._lay_out()

    def outcome(self, patient: Patient) -> Outcome:
        """What `patient` comes to. Raises PatientError where the statement cannot be true."""
        try:
            found = self._outcome(patient)
        except Full:
            self._lay_out()
            found = self._outcome(patient)
        if self._units.grown:
            self._lay_out()
        return found

    def _outcome(self, patient: Patient) -> Outcome:
        as_of = patient.as_of or self._as_of
        aspects, place, case = self._units.read(patient, as_of)
        values = (*map(_NUMBER, aspects), place)
        shares = [
            known.get(key := key_of(values)) or self._share(known, key, some, case)
            for key_of, known, some in self._alone
        ]
        more = self._look_up(self._several, case)
        codes = self._layout.codes(chain(map(_CODES, shares), more.codes))
        fields = self._layout.fields(map(_FIELDS, chain(shares, more.courses, more.organs)))
        evidence = self._grounds.evidence(codes)
        weights, ends = zip(*evidence, strict=True)
        order = placings(fields, weights)
        courses = self._by_regimen([*_all(map(_COURSES, shares)), *more.courses])
        organs = self._by_group([*map(_ORGANS, shares), *more.organs])
        found, said = self._questions(order, courses, organs)
        return Outcome(
            _joined(aspect.given for aspect in aspects),
            _joined(aspect.derived for aspect in aspects),
            _joined(aspect.not_stated for aspect in aspects),
            aspects[0].state,
            tuple(sorted(_all(map(_WARNINGS, aspects)))),
            found,
            said,
            tuple(map(getitem, order.by_verdict(self._placed), order.indexes)),
            (*_all(map(_CAUSES, shares)), *_causes(more)),
            self._written(order, courses, organs, ends),
            as_of,
            patient.region,
        )

    def _share(self, known: _Shares, key: tuple[Any, ...], some: _Some, case: Watched) -> _Share:
        if share := known.recall(key):
            return share
        said = self._look_up(some, case)
        fields = sum(map(_FIELDS, chain(said.courses, said.organs)))
        organs = self._parts.merged(said.organs)
        share = _Share(fields, sum(said.codes), said.courses, organs, _causes(said))
        return known.keep(key, share)

    def _look_up(self, some: _Some, case: Watched) -> _Said:
        return _Said(*[self._units.look_up(each, case) for each in some])

    def _written(
        self,
        order: Order,
        courses: Iterable[Course],
        organs: Iterable[Organs],
        ends: Sequence[bytes],
    ) -> list[bytes]:
        """The regimens in order, as pieces of JSON."""
        columns = [tuple(map(_TEXT, courses)), *(each.texts for each in organs if each.texts), ends]
        starts, width = order.by_verdict(self._begin), 1 + len(columns)
        found = list(_all(zip(starts, *order.arranged(columns), strict=True)))
        for place in compress(count(0, width), order.silent):
            # Behind a course that says nothing the first finding must have no comma before it.
            first, last = place + 2, place + width - 1
            while first < last and not found[first]:
                first += 1
            if first < last:
                found[first] = found[first][1:]
        return found

    def _questions(
        self, order: Order, courses: Sequence[Course], organs: Iterable[Organs]
    ) -> _Questions:
        """What to ask of the conditional regimens, from what keeps each from being eligible."""
        by_organs = [each.blocked for each in organs if each.blocked]
        blocked = []
        for index in order.indexes[order.conditional : order.excluded]:
            needs = courses[index].blocked
            for each in by_organs:
                needs += each.get(index, ())
            blocked.append((index, needs))
        key = tuple(blocked)
        return self._asked.find(key) or self._asked.keep(key, self._asking(key))

    def _asking(self, blocked: tuple[tuple[int, Needs], ...]) -> _Questions:
        found = questions([(self._regimens[index].id, *missing(needs)) for index, needs in blocked])
        return found, asked(found)

    def _of_ground(self, name: Name, case: Case) -> int:
        return self._layout.code(name, self._grounds.code(name, case))

    def _of_grounds(self, grounds: Reading, case: Case) -> int:
        return sum(self._units.look_up(grounds, cast(Watched, case)))

    def _lay_out(self) -> None:
        """Sort the units by the bundles that they ask by now; forget all answers."""
        courses, organs = _by_bundle(self._parts.courses), _by_bundle(self._parts.organs)
        grounds = _by_bundle(self._ground_units)
        # The grounds of one bundle are one unit, so that a new share asks once for all of them.
        together = [self._units.unit("grounds", place) for place in range(len(BUNDLES))]
        for place, unit in enumerate(together):
            unit.atoms = {atom for each in grounds[place].values() for atom in each.unit.atoms}
        for each in (self._units, self._grounds, self._parts):
            each.forget()
        for place, unit in enumerate(together):
            say = partial(self._of_grounds, reading(grounds[place].values()))
            grounds[place] = {place: Asking(unit, say)}
        self._asked = Kept[tuple[tuple[int, Needs], ...], _Questions](KEPT_QUESTIONS)
        every = (courses, organs, grounds)
        self._alone = [
            _Alone(itemgetter(*bundle, len(FACETS)), Kept(KEPT_SHARES), _some(place, every))
            for place, bundle in enumerate(BUNDLES)
        ]
        self._several = _some(SEVERAL, every)
        places = (*range(len(BUNDLES)), SEVERAL)
        self._by_regimen = _sorting([key for place in places for key in courses[place]])
        shares: list[Group] = [((place,), ()) for place in range(len(BUNDLES))]
        self._by_group = _sorting([*shares, *organs[SEVERAL]])


_NUMBER: Final = attrgetter("number")
_FIELDS: Final = attrgetter("fields")
_CODES: Final = attrgetter("codes")
_COURSES: Final = attrgetter("courses")
_ORGANS: Final = attrgetter("organs")
_CAUSES: Final = attrgetter("causes")
_TEXT: Final = attrgetter("text")
_WARNINGS: Final = attrgetter("warnings")
_ByBundle = defaultdict[int, dict[Any, Asking]]


def _by_bundle(units: dict[Any, Asking]) -> _ByBundle:
    """Units by the bundle that they ask."""
    found = _ByBundle(dict)
    for key, each in units.items():
        found[each.unit.bundle][key] = each
    return found


def _some(bundle: int, every: Iterable[_ByBundle]) -> _Some:
    return _Some(*[reading(each[bundle].values()) for each in every])


def _sorting(keys: Sequence[Any]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What puts things that stand under these keys into the order of the keys."""
    places = sorted(range(len(keys)), key=keys.__getitem__)
    return itemgetter(*places) if len(places) > 1 else tuple


def _causes(said: _Said) -> list[Cause]:
    return [each.cause for each in chain[Course | Organs](said.courses, said.organs) if each.cause]


def _all(lists: Iterable[Iterable[Any]]) -> Iterable[Any]:
    return chain.from_iterable(lists)


def _joined(texts: Iterable[bytes]) -> bytes:
    return b",".join([text for text in texts if text])
