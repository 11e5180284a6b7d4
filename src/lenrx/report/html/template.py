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


def written(name: str, cited: Mapping[str, Reference], **told: Any) -> str:
    """A template filled: `refs` gives the numbers under which places are listed."""

    def refs(marks: Iterable[Mark]) -> list[int]:
        return sorted({cited[mark.source].number for mark in marks})

    style = Markup(_source("style.css"))  # nosec B704: a file of the package
    page = _environment().get_template(name)
    return page.render(style=style, refs=refs, references=[*cited.values()], **told)


def _source(name: str) -> str:
    environment = _environment()
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]
