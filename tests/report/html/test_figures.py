"""The figures: the numbers in a drawing are those of its table, and those of the answer."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise
from math import log
from pathlib import Path

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.rules.answer import Answer
from lenrx.rules.network import OS, PFS, superior
from tests.conftest import Ask
from tests.report.html.patients import PATIENTS
from tests.report.html.reading import Element, Page

pytest.importorskip("jinja2")
from lenrx.report.html import bars, forest, graph, svg
from lenrx.report.html.compared import medians, ratios, unpaired, without
from lenrx.report.html.page import render

NUMBERS = defaultdict[str, int](lambda: 7)
"""Every source is the seventh."""


@pytest.fixture(scope="module", params=PATIENTS)
def answer(request: pytest.FixtureRequest, ask: Ask) -> Answer:
    return ask(**PATIENTS[request.param])


@pytest.fixture(scope="module")
def page(answer: Answer) -> Page:
    return Page(render(answer))


@pytest.fixture(scope="module")
def first(ask: Ask) -> Answer:
    return ask(**PATIENTS["first_relapse"])


def drawn(page: Page, kind: str) -> list[list[str]]:
    """The numbers of each group of a kind in the drawings."""
    groups = [each for each in page.all("g") if kind in each.kinds]
    numbers = [each for each in page.all("text") if "numbers" in each.kinds]
    return [[one.text for one in numbers if group in one.parents] for group in groups]


def squares(page: Page) -> list[Element]:
    return [each for each in page.all("rect") if "mark" in each.kinds]


def test_the_ratios_drawn_are_those_of_the_table_and_of_the_answer(
    answer: Answer, page: Page
) -> None:
    table = page.table("forest-table") if ratios(answer) else []
    told = [re.match(r"\S+ \(\S+ to \S+\)", row[4]) for row in table]
    assert drawn(page, "ratio") == [[each[0]] for each in told if each]
    known = {
        (row.evidence.trial, each.regimen.id, f"{row.evidence.hr} ({low} to {high})")
        for each in answer.regimens
        if each.verdict != "excluded"
        for row in each.evidence
        if row.fits and row.comparator_arm_of is None and row.evidence.ci95
        for low, high in [row.evidence.ci95]
    }
    for row, each in zip(table, told, strict=True):
        assert each
        assert (row[0], row[1].removesuffix(" (conditional)"), each[0]) in known


def test_a_square_is_hollow_where_only_a_wider_group_fits(answer: Answer, page: Page) -> None:
    found = ratios(answer)
    hollow = ["hollow" in each.kinds for each in squares(page)]
    assert hollow == [each.row.match == "broader" for each in found]


def test_no_comparison_is_drawn_that_does_not_fit_or_is_of_an_excluded_regimen(
    answer: Answer,
) -> None:
    verdicts = {each.regimen.id: each.verdict for each in answer.regimens}
    for each in [*ratios(answer), *medians(answer)]:
        assert verdicts[each.regimen] != "excluded"
        assert each.row.fits and each.row.design == "randomised"
        assert each.row.comparator_arm_of is None and not each.row.evidence.control


def test_a_regimen_is_drawn_or_told_of_never_neither(answer: Answer) -> None:
    found = ratios(answer)
    told = [each.regimen for each in without(found, answer)]
    open_ = {each.regimen.id for each in answer.regimens if each.verdict != "excluded"}
    assert {each.regimen for each in found} | {*told} == open_
    assert not {each.regimen for each in found} & {*told}


def test_a_wider_group_is_left_out_where_the_trial_tells_of_this_patient(first: Answer) -> None:
    found = {(each.trial, each.regimen, each.endpoint): each for each in ratios(first)}
    told = found["DREAMM-7", "BVd", "PFS"]
    assert (told.numbers, told.exact, told.n) == ("0.31 (0.19 to 0.48)", True, 166)
    assert not found["CANDOR", "DaraKd", "PFS"].exact
    counts = Counter((one.trial, one.regimen, one.endpoint) for one in ratios(first))
    # Renal function of 70 is a situation of its own in ENDEAVOR.
    assert {key for key, count in counts.items() if count > 1} == {
        ("ENDEAVOR", "Kd", "PFS"),
        ("ENDEAVOR", "Kd", "OS"),
    }


def test_trials_stand_in_the_order_of_the_alphabet(answer: Answer) -> None:
    for found in (ratios(answer), medians(answer)):
        names = [each.trial.casefold() for each in found]
        assert names == sorted(names)


def test_the_axis_is_logarithmic() -> None:
    steps = [right - left for left, right in pairwise(map(forest.place, forest.TICKS))]
    assert max(steps) - min(steps) < 1e-9
    assert forest.place(0.5) - forest.place(0.25) == pytest.approx(log(2) * steps[0] / log(2))
    assert forest.place(0.01) == forest.place(forest.LOW)
    assert forest.place(99) == forest.place(forest.HIGH)


def test_an_interval_that_goes_on_beyond_the_axis_has_an_arrow(first: Answer) -> None:
    one = ratios(first)[0]
    for interval, arrows in ((("0.2", "0.9"), 0), (("0.05", "0.9"), 1), (("0.05", "7"), 2)):
        evidence = one.row.evidence._replace(ci95=interval)
        (figure,) = forest.draw([one._replace(row=one.row._replace(evidence=evidence))], NUMBERS)
        kinds = [each.kinds for each in Page(str(figure)).all("path")]
        assert kinds.count(["arrow"]) == arrows
        assert f"({interval[0]} to {interval[1]})" in figure


def test_both_sides_say_whom_they_favour_and_nothing_is_pooled(page: Page, answer: Answer) -> None:
    figures = [each for each in page.all("svg") if each.attributes["id"].startswith("forest-")]
    assert bool(figures) == bool(ratios(answer))
    for each in figures:
        assert "favours the regimen" in each.text and "favours its comparator" in each.text
        paths = [one.kinds for one in page.all("path") if each in one.parents]
        assert all(kinds == ["arrow"] for kinds in paths)


def test_the_medians_drawn_are_those_of_the_table_and_of_the_answer(
    answer: Answer, page: Page
) -> None:
    rows = page.table("medians-table") if medians(answer) else []
    assert drawn(page, "pair") == [[row[2], row[4]] for row in rows]
    for row, each in zip(rows, medians(answer), strict=True):
        values = each.row.evidence.value, each.row.evidence.comparator_value
        said = [{"NR": "not reached"}.get(str(value), f"{value}") for value in values]
        assert [row[2], row[4]] == [value.removesuffix(".0") for value in said]


def test_what_was_not_reached_has_no_end(first: Answer) -> None:
    (open_,) = [one for one in medians(first) if "not reached" in one.values]
    (figure,) = bars.pairs([open_], NUMBERS)
    kinds = [each.kinds for each in Page(str(figure)).all("rect")]
    assert sum("open" in each for each in kinds) == 1


def test_a_study_of_one_arm_has_a_figure_in_words_and_no_bar(ask: Ask) -> None:
    answer = ask(**PATIENTS["triple_class_refractory"])
    told = {each.regimen: each.says for each in unpaired(answer)}
    assert "17.2 months" in told["Elra"] and "MagnetisMM-3" in told["Elra"]
    assert "Elra" not in {each.regimen for each in medians(answer)}


def test_the_graph_holds_what_fits_and_no_more(answer: Answer, catalogue: Catalogue) -> None:
    for one in graph.comparisons(answer):
        rows = [
            row
            for row in answer[one.regimen].evidence
            if row.evidence.trial == one.trial
            and row.fits
            and row.comparator_arm_of is None
            and row.evidence.endpoint in (*PFS, *OS)
        ]
        assert rows
        assert one.better == any(superior(row.evidence, catalogue) for row in rows)


def test_the_graph_tells_verdicts_by_word_and_by_shape(answer: Answer, page: Page) -> None:
    found = graph.comparisons(answer)
    verdicts = {each.regimen.id: each.verdict for each in answer.regimens}
    boxes = [each for each in page.all("g") if "box" in each.kinds]
    names = {name for one in found for name in (one.regimen, *one.others)}
    assert len(boxes) == len(names)
    shapes: dict[str, set[tuple[str, str]]] = {}
    for box in boxes:
        (shape,) = (e for e in page.elements if box in e.parents and "outline" in e.kinds)
        verdict = verdicts.get(box.words[0], "")
        assert box.words[1] == graph.WORDS[verdict]
        shapes.setdefault(verdict, set()).add((shape.tag, shape.attributes["class"]))
    assert all(len(each) == 1 for each in shapes.values())
    assert len({next(iter(each)) for each in shapes.values()}) == len(shapes)


def test_the_graph_is_numbered_as_its_table(answer: Answer, page: Page) -> None:
    found = graph.comparisons(answer)
    if not found:
        return
    rows = page.table("network-table")
    assert [row[0] for row in rows] == [str(one.number) for one in found]
    (picture,) = (each for each in page.all("svg") if each.attributes["id"] == "head-to-head")
    numbers = [t.text for t in page.all("text") if picture in t.parents and "small" in t.kinds]
    assert sorted(map(int, numbers)) == [one.number for one in found]
    arrows = [each for each in page.all("path") if picture in each.parents]
    better = sum(len(one.others) for one in found if one.better)
    assert sum("arrow" in each.kinds for each in arrows) == better


def test_boxes_stand_right_of_what_they_were_compared_with_and_apart(answer: Answer) -> None:
    found = graph.comparisons(answer)
    if not found:
        return
    boxes = graph._boxes(found, answer)
    for one in found:
        assert all(boxes[other].x < boxes[one.regimen].x for other in one.others)
    columns: dict[float, list[float]] = {}
    for box in boxes.values():
        columns.setdefault(box.x, []).append(box.y)
    for places in columns.values():
        assert all(after - before >= 42 for before, after in pairwise(sorted(places)))


def test_no_line_of_the_graph_runs_behind_a_box(answer: Answer, page: Page) -> None:
    boxes = graph._boxes(graph.comparisons(answer), answer) if graph.comparisons(answer) else {}
    for each in page.all("path"):
        if "edge" in each.kinds:
            points = [tuple(map(float, one.split())) for one in each.attributes["d"][1:].split("L")]
            for x, y in (between for pair in pairwise(points) for between in along(*pair)):
                assert not any(
                    box.x < x < box.x + box.width and box.y < y < box.y + 42
                    for box in boxes.values()
                )


def along(start: tuple[float, ...], end: tuple[float, ...]) -> list[tuple[float, float]]:
    """Points on a line between two others."""
    shares = [step / 50 for step in range(1, 50)]
    return [tuple(a + (b - a) * s for a, b in zip(start, end, strict=True)) for s in shares]  # type: ignore[misc]


def test_nothing_is_drawn_outside_its_figure(page: Page) -> None:
    for figure in page.all("svg"):
        _, _, width, height = map(float, figure.attributes["viewbox"].split())
        assert height <= svg.TALLEST + 1
        for each in page.elements:
            if figure in each.parents and each.tag in ("rect", "text"):
                x, y = float(each.attributes["x"]), float(each.attributes["y"])
                assert 0 <= x <= width and 0 <= y <= height, each.text
                wide = float(each.attributes.get("width", 0))
                assert x + wide <= width + 0.1


def test_a_figure_is_cut_between_rows() -> None:
    assert svg.split([]) == []
    assert svg.split([400, 400, 400], 900) == [slice(0, 2), slice(2, 3)]
    assert svg.split([2000, 10], 900) == [slice(0, 1), slice(1, 2)]


def test_what_is_drawn_is_escaped() -> None:
    words = "<b>\"&'\x00\u202e\ud800"
    assert svg.text(0, 0, words) == (
        '<text x="0" y="0">&lt;b&gt;&#34;&amp;&#39;\ufffd\ufffd\ufffd</text>'
    )
    assert '"&lt;b&gt;&#34;' in svg.element("g", id=words)


def test_colours_differ_enough_in_light_and_in_dark() -> None:
    text = (Path(svg.__file__).parent / "templates" / "style.css").read_text()
    blocks = re.findall(r":root \{([^}]*)\}", text)
    assert len(blocks) == 3  # light, dark, print
    for block in blocks:
        colours = dict(re.findall(r"--(\w+): (#\w+)", block))
        for name in ("ink", "quiet", "link", "warn"):
            for behind in ("paper", "panel", "pale"):
                assert contrast(colours[name], colours[behind]) >= 4.5, (name, behind)
        for name in ("line", "fill", "ink"):
            assert contrast(colours[name], colours["paper"]) >= 3, name


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_measured_as_the_guideline_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)
