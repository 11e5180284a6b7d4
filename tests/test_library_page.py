"""`docs/library.md` runs as it stands and prints what it shows. LENRX_WRITE_DOCS=1 rewrites it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "library.md"
BLOCK = re.compile(r"(```python\n(.*?)```\n)(\n```text\n.*?```\n)?", re.DOTALL)


def run(code: str, names: dict[str, Any]) -> str:
    if "import pandas" in code and find_spec("pandas") is None:
        return ""
    out = StringIO()
    with redirect_stdout(out):
        exec(compile(code, PAGE.name, "exec"), names)
    return f"\n```text\n{out.getvalue()}```\n" if out.getvalue() else ""


def test_every_example_runs_in_order_and_prints_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    text = PAGE.read_text(encoding="utf-8")
    real = BLOCK.sub(lambda found: found[1] + run(found[2], names), text)
    if os.environ.get("LENRX_WRITE_DOCS"):
        PAGE.write_text(real, encoding="utf-8")
    else:
        assert text == real


@pytest.mark.parametrize("page", [ROOT / "README.md", PAGE], ids=lambda page: page.name)
def test_the_examples_pass_strict_types(page: Path, tmp_path: Path) -> None:
    blocks = [found[2] for found in BLOCK.finditer(page.read_text(encoding="utf-8"))]
    typed = [code for code in blocks if "import pandas" not in code]
    assert typed
    script = tmp_path / "example.py"
    script.write_text("\n".join(typed), encoding="utf-8")
    run = [sys.executable, "-m", "mypy", "--strict", "--config-file=", str(script)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
