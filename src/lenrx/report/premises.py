"""What an answer takes as given beside the patient, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lenrx.catalogue.formulary import Formulary
from lenrx.rules.answer import Answer


def premises_line(answer: Answer) -> str:
    """What the answer takes as given beside the patient: assumptions, options, a formulary."""
    given = answer.state.patient.given()
    assumed = [f"{name}={_given_value(given[name])}" for name in answer.assumed]
    parts = [f"Assumed, not stated: {', '.join(assumed)}."] if assumed else []
    how = (answer.strict, answer.case.on_label, answer.case.formulary, answer.outside)
    return " ".join([*parts, *ways(*how)])


def said_first(answer: Answer) -> list[str]:
    """What a reader must know before the answer: what is taken as given, and warnings."""
    return [*filter(None, [premises_line(answer)]), *(one.message for one in answer.warnings)]


def ways(
    strict: bool,
    on_label: bool,
    formulary: Formulary | None,
    outside: Sequence[tuple[str, str]],
) -> Iterator[str]:
    """How was asked, where it is not as usual."""
    if strict:
        yield "Asked strictly: what nobody has ruled out keeps a regimen conditional."
    if on_label:
        yield "On-label use only."
    if formulary:
        count = len(formulary.drugs) + len(formulary.regimens)
        yield f"Formulary applied: {formulary.name} ({count} entries)."
    if outside:
        yield f"Set outside the call: {', '.join(f'{name} by {place}' for name, place in outside)}."


def _given_value(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
