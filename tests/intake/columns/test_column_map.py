from __future__ import annotations

from pathlib import Path

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.strict_yaml import parse
from lenrx.intake.column_map import ColumnMap, fields_of
from lenrx.intake.columns.column import field_of
from lenrx.intake.columns.map_file import read_map
from lenrx.intake.columns.proposal import propose
from lenrx.patient.patient import FIELDS, PatientError

NOTHING = ColumnMap({}, frozenset())
HEADER = ("MRN", "Edad (años)", "Geschlecht", "Refractario", "Nota", "meds", "Country")
ROWS = (
    ("70021", "71", "F", "Velcade; Revlimid", "vive sola", "VRd", "USA"),
    ("70022", "66y", "M", "lenalidomida", "", "Kd/ASCT", "Germany"),
    ("70023", "58", "M", "?", "jubilado", "DRd", "US"),
)


def _proposed(text: str) -> dict[str, str]:
    columns = parse(text, "proposed")["columns"]
    assert isinstance(columns, dict)
    return columns


@pytest.mark.parametrize(
    ("column", "field"),
    [
        *((field, field) for field in FIELDS),
        ("Prior-Lines", "prior_lines"),
        ("EGFR", "egfr"),
        ("eGFR (mL/min/1.73m2)", "egfr"),
        ("GFR", "egfr"),
        ("clearance", "crcl"),
        ("Kreatinin", "creatinine"),
        ("creatinina mg/dL", "creatinine"),
        ("plaquetas", "platelets"),
        ("Thrombozyten", "platelets"),
        ("PLT", "platelets"),
        ("neutrophils", "anc"),
        ("neutrófilos", "anc"),
        ("FISH", "cytogenetics"),
        ("citogenética", "cytogenetics"),
        ("LOT", "prior_lines"),
        ("lines of therapy", "prior_lines"),
        ("n_lines", "prior_lines"),
        ("previous treatments", "prior_lines"),
        ("ECOG PS", "ecog"),
        ("FEVI", "lvef"),
        ("LVEF %", "lvef"),
        ("País", "region"),
        ("index_date", "as_of"),
        ("sexe", "sex"),
        ("Alter", "age"),
        ("weight_kg", "weight"),
        ("Körpergewicht", "weight"),
        ("refraktär", "refractory"),
        ("Réfractaire", "refractory"),
        ("PatientID", "id"),
        ("comorbidites", "comorbidities"),
        ("thrombocyten", "platelets"),
    ],
)
def test_a_column_is_known_by_its_name(catalogue: Catalogue, column: str, field: str) -> None:
    assert _proposed(propose([column], [], catalogue)) == {field: column}


@pytest.mark.parametrize("column", ["Notes", "beta", "CR", "Fe", "date", "", "x1"])
def test_a_column_without_a_field_is_left_out(catalogue: Catalogue, column: str) -> None:
    found = parse(propose([column], [], catalogue), "proposed")
    assert found == {"columns": {}, "ignore": [column]}


def test_a_proposal_is_a_map_and_holds_no_value(catalogue: Catalogue, tmp_path: Path) -> None:
    text = propose(HEADER, ROWS, catalogue)
    file = tmp_path / "map.yaml"
    file.write_text(text, encoding="utf-8")
    found = fields_of(HEADER, read_map([str(file)]), ignore_other=False)
    fields = tuple(key and field_of(key) for key in found)
    assert fields == ("id", "age", "sex", "refractory", None, "exposed", "region")
    assert not any(cell in text for row in ROWS for cell in row if len(cell) > 2 and cell != "VRd")
    assert "by its values: 100 % read as drugs" in text
    assert text.count("# by its name\n") == 4
    assert "# by its name, in years\n" in text


@pytest.mark.parametrize(
    "name", ["a: b", "#1", 'say "x"', "två\nrader", "2019", "true", "- x", "\t"]
)
def test_any_header_is_written_so_that_it_can_be_read_again(
    catalogue: Catalogue, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(propose([name, "age"], [], catalogue), encoding="utf-8")
    assert fields_of([name, "age"], read_map([str(file)]), ignore_other=False) == (None, "age")


def test_a_column_of_crosses_is_not_a_column_of_drugs(catalogue: Catalogue) -> None:
    assert _proposed(propose(["consented"], [["X"], ["R"], ["X"]], catalogue)) == {}


def test_each_field_is_proposed_once_and_the_best_name_wins(catalogue: Catalogue) -> None:
    text = propose(["Edad", "age", "Age years"], [], catalogue)
    assert _proposed(text) == {"age": "age"}
    assert text.count('# age is taken from "age"') == 2


def test_two_columns_of_the_same_name_are_pointed_out(catalogue: Catalogue) -> None:
    text = propose(["age", "age"], [], catalogue)
    assert _proposed(text) == {"age": "age"}
    assert 'column "age" is there twice; keep one' in text


def test_a_name_whose_values_cannot_be_read_is_doubted(catalogue: Catalogue) -> None:
    rows = [["many"], ["some"], ["2"], [""]]
    assert "67 % of its values cannot be read" in propose(["LOT"], rows, catalogue)
    assert "cannot be read" not in propose(["LOT"], [["many"], ["2"]], catalogue)


def test_a_map_is_put_together_from_pairs_and_files(tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text('columns:\n  age: "Edad"\nignore:\n  - Nota\n', encoding="utf-8")
    found = read_map([str(file), "prior-lines=LOT", "egfr=a=b"])
    assert found.columns == {"Edad": "age", "LOT": "prior_lines", "a=b": "egfr"}
    assert found.ignore == {"Nota"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns:\n  age: A\n  egrf: B\n", "map.yaml:3: egrf: unknown field; did you mean egfr?"),
        ("columns:\n  age: A\n  age: B\n", "map.yaml:3: age: written twice; keep one"),
        ("columns:\n  age: A\n  sex: A\n", "map.yaml:3: column A is mapped twice; keep one"),
        ("columns:\n  age: A\nignore: [A]\n", "map: column A is both mapped and ignored; keep one"),
        ("columns:\n  age: 2019\n", "map.yaml:2: age: a column must be text; quote numbers"),
        ("columns: [age]\n", "map.yaml:1: must be a mapping of fields to columns"),
        ("columns: {}\nignore: A\n", "map.yaml:2: must be a list of columns; quote numbers"),
        (
            "columns: {}\nrows: 3\n",
            "map.yaml:2: must hold columns, missing, unread and ignore, nothing",
        ),
        ("- age\n", "map.yaml:1: must hold columns, missing, unread and ignore, nothing"),
        ("age: [\n", "map.yaml:2: not YAML"),
        ("", "map.yaml:1: empty file"),
    ],
)
def test_a_wrong_map_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PatientError) as error:
        read_map([str(file)])
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["egrf=A"], "map: egrf: unknown field; did you mean egfr?"),
        (["age=A", "sex=A"], "map: column A is mapped twice; keep one"),
        (["age=A", "age=B"], "map: age is mapped twice; keep one"),
        (["nowhere.yaml"], "nowhere.yaml: cannot be read"),
        ([""], "map: cannot be read"),
        (["a\0b"], "a\0b: cannot be read"),
    ],
)
def test_a_wrong_pair_is_refused(texts: list[str], message: str) -> None:
    with pytest.raises(PatientError) as error:
        read_map(texts)
    assert str(error.value).startswith(message)


def test_a_column_is_mapped_or_is_a_field_or_is_ignored() -> None:
    asked = ColumnMap({"Edad": "age"}, frozenset({"Nota"}))
    assert fields_of(["Edad", "eGFR", "Nota"], asked, False) == ("age", "egfr", None)
    assert fields_of(["Edad", "eGFR", "other"], asked, True) == ("age", "egfr", None)


def test_a_field_can_be_ignored_in_favour_of_another_column() -> None:
    asked = ColumnMap({"Edad": "age"}, frozenset({"age"}))
    assert fields_of(["age", "Edad"], asked, False) == (None, "age")


@pytest.mark.parametrize(
    ("header", "asked", "ignore_other", "message"),
    [
        (["egrf", "x"], NOTHING, False, "header: unknown column egrf (did you mean egfr?), x: map"),
        (["", "age"], NOTHING, False, "header: unknown column without a name: map it"),
        (["age", "Age"], NOTHING, False, "header: column age is there twice; keep one"),
        (["age", "age"], NOTHING, True, "header: column age is there twice; keep one"),
        (["age"], ColumnMap({"Edad": "age"}, frozenset()), True, "header: column Edad is mapped"),
        (list("uvwxyz"), NOTHING, False, "header: unknown column u, v, w, x, y, and 1 more: map"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(
    header: list[str], asked: ColumnMap, ignore_other: bool, message: str
) -> None:
    with pytest.raises(PatientError) as error:
        fields_of(header, asked, ignore_other)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_an_unknown_column_says_what_can_be_done() -> None:
    with pytest.raises(PatientError, match=r"--map.*--ignore-other.*batch --columns FILE"):
        fields_of(["Nota"], NOTHING, False)
