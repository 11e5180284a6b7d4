"""From files and options to a question: what is stated, what is assumed, how it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lenrx.catalogue.formulary import Formulary
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import split
from lenrx.intake.patient_file import patient_file
from lenrx.patient.patient import (
    DRUG_LISTS,
    FIELDS,
    UNSTATED,
    WORD_LISTS,
    PatientError,
    field_name,
    parse_patient,
)
from lenrx.rules.assessment import Answer, assess


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
                from lenrx.patient.treatment_record import merged, not_after

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
