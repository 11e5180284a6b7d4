"""Reads a page as a browser would see it: elements in order, with their text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "input", "br", "link", "img", "hr"}


@dataclass
class Element:
    """An element with its attributes, its own and all inner text, and what it stands in."""

    tag: str
    attributes: dict[str, str]
    parents: tuple[Element, ...]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    @property
    def kinds(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def within(self, tag: str, **wanted: str) -> bool:
        return any(
            each.tag == tag and wanted.items() <= each.attributes.items() for each in self.parents
        )


class Page(HTMLParser):
    """A page, read strictly: what is opened is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert not self._open, f"not closed: {self._open[-1].tag}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Element(tag, {key: value or "" for key, value in attrs}, tuple(self._open))
        assert len(found.attributes) == len(attrs), f"an attribute twice: {attrs}"
        self.elements.append(found)
        if tag not in VOID:
            self._open.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(
            Element(tag, {key: value or "" for key, value in attrs}, tuple(self._open))
        )

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1].tag == tag, f"</{tag}> closes nothing"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for each in self._open:
            each.words.append(data)

    def all(self, *tags: str) -> list[Element]:
        return [each for each in self.elements if each.tag in tags]

    def one(self, name: str) -> Element:
        (found,) = (each for each in self.elements if each.attributes.get("id") == name)
        return found

    def section(self, name: str) -> list[Element]:
        return [each for each in self.elements if each.within("section", id=name)]

    def table(self, name: str) -> list[list[str]]:
        """The cells of the body of a table, row by row."""
        rows: list[list[str]] = []
        for each in self.elements:
            if each.within("table", id=name) and each.within("tbody"):
                if each.tag == "tr":
                    rows.append([])
                elif each.tag in ("td", "th"):
                    rows[-1].append(each.text)
        return rows
