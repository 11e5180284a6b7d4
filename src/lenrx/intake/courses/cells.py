"""Courses as charts write them into courses as the treatment record reads them.

Names of fields, words of response, reason and intent in the spellings of registries; what is not
literal is said, and what nobody can tell is said not to be known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells.spellings.mobilisation import mobilises
from lenrx.intake.courses.drugs import is_nothing
from lenrx.intake.courses.fields import given_in, is_missing, read_field, texts_of, withdraws
from lenrx.intake.courses.given import Given
from lenrx.intake.courses.mobilisation import mobilising
from lenrx.intake.courses.names import course_field
from lenrx.intake.courses.words import NO, YES, letters
from lenrx.patient.course import RADIOTHERAPY, UNNAMED, refused
from lenrx.patient.courses import KEYS
from lenrx.patient.patient import PatientError


class Charted(NamedTuple):
    """Courses ready to be read, and what was not literal."""

    courses: list[dict[str, Any]]
    said: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    """Which course of the list each of them is."""
    unsure: tuple[str, ...] = ()
    """What was given and may have been any drug."""


def charted(treatments: object, catalogue: Catalogue) -> Charted:
    """The courses of one patient, made ready to be read. Raises PatientError."""
    if not isinstance(treatments, list | tuple):
        raise PatientError("treatments", "must be a list of courses")
    courses, said, unsure = dict[int, dict[str, Any]](), list[str](), list[str]()
    stated, left = dict[str, int](), False
    for number, raw in enumerate(_without_frames(treatments, catalogue), 1):
        if not isinstance(raw, Mapping):
            message = f"course {number}: must be a mapping that names its drugs"
            raise PatientError("treatments", message)
        course, cell = _course(number, raw, catalogue, said)
        left = left or bool(cell and cell.left)
        if course is None:
            continue
        first = stated.setdefault(repr(course), number) if course.get("start") else number
        if first != number:
            said.append(f"course {number}: the same as course {first}: read once")
            continue
        courses[number] = course
        unsure += cell.unsure if cell else [UNNAMED] if UNNAMED in course.get("other", ()) else []
    if left and not courses:
        problem = "names only what was not given; write the courses, or none where there was none"
        raise PatientError("treatments", problem)
    return Charted([*courses.values()], tuple(said), tuple(courses), tuple(dict.fromkeys(unsure)))


def _without_frames(treatments: Any, catalogue: Catalogue) -> list[Any]:
    """The courses without those that only hold others together, as a parent episode does.

    Where the one that holds others together names drugs, it is a line; else it may be the disease.
    """
    every = list(treatments)
    ids = {str(_named(each, "episode")): each for each in every if _named(each, "episode")}
    parents = {str(_named(each, "plan")) for each in every if _named(each, "plan")} & ids.keys()
    if not ids:
        return every
    lines = {each for each in parents if _names_drugs(ids[each], catalogue)}
    alone = {str(_named(each, "plan")) for each in every if _named(each, "plan")}
    # parents that are not in the table: several of them are lines, a single one may be the disease
    lines |= (alone - parents) if len(alone - parents) > 1 else set()
    kept = [each for each in every if str(_named(each, "episode")) not in parents]
    return [each if str(_named(each, "plan")) in lines else _less(each, ("plan",)) for each in kept]


def _named(raw: Any, field: str) -> Any:
    if not isinstance(raw, Mapping):
        return None
    found = (value for name, value in raw.items() if course_field(str(name)) == field)
    return next((value for value in found if not is_missing(value)), None)


def _less(raw: Any, fields: tuple[str, ...]) -> Any:
    return {name: value for name, value in raw.items() if course_field(str(name)) not in fields}


def _names_drugs(raw: Any, catalogue: Catalogue) -> bool:
    try:
        cell = given_in(0, "drugs", _named(raw, "drugs"), catalogue)
    except PatientError:
        return False
    return bool(cell and cell.drugs)


def _course(
    number: int, raw: Mapping[Any, Any], catalogue: Catalogue, said: list[str]
) -> tuple[dict[str, Any] | None, Given | None]:
    """One course by the fields of the record, and its drugs; None where nothing was given."""
    _refuse_plans(number, raw)
    values = _by_field(number, raw)
    cell = given_in(number, "drugs", _all(number, values), catalogue)
    kind = values.pop("kind", "")
    kind = kind if isinstance(kind, str) else ""
    values.pop("episode", None)
    _part_range(number, values, said)
    if cell and mobilises(str(values.get("intent") or "")):
        cell = mobilising(cell, catalogue)
        cell = cell._replace(said=cell.aside or cell.said)
        values.pop("intent")
    found: dict[str, Any] = {}
    for field, value in values.items():
        if is_missing(value):
            if withdraws(field, value):
                found[field] = "unknown"
            continue
        found |= dict(read_field(number, field, value, catalogue, said))
    found |= _of_drugs(number, cell, kind, found, said)
    if cell and cell.sequence and _failed(found):
        problem = "are a sequence, of which only the last may have failed; write a row for each"
        raise refused(number, "drugs", problem)
    nothing = not (found.get("drugs") or found.get("other") or found.get("transplant"))
    return (None if cell and nothing else found), cell


_WHEN: Final = r"(?:\S*\d{4}|\d{4}-\d\d(?:-\d\d)?)"
_RANGE: Final = re.compile(
    rf"(?P<start>{_WHEN})"
    r"(?: ?[\u2013\u2014] ?| - | (?:to|until|bis|hasta|a|au) |(?<=\d{4})-)"
    rf"(?P<stop>{_WHEN}|ongoing|present|now|to date|heute|laufend)",
    re.IGNORECASE,
)
"""From when to when, in the cell of the start."""
_LONGEST_RANGE: Final = 40
"""Letters of two dates with what joins them."""


def _part_range(number: int, values: dict[str, Any], said: list[str]) -> None:
    """Take `2019-2021` for a start and a stop, where no other stop is stated."""
    written = values.get("start")
    short = isinstance(written, str) and len(written) <= _LONGEST_RANGE
    match = _RANGE.fullmatch(written.strip()) if short and isinstance(written, str) else None
    if match and is_missing(values.get("stop")):
        values |= {"start": match["start"], "stop": match["stop"]}
        said.append(
            f"course {number}: start: read '{written}' as {match['start']} to {match['stop']}"
        )


_PLANS: Final = frozenset(
    "planned scheduled recommended recommendation proposed proposal "
    "cancelled canceled notgiven notstarted notyetstarted notadministered plannedtreatment "
    "plannedtherapy maintenanceplanned geplant empfohlen abgesagt planificado cancelado prevu "
    "annule".split()
)
_DONE_OR_NOT: Final = frozenset(
    "status treatmentstatus coursestatus therapystatus regimenstatus eventtype treatmenttype type "
    "kind intent given administered received cancelled canceled".split()
)


def _refuse_plans(number: int, raw: Mapping[Any, Any]) -> None:
    """Refuse a course of which the table says that it was planned, or never given."""
    for name, value in raw.items():
        column = letters(str(name))
        if column not in _DONE_OR_NOT:
            continue
        word = letters(str(value))
        denied = column in ("given", "administered", "received") and word in NO
        dropped = column in ("cancelled", "canceled") and word in YES
        if word in _PLANS or denied or dropped:
            raise refused(number, str(name), "says that it was not given; delete the row")


def _failed(found: Mapping[str, Any]) -> bool:
    """Whether a course says that the disease progressed on it."""
    return (
        found.get("stopped_for") == "progression"
        or found.get("response") == "PD"
        or bool(found.get("progression"))
        or found.get("refractory") is True
    )


_DRUGS: Final = ("drugs", "other", "drugs_more")


def _all(number: int, values: dict[str, Any]) -> Any:
    """The drugs of a course and those written beside them as others."""
    found = {field: values.pop(field, None) for field in _DRUGS}
    items = list[str]()
    for field, value in found.items():
        if is_missing(value) and not is_nothing(value):
            continue
        more = found["drugs_more"] is not None and not is_missing(found["drugs_more"])
        if field == "drugs" and more and letters(str(value)) in ("other", "otherspecify"):
            # what the other one was is written beside it
            continue
        listed = texts_of(number, field, value)
        items += [each for each in listed if field == "drugs" or not is_nothing(each)]
    return items or None


def _by_field(number: int, raw: Mapping[Any, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for written, value in raw.items():
        field = course_field(str(written))
        if field is None or field == "id":
            from difflib import get_close_matches

            near = get_close_matches(str(written).lower(), KEYS, n=1, cutoff=0)[0]
            raise PatientError("treatments", f"course {number}: unknown field; {_instead(near)}")
        if field not in values or is_missing(values[field]):
            values[field] = value
        elif not is_missing(value) and (
            values[field] != value or type(values[field]) is not type(value)
        ):
            raise refused(number, field, "is written twice; keep one")
    return values


def _instead(near: str) -> str:
    outcome = "an outcome is response, progression, stopped_for or refractory"
    return f"nearest: {near}; {outcome}"


def _of_drugs(
    number: int, cell: Given | None, kind: str, found: dict[str, Any], said: list[str]
) -> dict[str, Any]:
    """What the cell of drugs and the kind of the row say of a course."""
    if cell is None:
        return _without_drugs(number, kind, found, said)
    if cell.said:
        said.append(f"course {number}: {cell.said}")
    stated: dict[str, Any] = {"drugs": list(cell.drugs)} if cell.drugs else {}
    if cell.other or "other" in found:
        stated["other"] = list(dict.fromkeys((*cell.other, *found.get("other", ()))))
    if cell.transplant:
        if found.get("transplant") is False:
            problem = "says that there was none, and the drugs name one; keep one"
            raise refused(number, "transplant", problem)
        stated["transplant"] = True
    if cell.part and "intent" not in found and "maintenance" not in found:
        stated["intent"] = cell.part
    if cell.reason and found.get("stopped_for") not in (None, cell.reason):
        problem = "differs from the reason that stands behind the drugs; keep one"
        raise refused(number, "stopped_for", problem)
    if cell.reason:
        stated["stopped_for"] = cell.reason
    if cell.planned and "planned" not in found:
        stated["planned"] = True
    return stated


def _without_drugs(
    number: int, kind: str, found: dict[str, Any], said: list[str]
) -> dict[str, Any]:
    if found.get("transplant") or found.get("other") or found.get("intent") in _GRAFTS:
        return {}
    if is_radiotherapy(kind):
        return {"other": [RADIOTHERAPY]}
    if re.search(r"transplant|\bh?sct\b", kind, re.IGNORECASE):
        return {"transplant": True}
    said.append(f"course {number}: no drug is named: read as one that is not known")
    return {"other": [UNNAMED]}


_GRAFTS: Final = ("transplant", "conditioning")


def is_radiotherapy(kind: str) -> bool:
    """Whether a kind of treatment is radiotherapy."""
    return bool(re.search(r"radiat|radioth|\bx?rt\b|strahl", kind, re.IGNORECASE))
