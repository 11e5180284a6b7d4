"""One cell of a chart's table: read as the contract has it, else the way charts are written.

Every reading that is not literal is said. A reason never holds the cell's text.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lenrx.catalogue.fields import DRUGGED, FLAGGED, NUMERIC
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import is_trade_name, known, split
from lenrx.intake.cells.base import CellError, CellReader, CellReading, Values, plain_text, strict
from lenrx.intake.cells.drugs import drugs
from lenrx.intake.cells.findings import conditions, markers
from lenrx.intake.cells.numbers import number
from lenrx.intake.cells.units import doubted
from lenrx.intake.cells.words import day, flag, frailty, region, sex
from lenrx.patient.patient import DRUG_LISTS, UNSTATED, uncertain

__all__ = ["CellError", "CellReading", "as_text", "is_unstated", "read_cell", "said"]

_UNSTATED: Final = UNSTATED | frozenset(
    "??|???|?unk|unclear|n.a.|n.a|nd|n.d.|not available|not recorded|not known|not tested|missing"
    "|pending|-|--|---|.|null|none recorded|not performed|not assessed|not evaluable|not measured"
    "|no data|no result|fish failed|nk|n.k.".split("|")
)
_READERS: Final[dict[str, CellReader]] = {
    **dict.fromkeys(NUMERIC, number),
    **dict.fromkeys(FLAGGED, flag),
    **dict.fromkeys(DRUGGED, drugs),
    **dict.fromkeys(("cytogenetics", "cytogenetics_absent"), markers),
    **dict.fromkeys(("comorbidities", "comorbidities_absent"), conditions),
    "sex": sex,
    "frailty": frailty,
    "region": region,
    "as_of": day,
}


def read_cell(field: str, value: Any, catalogue: Catalogue) -> CellReading:
    """What `value` states about `field`. Raises CellError with what to do, never a guess."""
    if value is None:
        return CellReading(())
    text = _text(value)
    try:
        values = _literal(field, value, text, catalogue)
        return CellReading(values, _translated(field, text, values, catalogue))
    except CellError as error:
        # Only the words: an error holds its frames, and they hold it.
        refused = str(error), error.word
    if (word := plain_text(text).lower()) in _UNSTATED:
        return CellReading((), () if word in UNSTATED else (_said(text, "not stated"),))
    reader = _READERS.get(field)
    found = reader(field, plain_text(text), catalogue) if reader else None
    if found is None:
        raise CellError(*refused)
    return CellReading(found[0], (_said(text, found[1]),))


def _text(value: Any) -> str:
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, str | bool) or (isinstance(value, int) and value.bit_length() < 4096):
        return str(value)
    raise CellError("must be text, a number or a list of words")


def _translated(field: str, text: str, values: Values, catalogue: Catalogue) -> tuple[str, ...]:
    """Said where a brand or a code stands for a drug."""
    items = split(plain_text(text)) if field in DRUG_LISTS else []
    if not any(is_trade_name(item, catalogue) for item in items):
        return ()
    return (_said(text, ", ".join(dict(values)[field])),)


def _said(text: str, meaning: str) -> str:
    return f"read '{' '.join(text.split())}' as {meaning}"


def _literal(field: str, value: Any, text: str, catalogue: Catalogue) -> Values:
    doubted(field, text)
    if field != "id" and isinstance(value, str | list | tuple):
        plain = plain_text(text)
        if uncertain(plain):
            raise CellError(
                "holds a mark that cannot be read; write the plain word or leave it out"
            )
        if field in DRUG_LISTS and re.search(r"\bPD\b", plain):
            raise CellError("PD may be progression; write Pd for the regimen")
        named = (item == "none" or known(item, catalogue) for item in split(plain))
        if field in DRUG_LISTS and not all(named):
            raise CellError("names no drug, class or regimen of the catalogue")
    return strict(field, value, catalogue)


def is_unstated(text: str) -> bool:
    """Whether a cell says that nothing is known."""
    return plain_text(text).lower() in _UNSTATED


as_text: Final = _text
"""A cell as text, whatever a file holds it as. Raises CellError."""
said: Final = _said
"""How a reading is said."""
