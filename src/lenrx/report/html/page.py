"""The page of one patient: everything it says, put together and written by its template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from lenrx import __version__
from lenrx.report.catalogue.about import SECTIONS, data_line
from lenrx.report.html import bars, forest, graph, timeline
from lenrx.report.html.cited import Mark, references
from lenrx.report.html.compared import medians, ratios, unpaired, without
from lenrx.report.html.options import Option, Part, common, option
from lenrx.report.html.template import written
from lenrx.report.phrases import (
    arrangements,
    confirmations,
    facts,
    field_words,
    history_line,
    named,
    place_line,
    record_lines,
    state_line,
    together,
    why_open,
)
from lenrx.report.premises import premises_line
from lenrx.report.screen.against import why_not
from lenrx.report.screen.brief import among, drugs_words
from lenrx.report.screen.figures import not_said_lines
from lenrx.rules.answer import Answer, Assessment
from lenrx.rules.document import NOTICE
from lenrx.rules.evidence import MatchedEvidence
from lenrx.rules.order import OFF_LABEL

if TYPE_CHECKING:
    from lenrx.intake.courses.record import Record

TITLE: Final = "Myeloma: regimens open for one patient"
OFF: Final = "Off label"
_TOLD: Final = ("Intended use and users", "Logic", "Limits")
"""What of `lenrx about` a page says too."""
_SOURCES: Final = {
    "derived": " (derived)",
    "assumed": " (assumed)",
    "recorded": " (from the record)",
}
"""How the words of a fact end that nobody stated."""


def render(answer: Answer, record: Record | None = None) -> str:
    """The page as text. Raises ModuleNotFoundError where Jinja2 is not installed."""
    shared = common(answer)
    told = {
        "patient": _patient(answer),
        "questions": _questions(answer),
        "common": shared,
        "unsaid": not_said_lines(answer),
        "options": _options(answer, shared),
        "forest": _forest(answer),
        "network": _network(answer),
        "medians": _medians(answer),
        "timeline": _timeline(record),
        **_rest(answer),
    }
    cited = references(marks_in(told), answer.catalogue)
    numbers = {name: each.number for name, each in cited.items()}
    told["figures"] = _figures(told, numbers, answer)
    told |= {"title": TITLE, "method": _method(answer)}
    return written("patient.html", cited, _running(answer), **told)


def _running(answer: Answer) -> str:
    """Whose page it is, by id or as understood, on which day."""
    who = answer.state.patient.id or state_line(answer).partition(":")[0]
    return f"{who}; {place_line(answer).partition(';')[0]}"


def _figures(told: Mapping[str, Any], numbers: Mapping[str, int], answer: Answer) -> dict[str, Any]:
    """The drawings, with the numbers under which sources are listed."""
    compared, courses = told["network"]["rows"], told["timeline"]
    return {
        "forest": forest.draw(told["forest"]["rows"], numbers),
        "network": [graph.draw(compared, answer)] if compared else [],
        "medians": bars.pairs(told["medians"]["rows"], numbers),
        "timeline": timeline.draw(courses, answer.case.as_of) if courses else [],
    }


def marks_in(told: Any) -> Iterator[Mark]:
    """The places that are cited, in the order in which they are."""
    if isinstance(told, Mark):
        yield told
    elif isinstance(told, dict):
        yield from marks_in(list(told.values()))
    elif isinstance(told, tuple | list) and not isinstance(told, MatchedEvidence):
        for each in told:
            yield from marks_in(each)


def _patient(answer: Answer) -> dict[str, Any]:
    """The patient as understood, and on what the answer rests."""
    groups: dict[str, list[str]] = {"stated": [], **{name: [] for name in _SOURCES}}
    for fact in facts(answer):
        name = next((each for each, end in _SOURCES.items() if fact.endswith(end)), "stated")
        groups[name].append(fact.removesuffix(_SOURCES.get(name, "")))
    return {
        "state": state_line(answer),
        **groups,
        "history": history_line(answer),
        "premises": premises_line(answer),
        "record": record_lines(answer),
        "warnings": [one.message for one in answer.warnings],
        "region": (answer.case.region or "us or eu").upper().replace("OR", "or"),
        "day": answer.case.as_of,
        "lenrx": __version__,
        "catalogue": answer.catalogue.version,
        "digest": answer.catalogue.sha256[:12],
    }


def _questions(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "words": named(one.question),
            "settles": one.decides,
            "part": [name for name in one.touches if name not in one.decides],
        }
        for one in answer.open_questions
    ]


def _options(answer: Answer, shared: Iterable[Part]) -> list[tuple[str, list[Option]]]:
    """The open regimens under the headings of their label."""
    region = f" in the {answer.case.region.upper()}" if answer.case.region else ""
    found = answer.with_verdict("eligible")
    groups = {
        f"On label{region}": [each for each in found if each.key.label < OFF_LABEL],
        OFF: [each for each in found if each.key.label == OFF_LABEL],
    }
    above = {one.text for part in shared for one in part.texts}
    return [(head, [option(each, answer, above) for each in some]) for head, some in groups.items()]


def _forest(answer: Answer) -> dict[str, Any]:
    found = ratios(answer)
    return {"rows": found, "without": without(found, answer)}


def _network(answer: Answer) -> dict[str, Any]:
    found = graph.comparisons(answer)
    verdicts = {each.regimen.id: graph.WORDS[each.verdict] for each in answer.regimens}
    return {
        "rows": found,
        "words": {
            name: verdicts.get(name, graph.WORDS[""])
            for one in found
            for name in (one.regimen, *one.others)
        },
    }


def _medians(answer: Answer) -> dict[str, Any]:
    found = medians(answer)
    return {"rows": found, "alone": unpaired(answer)}


def _timeline(record: Record | None) -> list[timeline.Span]:
    if record is None or not record.courses:
        return []
    return timeline.spans(record.courses, record.derived)


def _rest(answer: Answer) -> dict[str, Any]:
    """What is not open or not known yet, and what has to be done before a start."""
    open_, excluded = answer.with_verdict("eligible"), answer.with_verdict("excluded")
    return {
        "conditional": [_unsaid(each, answer) for each in answer.with_verdict("conditional")],
        "excluded": together((each.regimen.id, [why_not(each, answer)]) for each in excluded),
        "excluded_count": len(excluded),
        "confirm": _whom({field_words(k): ids for k, ids in confirmations(open_).items()}, open_),
        "arrange": _whom(_topics(open_), open_),
        "arranged": _whom(together((a.regimen.id, arrangements(a)) for a in open_), open_),
    }


def _unsaid(each: Assessment, answer: Answer) -> dict[str, str]:
    return {
        "id": each.regimen.id,
        "drugs": drugs_words(each.regimen, answer.catalogue),
        "why": "; ".join(dict.fromkeys(why_open(each, answer.strict))),
    }


def _whom(told: Mapping[str, Sequence[str]], found: Sequence[Assessment]) -> dict[str, str]:
    """What is said of some open regimens, with whom it is said of: all, all but a few, or them."""
    return {words: among(ids, found, ", ") for words, ids in told.items()}


def _topics(found: Iterable[Assessment]) -> dict[str, list[str]]:
    """What has to be organised, with the regimens it is for; the commonest first."""
    said = ((each.regimen.id, each.topics) for each in found)
    return dict(sorted(together(said).items(), key=lambda one: (-len(one[1]), one[0])))


def _method(answer: Answer) -> dict[str, Any]:
    told = [(name, text) for name, text in SECTIONS if name in _TOLD]
    return {"sections": told, "data": data_line(answer.catalogue), "notice": NOTICE}
