"""The form of a file: told from its first bytes, whatever its name says."""

from __future__ import annotations

import codecs
import json
import re
from typing import Final, Literal, NamedTuple

from lenrx.intake.tables.delimiter import DELIMITERS
from lenrx.intake.tables.names import BLANK, Known
from lenrx.patient.patient import PatientError

Kind = Literal["csv", "tsv", "ndjson", "json", "excel", "parquet"]
ENDINGS: Final[dict[str, Kind]] = {
    **{".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".parquet": "parquet", ".json": "json"},
    **{".ndjson": "ndjson", ".jsonl": "ndjson"},
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "excel"),
}
_SPOKEN: Final = {
    **{"csv": "a table of text", "tsv": "a table of text", "ndjson": "JSON, an object a line"},
    **{"json": "JSON", "excel": "a workbook", "parquet": "Parquet"},
}
_MARKS: Final = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_WIDE: Final = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32"}
_REFUSED: Final = {
    b"\x1f\x8b": "is compressed; unpack it (gunzip FILE)",
    b"BZh": "is compressed; unpack it (bunzip2 FILE)",
    b"\xfd7zXZ": "is compressed; unpack it (unxz FILE)",
    b"(\xb5/\xfd": "is compressed; unpack it (unzstd FILE)",
    b"7z\xbc\xaf": "is a 7z archive; unpack it",
    b"%PDF": "is a PDF; export the table as CSV or Excel",
    b"{\\rtf": "is a text document; copy its table into Excel and save that",
    b"SQLite format 3": "is a database; export the table as CSV",
    b"$FL": "is an SPSS file; save it as CSV or Excel",
    b"<stata_dta>": "is a Stata file; write it with `export delimited`",
    b"HEADER RECORD***": "is a SAS transport file; export it as CSV",
    b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60": "is a SAS file; export it as CSV",
    b"RDX": "is an R file; write it with write.csv",
    b"ARROW1": "is an Arrow file; write it as Parquet",
    b"MIME-Version:": "is a web archive; open it in Excel and save it as .xlsx or CSV UTF-8",
    **dict.fromkeys(
        (b"ID;PWXL", b"ID;PSCALC", b"ID;PCALC"),
        "is a SYLK file; open it in Excel and save it as .xlsx or CSV UTF-8",
    ),
    b"ORC": "is an ORC file; write it as Parquet",
}
_NUMBERS: Final = (
    b"preview",
    b"Index/",
    b"Index.zip",
    b"Metadata/Properties.plist",
    b"buildVersion",
)
"""Parts that begin a file of Apple's programs."""
_MARKUP: Final = re.compile(r"<(?:!doctype|html|\?xml|table|!--|meta|head|body)", re.IGNORECASE)


class Form(NamedTuple):
    """What a file is, how its text is encoded, and what the user is told of it."""

    kind: Kind
    encoding: str
    said: tuple[str, ...] = ()


def form_of(head: bytes, asked: Kind | None, encoding: str, by: Known) -> Form:
    """The form of a file by its first bytes; `asked` is what its name or the user says.

    Raises PatientError where it is empty, or of a kind that is not read.
    """
    if not head:
        raise PatientError("file", "is empty; there is no patient in it")
    kind = _binary(head)
    if kind:
        return Form(kind, encoding, _unlike(kind, asked))
    encoding, said = _encoding(head, encoding)
    text = _text(head, encoding)
    if asked in ("parquet", "excel") and not _is_text(text):
        return Form(asked, encoding)
    if not text.strip(BLANK):
        raise PatientError("file", "is empty; there is no patient in it")
    kind = _kind(text, asked, by)
    return Form(kind, encoding, (*said, *_hint(head, encoding), *_unlike(kind, asked)))


def _binary(head: bytes) -> Kind | None:
    """The form of a file that is no text. Raises PatientError where it is none that is read."""
    for mark, problem in _REFUSED.items():
        if head.startswith(mark):
            raise PatientError("file", problem)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "excel"
    if not head.startswith(b"PK\x03\x04"):
        return None
    if b"Index/Document.iwa" in head or any(head[30:].startswith(each) for each in _NUMBERS):
        problem = "is a file of Numbers or Pages; export its table as CSV (UTF-8) or Excel"
        raise PatientError("file", problem)
    inside = (b"[Content_Types].xml", b"xl/", b"_rels/", b"docProps/", b"mimetype")
    if b"word/" in head[:4096] or b"vnd.oasis.opendocument.text" in head[:200]:
        raise PatientError("file", "is a text document; copy its table into Excel and save that")
    if not any(head[30:].startswith(each) for each in inside):
        raise PatientError("file", "is a zip archive; unpack it and name the table inside")
    return "excel"


def _encoding(head: bytes, asked: str) -> tuple[str, tuple[str, ...]]:
    """The encoding that a mark states, or else the one that was asked for. Raises PatientError."""
    for mark, name in (*_WIDE.items(), *_MARKS.items()):
        if head.startswith(mark):
            said = f"the text is {name.upper()}, as its first bytes say"
            return name, () if name == "utf-8" and _is_utf_8(asked) else (said,)
    if not _is_utf_8(asked):
        _no_utf_8(head, asked)
        return asked, ()
    if head.count(0) * 5 > len(head):
        raise PatientError("file", _without_mark(head))
    return asked, ()


def _is_utf_8(name: str) -> bool:
    return name.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


def _without_mark(head: bytes) -> str:
    """What text of two or four bytes a sign may be, told by where its zeros stand."""
    name, even, odd = "UTF-16", head[0:400:2].count(0), head[1:400:2].count(0)
    little = odd > even
    if head[:400].count(0) * 5 > 3 * len(head[:400]):
        name, little = "UTF-32", head[0:400:4].count(0) < head[3:400:4].count(0)
    side = "le" if little else "be"
    return f"looks like {name} without its mark; say --encoding {name.lower()}-{side}"


def _no_utf_8(head: bytes, asked: str) -> None:
    """Text beyond ASCII that is UTF-8 is no other, whatever is said: its letters would be wrong.

    Raises PatientError, which names both.
    """
    try:
        one_byte = len("a\u00e9".encode(asked, "replace")) == 2
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except (LookupError, UnicodeError):
        return
    if head.isascii() or not one_byte:
        return
    problem = f"the text is UTF-8 for all one can tell; as {asked} its letters would be wrong"
    raise PatientError(f"--encoding {asked}", f"{problem}: leave it out")


def _text(head: bytes, encoding: str) -> str:
    try:
        return head.decode(encoding, "replace").removeprefix("\ufeff")
    except (LookupError, UnicodeError):
        return head.decode("latin-1")


def _is_text(text: str) -> bool:
    odd = sum(text.count(each) for each in "\0\1\2\3\4\5\6")
    return 50 * odd < len(text) > 8 * text.count("\ufffd")


def _hint(head: bytes, encoding: str) -> tuple[str, ...]:
    """That Excel on Windows may have written what is no UTF-8."""
    if encoding.lower() not in ("utf-8", "utf8"):
        return ()
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return ("some of the text is not UTF-8: if Excel wrote it, say --encoding cp1252",)
    return ()


def _kind(text: str, asked: Kind | None, by: Known) -> Kind:
    begun = text.lstrip(BLANK)
    if _MARKUP.match(begun):
        problem = "is a web page or XML; open it in Excel and save it as .xlsx or CSV UTF-8"
        raise PatientError("file", problem)
    if re.match(r"\[\s*(?:[{\]]|$)", begun):
        return "json"
    if re.match(r'\[\s*[\["\d]', begun) and asked != "ndjson":
        problem = "is a list of lists or words in JSON; write an object for each patient"
        raise PatientError("file", problem)
    if begun.startswith("{"):
        return _of_objects(begun, asked)
    if asked == "ndjson" and not _is_table(text, by):
        return asked
    return "tsv" if asked == "tsv" else "csv"


def _is_table(text: str, by: Known) -> bool:
    """Whether text in a file of JSON is a table after all: a line names two columns."""
    if any(line.lstrip().startswith("{") for line in text.splitlines()):
        return False
    line = next((each for each in text.splitlines() if each.strip(BLANK)), "")
    return any(sum(by(cell) > 1 for cell in line.split(each)) > 1 for each in DELIMITERS)


def _of_objects(text: str, asked: Kind | None) -> Kind:
    """Whether objects stand one a line, or a document is laid out over lines or around a list."""
    lines = [line.strip() for line in text.splitlines()[:20] if line.strip()]
    if len(lines) == 1:
        return "json" if _holds_objects(lines[0]) else "ndjson"
    whole = [line for line in lines if line.startswith("{") and line.endswith("}")]
    if lines[0] in whole or len(whole) > 1 or (whole and asked == "ndjson"):
        return "ndjson"
    opens = lines[0].endswith(("{", "[", ",", ":")) or '"' not in lines[0]
    return "json" if opens else "ndjson"


def _holds_objects(line: str) -> bool:
    """Whether a single line is an object around a list of objects."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return '":[{' in line.replace(" ", "")
    lists = (each for each in found.values() if isinstance(each, list) and each)
    return any(isinstance(each[0], dict) for each in lists)


def _unlike(kind: Kind, asked: Kind | None) -> tuple[str, ...]:
    """What is told where a file is not what its name says."""
    if asked is None or _SPOKEN[asked] == _SPOKEN[kind] or {asked, kind} <= {"ndjson", "json"}:
        return ()
    return (f"the file is {_SPOKEN[kind]}, not {_SPOKEN[asked]}: it is read as what it is",)
