"""Which fields of a patient are read together, and which of these a condition asks.

Fields that are read together are a facet. Facets of few kinds of answers are a bundle together:
what follows from all of them is worked out once for each combination that is met.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeVar

from lenrx.catalogue.conditions import COUNTS, HISTORIES, SETS, Condition, leaves
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Limit, Rule

_Facet = tuple[tuple[str, ...], tuple[str, ...]]
_DRUGS: Final = ("exposed", "refractory", "intolerant", "history")
_READ: Final = ("expanded", "unsure")
"""How the lists of drugs were written."""
_BUNDLES: Final[tuple[tuple[_Facet, ...], ...]] = (
    ((_DRUGS, _READ), (("prior_lines",), (*_DRUGS, *_READ))),
    (
        (("egfr", "crcl", "creatinine", "weight", "dialysis"), ("age", "sex")),
        (("platelets",), ()),
        (("anc",), ()),
    ),
    (
        (("age",), ()),
        (
            (
                *("sex", "ecog", "frailty", "neuropathy_grade", "neuropathic_pain", "hepatic"),
                *("emd", "pcl", "cns", "prior_transplant"),
            ),
            (),
        ),
    ),
    ((("cytogenetics", "cytogenetics_absent"), ()),),
    ((("comorbidities", "comorbidities_absent"), ("sex",)), (("lvef",), ())),
)
"""Facets by bundle: the fields of each, and others that it reads too."""
FACETS: Final = tuple(facet for bundle in _BUNDLES for facet in bundle)
HISTORY: Final = 0
"""The place of the drug history, and of its bundle."""
LINES: Final = 1
KIDNEYS: Final = 2
"""The places of two more facets."""
BUNDLES: Final = tuple(
    tuple(place for place, facet in enumerate(FACETS) if facet in bundle) for bundle in _BUNDLES
)
"""The places of the facets of every bundle."""
Group = tuple[tuple[int, ...], tuple[int, ...]]
"""What a condition asks: bundles and facets, each in order."""
_Criterion = TypeVar("_Criterion", Rule, Limit)


def facet_of(key: str) -> int:
    """The facet that a leaf asks."""
    field = SETS[key][0] if key in SETS else key
    if key in HISTORIES or key in COUNTS:
        field = "exposed"
    if key == "renal":
        field = "egfr"
    return next(place for place, (own, _) in enumerate(FACETS) if field in own)


def bundles_of(facets: Iterable[int]) -> set[int]:
    """The bundles that some facets are in."""
    wanted = {*facets}
    return {place for place, bundle in enumerate(BUNDLES) if not wanted.isdisjoint(bundle)}


def group_of(condition: Condition) -> Group:
    """What a condition asks; nothing where it always or never holds."""
    facets = {facet_of(key) for key, _ in leaves(condition) if key != "always"}
    return tuple(sorted(bundles_of(facets))), tuple(sorted(facets))


def grouped(criteria: Iterable[_Criterion]) -> dict[Group, list[_Criterion]]:
    """Criteria by what they ask, otherwise in the order given."""
    found: dict[Group, list[_Criterion]] = {}
    for each in criteria:
        found.setdefault(group_of(each.when), []).append(each)
    return found


@lru_cache(2)
def groups(catalogue: Catalogue) -> dict[str, Group]:
    """What every rule of the catalogue, and every limit of a trial, asks, by its id."""
    every: list[Rule | Limit] = []
    for drug in catalogue.drugs.values():
        every += drug.rules
    for regimen in catalogue.regimens.values():
        every += regimen.rules
    for trial in catalogue.trials.values():
        every += trial.limits
    return {each.id: group_of(each.when) for each in every}
