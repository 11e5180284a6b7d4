"""Closed vocabularies that the rules branch on.

Words are the field's own; anything that needs a citation lives in the catalogue, not here.
"""

from __future__ import annotations

from typing import Final, Literal

Truth = bool | None
"""Kleene's three values: met, not met, and None for unknown."""

Verdict = Literal["eligible", "conditional", "excluded"]
Detail = Literal["brief", "reasons", "full"]
"""How much an answer in JSON tells: what decides, with its reasons, or every criterion."""
Effect = Literal[
    "excludes", "requires", "cautions", "adjusts", "confirms", "prefers", "arranges", "notes"
]
Topic = Literal[
    "G-CSF",
    "PJP prophylaxis",
    "REMS",
    "T-cell collection",
    "ask about allergies",
    "anthracycline total",
    "antiemetics",
    "blood counts",
    "blood typing",
    "central line",
    "close to the centre",
    "check contraindications",
    "diarrhoea plan",
    "dose check",
    "earlier response",
    "eye examinations",
    "hepatitis B serology",
    "hydration",
    "immunoglobulins",
    "how to take it",
    "no live vaccines",
    "liver enzymes",
    "lung function",
    "medication review",
    "neuropathy checks",
    "next step",
    "pregnancy prevention",
    "premedication",
    "response assay",
    "watch for second cancers",
    "step-up admission",
    "thromboprophylaxis",
    "washout and bridging",
    "zoster prophylaxis",
]
"""What has to be arranged, in the fewest words."""
WATCHED: Final[tuple[Topic, ...]] = (
    "ask about allergies",
    "anthracycline total",
    "check contraindications",
    "diarrhoea plan",
    "dose check",
    "earlier response",
    "how to take it",
    "liver enzymes",
    "medication review",
    "premedication",
    "response assay",
    "watch for second cancers",
)
"""What is looked at with the patient or later; the others need somebody else before the start."""
Status = Literal["met", "not met", "unknown"]
FilterName = Literal[
    "resistance",
    "indication",
    "biology",
    "organs",
    "interactions",
    "sequencing",
    "availability",
]
Approval = Literal[
    "on-label", "off-label", "not-approved", "withdrawn", "investigational", "unknown"
]
Role = Literal["backbone", "partner", "tolerated", "steroid"]
Intensity = Literal["oral", "infusion", "step-up", "cellular", "intensive"]
Region = Literal["us", "eu"]
Verified = Literal["abstract", "fulltext", "registry", "label", "secondary"]
Design = Literal["randomised", "single-arm", "retrospective", "pooled", "indirect"]

VERDICTS: Final[tuple[Verdict, ...]] = ("eligible", "conditional", "excluded")
REGIONS: Final[tuple[Region, ...]] = ("us", "eu")

DRUG_CLASSES: Final = (
    "IMiD",
    "PI",
    "anti-CD38",
    "anti-SLAMF7",
    "alkylator",
    "anthracycline",
    "platinum",
    "topoisomerase-II inhibitor",
    "nitrosourea",
    "antimetabolite",
    "vinca alkaloid",
    "HDAC inhibitor",
    "XPO1 inhibitor",
    "BCL-2 inhibitor",
    "BCMA ADC",
    "BCMA CAR-T",
    "BCMA bispecific",
    "GPRC5D bispecific",
    "CELMoD",
    "corticosteroid",
)

CLASS_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "BCMA": ("BCMA ADC", "BCMA CAR-T", "BCMA bispecific"),
    "CAR-T": ("BCMA CAR-T",),
    "bispecific": ("BCMA bispecific", "GPRC5D bispecific"),
}
"""Words a chart uses that cover several classes."""
TARGETS: Final = ("BCMA",)
"""Those of them that are a target: classes that share it."""

CLASS_ALIASES: Final[dict[str, str]] = {
    "imids": "IMiD",
    "immunomodulator": "IMiD",
    "immunomodulatory drug": "IMiD",
    "proteasome inhibitor": "PI",
    "pis": "PI",
    "cd38": "anti-CD38",
    "anticd38": "anti-CD38",
    "cd38 antibody": "anti-CD38",
    "anti cd38 antibody": "anti-CD38",
    "anti cd38 mab": "anti-CD38",
    "cd38 mab": "anti-CD38",
    "slamf7": "anti-SLAMF7",
    "alkylating agent": "alkylator",
    "alkylators": "alkylator",
    "steroid": "corticosteroid",
    "steroids": "corticosteroid",
    "glucocorticoid": "corticosteroid",
    "adc": "BCMA ADC",
    "cart": "CAR-T",
    "car t": "CAR-T",
    "car t cell": "CAR-T",
    "bispecifics": "bispecific",
    "bispecific antibody": "bispecific",
    "bsab": "bispecific",
    "gprc5d": "GPRC5D bispecific",
    "xpo1": "XPO1 inhibitor",
    "hdac": "HDAC inhibitor",
    "bcl2": "BCL-2 inhibitor",
    "bcl 2": "BCL-2 inhibitor",
    "anti bcma": "BCMA",
}

CYTOGENETICS: Final = (
    "del17p",
    "t(4;14)",
    "t(14;16)",
    "t(14;20)",
    "1q gain",
    "1q amp",
    "t(11;14)",
    "del1p",
    "TP53",
)

_GAIN, _AMP, _DEL17, _DEL1 = "1q gain", "1q amp", "del17p", "del1p"
CYTOGENETIC_ALIASES: Final[dict[str, str]] = {
    **dict.fromkeys(("1q", "1q21", "gain1q", "gain1q21", "dup1q", "1q21gain", "1qgain3"), _GAIN),
    **dict.fromkeys(("amp1q", "amp1q21", "1q21amp", "amplification1q"), _AMP),
    **dict.fromkeys(("17p", "del17p13", "17pdel", "deletion17p", "17pdeletion"), _DEL17),
    **dict.fromkeys(("1p", "del1p32", "1pdel", "deletion1p"), _DEL1),
    **dict.fromkeys(("t414", "igh414"), "t(4;14)"),
    **dict.fromkeys(("t1114",), "t(11;14)"),
    **dict.fromkeys(("t1416",), "t(14;16)"),
    **dict.fromkeys(("t1420",), "t(14;20)"),
    **dict.fromkeys(("p53", "tp53mutation", "tp53mutated", "tp53mut"), "TP53"),
}
"""Usual spellings of a marker: letters and digits only."""
SIGNED: Final = ("17p-", "1p-", "1q+", "1q21+", "+1q", "+1q21")
"""Spellings of which a sign is a part; with any other sign before or behind, it is another word."""

COMORBIDITIES: Final = (
    "heart_failure",
    "recent_mi",
    "unstable_angina",
    "uncontrolled_hypertension",
    "arrhythmia",
    "bradycardia",
    "qt_prolongation",
    "copd",
    "interstitial_lung_disease",
    "pulmonary_hypertension",
    "prior_vte",
    "prior_stroke",
    "thrombotic_microangiopathy",
    "hepatitis_b_carrier",
    "hepatitis_b_resolved",
    "hepatitis_c",
    "hiv",
    "active_infection",
    "hypogammaglobulinemia",
    "corneal_disease",
    "parkinsonism",
    "hearing_impairment",
    "uncontrolled_diabetes",
    "hyponatremia",
    "autoimmune_disease",
    "amyloidosis",
    "prior_allogeneic_transplant",
    "pregnancy",
    "breastfeeding",
)

ENDPOINTS: Final[dict[str, str]] = {
    "median_pfs_months": "median PFS, months",
    "pfs_hr": "PFS hazard ratio",
    "median_os_months": "median OS, months",
    "os_hr": "OS hazard ratio",
    "orr_percent": "overall response, %",
    "vgpr_or_better_percent": "VGPR or better, %",
    "cr_or_better_percent": "CR or better, %",
    "mrd_negative_percent": "MRD negative, %",
    "mrd_negative_cr_percent": "MRD negative and CR, %",
    "median_dor_months": "median response duration, months",
    "median_pfs2_months": "median PFS2, months",
    "median_ttnt_months": "median time to next treatment, months",
    "pfs_rate_percent": "PFS rate, %",
    "os_rate_percent": "OS rate, %",
    "dor_rate_percent": "still responding, %",
    "renal_response_percent": "renal response, %",
}
