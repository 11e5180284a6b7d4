"""What stands beside an illness and does not change it: since when, how grave, how treated."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lenrx.intake.cells.base import bare

_YEAR: Final = (
    r"(?:(?:in|since|seit|desde|depuis|dx|diagnosed|from|~|circa|c)\.? ?)?"
    r"(?:\d\d?[/.-]){0,2}(?:19|20)\d\d(?:[/.-]\d\d?){0,2}"
)
_MANNER: Final = (
    r"(?i)\b(?:without|no|sin|sans|ohne|senza) (?:residual |any )?(?:residual|deficits?|sequelae"
    r"|secuelas|sequelles|residuen|esiti)\b|"
    rf"\b{_YEAR}(?: ?- ?{_YEAR})?\b|\b(?:\d+|one|two|three|several|many) ?(?:years?|yrs?|y"
    rf"|months?|mo|weeks?) ago\b"
    r"|\b(?:nyha|ccs|gold|grade|gr|stage|class|ctcae) ?(?:class )?(?:i{1,3}v?|iv"
    r"|[1-5][ab]?)(?: ?- ?(?:i{1,3}v?|iv|[1-5]))?\b"
    r"|\bef ?\d{1,2} ?%?|\b(?:(?:lv)?ef|fevi|fevg|feve|fe)\b ?[:=<>]* ?\d{1,2}(?: ?- ?\d{1,2})? ?%?"
    r"|\b(?:known|h/o|hx of|hx|h o|history of|hist of|history|past history of|pmh of|pmh|pmhx"
    r"|previous|prev|prior|past|old|remote|s/p|status post"
    r"|z\.?n\.?|st\.? ?p\.?|zustand nach|antecedentes? de|antecedente|antecedents? d[e']?|atcd"
    r"|childhood|significant for|diagnosis of)\b"
    r"|\b(?:paroxistic[ao]|paroxystique|parossistica|paroxysmales|paroxysmal|permanentes?"
    r"|persistierendes?|persistente|intermittierendes?|chronische[rs]?|chronisch|cronic[ao]"
    r"|chronique|leve|leichte[rs]?|moderad[ao]|moderata|schwere[rs]?|grave|sever[ao]|estable"
    r"|compensad[ao]|kompensierte[rs]?|(?<!mal )(?<!no )(?<!nao )(?<!non )controlad[ao]"
    r"|gut eingestellte?r?|em tratamento|en tratamiento|unter therapie|sous traitement)\b"
    r"|\b(?:mild|moderate|severe|stable|chronic|paroxysmal|persistent|permanent|compensated"
    r"|well[- ]controlled|(?<!poorly )(?<!badly )(?<!not )controlled"
    r"|on (?:treatment|meds|medication|therapy"
    r"|anticoagulation|apixaban|warfarin|rivaroxaban|edoxaban|dabigatran|eliquis|xarelto|coumadin"
    r"|marcumar|pradaxa|lovenox|clexane|enoxaparin|heparin|lmwh|sintrom|acenocoumarol|art|haart|insulin|metformin"
    r"|entecavir|tenofovir|oral agents|diet|mtx|methotrexate|hydroxychloroquine|hcq|plaquenil"
    r"|steroids"
    r"|prednisone|prednisolone|dmards?|biologics?|levothyroxine|bisoprolol|metoprolol|carvedilol"
    r"|lisinopril|losartan|amiodarone|digoxin|beta ?blockers?|ace ?inhibitors?|acei|sglt2i?"
    r"|lamivudine|antivirals?|amlodipine|ramipril|statins?|oxygen|inhalers?|cpap"
    r"|doac|noac|ac|aspirin)"
    r"|child[- ]pugh(?: class)? [abc]\d?"
    r"|(?:na|hb|hba1c|a1c|bnp|nt-probnp|fev1|igg)[ :=<>]*(?:of )?\d+(?:[.,]\d+)?"
    r"(?: ?(?:%|mmol/l|mg/dl|g/l|g/dl|pg/ml))?(?!\w)"
    r"|treated|under control|diet[- ]controlled|medically managed|left|right|bilateral|provoked"
    r"|unprovoked|leg|lower limb|essential|primary|longstanding|long-standing)\b"
)
_QT: Final = re.compile(r"\b(qtc?f?)[ :=]*\d{3} ?(?:ms|msec)?(?!\w)")
"""A QT interval: whether it is prolonged is not for a reader of words."""


@lru_cache(8_000)
def plain(text: str) -> str:
    """An illness without when it began, how severe it is and how it is treated."""
    word = _QT.sub(r"\1", bare(text).replace("'", ""))
    stripped = " ".join(re.sub(_MANNER, " ", word).replace("(", " ").replace(")", " ").split())
    return stripped.strip(" .,:-/<>=~%") or word
