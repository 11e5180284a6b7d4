"""What was given beside what was open: counts over the plans of a cohort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from lenrx.batch.plans.judging import Judged
from lenrx.catalogue.vocabulary import VERDICTS

_OUTCOMES: Final = (*VERDICTS, "not_judged")


def count(counts: Counter[str], plan: Judged, day: str | None) -> None:
    """Count the plan of one row, and the year of its day where it states one."""
    came_to = str(plan["verdict"] or "not_judged")
    counts[f"all\t{came_to}"] += 1
    if day:
        counts[f"year\t{day[:4]}\t{came_to}"] += 1
    if plan["verdict"] is None:
        return
    counts[f"of\t{plan['id']}\t{came_to}"] += 1
    if not plan["in_catalogue"]:
        counts[f"outside\t{came_to}"] += 1
        counts[f"name\t{plan['id']}"] += 1
    if came_to == "eligible" and plan["better"]:
        counts["better"] += 1
    if came_to == "excluded":
        for criterion, because in plan["decided_by"].items():
            counts[f"by\t{criterion}\t{because}"] += 1


def document(counts: Counter[str]) -> dict[str, Any]:
    """The concordance as plain data; empty where no row states a plan."""
    if not counts:
        return {}
    total = _outcomes(counts, "all")
    return {
        "concordance": {
            "rows": sum(total.values()),
            **total,
            "eligible_with_better_evidence_open": counts["better"],
            "not_in_catalogue": _outcomes(counts, "outside"),
            "excluded_by": [
                {"criterion": criterion, "because": because, "rows": rows}
                for (criterion, because), rows in _under(counts, "by")
            ],
            "plans": [_plan(name, counts) for name in _names(counts)],
            "years": {year: _outcomes(counts, f"year\t{year}") for year in _years(counts)},
        }
    }


def _outcomes(counts: Mapping[str, int], lead: str) -> dict[str, int]:
    return {each: counts.get(f"{lead}\t{each}", 0) for each in _OUTCOMES}


def _under(counts: Mapping[str, int], lead: str) -> list[tuple[list[str], int]]:
    """The counts whose key begins so, the most frequent first."""
    found = [(key.split("\t")[1:], rows) for key, rows in counts.items()]
    kept = [one for one, key in zip(found, counts, strict=True) if key.startswith(f"{lead}\t")]
    return sorted(kept, key=lambda one: (-one[1], one[0]))


def _names(counts: Mapping[str, int]) -> list[str]:
    """The plans, the most frequent first."""
    rows = Counter[str]()
    for (name, _), number in _under(counts, "of"):
        rows[name] += number
    return sorted(rows, key=lambda name: (-rows[name], name))


def _plan(name: str, counts: Mapping[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {each: counts.get(f"of\t{name}\t{each}", 0) for each in VERDICTS}
    return {"id": name, "in_catalogue": f"name\t{name}" not in counts, **found}


def _years(counts: Mapping[str, int]) -> list[str]:
    return sorted({year for (year, _), _ in _under(counts, "year")})
