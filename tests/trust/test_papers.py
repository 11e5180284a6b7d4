"""What a release holds: the files of wheel and sdist, and the bill of materials."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

pytest.importorskip("hatchling")
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT: Final = Path(__file__).parents[2]
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SBOM: Final = runpy.run_path(str(ROOT / ".ci" / "sbom.py"))


def held(builder: Any) -> dict[str, str]:
    """The files of a distribution and where each is taken from."""
    made = builder(str(ROOT))
    forced = made.recurse_forced_files(made.config.get_force_include())
    return {
        each.distribution_path: str(Path(each.path).relative_to(ROOT))
        for each in (*made.recurse_included_files(), *forced)
    }


def test_the_wheel_holds_the_package_its_templates_and_the_catalogue() -> None:
    found = held(WheelBuilder)
    kinds = (
        r"lenrx/([\w/]+\.py|py\.typed|report/html/templates/\w+\.(html|css)|data/\w+\.yaml"
        r"|data/validation/\w+\.(json|csv))"
    )
    assert [name for name in found if not re.fullmatch(kinds, name)] == []
    named = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    data = {name for name in found if name.startswith("lenrx/data/")}
    assert {name for name in data if name.endswith(".yaml")} == {
        name for name in named.values() if name.endswith(".yaml")
    }
    modules = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src").rglob("*.py")}
    assert modules <= set(found)


def test_the_sdist_holds_only_what_is_named() -> None:
    named = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert {name.partition("/")[0] for name in held(SdistBuilder)} == set(named)
    assert {"SECURITY.md", "SKILL.md", "llms.txt"} <= set(named)


@pytest.mark.skipif("LENRX_CI" not in os.environ, reason="while one works, new files lie about")
@pytest.mark.parametrize("builder", [WheelBuilder, SdistBuilder])
def test_nothing_is_shipped_that_is_not_under_version_control(builder: Any) -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("no checkout")
    assert set(held(builder).values()) <= set(listed.stdout.splitlines())


def test_the_bill_of_materials_names_everything_that_is_needed() -> None:
    found = json.loads(json.dumps(SBOM["bill"]("typer")))
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert found["metadata"]["component"]["name"] == "typer"
    names = {each["name"] for each in found["components"]}
    assert "rich" in names
    assert "pygments" in names
    assert "typer" not in names
    refs = {each["bom-ref"] for each in found["components"]}
    refs.add(found["metadata"]["component"]["bom-ref"])
    assert {each["ref"] for each in found["dependencies"]} == refs
    assert {ref for each in found["dependencies"] for ref in each["dependsOn"]} <= refs
    assert all(re.fullmatch(r"pkg:pypi/[a-z0-9-]+@[\w.+]+", ref) for ref in refs)


def test_what_needs_an_extra_is_no_part_of_the_bill() -> None:
    assert "pytest-xdist" not in SBOM["reached"]("rich")
    assert SBOM["key"]("Markdown_It.py") == "markdown-it-py"
