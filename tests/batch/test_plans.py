"""The plan of a row: what `lenrx plan` says of it, and what the cohort comes to."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from lenrx.batch.tables import SHORT
from lenrx.catalogue.loading import Catalogue
from lenrx.cli import main as cli
from lenrx.intake.reader import read_patient
from lenrx.rules.assessment import assess
from lenrx.rules.plan.document import brief
from lenrx.rules.plan.judgement import judge
from lenrx.rules.plan.reading import read_plan
from tests.batch.answers import TODAY, Answers, Data, rows_of

COHORT: Final = """\
id,refractory,exposed,prior_lines,egfr,as_of,given
A,lena,bort,1,,2024-03-01,KRd
B,lena,bort,1,25,2024-05-01,DaraVd
C,lena;dara,bort,2,,2025-05-01,D-VTd
D,lena,,1,60,2025-06-01,dara+bort+dex
E,lena,,1,,,VCd
F,lena,,1,,,xyzzy
G,lena,,1,,,n/a
H,lena,,1,,,
I,lena;pi,,1,,2025-06-01,Vel/dex + foo
J,lena,,many,,,KRd
K,lena,bort,1,,2024-03-01,KRd
"""


@pytest.fixture(scope="module")
def answers(catalogue: Catalogue) -> Answers:
    return Answers(catalogue, COHORT)


def plans(answers: Answers) -> dict[str, Data | None]:
    rows = [json.loads(line) for line in answers.lines]
    return {row["id"]: row.get("plan") for row in rows}


def test_each_row_has_its_plan_judged(answers: Answers) -> None:
    found = {
        name: each and (each["verdict"], each.get("id")) for name, each in plans(answers).items()
    }
    assert found == {
        # refractory to a drug excludes what relies on it; anti-CD38 as a whole class
        "A": ("excluded", "KRd"),
        "B": ("eligible", "DaraVd"),
        "C": ("excluded", "DVTd"),
        "D": ("eligible", "DaraVd"),
        "E": ("eligible", "VCd"),
        "F": (None, None),
        "G": None,
        "H": None,
        "I": ("conditional", "Vd + foo"),
        "J": None,
        "K": ("excluded", "KRd"),
    }


@pytest.mark.parametrize("how", [{}, {"strict": True}, {"on_label": True, "region": "eu"}])
def test_a_row_says_what_one_patient_is_told(how: dict[str, Any], catalogue: Catalogue) -> None:
    strict, on_label = bool(how.get("strict")), bool(how.get("on_label"))
    for row, said in zip(
        rows_of(COHORT), plans(Answers(catalogue, COHORT, **how)).values(), strict=True
    ):
        if said is None or said["verdict"] is None:
            continue
        fields = {name: cell for name, cell in row.items() if cell and name != "given"}
        patient, _ = read_patient({"region": how.get("region"), **fields}, catalogue)
        answer = assess(catalogue, patient, as_of=TODAY, strict=strict, on_label=on_label)
        found = judge(read_plan(row["given"], catalogue), answer)
        better = [one.regimen.id for one in found.better]
        assert said == brief(found.plan, found.each, better, strict=strict)


def test_every_entry_as_a_plan_has_the_verdict_and_rank_of_the_row(catalogue: Catalogue) -> None:
    rows = [
        {"id": name, "refractory": "lena;pi", "prior_lines": "2", "planned": name}
        for name in catalogue.regimens
    ]
    found = Answers(catalogue, rows)
    for name, line in zip(catalogue.regimens, found.lines, strict=True):
        row = json.loads(line)
        open_ = [*row["eligible"], *row["conditional"]]
        assert name in row[row["plan"]["verdict"]]
        assert (row["plan"]["rank"] is None) == (name not in open_)


def test_a_plan_is_no_part_of_the_answer(answers: Answers, catalogue: Catalogue) -> None:
    bare = [{k: v for k, v in row.items() if k != "given"} for row in rows_of(COHORT)]
    without = [json.loads(line) for line in Answers(catalogue, bare).lines]
    for line, other in zip(answers.lines, without, strict=True):
        row = json.loads(line)
        row.pop("plan", None)
        assert row == other


@pytest.mark.parametrize("given", [["carfilzomib", "lena", "dex"], "KRd", " krd "])
def test_json_may_list_the_drugs(given: Any, catalogue: Catalogue) -> None:
    row = {"id": "A", "refractory": ["lena"], "prior_lines": 1, "planned": given}
    (plan,) = plans(Answers(catalogue, [row])).values()
    assert plan is not None
    assert (plan["id"], plan["verdict"]) == ("KRd", "excluded")


def test_a_plan_that_is_stated_in_two_ways_is_not_judged(catalogue: Catalogue) -> None:
    row = {"id": "A", "refractory": "lena", "given": "KRd", "planned": "Kd"}
    (plan,) = plans(Answers(catalogue, [row])).values()
    assert plan == {"asked": "KRd / Kd", "verdict": None, "because": "stated in two ways; keep one"}


def run(*args: str) -> Any:
    result = CliRunner().invoke(cli.app, ["batch", "cohort.csv", "--as-of", TODAY, *args])
    assert result.exit_code == 1, result.stderr  # row J
    return result


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_catalogue: None) -> Path:
    (tmp_path / "cohort.csv").write_text(COHORT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_concordance_is_counted(folder: Path) -> None:
    run("--summary-json", "summary.json", "-o", "out.ndjson")
    found = json.loads(Path("summary.json").read_text(encoding="utf-8"))["concordance"]
    assert {name: found[name] for name in ("rows", "eligible", "conditional", "excluded")} == {
        "rows": 8,
        "eligible": 3,
        "conditional": 1,
        "excluded": 3,
    }
    assert found["not_judged"] == 1
    assert found["not_in_catalogue"] == {
        "eligible": 1,
        "conditional": 1,
        "excluded": 3,
        "not_judged": 0,
    }
    by = [(each["criterion"], each["rows"]) for each in found["excluded_by"]]
    assert by == [("refractory-lenalidomide", 2), ("refractory-anti-CD38", 1)]
    assert {each["id"]: each["in_catalogue"] for each in found["plans"]} == {
        "DaraVd": True,
        "KRd": False,
        "DVTd": False,
        "VCd": False,
        "Vd + foo": False,
    }
    years = {year: sum(each.values()) for year, each in found["years"].items()}
    assert years == {"2024": 3, "2025": 3}
    text = run("--summary").stdout
    for words in ("Given or planned, and it was", "Vd + foo", "2024"):
        assert words in text


def test_what_cannot_be_judged_is_counted_in_its_year(folder: Path) -> None:
    Path("cohort.csv").write_text(
        "id,refractory,as_of,given\nA,lena,2024-03-01,made-up\nB,lena,2024-03-01,KRd\nJ,x,,Kd\n"
    )
    text = run("--summary", "--summary-json", "s.json", "-o", "out.ndjson").stdout
    years = json.loads(Path("s.json").read_text())["concordance"]["years"]
    assert years == {"2024": {"eligible": 0, "conditional": 0, "excluded": 1, "not_judged": 1}}
    assert "Year  open  conditional  excluded  not judged" in text


def test_processes_count_it_alike(folder: Path) -> None:
    for jobs in ("1", "2"):
        run("--summary-json", f"{jobs}.json", "-o", f"{jobs}.ndjson", "--jobs", jobs)
    one, two = (Path(f"{jobs}.json").read_text(encoding="utf-8") for jobs in "12")
    assert json.loads(one)["concordance"] == json.loads(two)["concordance"]


def test_without_such_a_column_nothing_is_said(catalogue: Catalogue, folder: Path) -> None:
    Path("cohort.csv").write_text("id,refractory,ecog\nA,lena,1\nB,lena,x\n", encoding="utf-8")
    run("--summary-json", "summary.json", "-o", "out.ndjson")
    assert "concordance" not in json.loads(Path("summary.json").read_text(encoding="utf-8"))
    assert '"plan"' not in Path("out.ndjson").read_text(encoding="utf-8")


def test_tables_and_one_row_show_it(folder: Path) -> None:
    lines = run("--format", "csv").stdout.splitlines()
    assert tuple(lines[0].split(",")) == SHORT
    assert "KRd,excluded,refractory-lenalidomide,," in lines[1]
    rows = [*csv.DictReader(lines)]
    assert rows[0]["plan_because"] == "refractory to lenalidomide, which this regimen relies on"
    unread = [each for each in rows if each["plan_verdict"] == "not judged"]
    reason = "'xyzzy': not a drug, class or regimen of the catalogue"
    assert [each["plan_because"] for each in unread] == [reason]
    run("-o", "out.ndjson")
    shown = CliRunner().invoke(cli.app, ["batch", "--show", "1", "out.ndjson"])
    assert json.loads(shown.stdout)["plan"]["verdict"] == "excluded"


def test_a_column_of_another_name_is_mapped(folder: Path) -> None:
    text = COHORT.replace("given\n", "Regimen chosen\n", 1)
    Path("cohort.csv").write_text(text, encoding="utf-8")
    assert '"plan"' in run("--map", "given=Regimen chosen").stdout.splitlines()[0]
    Path("map.yaml").write_text("columns:\n  planned: Regimen chosen\n", encoding="utf-8")
    assert '"plan"' in run("--map", "map.yaml").stdout.splitlines()[0]


def test_a_map_that_is_proposed_has_it(folder: Path) -> None:
    found = CliRunner().invoke(cli.app, ["batch", "--columns", "cohort.csv"])
    assert '  given: "given"  # by its name\n' in found.stdout
