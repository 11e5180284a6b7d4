"""Names of columns: which field a header may name, how near, and whether it says no of it.

A yes in a column whose name says no, not or without says that something is not so: only a map can
say what its cells mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

from lenrx.catalogue.fields import DECLARED, NUMERIC
from lenrx.catalogue.units import find
from lenrx.intake.columns.headers import in_brackets, parts
from lenrx.patient.patient import FIELDS, known_field

_NEAR: Final = 0.85
_SLIP: Final = 0.8
"""Of one word."""
_LONG: Final = 5
"""Letters from which a name can be near another by chance no more."""
_WITH_UNIT: Final = {"cr": "creatinine", "crea": "creatinine", "krea": "creatinine"}
"""Names that mean a field only with its unit beside: CR is a complete response too."""


LACKS_UNIT: Final = (
    "may be creatinine, and CR a complete response: map it to creatinine with unit: mg/dL or umol/L"
)


def lacks_unit(name: str) -> bool:
    """Whether a name means a field only with its unit, and has none."""
    return folded(name) in _WITH_UNIT and not _without_unit(name)


def meant(name: str) -> str:
    """The one field that a header names or is a slip of; empty where it may be another thing."""
    words = folded(name).split()
    if lacks_unit(name) or aside(name) or negated(words) or elsewhere(words):
        return ""
    fields = {field for _, field, _ in named(name)}
    if len(fields) == 1:
        return fields.pop()
    own = [each for each in names() if _is_short_slip(folded(name), each)]
    return names()[own[0]] if not fields and len(own) == 1 else ""


def _is_short_slip(word: str, of: str) -> bool:
    """Whether a word is a name of four letters with two swapped, or with one more."""
    if len(of) != _LONG - 1 or word[:1] != of[0]:
        return False
    return sorted(word) == sorted(of) or _ratio(word, of) >= _NEAR


@lru_cache(4_000)
def named(name: str) -> list[tuple[float, str, str]]:
    """How near, which field and why, for every field that a header may name."""
    field = known_field(name)
    if field:
        return [(0 if field == name else 1, field, "by its name")]
    spellings = {folded(name), *_without_unit(name)} - {""}
    exact = [names()[each] for each in spellings if each in names()]
    exact += [_WITH_UNIT[each] for each in _without_unit(name) if each in _WITH_UNIT]
    if exact:
        return [(2, field, "by its name") for field in dict.fromkeys(exact)]
    return [
        (3 + 1 - ratio, known, f"by its name, near {alias!r}")
        for alias, known in names().items()
        if len(alias) >= _LONG
        and (ratio := max((_ratio(each, alias) for each in spellings), default=0.0)) >= _NEAR
        and any(_near(each, alias) for each in spellings)
    ]


def _near(name: str, alias: str) -> bool:
    """Whether a name differs by slips inside its words alone: none more, none less, none short.

    A word is understood or it is not: `no dialysis` is near `on dialysis`, and is its opposite.
    """
    words, others = name.split(), alias.split()
    if name.replace(" ", "") == alias.replace(" ", ""):
        return True
    if len(words) != len(others):
        return False
    return all(
        one == other
        or (
            min(len(one), len(other)) >= _LONG
            and _is_slip(one, other)
            and _ratio(one, other) >= _SLIP
        )
        for one, other in zip(words, others, strict=True)
    )


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """Every known column name, folded, and its field; a field's own name first."""
    own = {field.replace("_", " "): field for field in FIELDS}
    return own | {name: field for field, each in DECLARED.items() for name in each.columns}


def _without_unit(name: str) -> set[str]:
    """The names that are left of a header when what is a unit of some field is taken away."""
    return {folded(each.name) for each in parts(name) if _is_unit(each.unit)}


@lru_cache(4_000)
def _is_unit(text: str) -> bool:
    every = (kind.measures for kind in NUMERIC.values() if not kind.whole)
    return any(find(text, each, header=True) for each in every)


@lru_cache(8_000)
def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < _NEAR or matcher.quick_ratio() < _NEAR:
        return 0.0
    return matcher.ratio()


NUMBER_SIGN: Final = re.compile("(?<![^\\W_])[nN][\u00ba\u00b0]")
"""No. as Spanish and French write it: without its sign it would be a no."""


def folded(name: str) -> str:
    """Words without case, accents, signs and what stands in parentheses."""
    name = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", name.replace("ß", "ss"))
    name = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", NUMBER_SIGN.sub("n ", name))
    apart = "".join(each for each in normalize("NFKD", name) if not combining(each))
    return " ".join(re.findall(r"[^\W_]+", apart.lower().replace("\u03bc", "u")))


NEGATIVE: Final = frozenset(
    "not non no nor never without wo naive sensitive free absent absence negative neg unexposed "
    "excluded exclude exclusion except responsive sensible naif negated denies denied "
    "lack lacks lacking nonrefractory untreated unrefractory nonexposed nonresistant none nil "
    "tolerated tolerant undetected declined refused contraindicated "
    "ohne nicht kein keine keinen nein nie sin ningun ninguna nunca jamas sans pas jamais aucun "
    "aucune ne senza nessun nessuna mai sem nao nenhum nenhuma geen niet zonder nooit".split()
)
"""Words of a header that turn what the others say into its opposite, in the languages of charts."""
_BEFORE: Final = ("non", "un", "in", "ir", "a", "an", "not", "no", "anti", "dis", "de", "nicht")
"""Syllables that make a word its opposite: `unexposed` is no slip of `exposed`."""


_PAST: Final = frozenset(
    "past prior previous resolved stopped worst nadir lowest highest diabetic dx diagnosis "
    "screening screen screened frueher fruher ehemals abgesetzt antecedentes suspendido "
    "arrete".split()
)
_ASIDE: Final = frozenset(
    "planned plan eligible candidate declined refused family familial suspected excluded ruled "
    "out scheduled considered recommended proposed offered future next options option mdt "
    "cancelled father mother parent sibling spouse donor birth fhx cause death adverse events "
    "allergies tumorboard geplant vorgesehen empfohlen familie familienanamnese verdacht "
    "ausgeschlossen vater mutter planificado propuesto previsto familiares familiar sospecha "
    "descartado prevu propose familiaux suspecte "
    "avoid avoided avoiding avoidance evitar evitare eviter vermeiden vermieden meiden "
    "contraindications contraindicated kontraindiziert kontraindikationen contraindicado "
    "contraindicados contraindicaciones indiques controindicati controindicazioni "
    "allergien alergias allergie allergies alergenos partner wife husband".split()
)
"""Words beside a field's name that say of another time, another person, or of no more than a plan.

In brackets they turn a name that is the field's without them."""


def aside(name: str) -> str | None:
    """What stands in brackets in a header and makes it another thing; None where nothing does."""
    for inside in in_brackets(name):
        words = {*folded(inside).split()}
        dated = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", inside) and not _is_unit(inside)
        if words & (_ASIDE | _PAST | NEGATIVE) and not re.search(r"[\d=:/|]", inside):
            return inside
        if dated:
            return inside
    return None


_ORDINALS: Final = frozenset(
    "first second third fourth fifth sixth erste zweite dritte vierte primera segunda tercera "
    "cuarta prima seconda terza quarta premiere deuxieme troisieme quatrieme primeira terceira "
    "i ii iii iv v vi".split()
)
_OF_TREATMENT: Final = frozenset(
    "l line lines linie linea ligne linha lot tx rx treatment treatments therapy therapie terapia "
    "traitement tratamiento regimen regimens prior previous given drug drugs name agents".split()
)


def series_of(name: str) -> str:
    """What numbered columns of treatments are called without their number; empty for others."""
    words = re.findall(r"[a-z]+|\d+", folded(name))
    rest = [each for each in words if each not in _ORDINALS and not each.isdecimal()]
    rest = [each for each in rest if each not in ("st", "nd", "rd", "th", "a", "o", "re", "eme")]
    numbered = len(rest) < len(words)
    return " ".join(rest) if numbered and rest and {*rest} <= _OF_TREATMENT else ""


def elsewhere(words: Iterable[str]) -> str | None:
    """The word of a header that says of a plan, another person or another time."""
    return next((each for each in words if each in _ASIDE), None)


def negated(words: Iterable[str]) -> bool:
    """Whether any word of a header turns the others into their opposite."""
    return not NEGATIVE.isdisjoint(words)


def _is_slip(word: str, of: str) -> bool:
    """Whether a word may be a slip of another at all: it begins alike, and denies nothing."""
    return word[:1] == of[:1] and not any(
        word.startswith(before) and _ratio(word.removeprefix(before), of) > _ratio(word, of)
        for before in _BEFORE
    )
