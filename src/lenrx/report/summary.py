"""The summary of a cohort, drawn on at most a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lenrx.catalogue.vocabulary import VERDICTS
from lenrx.report.phrases import printable
from lenrx.rules.plan.document import CAME_TO

MISSING: Final = 8
"""How many missing fields are listed."""


def draw(found: Mapping[str, Any], to: Console) -> None:
    """Rows read, resistance states, options, what is asked most, and each regimen."""
    read = found["rows"] - found["unreadable"]
    to.print(Text(f"{found['rows']:,} rows, {found['unreadable']:,} could not be read.", "bold"))
    if found["unreadable_fields"]:
        fields = ", ".join(f"{name} {rows:,}" for name, rows in found["unreadable_fields"].items())
        to.print(Text(f"Not read: {printable(fields)}."))
    if found.get("unread_cells"):
        fields = ", ".join(f"{name} {rows:,}" for name, rows in found["unread_cells"].items())
        to.print(Text(f"Cells that cannot be read, counted as not stated: {printable(fields)}."))
    parts = {
        "Not literal in some cell": found["not_literal"],
        "With the id of an earlier row": found["duplicate_ids"],
        "With nothing of the disease or its treatment": found.get("nothing_stated", 0),
        "Rows that are no patient, passed over": sum(found.get("passed_over", {}).values()),
    }
    for words, rows in parts.items():
        if rows:
            to.print(Text(f"{words}: {rows:,}."))
    _counts("State", found["states"], read, to)
    options = {
        "at least one option": found["with_an_option"],
        "nothing but conditional ones": found["only_conditional"],
        "nothing open": found["nothing_open"],
    }
    _counts("Options", options, read, to)
    _missing(found["missing"], read, to)
    _concordance(found.get("concordance"), to)
    _regimens(found["regimens"], to)


def _share(rows: int, of: int) -> str:
    return f"{100 * rows / of:.0f} %" if of else ""


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place == 0 else "right", overflow="fold")
    return table


def _counts(title: str, counts: Mapping[str, int], of: int, to: Console) -> None:
    table = _table(title, "patients", "")
    for name, rows in counts.items():
        table.add_row(Text(name), f"{rows:,}", _share(rows, of))
    to.print()
    to.print(table)


def _missing(found: list[Mapping[str, Any]], of: int, to: Console) -> None:
    if not found:
        return
    table = _table("Asked most: what leaves a regimen open", "patients", "", "settles one alone")
    for each in found[:MISSING]:
        rows = each["rows"]
        settled = f"{each['rows_with_a_regimen_it_settles']:,}"
        table.add_row(Text(each["question"]), f"{rows:,}", _share(rows, of), settled)
    to.print()
    to.print(table)


def _concordance(found: Mapping[str, Any] | None, to: Console) -> None:
    """What was given beside what was open: in all, by what excludes, by plan and by year."""
    if found is None:
        return
    counts = {words: found[name] for name, words in CAME_TO.items() if found[name]}
    _counts("Given or planned, and it was", counts, found["rows"], to)
    others = {
        "Open, with options on better evidence": found["eligible_with_better_evidence_open"],
        "Without an entry here, judged by its drugs": sum(found["not_in_catalogue"].values()),
    }
    for words, rows in others.items():
        if rows:
            to.print(Text(f"{words}: {rows:,}."))
    for each in found["excluded_by"][:MISSING]:
        to.print(Text(f"Excluded, {each['rows']:,}: {printable(each['because'])}."))
    _crossed("Plan", {each["id"]: each for each in found["plans"]}, to)
    _crossed("Year", found["years"], to)


def _crossed(title: str, found: Mapping[str, Mapping[str, int]], to: Console) -> None:
    if not found:
        return
    outcomes = [name for name in CAME_TO if name in VERDICTS or any(_of(found, name))]
    table = _table(title, *(CAME_TO[name].partition(":")[0] for name in outcomes))
    for name, each in found.items():
        counts = [f"{each[which]:,}" for which in outcomes]
        table.add_row(Text(printable(name)), *counts)
    to.print()
    to.print(table)


def _of(found: Mapping[str, Mapping[str, int]], outcome: str) -> list[int]:
    return [each.get(outcome, 0) for each in found.values()]


def _regimens(found: list[Mapping[str, Any]], to: Console) -> None:
    table = _table("Regimen", "eligible", "conditional", "excluded")
    for column in table.columns:
        column.no_wrap, column.min_width = True, len(str(column.header))
    table.columns[0].min_width = max(len(each["id"]) for each in found)
    table.add_column("most often excluded by", no_wrap=True, overflow="ellipsis", ratio=1)
    table.expand = True
    for each in sorted(found, key=lambda one: (-one["eligible"], -one["conditional"], one["id"])):
        first = each["excluded_by"][0] if each["excluded_by"] else None
        why = f"{first['rows']:,}: {first['because']}" if first else ""
        counts = [f"{each[name]:,}" for name in ("eligible", "conditional", "excluded")]
        table.add_row(Text(each["id"]), *counts, Text(why))
    to.print()
    to.print(table)
