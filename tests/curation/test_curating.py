"""The worked example of docs/curating.md works, and the page names every word it has to."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from lenrx.catalogue.conditions import BOUNDS, COUNTS, FLAGS, HISTORIES, NUMBERS, SETS, WORDS
from lenrx.catalogue.loading import Catalogue, checkout, load
from lenrx.catalogue.records import Source
from lenrx.catalogue.strict_yaml import malformed, parse
from lenrx.catalogue.vocabulary import Design, Effect, FilterName, Intensity, Region, Role, Verified
from lenrx.curation import checks
from lenrx.curation.check_files import check_catalogue
from lenrx.curation.exhaustive import problems as unprovable
from lenrx.patient.patient import parse_patient
from lenrx.rules.assessment import assess
from tests.vignettes import TODAY, problems

PAGE = (Path(__file__).parents[2] / "docs" / "curating.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```yaml\n# ([^\n]+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
PLACE = re.compile(r"data/(\w+\.yaml), under (\w+):")
KEY = re.compile(r"  ([^ #\n][^\n]*):\n")


def insert(text: str, section: str, block: str) -> str:
    """`text` with an entry in a section: a source in alphabetical order, others on top."""
    lines, key = text.splitlines(keepends=True), KEY.match(block)
    assert key
    at = lines.index(f"{section}:\n") + 1
    while section == "sources" and at < len(lines):
        other = KEY.match(lines[at])
        if other and other[1].strip("\"'") > key[1]:
            break
        at += 1
    return "".join([*lines[:at], block, "\n", *lines[at:]])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the catalogue with the worked example in it."""
    copied = Path(shutil.copytree(checkout(), tmp_path_factory.mktemp("curating") / "data"))
    for title, block in BLOCKS.items():
        if place := PLACE.fullmatch(title):
            path = copied / place[1]
            text = insert(path.read_text(encoding="utf-8"), place[2], block)
            path.write_text(text, encoding="utf-8")
    return copied


@pytest.fixture(scope="module")
def extended(folder: Path) -> Catalogue:
    return load(folder)


def test_the_page_has_one_block_for_each_step() -> None:
    assert list(BLOCKS) == [
        "data/sources.yaml, under sources:",
        "data/regimens.yaml, under trials:",
        "data/regimens.yaml, under regimens:",
        "conditions",
        "tests/vignettes.yaml",
    ]
    assert PAGE.count("```yaml") == len(BLOCKS)


def test_the_example_passes_every_check(folder: Path) -> None:
    found, said = check_catalogue(folder)
    assert found == []
    assert said.startswith("0 problems")


def test_the_example_is_checked_and_not_skipped(folder: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(folder, tmp_path / "data"))
    path = copied / "regimens.yaml"
    text = path.read_text(encoding="utf-8").replace("value: 1.5\n", "value: 750\n")
    path.write_text(text, encoding="utf-8")
    found, _ = check_catalogue(copied)
    assert [problem.rpartition(" (")[2] for problem in found] == ["implausible_number)"]


def test_the_example_is_open_to_a_simple_patient(extended: Catalogue) -> None:
    patient = parse_patient({"refractory": "lenalidomide", "prior_lines": 1}, extended)
    answer = assess(extended, patient, as_of=TODAY)
    (found,) = [each for each in answer.regimens if each.regimen.id == "ExampleXd"]
    assert found.verdict == "eligible"


def test_the_example_is_closed_to_a_patient_refractory_to_it(extended: Catalogue) -> None:
    patient = parse_patient({"refractory": "lenalidomide, selinexor"}, extended)
    answer = assess(extended, patient, as_of=TODAY)
    (found,) = [each for each in answer.regimens if each.regimen.id == "ExampleXd"]
    assert found.verdict == "excluded"


def test_the_vignette_of_the_example_holds(extended: Catalogue) -> None:
    (vignette,) = parse(BLOCKS["tests/vignettes.yaml"], "vignette")
    assert list(problems(vignette, extended)) == []


def test_the_example_is_in_no_catalogue(catalogue: Catalogue) -> None:
    assert "ExampleXd" not in catalogue.regimens


CONDITIONS: list[dict[str, Any]] = parse(BLOCKS["conditions"], "conditions")


@pytest.mark.parametrize("condition", CONDITIONS, ids=json.dumps)
def test_each_condition_shown_is_well_formed_and_can_do_its_work(condition: dict[str, Any]) -> None:
    assert list(malformed(condition)) == []
    assert list(unprovable(condition)) == []


def test_the_page_names_every_criterion() -> None:
    every = (*NUMBERS, "renal", *FLAGS, *WORDS, *SETS, *HISTORIES, *COUNTS, *BOUNDS, "always")
    assert [name for name in every if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize(
    "words",
    [Design, Effect, FilterName, Intensity, Region, Role, Verified, get_type_hints(Source)["kind"]],
    ids=str,
)
def test_the_page_names_every_word_of_a_closed_list(words: Any) -> None:
    names = get_args(words)
    assert names
    assert [name for name in names if not re.search(rf"\b{re.escape(name)}\b", PAGE)] == []


def test_the_page_gives_the_order_of_the_keys() -> None:
    assert f"{', '.join(checks._ORDER)}." in PAGE
