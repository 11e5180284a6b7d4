from __future__ import annotations

from typing import Any

import pytest

from lenrx.catalogue.conditions import evaluate
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import UnknownName, read, regimen, split
from lenrx.intake.cells import read_cell
from lenrx.patient.patient import FIELDS, PatientError, parse_patient
from tests.conftest import Ask


@pytest.mark.parametrize(
    ("written", "drug"),
    [
        ("Velcade", "bortezomib"),
        ("VELCADE", "bortezomib"),
        ("btz", "bortezomib"),
        ("bort", "bortezomib"),
        ("lena", "lenalidomide"),
        ("Revlimid", "lenalidomide"),
        ("R", "lenalidomide"),
        ("K", "carfilzomib"),
        ("Darzalex Faspro", "daratumumab"),
        ("darzalex-faspro", "daratumumab"),
        ("Carvykti", "cilta-cel"),
        ("ciltacabtagene autoleucel", "cilta-cel"),
        ("Blenrep", "belantamab-mafodotin"),
        ("CC-4047", "pomalidomide"),
    ],
)
def test_a_drug_is_known_by_its_brands_abbreviations_and_codes(
    catalogue: Catalogue, written: str, drug: str
) -> None:
    assert read(written, catalogue).items == (drug,)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("pi", "PI"),
        ("Proteasome inhibitor", "PI"),
        ("imid", "IMiD"),
        ("anti-CD38", "anti-CD38"),
        ("cd38", "anti-CD38"),
        ("bcma", "BCMA"),
        ("CAR-T", "CAR-T"),
    ],
)
def test_a_class_stays_a_class(catalogue: Catalogue, written: str, name: str) -> None:
    assert read(written, catalogue).items == (name,)


@pytest.mark.parametrize("letter", ["V", "P", "D", "d", "C", "E", "I", "B", "A"])
def test_an_ambiguous_letter_is_an_error_naming_the_candidates(
    catalogue: Catalogue, letter: str
) -> None:
    with pytest.raises(UnknownName, match=" or "):
        read(letter, catalogue)


@pytest.mark.parametrize(
    ("written", "drugs"),
    [
        ("VRd", {"bortezomib", "lenalidomide", "dexamethasone"}),
        ("RVd", {"bortezomib", "lenalidomide", "dexamethasone"}),
        ("daravd", {"daratumumab", "bortezomib", "dexamethasone"}),
        ("DKd", {"daratumumab", "carfilzomib", "dexamethasone"}),
    ],
)
def test_a_regimen_expands_to_its_drugs(
    catalogue: Catalogue, written: str, drugs: set[str]
) -> None:
    assert set(read(written, catalogue).items) == drugs


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("lenalidomid", "lenalidomide"), ("Velcad", "Velcade"), ("pomalidomyde", "pomalidomide")],
)
def test_an_unknown_name_gets_the_nearest(catalogue: Catalogue, written: str, nearest: str) -> None:
    with pytest.raises(UnknownName, match=nearest):
        read(written, catalogue)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("isapd", "IsaPd"),
        ("daratumumab mono", "Dara"),
        ("belamaf Vd", "BVd"),
        ("teclistamab", "Tec"),
        ("VDT-PACE", "VdT-PACE"),
        ("dexa beam", "Dexa-BEAM"),
    ],
)
def test_a_regimen_id_or_alias_matches_in_any_case(
    catalogue: Catalogue, written: str, wanted: str
) -> None:
    assert regimen(written, catalogue).id == wanted


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("lena,pi", ["lena", "pi"]),
        ("lena; pi | bort", ["lena", "pi", "bort"]),
        ("t(11;14),del17p", ["t(11;14)", "del17p"]),
        ("t(4;14);t(14;16)", ["t(4;14)", "t(14;16)"]),
        (" , ;", []),
        ("t(4;14", ["t(4;14"]),
        ("a),b", ["a)", "b"]),
    ],
)
def test_lists_split_outside_parentheses_only(text: str, items: list[str]) -> None:
    assert split(text) == items


@pytest.mark.parametrize(
    ("written", "marker"),
    [
        ("del(17p)", "del17p"),
        ("17p-", "del17p"),
        ("t(4,14)", "t(4;14)"),
        ("T(11;14)", "t(11;14)"),
        ("1q21+", "1q gain"),
        ("gain(1q)", "1q gain"),
        ("amp1q", "1q amp"),
        ("TP53 mutated", "TP53"),
    ],
)
def test_usual_spellings_of_a_marker(catalogue: Catalogue, written: str, marker: str) -> None:
    assert parse_patient({"cytogenetics": [written]}, catalogue).cytogenetics == (marker,)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("egfr", -3),
        ("egfr", "high"),
        ("egfr", "nan"),
        ("egfr", True),
        ("lvef", 0.55),
        ("prior_lines", "two"),
        ("prior_lines", 1.5),
        ("prior_lines", -1),
        ("ecog", 5),
        ("sex", "other"),
        ("frailty", "very"),
        ("dialysis", "maybe"),
        ("region", "moon"),
        ("as_of", "22.11.2026"),
        ("as_of", "2026-13-01"),
        ("cytogenetics", "t(9;22)"),
        ("comorbidities", "gout"),
        ("refractory", "aspirin"),
        ("refractory", [3]),
        ("id", ["a"]),
    ],
)
def test_what_cannot_be_read_is_refused_by_field_and_without_its_value(
    catalogue: Catalogue, field: str, value: Any
) -> None:
    with pytest.raises(PatientError) as caught:
        parse_patient({field: value}, catalogue)
    assert caught.value.field == field
    if isinstance(value, str):
        assert value not in str(caught.value)


@pytest.mark.parametrize("value", ["", " ", "?", "unk", "Unknown", "n/a", "not done", None])
@pytest.mark.parametrize("field", [name for name in FIELDS if name != "id"])
def test_a_blank_is_not_stated_whatever_the_field(
    catalogue: Catalogue, field: str, value: str | None
) -> None:
    assert getattr(parse_patient({field: value}, catalogue), field) is None


def test_an_unknown_field_gets_the_nearest_name(catalogue: Catalogue) -> None:
    with pytest.raises(PatientError, match="did you mean egfr"):
        parse_patient({"egrf": 25}, catalogue)


def test_an_empty_history_can_be_stated(catalogue: Catalogue) -> None:
    assert parse_patient({"exposed": "none"}, catalogue).exposed == ()


def test_given_holds_only_what_was_stated(catalogue: Catalogue) -> None:
    patient = parse_patient({"refractory": "Revlimid", "egfr": "25", "lvef": "?"}, catalogue)
    assert patient.given() == {"refractory": ["lenalidomide"], "egfr": 25.0}


@pytest.mark.parametrize(
    ("field", "text", "low", "high"),
    [
        ("egfr", "<15", 0, 15),
        ("egfr", "<=15", 0, 15),
        ("egfr", ">60", 60, 250),
        ("platelets", "50-75", 50, 75),
        ("prior_lines", ">=5", 5, 30),
        ("prior_lines", ">4", 5, 30),
        ("ecog", "1-2", 1, 2),
    ],
)
def test_a_bound_or_a_range_is_a_number_known_so_far(
    ask: Ask, field: str, text: str, low: float, high: float
) -> None:
    state = ask(refractory="lena", **{field: text}).state
    found = state.interval(field)
    assert found == pytest.approx((low, high))
    assert state.patient.given()[field] == text


@pytest.mark.parametrize(
    ("egfr", "met"),
    [("<30", True), ("<=30", None), (">=30", False), ("29-31", None), ("20-29", True)],
)
def test_a_range_settles_a_criterion_only_when_all_of_it_does(
    ask: Ask, egfr: str, met: bool | None
) -> None:
    state = ask(refractory="lena", egfr=egfr).state
    assert evaluate({"renal": {"below": 30}}, state).truth is met


def test_two_measures_of_the_kidneys_are_read_as_the_lower(ask: Ask) -> None:
    state = ask(refractory="lena", egfr=">30", crcl=45).state
    assert evaluate({"renal": {"below": 60}}, state).truth is True
    assert evaluate({"renal": {"below": 40}}, state).truth is None


@pytest.mark.parametrize("text", ["<-1", "60-30", "1-2-3", "<x", "200-900"])
def test_what_is_no_range_is_refused(ask: Ask, text: str) -> None:
    with pytest.raises(PatientError, match="egfr: must be a number"):
        ask(egfr=text)


def test_prior_lines_in_a_range_that_the_history_exceeds_are_a_contradiction(ask: Ask) -> None:
    with pytest.raises(PatientError, match="prior_lines"):
        ask(refractory="lena,pom", prior_lines="0-1")
    assert ask(refractory="lena,pom", prior_lines="1-4").state.interval("prior_lines") == (2, 4)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("refractory", "Velcade ?"),
        ("cytogenetics", "t(4;14) -"),
        ("sex", "F?"),
        ("frailty", "frail?"),
    ],
)
def test_a_mark_beside_a_word_is_never_passed_over(ask: Ask, field: str, text: str) -> None:
    with pytest.raises(PatientError, match="a mark that cannot be read"):
        ask(**{field: text})


@pytest.mark.parametrize(
    ("field", "text"),
    [
        *[("egfr", each) for each in ("1_0", "_30", "3_0.5", ">1_0")],
        *[("as_of", each) for each in ("2026-W01-1", "20260101", "2026-1-1", "2026-01-01T00:00")],
    ],
)
def test_what_python_reads_as_a_number_or_a_day_and_a_chart_does_not_is_refused(
    catalogue: Catalogue, field: str, text: str
) -> None:
    with pytest.raises(PatientError):
        parse_patient({field: text}, catalogue)


@pytest.mark.parametrize("nothing", ["", " ", ",", " ; ", [""], [" ", ""], None, "unknown"])
@pytest.mark.parametrize("field", ["refractory", "exposed", "cytogenetics", "comorbidities"])
def test_a_blank_list_is_not_stated(catalogue: Catalogue, field: str, nothing: Any) -> None:
    assert getattr(parse_patient({field: nothing}, catalogue), field) is None
    assert dict(read_cell(field, nothing, catalogue).values).get(field) is None


@pytest.mark.parametrize("none", ["none", []])
def test_an_empty_list_and_the_word_none_state_that_there_is_none(
    catalogue: Catalogue, none: Any
) -> None:
    assert parse_patient({"refractory": none}, catalogue).refractory == ()
    assert dict(read_cell("refractory", none, catalogue).values)["refractory"] == ()
