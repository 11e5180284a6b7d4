"""Named checks on a catalogue: what each refuses is its docstring, and `CHECKS` lists them.

Shape (unknown keys, wrong types, malformed conditions) is refused by `strict_yaml`; these checks
are about meaning. Each is a function of the validated data that yields `place, what is wrong`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from typing import Any, Final

from lenrx.catalogue.names import key
from lenrx.catalogue.strict_yaml import LineNumbers
from lenrx.catalogue.vocabulary import CLASS_GROUPS, DRUG_CLASSES, ENDPOINTS
from lenrx.curation import (
    authorisation_checks,
    clinical_checks,
    medicine_checks,
    sentence_checks,
)
from lenrx.curation.exhaustive import problems
from lenrx.curation.places import Check, Data, Place, Problem, conditions, evidence_rows, walk


def figure_without_source(data: Data) -> Iterator[Problem]:
    """Every cited source exists."""
    for path, each in walk(data):
        for name in ("source", "dated_by"):
            if each.get(name) is not None and each[name] not in data["sources"]:
                yield (*path, name), f"no source {each[name]}"


def source_nobody_cites(data: Data) -> Iterator[Problem]:
    """Every source is cited."""
    cited = {each.get(name) for _, each in walk(data) for name in ("source", "dated_by")}
    for name in data["sources"]:
        if name not in cited:
            yield ("sources", name), "a source that nobody cites"


def memory_is_no_source(data: Data) -> Iterator[Problem]:
    """No fact is verified better than its source was seen: a label text needs a label seen."""
    for path, each in walk(data):
        source = data["sources"].get(each.get("source"))
        stronger = each.get("verified") in ("fulltext", "label", "registry")
        if source and stronger and source["seen"] == "secondary":
            yield (*path, "verified"), "verified above what was seen of its source"


def unknown_reference(data: Data) -> Iterator[Problem]:
    """Drugs, classes, trials, populations, settings, guidelines, comparators, endpoints exist."""
    drugs, classes = set(data["drugs"]), {*DRUG_CLASSES, *CLASS_GROUPS}
    known = {
        "drug": drugs,
        "trial": set(data["trials"]),
        "population": set(data["populations"]),
        "setting": set(data["settings"]),
        "guideline": set(data["guidelines"]),
        "superseded_by": set(data["guidelines"]),
        "endpoint": set(ENDPOINTS),
    }
    for path, each in walk({name: part for name, part in data.items() if name != "sources"}):
        for name, allowed in known.items():
            if isinstance(each.get(name), str) and each[name] not in allowed:
                yield (*path, name), f"no {name} {each[name]}"
        arms = each.get("comparator")
        if arms == []:
            yield (*path, "comparator"), "names nobody; leave it out"
        for one in arms if isinstance(arms, list) else []:
            if one not in {*data["regimens"], *data["comparators"]}:
                yield (*path, "comparator"), f"no regimen or comparator {one}"
        for name in ("received", "refractory", "intolerant", "to", "enrolled_refractory"):
            named = each.get(name)
            for one in named if isinstance(named, list) else []:
                if one not in drugs | classes:
                    yield (*path, name), f"no drug or class {one}"


def drug_without_class(data: Data) -> Iterator[Problem]:
    """Every drug has a class of the vocabulary, and every class says how resistance crosses."""
    for name, drug in data["drugs"].items():
        if drug["class"] not in DRUG_CLASSES:
            yield ("drugs", name, "class"), f"no class {drug['class']}"
        elif drug["class"] not in data["classes"]:
            yield ("drugs", name, "class"), f"{drug['class']} does not say how resistance crosses"


def ambiguous_name(data: Data) -> Iterator[Problem]:
    """A name means one drug; letters with several meanings are listed as ambiguous."""
    owners: dict[str, str] = {}
    for name, drug in data["drugs"].items():
        written = [name, drug["name"]]
        for field in ("brands", "abbreviations", "codes"):
            written += drug.get(field, [])
        for word in dict.fromkeys(map(key, written)):
            if owners.setdefault(word, name) != name:
                yield ("drugs", name), f"{word} already means {owners[word]}"
    for token, candidates in data["ambiguous"].items():
        if key(token) in owners:
            yield ("ambiguous", token), f"listed as ambiguous, yet a name of {owners[key(token)]}"
        for candidate in candidates:
            if candidate not in data["drugs"]:
                yield ("ambiguous", token), f"no drug {candidate}"


def duplicate_id(data: Data) -> Iterator[Problem]:
    """Rules, label clauses and limits have ids of their own."""
    seen: dict[str, Place] = {}
    for path, each in walk(data):
        if "id" in each and seen.setdefault(each["id"], path) != path:
            yield (*path, "id"), f"{each['id']} is used twice"


def malformed_identifier(data: Data) -> Iterator[Problem]:
    """PMID, DOI and NCT have their form, and each belongs to one title."""
    forms = {"pmid": r"[1-9][0-9]{5,8}", "doi": r"10\.[0-9]{4,9}/\S+", "nct": r"NCT[0-9]{8}"}
    owner: dict[tuple[str, str], str] = {}
    for name, source in data["sources"].items():
        for kind, form in forms.items():
            value = source.get(kind)
            if value is None:
                continue
            if not re.fullmatch(form, value):
                yield ("sources", name, kind), f"not a {kind.upper()}"
            elif kind != "nct" and owner.setdefault((kind, value.lower()), name) != name:
                yield ("sources", name, kind), f"also the {kind} of {owner[kind, value.lower()]}"
    for name, trial in data["trials"].items():
        if "nct" in trial and not re.fullmatch(forms["nct"], trial["nct"]):
            yield ("trials", name, "nct"), "not an NCT number"


def hazard_ratio_outside_interval(data: Data) -> Iterator[Problem]:
    """A hazard ratio lies in its interval, and an interval is the right way round."""
    for path, row in evidence_rows(data):
        low, high = (_float(end) for end in row.get("ci95", (None, None)))
        hr = _float(row.get("hr"))
        if row.get("hr") is not None and hr is None:
            yield (*path, "hr"), "not a number in quotes"
        if hr is not None and not (low or 0) <= hr <= (high or 99):
            yield (*path, "hr"), "lies outside its interval"
        if low is not None and high is not None and low > high:
            yield (*path, "ci95"), "the ends are swapped"


def _float(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def implausible_number(data: Data) -> Iterator[Problem]:
    """Months, percentages, hazard ratios and sizes are in the range such numbers have."""
    for path, row in evidence_rows(data):
        top = 100 if row["endpoint"].endswith("percent") else 200
        for name in ("value", "comparator_value"):
            value = row.get(name)
            if isinstance(value, str) and value not in ("NR", "NE"):
                yield (*path, name), "text must be NR (not reached) or NE (not estimable)"
            if isinstance(value, int | float) and not 0 <= value <= top:
                yield (*path, name), f"not between 0 and {top}"
        if (hr := _float(row.get("hr"))) is not None and not 0.02 <= hr <= 5:
            yield (*path, "hr"), "not a plausible hazard ratio"
        if not 0 < row.get("n", 1) < 20000:
            yield (*path, "n"), "not a plausible number of patients"
        if row.get("value") is None and row.get("hr") is None:
            yield path, "says nothing: no value, no hazard ratio"
    for path, each in walk(data["regimens"]):
        if not 0 <= each.get("percent", 0) <= 100:
            yield (*path, "percent"), "not between 0 and 100"


def figure_typed_twice(data: Data) -> Iterator[Problem]:
    """One figure, one place."""
    seen: dict[tuple[Any, ...], Place] = {}
    same = ("trial", "population", "detail", "endpoint", "at_months", "value", "hr", "source", "n")
    for path, row in evidence_rows(data):
        figure = (path[1], *(row.get(name) for name in same), str(row.get("also")))
        if seen.setdefault(figure, path) != path:
            yield path, "the same figure is typed twice"


def population_without_condition(data: Data) -> Iterator[Problem]:
    """A population whose limits differ between trials names them on the row."""
    for path, row in evidence_rows(data):
        own = data["populations"].get(row["population"], {})
        if row["population"] in _OWN_LIMITS and "when" not in row and "when" not in own:
            yield path, f"{row['population']} needs a `when` with the limits of this trial"


_OWN_LIMITS: Final = ("renal", "normal-renal", "older", "prior-lines")


def overlapping_clauses(data: Data) -> Iterator[Problem]:
    """Clauses of one product, formulation and region with the same words do not overlap in time."""
    for name, regimen in data["regimens"].items():
        clauses = list(enumerate(regimen.get("labels", [])))
        for (_, a), (j, b) in combinations(clauses, 2):
            same = all(a.get(k) == b.get(k) for k in ("region", "product", "formulation", "when"))
            if same and _overlap(a, b):
                place = ("regimens", name, "labels", j)
                yield place, f"overlaps {a['id']} in time and says the same"


def _overlap(a: Data, b: Data) -> bool:
    ends = (a.get("until", "9999"), b.get("until", "9999"))
    starts = (a.get("from", "0000"), b.get("from", "0000"))
    return bool(max(starts) < min(ends))


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def wrong_date(data: Data) -> Iterator[Problem]:
    """Dates are ISO dates, an end follows its start and says why it ended."""
    for path, each in walk(data):
        for name in ("from", "not_before", "by", "until", "read", "reviewed", "since"):
            if isinstance(each.get(name), str) and not _is_date(each[name]):
                yield (*path, name), "not a date like 2026-11-22"
        if "until" in each and each["until"] <= each.get("from", ""):
            yield (*path, "until"), "ends before it starts"
        if "until" in each and "region" in each and "ended_by" not in each:
            yield (*path, "until"), "does not say what ended it"


def decides_for_everybody(data: Data) -> Iterator[Problem]:
    """An exclusion or a requirement can go either way."""
    for path, each in walk(data):
        if each.get("effect") in ("excludes", "requires") and "always" in each.get("when", {}):
            yield (*path, "when"), "decides the same for every patient"


def criterion_without_use(data: Data) -> Iterator[Problem]:
    """Tried around its cut points, a criterion can be met and can fail; no removal meets it."""
    for path, each in conditions(data):
        for what in problems(each):
            yield path, what


def dose_without_words(data: Data) -> Iterator[Problem]:
    """An adjustment says the dose, and a reason is one short sentence without a full stop."""
    for path, each in walk(data):
        if each.get("effect") == "adjusts" and not each.get("dose"):
            yield path, "adjusts, but names no dose"
        because = each.get("because", "")
        if len(because) > 200 or because.endswith("."):
            yield (*path, "because"), "one sentence of at most 200 characters, no full stop"


def restricted_without_clause(data: Data) -> Iterator[Problem]:
    """A product bound to its label has a label, or is marked investigational."""
    for name, regimen in data["regimens"].items():
        bare = not regimen.get("labels") and "investigational" not in regimen
        if regimen.get("restricted") and bare:
            yield ("regimens", name), "restricted, but neither labelled nor investigational"


def trial_nobody_uses(data: Data) -> Iterator[Problem]:
    """Every trial serves a regimen, as evidence or as an arm."""
    used = {row["trial"] for _, row in evidence_rows(data)}
    used |= {each.get("trial") for _, each in walk(data["regimens"])}
    for name, trial in data["trials"].items():
        if name not in used and not set(trial.get("arms", ())) & set(data["regimens"]):
            yield ("trials", name), "a trial that no regimen uses"


_ORDER: Final = (
    *("name", "aliases", "figure1", "intensity", "restricted", "replaced_by", "investigational"),
    *("drugs", "schedule", "labels", "rules", "evidence", "positions", "disagreements"),
    *("toxicity", "gaps", "reviewed"),
)


def entries_out_of_order(data: Data) -> Iterator[Problem]:
    """Sources are in alphabetical order and a regimen's keys in the order of the header."""
    names = list(data["sources"])
    for before, after in pairwise(names):
        if after < before:
            yield ("sources", after), f"stands after {before}"
    for name, regimen in data["regimens"].items():
        places = [_ORDER.index(part) for part in regimen]
        if places != sorted(places):
            yield ("regimens", name), f"keys in the order {', '.join(_ORDER)}"


def gap_not_stated(data: Data) -> Iterator[Problem]:
    """A regimen without evidence says so in its gaps."""
    for name, regimen in data["regimens"].items():
        if not regimen.get("evidence") and not regimen.get("gaps"):
            yield ("regimens", name), "no evidence and no gap stated"


CHECKS: Final[tuple[Check, ...]] = (
    figure_without_source,
    source_nobody_cites,
    memory_is_no_source,
    unknown_reference,
    drug_without_class,
    ambiguous_name,
    duplicate_id,
    malformed_identifier,
    hazard_ratio_outside_interval,
    implausible_number,
    figure_typed_twice,
    population_without_condition,
    overlapping_clauses,
    wrong_date,
    decides_for_everybody,
    criterion_without_use,
    dose_without_words,
    restricted_without_clause,
    trial_nobody_uses,
    entries_out_of_order,
    gap_not_stated,
    *authorisation_checks.CHECKS,
    *clinical_checks.CHECKS,
    *medicine_checks.CHECKS,
    *sentence_checks.CHECKS,
)


def findings(data: Data, lines: LineNumbers) -> list[str]:
    """What every check found, as `file:line: place: what (check)`."""
    return [
        f"{lines.find(path)}: {'.'.join(map(str, path))}: {what} ({check.__name__})"
        for check in CHECKS
        for path, what in check(data)
    ]
