"""Rows under a table that are no patients: totals, notes, when it was made.

What is one for sure is passed; what looks like one is an error: a note is never a patient.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lenrx.intake.rows import FOOTER, Passed, Problem
from lenrx.intake.tables.names import BLANK

_SUM_WORDS: Final = (
    *("total", "totals", "grand total", "subtotal", "subtotals", "sum", "sums", "mean", "means"),
    *("average", "averages", "median", "medians", "gesamt", "summe", "insgesamt", "mittelwert"),
    *("durchschnitt", "moyenne", "médiane", "somme", "media", "mediana", "promedio", "totale"),
    *("média", "total geral"),
)
"""Words of a row that adds up others, and names of nobody."""
_UNSURE_WORDS: Final = (
    *("n", "count", "anzahl", "nombre", "min", "minimum", "max", "maximum", "range", "sd", "std"),
    *("iqr", "suma", "soma"),
)
"""Words of such a row that may be a patient's name or initials too."""
_MADE_WORDS: Final = (
    *("exported", "extracted", "generated", "printed", "downloaded", "created", "exportiert"),
    *("erstellt", "gedruckt", "exporté", "généré", "exportado", "generado", "esportato"),
    "generato",
)
_BEGINNINGS: Final = frozenset(
    (
        *(words.split()[0] for words in (*_SUM_WORDS, *_UNSURE_WORDS, *_MADE_WORDS)),
        *("export", "extraction", "print", "report", "exportdatum", "druckdatum", "as", "stand"),
        *("data", "file", "table", "list"),
    )
)
"""First words of a row of several cells that may be none of a patient."""
_SUMS, _MADE = "|".join(_SUM_WORDS), "|".join(_MADE_WORDS)
_OF: Final = (
    "patients?|rows?|records?|subjects?|cases?|entries|patienten|zeilen|fälle|lignes|dossiers"
    "|pacientes|filas|pazienti|righe"
)
_DATED: Final = (
    rf"(?:(?:data|report|file|table|list) )?(?:{_MADE})"
    r" (?:on|at|by|from|with|am|um|von|mit|le|par|el|por|il|da|\d)\b.*"
    r"|(?:export|extraction|print|report) date ?:? ?\d.*|(?:export|druck)datum ?:? ?\d.*"
    r"|(?:as of|stand) ?:? ?\d.*"
)
_MADE_ON: Final = re.compile(_DATED, re.IGNORECASE)
"""When a table was made, by whom."""
_CLOSING: Final = re.compile(
    rf"(?:{_SUMS})(?: ?/ ?(?:{_SUMS}))* ?(?:(?:no\.? |number )?(?:of )?(?:{_OF}))? ?[:=]? ?[(\[]? ?"
    rf"(?:n ?= ?)?[\d.,'\u2019]* ?[)\]]? ?(?:{_OF})?\.?"
    rf"|\(?n ?[=:] ?\d[\d.,']*\)? ?(?:{_OF})?|\d+ (?:{_OF})"
    r"|(?:strictly |streng |strictement )?(?:confidential|vertraulich|confidentiel|confidencial"
    rf"|riservato)\W*(?:[-:\u2013].*)?|{_DATED}"
    r"|end of (?:table|report|file|data|list)\W*|page \d+(?: of \d+)?|seite \d+(?: von \d+)?"
    r"|[-=_*.\u2013\u2014\u2026]{3,}",
    re.IGNORECASE,
)
"""The only cell of a row that is no patient."""
_NOTED: Final = re.compile(
    r"(?:notes?|source|legend|abbreviations?|footnotes?|anmerkung(?:en)?|quelle|legende"
    r"|abkürzungen|remarques?|nota|fuente|fonte) ?:.*"
    r"|[*\u2020\u2021\u00a7\u00a9\u00b9\u00b2\u00b3]+ ?[^\s*]+ \S+ \S.*",
    re.IGNORECASE,
)
"""The same in prose, which in any but the first column is a statement of a patient."""
_SUM: Final = re.compile(rf"(?:{_SUMS}) ?:?", re.IGNORECASE)
_MAY_BE_SUM: Final = re.compile(rf"(?:{'|'.join(_UNSURE_WORDS)}) ?:?", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[<>~(\[\s]*[+-]?\d[\s\d.,:%()\[\]/\u00b1\u2013+-]*")
_LOOKED_AT: Final = 300
"""Letters of a cell that are looked at."""
_LONGEST_ID: Final = 3
"""Words of an id at most; more of them alone in a row are a note."""
_NOTE: Final = "looks like a note under the table; delete it, or state something of the patient"
_TOTAL: Final = "looks like a total under the table; delete it, or give the patient another id"


def may_be_footer(cells: Sequence[str], text: str) -> bool:
    """Whether a row, and its cells joined, are worth a look: all are asked, few are."""
    first = cells[0].strip()
    if not first or first.partition(" ")[0].rstrip(":").lower() in _BEGINNINGS:
        return True
    return cells.count("") + 1 >= len(cells) or len(text.strip()) == len(first)


def footer(cells: Sequence[str], width: int) -> Passed | Problem | None:
    """What a row is that is no patient: passed where that is sure, an error where it is not."""
    filled = [" ".join(cell[:_LOOKED_AT].strip(BLANK).split()) for cell in cells]
    first, *others = [cell for cell in filled if cell] or [""]
    if width < 2 or not first:
        return None
    if others:
        return _of_numbers(first, others) if all(map(_NUMBER.fullmatch, others)) else None
    if _CLOSING.fullmatch(first) or (filled[0] and _NOTED.fullmatch(first)):
        return FOOTER
    is_note = bool(filled[0]) and len(first.split()) > _LONGEST_ID
    return Problem("row", _NOTE, "row") if is_note else None


def _of_numbers(first: str, others: Sequence[str]) -> Passed | Problem | None:
    """What a row is that holds nothing but numbers beside its first cell."""
    summed = _SUM.fullmatch(first) or (_SUM.match(first) and _CLOSING.fullmatch(first))
    if summed or (len(others) == 1 and _MADE_ON.fullmatch(f"{first} {others[0]}")):
        return FOOTER
    return Problem("row", _TOTAL, "row") if _MAY_BE_SUM.fullmatch(first) else None
