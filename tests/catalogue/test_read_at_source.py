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
]
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
]


@pytest.mark.parametrize(("drug", "rule", "source"), RULES, ids=[rule for _, rule, _ in RULES])
def test_rule_read_in_a_label(catalogue: Catalogue, drug: str, rule: str, source: str) -> None:
    (found,) = [each for each in catalogue.drugs[drug].rules if each.id == rule]
    assert (found.source, found.verified, catalogue.sources[source].seen) == (
        source,
        "label",
        "label",
    )


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
