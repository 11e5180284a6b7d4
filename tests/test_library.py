"""What `from lenrx import ...` offers, as an analyst uses it in a notebook."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import lenrx
from lenrx import (
    Answer,
    Catalogue,
    Patient,
    PatientError,
    UnknownName,
    assess,
    differences,
    load_catalogue,
    load_formulary,
    with_treatments,
)
from lenrx.catalogue.formulary import LONGEST
from lenrx.cli import clock
from lenrx.cli.main import app
from tests.conftest import Ask

DAY = "2026-11-23"
PACKAGE = Path(lenrx.__file__).parent


def patient_of(**fields: Any) -> Patient:
    return Patient(**fields)


def answered(catalogue: Catalogue, **fields: Any) -> Answer:
    return assess(catalogue, patient_of(**{"refractory": ["lena", "pi"], "egfr": 25, **fields}))


# What is public


@pytest.mark.parametrize("name", lenrx.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(lenrx, name) is not None
    assert name in dir(lenrx)


def test_one_list_of_names_everywhere() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    typed = next(node for node in tree.body if isinstance(node, ast.If))
    imported = {
        alias.asname or alias.name
        for node in typed.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    public = set(lenrx.__all__) - {"__version__"}
    assert public == imported == set(lenrx._PLACES)
    assert lenrx.__all__ == sorted(lenrx.__all__)


def test_completion_offers_what_is_public_and_nothing_of_the_workings() -> None:
    assert {each for each in dir(lenrx) if not each.startswith("__")} == {
        each for each in lenrx.__all__ if not each.startswith("__")
    }
    with pytest.raises(AttributeError, match="'nothing'"):
        _ = lenrx.nothing


def test_importing_the_package_loads_none_of_it() -> None:
    code = "import sys, lenrx; print([m for m in sys.modules if m.startswith('lenrx.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_itself_takes_only_its_version_from_the_public_names() -> None:
    taken = {
        alias.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "lenrx"
        for alias in node.names
    }
    assert taken == {"__version__"}


# What may be passed


def test_a_patient_built_in_code_is_read_as_one_from_a_file(catalogue: Catalogue) -> None:
    answer = answered(catalogue, refractory=["Revlimid", "pi"], egfr="<15")
    assert answer.state.resistance_state == "double-refractory"
    assert answer.state.interval("egfr")[1] < 15
    assert answer.open_questions[0].field == "refractory.pi"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"refractory": ["isatuzumab"]}, r"refractory: not a drug.*isatuximab"),
        ({"cytogenetics": ["del99"]}, "cytogenetics: "),
        ({"region": "UK"}, "region: must be one of us, eu"),
        ({"egfr": "x"}, "egfr: must be a number"),
    ],
)
def test_what_cannot_be_read_is_said_with_field_and_what_could_be_meant(
    catalogue: Catalogue, fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(PatientError, match=said) as caught:
        answered(catalogue, **fields)
    [(field, value)] = fields.items()
    assert caught.value.field == field
    assert caught.value.value == (value if isinstance(value, str) else value[0])


def test_what_cannot_be_true_is_said_too(catalogue: Catalogue) -> None:
    with pytest.raises(PatientError) as caught:
        answered(catalogue, refractory=["lena", "pom"], prior_lines=0)
    assert (caught.value.field, caught.value.value) == ("prior_lines", None)


def test_a_mapping_is_refused_with_what_to_write(catalogue: Catalogue) -> None:
    with pytest.raises(TypeError, match=r"Patient\(\*\*fields\)"):
        assess(catalogue, {"egfr": 25})  # type: ignore[arg-type]


def test_without_a_day_it_is_today_as_at_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = load_catalogue()
    day = catalogue.day
    assert day == catalogue.version.replace(".", "-")
    monkeypatch.setattr(clock, "today", lambda: "2024-02-29")
    assert assess(catalogue, Patient()).case.as_of == "2024-02-29"
    with pytest.raises(PatientError, match="lies after the day asked for"):
        with_treatments(Patient(), [{"drugs": "VRd", "start": "2024-03-01"}], catalogue)
    assert assess(catalogue, Patient(), as_of="2023-06-01").case.as_of == "2023-06-01"
    assert assess(catalogue, Patient(as_of="2022-01-01"), as_of=day).case.as_of == "2022-01-01"
    with pytest.raises(PatientError, match="as_of: must be a date"):
        assess(catalogue, Patient(), as_of="last week")


# One regimen by name


@pytest.mark.parametrize("name", ["cilta-cel", "CILTA CEL", "ciltacel", "Carvykti"])
def test_a_regimen_is_found_by_any_of_its_names(catalogue: Catalogue, name: str) -> None:
    answer = answered(catalogue)
    assert answer[name] is answer["cilta-cel"]
    assert answer[name].regimen.id == "cilta-cel"


def test_every_regimen_is_found_by_its_id(catalogue: Catalogue) -> None:
    answer = answered(catalogue)
    assert [answer[each] for each in catalogue.regimens] == sorted(
        answer.regimens, key=lambda each: list(catalogue.regimens).index(each.regimen.id)
    )


def test_a_name_that_no_regimen_has_is_refused_with_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(LookupError, match="'KPdd': not a regimen of the catalogue; nearest: KPd"):
        _ = answered(catalogue)["KPdd"]
    with pytest.raises(UnknownName) as caught:
        _ = answered(catalogue)["KPdd"]
    assert caught.value.text == "KPdd"


def test_an_answer_is_not_looped_over_by_mistake(catalogue: Catalogue) -> None:
    answer: Any = answered(catalogue)
    with pytest.raises(TypeError, match="not iterable"):
        list(answer)
    with pytest.raises(TypeError):
        assert "Kd" in answer


# Plain data


def test_to_dict_is_what_the_command_prints(catalogue: Catalogue) -> None:
    options = f"--refractory lena,pi --egfr 25 --as-of {DAY} --strict"
    args = f"recommend {options} --format json --detail full"
    printed = CliRunner().invoke(app, args.split()).stdout
    patient = patient_of(refractory=["lena", "pi"], egfr=25, as_of=DAY)
    answer = assess(catalogue, patient, strict=True)
    assert json.dumps(answer.to_dict(), ensure_ascii=False) + "\n" == printed


def test_the_document_holds_each_assessments_own(catalogue: Catalogue) -> None:
    answer = answered(catalogue)
    assert answer.to_dict()["regimens"] == [each.to_dict() for each in answer.regimens]


# What a prompt and a notebook show

PATIENTS: list[dict[str, Any]] = [
    {},
    {"refractory": ["lena"], "region": "eu"},
    {"refractory": ["lena", "pom", "bort", "carf", "dara"], "prior_lines": 5, "region": "us"},
    {"refractory": ["imid", "pi", "anti-cd38"], "history": "partial", "dialysis": True},
    {"refractory": ["lena"], "comorbidities": ["hiv", "pregnancy", "recent_mi"], "lvef": 30},
]


@pytest.mark.parametrize("fields", PATIENTS, ids=str)
def test_what_is_shown_is_short(ask: Ask, fields: dict[str, Any]) -> None:
    answer = ask(**fields)
    assert len(repr(answer)) <= 600
    assert len(answer._repr_html_()) <= 20_000
    assert len(repr(answer.case)) <= 200
    for each in answer.regimens:
        assert len(repr(each)) <= 200
        assert "\n" not in repr(each)
        assert len(repr(each.regimen)) <= 200


def test_a_prompt_shows_state_counts_options_and_what_to_ask_first(catalogue: Catalogue) -> None:
    answer = answered(catalogue)
    said = repr(answer)
    assert said.startswith(f"<Answer: double-refractory; us or eu on {answer.case.as_of}; ")
    for verdict in ("eligible", "conditional", "excluded"):
        assert f"{len(answer.with_verdict(verdict))} {verdict}" in said
    assert answer.with_verdict("eligible")[0].regimen.id in said
    assert answer.open_questions[0].question in said
    assert repr(catalogue) == f"Catalogue({catalogue.version}, {len(catalogue.regimens)} regimens)"


def test_one_regimen_is_shown_in_a_line(catalogue: Catalogue) -> None:
    assert re.fullmatch(
        r"<Assessment Kd: conditional, rank \d+=?, .*>", repr(answered(catalogue)["Kd"])
    )


def test_what_is_shown_does_not_name_the_patient(catalogue: Catalogue) -> None:
    answer = answered(catalogue, id="Maria 4711")
    kd = answer["Kd"]
    shown = (repr(answer), answer._repr_html_(), repr(kd), kd._repr_html_(), repr(answer.case))
    assert not any("4711" in text for text in shown)


class Tags(HTMLParser):
    """The tags of a fragment, and whether each that opens is closed."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.seen, self.depth = set[str](), 0
        self.feed(fragment)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1


def test_every_text_of_a_notebook_stays_text(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "local.yaml"
    note = "<script>alert(1)</script> & \\\"'"
    path.write_text(
        f'formulary: x\ndrugs:\n  carfilzomib: {{stock: not-stocked, note: "{note}"}}\n'
    )
    local = load_formulary(path, catalogue)
    answer = assess(catalogue, patient_of(refractory=["lena"]), formulary=local)
    for shown in (answer._repr_html_(), answer["Kd"]._repr_html_()):
        tags = Tags(shown)
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;&#x27;" in shown
        assert "script" not in tags.seen
        assert tags.depth == 0


def test_a_long_reason_is_cut_in_a_notebook_and_whole_in_the_document(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "local.yaml"
    note = ("ask the pharmacy " * 100)[:LONGEST]
    path.write_text(
        f"formulary: x\ndrugs:\n  dexamethasone: {{stock: needs-approval, note: {note}}}\n"
    )
    local = load_formulary(path, catalogue)
    answer = assess(catalogue, patient_of(refractory=["lena"]), formulary=local)
    assert len(answer._repr_html_()) <= 20_000
    assert note.strip() in json.dumps(answer.to_dict())


def test_a_table_in_a_notebook_has_a_row_for_every_regimen(catalogue: Catalogue) -> None:
    shown = answered(catalogue)._repr_html_()
    rows = re.findall(r"<tr><td>(\d*=?)</td><td>(.*?)</td>", shown)
    assert [name for _, name in rows] == [e.regimen.id for e in answered(catalogue).regimens]
    assert "Which PI?" in shown
    assert "not CE-marked" in shown


# A record of treatments, and what if

COURSES = [
    {
        "drugs": "VRd",
        "start": "2023-01",
        "stop": "2023-05",
        "response": "VGPR",
        "stopped_for": "completed",
        "planned": True,
    },
    {
        "drugs": ["lenalidomide"],
        "start": "2023-09",
        "stop": "2026-03-14",
        "progression": "2026-03-02",
        "maintenance": True,
        "planned": True,
    },
]


def test_a_record_gives_lines_and_drugs_as_a_patient_file_does(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "patient.json"
    path.write_text(json.dumps({"age": 71, "treatments": COURSES, "as_of": DAY}))
    args = ["recommend", "--patient", str(path), "--format", "json", "--detail", "full"]
    printed = CliRunner().invoke(app, args).stdout
    patient = with_treatments(Patient(age=71, as_of=DAY), COURSES, catalogue)
    assert (patient.prior_lines, patient.refractory) == (1, ("lenalidomide",))
    assert json.dumps(assess(catalogue, patient).to_dict(), ensure_ascii=False) + "\n" == printed


@pytest.mark.parametrize(
    ("as_of", "stated", "said"),
    [
        ("2024-01-01", {}, "treatments: course 2: lies after the day asked for"),
        ("last week", {}, "as_of: must be a date"),
        (None, {"prior_lines": 3}, "prior_lines: disagrees with what the treatments give"),
        (None, {"refractory": ["isatuzumab"]}, "refractory: not a drug"),
    ],
)
def test_a_record_that_cannot_be_is_refused(
    catalogue: Catalogue, as_of: str | None, stated: dict[str, Any], said: str
) -> None:
    with pytest.raises(PatientError, match=said):
        with_treatments(Patient(**stated), COURSES, catalogue, as_of=as_of)


def test_what_if_is_a_changed_patient(catalogue: Catalogue) -> None:
    patient = patient_of(refractory=["lena"], lvef=60)
    before, after = (assess(catalogue, each) for each in (patient, patient._replace(lvef=30)))
    assert "Kd" in [change.regimen for change in differences(before, after)]


def test_a_notebook_shows_what_is_serious_first_and_what_to_arrange(catalogue: Catalogue) -> None:
    stated = {"refractory": ["lena"], "exposed": ["bort"], "prior_lines": 1, "egfr": 28}
    patient = patient_of(
        **stated, comorbidities=["parkinsonism"], cytogenetics=["TP53"], region="eu"
    )
    answer = assess(catalogue, patient)
    shown = answer._repr_html_()
    row = re.search(r"<td>cilta-cel</td>.*?</tr>", shown)
    assert row
    cells = re.findall(r"<td>(.*?)</td>", row[0])
    assert cells[4].startswith("! ")
    assert cells[4].count("! ") >= 2
    assert cells[5]
    assert "us not-approved" not in shown
    assert "egfr 28" in shown
    assert "nothing here turns on it: TP53" in shown
