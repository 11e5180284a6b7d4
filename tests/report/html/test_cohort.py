"""The page of a cohort: the numbers are those of the summary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.cli import main as cli
from lenrx.cli import pages
from tests.report.html.patients import EXAMPLE, TODAY
from tests.report.html.reading import Page
from tests.report.html.test_page import structure

pytest.importorskip("jinja2")
from lenrx.report.html import cohort

pytestmark = pytest.mark.usefixtures("one_catalogue")


def batch(*arguments: str) -> Any:
    return CliRunner().invoke(cli.app, ["batch", *arguments, "--as-of", TODAY])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def found(folder: Path) -> dict[str, Any]:
    table = str(EXAMPLE / "made_up.csv")
    result = batch(table, "--summary", "--summary-json", "s.json", "--report", "page.html")
    assert result.exit_code == 0, result.stderr
    summary: dict[str, Any] = json.loads((folder / "s.json").read_text())
    return summary


@pytest.fixture
def page(found: dict[str, Any], folder: Path) -> Page:
    return Page((folder / "page.html").read_text(encoding="utf-8"))


def numbers(page: Page, name: str) -> list[str]:
    """The numbers of the drawings that are called so."""
    figures = [e for e in page.all("svg") if e.attributes["id"].startswith(name)]
    texts = [e for e in page.all("text") if "numbers" in e.kinds]
    return [e.text for e in texts if any(figure in e.parents for figure in figures)]


def test_it_is_built_for_everybody(page: Page) -> None:
    assert [*structure(page)] == []
    assert not page.all("script", "link", "iframe")
    assert len(page.all("h2")) == 6


def test_states_and_options_are_those_of_the_summary(found: dict[str, Any], page: Page) -> None:
    rows = page.table("states-table")
    assert [(row[0], row[1]) for row in rows] == [(k, str(v)) for k, v in found["states"].items()]
    assert numbers(page, "states") == [row[1] for row in rows]
    best = [found[name] for name in ("with_an_option", "only_conditional", "nothing_open")]
    assert [row[1] for row in page.table("best-table")] == list(map(str, best))
    assert numbers(page, "best") == list(map(str, best))


def test_every_regimen_has_its_bar_and_its_row(found: dict[str, Any], page: Page) -> None:
    rows = page.table("regimens-table")
    known = {
        each["id"]: [str(each[n]) for n in ("eligible", "conditional", "excluded")]
        for each in found["regimens"]
    }
    assert {row[0]: row[1:] for row in rows} == known
    assert numbers(page, "regimens-") == [" / ".join(row[1:]) for row in rows]


def test_reasons_and_missing_facts_are_those_of_the_summary(
    found: dict[str, Any], page: Page
) -> None:
    told = cohort.reasons(found)
    most: dict[str, int] = {}
    for each in found["regimens"]:
        for one in each["excluded_by"]:
            most[one["because"]] = max(most.get(one["because"], 0), one["rows"])
    assert {one.because: one.patients for one in told} == most
    assert [one.patients for one in told] == sorted(most.values(), reverse=True)
    assert numbers(page, "reasons") == [str(one.patients) for one in told[: cohort.SHOWN]]
    missing = page.table("all-missing-table")
    assert [row[1] for row in missing] == [str(each["rows"]) for each in found["missing"]]
    assert numbers(page, "missing") == [row[1] for row in missing[: cohort.SHOWN]]


def test_how_cells_were_read_and_what_was_lost_is_said(folder: Path) -> None:
    (folder / "few.csv").write_text(
        "id,refractory,egfr\na,Revlimid,60\na,lenalidomide,many\nb,lenalidomide,55\n,,\n"
    )
    result = batch("few.csv", "-o", "out.ndjson", "--report", "page.html")
    assert result.exit_code == 1
    page = Page((folder / "page.html").read_text())
    rows = dict(page.table("lost-table"))
    assert rows["Rows that could not be read"] == "1"
    assert rows["Rows with the id of an earlier row"] == "1"
    cells = {row[0]: row[1:] for row in page.table("fields-table")}
    assert cells["refractory"] == ["1", "0", "0"]
    assert cells["egfr"] == ["0", "0", "1"]
    assert rows["Passed over, as no patient: empty"] == "1"


def test_a_cohort_of_which_nothing_could_be_read_has_a_page(folder: Path) -> None:
    (folder / "bad.csv").write_text("id,refractory,egfr\na,lenalidomide,many\n")
    batch("bad.csv", "-o", "out.ndjson", "--report", "page.html")
    page = Page((folder / "page.html").read_text())
    assert [*structure(page)] == []
    assert "1, of which 0 were read" in page.one("read").text


def test_names_of_files_and_columns_stay_text(folder: Path) -> None:
    name = "<b>&'.csv"
    (folder / name).write_text("id,<i>,refractory\na,66,lenalidomide\n")
    result = batch(name, "--map", "age=<i>", "-o", "out.ndjson", "--report", "page.html")
    assert result.exit_code == 0, result.stderr
    text = (folder / "page.html").read_text()
    assert "<b>" not in text and "<i>" not in text
    assert "&lt;b&gt;&amp;&#39;.csv" in text and "<dt>&lt;i&gt;</dt><dd>age</dd>" in text


def test_a_page_that_cannot_be_written_is_refused_before_the_work(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "few.csv").write_text("id,refractory\na,lenalidomide\n")
    for name, words in (
        ("few.csv", "a page is HTML, not csv"),
        ("out.ndjson", "a page is HTML, not ndjson"),
        ("out.html", "is also read or written otherwise"),
        ("no/page.html", "there is no folder no"),
    ):
        errors = ("--errors", "out.html") if name == "out.html" else ()
        result = batch("few.csv", "-o", "out.ndjson", "--report", name, *errors)
        assert result.exit_code == 2 and words in result.stderr, result.stderr
    monkeypatch.setattr(pages, "find_spec", lambda _: None)
    result = batch("few.csv", "-o", "out.ndjson", "--report", "page.html")
    assert (result.exit_code, result.stderr) == (
        2,
        "lenrx: a page needs Jinja2: pip install jinja2\n",
    )
    assert [each.name for each in folder.iterdir()] == ["few.csv"]


def test_what_was_given_stands_beside_what_was_open(folder: Path) -> None:
    (folder / "given.csv").write_text(
        "id,refractory,prior_lines,given\n1,lena,1,KRd\n2,lena,1,Kd\n3,lena,1,<b>x</b>\n"
    )
    batch("given.csv", "-o", "out.ndjson", "--summary-json", "s.json", "--report", "page.html")
    told = json.loads((folder / "s.json").read_text())["concordance"]
    page = (folder / "page.html").read_text()
    assert told["excluded"] == 1
    assert "7. Given or planned" in page
    assert f"1: {told['excluded_by'][0]['because']}" in page
    assert "<b>x" not in page
    assert "Given or planned" not in pages_without(folder)


def pages_without(folder: Path) -> str:
    (folder / "bare.csv").write_text("id,refractory,prior_lines\n1,lena,1\n")
    batch("bare.csv", "-o", "bare.ndjson", "--report", "bare.html")
    return (folder / "bare.html").read_text()
