"""What label clauses in force ask for, in words."""

from __future__ import annotations

from lenrx.catalogue.loading import Catalogue
from lenrx.rules.labels import label_words


def test_clauses_that_ask_the_same_are_said_once(catalogue: Catalogue) -> None:
    us = [each for each in catalogue.regimens["DaraVd"].labels if each.region == "us"]
    assert len(us) > 1
    assert label_words(us) == "inside the label (us: at least 1 prior therapy)"


def test_clauses_of_two_regions_are_said_apart(catalogue: Catalogue) -> None:
    clause = catalogue.regimens["DaraVd"].labels[0]
    other = clause._replace(region="eu", says="anybody")
    expected = "inside the label (us: at least 1 prior therapy; eu: anybody)"
    assert label_words([clause, other]) == expected


def test_without_a_clause_it_says_so() -> None:
    assert label_words([]) == "inside the label (none for this combination is in force)"
