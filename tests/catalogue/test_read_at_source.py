"""Rules and positions that rested on a report are pinned to the source in which they were read."""

from __future__ import annotations

import pytest

from lenrx.catalogue.loading import Catalogue

RULES = [
    ("elranatamab", "elranatamab-breastfeeding-eu", "page-rxreasoner-elranatamab"),
    ("elranatamab", "elranatamab-live-vaccines", "page-rxreasoner-elranatamab"),
    ("elranatamab", "elranatamab-cyp", "page-rxreasoner-elranatamab"),
    ("elranatamab", "elranatamab-live-vaccine", "page-rxreasoner-elranatamab"),
    ("teclistamab", "teclistamab-hbv", "page-rxreasoner-teclistamab"),
    ("teclistamab", "teclistamab-cyp", "page-rxreasoner-teclistamab"),
    ("talquetamab", "talquetamab-cyp", "page-rxreasoner-talquetamab"),
    ("talquetamab", "talquetamab-pregnancy", "page-rxreasoner-talquetamab"),
    ("talquetamab", "talquetamab-step-up-eu", "page-janssen-pi-talvey"),
    ("etoposide", "etoposide-renal-below-15", "page-rxreasoner-etoposide"),
    ("etoposide", "etoposide-ciclosporin", "page-rxreasoner-etoposide"),
    ("etoposide", "etoposide-phenytoin", "page-rxreasoner-etoposide"),
    ("venetoclax", "venetoclax-inducer-eu", "label-eu-venclyxto-precautions"),
    ("venetoclax", "venetoclax-st-johns-wort-eu", "label-eu-venclyxto-precautions"),
    ("venetoclax", "venetoclax-renal-severe-eu", "label-eu-venclyxto-precautions"),
    ("venetoclax", "venetoclax-no-indication", "fda-venclexta-201903"),
    ("pomalidomide", "pomalidomide-heart-eu", "page-gov-uk-mhra-pomalidomide"),
    ("pomalidomide", "pomalidomide-lung-eu", "page-gov-uk-mhra-pomalidomide"),
    ("pomalidomide", "pomalidomide-thrombosis", "label-us-pomalyst-isi-2017"),
    ("melphalan", "melphalan-renal-30-50-eu", "label-eu-melphalan-precautions"),
    ("daratumumab", "daratumumab-pregnancy", "label-eu-darzalex-46-it"),
    ("daratumumab", "daratumumab-premedication", "label-us-darzalex"),
    ("isatuximab", "isatuximab-premedication-eu", "label-eu-sarclisa-2023"),
    ("teclistamab", "teclistamab-premedication-eu", "label-eu-tecvayli"),
    ("elranatamab", "elranatamab-premedication-eu", "label-eu-elrexfio-precautions"),
    ("linvoseltamab", "linvoseltamab-premedication-us", "label-us-lynozyfic"),
    ("linvoseltamab", "linvoseltamab-premedication-eu", "label-eu-lynozyfic-usage"),
    ("talquetamab", "talquetamab-premedication-us", "label-us-talvey-2024"),
    ("talquetamab", "talquetamab-premedication-eu", "label-eu-talvey"),
    ("carfilzomib", "carfilzomib-premedication", "label-th-kyprolis-dosage"),
    ("bortezomib", "bortezomib-heart-failure", "label-us-bortezomib-cardiac"),
    ("thalidomide", "thalidomide-thrombosis", "label-us-thalomid-boxed"),
    ("thalidomide", "thalidomide-arterial", "page-pill2trip-thalomid"),
    ("thalidomide", "thalidomide-bradycardia", "page-pill2trip-thalomid"),
    ("belantamab-mafodotin", "belantamab-eye-exam-eu", "page-gskpro-blenrep"),
    ("belantamab-mafodotin", "belantamab-corneal", "fda-blenrep-202510"),
    ("belantamab-mafodotin", "belantamab-prior-bcma", "fda-blenrep-202510"),
]
US_TEXT = [
    ("median_pfs_months", (3.6, 1.8, "0.45", ("0.35", "0.59"))),
    ("median_os_months", (12.4, 8.0, "0.70", ("0.54", "0.92"))),
]
"""MM-003 in the US text of pomalidomide: both arms, the ratio and its interval."""
POSITIONS = [
    ("BVd", "NICE 2025 (draft guidance)", "page-nice-bvd-2025"),
    ("Tec", "NICE 2024 (teclistamab)", "page-medicalupdate-nice-teclistamab"),
    ("Elra", "NICE 2024 (elranatamab)", "page-medthority-nice-elranatamab"),
]
REWORDED = [
    ("venetoclax", "venetoclax-renal-severe-eu", "below 15 or on dialysis the text names no dose"),
    ("pomalidomide", "pomalidomide-lung-eu", "pomalidomide can cause it"),
    ("pomalidomide", "pomalidomide-thrombosis", "an earlier thrombosis adds to the risk (US)"),
    ("talquetamab", "talquetamab-pregnancy", "not recommended in pregnancy"),
    ("daratumumab", "daratumumab-premedication", "1 to 3 h before every dose"),
    ("isatuximab", "isatuximab-premedication-eu", "15 to 60 min before the infusion"),
    ("teclistamab", "teclistamab-premedication-us", "1 to 3 h before the doses of the step-up"),
    ("elranatamab", "elranatamab-premedication-us", "1 h before the first three doses"),
    ("talquetamab", "talquetamab-premedication-us", "1 to 3 h before every step-up dose"),
    ("carfilzomib", "carfilzomib-premedication", "30 min to 4 h before every dose of cycle 1"),
]


@pytest.mark.parametrize(("drug", "rule", "source"), RULES, ids=[rule for _, rule, _ in RULES])
def test_rule_read_in_a_label(catalogue: Catalogue, drug: str, rule: str, source: str) -> None:
    (found,) = [each for each in catalogue.drugs[drug].rules if each.id == rule]
    assert (found.source, found.verified, catalogue.sources[source].seen) == (
        source,
        "label",
        "label",
    )


@pytest.mark.parametrize(("endpoint", "figures"), US_TEXT)
def test_mm_003_read_in_the_us_text(
    catalogue: Catalogue, endpoint: str, figures: tuple[object, ...]
) -> None:
    source = "page-pomalysthcp-mm-003"
    (row,) = [
        each
        for each in catalogue.regimens["Pd"].evidence
        if (each.source, each.endpoint) == (source, endpoint)
    ]
    assert (row.value, row.comparator_value, row.hr, row.ci95) == figures
    assert (row.n, row.verified, catalogue.sources[source].seen) == (455, "label", "label")


@pytest.mark.parametrize(("regimen", "guideline", "source"), POSITIONS)
def test_position_read_in_its_own_words(
    catalogue: Catalogue, regimen: str, guideline: str, source: str
) -> None:
    (found,) = [e for e in catalogue.regimens[regimen].positions if e.guideline == guideline]
    assert (found.source, found.verified) == (source, "fulltext")


@pytest.mark.parametrize(("drug", "rule", "words"), REWORDED, ids=[r for _, r, _ in REWORDED])
def test_rule_says_what_the_source_says(
    catalogue: Catalogue, drug: str, rule: str, words: str
) -> None:
    (found,) = [each for each in catalogue.drugs[drug].rules if each.id == rule]
    assert words in found.because
