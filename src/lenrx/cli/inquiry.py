"""From files and options to a question: what is stated, what is assumed, how it is asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lenrx.catalogue.formulary import Formulary, load_formulary
from lenrx.catalogue.loading import Catalogue, load
from lenrx.catalogue.names import regimen, split
from lenrx.cli.clock import today
from lenrx.cli.options import PATIENT
from lenrx.cli.terminal import DEFAULTS, default
from lenrx.intake.reader import read_patient
from lenrx.intake.rows import PLAN, TREATMENTS
from lenrx.patient.patient import (
    DRUG_LISTS,
    FIELDS,
    MEDICINE_LISTS,
    UNSTATED,
    WORD_LISTS,
    Patient,
    PatientError,
    field_name,
)
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.assessment import assess

if TYPE_CHECKING:
    from lenrx.intake.courses.record import Record
    from lenrx.rules.plan.history import PastLine

_LISTS: Final = (*DRUG_LISTS, *WORD_LISTS, *MEDICINE_LISTS)


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
    outside: tuple[tuple[str, str], ...] = ()
    """What was set outside the call, and where."""

    def answer(self, changed: Mapping[str, Any] | None = None) -> Answer:
        """The answer, with some fields changed. Raises PatientError."""
        changed = changed or {}
        answer = assess(
            self.catalogue,
            self._patient(changed),
            as_of=self.today,
            strict=self.strict,
            on_label=self.on_label,
            formulary=self.formulary,
            assumed=tuple(n for n in FIELDS if n in self.assumed and n not in changed),
        )
        return replace(answer, outside=self.outside) if self.outside else answer

    @property
    def ways(self) -> tuple[bool, bool, Formulary | None, tuple[tuple[str, str], ...]]:
        """How is asked beside the patient: strictly, on label only, by which formulary; defaults
        that were set outside the call."""
        return self.strict, self.on_label, self.formulary, self.outside

    @property
    def readings(self) -> tuple[str, ...]:
        """What was read other than literally; of a patient file without the words of its cells."""
        raw = {**self.stated, **self.assumed}
        _beside(raw)
        with self._shown():
            _, said = read_patient(raw, self.catalogue)
        return tuple(f"{field}: {self._told(words)}" for field, words in said)

    def planned(self, words: Sequence[str]) -> str:
        """The plan that is to be judged, as it is written. Raises PatientError without one."""
        stated = self.stated.get(PLAN)
        listed = stated if isinstance(stated, list) else [stated] if stated else []
        if listed and words:
            raise PatientError(PLAN, "stated in the file and on the line; keep one")
        if not all(isinstance(each, str) for each in listed):
            raise PatientError(PLAN, "must be a regimen or a list of its drugs")
        text = " ".join(words) or " + ".join(listed)
        if not text.strip():
            problem = "names nothing; write a regimen or its drugs"
            raise PatientError("plan", problem)
        return text

    def _told(self, words: str) -> str:
        return "read as " + words.partition("' as ")[2] if self.from_file else words

    def _patient(self, changed: Mapping[str, Any]) -> Patient:
        raw = {**self.stated, **self.assumed, **changed}
        treatments = _beside(raw)
        with self._shown():
            patient, _ = read_patient(raw, self.catalogue)
            if treatments is None:
                return patient
            return self._with_record(patient, treatments, changed)

    @contextmanager
    def _shown(self) -> Iterator[None]:
        try:
            yield
        except PatientError as error:
            # What was typed may be shown again; what stands in a patient file may not.
            if self.from_file or error.value is None:
                raise
            raise PatientError(error.field, f"{error.value!r}: {error.problem}") from None

    def _with_record(
        self, patient: Patient, treatments: Any, changed: Mapping[str, Any]
    ) -> Patient:
        from lenrx.intake.courses.record import recorded

        day = patient.as_of or self.today
        return recorded(patient, treatments, self.catalogue, day, changed)[0]

    def record(self) -> Record | None:
        """The courses of treatment that are stated, with what they give. Raises PatientError."""
        treatments = self.stated.get("treatments")
        if treatments is None:
            return None
        from lenrx.intake.courses.record import read_record

        return read_record(treatments, self.catalogue)


def _beside(raw: dict[str, Any]) -> Any:
    """Take out what is no field of a patient; the courses are handed over."""
    raw.pop(PLAN, None)
    return raw.pop(TREATMENTS, None)


def inquire(asked: Mapping[str, Any], *, plan: bool = False) -> Inquiry:
    """The question that the options and the patient file put together, asked today.

    Where no `plan` is judged, one that the file states is said not to be.
    """
    stated = _stated(asked)
    assumed = _assumed(asked["assume"] or [], stated)
    given = {**asked, "region": stated.get("region", assumed.get("region"))}
    outside = {name: each for name in DEFAULTS if not given[name] and (each := default(name))}
    folder, local = (
        outside[name].value if name in outside else asked[name]
        for name in ("catalogue", "formulary")
    )
    catalogue = load(Path(folder) if folder else None)
    if "region" in outside:
        assumed["region"] = outside["region"].value
    found = Inquiry(
        stated,
        assumed,
        catalogue,
        load_formulary(Path(local), catalogue) if local else None,
        today(),
        asked["strict"],
        asked["on_label"],
        asked["patient"] is not None,
        tuple((name, each.place) for name, each in outside.items()),
    )
    for told in (*found.readings, *([_NOT_JUDGED] if PLAN in stated and not plan else [])):
        print(f"lenrx: {told}", file=sys.stderr)
    return found


_NOT_JUDGED: Final = f"{PLAN}: not judged here; `lenrx plan` judges it"


_OF_LINES: Final = ("treatments", "region", "sex", "id", "history")
"""What of a patient holds on the day of every line."""


def past(record: str, asked: Mapping[str, Any]) -> tuple[Inquiry, str | None, tuple[PastLine, ...]]:
    """The past lines of a patient file with treatments, each judged by the label of a region.

    Raises PatientError.
    """
    from lenrx.rules.plan.history import past_lines

    if asked["patient"]:
        raise PatientError("--record", "is a patient file itself; leave --patient out")
    inquiry = inquire({**asked, "patient": record}, plan=True)
    stated = {**inquiry.stated, **inquiry.assumed}
    treatments = stated.get(TREATMENTS)
    if treatments is None:
        raise PatientError(TREATMENTS, "are not in the file: no line to judge")
    patient, _ = read_patient(
        {n: value for n, value in stated.items() if n in ("region", "sex", "as_of", "history")},
        inquiry.catalogue,
    )
    if left := [n for n in stated if n not in (*_OF_LINES, "as_of", PLAN)]:
        print(f"lenrx: not used of past lines: {', '.join(left)}", file=sys.stderr)
    lines = past_lines(
        treatments,
        inquiry.catalogue,
        patient.as_of or inquiry.today,
        region=patient.region,
        sex=patient.sex,
        partial=patient.history == "partial",
        strict=inquiry.strict,
        on_label=inquiry.on_label,
        formulary=inquiry.formulary,
    )
    return inquiry, patient.region, lines


def _stated(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The patient's fields from the file and the options, which may not speak of the same field."""
    raw: dict[str, Any] = {}
    if asked["patient"]:
        from lenrx.intake.patient_file import patient_file

        raw = patient_file(asked["patient"])
    for name, _, _ in PATIENT:
        if asked[name] is None or asked[name] == []:
            continue
        if name in raw:
            raise PatientError(name, "stated in the file and as an option; keep one")
        raw[name] = asked[name]
    return raw


def _assumed(texts: list[str], stated: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are taken as given, none of which may be stated too."""
    assumed = changes(texts)
    for name, value in assumed.items():
        if name in stated:
            raise PatientError(name, "stated and assumed; keep one")
        if value in ("", [""]) or str(value).lower() in UNSTATED:
            raise PatientError(name, "an assumption needs a value")
    return assumed


def named(ids: Sequence[str], answer: Answer) -> tuple[Assessment, ...]:
    """The assessments of the regimens with these names, each once. Raises UnknownName."""
    by_id = {each.regimen.id: each for each in answer.regimens}
    wanted = dict.fromkeys(regimen(each, answer.catalogue).id for each in ids)
    return tuple(by_id[each] for each in wanted)


def changes(texts: list[str], before: Patient | None = None) -> dict[str, Any]:
    """Fields and values from `egfr=60,lines=3`; a part without `=` goes on with a list.

    `field+=value` adds to the list of a patient `before`. Raises PatientError.
    """
    written: list[tuple[str, Any]] = []
    for text in texts:
        field = ""
        for part in split(text):
            name, sign, value = part.partition("=")
            if sign:
                adds = name.rstrip().endswith("+")
                field = field_name(name.rstrip().removesuffix("+"))
                held = _held(field, before) if adds else []
                written.append((field, [*held, value] if field in _LISTS else value))
            elif field in _LISTS:
                written[-1][1].append(part)
            else:
                raise PatientError("assume or what-if", f"{part!r}: write field=value")
    found: dict[str, Any] = {}
    for name, value in written:
        if found.setdefault(name, value) != value:
            raise PatientError(name, "given twice with different values; keep one")
    return found


def _held(field: str, before: Patient | None) -> list[str]:
    """What a list holds before something is added to it."""
    if before is None or field not in _LISTS:
        problem = "+= adds to a list, and in --what-if only; write field=value"
        raise PatientError(field, problem)
    return list(getattr(before, field) or ())
