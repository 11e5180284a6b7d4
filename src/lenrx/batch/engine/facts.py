"""Facts: what the leaves of all conditions say of one patient, as the bits of one integer.

A leaf is the smallest question of a condition ("eGFR below 30", "refractory to lenalidomide").
Every answer but a plain no is a fact and has one bit, given when it is first met. The fields of a
patient fall into groups across which no leaf looks; what a group holds is asked its leaves once,
and the facts of a patient are those of all groups together.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Final, NamedTuple

from lenrx.catalogue.conditions import (
    BOUNDS,
    COUNTS,
    FLAGS,
    HISTORIES,
    NUMBERS,
    RENAL,
    SETS,
    WORDS,
    Evaluation,
)
from lenrx.catalogue.fields import Range
from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import DRUG_LISTS, Patient, PatientError
from lenrx.patient.renal import renal_function
from lenrx.patient.state import (
    NORMAL_EGFR,
    PatientState,
    PatientWarning,
    expansions,
    patient_state,
)

KEPT: Final = 20_000
"""Values of one kind that are kept; when there are more, that kind begins anew."""
dumps: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Compact JSON, as every line of a result is written."""
_HISTORY_FIELDS: Final = (*DRUG_LISTS, "history", "unsure")
_SETS: Final = tuple((field, f"{field}_absent", "sex") for field, _ in SETS.values())
_ALONE: Final = tuple((name,) for name in NUMBERS if name not in (*RENAL, "prior_lines"))
FIELD_GROUPS: Final[tuple[tuple[str, ...], ...]] = (
    _HISTORY_FIELDS,
    ("prior_lines",),
    (*RENAL, "dialysis"),
    tuple(name for name in FLAGS if name != "dialysis"),
    tuple(WORDS),
    *_SETS,
    *_ALONE,
)
"""The fields of every group. Sex stands beside findings too: some are not asked of men."""
HISTORY, LINES, KIDNEYS = 0, 1, 2
"""The groups that something is derived from."""
CONTEXT: Final = len(FIELD_GROUPS)
"""In place of a group, of the two leaves that ask day and region."""


class Leaf:
    """One leaf, the bits of its answers, and who looks at it."""

    __slots__ = ("askers", "bits", "drugs", "group", "key", "wanted")

    def __init__(self, key: str, wanted: Any, catalogue: Catalogue) -> None:
        self.key, self.wanted, self.group = key, wanted, group_of(key)
        self.drugs = frozenset[str]()
        """The drugs that it may be about, if it asks for drugs in a list."""
        if key in HISTORIES:
            self.drugs = self.drugs.union(*map(catalogue.drugs_in, wanted))
        self.bits: dict[Hashable, int] = {}
        self.askers: list[Asker] = []


class Asker:
    """What was worked out from facts, kept under the bits of the leaves that it looks at.

    Whoever begins to look at one more leaf keeps what it has: what was worked out without asking
    that leaf does not depend on it, and for other answers to it the key is another one.
    """

    __slots__ = ("known", "leaves", "mask")

    def __init__(self) -> None:
        self.mask = 0
        self.leaves: set[Leaf] = set()
        self.known: dict[int, Any] = {}

    def look_at(self, leaves: Iterable[Leaf]) -> None:
        """From now on these leaves count."""
        for leaf in set(leaves) - self.leaves:
            self.leaves.add(leaf)
            leaf.askers.append(self)
            for bit in leaf.bits.values():
                self.mask |= bit


class GroupValue(NamedTuple):
    """What a group of fields comes to; what is derived as members of JSON."""

    facts: int
    derived: str = ""
    warnings: tuple[PatientWarning, ...] = ()
    state: str = ""
    fewest_lines: int = 0
    error: PatientError | None = None


class PatientFacts(NamedTuple):
    """The facts of a patient, and what else follows from his fields."""

    facts: int
    state: str
    derived: list[str]
    warnings: list[PatientWarning]


class NewLeaf(Exception):
    """A leaf was asked for the first time: facts that were worked out before lack its answer."""


class FactTable:
    """The leaves that are asked, and what groups of fields answered."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue, self._count = catalogue, 0
        self._leaves: dict[str, Leaf] = {}
        self._by_group: list[list[Leaf]] = [[] for _ in (*FIELD_GROUPS, CONTEXT)]
        self._values: list[dict[Any, GroupValue]] = [{} for _ in FIELD_GROUPS]
        self._contexts: dict[tuple[str, str | None], int] = {}
        self._drugs: dict[tuple[str, str], int] = {}
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
            self._contexts.clear()
            self._drugs.clear()
            for values in self._values:
                values.clear()
            self._cuts = sorted(_bounds(self._by_group[KIDNEYS]))
            raise NewLeaf
        return [self._leaves[name] for name in asked]

    def of(self, patient: Patient, as_of: str) -> PatientFacts:
        """The facts of a patient on a day. Raises PatientError."""
        facts = self._of_context(as_of, patient.region)
        derived, warnings = list[str](), list[PatientWarning]()
        fewest, state = 0, ""
        for at, values in enumerate(self._values):
            key: Any = self._keys[at](patient)
            if at == LINES:
                key = (key, fewest)
            elif at == KIDNEYS:
                key, said = self._kidneys(patient)
                derived += said
            value = values.get(key) or self._group(at, key, patient)
            if value.error:
                # A new one: each time that one and the same is raised, it holds more frames.
                raise PatientError(value.error.field, value.error.problem)
            if at == HISTORY:
                fewest, state = value.fewest_lines, value.state
            facts |= value.facts
            if value.derived:
                derived.append(value.derived)
            warnings += value.warnings
        if patient.expanded:
            warnings += expansions(patient)
        return PatientFacts(facts, state, derived, warnings)

    def _of_context(self, as_of: str, region: str | None) -> int:
        """The facts of a day, which counts by its place among the days of the catalogue."""
        found = self._contexts.get((as_of, region))
        if found is None:
            place = bisect_right(self._catalogue.days, as_of)
            said = {"as_of": place, "region": region}
            found = sum(self._bit(leaf, said[leaf.key]) for leaf in self._by_group[CONTEXT])
            keep(self._contexts, (as_of, region), found)
        return found

    def _kidneys(self, patient: Patient) -> tuple[Any, list[str]]:
        """Between which bounds renal function lies, and what of it was derived."""
        stated = (patient.egfr, patient.crcl)
        found = stated if patient.creatinine is None else renal_function(patient)
        said = [
            f'"{name}":{value!r}'
            for name, value, own in zip(("egfr", "crcl"), found, stated, strict=True)
            if value is not None and own is None
        ]
        return (*map(self._place, found), patient.dialysis), said

    def _place(self, value: Any) -> tuple[int, int] | None:
        if value is None:
            return None
        low, high = value[:2] if isinstance(value, Range) else (value, value)
        cuts = self._cuts
        return (
            bisect_left(cuts, low) + bisect_right(cuts, low),
            bisect_left(cuts, high) + bisect_right(cuts, high),
        )

    def _group(self, at: int, key: Any, patient: Patient) -> GroupValue:
        """What a group comes to that was not met yet."""
        fields = (*FIELD_GROUPS[at], *(_HISTORY_FIELDS if at == LINES else ()))
        stated = {name: getattr(patient, name) for name in fields}
        if at == KIDNEYS:
            stated["egfr"], stated["crcl"] = renal_function(patient)
        value = self._value(at, Patient(**stated))
        keep(self._values[at], key, value)
        return value

    def _value(self, at: int, alone: Patient) -> GroupValue:
        try:
            state = patient_state(alone, self._catalogue)
        except PatientError as error:
            return GroupValue(0, error=PatientError(error.field, error.problem))
        derived = state.derived()
        own, names = {*FIELD_GROUPS[at]}, _DERIVED.get(at, ())
        warnings = tuple(one for one in state.warnings if not own.isdisjoint(one.fields))
        return GroupValue(
            self._facts(at, state),
            members({name: derived[name] for name in names if name in derived}),
            warnings,
            derived["state"],
            derived["prior_lines_at_least"],
        )

    def _facts(self, at: int, state: PatientState) -> int:
        facts, leaves = 0, self._by_group[at]
        if at == HISTORY and not state.open_history:
            facts, doubtful = self._of_drugs(state), state.doubtful
            leaves = [one for one in leaves if not (one.drugs and one.drugs.isdisjoint(doubtful))]
        for leaf in leaves:
            answer = state.ask(leaf.key, leaf.wanted)
            if answer != _NO:
                facts |= self._bit(leaf, answer)
        return facts

    def _of_drugs(self, state: PatientState) -> int:
        """The facts of the drugs that a history names, one by one: what it surely holds."""
        facts = 0
        for kind in HISTORIES:
            for drug in state.named(kind):
                found = self._drugs.get((kind, drug))
                if found is None:
                    found = self._drugs[kind, drug] = self._of_drug(kind, drug)
                facts |= found
        return facts

    def _of_drug(self, kind: str, drug: str) -> int:
        yes, facts = Evaluation(True), 0
        for leaf in self._by_group[HISTORY]:
            if leaf.key == kind and drug in leaf.drugs:
                facts |= self._bit(leaf, yes)
        return facts

    def _bit(self, leaf: Leaf, answer: Hashable) -> int:
        found = leaf.bits.get(answer)
        if found is None:
            found = leaf.bits[answer] = 1 << self._count
            self._count += 1
            for asker in leaf.askers:
                asker.mask |= found
        return found


_NO: Final = Evaluation(False)
_DERIVED: Final[dict[int, tuple[str, ...]]] = {
    HISTORY: (*DRUG_LISTS, "unresolved", "refractory_classes", "unsure"),
    LINES: ("prior_lines_at_least",),
}


def _bounds(leaves: Iterable[Leaf]) -> set[float]:
    """The bounds that leaves ask of renal function, and the one that a warning asks."""
    asked = (leaf.wanted for leaf in leaves if isinstance(leaf.wanted, Mapping))
    return {NORMAL_EGFR, *(each[bound] for each in asked for bound in BOUNDS if bound in each)}


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


def members(data: Mapping[str, Any]) -> str:
    """The members of a JSON object, without its braces."""
    return dumps(data)[1:-1]
