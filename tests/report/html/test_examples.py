"""The pages in `docs/example` are what the program writes today. LENRX_WRITE_DOCS=1 rewrites them.

The two pictures of them in the README are taken by `docs/pictures/take.cjs`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lenrx.cli import main as cli
from tests.report.html.patients import EXAMPLE, ROOT, TODAY
from tests.report.html.reading import Page

pytest.importorskip("jinja2")

PAGES = {
    "first_relapse.html": "--refractory lenalidomide --lines 1 --age 66 --egfr 70 --region eu",
    "triple_class_refractory.html": (
        "--refractory lenalidomide,pomalidomide,bortezomib,carfilzomib,daratumumab --lines 4 "
        "--age 71 --ecog 1 --lvef 55"
    ),
    "dialysis.html": (
        "--refractory lenalidomide,bortezomib --exposed daratumumab --lines 2 --dialysis --age 74 "
        "--region us"
    ),
    "dated_record.html": "--patient dated_record.yaml",
}
README = ROOT / "README.md"
LARGEST_PICTURE = 150_000


def same(shown: Path, real: str) -> None:
    if os.environ.get("LENRX_WRITE_DOCS"):
        shown.write_text(real, encoding="utf-8")
    assert shown.read_text(encoding="utf-8") == real


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLE)


@pytest.mark.parametrize("name", PAGES)
def test_the_page_of_a_patient_is_fresh(name: str) -> None:
    asked = ["report", *PAGES[name].split(), "--as-of", TODAY, "-o", "-"]
    result = CliRunner().invoke(cli.app, asked)
    assert result.exit_code == 0, result.stderr
    same(EXAMPLE / name, result.stdout)


def test_the_page_of_a_cohort_of_200_is_fresh(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    asked = ["batch", "made_up.csv", "--as-of", TODAY, "--summary", "--report", str(page)]
    result = CliRunner().invoke(cli.app, asked)
    assert result.exit_code == 0, result.stderr
    same(EXAMPLE / "made_up.html", page.read_text(encoding="utf-8"))
    rows = [each.text for each in Page(page.read_text()).section("read") if each.tag == "dd"]
    assert "200, of which 200 were read" in rows


def test_the_readme_shows_two_pictures_that_are_small() -> None:
    shown = re.findall(r"!\[[^]]{30,}\]\((docs/pictures/[a-z]+\.png)\)", README.read_text())
    assert len(shown) == len({*shown}) == 2
    for name in shown:
        picture = (README.parent / name).read_bytes()
        assert picture.startswith(b"\x89PNG") and len(picture) <= LARGEST_PICTURE
