"""Cells that list drugs: brands, regimens, doses, transplants, and marks beside a name.

A mark is looked for before any slip of the hand is forgiven, and belongs to the name it stands by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import split
from lenrx.intake.cells.base import AUTO, EVERY, CellError, Meaning, Values, bare
from lenrx.intake.cells.marks import OPEN, Mark, apart, mark, ticked
from lenrx.intake.cells.named import LONE_R, Named, together
from lenrx.intake.cells.spellings.drugs import (
    DOSE,
    NOTHING,
    SCHEDULE,
    TWOFOLD,
)
from lenrx.intake.cells.spellings.in_english import in_english

_NEXT: Final = re.compile(
    r" ?(?:-{1,3}>|=>|→|⇒|»|>>|(?<=[A-Za-z0-9)]) *> *(?=[A-Za-z(])"
    r"|\b(?:then|followed by)\b) ?",
    re.IGNORECASE,
)
_NONE: Final = frozenset(
    "none no n 0 nil nothing no nein keine keiner kein nada ninguno ninguna ningun aucun aucune "
    "rien non jamais nie nunca mai"
    " nessuno nessuna niente nenhum nenhuma geen brak never nka nkda negative neg false".split()
)
_NONE_KNOWN: Final = (
    r"(?:none|nil|nothing|no(?: known)?(?: drug)? (?:intolerances?|toxicit(?:y|ies)"
    r"|allerg(?:y|ies)))"
    r"(?: (?:known|reported|documented|recorded|noted|so far|to date))*"
    r"|keine (?:unvertr\w+|bekannt|bekannten)|ninguna conocida|aucune connue|nessuna nota"
)
_NAIVE: Final = frozenset({"treatment naive", "naive", "untreated", "no prior therapy"})
_YES: Final = frozenset(
    "yes y 1 true ja si oui sim refractory r ref pd checked x all"
    " alle alles todos todas tous toutes tutti tutte todo intolerant".split()
)

_NOT_BORNE: Final = (
    r"(?i)(?:^|(?<=[;,|] )|(?<=[;,|]))"
    r"(?:allerg\w*|alergi\w*|al[e\u00e9]rgic\w*|intoll?er\w*|unvertr\w*|hypersensitiv\w*)"
    r" (?:to|auf|gegen|gegen\u00fcber|a|al|au|\u00e0|contre) (?=\w)"
)
"""That a drug was not borne, before its name."""
_EVERY: Final = frozenset(
    "|all|alle|todos|todas|tous|toutes|tutti|tutte|all drugs|all of them|all above|all of the above"
    "|all listed|all prior|all given|alle medikamente|alle genannten|todos los farmacos"
    "|todos los anteriores|tous les medicaments|tutti i farmaci".split("|")[1:]
)


def drugs(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """What a cell of drugs states, drug by drug."""
    if whole := _whole(field, text):
        return whole
    if re.search(r"\+ ?/ ?-|±", text):
        raise CellError("with or without cannot be read; write the drugs that were given", text)
    if field == "intolerant":
        text = re.sub(_NOT_BORNE, "", text)
    prepared = _prepared(field, text)
    items = split(_NEXT.sub(";", prepared))
    found = [each for item in items for each in together(field, item, catalogue)]
    if not found:
        return None
    if field == "refractory" and (failed := _last_of_sequence(found, prepared, catalogue)):
        return failed
    _no_wider_mark(field, found, text)
    if field == "refractory":
        _not_all_alike(found, text)
    if field == "intolerant" and (goes := _GOES_ON.search(text)):
        raise CellError("says that it was not stopped; write yes or no", goes[0])
    if field == "intolerant" and (
        open_one := next((e for e in found if e.mark == "unknown"), None)
    ):
        raise CellError(_BORNE_OR_NOT, ", ".join(open_one.reading.items) or text)
    if field == "intolerant" and any(each.reading.regimen and each.aside for each in found):
        raise CellError("a toxicity beside a regimen; name the drug that was not borne", text)
    sides = {side: _ids(each for each in found if _side(field, each) == side) for side in _SIDES}
    if field == "exposed":
        sides["open"] = tuple(each for each in sides["open"] if each not in sides["in"])
    if len({*sides["in"], *sides["out"], *sides["open"]}) < sum(map(len, sides.values())):
        raise CellError("a drug is marked in two ways; keep one")
    if len(also := {value for each in found for value in each.also}) > len(dict(also)):
        raise CellError("a transplant is marked in two ways; keep one")
    # Of what was perhaps given the history is partial, whatever it was.
    if field != "exposed" and (
        not {*sides["open"]} <= {*catalogue.drugs}
        or any(each.reading.regimen for each in found if _side(field, each) == "open")
    ):
        raise CellError("a class or a regimen is marked unknown; name the drug")
    return _listed(field, found, sides), _wording(field, found, sides)


_BORNE_OR_NOT: Final = (
    "is marked as not known: the drug may have been stopped for intolerance, or borne; write yes "
    "or no behind it, or leave it out"
)
_LONGEST_WORD: Final = 30
"""Letters of a cell that may be one word for the whole list."""


def _whole(field: str, text: str) -> Meaning | None:
    """A cell that names no drug: none, or yes of nothing."""
    if len(text) > _LONGEST_WORD:
        return None
    word = bare(text).strip(" .")
    if field == "refractory" and word == "r":
        raise CellError(LONE_R, text)
    if field == "intolerant" and re.fullmatch(_NONE_KNOWN, word):
        return ((field, ()),), f"no drug: {field} to none"
    if word in _NONE or (field == "exposed" and word in _NAIVE):
        return ((field, ()),), f"no drug: {field} to none"
    if field == "refractory" and (mark(word) == "unresisted" or word == "naive"):
        return ((field, ()),), "no drug: refractory to none"
    if field != "exposed" and word in _EVERY:
        return ((EVERY, ((field, text),)),), "all the drugs that were given"
    if word in _YES or re.fullmatch(r"\d+", word):
        raise CellError("says yes or counts, and names no drug; write the drugs", text)
    return None


def _prepared(field: str, text: str) -> str:
    """Every sign and bracket in one form. Raises CellError where nothing was given."""
    if cross := re.search("[\u2717\u2718\u2716\u274c\u274e\u2205\u2298\u00d8\u00f8]", text):
        reason = "holds a cross or a struck circle, yes to some and no to others; write the word"
        raise CellError(reason, cross[0])
    if two := TWOFOLD.search(text):
        raise CellError(_MAY_BE[two[0].lower()], two[0])
    if (at := text.find("mai ")) >= 0 and text[at + 4 : at + 6] in ("19", "20"):
        raise CellError("mai may be May, or never; write the month in digits", "mai")
    if _SENSITIVE.search(text) and _RESISTANT.search(text):
        text = _SENSITIVE.sub(" sensitive ", text)
    if waits := _AWAITED.search(text):
        raise CellError("may be what is still to be given; leave it out, or write yes", waits[0])
    boxed = ticked(text)
    text = apart(boxed)
    if OPEN in boxed and any(map(_is_sequence_denied, text.split("; "))):
        raise CellError("an open box beside a sequence; write no behind each drug", boxed)
    text = text.replace("[", "(").replace("]", ")").replace("{", "(")
    text = re.sub(r"\bn/a\b", "unk", text.replace("}", ")"), flags=re.IGNORECASE)
    text = re.sub(r"\bw/o\b", "without", text, flags=re.IGNORECASE)
    text = re.sub(r"\bw/(?= ?\w)", "with ", text, flags=re.IGNORECASE)
    text = in_english(text)
    if _COUNTED.match(text):
        text = _COUNTING.sub(";", text)
    if nothing := NOTHING.search(text):
        raise CellError(
            "says a dose or a number of zero; write no, or leave the drug out", nothing[0]
        )
    text = _BESIDE_TRANSPLANT.sub(_apart_from_transplant, text)
    if field == "exposed":
        text = _ASKED.sub(r"\1 ?", text)
    return DOSE.sub(" ", SCHEDULE.sub(" ", text) if re.search(r"\w[/.]\d", text) else text)


_SENSITIVE, _RESISTANT = (
    re.compile(rf"\( ?{each} ?\)|(?:[:=] ?|(?<=[a-z]{{3}}) ){each}(?= ?(?:[;,|]|$))")
    for each in "SR"
)
"""S is sensitive where R beside another drug is refractory; alone it may be a yes."""


_COUNTED: Final = re.compile(r"1[.)] ?[A-Za-z].* 2[.)] ?[A-Za-z]")
_COUNTING: Final = re.compile(r"(?:^|(?<=\s))[1-9][.)](?= ?[A-Za-z])")
"""Numbers before treatments on one line: `1. VRd 2. DPd`."""
_AWAITED: Final = re.compile(
    r"\b(?:pending|await(?:ed|ing)|ausstehend|pendiente|en attente|in attesa)\b", re.IGNORECASE
)
_ASKED: Final = re.compile(r"(?:^|(?<=[;,|] )|(?<=[;,|]))\?+ ?(\w[\w -]*)")
"""A question mark before a name, which is meant as the one behind it is."""
_BESIDE_TRANSPLANT: Final = re.compile(
    rf"(?<=\w)(?<!\ballo)(?<!\balo) ?- ?(?=(?:no )?{AUTO}(?!\w))"
    r"|(?:(?<=\basct)|(?<=\baszt)|(?<=\bsct)|(?<=\bszt)|(?<=\btaph)|(?<=\btaspe)"
    r"|(?<=\btasp)|(?<=\btph)|(?<=\bauto)) ?"
    r"- ?(?=[A-Z])(?!(?:no|not|yes|y|n|neg|pos|ja|nein|kein|si|non|oui|sim|declined|refused)\b)",
    re.IGNORECASE,
)
"""A dash between a transplant and what was given before or after it."""


def _is_sequence_denied(item: str) -> bool:
    """Whether a no stands behind several treatments, as that of a box does."""
    several = _NEXT.search(item) or _BESIDE_TRANSPLANT.search(item)
    return several is not None and item.endswith(": no")


_ONE_ITEM: Final = 100
"""Letters before a dash in which its item begins."""


def _apart_from_transplant(dash: re.Match[str]) -> str:
    """A semicolon for the dash, unless a mark before it may be meant for both sides."""
    near = dash.string[max(0, dash.start() - _ONE_ITEM) : dash.start()]
    before = re.split(r"[;,|]", near)[-1].split()
    return dash[0] if any(mark(word) for word in before if word[0].isalpha()) else ";"


_MAY_BE: Final = {
    "r/r": "may be relapsed or refractory, or lenalidomide twice; write the drugs",
    "s/d": "may be without data, stable disease, or Sd; write Sd, or leave it empty",
}


def _no_wider_mark(field: str, found: Sequence[Named], text: str) -> None:
    """A mark before a list may be for the first or for all, one behind it likewise.

    Between ; each drug has its own, but not where the mark announces a list or begins it. What
    has a field of its own, as a transplant, ends there.
    """
    marks = [_mark(each) for each in found]
    for at, (each, which) in enumerate(zip(found, marks, strict=True)):
        if which not in _TURNS or (field == "exposed" and which == "unresisted"):
            continue
        first = not at and not each.also and marks[1:2] == [None]
        leads = each.reach == "list" or (each.reach == "before" and (first or "," in text))
        if leads and None in marks[at + 1 :]:
            raise CellError(f"{_TURNS[which]} may be for the first or for all that follow{_OWN}")
        # A question is put to one drug.
        ends = each.reach == "behind" or (each.reach == "inside" and which != "unknown")
        if ends and "," in text and at and marks[at - 1] is None:
            raise CellError(f"{_TURNS[which]} may be for the last or for all before it{_OWN}")


def _mark(each: Named) -> Mark | None:
    """The mark of a drug; a transplant has its own in what it states."""
    return "no" if ("prior_transplant", False) in each.also else each.mark


def _not_all_alike(found: Sequence[Named], text: str) -> None:
    """Refuse a list in which only some of the drugs of a regimen may have failed."""
    regimens = [each for each in found if each.reading.regimen and each.mark is None]
    if not regimens:
        return
    if _NEXT.search(text):
        raise CellError("a sequence, of which only the last may have failed; name the drugs", text)
    if any(each.mark == "resisted" for each in found):
        raise CellError("says of one that it failed, and not of another; write it of each", text)
    if _NOW.search(text):
        raise CellError("says what is given now, not what failed; name the drugs", text)


def _last_of_sequence(found: list[Named], text: str, catalogue: Catalogue) -> Meaning | None:
    """What failed of treatments one after another: the last; of those before nobody can say.

    None where that is not certain: with marks, lists, or a letter for the last one.
    """
    steps = [each.strip() for each in _NEXT.split(text)]
    if len(steps) < _FEWEST or not any(each.reading.regimen for each in found) or "," in text:
        return None
    if ";" in text or len(steps[-1]) == 1 or _NOW.search(text):
        return None
    if any(each.mark or each.kept for each in found):
        return None
    last = together("refractory", steps[-1], catalogue)
    steroids = catalogue.drugs_in("corticosteroid")
    failed = {*_ids(last)}
    if not failed <= {*catalogue.drugs} or failed <= steroids:
        return None
    given = {drug for name in _ids(found) for drug in catalogue.drugs_in(name)}
    before = tuple(sorted(given - failed - steroids))
    if not {*_ids(found)} <= {*catalogue.drugs} or not before:
        return None
    values = dict(_listed("refractory", last, {"in": _ids(last), "out": (), "open": before}))
    values |= dict(value for each in found for value in each.also)
    words = f"{', '.join(_ids(last))}, the last of a sequence; {', '.join(before)} "
    return tuple(values.items()), words + _OPEN["refractory"]


_FEWEST: Final = 2
"""Steps of a sequence."""
_GOES_ON: Final = re.compile(
    r"\b(?:continu(?:ed|es|ing)|tolerat\w+|weiter\w*|fortgesetzt|continua\w*|poursuivi\w*)\b", re.I
)
_NOW: Final = re.compile(
    r"\b(?:current(?:ly)?|ongoing|now|aktuell|derzeit|actual(?:mente)?)\b", re.I
)
_OWN: Final = "; write it behind each drug, and separate drugs with ;"
_TURNS: Final = {"no": "no", "unresisted": "not refractory", "unknown": "unknown"}
_SIDES: Final = ("in", "out", "open")


def _side(field: str, each: Named) -> str:
    """Whether a marked drug belongs in the list of `field`, does not, or may."""
    if field == "intolerant" and each.mark in ("resisted", "unresisted"):
        raise CellError("holds a mark of refractoriness; state that in refractory")
    if each.mark == "unresisted" and field == "exposed":
        return "in"
    return {"no": "out", "unresisted": "out", "unknown": "open"}.get(each.mark or "", "in")


def _ids(named: Iterable[Named]) -> tuple[str, ...]:
    return tuple(sorted({drug for each in named for drug in each.reading.items}))


def _listed(field: str, found: list[Named], sides: dict[str, tuple[str, ...]]) -> Values:
    also = dict(value for each in found for value in each.also)
    kept = [each.kept for each in found if each.kept and _side(field, each) == "in"]
    unsure = any(each.unsure for each in kept)
    # What is no treatment of myeloma says nothing of which of those were given.
    if any(sides.values()) or (not unsure and any(each.line for each in kept)):
        also[field] = sides["in"]
    if unsure:
        also["history"] = "partial"
    if kept:
        also["kept"] = tuple(sorted({(field, each.name) for each in kept}))
    if any(each.line for each in kept):
        also["otherwise_treated"] = True
    if field == "exposed" and any(_side(field, each) == "open" for each in found):
        also["history"] = "partial"
    elif sides["open"]:
        also["exposed"] = sides["open"]
    if sides["open"] and field == "refractory":
        also["unsure"] = sides["open"]
    regimens = {(field, each.reading.regimen) for each in found if each.reading.regimen}
    regimens -= {(field, each.reading.regimen) for each in found if _side(field, each) == "out"}
    return tuple(also.items()) + ((("expanded", tuple(sorted(regimens))),) if regimens else ())


_OPEN: Final = {
    "refractory": "given, refractoriness unknown",
    "exposed": "perhaps given, so the history is partial",
    "intolerant": "given, intolerance unknown",
}
_OUT: Final = {"refractory": "not refractory to", "exposed": "not given:"}


def _wording(field: str, found: list[Named], sides: dict[str, tuple[str, ...]]) -> str:
    names = {side: ", ".join(drugs) for side, drugs in sides.items()}
    told = [names["in"]] if names["in"] else []
    if field == "exposed" and {each.mark for each in found} & {"resisted", "unresisted"}:
        told.append("refractoriness is read in refractory only")
    if names["out"]:
        told.append(f"{_OUT.get(field, 'not intolerant of')} {names['out']}")
    if any(_side(field, each) == "open" for each in found):
        told.append(f"{names['open'] or 'one'} {_OPEN[field]}")
    for name, value in dict(value for each in found for value in each.also).items():
        told.append(_ALSO.get((name, value), ""))
    told += dict.fromkeys(each.aside for each in found if each.aside)
    return "; ".join((*told, *_told_of_kept(field, found)))


_KEPT: Final = {
    "unsure": "its class is not known here, so the history is partial",
    "other": "other treatment, no rule here knows it",
    "out": "left out",
}


def _told_of_kept(field: str, found: list[Named]) -> Iterator[str]:
    """What is said of treatments that the catalogue does not hold."""
    kept: dict[str, list[str]] = {kind: [] for kind in _KEPT}
    for each in found:
        if each.kept:
            inside = _side(field, each) == "in"
            kind = "out" if not inside else "unsure" if each.kept.unsure else "other"
            kept[kind].append(each.kept.name)
    for kind, names in kept.items():
        if names:
            yield f"{_KEPT[kind]}: {', '.join(names)}"


_ALSO: Final[dict[tuple[str, Any], str]] = {
    ("prior_transplant", True): "prior transplant",
    ("prior_transplant", False): "no prior transplant",
    ("comorbidities", ("prior_allogeneic_transplant",)): "prior allogeneic transplant",
}
