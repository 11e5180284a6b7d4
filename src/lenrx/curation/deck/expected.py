"""What each criterion of a regimen has to say of a chart, and the verdict that follows.

Told from the records of the catalogue, in the order of `rules.filters`, without a line of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import (
    Component,
    DrugClass,
    GoingBack,
    Label,
    Limit,
    Regimen,
    Rule,
)
from lenrx.catalogue.vocabulary import REGIONS, VERDICTS, Effect, Region, Truth, Verdict
from lenrx.curation.deck.history import Fields, Kind, drugs_of, happened, lines_taken
from lenrx.curation.deck.market import available, clauses, covered
from lenrx.curation.deck.truth import least, most, reverse, told

Record = GoingBack | Label | Limit | Rule
WORDS: Final = {True: "met", False: "not met", None: "unknown"}


class Expected(NamedTuple):
    """What one criterion has to say: where it stands, its effect, and whether it is met."""

    filter: str
    criterion: str
    effect: Effect
    truth: Truth
    sources: tuple[str, ...] = ()
    record: Record | None = None
    """What words it in the catalogue: reason, place, dose and what else is handed on."""
    of: str = ""
    """The drug or the trial that it is said of."""
    region: Region | None = None

    @property
    def leaves_open(self) -> Truth:
        """Whether this criterion alone leaves the regimen open."""
        if self.effect == "excludes":
            return reverse(self.truth)
        return self.truth if self.effect == "requires" else True


def refusal(chart: Fields, catalogue: Catalogue) -> str:
    """The field that makes a chart one that cannot be true; empty where there is none."""
    lines = chart.get("prior_lines")
    return "prior_lines" if lines is not None and lines < lines_taken(chart, catalogue) else ""


def expectations(regimen: Regimen, chart: Fields, catalogue: Catalogue) -> list[Expected]:
    """What every criterion of a regimen has to say of a chart."""
    found = [one for each in regimen.drugs for one in _resistance(each, chart, catalogue)]
    relapsed = told({"prior_lines": {"at_least": 1}}, chart, catalogue)
    found.append(Expected("indication", "relapse", "requires", relapsed))
    asked = regions(chart)
    found += _labels(regimen, asked, chart, catalogue)
    found += _rules(regimen, asked, chart, catalogue)
    trials = dict.fromkeys(row.trial for row in regimen.evidence)
    for trial in (catalogue.trials[name] for name in trials):
        for limit in trial.limits:
            truth = told(limit.when, chart, catalogue)
            own = (limit.source,)
            found.append(Expected("organs", limit.id, "cautions", truth, own, limit, trial.id))
    return found


def regions(chart: Fields) -> tuple[Region, ...]:
    """The regions whose label counts."""
    return (chart["region"],) if chart.get("region") else REGIONS


def verdict(
    found: Iterable[Expected], regimen: Regimen, chart: Fields, catalogue: Catalogue
) -> Verdict:
    """The verdict of the region in which a regimen is more open."""
    found, own = tuple(found), list[Truth]()
    for region in regions(chart):
        kept = [one for one in found if one.region in (None, region)]
        kept = [one for one in kept if one.criterion not in ("label", "authorised")]
        kept += _labels(regimen, (region,), chart, catalogue)
        own.append(least(one.leaves_open for one in kept))
    return VERDICTS[(True, None, False).index(most(own))]


def _resistance(component: Component, chart: Fields, catalogue: Catalogue) -> Iterator[Expected]:
    drug, role = component
    one = catalogue.classes[catalogue.drugs[drug].drug_class]
    if role != "steroid":
        yield from _failed(component, one, chart, catalogue)
    stopped = happened("intolerant", drug, chart, catalogue)
    effect: Effect = "cautions" if role == "steroid" else "excludes"
    yield Expected("resistance", f"intolerant-{drug}", effect, stopped)
    alike = _others("intolerant", drug, one, chart, catalogue)
    if alike is not False:
        yield Expected("resistance", f"{drug}-class-intolerance", "cautions", alike)


def _failed(
    component: Component, one: DrugClass, chart: Fields, catalogue: Catalogue
) -> Iterator[Expected]:
    drug, role = component
    name = one.id if one.crosses == "class" else drug
    effect: Effect = "cautions" if role == "tolerated" else "excludes"
    own = (one.source,) if one.source else ()
    failed = happened("refractory", name, chart, catalogue)
    yield Expected("resistance", f"refractory-{name}", effect, failed, own)
    for back in one.going_back:
        if drug in back.to:
            failed = happened("refractory", back.refractory, chart, catalogue)
            yield Expected(
                "resistance",
                f"{drug}-after-{back.refractory}",
                "cautions" if role == "tolerated" else back.effect,
                failed,
                (back.source,),
                back,
            )
    if one.crosses == "caution":
        other = _others("refractory", drug, one, chart, catalogue)
        yield Expected("resistance", f"{drug}-same-class", "cautions", other, own)
    if happened("refractory", drug, chart, catalogue) is False:
        given = happened("received", drug, chart, catalogue)
        if given is not False:
            yield Expected("resistance", f"exposed-{drug}", "notes", given)


def _others(kind: Kind, drug: str, one: DrugClass, chart: Fields, catalogue: Catalogue) -> Truth:
    """Whether another drug of the class failed or was stopped; one item may be of several."""
    others = drugs_of(one.id, catalogue) - {drug}
    return most(happened(kind, each, chart, catalogue) for each in others)


def _labels(
    regimen: Regimen, asked: tuple[Region, ...], chart: Fields, catalogue: Catalogue
) -> Iterator[Expected]:
    """Whether a label covers the patient, what each clause says, and whether there is a product."""
    held = clauses(regimen, asked, chart, catalogue)
    binding = regimen.restricted and held
    inside = most(covered(each, chart, catalogue) for each in held)
    sources = tuple(dict.fromkeys(each.source for each in held))
    effect: Effect = "requires" if binding else "notes"
    yield Expected("indication", "label", effect, inside, sources)
    for each in held:
        inside = covered(each, chart, catalogue)
        yield Expected("indication", each.id, "notes", inside, (each.source,), each)
    study = regimen.investigational
    there = most(available(regimen, region, chart, catalogue) for region in asked)
    there = True if there is None and not regimen.restricted else there
    day = str(chart.get("as_of") or catalogue.day)
    doubts = [
        any(day < catalogue.authorised(each.drug, region)[1] for each in regimen.drugs)
        for region in asked
    ]
    there = None if there and all(doubts) else there
    own: tuple[str, ...] = (study.source,) if study else ()
    if there is not True:
        studied = study and (study.since or "") <= day < (study.until or "9999")
        own += () if studied else tuple(_not_yet(regimen, asked, day, there is None, catalogue))
    yield Expected("availability", "authorised", "requires", there, tuple(dict.fromkeys(own)))


def _not_yet(
    regimen: Regimen, asked: tuple[Region, ...], day: str, doubted: bool, catalogue: Catalogue
) -> Iterator[str]:
    """The sources by which a drug of the regimen was not authorised on a day, or may not have."""
    for region in asked:
        for component in regimen.drugs:
            for one in catalogue.drugs[component.drug].authorised:
                first = one.since or one.not_before or ""
                last = one.since or one.by or "9999"
                if one.region == region and day < (last if doubted else first):
                    yield one.source


def _rules(
    regimen: Regimen, asked: tuple[Region, ...], chart: Fields, catalogue: Catalogue
) -> Iterator[Expected]:
    """The rules of the regimen, of the classes of its drugs once, and of each drug."""
    drugs = [catalogue.drugs[each.drug] for each in regimen.drugs]
    classes = dict.fromkeys(each.drug_class for each in drugs)
    rules = [
        *((rule, "") for rule in regimen.rules),
        *((rule, "") for name in classes for rule in catalogue.classes[name].rules),
        *((rule, drug.id) for drug in drugs for rule in drug.rules),
    ]
    for rule, of in rules:
        if rule.region is None or rule.region in asked:
            yield _ruled(rule, of, told(rule.when, chart, catalogue))


def _ruled(rule: Rule, of: str, truth: Truth) -> Expected:
    open_ = truth is None and rule.if_unknown
    effect: Effect = "confirms" if open_ else rule.effect
    own = (rule.source,)
    return Expected(rule.filter, rule.id, effect, truth, own, rule, of, rule.region)
