"""Which fields of a patient are read together, and which of these a condition asks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeVar

from lenrx.catalogue import Catalogue
from lenrx.criteria import COUNTS, HISTORIES, SETS, Condition, leaves
from lenrx.records import Limit, Rule

FACETS: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("exposed", "refractory", "intolerant", "history", "prior_lines"), ("expanded", "unsure")),
    (("egfr", "crcl", "creatinine", "weight", "dialysis"), ("age", "sex")),
    (("age",), ()),
    (("cytogenetics", "cytogenetics_absent"), ()),
    (("comorbidities", "comorbidities_absent"), ("sex",)),
    (("lvef",), ()),
    (("platelets",), ()),
    (("anc",), ()),
    (
        (
            *("sex", "ecog", "frailty", "neuropathy_grade", "neuropathic_pain", "hepatic"),
            *("emd", "pcl", "cns", "prior_transplant"),
        ),
        (),
    ),
)
"""The facets of a patient, fields that are read together: its own, and others it reads too."""
HISTORY: Final = 0
KIDNEYS: Final = 1
"""The places of two of them."""
Group = tuple[int, ...]
"""The facets that a condition asks, in order."""
_Criterion = TypeVar("_Criterion", Rule, Limit)


def facet_of(key: str) -> int:
    """The facet that a leaf asks."""
    field = SETS[key][0] if key in SETS else key
    if key in HISTORIES or key in COUNTS:
        field = "exposed"
    if key == "renal":
        field = "egfr"
    return next(place for place, (own, _) in enumerate(FACETS) if field in own)


def group_of(condition: Condition) -> Group:
    """The facets that a condition asks; none where it always or never holds."""
    return tuple(sorted({facet_of(key) for key, _ in leaves(condition) if key != "always"}))


def grouped(criteria: Iterable[_Criterion]) -> dict[Group, list[_Criterion]]:
    """Criteria by the facets that they ask, otherwise in the order given."""
    found: dict[Group, list[_Criterion]] = {}
    for each in criteria:
        found.setdefault(group_of(each.when), []).append(each)
    return found


@lru_cache(2)
def groups(catalogue: Catalogue) -> dict[str, Group]:
    """The facets that every rule of the catalogue, and every limit of a trial, asks, by its id."""
    every: list[Rule | Limit] = []
    for drug in catalogue.drugs.values():
        every += drug.rules
    for regimen in catalogue.regimens.values():
        every += regimen.rules
    for trial in catalogue.trials.values():
        every += trial.limits
    return {each.id: group_of(each.when) for each in every}
