"""The self-test: the whole deck against what is said, counted by regimen, with clause coverage."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from lenrx.catalogue.loading import Catalogue
from lenrx.curation.deck.cases import DeckCase, cases, typical_cases
from lenrx.curation.deck.comparison import Outcome, answer, outcome
from lenrx.curation.deck.criteria import Criterion, criteria
from lenrx.curation.deck.typical import Typical, typical

