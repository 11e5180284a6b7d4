"""The list for review: drugs of a class that warn of a state unlike, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.cli.main import program
from lenrx.curation.review import uneven_warnings


def rule(when: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"effect": "cautions", "when": when, **more}


HEPATITIS = {"comorbidity": ["hepatitis_b_carrier"]}
LOW = {"platelets": {"below": 50}}


def listed(
    one: list[dict[str, Any]],
    other: list[dict[str, Any]],
    shared: list[dict[str, Any]] | None = None,
) -> list[str]:
    """What the list says of two drugs of one class with these rules."""
    data = {
        "classes": {"PI": {"rules": shared or []}},
        "drugs": {
            "a": {"class": "PI", "rules": one},
            "b": {"class": "PI", "rules": other},
            "c": {"class": "steroid", "rules": [rule(HEPATITIS)]},
        },
        "regimens": {
            "A": {"drugs": [{"drug": "a"}, {"drug": "c"}]},
            "B": {"drugs": [{"drug": "b"}]},
        },
    }
    return [what for _, what in uneven_warnings(data)]


EVEN = [
    ([rule(HEPATITIS)], [rule(HEPATITIS)], []),
    ([rule(LOW)], [rule({"platelets": {"below": 30}})], []),
    ([], [], [rule(HEPATITIS)]),
    ([rule(HEPATITIS)], [], [rule(HEPATITIS)]),
    ([rule(HEPATITIS, effect="notes")], [], []),
    ([rule(HEPATITIS, effect="adjusts")], [], []),
    ([rule(HEPATITIS)], [rule(HEPATITIS, effect="excludes")], []),
    ([rule(HEPATITIS)], [rule(HEPATITIS, region="us"), rule(HEPATITIS, region="eu")], []),
]
UNEVEN = [
    ([rule(HEPATITIS)], [], "comorbidity hepatitis_b_carrier: a caution: a; no warning: b"),
    ([rule(LOW)], [], "platelets: a caution: a; no warning: b"),
    ([rule({"always": True})], [], "every patient: a caution: a; no warning: b"),
    (
        [rule(HEPATITIS, serious=True)],
        [rule(HEPATITIS)],
        "comorbidity hepatitis_b_carrier: a serious caution: a; a caution: b",
    ),
    (
        [rule(HEPATITIS)],
        [rule(HEPATITIS, region="us")],
        "comorbidity hepatitis_b_carrier (eu): a caution: a; no warning: b",
    ),
    (
        [rule(HEPATITIS)],
        [rule(HEPATITIS, effect="adjusts")],
        "comorbidity hepatitis_b_carrier: a caution: a; a dose: b",
    ),
]


@pytest.mark.parametrize(("one", "other", "shared"), EVEN)
def test_drugs_that_warn_alike_are_not_listed(one: Any, other: Any, shared: Any) -> None:
    assert listed(one, other, shared) == []


@pytest.mark.parametrize(("one", "other", "said"), UNEVEN)
def test_a_warning_of_one_drug_alone_is_listed(one: Any, other: Any, said: str) -> None:
    assert listed(one, other) == [said]


def test_a_drug_of_no_regimen_is_compared_with_nobody() -> None:
    drugs = {"a": {"class": "PI", "rules": [rule(HEPATITIS)]}, "b": {"class": "PI"}}
    data = {"classes": {}, "drugs": drugs, "regimens": {"A": {"drugs": [{"drug": "a"}]}}}
    assert list(uneven_warnings(data)) == []


def test_the_list_is_no_failure(tmp_path: Path) -> None:
    run = CliRunner()
    plain = run.invoke(program(["check"]), ["check"])
    asked = run.invoke(program(["check"]), ["check", "--review"])
    assert (plain.exit_code, plain.stdout, asked.exit_code) == (0, "", 0)
    assert "classes.anti-CD38: " in asked.stdout
    lines = asked.stdout.splitlines()
    assert asked.stderr == f"{plain.stderr.rstrip()}; {len(lines)} to review\n"
    formulary = tmp_path / "house.yaml"
    formulary.write_text("formulary: {}\n", encoding="utf-8")
    refused = run.invoke(program(["check"]), ["check", "--review", str(formulary)])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.endswith("is no catalogue; only a catalogue has a list for review\n")
