"""Check boxes of a group: what a ticked one states, and what a group says that nobody filled in.

A group in which nothing is ticked was not filled in: that is not known, never "none of them".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from typing import Any, Final

from lenrx.catalogue.fields import DRUGGED
from lenrx.intake.cells import is_unstated
from lenrx.intake.cells.base import bare
from lenrx.intake.columns.column import NONE, NOT_KNOWN, OTHER
from lenrx.intake.rows import Problem

Asked = tuple[str, str, str, str]
"""A field, what is asked, yes, no or open, and the group of a check box, empty where it is none."""
_NAMELESS: Final = frozenset((NONE, NOT_KNOWN, OTHER))
_NONE: Final = re.compile(
    r"(?:none|nil|nothing|no(?: (?:known|prior|previous|other|relevant))?"
    r" (?:comorbidit\w+|illness\w*|drugs?|therap\w+|treatments?|abnormalit\w+|findings?)"
    r"|keine?s?|ningun[oa]?|nada|aucune?|nessun[oa]?|nenhuma?|geen)"
    r"(?: (?:of (?:the )?(?:above|these|below|them|listed|following)|recorded"
    r"|der genannten|davon|de (?:los|las) anteriores|des precedents|ci-dessus|dei precedenti))?"
)
_OTHER: Final = re.compile(r"(?:other|otr[oa]s?|andere[rs]?|autres?|altr[oai]|outr[oa]s?)\b.*")
_ASIDE: Final = re.compile(r"\s*[(\[].*?[)\]]|[:.]+$")


def special(choice: str) -> str | None:
    """What a choice is that names nothing itself: none of them, not known, or another one."""
    words = _ASIDE.sub("", bare(choice)).strip()
    if _NONE.fullmatch(words):
        return NONE
    if _OTHER.fullmatch(words):
        return OTHER
    return NOT_KNOWN if is_unstated(choice) or is_unstated(words) else None


def gather(
    values: MutableMapping[str, Any], asked: Iterable[Asked]
) -> tuple[list[Asked], list[tuple[str, str]], list[Problem]]:
    """The answers of the boxes once their groups are looked at; what is said, what is wrong."""
    asked = list(asked)
    apart = {each[0] for each in asked if not each[3] and each[1] in _NAMELESS}
    found = [each for each in asked if not each[3] and each[0] not in apart]
    said, problems = list[tuple[str, str]](), list[Problem]()
    groups = dict[tuple[str, str], list[Asked]]()
    for each in asked:
        if each[3] or each[0] in apart:
            groups.setdefault((each[0], each[3]), []).append(each)
    for (field, name), boxes in groups.items():
        group = name or field
        ticked = {what for _, what, word, _ in boxes if word == "yes"}
        things = [each for each in boxes if each[1] not in _NAMELESS]
        named = ticked - _NAMELESS
        if NONE in ticked and len(ticked) > 1:
            problem = f"boxes of {group!r}: none of them is ticked, and another one too; untick one"
            problems.append(Problem(field, problem, "contradiction"))
        if not ticked or (ticked == {OTHER} and field in DRUGGED):
            words = "holds no tick" if not ticked else "holds a tick of another one alone"
            said.append((field, f"group {group!r} {words}: it does not say no of what it lists"))
        open_now = not ticked or NOT_KNOWN in ticked or ticked == {OTHER}
        found += [
            (*each[:2], "open", "") if open_now and each[2] == "no" else (*each[:3], "")
            for each in things
        ]
        if NOT_KNOWN in ticked:
            said.append((field, f"group {group!r}: not known is ticked, so no other is ruled out"))
        if OTHER in ticked:
            said += _other(values, field, group)
        if field in DRUGGED and (named or NONE in ticked):
            values.setdefault(field, ())
    return found, said, problems


def _other(values: MutableMapping[str, Any], field: str, group: str) -> Iterable[tuple[str, str]]:
    """A drug without a name makes the history partial; an illness without one turns nothing."""
    if field not in DRUGGED:
        yield field, f"group {group!r}: another one is ticked, which has no name here"
        return
    values["history"] = "partial"
    yield field, f"group {group!r}: another drug is ticked, without its name: partial history"
