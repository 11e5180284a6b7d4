"""Named checks on what the order and the filters rest on; `checks.CHECKS` holds them too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, Final

from lenrx.catalogue.conditions import RENAL, leaves
from lenrx.catalogue.loading import Catalogue, build, first_day
from lenrx.catalogue.strict_yaml import SECTIONS
from lenrx.curation.places import Check, Data, Place, Problem, conditions, evidence_rows, walk
from lenrx.curation.sentence_checks import COUNT, WORDS_OF_COUNTS
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


_LINES: Final = re.compile(
    rf"\b(?P<low>{COUNT})(?: ?(?:to|-|or) ?(?P<high>{COUNT}|more))?"
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
        bounded = WORDS_OF_COUNTS[found["low"]] > 1 or (found["high"] or "more") != "more"
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


def dose_beside_another_effect(data: Data) -> Iterator[Problem]:
    """A dose stands where the effect is to adjust it."""
    for path, each in walk(data):
        if "dose" in each and each.get("effect", "adjusts") != "adjusts":
            yield (*path, "dose"), f"of what {each['effect']}; only what adjusts has a dose"


_WARNED: Final = {
    *("comorbidity", "medications", "hepatic", "lvef", "platelets", "anc", "neuropathy_grade"),
    *("neuropathic_pain", "frailty", "ecog", "emd", "cns", "pcl"),
}
"""What a rule asks because it counts against a drug, or for it; the kidneys, the age and earlier
treatments may be of no weight, and are said all the same."""


def state_only_noted(data: Data) -> Iterator[Problem]:
    """What a rule asks of a patient's illnesses, counts or medicines is weighed, by it or another.

    A background note alone would say that the state is there and leave it out of the order.
    """
    for path, owner in _ruled(data):
        above = data["classes"].get(owner.get("class"), {}).get("rules", [])
        rules = [*owner.get("rules", []), *above]
        weighed = {each for rule in rules if rule["effect"] != "notes" for each in _states(rule)}
        for rule in owner.get("rules", []):
            for state in sorted(_states(rule) - weighed) if rule["effect"] == "notes" else ():
                yield (*path, "rules"), f"{rule['id']} only notes {state}"


def _ruled(data: Data) -> Iterator[tuple[Place, dict[str, Any]]]:
    for section in ("drugs", "classes", "regimens"):
        yield from (((section, name), entry) for name, entry in data[section].items())


def _states(rule: dict[str, Any]) -> set[str]:
    """The states that a rule asks and that weigh, each by its word, a number by its field."""
    found = set[str]()
    for key, wanted in leaves(rule["when"]):
        if key in _WARNED:
            found |= {f"{key} {word}" for word in wanted} if isinstance(wanted, list) else {key}
    return found


def steroid_by_class(data: Data) -> Iterator[Problem]:
    """The role of a steroid is that of a corticosteroid, and of nothing else."""
    for name, regimen in data["regimens"].items():
        for i, one in enumerate(regimen["drugs"]):
            steroid = data["drugs"].get(one["drug"], {}).get("class") == "corticosteroid"
            if steroid != (one["role"] == "steroid"):
                yield ("regimens", name, "drugs", i, "role"), f"{one['drug']} as {one['role']}"


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
    dose_beside_another_effect,
    state_only_noted,
    steroid_by_class,
)
