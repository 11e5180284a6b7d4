"""A course of treatment: what was given from when to when, and what came of it.

Days are ordinals in intervals: a year or a month is every day it may mean.
"""

from __future__ import annotations

from math import inf
from typing import Final, NamedTuple

from lenrx.catalogue.conditions import UNKNOWN, Interval
from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import PatientError

WASHOUT: Final = 60
"""Days after the last dose in which progression still counts (definition `refractory`)."""
RESPONDED: Final = ("sCR", "CR", "VGPR", "PR", "MR")
SETTLED: Final = ("completed", "toxicity", "other")
"""Reasons to stop that are not progression."""
STEROID: Final = "corticosteroid"


RADIOTHERAPY: Final = "radiotherapy"
SUPPORTIVE: Final = "supportive care"
ALLOGENEIC: Final = "allogeneic transplant"
STUDY: Final = "study drug"
UNNAMED: Final = "unknown drug"
ANY_DRUG: Final = frozenset((STUDY, UNNAMED))
"""What may have been any drug."""
NO_LINE: Final = frozenset((RADIOTHERAPY, SUPPORTIVE))
"""What may be given alone without being a line of therapy; so may steroids."""
ALONGSIDE: Final = 28
"""Days for which two courses may overlap while one takes over from the other, in which drugs given
one by one belong together, and after which those given again are a new stretch."""


class Course(NamedTuple):
    """One course as stated, or put together from single drugs."""

    number: int
    drugs: tuple[str, ...] = ()
    start: Interval = UNKNOWN
    stop: Interval = UNKNOWN
    progression: Interval | None = None
    response: str | None = None
    stopped_for: str | None = None
    intolerant_of: tuple[str, ...] = ()
    maintenance: bool = False
    planned: bool | None = None
    transplant: bool = False
    line: int | None = None
    intent: str | None = None
    plan: str | None = None
    """What the courses of one line share where the record groups them."""
    other: tuple[str, ...] = ()
    """What was given that the catalogue does not hold."""
    last: tuple[tuple[str, Interval], ...] = ()
    """The last dose of drugs that did not stop with the course."""
    failed: frozenset[str] = frozenset()
    """Drugs of whose own exposure it is said that the disease progressed on it."""
    resisted: tuple[tuple[str, bool], ...] = ()
    """Drugs of which the course itself says whether the disease was refractory to them."""
    going_on: frozenset[str] = frozenset()
    """Drugs that the next course goes on with."""
    rows: tuple[int, ...] = ()
    """The courses as stated that this one was put together from."""

    @property
    def given(self) -> tuple[str, ...]:
        """All that was given, in the catalogue or not."""
        return (*self.drugs, *self.other)

    def last_dose(self, drug: str) -> Interval:
        """When a drug was last given: its own stop, or that of the course."""
        return dict(self.last).get(drug, self.stop) if self.last else self.stop

    @property
    def progressed(self) -> bool:
        """Whether it is said, with or without a date, that the disease progressed on it."""
        if self.stopped_for == "progression" or self.response == "PD":
            return True
        return bool(self.resisted) and any(truth for _, truth in self.resisted)

    @property
    def event(self) -> Interval | None:
        """The days on which it progressed, or may have where that is said not to be known."""
        hidden = "unknown" in (self.response, self.stopped_for)
        if self.progression or not (self.progressed or hidden):
            return self.progression
        return (self.start[0], self.stop[1] + WASHOUT if self.progressed else inf)


def refused(number: int, field: str, problem: str, word: str | None = None) -> PatientError:
    """A course that cannot be read: where and why; its word is kept apart."""
    return PatientError("treatments", f"course {number}: {field}: {problem}", word)


def after(later: Interval, earlier: Interval) -> Interval:
    """How many days `later` is after `earlier`, least and most."""
    return (later[0] - earlier[1], later[1] - earlier[0])


def active(course: Course, catalogue: Catalogue) -> list[str]:
    """What a course treats the myeloma with besides steroids, radiotherapy and supportive care."""
    steroids = catalogue.drugs_in(STEROID)
    drugs = [drug for drug in course.drugs if not catalogue.drugs_in(drug) <= steroids]
    return drugs + [name for name in course.other if name not in NO_LINE]


def is_treatment(course: Course, catalogue: Catalogue) -> bool:
    """Whether a course can be a line of therapy at all."""
    return course.transplant or course.line is not None or bool(active(course, catalogue))
