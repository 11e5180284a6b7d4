"""The page of a cohort that `lenrx batch --report` writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lenrx.cli.pages import needs_jinja, writable, write_page

if TYPE_CHECKING:
    from lenrx.batch.plan import Plan
    from lenrx.catalogue.loading import Catalogue


def ready(output: Path) -> None:
    """Refuse before the work a page that could not be written after it."""
    needs_jinja()
    writable(output)


def report(found: Mapping[str, Any], plan: Plan, catalogue: Catalogue, output: Path) -> None:
    """Write the page of a cohort that was counted."""
    from lenrx.report.html.cohort import Run, render

    asked = dict(plan.how)
    words = {
        "Label": f"{(asked['region'] or 'us or eu').upper().replace('OR', 'or')} where a row "
        f"states none, on {asked['as_of']} where a row states no day",
        "Asked": "strictly: what nobody has ruled out is conditional" if asked["strict"] else "",
        "Use": "on label only" if asked["on_label"] else "",
        "Formulary": Path(plan.formulary).name if plan.formulary else "",
        "Courses": Path(plan.courses).name if plan.courses else "",
    }
    run = Run(
        name="a table from stdin" if plan.source == "-" else Path(plan.source).name,
        catalogue=catalogue.version,
        digest=catalogue.sha256[:12],
        asked={name: text for name, text in words.items() if text},
        said=_said(plan),
        columns=[(name, _told(key)) for name, key in plan.columns.described().items()],
    )
    write_page(render(found, run), output)


def _said(plan: Plan) -> tuple[str, ...]:
    """How the file was read; a table from stdin is gone by now, and one of courses is long."""
    from lenrx.batch.plan import opened

    if plan.source == "-" or plan.courses:
        return ()
    with Path(plan.source).open("rb") as source:
        return tuple(opened(plan, source).said)


def _told(key: Any) -> str:
    """What a column is read as, in words."""
    if isinstance(key, Mapping):
        return ", ".join(f"{name}: {value}" for name, value in key.items())
    return str(key)
