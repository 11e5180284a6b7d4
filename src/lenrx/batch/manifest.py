"""A run with its manifest beside the output: what was run on what, how, and what came of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from lenrx import __version__
from lenrx.batch.files import RunError, alone, beside, digest, legend_of, safely
from lenrx.batch.members import dumps
from lenrx.batch.plan import Opened, Plan, opened
from lenrx.batch.run import Say, Stretches, Watch, joined, work
from lenrx.batch.summary import Summary
from lenrx.batch.worker import Worker
from lenrx.catalogue.formulary import load_formulary
from lenrx.catalogue.loading import Catalogue, load
from lenrx.rules.case import not_too_early

SCHEMA: Final = "lenrx/manifest/2"
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
    say: Say = lambda _: None,
    counted: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Answer the planned file into `output`.

    Raises RunError, PatientError, FormularyError, OSError.

    `counted` makes what is asked for of the counts; until it is done the run can be resumed.
    """
    with Path(plan.source).open("rb") as source:
        read = opened(plan, source)
    for said in read.said:
        say(said)
    catalogue = catalogue_of(plan)
    not_too_early(dict(plan.how)["as_of"], catalogue)
    if plan.formulary:
        load_formulary(Path(plan.formulary), catalogue)
    described, path, parts = _described(plan, catalogue, read), of(output), Stretches.of(output)
    described["errors"] = _name(errors) if errors else None
    with alone(output, path, legend_of(output), errors):
        found = _begun(path, described) if resume else None
        if found and found["state"] == "complete":
            raise RunError(f"{output}: is complete; there is nothing to resume")
        if found is None:
            parts.clear()
            # Not held against a later run: the same may be said on its line.
            described |= {"set_outside": dict(plan.outside)} if plan.outside else {}
            found = {**described, "state": "running", "started": now(), "ended": None, "runs": 0}
        found["runs"] += 1
        safely(path, _text(found))
        count = work(plan, parts, jobs, watch)
        summary = joined(plan, parts, output, errors, count)
        watch(count)
        safely(legend_of(output), dumps(Worker(plan, catalogue).legend()))
        counted(summary)
        ended = {"state": "complete", "ended": now(), "counts": _counts(summary)}
        made = {"output": _file(output), "legend": _file(legend_of(output))}
        safely(path, _text({**found, **ended, **made}))
        shutil.rmtree(parts.folder)
    return summary


def catalogue_of(plan: Plan) -> Catalogue:
    """The catalogue that a plan names, or the shipped one."""
    return load(Path(plan.catalogue) if plan.catalogue else None)


def of(output: Path) -> Path:
    """Where the manifest of an output stands."""
    return beside(output, "manifest.json")


def files_of(output: Path, errors: Path | None) -> list[Path]:
    """Every file that a run writes, those that are gone at its end too; its outputs first."""
    found = [output, of(output), legend_of(output), *([errors] if errors else [])]
    return [*found, *(beside(each, ending) for each in found for ending in ("new", "lock"))]


def begun_on(output: Path | None) -> str | None:
    """The day that a run was asked for, so that it can be resumed on another."""
    if output is None or not output.name:
        return None
    try:
        found = json.loads(of(output).read_bytes())["options"]["as_of"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, str) else None


def _described(plan: Plan, catalogue: Catalogue, read: Opened) -> dict[str, Any]:
    local = Path(plan.formulary) if plan.formulary else None
    return {
        "schema": SCHEMA,
        "lenrx": __version__,
        "catalogue": {"version": catalogue.version, "sha256": catalogue.sha256},
        "input": {
            **_file(Path(plan.source)),
            "format": read.form.kind,
            "lines": _lines(plan, read),
            "read_as": list(read.said),
        },
        "options": {
            **dict(plan.how),
            "encoding": read.form.encoding,
            "delimiter": plan.delimiter,
            "sheet": plan.sheet,
            "without_history": plan.without_history,
            "columns": plan.columns.described(),
            "missing": list(plan.columns.missing),
            "unread": plan.columns.unread or "error",
            "ignored": sorted(plan.columns.ignore),
            "ignore_other": plan.ignore_other,
            "formulary": _file(local) if local else None,
            "format": plan.form,
            "detail": plan.detail,
            "long": plan.long,
            **_courses(plan),
        },
        "assumptions": list(ASSUMPTIONS),
    }


def _courses(plan: Plan) -> dict[str, Any]:
    """The table of courses, where there is one."""
    baseline = {"baseline": True} if plan.baseline else {}
    if not plan.courses:
        return baseline
    columns = {"course_columns": dict(plan.course_columns)} if plan.course_columns else {}
    return {"courses": _file(Path(plan.courses)), **columns, **baseline}


def _lines(plan: Plan, read: Opened) -> int | None:
    """How many lines a file of text has, to be held against its rows."""
    if read.form.kind in ("excel", "parquet"):
        return None
    with Path(plan.source).open("rb") as source:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: source.read(1 << 20), b""))


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
    if not isinstance(found, dict) or not isinstance(found.get("options"), dict):
        raise RunError(f"{path}: is no manifest; run anew without --resume")
    then = {**found, **found["options"]}
    for name, value in {**described.pop("options"), **described}.items():
        if then.get(name) != value:
            again = "say it as then, or run anew without --resume"
            said = "--errors" if name == "errors" else name
            raise RunError(f"{path}: {said} is not the same as then; {again}")
    return found


def _counts(summary: Summary) -> dict[str, int]:
    return {
        "rows": summary.rows,
        "answered": summary.rows - summary.unreadable,
        "unreadable": summary.unreadable,
        "lines_swallowed": summary.count("swallowed"),
        "passed_over": summary.passed,
        "not_literal": summary.count("readings"),
        "duplicate_ids": summary.count("twice"),
        "nothing_stated": summary.count("nothing"),
    }


def _text(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    # An option may hold bytes that are no text: escaped, they are the same when a run goes on.
    return text.encode("utf-8", "backslashreplace").decode()
