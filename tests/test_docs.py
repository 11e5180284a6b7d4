"""What the documentation shows is what the program prints. LENRX_WRITE_DOCS=1 rewrites it.

The commands of a page run in one folder, in order, beside the files of `docs/example`.
"""

from __future__ import annotations

import csv
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lenrx import __version__
from lenrx.catalogue.loading import Catalogue
from lenrx.cli import main as cli
from lenrx.intake.cells import CellError, read_cell
from lenrx.patient.patient import FIELDS

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(
    r"(<!-- ((?:run: lenrx|table:|list:) [^\n]*?) -->\n)(.*?)(<!-- end -->)", re.DOTALL
)
CELL = re.compile(r"^(\| `(\w+)` \| `([^`\n]+)` \| )([^|\n]*)( \|)$", re.MULTILINE)
WIDTH = 80
LONGEST = 25
"""Letters of a cell in the picture of a table."""
CUT = re.compile(r"(.*?) \| (?:head -(?P<first>\d+)|grep -m1 -A(?P<after>\d+) '(?P<word>[^']*)')")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def shown(asked: str) -> str:
    """What a block of a page holds: a command with its output, a table, or one cell of a table."""
    kind, _, what = asked.partition(": ")
    if kind == "run":
        return printed(what)
    if kind == "list":
        name, row, column = what.split(" ")
        cell = next(each[column] for each in rows(name) if each["id"] == row)
        return "".join(f"- {each}\n" for each in cell.split(" | "))
    name, _, columns = what.partition(" ")
    return pictured(name, columns.split("|"))


def rows(name: str) -> list[dict[str, str]]:
    """A table with its header in the first line that names more than one column."""
    if name.endswith(".xlsx"):
        calamine = pytest.importorskip("python_calamine")
        sheet = calamine.CalamineWorkbook.from_path(name).get_sheet_by_index(0)
        lines = [[_whole(cell) for cell in line] for line in sheet.to_python()]
    else:
        with Path(name).open(encoding="utf-8", newline="") as source:
            lines = [*csv.reader(source)]
    start = next(at for at, line in enumerate(lines) if sum(map(bool, line)) > 1)
    header, *found = lines[start:]
    return [dict(zip(header, line, strict=True)) for line in found if any(line)]


def _whole(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def pictured(name: str, columns: list[str]) -> str:
    """Some columns of a table as text, of errors only the rows that have one."""
    found = [[line[column] for column in columns] for line in rows(name)]
    if any(column.startswith("error") for column in columns):
        found = [line for line in found if line[-1]]
    if columns[-1] == "error":
        found = [[line[0], each] for line in found for each in line[-1].split(" | ")]
    else:
        found = [[_cut(cell) for cell in line] for line in found]
    table = [columns, *found]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ("  ".join(map(str.ljust, line, widths)).rstrip() for line in table)
    return "```text\n" + "\n".join(lines) + "\n```\n"


def _cut(cell: str) -> str:
    return cell if len(cell) <= LONGEST else f"{cell[: LONGEST - 1]}\u2026"


def read_as(field: str, cell: str, catalogue: Catalogue) -> str:
    """What is said of a cell, or why it is an error."""
    try:
        values, said = read_cell(field, cell, catalogue)
    except CellError as error:
        return f"error: {error} (`{error.word}`)" if error.word else f"error: {error}"
    told = [each.removeprefix(f"read '{cell}' as ") for each in said]
    literal = [f"{name}: {_words(value)}" for name, value in values] if not said else []
    return "; ".join(told or literal) or "not stated"


def _words(value: object) -> str:
    typed = getattr(value, "written", value)
    return (", ".join(typed) or "none") if type(typed) is tuple else str(typed)


def printed(command: str) -> str:
    cut = CUT.fullmatch(command)
    _, *args = shlex.split(cut[1] if cut else command)
    result = CliRunner().invoke(cli.app, args, env={"COLUMNS": "80"})
    assert result.exit_code == (1 if "could not be read" in result.stderr else 0), result.stderr
    shown = part(result.stdout.splitlines(), cut)
    lines = (line.rstrip() for line in [*shown, *result.stderr.splitlines()])
    return f"```console\n$ {command}\n" + "\n".join(lines) + "\n```\n"


def part(lines: list[str], cut: re.Match[str] | None) -> list[str]:
    """What `| head -N` or `| grep -m1 -AN 'word'` leaves of some lines."""
    if cut is None:
        return lines
    if cut["first"]:
        return lines[: int(cut["first"])]
    start = next(place for place, line in enumerate(lines) if cut["word"] in line)
    return lines[start : start + 1 + int(cut["after"])]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands of a page run: the files of the example are there."""
    for each in (ROOT / "docs" / "example").iterdir():
        shutil.copy(each, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_shown_output_is_real_output(page: Path, folder: Path, catalogue: Catalogue) -> None:
    text = page.read_text(encoding="utf-8")
    real = BLOCK.sub(lambda found: found[1] + shown(found[2]) + found[4], text)
    real = CELL.sub(lambda at: f"{at[1]}{read_as(at[2], at[3], catalogue)}{at[5]}", real)
    if os.environ.get("LENRX_WRITE_DOCS"):
        page.write_text(real, encoding="utf-8")
    else:
        assert text == real


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in a link."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_guide_of_chart_reviewers_fits_a_terminal() -> None:
    text = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    pictures = [each[3] for each in BLOCK.finditer(text) if each[2].startswith("table")]
    assert pictures
    assert all(len(line) <= WIDTH for each in pictures for line in each.splitlines())
    assert len(CELL.findall(text)) >= 20  # each silent kind of a cell has its examples
    assert len(text.split()) <= 2000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        if name.startswith(("http:", "https:")):
            continue
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_example_table_gives_the_results_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "docs" / "example")
    args = "batch cohort.csv --map map.yaml --as-of 2026-11-23 --format csv".split()
    real = CliRunner().invoke(cli.app, args).stdout
    shown = Path("results.csv")
    if os.environ.get("LENRX_WRITE_DOCS"):
        shown.write_text(real, encoding="utf-8")
    else:
        assert shown.read_text(encoding="utf-8") == real


def test_the_coverage_table_is_fresh() -> None:
    page = ROOT / "docs" / "coverage.md"
    table = CliRunner().invoke(cli.app, ["regimens", "--format", "markdown"]).stdout
    real = (
        "# Coverage\n\nWhat is known of each regimen, in whom, and how it was read. Generated by "
        "`lenrx regimens --format markdown`; kept fresh by a test.\n\n" + table
    )
    if os.environ.get("LENRX_WRITE_DOCS"):
        page.write_text(real, encoding="utf-8")
    else:
        assert page.read_text(encoding="utf-8") == real


def test_every_field_of_a_patient_has_its_page() -> None:
    text = (ROOT / "docs" / "patient.md").read_text(encoding="utf-8")
    for field in FIELDS:
        assert f"`{field}`" in text, field


def test_the_readme_names_every_command_and_is_read_in_three_minutes() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in cli.app.registered_commands:
        assert command.callback is not None
        assert f"lenrx {command.callback.__name__}" in text
    assert len(text.splitlines()) <= 140
    assert all(len(each[3].splitlines()) <= 33 for each in BLOCK.finditer(text))


def test_set_up_is_one_command_for_each_job() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^python3 -m venv .*$", text, re.MULTILINE)
    assert [("recommend" in each, "pytest" in each) for each in commands] == [
        (True, False),
        (False, True),
    ]


def test_a_change_of_data_has_a_new_version_and_a_line_in_the_changelog(
    catalogue: Catalogue,
) -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(
        r"^### Catalogue (\S+), digest ([0-9a-f]{12})$\n\n- ", changes, re.MULTILINE
    )
    assert headings, "each catalogue has a heading with version and digest, then what changed"
    assert headings[0] == (catalogue.version, catalogue.sha256[:12]), (
        "data/ changed: give it a new catalogue.version, and a heading with its digest "
        f"{catalogue.sha256[:12]} that says what changed for which patients"
    )
    versions = [version for version, _ in headings]
    assert versions == sorted(set(versions), reverse=True)


def test_versions_agree(catalogue: Catalogue) -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {__version__}" in changes
    assert f"### Catalogue {catalogue.version}" in changes
    for name in ("pyproject.toml", "CITATION.cff"):
        assert __version__ in (ROOT / name).read_text(encoding="utf-8")
