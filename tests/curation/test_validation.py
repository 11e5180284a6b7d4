"""The page of the validation: rendered from the files of figures, and quoted by `about`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import CatalogueError
from lenrx.cli import main as cli
from lenrx.curation import validation
from tests.rules.test_vignettes import INTERACTIONS, NOT_YET, PUBLISHED, VIGNETTES

DOCS = Path(__file__).parents[2] / "docs"
WRITES = bool(os.environ.get("LENRX_WRITE_DOCS"))


def kept(path: Path, text: str) -> None:
    if WRITES:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "LENRX_WRITE_DOCS=1 writes it anew"


def test_the_number_of_vignettes_is_fresh(catalogue: Catalogue) -> None:
    figures = {
        "vignettes": len(VIGNETTES),
        "of which published situations": len(PUBLISHED),
        "of which on other medicines": len(INTERACTIONS),
        "vignettes with an expectation that is not met yet": len(NOT_YET),
    }
    document = {"what": "vignettes", "catalogue": catalogue.version, "figures": figures}
    text = json.dumps({**document, "notes": []}, indent=2) + "\n"
    kept(DOCS / "validation" / "vignettes.json", text)


def test_the_page_is_fresh(catalogue: Catalogue) -> None:
    found = validation.read(DOCS / "validation")
    assert {"deck", "vignettes"} <= set(found)
    kept(DOCS / "validation.md", validation.page(found, catalogue))


def put(folder: Path, name: str, **changed: object) -> None:
    data = {
        "what": name,
        "catalogue": "2026.01.01",
        "figures": {"sample": 1300, "killed": 290, "survivors": 10, "share": 96.67},
        "notes": ["a note"],
    }
    (folder / f"{name}.json").write_text(json.dumps(data | changed), encoding="utf-8")


def test_what_was_not_run_is_said_and_figures_of_another_catalogue_too(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    put(tmp_path, "mutants")
    put(tmp_path, "fuzz", catalogue=catalogue.version)
    put(tmp_path, "faults", catalogue=catalogue.version, digest="0123456789ab", figures={"x": 1})
    found = validation.read(tmp_path)
    assert validation.quoted(found, catalogue) == (
        "Deck and clauses: not run. Vignettes: not run. "
        "Mutants: sample 1,300, killed 290, survivors 10 (of catalogue 2026.01.01). "
        "Fuzzing: sample 1,300, killed 290, survivors 10. "
        f"Faults: x 1 (of catalogue {catalogue.version}, digest 0123456789ab)."
    )
    page = validation.page(found, catalogue)
    assert page.count("Not run.") == 2
    assert "| share | 96.67 |" in page
    assert "- a note" in page
    assert "Counted (of catalogue 2026.01.01)." in page


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"what": "fuzz", "figures": {"a": "b"}}'])
def test_a_file_that_holds_no_figures_is_an_error_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "fuzz.json").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"fuzz\.json: no figures"):
        validation.read(tmp_path)


@pytest.mark.usefixtures("one_catalogue")
def test_about_quotes_the_figures_of_the_deck(catalogue: Catalogue) -> None:
    deck = json.loads((DOCS / "validation" / "deck.json").read_text(encoding="utf-8"))
    text = " ".join(CliRunner().invoke(cli.app, ["about"]).stdout.split())
    assert f"Deck and clauses: cases {deck['figures']['cases']:,}, failures 0, criteria" in text
    assert "Vignettes: vignettes" in text
