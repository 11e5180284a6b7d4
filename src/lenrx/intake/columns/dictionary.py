"""The data dictionary of a REDCap project: what each variable asks, and what its codes mean."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from lenrx.patient.patient import PatientError

_NAME: Final = ("variable / field name", "field_name", "variable")
_LABEL: Final = ("field label", "field_label")
_KIND: Final = ("field type", "field_type")
_CHOICES: Final = (
    "choices, calculations, or slider labels",
    "choices or calculations",
    "select_choices_or_calculations",
    "choices",
)


class Variable(NamedTuple):
    """One variable of a project."""

    label: str
    kind: str
    choices: Mapping[str, str]
    """What each code stands for, of a list of choices."""


Dictionary = Mapping[str, Variable]


def read_dictionary(path: Path) -> Dictionary:
    """The variables of a dictionary as REDCap exports it. Raises PatientError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            rows = list(csv.reader(source))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problem = f"cannot be read ({type(error).__name__})"
        raise PatientError(path.name, problem) from None
    header = [each.strip().lower().strip('"') for each in rows[0]] if rows else []
    name, label, kind, choices = (
        next((header.index(each) for each in names if each in header), None)
        for names in (_NAME, _LABEL, _KIND, _CHOICES)
    )
    if name is None or choices is None:
        problem = "is no data dictionary: it needs the columns Variable / Field Name and Choices"
        raise PatientError(path.name, problem)
    return {
        _cell(row, name).lower(): Variable(
            _plain(_cell(row, label)), _cell(row, kind).lower(), _coded(_cell(row, choices))
        )
        for row in rows[1:]
        if _cell(row, name)
    }


def _cell(row: list[str], at: int | None) -> str:
    return row[at].strip() if at is not None and at < len(row) else ""


def _plain(label: str) -> str:
    """A label without the marks of a web page."""
    return " ".join(re.sub(r"<[^<>]*>", " ", label).split())


def _coded(choices: str) -> dict[str, str]:
    """`1, Lenalidomide | 2, Bortezomib` by code; a calculation has none."""
    pairs = (each.partition(",") for each in re.split(r"\||\n", choices))
    return {
        code.strip(): _plain(label)
        for code, sign, label in pairs
        if sign and re.fullmatch(r"-?\w+", code.strip())
    }


class Box(NamedTuple):
    """One check box of a group: a column of its own in an export."""

    group: str
    """What the group asks."""
    choice: str
    """What the box stands for; empty where only a dictionary says it."""


def box_of(header: str, variables: Dictionary) -> Box | None:
    """The box that a column is: `drugs___1`, or `Drugs (choice=Lenalidomide)` by its labels."""
    if match := re.fullmatch(r"(.*?)\s*\(choice=(.*)\)\s*", header, re.DOTALL):
        return Box(match[1], match[2].strip())
    match = re.fullmatch(r"(.+?)___(\w+)(?:\.factor)?", header.strip())
    if match is None:
        return None
    name, code = match[1].lower(), match[2].lower()
    variable = variables.get(name)
    if variable is None:
        return Box(match[1], "")
    by_code = {each.lower().replace("-", "_"): label for each, label in variable.choices.items()}
    return Box(f"{match[1]} {variable.label}", by_code.get(code, ""))
