"""The catalogue: how it is built from data and where it is found.

An installed wheel carries a compiled JSON form made from the YAML when the wheel was built; a
checkout is read live from `data/`. Only `reading` opens YAML, and only when it has to.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

from lenrx.catalogue.conditions import Population, SeldomEnrolled, Setting
from lenrx.catalogue.medicines import Interaction, Medicine, Members, Unlisted
from lenrx.catalogue.records import (
    RENAMED,
    Authorisation,
    CatalogueError,
    Claim,
    Combination,
    Comparator,
    Component,
    Definition,
    Disagreement,
    Dose,
    Drug,
    DrugClass,
    Evidence,
    GoingBack,
    Guideline,
    Investigational,
    Label,
    Limit,
    Position,
    Regimen,
    Result,
    Rule,
    Source,
    Toxicity,
    Trial,
)
from lenrx.catalogue.vocabulary import CLASS_GROUPS, ENDPOINTS, REGIONS, Region

COMPILED: Final = "catalogue.json"
NEVER: Final = "9999-12-31"
"""Stands for a day that is not known to have come."""
_Value = TypeVar("_Value")


@dataclass(frozen=True, eq=False, repr=False)
class Catalogue:
    """Everything that lenrx knows. Mappings are keyed by id, in the order of the files."""

    version: str
    sha256: str
    sources: Mapping[str, Source]
    definitions: Mapping[str, Definition]
    classes: Mapping[str, DrugClass]
    drugs: Mapping[str, Drug]
    combinations: Mapping[str, Combination]
    ambiguous: Mapping[str, tuple[str, ...]]
    interactions: Mapping[str, Interaction]
    medicines: Mapping[str, Medicine]
    unlisted: Mapping[str, Unlisted]
    populations: Mapping[str, Population]
    seldom_enrolled: Mapping[str, SeldomEnrolled]
    settings: Mapping[str, Setting]
    comparators: Mapping[str, Comparator]
    guidelines: Mapping[str, Guideline]
    trials: Mapping[str, Trial]
    regimens: Mapping[str, Regimen]
    guidelines_since: str
    """Guidelines that were published earlier are shown and do not order."""

    def __repr__(self) -> str:
        """Version and size."""
        return f"Catalogue({self.version}, {len(self.regimens)} regimens)"

    @property
    def day(self) -> str:
        """The ISO day of the version: what is asked without a day is asked for this one."""
        return self.version.replace(".", "-")

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        members: dict[str, set[str]] = {}
        for drug in self.drugs.values():
            members.setdefault(drug.drug_class, set()).add(drug.id)
            members[drug.id] = {drug.id}
        for group, classes in CLASS_GROUPS.items():
            members[group] = set().union(*(members.get(name, set()) for name in classes))
        return {name: frozenset(ids) for name, ids in members.items()}

    @cached_property
    def interacting(self) -> dict[str, frozenset[str]]:
        """The interaction classes of each medicine that was looked for; some are in none."""
        found: dict[str, set[str]] = {}
        for each in self.interactions.values():
            for name in (name for part in each.members for name in part.medicines):
                found.setdefault(name, set()).add(each.id)
        for name in (name for each in self.unlisted.values() for name in each.medicines):
            found.setdefault(name, set())
        return {name: frozenset(classes) for name, classes in found.items()}

    @cached_property
    def comparisons(self) -> dict[str, list[tuple[str, Evidence]]]:
        """Rows in which a regimen was the comparator with a figure of its own, by that regimen."""
        found: dict[str, list[tuple[str, Evidence]]] = {}
        for other in self.regimens.values():
            for row in other.evidence:
                named = row.comparator if isinstance(row.comparator, tuple) else ()
                if len(named) == 1 and row.comparator_value is not None:
                    found.setdefault(named[0], []).append((other.id, row))
        return found

    @staticmethod
    def group_of(row: Evidence) -> tuple[str, ...]:
        """What tells the patients of one evidence row from those of another."""
        own = (json.dumps(row.when),) if row.when else ()
        return ("+".join((row.population, *row.also)), *own)

    @cached_property
    def group_names(self) -> dict[tuple[str, ...], str]:
        """Names of all groups of patients; those with a condition of their own are numbered."""
        names: dict[tuple[str, ...], str] = {}
        conditions: dict[str, int] = {}
        for row in (row for regimen in self.regimens.values() for row in regimen.evidence):
            name, *condition = group = self.group_of(row)
            if group not in names:
                conditions[name] = conditions.get(name, 0) + bool(condition)
                names[group] = f"{name}-{conditions[name]}" if condition else name
        return names

    @cached_property
    def _kept(self) -> dict[tuple[str, str], Any]:
        return {}

    def kept(self, kind: str, make: Callable[[Catalogue], _Value]) -> _Value:
        """What `make` makes of the whole catalogue, made only the first time."""
        asked = (kind, "")
        if asked not in self._kept:
            self._kept[asked] = make(self)
        made: _Value = self._kept[asked]
        return made

    def once(
        self, kind: str, regimen: Regimen, make: Callable[[Regimen, Catalogue], _Value]
    ) -> _Value:
        """What `make` makes of a regimen, made only the first time: it is the same for everyone."""
        asked = (kind, regimen.id)
        if asked not in self._kept:
            self._kept[asked] = make(regimen, self)
        made: _Value = self._kept[asked]
        return made

    def issued(self, regimen: Regimen) -> Iterator[Guideline]:
        """The documents that take positions on a regimen, and those that took their place."""
        found: dict[str, Guideline] = {}
        names = [each.guideline for each in regimen.positions]
        while names:
            guideline = self.guidelines.get(names.pop())
            if guideline and guideline.id not in found:
                found[guideline.id] = guideline
                names.append(guideline.superseded_by or "")
        return iter(found.values())

    def days_of(self, regimen: Regimen) -> tuple[str, ...]:
        """Every ISO day on which what is said of a regimen may change, in order."""
        found = {first_day(each.published) for each in self.issued(regimen)}
        for clause in regimen.labels:
            found |= {clause.since or "", clause.not_before or "", clause.until or ""}
            found.add(self.sources[clause.source].read)
        if regimen.investigational:
            found |= {regimen.investigational.since or "", regimen.investigational.until or ""}
        for component in regimen.drugs:
            found |= {day for region in REGIONS for day in self.authorised(component.drug, region)}
        return tuple(sorted(found - {"", NEVER}))

    @cached_property
    def _authorised(self) -> dict[tuple[str, Region], tuple[str, str]]:
        known: dict[tuple[str, Region], tuple[str, str]] = {}
        for drug in self.drugs.values():
            for each in drug.authorised:
                first = each.since or each.not_before or ""
                known[drug.id, each.region] = first, each.since or each.by or NEVER
        for regimen in self.regimens.values():
            for clause in (each for each in regimen.labels if not each.unconfirmed):
                labelled = clause.since or self.sources[clause.source].read
                for one in regimen.drugs:
                    first, by = known.get((one.drug, clause.region), ("", NEVER))
                    known[one.drug, clause.region] = first, min(by, labelled)
        return known

    def authorised(self, drug: str, region: Region) -> tuple[str, str]:
        """Days of a drug's first authorisation: before the first it had none, by the second it had.

        Between them nobody knows; a label of any regimen that holds it bounds it too.
        """
        return self._authorised.get((drug, region), ("", NEVER))

    @cached_property
    def begins(self) -> str:
        """The ISO day before which no drug was authorised anywhere, for all that is known."""
        found = {first or by for first, by in self._authorised.values()}
        return min(found - {"", NEVER}, default="")

    @cached_property
    def days(self) -> list[str]:
        """Every ISO day on which what the catalogue says may change, in order."""
        return sorted({day for each in self.regimens.values() for day in self.days_of(each)})

    def drugs_in(self, name: str) -> frozenset[str]:
        """The drugs that a drug id, a class or a group of classes covers."""
        return self._members.get(name, frozenset())


def first_day(date: str) -> str:
    """The first ISO day of a year, a month or a day."""
    return date + "-01-01"[len(date) - len("2026") :]


_NESTED: Final[dict[type, dict[str, type]]] = {
    Drug: {"rules": Rule, "authorised": Authorisation},
    DrugClass: {"going_back": GoingBack, "rules": Rule},
    Trial: {"limits": Limit},
    Interaction: {"members": Members},
    Comparator: {"evidence": Evidence},
    Disagreement: {"says": Claim},
    Regimen: {
        "drugs": Component,
        "schedule": Dose,
        "labels": Label,
        "rules": Rule,
        "evidence": Evidence,
        "positions": Position,
        "disagreements": Disagreement,
        "toxicity": Toxicity,
    },
}


_ONE: Final[dict[str, type]] = {
    "investigational": Investigational,
    "primary_met": Result,
    "survival_worse": Result,
}
_FLAT: Final = frozenset(
    (
        *(Source, Rule, Limit, Population, SeldomEnrolled, Setting, Guideline),
        *(Position, Toxicity, Component, Dose, Claim, Result),
    )
)
"""Kinds whose written form needs no conversion; most of the catalogue, at every start."""


def _make(kind: type[_Value], data: Mapping[str, Any], **known: Any) -> _Value:
    if kind in _FLAT:
        return kind(**data, **known)
    nested = _NESTED.get(kind, {})
    for key, value in data.items():
        name = RENAMED.get(key, key)
        if name in nested:
            known[name] = tuple([_make(nested[name], each) for each in value])
        elif name in _ONE:
            known[name] = _make(_ONE[name], value)
        else:
            known[name] = tuple(value) if type(value) is list else value
    return kind(**known)


def _keyed(kind: type[_Value], data: Mapping[str, Any]) -> dict[str, _Value]:
    return {key: _make(kind, value, id=key) for key, value in data.items()}


def build(data: Mapping[str, Any], sha256: str) -> Catalogue:
    """A catalogue from data that `reading.read` has validated."""
    return Catalogue(
        version=data["catalogue"]["version"],
        sha256=sha256,
        sources=_keyed(Source, data["sources"]),
        definitions=_keyed(Definition, data["definitions"]),
        classes=_keyed(DrugClass, data["classes"]),
        drugs=_keyed(Drug, data["drugs"]),
        combinations=_keyed(Combination, data["combinations"]),
        ambiguous={token: tuple(ids) for token, ids in data["ambiguous"].items()},
        interactions=_keyed(Interaction, data["interactions"]),
        medicines=_keyed(Medicine, data["medicines"]),
        unlisted=_keyed(Unlisted, data["unlisted"]),
        populations=_keyed(Population, data["populations"]),
        seldom_enrolled=_keyed(SeldomEnrolled, data["seldom_enrolled"]),
        settings=_keyed(Setting, data["settings"]),
        comparators=_keyed(Comparator, data["comparators"]),
        guidelines=_keyed(Guideline, data["guidelines"]),
        trials=_keyed(Trial, data["trials"]),
        regimens=_keyed(Regimen, data["regimens"]),
        guidelines_since=data["catalogue"].get("guidelines_since", ""),
    )


def checkout() -> Path:
    """`data/` of the checkout, where an editable install reads the catalogue live."""
    return Path(__file__).parents[3] / "data"


def load(folder: Path | None = None) -> Catalogue:
    """The catalogue in `folder`, else the one shipped in the wheel, else the checkout's.

    Raises CatalogueError with file and line.
    """
    compiled = Path(__file__).parents[1] / "data" / COMPILED
    if folder is None and compiled.is_file():
        stored = json.loads(compiled.read_bytes())
        return build(stored["data"], stored["sha256"])
    from lenrx.catalogue.strict_yaml import read

    data, sha256, lines = read(folder or checkout())
    for path, missing in dangling(data):
        raise CatalogueError(f"{lines.find(path)}: no {missing}; `lenrx check` lists all of these")
    return build(data, sha256)


def dangling(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Names in validated data, without which nothing can be answered, that nothing has."""
    known = {
        **{"trial": data["trials"], "population": data["populations"], "drug": data["drugs"]},
        **{"guideline": data["guidelines"], "setting": data["settings"]},
        **{"source": data["sources"], "endpoint": ENDPOINTS},
    }
    for name, drug in data["drugs"].items():
        if drug["class"] not in data["classes"]:
            yield ("drugs", name, "class"), f"class {drug['class']}"
    for section in ("comparators", "regimens"):
        for name, entry in data[section].items():
            for part in ("drugs", "labels", "evidence", "positions"):
                for place, each in enumerate(entry.get(part, ())):
                    where = (section, name, part, place)
                    for key, names in known.items():
                        if key in each and each[key] not in names:
                            yield (*where, key), f"{key} {each[key]}"
                    for other in each.get("also", ()):
                        if other not in data["populations"]:
                            yield (*where, "also"), f"population {other}"
