"""One cell of a chart's table: read as the contract has it, else the way charts are written.

Every reading that is not literal is said. A reason never holds the cell's text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from lenrx.catalogue.fields import DRUGGED, FLAGGED, NUMERIC
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import is_trade_name, key, known, split
from lenrx.intake.cells.base import (
    BARE_ARM,
    CellError,
    CellReader,
    CellReading,
    Values,
    plain_text,
    strict,
)
from lenrx.intake.cells.missing import missing, unknown
from lenrx.intake.cells.spellings.signs import may_hold_sign, no_sign
from lenrx.intake.cells.spellings.unwritten import goes_on, no_ditto
from lenrx.intake.cells.units import doubted
from lenrx.patient.patient import (
    DRUG_LISTS,
    LISTED,
    MEDICINE_LISTS,
    UNSTATED,
    WORD_LISTS,
    states_nothing,
    uncertain,
)

__all__ = ["BESIDE", "CellError", "CellReading", "as_text", "is_unstated", "read_cell", "said"]

BESIDE: Final = ("kept", "otherwise_treated")
"""What a cell holds besides values of its field: it tells nothing of which field a column is."""

_LONGEST: Final = 200
"""Letters of a cell that holds one value; a longer one is prose."""
_SHOWN: Final = 60
"""Letters of a cell that an error shows: a word or a few, never a text about a patient."""


def read_cell(field: str, value: Any, catalogue: Catalogue) -> CellReading:
    """What `value` states about `field`. Raises CellError with what to do, never a guess."""
    if value is None:
        return CellReading(())
    text = _text(value)
    no_ditto(field, text)
    if field in _TELLS_HISTORY and unknown(text):
        return _not_stated(field, text, text)
    if states_nothing(value):
        return CellReading(())
    if field in MEDICINE_LISTS and missing(field, plain := plain_text(text)):
        # Nobody knows all medicines: what stands for nothing would be the name of one.
        return _not_stated(field, text, plain)
    if field in LISTED and (more := _open(field, text, catalogue)):
        return more
    if may_hold_sign(text) and not missing(field, plain := plain_text(text)):
        _without_sign(field, plain)
    try:
        values = _literal(field, value, text, catalogue)
        return CellReading(values, _translated(field, text, values, catalogue))
    except CellError as error:
        # Only the words: an error holds its frames, and they hold it.
        refused = str(error), error.word
    if missing(field, plain := plain_text(text)):
        return _not_stated(field, text, plain)
    reader = _readers().get(field)
    if len(plain) > _LONGEST and field not in LISTED:
        raise CellError("is too long for one value; write it alone", plain[:_SHOWN])
    try:
        found = reader(field, plain, catalogue) if reader else None
    except CellError as error:
        raise CellError(str(error), _few(error.word or plain)) from None
    if found is None:
        raise CellError(refused[0], _few(refused[1]))
    return CellReading(found[0], (_said(text, found[1]),))


def _open(field: str, text: str, catalogue: Catalogue) -> CellReading | None:
    """A list that says that it goes on: what it names, and that there are others."""
    rest, more = goes_on(plain_text(text))
    if not more:
        return None
    if field in ("refractory", "intolerant"):
        raise CellError("says that there are more, which it does not name; write all of them", more)
    values, said = read_cell(field, rest, catalogue)
    stated = dict(values)
    if field == "exposed":
        stated["history"] = "partial"
    elif field in MEDICINE_LISTS:
        stated[field] = tuple(sorted({*stated.get(field, ()), _OTHERS}))
    meaning = said[0].partition("' as ")[2] if said else _named(stated.get(field), rest)
    return CellReading(tuple(stated.items()), (_said(text, f"{meaning}; {_AND_OTHERS[field]}"),))


def _named(value: Any, rest: str) -> str:
    return ", ".join(each for each in value if each != _OTHERS) if value else rest


_OTHERS: Final = "others"
"""Among medicines, those that are taken and not named: nobody knows whether they interact."""
_AND_OTHERS: Final = {
    **dict.fromkeys(LISTED, "others that are not named are left open"),
    "exposed": "others that are not named, so the history is partial",
}


@cache
def _readers() -> dict[str, CellReader]:
    """The readers of how charts are written, imported for the first cell that is not literal."""
    from lenrx.intake.cells.drugs import drugs
    from lenrx.intake.cells.illnesses import conditions
    from lenrx.intake.cells.markers import markers
    from lenrx.intake.cells.numbers import number
    from lenrx.intake.cells.words import day, flag, frailty, hepatic, history, region, sex

    return {
        **dict.fromkeys(NUMERIC, number),
        **dict.fromkeys(FLAGGED, flag),
        **dict.fromkeys(DRUGGED, drugs),
        **dict.fromkeys(("cytogenetics", "cytogenetics_absent"), markers),
        **dict.fromkeys(("comorbidities", "comorbidities_absent"), conditions),
        "sex": sex,
        "frailty": frailty,
        "hepatic": hepatic,
        "history": history,
        "region": region,
        "as_of": day,
    }


def _without_sign(field: str, plain: str) -> None:
    try:
        no_sign(field, plain)
    except CellError as error:
        raise CellError(str(error), _few(error.word)) from None


def _few(words: str | None) -> str | None:
    if words is None or len(words) <= _SHOWN:
        return words
    return f"{words[: _SHOWN - 1].rsplit(' ', 2)[0]}\u2026"


_TELLS_HISTORY: Final = ("exposed", "history")
"""Fields of which not known says that drugs may have been given that are not listed."""


def _not_stated(field: str, text: str, plain: str) -> CellReading:
    """Nothing; where somebody says that the drugs given are not known, the history is partial."""
    if field in _TELLS_HISTORY and unknown(plain):
        return CellReading((("history", "partial"),), (_said(text, "not known: partial history"),))
    return CellReading((), () if plain.lower() in UNSTATED else (_said(text, "not stated"),))


def _text(value: Any) -> str:
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, str | bool) or (isinstance(value, int) and value.bit_length() < 4096):
        return str(value)
    raise CellError("must be text, a number or a list of words")


def _translated(field: str, text: str, values: Values, catalogue: Catalogue) -> tuple[str, ...]:
    """Said where a brand or a code stands for a drug, and where a medicine has another name."""
    if field in MEDICINE_LISTS:
        read, typed = dict(values).get(field, ()), {key(each) for each in split(text)}
        same = not read or typed == {key(each) for each in read}
        return () if same else (_said(text, ", ".join(read)),)
    items = split(plain_text(text)) if field in DRUG_LISTS else []
    if not any(is_trade_name(item, catalogue) for item in items):
        return ()
    return (_said(text, ", ".join(dict(values)[field])),)


def _said(text: str, meaning: str) -> str:
    return f"read '{' '.join(text.split())}' as {meaning}"


_TWO_MEANINGS: Final = re.compile(
    r"(?<![\w-])(?:PD|pd|SD|sd|[xX])(?![\w-])|(?<=\w\w )[A-Za-z](?=\s*(?:$|[,;|]))|[(\[{]|/"
)
"""Progression and stable disease are regimens too, a cross and a lone letter drugs or marks, and
a stroke stands between drugs, or in what is said in two letters; and parentheses."""


def _literal(field: str, value: Any, text: str, catalogue: Catalogue) -> Values:
    doubted(field, text)
    if field != "id" and isinstance(value, str | list | tuple):
        plain = plain_text(text)
        if field not in MEDICINE_LISTS and uncertain(plain):
            reason = "holds a mark that cannot be read; write the plain word or leave it out"
            raise CellError(reason, plain)
        if field == "cytogenetics" and any(re.fullmatch(BARE_ARM, item) for item in split(plain)):
            raise CellError("is an arm and not what befell it", plain)
        if field == "refractory" and plain in ("R", "r"):
            raise CellError("may be refractory, or lenalidomide; write the word", plain)
        if field in DRUG_LISTS and (mark := _TWO_MEANINGS.search(plain)):
            raise CellError("may be a response or a tick; write Pd, Sd or selinexor", mark[0])
        named = (item == "none" or known(item, catalogue) for item in split(plain))
        if field in DRUG_LISTS and not all(named):
            raise CellError("names no drug, class or regimen of the catalogue")
    if field in MEDICINE_LISTS:
        # A list of medicines is split by its reader, which knows a decimal comma.
        return strict(field, [plain_text(text)] if text else value, catalogue)
    listed = field in (*DRUG_LISTS, *WORD_LISTS) and isinstance(value, str)
    items = split(plain_text(text)) if listed else []
    return strict(field, items or value, catalogue)


def is_unstated(text: str, field: str = "") -> bool:
    """Whether a cell says that nothing is known."""
    return missing(field, plain_text(text))


as_text: Final = _text
"""A cell as text, whatever a file holds it as. Raises CellError."""
said: Final = _said
"""How a reading is said."""
