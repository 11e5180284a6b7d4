"""Facts: what the leaves of all conditions say of one patient, as the bits of one integer.

A leaf is the smallest question of a condition ("eGFR below 30", "refractory to lenalidomide").
Every answer but a plain no is a fact and has one bit, given when it is first met. The fields of a
patient fall into groups across which no leaf looks; what a group holds is asked its leaves once,
and the facts of a patient are those of all groups together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Final, NamedTuple

from lenrx.batch.members import members
from lenrx.catalogue import conditions
from lenrx.catalogue.conditions import COUNTS, HISTORIES, LISTS, RENAL, SETS, Evaluation
from lenrx.catalogue.field_kinds import Range
from lenrx.catalogue.loading import Catalogue
from lenrx.patient import state as states
from lenrx.patient import warnings as told
from lenrx.patient.patient import DRUG_LISTS, Patient, PatientError
from lenrx.patient.renal import renal_function
from lenrx.patient.state import PatientState
from lenrx.patient.warnings import PatientWarning

KEPT: Final = 9_000
"""Values of one kind that are kept; when there are more, that kind begins anew."""
_DRUGS: Final = (*DRUG_LISTS, "history", "unsure", "otherwise_treated")
FIELD_GROUPS: Final[tuple[tuple[str, ...], ...]] = (
    _DRUGS,
    ("prior_lines",),
    (*RENAL, "dialysis"),
    tuple(name for name in conditions.FLAGS if name != "dialysis"),
    tuple(conditions.WORDS),
    *((field, f"{field}_absent", "sex") for field, _ in SETS.values()),
    *((name,) for name in conditions.MEDICINES),
    *((name,) for name in conditions.NUMBERS if name not in (*RENAL, "prior_lines")),
)
"""The fields of every group. Sex stands beside findings too: some are not asked of men."""
HISTORY, LINES, KIDNEYS = 0, 1, 2
CONTEXT: Final = len(FIELD_GROUPS)
"""In place of a group, of the leaves that ask day and region."""
_DERIVED: Final[dict[int, tuple[str, ...]]] = {
    HISTORY: (*DRUG_LISTS, "unresolved", "refractory_classes", "history", "unsure"),
    LINES: ("prior_lines_at_least",),
}
_NO, _YES = Evaluation(False), Evaluation(True)


class Leaf:
    """One leaf, the bits of its answers, and who looks at it."""

    def __init__(self, key: str, wanted: Any, catalogue: Catalogue) -> None:
        self.key, self.wanted, self.group = key, wanted, group_of(key)
        drugs = map(catalogue.drugs_in, wanted) if key in HISTORIES else ()
        self.drugs = frozenset[str]().union(*drugs)
        """The drugs that it may be about, if it asks for drugs in a list."""
        self.bits: dict[Hashable, int] = {}
        self.askers: list[Asker] = []


class Asker:
    """What was worked out from facts, kept under the bits of the leaves that it looks at.

    Whoever begins to look at one more leaf keeps what it has: what was worked out without asking
    that leaf does not depend on it, and for other answers to it the key is another one.
    """

    def __init__(self) -> None:
        self.mask = 0
        self.leaves: set[Leaf] = set()
        self.known: dict[int, Any] = {}
        self.parts: list[Any] = []

    def look_at(self, leaves: Iterable[Leaf]) -> None:
        """From now on these leaves count."""
        for leaf in set(leaves) - self.leaves:
            self.leaves.add(leaf)
            leaf.askers.append(self)
            for bit in leaf.bits.values():
                self.mask |= bit


class PatientFacts(NamedTuple):
    """The facts of a patient or of a group of fields, and what else follows from it."""

    facts: int
    derived: str = ""
    """Members of a JSON object."""
    warnings: tuple[PatientWarning, ...] = ()
    state: str = ""
    fewest_lines: int = 0
    problem: tuple[str, str] | None = None
    """The field and what is wrong with it, where the statement cannot be true."""


class NewLeaf(Exception):
    """A leaf was asked for the first time: facts that were worked out before lack its answer."""


class FactTable:
    """The leaves that are asked, and what groups of fields answered."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue, self._count = catalogue, 0
        self._leaves: dict[str, Leaf] = {}
        self._by_group: list[list[Leaf]] = [[] for _ in (*FIELD_GROUPS, CONTEXT)]
        self._values: list[dict[Any, PatientFacts]] = [{} for _ in FIELD_GROUPS]
        self._contexts: dict[Any, int] = {}
        self._drugs: dict[Any, int] = {}
        self._counts: list[Leaf] = []
        """The leaves of a drug history that count drugs, whichever they are."""
        self._cuts: list[float] = []
        """Bounds of renal function: between two of them every value answers alike."""
        places = Patient._fields.index
        self._keys = [itemgetter(*map(places, group)) for group in FIELD_GROUPS]

    def leaves(self, asked: Mapping[str, tuple[str, Any]]) -> list[Leaf]:
        """The leaves of these names, keys and wanted values. Raises NewLeaf if one is new."""
        new = asked.keys() - self._leaves.keys()
        for name in sorted(new):
            self._leaves[name] = leaf = Leaf(*asked[name], self._catalogue)
            self._by_group[leaf.group].append(leaf)
        if new:
            renal = [each.wanted for each in self._by_group[KIDNEYS] if each.key != "dialysis"]
            self._cuts = sorted(
                {states.NORMAL_EGFR, *(cut for each in renal for cut in each.values())}
            )
            self._counts = [each for each in self._by_group[HISTORY] if not each.drugs]
            known: list[dict[Any, Any]] = [self._contexts, self._drugs, *self._values]
            for each in known:
                each.clear()
            raise NewLeaf
        return [self._leaves[name] for name in asked]

    def of(self, patient: Patient, as_of: str) -> PatientFacts:
        """What a patient comes to on a day. Raises PatientError."""
        facts, derived = self._of_context(as_of, patient.region), ""
        warnings: tuple[PatientWarning, ...] = ()
        history = PatientFacts(0)
        for at, values in enumerate(self._values):
            key: Any = self._keys[at](patient)
            if at == LINES:
                key = (key, history.fewest_lines)
            elif at == KIDNEYS:
                key, derived = self._kidneys(patient, derived)
            value = values.get(key)
            if value is None:
                value = self._value(at, patient)
                keep(values, key, value)
            if value.problem:
                # A new error each time: one that is raised again keeps the frames of every time.
                raise PatientError(*value.problem)
            if at == HISTORY:
                history = value
            facts |= value.facts
            warnings += value.warnings
            if value.derived:
                derived += f",{value.derived}" if derived else value.derived
        if patient.expanded:
            warnings += tuple(told.expansions(patient, self._catalogue))
        if patient.kept:
            warnings += tuple(told.kept(patient))
        if patient.unnamed:
            warnings += tuple(told.partial(patient))
        if patient.prior_lines is not None or patient.creatinine is not None:
            # Not of the group of the kidneys, whose values answer alike between two bounds, nor of
            # lines and drugs together.
            warnings += tuple(told.of_several(patient, self._catalogue))
        return PatientFacts(facts, derived, warnings, history.state)

    def _of_context(self, as_of: str, region: str | None) -> int:
        """The facts of a region, and of a day by its place among the days that matter."""
        found = self._contexts.get((as_of, region))
        if found is None:
            found = 0
            for leaf in self._by_group[CONTEXT]:
                days = leaf.key == "as_of"
                found |= self._bit(leaf, bisect_right(leaf.wanted, as_of) if days else region)
            keep(self._contexts, (as_of, region), found)
        return found

    def _kidneys(self, patient: Patient, derived: str) -> tuple[Any, str]:
        """Between which bounds renal function lies, and what of it was derived."""
        stated = (patient.egfr, patient.crcl)
        found = stated if patient.creatinine is None else renal_function(patient)
        for name, value, own in zip(("egfr", "crcl"), found, stated, strict=True):
            if value is not None and own is None:
                derived += f',"{name}":{value!r}'
        return (*map(self._place, found), patient.dialysis), derived

    def _place(self, value: Any) -> Any:
        ends = value[:2] if isinstance(value, Range) else (value, value)
        cuts = self._cuts
        return value and tuple(bisect_left(cuts, end) + bisect_right(cuts, end) for end in ends)

    def _value(self, at: int, patient: Patient) -> PatientFacts:
        """What a group comes to that was not met yet."""
        beside = _DRUGS if at == LINES else ()
        stated = {name: getattr(patient, name) for name in (*FIELD_GROUPS[at], *beside)}
        if at == KIDNEYS:
            stated["egfr"], stated["crcl"] = renal_function(patient)
        try:
            state = states.patient_state(Patient(**stated), self._catalogue)
        except PatientError as error:
            return PatientFacts(0, problem=(error.field, error.problem))
        own = {*FIELD_GROUPS[at]}
        warnings = tuple(
            one
            for one in state.warnings
            if not own.isdisjoint(one.fields) and one.code not in told.OF_SEVERAL
        )
        if at not in _DERIVED:
            return PatientFacts(self._asked(self._by_group[at], state), "", warnings)
        derived = state.derived()
        return PatientFacts(
            self._of_history(state) if at == HISTORY else self._asked(self._by_group[at], state),
            members({each: derived[each] for each in _DERIVED[at] if each in derived}),
            warnings,
            derived["state"],
            derived["prior_lines_at_least"],
        )

    def _asked(self, leaves: Iterable[Leaf], state: PatientState) -> int:
        facts = 0
        for leaf in leaves:
            answer = state.ask(leaf.key, leaf.wanted)
            if answer != _NO:
                facts |= self._bit(leaf, answer)
        return facts

    def _of_history(self, state: PatientState) -> int:
        """The facts of a drug history: what it names is a yes; only what is in doubt is asked."""
        facts, doubtful = self._asked(self._counts, state), state.doubtful
        named = {kind: state.named(kind) for kind in HISTORIES}
        for kind, drugs in named.items():
            for drug in drugs:
                found = self._drugs.get((kind, drug))
                facts |= self._of_drug(kind, drug) if found is None else found
        if doubtful or state.open_history:
            for leaf in self._by_group[HISTORY]:
                if not leaf.drugs.isdisjoint(doubtful):
                    facts |= self._asked([leaf], state)
                elif state.open_history and leaf.drugs and leaf.drugs.isdisjoint(named[leaf.key]):
                    facts |= self._bit(leaf, Evaluation(None, (LISTS[leaf.key],)))
        return facts

    def _of_drug(self, kind: str, drug: str) -> int:
        leaves = [each for each in self._by_group[HISTORY] if each.key == kind]
        facts = sum(self._bit(leaf, _YES) for leaf in leaves if drug in leaf.drugs)
        keep(self._drugs, (kind, drug), facts)
        return facts

    def _bit(self, leaf: Leaf, answer: Hashable) -> int:
        found = leaf.bits.get(answer)
        if found is None:
            found = leaf.bits[answer] = 1 << self._count
            self._count += 1
            for asker in leaf.askers:
                asker.mask |= found
        return found


def group_of(key: str) -> int:
    """The group of fields that leaves of this key look at."""
    if key in ("as_of", "region"):
        return CONTEXT
    if key in HISTORIES or key in COUNTS:
        return HISTORY
    field = "egfr" if key == "renal" else SETS[key][0] if key in SETS else key
    return next(at for at, group in enumerate(FIELD_GROUPS) if field in group)


def keep(known: dict[Any, Any], key: Any, value: Any, most: int = KEPT) -> None:
    """Keep `value` under `key`; what was kept before goes when there is too much of it."""
    if len(known) >= most:
        known.clear()
    known[key] = value
