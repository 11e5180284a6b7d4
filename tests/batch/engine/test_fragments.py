"""Fragments add up: what is counted of each regimen is what the plain engine counts."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import pytest

from lenrx.batch.engine.engine import Engine
from lenrx.batch.engine.fragments import (
    BLOCK,
    CAUTIONS,
    EXCLUDED,
    GUIDELINE,
    LABEL,
    MERIT,
    NOTHING,
    OPEN,
    SERIOUS,
    Found,
    Fragment,
    Piece,
    Regimens,
    added,
    of_findings,
)
from lenrx.batch.members import bears
from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Regimen
from lenrx.catalogue.vocabulary import REGIONS, Region
from lenrx.patient.patient import parse_patient
from lenrx.rules.answer import Answer, leaves_open
from lenrx.rules.assessment import assess, within
from lenrx.rules.filters import Finding
from tests.batch.engine.oracle import TODAY, Asking

PATIENTS: Final[tuple[dict[str, str], ...]] = (
    {"refractory": "lena; bort", "egfr": "25", "region": "us", "cytogenetics": "del17p"},
    {"refractory": "lena; PI", "neuropathy_grade": "2", "lvef": "38", "age": "78"},
    {"refractory": "lena; dara; pom", "exposed": "carf", "platelets": "24", "region": "eu"},
    {"refractory": "lena", "history": "partial", "comorbidities": "corneal_disease; prior_vte"},
    {"refractory": "lena; bort; carf; pom; dara; cilta-cel; teclistamab", "prior_lines": "6"},
    {},
)


def block(weight: int, place: int, low: int, high: int, region: Region = "us") -> int:
    at = len(REGIONS) * place + REGIONS.index(region)
    return weight >> BLOCK * at + low & (1 << high - low) - 1


def finding(effect: Any, status: Any, criterion: str = "one", *needs: str) -> Finding:
    return Finding("organs", criterion, effect, status, "because", needs)


def answer(catalogue: Catalogue, row: dict[str, str], **how: Any) -> Answer:
    return assess(catalogue, parse_patient(row, catalogue), as_of=TODAY, **how)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("row", PATIENTS, ids=str)
def test_what_excludes_leaves_open_and_warns_is_counted_for_every_regimen(
    catalogue: Catalogue, row: dict[str, str], strict: bool
) -> None:
    engine, region = Engine(catalogue, as_of=TODAY, strict=strict), row.get("region")
    fragments = engine.outcome(parse_patient(row, catalogue)).fragments
    weight = sum(each.weight for each in fragments) + engine.criteria.alike[region].weight
    found = answer(catalogue, row, strict=strict)
    names = [each.id for each in engine.criteria.regimens]
    assert names == sorted(catalogue.regimens, key=str.casefold)
    for place, name in enumerate(names):
        each = found[name]
        own = each.region
        counted = within(own, each.findings, each.regimen, found.case)
        truths = [leaves_open(one, strict) for one in counted]
        assert block(weight, place, EXCLUDED, BLOCK, own) == truths.count(False), name
        assert block(weight, place, OPEN, EXCLUDED, own) == truths.count(None), name
        assert block(weight, place, CAUTIONS, GUIDELINE, own) == each.key.cautions, name
        assert block(weight, place, GUIDELINE, MERIT, own) == each.key.guideline, name
        assert block(weight, place, SERIOUS, LABEL, own) == each.key.serious, name
        assert block(weight, place, LABEL, OPEN, own) == each.key.label, name


def test_the_patients_have_counts_of_every_kind(catalogue: Catalogue) -> None:
    """Else the test above would hold for counts that are always zero."""
    every = [each for row in PATIENTS for each in answer(catalogue, row).regimens]
    assert max(each.key.cautions for each in every) > 4
    assert {each.verdict for each in every} == {"eligible", "conditional", "excluded"}
    assert {each.key.guideline for each in every} >= {0, 1}
    assert {each.key.serious for each in every} >= {0, 1}


@pytest.mark.parametrize(
    ("effect", "status", "strict", "where"),
    [
        ("excludes", "met", False, "excluded_by"),
        ("requires", "not met", False, "excluded_by"),
        ("excludes", "unknown", False, "unclear"),
        ("requires", "unknown", False, "unclear"),
        ("confirms", "unknown", False, "confirm"),
        ("confirms", "unknown", True, "confirm"),
        ("cautions", "met", False, "applies"),
        ("adjusts", "met", False, "applies"),
        ("prefers", "met", False, "applies"),
        ("excludes", "not met", False, None),
        ("requires", "met", False, None),
        ("cautions", "unknown", False, None),
        ("cautions", "not met", False, None),
        ("adjusts", "unknown", True, None),
        ("notes", "met", False, None),
        ("notes", "unknown", True, None),
    ],
)
def test_a_result_says_where_a_finding_bears(
    effect: str, status: str, strict: bool, where: str | None
) -> None:
    said = finding(effect, status)
    assert bears(said, leaves_open(said, strict)) == where


def test_the_findings_of_a_criterion_weigh_on_its_regimens_and_no_others() -> None:
    every = [
        finding("excludes", "met", "a"),
        finding("cautions", "met", "b"),
        finding("cautions", "met", "c"),
        finding("requires", "unknown", "d", "egfr", "lvef"),
    ]
    found = of_findings(every, TWO, strict=False)
    assert [block(found.weight, 0, low, high) for low, high in _COUNTS] == [2, 1, 1]
    assert [block(found.weight, 2, low, high) for low, high in _COUNTS] == [2, 1, 1]
    assert block(found.weight, 1, 0, BLOCK) == 0
    assert [(each.where, each.id) for each in found.pieces] == [
        *(("excluded_by", "a"), ("applies", "b")),
        *(("applies", "c"), ("unclear", "d")),
    ]
    assert {each.regimens for each in found.pieces} == {TWO.ids}
    assert found.needs == tuple((at, (("egfr", "lvef"),)) for at in (0, 1, 4, 5))
    assert of_findings([finding("notes", "met")], TWO, strict=False) == NOTHING


TWO: Final = Regimens((0, 2), ("A", "C"))
_COUNTS: Final = ((CAUTIONS, GUIDELINE), (OPEN, EXCLUDED), (EXCLUDED, BLOCK))


def test_what_criteria_found_adds_up() -> None:
    one = Found(1 << OPEN, 1, (Piece("unclear", "a", ("A",)),), ((0, (("egfr",),)),))
    two = Found(3 << OPEN, 2, (Piece("unclear", "b", ("A",)),), ((0, (("lvef", "age"),)),))
    both = added([one, NOTHING, two])
    assert (both.weight, both.marks) == (4 << OPEN, 3)
    assert both.pieces == (*one.pieces, *two.pieces)
    assert both.needs == ((0, (("egfr",), ("lvef", "age"))),)
    assert added([NOTHING, NOTHING]) is NOTHING
    assert added([]) is NOTHING


def test_a_fragment_says_each_criterion_once_with_all_its_regimens() -> None:
    found = [
        Found(1, 1, (Piece("excluded_by", "no", ("A", "C")), Piece("exact", "ITT"))),
        Found(2, 4, (Piece("excluded_by", "no", ("B",)), Piece("applies", "care", ("B",)))),
        Found(4, 0, (Piece("unclear", "perhaps", ("C",)),), ((2, (("egfr",),)),)),
        Found(8, 0, (Piece("applies", "care", ("A",)),), ((2, (("lvef",),)),)),
    ]
    fragment = Fragment(found)
    assert (fragment.weight, fragment.marks) == (15, 5)
    assert fragment.needs == {2: (("egfr",), ("lvef",))}
    assert [*fragment.texts] == [
        *('"no":["A","C","B"]', '"perhaps":["C"]'),
        *('"care"', "", '"ITT"', ""),
    ]


def copied(catalogue: Catalogue, times: int) -> Catalogue:
    """A catalogue in which every regimen stands several times, in another order."""
    made: dict[str, Regimen] = {}
    for copy in range(times):
        for each in catalogue.regimens.values():
            name = f"{each.id}-{copy}" if copy else each.id
            made[name] = each._replace(id=name, aliases=())
    turned = dict(sorted(made.items(), key=lambda one: one[0][::-1]))
    return dataclasses.replace(catalogue, regimens=turned)


def test_a_catalogue_of_hundreds_of_regimens_is_answered_alike(catalogue: Catalogue) -> None:
    many = copied(catalogue, 6)
    assert len(many.regimens) == 6 * len(catalogue.regimens) > 256
    asking = Asking(many)
    for row in PATIENTS[:4]:
        assert asking.told(row) == asking.expected(row)


def test_equal_keys_stand_by_id_and_what_is_excluded_stands_by_id_in_any_case(
    catalogue: Catalogue,
) -> None:
    engine = Engine(copied(catalogue, 3), as_of=TODAY)
    found = engine.outcome(parse_patient(PATIENTS[0], catalogue))
    for verdict in (found.eligible, found.conditional):
        for name in catalogue.regimens:
            alike = [each for each in verdict if each in (name, f"{name}-1", f"{name}-2")]
            assert alike in ([], [name, f"{name}-1", f"{name}-2"]), name
    assert found.excluded == sorted(found.excluded, key=str.casefold)
    assert len(found.excluded) > 30
    assert len(found.eligible) > 30


@pytest.mark.parametrize("row", PATIENTS, ids=str)
def test_off_label_and_unknown_labels_are_said_of_what_is_open(
    catalogue: Catalogue, row: dict[str, str]
) -> None:
    engine = Engine(catalogue, as_of=TODAY)
    found, plain = engine.outcome(parse_patient(row, catalogue)), answer(catalogue, row)
    open_ = [each for each in plain.regimens if each.verdict != "excluded"]
    words = {each.regimen.id: each.key.label for each in open_}
    assert found.off_label == [name for name, place in words.items() if place == 2]
    assert found.label_unknown == [name for name, place in words.items() if place == 1]
    assert found.off_label


def test_what_one_region_says_weighs_on_its_block_alone() -> None:
    """With no region asked the block that stands first counts, and so not both."""
    own = [
        finding("cautions", "met", "a")._replace(serious=True, region="us"),
        finding("confirms", "unknown", "b", "lvef")._replace(region="eu"),
        finding("cautions", "met", "c"),
    ]
    found = of_findings(own, TWO, strict=True)
    for place in TWO.places:
        assert block(found.weight, place, SERIOUS, LABEL, "us") == 1
        assert block(found.weight, place, SERIOUS, LABEL, "eu") == 0
        assert block(found.weight, place, OPEN, EXCLUDED, "us") == 0
        assert block(found.weight, place, OPEN, EXCLUDED, "eu") == 1
        assert block(found.weight, place, CAUTIONS, GUIDELINE, "us") == 1
        assert block(found.weight, place, CAUTIONS, GUIDELINE, "eu") == 1
    assert found.needs == ((1, (("lvef",),)), (5, (("lvef",),)))
