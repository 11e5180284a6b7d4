"""What was given in a course, as charts write it: drugs, and what the catalogue does not hold.

A drug that the catalogue does not hold is kept by its name; radiotherapy, supportive care and
study drugs by their kind. A name that nobody knows is kept, and may have been any drug. A name that
may be a slip for one of the catalogue is an error that names the nearest, and so is a drug beside
words that are not known: one of them may say that it was not given.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import UnknownName, key, known, known_names, read, split
from lenrx.intake.cells import CellError, read_cell
from lenrx.intake.cells.base import plain_text
from lenrx.intake.cells.spellings.mobilisation import mobilises, plain_dose, without_words
from lenrx.intake.cells.spellings.signs import ELLIPSIS, no_sign
from lenrx.intake.cells.spellings.treatments import treatment
from lenrx.intake.cells.spellings.unwritten import DITTO, goes_on, repeats
from lenrx.intake.courses.given import Given
from lenrx.intake.courses.mobilisation import apart, mobilising, not_either
from lenrx.intake.courses.transplants import (
    Transplant,
    beside,
    denies,
    names_transplant,
    only_status,
    transplant,
    without_setting,
)
from lenrx.intake.courses.words import REASONS, UNNAMED_DRUGS, is_sequence, letters
from lenrx.patient.course import ALLOGENEIC, RADIOTHERAPY, STEROID, STUDY, SUPPORTIVE, UNNAMED

_CONDITIONING: Final = re.compile(
    r"\b(?:hd|high[ -]dose|hochdosis)[ -]?mel(?:phalan)?\b|\bhdm\b"
    r"|\bmel(?:phalan)?[ -]?(?:100|140|200)\b(?: ?mg(?: ?/ ?m2)?)?",
    re.IGNORECASE,
)
_PARTS: Final = {
    "maintenance": re.compile(
        r"\bmaint(?:enance)?\b\.?|mantenimiento|erhaltung(?:stherapie)?|entretien"
        r"|mantenimento|manutencao",
        re.I,
    ),
    "consolidation": re.compile(r"\bconsolidation\b|consolidacion|konsolidierung", re.I),
    "conditioning": re.compile(r"\bconditioning\b|konditionierung|acondicionamiento", re.I),
}
_COLLECTED: Final = re.compile(r"apheres|collect|harvest", re.I)
_NOTHING: Final = frozenset(
    "none nil nothing notreatment notherapy observation watchandwait watchwait surveillance"
    " treatmentfree untreated offtherapy offtreatment break treatmentbreak drugholiday holiday"
    " therapiepause pause nomaintenance noconsolidation nofurthertreatment".split()
)
_STEROIDS: Final = r"prednisolon|hydrocorti|betameth|solu-?medrol|medrol|cortico|\bsteroid"
_KINDS: Final = (
    (
        RADIOTHERAPY,
        r"radio-?th|radiation|irradiat|\brt\b|\bx-?rt\b|\bebrt\b|\bsbrt\b|\btbi\b|bestrahlung"
        r"|strahlenth|\bradiatio\b|radioth?erapi|radioterapia",
    ),
    (STUDY, r"\bstud(?:y|ies)\b|\btrial\b|investigational|experimental|blinded|placebo|\bnct ?\d"),
    (
        SUPPORTIVE,
        r"supportive|zol[ae]dron|pamidron|ibandron|bisphos|denosumab|a[ic]+yclovir|aciclovir"
        r"|famciclovir|cotrimox|trimethoprim|sulfameth|bactrim|floxacin|conazole|letermovir"
        r"|entecavir|tenofovir|aspirin|acetylsalic|heparin|enoxaparin|xaban\b|warfarin|dabigatran"
        r"|filgrastim|grastim|\bg-?csf\b|poetin|\bivig\b|immunoglobulin|allopurinol|rasburicase"
        r"|setron\b|aprepitant|prazole\b|gabapentin|pregabalin|duloxetine|plerixafor|motixafortide"
        r"|tocilizumab|eltrombopag|romiplostim|vaccin|transfusion|plasma ?pheresis|plasma exchange"
        r"|stammzellsammlung|recolecci[o\u00f3]n|recueil|raccolta|\bharvest|leu[ck]o?apherese"
        r"|stammzellapherese|af[e\u00e9]resis|aferesi\b|cytaph[e\u00e9]r[e\u00e8]se|leukapheresis"
        r"|dialysis|vertebroplast|kyphoplast|\bsurgery\b|mesna|leucovorin|paracetamol|acetaminophen"
        r"|loperamide|morphine|oxycodone|fentanyl|\bcalcium\b|vitamin|calciferol|thyroxine"
        r"|statin\b|bortezumib-placebo",
    ),
)
_FOUND: Final = [(kind, re.compile(pattern, re.I)) for kind, pattern in _KINDS]
_BETWEEN: Final = re.compile(r" ?(?:[/+&]|->|=>|\b(?:and|plus|with|then|followed by)\b) ?", re.I)
_LONGEST_NAME: Final = 60
_NEAR: Final = 0.8
"""From which two names are one with a slip, and not two."""
_MOST_WORDS: Final = 12
"""Of one name, that are held against the names of the catalogue."""
_COMMON: Final = frozenset(
    "the for and per with day days week mg iv sc po low dose new old".split()
)


_REMARK: Final = re.compile(
    r"(?<![\w-])(?:re-?start(?:s|ed|ing)?|resum(?:e|es|ed|ing|ption)|continu(?:e|es|ed|ing|ation)"
    r"|cont(?:'?d)?|again|re-?challenged?|re-?treat(?:ed|ment)|re-?introduc(?:ed|tion)"
    r"|re-?initiat(?:ed|ion)|initiat(?:ed|ion)|started|begun|extended|extension|prolonged"
    r"|dose[ -](?:reduced|escalated|adjusted)|escalated|monthly"
    r"|fortsetzung|fortgesetzt|weiter|wiederbeginn|wiederaufnahme|erneut|begonnen"
    r"|reinicio|reiniciad[oa]|reinicia|continuacion|continuaci\u00f3n|continua|continuado"
    r"|reprise|poursuite|poursuivie?|repris|ripresa|continuazione|prosecuzione|reinizio"
    r"|retomada|continua\u00e7\u00e3o)(?![\w-])\.?",
    re.I,
)
"""Words beside a drug that was given all the same."""
_OF_WHAT: Final = "does not say of what; write it beside what it is said of"
_MOST: Final = 40
"""Items of one cell; more is no course."""


@lru_cache(maxsize=8_000)
def given(text: str, catalogue: Catalogue) -> Given:
    """What a cell of drugs says. Raises CellError with the word that failed."""
    plain = plain_text(text)
    if repeats(text):
        raise CellError(DITTO, text.strip())
    if is_nothing(plain):
        return Given(nothing=True, said=_said(text, "nothing given"))
    plain = re.sub(_AND_MORE, "unspecified", plain)
    rest, more = goes_on(plain)
    plain = f"{rest}; unspecified" if more else plain
    no_sign("exposed", plain)
    grafts, rest = _grafts(plain)
    no_part = tuple(each for each in split(rest) if _NO_PART.fullmatch(each))
    rest = ", ".join(each for each in split(rest) if each not in no_part) if no_part else rest
    rest, reason = _reason(rest)
    rest, collected = apart(rest)
    high = bool(_CONDITIONING.search(rest))
    part = "conditioning" if high else _part(rest)
    planned = mobilises(rest)
    bare = without_words(rest) if planned else plain_dose(rest)
    bare = _CONDITIONING.sub(" melphalan ", bare)
    for pattern in _PARTS.values():
        bare = pattern.sub(" ", bare)
    bare = re.sub(r"(?<=\w)-(?= |$)", "", bare) if part else bare
    bare = _plain(bare) if bare.strip() else bare
    found = _with(_items(bare, catalogue) if bare.strip(" ,;.()") else Given(), grafts)
    for each in collected:
        found = _beside(found, given(each, catalogue))
    if no_part:
        found = found._replace(left=(*found.left, *no_part), said="not literal")
    if not any((found.drugs, found.other, found.transplant, found.left)):
        if planned or part:
            found = Given(other=(SUPPORTIVE,) if planned else (UNNAMED,), unsure=_unnamed(planned))
        else:
            raise CellError("names no drug and no treatment", text)
    if planned:
        found = mobilising(found, catalogue)
    elif not (found.transplant or part):
        not_either(found.drugs, rest)
    part = part if part != "conditioning" or {"melphalan", "BEAM"} & {*found.drugs} else None
    found = found._replace(
        part=found.part or part,
        planned=planned or found.planned,
        sequence=is_sequence(plain),
        reason=reason if found.drugs else None,
    )
    if _COLLECTED.search(rest) and {*found.drugs} & catalogue.drugs_in("CAR-T"):
        raise CellError(
            "may have been collected for, and not given; write the day it was given", text
        )
    literal = bare == plain and not found.said
    return found._replace(said=None if literal else _told(text, found))


def _beside(found: Given, more: Given) -> Given:
    """What was given with what was given to mobilise stem cells on the way."""
    return found._replace(
        drugs=tuple(sorted({*found.drugs, *more.drugs})),
        other=tuple(dict.fromkeys((*found.other, *more.other))),
        unsure=tuple(dict.fromkeys((*found.unsure, *more.unsure))),
        aside="; ".join(filter(None, (found.aside, more.aside))),
        said="not literal",
    )


_AND_MORE: Final = rf"(?<=[,;|] ){ELLIPSIS}(?=$|[,;|])"
"""Dots as an item of their own: drugs that were given and are not named."""
_BEHIND: Final = re.compile(
    r"([^(),;|]*)\((?:stopped|discontinued|ended|off)? ?(?:for|due to|because of)? ?([^()]+)\)"
)


def _reason(text: str) -> tuple[str, str | None]:
    """A cell of one item without the reason to stop that stands behind it, and that reason."""
    match = _BEHIND.fullmatch(text)
    reason = REASONS.get(letters(match[2])) if match else None
    told = match is not None and reason in ("progression", "toxicity")
    return (match[1].strip(), reason) if match and told else (text, None)


def _unnamed(planned: bool) -> tuple[str, ...]:
    return () if planned else (UNNAMED,)


def _plain(text: str) -> str:
    """A text without remarks that do not change what was given."""
    bare = without_setting(text)
    if not bare.strip(" ,;.()-"):
        raise CellError("says before or after a transplant, and names no treatment", text)
    stripped = _REMARK.sub(" ", bare)
    if stripped == text:
        return text
    return " ".join(re.sub(r"\(\s*\)|(?:^|\s)[-:](?=\s*(?:$|[,;]))", " ", stripped).split())


def _grafts(text: str) -> tuple[list[Transplant], str]:
    """The transplants of a cell, and the rest of it. Raises CellError for a `no` of no one."""
    items = split(text)
    found = [transplant(each) for each in items]
    for at, item in enumerate(items):
        if not found[at] and (apart := beside(item)):
            items[at : at + 1], found[at : at + 1] = [apart[0], item], [None, apart[1]]
    if not any(found):
        return [], text
    rest = [item for item, graft in zip(items, found, strict=True) if not graft]
    if alone := next((each for each in rest if only_status(each)), None):
        raise CellError(_OF_WHAT, alone)
    return [each for each in found if each], ", ".join(rest)


def _with(found: Given, grafts: list[Transplant]) -> Given:
    """What was given besides the transplants, and these."""
    for each in grafts:
        done = each.done is True
        words = f"{'allogeneic ' if each.allo and not each.auto else ''}transplant"
        not_done = f"no {words}" if each.done is False else f"{words} that is planned: not counted"
        left = () if done else (not_done,)
        dose = ("melphalan",) if done and each.conditioning else ()
        part = "salvage" if each.salvage else "conditioning" if dose else None
        found = found._replace(
            drugs=tuple(sorted({*found.drugs, *dose})),
            other=(*found.other, *((ALLOGENEIC,) if done and each.allo else ())),
            transplant=found.transplant or (done and each.auto),
            part=found.part or (part if done else None),
            planned=found.planned or (done and each.again),
            left=(*found.left, *left),
            said="not literal",
        )
    return found


def is_nothing(value: Any) -> bool:
    """Whether a value says that nothing was given."""
    return isinstance(value, str) and key(value) in _NOTHING


_NO_PART: Final = re.compile(
    r"(?:no|without|keine?|ohne|sin|sans|pas de|senza|sem) (?:maintenance|maint\.?|consolidation"
    r"|erhaltung(?:stherapie)?|konsolidierung|mantenimiento|consolidacion|entretien|mantenimento"
    r"|(?:stem cell )?mobili[sz]ation|mobilisierung|movilizaci[o\u00f3]n|mobilizzazione)"
    r"|(?:maintenance|maint\.?|consolidation) ?[:=-]? ?(?:no|none|not given|refused|declined|0)",
    re.I,
)


def _part(text: str) -> str | None:
    return next((part for part, pattern in _PARTS.items() if pattern.search(text)), None)


def _said(text: str, meaning: str) -> str:
    return f"read '{' '.join(text.split())}' as {meaning}"


def _told(text: str, found: Given) -> str | None:
    """How a cell was read: what it names, what is only kept, and what was not given."""
    written = " ".join(text.split())
    words = [*found.drugs, *found.other, *(["transplant"] if found.transplant else [])]
    kept = [name for name in found.other if name not in (*found.unsure, SUPPORTIVE, ALLOGENEIC)]
    more = f"; stopped for {found.reason}" if found.reason else ""
    more += f"; {found.aside}" if found.aside else ""
    more += "; the history is partial" if found.unsure else ""
    if len(words) == 1 and key(words[0]) == key(text) and not found.left:
        if found.unsure:
            return f"'{written}' is not known, kept{more}"
        return f"'{written}' is not in the catalogue: kept" if kept else None
    meaning = ", ".join([*words, *found.left]) + (f" ({found.part})" if found.part else "")
    return _said(text, meaning + more)


def _items(text: str, catalogue: Catalogue) -> Given:
    whole = _cell(text, catalogue)
    if whole:
        return whole
    parts = [each for item in split(text) for each in _BETWEEN.split(item) if each.strip(" .()-")]
    if len(parts) > _MOST:
        raise CellError(f"holds more than {_MOST} treatments; write one course for each")
    found = [_item(each.strip(), catalogue) for each in parts]
    return Given(
        tuple(sorted({drug for each in found for drug in each.drugs})),
        tuple(dict.fromkeys(name for each in found for name in each.other)),
        any(each.transplant for each in found),
        part=next((each.part for each in found if each.part), None),
        aside="; ".join(dict.fromkeys(each.aside for each in found if each.aside)),
        planned=any(each.planned for each in found),
        said="not literal",
        unsure=tuple(dict.fromkeys(name for each in found for name in each.unsure)),
        left=tuple(dict.fromkeys(name for each in found for name in each.left)),
    )


def _cell(text: str, catalogue: Catalogue) -> Given | None:
    """What the reader of drug cells makes of a text; None where that is nothing."""
    try:
        reading = read_cell("exposed", text, catalogue)
    except CellError:
        return None
    stated: dict[str, Any] = dict(reading.values)
    drugs = tuple(stated.get("exposed") or ())
    auto = stated.get("prior_transplant") is True
    allo = "prior_allogeneic_transplant" in (stated.get("comorbidities") or ())
    if "kept" in stated or not (drugs or auto or allo):
        # What the catalogue does not hold has a kind of its own here.
        return None
    study = (STUDY,) if "history" in stated else ()
    other = (*((ALLOGENEIC,) if allo else ()), *study)
    said = reading.said[0] if reading.said else None
    words = said.rpartition("' as ")[2].split("; ")[1:] if said else []
    aside = "; ".join(each for each in words if re.search(r"\bread\b", each))
    return Given(drugs, other, auto, said=said, unsure=study, aside=aside)


def _item(part: str, catalogue: Catalogue) -> Given:
    """One name: of the catalogue, of a kind that is no drug of it, or kept as it is."""
    if found := _cell(part, catalogue):
        return found
    if graft := transplant(part):
        return _with(Given(), [graft])
    if letters(part) in UNNAMED_DRUGS:
        return Given(other=(UNNAMED,), said="not literal", unsure=(UNNAMED,))
    if only_status(part):
        raise CellError(_OF_WHAT, part)
    if any(known(word, catalogue) for word in _tokens(part)):
        raise CellError("holds a drug beside words that cannot be read", part)
    other = treatment(part, catalogue)
    if names_transplant(part) and not (other and other.listed):
        reason = "names a transplant beside words that cannot be read; write done, no or planned"
        raise CellError(reason, part)
    if re.search(_STEROIDS, part, re.I):
        return _unless_denied(Given((STEROID,), said="not literal"), part)
    for kind, pattern in _FOUND:
        if pattern.search(part):
            unsure = (kind,) if kind == STUDY else ()
            return _unless_denied(Given(other=(kind,), said="not literal", unsure=unsure), part)
    if other:
        name = _named(part) if other.line else SUPPORTIVE
        doubted = other.line and (other.unsure or not other.listed)
        return Given(other=(name,), said="not literal", unsure=(name,) if doubted else ())
    _not_a_slip(part, catalogue)
    return Given(other=(_named(part),), said="not literal", unsure=(_named(part),))


def _unless_denied(found: Given, part: str) -> Given:
    """A treatment of some kind, or that it was not given. Raises CellError where that is open."""
    if not denies(part):
        return found
    if found.drugs or STUDY in found.other:
        raise CellError("may have been given or not; write the drug, or leave it out", part)
    return Given(
        left=(f"{found.other[0]} that was not given or is planned: not counted",),
        said="not literal",
    )


def _named(part: str) -> str:
    return " ".join(part.split())[:_LONGEST_NAME]


def _tokens(part: str) -> list[str]:
    """The words of a text that may be names of drugs; a letter alone is none."""
    words = re.findall(r"[^\W_][\w-]+", part)
    return [each for word in words for each in {word, *word.split("-")} if len(each) > 1]


def _words(part: str) -> list[str]:
    words = re.findall(r"[^\W_][\w-]{2,}", part)
    return [word for word in words if word.lower() not in _COMMON]


def _not_a_slip(part: str, catalogue: Catalogue) -> None:
    """Refuse a name that may mean one of the catalogue. Raises CellError."""
    from difflib import get_close_matches

    try:
        read(part, catalogue)
    except UnknownName as error:
        if "could be" in error.hint:
            raise CellError(error.hint, part) from None
    if not re.search(r"[^\W\d_]{3}", part) or re.search(r"[?~±≠]", part):
        raise CellError("not a drug, class or regimen of the catalogue", part)
    names = {key(name): name for name in known_names(catalogue)}
    for word in (part, *_words(part)[:_MOST_WORDS]):
        near = get_close_matches(key(word), names, n=3, cutoff=_NEAR)
        if near and len(key(word)) > 3:
            listed = ", ".join(names[each] for each in near)
            raise CellError(f"not a drug of the catalogue; nearest: {listed}", word)
