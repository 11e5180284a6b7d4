"""Headline figures pinned together with their PMID: nobody edits one without the other."""

from __future__ import annotations

import pytest

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.records import Evidence

PINNED = [
    ("DaraKd", "CANDOR", "ITT", "median_pfs_months", 28.4, 15.2, "0.64", "37163358"),
    ("DaraKd", "CANDOR", "len-refractory", "median_os_months", "NR", 38.2, "0.69", "37163358"),
    ("DaraVd", "CASTOR", "len-refractory", "median_pfs_months", 7.8, 4.9, "0.44", "32482541"),
    ("DaraVd", "CASTOR", "ITT", "median_pfs_months", 16.7, 7.1, "0.31", "32482541"),
    ("DaraVd", "CASTOR", "ITT", "median_os_months", 49.6, 38.5, "0.74", "36413710"),
    ("DaraVd", "LEPUS", "ITT", "median_pfs_months", 14.8, 6.3, "0.35", "36402700"),
    ("IsaKd", "IKEMA", "ITT", "median_pfs_months", 35.7, 19.2, "0.58", "37156782"),
    ("IsaPd", "ICARIA-MM", "len-exposed", "median_os_months", 24.6, 17.7, "0.78", "38299578"),
    ("DaraRd", "POLLUX", "ITT", "median_pfs_months", 44.5, 17.5, "0.44", "32001798"),
    ("EloPd", "ELOQUENT-3", "len-exposed", "median_os_months", 29.8, 17.4, "0.59", "35960908"),
    ("Kd", "ENDEAVOR", "ITT", "median_os_months", 47.8, 38.8, "0.76", "31160237"),
    ("KCd", "GEM-KyCyDex", "len-refractory", "median_pfs_months", 18.4, 11.3, None, "37102598"),
    ("IxaPd", "Alliance A061202", "len-refractory", "orr_percent", 63.2, 43.6, None, "39058954"),
    ("Tec", "MajesTEC-1", "triple-class-exposed", "orr_percent", 63.0, None, None, "35661166"),
]


@pytest.mark.parametrize("pinned", PINNED, ids=lambda pinned: "-".join(map(str, pinned[:4])))
def test_headline_figure(
    catalogue: Catalogue, pinned: tuple[str, str, str, str, object, object, object, str]
) -> None:
    regimen, trial, population, endpoint, value, against, hr, pmid = pinned

    def wanted(row: Evidence) -> bool:
        return (row.trial, row.population, row.endpoint) == (trial, population, endpoint)

    rows = [row for row in catalogue.regimens[regimen].evidence if wanted(row)]
    cited = [row for row in rows if catalogue.sources[row.source].pmid == pmid]
    assert (value, against, hr) in [(row.value, row.comparator_value, row.hr) for row in cited]
