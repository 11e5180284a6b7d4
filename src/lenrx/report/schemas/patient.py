"""A patient as files state one, made from the declarations that read it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field, StrictFloat, StrictInt, create_model

from lenrx.catalogue.field_kinds import Field as Declared
from lenrx.catalogue.field_kinds import Findings, Numeric, Plain, Word
from lenrx.catalogue.fields import DECLARED
from lenrx.report.schemas.base import Closed, Missing

_BOUND: Final = r"^ *[<>]?=? *\d"
"""A number as text, a bound, or a range; its unit may stand behind."""
_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"
Number = StrictInt | StrictFloat
_NAMES: Final = "Names separated by , ; or a bar, or a list of them."


class Treatment(Closed):
    """A course of treatment; what is not known is left out."""

    drugs: Annotated[str | list[str] | Missing, Field(examples=["VRd", ["lenalidomide"]])] = None
    other: Annotated[str | list[str] | Missing, Field(examples=["radiotherapy"])] = None
    dose: str | Missing = None
    start: Annotated[str | int | Missing, Field(examples=["2023-09"])] = None
    stop: Annotated[str | int | Missing, Field(examples=["2026-03-14", "ongoing"])] = None
    progression: Annotated[str | int | Missing, Field(examples=["2026-03-02"])] = None
    response: Annotated[str | Missing, Field(examples=["VGPR", "PD"])] = None
    stopped_for: Annotated[str | Missing, Field(examples=["progression", "toxicity"])] = None
    refractory: str | list[str] | Missing = None
    intolerant_of: str | list[str] | Missing = None
    maintenance: bool | Missing = None
    planned: bool | Missing = None
    transplant: bool | str | Missing = None
    line: int | Missing = None
    intent: str | Missing = None
    plan: str | Missing = None


def _type(field: Declared) -> Any:
    """What a file may hold in the place of a field."""
    kind = field.kind
    if isinstance(kind, Numeric):
        low, high = kind.sure or (kind.low, kind.high)
        number: Any = int if kind.whole else float
        return Annotated[number, Field(ge=low, le=high)] | Annotated[str, Field(pattern=_BOUND)]
    if isinstance(kind, Word):
        return Literal[kind.words]
    if isinstance(kind, Findings):
        return str | list[str]
    if kind is Plain.FLAG:
        return bool
    if kind is Plain.DAY:
        return Annotated[str, Field(pattern=_DAY)]
    return str if kind is Plain.TEXT else str | list[str]


def _file_type(field: Declared) -> Any:
    """What a file may hold: a number for a text too, as programs write an id."""
    return str | Number if field.kind is Plain.TEXT else _type(field)


def _examples(field: Declared) -> list[Any]:
    kind = field.kind
    if isinstance(kind, Numeric):
        middle = sum(kind.sure or (kind.low, kind.high)) // 2
        return [int(middle), f"<{middle:g}"]
    if isinstance(kind, Word):
        return [kind.words[0]]
    if isinstance(kind, Findings):
        return [[*kind.words[:2]]]
    plain: dict[Plain, list[Any]] = {
        Plain.FLAG: [True],
        Plain.DAY: ["2026-11-23"],
        Plain.TEXT: ["P-001"],
        Plain.MEDICINES: [["clarithromycin"], "none"],
        Plain.DRUGS: [["lenalidomide", "Velcade"], "lena; PI"],
    }
    return plain[kind]


def _told(field: Declared) -> Any:
    """What is said of a member: its title, its unit, examples."""
    kind = field.kind
    more: dict[str, Any] = {"unit": kind.unit} if isinstance(kind, Numeric) else {}
    if isinstance(kind, Findings):
        more["words"] = [*kind.words]
    listed = f" {_NAMES}" if isinstance(kind, Findings) or kind in _LISTS else ""

    return Field(
        default=None,
        title=field.label,
        description=field.help + listed,
        examples=_examples(field),
        json_schema_extra=more,
    )


_LISTS: Final = (Plain.DRUGS, Plain.MEDICINES)


class _Treated(Closed):
    given: Annotated[
        str | list[str] | None,
        Field(description="A regimen or its drugs, that `lenrx plan` judges.", examples=["KRd"]),
    ] = None
    treatments: Annotated[
        list[Treatment] | None,
        Field(description="The treatment record, in place of lines and lists of drugs."),
    ] = None


_FIELDS: Final = DECLARED.items()
_GIVEN: Final[dict[str, Any]] = {n: (_type(each) | Missing, _told(each)) for n, each in _FIELDS}
_STATED: Final[dict[str, Any]] = {n: (_file_type(each) | None, _told(each)) for n, each in _FIELDS}
Given = create_model("Given", __base__=Closed, __doc__="What was stated, by field.", **_GIVEN)
Patient = create_model(
    "Patient",
    __base__=_Treated,
    __doc__="One patient. What is left out or null is not known: never normal, never no.",
    **_STATED,
)
