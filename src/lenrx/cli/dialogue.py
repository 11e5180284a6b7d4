"""What stands behind `ask`: what an answer states, and the patient as a file or a command line."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from lenrx.cli.inquiry import Inquiry, changes
from lenrx.cli.terminal import fail, replace
from lenrx.patient.patient import (
    FIELDS,
    LISTED,
    UNSTATED,
    Patient,
    PatientError,
    field_name,
    known_field,
)
from lenrx.rules.answer import Answer
from lenrx.rules.asking.asking import NextQuestion
from lenrx.rules.asking.replies import reply

_SLIP: Final = 0.75
"""How near to the name of a field a word is that is meant for it."""
_REGION: Final = "whose label counts, us or eu"
_YAML: Final = (".yaml", ".yml")


def told(
    text: str, question: NextQuestion, answer: Answer
) -> tuple[dict[str, Any], tuple[str, ...], bool]:
    """The fields that a line states, what in it was not literal, and whether it is the answer.

    A line of the form `egfr=25` states that field whatever was asked. Raises PatientError.
    """
    name, sign, value = text.partition("=")
    if sign and not known_field(name) and _is_near_a_field(name):
        field_name(name)
    if not question.subject and not (sign and known_field(name)):
        raise PatientError("answer", "write FIELD=VALUE, or stop", text.strip())
    if not sign or not known_field(name):
        return *reply(text, question, answer.state.patient, answer.catalogue), True
    if value.strip().lower() in UNSTATED:
        raise PatientError(name.strip(), "needs a value; answer ? to what is asked")
    from lenrx.intake.reader import read_patient

    found = changes([text])
    patient, readings = read_patient(found, answer.catalogue)
    said = (*(words for _, words in readings), *_replaced(patient, answer.state.patient))
    return found, said, question.subject in found


def _is_near_a_field(name: str) -> bool:
    """Whether a name is a field with a slip, and not a drug or a finding that is marked."""
    from difflib import get_close_matches

    return bool(get_close_matches(name.strip().lower(), FIELDS, n=1, cutoff=_SLIP))


def _replaced(now: Patient, before: Patient) -> Iterator[str]:
    """What takes the place of what was stated before; to a list that only grows nothing is lost."""
    earlier = before.given()
    for name, value in now.given().items():
        old = earlier.get(name, value)
        grown = name in LISTED and old and {*old} <= {*value}
        if old != value and not grown:
            words = f"{_spelled(name, value)} in place of {_spelled(name, old)}"
            yield f"{name}: {words}; `back` undoes it"


def listed(needs: Iterable[str], most: int | None = None) -> list[str]:
    """What may be stated, by field, each in words; the findings of a list stand together.

    Of a list the `most` that are named, and how many more.
    """
    from lenrx.report.phrases import field_words

    fields = dict[str, list[str]]()
    for need in needs:
        words = _REGION if need == "region" else field_words(need)
        fields.setdefault(need.partition(".")[0], []).append(words)
    return [f"{field}: {_shortened(words, most)}" for field, words in fields.items()]


def _shortened(words: list[str], most: int | None) -> str:
    left = len(words) - most if most else 0
    return ", ".join(words[:most]) + (f" and {left} more" if left > 0 else "")


def form_of(path: Path) -> str:
    """The form of a patient file by its name. Ends the program where it has none."""
    suffix = path.suffix.lower()
    if suffix not in (".json", *_YAML):
        fail(f"--save {path}: the name must end in .json, .yaml or .yml")
    return "json" if suffix == ".json" else "yaml"


def stated(inquiry: Inquiry, answer: Answer) -> dict[str, Any]:
    """What is stated, read where nothing of it is lost by that, else as it was written."""
    patient = answer.state.patient
    read = patient.given()
    kept = {name for name, _ in patient.kept} | {name for name, _ in patient.expanded}
    return {
        name: read[name] if name in read and name not in kept else value
        for name, value in inquiry.stated.items()
        if name in read or name == "treatments" or name in kept
    }


def saved(inquiry: Inquiry, answer: Answer, path: Path) -> str:
    """Write the patient to a file, whole or not at all; what went wrong, or nothing."""
    fields = stated(inquiry, answer)
    if form_of(path) == "json":
        text = json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
    else:
        import yaml

        text = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
    try:
        replace(path.resolve(), text, private=True)
    except OSError as error:
        return f"{path}: cannot be written ({error.strerror or type(error).__name__})"
    return ""


def command_line(
    inquiry: Inquiry, answer: Answer, asked: Mapping[str, Any], save: Path | None
) -> str:
    """The call of `recommend` that asks the same."""
    fields = stated(inquiry, answer)
    words = ["lenrx", "recommend"]
    if "treatments" not in fields:
        words += [word for name in FIELDS if name in fields for word in _option(name, fields[name])]
    elif save:
        words += ["--patient", str(save)]
    else:
        return "a treatment record has no option; --save FILE writes the patient for --patient"
    return shlex.join([*words, *_ways(inquiry, asked)])


def _option(name: str, value: Any) -> list[str]:
    return [f"--{name.replace('_', '-')}", _spelled(name, value)]


def _spelled(name: str, value: Any) -> str:
    """A value as an option states it."""
    listed = isinstance(value, list | tuple)
    return _word(name, ",".join(map(str, value)) if listed else value)


def _word(name: str, value: Any) -> str:
    if name in LISTED and not value:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _ways(inquiry: Inquiry, asked: Mapping[str, Any]) -> Iterator[str]:
    """How it was asked, beside the patient."""
    for name, value in inquiry.assumed.items():
        yield from ("--assume", f"{name}={_spelled(name, value)}")
    for name in ("catalogue", "formulary"):
        if asked[name]:
            yield from (f"--{name}", str(asked[name]))
    for name in ("strict", "on_label"):
        if asked[name]:
            yield f"--{name.replace('_', '-')}"
