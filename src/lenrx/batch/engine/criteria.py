"""The criteria of all regimens, asked by the plain filters once for everybody who answers alike.

A criterion notes which leaves it asks. Criteria that ask the same leaves are kept under one key;
those that ask the same groups of fields are a bundle, which is looked up first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from lenrx.batch.engine import fragments
from lenrx.batch.engine.facts import CONTEXT, Asker, FactTable, NewLeaf, group_of, keep
from lenrx.batch.engine.fragments import NOTHING, Found, Fragment, Regimens
from lenrx.batch.members import APPLYING, failed_before, in_state
from lenrx.catalogue.conditions import Evaluation
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence, Limit, Regimen, Rule
from lenrx.catalogue.vocabulary import REGIONS, Region
from lenrx.patient.patient import Patient
from lenrx.patient.state import patient_state
from lenrx.rules import evidence, filters, guidance
from lenrx.rules.assessment import alphabetical
from lenrx.rules.case import Case
from lenrx.rules.filters import authorised, is_local, labelled
from lenrx.rules.labels import approvals
from lenrx.rules.order import label_order

if TYPE_CHECKING:
    from lenrx.catalogue.formulary import Formulary

KEPT_FRAGMENTS: Final = 1_800
"""Of one bundle; they are larger than other things that are kept."""


class Criterion(NamedTuple):
    """How one criterion is asked of a case; of a label, the days on which its word may change."""

    ask: Callable[[Case], Found]
    days: tuple[str, ...] | None = None
    bundle: str | None = None
    """Whatever it asks; its findings have one id for all regimens, which is written once."""


class NotedCase:
    """A case that notes what it is asked; stands in for `Case` and for the patient's state."""

    def __init__(self, case: Case, days: tuple[str, ...] | None) -> None:
        self._case, self._days = case, days
        self._memo: dict[Any, Any] = {}
        self.asked: dict[str, tuple[str, Any]] = {}
        """By name, the key and the wanted value of every leaf."""
        self.catalogue, self.formulary = case.catalogue, case.formulary
        self.on_label = case.on_label

    @property
    def state(self) -> NotedCase:
        """Whoever answers the leaves."""
        return self

    def ask(self, key: str, wanted: Any) -> Evaluation:
        """What one leaf says; noted."""
        self.asked[f"{key} {wanted}"] = (key, wanted)
        return self._case.state.ask(key, wanted)

    @property
    def as_of(self) -> str:
        """The day; noted is its place among the days that matter here, or anywhere."""
        days = tuple(self.catalogue.days) if self._days is None else self._days
        self.asked[f"as_of {days}"] = ("as_of", days)
        return self._case.as_of

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions whose label counts; noted."""
        self.asked["region"] = ("region", None)
        return self._case.regions

    def once(self, kind: str, name: Hashable, say: Callable[[], Any]) -> Any:
        """What `say` says, asked once by one criterion."""
        if (kind, name) not in self._memo:
            self._memo[kind, name] = say()
        return self._memo[kind, name]


class Criteria:
    """All criteria of a catalogue in bundles, asked the same way for every patient."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        strict: bool = False,
        on_label: bool = False,
        formulary: Formulary | None = None,
    ) -> None:
        self.catalogue, self.facts = catalogue, FactTable(catalogue)
        self._strict, self._how = strict, (on_label, formulary)
        self._last: Case | None = None
        self._marks: dict[Hashable, int] = {}
        self.alike: dict[str | None, Found] = dict.fromkeys((None, *REGIONS), NOTHING)
        """What is found of everybody in a region; the legend says it."""
        self.together: dict[str, list[str]] = {}
        """By the first of the criteria that apply together, the others; the legend says them."""
        self.regimens = sorted(catalogue.regimens.values(), key=alphabetical)
        self.bundles = self._bundled()
        self._unsaid = {name for names in self.together.values() for name in names}

    def case(self, patient: Patient, as_of: str) -> Case:
        """A patient as the plain filters take it. Raises PatientError."""
        if self._last is None or self._last.state.patient is not patient:
            region = cast("Region | None", patient.region)
            state = patient_state(patient, self.catalogue)
            self._last = Case(state, as_of, region, *self._how, {})
        return self._last

    def look_up(self, bundle: Asker, facts: int, patient: Patient, as_of: str) -> Fragment:
        """What a bundle found for answers that it has not met yet. Raises NewLeaf."""
        every = [
            alike.known.get(facts & alike.mask)
            or self._ask(alike, bundle, facts, self.case(patient, as_of))
            for alike in bundle.parts
        ]
        fragment = Fragment([found for found in every if found is not NOTHING])
        keep(bundle.known, facts & bundle.mask, fragment, KEPT_FRAGMENTS)
        return fragment

    def _ask(self, alike: Asker, bundle: Asker, facts: int, case: Case) -> Found:
        every = list[Found]()
        for criterion in alike.parts:
            noted = NotedCase(case, criterion.days)
            every.append(criterion.ask(cast(Case, noted)))
            for asker in (alike, bundle):
                asker.look_at(self.facts.leaves(noted.asked))
        found = fragments.added(every, self._unsaid)
        keep(alike.known, facts & alike.mask, found)
        return found

    def mark(self, name: Hashable) -> int:
        """The bit of a group of patients with how it fits, or of an entry limit."""
        return self._marks.setdefault(name, 1 << len(self._marks))

    def _bundled(self) -> list[Asker]:
        """Criteria by what they ask of a patient of whom nothing is known."""
        nobody = self.case(Patient(history="partial"), self.catalogue.days[-1])
        bundles: dict[Hashable, Asker] = {}
        known: dict[Hashable, Asker] = {}
        for criterion in [*self._resistance(), *self._rules(), *self._labels(), *self._evidence()]:
            noted = NotedCase(nobody, criterion.days)
            found = criterion.ask(cast(Case, noted))
            # Labels, and groups of patients, decide and are written in every row.
            if noted.asked.keys() <= {"region"} and criterion.days is None and not found.marks:
                for region, before in self.alike.items():
                    own = criterion.ask(nobody._replace(region=cast("Region | None", region)))
                    self.alike[region] = fragments.added([before, own])
                continue
            with suppress(NewLeaf):
                self.facts.leaves(noted.asked)
            groups = frozenset(group_of(key) for key, _ in noted.asked.values()) - {CONTEXT}
            name = criterion.bundle or groups
            bundle = bundles.setdefault(name, Asker())
            alike = known.setdefault((name, frozenset(noted.asked)), Asker())
            alike.parts.append(criterion)
            bundle.parts += [] if alike in bundle.parts else [alike]
            for asker in (alike, bundle):
                asker.look_at(self.facts.leaves(noted.asked))
        return list(bundles.values())

    def _held(self, parts: Callable[[Regimen], Iterable[Any]]) -> dict[Any, Regimens]:
        """The regimens that hold each part."""
        places: dict[Any, list[int]] = {}
        for place, regimen in enumerate(self.regimens):
            for part in dict.fromkeys(parts(regimen)):
                places.setdefault(part, []).append(place)
        return {
            part: Regimens(tuple(found), tuple(self.regimens[place].id for place in found))
            for part, found in places.items()
        }

    def _finding(
        self, regimens: Regimens, find: Callable[[Case], Iterable[filters.Finding]], mark: int = 0
    ) -> Criterion:
        """A criterion by its findings; `mark` is set where the first of them is met."""

        def ask(case: Case) -> Found:
            findings = list(find(case))
            found = fragments.of_findings(findings, regimens, self._strict)
            met = mark and findings[0].status == "met"
            return found._replace(marks=mark) if met else found

        return Criterion(ask)

    def _resistance(self) -> Iterator[Criterion]:
        for component, regimens in self._held(lambda regimen: regimen.drugs).items():
            yield self._finding(regimens, partial(filters.resisted, component))

    def _rules(self) -> Iterator[Criterion]:
        """Rules of drugs and of regimens, and the entry limits of trials."""
        catalogue = self.catalogue
        drugs = self._held(lambda regimen: [each.drug for each in regimen.drugs]).items()
        classes = self._held(
            lambda regimen: [each.id for each in filters.classes_of(regimen, catalogue)]
        ).items()
        own = self._held(lambda regimen: [regimen.id]).items()
        found = [
            *((rule, drug, held) for drug, held in drugs for rule in catalogue.drugs[drug].rules),
            *((rule, None, held) for n, held in classes for rule in catalogue.classes[n].rules),
            *((rule, None, held) for name, held in own for rule in catalogue.regimens[name].rules),
        ]
        for rule, drug, held in found:
            yield self._finding(held, partial(filters.ruled, [rule], drug))
        trials = [(catalogue.trials[n], held) for n, held in self._held(filters.entered).items()]
        limits = [(trial, limit, held) for trial, held in trials for limit in trial.limits]
        for trial, limit, held in limits:
            ask = partial(filters.limited, trial, [limit])
            yield self._finding(held, ask, self.mark(limit.id))
        self.together = _together([*(rule for rule, *_ in found), *(one for _, one, _ in limits)])
        for held in self._held(lambda _: [""]).values():
            yield self._finding(held, lambda case: [filters.relapsed(case)])

    def _labels(self) -> Iterator[Criterion]:
        """Label, availability and guideline of each regimen: what depends on the day."""
        for name, alone in self._held(lambda regimen: [regimen.id]).items():
            regimen = self.catalogue.regimens[name]
            days = self.catalogue.days_of(regimen)
            yield Criterion(partial(self._label, regimen, alone), days, "labels")
            yield Criterion(partial(self._guideline, regimen, alone), days)

    def _label(self, regimen: Regimen, held: Regimens, case: Case) -> Found:
        local = [one for one in filters.availability(regimen, case) if is_local(one)]
        own, label = [*local], 0
        for region, approval, *_ in approvals(regimen, case):
            own += [ask(regimen, case, region) for ask in (labelled, authorised)]
            label += held.ones(region) * label_order([approval]) << fragments.LABEL
        every = [labelled(regimen, case), authorised(regimen, case), *local]
        found, counted = (fragments.of_findings(e, held, self._strict) for e in (every, own))
        return found._replace(weight=counted.weight + label)

    def _guideline(self, regimen: Regimen, held: Regimens, case: Case) -> Found:
        stance = guidance.stance(guidance.ordering(regimen, case))
        return Found(held.ones() * (stance << fragments.GUIDELINE))

    def _evidence(self) -> Iterator[Criterion]:
        """Whether each group of patients fits that evidence speaks of, and resistances."""
        every: dict[str, Evidence] = {}
        for regimen in self.regimens:
            every |= evidence.by_group(regimen, self.catalogue)
        for name, row in every.items():
            yield Criterion(partial(self._group, name, row))
        resistance = [evidence.decisive(each, self.catalogue) for each in self.regimens]
        for name in dict.fromkeys(chain(*resistance)):
            yield self._marked(failed_before(name), partial(evidence.failed, name))
        for name in evidence.counting(self.catalogue):
            yield self._marked(in_state(name), partial(evidence.in_state, name))

    def _marked(self, group: str, holds: Callable[[Case], bool]) -> Criterion:
        """Whether patients are of a group for whom some evidence does not count."""

        def ask(case: Case) -> Found:
            if not holds(case):
                return NOTHING
            return Found(marks=self.mark(group), pieces=(fragments.Piece("exact", group),))

        return Criterion(ask)

    def _group(self, name: str, row: Evidence, case: Case) -> Found:
        fit = evidence.match(row, case)
        if fit == "other":
            return NOTHING
        return Found(
            marks=self.mark((name, fit)),
            pieces=() if fit == "unknown" else (fragments.Piece(fit, name),),
        )


def _together(criteria: Iterable[Rule | Limit]) -> dict[str, list[str]]:
    """By the first of those that rest on one condition, and so apply together, the others."""
    conditions: dict[str, set[str]] = {}
    for one in criteria:
        applying = isinstance(one, Limit) or one.effect in APPLYING
        own = not applying or one.when == {"always": True}
        condition = one.id if own else f"{one.when} {getattr(one, 'region', None)}"
        conditions.setdefault(one.id, set()).add(condition)
    groups: dict[Hashable, list[str]] = {}
    for name, rests_on in conditions.items():
        groups.setdefault(frozenset(rests_on), []).append(name)
    return {first: others for first, *others in groups.values() if others}
