"""The short way to read a list of drugs says what the reader of cells says, or nothing."""

from __future__ import annotations

import runpy
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lenrx.catalogue.loading import Catalogue, load
from lenrx.catalogue.names import known
from lenrx.catalogue.vocabulary import CLASS_ALIASES, CLASS_GROUPS, DRUG_CLASSES
from lenrx.intake.cells import CellError, CellReading, lists, read_cell
from lenrx.intake.cells.lists import DrugLists

CATALOGUE: Final = load()
DRUGS: Final = CATALOGUE.drugs.values()
NAMES: Final = (
    *(name for each in DRUGS for name in (each.id, each.name, *each.brands, *each.abbreviations)),
    *(code for each in DRUGS for code in each.codes),
    *(name for each in CATALOGUE.regimens.values() for name in (each.id, *each.aliases)),
    *(name for each in CATALOGUE.combinations.values() for name in (each.id, *each.aliases)),
    *(*DRUG_CLASSES, *CLASS_GROUPS, *CLASS_ALIASES),
)
SHORT: Final = [name for each in DRUGS for name in each.abbreviations]
SLASHED: Final = [
    f"{one}/{other}" for one in SHORT for other in SHORT if known(one + other, CATALOGUE)
]
"""Two drugs by their letters, and one regimen by its name."""
PARTS: Final = ("dara/len", "len/dex", "R-d", "bort+dex", "VRd+ASCT", "ASCT", "alloSCT", "none")
DOSES: Final = ("56 mg/m2", "10 mg", "1,3 mg/m2", "d1-21", "d1,8,15", "x6", "3 cycles", "weekly")
MARKS: Final = ("?", "(?)", "yes", "no", "- no", "(refractory)", "not refractory", "PD", "+/-")
JUNK: Final = ("", "study drug", "lenalidomid", "unk", "n/a", "2019", "1L", "(", ")", "-", "é")
SEPARATORS: Final = (
    *("; ", ";", ", ", ",", " | ", " / ", "/", " + ", "+", " -> ", "->", " & ", " "),
    *(" => ", " → ", " and ", " plus ", " then "),
)

names = st.sampled_from(NAMES) | st.sampled_from(SLASHED) | st.sampled_from(PARTS)
items = st.one_of(
    names,
    names,
    names.map(str.upper),
    names.map(lambda name: name.replace("-", "\u2011")),
    st.builds("{} {}".format, names, st.sampled_from((*DOSES, *MARKS))),
    st.builds("{} ({})".format, names, st.sampled_from((*DOSES, *NAMES[:40]))),
    st.sampled_from(JUNK),
)
spaces = st.sampled_from((" ", " ", "\u00a0", "  "))


@st.composite
def cells(draw: st.DrawFn) -> str:
    """A list of items between whatever separators, its blanks of any kind."""
    text: str = draw(items)
    for _ in range(draw(st.integers(1, 4))):
        text += draw(st.sampled_from(SEPARATORS)) + draw(items)
    blank: str = draw(spaces)
    return text.replace(" ", blank)


def read(field: str, text: str) -> CellReading | None:
    try:
        return read_cell(field, text, CATALOGUE)
    except CellError:
        return None


QUICK: Final = DrugLists(CATALOGUE, read_cell)
FIELDS: Final = ("refractory", "exposed", "intolerant")


@settings(
    max_examples=1_000,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.sampled_from(FIELDS), cells())
@example("refractory", "dara/len")
@example("exposed", "lena; bort not refractory")
@example("exposed", "dara/len/dex; bort")
@example("refractory", "carf 56 mg/m2 / dex")
@example("refractory", "lena, (bort; dex)")
@example("refractory", "lena; bort\u00a0?")
@example("intolerant", "lena,,bort")
@example("refractory", ";")
@example("refractory", "lena; dara/tec & dara/len")
@example("refractory", "tec & dara; lena/bort")
@example("refractory", "lena; len/dex (56 mg/m2)")
@example("refractory", "lena / melflufen plus dexamethasone")
def test_what_the_short_way_reads_is_what_the_cell_says(field: str, text: str) -> None:
    quick = QUICK.read(field, text)
    if quick is not None:
        assert quick == read(field, text)


def short(cell_texts: Iterable[str], field: str = "refractory") -> list[str]:
    return [text for text in cell_texts if QUICK.read(field, text) is not None]


PLAIN: Final = (
    "lena; bort",
    "Revlimid, Velcade | dara",
    "len/dex/bort",
    "carf + dex -> pom",
    "VRd; Kd",
    "bortezomib 1.3 mg/m2; lenalidomide 25 mg",
    "lena\u00a0; bort",
    "PI; IMiD",
)
NOT_PLAIN: Final = (
    "lena",
    "lena; bort ?",
    "lena; bort no",
    "VRd + ASCT",
    "lena; study drug",
    "lena +/- bort",
    "lena; none",
    ";",
    "lena; unk",
    "lena;bort;",
    "tec & dara; lena",
    "tec → dara; lena",
)


def test_lists_of_plain_names_go_the_short_way() -> None:
    assert short(PLAIN) == [*PLAIN]
    assert short(NOT_PLAIN) == []


def test_a_regimen_that_looks_like_two_drugs_is_left_to_the_reader() -> None:
    assert "dara/len" in [name.lower() for name in SLASHED]
    for name in SLASHED:
        assert short([name, f"bort; {name}"]) == [], name
        assert read("refractory", name) is not None


def test_messy_columns_are_read_alike_and_most_of_them_the_short_way() -> None:
    made = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "cohort.py"))["cohort"]
    texts = {(f, row[f]) for row in made(400, seed=9) for f in FIELDS if row[f]}
    quick = {each: QUICK.read(*each) for each in sorted(texts)}
    taken = {each: found for each, found in quick.items() if found is not None}
    assert taken == {each: read(*each) for each in taken}
    assert len(taken) > len(quick) / 2


def test_names_are_read_once_and_forgotten_when_there_are_too_many(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    def noted(field: str, text: str, among: Catalogue) -> CellReading:
        asked.append(text)
        return read_cell(field, text, among)

    quick = DrugLists(catalogue, noted)
    for text in ("lena; bort", "bort, lena", "bort/lena", "bort; dara"):
        assert quick.read("refractory", text) == read("refractory", text)
    assert asked == ["lena", "bort", "dara"]
    monkeypatch.setattr(lists, "KEPT", 2)
    for text in ("lena; bort; dara; pom", "lena; pom"):
        assert quick.read("refractory", text) == read("refractory", text)
    assert len(asked) > 4


def test_one_name_means_by_field_what_it_means_there() -> None:
    text = "lena; bort (refractory)"
    found = {field: QUICK.read(field, text) for field in FIELDS}
    assert found["intolerant"] is None
    assert found == {field: found[field] and read(field, text) for field in FIELDS}
