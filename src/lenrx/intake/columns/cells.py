"""Cells of a column with more to it: codes, units, and yes or no of a drug, marker or illness."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from lenrx.catalogue.fields import DRUGGED, FOUND, NUMERIC
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.units import Unit
from lenrx.intake.cells import (
    BESIDE,
    CellError,
    CellReading,
    as_text,
    is_unstated,
    read_cell,
    said,
)
from lenrx.intake.cells.base import Values, bare, plain_text, strict
from lenrx.intake.cells.illnesses import CURRENT, WAS
from lenrx.intake.cells.markers import unexamined
from lenrx.intake.cells.marks import mark
from lenrx.intake.cells.numbers import number
from lenrx.intake.cells.reasons import is_response, is_toxicity
from lenrx.intake.cells.spellings.flags import DOUBTED, TRUE
from lenrx.intake.cells.spellings.unwritten import no_ditto
from lenrx.intake.cells.words import flag
from lenrx.intake.columns.boxes import Asked
from lenrx.intake.columns.column import ASKED, NONE, NOT_KNOWN, OTHER, Column, code
from lenrx.intake.columns.dictionary import box_of
from lenrx.intake.columns.status import stated_by, status_of
from lenrx.patient.patient import uncertain

_YES_OR_NO: Final = "must say yes, no or unknown; for other codes state values: in the map"


def read_column(column: Column, cell: Any, catalogue: Catalogue) -> CellReading:
    """What a cell states. Raises CellError, which names the column."""
    try:
        return _read(column, cell, catalogue)
    except CellError as error:
        if not column.of:
            raise
        raise CellError(f"column {column.name}: {error}", error.word) from None


def _read(column: Column, cell: Any, catalogue: Catalogue) -> CellReading:
    text = "" if cell is None else as_text(cell)
    written = code(text)
    if written in map(code, column.missing):
        return CellReading(nothing(column, catalogue), (said(text, "not stated"),))
    words = next((to for one, to in column.values if code(one) == written), None)
    if words is None:
        no_ditto(column.field, text)
    told = () if words is None else (said(text, words),)
    found = _stated(column, cell if words is None else words, catalogue)
    return found._replace(said=told or found.said)


def _stated(column: Column, cell: Any, catalogue: Catalogue) -> CellReading:
    text = "" if cell is None else as_text(cell)
    if column.of:
        return _of(column, text, catalogue)
    unit = _unit(column)
    if unit is None or not text.strip() or is_unstated(text) or uncertain(plain_text(text)):
        return read_cell(column.field, cell, catalogue)
    if unit.factor == 1 and (found := _literal(column.field, text, catalogue)):
        return CellReading(found)
    values, meaning = number(column.field, plain_text(text), catalogue, unit)
    return CellReading(values, (said(text, meaning),))


def _literal(field: str, text: str, catalogue: Catalogue) -> Values | None:
    """A number, bound or range as the contract has it: its unit is the field's own."""
    try:
        return strict(field, text, catalogue)
    except CellError:
        return None


def _unit(column: Column) -> Unit | None:
    if not column.unit or column.field not in NUMERIC:
        return None
    measures = NUMERIC[column.field].measures
    return next(each for each in measures if each.name == column.unit)


def _of(column: Column, text: str, catalogue: Catalogue) -> CellReading:
    """Yes, no or nothing of the one thing that a column is about."""
    if status := status_of(text, column):
        return _of_status(column, text, status, catalogue)
    found = truth(text, column, catalogue)
    if found is None:
        told = (said(text, f"{column.of}: not known"),) if text.strip() else ()
        return CellReading(nothing(column, catalogue), told)
    plain = plain_text(text).lower() in _PLAIN
    word = f"{column.of}: {'yes' if found else 'no'}"
    if found and column.field == "exposed" and is_response(plain_text(text)):
        word += "; a response is not read here"
    return CellReading(_values(column, found, catalogue), () if plain else (said(text, word),))


def _of_status(column: Column, text: str, status: str, catalogue: Catalogue) -> CellReading:
    """What a word for how a drug fared states of it, in every list that it speaks of."""
    values, words = list[tuple[str, Any]](), list[str]()
    for field, answer in stated_by(status, column.field).items():
        one = column._replace(field=field)
        values += _values(one, answer, catalogue)
        words.append(f"{field}: {'yes' if answer else 'no'}")
    return CellReading(_united(values), (said(text, f"{column.of}, {', '.join(words)}"),))


def _united(values: list[tuple[str, Any]]) -> Values:
    """Each attribute once, with all that was said of it."""
    found = dict[str, Any]()
    for name, value in values:
        found[name] = tuple(sorted({*found.get(name, ()), *value}))
    return tuple(found.items())


_PLAIN: Final = frozenset("1 0 yes no y n true false checked unchecked 1.0 0.0".split())
_YES: Final = frozenset("x + checked done".split())
_NO: Final = frozenset(["unchecked"])
_FOUND_NO: Final = frozenset("wt normal".split())
_UNKNOWN: Final = frozenset("not evaluated|not done|not applicable|unknown".split("|"))


def truth(text: str, column: Column, catalogue: Catalogue) -> bool | None:
    """Whether a cell says yes or no of what its column is about; None where it says nothing."""
    plain = plain_text(text)
    word = plain.lower().strip("[]() ")
    if status := status_of(text, column):
        return stated_by(status, column.field).get(column.field)
    if not word or is_unstated(plain) or word in _UNKNOWN or word in DOUBTED:
        return None
    if word == "s":
        raise CellError("may be sensitive, stopped, or yes (si, sim); write the word", text)
    if column.of in CURRENT and WAS.search(bare(plain)):
        raise CellError("leaves open whether it is so now; write yes or no", text)
    if column.unit == "%" and re.search(r"\d", word):
        return _marked(plain, column, catalogue)
    if column.field in FOUND:
        unexamined(word)
    if (found := flag("emd", word, catalogue)) and found[0]:
        return bool(found[0][0][1])
    if (word in _YES and (word != "done" or column.field == "exposed")) or word in _NO:
        return word in _YES
    if column.field not in DRUGGED and word in _FOUND_NO:
        return False
    if column.field not in DRUGGED and word == "not there":
        return False
    return _marked(plain, column, catalogue)


def _marked(text: str, column: Column, catalogue: Catalogue) -> bool | None:
    """Read as a mark behind the name, as in a list: `del17p: 62%`, `lenalidomide: PD`."""
    share = column.unit == "%" and re.fullmatch(r"[<>]?=?\s?\d+(?:[.,]\d+)?", text)
    if share and 0 < float(re.sub(r"[<>=\s]", "", text).replace(",", ".")) < 1:
        raise CellError(_FRACTION, text)
    text = f"{text}%" if share else text
    if not re.search(r"[^\W\d]|%", text) and not re.fullmatch(r"[+-]{1,3}", text):
        raise CellError(_YES_OR_NO, text)
    try:
        values = dict(read_cell(column.field, f"{column.of}: {text}", catalogue).values)
    except CellError:
        raise CellError(_YES_OR_NO, text) from None
    own = {*_own(column, catalogue)}
    named = {*values.get(column.field, ())}
    absent = {*values.get(f"{column.field}_absent", ())}
    beside = {*values.get("exposed", ())} if column.field != "exposed" else set[str]()
    if not named | absent | beside <= own or not values.keys() <= {
        *(column.field, f"{column.field}_absent", "exposed", "unsure", "history")
    }:
        raise CellError(_YES_OR_NO, text)
    if named and column.field != "exposed" and not _says_so(text, column.field):
        raise CellError(_YES_OR_NO, text)
    if named:
        return True
    return None if values.get("unsure") or values.get("history") or not values else False


_FRACTION: Final = "may be percent or a fraction; write it with its %, or in percent"


def _says_so(text: str, field: str) -> bool:
    """Whether a cell holds a word that says yes; what stands beside a name in a list does not."""
    words = bare(text).replace("(", " ").replace(")", " ").split()
    runs = (
        " ".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    )
    return (
        bool(re.search(r"%|^[+-]{1,3}$|\d ?/ ?\d|cop|kopi|cn", text))
        or any(mark(each) or each in TRUE for each in runs)
        or (field == "intolerant" and is_toxicity(bare(text)))
    )


def _own(column: Column, catalogue: Catalogue) -> tuple[str, ...]:
    if column.of in (NONE, NOT_KNOWN, OTHER):
        return (column.of,)
    values = dict(read_cell(column.field, column.of, catalogue).values)
    return tuple(values.get(column.field, ()))


def _values(column: Column, found: bool, catalogue: Catalogue) -> Values:
    asked = ((ASKED, _things(column, "yes" if found else "no", catalogue)),)
    if column.of in (NONE, NOT_KNOWN, OTHER):
        return asked
    if found:
        return read_cell(column.field, column.of, catalogue).values + asked
    listed = column.field in DRUGGED and not _group(column)
    return (((column.field, ()),) if listed else ()) + asked


def nothing(column: Column, catalogue: Catalogue) -> Values:
    """What a cell states that says nothing: of a column of one thing, that it is not known."""
    return ((ASKED, _things(column, "open", catalogue)),) if column.of else ()


def _things(column: Column, word: str, catalogue: Catalogue) -> tuple[Asked, ...]:
    """All that something is said of; of a regimen none, for each drug may be given without it."""
    drugged = column.field in DRUGGED and column.of not in (NONE, NOT_KNOWN, OTHER)
    things = catalogue.drugs_in(column.of) if drugged else _own(column, catalogue)
    return tuple(sorted((column.field, each, word, _group(column)) for each in things))


def _group(column: Column) -> str:
    """The group of check boxes that a column is of, by its name; empty where it is none."""
    box = box_of(column.name, {})
    return box.group if box else ""


def share(field: str, cells: list[str], catalogue: Catalogue) -> float:
    """How many of the cells with something in them read as values of `field`.

    Where the first ones do not, the others are not tried: most columns of a wide table are none.
    """
    first = list(dict.fromkeys(cells))[:_FIRST]
    if len(cells) > len(first) and not any(reads(field, each, catalogue) for each in first):
        return 0.0
    found = [tried(Column(field, ""), cell, catalogue) for cell in cells]
    telling = [
        read is not None
        and any(value and name not in BESIDE for name, value in read.values)
        and _tells(field, cell)
        for read, cell in zip(found, cells, strict=True)
        if read is None or read.values
    ]
    return sum(telling) / len(telling) if len(telling) > 1 else 0.0


_FIRST: Final = 8


def reads(field: str, cell: str, catalogue: Catalogue) -> bool:
    """Whether a cell states something of `field`."""
    read = tried(Column(field, ""), cell, catalogue)
    return read is not None and any(value for _, value in read.values)


def _tells(field: str, cell: str) -> bool:
    """Whether a cell can only mean this field: a cross or an R also fills any other column."""
    return field in ("sex", "region") or len(cell.strip()) > 2


@lru_cache(20_000)
def tried(column: Column, cell: str, catalogue: Catalogue) -> CellReading | None:
    """What a cell of a column states; None where it cannot be read."""
    try:
        if column == Column(column.field, ""):
            return read_cell(column.field, cell, catalogue)
        return read_column(column, cell, catalogue)
    except CellError:
        return None
