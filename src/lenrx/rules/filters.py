"""The filters, in order: pure functions from one regimen and one case to findings.

Every filter runs for every regimen, whatever the ones before it found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from lenrx.catalogue.conditions import Evaluation, evaluate
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import (
    Component,
    DrugClass,
    GoingBack,
    Label,
    Limit,
    Regimen,
    Rule,
    Trial,
)
from lenrx.catalogue.vocabulary import Effect, FilterName, Region, Status, Topic, Truth
from lenrx.rules.case import Case
from lenrx.rules.labels import (
    approvals_in,
    availability_truth,
    deciding,
    label_answer,
    label_words,
    unavailable,
)

if TYPE_CHECKING:
    from lenrx.catalogue.formulary import Entry, Stock


class Finding(NamedTuple):
    """What one criterion said about one patient."""

    filter: FilterName
    criterion: str
    effect: Effect
    status: Status
    because: str
    needs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    dose: str | None = None
    where: str | None = None
    verified: str | None = None
    drug: str | None = None
    serious: bool = False
    trial: str | None = None
    """Of an entry limit, whose it is."""
    topics: tuple[Topic, ...] = ()
    """Of what has to be arranged, the fewest words for it."""
    region: Region | None = None
    """Of what one region's label says, and the other's does not, whose it is."""

    @property
    def worded(self) -> str:
        """The reason as a sentence of its own: what is not met or not known is said."""
        unmet = self.effect == "requires" and self.status == "not met"
        if unmet and self.criterion == "label":
            return f"not {self.because}"
        resists = (self.filter, self.effect) == ("resistance", "excludes")
        doubted = self.status == "unknown" and (resists or self.criterion == "label")
        return f"cannot say whether {self.because}" if doubted else self.because


Filter = Callable[[Regimen, Case], Iterator[Finding]]
STATUS: Final[dict[Truth, Status]] = {True: "met", False: "not met", None: "unknown"}


def resistance(regimen: Regimen, case: Case) -> Iterator[Finding]:
    """Refractory, intolerant and previously given drugs of the regimen."""
    for component in regimen.drugs:
        yield from case.once("resistance", component, partial(resisted, component, case))


def resisted(component: Component, case: Case) -> list[Finding]:
    """What the history says of a drug; the same for every regimen in which it has this role."""
    return list(_resisting(component, case))


def _resisting(component: Component, case: Case) -> Iterator[Finding]:
    drug_class = _class_of(component, case)
    if component.role != "steroid":
        yield _refractory(component, drug_class, case)
        yield from _going_back(component, drug_class, case)
        yield from _same_target(component, drug_class, case)
        yield from _if_it_says_something(_exposed(component, case))
    yield _intolerant(component, case)
    yield from _if_it_says_something(_class_intolerance(component, drug_class, case))


def _if_it_says_something(finding: Finding) -> Iterator[Finding]:
    """Book-keeping that does not apply is left out."""
    if finding.status != "not met":
        yield finding


def _class_of(component: Component, case: Case) -> DrugClass:
    return case.catalogue.classes[case.catalogue.drugs[component.drug].drug_class]


def _refractory(component: Component, drug_class: DrugClass, case: Case) -> Finding:
    whole = drug_class.crosses == "class"
    name = drug_class.id if whole else component.drug
    answer = case.state.ask("refractory", (name,))
    tolerated = component.role == "tolerated"
    relies = "given here all the same" if tolerated else "which this regimen relies on"
    said = f"an {name} drug (any counts)" if whole else name
    because = f"refractory to {said}, {relies}"
    effect: Effect = "cautions" if tolerated else "excludes"
    return _resistance(f"refractory-{name}", effect, answer, because, drug_class)


def _resistance(
    criterion: str, effect: Effect, answer: Evaluation, because: str, by: DrugClass | None = None
) -> Finding:
    sources = (by.source,) if by and by.source else ()
    place = (by.where, by.verified) if by else (None, None)
    status = STATUS[answer.truth]
    return Finding(
        "resistance", criterion, effect, status, because, answer.needs, sources, None, *place
    )


def _going_back(component: Component, drug_class: DrugClass, case: Case) -> Iterator[Finding]:
    for rule in drug_class.going_back:
        if component.drug in rule.to:
            answer = case.state.ask("refractory", (rule.refractory,))
            effect: Effect = "cautions" if component.role == "tolerated" else rule.effect
            criterion = f"{component.drug}-after-{rule.refractory}"
            yield _sourced("resistance", criterion, effect, answer, rule)


def _sourced(
    name: FilterName,
    criterion: str,
    effect: Effect,
    answer: Evaluation,
    by: GoingBack | Limit | Rule,
) -> Finding:
    """What a criterion of the catalogue says, with its reason and its source."""
    status, sources = STATUS[answer.truth], (by.source,)
    return Finding(
        name,
        criterion,
        effect,
        status,
        by.because,
        answer.needs,
        sources,
        where=by.where,
        verified=by.verified,
        serious=not isinstance(by, Limit) and by.serious,
        topics=by.topics if isinstance(by, Rule) else (),
    )


def _others(component: Component, drug_class: DrugClass, kind: str, case: Case) -> Evaluation:
    others = tuple(sorted(case.catalogue.drugs_in(drug_class.id) - {component.drug}))
    return case.state.ask(kind, others) if others else Evaluation(False)


def _same_target(component: Component, drug_class: DrugClass, case: Case) -> Iterator[Finding]:
    """Where resistance does not cross but warns: another drug of the class has failed."""
    if drug_class.crosses == "caution":
        answer = _others(component, drug_class, "refractory", case)
        because = drug_class.says or f"refractory to another {drug_class.id}"
        yield _resistance(f"{component.drug}-same-class", "cautions", answer, because, drug_class)


def _exposed(component: Component, case: Case) -> Finding:
    received = case.state.ask("received", (component.drug,))
    refractory = case.state.ask("refractory", (component.drug,))
    answer = received if refractory.truth is False else Evaluation(False)
    because = f"{component.drug} given before, not refractory to it: allowed"
    return _resistance(f"exposed-{component.drug}", "notes", answer, because)


def _intolerant(component: Component, case: Case) -> Finding:
    answer = case.state.ask("intolerant", (component.drug,))
    effect: Effect = "cautions" if component.role == "steroid" else "excludes"
    because = f"{component.drug} was stopped for intolerance"
    return _resistance(f"intolerant-{component.drug}", effect, answer, because)


def _class_intolerance(component: Component, drug_class: DrugClass, case: Case) -> Finding:
    answer = _others(component, drug_class, "intolerant", case)
    because = f"another {drug_class.id} was stopped for intolerance"
    return _resistance(f"{component.drug}-class-intolerance", "cautions", answer, because)


def indication(regimen: Regimen, case: Case) -> Iterator[Finding]:
    """A relapse, and label clauses in force; required of restricted products and `--on-label`."""
    yield case.once("relapse", "", lambda: relapsed(case))
    yield labelled(regimen, case)
    for each in approvals_in(None, regimen, case):
        yield from (_noted(clause, said) for clause, said in each.clauses)


def relapsed(case: Case) -> Finding:
    """Whether there was a line before: nothing here was studied in newly diagnosed disease."""
    answer = case.state.ask("prior_lines", {"at_least": 1})
    because = "every regimen here was studied at relapse, after at least one prior line"
    return Finding("indication", "relapse", "requires", STATUS[answer.truth], because, answer.needs)


def labelled(regimen: Regimen, case: Case, region: Region | None = None) -> Finding:
    """Whether a label covers the patient: that of one region, or of those asked for."""
    found = approvals_in(region, regimen, case)
    answer = label_answer(found)
    clauses = [clause for each in found for clause in each.clauses]
    binding = case.on_label or (regimen.restricted and clauses)
    sources = tuple(dict.fromkeys(clause.source for clause, _ in clauses))
    return Finding(
        "indication",
        "label",
        "requires" if binding else "notes",
        STATUS[answer.truth],
        label_words([clause for clause, _ in clauses]),
        answer.needs,
        sources,
        region=region,
    )


def _noted(clause: Label, said: Evaluation) -> Finding:
    because = f"label ({clause.region}), {clause.product}: {clause.says}"
    if clause.confirm:
        because += f"; it also asks: {', '.join(clause.confirm)}"
    return Finding(
        "indication",
        clause.id,
        "notes",
        STATUS[said.truth],
        because,
        said.needs,
        (clause.source,),
        None,
        clause.where,
        clause.verified,
    )


def _rules(name: FilterName) -> Filter:
    def apply(regimen: Regimen, case: Case) -> Iterator[Finding]:
        yield from _said_by("regimen", regimen.id, regimen.rules, name, case)
        for drug_class in classes_of(regimen, case.catalogue):
            yield from _said_by("class", drug_class.id, drug_class.rules, name, case)
        for component in regimen.drugs:
            yield from _of_drug(component.drug, name, case)

    return apply


def classes_of(regimen: Regimen, catalogue: Catalogue) -> tuple[DrugClass, ...]:
    """The classes of the drugs of a regimen, each once."""
    drugs = (catalogue.drugs[component.drug] for component in regimen.drugs)
    return tuple(
        catalogue.classes[name] for name in dict.fromkeys(each.drug_class for each in drugs)
    )


def _of_drug(drug: str, name: FilterName, case: Case) -> list[Finding]:
    """What the rules of a drug say in one filter; the same for every regimen that holds it."""
    return _said_by("drug", drug, case.catalogue.drugs[drug].rules, name, case)


def _said_by(
    kind: Literal["regimen", "class", "drug"],
    owner: str,
    rules: tuple[Rule, ...],
    name: FilterName,
    case: Case,
) -> list[Finding]:
    """What the rules of a drug, a class or a regimen say; one id may be a drug and a regimen."""
    return case.once(
        f"{name} of a {kind}",
        owner,
        lambda: ruled(
            (rule for rule in rules if rule.filter == name),
            owner if kind == "drug" else None,
            case,
        ),
    )


def ruled(rules: Iterable[Rule], drug: str | None, case: Case) -> list[Finding]:
    """What some rules say where they apply."""
    return [
        _ruled(rule, drug, case)
        for rule in rules
        if rule.region is None or rule.region in case.regions
    ]


def _ruled(rule: Rule, drug: str | None, case: Case) -> Finding:
    answer = evaluate(rule.when, case.state)
    confirms = answer.truth is None and rule.if_unknown == "confirms"
    effect: Effect = "confirms" if confirms else rule.effect
    said = _sourced(rule.filter, rule.id, effect, answer, rule)
    return said._replace(dose=rule.dose, drug=drug, region=rule.region)


biology = _rules("biology")
interactions = _rules("interactions")
sequencing = _rules("sequencing")
_organ_rules = _rules("organs")


def organs(regimen: Regimen, case: Case) -> Iterator[Finding]:
    """Renal, hepatic, cardiac and other organ rules, and entry limits of its trials."""
    yield from _organ_rules(regimen, case)
    for name in entered(regimen):
        yield from limits_of(case.catalogue.trials[name], case)


def entered(regimen: Regimen) -> tuple[str, ...]:
    """The trials whose entry limits warn: those that the evidence on the regimen comes from."""
    return tuple(dict.fromkeys(row.trial for row in regimen.evidence))


def limits_of(trial: Trial, case: Case) -> list[Finding]:
    """What the entry limits of a trial say of the patient."""
    return case.once("limits", trial.id, lambda: limited(trial, trial.limits, case))


def limited(trial: Trial, limits: Iterable[Limit], case: Case) -> list[Finding]:
    """What some entry limits of a trial say of the patient."""
    return [_limited(trial, each, case) for each in limits]


def _limited(trial: Trial, limit: Limit, case: Case) -> Finding:
    answer = evaluate(limit.when, case.state)
    return _sourced("organs", limit.id, "cautions", answer, limit)._replace(trial=trial.id)


_availability_rules = _rules("availability")


def availability(regimen: Regimen, case: Case) -> Iterator[Finding]:
    """Whether the product can be had at all: withdrawn, investigational or never authorised."""
    yield authorised(regimen, case)
    yield from _availability_rules(regimen, case)
    if case.formulary:
        for entry in case.formulary.on(regimen):
            yield _stocked(entry, case.formulary.name)


def authorised(regimen: Regimen, case: Case, region: Region | None = None) -> Finding:
    """Whether there is a product at all: in one region, or in those asked for."""
    found = approvals_in(region, regimen, case)
    status = STATUS[availability_truth(regimen, found, case)]
    study = [regimen.investigational.source] if regimen.investigational else []
    dated = [source for each in found for one in deciding(each) for source in one.sources]
    sources = tuple(dict.fromkeys(study if status == "met" else [*study, *dated]))
    because = "authorised" if status == "met" else unavailable(found)
    return Finding(
        "availability", "authorised", "requires", status, because, (), sources, region=region
    )


_STOCK_EFFECTS: Final[dict[Stock, Effect]] = {
    "not-stocked": "excludes",
    "needs-approval": "cautions",
    "note": "notes",
}


def label_stem(criterion: str) -> str:
    """What a warning of one region is of, without the region; both regions' share it."""
    return criterion.removesuffix("-us").removesuffix("-eu")


def is_local(one: Finding) -> bool:
    """Whether a finding is a line of the local formulary."""
    return one.filter == "availability" and one.criterion.startswith("formulary-")


def _stocked(entry: Entry, formulary: str) -> Finding:
    because = f"formulary {formulary}: {entry.words}"
    effect = _STOCK_EFFECTS[entry.stock]
    return Finding("availability", f"formulary-{entry.about}", effect, "met", because)


FILTERS: Final[tuple[Filter, ...]] = (
    resistance,
    indication,
    biology,
    organs,
    interactions,
    sequencing,
    availability,
)
