"""One row of a file of results, spelled out with the legend beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from lenrx.batch.engine.fragments import MEMBERS
from lenrx.batch.engine.legend import LegendError, asked, spelled
from lenrx.batch.manifest import legend_of
from lenrx.batch.results import is_texts
from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.patient.patient import PatientError


def shown(results: Path, row: int) -> dict[str, Any]:
    """The result of one row with questions, findings and evidence written out.

    Raises PatientError where the file holds no such row, or its legend is missing or another one.
    """
    found = _row(results, row)
    if "error" in found:
        return found
    if "excluded_by" in found and not _is_whole(found):
        raise PatientError(f"row {row}", "is damaged: not as `lenrx batch` writes it")
    path = legend_of(results)
    try:
        legend = json.loads(path.read_bytes())
        regimens = spelled(found, legend)
    except FileNotFoundError:
        raise PatientError(path.name, "is not there; it belongs beside the results") from None
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise PatientError(path.name, "is no legend of results") from None
    except LegendError as error:
        raise PatientError(f"row {row}", str(error)) from None
    head = {name: found[name] for name in _HEAD}
    return {**head, "questions": asked(found), "regimens": regimens}


_HEAD: Final = tuple("row id region as_of state given derived readings warnings".split())


def _is_whole(row: dict[str, Any]) -> bool:
    """Whether a row with findings has all its members, and each is what it is read as."""
    by_criterion, lists = MEMBERS[:2], MEMBERS[2:]
    named = [row.get(name) for name in (*by_criterion, "ask")]
    lists_of = [row.get(name) for name in (*VERDICTS, "off_label", "label_unknown", *lists)]
    return (
        {*_HEAD} <= row.keys()
        and isinstance(row["as_of"], str)
        and all(isinstance(each, dict) and all(map(is_texts, each.values())) for each in named)
        and all(map(is_texts, lists_of))
    )


def _row(results: Path, row: int) -> dict[str, Any]:
    with results.open("rb") as source:
        for line in source:
            try:
                found = json.loads(line)
            except (ValueError, RecursionError):
                found = None
            if not isinstance(found, dict) or found.get("schema") != "lenrx/result/2":
                raise PatientError(results.name, "not results of `lenrx batch` as NDJSON")
            if found.get("row") == row:
                return found
    raise PatientError(results.name, f"has no row {row}")
