"""Section 4 of the design, rule by rule."""

from __future__ import annotations

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.rules.answer import Answer
from lenrx.rules.evidence import unenrolled
from lenrx.rules.filters import Finding
from tests.conftest import Ask

PI_REGIMENS = ("DaraKd", "DaraVd", "IsaKd", "KCd", "Kd", "KPd", "PVd", "EloPVd", "XVd", "IxaPd")


def verdicts(answer: Answer) -> dict[str, str]:
    return {each.regimen.id: each.verdict for each in answer.regimens}


def finding(answer: Answer, regimen: str, criterion: str) -> Finding:
    (found,) = (each for each in answer.regimens if each.regimen.id == regimen)
    (said,) = (each for each in found.findings if each.criterion == criterion)
    return said


@pytest.mark.parametrize("regimen", PI_REGIMENS)
def test_an_unnamed_pi_makes_every_pi_regimen_conditional(ask: Ask, regimen: str) -> None:
    assert verdicts(ask(refractory="lena,pi"))[regimen] == "conditional"


@pytest.mark.parametrize(
    ("refractory", "excluded", "open_"),
    [
        ("lena,bort", ("DaraVd", "PVd"), ("DaraKd", "IsaKd", "Kd")),
        ("lena,carf", ("DaraKd", "IsaKd", "Kd"), ("DaraVd", "PVd")),
        ("lena,dara", ("DaraPd", "DaraKd", "IsaPd", "IsaKd", "Isa"), ("Pd", "EloPd", "Kd")),
        ("lena,isa", ("DaraPd", "DaraKd", "IsaPd", "Dara"), ("Pd", "Kd")),
        ("lena,cd38", ("DaraPd", "IsaPd"), ("Pd", "Kd")),
        ("lena", ("DaraRd",), ("Pd", "DaraPd", "IsaPd", "PVd", "KPd")),
        ("lena,pom", ("Pd", "DaraPd", "IsaPd", "PVd", "KPd"), ("Kd", "DaraKd")),
    ],
)
def test_resistance_crosses_as_its_class_says(
    ask: Ask, refractory: str, excluded: tuple[str, ...], open_: tuple[str, ...]
) -> None:
    found = verdicts(ask(refractory=refractory))
    assert {found[name] for name in excluded} == {"excluded"}
    assert {found[name] for name in open_} == {"eligible"}


def test_pomalidomide_refractory_presumes_resistance_to_going_back_to_lenalidomide(
    ask: Ask,
) -> None:
    said = finding(ask(refractory="pom"), "DaraRd", "lenalidomide-after-pomalidomide")
    assert (said.effect, said.status) == ("excludes", "met")
    assert said.sources


def test_going_back_to_a_weaker_pi_is_a_caution(ask: Ask) -> None:
    said = finding(ask(refractory="lena,carf"), "DaraVd", "bortezomib-after-carfilzomib")
    assert (said.effect, said.status) == ("cautions", "met")


@pytest.mark.parametrize("drug", ["bortezomib", "thalidomide"])
def test_vdt_pace_tolerates_its_bortezomib_and_thalidomide(ask: Ask, drug: str) -> None:
    fit = {"ecog": 0, "frailty": "fit", "egfr": 90, "hepatic": "none"}
    answer = ask(refractory=f"lena,{drug}", comorbidities_absent="recent_mi", **fit)
    said = finding(answer, "VdT-PACE", f"refractory-{drug}")
    assert (said.effect, said.status) == ("cautions", "met")
    assert verdicts(answer)["VdT-PACE"] == "eligible"


def test_intolerance_removes_the_drug_and_cautions_the_class(ask: Ask) -> None:
    answer = ask(refractory="lena", intolerant="bort")
    assert verdicts(answer)["PVd"] == "excluded"
    assert verdicts(answer)["Kd"] == "eligible"
    assert finding(answer, "Kd", "carfilzomib-class-intolerance").status == "met"
    assert answer.state.resistance_state == "lenalidomide-refractory"


def test_a_steroid_never_excludes(ask: Ask) -> None:
    answer = ask(refractory="lena,dexamethasone", intolerant="dexamethasone")
    assert verdicts(answer)["Kd"] == "eligible"


def test_exposed_is_allowed_and_said(ask: Ask) -> None:
    answer = ask(refractory="lena", exposed="bort")
    said = finding(answer, "PVd", "exposed-bortezomib")
    assert (said.effect, said.status) == ("notes", "met")
    assert verdicts(answer)["PVd"] == "eligible"


def test_bcma_again_is_a_caution_and_the_same_drug_again_is_not_open(ask: Ask) -> None:
    history = "lena,pom,bort,carf,dara,teclistamab"
    found = verdicts(ask(refractory=history, prior_lines=6))
    assert found["Tec"] == "excluded"
    assert found["Elra"] == "eligible"


def test_a_partial_history_asks_about_every_drug_that_is_not_listed(ask: Ask) -> None:
    answer = ask(refractory="lena", history="partial")
    assert verdicts(answer)["Kd"] == "conditional"
    assert finding(answer, "Kd", "refractory-carfilzomib").needs == ("refractory",)


def test_the_name_of_the_pi_settles_most(ask: Ask) -> None:
    first = ask(refractory="lena,pi", egfr=25).open_questions[0]
    assert first.field == "refractory.pi"
    assert first.question == "Which PI?"
    assert set(first.decides) >= {"DaraKd", "PVd", "Kd"}
    decides = [len(each.decides) for each in ask(refractory="lena,pi").open_questions]
    assert decides == sorted(decides, reverse=True)


@pytest.mark.parametrize(
    ("trial", "lacking"),
    [
        ("MagnetisMM-1", ()),
        ("IMWG-real-world-Tec", ()),
        ("MonumenTAL-1", ("BCMA ADC",)),
        ("KarMMa-3", ("BCMA ADC", "BCMA CAR-T", "BCMA bispecific")),
    ],
)
def test_a_result_of_patients_treated_against_a_target_enrolled_them(
    catalogue: Catalogue, trial: str, lacking: tuple[str, ...]
) -> None:
    """The rows of MonumenTAL-1 are of a CAR-T or a bispecific antibody before."""
    asked = ("BCMA ADC", "BCMA CAR-T", "BCMA bispecific")
    assert unenrolled(trial, asked, catalogue) == lacking
