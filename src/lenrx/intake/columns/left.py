"""Columns that a proposed map leaves out: why, and which of them may matter, these first."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.columns.about import mentions_drug

_HISTORY: Final = (
    r"refr|resist|expos|treat|therap|drug|regimen|line|prior|transplant|chemo|medic|tox|intol"
    r"|progres|relaps|recidiv|rezidiv|\bpd\b|\bpfs\b|recei|failed"
    r"|behandl|tratam|trait|farmac|lenal|pomal|bortez|carfil|dara"
    r"|isat|velcade|revlimid|imid|mab\b|___"
)
_ORGANS: Final = (
    r"creat|krea|gfr|clear|neut|\banc\b|platel|thromb|plt|lvef|eject|echo|bili|hepat|liver|dialy"
    r"|renal|kidney|card|heart|neurop|ecog|frail|perform|weight|\bage\b|sex|gender|fish|cytog"
    r"|del\W?1|t\W?\(?\d|comorb|hist|illness|disease|hbv|hiv|infect"
)
_IDLE: Final = frozenset(
    "htn hypertension dm t2dm diabetes hypothyroidism gerd osteoporosis depression bmi height "
    "hyperlipidemia hyperlipidaemia dyslipidemia race ethnicity smoking smoker".split()
)


class Left(NamedTuple):
    """Why a column is left out; the lower the weight, the more it may matter."""

    weight: int
    reason: str


def why_left(name: str, rival: str | None, unclear: str | None, catalogue: Catalogue) -> Left:
    """Why one column is left out; `rival` says where what it may state is taken from."""
    if unclear:
        return Left(2, f"{unclear}; {rival}") if rival else Left(0, unclear)
    if rival:
        return Left(3, rival)
    words = " ".join(re.findall(r"[^\W_]+|___", name.lower()))
    if words in _IDLE:
        return Left(4, f"no field was found for it; nothing here turns on {words} as such")
    if re.search(_HISTORY, name.lower()) or mentions_drug(name, catalogue):
        return Left(1, "no field was found for it; if it tells of drugs, what it says is lost")
    if re.search(_ORGANS, name.lower()):
        return Left(2, "no field was found for it; if it tells of an organ, a question stays open")
    return Left(4, "no field was found for it")


def quoted(name: str) -> str:
    """`name` as YAML on one line."""
    import yaml

    text = yaml.safe_dump(name, default_style='"', allow_unicode=True, width=10**6)
    return str(text).strip()
