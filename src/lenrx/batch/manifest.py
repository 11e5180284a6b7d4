"""The manifest beside an output: what was run on what, how, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from lenrx import __version__
from lenrx.batch.runs import Plan, RunError, Watch, digest, rows
from lenrx.batch.summary import Tally
from lenrx.batch.turns import alone, clear, safely, unfinished, whole, work
from lenrx.catalogue.loading import load

SCHEMA: Final = "lenrx/manifest/1"
ASSUMPTIONS: Final = (
    "A drug history is complete unless the row says partial: a drug not listed was not given.",
    "A cell that is empty or says unknown is not stated; it is never read as normal or negative.",
)


def run(
    plan: Plan,
    output: Path,
    errors: Path | None,
    resume: bool,
    jobs: int,
    watch: Watch,
    now: Callable[[], str],
) -> Tally:
    """Review the planned file into `output`. Raises RunError, PatientError, OSError."""
    with Path(plan.source).open("rb") as source:
        next(iter(rows(plan, source)), None)
    described, path, at = _described(plan), beside(output), unfinished(output, errors)
    described["errors"] = _name(errors) if errors else None
    with alone(at):
        found = _begun(path, described) if resume else None
        if found and found["state"] == "complete":
            raise RunError(f"{output}: is complete; there is nothing to resume")
        if found is None:
            clear(at)
            found = {**described, "state": "running", "started": now(), "ended": None, "runs": 0}
        found["runs"] += 1
        safely(path, _text(found))
        tally = work(plan, at, jobs, watch)
        whole(at, output, errors)
        ended = {"state": "complete", "ended": now(), "counts": _counts(tally)}
        made = {"name": _name(output), "bytes": output.stat().st_size}
        safely(path, _text({**found, **ended, "output": made}))
        at.checkpoint.unlink()
    return tally


def beside(output: Path) -> Path:
    """Where the manifest of an output stands."""
    return output.with_name(f"{output.name}.manifest.json")


def begun_on(output: Path | None) -> str | None:
    """The day that a run was asked for, so that it can be resumed on another."""
    if output is None or not output.name:
        return None
    try:
        found = json.loads(beside(output).read_bytes())["options"]["as_of"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, str) else None


def _described(plan: Plan) -> dict[str, Any]:
    catalogue = load(Path(plan.catalogue) if plan.catalogue else None)
    local = Path(plan.formulary) if plan.formulary else None
    return {
        "schema": SCHEMA,
        "lenrx": __version__,
        "catalogue": {"version": catalogue.version, "sha256": catalogue.sha256},
        "input": {**_file(Path(plan.source)), "format": plan.form},
        "options": {
            **dict(plan.how),
            "encoding": plan.encoding,
            "columns": dict(plan.columns.columns),
            "ignored": sorted(plan.columns.ignore),
            "ignore_other": plan.ignore_other,
            "formulary": _file(local) if local else None,
            "format": "csv" if plan.as_csv else "ndjson",
            "engine": plan.engine,
        },
        "assumptions": list(ASSUMPTIONS),
    }


def _name(path: Path) -> str:
    """The name of a file; what of it is no UTF-8, which a system may allow, as question marks."""
    return path.name.encode("utf-8", "replace").decode()


def _file(path: Path) -> dict[str, Any]:
    return {"name": _name(path), "bytes": path.stat().st_size, "sha256": digest(path)}


def _begun(path: Path, described: dict[str, Any]) -> dict[str, Any]:
    """The manifest of the run to go on with; it must be of the same input, asked the same way."""
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise RunError(f"{path}: is not there; there is nothing to resume") from None
    except ValueError:
        raise RunError(f"{path}: cannot be read; run anew without --resume") from None
    if not isinstance(found, dict):
        raise RunError(f"{path}: is no manifest; run anew without --resume")
    then = {**found, **found.get("options", {})}
    for name, value in {**described.pop("options"), **described}.items():
        if then.get(name) != value:
            again = "say it as then, or run anew without --resume"
            said = "--errors" if name == "errors" else name
            raise RunError(f"{path}: {said} is not the same as then; {again}")
    return found


def _counts(tally: Tally) -> dict[str, int]:
    return {
        "rows": tally.rows,
        "answered": tally.rows - tally.unreadable,
        "unreadable": tally.unreadable,
        "not_literal": tally.count("readings"),
        "duplicate_ids": tally.count("twice"),
    }


def _text(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
