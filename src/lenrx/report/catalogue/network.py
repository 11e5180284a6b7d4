"""The network of randomised comparisons by level, and what was compared and is not counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence
from lenrx.report.phrases import CAUTION, cite_short
from lenrx.report.regimen.figures import rows_of, size_of, widest
from lenrx.rules.document import against
from lenrx.rules.evidence import EVERYBODY
from lenrx.rules.network import OS, PFS, Win, below_one, levels, lifted, superior, wins

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

SCHEMA: Final = "lenrx/network/1"
LEGEND: Final = (
    "Who was shown superior to whom: experimental arm, PFS or OS, interval below 1 or the primary "
    "endpoint met, overall survival not worse. A level is one more than that of the lowest arm "
    "that was beaten; what beat nothing has level 0. Medians are not compared. Hazard ratios with "
    "their 95 % interval, of everybody enrolled where nobody else is named."
)


class Edge(NamedTuple):
    """One randomised comparison: who against whom, in which trial, with what result.

    `why` says why it is not counted as superior, nothing where it is.
    """

    regimen: str
    comparators: tuple[str, ...]
    trial: str
    level: int | None
    shown: tuple[Evidence, ...]
    why: str = ""


def edges(catalogue: Catalogue) -> list[Edge]:
    """The comparisons that were won, the highest level first."""
    found = [
        Edge(win.winner, win.over, win.trial, lifted(win, catalogue), _figures(win, catalogue))
        for each in wins(catalogue).values()
        for win in each
    ]
    return sorted(found, key=lambda edge: (-(edge.level or 0), edge.regimen.casefold(), edge.trial))


def _figures(win: Win, catalogue: Catalogue) -> tuple[Evidence, ...]:
    """The row that shows the win, and one of the other endpoint of the same patients, or widest."""
    first = widest(win, catalogue)
    other = OS if first.endpoint in PFS else PFS
    rows = [row for row in _rows(win, catalogue) if row.endpoint in other and row.hr is not None]
    second = max(rows, key=_breadth, default=None)
    return (first, second) if second else (first,)


def _rows(win: Win, catalogue: Catalogue) -> list[Evidence]:
    mine = rows_of(win.winner, catalogue)
    return [row for row in mine if (row.trial, row.comparator) == (win.trial, win.over)]


def _breadth(row: Evidence) -> tuple[bool, int]:
    return row.population == EVERYBODY, size_of(row) or 0


def apart(catalogue: Catalogue) -> list[Edge]:
    """Randomised comparisons of PFS or OS that lift nothing, with the reason."""
    won = {(edge.regimen, edge.trial, edge.comparators) for edge in edges(catalogue)}
    found: dict[tuple[str, str, tuple[str, ...]], list[Evidence]] = {}
    for regimen, row in _compared(catalogue):
        others = row.comparator if isinstance(row.comparator, tuple) else (against(row),)
        if (regimen, row.trial, others) not in won:
            found.setdefault((regimen, row.trial, others), []).append(row)
    return [
        Edge(regimen, others, trial, None, _best(rows), _why(rows, catalogue))
        for (regimen, trial, others), rows in found.items()
    ]


def _compared(catalogue: Catalogue) -> Iterator[tuple[str, Evidence]]:
    for name in (*catalogue.comparators, *catalogue.regimens):
        for row in rows_of(name, catalogue):
            design = row.design or catalogue.trials[row.trial].design
            compared = row.comparator is not None and not row.contrast
            if design == "randomised" and compared and row.endpoint in (*PFS, *OS):
                yield name, row


def _best(rows: list[Evidence]) -> tuple[Evidence, ...]:
    """Of each endpoint the row with a ratio of most patients."""
    found = [row for row in rows if row.hr is not None] or rows[:1]
    shown = [
        max(kind, key=_breadth)
        for ends in (PFS, OS)
        if (kind := [row for row in found if row.endpoint in ends])
    ]
    return tuple(shown)


def _why(rows: list[Evidence], catalogue: Catalogue) -> str:
    """Why rows of one trial show nobody superior."""
    trial = catalogue.trials[rows[0].trial]
    if trial.survival_worse:
        won = any(row.endpoint in PFS and below_one(row) for row in rows)
        lead = "progression-free survival won, " if won else ""
        return f"{lead}overall survival worse"
    if all(row.control for row in rows):
        return "it was the control arm"
    if any(superior(row, catalogue) for row in rows):
        return "what it was compared with is no regimen or comparator of the catalogue"
    if any(row.ci95 for row in rows):
        return "the interval includes 1"
    return "no interval found" if any(row.hr for row in rows) else "no hazard ratio found"


def draw(catalogue: Catalogue, to: Console) -> None:
    """A level after the other from the top, and what is not counted below."""
    from rich.text import Text

    to.print(Text(LEGEND, style="dim"))
    last: int | None = None
    for edge in edges(catalogue):
        if edge.level != last:
            to.print(Text(f"\nLevel {edge.level}", style="bold"))
            last = edge.level
        _line(edge, catalogue, to)
    bottom = [name for name in _named(catalogue) if not levels(catalogue).get(name)]
    to.print(Text("\nLevel 0", style="bold"))
    _hang(Text(", ".join(sorted(bottom, key=str.casefold))), to)
    to.print(Text("\nCompared, and not counted as superior", style="bold"))
    for edge in apart(catalogue):
        _line(edge, catalogue, to)


def _named(catalogue: Catalogue) -> set[str]:
    """Everything that was beaten."""
    return {other for edge in edges(catalogue) for other in edge.comparators}


def _line(edge: Edge, catalogue: Catalogue, to: Console) -> None:
    from rich.text import Text

    sign = "v" if edge.why else ">"
    text = Text(f"{edge.regimen} {sign} {' or '.join(edge.comparators)}", style="bold")
    text.append(f"  {edge.trial}: {_results(edge, catalogue)}", style="not bold")
    if edge.why:
        text.append(f"; {edge.why}", style=f"not bold {CAUTION}")
    _hang(text.append(f" [{_source(edge, catalogue)}]", style="not bold dim"), to)


def _hang(text: Text, to: Console) -> None:
    from rich.text import Text

    for number, line in enumerate(text.wrap(to, to.width - 4)):
        line.rstrip()
        to.print(Text("    " if number else "  ") + line)


def _results(edge: Edge, catalogue: Catalogue) -> str:
    """The hazard ratios, with the patients said once where they are the same."""
    parts = list[str]()
    for row, after in zip(edge.shown, (*edge.shown[1:], None), strict=True):
        again = after is not None and _whom(row, catalogue) == _whom(after, catalogue)
        told = "" if again or not _whom(row, catalogue) else f", {_whom(row, catalogue)}"
        parts.append(f"{_ratio(row, edge, catalogue)}{told}")
    return "; ".join(parts)


def _ratio(row: Evidence, edge: Edge, catalogue: Catalogue) -> str:
    kind = "PFS" if row.endpoint in PFS else "OS"
    met = catalogue.trials[edge.trial].primary_met
    if row.hr is None:
        return f"primary endpoint met: {met.says}" if met else f"{kind} without a hazard ratio"
    level = f"{row.ci_level} % CI " if row.ci_level else ""
    return f"{kind} HR {row.hr}" + (f" ({level}{row.ci95[0]}-{row.ci95[1]})" if row.ci95 else "")


def _whom(row: Evidence, catalogue: Catalogue) -> str:
    """Of whom a row is and how many they are, where it says so."""
    everybody = row.population == EVERYBODY
    whom = "" if everybody else catalogue.populations[row.population].title
    size = f"n {size_of(row)}" if size_of(row) else ""
    return ", ".join(part for part in (whom, size) if part)


def _source(edge: Edge, catalogue: Catalogue) -> str:
    return "; ".join(dict.fromkeys(cite_short(row.source, catalogue) for row in edge.shown))


def as_json(catalogue: Catalogue) -> str:
    """The network as one document: levels, the comparisons that were won, and the others."""
    document = {
        "schema": SCHEMA,
        "catalogue": {"version": catalogue.version, "sha256": catalogue.sha256},
        "levels": dict(sorted(levels(catalogue).items(), key=lambda one: (-one[1], one[0]))),
        "superior": [_data(edge, catalogue) for edge in edges(catalogue)],
        "not_counted": [_data(edge, catalogue) for edge in apart(catalogue)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _data(edge: Edge, catalogue: Catalogue) -> dict[str, Any]:
    data: dict[str, Any] = {
        "regimen": edge.regimen,
        "over": list(edge.comparators),
        "trial": edge.trial,
        "level": edge.level,
        "results": [_result(row) for row in edge.shown],
    }
    return data | ({"why_not": edge.why} if edge.why else {})


def _result(row: Evidence) -> dict[str, Any]:
    return {
        "endpoint": "PFS" if row.endpoint in PFS else "OS",
        "population": row.population,
        "hr": row.hr,
        "ci95": list(row.ci95) if row.ci95 else None,
        "n": size_of(row),
        "source": row.source,
        "verified": row.verified,
    }
