"""A sign beside a word is never passed over: a comparison, a negation, a cross, dots for more."""

from __future__ import annotations

from typing import Any

import pytest

from lenrx import load_catalogue
from lenrx.intake.cells import CellError, read_cell
from lenrx.intake.courses.words import is_sequence
from lenrx.intake.reader import RowReader

CATALOGUE = load_catalogue()
SIGN, CROSS, DOTS = "a sign beside a word", "holds a cross", "dots stand for more"
LEN, BORT = "lenalidomide", "bortezomib"
VRD = (BORT, "dexamethasone", LEN)

SIGNED = {
    "hepatic": [">mild", "<moderate", ">=moderate", "\u2264 mild", "!severe", "mild <"],
    "frailty": ["<frail", ">fit", "\uff1efit", "IMWG score <2"],
    "region": ["<>us", "!de"],
    "sex": ["<>F"],
    "history": ["<complete"],
    "cytogenetics": ["<>del17p", "< del17p", "del17p <", "<17p", "!= del17p", "% del17p"],
    "refractory": ["<>lenalidomide", "lenalidomide <", "% lenalidomide", "VRd, > KPd", "> VRd"],
    "exposed": ["<>lenalidomide", "lenalidomide %", "len; <bort", "VRd <VGPR", "VRd !5"],
    "intolerant": ["<>lenalidomide", "\u2265lenalidomide"],
    "medications": ["<>lenalidomide", "lenalidomide <", "% aspirin"],
    "comorbidities": ["<>copd", "copd >"],
    "prior_transplant": ["!yes", "<>yes"],
    "emd": ["<no"],
}


@pytest.mark.parametrize(("field", "cell"), [(f, c) for f, cells in SIGNED.items() for c in cells])
def test_a_sign_beside_a_word_is_refused(field: str, cell: str) -> None:
    with pytest.raises(CellError, match=SIGN) as refused:
        read_cell(field, cell, CATALOGUE)
    assert refused.value.word and any(each.isalpha() for each in refused.value.word)


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("exposed", "VRd > Kd", {"exposed": (BORT, "carfilzomib", "dexamethasone", LEN)}),
        ("exposed", "len -> bort", {"exposed": (BORT, LEN)}),
        ("medications", "aspirin >100 mg", {"medications": ("aspirin",)}),
        ("refractory", "<NA>", {}),
        ("hepatic", "<missing>", {}),
        ("cytogenetics", "del17p 60 %", {"cytogenetics": ("del17p",)}),
        ("cytogenetics", "del(17p) (60 %)", {"cytogenetics": ("del17p",)}),
        ("cytogenetics", "1q21 gain (>=3 copies)", {"cytogenetics": ("1q gain",)}),
        ("anc", "1.5 \u00d7 10^9/L", {"anc": 1.5}),
        ("exposed", "VRd \u00d7 6", {"exposed": VRD}),
        ("exposed", "VRd 6\u00d7", {"exposed": VRD}),
        ("exposed", "\u00d76 VRd", {"exposed": VRD}),
        ("prior_transplant", "ASCT \u00d71", {"prior_transplant": True}),
        ("refractory", "...", {}),
    ],
)
def test_an_arrow_a_number_and_a_count_are_read(
    field: str, cell: str, expected: dict[str, Any]
) -> None:
    values = dict(read_cell(field, cell, CATALOGUE).values)
    assert {name: value for name, value in values.items() if name != "expanded"} == expected


def test_a_bound_with_its_number_is_read() -> None:
    assert dict(read_cell("anc", "ANC <1.5", CATALOGUE).values)["anc"].written == "<1.5"
    with pytest.raises(CellError, match="a share as a bound"):
        read_cell("cytogenetics", "del17p >20 %", CATALOGUE)


@pytest.mark.parametrize("cell", ["VRd > Kd", "VRd 2019 > Kd 2020", "VRd x6 > Kd x4"])
def test_a_sign_between_treatments_is_a_sequence_with_dates_and_cycles_too(cell: str) -> None:
    values = dict(read_cell("refractory", cell, CATALOGUE).values)
    assert values["refractory"] == ("carfilzomib", "dexamethasone")
    assert values["unsure"] == (BORT, LEN)
    assert is_sequence(cell)


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        *(("refractory", each) for each in ("\u00d7 lenalidomide", "lenalidomide \u00d7")),
        *(("exposed", each) for each in ("\u00d7VRd", "\u00d7 2019 VRd", "len 2019 \u00d7")),
        *(("cytogenetics", each) for each in ("\u00d7 del17p", "del17p \u00d7", "\u00d7 17p del")),
        *(("emd", each) for each in ("\u00d7", "\u00d7 yes")),
        ("comorbidities", "COPD \u00d7"),
        ("medications", "\u00d7 aspirin"),
    ],
)
def test_a_cross_that_counts_nothing_is_refused_as_other_crosses_are(field: str, cell: str) -> None:
    with pytest.raises(CellError, match=CROSS):
        read_cell(field, cell, CATALOGUE)


@pytest.mark.parametrize(
    "cell", ["FISH for t(11;14)", "FISH for del17p, t(4;14)", "FISH for del17p; t(4;14) neg"]
)
def test_what_fish_looked_for_is_not_what_it_found(cell: str) -> None:
    for field in ("cytogenetics", "cytogenetics_absent"):
        with pytest.raises(CellError, match="what was looked for"):
            read_cell(field, cell, CATALOGUE)


def test_with_its_result_what_fish_looked_for_is_read() -> None:
    found = dict(read_cell("cytogenetics", "FISH for del17p: pos", CATALOGUE).values)
    absent = dict(read_cell("cytogenetics", "FISH for del17p: neg", CATALOGUE).values)
    assert (found, absent) == (
        {"cytogenetics": ("del17p",)},
        {"cytogenetics_absent": ("del17p",)},
    )


@pytest.mark.parametrize("field", ["refractory", "exposed", "intolerant"])
@pytest.mark.parametrize("cell", ["VRd, ...", "VRd ...", "len, bort\u2026", "len; . . ."])
def test_dots_behind_drugs_stand_for_more_of_them(field: str, cell: str) -> None:
    with pytest.raises(CellError, match=DOTS):
        read_cell(field, cell, CATALOGUE)


def read_course(**fields: str) -> tuple[Any, str]:
    """The patient of a record of one course and all that is said, or what is wrong with it."""
    course = {"drugs": "VRd", "start": "2020-01-01", "stop": "2020-08-01", **fields}
    reading = RowReader(CATALOGUE).read({"treatments": [course]})
    problems = [f"{each.reason} ({each.word})" for each in reading.problems]
    return reading.patient, "; ".join(problems or [words for _, words in reading.said])


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [
        *(("response", each, SIGN) for each in ("<MR", ">SD", "< PR", "!PR", ">=VGPR")),
        *(("stopped_for", each, SIGN) for each in ("!progression", "<>progression", "!toxicity")),
        *(("drugs", each, SIGN) for each in ("<>VRd", "VRd <", "!radiotherapy", "<>unlisted")),
        *(("refractory", each, SIGN) for each in ("<>yes", "!yes", "<>lenalidomide")),
        *(("progression", each, SIGN) for each in ("!yes", "<>no")),
        *((each, "!yes", SIGN) for each in ("transplant", "maintenance", "planned")),
        ("intent", "<>induction", SIGN),
        ("intolerant_of", "!lenalidomide", SIGN),
        *(("drugs", each, CROSS) for each in ("\u00d7 VRd", "VRd \u00d7")),
        *(("refractory", each, CROSS) for each in ("\u00d7", "lenalidomide \u00d7")),
        *(("response", each, CROSS) for each in ("\u00d7 PR", "PR \u00d7")),
        *(("stopped_for", each, CROSS) for each in ("\u00d7 progression", "toxicity \u00d7")),
        *(("drugs", each, DOTS) for each in ("VRd ...", "VRd, bort\u2026", "... VRd")),
    ],
)
def test_in_a_course_they_are_refused_too(field: str, cell: str, reason: str) -> None:
    patient, told = read_course(**{field: cell})
    assert patient is None
    assert f"{field}: {reason}" in told
    assert not told.endswith("(None)")


def test_a_course_keeps_its_counts_and_what_is_unnamed_in_it() -> None:
    patient, _ = read_course(drugs="VRd \u00d7 6 cycles", response="PR")
    assert (patient.exposed, patient.history) == (VRD, None)
    # As `etc` does, dots as an item of their own leave open what else was given.
    for more in ("VRd, ...", "VRd, etc"):
        patient, told = read_course(drugs=more)
        assert (patient.exposed, patient.history) == (VRD, "partial")
        assert "the history is partial" in told
