"""A user's own file is held against what it is, with a line for each problem and its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lenrx.catalogue.loading import checkout
from lenrx.catalogue.records import CatalogueError
from lenrx.curation.check_files import check_file
from lenrx.curation.check_inputs import kind_of

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("f.yaml", "formulary: Ours\ndrugs: {}\n", "formulary"),
        ("f.yaml", "drugs:\n  Kd: {stock: note}\n", "formulary"),
        ("m.yaml", "columns: {egfr: G}\n", "column map"),
        ("m.yaml", "ignore: [x]\n", "column map"),
        ("p.yaml", "refractory: lena\n", "patient"),
        ("p.json", '{"treatments": [], "lines": 2}', "patient"),
        ("c.csv", "id\n1\n", "cohort"),
        ("c.NDJSON", "", "cohort"),
        ("drugs.yaml", "drugs: {}\n", "catalogue"),
        ("regimens.yaml", "catalogue: {}\nregimens: {}\n", "catalogue"),
    ],
)
def test_what_a_file_is_is_told_by_what_it_holds(
    tmp_path: Path, name: str, text: str, kind: str
) -> None:
    assert kind_of(written(tmp_path, name, text)) == kind
    assert kind_of(tmp_path) == "catalogue"


@pytest.mark.parametrize("text", ["hello: 1\n", "- a\n", "word\n"])
def test_what_is_nothing_that_is_read_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CatalogueError, match="is no catalogue, formulary, column map"):
        check_file(written(tmp_path, "x.yaml", text))


def test_every_wrong_entry_of_a_formulary_has_its_line(tmp_path: Path) -> None:
    text = (
        "formulary: Ours\ndrugs:\n  Kyprolis: {stock: not-stocked}\n  carfilzomib: {stock: note}\n"
        "  lenalidomyde: {stock: note}\nregimens:\n  BPd: {stock: maybe}\n"
    )
    found, said = check_file(written(tmp_path, "f.yaml", text))
    assert [each.split(": ")[:2] for each in found] == [
        ["f.yaml:4", "carfilzomib"],
        ["f.yaml:5", "lenalidomyde"],
        ["f.yaml:7", "BPd"],
    ]
    assert said == "3 problems; formulary of 1 entry"


def test_a_good_formulary_has_none(tmp_path: Path) -> None:
    text = "formulary: Ours\ndrugs:\n  Kyprolis: {stock: not-stocked}\n"
    assert check_file(written(tmp_path, "f.yaml", text)) == ([], "0 problems; formulary of 1 entry")


def test_every_wrong_field_of_a_column_map_has_its_line(tmp_path: Path) -> None:
    text = "columns:\n  exposd: E\n  egfr: G\n  eGFR: H\n  age: 4\n  lvef: G\nignore: [x]\n"
    found, said = check_file(written(tmp_path, "m.yaml", text))
    assert found == [
        "m.yaml:2: exposd: unknown field; did you mean exposed?",
        "m.yaml:4: eGFR: egfr is mapped twice; keep one",
        "m.yaml:5: age: a column must be text; quote numbers",
        "m.yaml:6: lvef: column G is mapped twice; keep one",
    ]
    assert said == "4 problems; column map of 5 columns"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns: [a]\n", "must be a mapping of fields"),
        ("columns: {egfr: G}\nignore: [G]\n", "both mapped and ignored"),
        ("columns: {egfr: G}\nignore: 3\n", "must be a list of columns"),
    ],
)
def test_a_column_map_that_cannot_be_used_says_why(tmp_path: Path, text: str, said: str) -> None:
    found, _ = check_file(written(tmp_path, "m.yaml", text))
    assert len(found) == 1
    assert said in found[0]


def test_the_examples_of_the_docs_are_in_order() -> None:
    assert check_file(EXAMPLE / "map.yaml")[0] == []
    found, said = check_file(EXAMPLE / "cohort.csv", maps=[str(EXAMPLE / "map.yaml")])
    assert all("column" not in each for each in found)
    assert said.endswith("cohort of 6 rows")


def test_every_field_of_a_patient_that_cannot_be_read_has_its_line(tmp_path: Path) -> None:
    text = '{"refractory": ["lenalidomide"],\n "egfr": -77.125,\n "sex": "Jane Roe",\n'
    found, said = check_file(written(tmp_path, "p.json", text + ' "lines": 2}'))
    assert [each.split(": ")[:2] for each in found] == [
        ["p.json:2", "egfr"],
        ["p.json:3", "sex"],
    ]
    assert said == "2 problems; patient of 4 fields"
    assert "Jane" not in " ".join(found)
    assert "77" not in " ".join(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("refractory: lena\nprior_lines: 0\n", "contradicts a drug history"),
        ("refractory: [lena, len]\nrefractory-to: x\n", "unknown field"),
        ("treatments:\n  - {drugs: Rd, start: soon}\n", "course 1"),
        ("egfr: 20\neGFR: 30\n", "written twice"),
        (
            'refractory: carf\ntreatments: [{drugs: Rd, start: "2020", progression: "2021"}]\n',
            "disagrees with what the treatments give",
        ),
    ],
)
def test_what_of_a_patient_cannot_be_is_said(tmp_path: Path, text: str, said: str) -> None:
    found, _ = check_file(written(tmp_path, "p.yaml", text))
    assert len(found) == 1
    assert said in found[0]


def test_a_patient_in_order_has_no_problem(tmp_path: Path) -> None:
    text = json.dumps({"refractory": ["lena"], "lines": 2, "egfr": "<15"})
    assert check_file(written(tmp_path, "p.json", text))[0] == []


COHORT = "id,refractory,egfr,foo\n1,lena,40,x\n2,smith,-3,y\n3,len\n4,lena,30,z\n"


def test_a_cohort_names_columns_without_a_field_and_rows_with_what_is_wrong(
    tmp_path: Path,
) -> None:
    found, said = check_file(written(tmp_path, "c.csv", COHORT))
    assert found[0].startswith("c.csv:1: column 'foo'")
    assert [each.split(": ")[:3] for each in found[1:3]] == [
        ["c.csv", "row 2", "refractory"],
        ["c.csv", "row 2", "egfr"],
    ]
    assert found[3] == "c.csv: row 3: has 2 cells where the header has 4"
    assert said == "4 problems; cohort of 4 rows"


def test_a_cohort_is_read_by_its_map(tmp_path: Path) -> None:
    path = written(tmp_path, "c.csv", "R,F\nlena,20\n,\n")
    assert len(check_file(path)[0]) == 2
    assert check_file(path, maps=["refractory=R", "egfr=F"])[0] == []
    lacking = check_file(path, maps=["refractory=Q"])[0]
    assert len(lacking) == 1
    assert "mapped but not in the file" in lacking[0]


def test_a_row_that_cannot_be_true_is_a_problem(tmp_path: Path) -> None:
    row = {"refractory": ["lena"], "prior_lines": 0}
    path = written(tmp_path, "c.ndjson", f"{json.dumps(row)}\n{{\n")
    found, _ = check_file(path)
    assert "c.ndjson: row 1: prior_lines: 0 prior lines contradicts" in found[0]
    assert found[1].startswith("c.ndjson: row 2: not JSON")


def test_a_file_of_the_catalogue_is_checked_as_that(tmp_path: Path) -> None:
    text = (checkout() / "regimens.yaml").read_text(encoding="utf-8")
    path = written(tmp_path, "regimens.yaml", text.replace('hr: "0.64"', 'hr: "1.64"', 1))
    assert "hazard_ratio_outside_interval" in " ".join(check_file(path)[0])


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no such file"):
        check_file(tmp_path / "none.csv")
