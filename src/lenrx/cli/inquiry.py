"""From files and options to a question: what is stated, what is assumed, how it is asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Container, Mapping
from datetime import date
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lenrx.catalogue.formulary import Formulary
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import split
from lenrx.catalogue.records import CatalogueError
from lenrx.patient.patient import (
    DRUG_LISTS,
    FIELDS,
    UNSTATED,
    WORD_LISTS,
    Patient,
    PatientError,
    Range,
    field_name,
    parse_patient,
)
from lenrx.rules.assessment import Answer, assess

if TYPE_CHECKING:
    from lenrx.patient.lines_of_therapy import Derived


class Inquiry(NamedTuple):
    """A question that can be put again with changes."""

    stated: Mapping[str, Any]
    assumed: Mapping[str, Any]
    catalogue: Catalogue
    formulary: Formulary | None
    today: str
    strict: bool
    on_label: bool
    from_file: bool

    def answer(self, changes: Mapping[str, Any] | None = None) -> Answer:
        """The answer, with some fields changed. Raises PatientError."""
        raw = {**self.stated, **self.assumed, **(changes or {})}
        treatments = raw.pop("treatments", None)
        try:
            patient = parse_patient(raw, self.catalogue)
            if treatments is not None:
                from lenrx.patient.lines_of_therapy import derive

                not_after(treatments, self.catalogue, patient.as_of or self.today)
                patient = merged(patient, derive(treatments, self.catalogue), changes or {})
        except PatientError as error:
            if self.from_file or error.value is None:
                raise
            raise PatientError(error.field, f"{error.value!r}: {error.problem}") from None
        return assess(
            self.catalogue,
            patient,
            as_of=self.today,
            strict=self.strict,
            on_label=self.on_label,
            formulary=self.formulary,
            assumed=tuple(n for n in FIELDS if n in self.assumed and n not in (changes or {})),
        )


def inquire(asked: Mapping[str, Any], catalogue: Catalogue, today: str) -> Inquiry:
    """The question that the options and the patient file put together."""
    from lenrx.catalogue.formulary import load_formulary

    stated = _stated(asked)
    assumed = changes(asked["assume"] or [])
    for name in assumed:
        if name in stated:
            raise PatientError(name, "stated and assumed; keep one")
        if assumed[name] in ("", [""]) or str(assumed[name]).lower() in UNSTATED:
            raise PatientError(name, "an assumption needs a value")
    local = asked["formulary"]
    return Inquiry(
        stated,
        assumed,
        catalogue,
        load_formulary(Path(local), catalogue) if local else None,
        today,
        asked["strict"],
        asked["on_label"],
        asked["patient"] is not None,
    )


def _stated(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The patient's fields from the file and the options, which may not speak of the same field."""
    from lenrx.cli.options import PATIENT

    raw = patient_file(asked["patient"]) if asked["patient"] else {}
    for name, _, _ in PATIENT:
        if asked[name] is None or asked[name] == []:
            continue
        if name in raw:
            raise PatientError(name, "stated in the file and as an option; keep one")
        raw[name] = asked[name]
    return raw


def not_after(treatments: object, catalogue: Catalogue, day: str) -> None:
    """Refuse a record that knows more than the ISO day the question is asked for."""
    from lenrx.patient.courses import read_courses

    asked = date.fromisoformat(day).toordinal()
    for course in read_courses(treatments, catalogue):
        seen = [course.start[0], course.progression[0] if course.progression else 0]
        if asked < max(seen) < inf:
            problem = f"course {course.number}: lies after the day asked for"
            raise PatientError("treatments", problem)


def merged(patient: Patient, found: Derived, changed: Container[str]) -> Patient:
    """The patient with what the treatment record gives; the two may not disagree."""
    fields: dict[str, Any] = {}
    for name in ("prior_lines", "exposed", "refractory", "intolerant", "prior_transplant"):
        stated, given = getattr(patient, name), getattr(found, name)
        if stated is None:
            fields[name] = given
        elif name not in changed and not _agree(name, stated, given, found.unsure):
            raise PatientError(name, "disagrees with what the treatments give; correct one of them")
    unsure = found.unsure if patient.refractory is None else ()
    record = tuple((each.what, each.course, each.rule) for each in found.trace)
    return patient._replace(**fields, unsure=unsure, record=record, recorded=tuple(fields))


def _agree(name: str, stated: Any, given: Any, unsure: tuple[str, ...]) -> bool:
    """Whether a statement fits the record; it may settle what the record leaves open."""
    if name == "exposed":
        return set(stated) <= set(given)
    if name == "refractory":
        return set(given) <= set(stated) <= {*given, *unsure}
    if isinstance(stated, Range):
        return given is None or stated.low <= given <= stated.high
    return given is None or stated == given


def changes(texts: list[str]) -> dict[str, Any]:
    """Fields and values from `egfr=60,lines=3`; a part without `=` goes on with a list."""
    found: dict[str, Any] = {}
    for text in texts:
        field = ""
        for part in split(text):
            name, sign, value = part.partition("=")
            if sign:
                field = field_name(name)
                found[field] = [value] if field in (*DRUG_LISTS, *WORD_LISTS) else value
            elif isinstance(found.get(field), list):
                found[field].append(part)
            else:
                raise PatientError("assume or what-if", f"{part!r}: write field=value")
    return found


def patient_file(path: str) -> dict[str, Any]:
    """One patient as JSON or YAML, from a file or `-`; errors hold nothing of its content."""
    name = "stdin" if path == "-" else Path(path).name
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PatientError(name, f"cannot be read ({type(error).__name__})") from None
    data = _parsed(text, name)
    if not isinstance(data, dict):
        raise PatientError(name, "must hold one patient, a mapping of fields to values")
    return _by_field(data)


def _by_field(data: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for written, value in data.items():
        name = "treatments" if written == "treatments" else field_name(written)
        if name in fields:
            raise PatientError(name, "written twice; keep one")
        fields[name] = value
    return fields


def _parsed(text: str, name: str) -> Any:
    is_json = text.lstrip()[:1] in ("{", "[") and not name.endswith((".yaml", ".yml"))
    if is_json or name.endswith(".json"):
        try:
            return json.loads(text, object_pairs_hook=_once)
        except json.JSONDecodeError as error:
            raise PatientError(name, f"line {error.lineno}: not JSON: {error.msg}") from None
        except (RecursionError, ValueError):
            raise PatientError(name, "not a patient: nested too deeply or too large") from None
    from lenrx.catalogue.strict_yaml import parse

    try:
        return parse(text, name)
    except CatalogueError as error:
        raise PatientError(name, str(error).removeprefix(f"{name}:")) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise PatientError(key, "written twice; keep one")
    return dict(pairs)
