"""What follows from a patient: resistance state, lines, renal function, and contradictions.

A history item is a set of drugs of which at least one was meant: a named drug is a set of one, a
class named without a drug is the set of its drugs. Everything else follows from these sets.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property, partial
from math import inf
from typing import Any, Final, TypeVar

from lenrx.catalogue.asked import anywhere
from lenrx.catalogue.conditions import (
    KIDNEY_FAILURE,
    LISTS,
    RENAL,
    UNKNOWN,
    Evaluation,
    Interval,
    leaf,
)
from lenrx.catalogue.field_kinds import Range
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import Truth
from lenrx.patient import warnings as told
from lenrx.patient.medications import taken
from lenrx.patient.patient import Patient, PatientError
from lenrx.patient.renal import renal_function
from lenrx.patient.stated import Item, items_of, resolve, unasked
from lenrx.patient.warnings import LENALIDOMIDE, PatientWarning

_Said = TypeVar("_Said")
NOT_KNOWN: Final = "not known"
"""The state of a patient of whose drug history nothing is stated."""
NOT_IN_MEN: Final = ("pregnancy", "breastfeeding")
NORMAL_EGFR: Final = 60
"""mL/min/1.73 m2; from here on dialysis looks like a slip of entry. Not a clinical threshold."""


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class PatientState:
    """A patient's state as the rules see it. Implements `conditions.Facts`."""

    patient: Patient
    catalogue: Catalogue
    items: Mapping[str, tuple[Item, ...]]
    readings: tuple[PatientWarning, ...]
    """Classes that the history gave a drug."""
    egfr: float | Range | None
    crcl: float | Range | None
    _asked: dict[tuple[str, str], Evaluation] = dataclasses.field(default_factory=dict, init=False)
    _counted: dict[tuple[str, str], Interval] = dataclasses.field(default_factory=dict, init=False)

    @cached_property
    def warnings(self) -> tuple[PatientWarning, ...]:
        """What the reader must know first."""
        return (*_scope(self), *self.readings, *_doubts(self))

    @cached_property
    def open_history(self) -> bool:
        """Whether drugs that are not listed may have been given."""
        return self.patient.history == "partial" or self.unstated

    @cached_property
    def unstated(self) -> bool:
        """Whether nothing at all is said of the drug history: it is unknown, not empty.

        Nothing that was not tolerated says nothing of what was given.
        """
        stated = self.patient
        given = stated.exposed is not None or stated.refractory is not None or stated.record
        return not (given or stated.intolerant)

    @cached_property
    def unsure(self) -> tuple[str, ...]:
        """Drugs given of which it is not known whether they failed: a record, or nobody, says so.

        Where refractoriness is stated for some drugs, the others given were not refractory.
        """
        found = {*self.patient.unsure}
        if self.patient.refractory is None:
            steroids = self.catalogue.drugs_in("corticosteroid")
            found |= {drug for item in self.items["received"] for drug in item.drugs - steroids}
        return tuple(sorted(found))

    def ask(self, key: str, wanted: Any) -> Evaluation:
        """What one leaf of a condition says of this patient."""
        return leaf(key, wanted, self)

    def interval(self, field: str) -> Interval:
        """The values a number may have: one point when stated, everything when not."""
        value = getattr(self, field) if field in RENAL else getattr(self.patient, field)
        if field == "prior_lines" and not isinstance(value, int):
            low, high = value[:2] if value else (0, inf)
            return (max(low, self.prior_lines_at_least), high)
        if isinstance(value, Range):
            return (value.low, value.high)
        if value is not None:
            return (value, value)
        return KIDNEY_FAILURE if field in RENAL and self.patient.dialysis else UNKNOWN

    def word(self, field: str) -> str | bool | None:
        """A stated word or flag, None when it was not stated."""
        found: str | bool | None = getattr(self.patient, field)
        return found

    def finding(self, field: str, name: str) -> Truth:
        """Whether a cytogenetic finding or a comorbidity is there; found and absent is unknown."""
        there = name in (getattr(self.patient, field) or ())
        absent = name in (getattr(self.patient, f"{field}_absent") or ())
        if name in NOT_IN_MEN and self.patient.sex == "male" and not there:
            return False
        return None if there == absent else there

    def history(self, kind: str, name: str) -> Evaluation:
        """Whether a drug, or any drug of a class, was received or is refractory or intolerant."""
        asked = (kind, name)
        if asked not in self._asked:
            self._asked[asked] = self._history(kind, name)
        return self._asked[asked]

    @cached_property
    def _reach(self) -> dict[str, frozenset[str]]:
        """The drugs that each list speaks of, with certainty or not."""
        found = {
            kind: {drug for item in each for drug in item.drugs}
            for kind, each in self.items.items()
        }
        found["refractory"].update(self.unsure)
        return {kind: frozenset(drugs) for kind, drugs in found.items()}

    @property
    def doubtful(self) -> frozenset[str]:
        """The drugs of which a list that is complete may hold one or not."""
        vague = (item.drugs for items in self._vague.values() for item in items)
        return frozenset(self.unsure).union(*vague)

    def _history(self, kind: str, name: str) -> Evaluation:
        wanted, field = self.catalogue.drugs_in(name), LISTS[kind]
        if wanted.isdisjoint(self._reach[kind]):
            return Evaluation(None, (field,)) if self.open_history else _NOT
        items = [item for item in self.items[kind] if item.drugs & wanted]
        if any(item.drugs <= wanted for item in items):
            return Evaluation(True)
        # What failed was given too: which drug it was is one question.
        failed = self.items["refractory"] if kind == "received" else ()
        asked = [("refractory" if item in failed else field, item) for item in items]
        needs = [f"{name}.{item.name.lower()}" for name, item in asked]
        if kind == "refractory":
            needs += [f"refractory.{drug}" for drug in self.unsure if drug in wanted]
        return Evaluation(None, tuple(dict.fromkeys(needs)))

    def history_count(self, kind: str, name: str) -> Interval:
        """How many different drugs of a class were received or are refractory: least and most."""
        counted = (kind, name)
        if counted not in self._counted:
            self._counted[counted] = self._count(kind, name)
        return self._counted[counted]

    def _count(self, kind: str, name: str) -> Interval:
        wanted = self.catalogue.drugs_in(name)
        known = len(self._known[kind] & wanted)
        vague = [item for item in self._vague[kind] if item.drugs & wanted]
        unsure = wanted & set(self.unsure) if kind == "refractory" else set()
        at_least = max(known, 1 if any(item.drugs <= wanted for item in vague) else 0)
        return (at_least, inf if self.open_history else known + len(vague) + len(unsure))

    def medicine(self, field: str, name: str) -> Evaluation:
        """Whether a medicine, or one of an interaction class, is taken."""
        return taken(field, name, getattr(self.patient, field), self.catalogue)

    @cached_property
    def _known(self) -> dict[str, set[str]]:
        """The drugs of each list that are known by name."""
        return {
            kind: {drug for item in each if item.named for drug in item.drugs}
            for kind, each in self.items.items()
        }

    @cached_property
    def _vague(self) -> dict[str, list[Item]]:
        """The items of each list that may be one drug or another."""
        return {
            kind: [item for item in each if not item.named] for kind, each in self.items.items()
        }

    def named(self, kind: str) -> tuple[str, ...]:
        """The drugs known by name, sorted."""
        return tuple(sorted(self._known[kind]))

    @cached_property
    def unresolved(self) -> tuple[str, ...]:
        """Classes named as refractory whose drug is not known, where the drug decides."""
        vague = self._vague["refractory"]
        return tuple(sorted(item.name for item in vague if not self._whole_class(item.name)))

    def _whole_class(self, name: str) -> bool:
        drug_class = self.catalogue.classes.get(name)
        return drug_class is not None and drug_class.crosses == "class"

    @cached_property
    def refractory_classes(self) -> tuple[str, ...]:
        """Classes with at least one refractory drug, named or not."""
        drugs, classes = self.catalogue.drugs, self.catalogue.classes
        found = {drugs[each].drug_class for each in self._known["refractory"]}
        for item in self._vague["refractory"]:
            found |= {name for name in classes if item.drugs <= self.catalogue.drugs_in(name)}
        return tuple(name for name in classes if name in found and name != "corticosteroid")

    @cached_property
    def resistance_state(self) -> str:
        """The field's word for the state: the strongest that is certain."""
        if self.unstated:
            return NOT_KNOWN
        imid, pi, cd38 = (name in self.refractory_classes for name in ("IMiD", "PI", "anti-CD38"))
        if imid and pi and cd38:
            two = all(self.history_count("refractory", name)[0] >= 2 for name in ("IMiD", "PI"))
            return "penta-refractory" if two else "triple-class-refractory"
        if imid and pi:
            return "double-refractory"
        refractory = self.history("refractory", LENALIDOMIDE).truth
        if refractory is None:
            return "not known to be lenalidomide-refractory"
        return "lenalidomide-refractory" if refractory else "not lenalidomide-refractory"

    @cached_property
    def prior_lines_at_least(self) -> int:
        """Lower bound of prior lines: drugs of one class, each refractory, were not one line."""
        counts = [
            int(self.history_count("refractory", name)[0]) for name in ("IMiD", "PI", "anti-CD38")
        ]
        steroids = self.catalogue.drugs_in("corticosteroid")
        drugs = any(item.drugs - steroids for item in self.items["received"])
        treated = drugs or self.patient.otherwise_treated
        return max(1 if treated else 0, *counts)

    def derived(self) -> dict[str, Any]:
        """What was derived, for the report."""
        derived: dict[str, Any] = {
            "exposed": list(self.named("received")),
            "refractory": list(self.named("refractory")),
            "intolerant": list(self.named("intolerant")),
            "unresolved": [name.lower() for name in self.unresolved],
            "refractory_classes": list(self.refractory_classes),
            "state": self.resistance_state,
            "history": "not known" if self.unstated else self.patient.history or "complete",
        }
        if self.unsure:
            derived["unsure"] = list(self.unsure)
        if self.patient.record or self.patient.recorded:
            derived |= self.patient.from_record()
        derived["prior_lines_at_least"] = int(self.interval("prior_lines")[0])
        for field in RENAL:
            if getattr(self.patient, field) is None and getattr(self, field) is not None:
                derived[field] = getattr(self, field)
        return derived


_NOT: Final = Evaluation(False)


def patient_state(patient: Patient, catalogue: Catalogue) -> PatientState:
    """What follows from `patient`. Raises PatientError where the statement cannot be true."""
    readings: list[PatientWarning] = []
    lists = {kind: items_of(patient, catalogue, kind) for kind in LISTS}
    given = {next(iter(item.drugs)) for items in lists.values() for item in items if item.named}
    partial = patient.history == "partial"
    resolved = {
        kind: resolve(kind, items, frozenset(given), partial, readings)
        for kind, items in lists.items()
    }
    received = (*resolved["received"], *resolved["refractory"], *resolved["intolerant"])
    items = {**resolved, "received": tuple(dict.fromkeys(received))}
    egfr, crcl = renal_function(patient)
    state = PatientState(patient, catalogue, items, tuple(readings), egfr, crcl)
    _contradicted(state)
    return state


def _scope(state: PatientState) -> list[PatientWarning]:
    if state.unstated:
        words = "no drug history stated: it is unknown, and every drug is a question"
        return [PatientWarning("history-unknown", words, ("refractory",))]
    answer = state.history("refractory", LENALIDOMIDE)
    if answer.truth:
        return []
    doubt = "" if answer.truth is False else "not known to be "
    words = f"{doubt or 'not '}refractory to lenalidomide"
    message = f"{words}: outside the scope this catalogue was built for"
    return [PatientWarning("out-of-scope", message, ("refractory",))]


def _doubts(state: PatientState) -> list[PatientWarning]:
    """Statements that do not fit together but leave an answer, and readings worth saying."""
    patient, found = state.patient, list[PatientWarning]()
    for name in state.unresolved:
        words = f"refractory to an unnamed {name}: which one it is decides what is open"
        found.append(PatientWarning("unresolved-class", words, ("refractory",)))
    if state.interval("prior_lines")[1] == 0:
        words = "no prior line: nothing here is eligible, for every regimen was studied at relapse"
        found.append(PatientWarning("no-prior-line", words, ("prior_lines",)))
    asks = partial(anywhere, catalogue=state.catalogue)
    found += [
        PatientWarning("turns-nothing", f"stated, and nothing here turns on it: {words}", (field,))
        for field, words in unasked(patient, state.catalogue, asks)
    ]
    found += (
        *told.medicines(patient, state.catalogue),
        *told.expansions(patient, state.catalogue),
        *told.kept(patient),
        *told.partial(patient),
        *told.of_several(patient, state.catalogue),
        *told.none_given(patient),
    )
    for field in ("cytogenetics", "comorbidities"):
        absent = f"{field}_absent"
        for name in set(getattr(patient, field) or ()) & set(getattr(patient, absent) or ()):
            words = f"{name} is stated both as found and as absent; taken as unknown"
            found.append(PatientWarning("found-and-absent", words, (field, absent)))
    if patient.dialysis and state.egfr is not None and state.interval("egfr")[0] >= NORMAL_EGFR:
        words = f"on dialysis with an eGFR of {NORMAL_EGFR} or more: check one of the two"
        found.append(PatientWarning("dialysis-with-normal-egfr", words, ("dialysis", "egfr")))
    if patient.sex == "male" and "pregnancy" in (patient.comorbidities or ()):
        words = "pregnancy in a male patient: check one of the two"
        found.append(PatientWarning("pregnancy-in-male", words, ("sex", "comorbidities")))
    return sorted(found)


def _nothing_given(patient: Patient) -> bool:
    """Whether it is said that no treatment was given at all."""
    given = (patient.refractory, patient.intolerant, patient.otherwise_treated)
    beside = (patient.prior_transplant, patient.history == "partial", patient.record)
    return patient.exposed == () and not any((*given, *beside))


def _contradicted(state: PatientState) -> None:
    stated = state.patient.number("prior_lines")
    lines = stated.high if isinstance(stated, Range) else stated
    if state.interval("prior_lines")[0] > 0 and _nothing_given(state.patient):
        problem = "none, and prior lines that were given: correct one of them"
        raise PatientError("exposed", problem)
    if lines is None or lines >= state.prior_lines_at_least:
        return
    if lines == 0:
        problem = "0 prior lines contradicts a drug history that is not empty; correct one of them"
    else:
        problem = (
            "fewer prior lines than the refractory drugs of one class take; "
            f"the list needs at least {state.prior_lines_at_least}: correct one of them"
        )
    raise PatientError("prior_lines", problem)
