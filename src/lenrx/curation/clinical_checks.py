"""Named checks on what the order and the filters rest on; `checks.CHECKS` holds them too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, Final

from lenrx.catalogue.conditions import BOUNDS, NUMBERS, RENAL, leaves
from lenrx.catalogue.fields import WHOLE
from lenrx.catalogue.loading import Catalogue, build, first_day
from lenrx.catalogue.strict_yaml import SECTIONS
from lenrx.curation.places import Check, Data, Place, Problem, conditions, evidence_rows, walk
from lenrx.rules import network
from lenrx.rules.filters import label_stem
from lenrx.rules.order import HIGHEST


def comparisons_in_a_circle(data: Data) -> Iterator[Problem]:
    """Of two regimens not each was shown superior to the other, by whatever way."""
    catalogue = _built(data)
    for winner, other in network.circles(catalogue) if catalogue else ():
        yield _entry(winner, data), f"superior to {other}, and the other way round"


def network_too_high(data: Data) -> Iterator[Problem]:
    """The network of comparisons stays below the height that the order has room for."""
    catalogue = _built(data)
    for name, level in network.levels(catalogue).items() if catalogue else ():
        if level >= HIGHEST:
            yield (
                _entry(name, data),
                f"level {level} of the network; the order has room below {HIGHEST}",
            )


def _entry(name: str, data: Data) -> Place:
    section = "regimens" if name in data["regimens"] else "comparators"
    return (section, name, "evidence")


def _built(data: Data) -> Catalogue | None:
    """The evidence alone, unless a row names what is not there: a finding of its own."""
    groups = data["populations"]
    for _, row in evidence_rows(data):
        named = (row["population"], *row.get("also", ()))
        if row["trial"] not in data["trials"] or not all(each in groups for each in named):
            return None
    evidence = {
        section: {name: _evidence(entry) for name, entry in data.get(section, {}).items()}
        for section in ("comparators", "regimens")
    }
    empty: dict[str, Any] = {section: {} for section in SECTIONS}
    shown = {"catalogue": data["catalogue"], "ambiguous": {}, "trials": data["trials"]}
    shown["populations"] = groups
    return build({**empty, **shown, **evidence}, "")


def _evidence(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry with nothing but its evidence and what every entry must have."""
    kept = ("name", "intensity", "drugs", "reviewed", "evidence")
    return {key: value for key, value in entry.items() if key in kept}


def bare_renal_function(data: Data) -> Iterator[Problem]:
    """Renal function is asked as `renal`: CrCl stands for eGFR, and the reverse."""
    for path, condition in conditions(data):
        for key in dict.fromkeys(key for key, _ in leaves(condition) if key in RENAL):
            yield path, f"asks {key}; write renal, which either answers"


_COUNT: Final = {
    word: number
    for number, words in enumerate(("", "one", "two", "three", "four", "five", "six"))
    for word in (words, str(number))
    if word
}
_ANY: Final = "|".join(sorted(_COUNT, key=len, reverse=True))
_LINES: Final = re.compile(
    rf"\b(?P<low>{_ANY})(?: ?(?:to|-|or) ?(?P<high>{_ANY}|more))?"
    r" (?:or more )?(?:(?:prior|previous|earlier) )?"
    r"(?:lines?|regimens|therapies|treatments|(?:prior|previous) (?:regimen|therapy|treatment))\b"
)


def lines_without_limit(data: Data) -> Iterator[Problem]:
    """A number of prior lines in `enrolled` of a regimen's trial stands in a limit too."""
    used = {row["trial"] for path, row in evidence_rows(data) if path[0] == "regimens"}
    for name, trial in data["trials"].items():
        said = _lines(trial.get("enrolled", ""))
        limited = any(_asks_lines(limit) for limit in trial.get("limits", []))
        if said and not limited and name in used:
            yield ("trials", name, "enrolled"), f"{said!r}, and no limit asks prior_lines"


_NO_ENTRY: Final = ("median ", "or ", "or at least ")
"""What stands before a number of lines that nobody had to have: a median, an alternative."""


def _lines(text: str) -> str:
    """What a text says of how many prior lines, where not every relapsed patient has as many."""
    for found in _LINES.finditer(text):
        bounded = _COUNT[found["low"]] > 1 or (found["high"] or "more") != "more"
        if bounded and not text[: found.start()].endswith(_NO_ENTRY):
            return found[0]
    return ""


def _asks_lines(limit: dict[str, Any]) -> bool:
    return any(key == "prior_lines" for key, _ in leaves(limit["when"]))


def seldom_enrolled_unfounded(data: Data) -> Iterator[Problem]:
    """A state that trials seldom enrol is one that some trial leaves out; trials name only such."""
    limits = [limit for trial in data["trials"].values() for limit in trial.get("limits", ())]
    for name, state in data["seldom_enrolled"].items():
        if not any(limit["when"] == state["when"] for limit in limits):
            yield ("seldom_enrolled", name), "no entry limit of a trial leaves such patients out"
    for name, trial in data["trials"].items():
        for state in trial.get("enrolled_states", ()):
            if state not in data["seldom_enrolled"]:
                yield ("trials", name, "enrolled_states"), f"no state {state} in seldom_enrolled"


def resistance_not_enrolled(data: Data) -> Iterator[Problem]:
    """A result in refractory patients is of a trial that says it enrolled them."""
    for path, row in evidence_rows(data):
        trial = data["trials"].get(row["trial"], {})
        listed = trial.get("enrolled_refractory")
        for name in _resistances(row, data) if listed else ():
            if not _covers(listed, name, data):
                what = f"{row['population']}, and enrolled_refractory of {row['trial']}"
                yield (*path, "population"), f"{what} has no {name}"


def _resistances(row: dict[str, Any], data: Data) -> Iterator[str]:
    """The drugs and classes to which everybody in the population of a row is refractory."""
    for name in (row["population"], *row.get("also", [])):
        population = data["populations"].get(name, {})
        if population.get("resistance") and "when" in population:
            yield from _required(population["when"])


def _required(condition: dict[str, Any]) -> Iterator[str]:
    ((key, wanted),) = condition.items()
    for part in wanted if key == "all" else ():
        yield from _required(part)
    if key == "refractory" and len(wanted) == 1:
        yield from wanted
    elif key == "refractory_count":
        yield wanted["class"]


def _covers(listed: Iterable[str], name: str, data: Data) -> bool:
    """Whether a drug or class is listed, or a drug of the class."""
    classes = (data["drugs"].get(each, {}).get("class") for each in listed)
    return name in {*listed, *classes}


def superseded_by_earlier(data: Data) -> Iterator[Problem]:
    """What supersedes a guideline was published later."""
    for name, guideline in data.get("guidelines", {}).items():
        later = data["guidelines"].get(guideline.get("superseded_by"))
        if later and first_day(later["published"]) <= first_day(guideline["published"]):
            yield ("guidelines", name, "superseded_by"), "was not published later"


def serious_without_caution(data: Data) -> Iterator[Problem]:
    """Only a caution is serious."""
    for path, each in walk(data):
        if each.get("serious") and each.get("effect", "cautions") != "cautions":
            yield (*path, "serious"), f"of what {each['effect']}; only a caution is serious"


def warned_of_twice(data: Data) -> Iterator[Problem]:
    """In one region, a drug or its class warns of one state once."""
    for path, drug in _owners(data):
        above = data["classes"].get(drug.get("class"), {}).get("rules", [])
        for one, other in combinations([*drug.get("rules", []), *above], 2):
            if _same_warning(one, other) and _meet(one, other):
                yield (*path, "rules"), f"{one['id']} and {other['id']} warn of one state"


def labels_apart(data: Data) -> Iterator[Problem]:
    """Of one region is a warning or less; both regions' of one state have one name."""
    for path, drug in _owners(data):
        for each in drug.get("rules", []):
            if "region" in each and each["effect"] in ("excludes", "requires"):
                yield (*path, "rules"), f"{each['id']} of one region may not {each['effect'][:-1]}"
        for one, other in combinations(drug.get("rules", []), 2):
            apart = _same_warning(one, other) and not _meet(one, other)
            if apart and label_stem(one["id"]) != label_stem(other["id"]):
                yield (
                    (*path, "rules"),
                    f"{one['id']} and {other['id']} are one warning, named apart",
                )


def _owners(data: Data) -> Iterator[tuple[Place, dict[str, Any]]]:
    for section in ("drugs", "classes"):
        yield from (((section, name), entry) for name, entry in data[section].items())


def _same_warning(one: dict[str, Any], other: dict[str, Any]) -> bool:
    warn = one["effect"] == other["effect"] == "cautions"
    return warn and bool(one["when"] == other["when"] != {"always": True})


def _meet(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two rules hold in a common region."""
    return bool(one.get("region", other.get("region")) == other.get("region", one.get("region")))


def arranged_without_topic(data: Data) -> Iterator[Problem]:
    """What has to be arranged has a topic, and nothing else has one."""
    for path, each in walk(data):
        if each.get("effect") == "arranges" and not each.get("topics"):
            yield (*path, "topics"), "is missing: the fewest words for what has to be arranged"
        elif each.get("topics") and each.get("effect") != "arranges":
            yield (*path, "topics"), f"of what {each['effect']}; only what arranges has topics"


def unconfirmed_without_day(data: Data) -> Iterator[Problem]:
    """A label of which no decision was seen says from which day it may hold."""
    for path, each in walk(data):
        if each.get("unconfirmed") and "not_before" not in each:
            yield (*path, "unconfirmed"), "needs not_before, the day of the opinion or the report"


_NUMBER: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SPOKEN_OF: Final = {
    "renal": r"CrCl|GFR|clearance|mL/min",
    "age": r"\bage[ds]?\b|years",
    "ecog": r"ECOG|performance status",
    "lvef": r"LVEF|ejection fraction",
    "platelets": r"platelets?",
    "anc": r"neutrophils?|ANC",
    "neuropathy_grade": r"neuropathy",
    "prior_lines": r"lines?|relapses?|prior (?:regimens?|therap(?:y|ies)|treatments?)",
}
"""What a sentence says beside a number that is one of the field."""


def threshold_said_otherwise(data: Data) -> Iterator[Problem]:
    """The bounds in `when` are among the numbers of the sentence, where it gives one of the field.

    The sentence is the `because` of a rule or a limit, and what a label `says`.
    """
    for path, each in walk(data):
        for sentence in ("because", "says"):
            if sentence in each and "when" in each:
                said = each[sentence]
                for key, name, bound in _bounds(each["when"]):
                    told = _said(key, name, bound, said, sentence == "says")
                    if _speaks_of(key, said) and not told:
                        yield (*path, sentence), f"says nothing of {bound:g}, a bound of {key}"


def _bounds(condition: dict[str, Any]) -> Iterator[tuple[str, str, float]]:
    for key, wanted in leaves(condition):
        if key in NUMBERS or key == "renal":
            yield from ((key, name, wanted[name]) for name in BOUNDS if name in wanted)


def _speaks_of(key: str, text: str) -> bool:
    """Whether a number of the field is named: it stands close before or after a word for it."""
    word, number = f"(?:{_SPOKEN_OF.get(key, key)})", rf"(?:\d|\b(?:{_ANY})\b)"
    return bool(re.search(rf"{word}[^\d;:]{{0,25}}{number}|{number}[^;:]{{0,12}} {word}", text))


_RANGE: Final = re.compile(rf"\b({_ANY}) ?(?:to|or|-) ?({_ANY})\b(?! or)")


def _said(key: str, name: str, bound: float, text: str, inside: bool) -> bool:
    """Whether a bound is among the numbers of a text: 79 says "below 80", as does 80.

    Of whole numbers either side of a bound may be told: "more than 3" and "4 or more". Of a range
    the condition is `inside`, as that of a label, or outside, as the limit of a trial.
    """
    beside = 1 if name in ("above", "at_most") else -1
    ranges = _RANGE.findall(text) if key == "prior_lines" else []
    if ranges:
        end = int(name in ("above", "at_least")) ^ inside
        step = 0 if (name in ("at_most", "at_least")) == inside else beside
        return any(_COUNT[found[end]] == bound + step for found in ranges)
    allowed = {bound}
    if (key in WHOLE and not inside) or name in ("above", "below"):
        allowed.add(bound + beside)
    digits = {float(each.replace(",", "")) for each in _NUMBER.findall(text)}
    words = {float(_COUNT[word]) for word in re.findall(r"[a-z]+", text.lower()) if word in _COUNT}
    return not allowed.isdisjoint(digits | words)


CHECKS: Final[tuple[Check, ...]] = (
    comparisons_in_a_circle,
    network_too_high,
    bare_renal_function,
    lines_without_limit,
    seldom_enrolled_unfounded,
    resistance_not_enrolled,
    superseded_by_earlier,
    serious_without_caution,
    warned_of_twice,
    labels_apart,
    arranged_without_topic,
    unconfirmed_without_day,
    threshold_said_otherwise,
)
