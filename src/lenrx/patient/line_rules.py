"""Lines of therapy by Rajkumar 2015 (definition `line-of-therapy`): which course begins a new one.

What belongs to a plan goes on with its line unless the disease progressed before: what is said to
be planned, and by its nature a transplant, its conditioning, consolidation and maintenance. Another
regimen after all drugs were stopped begins a line, and so does whatever follows progression. Where
a drug was added or exchanged and nobody says whether that was planned, both counts are possible,
and the number of lines is a range.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from lenrx.catalogue.conditions import Interval, any_of, within
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.vocabulary import Truth
from lenrx.patient.course import (
    ALLOGENEIC,
    ALONGSIDE,
    ANY_DRUG,
    SETTLED,
    STEROID,
    Course,
    active,
    after,
    is_treatment,
    refused,
)
from lenrx.patient.exposures import is_conditioning

LATE: Final = 365
"""Days without treatment after which a transplant or maintenance is hardly of the same plan."""
AFTER_TRANSPLANT: Final = 183
"""Days after a transplant in which consolidation and maintenance begin, or the second of a tandem.
The definition names "a predefined interval (such as 3 months)"; beyond twice that none is one."""

Judged = tuple[Truth, str]


class History(NamedTuple):
    """The courses in order, and whether each leaves the plan of the one before."""

    courses: Sequence[Course]
    breaks: Sequence[Truth]
    catalogue: Catalogue
    begins: Sequence[int] = ()
    """Where the plan to which each course may belong began."""

    def active(self, course: Course) -> list[str]:
        """The drugs of a course that the catalogue holds and that are not steroids."""
        return [drug for drug in active(course, self.catalogue) if drug in course.drugs]

    def before(self, index: int, begin: int = 0) -> list[Course]:
        """The courses before one that can be a line, from another on."""
        every = self.courses[begin:index]
        return [each for each in every if is_treatment(each, self.catalogue)]

    def progressed(self, index: int) -> Truth:
        """Whether the disease progressed on the plan before a course started."""
        course = self.courses[index]
        return any_of(_before(each, course) for each in self.courses[self.begins[index] : index])


def history_of(courses: Sequence[Course], catalogue: Catalogue) -> History:
    """The courses with whether each leaves the plan of the one before."""
    breaks, begins = list[Truth](), list[int]()
    plan = certain = 0
    for index, course in enumerate(courses):
        so_far = History(courses, breaks, catalogue, begins)
        begins.append(plan)
        sure = any_of(_before(each, course) for each in courses[certain:index])
        # what came before a doubtful break may belong to another plan: from there it only doubts
        doubted = any_of(_before(each, course) for each in courses[plan:certain])
        planned, _ = _belongs(so_far, index) if index else (False, "")
        left = any_of((sure, None if doubted or planned is None else doubted))
        left = True if planned is False else left
        if not is_treatment(course, catalogue):
            # why steroids or radiotherapy were given is not said: it may have been for progression
            breaks.append(left or None)
        else:
            breaks.append(left)
            certain = certain if left is False else index
            plan = index if left else plan
    return History(courses, breaks, catalogue, begins)


def _before(earlier: Course, course: Course) -> Truth:
    """Whether progression on an earlier course came before `course` started."""
    if earlier.progressed or earlier.event is None:
        return earlier.progressed
    return within(after(course.start, earlier.event), {"at_least": 0})


def _belongs(history: History, index: int) -> Judged:
    """Whether a course is part of the plan of the one before, as long as nothing progressed."""
    course, catalogue = history.courses[index], history.catalogue
    if not is_treatment(course, catalogue):
        return True, _no_line(course)
    if course.planned is not None:
        return course.planned, "planned part of the line" if course.planned else "not planned"
    line = history.before(index, history.begins[index])
    if not line:
        return False, "first course"
    if course.plan and line[-1].plan:
        if course.plan == line[-1].plan:
            return True, "grouped with the course before"
        return False, "the record begins another group"
    return _by_its_nature(course, line, catalogue)


def _no_line(course: Course) -> str:
    kinds = ["steroids"] if course.drugs else []
    return f"{' and '.join([*kinds, *course.other])} alone: no line"


def _by_its_nature(course: Course, line: Sequence[Course], catalogue: Catalogue) -> Judged:
    late = after(course.start, line[-1].stop)[0] > LATE
    why = f"over {LATE} days after the course before: of its plan, or for a relapse"
    transplants = [each for each in line if _is_transplant(each, catalogue)]
    if _is_transplant(course, catalogue):
        if transplants:
            return _tandem(course, transplants[-1])
        return (None, why) if late else (True, "transplant without progression before it")
    part = "maintenance" if course.maintenance else course.intent
    if part in ("maintenance", "consolidation"):
        return (None, why) if late else (True, f"{part} without progression before it")
    if transplants and transplants[-1] is line[-1]:
        return _after_transplant(course, line, catalogue)
    if transplants and _is_after_consolidation(course, line, transplants[-1], catalogue):
        return True, "one drug after transplant and consolidation, without progression: maintenance"
    return False, ""


def _is_after_consolidation(
    course: Course, line: Sequence[Course], transplant: Course, catalogue: Catalogue
) -> bool:
    """Whether one drug follows the drugs that followed a transplant, soon enough for its plan."""
    several = line[-1].intent == "consolidation" or len(active(line[-1], catalogue)) > 1
    soon = within(after(course.start, line[-1].stop), {"at_most": AFTER_TRANSPLANT})
    year = within(after(course.start, transplant.start), {"at_most": LATE})
    return several and len(active(course, catalogue)) == 1 and bool(soon) and bool(year)


def _is_transplant(course: Course, catalogue: Catalogue) -> bool:
    named = course.transplant or ALLOGENEIC in course.other
    return named or is_conditioning(course, catalogue)


def _tandem(course: Course, first: Course) -> Judged:
    if within(after(course.start, first.start), {"at_most": AFTER_TRANSPLANT}) is False:
        return False, "another transplant"
    if ALLOGENEIC in course.other and first.start == course.start:
        return True, "part of the same transplant"
    return None, "a second transplant is of the same line only if it was planned as a tandem"


def _after_transplant(course: Course, line: Sequence[Course], catalogue: Catalogue) -> Judged:
    soon = within(after(course.start, line[-1].start), {"at_most": AFTER_TRANSPLANT})
    drugs, before = set(active(course, catalogue)), set(_drugs(line, catalogue))
    if soon is False or drugs & ANY_DRUG:
        return False, ""
    if len(drugs) == 1:
        return True, "one drug after the transplant, without progression: maintenance"
    if drugs <= before:
        return True, "drugs of the line again after the transplant: consolidation"
    return None, "another regimen after the transplant: consolidation if it was planned"


def _drugs(courses: Sequence[Course], catalogue: Catalogue) -> Iterator[str]:
    for each in courses:
        yield from active(each, catalogue)


def lines_of(history: History) -> Iterator[tuple[Interval, str]]:
    """The line of each course, fewest and most, with the rule."""
    number: tuple[int, int] = (0, 0)
    for index, course in enumerate(history.courses):
        if course.line is not None:
            if course.line < max(1, number[0]):
                raise refused(course.number, "line", "is lower than that of an earlier course")
            number, why = (course.line, course.line), "line stated"
        else:
            new, why = _new_line(history, index)
            number = (number[0] + (new is True), number[1] + (new is not False))
        yield number, why


def _new_line(history: History, index: int) -> Judged:
    course, earlier = history.courses[index], history.before(index)
    belongs, why = _belongs(history, index)
    if not is_treatment(course, history.catalogue):
        return False, why
    if not earlier:
        return True, "first course"
    left, progressed = history.breaks[index], history.progressed(index)
    if left is False:
        return False, why
    same = _goes_on(history, index)
    if same is True:
        return False, _same(course, earlier[-1])
    if progressed or earlier[-1].progressed:
        return _changed(course, earlier[-1])
    if belongs is not False or (progressed is None and same is None):
        return None, why if belongs is None else "the dates leave open whether it progressed before"
    if same is None:
        return None, "a part of the regimen after a break, or at no known day: perhaps a new line"
    if why:
        return True, why
    return _regimen_changed(history, index, earlier[-1])


def _changed(course: Course, last: Course) -> Judged:
    if course.planned:
        return True, "planned, but after progression"
    reason = last.stopped_for
    return True, "drugs changed for progression" if reason == "progression" else "after progression"


def _same(course: Course, last: Course) -> str:
    if set(course.given) == set(last.given):
        return "the same drugs again, no other between: no drug added or exchanged"
    return "no drug added or exchanged"


def _goes_on(history: History, index: int) -> Truth:
    """Whether a regimen goes on: the same drugs again, or only some of them without a gap."""
    course, catalogue = history.courses[index], history.catalogue
    line = history.before(index, history.begins[index]) or history.before(index)
    drugs, last = set(course.given), set(line[-1].given)
    if course.transplant or drugs & ANY_DRUG or not set(course.drugs) <= catalogue.drugs.keys():
        return False
    if drugs == last:
        return True
    if not drugs <= {drug for each in line for drug in each.given}:
        return None if _only_steroids(drugs, last, catalogue) else False
    gap = after(course.start, line[-1].stop)
    short = within(gap, {"at_most": ALONGSIDE})
    soon = within(gap, {"at_most": AFTER_TRANSPLANT}) is not False
    # one drug of the regimen some months later is maintenance that nobody called so, or a new line
    return None if short is False and soon and len(active(course, catalogue)) == 1 else short


def _only_steroids(drugs: set[str], last: set[str], catalogue: Catalogue) -> bool:
    steroids = catalogue.drugs_in(STEROID)
    added, kept = drugs - last, (drugs | last) - steroids
    return added <= steroids and kept <= drugs


def _regimen_changed(history: History, index: int, last: Course) -> Judged:
    """What another regimen is where nothing progressed and nobody says whether it was planned."""
    course, catalogue = history.courses[index], history.catalogue
    if last.stopped_for == "toxicity":
        return True, "drugs changed for toxicity"
    gap = after(course.start, last.stop)
    short = within(gap, {"at_most": ALONGSIDE})
    kept = set(active(course, catalogue)) & set(active(last, catalogue)) - ANY_DRUG
    if short or (kept and short is None):
        how = "added to those that go on" if kept else "exchanged"
        known = last.stopped_for in SETTLED or course.planned is not None
        says = "without progression" if known else "with no progression stated"
        return None, f"drugs {how} {says}: a new line unless planned"
    return True, "another regimen, not said to be planned"
