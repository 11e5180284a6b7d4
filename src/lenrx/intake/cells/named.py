"""One item of a list of drugs: what it names, with the marks before, behind and inside it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import NameMatch, UnknownName, known, read, split
from lenrx.intake.cells import reasons
from lenrx.intake.cells.base import ALLO, AUTO, CellError, Values, bare
from lenrx.intake.cells.marks import Mark, announces, leading, mark, trailing
from lenrx.intake.cells.spellings.drugs import LONE, drug_name, plain, spaced
from lenrx.intake.cells.spellings.mobilisation import is_mobilisation, parted, without_words
from lenrx.intake.cells.spellings.treatments import PROSE, Treatment, treatment

_WITH: Final = re.compile(
    r" ?(?:/|\+|&|\b(?:and|plus|with|und|mit|et|avec|con|com)\b"
    r"|(?<=\w{3} )[ye](?= \w{3})) ?",
    re.IGNORECASE,
)
_OR: Final = re.compile(r"\b(?:or|nor|oder|ou|and/or)\b|(?<=\w )od\.?(?= [a-z])", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"^#?\d{1,2}[.)] +(?=\w)")
_INSIDE: Final = re.compile(r"\(([^()]*)\)")
_LONGEST: Final = 300
"""Letters of one item; anything longer is prose."""
LONE_R: Final = "R may be refractory, or lenalidomide; write the word"
Reach = Literal["", "list", "before", "behind", "inside"]


class Named(NamedTuple):
    """What an item of a list names: drugs or a treatment, its mark, and what stands beside."""

    reading: NameMatch
    mark: Mark | None = None
    also: Values = ()
    kept: Treatment | None = None
    aside: str = ""
    """What stands beside the name and is read nowhere: a response, a reason."""
    reach: Reach = ""
    """Where the mark stands, and so whether it may be meant for more names: before a list that it
    announces, before a name, behind a name and a sign, or inside parentheses."""


@lru_cache(8_000)
def together(field: str, item: str, catalogue: Catalogue) -> list[Named]:
    """What an item names; many cells hold the same items in other orders."""
    if summary := reasons.summary(field, item):
        return [Named(NameMatch(summary))]
    if len(item) > _LONGEST:
        raise CellError("an item is too long to be a drug; separate drugs with ;")
    if field == "exposed" and is_mobilisation(item) and leading(item.split())[0] is None:
        return _mobilising(field, item, catalogue)
    item = _alternatives(item)
    parts = _joined(item, catalogue)
    slashed = {each.strip() for each in item.split("/")} if "/" in item else set[str]()
    if field == "refractory" and {"R", "r"} & slashed and not known(item, catalogue):
        raise CellError(LONE_R, item)
    found = [each for part in parts for each in _named(field, part, catalogue)]
    no_graft = [("prior_transplant", False) in each.also for each in found]
    if any(no_graft) and not all(no_graft):
        raise CellError("no may be for one of them or for all; separate them with ;", item)
    marks = {each.mark for each in found}
    if len(found) > 1 and None in marks and marks & {"no", "unresisted", "unknown"}:
        raise CellError(
            "a mark may be for one drug or for all before it; separate drugs with ;", item
        )
    return found


def _mobilising(field: str, item: str, catalogue: Catalogue) -> list[Named]:
    """What mobilised stem cells, which is no treatment of the myeloma unless a regimen of it."""
    rest = without_words(item)
    found = together(field, rest, catalogue) if rest else []
    ids = tuple(sorted({drug for each in found for drug in each.reading.items}))
    drugs, words = parted(ids, catalogue)
    if not words:
        return [*found, Named(NameMatch(()), kept=_COLLECTED)]
    steroids = [Named(NameMatch((each,))) for each in drugs]
    return [*steroids, Named(NameMatch(()), kept=_COLLECTED, aside=words)]


_COLLECTED: Final = Treatment("mobilisation of stem cells", line=False, listed=True)


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
    if any(leading(each.split())[0] == "yes" for each in names if each):
        raise CellError("says no and yes around an or; separate them with ;", word[0])
    return " / ".join(f"{each} : no" for each in names if each)


def _named(field: str, part: str, catalogue: Catalogue) -> list[Named]:
    """What one item names: as a whole, or its names with what stands before, behind and inside."""
    if _SIGNED.search(part):
        reason = "has a sign before or behind a name; write yes, no or unknown after a drug"
        raise CellError(reason, part)
    if _NO_PART.search(part):
        raise CellError(
            "says no of a part of the treatment; separate it with ; or leave it out", part
        )
    if _WITHIN_WORD.search(part):
        raise CellError("a letter in brackets within a name may be a mark or a drug", part)
    hangs = _LETTER_BEHIND.fullmatch(part)
    if hangs and (named := known(hangs["name"], catalogue)) and len(named.items) > 1:
        raise CellError(LONE_R, part)
    _no_response(field, part, [part])
    if LONE.search(part) and known(part, catalogue) and known(part[:-2], catalogue):
        raise CellError("a letter behind a name may be a mark or a drug; write a word", part)
    part = spaced(part, catalogue)
    if not _INSIDE.search(part) and (reading := drug_name(part, catalogue)):
        return [Named(reading)]
    head, behind, groups = _opened(_NUMBERED.sub("", part), catalogue)
    found = _headed(field, head, catalogue)
    if announces(part):
        found = [
            each._replace(reach="list") if each.mark or _said_no(each) else each for each in found
        ]
    for group in behind:
        found = [
            each._replace(reach="behind") if each.mark and not each.reach else each
            for each in _with_group(field, found, group, catalogue)
        ]
    for group in groups:
        found = [
            each._replace(reach="inside") if each.mark and not each.reach else each
            for each in _with_group(field, found, group, catalogue)
        ]
    return found


_SIGNED: Final = re.compile(r"- ?[)\]]?$|^[-=:~]|\( ?[-=~]+ ?\)|(?<=[ /])-(?=\w)|(?<=\w)-(?=[ :])")
_NO_PART: Final = re.compile(
    r"\b(?:no|not|without|ohne|kein\w*|sin|sans|senza|sem)\b[ :]*"
    r"(?:maint|erhaltung|mantenimiento|entretien|manten|manuten|consolid|konsolid|induction)",
    re.IGNORECASE,
)
"""What is said of a part of the treatment, and not of the drugs before it."""
_WITHIN_WORD: Final = re.compile(r"\w[(\[]\w{1,2}[)\]]\w")
_LETTER_BEHIND: Final = re.compile(r"(?P<name>[\w-]*\w)[(\[][rR][)\]]")
"""R in brackets that hang on a name: of a regimen it may be one more of its letters."""


def _no_response(field: str, typed: str, words: list[str]) -> None:
    """Refuse what is a response or a tick as well as a name, alone or beside a date."""
    if len(words) == 1 and words[0] in ("pd", "PD", "SD", "sd", "X", "x"):
        reason = "may be a response or a tick; write Pd, Sd or selinexor, or leave it out"
        raise CellError(reason, typed)
    if field == "refractory" and words in (["R"], ["r"]) and re.search(r"\d", typed):
        raise CellError(LONE_R, typed)


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


def _headed(field: str, head: str, catalogue: Catalogue) -> list[Named]:
    """The names of a head, with the marks before and behind them."""
    head, aside = reasons.without_reason(field, head)
    words = [each for each in re.split(r"[ -]+", plain(head, catalogue)) if each]
    if words[1:] and words[-1].lower() in ("trial", "study") and not treatment(head, catalogue):
        words, aside = words[:-1], aside or _IN_A_TRIAL
    if not words:
        return []
    _no_response(field, head, words)
    if mark(" ".join(words)) and not drug_name(" ".join(words), catalogue):
        raise CellError("a mark without a drug; write the drug before it", head)
    before = after = None
    if not drug_name(" ".join(words), catalogue):
        before, words = leading(words)
        if not drug_name(" ".join(words), catalogue):
            after, words = trailing(words)
    opposite = {before, after} == {"yes", "no"}
    if before and after and (opposite or not (before == after or "yes" in (before, after))):
        raise CellError("is marked in two ways; keep one", head)
    found = [each._replace(aside=aside) for each in _parts(" ".join(words), catalogue)]
    which = after if after not in (None, "yes") else before or after
    reach: Reach = "before" if before else "behind" if after and " - " in head else ""
    return _all_marked(found, which, reach)


def _all_marked(found: list[Named], which: Mark | None, reach: Reach = "") -> list[Named]:
    if which is None:
        return found
    if len(found) > 1 and which in ("no", "unresisted", "unknown"):
        raise CellError("a mark may be for one drug or for all; separate drugs with ;")
    return [_marked(each, which)._replace(reach=reach) for each in found]


def _marked(each: Named, which: Mark) -> Named:
    if {each.mark, which} == {"yes", "no"}:
        raise CellError("a drug is marked in two ways; keep one")
    if each.mark not in (None, which, "yes") and which != "yes":
        raise CellError("a drug is marked in two ways; keep one")
    if each.mark not in (None, "yes"):
        return each
    if each.also and which != "yes":
        if which != "no" or each.also[0][0] != "prior_transplant":
            raise CellError("a transplant is marked in a way that cannot be read; leave it out")
        return each._replace(also=(("prior_transplant", False),))
    return each._replace(mark=which)


def _with_group(field: str, found: list[Named], group: str, catalogue: Catalogue) -> list[Named]:
    """What an expression in parentheses adds: a mark, a reason, the same drugs, or others."""
    text = plain(reasons.decides(group), catalogue)
    if not text or (found and all(_said_no(each) for each in found) and reasons.why_not(text)):
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
    inner = [each for item in split(text) for each in together(field, item, catalogue)]
    if field != "exposed" and _some_of(found, inner, catalogue):
        raise CellError("may be for all of them or for those in parentheses; name the drugs", group)
    return _united(found, inner, catalogue)


def _said_no(each: Named) -> bool:
    return each.mark == "no" or ("prior_transplant", False) in each.also


_IN_A_TRIAL: Final = "in a trial"
_NOTHING: Final = "drug"
"""Stands for a name that a reason stands behind."""


def _some_of(found: list[Named], inner: list[Named], catalogue: Catalogue) -> bool:
    """Whether a regimen and some of its drugs stand one in the parentheses behind the other."""
    drugs = [
        {drug for each in side for name in each.reading.items for drug in catalogue.drugs_in(name)}
        - {*catalogue.drugs_in("corticosteroid")}
        for side in (found, inner)
    ]
    regimen = any(each.reading.regimen for each in (*found, *inner))
    return regimen and (drugs[0] < drugs[1] or (drugs[1] < drugs[0] and bool(drugs[1])))


def _united(found: list[Named], inner: list[Named], catalogue: Catalogue) -> list[Named]:
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


def _parts(part: str, catalogue: Catalogue) -> list[Named]:
    """Known names and transplants in `part`; the longest run of words first, and nothing left."""
    whole = _one(part, catalogue)
    if whole or not part:
        return [whole] if whole else []
    if other := treatment(part, catalogue):
        return [Named(NameMatch(()), kept=other)]
    words, found, start = part.split(), list[Named](), 0
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


def _one(text: str, catalogue: Catalogue) -> Named | None:
    if re.fullmatch(AUTO, text.lower()):
        return Named(NameMatch(()), also=(("prior_transplant", True),))
    if re.fullmatch(ALLO, text.lower()):
        return Named(NameMatch(()), also=(("comorbidities", ("prior_allogeneic_transplant",)),))
    reading = drug_name(text, catalogue)
    return Named(reading) if reading else None


def _nearest(text: str, catalogue: Catalogue) -> str:
    if bare(text).strip(" .,") in PROSE:
        return "a word that says more than a drug; write yes, no or unknown behind each drug"
    if known(text, catalogue) is None:
        try:
            read(text, catalogue)
        except UnknownName as error:
            return error.hint
    return "a letter or pd after a name may be a mark; write the drug, or Pd for the regimen"
