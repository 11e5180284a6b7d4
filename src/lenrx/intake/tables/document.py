"""Objects in a JSON document: a list of them, one after the other, or the list of one object."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, Final, NamedTuple

from lenrx.intake.column_map import ColumnMap, is_field
from lenrx.intake.lines import LONGEST, MARKED, head_of
from lenrx.patient.patient import PatientError

_CHUNK: Final = 1 << 16
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]]|"', re.DOTALL)
_OPENED: Final = {"}": "{", "]": "["}
_BETWEEN: Final = " ,\t\r\n\ufeff"
_NO_OBJECT: Final = "null"
"""Stands for what a list of objects holds beside them."""
_TOO_LONG: Final = "\0"


class _Piece(NamedTuple):
    """A row, a key of the object around the rows, or the end of that object."""

    kind: str
    key: str
    text: str = ""


def texts(source: BinaryIO, encoding: str, asked: ColumnMap) -> Iterator[str]:
    """The text of each object that is a row. Raises PatientError where they cannot be told.

    A list is read piece by piece and never held; an object around it is read twice.
    """
    key: str | None = None
    if head_of(source).decode(encoding, "replace").lstrip(_BETWEEN)[:1] != "[":
        if not source.seekable():
            source = io.BytesIO(source.read())
        start = source.tell()
        key = _list_of(source, encoding, asked)
        source.seek(start)
    found = _pieces(source, encoding, _Cutter(key is not None))
    rows = (piece for piece in found if piece.kind == "row")
    return (piece.text for piece in rows if key is None or piece.key == key)


def _list_of(source: BinaryIO, encoding: str, asked: ColumnMap) -> str | None:
    """The key of the list of patients, where the document is one object around it."""
    ends, fields, lists = 0, False, set[str]()
    for kind, key, text in _pieces(source, encoding, _Cutter(True)):
        if kind == "key":
            _no_fhir(key)
            fields = fields or is_field(key) or key in asked.columns
        elif kind == "row" and text.startswith("{"):
            lists.add(key)
        ends += kind == "end"
        if fields:
            return None
    if ends != 1 or not lists:
        return None
    if len(lists) > 1:
        names = ", ".join(sorted(lists)[:5])
        problem = f"is JSON with more than one list ({names}); keep the one of the patients"
        raise PatientError("file", problem)
    return lists.pop()


def _no_fhir(key: str) -> None:
    if key == "resourceType":
        problem = "is FHIR; write a table, or one JSON object for each patient with lenrx's fields"
        raise PatientError("file", problem)


class _Cutter:
    """Cuts rows out of the text of a document as it comes.

    Rows are the objects at its top or in a list there; or, `deep`, in a list of one object around.
    """

    def __init__(self, deep: bool) -> None:
        self._deep, self._places = deep, ("{[",) if deep else ("", "[")
        self._held, self._at, self._stack, self._key = "", 0, "", ""
        self._begun, self._around = -1, 0
        """Where the row at hand begins in what is held, and how many brackets are around it."""

    def cut(self, more: str, last: bool) -> Iterator[_Piece]:
        """What is whole by now; at the last, what is not whole too."""
        self._keep()
        self._held += more
        for found in _TOKEN.finditer(self._held, self._at):
            if not last and self._may_go_on(found):
                break
            yield from self._taken(found)
        if last and self._begun >= 0:
            yield self._row(len(self._held))
        elif last and self._is_odd(self._held[self._at :]):
            yield _Piece("row", "", _NO_OBJECT)

    def _keep(self) -> None:
        """Only what is not done with; a row without end is read past and not held."""
        if self._begun < 0:
            self._held, self._at = self._held[self._at :], 0
        elif len(self._held) - self._begun > LONGEST:
            self._held = _TOO_LONG + self._held[self._at :]
            self._begun, self._at = 0, 1
        else:
            self._held, self._at = self._held[self._begun :], self._at - self._begun
            self._begun = 0

    def _may_go_on(self, found: re.Match[str]) -> bool:
        """A text that is not closed yet, or whether it is a key cannot be told yet."""
        if found[0] == '"':
            return True
        may_be_key = self._deep and self._stack == "{" and found[0][0] == '"'
        return may_be_key and not self._held[found.end() :].strip()

    def _taken(self, found: re.Match[str]) -> Iterator[_Piece]:
        token, before = found[0], self._held[self._at : found.start()]
        self._at = found.end()
        if self._begun < 0 and self._stack in self._places and self._is_odd(before, token):
            yield _Piece("row", self._key, _NO_OBJECT)
        if token in _OPENED:
            yield from self._closed(_OPENED[token])
        elif token in _OPENED.values():
            if token == "{" and self._begun < 0 and self._stack in self._places:
                self._begun, self._around = found.start(), len(self._stack)
            self._stack += token
        elif self._deep and self._stack == "{" and self._held[self._at :].lstrip()[:1] == ":":
            self._key = token[1:-1]
            yield _Piece("key", self._key)

    def _is_odd(self, before: str, token: str = "{") -> bool:
        """Whether something else than an object stands where rows stand."""
        starts = token in ("{", "]", "}") or (token == "[" and not self._stack)
        return bool(before.strip(_BETWEEN)) or not starts

    def _closed(self, sign: str) -> Iterator[_Piece]:
        """A bracket closes what it fits, and what was left open inside."""
        self._stack = self._stack[: max(self._stack.rfind(sign), 0)]
        if self._begun >= 0 and len(self._stack) <= self._around:
            yield self._row(self._at)
        if self._deep and not self._stack:
            yield _Piece("end", "")

    def _row(self, end: int) -> _Piece:
        text, self._begun = self._held[self._begun : end], -1
        return _Piece("row", self._key, text)


def _pieces(source: BinaryIO, encoding: str, cutter: _Cutter) -> Iterator[_Piece]:
    text = io.TextIOWrapper(source, encoding, MARKED, newline="")
    try:
        while chunk := text.read(_CHUNK):
            yield from cutter.cut(chunk, False)
        yield from cutter.cut("", True)
    finally:
        with suppress(ValueError):
            text.detach()
