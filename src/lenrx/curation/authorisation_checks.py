"""Named checks on the days of labels and of first authorisations; `checks.CHECKS` holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from lenrx.curation.places import Check, Data, Place, Problem, walk


def clause_without_start(data: Data) -> Iterator[Problem]:
    """Every label clause says since when it holds, or the earliest day it can have started."""
    for name, regimen in data["regimens"].items():
        for i, clause in enumerate(regimen.get("labels", [])):
            if "from" not in clause and "not_before" not in clause:
                place = ("regimens", name, "labels", i)
                yield place, "neither from nor not_before: it would hold on any day of the past"


def drug_without_authorisation(data: Data) -> Iterator[Problem]:
    """Every drug of a regimen that is no trial's alone says since when it is authorised."""
    for name, drug in data["drugs"].items():
        holding = [
            regimen
            for regimen in data["regimens"].values()
            if any(one["drug"] == name for one in regimen["drugs"])
        ]
        studied = all("investigational" in regimen for regimen in holding)
        if not studied and not drug.get("authorised"):
            yield ("drugs", name), "no authorised: regimens that hold it are open on no day"


def authorisation_without_day(data: Data) -> Iterator[Problem]:
    """A first authorisation has its day, or what bounds it, the right way round, by region once."""
    for name, drug in data["drugs"].items():
        regions = list[str]()
        for i, each in enumerate(drug.get("authorised", [])):
            place = ("drugs", name, "authorised", i)
            bounds = [day for day in (each.get("not_before"), each.get("by")) if day]
            if bool(bounds) == ("from" in each):
                yield place, "needs from, or else not_before, by or both"
            if bounds != sorted(bounds):
                yield place, "not_before is after by"
            if each["region"] in regions:
                yield place, f"{each['region']} is there twice"
            regions.append(each["region"])


def label_before_authorisation(data: Data) -> Iterator[Problem]:
    """No label clause starts before each drug of its regimen was authorised in its region."""
    for name, regimen in data["regimens"].items():
        for i, clause in enumerate(regimen.get("labels", [])):
            for one in regimen["drugs"]:
                drug = data["drugs"].get(one["drug"], {})
                for each in drug.get("authorised", []):
                    first = each.get("from") or each.get("not_before") or ""
                    if each["region"] == clause["region"] and clause.get("from", "9999") < first:
                        place = ("regimens", name, "labels", i, "from")
                        yield place, f"before {one['drug']} was authorised ({first})"


def first_label_of_another_day(data: Data) -> Iterator[Problem]:
    """An authorisation that rests on a first label has the day and the region of that label."""
    clauses = {each["id"]: each for _, each in _clauses(data)}
    for name, drug in data["drugs"].items():
        for i, each in enumerate(drug.get("authorised", [])):
            named = re.search(r"first label here: ([\w-]+)", each.get("where", ""))
            if not named or "by" in each:
                continue
            label = clauses.get(named[1], {})
            for key in ("region", "from", "not_before"):
                if each.get(key) != label.get(key):
                    place = ("drugs", name, "authorised", i, key)
                    yield place, f"{named[1]} has {label.get(key)}"


def replaced_on_another_day(data: Data) -> Iterator[Problem]:
    """A clause that another took the place of ends on the day on which the other starts."""
    for name, regimen in data["regimens"].items():
        labels = regimen.get("labels", [])
        for i, clause in enumerate(labels):
            starts = {
                each.get("from") or each.get("not_before")
                for each in labels
                if each["region"] == clause["region"]
            }
            if clause.get("ended_by") == "replaced" and clause["until"] not in starts:
                yield ("regimens", name, "labels", i, "until"), "no other clause starts on it"


_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DAY: Final = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})[a-z]* (\d{{4}})\b")
_CLOSE: Final = timedelta(31)
"""Days that a sentence names this close to a day are of the same event."""


def day_said_otherwise(data: Data) -> Iterator[Problem]:
    """Where the words beside a day, or its source's title, name days close to it, it is one."""
    for path, each in _dated(data):
        words = [each.get(name, "") for name in ("where", "note")]
        for source in (each.get("source"), each.get("dated_by")):
            cited = data["sources"].get(source, {})
            words += [cited.get(name, "") for name in ("title", "short")]
        for key in ("from", "not_before", "until"):
            close = _close(each.get(key), " ; ".join(words))
            if close and each[key] not in close:
                yield (*path, key), f"the words beside it name {', '.join(sorted(close))}"


def _dated(data: Data) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    yield from _clauses(data)
    for name, drug in data["drugs"].items():
        for i, each in enumerate(drug.get("authorised", [])):
            yield ("drugs", name, "authorised", i), each


def _clauses(data: Data) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    for name, regimen in data["regimens"].items():
        for i, clause in enumerate(regimen.get("labels", [])):
            yield ("regimens", name, "labels", i), clause


def _close(day: str | None, words: str) -> set[str]:
    """The days that words name around a day."""
    found, around = _DAY.findall(words), _date(day or "")
    written = (f"{year}-{1 + _MONTHS.index(month):02}-{day:0>2}" for day, month, year in found)
    named = [each for each in map(_date, written) if each]
    return {each.isoformat() for each in named if around and abs(each - around) <= _CLOSE}


def _date(text: str) -> date | None:
    """A day, if it is one; what is none is a finding of its own."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def month_without_ends(data: Data) -> Iterator[Problem]:
    """An authorisation of which only a month or a year is known is bounded by its ends.

    A bound that is another day is named in words.
    """
    for name, drug in data["drugs"].items():
        for i, each in enumerate(drug.get("authorised", [])):
            words = each.get("where", "")
            for key, step in (("not_before", 0), ("by", 1)):
                day = _date(each.get(key, ""))
                if day and "by" in each and "not_before" in each:
                    cited = data["sources"].get(each.get("source"), {})
                    told = _close(each[key], f"{words} ; {cited.get('title', '')}")
                    if (day + timedelta(step)).day != 1 and each[key] not in told:
                        place = ("drugs", name, "authorised", i, key)
                        yield place, "neither an end of a month nor named in words"


_NAMED: Final = {
    "us": r"^(?:fda|label-us|openfda)-|-us(?:-|$)",
    "eu": r"^(?:ema|ec|label-(?:eu|uk|ie|de))-|-eu(?:-|$)",
}
"""What in an id tells the region."""
_WORDS: Final = {
    "us": r"\b(?:US|FDA|REMS|Drugs@FDA|Federal Register)\b",
    "eu": r"\b(?:EU|EMA|CHMP|Commission|UK|MHRA|Irish|German|Swiss|French)\b",
}
"""What in the words of an entry tells it, the word of a neighbour for the EU included."""
_SENTENCES: Final = ("because", "says", "dose", "where", "note")


def region_said_otherwise(data: Data) -> Iterator[Problem]:
    """The region of a rule, a clause or a document is that of its id, its words and its source."""
    for path, each in walk(data):
        region = each.get("region")
        if region in _NAMED:
            name = str(each.get("id") or (path[-1] if path[0] == "sources" else ""))
            told = {one for one, words in _NAMED.items() if re.search(words, name)}
            if told and region not in told:
                yield (*path, "region"), f"{name} is named for {', '.join(sorted(told))}"
            said = " ".join(str(each.get(key, "")) for key in _SENTENCES)
            told = {one for one, words in _WORDS.items() if re.search(words, said)}
            if told and region not in told:
                yield (*path, "region"), f"its words are of {', '.join(sorted(told))}"
            for source in (each.get("source"), each.get("dated_by")):
                other = data["sources"].get(source, {}).get("region", region)
                if other != region:
                    yield (*path, "region"), f"{source} is of {other}"


CHECKS: Final[tuple[Check, ...]] = (
    clause_without_start,
    drug_without_authorisation,
    authorisation_without_day,
    label_before_authorisation,
    first_label_of_another_day,
    replaced_on_another_day,
    day_said_otherwise,
    month_without_ends,
    region_said_otherwise,
)
