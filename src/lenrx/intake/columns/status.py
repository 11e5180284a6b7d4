"""Words for how a drug fared, in a column of one drug: each says one thing, or names both.

`given` says nothing of whether the drug failed, nor `intolerant`: where a column asks that, such
a word is neither its yes nor its no.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from lenrx.catalogue.fields import DRUGGED
from lenrx.intake.cells import CellError
from lenrx.intake.cells.base import bare, plain_text
from lenrx.intake.cells.marks import mark
from lenrx.intake.cells.reasons import is_toxicity
from lenrx.intake.columns.column import Column

_STATED: Final[Mapping[str, Mapping[str, bool]]] = {
    "given": {"exposed": True},
    "naive": {"exposed": False},
    "refractory": {"exposed": True, "refractory": True},
    "sensitive": {"exposed": True, "refractory": False},
    "not refractory": {"refractory": False},
    "intolerant": {"exposed": True, "intolerant": True},
    "tolerated": {"exposed": True, "intolerant": False},
    "not intolerant": {"intolerant": False},
}
"""What each status states, list by list; of the other lists it says nothing."""
_WORDS: Final = {
    "given": "exposed|given|received|treated|administered|had|expuesto|expuesta|recibido|exponiert"
    "|erhalten|gegeben|expose|exposee|recu|esposto|ricevuto",
    "naive": "naive|naiv|unexposed|not exposed|non-exposed|never exposed|never given|not given"
    "|never received|not received|untreated|not treated|never had|not had|nie erhalten"
    "|nicht exponiert|no expuesto|nunca recibio|non expose|non esposto|jamais recu",
    "sensitive": "sensitive|sens|sensible|sensibel|responsive|responding|still sensitive",
    "intolerant": "intolerant|intolerance|intolerante|intollerante|toxicity|stopped for toxicity"
    "|allergy|allergic|allergic reaction|severe allergy|allergy to it|anaphylaxis|anaphylactic"
    "|anaphylactic reaction|anaphylactic shock|hypersensitivity|hypersensitive|not tolerated"
    "|poorly tolerated|allergie|allergisch|allergische reaktion|anaphylaxie|anaphylaktisch"
    "|uberempfindlich|uberempfindlichkeit|unvertraglichkeit|unvertraglich|nicht vertragen"
    "|intoleranz|alergia|alergico|alergica|reaccion alergica|anafilaxia|hipersensibilidad"
    "|intolerancia|no tolerado|no tolerada|mal tolerado|allergique|reaction allergique"
    "|anaphylaxie|hypersensibilite|mal tolere|non tolere|allergia|allergico|allergica"
    "|reazione allergica"
    "|anafilassi|ipersensibilita|intolleranza|non tollerato|non tollerata|alergia|anafilaxia"
    "|intoleranza|hipersensibilidade|nao tolerado"
    "|stopped for tox|discontinued for toxicity|stopped due to toxicity"
    "|discontinued due to toxicity",
    "tolerated": "tolerated|tolerating|well tolerated",
    "not intolerant": "not intolerant|no intolerance|no toxicity",
    "refractory": "failed|failure",
}
_STATUS: Final = {word: status for status, words in _WORDS.items() for word in words.split("|")}
_UNDECIDED: Final = {
    "given": "given and not refractory, or given and not known whether refractory",
    "refractory": "stopped as it failed, and not for toxicity, or for both",
    "sensitive": "stopped for toxicity or still tolerated",
    "intolerant": "stopped for toxicity and not refractory, or not known whether refractory",
    "tolerated": "tolerated and not refractory, or not known whether refractory",
    "not refractory": "given and not refractory, or never given",
    "not intolerant": "given and tolerated, or never given",
}
"""Two readings of a status in a column that asks another list."""


def stated_by(status: str, field: str) -> Mapping[str, bool]:
    """What a status states in a column of a list; a drug never given did not fail there either."""
    return {field: False, **_STATED[status]} if status == "naive" else _STATED[status]


@lru_cache(4_000)
def status_of(text: str, column: Column) -> str | None:
    """How the drug of a column fared, where its cell is a word for that; None where it is none.

    Raises CellError where the word does not say what its column asks.
    """
    if column.field not in DRUGGED:
        return None
    plain = plain_text(text).strip()
    word = plain.strip("[]() .")
    status = _STATUS.get(bare(word)) or _by_mark(word)
    if status is None:
        if column.field == "exposed" and is_toxicity(bare(word)):
            raise CellError(_BORNE_OR_NOT, text.strip())
        return _beside_more(plain, column)
    stated = _STATED[status]
    if column.field in stated or stated == {"exposed": False}:
        return status
    reason = f"may say {_UNDECIDED[status]}: write yes or no, or state values: in the map"
    raise CellError(reason, text.strip())


_BORNE_OR_NOT: Final = (
    "names a toxicity: the drug may have been stopped for it (write intolerant), or gone on with "
    "(write given)"
)
_DATE: Final = re.compile(r"[ (,]*(?:\d\d?[./-]){0,2}(?:19|20)\d\d\)?$")
_MORE: Final = (
    "says how the drug fared beside more words; write the word alone, or values: in the map"
)


def _beside_more(plain: str, column: Column) -> str | None:
    """A status with its date; with other words it is an error, for they may change it."""
    alone = _DATE.sub("", plain)
    if alone and alone != plain:
        return status_of(alone, column)
    parts = [each.strip() for each in re.split(r"[()\[\],;:/]| - ", plain) if each.strip()]
    each_says = [_part(each, column) for each in parts]
    telling = {*each_says} - {"given"} or {*each_says}
    if len(parts) > 1 and len(telling) == 1 and None not in telling:
        return status_of(parts[each_says.index(telling.pop())], column)
    words = [each for each in re.split(r"[^a-z-]+", bare(plain)) if each]
    if len(words) > 1 and any(each in _STATUS or _by_mark(each) for each in words):
        raise CellError(_MORE, plain)
    return None


def _part(text: str, column: Column) -> str | None:
    """What one of several words says; a yes of what is asked, that the drug was given."""
    if column.field in ("exposed", "intolerant") and mark(text) == "yes":
        return "given"
    return _STATUS.get(bare(text)) or _by_mark(text)


def _by_mark(word: str) -> str | None:
    found = mark(word) if len(word) > 1 else None
    return {"resisted": "refractory", "unresisted": "not refractory"}.get(found or "")
