"""Whose options changed between two results of the same patients, and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from lenrx.batch.output import SCHEMA
from lenrx.patient.patient import PatientError

Place = tuple[int, int]
"""Where a record stands in its file, and a digest of its verdicts."""


def changes(before: Path, after: Path) -> Iterator[dict[str, Any]]:
    """Every patient whose verdicts differ, in the order of `after`, then those only in `before`.

    Patients are matched by id (of an id that repeats, first to first), without ids by row. Only
    places are held, not records. Raises PatientError where a file is no result of `lenrx batch`.
    """
    try:
        with before.open("rb") as earlier, after.open("rb") as later:
            yield from _changes(earlier, later, (before.name, after.name))
    except OSError as error:
        raise PatientError(str(error.filename), f"cannot be read ({error.strerror})") from None


def _changes(
    earlier: BinaryIO, later: BinaryIO, names: tuple[str, str]
) -> Iterator[dict[str, Any]]:
    places = {
        who: (place, _mark(record)) for who, place, record in _numbered(_records(earlier, names[0]))
    }
    for who, _, record in _numbered(_records(later, names[1])):
        found = places.pop(who, None)
        if found is None:
            yield {**_named(record), "change": "only in the later result"}
        elif found[1] != _mark(record):
            earlier.seek(found[0])
            yield _change(json.loads(earlier.readline()), record)
    for place, _ in places.values():
        earlier.seek(place)
        yield {**_named(json.loads(earlier.readline())), "change": "only in the earlier result"}


def _records(source: BinaryIO, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    place = source.tell()
    number = 0
    while line := source.readline():
        number += 1
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        named = isinstance(record, dict) and {"id", "row"} <= record.keys()
        if not named or record.get("schema") != SCHEMA:
            raise PatientError(f"{name}:{number}", f"not a line of {SCHEMA}; diff reads NDJSON")
        yield place, record
        place = source.tell()


def _numbered(
    found: Iterator[tuple[int, dict[str, Any]]],
) -> Iterator[tuple[tuple[str, Any, int], int, dict[str, Any]]]:
    """Every record with its name, told from others of the same id by how often it came before."""
    seen: Counter[int] = Counter()
    for place, record in found:
        who = _who(record)
        seen[hash(who)] += 1
        yield (*who, seen[hash(who)]), place, record


def _who(record: Mapping[str, Any]) -> tuple[str, Any]:
    return ("id", record["id"]) if record["id"] is not None else ("row", record["row"])


def _verdicts(record: Mapping[str, Any]) -> dict[str, str]:
    return {each["id"]: each["verdict"] for each in record.get("regimens", ())}


def _mark(record: Mapping[str, Any]) -> int:
    """A digest of the verdicts; a record that could not be read has one of its own."""
    return hash(frozenset(_verdicts(record).items()))


def _named(record: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": record["id"], "row": record["row"]}


def _change(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    for record, words in ((after, "can no longer be read"), (before, "could not be read before")):
        if "error" in record:
            return {**_named(after), "change": words, "error": record["error"]}
    earlier, later = _verdicts(before), _verdicts(after)
    named = [*later, *(name for name in earlier if name not in later)]
    return {
        **_named(after),
        "change": "options",
        "basis": {
            name: [before[name], after[name]]
            for name in ("catalogue", "as_of", "region")
            if before[name] != after[name]
        },
        "regimens": [
            {
                "id": name,
                "before": earlier.get(name),
                "after": later.get(name),
                "because": _because(name, before, after),
            }
            for name in named
            if earlier.get(name) != later.get(name)
        ],
    }


def _because(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The findings that decide now and did not before; where none does, those that no longer do."""
    now, then = _deciding(name, after), _deciding(name, before)
    fresh = [each for key, each in now.items() if key not in then]
    gone = [{**each, "no_longer": True} for key, each in then.items() if key not in now]
    return fresh or gone


def _deciding(name: str, record: Mapping[str, Any]) -> dict[tuple[Any, ...], dict[str, Any]]:
    found = next((each for each in record["regimens"] if each["id"] == name), None)
    if found is None:
        return {}
    keep = ("criterion", "effect", "status", "because", "sources")
    deciding = [each for each in found["findings"] if _decides(each, found["verdict"])]
    if found["verdict"] == "conditional" and not deciding:
        # Asked strictly, what is to be confirmed is what keeps a regimen conditional.
        deciding = [each for each in found["findings"] if each["effect"] == "confirms"]
    return {
        (each["criterion"], each["effect"], each["status"]): {key: each[key] for key in keep}
        for each in deciding
    }


def _decides(finding: Mapping[str, Any], verdict: str) -> bool:
    """Whether a finding is what keeps a regimen from being eligible."""
    effect, status = finding["effect"], finding["status"]
    if verdict == "excluded":
        return (effect, status) in (("excludes", "met"), ("requires", "not met"))
    return verdict == "conditional" and effect in ("excludes", "requires") and status == "unknown"
