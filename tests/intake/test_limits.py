"""Where a cell ends to be read: each limit at its last letter and one further."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import UnknownName, regimen
from lenrx.intake.cells import CellError, read_cell
from lenrx.intake.cells.illnesses import conditions
from lenrx.intake.cells.markers import markers
from lenrx.intake.cells.missing import missing, unknown
from lenrx.intake.cells.named import together
from lenrx.intake.cells.numbers import number
from lenrx.intake.cells.spellings.results import clauses


@pytest.mark.parametrize(
    ("read", "longest", "words"),
    [
        (lambda text, c: read_cell("ecog", text, c), 200, "is too long for one value"),
        (lambda text, c: markers("cytogenetics", text, c), 400, "too long to be a marker"),
        (lambda text, c: together("exposed", text, c), 300, "too long to be a drug"),
        (lambda text, c: conditions("comorbidities", text, c), 80, "too long to be an illness"),
        (lambda text, c: number("egfr", text, c), 100, "is too long to be a number"),
    ],
)
def test_a_cell_is_prose_from_one_letter_further_on(
    catalogue: Catalogue, read: Callable[[str, Catalogue], object], longest: int, words: str
) -> None:
    def refusal(length: int) -> str:
        try:
            read("q" * length, catalogue)
        except CellError as error:
            return str(error)
        return ""

    assert words not in refusal(longest)
    assert words in refusal(longest + 1)


def test_a_word_for_nothing_has_forty_letters_with_its_signs() -> None:
    assert missing("egfr", "unknown".rjust(40, "(")) and unknown("unknown".rjust(40, "("))
    assert not missing("egfr", "unknown".rjust(41, "("))
    assert not unknown("unknown".rjust(41, "("))


@pytest.mark.parametrize(
    ("share", "doubted"), [("19%", True), ("20%", False), ("del(17p) in 19 % of cells", True)]
)
def test_a_share_below_twenty_percent_is_said(
    catalogue: Catalogue, share: str, doubted: bool
) -> None:
    text = share if "del" in share else f"del17p {share}"
    found = read_cell("cytogenetics", text, catalogue)
    assert ("no cut-off stated" in found.said[0]) is doubted


@pytest.mark.parametrize("text", ["12/13/2025", "13/12/2025"])
def test_a_day_is_told_from_a_month_beyond_twelve(catalogue: Catalogue, text: str) -> None:
    assert read_cell("as_of", text, catalogue).values == (("as_of", "2025-12-13"),)


@pytest.mark.parametrize("text", ["12/11/2025", "12/12/2025", "13/13/2025"])
def test_a_day_is_not_guessed(catalogue: Catalogue, text: str) -> None:
    with pytest.raises(CellError):
        read_cell("as_of", text, catalogue)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("refractory Velcade refractory", ("bortezomib",)),
        ("refractory Velcade yes", ("bortezomib",)),
        ("no Velcade no", ()),
    ],
)
def test_a_mark_on_either_side_that_says_the_same(
    catalogue: Catalogue, text: str, values: tuple[str, ...]
) -> None:
    assert read_cell("refractory", text, catalogue).values == (("refractory", values),)


@pytest.mark.parametrize(
    "text", ["no Velcade yes", "yes Velcade no", "not refractory Velcade refractory"]
)
def test_a_mark_on_either_side_that_says_the_opposite(catalogue: Catalogue, text: str) -> None:
    with pytest.raises(CellError, match="marked in two ways"):
        read_cell("refractory", text, catalogue)


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("PI (Velcade)", ("bortezomib",)),
        ("anti-SLAMF7 (Empliciti)", ("elotuzumab",)),
        ("Velcade (PI)", ("PI", "bortezomib")),
        ("PI (Revlimid)", ("PI", "lenalidomide")),
        ("VRd (Velcade)", ("bortezomib", "dexamethasone", "lenalidomide")),
        ("PI and Revlimid (Velcade)", ("PI", "bortezomib", "lenalidomide")),
    ],
)
def test_a_drug_in_parentheses_stands_for_the_class_before_it_alone(
    catalogue: Catalogue, text: str, drugs: tuple[str, ...]
) -> None:
    assert read_cell("exposed", text, catalogue).values[0] == ("exposed", drugs)


@pytest.mark.parametrize("text", ["VRd (Velcade)", "Velcade (VRd)"])
def test_what_failed_of_a_regimen_and_some_of_its_drugs_is_asked(
    catalogue: Catalogue, text: str
) -> None:
    with pytest.raises(CellError, match="for all of them or for those in parentheses"):
        read_cell("refractory", text, catalogue)


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("PI (Velcade)", ("bortezomib",)),
        ("VRd (VRd)", ("bortezomib", "dexamethasone", "lenalidomide")),
    ],
)
def test_what_failed_of_a_class_or_twice_of_a_regimen_needs_no_question(
    catalogue: Catalogue, text: str, drugs: tuple[str, ...]
) -> None:
    assert read_cell("refractory", text, catalogue).values[0] == ("refractory", drugs)


@pytest.mark.parametrize(
    ("text", "said"),
    [("Dara-Pdx", "; nearest: "), ("qqqqqqqqqqqq", "; `lenrx regimens` lists them")],
)
def test_an_unknown_regimen_has_the_nearest_or_where_they_are_listed(
    catalogue: Catalogue, text: str, said: str
) -> None:
    with pytest.raises(UnknownName, match=f"not a regimen of the catalogue{said}") as found:
        regimen(text, catalogue)
    assert str(found.value).count(";") == 1


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("no 1q gain or del17p", ("1q gain", "del17p")),
        ("del17p negative or t(4;14) negative", ("del17p", "t(4;14)")),
    ],
)
def test_or_between_what_is_absent_leaves_nothing_open(
    catalogue: Catalogue, text: str, absent: tuple[str, ...]
) -> None:
    assert read_cell("cytogenetics", text, catalogue).values == (("cytogenetics_absent", absent),)


@pytest.mark.parametrize("text", ["1q gain or del17p", "del17p positive or t(4;14)"])
def test_or_between_what_was_found_is_asked(catalogue: Catalogue, text: str) -> None:
    with pytest.raises(CellError, match="says or"):
        read_cell("cytogenetics", text, catalogue)


@pytest.mark.parametrize(
    ("text", "drug"), [("Kyprolsi", "carfilzomib"), ("Revlimd", "lenalidomide")]
)
def test_one_slip_in_a_name_of_eight_letters_is_read(
    catalogue: Catalogue, text: str, drug: str
) -> None:
    assert read_cell("exposed", text, catalogue).values == (("exposed", (drug,)),)


def test_one_slip_in_a_name_of_seven_letters_is_asked(catalogue: Catalogue) -> None:
    with pytest.raises(CellError, match="nearest: Velcade"):
        read_cell("exposed", "Velcaed", catalogue)


@pytest.mark.parametrize("text", ["abd", "alpha beta gamma delta"])
def test_at_most_three_names_are_offered(catalogue: Catalogue, text: str) -> None:
    with pytest.raises(CellError) as found:
        read_cell("exposed", text, catalogue)
    assert len(str(found.value).partition("nearest: ")[2].split(", ")) <= 3


@pytest.mark.parametrize("text", ["on HD since 2024-01-02", "since 2024-01-02"])
def test_a_day_since_when_is_of_dialysis_alone(catalogue: Catalogue, text: str) -> None:
    assert read_cell("dialysis", text, catalogue).values == (("dialysis", True),)
    with pytest.raises(CellError):
        read_cell("emd", text, catalogue)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a; b", ["a", " b"]),
        ("a (b; c); d", ["a (b; c)", " d"]),
        ("a) b; c", ["a) b", " c"]),
        ("a ((b; c); d); e", ["a ((b; c); d)", " e"]),
    ],
)
def test_a_semicolon_inside_parentheses_parts_nothing(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts
