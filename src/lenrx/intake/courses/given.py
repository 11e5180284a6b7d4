"""What one cell of a course says was given, as far as it is told."""

from __future__ import annotations

from typing import NamedTuple


class Given(NamedTuple):
    """What one cell says was given."""

    drugs: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    transplant: bool = False
    part: str | None = None
    """The part of a plan that the cell names: maintenance, consolidation, conditioning, salvage."""
    planned: bool = False
    """Whether the cell says that it belongs to a plan: mobilisation, the second of a tandem."""
    nothing: bool = False
    """Whether the cell says that nothing was given."""
    said: str | None = None
    """How it was read, where that is not literal."""
    unsure: tuple[str, ...] = ()
    """Of `other`, what may have been any drug."""
    left: tuple[str, ...] = ()
    """What the cell says was not given, or is only planned."""
    reason: str | None = None
    """Why it was stopped, where that stands behind the drugs."""
    aside: str = ""
    """What stands beside the drugs and is read nowhere."""
    sequence: bool = False
    """Whether drugs stand before and behind an arrow or a transplant: not all were given last."""
