"""Every declared field does what its declaration says; one more declaration is a new field."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from math import inf, nextafter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import lenrx
from lenrx import Patient, PatientError, assess
from lenrx.catalogue.conditions import NUMBERS
from lenrx.catalogue.field_kinds import PANELS
from lenrx.catalogue.fields import DECLARED, DRUGGED, FOUND, NUMERIC, TAKEN, PatientFields
from lenrx.catalogue.loading import Catalogue, checkout
from lenrx.patient.patient import FIELDS, SCALARS, WORD_LISTS, parse_patient

DERIVED = ("expanded", "unsure", "kept", "otherwise_treated", "unnamed", "record", "recorded")


def test_every_field_is_declared_but_those_that_a_record_gives() -> None:
    assert (*DECLARED, *DERIVED) == PatientFields._fields == Patient._fields
    assert {each.shown.panel for each in DECLARED.values()} == {*PANELS}
    assert all(each.name == name and each.help for name, each in DECLARED.items())


def _outside(name: str) -> tuple[float, float]:
    kind = NUMERIC[name]
    if kind.whole:
        return kind.low - 1, kind.high + 1
    return nextafter(kind.low, -inf), nextafter(kind.high, inf)


@pytest.mark.parametrize("name", NUMERIC)
def test_the_bounds_of_a_number_are_in_and_what_is_just_beyond_is_out(
    catalogue: Catalogue, name: str
) -> None:
    kind = NUMERIC[name]
    for value in (kind.low, kind.high):
        assert getattr(parse_patient({name: value}, catalogue), name) == value
        assert getattr(parse_patient({name: f" {value} "}, catalogue), name) == value
    for value in _outside(name):
        with pytest.raises(PatientError, match=re.escape(f"{name}: must be {kind.allowed}")):
            parse_patient({name: value}, catalogue)
    assert kind.unit in kind.allowed


@pytest.mark.parametrize("name", NUMERIC)
def test_a_number_may_be_a_bound_or_is_not_stated(catalogue: Catalogue, name: str) -> None:
    bound = f">={NUMERIC[name].high:g}"
    found = parse_patient({name: bound}, catalogue).number(name)
    assert found == (NUMERIC[name].high, NUMERIC[name].high, bound)
    assert parse_patient({}, catalogue).number(name) is None
    assert parse_patient({name: "unknown"}, catalogue).number(name) is None
    with pytest.raises(PatientError, match=f"{name}: must be"):
        parse_patient({name: f">{NUMERIC[name].high + 1:g}"}, catalogue)


@pytest.mark.parametrize("name", [name for name in NUMERIC if NUMERIC[name].whole])
def test_a_whole_number_has_no_fraction(catalogue: Catalogue, name: str) -> None:
    assert type(parse_patient({name: 2.0}, catalogue).number(name)) is int
    with pytest.raises(PatientError, match="a whole number"):
        parse_patient({name: 1.5}, catalogue)


def test_a_number_is_a_criterion_unless_others_are_derived_from_it() -> None:
    assert {*NUMERIC} - {*NUMBERS} == {"creatinine", "weight"}
    assert {*SCALARS} | {*WORD_LISTS} | {*DRUGGED, *TAKEN} == {*FIELDS}


@pytest.mark.parametrize(
    ("field", "word", "near"),
    [
        ("comorbidities", "hart failure", "heart_failure"),
        ("comorbidities_absent", "amyloid", "amyloidosis"),
        ("cytogenetics", "del17", "del17p"),
    ],
)
def test_a_word_nobody_knows_gets_the_nearest_and_stays_out_of_the_message(
    catalogue: Catalogue, field: str, word: str, near: str
) -> None:
    with pytest.raises(PatientError) as caught:
        assess(catalogue, Patient(**{field: [word]}))  # type: ignore[arg-type]
    error = caught.value
    assert (error.field, error.value) == (field, word)
    assert near in error.problem.partition("nearest: ")[2]
    assert not re.search(rf"\b{word}\b", str(error))
    assert len(str(error)) < 100


@pytest.mark.parametrize("field", FOUND)
def test_a_word_near_to_none_gets_all_of_them(catalogue: Catalogue, field: str) -> None:
    with pytest.raises(PatientError, match=f"{field}: knows only") as caught:
        parse_patient({field: "zzzz"}, catalogue)
    assert all(word in str(caught.value) for word in FOUND[field].words)


def test_a_patient_says_what_is_stated_and_nothing_else(catalogue: Catalogue) -> None:
    patient = Patient(refractory=["lena", "PI"], egfr="<15", region="eu")
    assert repr(patient) == "Patient(refractory=['lena', 'PI'], egfr='<15', region='eu')"
    assert repr(Patient()) == "Patient()"
    read = assess(catalogue, patient).state.patient
    assert repr(read) == "Patient(refractory=('PI', 'lenalidomide'), egfr='<15', region='eu')"
    assert eval(repr(read), {"Patient": Patient}).given() == read.given()


def test_text_is_a_list_too_and_a_number(catalogue: Catalogue) -> None:
    typed = Patient(refractory="lena, PI", prior_lines="2", comorbidities="copd")
    built = Patient(refractory=("lenalidomide", "PI"), prior_lines=2, comorbidities=["copd"])
    one, other = (assess(catalogue, each).state.patient for each in (typed, built))
    assert one == other


def test_the_fields_have_the_order_of_the_contract() -> None:
    assert " ".join(FIELDS) == (
        "id age sex prior_lines exposed refractory intolerant history egfr crcl creatinine weight "
        "dialysis cytogenetics cytogenetics_absent emd pcl cns ecog frailty neuropathy_grade "
        "neuropathic_pain lvef platelets anc hepatic comorbidities comorbidities_absent "
        "medications prior_transplant region as_of"
    )


PAGE = (Path(__file__).parents[2] / "docs" / "curating.md").read_text(encoding="utf-8")
(FERRITIN,) = re.findall(r"^```python\n(    \w+: Annotated.*?)^```$", PAGE, re.M | re.S)
BEFORE = "    hepatic: Annotated[\n"
RULE = """\
      - id: carfilzomib-ferritin
        filter: organs
        effect: excludes
        when: {ferritin: {above: 1000}}
        because: ferritin above 1000 ug/L (made up)
        source: page-kyprolis-hcp-candor-design
        where: entry criteria
        verified: secondary
"""
RULES = "      - id: carfilzomib-lvef\n"


class Extended(NamedTuple):
    """A copy of the program with one more declaration, and a catalogue that asks for it."""

    source: Path
    data: Path

    def python(self, *args: str) -> subprocess.CompletedProcess[str]:
        """What a run of the copy says; it never reads the installed program."""
        path = {**os.environ, "PYTHONPATH": str(self.source), "COLUMNS": "200"}
        return subprocess.run(
            [sys.executable, *args], env=path, cwd=self.data, capture_output=True, text=True
        )

    def recommend(self, *args: str) -> dict[str, Any]:
        """The answer on a patient who is refractory to lenalidomide."""
        command = ("-m", "lenrx", "recommend", "--catalogue", str(self.data), "--format", "json")
        patient = ("--detail", "full", "--refractory", "lenalidomide")
        found = self.python(*command, *patient, *args)
        assert found.returncode == 0, found.stderr
        answer: dict[str, Any] = json.loads(found.stdout)
        return answer


def _inserted(path: Path, text: str, before: str) -> None:
    found = path.read_text(encoding="utf-8")
    assert found.count(before) == 1
    path.write_text(found.replace(before, text + before), encoding="utf-8")


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Extended:
    home = tmp_path_factory.mktemp("fields")
    package = shutil.copytree(Path(lenrx.__file__).parent, home / "src" / "lenrx")
    found = Extended(home / "src", shutil.copytree(checkout(), home / "data"))
    _inserted(package / "catalogue" / "fields.py", FERRITIN, BEFORE)
    _inserted(found.data / "drugs.yaml", RULE, RULES)
    return found


def _excluding(answer: dict[str, Any]) -> set[str]:
    return {
        each["status"]
        for regimen in answer["regimens"]
        for each in regimen["findings"]
        if each["criterion"] == "carfilzomib-ferritin"
    }


def test_the_new_field_is_a_criterion_that_check_accepts(extended: Extended) -> None:
    found = extended.python("-m", "lenrx", "check", str(extended.data))
    assert (found.returncode, found.stdout) == (0, ""), found.stdout
    shipped = subprocess.run(
        [sys.executable, "-m", "lenrx", "check", str(extended.data)], capture_output=True, text=True
    )
    assert shipped.returncode == 1 and "ferritin" in shipped.stdout


def test_the_new_field_is_asked_when_it_is_missing(extended: Extended) -> None:
    answer = extended.recommend()
    (asked,) = [each for each in answer["open_questions"] if each["field"] == "ferritin"]
    assert asked["question"] == "Ferritin?"
    assert _excluding(answer) == {"unknown"}


@pytest.mark.parametrize(
    ("stated", "status"),
    [("1000", "not met"), ("1000.5", "met"), (">=1001", "met"), (">500", "unknown")],
)
def test_the_new_field_is_an_option_and_decides(
    extended: Extended, stated: str, status: str
) -> None:
    answer = extended.recommend("--ferritin", stated)
    assert _excluding(answer) == {status}
    assert str(answer["patient"]["given"]["ferritin"]).startswith(stated.partition(".")[0])


@pytest.mark.parametrize("stated", ["-1", "100001", "high"])
def test_the_new_field_is_refused_beyond_its_bounds(extended: Extended, stated: str) -> None:
    args = ("recommend", "--refractory", "lena", "--ferritin", stated)
    found = extended.python("-m", "lenrx", *args)
    said = f"ferritin: '{stated}': must be a number from 0 to 100000 ug/L"
    assert found.returncode == 2 and said in found.stderr


def test_the_new_field_has_its_help_in_its_panel(extended: Extended) -> None:
    lines = extended.python("-m", "lenrx", "recommend", "--help").stdout.splitlines()
    (at,) = [place for place, line in enumerate(lines) if "--ferritin" in line]
    panel = next(line for line in reversed(lines[:at]) if "─" in line)
    assert "Ferritin, ug/L." in lines[at] and "Kidneys, liver, blood" in panel


TABLE = """
from lenrx.catalogue.loading import load
from lenrx.intake.cells import read_cell
from lenrx.intake.column_map import fields_of
from lenrx.intake.columns.map_file import read_map
from lenrx.intake.columns.proposal import propose
from lenrx.patient.patient import Patient
catalogue = load()
print(fields_of(["ferritin"], read_map([]), False))
for header in ("Ferritin", "ferritin ug/L", "Ferritin (µg/L)", "Ferritina", "Serum ferritin µg/L"):
    print(propose([header], [["300"]], catalogue).splitlines()[2])
for cell in ("300", "300 ug/L", "300 µg/l", "Ferritin: 300 mcg / L", "> 300 ug/L"):
    print(read_cell("ferritin", cell, catalogue))
print(Patient(ferritin="<15"))
"""


def test_the_new_field_is_a_column_whose_cells_carry_its_unit(extended: Extended) -> None:
    found = extended.python("-c", TABLE)
    lines = found.stdout.splitlines()
    assert lines[0] == "('ferritin',)", found.stderr
    assert all(line.startswith("  ferritin: ") for line in lines[1:6])
    assert all("('ferritin', 300.0)" in line for line in lines[6:10])
    assert "as ferritin 300" in lines[7] and "as ferritin above 300" in lines[10]
    assert lines[11] == "Patient(ferritin='<15')"


def test_the_new_field_is_in_the_schemas(extended: Extended, tmp_path: Path) -> None:
    assert extended.python("-m", "lenrx.cli.schemas", str(tmp_path)).returncode == 0
    for name in ("drugs", "regimens"):
        schema = json.loads((tmp_path / f"{name}.schema.json").read_text(encoding="utf-8"))
        (condition,) = [schema["$defs"]["condition"]["properties"]]
        assert condition["ferritin"] == {"$ref": "#/$defs/bounds"}


def test_the_new_field_can_be_assumed_and_tried(extended: Extended) -> None:
    assert _excluding(extended.recommend("--assume", "ferritin=2000")) == {"met"}
    args = ("recommend", "--refractory", "lena", "--what-if", "ferritin=2000")
    found = extended.python("-m", "lenrx", *args, "--catalogue", str(extended.data))
    assert found.returncode == 0 and "ferritin above 1000 ug/L" in found.stdout
