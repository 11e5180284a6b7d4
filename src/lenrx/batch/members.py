"""The members of a result: where a finding is said, and how they are written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, Literal, get_args

from lenrx.catalogue.vocabulary import Truth
from lenrx.rules.filters import Finding

Where = Literal["excluded_by", "unclear", "applies", "confirm", "exact", "broader"]
MEMBERS: Final[tuple[Where, ...]] = get_args(Where)
"""The members of a result that say what was found: two by criterion, four as lists of ids."""
APPLYING: Final = ("cautions", "adjusts", "prefers", "arranges")
"""Effects of criteria that are said where they are met."""
_compact: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_CONTROL: Final = re.compile(r"[\x7f-\x9f]")
"""What a terminal may obey, and JSON has no need to escape."""


def dumps(data: Any) -> str:
    """Compact JSON, as every line of a result is written; nothing in it is a control sign."""
    text = _compact(data)
    if text.isascii() and "\x7f" not in text:
        return text
    return _CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


@lru_cache(10_000)
def quoted(name: str) -> str:
    """An id as JSON; the same few stand in every row."""
    return dumps(name)


def listed(names: Iterable[str]) -> str:
    """Ids as the items of a JSON list, without its brackets."""
    return ",".join(map(quoted, names))


def by_name(data: Iterable[tuple[str, Iterable[str]]]) -> str:
    """The members of a JSON object that holds lists of ids under ids, without its braces."""
    return ",".join([f"{quoted(name)}:[{listed(ids)}]" for name, ids in data])


def bears(finding: Finding, truth: Truth) -> Where | None:
    """Where a result says a finding that decides, applies to this patient or is to be confirmed."""
    if truth is False:
        return "excluded_by"
    if finding.effect == "confirms":
        return "confirm"
    if truth is None:
        return "unclear"
    return "applies" if finding.status == "met" and finding.effect in APPLYING else None


def failed_before(name: str) -> str:
    """The group of patients in whom a drug or class failed, as a result names it."""
    return f"failed: {name}"


def in_state(name: str) -> str:
    """The group of patients in a state that trials seldom enrol, as a result names it."""
    return f"state: {name}"


def members(data: Mapping[str, Any]) -> str:
    """The members of a JSON object, without its braces."""
    return dumps(data)[1:-1]
