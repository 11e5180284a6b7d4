"""The first screen: what it says of the patient, in which order, and how little it needs for it."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from lenrx.catalogue.vocabulary import WATCHED
from lenrx.report.phrases import serious_cautions
from lenrx.report.screen.brief import cut, some
from lenrx.report.screen.figures import gist
from lenrx.report.screen.table import draw
from lenrx.rules.answer import Answer
from lenrx.rules.filters import Finding
from lenrx.rules.order import OFF_LABEL
from tests.conftest import Ask

TYPICAL: dict[str, Any] = {
    "refractory": "lena,bort",
    "exposed": "dara",
    "prior_lines": 2,
    "egfr": 25,
    "region": "eu",
}
PATIENTS: tuple[dict[str, Any], ...] = (
    TYPICAL,
    {"refractory": "lena,pi", "egfr": 25},
    {"refractory": "lena", "exposed": "bort", "prior_lines": 1, "age": 62, "region": "us"},
    {"refractory": "lena,pom,bort,carf,dara", "prior_lines": 5, "ecog": 1, "region": "us"},
    {"refractory": "lena", "prior_lines": 1, "age": 82, "frailty": "frail", "cns": "true"},
)


def screen(answer: Answer, width: int = 80, **how: bool) -> list[str]:
    out = io.StringIO()
    draw(answer, Console(file=out, width=width, no_color=True, highlight=False), **how)
    return out.getvalue().splitlines()


def flowing(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize("fields", PATIENTS)
def test_a_typical_answer_is_read_in_four_minutes(ask: Ask, fields: dict[str, Any]) -> None:
    lines = screen(ask(**fields))
    assert len(lines) <= 51
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("how", [{}, {"verbose": True, "everything": True}])
def test_lines_keep_to_the_width(ask: Ask, width: int, how: dict[str, bool]) -> None:
    assert max(map(len, screen(ask(**TYPICAL), width, **how))) <= width


def test_the_patient_is_echoed_with_units_and_what_was_derived_is_marked(ask: Ask) -> None:
    answer = ask(
        refractory="lena",
        intolerant="bort",
        prior_lines=1,
        age=71,
        sex="female",
        weight=58,
        creatinine=1.6,
        lvef=55,
        ecog=1,
        cns="true",
        emd="false",
        cytogenetics="del17p",
        cytogenetics_absent="t(11;14)",
        comorbidities="hepatitis_b_carrier",
        region="us",
    )
    text = flowing(screen(answer))
    for words in (
        *("1 prior line,", "age 71 years", "female", "eGFR 34 mL/min/1.73 m2 (derived)"),
        *("CrCl 30 mL/min (derived)", "creatinine 1.6 mg/dL", "weight 58 kg", "LVEF 55 %"),
        *("ECOG 1", "CNS disease", "no extramedullary disease", "del17p", "no t(11;14)"),
        *("hepatitis B carrier", "stopped for toxicity: bortezomib", "US label on 2026-11-23"),
        f"catalogue {answer.catalogue.version}",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("lines", "said"), [(0, "0 prior lines."), (None, "prior lines not stated, at least 0.")]
)
def test_no_line_is_a_number_and_silence_is_none(ask: Ask, lines: int | None, said: str) -> None:
    assert said in flowing(screen(ask(prior_lines=lines))).replace("Prior", "prior")


def test_drugs_are_spelled_out_with_place_and_figure(ask: Ask) -> None:
    answer = ask(**TYPICAL)
    each = answer["DaraKd"]
    lines = screen(answer)
    place = lines.index(next(line for line in lines if line.startswith(f"{each.place} ")))
    text = flowing(lines[place:])
    assert "daratumumab + carfilzomib + dexamethasone" in text
    assert "PFS 28.4 v 15.2 (Kd), HR 0.64 (0.49-0.83), CANDOR, all enrolled" in text


def test_with_a_region_only_its_label_is_said(ask: Ask) -> None:
    text = flowing(screen(ask(**TYPICAL), verbose=True)).partition("Not open")[0]
    assert not any(words in text for words in ("us on-label", "us not-approved", "US only"))
    both = flowing(screen(ask(**{**TYPICAL, "region": None})))
    assert "EU only" in both


def warned(answer: Answer, name: str, **fields: Any) -> Answer:
    """The answer with one more finding on a regimen."""
    said = Finding("organs", "made-up", "cautions", "met", "a made-up warning")._replace(**fields)
    regimens = tuple(
        each._replace(findings=(*each.findings, said)) if each.regimen.id == name else each
        for each in answer.regimens
    )
    return replace(answer, regimens=regimens)


def test_a_serious_caution_is_spelled_out_before_the_figure_and_others_are_named_in_a_word(
    ask: Ask,
) -> None:
    answer = ask(**TYPICAL)
    lines = screen(warned(answer, "DaraKd", serious=True))
    place = next(n for n, line in enumerate(lines) if " DaraKd " in line)
    assert lines[place + 1].strip() == "! a made-up warning"
    assert "PFS" in lines[place + 2]
    named = screen(warned(answer, "DaraKd"))
    assert "a made-up warning" not in flowing(named)
    before = next(line for line in screen(answer) if line.split()[1:2] == ["DaraKd"])
    assert before.endswith("  caution: re-use")
    assert "carfilzomib + dexamethasone cautions: re-use, organs" in flowing(named)


def test_a_caution_is_named_by_what_of_the_patient_it_is_about(ask: Ask) -> None:
    text = flowing(screen(ask(refractory="lena", exposed="bort", prior_lines=2, age=82, egfr=25)))
    assert "carfilzomib + dexamethasone dose change, caution: age" in text
    assert "(BCMA CAR-T) caution: kidneys" in flowing(screen(ask(**TYPICAL)))


def test_what_ranks_before_all_that_was_studied_in_such_patients_is_never_folded(ask: Ask) -> None:
    """On dialysis after an infarction most have a serious caution, and daratumumab none."""
    answer = ask(
        refractory="lena",
        prior_lines=2,
        dialysis="true",
        comorbidities="recent_mi,hepatitis_b_resolved",
        region="eu",
    )
    first = next(e for e in answer.with_verdict("eligible") if e.key.label < OFF_LABEL)
    lines = screen(answer)
    at = next(n for n, line in enumerate(lines) if line.startswith("Open on label"))
    assert lines[at + 1].split()[:2] == [first.place, first.regimen.id]


def test_figures_are_folded_away_only_where_enough_others_have_them(ask: Ask) -> None:
    many = flowing(screen(ask(**TYPICAL)))
    assert "Studied only in other patients: " in many
    answer = ask(refractory="lena,pom,bort,carf,dara", prior_lines=5, region="us")
    few = [e for e in answer.with_verdict("eligible") if e.merit.tier < 3 and not e.key.label]
    assert ("Studied only in other patients" in flowing(screen(answer))) == (len(few) >= 5)


def test_hepatitis_viruses_are_named_as_they_are_written(ask: Ask) -> None:
    text = flowing(screen(ask(strict=True, refractory="lena", prior_lines=1), everything=True))
    assert "Hepatitis B" in text
    assert "epatitis b" not in text


def test_a_serious_caution_is_never_folded_with_those_studied_in_others(ask: Ask) -> None:
    answer = ask(**TYPICAL)
    folded = next(e.regimen.id for e in answer.with_verdict("eligible") if e.merit.tier == 3)
    assert "a made-up warning" in flowing(screen(warned(answer, folded, serious=True)))


def test_what_is_off_label_is_named_and_not_told(ask: Ask) -> None:
    answer = ask(**TYPICAL)
    off = [e.regimen.id for e in answer.with_verdict("eligible") if e.key.label == 2]
    text = flowing(screen(answer))
    head = f"Open off label {len(off)}:"
    assert set(off) <= set(text.partition(head)[2].replace("(", " ").replace(")", " ").split())


def test_what_is_not_open_is_counted_by_reason(ask: Ask) -> None:
    answer = ask(**TYPICAL)
    text = flowing(screen(answer))
    count = len(answer.with_verdict("excluded"))
    assert f"Not open {count}: bortezomib-refractory 9 (BenVd and 8 more)" in text
    assert "label: 3+ lines 5 (Elra and 4 more)" in text


def test_everything_to_arrange_is_named_with_its_regimens(ask: Ask) -> None:
    """Only what is watched stands behind a number; eye examinations are on every screen."""
    for fields in PATIENTS:
        answer = ask(**fields)
        text = flowing(screen(answer)).partition("Arrange: ")[2]
        shown = [each for each in answer.with_verdict("eligible") if each.key.label < OFF_LABEL]
        for each in shown:
            for one in each.saying("arranges", "met"):
                assert one.topics
                assert all(topic in text for topic in {*one.topics} - {*WATCHED}), one.criterion
    text = flowing(screen(ask(refractory="lena", exposed="bort", region="eu")))
    assert "eye examinations (BVd BPd)" in text
    assert "hydration (DaraKd IsaKd Kd)" in text


def test_questions_that_settle_the_same_are_asked_together(ask: Ask) -> None:
    text = flowing(
        screen(ask(refractory="lena,bort,dara", prior_lines=3, region="eu", strict=True))
    )
    assert "Then: Hepatitis B carrier? Hepatitis B resolved? bears on cilta-cel Tec " in text


def test_a_class_that_failed_is_asked_once_and_not_again_as_given(ask: Ask) -> None:
    text = flowing(screen(ask(refractory="lena,pi", egfr=25)))
    assert "Which PI? opens or closes all of these" in text
    assert "was given?" not in text
    given = flowing(screen(ask(refractory="lena", exposed="pi", egfr=25)))
    assert "Which PI was given?" in given


def test_from_the_fourth_on_a_figure_stands_behind_the_drugs_where_it_is_all_that_is_said(
    ask: Ask,
) -> None:
    lines = screen(ask(refractory="lena", exposed="bort", prior_lines=1, region="eu"))
    first = next(at for at, line in enumerate(lines) if line.startswith("1= "))
    assert "HR" not in lines[first] and "HR 0.31 (0.19-0.48)" in lines[first + 1]
    third = next(at for at, line in enumerate(lines) if line.startswith("3= "))
    assert "HR" not in lines[third]
    sixth = next(line for line in lines if line.startswith("6=  DaraVd"))
    assert sixth.endswith("PFS HR 0.44, CASTOR")


def test_what_was_stated_and_is_not_weighed_is_said(ask: Ask) -> None:
    text = flowing(screen(ask(refractory="lena", prior_lines=1, cns="true", region="eu")))
    assert "No rule on these weighs: CNS disease" in text
    without = flowing(screen(ask(refractory="lena", prior_lines=1, region="eu")))
    assert "No rule on these weighs" not in without


def test_a_medicine_that_only_other_regimens_ask_for_is_said(ask: Ask) -> None:
    text = flowing(
        screen(
            ask(refractory="lena", prior_lines=1, region="eu", medications="grapefruit, apixaban")
        )
    )
    assert "No rule on these weighs: grapefruit (all)" in text
    assert "nothing here turns on it: apixaban" in text and "weighs: apixaban" not in text


def test_intolerance_of_the_class_is_not_called_resistance(ask: Ask) -> None:
    lines = screen(ask(refractory="lena", intolerant="carf", prior_lines=2, region="us"))
    (shown,) = [line for line in lines if "DaraVd     " in line]
    assert shown.endswith("caution: intolerance")


def test_questions_on_a_label_come_first(ask: Ask) -> None:
    text = flowing(screen(ask(refractory="lena,pi", egfr=25)))
    assert "Ask first: Which PI? opens or closes all of these and 8 off label" in text
    assert text.index("Cannot be said yet, on label") < text.index("Cannot be said yet, off label")


def test_nothing_is_said_twice_in_the_long_form(ask: Ask) -> None:
    kinds = ("dose: ", "caution: ", "arrange: ")
    lines = screen(ask(**TYPICAL), 2000, verbose=True, everything=True)
    said = [line.strip() for line in lines if line.strip().startswith(kinds)]
    assert len(said) > 10
    assert len(said) == len(set(said))


def test_every_regimen_is_somewhere_in_the_long_form(ask: Ask) -> None:
    answer = ask(**TYPICAL)
    words = set(flowing(screen(answer, verbose=True, everything=True)).replace(":", " ").split())
    assert {each.regimen.id for each in answer.regimens} <= words


def test_texts_are_cut_where_a_reader_would() -> None:
    assert gist("frail or ECOG 3 or worse (cut-off): toxic") == "frail or ECOG 3 or worse"
    assert gist("short, and whole") == "short, and whole"
    assert gist(f"{'long ' * 8}, {'longer ' * 8}") == ("long " * 8)
    assert cut(list("abcde")) == "a b c d e"
    assert cut(list("abcdef")) == "a b c d and 2 more"
    assert some(["a", "b", "c"], 2, ", ") == "a, b, c"
    assert some(["a", "b", "c", "d"], 2, ", ") == "a, b; 2 more: -v"


def test_an_open_regimen_that_a_label_contraindicates_says_so_beside_its_name(ask: Ask) -> None:
    text = flowing(
        screen(ask(refractory="lena", prior_lines=2, comorbidities="breastfeeding", sex="female"))
    )
    assert "carfilzomib + dexamethasone contraindicated by the EU label" in text
    in_us = flowing(
        screen(ask(refractory="lena", prior_lines=2, comorbidities="breastfeeding", region="us"))
    )
    assert "contraindicated" not in in_us.partition("Open off label")[0]


def test_what_both_labels_warn_of_is_said_once(ask: Ask) -> None:
    answer = ask(refractory="lena", prior_lines=2, comorbidities="pregnancy", sex="female")
    warned = [one for one in answer["Kd"].findings if one.criterion.startswith("carfilzomib-preg")]
    assert [one.status for one in warned] == ["met", "met"]
    said = [words for words in serious_cautions(answer["Kd"]) if words.startswith("carfilzomib")]
    assert len(said) == 1
    assert said[0].endswith("; another label warns too")
    one = ask(refractory="lena", prior_lines=2, comorbidities="pregnancy", region="us")
    assert not any("another label" in words for words in serious_cautions(one["Kd"]))
