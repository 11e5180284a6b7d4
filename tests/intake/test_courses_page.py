"""The tables of docs/courses.md give what it shows. LENRX_WRITE_DOCS=1 rewrites the page."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lenrx.cli import main as cli

PAGE = Path(__file__).parents[2] / "docs" / "courses.md"
FILE = re.compile(r"<!-- file: (\S+) -->\n```text\n(.*?)```", re.DOTALL)
SHOWN = re.compile(
    r"(<!-- shows -->\n```console\n)(\$ (lenrx batch [^\\|]*) \\\n  \| jq [^\n]*\n)(.*?)```",
    re.DOTALL,
)
RUN = re.compile(
    r"<!-- runs: (lenrx [^\n]*) -->\n(```python\n(.*?)```\n)\n```text\n.*?```\n", re.DOTALL
)
KEPT = re.compile(r"^(line|one|refr|note)")


def printed(command: str) -> Iterator[str]:
    """What the command and the filter behind it print, stderr last."""
    result = CliRunner().invoke(cli.app, shlex.split(command)[1:])
    assert result.exit_code == 0, result.stderr
    for line in result.stdout.splitlines():
        row = json.loads(line)
        for each in row["derived"].get("record", ()):
            if KEPT.search(each["what"]):
                yield f"{row['id']} {each['course']} {each['what']}: {each['rule']}"
    yield from result.stderr.splitlines()


def executed(found: re.Match[str]) -> str:
    """The example with what it prints after its command."""
    result = CliRunner().invoke(cli.app, shlex.split(found[1])[1:])
    assert result.exit_code == 0, result.stderr
    out = StringIO()
    with redirect_stdout(out):
        exec(compile(found[3], PAGE.name, "exec"), {})
    return f"<!-- runs: {found[1]} -->\n{found[2]}\n```text\n{out.getvalue()}```\n"


def laid_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The text of the page, its files written into a folder that is the current one."""
    text = PAGE.read_text(encoding="utf-8")
    for name, table in FILE.findall(text):
        (folder / name).write_text(table, encoding="utf-8")
    monkeypatch.chdir(folder)
    return text


@pytest.mark.skipif(find_spec("pandas") is None, reason="pandas is not needed by lenrx")
def test_the_example_in_pandas_prints_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = laid_out(tmp_path, monkeypatch)
    real, count = RUN.subn(executed, text)
    assert count == 1
    if os.environ.get("LENRX_WRITE_DOCS"):
        PAGE.write_text(real, encoding="utf-8")
    else:
        assert text == real


def test_the_tables_give_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = laid_out(tmp_path, monkeypatch)
    real = SHOWN.sub(
        lambda found: found[1] + found[2] + "\n".join(printed(found[3])) + "\n```", text
    )
    if os.environ.get("LENRX_WRITE_DOCS"):
        PAGE.write_text(real, encoding="utf-8")
    else:
        assert text == real
    assert len(SHOWN.findall(text)) == 5
