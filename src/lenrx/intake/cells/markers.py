"""Cells of cytogenetics as laboratories write them: markers found, absent, not known, and others.

An item is cut into tokens: markers, other findings, marks, shares of cells, cut-offs, copies and
what joins them. What is none of these is an error; nothing is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple
from unicodedata import combining, normalize

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import split
from lenrx.intake.cells.base import BARE_ARM, CellError, Meaning, Values, bare
from lenrx.intake.cells.marks import apart, ticked
from lenrx.intake.cells.spellings.fish import FINDINGS, NOT_SO, Finding, finding, joined_up
from lenrx.intake.cells.spellings.fish_words import TRUTHS, pattern
from lenrx.patient.patient import WORD_LISTS

_MARKERS_ONLY: Final = (
    "write which markers were found, and in cytogenetics_absent which were looked for and absent; "
)
_LONGEST: Final = 400
"""A cell of markers and their marks; anything longer is prose."""
_LOW: Final = 20
"""Percent of cells below which a share without its cut-off is said; not a clinical threshold."""


class _Token(NamedTuple):
    kind: str
    text: str
    finding: Finding | None = None
    truth: bool | None = None
    spaced: bool = False
    """Whether a blank stands before it."""


class Seen(NamedTuple):
    """A marker or another finding, whether it is there, and what is said of how that was told."""

    name: str
    truth: bool | None
    known: bool
    said: str = ""
    marked: bool = True
    """Whether it has a mark of its own."""
    reach: Literal["", "before", "list"] = ""
    """Whether its mark stands before it, and so may be for more, or announces a list."""


def markers(field: str, text: str, catalogue: Catalogue) -> Meaning:
    """Markers found, absent and not known."""
    if len(text) > _LONGEST:
        raise CellError(f"{_MARKERS_ONLY}an item is too long to be a marker")
    found = _cell(field, text)
    seen: dict[bool | None, set[str]] = {True: set(), False: set(), None: set()}
    for each in found:
        if each.known:
            seen[each.truth].add(each.name)
    if seen[True] & seen[False] or (seen[True] | seen[False]) & seen[None]:
        raise CellError("a marker is both found and absent, or not known; keep one")
    if field == "cytogenetics_absent" and seen[True]:
        raise CellError("a marker is both found and absent; keep one")
    return _meaning(field, seen, found)


def _meaning(field: str, seen: dict[bool | None, set[str]], found: Sequence[Seen]) -> Meaning:
    lists = {"cytogenetics": seen[True], "cytogenetics_absent": seen[False]}
    values: Values = tuple((n, tuple(sorted(each))) for n, each in lists.items() if each)
    kept = sorted({_in_words(each) for each in found if not each.known})
    if kept:
        values += (("kept", tuple((field, each) for each in kept)),)
    words = {True: "found: ", False: "absent: ", None: "not known: "}
    told = [words[truth] + ", ".join(sorted(names)) for truth, names in seen.items() if names]
    told += dict.fromkeys(each.said for each in found if each.said)
    told += [f"no rule here knows it: {', '.join(kept)}"] * bool(kept)
    return values, "; ".join(told)


def _in_words(each: Seen) -> str:
    return each.name + {True: "", False: " absent", None: " not known"}[each.truth]


@lru_cache(8_000)
def _cell(field: str, text: str) -> tuple[Seen, ...]:
    plain = joined_up(_unaccented(apart(ticked(text))))
    text = re.sub(r"(?<=[a-z]{4})\. +(?=\S)", "; ", plain)
    asked = field == "cytogenetics"
    items = [(item, _cut(item)) for item in split(text)]
    if label := next((item for item, _ in items if item[-1] in ":="), None):
        raise CellError("a sign beside a marker with nothing behind; write pos or neg", label)
    if len(items) == 1 and not any(each.finding for _, tokens in items for each in tokens):
        return (_summary(items[0][0], items[0][1]),)
    clauses = [(item, _clause(item, asked)) for item, _ in items]
    _no_wider_mark([one for _, clause in clauses for one in clause], text)
    _normal_or_not(clauses)
    return tuple(each for _, clause in clauses for each in clause)


def _no_wider_mark(seen: Sequence[Seen], text: str) -> None:
    """Between commas a mark may be meant for its neighbours without a mark too.

    Between ; each marker has its own, but not where the mark announces a list or begins it.
    """
    bare_ones = [at for at, one in enumerate(seen) if _bare(one)]
    commas = "," in text
    for at, one in enumerate(seen):
        absent = one.truth is False
        wide = commas and absent and one.marked and one.reach != "list"
        first = not at and 1 in bare_ones
        leads = one.truth is not True and (commas or first or one.reach == "list") and one.reach
        ends = commas and absent and not one.marked
        if (
            (wide and bare_ones)
            or (leads and any(other > at for other in bare_ones))
            or (ends and at - 1 in bare_ones)
        ):
            raise CellError(
                "a mark may be for one marker or for all; write it behind each, "
                "and separate markers with ;"
            )


def _normal_or_not(clauses: Sequence[tuple[str, Sequence[Seen]]]) -> None:
    """A marker beside `normal` is found or is what was normal; a karyotype may miss it."""
    found = any(one.known and one.truth is True for _, clause in clauses for one in clause)
    for item, clause in clauses:
        quiet = any(each.finding and each.finding.nothing for each in _cut(item))
        if found and quiet and not any(one.known for one in clause) and not _PARTLY.search(item):
            raise CellError("says normal beside a marker; write which was found", item)


_PARTLY: Final = re.compile(r"karyotyp|high|46", re.IGNORECASE)
"""What may be normal while a marker is found."""


def _bare(one: Seen) -> bool:
    return not one.marked and one.known and one.truth is True


def _summary(item: str, tokens: Sequence[_Token]) -> Seen:
    """A cell that names no marker: all negative, in a word."""
    unexamined(item)
    if tokens and all(each.truth is False or each.kind in _PASSED for each in tokens):
        return Seen("no abnormality", True, False, "which markers were looked for is not said")
    raise CellError(f"{_MARKERS_ONLY}a mark without a marker", item)


def unexamined(text: str) -> None:
    """Refuse `no FISH`, which says that nothing was found or that nobody looked."""
    if _UNEXAMINED.fullmatch(text.strip()):
        reason = "may say that nothing was found, or that it was not done; write neg or not done"
        raise CellError(reason, text)


_UNEXAMINED: Final = re.compile(
    r"(?:no|kein\w*|sin|sans|sem|senza|-) ?(?:i?fish|cytogenetics|karyotype|zytogenetik)"
    r"|(?:i?fish|cytogenetics|karyotype|zytogenetik) ?(?:no|-)",
    re.IGNORECASE,
)


def _unaccented(text: str) -> str:
    """Letters without accents: words of marks are kept so."""
    if text.isascii():
        return text
    return "".join(each for each in normalize("NFKD", text) if not combining(each))


@lru_cache(8_000)
def _cut(item: str) -> tuple[_Token, ...]:
    """The tokens of an item: in many cells the same items stand in ever new orders."""
    return tuple(_tokens(item))


def _tokens(item: str) -> Iterator[_Token]:
    at = 0
    while at < len(item):
        match = pattern().match(item, at)
        if match is None or match.end() == at:
            raise _unread(item[at:])
        spaced = item[at - 1 : at] in (" ", "(", "[")
        at = match.end()
        kind = match.lastgroup or ""
        # The last group closed is the outermost one that matched.
        if match["space"] is not None:
            continue
        yield _token(match, kind, spaced)


def _unread(rest: str) -> CellError:
    word = re.split(r"[\s()\[\],;]", rest.strip(" ()[],"), maxsplit=1)[0] or rest.strip()
    try:
        WORD_LISTS["cytogenetics"](word)
    except ValueError as error:
        near = str(error) if "nearest" in str(error) else "no marker, and no mark that is known"
        return CellError(f"{_MARKERS_ONLY}{near}", word)
    return CellError("a marker runs into another word; separate them", word)


def _token(match: re.Match[str], kind: str, spaced: bool) -> _Token:
    text = match[0]
    for at, each in enumerate(FINDINGS):
        if match[f"f{at}"] is not None:
            return _Token("finding", text, finding(each, match[f"f{at}"]), spaced=spaced)
    for name in _SIGNS:
        if match[name] is not None:
            return _Token(name, text, truth=_truth(name, text, match), spaced=spaced)
    if match["copies"] is not None:
        n = match["n"] or match["cn"] or match["times"] or str(_COUNTED[match["named"].lower()])
        return _Token("copies", n, spaced=spaced)
    if match["cutoff"] is not None:
        if "%" not in text and not re.search("cut|thresh", text, re.IGNORECASE):
            raise CellError("a number that may be copies or a share of cells; write which", text)
        return _Token("cutoff", match["least"], spaced=spaced)
    if match["share"] is not None:
        if match["bound"] and match["bound"] != "~":
            raise CellError(
                "a share as a bound leaves open whether it was found; write pos or neg", text
            )
        return _Token("share", match["percent"], spaced=spaced)
    if match["count"] is not None:
        if not match["cells"] and int(match["these"]) <= _MONTHS and int(match["those"]) <= _DAYS:
            raise CellError("may be a date or a share of cells; write the share in %", text)
        share = 100 * int(match["these"]) / max(1, int(match["those"]))
        return _Token("share", str(share), spaced=spaced)
    return _Token(kind, text, spaced=spaced)


_MONTHS, _DAYS = 12, 31
_GENE: Final = "TP53"
"""A marker that is a gene: a minus behind it may say that it is lost."""
_YEARS: Final = re.compile(r"\b(?:19|20)\d\d\b")
_COUNTED: Final = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_SIGNS: Final = ("under", "over", "failed", "word", "one", "plus", "minus", "ask")
_MARKS: Final = (*_SIGNS, "normal")
_PASSED: Final = ("filler", "when")


def _truth(name: str, text: str, match: re.Match[str]) -> bool | None:
    if name in ("under", "minus", "over", "plus"):
        return name in ("over", "plus")
    if name in ("failed", "ask"):
        return None
    return {"yes": True, "no": False, "unknown": None}[TRUTHS[bare(text).strip()]]


@lru_cache(8_000)
def _clause(item: str, asked: bool) -> list[Seen]:
    """What the tokens of one item say: marks before the markers, then each marker with its own."""
    tokens = _normal_as_mark([each for each in _cut(item) if each.kind not in _PASSED])
    if len(set(_YEARS.findall(item))) > 1 and any(each.kind in _MARKS for each in tokens):
        raise CellError("two dates and a mark that may be for one of them; keep one", item)
    places = [at for at, each in enumerate(tokens) if each.finding]
    if not places:
        raise CellError("a mark without a marker; write the marker before it", item)
    before = _before(tokens[: places[0]], tokens[places[0]], item)
    asks = not before and _LOOKED_FOR.search(item[: item.find(tokens[places[0]].text)])
    found, joined = list[Seen](), list[str]()
    for at, end in zip(places, [*places[1:], len(tokens)], strict=True):
        behind, joint = _joint(list(tokens[at + 1 : end]), last=end == len(tokens), item=item)
        joined.append(joint)
        found.append(_seen(tokens[at], behind, before, item, asked))
    if asks and not all(each.marked for each in found):
        raise CellError("says what was looked for, and not what was found; write pos or neg", item)
    if before:
        lead = item[: item.find(tokens[places[0]].text)]
        announced = re.search(r"[:=]\s*$|\b(?:for|fur|para|pour)\s*$", lead.lower())
        found[0] = found[0]._replace(reach="list" if announced else "before")
    return _scoped(found, joined, before, item)


_LOOKED_FOR: Final = re.compile(r"\bfor\b", re.IGNORECASE)


def _normal_as_mark(tokens: list[_Token]) -> list[_Token]:
    """Beside a marker `normal` is a mark of absence; alone it is a finding of its own."""
    nothing = [each.finding is not None and each.finding.nothing for each in tokens]
    if all(quiet or each.finding is None for quiet, each in zip(nothing, tokens, strict=True)):
        return tokens
    return [
        _Token("normal", each.text, truth=False, spaced=each.spaced) if quiet else each
        for quiet, each in zip(nothing, tokens, strict=True)
    ]


def _before(tokens: Sequence[_Token], marker: _Token, item: str) -> list[_Token]:
    if any(each.kind not in (*_MARKS, "copies") for each in tokens):
        raise CellError("something before a marker cannot be read", item)
    if any(each.kind == "plus" for each in tokens) and marker.finding and marker.finding.arm:
        raise CellError("a plus may say gain or positive; write pos or neg", item)
    if any(each.kind == "minus" for each in tokens):
        raise CellError("a minus before a marker may be a loss or a negative; write which", item)
    return list(tokens)


def _joint(tokens: list[_Token], last: bool, item: str) -> tuple[list[_Token], str]:
    """The marks behind a marker, and what joins it to the next one."""
    joint = ""
    if not last and tokens and tokens[-1].kind in ("and", "or", "plus"):
        if tokens[-1].kind == "plus" and len(tokens) == 1 and not tokens[-1].spaced:
            return tokens, "and"
        joint = tokens.pop().kind
        joint = "either" if joint == "plus" else joint
    if any(each.kind in ("and", "or") for each in tokens):
        raise CellError("a word that joins nothing; separate markers with ;", item)
    if not last and not tokens and not joint:
        joint = "beside"
    return tokens, joint


def _seen(
    marker: _Token, behind: Sequence[_Token], before: Sequence[_Token], item: str, asked: bool
) -> Seen:
    assert marker.finding
    name, said = marker.finding.name, marker.finding.said
    shares = [float(each.text.replace(",", ".")) for each in behind if each.kind == "share"]
    cutoffs = [float(each.text.replace(",", ".")) for each in behind if each.kind == "cutoff"]
    if any(each > 100 for each in (*shares, *cutoffs)) or len(shares) > 1 or len(cutoffs) > 1:
        raise CellError("a share of cells must be one number from 0 to 100 %", item)
    lost = marker.finding.arm or name == _GENE
    minus = any(each.kind == "minus" and (lost or not each.spaced) for each in behind)
    if minus and (marker.finding.loss or lost):
        raise CellError("a minus may say loss or negative; write pos or neg", item)
    if any(each.kind == "plus" for each in behind) and marker.finding.arm:
        raise CellError("a plus may say gain or positive; write pos or neg", item)
    for each in (*before, *behind):
        if marker.finding.known and name not in NOT_SO.get(bare(each.text), (name,)):
            raise CellError("denies another change than the marker; write pos or neg", each.text)
    marks = [each for each in (*before, *behind) if each.kind in _MARKS]
    if sum(each.truth is False for each in marks) > 1:
        raise CellError("says no twice, which may take it back; write pos or neg", item)
    truths = {each.truth for each in marks}
    if shares:
        truths.add(shares[0] >= cutoffs[0] if cutoffs else shares[0] > 0)
        if not cutoffs and 0 < shares[0] < _LOW and truths == {True}:
            said = f"{name} in {shares[0]:g} % of cells, no cut-off stated: taken as found"
    if len(truths) > 1 or (truths == {True} and not asked):
        raise CellError("a marker is both found and absent; keep one", item)
    copies = [int(each.text) for each in (*before, *behind) if each.kind == "copies"]
    truth = truths.pop() if truths else asked
    if copies:
        name, truth = _copied(marker.finding, copies, truth, item)
    if asked and not (before or behind) and re.fullmatch(BARE_ARM, marker.text.strip()):
        raise CellError(_TESTED_OR_FOUND, marker.text)
    own = bool(before) or any(each.kind != "normal" for each in behind)
    return Seen(name, truth, marker.finding.known, said, own)


_TESTED_OR_FOUND: Final = (
    "is an arm and not what befell it: looked for, or found lost or gained? write del, gain, pos "
    "or neg"
)


def _copied(
    finding: Finding, copies: list[int], truth: bool | None, item: str
) -> tuple[str, bool | None]:
    """A marker by its copies: of 1q 3 are a gain, 4 and more an amplification, 2 are neither; of
    an arm that is lost 1 is the loss, 2 are none."""
    name = finding.name
    if finding.known and (finding.arm or finding.loss):
        if copies == [1] or (copies == [2] and finding.arm):
            return name, truth if copies == [1] else False
        raise CellError("a loss and its number of copies do not fit; write pos or neg", item)
    if finding.known and name not in ("1q gain", "1q amp"):
        raise CellError("a number of copies says nothing of this marker; write pos or neg", item)
    if name in ("1q gain", "1q amp") and len(copies) == 1:
        if copies[0] == 2 and name == "1q gain":
            return name, False
        if copies[0] >= 3 and (name == "1q gain" or copies[0] > 3):
            return ("1q amp" if copies[0] > 3 else "1q gain"), truth
    if name not in ("1q gain", "1q amp"):
        return name, truth
    raise CellError(
        "1q has too few copies for a gain, or for amplification: 3, or 4 and more", item
    )


def _scoped(
    found: list[Seen], joined: Sequence[str], before: Sequence[_Token], item: str
) -> list[Seen]:
    """A mark before several is for all of them only behind `or`; one behind several is an error."""
    if len(found) == 1:
        return found
    own = [each.marked for each in found]
    absent = any(each.truth is not True for each in found)
    if before and absent:
        if any(each not in ("or", "") for each in joined):
            raise CellError("no may be for one marker or for all; separate markers with ;", item)
        return found
    if absent and ("either" in joined or not all(own)):
        raise CellError("a mark may be for one marker or for all; separate markers with ;", item)
    if "or" in joined and not absent:
        raise CellError("says or; write the marker that was found", item)
    return found
