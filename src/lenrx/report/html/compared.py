"""The rows of evidence that the figures are drawn of: own arm, fitting, of the narrowest group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from lenrx.report.html.cited import Mark, mark_of
from lenrx.report.phrases import evidence_line, population_words, shown
from lenrx.report.regimen.figures import size_of
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.document import against
from lenrx.rules.evidence import MatchedEvidence
from lenrx.rules.headline import situations, told_best, urgency
from lenrx.rules.network import OS, PFS, by_treatment

MEDIAN: Final = "median_pfs_months"
_VALUES: Final = {"NR": "not reached", "NE": "not estimable"}


class Compared(NamedTuple):
    """One comparison of a regimen with another arm, in the words and numbers of its source."""

    regimen: str
    verdict: str
    other: str
    trial: str
    endpoint: str
    whom: str
    n: int | None
    exact: bool
    """Whether it is of patients like this one; else of a wider group that holds this patient."""
    read: str
    mark: Mark
    row: MatchedEvidence

    @property
    def fits(self) -> str:
        """How the patients fit, in words."""
        return "patients like this" if self.exact else "wider group"

    @property
    def interval(self) -> tuple[str, str]:
        """The interval of the hazard ratio as printed."""
        return self.row.evidence.ci95 or ("", "")

    @property
    def level(self) -> str:
        """Of which level the interval is, where it is not the usual one."""
        level = self.row.evidence.ci_level
        return "" if level in (None, "95") else f"{level} % CI"

    @property
    def numbers(self) -> str:
        """Hazard ratio and interval as printed."""
        low, high = self.interval
        return f"{self.row.evidence.hr} ({low} to {high})"

    @property
    def values(self) -> tuple[str, str]:
        """The value of this regimen's arm and that of the other, in words."""
        return _words(self.row.evidence.value), _words(self.row.evidence.comparator_value)


def _words(value: float | str | None) -> str:
    if value is None:
        return ""
    return _VALUES.get(value, value) if isinstance(value, str) else f"{value:g}"


def candidates(answer: Answer) -> list[Assessment]:
    """The regimens that are open, or may be."""
    return [each for each in answer.regimens if each.verdict != "excluded"]


def ratios(answer: Answer) -> list[Compared]:
    """Hazard ratios with an interval, by trial: nothing here is a rank."""
    return _by_trial(answer, _has_ratio)


def medians(answer: Answer) -> list[Compared]:
    """Medians of progression-free survival beside those of the other arm, by trial."""
    return _by_trial(answer, _has_medians)


def _has_ratio(row: MatchedEvidence) -> bool:
    return row.evidence.ci95 is not None and row.evidence.hr is not None


def _has_medians(row: MatchedEvidence) -> bool:
    each = row.evidence
    known = each.value is not None and each.comparator_value is not None
    return each.endpoint == MEDIAN and known


def _by_trial(answer: Answer, wanted: Callable[[MatchedEvidence], bool]) -> list[Compared]:
    found = [
        _compared(row, each, answer)
        for each in candidates(answer)
        for row in _chosen(filter(wanted, randomised(each, answer)), answer)
    ]
    return sorted(
        found,
        key=lambda one: (
            one.trial.casefold(),
            one.regimen.casefold(),
            one.endpoint == "OS",
            not one.exact,
        ),
    )


def randomised(each: Assessment, answer: Answer) -> list[MatchedEvidence]:
    """The rows of randomised comparisons that fit, of the regimen as the arm that was tried."""
    return [row for row in told_best(each.evidence, answer.catalogue) if _is_own(row)]


def _is_own(row: MatchedEvidence) -> bool:
    each = row.evidence
    compared = each.comparator is not None and not each.contrast
    own = row.comparator_arm_of is None and not each.control
    of_survival = each.endpoint in (*PFS, *OS)
    return row.fits and row.design == "randomised" and own and compared and of_survival


def _chosen(rows: Iterable[MatchedEvidence], answer: Answer) -> Iterator[MatchedEvidence]:
    """Of each trial and endpoint the narrowest group by treatment, and each special situation."""
    groups: dict[tuple[str, bool], list[MatchedEvidence]] = {}
    for row in rows:
        groups.setdefault((row.evidence.trial, row.evidence.endpoint in OS), []).append(row)
    for alike in groups.values():
        usual = [row for row in alike if by_treatment(row.evidence, answer.catalogue)]
        first = min(usual or alike, key=urgency)
        yield first
        special = (row for row in alike if row is not first and _is_special(row, answer))
        yield from special


def _is_special(row: MatchedEvidence, answer: Answer) -> bool:
    found = {*situations(row.evidence, answer.catalogue)} - {"age"}
    return row.match == "exact" and bool(found)


def _compared(row: MatchedEvidence, each: Assessment, answer: Answer) -> Compared:
    one = row.evidence
    return Compared(
        regimen=each.regimen.id,
        verdict=each.verdict,
        other=against(one),
        trial=one.trial,
        endpoint="PFS" if one.endpoint in PFS else "OS",
        whom=population_words(one, answer.catalogue),
        n=size_of(one),
        exact=row.match == "exact",
        read=one.verified,
        mark=mark_of(one),
        row=row,
    )


class Without(NamedTuple):
    """A regimen that a figure has no place for, and what there is of it instead."""

    regimen: str
    verdict: str
    says: str
    marks: tuple[Mark, ...] = ()


def without(drawn: Iterable[Compared], answer: Answer) -> list[Without]:
    """The regimens that are open, or may be, and that a figure leaves out; by id."""
    there = {one.regimen for one in drawn}
    rest = [each for each in candidates(answer) if each.regimen.id not in there]
    return [_told(each, answer) for each in sorted(rest, key=_name)]


def _name(each: Assessment) -> str:
    return each.regimen.id.casefold()


def _told(each: Assessment, answer: Answer) -> Without:
    row = shown(each, answer).first
    if row is None:
        return Without(each.regimen.id, each.verdict, "no study found")
    words = evidence_line(row, answer.catalogue)
    design = "" if row.design == "randomised" else f"{row.design}: "
    return Without(each.regimen.id, each.verdict, f"{design}{words}", (mark_of(row.evidence),))


def unpaired(answer: Answer) -> list[Without]:
    """Medians of studies with one arm only, which nothing stands beside; by regimen."""
    return [
        Without(each.regimen.id, each.verdict, _alone(row, answer), (mark_of(row.evidence),))
        for each in sorted(candidates(answer), key=_name)
        for row in told_best(each.evidence, answer.catalogue)
        if row.fits and row.evidence.endpoint == MEDIAN and row.design in ("single-arm", "pooled")
        if row.evidence.value is not None
    ]


def _alone(row: MatchedEvidence, answer: Answer) -> str:
    one = row.evidence
    unit = "" if isinstance(one.value, str) else " months"
    size = f", n {size_of(one)}" if size_of(one) else ""
    whom = population_words(one, answer.catalogue)
    fit = "" if row.match == "exact" else " (wider group)"
    return f"{_words(one.value)}{unit}; {one.trial}, {row.design}: {whom}{fit}{size}"
