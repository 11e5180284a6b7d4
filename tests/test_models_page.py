"""The published patients: they are those of the sourced vignettes; the score is as printed."""

from __future__ import annotations

import json
import os
import re
import runpy
from pathlib import Path
from typing import Any

from lenrx.catalogue.loading import Catalogue
from lenrx.patient.patient import parse_patient
from lenrx.report import as_json
from lenrx.report.schemas.published import DOCUMENTS
from lenrx.rules.assessment import assess
from tests.rules.test_vignettes import VIGNETTES
from tests.vignettes import TODAY

PAGES = Path(__file__).parents[1] / "docs" / "models"
SCORER = runpy.run_path(str(PAGES / "score.py"))
LEAST, LEAST_ASKED = 60, 15
Data = dict[str, Any]


def published() -> list[Data]:
    """The vignettes with a source of their own that say what is open, is not, or must be asked."""
    sourced = [
        each
        for each in VIGNETTES
        if each.get("source")
        and not {"options", "error"} & each.keys()
        and "treatments" not in each["patient"]
    ]
    decided = [each for each in sourced if each.get("eligible") or each.get("excluded")]
    # Behind the others, whose ids they would move.
    asking = [each for each in sourced if each.get("asks") and each not in decided]
    chosen = [*decided, *asking]
    return [_line(f"p{at:03d}", each) for at, each in enumerate(chosen, start=1)]


def _line(name: str, vignette: Data) -> Data:
    because = vignette.get("because", {})
    before = vignette.get("before", {})
    missing = vignette.get("not_yet", {})
    pairs = {
        first: sorted({*_listed(before.get(first)), *_listed(missing.get("before", {}).get(first))})
        for first in sorted({*before, *missing.get("before", {})})
    }
    return {
        "id": name,
        "situation": vignette["name"],
        "patient": {**vignette["patient"], "as_of": vignette["patient"].get("as_of", TODAY)},
        "must_be_open": vignette.get("eligible", []),
        "must_not_be_open": {each: because.get(each, "") for each in vignette.get("excluded", [])},
        "must_stand_before": pairs,
        "must_be_asked": vignette.get("asks", []),
        "source": " ".join(str(vignette["source"]).split()),
    }


def _listed(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else [*(names or ())]


def test_the_set_is_that_of_the_vignettes() -> None:
    text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in published())
    path = PAGES / "patients.jsonl"
    if os.environ.get("LENRX_WRITE_DOCS"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
    assert len(published()) >= LEAST
    assert sum(bool(each["must_be_asked"]) for each in published()) >= LEAST_ASKED
    for each in published():
        DOCUMENTS["patient"].model_validate(each["patient"])


def test_the_score_of_lenrx_is_the_one_on_the_page(catalogue: Catalogue) -> None:
    answers = []
    for each in published():
        stated = dict(each["patient"])
        answer = assess(catalogue, parse_patient(stated, catalogue))
        document = as_json.document(answer, detail="reasons")
        answers.append(SCORER["as_answer"](each["id"], document))
    score = "\n".join(SCORER["report"](answers))
    page = PAGES / "README.md"
    shown = re.compile(r"(<!-- score -->\n```text\n)(.*?)(\n```)", re.DOTALL)
    if os.environ.get("LENRX_WRITE_DOCS"):
        text = page.read_text(encoding="utf-8")
        page.write_text(shown.sub(lambda m: m[1] + score + m[3], text), encoding="utf-8")
    found = shown.search(page.read_text(encoding="utf-8"))
    assert found
    assert found[2] == score


def test_an_answer_that_is_missing_or_wrong_scores_nothing() -> None:
    expected = {
        "id": "p",
        "must_be_open": ["A"],
        "must_not_be_open": {"B": "kidney"},
        "must_stand_before": {"A": ["C"]},
        "must_be_asked": ["lvef"],
    }
    judged = SCORER["judged"]
    assert not any(holds for *_, holds in judged(expected, {}))
    right = {"open": ["A", "C"], "not_open": {"B": "Kidneys: below 30"}, "ask": ["lvef"]}
    assert all(holds for *_, holds in judged(expected, right))
    wrong = {"open": ["C", "B", "A"], "not_open": {}, "ask": []}
    assert [holds for *_, holds in judged(expected, wrong)] == [True, False, False, False, False]
