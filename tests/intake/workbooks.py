"""Workbooks that are made for a test, from the parts that Excel and OpenDocument put in theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape
from zipfile import ZipFile

Cells = Sequence[Sequence[Any]]
_MAIN: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES: Final = (
    f'<styleSheet {_MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1">'
    '<border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3">'
    '<xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/></cellXfs></styleSheet>'
)


def styles_of(*formats: str) -> str:
    """Styles of a workbook: 1 and on have these number formats, the one after them is struck."""
    codes = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{escape(each, {chr(34): "&quot;"})}"/>'
        for at, each in enumerate(formats)
    )
    looks = "".join(f'<xf numFmtId="{164 + at}" fontId="0"/>' for at in range(len(formats)))
    return (
        f"<styleSheet {_MAIN}><numFmts>{codes}</numFmts><fonts><font/><font><b/><strike/></font>"
        '<font><strike val="0"/></font></fonts><cellStyleXfs><xf fontId="1"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0" fontId="0"/>{looks}<xf numFmtId="0" fontId="1"/>'
        '<xf numFmtId="0" fontId="2"/></cellXfs><dxfs><dxf><font><strike/></font></dxf></dxfs>'
        "</styleSheet>"
    )


_HIDDEN: Final = ' hidden="1"'
_UNSHOWN: Final = ' state="hidden"'


class Day(float):
    """A day as Excel counts it, shown as a date; with a time of day where it has a fraction."""


class Raw(str):
    """A cell as the XML of a sheet has it, but for its place: `{r}` stands for that."""


def xlsx(
    path: Path,
    sheets: Mapping[str, Cells],
    hidden: Sequence[str] = (),
    *,
    above: str = "",
    beneath: str = "",
    styles: str = "",
    shared: str = "",
) -> Path:
    """A workbook of Excel. Rows that begin with "hidden" are hidden; that cell is left out.

    `above` and `beneath` stand as XML around the rows of each sheet; `styles` and `shared` are
    parts of their own.
    """
    names = list(sheets)
    with ZipFile(path, "w") as out:
        sheet_types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml"'
            f' ContentType="{_TYPE}.worksheet+xml"/>'
            for n in range(1, len(names) + 1)
        )
        out.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
            f'"/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{sheet_types}</Types>',
        )
        out.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"'
            f"{_UNSHOWN if name in hidden else ''}/>"
            for n, name in enumerate(names, 1)
        )
        out.writestr(
            "xl/workbook.xml",
            f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        parts = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(names) + 1)]
        more = [("styles", "styles.xml")] + [("sharedStrings", "sharedStrings.xml")] * bool(shared)
        out.writestr("xl/_rels/workbook.xml.rels", _relations([*parts, *more]))
        out.writestr("xl/styles.xml", styles or _STYLES)
        if shared:
            out.writestr("xl/sharedStrings.xml", f"<sst {_MAIN}>{shared}</sst>")
        for n, name in enumerate(names, 1):
            out.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(sheets[name], above, beneath))
    return path


def _relations(parts: Sequence[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(parts, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _sheet(rows: Cells, above: str, beneath: str) -> str:
    inside = "".join(map(_row, rows, count(1)))
    return f"<worksheet {_MAIN}>{above}<sheetData>{inside}</sheetData>{beneath}</worksheet>"


def _row(cells: Sequence[Any], number: int) -> str:
    is_hidden = bool(cells) and cells[0] == "hidden"
    shown = cells[1:] if is_hidden else cells
    inside = "".join(
        _cell(f"{chr(65 + place)}{number}", cell)
        for place, cell in enumerate(shown)
        if cell is not None
    )
    return f'<row r="{number}"{_HIDDEN if is_hidden else ""}>{inside}</row>'


def _cell(place: str, cell: Any) -> str:
    if isinstance(cell, Raw):
        return cell.replace("{r}", place)
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, Day):
        return f'<c r="{place}" s="{1 if cell.is_integer() else 2}"><v>{float(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell!r}</v></c>'
    if str(cell).startswith("#"):
        return f'<c r="{place}" t="e"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>'


_ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"


def ods(path: Path, sheets: Mapping[str, Cells]) -> Path:
    """A workbook of OpenDocument, with text and numbers; a text like a date is one."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    with ZipFile(path, "w") as out:
        out.writestr("mimetype", _ODS)
        spelled = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        out.writestr("META-INF/manifest.xml", f"<manifest:manifest {spelled}/>")
        out.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _ods_row(cells: Sequence[Any]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>"


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    kind, value = "string", ""
    if isinstance(cell, int | float):
        kind, value = "float", f'office:value="{cell}"'
    elif len(cell) == 10 and cell[4] == "-":
        kind, value = "date", f'office:date-value="{cell}"'
    text = f"<text:p>{escape(str(cell))}</text:p>"
    return f'<table:table-cell office:value-type="{kind}" {value}>{text}</table:table-cell>'
