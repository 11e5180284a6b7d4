"""The typical patient of a regimen: one whom its pivotal trial took, and one whom it left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final, NamedTuple

from lenrx.catalogue.conditions import leaves
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Limit, Regimen, Trial
from lenrx.catalogue.vocabulary import COMORBIDITIES, CYTOGENETICS, VERDICTS
from lenrx.curation.deck.expected import expectations, regions, verdict
from lenrx.curation.deck.history import Fields, lines_taken
from lenrx.curation.deck.market import clauses
from lenrx.curation.deck.truth import told
from lenrx.curation.deck.variants import variants

WELL: Final[Mapping[str, Any]] = {
    "age": 62,
    "sex": "female",
    "egfr": 80,
    "dialysis": False,
    "cytogenetics": [],
    "cytogenetics_absent": list(CYTOGENETICS),
    "emd": False,
    "pcl": False,
    "cns": False,
    "ecog": 1,
    "frailty": "fit",
    "neuropathy_grade": 0,
    "neuropathic_pain": False,
    "lvef": 60,
    "platelets": 180,
    "anc": 3,
    "hepatic": "none",
    "comorbidities": [],
    "comorbidities_absent": list(COMORBIDITIES),
    "medications": [],
    "prior_transplant": True,
}
"""Everything stated, and nothing of it unusual: a made-up patient, no clinical claim."""
_LEN, _POM, _BORT, _CARF, _DARA = (
    *("lenalidomide", "pomalidomide", "bortezomib", "carfilzomib", "daratumumab"),
)
_FAILED: Final = (
    (_LEN,),
    (_LEN, _BORT),
    (_LEN, _DARA),
    (_LEN, _BORT, _DARA),
    (_LEN, _POM, _BORT),
    (_LEN, _POM, _BORT, _DARA),
    (_LEN, _POM, _BORT, _CARF, _DARA),
    (_LEN, _POM, _CARF, _DARA),
    (),
)
_GIVEN: Final = (
    ("bortezomib", "dexamethasone"),
    ("dexamethasone",),
    ("cyclophosphamide", "dexamethasone"),
    ("bortezomib", "dexamethasone", "melphalan"),
    ("bortezomib", "dexamethasone", "lenalidomide"),
    ("bortezomib", "dexamethasone", "teclistamab"),
    ("bortezomib", "belantamab-mafodotin", "cilta-cel", "dexamethasone"),
)
_LINES: Final = (1, 2, 3, 4, 5)


class Typical(NamedTuple):
    """The typical patient of a regimen, by which trial, and one whom it left out by which limit."""

    trial: str
    chart: Fields
    limit: str = ""
    left_out: Fields | None = None


def pivotal(regimen: Regimen, catalogue: Catalogue) -> Trial | None:
    """The trial that says most of whom it took: randomised before others, with entry limits."""
    own = [catalogue.trials[name] for name in dict.fromkeys(row.trial for row in regimen.evidence)]
    ordered = sorted(own, key=lambda one: (not one.limits, one.design != "randomised"))
    return ordered[0] if ordered else None


def typical(regimen: Regimen, catalogue: Catalogue) -> Typical:
    """The history that suits the regimen best, then what else its trial and its label ask."""
    trial = pivotal(regimen, catalogue)
    best: tuple[int, ...] = ()
    chart: Fields = WELL
    for history in _histories(catalogue):
        tried = _suited({**WELL, **history}, regimen, trial, catalogue)
        found = _merits(tried, regimen, trial, catalogue)
        if not best or found > best:
            best, chart = found, tried
        if all(found):
            break
    if trial is None:
        return Typical("", chart)
    limit, left = _left_out(chart, trial, catalogue)
    return Typical(trial.id, chart, limit, left)


def _histories(catalogue: Catalogue) -> Iterator[Fields]:
    """Drug histories from the simplest on, of drugs that are known and lines that suffice."""
    for failed, given, lines in product(_FAILED, _GIVEN, _LINES):
        found = {
            "exposed": [each for each in given if each in catalogue.drugs and each not in failed],
            "refractory": [each for each in failed if each in catalogue.drugs],
            "prior_lines": lines,
        }
        if lines >= lines_taken(found, catalogue):
            yield found


def _suited(chart: Fields, regimen: Regimen, trial: Trial | None, catalogue: Catalogue) -> Fields:
    """A chart with what the population of the trial and a label ask besides the drug history."""
    asked = [limit.when for limit in trial.limits] if trial else []
    for condition in [{"not": each} for each in asked]:
        chart = _reached(condition, chart, catalogue)
    groups = _populations(regimen, trial, catalogue)
    if any(told(each, chart, catalogue) for each in groups):
        return chart
    return _reached(groups[0], chart, catalogue) if groups else chart


def _populations(
    regimen: Regimen, trial: Trial | None, catalogue: Catalogue
) -> list[Mapping[str, Any]]:
    """Whom the results of a trial are of; everybody enrolled is no condition."""
    rows = [row for row in regimen.evidence if trial and row.trial == trial.id]
    named = dict.fromkeys(row.population for row in rows)
    return [each for name in named if (each := catalogue.populations[name].when)]


def _reached(condition: Mapping[str, Any], chart: Fields, catalogue: Catalogue) -> Fields:
    """A chart that meets a condition by one change outside the drug history, or as it is."""
    if told(condition, chart, catalogue):
        return chart
    for key, wanted in leaves(condition):
        for variant in variants(key, wanted, catalogue):
            changed = variant.change(chart)
            alike = all(
                changed.get(name) == chart.get(name)
                for name in ("prior_lines", "history", "exposed", "refractory", "intolerant")
            )
            if alike and told(condition, changed, catalogue):
                return changed
    return chart


def _merits(
    chart: Fields, regimen: Regimen, trial: Trial | None, catalogue: Catalogue
) -> tuple[int, ...]:
    """What speaks for a chart, the weightiest first; all above 0 where none could be better."""
    if trial and any(told(limit.when, chart, catalogue) for limit in trial.limits):
        return (0,)
    held = clauses(regimen, regions(chart), chart, catalogue)
    labelled = not held or any(told(each.when, chart, catalogue) for each in held)
    groups = _populations(regimen, trial, catalogue)
    enrolled = not groups or any(told(each, chart, catalogue) for each in groups)
    found = expectations(regimen, chart, catalogue)
    open_ = VERDICTS[::-1].index(verdict(found, regimen, chart, catalogue))
    if any((one.criterion, one.truth) == ("authorised", False) for one in found):
        open_ = 1  # It cannot be had by anybody on that day, so no history is better than another.
    return 1, open_, int(labelled), int(enrolled)


def _left_out(chart: Fields, trial: Trial, catalogue: Catalogue) -> tuple[str, Fields | None]:
    """The typical patient with one change that the trial did not take, and which limit says so."""
    for limit in trial.limits:
        changed = meeting(limit, chart, catalogue)
        if changed is not None:
            return limit.id, changed
    return "", None


def meeting(limit: Limit, chart: Fields, catalogue: Catalogue) -> Fields | None:
    """A chart with one change that comes under an entry limit."""
    for key, wanted in leaves(limit.when):
        for variant in variants(key, wanted, catalogue):
            changed = variant.change(chart)
            if told(limit.when, changed, catalogue):
                return changed
    return None
