"""Marks beside names: boxes before or behind each, words before or behind one."""

from __future__ import annotations

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.intake.cells import CellError
from lenrx.intake.cells.marks import Mark, apart, leading, trailing
from lenrx.intake.cells.spellings.drugs import drug_name
from lenrx.rules.filters import Finding


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("☑ Velcade ☐ Revlimid", "Velcade : yes; Revlimid : no"),
        ("☐ Velcade ☑ Revlimid", "Velcade : no; Revlimid : yes"),
        ("☑ Velcade; ☐ Revlimid; ☑ Kyprolis", "Velcade : yes; Revlimid : no; Kyprolis : yes"),
        ("Velcade ☑ Revlimid ☐", "Velcade : yes; Revlimid : no"),
        ("Velcade ☑; ☐ Revlimid", "Velcade : yes; Revlimid : no"),
        ("Velcade ☐ Revlimid ☑ Kyprolis ☐", "Velcade : no; Revlimid : yes; Kyprolis : no"),
    ],
)
def test_each_box_belongs_to_the_name_beside_it(text: str, items: str) -> None:
    assert apart(text) == items


@pytest.mark.parametrize("text", ["☑ Velcade ☐ Revlimid ☑", "Velcade ☑ Revlimid ☐ Kyprolis"])
def test_boxes_between_names_are_of_neither(text: str) -> None:
    with pytest.raises(CellError, match="holds boxes between names"):
        apart(text)


@pytest.mark.parametrize(
    ("text", "mark", "rest"),
    [
        ("no Velcade", "no", "Velcade"),
        ("not refractory Velcade", "unresisted", "Velcade"),
        ("refractory to Velcade", "resisted", "Velcade"),
        ("Velcade no", None, "Velcade no"),
        ("no", None, "no"),
    ],
)
def test_the_longest_mark_before_a_name(text: str, mark: Mark | None, rest: str) -> None:
    assert leading(text.split()) == (mark, rest.split())


@pytest.mark.parametrize(
    ("text", "mark", "rest"),
    [
        ("Velcade no", "no", "Velcade"),
        ("Velcade not refractory", "unresisted", "Velcade"),
        ("Velcade refractory", "resisted", "Velcade"),
        ("no Velcade", None, "no Velcade"),
        ("no", None, "no"),
    ],
)
def test_the_longest_mark_behind_a_name(text: str, mark: Mark | None, rest: str) -> None:
    assert trailing(text.split()) == (mark, rest.split())


@pytest.mark.parametrize(
    ("text", "drugs"),
    [("ixazo", ("ixazomib",)), ("ixaz", None), ("carfi", ("carfilzomib",)), ("ca", None)],
)
def test_the_beginning_of_a_name_is_enough_from_five_letters(
    catalogue: Catalogue, text: str, drugs: tuple[str, ...] | None
) -> None:
    found = drug_name(text, catalogue)
    assert (found.items if found else None) == drugs


@pytest.mark.parametrize(
    ("criterion", "filter_", "effect", "status", "said"),
    [
        ("x", "resistance", "excludes", "unknown", "cannot say whether it failed"),
        ("x", "resistance", "excludes", "met", "it failed"),
        ("x", "resistance", "cautions", "unknown", "it failed"),
        ("x", "organs", "excludes", "unknown", "it failed"),
        ("label", "availability", "requires", "unknown", "cannot say whether it failed"),
        ("label", "availability", "requires", "not met", "not it failed"),
        ("label", "availability", "requires", "met", "it failed"),
        ("x", "biology", "requires", "not met", "it failed"),
    ],
)
def test_what_is_not_known_of_resistance_and_label_is_said(
    criterion: str, filter_: str, effect: str, status: str, said: str
) -> None:
    finding = Finding(filter_, criterion, effect, status, "it failed")  # type: ignore[arg-type]
    assert finding.worded == said
