"""Cells that list drugs: brands, regimens, doses, transplants, and marks beside a name.

A mark is looked for before any slip of the hand is forgiven, and belongs to the name it stands by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import NameMatch, UnknownName, known, read, split
from lenrx.intake.cells import reasons
from lenrx.intake.cells.base import ALLO, AUTO, CellError, Meaning, Values, bare
from lenrx.intake.cells.marks import Mark, apart, leading, mark, ticked, trailing
from lenrx.intake.cells.spellings.drugs import (
    DOSE,
    LONE,
    NOTHING,
    SCHEDULE,
    TWOFOLD,
    drug_name,
    plain,
    spaced,
)
from lenrx.intake.cells.spellings.treatments import Treatment, treatment

_NEXT: Final = re.compile(r" ?(?:->|=>|→|⇒|\b(?:then|followed by)\b) ?", re.IGNORECASE)
_WITH: Final = re.compile(
    r" ?(?:/|\+|&|\b(?:and|plus|with|und|mit|et|avec|con|com)\b"
    r"|(?<=\w{3} )[ye](?= \w{3})) ?",
    re.IGNORECASE,
)
_OR: Final = re.compile(r"\b(?:or|nor|oder|ou|and/or)\b", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"^#?\d{1,2}[.)] +(?=\w)")
_INSIDE: Final = re.compile(r"\(([^()]*)\)")
_NONE: Final = frozenset(
    "none no n 0 nil nothing no nein keine keiner kein nada ninguno ninguna ningun aucun aucune "
    "rien"
    " nessuno nessuna niente nenhum nenhuma geen never nka nkda negative neg false".split()
)
_NAIVE: Final = frozenset({"treatment naive", "naive", "untreated", "no prior therapy"})
_YES: Final = frozenset("yes y 1 true ja si oui sim refractory r ref pd checked x all".split())


Reach = Literal["", "before", "behind"]


class _Named(NamedTuple):
    reading: NameMatch
    mark: Mark | None = None
    also: Values = ()
    kept: Treatment | None = None
    aside: str = ""
    """What stands beside the name and is read nowhere: a response, a reason."""
    reach: Reach = ""
    """Where the mark stands if it may be meant for more names: before them all, or behind them."""


def drugs(field: str, text: str, catalogue: Catalogue) -> Meaning | None:
    """What a cell of drugs states, drug by drug."""
    if whole := _whole(field, text):
        return whole
    if re.search(r"\+ ?/ ?-|±", text):
        raise CellError("with or without cannot be read; write the drugs that were given", text)
    items = split(_NEXT.sub(";", _prepared(text)))
    found = [each for item in items for each in _together(field, item, catalogue)]
    if not found:
        return None
    _no_wider_mark(found, text)
    sides = {side: _ids(each for each in found if _side(field, each) == side) for side in _SIDES}
    if len({*sides["in"], *sides["out"], *sides["open"]}) < sum(map(len, sides.values())):
        raise CellError("a drug is marked in two ways; keep one")
    if len(also := {value for each in found for value in each.also}) > len(dict(also)):
        raise CellError("a transplant is marked in two ways; keep one")
    if not {*sides["open"]} <= {*catalogue.drugs} or any(
        each.reading.regimen for each in found if _side(field, each) == "open"
    ):
        raise CellError("a class or a regimen is marked unknown; name the drug")
    return _listed(field, found, sides), _wording(field, found, sides)


_LONGEST_WORD: Final = 30
"""Letters of a cell that may be one word for the whole list."""


def _whole(field: str, text: str) -> Meaning | None:
    """A cell that names no drug: none, or yes of nothing."""
    if len(text) > _LONGEST_WORD:
        return None
    word = bare(text).strip(" .")
    if word in _NONE or (field == "exposed" and word in _NAIVE):
        return ((field, ()),), f"no drug: {field} to none"
    if word in _YES or re.fullmatch(r"\d+", word):
        raise CellError("says yes or counts, and names no drug; write the drugs", text)
    return None


def _prepared(text: str) -> str:
    """Every sign and bracket in one form. Raises CellError where nothing was given."""
    if cross := re.search("[\u2717\u2718\u2716\u274c\u274e\u2205\u2298\u00d8\u00f8]", text):
        reason = "holds a cross or a struck circle, yes to some and no to others; write the word"
        raise CellError(reason, cross[0])
    if two := TWOFOLD.search(text):
        raise CellError(_MAY_BE[two[0].lower()], two[0])
    text = apart(ticked(text)).replace("[", "(").replace("]", ")").replace("{", "(")
    text = re.sub(r"\bn/a\b", "unk", text.replace("}", ")"), flags=re.IGNORECASE)
    text = re.sub(r"\bw/o\b", "without", text, flags=re.IGNORECASE)
    if nothing := NOTHING.search(text):
        raise CellError(
            "says a dose or a number of zero; write no, or leave the drug out", nothing[0]
        )
    return DOSE.sub(" ", SCHEDULE.sub(" ", text) if re.search(r"\d[/.]\d", text) else text)


_MAY_BE: Final = {
    "r/r": "may be relapsed or refractory, or lenalidomide twice; write the drugs",
    "s/d": "may be without data, stable disease, or Sd; write Sd, or leave it empty",
}


def _no_wider_mark(found: Sequence[_Named], text: str) -> None:
    """A mark before a list with commas may be for the first or for all, one behind it likewise."""
    if "," not in text:
        return
    turned = [at for at, each in enumerate(found) if each.mark in ("no", "unresisted", "unknown")]
    before = next((at for at in turned if found[at].reach == "before"), None)
    if before is not None and any(each.mark is None for each in found[before + 1 :]):
        reason = "no may be for the first or for all that follow; separate drugs with ;"
        raise CellError(reason.replace("no", _TURNS[found[before].mark or ""], 1))
    behind = next((at for at in turned if found[at].reach == "behind"), None)
    if behind and all(each.mark is None for each in found[:behind]):
        reason = "no may be for the last or for all before it; separate drugs with ;"
        raise CellError(reason.replace("no", _TURNS[found[behind].mark or ""], 1))


_TURNS: Final = {"no": "no", "unresisted": "not refractory", "unknown": "unknown"}


_SIDES: Final = ("in", "out", "open")


def _side(field: str, each: _Named) -> str:
    """Whether a marked drug belongs in the list of `field`, does not, or may."""
    if field == "intolerant" and each.mark in ("resisted", "unresisted"):
        raise CellError("holds a mark of refractoriness; state that in refractory")
    if each.mark == "unresisted" and field == "exposed":
        return "in"
    return {"no": "out", "unresisted": "out", "unknown": "open"}.get(each.mark or "", "in")


def _ids(named: Iterable[_Named]) -> tuple[str, ...]:
    return tuple(sorted({drug for each in named for drug in each.reading.items}))


def _listed(field: str, found: list[_Named], sides: dict[str, tuple[str, ...]]) -> Values:
    also = dict(value for each in found for value in each.also)
    kept = [each.kept for each in found if each.kept and _side(field, each) == "in"]
    unsure = any(each.unsure for each in kept)
    if any(sides.values()) or (kept and not unsure):
        also[field] = sides["in"]
    if unsure:
        also["history"] = "partial"
    if kept:
        also["kept"] = tuple(sorted({(field, each.name) for each in kept}))
    if any(each.line for each in kept):
        also["otherwise_treated"] = True
    if sides["open"] and field == "exposed":
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


def _wording(field: str, found: list[_Named], sides: dict[str, tuple[str, ...]]) -> str:
    names = {side: ", ".join(drugs) for side, drugs in sides.items()}
    told = [names["in"]] if names["in"] else []
    if field == "exposed" and {each.mark for each in found} & {"resisted", "unresisted"}:
        told.append("refractoriness is read in refractory only")
    if names["out"]:
        told.append(f"{_OUT.get(field, 'not intolerant of')} {names['out']}")
    if names["open"]:
        told.append(f"{names['open']} {_OPEN[field]}")
    for name, value in dict(value for each in found for value in each.also).items():
        told.append(_ALSO.get((name, value), ""))
    told += dict.fromkeys(each.aside for each in found if each.aside)
    return "; ".join((*told, *_told_of_kept(field, found)))


_KEPT: Final = {
    "unsure": "its class is not known here, so the history is partial",
    "other": "other treatment, no rule here knows it",
    "out": "left out",
}


def _told_of_kept(field: str, found: list[_Named]) -> Iterator[str]:
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


@lru_cache(8_000)
def _together(field: str, item: str, catalogue: Catalogue) -> list[_Named]:
    """What an item names; many cells hold the same items in other orders."""
    if summary := reasons.summary(field, item):
        return [_Named(NameMatch(summary))]
    item = _alternatives(item)
    found = [each for part in _joined(item, catalogue) for each in _named(field, part, catalogue)]
    marks = {each.mark for each in found}
    if len(found) > 1 and None in marks and marks & {"no", "unresisted", "unknown"}:
        raise CellError(
            "a mark may be for one drug or for all before it; separate drugs with ;", item
        )
    return found


def _joined(item: str, catalogue: Catalogue) -> list[str]:
    """Parts of an item, split at plus and its like, never inside parentheses."""
    if reasons.kept_whole(item):
        return [item]
    pieces = re.split(r"(\([^()]*\))", item)
    return split("".join(p if p.startswith("(") else _WITH.sub(";", p) for p in pieces))


def _alternatives(item: str) -> str:
    """`no bort or len` says no of both; another `or` leaves open which was given."""
    outside = _INSIDE.sub(" ", item)
    if not (word := _OR.search(outside)):
        return item
    before, rest = leading(outside.split())
    if before not in ("no", "unresisted"):
        raise CellError("says or; write the one that was given", word[0])
    names = [each.strip(" ,") for each in _OR.split(" ".join(rest))]
    return " / ".join(f"{each} : no" for each in names if each)


def _named(field: str, part: str, catalogue: Catalogue) -> list[_Named]:
    """What one item names: as a whole, or its names with what stands before, behind and inside."""
    if re.search(r"- ?[)\]]?$|^[-=:~]|\( ?[-=~]+ ?\)|(?<=[ /])-(?=\w)", part):
        reason = "has a sign before or behind a name; write yes, no or unknown after a drug"
        raise CellError(reason, part)
    if part in ("pd", "PD", "SD", "sd", "X", "x"):
        reason = "may be a response or a tick; write Pd, Sd or selinexor, or leave it out"
        raise CellError(reason, part)
    if LONE.search(part) and known(part, catalogue):
        raise CellError("a letter behind a name may be a mark or a drug; write a word", part)
    part = spaced(part, catalogue)
    if not _INSIDE.search(part) and (reading := drug_name(part, catalogue)):
        return [_Named(reading)]
    head, behind, groups = _opened(_NUMBERED.sub("", part), catalogue)
    found = _headed(field, head, catalogue)
    for group in behind:
        found = [
            each._replace(reach="behind") if each.mark and not each.reach else each
            for each in _with_group(field, found, group, catalogue)
        ]
    for group in groups:
        found = _with_group(field, found, group, catalogue)
    return found


def _opened(part: str, catalogue: Catalogue) -> tuple[str, list[str], list[str]]:
    """The head of an item, what stands behind its colon, and what in its parentheses."""
    groups = [each for each in _INSIDE.findall(part) if each.strip(" .,:")]
    head = " ".join(_INSIDE.sub(" ", part).replace("(", " ").replace(")", " ").split())
    first, _, last = (each.strip() for each in re.split(r" ?([:=]) ?", f"{head}:", maxsplit=1))
    last = last.rstrip(": ")
    if not last:
        if re.search(r"[:=]$", head):
            raise CellError("a name and a sign with nothing behind it; write yes or no", part)
        return head, [], groups
    if not plain(first, catalogue) or mark(first):
        return f"{first if mark(first) else ''} {last}".strip(), [], groups
    return first, [last], groups


def _headed(field: str, head: str, catalogue: Catalogue) -> list[_Named]:
    """The names of a head, with the marks before and behind them."""
    head, aside = reasons.without_reason(field, head)
    words = [each for each in re.split(r"[ -]+", plain(head, catalogue)) if each]
    if words[1:] and words[-1].lower() in ("trial", "study") and not treatment(head, catalogue):
        words, aside = words[:-1], aside or _IN_A_TRIAL
    if not words:
        return []
    if mark(" ".join(words)) and not drug_name(" ".join(words), catalogue):
        raise CellError("a mark without a drug; write the drug before it", head)
    before = after = None
    if not drug_name(" ".join(words), catalogue):
        before, words = leading(words)
        if not drug_name(" ".join(words), catalogue):
            after, words = trailing(words)
    if before and after and not (before == after or "yes" in (before, after)):
        raise CellError("is marked in two ways; keep one", head)
    found = [each._replace(aside=aside) for each in _parts(" ".join(words), catalogue)]
    which = after if after not in (None, "yes") else before or after
    reach: Reach = "before" if before else "behind" if after and " - " in head else ""
    return _all_marked(found, which, reach)


def _all_marked(found: list[_Named], which: Mark | None, reach: Reach = "") -> list[_Named]:
    if which is None:
        return found
    if len(found) > 1 and which in ("no", "unresisted", "unknown"):
        raise CellError("a mark may be for one drug or for all; separate drugs with ;")
    return [_marked(each, which)._replace(reach=reach) for each in found]


def _marked(each: _Named, which: Mark) -> _Named:
    if each.mark not in (None, which, "yes") and which != "yes":
        raise CellError("a drug is marked in two ways; keep one")
    if each.mark not in (None, "yes"):
        return each
    if each.also and which != "yes":
        if which != "no" or each.also[0][0] != "prior_transplant":
            raise CellError("a transplant is marked in a way that cannot be read; leave it out")
        return each._replace(also=(("prior_transplant", False),))
    return each._replace(mark=which)


def _with_group(field: str, found: list[_Named], group: str, catalogue: Catalogue) -> list[_Named]:
    """What an expression in parentheses adds: a mark, a reason, the same drugs, or others."""
    text = plain(group, catalogue)
    if not text:
        return found
    if found and (other := treatment(text, catalogue)) and other.trial:
        return [each._replace(aside=each.aside or _IN_A_TRIAL) for each in found]
    if which := reasons.letter(text) or mark(text):
        if not found:
            raise CellError("a mark without a drug; write the drug before it", group)
        return _all_marked(found, which)
    rest, aside = reasons.without_reason(field, f"{_NOTHING} {text}")
    if aside and rest == _NOTHING:
        return [each._replace(aside=aside) for each in found]
    inner = [each for item in split(text) for each in _together(field, item, catalogue)]
    return _united(found, inner, catalogue)


_IN_A_TRIAL: Final = "in a trial"
_NOTHING: Final = "drug"
"""Stands for a name that a reason stands behind."""


def _united(found: list[_Named], inner: list[_Named], catalogue: Catalogue) -> list[_Named]:
    """A brand or the drugs of a regimen again add nothing; one drug of a class stands for it."""
    outer = {
        drug for each in found for name in each.reading.items for drug in catalogue.drugs_in(name)
    }
    named = {drug for each in inner for drug in each.reading.items}
    classes = found and not any({*each.reading.items} <= {*catalogue.drugs} for each in found)
    if any(each.mark not in (None, "yes") for each in inner):
        raise CellError("marks stand inside parentheses; separate drugs with ;")
    if named and classes and named <= outer:
        return inner
    fresh = [each for each in inner if not {*each.reading.items} <= outer or each.also]
    return [*found, *fresh, *(each for each in inner if each.kept)]


def _parts(part: str, catalogue: Catalogue) -> list[_Named]:
    """Known names and transplants in `part`; the longest run of words first, and nothing left."""
    whole = _one(part, catalogue)
    if whole or not part:
        return [whole] if whole else []
    if other := treatment(part, catalogue):
        return [_Named(NameMatch(()), kept=other)]
    words, found, start = part.split(), list[_Named](), 0
    while start < len(words):
        for end in range(min(len(words), start + _MOST_WORDS), start, -1):
            one = _one(" ".join(words[start:end]), catalogue)
            # A lone letter among words may as well be a mark, and so may pd that is not Pd.
            if one and (
                end - start > 1 or words[start] not in ("pd", "PD", "SD", words[start][:1])
            ):
                found, start = [*found, one], end
                break
        else:
            raise CellError(_nearest(words[start], catalogue), words[start])
    return found


_MOST_WORDS: Final = 4
"""In one name of the catalogue."""


def _one(text: str, catalogue: Catalogue) -> _Named | None:
    if re.fullmatch(AUTO, text.lower()):
        return _Named(NameMatch(()), also=(("prior_transplant", True),))
    if re.fullmatch(ALLO, text.lower()):
        return _Named(NameMatch(()), also=(("comorbidities", ("prior_allogeneic_transplant",)),))
    reading = drug_name(text, catalogue)
    return _Named(reading) if reading else None


def _nearest(text: str, catalogue: Catalogue) -> str:
    if known(text, catalogue) is None:
        try:
            read(text, catalogue)
        except UnknownName as error:
            return error.hint
    return "a letter or pd after a name may be a mark; write the drug, or Pd for the regimen"
