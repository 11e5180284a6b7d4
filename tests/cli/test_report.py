"""`lenrx report`: the page as a file of its owner, over nothing that is read."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lenrx.cli import main as cli
from lenrx.cli import pages

pytest.importorskip("jinja2")

PATIENT = ["--refractory", "lena", "--lines", "1"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def program(*arguments: str) -> Any:
    return CliRunner().invoke(cli.app, ["report", *arguments])


def test_the_page_is_a_file_that_only_its_owner_reads(folder: Path) -> None:
    result = program(*PATIENT, "-o", "page.html")
    assert (result.exit_code, result.stdout) == (0, "")
    page = folder / "page.html"
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [*folder.iterdir()] == [page]
    if os.name == "posix":
        assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_a_page_takes_the_place_of_an_older_one_that_others_could_read(folder: Path) -> None:
    page = folder / "page.html"
    page.write_text("old")
    page.chmod(0o644)
    assert program(*PATIENT, "-o", "page.html").exit_code == 0
    assert "old" not in page.read_text(encoding="utf-8")[:20]
    if os.name == "posix":
        assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_what_cannot_be_written_leaves_the_old_page_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "page.html").write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = program(*PATIENT, "-o", "page.html")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "lenrx: page.html: cannot be written (No space left on device)\n"
    assert (folder / "page.html").read_text() == "old"
    assert [each.name for each in folder.iterdir()] == ["page.html"]


def test_to_stdout_with_a_hyphen() -> None:
    result = program(*PATIENT, "-o", "-")
    assert result.stdout.startswith("<!DOCTYPE html>") and result.stdout.endswith("</html>\n")


@pytest.mark.parametrize("option", ["--patient", "--formulary"])
def test_a_file_that_is_read_is_not_written_over(folder: Path, option: str) -> None:
    (folder / "in.yaml").write_text("refractory: lena\n")
    (folder / "same.yaml").hardlink_to(folder / "in.yaml")
    for name in ("in.yaml", "same.yaml"):
        result = program(option, "in.yaml", "-o", name)
        assert result.exit_code == 2
        assert result.stderr == (
            f"lenrx: {name}: is also read or written otherwise; name another file\n"
        )
    assert (folder / "in.yaml").read_text() == "refractory: lena\n"


def test_a_link_a_folder_and_a_folder_that_is_not_there_are_refused(folder: Path) -> None:
    (folder / "link.html").symlink_to("elsewhere.html")
    (folder / "sub").mkdir()
    for name, words in (
        ("link.html", "is a link"),
        ("sub", "is a folder"),
        ("no/page.html", "there is no folder no"),
    ):
        result = program(*PATIENT, "-o", name)
        assert result.exit_code == 2 and words in result.stderr
    assert sorted(each.name for each in folder.iterdir()) == ["link.html", "sub"]


@pytest.mark.parametrize("name", ["page.json", "page.md", "page.pdf", "page.XLSX"])
def test_a_name_that_asks_for_another_form_is_refused(folder: Path, name: str) -> None:
    result = program(*PATIENT, "-o", name)
    form = {"md": "markdown"}.get(name[5:], name[5:].lower())
    assert result.stderr == f"lenrx: {name}: a page is HTML, not {form}; end its name in .html\n"
    assert result.exit_code == 2
    assert not [*folder.iterdir()]


def test_without_an_output_or_with_a_patient_that_cannot_be_read_it_says_so() -> None:
    result = program(*PATIENT)
    assert result.exit_code == 2
    assert result.stderr == (
        "lenrx: name a file for the page: --output report.html, or - for stdout\n"
    )
    result = program("--egfr", "many", "-o", "page.html")
    assert result.exit_code == 2 and result.stderr.count("\n") == 1
    assert not Path("page.html").exists()


def test_without_jinja_it_says_in_one_line_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "find_spec", lambda _: None)
    result = program(*PATIENT, "-o", "page.html")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "lenrx: a page needs Jinja2: pip install jinja2\n"


def test_notes_of_a_formulary_stay_text(folder: Path) -> None:
    note = "<script>alert('x')</script> & <b>"
    (folder / "local.yaml").write_text(
        f'formulary: "Ward <i>"\ndrugs:\n  carfilzomib: {{stock: note, note: "{note}"}}\n'
    )
    result = program(*PATIENT, "--formulary", "local.yaml", "-o", "page.html")
    assert result.exit_code == 0, result.stderr
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "<script" not in page and "<i>" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &lt;b&gt;" in page


def test_neither_rich_nor_a_network_module_is_imported(folder: Path) -> None:
    code = (
        "import sys; from lenrx.cli.main import main\n"
        "try: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    words = [sys.executable, "-c", code, "report", *PATIENT, "-o", str(folder / "page.html")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    names = {each.partition(".")[0] for each in done.stderr.split()}
    assert "jinja2" in names
    assert not names & {"rich", "http", "ssl", "requests"}


def test_recommend_does_not_import_jinja() -> None:
    code = (
        "import sys; from lenrx.cli.main import main\n"
        "try: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    words = [sys.executable, "-c", code, "recommend", *PATIENT, "--format", "json"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert not {"jinja2", "markupsafe", "lenrx.report.html"} & {*done.stderr.split()}
