"""Which rows of evidence a regimen is shown with, one rule at a time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence, Result
from lenrx.rules.evidence import NO_STUDY, MatchedEvidence, Merit, other_arm
from lenrx.rules.headline import Headline, headline, reservations, situations
from tests.conftest import Ask

PAPER, NEWS = "doi-10-1002-ajh-27001", "ema-blenrep-202402"
RANKED = Merit(0, "CANDOR")


def row(match: Any = "exact", trial: str = "CANDOR", **fields: Any) -> MatchedEvidence:
    wanted: dict[str, Any] = {
        "population": "len-refractory" if match == "exact" else "ITT",
        "endpoint": "median_pfs_months",
        "value": 10,
        "comparator": ("Kd",),
        "comparator_value": 5,
        "source": PAPER,
        "verified": "abstract",
        **fields,
    }
    seen = {name: wanted.pop(name) for name in ("limits", "comparator_arm_of") if name in wanted}
    return MatchedEvidence(Evidence(trial=trial, **wanted), match, "randomised", **seen)


def shown(catalogue: Catalogue, *rows: MatchedEvidence, merit: Merit = RANKED) -> Headline:
    return headline(rows, merit, catalogue)


HR: dict[str, Any] = {"hr": "0.5", "ci95": ("0.3", "0.8")}


def test_without_a_study_nothing_is_shown(catalogue: Catalogue) -> None:
    assert shown(catalogue, merit=Merit(NO_STUDY)).rows == ()


def test_the_row_is_of_the_trial_that_ranked(catalogue: Catalogue) -> None:
    other, own = row(trial="IKEMA", **HR), row("broader")
    assert shown(catalogue, other, own).first is own


def test_progression_comes_before_survival_and_survival_before_response(
    catalogue: Catalogue,
) -> None:
    response, survival = row(endpoint="orr_percent"), row(endpoint="median_os_months")
    assert shown(catalogue, response, survival).first is survival
    progression = row("broader", **HR)
    assert shown(catalogue, response, survival, progression).first is progression


def test_the_population_that_fits_comes_before_a_broader_one_and_then_a_comparison(
    catalogue: Catalogue,
) -> None:
    broader, exact, compared = row("broader", **HR), row(), row(value=11, **HR)
    assert shown(catalogue, broader, exact).first is exact
    assert shown(catalogue, broader, exact, compared).first is compared


def test_the_experimental_arm_comes_before_being_the_control(catalogue: Catalogue) -> None:
    lost = row(comparator_arm_of="DaraKd", **HR)
    won = row("broader", endpoint="orr_percent", hr=None)
    assert shown(catalogue, lost, won).first is won
    assert shown(catalogue, lost).first is lost


def test_a_response_in_the_matching_population_is_shown_after_the_broader_progression(
    catalogue: Catalogue,
) -> None:
    response, progression = row(endpoint="orr_percent"), row("broader")
    assert shown(catalogue, response, progression).rows == (progression, response)
    exact = row()
    assert shown(catalogue, response, progression, exact).rows == (exact,)


def test_progression_of_a_trial_that_ranks_as_high_is_added_where_there_is_none(
    catalogue: Catalogue,
) -> None:
    response = row(trial="DREAMM-8", endpoint="orr_percent")._replace(design="single-arm")
    other = row(trial="CARTITUDE-1")._replace(design="single-arm")
    found = headline((response, other), Merit(1, "DREAMM-8"), catalogue)
    assert found.rows == (response, other)
    excluded = other._replace(limits=("cartitude1-lines",))
    assert headline((response, excluded), Merit(1, "DREAMM-8"), catalogue).rows == (response,)


def test_an_indirect_comparison_does_not_stand_for_the_trial_that_ranked(
    catalogue: Catalogue,
) -> None:
    direct = row("broader")._replace(design="single-arm")
    indirect = row(**HR)._replace(design="indirect")
    assert headline((indirect, direct), Merit(1, "CANDOR"), catalogue).first is direct
    unlike = [each._replace(unenrolled=("lenalidomide",)) for each in (indirect, direct)]
    assert headline(unlike, Merit(3, "CANDOR"), catalogue).first is unlike[1]
    assert headline((indirect,), Merit(2, "CANDOR"), catalogue).first is indirect


@pytest.mark.parametrize("value", [3, 30])
def test_a_stated_special_situation_adds_its_row_good_or_bad(
    catalogue: Catalogue, value: int
) -> None:
    usual, special = row(), row(trial="IKEMA", population="emd", value=value)
    assert shown(catalogue, usual, special).rows == (usual, special)
    unknown = special._replace(match="unknown")
    assert shown(catalogue, usual, unknown).rows == (usual,)


def test_of_one_special_situation_the_row_that_says_most_is_added(catalogue: Catalogue) -> None:
    response = row(population="emd", endpoint="orr_percent")
    progression = row(population="emd")
    assert shown(catalogue, row(), response, progression).special == (progression,)
    high_risk, narrow = row(population="high-risk"), row(population="del17p")
    assert shown(catalogue, row(), high_risk, narrow).special == (narrow,)


def test_a_special_row_is_no_figure_of_everybody_unless_nothing_else_is_there(
    catalogue: Catalogue,
) -> None:
    broader, special = row("broader"), row(population="emd", **HR)
    assert shown(catalogue, special, broader).rows == (broader, special)
    assert shown(catalogue, special).rows == (special,)


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ({"renal": {"below": 60}}, ("renal",)),
        ({"renal": {"at_least": 60}}, ()),
        ({"not": {"cytogenetics": ["del17p"]}}, ()),
        ({"frailty": ["frail"]}, ("frailty",)),
        ({"frailty": ["fit", "intermediate"]}, ()),
        ({"cns": True}, ("cns",)),
        ({"emd": False}, ()),
        ({"received": ["BCMA"]}, ("BCMA",)),
        ({"received": ["bortezomib"]}, ()),
        ({"all": [{"pcl": True}, {"prior_lines": {"at_least": 2}}]}, ("pcl",)),
    ],
)
def test_what_is_a_special_situation(
    catalogue: Catalogue, when: dict[str, Any], found: tuple[str, ...]
) -> None:
    assert situations(row(population="other", when=when).evidence, catalogue) == found


def test_of_two_that_say_the_same_the_paper_is_cited(catalogue: Catalogue) -> None:
    news, paper = row(source=NEWS, **HR), row(source=PAPER, **HR)
    assert shown(catalogue, news, paper).rows == (paper,)
    newer = row(source=NEWS, value=12, **HR)
    assert shown(catalogue, newer, paper).first is newer


def test_exclusion_is_said_only_of_limits_that_exclude(catalogue: Catalogue) -> None:
    hard = "candor-crcl"
    assert reservations(row(), catalogue) == ()
    assert reservations(row(limits=(hard,)), catalogue) == ("patients like this were excluded",)
    trial = catalogue.trials["CANDOR"]
    few = tuple(each._replace(few=True) for each in trial.limits)
    seldom: Any = SimpleNamespace(trials={"CANDOR": trial._replace(limits=few)})
    assert reservations(row(limits=(hard,)), seldom) == ("hardly any patients like this",)
    unknown = row()._replace(unenrolled=("lenalidomide",))
    assert reservations(unknown, catalogue) == (
        "nobody known to be enrolled in whom lenalidomide had failed",
    )


def test_every_regimen_that_was_studied_has_a_figure_of_the_trial_that_ranked_it(ask: Ask) -> None:
    answer = ask(refractory="lena,bort", exposed="dara", prior_lines=2, egfr=25, emd="true")
    for each in answer.regimens:
        found = headline(each.evidence, each.merit, answer.catalogue)
        if each.merit.tier == NO_STUDY:
            assert found.first is None
        else:
            assert found.first is not None
            assert found.first.evidence.trial == each.merit.trial


def test_where_no_trial_fits_the_regimen_is_shown_in_its_own_arm(ask: Ask) -> None:
    """GEM-KyCyDex, in which Kd was the arm to beat, stands in the catalogue beside ENDEAVOR."""
    answer = ask(refractory="lena,bort,dara", prior_lines=3, region="us")
    for each in answer.regimens:
        first = headline(each.evidence, each.merit, answer.catalogue).first
        own = [row for row in each.evidence if not other_arm(row)]
        if first and own and each.merit.tier >= 2:
            assert not other_arm(first), each.regimen.id
    assert answer["Kd"].merit.trial == "ENDEAVOR"


def test_progression_won_and_survival_lost_is_said_beside_the_figure(catalogue: Catalogue) -> None:
    worse = Result("fewer lived", "pmid-32682484", "abstract")
    trial = catalogue.trials["CANDOR"]._replace(survival_worse=worse)
    lost: Any = SimpleNamespace(trials={"CANDOR": trial})
    assert reservations(row(endpoint="pfs_hr"), lost) == (
        "overall survival was worse in this trial",
    )
    assert reservations(row(endpoint="os_hr"), lost) == ()
