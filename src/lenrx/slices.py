"""The engine of a review: the filters of `assess`, run once per slice of the patient they look at.

A regimen's assessment falls into parts: all filters but organs, its own organ rules and trial
limits, the organ rules of each of its drugs, its evidence. Each part asks some leaves of conditions
and nothing else. Patients who answer these leaves alike get the same part, so it is worked out for
the first of them and kept under the answers: its slice. What a part asks is not declared but
watched. When it asks what its slice does not hold, the slice grows and all that was kept is
dropped, so a filter that begins to look at something new is never answered from another patient.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import partial
from itertools import chain
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Final, cast

from lenrx.assessment import Question, label_order, leaves_open, missing, questions, verdict_of
from lenrx.catalogue import Catalogue
from lenrx.criteria import Answer, all_of
from lenrx.evidence import grounds, guideline, rows_from, strength
from lenrx.facets import DAY, REGION, Atom, Facets, Full
from lenrx.filters import FILTERS, Finding, organs, own_organs, rules_of
from lenrx.kept import Kept
from lenrx.labels import approvals
from lenrx.outcome import (
    NOTHING,
    Fragment,
    Outcome,
    asked,
    closing,
    findings_text,
    opening,
    references,
    why_out,
)
from lenrx.patient import Patient
from lenrx.records import Regimen
from lenrx.standing import Case, Standing, standing
from lenrx.terms import REGIONS, VERDICTS, Region, Verdict

if TYPE_CHECKING:
    from lenrx.formulary import Formulary

_Asked = tuple[tuple[Question, ...], str]
_Name = tuple[str, Hashable]
_Rest = tuple[Callable[[Any], tuple[Any, ...]], Kept[tuple[Any, ...], "_Part"], list[_Name]]
_Asking = tuple[str, Hashable, Callable[[Case], Any]]
_Reading = tuple[dict[bytes, Any], int, int, "_Unit", Callable[[Case], Any]]
KEPT_SLICES: Final = 1_200
"""Slices of one unit that are kept in a generation."""
KEPT_FRAGMENTS: Final = 6_000
KEPT_EVIDENCE: Final = 1_500
KEPT_PARTS: Final = 12_000
KEPT_QUESTIONS: Final = 600


class _Part:
    """One part of a regimen's assessment. Parts that say the same are one object."""

    __slots__ = ("blocked", "cautions", "excluded_by", "place", "text", "verdict")

    def __init__(
        self,
        verdict: int,
        cautions: int,
        blocked: tuple[tuple[str, ...], ...],
        excluded_by: tuple[tuple[str, str], ...],
        text: str,
        place: int,
    ) -> None:
        self.verdict, self.cautions, self.text, self.place = verdict, cautions, text, place
        self.blocked, self.excluded_by = blocked, excluded_by


class _Unit:
    """Something worked out once per slice: a part, or what several parts share."""

    __slots__ = ("atoms", "known", "start", "stop")

    def __init__(self) -> None:
        self.atoms: set[Atom] = set()
        self.known = Kept[bytes, Any](KEPT_SLICES)
        self.start = self.stop = 0


class _Watched:
    """A case whose every question is noted; stands in for `standing.Case` and its standing."""

    __slots__ = ("_day", "_patient", "_review", "_standing", "asked", "vector")

    def __init__(self, review: Review, patient: Patient, as_of: str, vector: bytes) -> None:
        self._review, self._patient, self._day, self.vector = review, patient, as_of, vector
        self.asked: set[Atom] = set()
        self._standing: Standing | None = None

    @property
    def standing(self) -> _Watched:
        """Whoever answers the leaves."""
        return self

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of the review."""
        return self._review.catalogue

    @property
    def on_label(self) -> bool:
        """Whether the review keeps to the label."""
        return self._review.on_label

    @property
    def formulary(self) -> Formulary | None:
        """The local formulary of the review."""
        return self._review.formulary

    def ask(self, key: str, wanted: Any) -> Answer:
        """What the vector holds, else what the plain standing says; noted."""
        atom = self._review.facets.name(key, wanted)
        self.asked.add(atom)
        said = self._review.facets.answered(atom, self.vector)
        if said is not None:
            return said
        if self._standing is None:
            self._standing = standing(self._patient, self.catalogue)
        return self._standing.ask(key, wanted)

    @property
    def as_of(self) -> str:
        """The day asked for, noted."""
        self.asked.add(DAY)
        return self._day

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions whose label counts, noted."""
        self.asked.add(REGION)
        region = cast("Region | None", self._patient.region)
        return (region,) if region else REGIONS

    def once(self, kind: str, name: Hashable, say: Callable[[], Any]) -> Any:
        """What `say` says, worked out only the first time for this slice."""
        return self._review.once(self._review.unit((kind, name)), self, say)


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
        self.catalogue, self.on_label, self.formulary = catalogue, on_label, formulary
        self._as_of, self._strict = as_of, strict
        self.facets = Facets(catalogue)
        self._units: dict[tuple[str, Hashable], _Unit] = {}
        self._parts = Kept[tuple[Any, ...], _Part](KEPT_PARTS)
        self._fragments = Kept[tuple[_Part, ...], Fragment](KEPT_FRAGMENTS)
        self._asked = Kept[tuple[Fragment, ...], _Asked](KEPT_QUESTIONS)
        self._top = list(self._top_units())
        every = (each for one in catalogue.regimens.values() for each in grounds(one, catalogue))
        self._shared = list({(each.kind, each.name): each for each in every}.values())
        self._lay_out()

    def outcome(self, patient: Patient) -> Outcome:
        """What `patient` comes to. Raises PatientError where the statement cannot be true."""
        as_of = patient.as_of or self._as_of
        try:
            aspects, vector = self.facets.read(patient, as_of)
        except Full:
            self._lay_out()
            aspects, vector = self.facets.read(patient, as_of)
        order = self._assessed(_Watched(self, patient, as_of, vector))
        fragments = [fragment for _, fragment, _ in order]
        if self._grown:
            self._lay_out()
        found, said = self._questions(fragments)
        return Outcome(
            _joined(aspect.given for aspect in aspects),
            _joined(aspect.derived for aspect in aspects),
            _joined(aspect.not_stated for aspect in aspects),
            aspects[0].state,
            tuple(sorted(warning for aspect in aspects for warning in aspect.warnings)),
            found,
            said,
            tuple(fragments),
            tuple([evidence for _, _, evidence in order]),
            as_of,
            patient.region,
        )

    def _assessed(self, case: _Watched) -> list[tuple[int, Fragment, str]]:
        """Every regimen with its place in the order and its evidence, in order."""
        found, grounds = self._found(self._reading, case), self._found(self._grounds, case)
        kept, order = self._fragments, []
        for index, (regimen, pick, (rests_on, known, names)) in enumerate(self._regimens):
            parts, said = pick(found), rests_on(grounds)
            evidence = known.get(said) or self._of_evidence(regimen, said, known, names)
            fragment = kept.get(parts) or self._composed(index, regimen.id, parts)
            order.append((fragment.key + evidence.place, fragment, evidence.text))
        order.sort()
        return order

    def _found(self, reading: list[_Reading], case: _Watched) -> list[Any]:
        found, vector = [], case.vector
        for known, start, stop, unit, say in reading:
            value = known.get(vector[start:stop])
            if value is None:
                value = self.once(unit, case, partial(say, cast(Case, case)))
            found.append(value)
        return found

    def _questions(self, fragments: list[Fragment]) -> _Asked:
        blocked = tuple([each for each in fragments if each.verdict == "conditional"])
        found = self._asked.find(blocked)
        if found is None:
            said = questions([(each.regimen, *each.missing) for each in blocked])
            found = self._asked.keep(blocked, (said, asked(said)))
        return found

    # What is worked out

    def _top_units(self) -> Iterable[_Asking]:
        for drug in self.catalogue.drugs:
            yield "drug", drug, partial(self._of_drug, drug)
        for regimen in self.catalogue.regimens.values():
            yield "course", regimen.id, partial(self._of_course, regimen)
            yield "own organs", regimen.id, partial(self._of_organs, regimen)

    def _of_drug(self, drug: str, case: Case) -> _Part:
        return self._part(rules_of(drug, "organs", case))

    def _of_course(self, regimen: Regimen, case: Case) -> _Part:
        findings = [one for apply in FILTERS if apply is not organs for one in apply(regimen, case)]
        found = {each.region: each.approval for each in approvals(regimen, case)}
        order = label_order(found[region] for region in case.regions)
        head = opening(regimen.id, found)
        return self._part(findings, head + findings_text(findings, self._strict), order)

    def _of_organs(self, regimen: Regimen, case: Case) -> _Part:
        return self._part(list(own_organs(regimen, case)))

    def _of_evidence(
        self,
        regimen: Regimen,
        said: tuple[Any, ...],
        known: Kept[tuple[Any, ...], _Part],
        names: list[_Name],
    ) -> _Part:
        """The evidence part; cases of whose grounds the same is said share it."""
        if part := known.recall(said):
            return part
        found = rows_from(regimen, self.catalogue, dict(zip(names, said, strict=True)))
        level, _ = strength(found, self.catalogue)
        place, _ = guideline(tuple(regimen.positions[each] for each in said[-1]))
        part = self._part([], closing(references(found)), (place * 8 + level) * _PLACES)
        return known.keep(said, part)

    def _part(self, findings: list[Finding], text: str | None = None, place: int = 0) -> _Part:
        opens = [leaves_open(each, self._strict) for each in findings]
        said = (
            VERDICTS.index(verdict_of(all_of(opens))),
            sum(each.effect == "cautions" and each.status == "met" for each in findings),
            tuple(one.needs for one, opened in zip(findings, opens, strict=True) if opened is None),
            tuple(why_out(one) for one in findings if leaves_open(one) is False),
            findings_text(findings, self._strict) if text is None else text,
            place,
        )
        return self._parts.find(said) or self._parts.keep(said, _Part(*said))

    def _composed(self, index: int, name: str, parts: tuple[_Part, ...]) -> Fragment:
        if known := self._fragments.recall(parts):
            return known
        worst, cautions = max(map(_VERDICT, parts)), min(sum(map(_CAUTIONS, parts)), 1023)
        order = (worst * 4 + parts[0].place) * 32 * _PLACES
        verdict: Verdict = VERDICTS[worst]
        found = Fragment(
            name,
            verdict,
            _sequence(list(map(_TEXT, parts))),
            missing(_all(map(_BLOCKED, parts))) if verdict == "conditional" else NOTHING,
            _all(map(_EXCLUDED_BY, parts)) if verdict == "excluded" else (),
            order + cautions * 128 + index,
        )
        return self._fragments.keep(parts, found)

    def once(self, unit: _Unit, case: _Watched, say: Callable[[], Any]) -> Any:
        """What `say` says of the case, kept under the unit's slice of it."""
        key = case.vector[unit.start : unit.stop]
        value = unit.known.find(key)
        if value is not None:
            case.asked |= unit.atoms
            return value
        outer, case.asked = case.asked, set()
        value = say()
        mine, case.asked = case.asked, outer | case.asked
        if mine <= unit.atoms:
            unit.known.keep(key, value)
        else:
            unit.atoms |= mine
            self._grown = True
        return value

    def _forget(self) -> None:
        for unit in self._units.values():
            unit.known.forget()
        for kept in (self._parts, self._fragments, self._asked):
            kept.forget()

    # Where the answers stand in the vector

    def unit(self, name: tuple[str, Hashable]) -> _Unit:
        """The unit of this name."""
        found = self._units.get(name)
        if found is None:
            found = self._units[name] = _Unit()
        return found

    def _lay_out(self) -> None:
        """Give every unit its run of the vector, for what it asks by now; forget all answers."""
        spans = self.facets.lay_out(unit.atoms for unit in self._units.values())
        for unit, span in zip(self._units.values(), spans, strict=True):
            unit.start, unit.stop = span
        self._grown = False
        self._forget()
        self._reading = [self._read(*asking) for asking in self._top]
        self._grounds = [self._read(*each) for each in self._shared]
        self._regimens = list(self._compositions())

    def _read(self, kind: str, name: Hashable, say: Callable[[Case], Any]) -> _Reading:
        unit = self.unit((kind, name))
        return unit.known, unit.start, unit.stop, unit, say

    def _resting(self) -> Iterable[tuple[str, _Rest]]:
        """For every regimen, which grounds its evidence rests on, and what is kept by them."""
        places = {(each.kind, each.name): place for place, each in enumerate(self._shared)}
        for regimen in self.catalogue.regimens.values():
            names: list[_Name] = [
                (each.kind, each.name) for each in grounds(regimen, self.catalogue)
            ]
            kept = Kept[tuple[Any, ...], _Part](KEPT_EVIDENCE)
            yield regimen.id, (_getter([places[name] for name in names]), kept, names)

    def _compositions(self) -> Iterable[tuple[Regimen, Callable[[Any], tuple[_Part, ...]], _Rest]]:
        """For every regimen, by id, which top units it is put together from, and its evidence."""
        places = {(kind, name): place for place, (kind, name, _) in enumerate(self._top)}
        rests = dict(self._resting())
        for name, regimen in sorted(self.catalogue.regimens.items()):
            drugs = [places["drug", component.drug] for component in regimen.drugs]
            own = places["own organs", name]
            yield regimen, itemgetter(places["course", name], own, *drugs), rests[name]


_PLACES: Final = 1024 * 128
"""In the order of regimens, what stands behind label, guideline and evidence: cautions, the id."""
_VERDICT: Final = attrgetter("verdict")
_CAUTIONS: Final = attrgetter("cautions")
_TEXT: Final = attrgetter("text")
_BLOCKED: Final = attrgetter("blocked")
_EXCLUDED_BY: Final = attrgetter("excluded_by")


def _getter(places: list[int]) -> Callable[[Any], tuple[Any, ...]]:
    """The items at some places, as a tuple even of one."""
    get = itemgetter(*places)
    return get if len(places) > 1 else lambda found: (get(found),)


def _sequence(texts: list[str]) -> tuple[str, ...]:
    """The texts of the parts with commas between the findings of one and of the next."""
    written, lead = texts[:1], "" if texts[0].endswith("[") else ","
    for text in texts[1:]:
        if text:
            written += [lead, text]
            lead = ","
    return tuple(written)


def _all(lists: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(chain.from_iterable(lists))


def _joined(texts: Iterable[str]) -> str:
    return ",".join([text for text in texts if text])
