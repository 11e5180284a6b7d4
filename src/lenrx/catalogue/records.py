"""The records of the catalogue: sources, drugs, trials, regimens and their evidence, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from lenrx.catalogue.conditions import Condition
from lenrx.catalogue.vocabulary import (
    Design,
    Effect,
    FilterName,
    Intensity,
    Region,
    Role,
    Topic,
    Verified,
)

FILES: Final = ("drugs.yaml", "interactions.yaml", "regimens.yaml", "sources.yaml")
RENAMED: Final = {"class": "drug_class", "from": "since"}
"""Keys of the YAML whose word is taken in Python."""


class CatalogueError(Exception):
    """The catalogue cannot be used; the message says where (file:line) and what to do."""


class Source(NamedTuple):
    """One document that somebody read, and how much of it was seen."""

    id: str
    title: str
    short: str
    kind: Literal["paper", "congress", "label", "registry", "guideline", "review", "page"]
    seen: Verified
    read: str
    url: str | None = None
    year: int | None = None
    pmid: str | None = None
    doi: str | None = None
    nct: str | None = None
    region: Region | None = None
    product: str | None = None


class Rule(NamedTuple):
    """One criterion of a drug or a regimen. `because` names the threshold, no patient's value."""

    id: str
    filter: FilterName
    effect: Effect
    when: Condition
    because: str
    source: str
    verified: Verified
    where: str | None = None
    dose: str | None = None
    region: Region | None = None
    if_unknown: Literal["confirms"] | None = None
    serious: bool = False
    """Of a caution: boxed, to be avoided by a label, or advised against in this situation."""
    topics: tuple[Topic, ...] = ()
    """Of what has to be arranged: the fewest words for it."""


class Authorisation(NamedTuple):
    """When a drug was first authorised in a region, for whatever: the day, or what bounds it."""

    region: Region
    source: str
    verified: Verified
    where: str
    since: str | None = None
    not_before: str | None = None
    by: str | None = None
    """A day on which it was authorised, since whenever."""


class Drug(NamedTuple):
    """A drug, the names it goes by, and the rules that reach every regimen holding it."""

    id: str
    name: str
    drug_class: str
    source: str | None = None
    verified: Verified | None = None
    target: str | None = None
    brands: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    """Other names: of other languages and word orders, and of what stands for it here."""
    routes: tuple[Literal["oral", "iv", "sc"], ...] = ()
    atc: str | None = None
    rules: tuple[Rule, ...] = ()
    authorised: tuple[Authorisation, ...] = ()


class GoingBack(NamedTuple):
    """What refractoriness to one drug says about going back to others of its class."""

    refractory: str
    to: tuple[str, ...]
    effect: Literal["excludes", "cautions"]
    because: str
    source: str
    verified: Verified
    where: str | None = None
    serious: bool = False


class DrugClass(NamedTuple):
    """How resistance crosses inside a class: per drug, whole class, or a caution only."""

    id: str
    name: str
    crosses: Literal["drug", "class", "caution"]
    says: str | None = None
    source: str | None = None
    verified: Verified | None = None
    where: str | None = None
    going_back: tuple[GoingBack, ...] = ()
    rules: tuple[Rule, ...] = ()
    """Rules that reach every regimen holding a drug of the class, once."""


class Definition(NamedTuple):
    """A definition that the program applies, in our own words, with its source."""

    id: str
    says: str
    source: str
    verified: Verified
    where: str | None = None


class Limit(NamedTuple):
    """Patients whom a trial excluded, or (`few`) hardly enrolled: its evidence is not on them.

    Never a contraindication. That a drug is dangerous in such a state is a rule of the drug.
    """

    id: str
    when: Condition
    because: str
    source: str
    verified: Verified
    where: str | None = None
    few: bool = False


class Result(NamedTuple):
    """What came of a trial as a whole, in our words."""

    says: str
    source: str
    verified: Verified
    where: str | None = None


class Trial(NamedTuple):
    """A study: who was enrolled, in which arms, whom it left out, what it showed.

    `enrolled_refractory` names drugs and classes to which patients who were enrolled were
    refractory; what is missing there is not known to have been. `primary_met`: the experimental
    arm won the primary endpoint, where no interval says so. `survival_worse`: overall survival
    was worse with the experimental arm. `enrolled_states` names states of `SeldomEnrolled` of which
    patients are known to have been enrolled.
    """

    id: str
    design: Design
    source: str
    verified: Verified
    nct: str | None = None
    phase: str | None = None
    arms: Mapping[str, int] | None = None
    enrolled: str | None = None
    median_prior_lines: str | None = None
    len_refractory: str | None = None
    enrolled_refractory: tuple[str, ...] = ()
    enrolled_states: tuple[str, ...] = ()
    primary_met: Result | None = None
    survival_worse: Result | None = None
    limits: tuple[Limit, ...] = ()


class Evidence(NamedTuple):
    """One outcome in one population of one trial. Months or percent; HR and interval as printed.

    `comparator` lists regimens or `comparators` by id (one of several: a choice), or says in words
    what the other arm was. `contrast` says who else `comparator_value` is of, when they were no arm
    but other patients of the study. `control`: the regimen was the arm that the trial set out to
    beat.
    """

    trial: str
    population: str
    endpoint: str
    source: str
    verified: Verified
    where: str | None = None
    detail: str | None = None
    when: Condition | None = None
    also: tuple[str, ...] = ()
    value: float | str | None = None
    value_ci95: tuple[str, str] | None = None
    comparator: tuple[str, ...] | str | None = None
    contrast: str | None = None
    control: bool = False
    comparator_value: float | str | None = None
    hr: str | None = None
    ci95: tuple[str, str] | None = None
    ci_level: str | None = None
    p: str | None = None
    n: int | None = None
    arms: Mapping[str, int] | None = None
    at_months: float | None = None
    followup_months: float | str | None = None
    design: Design | None = None
    note: str | None = None


class Label(NamedTuple):
    """One dated clause of one region's label: whom the product is authorised for.

    `not_before` is the earliest day it can have started, where the day itself was not found;
    `unconfirmed`: an opinion or a report was seen, but no decision.
    """

    id: str
    region: Region
    product: str
    when: Condition
    says: str
    source: str
    verified: Verified
    where: str | None = None
    formulation: Literal["iv", "sc"] | None = None
    since: str | None = None
    not_before: str | None = None
    unconfirmed: bool = False
    until: str | None = None
    ended_by: Literal["replaced", "withdrawn"] | None = None
    dated_by: str | None = None
    note: str | None = None
    confirm: tuple[str, ...] = ()


class Guideline(NamedTuple):
    """A document that takes positions: who issued it, and when (a year, a month or a day).

    Guidelines order, unless `ranked` is false (a list without order) or a later one supersedes
    them; funding decisions and reviews are shown only.
    """

    id: str
    body: str
    kind: Literal["guideline", "funding", "review"]
    published: str
    ranked: bool = True
    superseded_by: str | None = None
    note: str | None = None


class Comparator(NamedTuple):
    """A treatment outside the catalogue that its regimens were compared with."""

    id: str
    name: str
    evidence: tuple[Evidence, ...] = ()


class Position(NamedTuple):
    """What one body says of one regimen in one setting; never merged with another's."""

    guideline: str
    setting: str
    stance: Literal["recommended", "option", "not-recommended"]
    source: str
    verified: Verified
    where: str | None = None
    grade: str | None = None
    note: str | None = None


class Toxicity(NamedTuple):
    """One adverse event, in percent of patients."""

    event: str
    grade: str
    percent: float
    source: str
    verified: Verified
    trial: str | None = None
    comparator_percent: float | None = None
    where: str | None = None
    note: str | None = None


class Component(NamedTuple):
    """A drug of a regimen and what the regimen asks of it."""

    drug: str
    role: Role


class Dose(NamedTuple):
    """Dose and schedule of one drug, where a source gives them."""

    drug: str
    dose: str
    source: str
    verified: Verified
    days: str | None = None
    where: str | None = None


class Investigational(NamedTuple):
    """The time in which a regimen is authorised nowhere; open ends are open."""

    source: str
    verified: Verified
    since: str | None = None
    until: str | None = None
    where: str | None = None


class Claim(NamedTuple):
    """One side of a disagreement."""

    text: str
    source: str
    verified: Verified
    where: str | None = None


class Disagreement(NamedTuple):
    """Sources that disagree, side by side."""

    id: str
    about: str
    says: tuple[Claim, ...]


class Regimen(NamedTuple):
    """A named combination with doses and schedule."""

    id: str
    name: str
    intensity: Intensity
    drugs: tuple[Component, ...]
    reviewed: str
    aliases: tuple[str, ...] = ()
    figure1: bool = False
    restricted: bool = False
    replaced_by: str | None = None
    investigational: Investigational | None = None
    schedule: tuple[Dose, ...] = ()
    labels: tuple[Label, ...] = ()
    rules: tuple[Rule, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    positions: tuple[Position, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    toxicity: tuple[Toxicity, ...] = ()
    gaps: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Id and name; the whole entry is tens of thousands of letters."""
        return f"Regimen({self.id!r}, {self.name!r})"


class Combination(NamedTuple):
    """A past regimen by the name a chart uses; it only expands to its drugs."""

    id: str
    drugs: tuple[str, ...]
    aliases: tuple[str, ...] = ()
