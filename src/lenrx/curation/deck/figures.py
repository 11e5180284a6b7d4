"""The figures of a self-test: a line, a document to keep, and a table by regimen."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from lenrx.catalogue.loading import Catalogue
from lenrx.curation.deck.selftest import SelfTest
from lenrx.curation.deck.variants import Sort

SORTS: Final[dict[Sort, str]] = {
    "typical": "typical patients of a pivotal trial",
    "left out": "patients whom the pivotal trial left out",
    "under": "just under a threshold, or the day before",
    "at": "at a threshold, or on the day",
    "over": "just over a threshold",
    "yes": "with what is asked",
    "no": "without it",
    "missing": "with the field missing or open",
    "contradictory": "with statements that contradict each other",
    "elsewhere": "in the region of which the criterion does not speak",
}


def line(found: SelfTest) -> str:
    """The counts in one line."""
    cases, cannot = sum(found.cases.values()), sum(found.excused.values())
    return (
        f"{_counted(len(found.failures), 'failure')} in {cases:,} cases of {found.patients:,} "
        f"patients, {len(found.cases)} regimens, and in {found.beside:,} further pairs; "
        f"{_counted(len(found.gaps), 'gap')} in {found.criteria:,} criteria, {cannot} of which "
        "cannot be seen in every status"
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def document(found: SelfTest, catalogue: Catalogue) -> dict[str, Any]:
    """The figures as `docs/validation` keeps them."""
    cannot = sum(found.excused.values())
    figures = {
        "cases": sum(found.cases.values()),
        "failures": len(found.failures),
        "criteria": found.criteria,
        "criteria seen met, not met and unknown": found.criteria - cannot - len(found.gaps),
        "criteria with a reason why not": cannot,
        "criteria with a gap": len(found.gaps),
        "patients": found.patients,
        "typical patients before the other regimens": found.beside,
        **{f"cases {words}": found.sorts.get(sort, 0) for sort, words in SORTS.items()},
    }
    notes = [f"{count} criteria: {why}" for why, count in sorted(found.excused.items())]
    if found.spared:
        names = ", ".join(found.spared)
        notes.append(f"no trial with an entry limit, so nobody whom it left out: {names}")
    return {
        "what": "deck",
        "catalogue": catalogue.version,
        "digest": catalogue.sha256[:12],
        "figures": figures,
        "notes": notes,
    }


def table(found: SelfTest) -> str:
    """Cases and failures of each regimen as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("regimen", "cases", "failures"))
    writer.writerows(
        (name, count, found.failed.get(name, 0)) for name, count in found.cases.items()
    )
    return text.getvalue()
