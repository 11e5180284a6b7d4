"""The patients whose options changed between two results, drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from lenrx.report.phrases import printable


def draw(found: Iterable[Mapping[str, Any]], to: Console) -> None:
    """The patients whose options changed, each with its regimens and why."""
    count = 0
    for each in found:
        count += 1
        row = f"row {each['row']}"
        who = row if each["id"] is None else f"{printable(each['id'])} ({row})"
        to.print(Text(who, "bold"), Text(printable(_basis(each))))
        for one in each.get("regimens", ()):
            before, after = one["before"] or "not there", one["after"] or "not there"
            to.print(Text(f"  {one['id']}: {before} -> {after}"))
            for finding in one["because"]:
                to.print(Text(f"    {_reason(finding)}", "dim"))
    changed = "1 patient" if count == 1 else f"{count:,} patients"
    to.print(f"{changed} changed." if count else "No patient's options changed.")


def _reason(finding: Mapping[str, Any]) -> str:
    lead = "no longer: " if finding.get("no_longer") else ""
    status = "cannot say: " if finding["status"] == "open" else ""
    sources = f" [{', '.join(finding['sources'])}]" if finding["sources"] else ""
    return f"{lead}{status}{finding['because']}{sources}"


def _basis(each: Mapping[str, Any]) -> str:
    if each["change"] != "options":
        reason = f": {each['error']['field']}: {each['error']['reason']}" if "error" in each else ""
        return f"{each['change']}{reason}"
    sides = {name: [_version(one) for one in pair] for name, pair in each["basis"].items()}
    return "; ".join(f"{name} {before} -> {after}" for name, (before, after) in sides.items())


def _version(value: Any) -> str:
    found = value.get("version") if isinstance(value, dict) else value or "either"
    return str(found)
