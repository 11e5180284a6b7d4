"""What a sheet of Excel holds that its values do not tell: damaged, hidden and styled cells.

A formula without a value and an error are nothing to a reader of values, and nothing is no error.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Collection, Iterator, Mapping
from typing import BinaryIO, Final, NamedTuple
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from lenrx.intake.rows import UNCALCULATED, Damaged
from lenrx.intake.tables.cell_formats import Look, looks
from lenrx.patient.patient import PatientError

Place = tuple[int, int]
"""Row and column of a cell, from 0."""
_CHUNK: Final = 1 << 20
_TELLING: Final = (
    *(b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b'"e"', b"'e'"),
    *(b"hidden", b"<!DOCTYPE"),
)
"""One of these stands in a sheet that has something to tell; others need not be parsed."""
_STRUCK: Final = (b"<strike", b":strike")
"""One of these stands where some letters of a text are struck out."""
_FAR: Final = re.compile(rb'r="(?:[A-Z]{3}\d|[A-Z]{2}\d{5})')
"""A cell that may be far from the others."""
_LARGEST: Final = 2_000_000_000
"""Bytes of the parts of a workbook, unpacked."""
_DENSE: Final = 300
"""Times that a workbook may be larger than its file; Excel's own come to a few dozen."""
_SMALL: Final = 100_000_000
"""Bytes unpacked that are no burden, however dense."""
_WIDEST: Final = 50_000_000
"""Cells of the rectangle around a sheet's values, which is held as a whole."""
_FAULTS: Final = (BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, zlib.error)
_TRAP: Final = "unpacks to far more than its file holds; save the table as CSV UTF-8"
_ODD: Final = "has a part that Excel does not write (DOCTYPE); save the table as CSV UTF-8"
_DAMAGED: Final = "cannot be read as a workbook; open it in Excel and save it anew, or as CSV UTF-8"


class Sheet(NamedTuple):
    """What the values of a sheet do not tell."""

    damaged: Mapping[Place, Damaged] = {}
    rows: int = 0
    """Rows that are hidden."""
    columns: int = 0
    """Columns that are hidden."""
    looks: Mapping[Place, Look] = {}
    """How cells are shown, where that tells something."""


def is_xlsx(source: BinaryIO) -> bool:
    """Whether a file, which is left at its beginning, is a zip with sheets as XML."""
    try:
        with ZipFile(source) as book:
            return "[Content_Types].xml" in book.namelist() and not any(
                name.endswith("workbook.bin") for name in book.namelist()
            )
    except (*_FAULTS, ValueError):
        return False
    finally:
        source.seek(0)


def bounded(source: BinaryIO) -> None:
    """Raises PatientError where a zip unpacks to more than can be held; it is left at its start."""
    try:
        with ZipFile(source) as book:
            sizes = [(each.file_size, each.compress_size) for each in book.infolist()]
    except (*_FAULTS, ValueError):
        sizes = []
    finally:
        source.seek(0)
    whole, packed = sum(one for one, _ in sizes), sum(other for _, other in sizes)
    if whole > _LARGEST or (whole > _SMALL and whole > _DENSE * packed):
        raise PatientError("file", _TRAP)


def sheet_of(source: BinaryIO, name: str) -> Sheet:
    """What one sheet of an xlsx file has to tell. Raises PatientError where it is no such file."""
    try:
        with ZipFile(source) as book:
            part, styles, struck = _part(book, name), _styles(book), frozenset[str]()
            # A part is unpacked to its end here: what says less of its size than it has is found.
            for other in book.namelist():
                if other.endswith("sharedStrings.xml") and _tells(book, other, _STRUCK):
                    struck = struck | _struck_texts(book, other)
            asked = [f"s={quote}{each}{quote}".encode() for each in styles for quote in "'\""]
            telling = (*_TELLING, *_STRUCK, *asked, *([b'"s"', b"'s'"] if struck else []))
            if not _tells(book, part, telling):
                return Sheet()
            return _Reader(name, styles, struck).read(_chunks(book, part))
    except (*_FAULTS, expat.ExpatError, ValueError):
        raise PatientError("file", _DAMAGED) from None
    finally:
        source.seek(0)


def _chunks(book: ZipFile, part: str) -> Iterator[bytes]:
    with book.open(part) as found:
        while chunk := found.read(_CHUNK):
            yield chunk


def _tells(book: ZipFile, part: str, telling: Collection[bytes]) -> bool:
    """Whether a part has to be parsed; it is unpacked to its end. Raises PatientError."""
    tells, tail = False, b""
    for chunk in _chunks(book, part):
        if not tail and not chunk.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            tells = True
        both = tail + chunk
        if b"<!DOCTYPE" in both:
            raise PatientError("file", _ODD)
        tells = tells or any(each in both for each in telling) or _FAR.search(both) is not None
        tail = both[-32:]
    return tells


def _styles(book: ZipFile) -> dict[str, Look]:
    """The looks of a workbook that tell something, by the number that its cells state."""
    parts = [each for each in book.namelist() if each.endswith("styles.xml")]
    return looks(_elements(book, parts[0])) if parts else {}


def _struck_texts(book: ZipFile, part: str) -> frozenset[str]:
    """Which of the texts that cells share have letters that are struck out, by number."""
    found, number = set[str](), -1
    for tag, stated in _elements(book, part):
        number += tag == "si"
        if tag == "strike" and stated.get("val") not in ("0", "false"):
            found.add(str(number))
    return frozenset(found)


def _part(book: ZipFile, name: str) -> str:
    """The part of a workbook that holds the sheet of a name."""
    main = next(iter(_related(book, "", "/officeDocument").values()), "xl/workbook.xml")
    targets = _related(book, main, "")
    for tag, stated in _elements(book, main):
        if tag == "sheet" and stated.get("name") == name:
            return targets[stated["id"]]
    raise KeyError(name)


def _related(book: ZipFile, part: str, kind: str) -> dict[str, str]:
    """The parts that a part is related to, of a kind that ends so, by the id of the relation."""
    folder, file = posixpath.split(part)
    found = dict[str, str]()
    for tag, stated in _elements(book, posixpath.join(folder, "_rels", f"{file}.rels")):
        if tag == "Relationship" and stated.get("Type", "").endswith(kind):
            path = posixpath.normpath(posixpath.join("/", folder, stated["Target"]))
            found[stated["Id"]] = path.lstrip("/")
    return found


def _elements(book: ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part with their attributes, names without their prefix."""
    found = list[tuple[str, dict[str, str]]]()

    def start(tag: str, stated: dict[str, str]) -> None:
        found.append((_plain(tag), {_plain(key): value for key, value in stated.items()}))

    parser = _parser()
    parser.StartElementHandler = start
    for chunk in _chunks(book, part):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return found


def _plain(name: str) -> str:
    return name.rpartition(":")[2]


def _parser() -> expat.XMLParserType:
    """A parser that knows no entities but those of XML itself."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_: object) -> None:
    raise PatientError("file", _ODD)


class _Reader:
    """Reads the XML of a sheet as it comes, and keeps nothing but what it has to tell."""

    def __init__(self, name: str, styles: Mapping[str, Look], struck: Collection[str]) -> None:
        self._name, self._styles, self._struck = name, styles, struck
        self._damaged: dict[Place, Damaged] = {}
        self._looks: dict[Place, Look] = {}
        self._row, self._column, self._far = -1, -1, (-1, -1)
        self._hidden_rows = self._hidden_columns = 0
        self._kind, self._tag, self._value = "", "", ""
        self._look: Look | None = None
        self._formula = self._filled = False

    def read(self, chunks: Iterator[bytes]) -> Sheet:
        """What the sheet has to tell. Raises PatientError where it is too wide to be held."""
        parser = _parser()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
        if (self._far[0] + 1) * (self._far[1] + 1) > _WIDEST:
            problem = f"has a cell as far as {spelled(self._far)}: delete what is not the table"
            raise PatientError(f"sheet {self._name}", problem)
        return Sheet(self._damaged, self._hidden_rows, self._hidden_columns, self._looks)

    def _start(self, name: str, stated: Mapping[str, str]) -> None:
        tag = self._tag = _plain(name)
        if tag == "c":
            self._column += 1
            if "r" in stated:
                self._row, self._column = _place(stated["r"])
            self._kind, self._value = stated.get("t", ""), ""
            self._look = self._styles.get(stated.get("s", "0"))
            self._formula = self._filled = False
        elif tag == "f":
            self._formula = True
        elif tag in ("v", "t", "is"):
            self._filled = True
        elif tag == "strike" and stated.get("val") not in ("0", "false"):
            self._look = _STRUCK_OUT
        elif tag == "row":
            self._row, self._column = int(stated.get("r", self._row + 2)) - 1, -1
            self._hidden_rows += _is_true(stated.get("hidden"))
        elif tag == "col" and _is_true(stated.get("hidden")):
            self._hidden_columns += int(stated["max"]) - int(stated["min"]) + 1

    def _text(self, text: str) -> None:
        if self._tag == "v" and len(self._value) < 40:
            self._value += text

    def _end(self, name: str) -> None:
        self._tag = ""
        if name != "c" and _plain(name) != "c":
            return
        place, value = (self._row, self._column), self._value.strip()
        if self._filled:
            self._far = (max(self._far[0], place[0]), max(self._far[1], place[1]))
            if self._kind == "s" and value in self._struck:
                self._look = _STRUCK_OUT
            if self._look:
                self._looks[place] = self._look
        if self._kind == "e":
            self._damaged[place] = Damaged(value or "#")
        elif self._formula and not value and self._kind not in ("str", "inlineStr"):
            self._damaged[place] = UNCALCULATED


_STRUCK_OUT: Final = Look(True, "")


def _is_true(stated: str | None) -> bool:
    return stated in ("1", "true")


def _place(text: str) -> Place:
    """The place that is written as AB12."""
    column = text.rstrip("0123456789")
    number = 0
    for sign in column:
        number = 26 * number + ord(sign) - 64
    return int(text[len(column) :]) - 1, number - 1


def spelled(place: Place) -> str:
    """A place as Excel writes it."""
    return f"{_letters(place[1])}{place[0] + 1}"


def _letters(column: int) -> str:
    """A column, from 0, as Excel names it."""
    text, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
