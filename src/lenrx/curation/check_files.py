"""All checks on the files of a catalogue: those given, those beside them, else the shipped ones."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lenrx.catalogue.loading import build, checkout
from lenrx.catalogue.records import FILES, CatalogueError
from lenrx.catalogue.strict_yaml import LineNumbers, parse, validate
from lenrx.curation.checks import CHECKS, findings
from lenrx.curation.places import evidence_rows


def check_catalogue(file: Path | None = None) -> tuple[list[str], str]:
    """The findings on a catalogue file or folder (the shipped one if none), and a summary line."""
    data, lines = _parsed(_files(file))
    found = list(validate(data, lines))
    if not found:
        found = findings(data, lines)
        build(data, "")
    rows = sum(1 for _ in evidence_rows(data)) if not found else 0
    problems = f"{len(found)} problem{'' if len(found) == 1 else 's'}"
    counts = f"{len(data.get('regimens', {}))} regimens, {rows} evidence rows"
    return found, f"{problems}; {len(CHECKS)} checks on {counts}"


def _files(file: Path | None) -> list[Path]:
    """The three files to check: those beside a given file first, else the shipped ones."""
    home = _shipped()
    if file is None:
        return [home / name for name in FILES]
    if file.is_dir():
        return [file / name for name in FILES]
    if not file.is_file():
        raise CatalogueError(f"{file}: no such file")
    replaced = _stands_for(file)
    beside = (file.parent / name for name in FILES)
    return [
        file if path.name == replaced else path if path.is_file() else home / path.name
        for path in beside
    ]


def _stands_for(file: Path) -> str:
    data = parse(file.read_text(encoding="utf-8"), file.name)
    for section, name in (("regimens", "regimens.yaml"), ("drugs", "drugs.yaml")):
        if isinstance(data, dict) and section in data:
            return name
    return "sources.yaml"


def _shipped() -> Path:
    inside = Path(__file__).parents[1] / "data"
    return inside if (inside / FILES[0]).is_file() else checkout()


def _parsed(files: Iterable[Path]) -> tuple[dict[str, Any], LineNumbers]:
    lines, data = LineNumbers(), dict[str, Any]()
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CatalogueError(f"{path}: cannot be read ({type(error).__name__})") from None
        part = parse(text, str(path), lines)
        if not isinstance(part, dict):
            raise CatalogueError(f"{path}:1: must be a mapping of sections")
        data.update(part)
    return data, lines
