"""The three-valued predicates that the catalogue's YAML can use, and groups of patients by them.

A condition is plain data: a mapping with one key, a leaf or one of `all`, `any`, `not`. A missing
value makes a leaf unknown, and the connectives follow Kleene's tables, so taking a fact away can
turn an answer into "unknown" but never turn "not met" into "met".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import inf, nextafter
from typing import Any, Final, NamedTuple, Protocol

from lenrx.catalogue.fields import FLAGGED, FOUND, NUMERIC, TAKEN, WORDED
from lenrx.catalogue.vocabulary import Truth

Condition = Mapping[str, Any]
Interval = tuple[float, float]

UNKNOWN: Final[Interval] = (-inf, inf)
RENAL: Final = ("crcl", "egfr")
KIDNEY_FAILURE: Final[Interval] = (0, nextafter(15, 0))
"""mL/min; what dialysis says of renal function (definition `kidney-failure`)."""


class Evaluation(NamedTuple):
    """What a condition says of one patient, and the fields that would settle it when unknown."""

    truth: Truth
    needs: tuple[str, ...] = ()


class Asked(Protocol):
    """Whoever can be asked the leaves of a condition."""

    def ask(self, key: str, wanted: Any) -> Evaluation:
        """What one leaf says of one patient."""


class Facts(Protocol):
    """What a leaf may ask about a patient."""

    def interval(self, field: str) -> Interval:
        """The values a number may have."""

    def word(self, field: str) -> str | bool | None:
        """A word or a flag, None when not stated."""

    def finding(self, field: str, name: str) -> Truth:
        """Whether a cytogenetic finding or a comorbidity is there."""

    def history(self, kind: str, name: str) -> Evaluation:
        """Whether a drug or any drug of a class was received, or is refractory or intolerant."""

    def history_count(self, kind: str, name: str) -> Interval:
        """How many drugs of a class, least and most."""

    def medicine(self, field: str, name: str) -> Evaluation:
        """Whether a medicine, or one of an interaction class, is taken."""


NUMBERS: Final = tuple(name for name, kind in NUMERIC.items() if kind.criterion)
FLAGS: Final = FLAGGED
WORDS: Final = {name: kind.words for name, kind in WORDED.items() if kind.criterion}
SETS: Final = {k.criterion: (name, k.words) for name, k in FOUND.items() if k.criterion}
"""The field and the words of a criterion that asks for findings."""
HISTORIES: Final = ("received", "refractory", "intolerant")
LISTS: Final = {"received": "exposed", "refractory": "refractory", "intolerant": "intolerant"}
"""The field in which each kind of history is stated."""
MEDICINES: Final = TAKEN
"""Criteria that ask for medicines and interaction classes, by the fields that state them."""
COUNTS: Final = {"received_count": "received", "refractory_count": "refractory"}
BOUNDS: Final = ("below", "at_most", "above", "at_least")


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's conjunction: one False decides, then one unknown."""
    seen = list(truths)
    return False if False in seen else None if None in seen else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's disjunction: one True decides, then one unknown."""
    seen = list(truths)
    return True if True in seen else None if None in seen else False


def negate(truth: Truth) -> Truth:
    """Kleene's negation: unknown stays unknown."""
    return None if truth is None else not truth


def within(interval: Interval, bounds: Mapping[str, float]) -> Truth:
    """Whether a value known only to lie in `interval` satisfies every bound."""
    low, high = interval
    return all_of(_COMPARE[name](low, high, bound) for name, bound in bounds.items())


_COMPARE: Final[dict[str, Callable[[float, float, float], Truth]]] = {
    "below": lambda low, high, bound: True if high < bound else False if low >= bound else None,
    "at_most": lambda low, high, bound: True if high <= bound else False if low > bound else None,
    "above": lambda low, high, bound: True if low > bound else False if high <= bound else None,
    "at_least": lambda low, high, bound: True if low >= bound else False if high < bound else None,
}


def evaluate(condition: Condition, asked: Asked) -> Evaluation:
    """What `condition` says of one patient; `needs` is empty unless the answer is unknown."""
    ((key, wanted),) = condition.items()
    joint = _JOINTS.get(key)
    return joint(wanted, asked) if joint else asked.ask(key, wanted)


def leaf(key: str, wanted: Any, facts: Facts) -> Evaluation:
    """What one leaf says of `facts`."""
    return _LEAVES[key](key, wanted, facts)


def leaves(condition: Condition) -> Iterator[tuple[str, Any]]:
    """The leaves of a condition, left to right."""
    ((key, wanted),) = condition.items()
    if key in ("all", "any"):
        for part in wanted:
            yield from leaves(part)
    elif key == "not":
        yield from leaves(wanted)
    else:
        yield key, wanted


def _settled(truth: Truth, *needs: str) -> Evaluation:
    return Evaluation(truth, needs if truth is None else ())


def _joined(truth: Truth, answers: list[Evaluation]) -> Evaluation:
    if truth is not None:
        return Evaluation(truth)
    needs = [need for answer in answers if answer.truth is None for need in answer.needs]
    return Evaluation(None, tuple(dict.fromkeys(needs)))


def _all(parts: list[Condition], asked: Asked) -> Evaluation:
    answers = [evaluate(part, asked) for part in parts]
    return _joined(all_of(answer.truth for answer in answers), answers)


def _any(parts: list[Condition], asked: Asked) -> Evaluation:
    answers = [evaluate(part, asked) for part in parts]
    return _joined(any_of(answer.truth for answer in answers), answers)


def _not(part: Condition, asked: Asked) -> Evaluation:
    answer = evaluate(part, asked)
    return Evaluation(negate(answer.truth), answer.needs)


def _always(wanted: bool, _: Asked) -> Evaluation:
    return Evaluation(wanted)


_JOINTS: Final[dict[str, Callable[[Any, Asked], Evaluation]]] = {
    "all": _all,
    "any": _any,
    "not": _not,
    "always": _always,
}


def _number(field: str, bounds: Mapping[str, float], facts: Facts) -> Evaluation:
    return _settled(within(facts.interval(field), bounds), field)


def _renal(_: str, bounds: Mapping[str, float], facts: Facts) -> Evaluation:
    """Whether renal function lies in the band: CrCl, eGFR or dialysis, the lowest known."""
    known = [facts.interval(field) for field in RENAL if facts.interval(field) != UNKNOWN]
    if facts.word("dialysis") is True:
        known.append(KIDNEY_FAILURE)
    lowest = (min(low for low, _ in known), min(high for _, high in known)) if known else None
    return _settled(within(lowest, bounds) if lowest else None, "egfr")


def _flag(field: str, wanted: bool, facts: Facts) -> Evaluation:
    value = facts.word(field)
    return _settled(None if value is None else value is wanted, field)


def _word(field: str, wanted: list[str], facts: Facts) -> Evaluation:
    value = facts.word(field)
    return _settled(None if value is None else value in wanted, field)


def _set(key: str, wanted: list[str], facts: Facts) -> Evaluation:
    field = SETS[key][0]
    truths = [(facts.finding(field, name), name) for name in wanted]
    needs = (f"{field}.{name}" for truth, name in truths if truth is None)
    return _settled(any_of(truth for truth, _ in truths), *needs)


def _history(kind: str, wanted: Sequence[str], facts: Facts) -> Evaluation:
    if len(wanted) == 1:
        return facts.history(kind, wanted[0])
    answers = [facts.history(kind, name) for name in wanted]
    return _joined(any_of(answer.truth for answer in answers), answers)


def _medicines(field: str, wanted: Sequence[str], facts: Facts) -> Evaluation:
    answers = [facts.medicine(field, name) for name in wanted]
    return _joined(any_of(answer.truth for answer in answers), answers)


def _count(key: str, wanted: Mapping[str, Any], facts: Facts) -> Evaluation:
    kind, name = COUNTS[key], wanted["class"]
    bounds = {bound: wanted[bound] for bound in BOUNDS if bound in wanted}
    field = "exposed" if kind == "received" else kind
    return _settled(within(facts.history_count(kind, name), bounds), f"{field}.{name.lower()}")


_LEAVES: Final[dict[str, Callable[[str, Any, Facts], Evaluation]]] = {
    "renal": _renal,
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(FLAGS, _flag),
    **dict.fromkeys(WORDS, _word),
    **dict.fromkeys(SETS, _set),
    **dict.fromkeys(HISTORIES, _history),
    **dict.fromkeys(MEDICINES, _medicines),
    **dict.fromkeys(COUNTS, _count),
}


class Population(NamedTuple):
    """A named group of patients and the condition that puts a patient in it (None: everybody).

    `broader_if` marks patients for whom the group is wider than they are: an exposed group, read
    for a refractory patient.
    """

    id: str
    title: str
    when: Condition | None = None
    broader_if: Condition | None = None
    resistance: bool = False


class SeldomEnrolled(NamedTuple):
    """A state, in words, with which trials leave patients out as a rule.

    `counts`: a trial that does not say whether it took such patients does not fit them.
    """

    id: str
    when: Condition
    counts: bool = True


class Setting(NamedTuple):
    """A clinical setting that guidelines speak of."""

    id: str
    title: str
    when: Condition
