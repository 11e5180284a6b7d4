"""Words that stand for nothing: what charts, Excel, pandas and R write where nothing is known."""

from __future__ import annotations

import re
from typing import Final

from lenrx.catalogue.fields import NUMERIC
from lenrx.intake.cells.base import bare

_UNKNOWN: Final = frozenset(
    "|?|??|???|u|unk|unkn|unknown|unclear|not known|nk|uncertain|not sure|unbekannt"
    "|nicht bekannt|unklar|desconocido|desconocida|se desconoce|inconnu|inconnue|non connu"
    "|sconosciuto|non noto|desconhecido|ignorado|onbekend|niet bekend".split("|")[1:]
)
"""Somebody says that it is not known: of a list of drugs that it is not complete."""
_MISSING: Final = frozenset(
    # English, and what programs write
    "|n/a|na|n.a|nan|nat|none recorded|null|nul|nd|n/d|n.d|n/k|n.k|nr|n/r|missing|blank|empty"
    "|not available|not applicable|not evaluated|not evaluable|not recorded|not reported"
    "|not stated|not specified|unspecified|not done|not tested|not performed|not assessed"
    "|not measured|not provided|not documented|unavailable|no data|no result|no results"
    "|no value|pending|awaited|awaiting|to be confirmed|tbc|tbd|tba|fish failed|failed"
    "|fail|failure|test failed|culture failed|no growth|no metaphases|insufficient"
    "|insufficient sample"
    "|insufficient material|inconclusive|indeterminate|qns|na_character_|na_real_|na_integer_"
    # German
    "|k.a|ka|keine angabe|keine angaben|keine daten|n.v|nicht verfugbar|nicht vorhanden"
    "|nicht bestimmt|nicht durchgefuhrt|nicht untersucht|nicht erhoben|nicht getestet|fehlt"
    "|nicht gemacht|nicht erfolgt|nicht auswertbar"
    "|fehlend|n.b|nicht beurteilbar|ausstehend|n.u"
    # Spanish
    "|no disponible|no consta|no realizado|no realizada|no hecho|no aplica|no procede"
    "|no evaluado|no evaluable|no valorable|sin dato|sin datos|s/d|sd|ns/nc|no sabe|pendiente"
    # French
    "|non disponible|non renseigne|non renseignee|non fait|non faite|non realise|non evalue"
    "|non evaluable|manquant|manquante|indisponible|sans objet|en attente|n.c"
    # Italian, Portuguese, Dutch
    "|non disponibile|non eseguito|non eseguita|non valutato|mancante|in attesa"
    "|nao disponivel|nao informado|nao realizado|nao avaliado|nao consta|sem dados|sem informacao"
    "|niet beschikbaar|niet gedaan|niet bepaald|ontbreekt".split("|")[1:]
)
_UNREPORTED: Final = frozenset(
    f"{none} {told}"
    for none in ("none", "nil", "nothing")
    for told in ("reported", "documented", "noted", "stated", "on file")
)
"""Nothing was found written: whether there is none is another question."""
_EXCEL: Final = frozenset(
    "n/a n/d nv nd value ref div/0 num name null wert bezug zahl valor valore valeur nombre "
    "nome getal spill calc".split()
)
"""Behind a #, in Excel's languages."""
_DRUG_RESPONSES: Final = frozenset({"nr", "sd", "s/d", "failed"})
"""Of drugs these are responses, not words for nothing."""
_COUNTED: Final = frozenset({"prior_lines", "neuropathy_grade"})
_NONE: Final = (
    *(n for n in NUMERIC if n not in _COUNTED),
    *("sex", "frailty", "region", "as_of", "history"),
)
"""Fields of which none can be no value: pandas writes None where nothing was stated."""
_LISTS: Final = ("exposed", "refractory", "intolerant")


_LONGEST: Final = 40
"""Letters of a word for nothing, with the signs around it."""


def unknown(text: str) -> bool:
    """Whether a cell says that something is not known."""
    return len(text) <= _LONGEST and _core(text) in _UNKNOWN


def missing(field: str, text: str) -> bool:
    """Whether a cell states nothing about its field."""
    if len(text) > _LONGEST:
        return False
    word = _core(text)
    if field == "cytogenetics":
        word = re.sub(r"^(?:i?fish|cytogenetics?|karyotype|zytogenetik)(?: ?: ?| - | )", "", word)
    if field in _LISTS and word in _DRUG_RESPONSES:
        return False
    if word in _UNREPORTED:
        return not field.startswith("comorbidities")
    if word in ("none", "nil"):
        return field in _NONE
    excel = text.startswith("#") and word in _EXCEL
    return excel or not word or text == "\\N" or word in _UNKNOWN or word in _MISSING


def _core(text: str) -> str:
    """The words of a cell without the signs that programs and forms put around them."""
    inner = bare(text).strip(" .-\u2013_#!<>[](){}'\"\\/*:")
    return inner if inner or "?" not in text else "?"
