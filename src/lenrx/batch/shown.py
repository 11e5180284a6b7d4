"""One row of a file of results, spelled out with the legend beside it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from lenrx.batch.engine.legend import LegendError, asked, spelled
from lenrx.batch.manifest import legend_of, of
from lenrx.patient.patient import PatientError

_HEAD: Final = (
    *("row", "id", "region", "as_of", "state"),
    *("given", "derived", "readings", "warnings"),
)


def shown(results: Path, row: int) -> dict[str, Any]:
    """The result of one row with questions, findings and evidence written out.

    Raises PatientError where the file holds no such row, or its legend is missing or another one.
    """
    found = _row(results, row)
    if "error" in found or "regimens" in found:
        return found
    path = legend_of(results)
    try:
        text = path.read_bytes()
        regimens = spelled(found, json.loads(text))
        said = {**{name: found[name] for name in _HEAD}, "questions": asked(found)}
    except FileNotFoundError:
        raise PatientError(path.name, "is not there; it belongs beside the results") from None
    except LegendError as error:
        raise PatientError(f"row {row}", str(error)) from None
    except KeyError as error:
        raise PatientError(f"row {row}", f"lacks {error}, which every result has") from None
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise PatientError(path.name, "is no legend of results") from None
    if _written_with(results) not in (None, hashlib.sha256(text).hexdigest()):
        raise PatientError(path.name, "is of another run; run again, or put back the one of then")
    return {**said, "regimens": regimens}


def _written_with(results: Path) -> str | None:
    """The digest of the legend that the results were written with, if their manifest is there."""
    try:
        return str(json.loads(of(results).read_bytes())["legend"]["sha256"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


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
