"""Cells of comorbidities as problem lists and registries have them: found, absent, not known, kept.

An illness that no criterion asks is kept. One that may be several of those that are asked, or whose
time decides, is said and leaves them open. What looks like one of them and is none is an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import split
from lenrx.catalogue.vocabulary import COMORBIDITIES
from lenrx.intake.cells.base import CellError, Meaning, Values, bare, strict
from lenrx.intake.cells.marks import (
    Mark,
    announces,
    apart,
    mark,
    ticked,
    trailing,
)
from lenrx.intake.cells.near_illnesses import led, not_near, of_the_one_before, shared
from lenrx.intake.cells.spellings.illnesses import (
    CHARTED,
    COMMON,
    ELSEWHERE,
    EXAMINED,
    FAMILY,
    FAMILY_ALONE,
    FAMILY_LEADS,
    FLAGS,
    INFECTION,
    OPEN,
    TIMED,
    WHEN,
)
from lenrx.intake.cells.spellings.manner import plain
from lenrx.intake.cells.spellings.results import (
    clauses,
    ejection_fraction,
    names_none,
    set_aside,
    spelled_out,
    with_manner,
    without_fraction,
    without_virus,
)
from lenrx.intake.cells.spellings.translated import ONLY_ALONE
from lenrx.patient.patient import uncertain

_LONGEST: Final = 80
"""Letters of one illness; anything longer is prose."""


class Illness(NamedTuple):
    """An illness of a cell: the word that criteria ask, or the chart's own, and what is said."""

    name: str
    truth: bool | None
    known: bool
    said: str = ""
    first: bool = False
    """Whether its mark stands before it, so that it may be meant for the next ones too."""
    marked: bool = False
    listed: bool = False
    """Whether its mark announces a list: `no:`, `negative for`, `family history of`."""
    flag: str = ""
    """The field of its own that says yes or no of it."""


def conditions(field: str, text: str, catalogue: Catalogue) -> Meaning:
    """Comorbidities by the words charts use, and an ejection fraction that stands beside them."""
    text, measured = set_aside(text)
    values, words = _with_fraction(field, text, catalogue) if text else ((), "")
    return values, "; ".join(filter(None, (words, *measured)))


def _with_fraction(field: str, text: str, catalogue: Catalogue) -> Meaning:
    fraction = ejection_fraction(text)
    if fraction is None:
        return _conditions(field, text)
    rest = without_fraction(text)
    values, words = _conditions(field, rest) if rest else ((), "")
    if not fraction[1]:
        told = "the ejection fraction is not read here; write it in lvef"
        return values, "; ".join(filter(None, (words, told)))
    found = strict("lvef", fraction[0].replace(" ", ""), catalogue)
    return values + found, "; ".join(filter(None, (words, f"LVEF {fraction[0]}")))


def _conditions(field: str, text: str) -> Meaning:
    found = _cell(field, with_manner(without_virus(text)))
    seen: dict[bool | None, set[str]] = {True: set(), False: set(), None: set()}
    for each in found:
        if each.known:
            seen[each.truth].add(each.name)
    if seen[True] & seen[False] or (seen[True] | seen[False]) & seen[None]:
        raise CellError("an illness is stated in two ways; keep one")
    if {"hepatitis_b_carrier", "hepatitis_b_resolved"} <= seen[True]:
        # A carrier has antibodies to the core antigen too.
        seen[True].discard("hepatitis_b_resolved")
    flags = {(each.flag, each.truth) for each in found if each.flag and each.truth is not None}
    if len(dict(flags)) < len(flags):
        raise CellError("an illness is stated in two ways; keep one")
    values, words = _meaning(field, seen, found)
    return values + tuple(sorted(flags)), words


def _meaning(field: str, seen: dict[bool | None, set[str]], found: Sequence[Illness]) -> Meaning:
    lists = {"comorbidities": seen[True], "comorbidities_absent": seen[False]}
    values: Values = tuple((n, tuple(sorted(each))) for n, each in lists.items() if each)
    idle = [each for each in found if not each.known and not each.said]
    kept = sorted({each.name + _ENDINGS[each.truth] for each in idle})
    if kept:
        values += (("kept", tuple((field, each) for each in kept)),)
    words = {True: "", False: "absent: ", None: "not known: "}
    told = [words[truth] + ", ".join(sorted(names)) for truth, names in seen.items() if names]
    told += dict.fromkeys(each.said for each in found if each.said)
    told += [f"no rule here knows it: {', '.join(kept)}"] * bool(kept)
    return values, "; ".join(told)


_ENDINGS: Final = {True: "", False: " absent", None: " not known"}


@lru_cache(8_000)
def _cell(field: str, text: str) -> tuple[Illness, ...]:
    word = bare(text).strip(" .")
    if names_none(word):
        return (Illness("none", True, False, "no illness; which were looked for is not said"),)
    if mark(word):
        raise CellError("a mark without an illness; write which", text)
    plain = apart(ticked(text)).replace("[", "(").replace("]", ")")
    asked = not field.endswith("absent")
    found = [each for clause in clauses(plain) for each in _clause(clause, asked)]
    if field.endswith("absent") and any(each.truth and each.known for each in found):
        raise CellError("an illness is both found and absent; keep one")
    _no_wider_lead(found)
    return tuple(found)


def _clause(text: str, asked: bool) -> list[Illness]:
    """The illnesses between two semicolons, no mark of which can be meant for another clause."""
    found = [each for item in split(text) for each in _listed(item, asked)]
    first = next((at for at, each in enumerate(found) if each.first and each.truth is False), None)
    if "," in text and first is not None and not all(each.marked for each in found[first:]):
        raise CellError(f"no may be for the first or for all that follow{_EACH_OWN}")
    _no_wider_mark(found, text)
    return found


_EACH_OWN: Final = "; write it behind each, and separate them with ;"


def _no_wider_lead(found: Sequence[Illness]) -> None:
    """What announces a list may be for all that follow, whatever separates them."""
    lead = next((at for at, each in enumerate(found) if each.listed), None)
    if lead is None and len(found) > 1 and found[0].first and _reaches(found[0], found[1]):
        lead = 0
    if lead is not None and any(
        not each.marked and (each.known or each.said) for each in found[lead + 1 :]
    ):
        raise CellError(f"what stands before the first may be for all that follow{_EACH_OWN}")


def _reaches(one: Illness, behind: Illness) -> bool:
    """Whether a no before an illness may go on: one of a field of its own ends with its item."""
    asked = one.known or bool(one.said) or one.name in COMMON
    return asked and one.truth is not True and not one.flag and not behind.marked


def _no_wider_mark(found: Sequence[Illness], text: str) -> None:
    """A mark that may be for a neighbour too, where that would change what criteria are told."""
    asked = [at for at, each in enumerate(found) if not each.marked and (each.known or each.said)]
    for at, each in enumerate(found):
        leads = each.listed or (each.first and each.truth is not True and "," in text)
        if leads and any(other > at for other in asked):
            raise CellError(f"what stands before the first may be for all that follow{_EACH_OWN}")
        ends = each.truth is False and each.marked and not each.first
        if ends and "," in text and at - 1 in asked and not _own_result(found[at - 1], each):
            raise CellError(f"no may be for the last or for all before it{_EACH_OWN}")


def _own_result(one: Illness, other: Illness) -> bool:
    """Whether an illness is written with a result of its own, which its neighbour has not."""
    return other.name in _SEROLOGY and one.name not in _SEROLOGY and one.name not in OPEN


_SEROLOGY: Final = ("hiv", "hepatitis_c", "hepatitis_b_carrier", "hepatitis_b_resolved")
"""Illnesses that are written with their own result."""


def _listed(item: str, asked: bool) -> list[Illness]:
    """The illnesses of one item, with how far their marks may reach."""
    found = _item(item, asked)
    if found and (FAMILY_LEADS.match(bare(item)) or (found[0].marked and announces(item))):
        listed = found[0].truth is not True or not found[0].known
        return [found[0]._replace(listed=listed), *found[1:]]
    return found


_JOINED: Final = re.compile(
    r" ?(?:/|&|\b(?:and|und|et)\b|(?<![-:=(] )(?-i:\by\b)(?= ?\w)| \+ ) ?", re.IGNORECASE
)
_OR: Final = re.compile(r"\b(?:or|nor|oder|ou|ni|noch|n\u00e9)\b", re.IGNORECASE)


@lru_cache(8_000)
def _item(item: str, asked: bool) -> list[Illness]:
    """The illnesses of one item, each with its mark; joined by a stroke they share a last one."""
    if len(item) > _LONGEST:
        raise CellError("an item is too long to be an illness", item[:_LONGEST])
    item = _ANSWERED.sub(r": \1", _one_of_two(spelled_out(item)))
    if re.match(r"[-+~<>=]", item) or re.search(r"[:=_]$|\+ ?/ ?-|±", item):
        raise CellError("a sign beside an illness with nothing behind; write yes or no", item)
    if whole := _charted(item, asked, None, first=False):
        return whole
    before, words = led(_words(item), item)
    if of_family := _of_family(" ".join(words), before):
        return of_family
    parts = _OR.split(" ".join(words)) if _OR.search(item) else _JOINED.split(" ".join(words))
    if before and len(parts) > 1 and not _OR.search(item) and "/" not in item:
        raise CellError("no may be for one illness or for all; separate them with ;", item)
    if _OR.search(item) and before not in ("no", "yes", "unknown"):
        raise CellError("says or; write the illness that is there", item)
    marked = [_marked(part) for part in parts if part.strip(" ()")]
    last = shared(marked, parts, item)
    return [
        one
        for each, name in marked
        for one in _named(name, asked, before or each or last, first=bool(before))
    ]


def _one_of_two(item: str) -> str:
    """An illness that is said once more in parentheses, said once: `VHB (hepatitis B)`."""
    match = re.fullmatch(r"([^()]+) \(([^()]+)\)", item)
    if match is None:
        return item
    one, other = (_meant(each) for each in match.groups())
    return match[1] if one and one == other else item


def _meant(text: str) -> tuple[str, ...]:
    word = bare(text).replace("'", "")
    return CHARTED.get(word) or OPEN.get(word, ((), ""))[0]


def _of_family(text: str, before: Mark | None) -> list[Illness]:
    """What a relative has, kept in the words of the chart; joined to more it is an error."""
    word = re.sub(r"\( | \)", lambda found: found[0].strip(), bare(text)).replace(" :", ":")
    if not FAMILY.fullmatch(word) or uncertain(text):
        return []
    if _JOINED.search(text) or _OR.search(text) or FAMILY_ALONE.fullmatch(word):
        raise CellError("may be of the family or of the patient; separate them with ;", text)
    ending = " absent" if before == "no" else ""
    return [Illness(word + ending, True, False)]


_ANSWERED: Final = re.compile(
    r" ?\? ?[-:,]? ?(no|yes|neg(?:ative)?|pos(?:itive)?|ruled out|excluded|nein|ja|si|non|oui)$",
    re.IGNORECASE,
)
"""A question with its answer: the answer counts."""


def _words(item: str) -> list[str]:
    """Words of an item; a sign that hangs on the last one stands apart."""
    item = re.sub(r"(?<=\w)-(?=(?:neg|pos|negative?|positive?|no|yes)\b)", " ", item, flags=re.I)
    item = re.sub(r"(?<=[\w)])([+-]|\?+)(?=$|[\s)])|(?<=\w)[:=]", r" \1 ", item)
    return item.replace("(", " ( ").replace(")", " ) ").split()


def _marked(part: str) -> tuple[Mark | None, str]:
    """The mark behind an illness, in parentheses or not, and the illness."""
    words = [each for each in _words(part) if each not in ("(", ")", ":", "=")]
    which, rest = trailing(words)
    if which in ("resisted", "unresisted"):
        return None, " ".join(words)
    before, rest = led(rest, part)
    if before and which and before != which:
        raise CellError("an illness is marked in two ways; keep one", part)
    return which or before, " ".join(rest)


def _charted(text: str, asked: bool, which: Mark | None, first: bool) -> list[Illness] | None:
    """An illness by a spelling of charts or by its own word, None where it has another."""
    word = " ".join(bare(text).replace("'", "").split())
    names = CHARTED.get(word)
    if names is None and which is not None:
        names = EXAMINED.get(word)
    if names is None and not uncertain(text):
        names = _own(text)
    if names is None:
        return None
    return _said(names, asked, which, first)


def _own(text: str) -> tuple[str, ...] | None:
    name = _OWN.get("".join(each for each in bare(text) if each.isalnum()))
    return (name,) if name else None


_OWN: Final = {name.replace("_", ""): name for name in COMORBIDITIES}


CURRENT: Final = frozenset(
    {
        *("active_infection", "recent_mi", "unstable_angina", "pregnancy", "breastfeeding"),
        *("uncontrolled_diabetes", "uncontrolled_hypertension", "hyponatremia"),
    }
)
"""What counts only while it is so."""
_BEFORE: Final = (
    r"prior|past|previous|prev|histor\w*|hist|hx|h/o|former\w*|old|remote|antecedent\w*|atcd"
    r"|zustand|z\.?n|s/p|status post|until|till|bis|hasta|jusqu"
)
WAS: Final = re.compile(
    rf"\b(?:{_BEFORE}|now|resolved|treated|controlled|stable|since|ago|(?:19|20)\d\d)\b"
)
"""What says when it was, and leaves open whether it still is."""


def _said(names: tuple[str, ...], asked: bool, which: Mark | None, first: bool) -> list[Illness]:
    truth = _truth(asked, which)
    return [Illness(name, truth, True, "", first, which is not None) for name in names]


def _named(text: str, asked: bool, which: Mark | None, first: bool) -> list[Illness]:
    """What an illness with its mark taken away is: asked, left open, of another field, or kept."""
    if bare(text) in ELSEWHERE:
        return _unasked(text, bare(text), asked, which, first)
    for each in dict.fromkeys((text, plain(text))):
        if found := _charted(each, asked, which, first):
            current = found[0].truth and not CURRENT.isdisjoint(one.name for one in found)
            if each != text and current and WAS.search(bare(text)):
                raise CellError("leaves open whether it is so now; write it alone, or no", text)
            return found
    return _unasked(text, plain(text), asked, which, first)


def _unasked(text: str, word: str, asked: bool, which: Mark | None, first: bool) -> list[Illness]:
    several, truth = OPEN.get(word), _truth(asked, which)
    if word in FLAGS:
        if FLAGS[word] != "prior_transplant" and _PAST.search(bare(text)):
            raise CellError(
                f"leaves open whether it goes on; state {FLAGS[word]} as yes or no", text
            )
        told = f"{FLAGS[word].replace('_', ' ')}: {_TOLD[truth]}"
        return [Illness(word, truth, False, told, first, which is not None, flag=FLAGS[word])]
    if several and truth is False and several[0] == ("active_infection",) and word not in INFECTION:
        return [Illness(word, truth, False, "", first, which is not None)]
    if several and truth is False:
        return _said(several[0], asked, which, first)
    if word in TIMED and truth is not True:
        return _said((TIMED[word],), asked, which, first)
    of_the_one_before(word, text, which)
    said = several[1] if several else WHEN if word in TIMED else ELSEWHERE.get(word)
    if not said:
        not_near(word, text)
        said = None if word in COMMON else _elsewhere(word)
    told = f"{word}: {said}" if said else ""
    return [Illness(word, truth, False, told, first, which is not None)]


_PAST: Final = re.compile(rf"\b(?:{_BEFORE})\b|(?:19|20)\d\d ?- ?(?:\d|$)")
"""What says that something was, and not that it is."""
_TOLD: Final = {True: "yes", False: "no", None: "not known"}


def _elsewhere(word: str) -> str | None:
    """Which other field asks it, where the name of what is asked stands among more words."""
    words = word.split()
    runs = (
        " ".join(words[start:end])
        for start in range(len(words))
        for end in range(len(words), start, -1)
    )
    found = (run for run in runs if run in ELSEWHERE and (run == word or run not in ONLY_ALONE))
    return next((ELSEWHERE[run] for run in found), None)


def _truth(asked: bool, which: Mark | None) -> bool | None:
    if which in ("resisted", "unresisted"):
        raise CellError("a mark of refractoriness beside an illness")
    return asked if which is None else {"yes": True, "no": False}.get(which)
