"""Transplants as charts write them: which kind, whether it was done, whether one of a tandem.

Words are an allow-list. A text is read only where each of its words has a place here: a transplant
that was refused or is planned is never one that was done for a word nobody knew.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from lenrx.intake.cells import CellError
from lenrx.intake.cells.base import bare


class Transplant(NamedTuple):
    """What a text says of a transplant."""

    done: bool | None
    """Whether it was done; None for one that is planned or possible."""
    auto: bool = False
    allo: bool = False
    conditioning: bool = False
    """Whether the high dose before it is named."""
    again: bool = False
    """Whether it is the second of a tandem."""
    salvage: bool = False


_CELLS: Final = (
    "(?:peripheral )?(?:blood )?(?:haematopoietic |hematopoietic )?(?:stem cells?|bone marrow)"
)
_GRAFT: Final = "(?:transplant(?:s|ation|ations|ed)?|rescue|support|infusion|reinfusion|return)"
_SPANISH: Final = (
    "(?:(?:de )?(?:los |las )?(?:progenitores(?: hematopoyeticos)?|precursores hematopoyeticos"
    "|celulas (?:madre|progenitoras)(?: hematopoyeticas)?|medula(?: osea)?|sangre periferica"
    "|celulas[ -]tronco(?: hematopoeticas)?|medula ossea"
    "|cellule staminali(?: emopoietiche| periferiche)?|midollo(?: osseo)?))"
)
_NOUNS: Final[dict[str, str]] = {
    "auto": (
        "autologous|autologe[rsnm]?|autologues?|autolog[oa]|autogenous|auto|autografts?"
        f"|a?p?b?sct|a?(?:hsct|hct|bmt|pbsct|pbsz?t|szt)|auto ?(?:h?sct|hct|bmt|pbsct|szt)"
        f"|asct|auto ?asct|{_CELLS} {_GRAFT}|transplant(?:s|ation|ations|ed)?|grafts?|hdt|hdct"
        "|high[ -]dose (?:chemo)?therapy|high[ -]dose chemo"
        f"|auto ?trasplantes?|trasplantes?(?: {_SPANISH})?|trasplantad[oa]|auto ?(?:tph|tmo)"
        "|taph|tpha|tph|taspe|tasp|tamo|tmo|tcph|tcth|tacth|tatph"
        f"|auto ?transplantes?|transplantes?(?: {_SPANISH})?"
        "|(?:blut ?)?stammzell(?:en)? ?transplantation|stammzelltransplantiert"
        "|knochenmarktransplantation|kmt|transplantiert|auto ?transplantation|aszt|auto ?tx"
        "|stamceltransplantatie|hochdosis ?(?:chemo)?therapie"
        "|auto ?greffes?|greffee?"
        "|greffes?(?: de (?:moelle|cellules souches)(?: hematopoietiques)?)?"
        f"|auto ?trapiant[oi]|trapiant[oi](?: (?:di )?{_SPANISH})?|trapiantat[oa]|tcse"
    ),
    "allo": (
        "allo(?:geneic|genic|gene[rsn]?|geniques?)?|alogenic[oa]|allogenic[oa]|allografts?"
        "|allo ?(?:h?sct|hct|bmt|pbsct|szt|tmo|tph|greffes?|transplant(?:ation)?|trapiant[oi])"
        "|alo ?(?:tph|trasplantes?|tmo|transplantes?)|alo|mini ?allo|ric|reduced[ -]intensity"
        "|haplo(?:identical)?|mud|sibling|matched|unrelated|related|donor|donors"
    ),
    "dose": (
        "(?:hd|high[ -]dose)[ -]?mel(?:phalan)?|hdm|hd mel"
        "|mel(?:phalan|falan|falano|falane?)?[ -]?(?:100|140|200)(?: ?mg(?: ?/ ?(?:m2|qm))?)?"
        "|hochdosis[ -]?(?:mel(?:phalan)?)|mel(?:phalan|falan|falano)?[ -](?:a )?altas? dos[ie]s?"
        "|melphalan haute dose"
    ),
}
_NUMBER: Final = (
    "(?:(?:no|nr|n|num|number|nummer)[.\u00b0\u00ba]? ?|# ?)?[1-9]"
    "(?:st|nd|rd|th|er|re|eme|e|o|a|\u00ba|\u00aa|\\.)?(?: ?x)?|x ?[1-9]|i|ii|iii"
    "|first|1st|single|one|second|two|third|primer[oa]?|segund[oa]|erste[rs]?|zweite[rs]?"
    "|premiere|premier|deuxieme|seconde|prim[oa]|second[oa]|singolo|unico"
)
_SECOND: Final = re.compile(
    r"(?:^|[^\d])2(?:nd|e|eme|o|a|\.)?(?!\d|/|\s*x|\.\d)|\bsecond|\bii\b|zweite|segund|deuxieme"
)
_DATE: Final = (
    r"(?:19|20)\d\d(?:[-/.][0-3]?\d){1,2}|(?:[0-3]?\d[./-]){0,2}(?:19|20)\d\d"
    r"|jan(?:uary)?\.?|feb(?:ruary)?\.?|mar(?:ch)?\.?|apr(?:il)?\.?|may|june?|july?"
    r"|aug(?:ust)?\.?|sept?(?:ember)?\.?|o[ck]t(?:ober)?\.?|nov(?:ember)?\.?"
    r"|de[cz](?:ember)?\.?|day 0|d0"
)
# A word of two kinds is of the first of them: no and planned are never passed over.
_KINDS: Final[dict[str, str]] = {
    "not": (
        "no|not|none|never|without|w/o|nil|neg|negative|0|x ?0|false|n|kein(?:e[rn]?)?|nicht|nie"
        "|ohne|nein|non|pas(?: de| d)?|sans|jamais|aucune?|sin|ningun[oa]?|nunca|nessun[oa]?|senza"
        "|mai eseguito|nao|sem|nenhum"
    ),
    "out": (
        "refus(?:ed|al|es|e|a|ee)|declin(?:ed|es)|rejected|denied|ineligib(?:le|ility)|unfit|nte"
        "|untransplanted|naive"
        "|contra ?indicated|deferred|postponed|cancell?ed|aborted|omitted|skipped|excluded"
        "|unsuitable|abgelehnt|verschoben|ungeeignet|abgesagt|rechazad[oa]|rechaza|contraindicad[oa]"
        "|pospuest[oa]|annule|reporte|inapte|rifiutat[oa]|rinviat[oa]|recusad[oa]|adiad[oa]"
    ),
    "open": (
        "plan(?:ned|s|ning)?|scheduled|awaiting|awaits|pending|candidate|eligible|eligibility"
        "|consider(?:ed|ing|ation)?|intended|intent|proposed|possible|possibly|potential|maybe"
        "|perhaps|evaluation|work ?up|to be|discussed|discussion|offered|will|on hold|later|te"
        "|if|future|upcoming|next|referr?ed|referral|unknown|unk|unclear|bridge to|bridging to"
        "|vorgesehen|geplant|kandidat|moglich|unklar|unbekannt|fraglich|planificad[oa]|planead[oa]"
        "|previst[oa]|programad[oa]|candidat[oae]?|pendiente|elegible|desconocid[oa]|prevue?"
        "|planifiee?|programmee?|inconnue?|pianificat[oa]|programmat[oa]|idone[oa]|\\?+"
    ),
    "done": (
        "done|yes|y|true|performed|received|completed|given|had|happened|undergone|underwent"
        "|s/p|status post|previous|prior|successful|si|ja|oui|sim|realizad[oa]|hech[oa]|recibid[oa]"
        "|durchgefuhrt|erfolgt|erhalten|effectuee?|faite?|realisee?|recue?|fatto|eseguit[oa]"
        "|effettuat[oa]|feit[oa]"
    ),
    **_NOUNS,
    "cells": (
        f"{_SPANISH}|{_CELLS}"
        "|(?:de )?(?:moelle(?: osseuse)?|cellules souches(?: hematopoietiques)?)"
    ),
    "tandem": "tandem|double|doble|doppelte?|doppio|duplo",
    "number": _NUMBER,
    "date": _DATE,
    "salvage": "salvage|rescate|salvataggio|rattrapage",
    "filler": (
        "for|of|a|an|the|by|in|on|at|and|with|to|patient|pt|patients|was|were|is|has|de|del|di|da"
        "|la|el|le|un|una|en|mit|und|von|fur|para|pour|per|con|durch|vom|avec|et|conditioning"
        "|konditionierung|acondicionamiento|conditioned|therapy|treatment|procedure|date|yet|any|full"
        "|myeloablative|line|upfront|up-front|frontline|early|as|cells?"
    ),
}
_TOKENS: Final = {
    kind: re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])") for kind, words in _KINDS.items()
}
_BETWEEN: Final = re.compile(r"[\s,:;/+&()\[\].-]+")
_NAMED: Final = re.compile(
    r"transplant|trasplant|trapiant|greff|szt|\b(?:a|p|b|h|auto|allo)*(?:sct|hct|bmt)\d?\b"
    r"|\btaph\b|\btph\b|\btmo\b|\btamo\b|\btaspe?\b|\bkmt\b|\ballo\b|allogen|autograft|allograft"
)
_LONGEST: Final = 200
"""Letters of a text that may speak of nothing but a transplant."""
_BESIDE: Final = re.compile(
    r"(?<![a-z0-9])(?:post|after|nach|tras|apres|dopo|following|pre|before|prior to|vor|antes de"
    r"|bridging to|bridge to)"
    rf"[ -]+(?:{_NOUNS['auto']}|{_NOUNS['allo']})(?![a-z0-9])"
)
_AFTER: Final = re.compile(
    r"(.*\S)\s*(?:\(([^()]*)\)|(?<=\s)((?:without|w/o|ohne|sin|sans|senza|sem|no)\s.+))",
    re.IGNORECASE,
)
_UNSURE: Final = "may be a transplant that was done, or one that was not"


def names_transplant(text: str) -> bool:
    """Whether a text holds a word for a transplant."""
    return bool(_NAMED.search(bare(text)))


def beside(text: str) -> tuple[str, Transplant] | None:
    """What stands before `without ASCT` or `(ASCT refused)`, and the transplant of it."""
    match = _AFTER.fullmatch(text)
    graft = transplant(match[2] or match[3]) if match else None
    return (match[1], graft) if match and graft else None


def without_setting(text: str) -> str:
    """A text without `post ASCT` and its like, which say when something else was given."""
    return _BESIDE.sub(" ", bare(text)) if _BESIDE.search(bare(text)) else text


@lru_cache(maxsize=4_000)
def transplant(text: str) -> Transplant | None:
    """What a text says of a transplant; None where it is not only of one. Raises CellError."""
    found = _tokens(_apart(bare(text)))
    if found is None:
        return None
    kinds = [kind for kind, _ in found]
    if not {*kinds} & {"auto", "allo", "dose"} or {*kinds} <= {"dose", "number", "filler", "date"}:
        # The high dose alone is a drug, which is read as one.
        return None
    return _of(kinds, found, text)


def _apart(text: str) -> str:
    """`ASCT1` as two words, and a question mark as one of its own."""
    return re.sub(r"(?<=sct)(?=[1-9]\b)|(?<=\w)(?=[?#])", " ", text)


@lru_cache(maxsize=4_000)
def states(text: str) -> bool | None:
    """Whether a cell under the name of a transplant says that it was done; None for planned.

    A day or the kind says that it was. Raises CellError where a word is not known.
    """
    found = _tokens(_apart(bare(text)))
    kinds = [kind for kind, _ in found or ()]
    bearing = {"auto", "allo", "dose", "date", "not", "out", "open", "done", "tandem"}
    if not bearing & {*kinds}:
        raise CellError("must be yes or no, or the kind or the day of a transplant that was done")
    return _done(kinds, found or [], text)


def kind_of(text: str) -> str | None:
    """Whether a cell under the name of a transplant names one from a donor."""
    kinds = {kind for kind, _ in _tokens(_apart(bare(text))) or ()}
    return "allo" if "allo" in kinds else None


def only_status(text: str) -> bool:
    """Whether a text says no, done or planned, and not of what."""
    kinds = {kind for kind, _ in _tokens(bare(text)) or ()}
    return bool(kinds & {"not", "out", "open", "done"}) and not kinds & {"auto", "allo", "dose"}


def denies(text: str) -> bool:
    """Whether a text holds a word for no, refused or planned."""
    plain = bare(text)
    return any(_TOKENS[kind].search(plain) for kind in ("not", "out", "open"))


def _tokens(text: str) -> list[tuple[str, int]] | None:
    """The kinds of the words of a text and where each begins; None where one is not known."""
    text = text.strip()
    if len(text) > _LONGEST or re.match(r"[-+=~]", text) or re.search(r"[-+=:~]$", text):
        return None
    found, at = list[tuple[str, int]](), 0
    while at < len(text):
        if between := _BETWEEN.match(text, at):
            at = between.end()
            continue
        ends = [
            (kind, match.end()) for kind, each in _TOKENS.items() if (match := each.match(text, at))
        ]
        if not ends:
            return None
        kind, end = max(ends, key=lambda each: each[1])
        found.append((kind, at))
        at = end
    return found


def _of(kinds: list[str], found: list[tuple[str, int]], text: str) -> Transplant:
    allo = "allo" in kinds
    # `allo transplant` names one transplant, `auto-allo` two
    own = re.search(r"\bauto(?!.*\bno\b)|\basct\b", bare(text))
    return Transplant(
        _done(kinds, found, text),
        auto=("auto" in kinds and (not allo or bool(own))) or (not allo and "dose" in kinds),
        allo=allo,
        conditioning="dose" in kinds,
        again="tandem" in kinds and bool(_SECOND.search(bare(text))),
        salvage="salvage" in kinds,
    )


def _done(kinds: list[str], found: list[tuple[str, int]], text: str) -> bool | None:
    """Whether it was done. Raises CellError where words say two things."""
    status = [each for each in found if each[0] in ("not", "out", "open", "done")]
    stated = {kind for kind, _ in status}
    if not stated or stated == {"done"}:
        return True
    for (kind, at), (after, then) in pairwise(status):
        apart = re.search(r"[,;:()]| - ", bare(text)[at:then])
        if kind == "not" and after == "out" and not apart:
            raise CellError(_UNSURE, text)
    if "done" in stated:
        at = next(at for at, (kind, _) in enumerate(status) if kind == "done")
        if stated != {"not", "done"} or at == 0 or status[at - 1][0] != "not":
            raise CellError(_UNSURE, text)
    return None if stated == {"open"} else False
