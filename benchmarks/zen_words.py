"""The catalogue's conditions, and a patient's facts, in the language of GoRules zen-engine.

Zen's `and`, `or` and `<` fail on null, so a condition is two of its expressions: that it surely
holds, and that it surely does not; it is unknown when neither. A number that is not known is given
as the widest range, which is faster than asking `!= null`; sets as arrays are no slower than as
objects or as a flag for each name, and facts as JSON text no slower than as a dict.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

from flat import ASKED, RANGED, Facts, Flat

from lenrx.catalogue.conditions import COUNTS, FLAGS, HISTORIES, NUMBERS, SETS, WORDS, Condition

zen: Any = importlib.import_module("zen")  # not a dependency of the project

SURELY: Final = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">="}
NEVER: Final = {"below": ">=", "at_most": ">", "above": "<=", "at_least": "<"}
WIDEST: Final = {"low": -1_000_000, "high": 1_000_000}
"""What stands for a number that is not known; the catalogue's bounds all lie between."""
CONTEXT: Final = (*ASKED.values(), *FLAGS, *WORDS, *HISTORIES)


def against(finding: Flat) -> Condition:
    """The condition that makes a finding bear: what a requirement asks is turned round."""
    return {"not": finding.condition} if finding.effect == "requires" else finding.condition


def in_doubt(finding: Flat) -> bool:
    """Whether a finding also bears while its condition is unknown."""
    return "unknown" in finding.says


def surely(condition: Condition, truth: bool) -> str:
    """That a condition surely has this truth, whatever is not known."""
    ((kind, wanted),) = condition.items()
    if kind in ("all", "any"):
        joint = "and" if (kind == "all") is truth else "or"
        return joined(joint, [surely(part, truth) for part in wanted])
    if kind == "not":
        return surely(wanted, not truth)
    if kind == "always":
        return str(wanted is truth).lower()
    return _leaf(kind, wanted, truth)


def joined(joint: str, parts: list[str]) -> str:
    """Expressions joined by `and` or `or`."""
    return parts[0] if len(parts) == 1 else f"({f' {joint} '.join(parts)})"


def _leaf(kind: str, wanted: Any, truth: bool) -> str:
    if kind in (*FLAGS, *ASKED.values()):
        return f"{kind} == {str(wanted is truth).lower()}"
    if kind in WORDS:
        return _word(kind, wanted, truth)
    joint = "or" if truth else "and"
    if kind in HISTORIES:
        within = "in" if truth else "not in"
        return joined(joint, [f"'{name}' {within} {kind}" for name in wanted])
    if kind in SETS:
        stated = f"{kind}_{'found' if truth else 'absent'}"
        return joined(joint, [f"'{name}' in {stated}" for name in wanted])
    joint = "and" if truth else "or"
    bounds = {bound: value for bound, value in wanted.items() if bound in SURELY}
    if kind in COUNTS:
        field, signs = f"{kind}_{wanted['class']}", SURELY if truth else NEVER
        return joined(joint, [f"{field} {signs[each]} {bounds[each]}" for each in bounds])
    return joined(joint, [_bound(kind, each, bounds[each], truth) for each in bounds])


def _word(field: str, wanted: list[str], truth: bool) -> str:
    if truth:
        return joined("or", [f"{field} == '{word}'" for word in wanted])
    others = [word for word in WORDS[field] if word not in wanted]
    return joined("or", [f"{field} == '{word}'" for word in others])


def _bound(field: str, bound: str, value: float, truth: bool) -> str:
    sign = (SURELY if truth else NEVER)[bound]
    return f"{field}_{'high' if sign in ('<', '<=') else 'low'} {sign} {value}"


def context(told: Facts) -> Facts:
    """The facts as the expressions name them."""
    context = {name: told[name] for name in CONTEXT}
    for kind in SETS:
        context |= {f"{kind}_{said}": told[f"{kind}_{said}"] for said in ("found", "absent")}
    for field in dict.fromkeys((*NUMBERS, *RANGED)):
        for end, widest in WIDEST.items():
            value = told[f"{field}_{end}" if field in RANGED else field]
            context[f"{field}_{end}"] = widest if value is None else value
    counts = {name: value for name, value in told.items() if name.split()[0] in COUNTS}
    return context | {name.replace(" ", "_"): value for name, value in counts.items()}
