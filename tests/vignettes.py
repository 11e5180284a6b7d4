"""Reads vignettes and says where an answer departs from what a clinician expects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.strict_yaml import parse
from lenrx.catalogue.vocabulary import VERDICTS, Effect
from lenrx.patient.lines_of_therapy import derive
from lenrx.patient.patient import PatientError, parse_patient
from lenrx.patient.treatment_record import merged
from lenrx.rules.answer import Answer, Assessment, blocking, excluding
from lenrx.rules.assessment import assess
from lenrx.rules.filters import Finding

TODAY = "2026-11-23"
_KEYS = {"name", "patient", "options", *VERDICTS, "because", "cautions", "adjusts", "asks"} | {
    "warns",
    "state",
    "approval",
    "error",
    "asks_first",
    "source",
    "serious",
    "arranges",
    *("first", "leads", "before", "not_first"),
    "not_yet",
    *("confirms", "silent"),
}
FIRST = 5
"""How far down a list is read first."""


def load_vignettes(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parse(path.read_text(encoding="utf-8"), path.name)
    for vignette in found:
        assert set(vignette) <= _KEYS, f"{vignette['name']}: {set(vignette) - _KEYS}"
    return found


def problems(vignette: dict[str, Any], catalogue: Catalogue) -> Iterator[str]:
    """Every expectation that does not hold; none for a vignette that does."""
    try:
        stated = dict(vignette["patient"])
        treatments = stated.pop("treatments", None)
        patient = parse_patient(stated, catalogue)
        if treatments is not None:
            patient = merged(patient, derive(treatments, catalogue), ())
        answer = assess(catalogue, patient, as_of=TODAY, **vignette.get("options", {}))
    except PatientError as error:
        if vignette.get("error") != error.field:
            yield f"refused: {error}"
        return
    if "error" in vignette:
        yield f"should be refused for {vignette['error']}"
    by_id = {each.regimen.id: each for each in answer.regimens}
    yield from _verdicts(vignette, by_id)
    yield from _words(vignette, by_id)
    yield from _other_medicines(vignette, by_id)
    yield from _order(vignette, by_id)
    yield from _about_the_patient(vignette, answer)


def _verdicts(vignette: dict[str, Any], by_id: dict[str, Assessment]) -> Iterator[str]:
    for verdict in VERDICTS:
        for name in vignette.get(verdict, []):
            if by_id[name].verdict != verdict:
                yield f"{name} is {by_id[name].verdict}, expected {verdict}"
    for name, expected in vignette.get("approval", {}).items():
        for region, word in expected.items():
            found = by_id[name].approval[region]
            if found != word:
                yield f"{name} is {found} in {region}, expected {word}"


def _words(vignette: dict[str, Any], by_id: dict[str, Assessment]) -> Iterator[str]:
    effects: dict[str, Effect | None] = {"because": None}
    effects |= {"cautions": "cautions", "adjusts": "adjusts"}
    effects |= {"serious": "cautions", "arranges": "arranges"}
    for key, effect in effects.items():
        for name, words in vignette.get(key, {}).items():
            each = by_id[name]
            found = each.saying(effect, "met") if effect else _reasons(each)
            found = tuple(one for one in found if one.serious or key != "serious")
            said = [f"{finding.because} {finding.dose or ''}" for finding in found]
            if not any(words.lower() in each.lower() for each in said):
                yield f"{name}: no {key if effect else 'finding'} says {words!r}"


def _other_medicines(vignette: dict[str, Any], by_id: dict[str, Assessment]) -> Iterator[str]:
    """What has to be ruled out, and words that nothing which applies may say."""
    for name, words in vignette.get("confirms", {}).items():
        said = [finding.because for finding in by_id[name].saying("confirms", "unknown")]
        if not any(words.lower() in each.lower() for each in said):
            yield f"{name}: nothing to confirm says {words!r}"
    for name, words in vignette.get("silent", {}).items():
        for finding in by_id[name].findings:
            if words.lower() in finding.because.lower() and finding.status == "met":
                yield f"{name}: {finding.because!r} is said"


def _order(vignette: dict[str, Any], by_id: dict[str, Assessment]) -> Iterator[str]:
    """Ranks of eligible regimens: `first`, `leads`, `not_first`, and who stands before whom."""
    ranks = {name: each.rank or 0 for name, each in by_id.items() if each.verdict == "eligible"}
    for name in vignette.get("first", []):
        if ranks.get(name, 99) > FIRST:
            yield f"{name} has rank {ranks.get(name)}, expected among the first {FIRST}"
    for name in vignette.get("leads", []):
        if ranks.get(name) != 1:
            yield f"{name} has rank {ranks.get(name)}, expected 1"
    for name in vignette.get("not_first", []):
        if ranks.get(name, 99) <= FIRST:
            yield f"{name} has rank {ranks[name]}, expected behind the first {FIRST}"
    for name, others in vignette.get("before", {}).items():
        for other in others:
            if ranks.get(name, 99) >= ranks.get(other, 100):
                places = f"{ranks.get(name)} and {ranks.get(other)}"
                yield f"{name} does not stand before {other}: ranks {places}"


def _reasons(each: Assessment) -> tuple[Finding, ...]:
    """What decided the verdict; for an eligible regimen, everything that applies."""
    if each.verdict == "eligible":
        return tuple(finding for finding in each.findings if finding.status == "met")
    return excluding(each) or blocking(each, strict=True)


def _about_the_patient(vignette: dict[str, Any], answer: Answer) -> Iterator[str]:
    asked = [question.field for question in answer.open_questions]
    for field in vignette.get("asks", []):
        if field not in asked:
            yield f"does not ask {field}; asks {asked}"
    for field, settled in vignette.get("asks_first", {}).items():
        first = answer.open_questions[0] if answer.open_questions else None
        if first is None or first.field != field:
            yield f"does not ask {field} first; asks {asked}"
        elif missed := [name for name in settled if name not in first.decides]:
            yield f"{field} alone does not settle {missed}; settles {[*first.decides]}"
    warned = {warning.code for warning in answer.warnings}
    for code in vignette.get("warns", []):
        if code not in warned:
            yield f"does not warn {code}; warns {sorted(warned)}"
    state = vignette.get("state", answer.state.resistance_state)
    if answer.state.resistance_state != state:
        yield f"state is {answer.state.resistance_state}, expected {state}"
