"""The example pages in a real browser: Chromium, headless, with axe-core.

It needs Chromium, Node.js and the packages axe-core and playwright-core in the folder that
LENRX_NODE_MODULES names. Without them this part is skipped, or fails where LENRX_CI is set.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.report.html.patients import EXAMPLE

PAGES = sorted(EXAMPLE.glob("*.html"))
SCRIPT = Path(__file__).with_name("browser.cjs")
PICTURES = EXAMPLE.parent / "pictures"
MOST_PAPER = 19
"""Sheets; where Arial or a font of its measures is missing it comes to one or two more."""
MODULES = ("axe-core", "playwright-core")


def missing() -> str:
    """What is needed and not there."""
    programs = [name for name, found in (("chromium", chromium()), ("node", node())) if not found]
    folder = os.environ.get("LENRX_NODE_MODULES")
    packages = [each for each in MODULES if not folder or not (Path(folder) / each).is_dir()]
    return ", ".join([*programs, *packages])


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def node() -> str | None:
    return shutil.which("node")


@pytest.fixture(scope="module")
def looked() -> dict[str, Any]:
    if wanted := missing():
        why = f"the pages were NOT looked at in a browser: {wanted} not found"
        (pytest.fail if os.environ.get("LENRX_CI") else pytest.skip)(why)
    words = [str(node()), str(SCRIPT), str(chromium()), *map(str, PAGES)]
    given = {**os.environ, "NODE_PATH": os.environ["LENRX_NODE_MODULES"]}
    done = subprocess.run(words, capture_output=True, text=True, env=given, timeout=600)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(params=PAGES, ids=lambda page: page.stem)
def told(request: pytest.FixtureRequest, looked: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = looked[str(request.param)]
    return found


def test_every_example_is_looked_at() -> None:
    assert len(PAGES) == 5


def test_axe_finds_nothing_in_light_and_in_dark(told: dict[str, Any]) -> None:
    assert told["axe"] == []


def test_the_console_is_silent_and_no_request_leaves(told: dict[str, Any]) -> None:
    assert (told["console"], told["requests"]) == ([], [])


def test_no_row_is_cut_on_a4_or_letter_and_no_name_of_details_is_printed_alone(
    told: dict[str, Any],
) -> None:
    assert told["cut"] == []


def test_print_unfolds_all_but_tables_of_what_is_drawn(told: dict[str, Any]) -> None:
    assert {*told["left"]} <= {"The same numbers as a table"}


def test_a_page_is_no_bundle_of_paper(told: dict[str, Any]) -> None:
    assert set(told["pages"]) == {"A4", "Letter"}
    assert max(told["pages"].values()) <= MOST_PAPER


def test_the_pictures_of_the_readme_show_the_pages_as_they_are_now(looked: dict[str, Any]) -> None:
    words = [str(node()), str(PICTURES / "take.cjs"), "--words"]
    chosen = {"NODE_PATH": os.environ["LENRX_NODE_MODULES"], "CHROMIUM": str(chromium())}
    done = subprocess.run(
        words, capture_output=True, text=True, env={**os.environ, **chosen}, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads((PICTURES / "shown.json").read_text("utf-8"))


def test_the_page_never_runs_out_at_the_side(told: dict[str, Any]) -> None:
    assert told["sideways"] == []


def test_the_keyboard_reaches_the_content_and_unfolds_it(told: dict[str, Any]) -> None:
    assert told["keyboard"] == {"first": "#main", "main": "main", "then": True, "open": True}
