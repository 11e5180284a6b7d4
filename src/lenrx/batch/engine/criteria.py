"""The criteria of all regimens, asked by the plain filters once for everybody who answers alike.

A criterion notes which leaves it asks. Criteria that ask the same leaves are kept under one key;
those that ask the same groups of fields are a bundle, which is looked up first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from lenrx.batch.engine.facts import CONTEXT, Asker, FactTable, NewLeaf, group_of, keep
from lenrx.batch.engine.fragments import (
    BLOCK,
    GUIDELINE,
    LABEL,
    NO_PART,
    NOTHING,
    Bearing,
    Found,
    Fragment,
    Part,
    of_findings,
    part_of,
)
from lenrx.catalogue.conditions import Evaluation
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Component, Evidence, Limit, Regimen, Rule
from lenrx.catalogue.vocabulary import Region
from lenrx.patient.patient import Patient
from lenrx.patient.state import patient_state
from lenrx.rules.assessment import label_order
from lenrx.rules.case import Case
from lenrx.rules.evidence import by_group, guideline, match, positions
from lenrx.rules.filters import availability, entered, indication, limited, resisted, ruled
from lenrx.rules.labels import approvals

if TYPE_CHECKING:
    from lenrx.catalogue.formulary import Formulary

KEPT_FRAGMENTS: Final = 3_000
"""Of one bundle; each holds its texts."""


class Work(NamedTuple):
    """One criterion: how it is asked of a case, and the days on which what it says may change."""

    ask: Callable[[Case], Found]
    days: tuple[str, ...] = ()


class NotedCase:
    """A case that notes what it is asked; stands in for `Case` and for the patient's state."""

    def __init__(self, case: Case, days: tuple[str, ...]) -> None:
        self._case, self._days = case, days
        self._memo: dict[tuple[str, Hashable], Any] = {}
        self.asked: dict[str, tuple[str, Any]] = {}
        """By name, the key and the wanted value of every leaf."""
        self.on_label, self.formulary = case.on_label, case.formulary
        self.catalogue = case.catalogue

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
        """The day; noted is its place among the days that matter here."""
        self.asked[f"as_of {self._days}"] = ("as_of", self._days)
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


class Criterion(Asker):
    """Criteria that ask the same leaves."""

    __slots__ = ("works",)

    def __init__(self) -> None:
        super().__init__()
        self.works: list[Work] = []


class Bundle(Asker):
    """Criteria that ask the same groups of fields."""

    __slots__ = ("criteria",)

    def __init__(self) -> None:
        super().__init__()
        self.criteria: list[Criterion] = []


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
        self._how = (on_label, formulary)
        self._strict = strict
        self._last: Case | None = None
        self.regimens = sorted(catalogue.regimens.values(), key=lambda each: each.id)
        self.ids = [each.id for each in self.regimens]
        self._marks: dict[Hashable, int] = {}
        self.bundles = self._bundled()

    def case(self, patient: Patient, as_of: str) -> Case:
        """A patient as the plain filters take it. Raises PatientError."""
        if self._last is None or self._last.state.patient is not patient:
            region = cast("Region | None", patient.region)
            state = patient_state(patient, self.catalogue)
            self._last = Case(state, as_of, region, *self._how, {})
        return self._last

    def look_up(self, bundle: Bundle, facts: int, patient: Patient, as_of: str) -> Fragment:
        """What a bundle found for answers that it has not met yet. Raises NewLeaf."""
        every = [
            one.known.get(facts & one.mask)
            or self._ask(one, bundle, facts, self.case(patient, as_of))
            for one in bundle.criteria
        ]
        fragment = Fragment([each for each in every if each is not NO_PART])
        keep(bundle.known, facts & bundle.mask, fragment, KEPT_FRAGMENTS)
        return fragment

    def _ask(self, one: Criterion, bundle: Bundle, facts: int, case: Case) -> Part:
        every = list[Found]()
        for work in one.works:
            noted = NotedCase(case, work.days)
            every.append(work.ask(cast(Case, noted)))
            for asker in (one, bundle):
                asker.look_at(self.facts.leaves(noted.asked))
        found = part_of(every, self.ids)
        keep(one.known, facts & one.mask, found)
        return found

    def _bundled(self) -> list[Bundle]:
        """Criteria by what they ask of a patient of whom nothing is known; labels by themselves."""
        nobody = self.case(Patient(history="partial"), self.catalogue.days[-1])
        bundles: dict[Hashable, Bundle] = {}
        alike: dict[Hashable, Criterion] = {}
        for label, work in [*self._filters(), *self._evidence()]:
            noted = NotedCase(nobody, work.days)
            work.ask(cast(Case, noted))
            groups = {group_of(key) for key, _ in noted.asked.values()} - {CONTEXT}
            name = label or frozenset(groups)
            bundle = bundles.setdefault(name, Bundle())
            key = (name, frozenset(noted.asked))
            if key not in alike:
                alike[key] = Criterion()
                bundle.criteria.append(alike[key])
            alike[key].works.append(work)
            for asker in (alike[key], bundle):
                asker.look_at(self._leaves(noted))
        return list(bundles.values())

    def _leaves(self, noted: NotedCase) -> Any:
        try:
            return self.facts.leaves(noted.asked)
        except NewLeaf:
            return self.facts.leaves(noted.asked)

    def _filters(self) -> Iterator[tuple[str | None, Work]]:
        """The criteria of the filters; a label is kept apart, under the id of its regimen."""
        for component, held in self._held(lambda each: each.drugs).items():
            yield None, Work(partial(self._resistance, component, held))
        for drug, held in self._held(lambda each: [one.drug for one in each.drugs]).items():
            for rule in self.catalogue.drugs[drug].rules:
                yield from self._rule(rule, drug, held)
        for place, regimen in enumerate(self.regimens):
            for rule in regimen.rules:
                yield from self._rule(rule, None, (place,))
            yield (
                "labels",
                Work(partial(self._label, regimen, place), self.catalogue.days_of(regimen)),
            )
        for name, held in self._held(entered).items():
            for limit in self.catalogue.trials[name].limits:
                yield None, Work(partial(self._limit, limit, held))

    def _held(self, parts: Callable[[Regimen], Any]) -> dict[Any, tuple[int, ...]]:
        """The regimens that hold each part, by their place."""
        found: dict[Any, tuple[int, ...]] = {}
        for place, regimen in enumerate(self.regimens):
            for part in dict.fromkeys(parts(regimen)):
                found[part] = (*found.get(part, ()), place)
        return found

    def _rule(
        self, rule: Rule, drug: str | None, held: tuple[int, ...]
    ) -> Iterator[tuple[None, Work]]:
        # The filter `availability` runs these with the label.
        if rule.filter != "availability":
            yield (
                None,
                Work(lambda case: of_findings(ruled([rule], drug, case), held, self._strict)),
            )

    def _resistance(self, component: Component, held: tuple[int, ...], case: Case) -> Found:
        return of_findings(resisted(component, case), held, self._strict)

    def _label(self, regimen: Regimen, place: int, case: Case) -> Found:
        # Behind its first finding, the filter `indication` only notes the clauses one by one.
        findings = [next(indication(regimen, case)), *availability(regimen, case)]
        by_region = {each.region: each.approval for each in approvals(regimen, case)}
        order = label_order(by_region[region] for region in case.regions)
        found = of_findings(findings, (place,), self._strict)
        return found._replace(weight=found.weight + (order << BLOCK * place + LABEL))

    def _limit(self, limit: Limit, held: tuple[int, ...], case: Case) -> Found:
        findings = limited([limit], case)
        met = any(each.status == "met" for each in findings)
        found = of_findings(findings, held, self._strict)
        return found._replace(marks=self.mark(limit.id)) if met else found

    def _evidence(self) -> Iterator[tuple[None, Work]]:
        """Whether each population fits, and which guideline speaks of the patient."""
        every: dict[str, Evidence] = {}
        for place, regimen in enumerate(self.regimens):
            every |= by_group(regimen, self.catalogue)
            yield (
                None,
                Work(partial(self._guideline, regimen, place), self.catalogue.days_of(regimen)),
            )
        for name, evidence in every.items():
            yield None, Work(partial(self._population, name, evidence))

    def _guideline(self, regimen: Regimen, place: int, case: Case) -> Found:
        stance, _ = guideline(positions(regimen, case))
        return Found(stance << BLOCK * place + GUIDELINE)

    def _population(self, name: str, evidence: Evidence, case: Case) -> Found:
        fit = match(evidence, case)
        if fit == "other":
            return NOTHING
        said = () if fit == "unknown" else (Bearing(fit, name),)
        return Found(0, self.mark((name, fit)), said)

    def mark(self, name: Hashable) -> int:
        """The bit of a group of patients with how it fits, or of an entry limit."""
        return self._marks.setdefault(name, 1 << len(self._marks))
