"""The catalogue as flat data, for engines that know nothing of lenrx, and the facts they are given.

Nothing here is charged to an engine. `findings` is what every regimen has to be asked, made once.
`facts` is one patient after lenrx has read the row and derived the state: names and aliases are
read, renal function is computed, classes are ticked from drugs, fewest prior lines are counted. An
engine is handed that and only evaluates conditions, so its times hold less work than lenrx's own.

Left out, again in favour of whoever asks no more than this: order, open questions, evidence, and
approval by region; `zen_cells` has them too.

Patients are those whose history names drugs and is complete, so a drug is in the history or not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from lenrx.catalogue.conditions import (
    COUNTS,
    FLAGS,
    HISTORIES,
    KIDNEY_FAILURE,
    NUMBERS,
    RENAL,
    SETS,
    UNKNOWN,
    WORDS,
    Condition,
    Interval,
    leaves,
)
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Component, DrugClass, Regimen, Rule
from lenrx.catalogue.vocabulary import REGIONS, Effect, Region, Verdict
from lenrx.patient.patient import Patient, parse_patient
from lenrx.patient.state import PatientState, patient_state
from lenrx.rules.case import Case
from lenrx.rules.assessment import assess
from lenrx.rules.filters import Finding
from lenrx.rules.labels import RegionApproval, approvals, availability_truth, in_force

AS_OF: Final = "2026-11-23"
RANGED: Final = ("prior_lines", "renal", *RENAL)
"""Numbers of which only the least and the most may be known: `renal_low`, `renal_high`."""
ASKED: Final[dict[Region, str]] = {"us": "asked_us", "eu": "asked_eu"}
"""Two flags beside the catalogue's own: whether the label of a region counts. Never unknown."""
DECIDING: Final = ("excludes", "requires", "confirms")
APPLYING: Final = ("cautions", "adjusts", "prefers")
TRUE: Final[Condition] = {"always": True}
FALSE: Final[Condition] = {"always": False}

Facts = dict[str, Any]
Row = Mapping[str, Any]


class Flat(NamedTuple):
    """One criterion of one regimen.

    `owner` is what the criterion belongs to, the same for every regimen that shares it: a drug in a
    role, a trial, or the regimen. `if_unknown` is the effect while the condition is unknown.
    """

    regimen: str
    owner: str
    criterion: str
    effect: Effect
    if_unknown: Effect
    condition: Condition
    because: str
    sources: tuple[str, ...] = ()
    dose: str | None = None

    @property
    def bears(self) -> bool:
        """Whether it can show in an answer; notes cannot, nor what can never be said."""
        settled = TRUE if self.effect == "requires" else FALSE
        return self.effect != "notes" and self.condition != settled

    def text(self, status: str) -> str:
        """The finding in JSON, as it is written when the condition has that status."""
        effect = self.if_unknown if status == "unknown" else self.effect
        named: dict[str, Any] = {"criterion": self.criterion, "effect": effect, "status": status}
        named |= {"because": self.because, "sources": self.sources}
        return json.dumps(named | ({"dose": self.dose} if self.dose else {}), ensure_ascii=False)

    @property
    def says(self) -> dict[str, str]:
        """The text by the status that makes it bear: not in favour, or applying."""
        if self.effect == "requires":
            said = ["not met", "unknown"]
        elif self.effect == "excludes" or self.if_unknown == "confirms":
            said = ["met", "unknown"]
        else:
            said = ["met"]
        return {status: self.text(status) for status in said}


def key(condition: Condition) -> str:
    """The same for conditions that ask the same."""
    return json.dumps(condition, sort_keys=True)


def every(parts: Iterable[Condition]) -> Condition:
    """`all`, without what is always so."""
    kept = [part for part in parts if part != TRUE]
    if FALSE in kept:
        return FALSE
    return kept[0] if len(kept) == 1 else {"all": kept} if kept else TRUE


def either(parts: Iterable[Condition]) -> Condition:
    """`any`, without what is never so."""
    kept = [part for part in parts if part != FALSE]
    if TRUE in kept:
        return TRUE
    return kept[0] if len(kept) == 1 else {"any": kept} if kept else FALSE


def where(region: Region | None) -> Condition:
    """That the label of this region, or of whatever region, counts."""
    return {ASKED[region]: True} if region else TRUE


def findings(catalogue: Catalogue) -> list[Flat]:
    """Every criterion of every regimen on the day, the regimens in the catalogue's order."""
    answer = assess(catalogue, Patient(), as_of=AS_OF)
    said = {
        (each.regimen.id, one.criterion): one for each in answer.regimens for one in each.findings
    }
    found = []
    for regimen in catalogue.regimens.values():
        for each in _findings(regimen, answer.case):
            if one := said.get((each.regimen, each.criterion)):
                each = each._replace(sources=one.sources, dose=one.dose)
            found.append(each)
    return found


def _findings(regimen: Regimen, case: Case) -> Iterator[Flat]:
    for component in regimen.drugs:
        yield from _resistance(regimen, component, case.catalogue)
    yield from _label(regimen, case)
    yield from _rules(regimen, regimen.id, regimen.rules)
    for component in regimen.drugs:
        yield from _rules(
            regimen, f"drug {component.drug}", case.catalogue.drugs[component.drug].rules
        )
    yield from _limits(regimen, case.catalogue)


def _resistance(regimen: Regimen, component: Component, catalogue: Catalogue) -> Iterator[Flat]:
    drug, tolerated = component.drug, component.role == "tolerated"
    drug_class = catalogue.classes[catalogue.drugs[drug].drug_class]
    owner = f"resistance {drug} {component.role}"
    others = sorted(catalogue.drugs_in(drug_class.id) - {drug})

    def finding(criterion: str, effect: Effect, condition: Condition, because: str) -> Flat:
        return Flat(regimen.id, owner, criterion, effect, effect, condition, because)

    if component.role != "steroid":
        name = drug_class.id if drug_class.crosses == "class" else drug
        said = f"an {name} drug (any counts)" if name != drug else name
        relies = "given here all the same" if tolerated else "which this regimen relies on"
        because = f"refractory to {said}, {relies}"
        effect: Effect = "cautions" if tolerated else "excludes"
        yield finding(f"refractory-{name}", effect, {"refractory": [name]}, because)
        for rule in drug_class.going_back:
            if drug in rule.to:
                effect = "cautions" if tolerated else rule.effect
                failed: Condition = {"refractory": [rule.refractory]}
                yield finding(f"{drug}-after-{rule.refractory}", effect, failed, rule.because)
        if drug_class.crosses == "caution":
            yield finding(f"{drug}-same-class", "cautions", *_same_class(drug_class, others))
        exposed = every([{"received": [drug]}, {"not": {"refractory": [drug]}}])
        because = f"{drug} given before, not refractory to it: allowed"
        yield finding(f"exposed-{drug}", "notes", exposed, because)
    effect = "cautions" if component.role == "steroid" else "excludes"
    because = f"{drug} was stopped for intolerance"
    yield finding(f"intolerant-{drug}", effect, {"intolerant": [drug]}, because)
    because = f"another {drug_class.id} was stopped for intolerance"
    stopped = _one_of("intolerant", others)
    yield finding(f"{drug}-class-intolerance", "cautions", stopped, because)


def _same_class(drug_class: DrugClass, others: list[str]) -> tuple[Condition, str]:
    said = drug_class.says or f"refractory to another {drug_class.id}"
    return _one_of("refractory", others), said


def _one_of(kind: str, names: list[str]) -> Condition:
    return {kind: names} if names else FALSE


def _label(regimen: Regimen, case: Case) -> Iterator[Flat]:
    """The label, where it binds, whether the product can be had, and the clauses in force."""
    found = approvals(regimen, case)
    clauses = [clause for each in found for clause, _ in each.clauses]
    for clause in clauses:
        if in_force(clause, case) is None:
            raise ValueError(f"{clause.id}: not known whether it was in force on {AS_OF}")
        said = f"label ({clause.region}), {clause.product}: {clause.says}"
        asked = every([where(clause.region), clause.when])
        yield Flat(regimen.id, regimen.id, clause.id, "notes", "notes", asked, said)
    if regimen.restricted and clauses:
        spoken = [each for each in found if each.clauses]
        silent = every({"not": where(each.region)} for each in spoken)
        inside = _in_some({each.region: _inside(each) for each in spoken})
        condition = inside if len(spoken) == len(REGIONS) else either([inside, silent])
        words = dict.fromkeys(f"{clause.region}: {clause.says}" for clause in clauses)
        because = f"inside the label ({'; '.join(words)})"
        yield Flat(regimen.id, regimen.id, "label", "requires", "requires", condition, because)
    there = _in_some(
        {each.region: TRUE if availability_truth([each], case) else FALSE for each in found}
    )
    because = ", ".join(f"{each.approval} ({each.region})" for each in found)
    yield Flat(regimen.id, regimen.id, "authorised", "requires", "requires", there, because)


def _inside(each: RegionApproval) -> Condition:
    return either(clause.when for clause, _ in each.clauses)


def _in_some(said: Mapping[Region, Condition]) -> Condition:
    """That it holds in a region whose label counts; of the two regions, one always does."""
    if len(said) == len(REGIONS) and len({key(condition) for condition in said.values()}) == 1:
        return next(iter(said.values()))
    return either(every([where(region), condition]) for region, condition in said.items())


def _rules(regimen: Regimen, owner: str, rules: Iterable[Rule]) -> Iterator[Flat]:
    for rule in rules:
        asked = every([where(rule.region), rule.when])
        if rule.effect == "requires" and rule.region:
            asked = either([{"not": where(rule.region)}, rule.when])
        unknown = rule.if_unknown or rule.effect
        yield Flat(regimen.id, owner, rule.id, rule.effect, unknown, asked, rule.because)


def _limits(regimen: Regimen, catalogue: Catalogue) -> Iterator[Flat]:
    for name in dict.fromkeys(row.trial for row in regimen.evidence):
        for limit in catalogue.trials[name].limits:
            yield Flat(
                regimen.id,
                f"trial {name}",
                limit.id,
                "cautions",
                "cautions",
                limit.when,
                limit.because,
            )


def vocabulary(conditions: Iterable[Condition]) -> dict[str, list[str]]:
    """The names that conditions ask for, by set: drugs and classes, markers, conditions."""
    asked: dict[str, dict[str, None]] = {kind: {} for kind in (*HISTORIES, *SETS, *COUNTS)}
    for each in conditions:
        for leaf, wanted in leaves(each):
            if leaf in COUNTS:
                asked[leaf][wanted["class"]] = None
            elif leaf in asked:
                asked[leaf].update(dict.fromkeys(wanted))
    return {kind: sorted(names) for kind, names in asked.items()}


def facts(row: Row, catalogue: Catalogue, names: Mapping[str, list[str]]) -> Facts:
    """What an engine is told of one patient; `names` is the vocabulary. None is "not known".

    Numbers, flags and words by field; ranged numbers as `_low` and `_high`; of a history the names
    that apply; of a set the names `_found` and `_absent`; `refractory_count PI`. Raises
    PatientError.
    """
    return told(patient_state(parse_patient(row, catalogue), catalogue), names)


def told(state: PatientState, names: Mapping[str, list[str]]) -> Facts:
    """What an engine is told of a patient whose state is derived."""
    if state.open_history or not all(
        item.named for kind in HISTORIES for item in state.items[kind]
    ):
        raise ValueError("only for complete histories that name drugs")
    region = state.patient.region
    found: Facts = {"id": state.patient.id}
    found |= {flag: region in (None, place) for place, flag in ASKED.items()}
    found |= {field: state.word(field) for field in (*FLAGS, *WORDS)}
    for field in NUMBERS:
        if field not in RANGED:
            found[field] = _known(state.interval(field))[0]
    for field in RANGED:
        found[f"{field}_low"], found[f"{field}_high"] = _known(_interval(field, state))
    for kind in HISTORIES:
        found[kind] = [name for name in names[kind] if state.history(kind, name).truth]
    for kind, (field, _) in SETS.items():
        truths = {name: state.finding(field, name) for name in names[kind]}
        found[f"{kind}_found"] = [name for name, truth in truths.items() if truth]
        found[f"{kind}_absent"] = [name for name, truth in truths.items() if truth is False]
    for count, kind in COUNTS.items():
        for name in names[count]:
            found[f"{count} {name}"] = int(state.history_count(kind, name)[0])
    return found


def _interval(field: str, state: PatientState) -> Interval:
    """The values a ranged number may have; of renal function, the lowest known."""
    if field != "renal":
        return state.interval(field)
    known = [state.interval(each) for each in RENAL if state.interval(each) != UNKNOWN]
    if state.word("dialysis") is True:
        known.append(KIDNEY_FAILURE)
    lows, highs = zip(*(known or [UNKNOWN]), strict=True)
    return min(lows), min(highs)


def _known(interval: Interval) -> tuple[float | None, float | None]:
    low, high = (None if abs(bound) == float("inf") else bound for bound in interval)
    return low, high


Said = dict[str, tuple[Verdict, list[str]]]
"""By regimen its verdict and, sorted, the criteria that bear."""


def expected(row: Row, catalogue: Catalogue) -> Said:
    """What lenrx itself says of one patient, to hold an engine against."""
    answer = assess(catalogue, parse_patient(row, catalogue), as_of=AS_OF)
    return {
        each.regimen.id: (each.verdict, sorted(f.criterion for f in each.findings if _bears(f)))
        for each in answer.regimens
    }


def _bears(finding: Finding) -> bool:
    """Whether it is not settled in favour, or applies: what `Flat.says` has a text for."""
    if finding.effect in APPLYING:
        return finding.status == "met"
    in_favour = "met" if finding.effect == "requires" else "not met"
    return finding.effect in DECIDING and finding.status != in_favour
