"""The Python of `docs/results.md` runs as it stands and prints what it shows.

It needs the extra `lenrx[arrow]` and pandas: without them it is skipped, or fails where LENRX_CI
is set. LENRX_WRITE_DOCS=1 rewrites what is shown.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.batch.members import MEMBERS
from lenrx.batch.results import SCHEMA
from lenrx.cli import main as cli
from lenrx.intake.rows import Code

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "results.md"
COMMAND = re.compile(r"^(?:<!-- run: )?lenrx (batch [^\n]* -o [^\n]*?)(?: -->)?$", re.MULTILINE)
BLOCK = re.compile(r"(```python\n(.*?)```\n)(\n```text\n.*?```\n)?", re.DOTALL)


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands of the page that write files have run."""
    if lacking := [name for name in ("pandas", "pyarrow") if not find_spec(name)]:
        why = f"{', '.join(lacking)} is missing: pip install -e '.[dev,arrow]' pandas"
        (pytest.fail if os.environ.get("LENRX_CI") else pytest.skip)(why)
    for name in ("cohort.csv", "map.yaml"):
        shutil.copy(ROOT / "docs" / "example" / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    for command in COMMAND.findall(text()):
        CliRunner().invoke(cli.app, shlex.split(command))
    return tmp_path


def run(code: str, names: dict[str, Any]) -> str:
    out = StringIO()
    with redirect_stdout(out):
        exec(compile(code, PAGE.name, "exec"), names)
    return f"\n```text\n{out.getvalue()}```\n"


def test_every_example_runs_in_order_and_prints_what_is_shown(folder: Path) -> None:
    names: dict[str, Any] = {}
    shown = text()
    real = BLOCK.sub(lambda found: found[1] + run(found[2], names), shown)
    if os.environ.get("LENRX_WRITE_DOCS"):
        PAGE.write_text(real, encoding="utf-8")
    else:
        assert real == shown


def test_the_page_names_every_member_code_and_column() -> None:
    page, codes = text(), Code.__args__  # type: ignore[attr-defined]
    assert f"`{SCHEMA}`" in page
    for name in (*MEMBERS, *codes):
        assert re.search(rf"^\| .*`{name}`", page, re.MULTILINE), name
    if find_spec("pyarrow"):
        from lenrx.batch.arrow import SCHEMA as COLUMNS

        table = page.partition("| column | type |")[2]
        assert all(f"`{name}`" in table for name in COLUMNS.names)
