"""Named checks that hold a bound against the sentence beside it; `checks.CHECKS` holds them.

A sentence and a condition are both read as ends: "at least 2 prior lines" has a lower end, 2, that
belongs to it. "1 to 3" has two. A range of a number with fractions does not tell whether its ends
belong to it, so either is taken there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from lenrx.catalogue.conditions import BOUNDS, COUNTS, NUMBERS, leaves
from lenrx.catalogue.fields import WHOLE
from lenrx.curation.places import Check, Data, Place, Problem, conditions, walk

WORDS_OF_COUNTS: Final = {
    word: number
    for number, words in enumerate(("", "one", "two", "three", "four", "five", "six"))
    for word in (words, str(number))
    if word
}
COUNT: Final = "|".join(sorted(WORDS_OF_COUNTS, key=len, reverse=True))
Way = Literal["as it is said", "all others", "either"]
"""Whether a condition is what a sentence says, as that of a label, or everybody else, as the limit
of a trial that says whom it enrolled."""


class End(NamedTuple):
    """One end of a range of numbers; `within` where it belongs to the range, None if untold."""

    lower: bool
    number: float
    within: bool | None


def threshold_said_otherwise(data: Data) -> Iterator[Problem]:
    """Each bound of a condition is that of its sentence, where the sentence gives one of the field.

    The sentence is the `because` of a rule or a limit, what a label `says`, the title of a
    population or a setting with the definition of that name, the `detail` of a figure.
    """
    for path, each in walk(data):
        if "when" in each:
            place, text, way = _sentence(path, each, data)
            asked = list(_asked(each["when"]))
            for field, end in asked:
                alone = way != "either" and [name for name, _ in asked].count(field) == 1
                told = _told(field, text, way)
                said = [one for one in told if alone or one.lower == end.lower]
                if said and not any(_agree(end, one, field) for one in said):
                    yield (*path, place), f"says nothing of {end.number:g}, a bound of {field}"


def _told(field: str, text: str, way: Way) -> list[End]:
    """The ends that a condition may have by its sentence."""
    said = [_whole(end) if _counted(field) else end for end in _said(field, text)]
    others = [_other(end, field) for end in said]
    return {"as it is said": said, "all others": others, "either": said + others}[way]


def _counted(field: str) -> bool:
    return field in WHOLE or field not in (*NUMBERS, "renal")


def _whole(end: End) -> End:
    """An end of whole numbers as one that belongs to the range: above 2 is at least 3."""
    step = 0 if end.within is not False else 1 if end.lower else -1
    return End(end.lower, end.number + step, True)


def _other(end: End, field: str) -> End:
    """Where the numbers begin that an end leaves out."""
    if _counted(field):
        return End(not end.lower, end.number + (-1 if end.lower else 1), True)
    return End(not end.lower, end.number, None if end.within is None else not end.within)


def _agree(asked: End, said: End, field: str) -> bool:
    """Whether an end is the one that is said; "50 to 59" is said of what is below 60."""
    if _counted(field):
        return _whole(asked) == said
    rounded = said.within is None and asked == End(False, said.number + 1, False)
    same = asked.number == said.number and said.within in (None, asked.within)
    return rounded or same


def empty_range(data: Data) -> Iterator[Problem]:
    """A range has a number in it: its lower end is not above its upper one."""
    for path, condition in conditions(data):
        for field, wanted in leaves(condition):
            if isinstance(wanted, dict) and _nothing_between(wanted):
                yield path, f"no {field} lies between its ends"


def _nothing_between(wanted: Mapping[str, Any]) -> bool:
    low = [wanted[name] for name in ("above", "at_least") if name in wanted]
    high = [wanted[name] for name in ("below", "at_most") if name in wanted]
    open_ended = "above" in wanted or "below" in wanted
    return any(a > b or (a == b and open_ended) for a in low for b in high)


def _sentence(path: Place, each: Mapping[str, Any], data: Data) -> tuple[str, str, Way]:
    """The key of the sentence beside a condition, its text, and the way it speaks."""
    if "because" in each:
        return "because", each["because"], _way(path, each["because"])
    if "says" in each:
        return "says", each["says"], "as it is said"
    if "title" in each:
        defined = data["definitions"].get(path[-1], {}).get("says", "")
        return "title", f"{each['title']}; {defined}", "as it is said"
    return "detail", each.get("detail", ""), "as it is said"


def _way(path: Place, text: str) -> Way:
    if path[0] != "trials":
        return "either"
    left_out = re.search(r"\b(?:excluded|left out|nobody|only if|only when)\b", text)
    return "as it is said" if left_out else "all others"


def _asked(condition: Any) -> Iterator[tuple[str, End]]:
    """The ends of a condition, each with its field or the class that is counted."""
    for key, wanted in leaves(condition):
        if key in NUMBERS or key == "renal" or key in COUNTS:
            field = wanted["class"] if key in COUNTS else key
            for name in BOUNDS:
                if name in wanted:
                    lower = name in ("above", "at_least")
                    yield field, End(lower, wanted[name], name.startswith("at_"))


_WORDS: Final = {
    "renal": r"CrCl|GFR|clearance|mL/min|renal",
    "age": r"\bage[ds]?\b|years|older",
    "ecog": r"ECOG|performance status",
    "lvef": r"LVEF|ejection fraction",
    "platelets": r"platelets?",
    "anc": r"neutrophils?|ANC",
    "neuropathy_grade": r"neuropathy|grade",
    "prior_lines": r"lines?|relapses?|regimens?|therap(?:y|ies)|treatments?|previous|prior",
    "PI": r"PIs?\b|proteasome inhibitors?",
    "IMiD": r"IMiDs?\b",
}
"""What a sentence says beside a number of the field."""
_N: Final = rf"(\d[\d,]*(?:\.\d+)?|\b(?:{COUNT})\b)"
_UNIT: Final = r"(?: ?%|(?: \w+)? years(?: of age)?| mL/min(?:/1\.73 ?m2)?)?"
_PHRASES: Final[tuple[tuple[str, tuple[tuple[bool, bool | None], ...]], ...]] = (
    (rf"above {_N} ?(?:to|-) ?{_N}", ((True, False), (False, True))),
    (rf"{_N} ?(?:to|or|-) below {_N}", ((True, True), (False, False))),
    (rf"{_N} ?(?:to|or|-) ?{_N}(?! or)", ((True, None), (False, None))),
    (rf"(?:below|under|less than|fewer than) {_N}", ((False, False),)),
    (rf"(?:above|over|more than) {_N}", ((True, False),)),
    (rf"(?:at least|from age) {_N}", ((True, True),)),
    (rf"(?:at most|up to) {_N}", ((False, True),)),
    (rf"{_N}{_UNIT},? (?:or|and) (?:more|older|over|above|worse|higher)", ((True, True),)),
    (rf"{_N}{_UNIT},? (?:or|and) (?:less|fewer|under)", ((False, True),)),
    (_N, ((True, None), (False, None))),
)
"""Phrases, and whether their numbers are a lower end and belong to it; the longest come first."""
_NO_NUMBER: Final = re.compile(r"\b(?:19|20)\d\d\b|/1\.73 ?m2|10\^9|\w*[a-zA-Z]-?\d+|\bq?m2\b")
"""Years, units, names with a number in them."""
_RELAPSES: Final = {
    "first relapse": (End(False, 1, True),),
    "second relapse": (End(True, 2, True), End(False, 2, True)),
    "second or later relapse": (End(True, 2, True),),
    "third or later relapse": (End(True, 3, True),),
    "any grade": (End(True, 1, True),),
    "severe neuropathy": (End(True, 3, True),),
}
_NEAR: Final = 28
"""Letters before a phrase in which the word of its field stands, or half as many behind it."""


def _said(field: str, text: str) -> list[End]:
    """The ends that a text gives of a field."""
    named = re.compile(_WORDS.get(field, re.escape(field)))
    found = list[End]()
    if field in ("prior_lines", "neuropathy_grade"):
        found += [end for words, ends in _RELAPSES.items() if words in text for end in ends]
    for start, stop, ends in _ranges(text):
        before = re.split("[;:]", text[max(0, start - _NEAR) : start])[-1]
        behind = re.split("[;:]", text[stop : stop + _NEAR // 2])[0]
        if any(named.search(part) for part in (before, text[start:stop], behind)):
            found += ends
    return found


def _ranges(text: str) -> Iterator[tuple[int, int, list[End]]]:
    """Where ranges stand in a text, and their ends; each number belongs to one range."""
    left = _NO_NUMBER.sub(lambda each: "_" * len(each[0]), text)
    for pattern, ends in _PHRASES:
        for match in re.finditer(pattern, left, re.IGNORECASE):
            numbers = [_number(word) for word in match.groups()]
            pairs = zip(ends, numbers * (3 - len(numbers)), strict=False)
            yield *match.span(), [End(lower, number, within) for (lower, within), number in pairs]
        left = re.sub(pattern, lambda each: "_" * len(each[0]), left, flags=re.IGNORECASE)


def _number(word: str) -> float:
    return WORDS_OF_COUNTS.get(word.lower()) or float(word.replace(",", ""))


CHECKS: Final[tuple[Check, ...]] = (threshold_said_otherwise, empty_range)
