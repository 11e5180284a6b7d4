"""Facts: what the leaves of all conditions say of one patient, as the bits of one integer.

A leaf is the smallest question of a condition ("eGFR below 30", "refractory to lenalidomide").
Every answer but a plain no is a fact and has one bit, given when it is first met. The fields of a
patient fall into groups across which no leaf looks; a group's value is asked its leaves once, and
the facts of a patient are those of all groups together.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Final, NamedTuple

from lenrx.catalogue.conditions import COUNTS, HISTORIES, SETS, Evaluation
from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import FIELDS, Patient, PatientError
from lenrx.patient.state import PatientState, PatientWarning, patient_state

KEPT: Final = 20_000
"""Values of one kind that are kept; when there are more, that kind begins anew."""
dumps: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Compact JSON, as every line of a result is written."""


class FieldGroup(NamedTuple):
    """Fields that leaves look at together, others that they read beside, and what is derived."""

    fields: tuple[str, ...]
    beside: tuple[str, ...] = ()
    beside_if: str | None = None
    """The field without which those beside are not read."""
    derived: tuple[str, ...] = ()


_DRUGS: Final = ("exposed", "refractory", "intolerant", "history", "expanded", "unsure")
_STATES: Final = ("exposed", "refractory", "intolerant", "unresolved", "refractory_classes")
_KIDNEYS: Final = ("egfr", "crcl", "creatinine", "weight", "dialysis")
_FITNESS: Final = ("sex", "ecog", "frailty", "neuropathy_grade", "neuropathic_pain", "hepatic")
_DISEASE: Final = ("emd", "pcl", "cns", "prior_transplant")
_TOGETHER: Final = (
    FieldGroup(_DRUGS, derived=(*_STATES, "unsure")),
    FieldGroup(("prior_lines",), _DRUGS, derived=("prior_lines_at_least",)),
    FieldGroup(_KIDNEYS, ("age", "sex"), "creatinine", ("egfr", "crcl")),
    FieldGroup((*_FITNESS, *_DISEASE)),
    FieldGroup(("cytogenetics", "cytogenetics_absent")),
    FieldGroup(("comorbidities", "comorbidities_absent"), ("sex",)),
)
_CONTEXT: Final = ("id", "region", "as_of")
_GROUPED: Final = {name for group in _TOGETHER for name in group.fields}
FIELD_GROUPS: Final = _TOGETHER + tuple(
    FieldGroup((name,)) for name in FIELDS if name not in _GROUPED and name not in _CONTEXT
)
"""A number that nothing is derived from is a group of its own."""
_GROUP_OF: Final = {name: at for at, group in enumerate(FIELD_GROUPS) for name in group.fields}
HISTORY, LINES = 0, 1
"""Two groups: the drug history, from which the state and the fewest prior lines follow, and the
prior lines, for which nothing else of the history counts."""
CONTEXT: Final = len(FIELD_GROUPS)
"""In place of a group, of the two leaves that ask day and region."""


class Leaf:
    """One leaf, the bits of its answers, and who looks at it."""

    __slots__ = ("askers", "bits", "drugs", "group", "key", "wanted")

    def __init__(self, key: str, wanted: Any, catalogue: Catalogue) -> None:
        self.key, self.wanted, self.group = key, wanted, group_of(key)
        self.drugs = (
            frozenset().union(*map(catalogue.drugs_in, wanted)) if key in HISTORIES else frozenset()
        )
        """Of a leaf that asks for drugs in a list, which drugs it may be."""
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
    """What one value of a group of fields comes to; given and derived as members of JSON."""

    facts: int
    given: str
    derived: str
    warnings: tuple[PatientWarning, ...]
    state: str
    fewest_lines: int
    error: PatientError | None


class NewLeaf(Exception):
    """A leaf was asked for the first time: facts that were worked out before lack its answer."""


class Facts:
    """The leaves that are asked, and the facts of patients."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue, self._count = catalogue, 0
        self._leaves: dict[str, Leaf] = {}
        self._by_group: list[list[Leaf]] = [[] for _ in (*FIELD_GROUPS, CONTEXT)]
        self._values: list[dict[Any, GroupValue]] = [{} for _ in FIELD_GROUPS]
        self._contexts: dict[tuple[str, str | None], int] = {}
        self._keys = [_key_of(group) for group in FIELD_GROUPS]

    def leaves(self, asked: Mapping[str, tuple[str, Any]]) -> list[Leaf]:
        """The leaves of these names, keys and wanted values. Raises NewLeaf if one is new."""
        new = asked.keys() - self._leaves.keys()
        for name in sorted(new):
            self._leaves[name] = leaf = Leaf(*asked[name], self._catalogue)
            self._by_group[leaf.group].append(leaf)
        if new:
            self._contexts.clear()
            for values in self._values:
                values.clear()
            raise NewLeaf
        return [self._leaves[name] for name in asked]

    def of(self, patient: Patient) -> list[GroupValue]:
        """What every group of fields of a patient comes to. Raises PatientError."""
        found = list[GroupValue]()
        for at, (values, key_of) in enumerate(zip(self._values, self._keys, strict=True)):
            key = key_of(patient)
            if at == LINES:
                key = (patient.prior_lines, found[HISTORY].fewest_lines)
            value = values.get(key)
            if value is None:
                value = self._value(at, patient)
                keep(values, key, value)
            found.append(value)
            if value.error:
                raise value.error
        return found

    def of_context(self, as_of: str, region: str | None) -> int:
        """The facts of a day, which counts by its place among the days of the catalogue."""
        found = self._contexts.get((as_of, region))
        if found is None:
            place = bisect_right(self._catalogue.days, as_of)
            said = {"as_of": place, "region": region}
            bits = [self._bit(leaf, said[leaf.key]) for leaf in self._by_group[CONTEXT]]
            found = keep(self._contexts, (as_of, region), sum(bits))
        return found

    def _value(self, at: int, patient: Patient) -> GroupValue:
        group = FIELD_GROUPS[at]
        stated = {name: getattr(patient, name) for name in (*group.fields, *group.beside)}
        alone = Patient(**stated)
        given = alone.given([name for name in group.fields if name in FIELDS])
        try:
            state = patient_state(alone, self._catalogue)
        except PatientError as error:
            return GroupValue(0, "", "", (), "", 0, PatientError(error.field, error.problem))
        derived = state.derived()
        return GroupValue(
            self._facts(at, state),
            members(given),
            members({name: derived[name] for name in group.derived if name in derived}),
            tuple(one for one in state.warnings if not set(one.fields).isdisjoint(group.fields)),
            derived["state"],
            derived["prior_lines_at_least"],
            None,
        )

    def _facts(self, at: int, state: PatientState) -> int:
        facts = 0
        for leaf in self._by_group[at]:
            if leaf.drugs and state.surely_without(leaf.key, leaf.drugs):
                continue
            answer = state.ask(leaf.key, leaf.wanted)
            if answer != _NO:
                facts |= self._bit(leaf, answer)
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


def group_of(key: str) -> int:
    """The group of fields that leaves of this key look at."""
    if key in ("as_of", "region"):
        return CONTEXT
    if key in HISTORIES or key in COUNTS:
        return HISTORY
    if key == "renal":
        return _GROUP_OF["egfr"]
    return _GROUP_OF[SETS[key][0] if key in SETS else key]


def _key_of(group: FieldGroup) -> Callable[[Patient], Any]:
    """What tells the values of a group apart."""
    own, beside = _getter(group.fields), _getter(group.beside)
    if not group.beside:
        return own
    needed = _getter((group.beside_if or group.fields[0],))
    if group.beside_if is None:
        return lambda patient: (own(patient), beside(patient))
    return lambda patient: (
        own(patient) if needed(patient) is None else (own(patient), beside(patient))
    )


def _getter(names: tuple[str, ...]) -> Callable[[Patient], Any]:
    return itemgetter(*[Patient._fields.index(name) for name in names]) if names else lambda _: None


def keep(known: dict[Any, Any], key: Any, value: Any, most: int = KEPT) -> Any:
    """Keep `value` under `key`; what was kept before goes when there is too much of it."""
    if len(known) >= most:
        known.clear()
    known[key] = value
    return value


def members(data: Mapping[str, Any]) -> str:
    """The members of a JSON object, without its braces."""
    return dumps(data)[1:-1]
