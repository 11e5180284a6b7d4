"""The page of one patient: how it is built, what it says, and that nothing in it is obeyed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import parse_patient
from lenrx.report.phrases import facts, shown, state_line
from lenrx.rules.answer import Answer
from lenrx.rules.assessment import assess
from tests.conftest import Ask
from tests.report.html.patients import PATIENTS, TODAY
from tests.report.html.reading import Element, Page

pytest.importorskip("jinja2")
from lenrx.report.html.page import render
from lenrx.report.html.svg import plain as harmless

LARGEST = 300_000
SECTIONS = ["patient", "first", "options", "forest", "network", "medians", "timeline", "rest"]
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@pytest.fixture(scope="module", params=PATIENTS)
def answer(request: pytest.FixtureRequest, ask: Ask) -> Answer:
    return ask(**PATIENTS[request.param])


@pytest.fixture(scope="module")
def text(answer: Answer) -> str:
    return render(answer)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def structure(page: Page) -> Iterator[str]:
    """What is wrong with how a page is built; nothing, for one that is well built."""
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    yield from (f"id {name} twice" for name in {*ids} if ids.count(name) > 1)
    levels = [int(each.tag[1]) for each in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    if levels[0] != 1 or levels.count(1) != 1:
        yield "not one h1, first"
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"h{below} under h{above}"
    for each in page.elements:
        yield from _element(each, {*ids})


def _element(each: Element, ids: set[str]) -> Iterator[str]:
    given = each.attributes
    for name in ("aria-labelledby", "aria-describedby", "for"):
        for wanted in given.get(name, "").split():
            if wanted not in ids:
                yield f"{name}={wanted} is of nothing"
    if each.tag == "a" and given["href"].startswith("#") and given["href"][1:] not in ids:
        yield f"a link to {given['href']}, which is not there"
    if each.tag == "th" and given.get("scope") not in ("col", "row"):
        yield f"th without scope: {each.text}"
    if each.tag == "svg" and given.get("role") != "img":
        yield "svg without a role"
    if each.tag == "img" or "src" in given or any(name.startswith("on") for name in given):
        yield f"{each.tag} loads or runs something"


def test_it_is_built_for_everybody(page: Page) -> None:
    assert [*structure(page)] == []
    assert page.all("html")[0].attributes["lang"] == "en"
    assert page.all("a")[0].attributes == {"class": "skip", "href": "#main"}
    for table in page.all("table"):
        assert [each for each in page.all("caption") if table in each.parents]
    for svg in page.all("svg"):
        inner = [each.tag for each in page.elements if svg in each.parents]
        assert inner[:2] == ["title", "desc"]


def test_its_sections_stand_in_order(page: Page) -> None:
    names = [each.attributes["id"] for each in page.all("section")]
    assert names == [*SECTIONS, "sources"]
    heads = [each.text for each in page.all("h2")]
    assert [head.partition(".")[0] for head in heads] == [str(at) for at in range(1, 10)]


def test_nothing_is_loaded_and_nothing_runs(text: str, page: Page) -> None:
    (policy,) = (m for m in page.all("meta") if m.attributes.get("http-equiv"))
    assert policy.attributes["content"] == POLICY
    assert not page.all("script", "link", "iframe", "object", "embed", "form", "base", "image")
    assert not re.search(r"url\(|@import|javascript:|<use", text)
    outside = [a.attributes for a in page.all("a") if not a.attributes["href"].startswith("#")]
    assert outside
    assert all(each["href"].startswith(("https://", "http://")) for each in outside)


def test_it_is_small(text: str) -> None:
    assert len(text.encode()) <= LARGEST


def test_the_patient_is_said_as_understood(answer: Answer, page: Page) -> None:
    words = page.one("patient").text
    assert state_line(answer) in words
    for fact in facts(answer):
        plain = re.sub(r" \((?:derived|assumed|from the record)\)$", "", fact)
        assert plain in words
    for part in (answer.case.as_of, answer.catalogue.version, answer.catalogue.sha256[:12]):
        assert part in words


def test_warnings_and_questions_come_before_the_options(answer: Answer, page: Page) -> None:
    words = page.one("first").text
    for warning in answer.warnings:
        assert " ".join(warning.message.split()) in words
    labels = [each.text for each in page.section("first") if each.tag == "label"]
    assert len(labels) == len(answer.open_questions)
    for one in answer.open_questions:
        assert all(name in words for name in one.touches)


def test_every_open_option_has_its_place_and_every_regimen_is_named(
    answer: Answer, page: Page
) -> None:
    heads = [each.text for each in page.all("h4")]
    open_ = answer.with_verdict("eligible")
    assert [head.split()[:2] for head in heads] == [[each.place, each.regimen.id] for each in open_]
    rest = page.one("rest").text
    for verdict in ("conditional", "excluded"):
        for each in answer.with_verdict(verdict):
            assert each.regimen.id in rest


def test_serious_cautions_stand_outside_what_is_folded(answer: Answer, page: Page) -> None:
    for each in answer.with_verdict("eligible"):
        anchor = re.sub("[^a-z0-9]", "-", each.regimen.id.lower())
        words = [
            one.text
            for one in page.elements
            if one.tag == "dd"
            and one.within("article", id=f"option-{anchor}")
            and not one.within("details")
        ]
        for one in each.saying("cautions", "met"):
            if one.serious:
                assert any(one.because in said for said in words), one.because


def test_a_caution_that_bears_on_the_patient_stands_outside_what_is_folded(ask: Ask) -> None:
    """A CAR-T in extramedullary disease: not serious, and what this patient has to hear."""
    answer = ask(refractory="lena,bort", exposed="dara", prior_lines=2, emd="true", region="eu")
    page = Page(render(answer))
    (said,) = (
        each.text
        for each in page.all("dd")
        if each.within("article", id="option-cilta-cel") and "7.6 months after" in each.text
        if not each.within("details") and "one centre" in each.text
    )
    assert "against 24.6 without it" in said


def test_later_ranks_stand_in_columns_on_paper_and_no_details_are_left_out(
    answer: Answer, page: Page
) -> None:
    details = [each for each in page.all("details") if each.within("article")]
    assert bool(details) == bool(page.all("article"))
    assert all("printed" in each.kinds for each in details)
    narrow = ["brief" in each.kinds for each in page.all("article")]
    ranks = [each.rank or 0 for each in answer.with_verdict("eligible")]
    assert narrow == [rank > 5 for rank in ranks]


def test_each_source_that_is_cited_is_listed_once_with_how_it_was_read(
    answer: Answer, page: Page
) -> None:
    listed = [each for each in page.section("sources") if each.tag == "li"]
    numbers = [each.attributes["id"] for each in listed]
    assert numbers == [f"_{at}" for at in range(1, len(listed) + 1)]
    cited = [each for each in page.all("a") if each.attributes["href"].startswith("#_")]
    assert {each.attributes["href"][1:] for each in cited} == {*numbers}
    titles = " ".join(each.text for each in listed)
    for each in answer.with_verdict("eligible"):
        row = shown(each, answer).first
        if row:
            assert " ".join(answer.catalogue.sources[row.evidence.source].title.split()) in titles
    assert all("Read: " in each.text for each in listed)


def test_there_is_room_for_the_decision(page: Page) -> None:
    terms = [each.text for each in page.section("sources") if each.tag == "dt"]
    assert terms[-3:] == ["Date", "Board", "Decision and reasons"]


HOSTILE = st.text(
    st.one_of(st.sampled_from("<>&\"'`/=!-{}%#\u202e\u2066\x00\x08\x7f\x85"), st.characters()),
    min_size=1,
    max_size=40,
)


@pytest.fixture(scope="module")
def plain(catalogue: Catalogue) -> Page:
    return Page(_page(catalogue, _simple(catalogue, "name")))


def _simple(catalogue: Catalogue, name: str) -> Any:
    stated = {"refractory": ["lenalidomide"], "prior_lines": 1}
    return parse_patient(stated, catalogue)._replace(id=name)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=HOSTILE)
def test_whatever_a_chart_holds_stays_text(name: str, plain: Page, catalogue: Catalogue) -> None:
    page = Page(_page(catalogue, _simple(catalogue, f"{name}<script>alert(1)</script>")))
    assert [(each.tag, each.attributes) for each in page.elements] == [
        (each.tag, each.attributes) for each in plain.elements
    ]
    words = "".join(page.one("patient").words)
    assert "<script>alert(1)</script>" in words
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", words)


def _page(catalogue: Catalogue, patient: Any) -> str:
    return render(assess(catalogue, patient, as_of=TODAY))


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        ("<h1>a</h1><p id='x'></p><p id='x'></p>", "id x twice"),
        ("<h1>a</h1><h3>b</h3>", "h3 under h1"),
        ("<h2>a</h2>", "not one h1, first"),
        ("<h1>a</h1><a href='#b'>b</a>", "a link to #b, which is not there"),
        ("<h1>a</h1><table><tr><th>b</th></tr></table>", "th without scope: b"),
        ("<h1>a</h1><p onclick='b()'></p>", "p loads or runs something"),
    ],
)
def test_what_is_badly_built_is_found(markup: str, problem: str) -> None:
    assert [*structure(Page(markup))] == [problem]


@pytest.mark.parametrize("name", ["C3", 'a"; } body { display: none', "<b>\u202e\\ü", "a\nb"])
def test_every_sheet_names_the_patient_and_no_id_leaves_its_string(ask: Ask, name: str) -> None:
    text = render(ask(id=name, refractory="lena", region="us"))
    style = text[text.index("<style>") : text.index("</style>")]
    (said,) = re.findall(r'@top-left { content: "([^"]*)"; font', style)
    assert re.fullmatch(r"(?:[0-9A-Za-z]|\\[0-9a-f]{6})+", said)
    letters = re.sub(r"\\([0-9a-f]{6})", lambda found: chr(int(found[1], 16)), said)
    assert letters.startswith(f"{harmless(name)}; US label on 2")
    assert style.count("{") == style.count("}")
