"""A file held against what it is: a catalogue with those beside it, or a user's own input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from lenrx.catalogue.loading import Catalogue, build, checkout, load
from lenrx.catalogue.records import FILES, CatalogueError
from lenrx.catalogue.strict_yaml import LineNumbers, parse, validate
from lenrx.curation.check_inputs import (
    check_cohort,
    check_formulary,
    check_map,
    check_patient,
    kind_of,
)
from lenrx.curation.checks import CHECKS, findings
from lenrx.curation.places import evidence_rows
from lenrx.curation.review import uneven_warnings


def check_file(
    file: Path | None, folder: Path | None = None, maps: Sequence[str] = (), courses: bool = False
) -> tuple[list[str], str]:
    """The problems of a file as what it is, and a summary line; the catalogue where none is given.

    A user's own file is read with the catalogue in `folder`, else with the shipped one. Raises
    CatalogueError where the file cannot be read, or is nothing that lenrx reads.
    """
    if file is not None and not file.exists():
        raise CatalogueError(f"{file}: no such file")
    kind = "catalogue" if file is None else "cohort" if courses else kind_of(file)
    if file is None or kind == "catalogue":
        return check_catalogue(file or folder)
    catalogue = load(folder)
    if kind == "cohort":
        found, what = check_cohort(file, catalogue, maps, courses=courses)
    else:
        found, what = _INPUTS[kind](file, catalogue)
    return found, f"{len(found)} problem{'' if len(found) == 1 else 's'}; {what}"


_INPUTS: Final[dict[str, Callable[[Path, Catalogue], tuple[list[str], str]]]] = {
    "formulary": check_formulary,
    "column map": check_map,
    "patient": check_patient,
}


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


def review_catalogue(file: Path | None = None) -> list[str]:
    """What of a catalogue should be looked at, though nothing of it is known to be wrong.

    Raises CatalogueError where the file is none of a catalogue, or is not well-formed.
    """
    if file is not None and (not file.exists() or kind_of(file) != "catalogue"):
        raise CatalogueError(f"{file}: is no catalogue; only a catalogue has a list for review")
    data, lines = _parsed(_files(file))
    if list(validate(data, lines)):
        return []
    return [
        f"{lines.find(path)}: {'.'.join(map(str, path))}: {what}"
        for path, what in uneven_warnings(data)
    ]


def _files(file: Path | None) -> list[Path]:
    """The files to check: those beside a given file first, else the shipped ones."""
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
    for name in FILES:
        if isinstance(data, dict) and name.removesuffix(".yaml") in data:
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
