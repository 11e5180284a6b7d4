"""An answer as JSON within its bounds: what gives way, from the last regimen on, and is counted.

Nothing is shortened: no sentence is there that the full answer does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain
from typing import Any, Final

from lenrx.rules.document import in_json

MOST: Final = {"brief": 10_000, "reasons": 100_000}
"""Bytes of an answer; what has no room is counted under `left_out`."""
_ROOM: Final = 40
"""Bytes for how much was left out, and the end of the line."""
_GIVING_WAY: Final = (("cautions", "prefers"), ("notes",), ("adjusts",))
"""Effects of findings that bear on a patient; the first give way first."""
_WARNINGS: Final = 6
"""Warnings that never give way, the first."""
Data = dict[str, Any]
Step = Callable[[Data], Iterator[Collection[Any]]]
"""Takes out of an answer, one after the other, what gives way."""


def dumps(data: Any) -> str:
    """The document as it is printed."""
    return in_json(data, (",", ":"))


def _size(data: Any) -> int:
    return len(dumps(data).encode())


def reasons_in_bounds(found: Data) -> Data:
    """An answer with reasons in its bounds.

    Cautions that are not serious give way, then notes, then dose changes, then what turns nothing
    and what was stated; at last, of what is excluded all but the first reason.
    """
    steps = (_findings, _turning_nothing, _stated, _further_reasons, _further_warnings)
    return _fitted(found, MOST["reasons"], steps)


def brief_in_bounds(found: Data) -> Data:
    """A brief answer in its bounds.

    Of the last findings the names alone are told; then what turns nothing and what was stated
    gives way, then the names of local findings; at last, those of serious cautions off label.
    """
    steps = (_texts, _turning_nothing, _stated, _local, _serious_off_label, _further_warnings)
    return _fitted(found, MOST["brief"], steps)


def _fitted(found: Data, most: int, steps: Sequence[Step]) -> Data:
    """An answer out of which as much is taken as has to be."""
    taken, left = chain.from_iterable(step(found) for step in steps), 0
    size = _size(found)
    while size > most - _ROOM and (out := next(taken, None)) is not None:
        left, size = left + len(out), size - _size(out)
        if size <= most - _ROOM:
            size = _size(found)
    return found | {"left_out": left} if left else found


def _findings(found: Data) -> Iterator[Collection[Any]]:
    for effects in _GIVING_WAY:
        for each in reversed(found["regimens"]):
            out = [one for one in each["findings"] if _gives_way(one, effects)]
            each["findings"] = [one for one in each["findings"] if one not in out]
            yield out


def _gives_way(one: Data, effects: Collection[str]) -> bool:
    return one["effect"] in effects and one["status"] == "met" and not one.get("serious")


def _stated(found: Data) -> Iterator[Collection[Any]]:
    """The largest fields that were stated, which whoever asks knows; they are named."""
    patient = found["patient"]
    given = patient["given"]
    for name in sorted(given, key=lambda each: -_size(given[each])):
        patient["left_out"] = [*patient.get("left_out", ()), name]
        patient["given"] = {key: each for key, each in patient["given"].items() if key != name}
        yield [given[name]]


def _turning_nothing(found: Data) -> Iterator[Collection[Any]]:
    said = [one for one in found["warnings"] if one["code"] == "turns-nothing"]
    for one in reversed(said):
        found["warnings"] = [each for each in found["warnings"] if each is not one]
        yield [one]


def _further_warnings(found: Data) -> Iterator[Collection[Any]]:
    while len(found["warnings"]) > _WARNINGS:
        *found["warnings"], out = found["warnings"]
        yield [out]


def _further_reasons(found: Data) -> Iterator[Collection[Any]]:
    for each in reversed(found["regimens"]):
        if each["verdict"] == "excluded":
            out = each["findings"][1:]
            each["findings"] = each["findings"][:1]
            yield out


def _texts(found: Data) -> Iterator[Collection[Any]]:
    because = found["because"]
    while because:
        name, text = because.popitem()
        yield {name: text}


def _local(found: Data) -> Iterator[Collection[Any]]:
    for each in reversed(found["regimens"]):
        yield each.pop("local", [])


def _serious_off_label(found: Data) -> Iterator[Collection[Any]]:
    for each in reversed(found["regimens"]):
        if "on-label" not in each.get("approval", {}).values():
            yield each.pop("serious", [])
