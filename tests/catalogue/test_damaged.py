"""A catalogue that is damaged is refused in one sentence with its line, whatever the damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lenrx.catalogue.loading import load
from lenrx.catalogue.records import CatalogueError

SMALL = Path(__file__).parents[1] / "trust" / "corpus" / "catalogue"


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("regimens.yaml", "  Vd:\n    name: Vd", "  Vd: Vd", ": Vd: Input should be"),
        (
            "drugs.yaml",
            "  PI:\n    name: PI\n    crosses: drug",
            "  PI: PI",
            ": PI: Input should be",
        ),
        ("drugs.yaml", "    class: PI", "    class: none", "no class none"),
        ("regimens.yaml", "endpoint: median_pfs", "endpoint: mean_pfs", "no endpoint mean_pfs_mon"),
        ("regimens.yaml", "hr: '0.80'", "hr: '0.8 (ns)'", "hr: must be a number in quotes"),
        ("regimens.yaml", "- '0.60'", "- NE", "ci95: must be a number in quotes"),
        ("regimens.yaml", "hr: '0.80'", "also: [gone]", "no population gone"),
    ],
)
def test_what_could_not_be_answered_with_is_refused(
    tmp_path: Path, name: str, before: str, after: str, said: str
) -> None:
    folder = Path(shutil.copytree(SMALL, tmp_path / "small"))
    assert load(folder).regimens
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load(folder)
    assert str(caught.value).startswith(f"small/{name}:")
    assert said in str(caught.value)
