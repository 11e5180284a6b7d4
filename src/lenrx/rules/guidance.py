"""Guideline positions beside one patient: which speak of this setting, and which one orders."""

from __future__ import annotations

from typing import Final

from lenrx.catalogue.conditions import evaluate, leaves
from lenrx.catalogue.records import Position, Regimen
from lenrx.catalogue.vocabulary import Truth
from lenrx.rules.case import Case

STANCES: Final[dict[str, int]] = {"recommended": 0, "option": 1, "not-recommended": 2}
NO_POSITION: Final = STANCES["option"]
"""That nothing was found is no weakness of a regimen: many are younger than the guidelines."""


def positions(regimen: Regimen, case: Case) -> tuple[Position, ...]:
    """Positions published by the day asked whose setting fits this patient."""
    return tuple(each for each in regimen.positions if _fits(each, case))


def _fits(position: Position, case: Case) -> bool:
    published = case.catalogue.guidelines[position.guideline].published
    return published <= case.as_of and _in_setting(position.setting, case) is True


def _in_setting(name: str, case: Case) -> Truth:
    setting = case.catalogue.settings[name]
    return case.once("setting", name, lambda: evaluate(setting.when, case.state).truth)


def ordering(regimen: Regimen, case: Case) -> Position | None:
    """The position that orders: of the latest guideline that does, for the narrowest setting.

    Shown without ordering: what funding bodies and reviews say, lists without order, what another
    document has superseded, and guidelines that are older than `catalogue.guidelines_since`, for
    they say nothing of the regimens that came later.
    """
    found = [each for each in regimen.positions if orders(each, case) and _fits(each, case)]
    return max(found, key=lambda each: _later(each, case), default=None)


def orders(position: Position, case: Case) -> bool:
    """Whether a position may order."""
    issued = case.catalogue.guidelines
    own = issued[position.guideline]
    later = issued.get(own.superseded_by or "")
    superseded = later is not None and later.published <= case.as_of
    young = own.published >= case.catalogue.guidelines_since
    return own.kind == "guideline" and own.ranked and young and not superseded


def _later(position: Position, case: Case) -> tuple[str, int, int]:
    """Later before earlier, a narrower setting before a wider one, a warning before praise."""
    published = case.catalogue.guidelines[position.guideline].published
    narrow = sum(1 for _ in leaves(case.catalogue.settings[position.setting].when))
    return published, narrow, STANCES[position.stance]


def stance(position: Position | None) -> int:
    """The place of a position in the order, or of there being none."""
    return NO_POSITION if position is None else STANCES[position.stance]
