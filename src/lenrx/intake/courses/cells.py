"""Courses as charts write them into courses as the treatment record reads them.

Names of fields, words of response, reason and intent in the spellings of registries; what is not
literal is said, and what nobody can tell is said not to be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import key
from lenrx.intake.cells import CellError, reasons
from lenrx.intake.cells.base import bare
from lenrx.intake.courses.drugs import Given, given, is_nothing, kept_name
from lenrx.intake.courses.names import course_field
from lenrx.patient.course import KINDS_OF_OTHER, RADIOTHERAPY, STUDY, refused
from lenrx.patient.courses import KEYS
from lenrx.patient.patient import UNSTATED, PatientError


class Charted(NamedTuple):
    """Courses ready to be read, and what was not literal."""

    courses: list[dict[str, Any]]
    said: tuple[str, ...]


def _words(**groups: str) -> dict[str, str]:
    return {each: name for name, words in groups.items() for each in words.split()}


_RESPONSES: Final = _words(
    sCR="scr stringentcr stringentcompleteresponse stringentcompleteremission",
    CR="cr completeresponse completeremission complete rc respuestacompleta komplettremission"
    " reponsecomplete molecularcr mcr icr crmrdnegative",
    VGPR="vgpr verygoodpartialresponse verygoodpartialremission ncr nearcr mbrp rcpp"
    " nearcompleteresponse sehrgutepartialremission tbrp",
    PR="pr partialresponse partialremission partial rp respuestaparcial partialremissions",
    MR="mr minimalresponse minorresponse minimal rm respuestaminima",
    SD="sd stabledisease stable nc nochange enfermedadestable ee"
    " stabileerkrankung maladiestable lessthanpr",
    PD="pd progressivedisease progression progressed progressing progressionofdisease"
    " diseaseprogression progress pe enfermedadprogresiva progredient relapse relapsed",
)
_REASONS: Final = _words(
    progression="progression pd progressivedisease diseaseprogression progressed progress relapse"
    " relapsed recurrence refractory refractorydisease progressionrelapse relapseprogression"
    " progressionofdisease progresion recaida recidiva rezidiv biochemicalprogression"
    " clinicalprogression lackofresponse noresponse treatmentfailure failure lackofefficacy"
    " nonresponse primaryrefractory diseaseprogressionrelapse progressivediseaserelapse",
    toxicity="toxicity tox adverseevent adverseevents ae aes sideeffect sideeffects intolerance"
    " intolerant unacceptabletoxicity toxicidad toxizitat nebenwirkung nebenwirkungen toxicite"
    " treatmenttoxicity adversereaction sae drugtoxicity toxicityintolerance",
    completed="completed complete completion planned asplanned plannedcompletion perprotocol"
    " endoftreatment endofplannedtreatment treatmentcompleted completedtreatment finished"
    " completedplannedtherapy plannedtherapycompleted protocolcompleted fin completado"
    " completedregimen completedtherapy completedcourse completedasplanned regularend"
    " transplant asct proceededtotransplant totransplant bridgetotransplant sct"
    " maximumresponse plateau remission completedcycles fixedduration",
    ongoing="ongoing continuing current ontreatment ontherapy active stillontreatment encurso"
    " laufend",
    other="other patientchoice patientpreference patientdecision patientrequest logistics"
    " physiciandecision physicianchoice insurance cost access compliance noncompliance"
    " administrative consentwithdrawn withdrawal withdrew moved movedaway covid covid19 pregnancy"
    " otro andere autre investigatordecision othermedicalreason",
)
_UNKNOWN_REASON: Final = "unknown"
_INTENTS: Final = _words(
    induction="induction initial firstline frontline upfront induktion induccion primary",
    consolidation="consolidation konsolidierung consolidacion intensification",
    maintenance="maintenance maint erhaltung erhaltungstherapie mantenimiento entretien"
    " continuoustherapy",
    conditioning="conditioning konditionierung acondicionamiento highdosetherapy hdt"
    " highdosechemotherapy myeloablative",
    transplant="transplant asct autosct sct transplantation autologoustransplant hsct"
    " stemcelltransplant autologoussct bonemarrowtransplant bmt",
    salvage="salvage reinduction relapsetherapy",
)
_YES: Final = frozenset("true yes y 1 10 x checked si ja oui".split())
_NO: Final = frozenset("false no n 0 00 unchecked nein non".split())
_MISSING: Final = UNSTATED | frozenset(
    "nan|none|null|nat|<na>|#n/a|.|-|--|not available|[not available]|not recorded|not evaluable|ne"
    "|missing|not assessed|not applicable|[not applicable]|n.a.|nd|n/d".split("|")
)
_WITHDRAWS: Final = ("progression", "response", "stopped_for")
"""Fields in which a word for "unknown" says something: that nobody can tell."""
_MARKED: Final = re.compile(r"[?~±≠¬]")
"""A mark beside a word, which the letters and digits of the word do not hold."""
_LINE: Final = re.compile(
    r"(?:line|lot|l|linie|linea|ligne)?[ #_-]*(?:of therapy)?[ #_-]*(\d{1,2})(?:\.0+)?"
    r" ?(?:st|nd|rd|th|l|[a-d])?(?:[ -](?:line|lot)(?: of therapy)?)?",
    re.IGNORECASE,
)
_ORDINALS: Final = {
    word: at
    for at, words in enumerate(
        ("first primera erste", "second segunda zweite", "third dritte", "fourth", "fifth"), start=1
    )
    for word in words.split()
}


def charted(treatments: object, catalogue: Catalogue) -> Charted:
    """The courses of one patient, made ready to be read. Raises PatientError."""
    if not isinstance(treatments, list | tuple):
        raise PatientError("treatments", "must be a list of courses")
    courses, said = list[dict[str, Any]](), list[str]()
    for number, raw in enumerate(_without_frames(treatments, catalogue), 1):
        if not isinstance(raw, Mapping):
            message = f"course {number}: must be a mapping that names its drugs"
            raise PatientError("treatments", message)
        course = _course(number, raw, catalogue, said)
        if course is not None:
            courses.append(course)
    return Charted(courses, tuple(said))


def _without_frames(treatments: Any, catalogue: Catalogue) -> list[Any]:
    """The courses without those that only hold others together, as a parent episode does.

    Where the one that holds others together names drugs, it is a line; else it may be the disease.
    """
    every = list(treatments)
    ids = {str(_named(each, "episode")): each for each in every if _named(each, "episode")}
    parents = {str(_named(each, "plan")) for each in every if _named(each, "plan")} & ids.keys()
    if not ids:
        return every
    lines = {each for each in parents if _names_drugs(ids[each], catalogue)}
    alone = {str(_named(each, "plan")) for each in every if _named(each, "plan")}
    # parents that are not in the table: several of them are lines, a single one may be the disease
    lines |= (alone - parents) if len(alone - parents) > 1 else set()
    kept = [each for each in every if str(_named(each, "episode")) not in parents]
    return [each if str(_named(each, "plan")) in lines else _less(each, ("plan",)) for each in kept]


def _named(raw: Any, field: str) -> Any:
    if not isinstance(raw, Mapping):
        return None
    found = (value for name, value in raw.items() if course_field(str(name)) == field)
    return next((value for value in found if not _is_missing(value)), None)


def _less(raw: Any, fields: tuple[str, ...]) -> Any:
    return {name: value for name, value in raw.items() if course_field(str(name)) not in fields}


def _names_drugs(raw: Any, catalogue: Catalogue) -> bool:
    try:
        cell = _given(0, "drugs", _named(raw, "drugs"), catalogue)
    except PatientError:
        return False
    return bool(cell and cell.drugs)


def _course(
    number: int, raw: Mapping[Any, Any], catalogue: Catalogue, said: list[str]
) -> dict[str, Any] | None:
    """One course by the fields of the record; None where nothing was given."""
    values = _by_field(number, raw)
    drugs = [values.pop(each, None) for each in ("drugs", "drugs_more")]
    cell = _given(number, "drugs", _both(*drugs), catalogue)
    kind = str(values.pop("kind", "") or "")
    values.pop("episode", None)
    found: dict[str, Any] = {}
    for field, value in values.items():
        if _is_missing(value):
            if _withdraws(field, value):
                found[field] = "unknown"
            continue
        found |= dict(_read(number, field, value, catalogue, said))
    found |= _of_drugs(number, cell, kind, found, said)
    return None if cell and cell.nothing else found


def _both(drugs: Any, more: Any) -> Any:
    """The drugs of a course and those written beside them as others."""
    if _is_missing(more) or is_nothing(more):
        return drugs
    named = [] if _is_missing(drugs) or key(str(drugs)).startswith("other") else drugs
    return [*(named if isinstance(named, list | tuple) else [named]), more]


def _by_field(number: int, raw: Mapping[Any, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for written, value in raw.items():
        field = course_field(str(written))
        if field is None or field == "id":
            from difflib import get_close_matches

            near = get_close_matches(str(written).lower(), KEYS, n=1, cutoff=0)[0]
            problem = f"course {number}: unknown field; nearest: {near}"
            raise PatientError("treatments", problem)
        stated = not (_is_missing(value) or _is_missing(values.get(field)))
        if stated and values[field] != value:
            raise refused(number, field, "is written twice; keep one")
        if field not in values or _is_missing(values[field]):
            values[field] = value
    return values


def _is_missing(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in _MISSING
    return value is None or value == [] or value != value


def _withdraws(field: str, value: Any) -> bool:
    return bool(field in _WITHDRAWS and isinstance(value, str) and key(value) == "unknown")


def _given(number: int, field: str, value: Any, catalogue: Catalogue) -> Given | None:
    if _is_missing(value) and not is_nothing(value):
        return None
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(each, str) for each in items):
        raise refused(number, field, "must be a list of words")
    try:
        return given("; ".join(items), catalogue)
    except CellError as error:
        problem = refused(number, field, str(error))
        problem.value = error.word
        raise problem from None


def _of_drugs(
    number: int, cell: Given | None, kind: str, found: dict[str, Any], said: list[str]
) -> dict[str, Any]:
    """What the cell of drugs and the kind of the row say of a course."""
    if cell is None:
        return _without_drugs(number, kind, found, said)
    if cell.said:
        said.append(f"course {number}: {cell.said}")
    stated: dict[str, Any] = {"drugs": list(cell.drugs)} if cell.drugs else {}
    if cell.other:
        stated["other"] = [*cell.other, *found.get("other", ())]
    if cell.transplant:
        stated["transplant"] = True
    if cell.part and "intent" not in found and "maintenance" not in found:
        stated["intent"] = cell.part
    if cell.mobilised and "planned" not in found:
        stated["planned"] = True
    return stated


def _without_drugs(
    number: int, kind: str, found: dict[str, Any], said: list[str]
) -> dict[str, Any]:
    if found.get("transplant") or found.get("other") or found.get("intent") in _GRAFTS:
        return {}
    if is_radiotherapy(kind):
        return {"other": [RADIOTHERAPY]}
    if re.search(r"transplant|\bh?sct\b", kind, re.IGNORECASE):
        return {"transplant": True}
    said.append(f"course {number}: no drug is named: read as one that is not known")
    return {"other": [STUDY]}


_GRAFTS: Final = ("transplant", "conditioning")


def is_radiotherapy(kind: str) -> bool:
    """Whether a kind of treatment is radiotherapy."""
    return bool(re.search(r"radiat|radioth|\bx?rt\b|strahl", kind, re.IGNORECASE))


def _read(
    number: int, field: str, value: Any, catalogue: Catalogue, said: list[str]
) -> Iterator[tuple[str, Any]]:
    if field == "other":
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(isinstance(one, str) for one in items):
            raise refused(number, field, "must be a list of words")
        yield field, tuple(_kept(each, catalogue) for each in items)
    elif field == "dose" and re.fullmatch(r"0+(?:[.,]0+)?(?: ?[a-z]+)?", str(value).strip(), re.I):
        raise refused(number, field, "is zero, so that nothing was given; leave the course out")
    elif field in ("start", "stop", "dose", "plan"):
        yield field, value
    elif field == "intolerant_of":
        if key(str(value)) in _NO:
            return
        cell = _given(number, field, value, catalogue)
        if cell and not cell.drugs and not cell.nothing:
            raise refused(number, field, "names no drug of the course; name the one")
        if cell and cell.drugs:
            yield field, value if _is_literal(value, cell) else list(cell.drugs)
    elif field == "progression":
        yield from _progression(value)
    else:
        found, words = _word(field, value if isinstance(value, bool | int) else str(value))
        if words:
            said.append(f"course {number}: read '{words}' as {found}")
        if found is not None:
            yield field, found


def _is_literal(value: Any, cell: Given) -> bool:
    """Whether a list may go on as it is: a regimen in it spares its steroid."""
    return cell.said is None and not cell.other


def _progression(value: Any) -> Iterator[tuple[str, Any]]:
    """A day, or whether it progressed at all."""
    word = key(str(value))
    if word in _YES or _MARKED.search(str(value)):
        yield "progression", "unknown"
    elif word not in _NO:
        yield "progression", value


@lru_cache(maxsize=4_000, typed=True)
def _word(field: str, value: Any) -> tuple[Any, str | None]:
    """A word as the record has it, and the word as written where that is another."""
    text = str(value).strip()
    word = key(bare(text))
    if _MARKED.search(text):
        return ("unknown", text) if field in _WITHDRAWS else (f"? {text}", None)
    if field in ("planned", "maintenance", "transplant"):
        yes, no = word in _YES, word in _NO
        return (yes if yes or no else _flagged(field, text)), None
    if field == "line":
        return _line(text), None
    known = {"response": _RESPONSES, "stopped_for": _REASONS, "intent": _INTENTS}[field]
    found = known.get(word)
    if found is None and field == "stopped_for":
        return _reason(text), text
    if found is None and field == "intent":
        return None, text
    if found is None:
        return text, None
    return found, None if word == key(found) else text


_PROGRESSED: Final = re.compile(r"\b(?:progr|relaps|recidiv|rezidiv|recai|pd\b|refract)", re.I)
_TAKES_BACK: Final = re.compile(
    r"\b(?:no|not|non|without|kein\w*|sin|sans|ohne|never|nor|free|before|despite|suspected)\b",
    re.I,
)


def _reason(text: str) -> str:
    """A reason in more words, where they say one and the same; else it is not known."""
    if _TAKES_BACK.search(text):
        return _UNKNOWN_REASON
    parts = [
        each for each in re.split(r"[(),;/+&]| and | und | y | et ", bare(text)) if each.strip()
    ]
    listed = [_REASONS.get(key(each)) for each in parts]
    found = {
        reason or ("progression" if _PROGRESSED.search(each) else _toxic(each))
        for reason, each in zip(listed, parts, strict=True)
    } - {None}
    return found.pop() or _UNKNOWN_REASON if len(found) == 1 else _UNKNOWN_REASON


def _toxic(text: str) -> str | None:
    return "toxicity" if reasons.is_toxicity(text) else None


def _kept(name: str, catalogue: Catalogue) -> str:
    return name if name in KINDS_OF_OTHER else kept_name(name, catalogue)


def _flagged(field: str, text: str) -> Any:
    """A flag that holds more than yes or no: for a transplant its kind or its day."""
    if field == "transplant" and _NOT_DONE.search(text):
        return False
    if field == "transplant" and re.search(
        r"allo|planned|candidate|pending|await|collect|\?", text
    ):
        return text
    if field == "transplant" and re.search(r"auto|asct|sct|hdt|tandem|\d{4}", text, re.IGNORECASE):
        return True
    return text


_NOT_DONE: Final = re.compile(
    r"\b(?:no|not|never|none|without|declined|refused|ineligible|kein\w*|sin|sans|ohne|nicht)\b",
    re.IGNORECASE,
)


def _line(text: str) -> Any:
    if text.startswith("-"):
        return text
    match = _LINE.fullmatch(text)
    word = re.sub(r"[ -]?(?:line|lot)$", "", text.lower()).strip()
    return int(match[1]) if match else _ORDINALS.get(word, text)
