"""The page of a cohort: what a summary counts, as pictures with their numbers beneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from lenrx import __version__
from lenrx.report.html import bars
from lenrx.report.html.template import written
from lenrx.rules.document import NOTICE
from lenrx.rules.plan.document import CAME_TO

TITLE: Final = "Myeloma: regimens open in a cohort"
SHOWN: Final = 20
"""How many reasons and missing fields are drawn; the tables hold them all."""


class Run(NamedTuple):
    """How a cohort was asked and read."""

    name: str
    catalogue: str
    digest: str
    asked: Mapping[str, Any]
    said: Sequence[str] = ()
    """How the file was read."""
    columns: Sequence[tuple[str, str]] = ()
    """Columns that were mapped, each with what it is read as."""


class Reason(NamedTuple):
    """What closes regimens: for how many patients at most one of them, and which ones."""

    because: str
    patients: int
    regimens: tuple[str, ...]


def render(found: Mapping[str, Any], run: Run) -> str:
    """The page as text. Raises ModuleNotFoundError where Jinja2 is not installed."""
    read = found["rows"] - found["unreadable"]
    regimens = _regimens(found)
    return written(
        "cohort.html",
        {},
        title=TITLE,
        run=run,
        lenrx=__version__,
        notice=NOTICE,
        found=found,
        read=read,
        lost=_lost(found),
        fields=_by_field(found),
        states=_counted("states", "Patients by state of resistance", found["states"], read),
        options=_counted("best", "Patients by what is open", _best(found), read),
        regimens=regimens,
        shares=bars.shares("regimens", "Patients by regimen", regimens) if read else [],
        reasons=reasons(found),
        excluding=_excluding(found, read),
        missing=_missing(found, read),
        given=_given(found.get("concordance"), read),
    )


def _counted(name: str, title: str, numbers: Mapping[str, int], of: int) -> dict[str, Any]:
    """Counts, each with its share and the picture of them."""
    figure = [bars.counts(name, title, numbers, of)] if numbers and of else []
    rows = [(words, rows, _share(rows, of)) for words, rows in numbers.items()]
    return {"name": name, "title": title, "figures": figure, "rows": rows, "of": of}


def _share(rows: int, of: int) -> str:
    if not of:
        return ""
    return "under 1 %" if 0 < 100 * rows < of else f"{100 * rows / of:.0f} %"


def _best(found: Mapping[str, Any]) -> dict[str, int]:
    return {
        "at least one open option": found["with_an_option"],
        "nothing but conditional ones": found["only_conditional"],
        "nothing open": found["nothing_open"],
    }


def _regimens(found: Mapping[str, Any]) -> list[tuple[str, int, int, int]]:
    """Regimens with open, conditional, excluded: those that are open most often first."""
    rows = [
        (each["id"], each["eligible"], each["conditional"], each["excluded"])
        for each in found["regimens"]
    ]
    return sorted(rows, key=lambda one: (-one[1], -one[2], one[0].casefold()))


def reasons(found: Mapping[str, Any]) -> list[Reason]:
    """What excludes, each reason once; for how many patients is that of its commonest regimen."""
    most: dict[str, int] = {}
    ids: dict[str, list[str]] = {}
    for each in found["regimens"]:
        for one in each["excluded_by"]:
            because = one["because"]
            most[because] = max(most.get(because, 0), one["rows"])
            ids.setdefault(because, []).append(each["id"])
    ranked = sorted(most, key=lambda because: (-most[because], -len(ids[because]), because))
    return [
        Reason(because, most[because], tuple(dict.fromkeys(ids[because]))) for because in ranked
    ]


def _excluding(found: Mapping[str, Any], read: int) -> dict[str, Any]:
    first = {one.because: one.patients for one in reasons(found)[:SHOWN]}
    return _counted(
        "reasons",
        "Patients for whom a reason closes the regimen that it closes most often",
        first,
        read,
    )


def _missing(found: Mapping[str, Any], read: int) -> dict[str, Any]:
    first = {one["question"]: one["rows"] for one in found["missing"][:SHOWN]}
    title = "Patients for whom a missing fact leaves a regimen open"
    return _counted("missing", title, first, read)


def _given(found: Mapping[str, Any] | None, read: int) -> dict[str, Any] | None:
    """What was given or planned beside what was open, where the table says it."""
    if found is None:
        return None
    counts = {words: found[name] for name, words in CAME_TO.items() if found[name]}
    title = "Given or planned, and it was"
    return {
        "told": _counted("concordance", title, counts, found["rows"]),
        "without": read - found["rows"],
        "better": found["eligible_with_better_evidence_open"],
        "outside": sum(found["not_in_catalogue"].values()),
        "excluded_by": found["excluded_by"][:SHOWN],
        "plans": {each["id"]: each for each in found["plans"]},
        "years": found["years"],
        "not_judged": found["not_judged"],
    }


_LOST: Final = (
    ("unreadable", "Rows that could not be read"),
    ("not_literal", "Rows with a cell that was read by more than its letter"),
    ("duplicate_ids", "Rows with the id of an earlier row"),
    ("nothing_stated", "Rows that state nothing of the disease or its treatment"),
)


def _lost(found: Mapping[str, Any]) -> list[tuple[str, int]]:
    """How rows were read, and what was lost of them."""
    told = [(words, found[name]) for name, words in _LOST]
    passed = [(f"Passed over, as no patient: {k}", n) for k, n in found["passed_over"].items()]
    codes = [(f"Not read, by kind: {k}", n) for k, n in found["unreadable_codes"].items()]
    return [*told, *passed, *codes]


def _by_field(found: Mapping[str, Any]) -> list[tuple[str, int, int, int]]:
    """Of each field the cells read by more than their letter, taken as not stated, not read."""
    kinds = (found.get("not_literal_fields", {}), found["unread_cells"], found["unreadable_fields"])
    counts = {name: tuple(kind.get(name, 0) for kind in kinds) for kind in kinds for name in kind}
    ranked = sorted(counts.items(), key=lambda one: (-sum(one[1]), one[0]))
    return [(name, *numbers) for name, numbers in ranked]
