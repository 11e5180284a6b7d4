"""The templates of the pages: Jinja2 with every text escaped, and nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lenrx.report.html.cited import Mark, Reference
from lenrx.report.html.svg import plain


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("lenrx.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    found.filters["slug"] = slug
    return found


def _harmless(value: Any) -> Any:
    """A text without what a page must not hold; what is markup was made here."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def slug(name: str) -> str:
    """A name as part of an id of the page."""
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in name).lower()


def quoted(text: str) -> str:
    """A text as a string of CSS: whatever is no plain letter or figure goes by its number."""
    return "".join(
        each if each.isascii() and each.isalnum() else f"\\{ord(each):06x}" for each in plain(text)
    )


def written(name: str, cited: Mapping[str, Reference], running: str = "", **told: Any) -> str:
    """A template filled: `refs` gives the numbers under which places are listed.

    `running` stands at the head of each sheet of paper.
    """

    def refs(marks: Iterable[Mark]) -> list[int]:
        return sorted({cited[mark.source].number for mark in marks})

    style = Markup(_source("style.css"))  # nosec B704: a file of the package
    page = _environment().get_template(name)
    head = Markup(quoted(running))  # nosec B704: letters and figures alone
    return page.render(
        style=style,
        refs=refs,
        references=[*cited.values()],
        running=head,
        **told,
    )


def _source(name: str) -> str:
    environment = _environment()
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]
