"""Texts with the sources behind them, and the sources as one numbered list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Source
from lenrx.report.phrases import cite
from lenrx.rules.document import reason
from lenrx.rules.filters import Finding


class Mark(NamedTuple):
    """A place in a source, and how that was read."""

    source: str
    where: str | None = None
    read: str | None = None


class Cited(NamedTuple):
    """A text with the places that it rests on."""

    text: str
    marks: tuple[Mark, ...] = ()


def mark_of(record: Any) -> Mark:
    """The place that a record of the catalogue was read in."""
    return Mark(record.source, record.where, record.verified)


def found(one: Finding, regimen: str) -> Cited:
    """What a finding says, with its sources."""
    marks = tuple(Mark(each, one.where, one.verified) for each in one.sources)
    return Cited(reason(one, regimen), marks)


def once(texts: Iterable[Cited]) -> list[Cited]:
    """Texts, each once, with the sources of all that say it."""
    marks: dict[str, dict[Mark, None]] = {}
    for each in texts:
        marks.setdefault(each.text, {}).update(dict.fromkeys(each.marks))
    return [Cited(text, tuple(places)) for text, places in marks.items()]


class Reference(NamedTuple):
    """A source in the list at the end of the page."""

    number: int
    title: str
    short: str
    url: str
    read: str
    places: tuple[str, ...]


def references(marks: Iterable[Mark], catalogue: Catalogue) -> dict[str, Reference]:
    """The sources by id, numbered in the order in which they are first cited."""
    places: dict[str, dict[str, None]] = {}
    for mark in marks:
        held = places.setdefault(mark.source, {})
        if mark.where and mark.where != catalogue.sources[mark.source].seen:
            held[_place(mark, catalogue.sources[mark.source])] = None
    return {
        name: _reference(number, catalogue.sources[name], tuple(where), catalogue)
        for number, (name, where) in enumerate(places.items(), start=1)
    }


def _place(mark: Mark, source: Source) -> str:
    """Where in a source, and how that was read where it is not how the source was."""
    own = mark.read if mark.read != source.seen else None
    return f"{mark.where} ({own})" if own else f"{mark.where}"


def _reference(
    number: int, source: Source, where: tuple[str, ...], catalogue: Catalogue
) -> Reference:
    return Reference(
        number=number,
        title=source.title,
        short=cite(source.id, catalogue),
        url=address(source),
        read=f"{source.seen}, {source.read}",
        places=where,
    )


_SAFE: Final = ("https://", "http://")


def address(source: Source) -> str:
    """Where a source can be looked up: its page, or what its identifier stands for."""
    if source.url and source.url.startswith(_SAFE):
        return source.url
    if source.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
    if source.doi:
        return f"https://doi.org/{source.doi}"
    return f"https://clinicaltrials.gov/study/{source.nct}" if source.nct else ""
