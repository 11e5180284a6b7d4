"""The patients whose pages are looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "docs" / "example"
TODAY = "2026-11-23"

PATIENTS: dict[str, dict[str, Any]] = {
    "first_relapse": {
        "refractory": ["lenalidomide"],
        "prior_lines": 1,
        "age": 66,
        "egfr": 70,
        "region": "eu",
    },
    "triple_class_refractory": {
        "refractory": ["lenalidomide", "pomalidomide", "bortezomib", "carfilzomib", "daratumumab"],
        "prior_lines": 4,
        "age": 71,
        "ecog": 1,
        "lvef": 55,
    },
    "dialysis": {
        "refractory": ["lenalidomide", "bortezomib"],
        "exposed": ["daratumumab"],
        "prior_lines": 2,
        "dialysis": True,
        "age": 74,
        "region": "us",
    },
    "cns_and_emd": {
        "refractory": ["lenalidomide", "bortezomib", "daratumumab"],
        "prior_lines": 3,
        "cns": True,
        "emd": True,
        "cytogenetics": ["del17p", "t(4;14)"],
        "age": 59,
        "region": "eu",
    },
    "ill_and_history_unknown": {
        "refractory": ["lenalidomide"],
        "exposed": ["bortezomib", "daratumumab", "pomalidomide"],
        "history": "unknown",
        "prior_lines": 2,
        "age": 81,
        "ecog": 2,
        "egfr": 28,
        "lvef": 42,
        "platelets": 60,
        "anc": 1.1,
        "hepatic": "mild",
        "neuropathy_grade": 2,
        "frailty": "frail",
        "emd": True,
        "cytogenetics": ["del17p", "t(4;14)", "1q_gain"],
        "comorbidities": [
            "hepatitis_b_carrier",
            "copd",
            "heart_failure",
            "arrhythmia",
            "prior_stroke",
            "autoimmune_disease",
            "prior_vte",
        ],
        "medications": ["clarithromycin", "warfarin", "phenytoin", "simvastatin", "ciprofloxacin"],
    },
    "nothing_known": {},
}
