from __future__ import annotations

from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import PatientError, parse_patient
from lenrx.patient.state import PatientState, patient_state
from tests.conftest import Ask


def derive(catalogue: Catalogue, **fields: Any) -> PatientState:
    return patient_state(parse_patient(fields, catalogue), catalogue)


@pytest.mark.parametrize(
    ("refractory", "state"),
    [
        ("", "not known"),
        ([], "not lenalidomide-refractory"),
        ("bort", "not lenalidomide-refractory"),
        ("imid", "not known to be lenalidomide-refractory"),
        ("lena", "lenalidomide-refractory"),
        ("lena,dara", "lenalidomide-refractory"),
        ("lena,bort", "double-refractory"),
        ("lena,pi", "double-refractory"),
        ("lena,pi,cd38", "triple-class-refractory"),
        ("lena,bort,dara", "triple-class-refractory"),
        ("lena,pom,bort,dara", "triple-class-refractory"),
        ("lena,pom,bort,carf,dara", "penta-refractory"),
    ],
)
def test_state_is_the_strongest_that_is_certain(
    catalogue: Catalogue, refractory: str, state: str
) -> None:
    assert derive(catalogue, refractory=refractory).resistance_state == state


@pytest.mark.parametrize(
    ("refractory", "exposed", "said"),
    [
        ("lena,dara", "VRd,DKd", ["daratumumab failed, and carfilzomib of the same DKd"]),
        ("lena,dara,carf", "VRd,DKd", []),
        ("lena", "VRd,DKd", []),
        ("lena,dara", "VRd,carf,dara", []),
        ("lena,bort", "VRd", []),
        ("lena,pom", "DaraPd", ["pomalidomide failed, and daratumumab of the same DaraPd"]),
    ],
)
def test_what_was_given_with_a_drug_that_failed_is_said(
    catalogue: Catalogue, refractory: str, exposed: str, said: list[str]
) -> None:
    state = derive(catalogue, refractory=refractory, exposed=exposed)
    found = [each.message for each in state.warnings if each.code == "beside-failed"]
    assert [each.partition(" is taken")[0] for each in found] == said


@pytest.mark.parametrize(
    ("fields", "contradicts"),
    [
        ({"exposed": "none", "prior_lines": 3}, True),
        ({"exposed": "none", "prior_lines": 1}, True),
        ({"exposed": "none", "prior_lines": 0}, False),
        ({"exposed": "none"}, False),
        ({"prior_lines": 3}, False),
        ({"exposed": "none", "prior_lines": 3, "refractory": "lena"}, False),
        ({"exposed": "none", "prior_lines": 1, "prior_transplant": True}, False),
    ],
)
def test_prior_lines_of_nothing_are_a_contradiction(
    catalogue: Catalogue, fields: dict[str, Any], contradicts: bool
) -> None:
    if contradicts:
        with pytest.raises(PatientError, match="none, and prior lines"):
            derive(catalogue, **fields)
    else:
        derive(catalogue, **fields)


@pytest.mark.parametrize(
    ("fields", "unresolved", "refractory"),
    [
        ({"refractory": "lena,pi"}, ("PI",), ("lenalidomide",)),
        ({"refractory": "lena,pi", "exposed": "bort"}, (), ("bortezomib", "lenalidomide")),
        ({"refractory": "lena,pi", "exposed": "bort,carf"}, ("PI",), ("lenalidomide",)),
        ({"refractory": "lena,pi,bort"}, (), ("bortezomib", "lenalidomide")),
        (
            {"refractory": "lena,pi", "exposed": "bort", "history": "partial"},
            ("PI",),
            ("lenalidomide",),
        ),
        ({"refractory": "lena,cd38"}, (), ("lenalidomide",)),
        ({"refractory": "lena,imid"}, (), ("lenalidomide",)),
    ],
)
def test_a_class_named_without_a_drug_is_resolved_only_by_the_history(
    catalogue: Catalogue,
    fields: dict[str, str],
    unresolved: tuple[str, ...],
    refractory: tuple[str, ...],
) -> None:
    found = derive(catalogue, **fields)
    assert found.unresolved == unresolved
    assert found.named("refractory") == refractory


def test_with_several_pis_given_one_never_given_cannot_be_the_one(catalogue: Catalogue) -> None:
    found = derive(catalogue, refractory="lena,pi", exposed="bort,carf")
    assert found.history("refractory", "bortezomib").truth is None
    assert found.history("refractory", "carfilzomib").truth is None
    assert found.history("refractory", "ixazomib").truth is False


def test_refractory_implies_received_and_intolerant_does_not_imply_refractory(
    catalogue: Catalogue,
) -> None:
    found = derive(catalogue, refractory="lena", intolerant="thal")
    assert found.history("received", "lenalidomide").truth is True
    assert found.history("received", "thalidomide").truth is True
    assert found.history("refractory", "thalidomide").truth is False


def test_a_partial_history_leaves_what_is_not_listed_open(catalogue: Catalogue) -> None:
    complete = derive(catalogue, refractory="lena")
    partial = derive(catalogue, refractory="lena", history="partial")
    assert complete.history("received", "daratumumab").truth is False
    assert partial.history("received", "daratumumab").truth is None
    assert partial.history_count("received", "PI") == (0, float("inf"))


def test_any_anti_cd38_stands_for_the_class(catalogue: Catalogue) -> None:
    found = derive(catalogue, refractory="lena,isa")
    assert found.history("refractory", "anti-CD38").truth is True
    assert found.history("refractory", "daratumumab").truth is False


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, 0),
        ({"exposed": "bort"}, 1),
        ({"refractory": "lena,bort,dara"}, 1),
        ({"refractory": "lena,pom"}, 2),
        ({"refractory": "lena,pom,thal,bort,carf"}, 3),
    ],
)
def test_lower_bound_of_prior_lines(
    catalogue: Catalogue, fields: dict[str, str], expected: int
) -> None:
    assert derive(catalogue, **fields).prior_lines_at_least == expected


@pytest.mark.parametrize(
    ("refractory", "lines", "refused"),
    [("lena", 0, True), ("lena", 1, False), ("lena,pom", 1, True), ("lena,pom", 2, False)],
)
def test_fewer_lines_than_the_history_takes_is_a_contradiction(
    catalogue: Catalogue, refractory: str, lines: int, refused: bool
) -> None:
    if not refused:
        assert derive(catalogue, refractory=refractory, prior_lines=lines)
        return
    with pytest.raises(PatientError) as caught:
        derive(catalogue, refractory=refractory, prior_lines=lines)
    assert caught.value.field == "prior_lines"


def codes(found: PatientState) -> list[str]:
    return [warning.code for warning in found.warnings]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"refractory": "bort"}, "out-of-scope"),
        ({"refractory": "imid,bort"}, "out-of-scope"),
        ({"refractory": "lena,pi"}, "unresolved-class"),
        ({"refractory": "lena,pi", "exposed": "bort"}, "class-resolved"),
        ({"refractory": "lena,pi", "exposed": "bort,carf"}, "class-narrowed"),
        ({"refractory": "lena,pi,bort", "exposed": "ixa"}, "class-resolved"),
        ({"refractory": "lena,pi,bort", "exposed": "ixa,carf"}, "class-narrowed"),
        ({"refractory": "lena,pi,bort", "exposed": "dara"}, "class-beside"),
        ({"refractory": "lena", "intolerant": "pi,bort"}, "class-beside"),
        ({"refractory": "lena", "exposed": "none"}, "none-given"),
        ({"refractory": "lena", "intolerant": "bort", "exposed": []}, "none-given"),
        ({"refractory": "VRd"}, "regimen-expanded"),
        (
            {
                "refractory": "lena",
                "cytogenetics": "t(11;14)",
                "cytogenetics_absent": "t(11;14)",
            },
            "found-and-absent",
        ),
        ({"refractory": "lena", "dialysis": "true", "egfr": 60}, "dialysis-with-normal-egfr"),
        ({"refractory": "lena", "sex": "male", "comorbidities": "pregnancy"}, "pregnancy-in-male"),
        (
            {
                **{"refractory": "lena", "egfr": 20, "creatinine": 0.8, "age": 60},
                **{"weight": 80, "sex": "male"},
            },
            "renal-apart",
        ),
        ({"refractory": "lena", "prior_lines": 3}, "lines-unexplained"),
    ],
)
def test_each_warning_has_its_code(catalogue: Catalogue, fields: dict[str, Any], code: str) -> None:
    assert code in codes(derive(catalogue, **fields))


@pytest.mark.parametrize(
    ("fields", "named", "doubted"),
    [
        ({"refractory": "lena,pi,bort", "exposed": "ixa"}, "bortezomib ixazomib", ()),
        ({"refractory": "lena,pi,bort", "exposed": "ixa,carf"}, "bortezomib", ("PI",)),
        ({"refractory": "lena,pi,bort", "exposed": "dara"}, "bortezomib", ()),
        ({"refractory": "lena,pi,bort", "history": "partial"}, "bortezomib", ()),
        ({"refractory": "pi,bort,lena", "exposed": "ixa"}, "bortezomib ixazomib", ()),
    ],
)
def test_a_class_beside_a_drug_of_it_means_the_others_that_were_given(
    catalogue: Catalogue, fields: dict[str, Any], named: str, doubted: tuple[str, ...]
) -> None:
    found = derive(catalogue, **fields)
    assert found.named("refractory") == tuple(sorted([*named.split(), "lenalidomide"]))
    assert found.unresolved == doubted


@pytest.mark.parametrize(
    "fields",
    [
        {"refractory": "lena"},
        {"refractory": "lena,bort", "exposed": "dara", "dialysis": "true", "egfr": 10},
        {"refractory": "lena", "dialysis": "true", "egfr": 59},
        {"refractory": "lena", "cytogenetics": "t(11;14)", "cytogenetics_absent": "t(4;14)"},
    ],
)
def test_a_statement_that_fits_together_gets_no_warning(
    catalogue: Catalogue, fields: dict[str, Any]
) -> None:
    assert codes(derive(catalogue, **fields)) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"refractory": "lena", "prior_lines": 2}, False),
        ({"refractory": "lena", "prior_lines": 3}, True),
        ({"refractory": "lena", "prior_lines": ">=3"}, True),
        ({"refractory": "lena", "prior_lines": "2-5"}, False),
        ({"refractory": "lena", "exposed": "", "prior_lines": 4}, True),
        ({"refractory": "lena", "exposed": "VRd", "prior_lines": 4}, False),
        ({"refractory": "lena", "exposed": "VRd", "prior_lines": 5}, True),
        ({"refractory": "lena", "exposed": "dex, pred", "prior_lines": 3}, True),
        ({"refractory": "lena", "intolerant": "bort", "prior_lines": 4}, False),
        ({"refractory": "lena,pi", "prior_lines": 4}, False),
        ({"refractory": "lena", "prior_lines": 9, "history": "partial"}, False),
        ({"refractory": "lena", "prior_lines": 9, "history": "complete"}, False),
        ({"prior_lines": 9}, False),
    ],
)
def test_more_lines_than_the_drugs_named_can_fill_are_said(
    catalogue: Catalogue, fields: dict[str, Any], said: bool
) -> None:
    """Two lines for each drug; nobody is told that the list is complete by leaving it short."""
    assert ("lines-unexplained" in codes(derive(catalogue, **fields))) is said


def test_out_of_scope_is_said_first(catalogue: Catalogue) -> None:
    assert codes(derive(catalogue, refractory="pi", exposed="VRd"))[0] == "out-of-scope"


@pytest.mark.parametrize(("sex", "egfr", "crcl"), [("male", 72.0, 66.0), ("female", 54.0, 56.0)])
def test_renal_function_is_derived_and_marked(
    catalogue: Catalogue, sex: str, egfr: float, crcl: float
) -> None:
    found = derive(catalogue, refractory="lena", age=70, sex=sex, creatinine=1.1, weight=75)
    assert (found.egfr, found.crcl) == (egfr, crcl)
    assert found.derived()["egfr"] == egfr
    stated = derive(catalogue, refractory="lena", age=70, sex=sex, creatinine=1.1, egfr=50)
    assert stated.egfr == 50
    assert "egfr" not in stated.derived()


@pytest.mark.parametrize("missing", ["age", "sex", "creatinine"])
def test_egfr_is_not_derived_from_less(catalogue: Catalogue, missing: str) -> None:
    fields = {"age": 70, "sex": "male", "creatinine": 1.1}
    del fields[missing]
    assert derive(catalogue, refractory="lena", **fields).egfr is None


def test_a_drug_that_a_class_was_read_as_is_listed_once(catalogue: Catalogue) -> None:
    state = derive(catalogue, exposed="bort", refractory="lena,pi")
    assert state.derived()["exposed"] == ["bortezomib", "lenalidomide"]


def test_a_drug_that_was_stopped_for_intolerance_was_given_and_may_have_failed(
    catalogue: Catalogue,
) -> None:
    """Intolerance implies that it was given; nobody said whether it failed."""
    state = derive(catalogue, intolerant="dara", prior_lines=2)
    assert state.history("refractory", "anti-CD38").truth is None
    assert state.unsure == ("daratumumab",)
    assert derive(catalogue, intolerant="dara", refractory=[]).unsure == ()


@pytest.mark.parametrize("stated", [{"intolerant": "none"}, {"intolerant": []}])
def test_nothing_that_was_not_tolerated_says_nothing_of_what_was_given(
    ask: Ask, stated: dict[str, Any]
) -> None:
    answer = ask(**stated)
    assert answer.state.resistance_state == "not known"
    assert not answer.with_verdict("eligible")
    assert ask(intolerant="lena").state.resistance_state != "not known"
