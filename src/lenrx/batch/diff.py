"""Whose options changed between two results of the same patients, and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from lenrx.batch.files import legend_of
from lenrx.batch.results import SCHEMA
from lenrx.batch.shown import excluding, is_texts, worded
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.patient.patient import PatientError

Data = Mapping[str, Any]
Place = tuple[int, int]
"""Where a result stands in its file, and a digest of its verdicts."""


def changes(before: Path, after: Path) -> Iterator[dict[str, Any]]:
    """Every patient whose verdicts differ, in the order of `after`, then those only in `before`.

    Patients are matched by id (of an id that repeats, first to first), without ids by row. Only
    places are held, not results. Raises PatientError where a file is no result of `lenrx batch`.
    """
    try:
        legends = (_legend(before), _legend(after))
        with before.open("rb") as earlier, after.open("rb") as later:
            yield from _changes(earlier, later, (before.name, after.name), legends)
    except OSError as error:
        raise PatientError(str(error.filename), f"cannot be read ({error.strerror})") from None


def _legend(results: Path) -> Data:
    """The legend beside results; nothing where there is none, and criteria are named by id."""
    try:
        found = json.loads(legend_of(results).read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _changes(
    earlier: BinaryIO, later: BinaryIO, names: tuple[str, str], legends: tuple[Data, Data]
) -> Iterator[dict[str, Any]]:
    places = {
        who: (place, _mark(result)) for who, place, result in _numbered(_results(earlier, names[0]))
    }
    for who, _, result in _numbered(_results(later, names[1])):
        found = places.pop(who, None)
        if found is None:
            yield {**_named(result), "change": "only in the later result"}
        elif found[1] != _mark(result):
            earlier.seek(found[0])
            yield _change(json.loads(earlier.readline()), result, legends)
    for place, _ in places.values():
        earlier.seek(place)
        yield {**_named(json.loads(earlier.readline())), "change": "only in the earlier result"}


def _results(source: BinaryIO, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    place = source.tell()
    number = 0
    while line := source.readline():
        number += 1
        try:
            result = json.loads(line)
        except (ValueError, RecursionError):
            result = None
        if not _sound(result):
            raise PatientError(f"{name}:{number}", f"not a line of {SCHEMA}; diff reads NDJSON")
        yield place, result
        place = source.tell()


def _sound(result: Any) -> bool:
    """Whether a value is a result as `lenrx batch` writes it, as far as it is looked at here."""
    if not isinstance(result, dict) or result.get("schema") != SCHEMA:
        return False
    if not isinstance(result.get("row"), int) or not isinstance(result.get("id", 0), str | None):
        return False
    if "error" in result:
        error = result["error"]
        names = ("field", "reason")
        return isinstance(error, dict) and all(isinstance(error.get(one), str) for one in names)
    lists = all(is_texts(result.get(name)) for name in VERDICTS)
    by_criterion = (result.get(name, {}) for name in ("excluded_by", "unclear"))
    return lists and all(
        isinstance(held, dict) and all(map(is_texts, held.values())) for held in by_criterion
    )


def _numbered(
    found: Iterator[tuple[int, dict[str, Any]]],
) -> Iterator[tuple[tuple[str, Any, int], int, dict[str, Any]]]:
    """Every result with its name, told from others of the same id by how often it came before."""
    seen: Counter[int] = Counter()
    for place, result in found:
        who = ("row", result["row"]) if result["id"] is None else ("id", result["id"])
        seen[hash(who)] += 1
        yield (*who, seen[hash(who)]), place, result


def _verdicts(result: Data) -> dict[str, str]:
    if "error" in result:
        return {}
    return {name: verdict for verdict in VERDICTS for name in result[verdict]}


def _mark(result: Data) -> int:
    """A digest of the verdicts; a row that could not be read has one of its own."""
    return hash(frozenset(_verdicts(result).items()))


def _named(result: Data) -> dict[str, Any]:
    return {"id": result["id"], "row": result["row"]}


def _change(before: Data, after: Data, legends: tuple[Data, Data]) -> dict[str, Any]:
    for result, words in ((after, "can no longer be read"), (before, "could not be read before")):
        if "error" in result:
            return {**_named(after), "change": words, "error": result["error"]}
    earlier, later = _verdicts(before), _verdicts(after)
    named = [*later, *(name for name in earlier if name not in later)]
    return {
        **_named(after),
        "change": "options",
        "basis": _basis(before, after, legends),
        "regimens": [
            {
                "id": name,
                "before": earlier.get(name),
                "after": later.get(name),
                "because": _because(name, before, after, legends),
            }
            for name in named
            if earlier.get(name) != later.get(name)
        ],
    }


def _basis(before: Data, after: Data, legends: tuple[Data, Data]) -> dict[str, Any]:
    """What the two answers rest on besides the patient, where it differs."""
    found = {name: [before.get(name), after.get(name)] for name in ("as_of", "region")}
    found["catalogue"] = [each.get("catalogue") for each in legends]
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def _because(
    name: str, before: Data, after: Data, legends: tuple[Data, Data]
) -> list[dict[str, Any]]:
    """The criteria that decide now and did not before; where none does, those that no longer do."""
    now, then = _deciding(name, after, legends[1]), _deciding(name, before, legends[0])
    fresh = [each for key, each in now.items() if key not in then]
    gone = [{**each, "no_longer": True} for key, each in then.items() if key not in now]
    return fresh or gone


def _deciding(name: str, result: Data, legend: Data) -> dict[tuple[str, str], dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for member, status in (("excluded_by", "excludes"), ("unclear", "open")):
        for criterion, regimens in result.get(member, {}).items():
            if name in regimens and (member == "excluded_by" or name in result["conditional"]):
                text = _text(criterion, name, legend)
                found[criterion, status] = {"criterion": criterion, "status": status, **text}
    return found


def _text(criterion: str, name: str, legend: Data) -> dict[str, Any]:
    """Reason and sources of a criterion; its id where the legend does not know it."""
    try:
        found = excluding(criterion, name, legend)
        because = worded(found) if isinstance(found["because"], str) else None
        sources = found["sources"]
    except (KeyError, TypeError, ValueError):
        because, sources = None, None
    if because is None or not is_texts(sources):
        return {"because": criterion, "sources": []}
    return {"because": because, "sources": sources}
