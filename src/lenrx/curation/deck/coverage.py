"""Clause coverage: each criterion is to be seen met, not met and unknown, or has a reason why not.

The reasons below are all there are; `docs/validation.md` counts the criteria of each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from lenrx.catalogue.vocabulary import Status

STATUSES: Final[tuple[Status, ...]] = ("met", "not met", "unknown")
ASKS_NOTHING: Final = "asks nothing of the patient: it is always met"
NO_REGIMEN: Final = "belongs to a drug, class or trial of no regimen here: nobody is told of it"
NO_DECISION: Final = "is a label clause whose decision was not found: nobody is known to be inside"
ONLY_ONE: Final = (
    "asks whether a drug without relatives was had and did not fail: where the one is open, so is "
    "the other"
)
CANNOT: Final[Mapping[str, tuple[Status, ...]]] = {
    "": (),
    ASKS_NOTHING: ("not met", "unknown"),
    NO_REGIMEN: STATUSES,
    NO_DECISION: ("met",),
    ONLY_ONE: ("unknown",),
}
"""In which statuses a criterion cannot be seen, by the reason; without one, in all it can."""


def gap(name: str, reason: str, seen: Collection[str]) -> str:
    """In which status a criterion should have been seen and was not, or the reverse; else empty."""
    missing = [each for each in STATUSES if each not in (*seen, *CANNOT[reason])]
    wrong = [each for each in CANNOT[reason] if each in seen]
    if missing:
        return f"{name}: no patient of the deck is {' or '.join(missing)} here"
    return f"{name}: is {' and '.join(wrong)}, though it {reason}" if wrong else ""
