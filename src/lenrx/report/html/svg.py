"""SVG by hand: elements whose text is escaped, and the frame that makes a drawing a figure.

Colours and sizes are classes, whose meaning stands in `templates/style.css`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Final

from markupsafe import Markup, escape

WIDTH: Final = 900
"""Units that every figure is wide."""
TALLEST: Final = 940
"""Units after which a figure goes on in another: a printed page holds no more."""
HALF: Final = 500
"""The same for figures of many rows, so that none leaves the better part of a page empty."""
LINE: Final = 16
"""Units from one line of text to the next."""
_WIDE: Final = 6.6
"""Units of a letter of ordinary text, with room to spare."""
_OBEYED: Final = {
    code: "\N{REPLACEMENT CHARACTER}"
    for codes in (range(9), range(11, 32), range(0x7F, 0xA0), range(0x202A, 0x202F))
    for code in (*codes, *range(0x2066, 0x206A), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
}
"""What a page must not hold, and what turns the direction of the text around it."""


def plain(text: str) -> str:
    """Text without anything that a page obeys beside its markup."""
    return text.translate(_OBEYED)


def element(name: str, *content: str, **attributes: str | float) -> Markup:
    """An element; `class_` stands for `class`, an underscore in a name for a hyphen."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
    )
    inner = "".join(each if isinstance(each, Markup) else escape(plain(each)) for each in content)
    whole = f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"
    return Markup(whole)  # nosec B704: every part is escaped


def _value(value: str | float) -> str:
    return escape(plain(value)) if isinstance(value, str) else f"{round(value, 1):g}"


def group(content: Iterable[Markup], **attributes: str | float) -> Markup:
    """Elements that belong together."""
    return element("g", Markup("").join(content), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def rect(x: float, y: float, width: float, height: float, kind: str, **more: float) -> Markup:
    """A rectangle."""
    return element("rect", x=x, y=y, width=max(width, 0), height=height, class_=kind, **more)


def path(points: Sequence[tuple[float, float]], kind: str, closed: bool = True) -> Markup:
    """A line through points, closed or not."""
    steps = "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in points)
    return element("path", d=f"M{steps}{'Z' if closed else ''}", class_=kind)


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> Markup:
    """Words on one line."""
    more = {"class_": kind} if kind else {}
    if anchor != "start":
        more["text_anchor"] = anchor
    return element("text", words, x=x, y=y, **more)


def lines(x: float, y: float, words: Sequence[str], kind: str = "") -> list[Markup]:
    """Words on lines one under the other."""
    return [text(x, y + at * LINE, each, kind) for at, each in enumerate(words)]


def folded(words: str, width: float) -> list[str]:
    """Words cut to lines that fit a width."""
    return wrap(words, max(int(width / _WIDE), 8)) or [""]


def figure(name: str, title: str, says: str, height: float, content: Iterable[Markup]) -> Markup:
    """A drawing as a picture with a title and a description, for eyes and for screen readers."""
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", says, id=f"{name}-desc"),
        Markup("").join(content),
        viewBox=f"0 0 {WIDTH} {round(height)}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
        id=name,
    )


def split(heights: Sequence[float], room: float = TALLEST) -> list[slice]:
    """Where a figure is cut, so that each piece of it stays within a page and no row is cut."""
    found, start, used = list[slice](), 0, 0.0
    for at, height in enumerate(heights):
        if used + height > room and at > start:
            found.append(slice(start, at))
            start, used = at, 0.0
        used += height
    return [*found, slice(start, len(heights))] if heights else []
