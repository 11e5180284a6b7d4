from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import pytest

from lenrx.catalogue.loading import Catalogue, checkout, load
from lenrx.catalogue.records import FILES, CatalogueError
from lenrx.catalogue.strict_yaml import LineNumbers, malformed, parse


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", "f:2: a: written twice"),
        ("a:\n  b: 1\n  b: 2", "f:3: b: written twice"),
        ("a: NO", "f:1: a value is read as bool"),
        ("a: yes", "f:1: a value is read as bool"),
        ("a: 036612", "f:1: a value is read as int"),
        ("a: 12:30", "f:1: a value is read as int"),
        ("a: 1_000", "f:1: a value is read as int"),
        ("a: .40", "f:1: a value is read as float"),
        ("a:", "f:1: a value is read as null"),
        ("a: &x 1\nb:\n  <<: *x", "f:3: a key must be plain text"),
        ("a: &x [1]\nb: *x", "f:1: is used again by an alias"),
        ("a: &x 1\nb: [*x]", "f:1: is used again by an alias"),
        ("&x a: 1\nb: {*x : 2}", "f:1: is used again by an alias"),
        ("a: [", "f:"),
        ("a: >=30", "f:1: not YAML"),
        ("", "f:1: empty file"),
    ],
)
def test_loose_yaml_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse(text, "f")
    assert str(caught.value).startswith(message)


def test_dates_and_identifiers_stay_text() -> None:
    text = 'day: 2023-12-24\npmid: "036612"\nhr: "0.40"\nn: 154\nvalue: 28.1\nflag: true'
    assert parse(text, "f") == {
        "day": "2023-12-24",
        "pmid": "036612",
        "hr": "0.40",
        "n": 154,
        "value": 28.1,
        "flag": True,
    }


def test_the_line_of_the_nearest_written_place_is_found() -> None:
    lines = LineNumbers()
    parse("a:\n  - b: 1\n    c: 2", "f", lines)
    assert lines.find(("a", 0, "c")) == "f:3"
    assert lines.find(("a", 0, "missing", "deeper")) == "f:2"


WELL_FORMED: list[object] = [
    {"always": True},
    {"egfr": {"below": 30}},
    {"renal": {"at_least": 30, "below": 60}},
    {"dialysis": True},
    {"sex": ["female"]},
    {"cytogenetics": ["t(11;14)"]},
    {"comorbidity": ["heart_failure"]},
    {"received": ["PI"]},
    {"refractory_count": {"class": "IMiD", "at_least": 2}},
    {"not": {"emd": True}},
    {"all": [{"ecog": {"at_least": 3}}, {"any": [{"pcl": True}]}]},
]
MALFORMED: list[object] = [
    "eGFR below 30",
    {},
    {"egfr": {"below": 30}, "lvef": {"below": 40}},
    {"egfr": 30},
    {"egfr": {}},
    {"egfr": {"under": 30}},
    {"egfr": {"below": "30"}},
    {"egfr": {"below": True}},
    {"dialysis": "yes"},
    {"sex": ["unknown"]},
    {"sex": []},
    {"sex": [["a"]]},
    {"cytogenetics": ["t(9;22)"]},
    {"comorbidity": "heart_failure"},
    {"received": []},
    {"received": [3]},
    {"refractory_count": 3},
    {"refractory_count": {"class": "IMiD"}},
    {"refractory_count": {"at_least": 2}},
    {"refractory_count": {"class": "no class", "at_least": 2}},
    {"all": []},
    {"any": {"pcl": True}},
    {"not": "anything"},
    {"weight": {"below": 50}},
    {"all": [{"not": {"any": [{"weight": {"below": 50}}]}}]},
]


@pytest.mark.parametrize("condition", WELL_FORMED)
def test_a_well_formed_condition_is_accepted(condition: object) -> None:
    assert list(malformed(condition)) == []


@pytest.mark.parametrize("condition", MALFORMED)
def test_prose_and_malformed_conditions_are_refused(condition: object) -> None:
    assert list(malformed(condition))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(checkout(), tmp_path / "data"))


def broken(folder: Path, name: str, before: str, after: str) -> str:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("drugs.yaml", "    class: PI\n", "    clas: PI\n", "bortezomib"),
        ("drugs.yaml", "effect: adjusts", "effect: adjust", "Input should be"),
        ("regimens.yaml", "intensity: infusion", "intensity: strong", "Input should be"),
        ("regimens.yaml", "figure1: true", "figure1: 1", "boolean"),
        ("sources.yaml", "seen: abstract", "seen: memory", "Input should be"),
        ("regimens.yaml", "\ntrials:\n", "\ntrails:\n", "trails"),
    ],
)
def test_a_broken_catalogue_is_refused_with_file_and_line(
    folder: Path, name: str, before: str, after: str, said: str
) -> None:
    message = broken(folder, name, before, after)
    assert message.startswith(f"data/{name}:")
    assert said in message


def test_a_missing_file_is_one_sentence(folder: Path) -> None:
    (folder / "drugs.yaml").unlink()
    with pytest.raises(CatalogueError, match=r"drugs\.yaml: cannot be read"):
        load(folder)


def test_the_catalogue_says_its_version_and_digest(catalogue: Catalogue) -> None:
    assert len(catalogue.sha256) == 64
    assert re.fullmatch(r"20\d\d\.\d\d\.\d\d(\.\d+)?", catalogue.version)


FIGURE_1 = (
    "Dara DaraKd DaraMPV DaraPd DaraVd DaraRd DCEP Dexa-BEAM EloPd EloPVd Isa IsaKd IsaPd KCd Kd "
    "KPd PACE PVd VdT-PACE"
).split()
NEWER = (
    "Pd PCd XVd Xd XPd XKd VenDex VenVd BVd BPd Melflufen-d ide-cel cilta-cel Tec TecDara Elra "
    "Linvo Tal TalTec TalDara Dara-DCEP FVd IxaPd IberDd MeziVd anito-cel"
).split()


def test_every_regimen_of_the_contract_is_there(catalogue: Catalogue) -> None:
    assert {*FIGURE_1, *NEWER} <= set(catalogue.regimens)
    marked = {each.id for each in catalogue.regimens.values() if each.figure1}
    assert marked == set(FIGURE_1)


@pytest.mark.parametrize("name", ["DaraMPV", "Dexa-BEAM"])
def test_a_regimen_of_the_review_without_a_study_says_so(catalogue: Catalogue, name: str) -> None:
    assert any("no study found" in gap for gap in catalogue.regimens[name].gaps)


def test_documents_that_supersede_each_other_have_an_end(catalogue: Catalogue) -> None:
    name = "EHA-ESMO 2021"
    own = catalogue.guidelines[name]
    for other in (name, "IMWG 2021"):
        round_ = {
            **catalogue.guidelines,
            name: own._replace(superseded_by=other),
            other: catalogue.guidelines[other]._replace(superseded_by=name),
        }
        changed = dataclasses.replace(catalogue, guidelines=round_)
        regimen = next(
            each
            for each in catalogue.regimens.values()
            if name in {position.guideline for position in each.positions}
        )
        assert name in {each.id for each in changed.issued(regimen)}


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [("trial: CASTOR\n", "trial: CASTORX\n", "trial CASTORX")],
)
def test_a_name_that_nothing_has_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, missing: str
) -> None:
    for file in FILES:
        text = (checkout() / file).read_text(encoding="utf-8")
        (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=rf"regimens.yaml:\d+: no {missing}"):
        load(tmp_path)
