"""Evidence in words: rows of the same patients together, seen from this regimen's arm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence
from lenrx.catalogue.vocabulary import ENDPOINTS
from lenrx.report.phrases import cite, cite_short, population_words
from lenrx.report.regimen.words import counted
from lenrx.rules.answer import Assessment
from lenrx.rules.document import against
from lenrx.rules.evidence import EVERYBODY, MatchedEvidence
from lenrx.rules.network import OS, PFS, Win, below_one, superior

_UNITS: Final = {"months": " months", "percent": " %"}
_VALUES: Final = {"NR": "not reached", "NE": "not estimable"}
_BARE: Final = ("younger", "older", "refractory", "not ", "aged", "after", "without")
"""How the words for other patients begin that need no "with"."""


FITS: Final = (
    "in patients like this one",
    "in a wider group that holds this patient",
    "in the situation stated, in trials that took nobody otherwise like this patient, or hardly",
    "in a group of this kind, in trials that took nobody like this patient, or hardly anybody",
    "in groups of which it is not known whether they hold this patient",
    "in other patients",
)
"""How evidence may fit, the best first."""
SHOWN: Final = FITS[:3]
"""Those of which the figures are shown, not only the trials."""
_SITUATIONS: Final = ("emd", "cns", "pcl", "prior-bcma", "renal", "high-risk", "1q", "del17p")


def fit(row: MatchedEvidence) -> str:
    """How a row fits, in words."""
    exact = row.match == "exact"
    if row.fits:
        return FITS[0 if exact else 1]
    if exact and row.evidence.population in _SITUATIONS:
        return FITS[2]
    return FITS[3 if row.match in ("exact", "broader") else 4 if row.match == "unknown" else 5]


def by_trial(rows: Sequence[MatchedEvidence]) -> str:
    """How many outcomes there are, of which trials."""
    trials = dict.fromkeys(row.evidence.trial for row in rows)
    return f"{counted(len(rows), 'outcome')} (-v): {', '.join(trials)}"


class Figures(NamedTuple):
    """Rows of one trial on the same patients against the same arm."""

    rows: tuple[MatchedEvidence, ...]

    @property
    def first(self) -> MatchedEvidence:
        """The row that speaks for all of them."""
        return self.rows[0]


def together(rows: Iterable[MatchedEvidence], catalogue: Catalogue) -> list[Figures]:
    """Rows of the same patients and arms as one, in the order of their first."""
    found: dict[tuple[str, ...], list[MatchedEvidence]] = {}
    for row in rows:
        each = row.evidence
        whom = (each.trial, population_words(each, catalogue), row.match, row.design)
        found.setdefault((*whom, _other(row)), []).append(row)
    return [Figures(tuple(alike)) for alike in found.values()]


def _other(row: MatchedEvidence) -> str:
    """The other arm, as a row names it."""
    each = row.evidence
    if row.comparator_arm_of:
        return row.comparator_arm_of
    return against(each) if each.comparator is not None and not each.contrast else ""


def head_of(group: Figures, catalogue: Catalogue) -> str:
    """Trial, population, n and the other arm of rows that share them."""
    row = group.first
    versus = f" v {_other(row)}" if _other(row) else ""
    sizes = {size_of(each.evidence) for each in group.rows}
    size = f", n {sizes.pop()}" if len(sizes) == 1 and None not in sizes else ""
    design = "" if row.design == "randomised" else f", {row.design}"
    whom = population_words(row.evidence, catalogue)
    return f"{row.evidence.trial}{design}: {whom}{size}{versus}"


def size_of(each: Evidence) -> int | None:
    """How many patients a row is of."""
    return sum(each.arms.values()) if each.n is None and each.arms else each.n


def outcomes(group: Figures) -> str:
    """What came of the patients of a group, one outcome after the other."""
    sizes = {size_of(each.evidence) for each in group.rows}
    return "; ".join(outcome(each, with_size=len(sizes) > 1) for each in group.rows)


def outcome(row: MatchedEvidence, with_size: bool = False) -> str:
    """One outcome: the value beside that of the other arm, hazard ratio and interval."""
    each, size = row.evidence, size_of(row.evidence)
    parts = [part for part in (_compared(row), hazard(row)) if part]
    name = ENDPOINTS[each.endpoint].partition(",")[0].removesuffix(" hazard ratio")
    at = f" at {each.at_months:g} months" if each.at_months is not None else ""
    number = f" (n {size})" if with_size and size is not None else ""
    return f"{name}{at} {', '.join(parts)}{number}"


def _compared(row: MatchedEvidence) -> str:
    """Both arms' values; of patients who were no arm, whose value the other is."""
    each = row.evidence
    value, other = each.value, each.comparator_value
    if row.comparator_arm_of:
        value, other = other, value
    if value is None:
        return ""
    unit = _UNITS.get(each.endpoint.rpartition("_")[2], "")
    if other is None:
        return valued(value) + ("" if isinstance(value, str) else unit)
    if each.contrast:
        return f"{valued(value)}{unit}, against {valued(other)} {contrasted(each.contrast)}"
    if isinstance(other, str):
        return f"{valued(value)}{'' if isinstance(value, str) else unit} v {valued(other)}"
    return f"{valued(value)} v {valued(other)}{unit}"


def contrasted(whom: str) -> str:
    """The other patients of a study, who were no arm of it."""
    if whom.startswith("no "):
        return f"in patients without {whom.removeprefix('no ')}"
    return f"in patients {'' if whom.startswith(_BARE) else 'with '}{whom}"


def hazard(row: MatchedEvidence) -> str:
    """The hazard ratio with its interval, and for whom, where it is the other arm's."""
    each = row.evidence
    favours = f" for {row.comparator_arm_of}" if row.comparator_arm_of else ""
    level = f"{each.ci_level} % CI " if each.ci_level else ""
    interval = f" ({level}{each.ci95[0]}-{each.ci95[1]})" if each.ci95 else ""
    return f"HR {each.hr}{interval}{favours}" if each.hr is not None else ""


def ratio(each: Evidence) -> str:
    """The hazard ratio of a row with its interval, nothing where it has none."""
    if each.hr is None:
        return ""
    level = each.ci_level or "95"
    interval = f", {level} % CI {each.ci95[0]}-{each.ci95[1]}" if each.ci95 else ""
    return f"HR {each.hr}{interval}"


def valued(value: float | str) -> str:
    """A value, or that it was not reached."""
    return _VALUES.get(value, value) if isinstance(value, str) else f"{value:g}"


def headline(each: Assessment) -> MatchedEvidence | None:
    """The one row to show: one that fits, of the trial that decided, PFS with its ratio first."""
    return min(each.evidence, key=lambda row: _headline_place(row, each), default=None)


def _headline_place(row: MatchedEvidence, each: Assessment) -> tuple[bool | int, ...]:
    one = row.evidence
    beaten = row.comparator_arm_of is not None or one.control
    kind = 0 if one.endpoint in PFS else 1 if one.endpoint in OS else 2
    return (
        FITS.index(fit(row)) > 1,
        beaten,
        one.trial != each.merit.trial,
        kind,
        one.hr is None,
        FITS.index(fit(row)),
        one.value is None,
    )


def cited(group: Figures, catalogue: Catalogue) -> str:
    """The sources of a group in short with how each was read, each once."""
    found: dict[str, dict[str, None]] = {}
    for one in _rows(group):
        found.setdefault(one.verified, {})[cite_short(one.source, catalogue)] = None
    return "; ".join(f"{', '.join(names)}: {how}" for how, names in found.items())


def placed(group: Figures, catalogue: Catalogue) -> str:
    """The sources of a group with the place in each."""
    parts = ((cite(one.source, catalogue), one.where, one.verified) for one in _rows(group))
    return "; ".join(dict.fromkeys(", ".join(part for part in each if part) for each in parts))


def _rows(group: Figures) -> list[Evidence]:
    return [each.evidence for each in group.rows]


def notes(group: Figures) -> list[str]:
    """What is noted on the rows of a group, each once."""
    return list(dict.fromkeys(each.note for each in _rows(group) if each.note))


def step(win: Win, catalogue: Catalogue) -> str:
    """One comparison that was won: over whom, in which trial, by how much."""
    shown = measured(widest(win, catalogue))
    return f"beat {' or '.join(win.over)} in {win.trial} ({shown})"


def path(steps: Sequence[Win], catalogue: Catalogue) -> str:
    """Who beat whom, down to what beat nothing."""
    return ", which ".join(step(each, catalogue) for each in steps)


def widest(win: Win, catalogue: Catalogue) -> Evidence:
    """The row to show of a comparison that was won: of most patients among those that show it."""
    found = [
        row
        for row in rows_of(win.winner, catalogue)
        if (row.trial, row.comparator, row.endpoint in PFS)
        == (win.trial, win.over, win.row.endpoint in PFS)
        and below_one(row) == below_one(win.row)
        and superior(row, catalogue)
    ]
    return max(found, key=lambda row: (row.population == EVERYBODY, size_of(row) or 0))


def rows_of(name: str, catalogue: Catalogue) -> tuple[Evidence, ...]:
    """The evidence on a regimen or a comparator."""
    found = catalogue.regimens.get(name) or catalogue.comparators[name]
    return found.evidence


def measured(row: Evidence) -> str:
    """By what a comparison was won."""
    if not below_one(row):
        return "primary endpoint met"
    return f"{'PFS' if row.endpoint in PFS else 'OS'}, {ratio(row)}"
