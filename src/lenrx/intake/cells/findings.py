"""Cells that list cytogenetic markers or comorbidities, with what was found and what was not."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import split
from lenrx.intake.cells.base import CellError, Meaning
from lenrx.patient.patient import WORD_LISTS, uncertain

_SEEN: Final = re.compile(
    r"(?P<name>.*?[\w)+])(?:[ :=(\[-]+|(?<=\))|(?=[?+]))"
    r"(?:(?P<yes>pos|positive|detected|found|present|yes|y|\+(?:ve)?)"
    r"|(?P<no>neg|negative|not detected|undetected|not found|absent|no|n|-ve)"
    r"|(?P<unknown>not done|not tested|not available|unk|unknown|nd|n/a|na|pending|failed|\?+)"
    r"|(?:in )?(?P<share>\d+(?:[.,]\d+)?) ?%(?: of (?:plasma )?(?:cells|nuclei))?)[ )\]]*",
    re.IGNORECASE,
)
_COPIES: Final = re.compile(
    r"(?P<name>.*1q.*?)[ :=(\[-]+(?:>= ?)?(?P<n>\d{1,2})\+? copies[ )\]]*", re.I
)
_MARKERS_ONLY: Final = (
    "write which markers were found, and in cytogenetics_absent which were looked for and absent; "
)


def markers(field: str, text: str, catalogue: Catalogue) -> Meaning:
    """Markers found, absent and not known."""
    asked = field == "cytogenetics"
    seen: dict[bool | None, set[str]] = {True: set(), False: set(), None: set()}
    for item in split(re.sub(r" and ", ";", text, flags=re.IGNORECASE)):
        name, found = _marker(item)
        truths = {*found}
        if len(truths) > 1 or (truths == {True} and not asked):
            raise CellError("a marker is both found and absent; keep one")
        seen[truths.pop() if truths else asked].add(name)
    if seen[True] & seen[False] or (seen[True] | seen[False]) & seen[None]:
        raise CellError("a marker is stated in two ways; keep one")
    return _seen(seen)


def _seen(seen: dict[bool | None, set[str]]) -> Meaning:
    lists = {"cytogenetics": seen[True], "cytogenetics_absent": seen[False]}
    values = tuple((name, tuple(sorted(found))) for name, found in lists.items() if found)
    words = {True: "found: ", False: "absent: ", None: "not known: "}
    told = (words[truth] + ", ".join(sorted(found)) for truth, found in seen.items() if found)
    return values, "; ".join(told)


_LONGEST: Final = 120
"""A marker and its marks; anything longer is prose."""


@lru_cache(8_000)
def _marker(item: str) -> tuple[str, frozenset[bool | None]]:
    """The marker that one item names, and whether its marks say found, absent or unknown."""
    truths = set[bool | None]()
    if len(item) > _LONGEST:
        raise CellError(f"{_MARKERS_ONLY}an item is too long to be a marker")
    while match := _SEEN.fullmatch(item):
        truths.add(_truth(match))
        item = match["name"]
    copies = _COPIES.fullmatch(item)
    name = _vocable("cytogenetics", copies["name"] if copies else item)
    if copies is None:
        return name, frozenset(truths)
    amplified = int(copies["n"]) > 3
    if (
        int(copies["n"]) < 3
        or name not in ("1q gain", "1q amp")
        or (name[-3:] == "amp") > amplified
    ):
        raise CellError("1q has too few copies for a gain, or for amplification: 3, or 4 and more")
    return "1q amp" if amplified else "1q gain", frozenset(truths)


def _truth(match: re.Match[str]) -> bool | None:
    if match["share"] is None:
        return None if match["unknown"] else match["yes"] is not None
    share = float(match["share"].replace(",", "."))
    if share > 100:
        raise CellError("a share of cells must be a number from 0 to 100 %")
    return share > 0


def _vocable(field: str, item: str) -> str:
    try:
        if not uncertain(item):
            return WORD_LISTS[field](item)
    except ValueError as error:
        lead = _MARKERS_ONLY if field == "cytogenetics" else ""
        raise CellError(f"{lead}{error}", item) from None
    reason = "holds a mark that cannot be read; write what was found and what was absent"
    raise CellError(reason, item)


_CONDITIONS: Final = {
    "heart_failure": "chf|congestive heart failure|hf|hfref|hfpef",
    "recent_mi": "mi within 6 months|mi <6 months|recent myocardial infarction",
    "uncontrolled_hypertension": "uncontrolled htn|htn uncontrolled|hypertension uncontrolled",
    "arrhythmia": "af|afib|a fib|atrial fibrillation|atrial flutter",
    "interstitial_lung_disease": "ild",
    "pulmonary_hypertension": "pah|pulmonary arterial hypertension",
    "prior_vte": "dvt|pe|vte|pulmonary embolism|deep vein thrombosis|prior dvt|prior pe",
    "prior_stroke": "cva|stroke|prior cva",
    "hepatitis_b_carrier": "hbsag+|hbsag pos|hbsag positive|hbv carrier",
    "hepatitis_b_resolved": "hbc+|anti-hbc+|anti-hbc pos|anti-hbc positive|resolved hbv|hbcab+",
    "hepatitis_c": "hcv|hcv+|hep c",
    "hiv": "hiv+|hiv positive",
    "amyloidosis": "al amyloidosis",
}
_CHARTED: Final = {word: name for name, words in _CONDITIONS.items() for word in words.split("|")}


def conditions(field: str, text: str, catalogue: Catalogue) -> Meaning:
    """Comorbidities by the words charts use."""
    if text.lower() in ("none", "no", "nil"):
        raise CellError("list what was looked for and not found in comorbidities_absent")
    found = {name for item in split(text) for name in _condition(item)}
    names = tuple(sorted(found))
    return ((field, names),), ("absent: " if field.endswith("absent") else "") + ", ".join(names)


def _condition(item: str) -> set[str]:
    if known := _CHARTED.get(item.lower()):
        return {known}
    parts = re.split(r" ?(?:/|&|\band\b| \+ ) ?", item, flags=re.IGNORECASE)
    if len(parts) > 1:
        return {name for part in parts for name in _condition(part)}
    return {_vocable("comorbidities", item)}
