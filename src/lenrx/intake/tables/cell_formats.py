"""What a cell of Excel shows and its value does not tell: struck-out text, signs and words of a
number format.

Signs before or behind the number are read with it; what shows something else is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from lenrx.intake.rows import Doubted

STRUCK: Final = "is struck out in the workbook: empty the cell, or take the line off"
_HIDDEN: Final = "holds a value that its number format does not show: empty it, or format it anew"
_OTHER: Final = "shows something else than its value by its number format: type what it shows"
_SCALED: Final = "is shown in thousands or millions by its number format: type what it shows"
_BUILT_IN: Final = {
    9: "0%",
    10: "0.00%",
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    42: '_($* #,##0_);_($* \\(#,##0\\);_($* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    44: '_($* #,##0.00_);_($* \\(#,##0.00\\);_($* "-"??_);_(@_)',
}
"""Formats that have a number and no text in a workbook; of them those that tell something."""
_PARTS: Final = frozenset(
    "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors".split()
)


class Look(NamedTuple):
    """How a cell is shown."""

    struck: bool
    code: str
    """Its number format; empty where that shows the plain value."""


class _Part(NamedTuple):
    """A piece of a number format."""

    kind: str
    text: str = ""


def looks(styles: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, Look]:
    """The looks of a workbook that tell something, by number, from the elements of its styles."""
    part, fonts, formats = "", list[bool](), dict[int, str](_BUILT_IN)
    cells = list[tuple[int, int]]()
    for tag, stated in styles:
        part = tag if tag in _PARTS else part
        if tag == "numFmt" and part == "numFmts":
            formats[int(stated["numFmtId"])] = stated.get("formatCode", "")
        elif tag == "font" and part == "fonts":
            fonts.append(False)
        elif tag == "strike" and part == "fonts":
            fonts[-1] = stated.get("val") not in ("0", "false")
        elif tag == "xf" and part == "cellXfs":
            cells.append((int(stated.get("fontId", 0)), int(stated.get("numFmtId", 0))))
    found = (
        (str(number), Look(font < len(fonts) and fonts[font], _telling(formats.get(code, ""))))
        for number, (font, code) in enumerate(cells)
    )
    return {number: look for number, look in found if look.struck or look.code}


def shown(look: Look, value: Any, text: str) -> str:
    """The text of a cell as it is shown; `Doubted` where that may not be what it holds."""
    if not text.strip():
        return text
    if look.struck:
        return Doubted.of(text, STRUCK)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return text
    return _as_shown(look.code, value, text) if look.code else text


def _telling(code: str) -> str:
    """A number format, empty where it shows every number as it is, or days."""
    if re.search("[ymdhs]", re.sub(_NO_CODE, "", code), re.IGNORECASE):
        return ""
    return "" if all(_is_plain(_parts(each)) for each in _sections(code)) else code


def _is_plain(parts: list[_Part]) -> bool:
    kinds = [each.kind for each in parts if each.kind != "sign" or each.text.strip()]
    changed = any(_pads(each) or each.text.endswith(",") for each in parts)
    return kinds in (["number"], ["text"]) and not changed


_NO_CODE: Final = r'"[^"]*"|\\.|[_*].|\[[^\]]*\]'
"""What of a number format says nothing of what kind it is."""


_SECTION: Final = r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[]|["\\\[])*'


def _sections(code: str) -> list[str]:
    return [found[1] for found in re.finditer(rf"(?:^|;)({_SECTION})", code)]


_PIECE: Final = (
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[(?P<when>[<>=]+ ?-?[\d.]+)\]'
    r"|\[\$(?P<money>[^\]-]*)[^\]]*\]|\[[^\]]*\]|(?P<number>General|[0#?][0#?.,]*(?:E[+-][0#?]+)?"
    r"|\.[0#?]+)|(?P<share>%)|(?P<text>@)|(?P<sign>.)"
)


def _parts(section: str) -> list[_Part]:
    found = list[_Part]()
    for match in re.finditer(_PIECE, section, re.IGNORECASE | re.DOTALL):
        kind = match.lastgroup or ""
        if kind in ("quoted", "escaped", "money"):
            kind = "sign"
        if kind:
            found.append(_Part(kind, match[match.lastgroup or 0]))
    return found


def _pads(part: _Part) -> bool:
    return part.kind == "number" and re.fullmatch("00+", part.text) is not None


def _as_shown(code: str, value: float | str, text: str) -> str:
    section = _section_of(code, value)
    if section is None:
        return text
    parts = _parts(section)
    place = "text" if isinstance(value, str) else "number"
    at = [where for where, each in enumerate(parts) if each.kind == place]
    if not at:
        words = "".join(each.text for each in parts if each.kind == "sign").strip()
        return Doubted.of(text, _OTHER if words else _HIDDEN)
    inside = "".join(each.text for each in parts[at[0] : at[-1]] if each.kind != place)
    if inside.strip(" /-"):
        return Doubted.of(text, _OTHER)
    if inside.strip() or isinstance(value, str):
        return _around(parts, at, text)
    return _number(parts, at, value, text)


def _number(parts: list[_Part], at: list[int], value: float, text: str) -> str:
    """A number with what its format puts around it, as a share where it is shown as one."""
    if any(parts[each].text.endswith(",") for each in at):
        return Doubted.of(text, _SCALED)
    if shares := sum(each.kind == "share" for each in parts):
        text = format(value * 100**shares, ".12g")
    elif _pads(parts[at[0]]) and len(at) == 1 and text.isdecimal():
        text = text.zfill(len(parts[at[0]].text))
    return _around(parts, at, text)


def _around(parts: list[_Part], at: list[int], text: str) -> str:
    before = "".join(each.text for each in parts[: at[0]])
    behind = "".join(each.text for each in parts[at[-1] + 1 :])
    return f"{before.lstrip()}{text}{behind.rstrip()}"


def _section_of(code: str, value: float | str) -> str | None:
    """The section of a format that shows a value; None where none changes it."""
    sections = _sections(code)
    if isinstance(value, str):
        texts = [each for each in sections if any(one.kind == "text" for one in _parts(each))]
        return sections[3] if len(sections) > 3 else texts[-1] if texts else None
    if any(each.kind == "when" for section in sections for each in _parts(section)):
        return next((each for each in sections if _meets(each, value)), None)
    if value < 0 or (len(sections) == 1 and _parts(sections[0]) == [_Part("text", "@")]):
        # What is below zero is out of bounds however it is shown.
        return None
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


_COMPARED: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "=": lambda one, other: one == other,
    "<>": lambda one, other: one != other,
}


def _meets(section: str, value: float) -> bool:
    """Whether a value is one that a section with a condition, or the last one, shows."""
    when = next((each.text for each in _parts(section) if each.kind == "when"), "")
    match = re.fullmatch(r"([<>=]+) ?(-?\d+\.?\d*)", when)
    if match is None or match[1] not in _COMPARED:
        return not when
    return _COMPARED[match[1]](value, float(match[2]))
