"""What a column is about by its name: one drug, marker or illness, and in which list it belongs."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple
from unicodedata import combining, normalize

from lenrx.catalogue.loading import Catalogue
from lenrx.catalogue.names import known
from lenrx.intake.cells import CellError, read_cell
from lenrx.intake.cells.spellings.drugs import drug_name
from lenrx.intake.cells.spellings.illnesses import OPEN
from lenrx.intake.columns.boxes import special
from lenrx.intake.columns.dictionary import Box
from lenrx.intake.columns.names import NEGATIVE, negated

ROLES: Final = {
    "refractory": "refractory refract refrac ref refr rr resistant resistance refractoriness "
    "progressed progression "
    "refractario refractaria refraktar refractaire refrattario refrattaria failed nonresponder",
    "exposed": "exposed exposure exp received given treated administered got had used expuesto "
    "expuesta exponiert expose esposto recibido erhalten recu",
    "intolerant": "intolerant intolerance intolerances intol toxicity toxicities tox intolerante "
    "intoleranz intoleranzen intolerancia intolerancias intolleranza intolleranze intollerante "
    "unvertraglich unvertraglichkeit unvertraglichkeiten allergy allergic allergie allergisch "
    "allergique alergia alergico allergia allergico stopped4tox",
}
_ROLE: Final = {word: role for role, words in ROLES.items() for word in words.split()}
_WEAK: Final = frozenset("prior previous previously past ever drug drugs therapy therapies".split())
"""Words that mean that drugs were given, where no other word says more."""
_FILLERS: Final = frozenset(
    "to of or and for with by the a at on in is was status flag yn y n yes dx diagnosis baseline "
    "relapse index screening result results present positive pos detected patient pt history hx "
    "fish cyto cytogenetics cytogenetic karyotype abnormality marker mm comorb comorbidity "
    "comorbidities cm pmh h o has any due stopped discontinued line lines last most recent "
    "1 2 choice factor".split()
)


_OF_GROUPS: Final = frozenset(
    "which following has have patient patients been all that apply applies select check tick "
    "choose list please so far mm myeloma agent agents medication medications medicine medicines "
    "anti cancer antimyeloma class classes regimen regimens treatment treatments what were as ever "
    "documented confirmed each box boxes imid pi cd38 medicament medicaments farmaco farmacos "
    "medikament medikamente medikamenten farmaci zu auf gegen den die der le les el la los las un "
    "una previos previas vorherige anterieurs precedenti history study record".split()
)
"""Words of a group of check boxes that say nothing of whether its drugs were given or failed."""


class About(NamedTuple):
    """What a column says yes or no of."""

    field: str
    of: str
    why: str
    unit: str = ""


class Unclear(NamedTuple):
    """Why a column that names a drug, marker or illness is not proposed."""

    reason: str


class Special(NamedTuple):
    """A check box that names nothing itself: its group says in which list it belongs."""

    of: str
    group: str


def about(
    header: str, catalogue: Catalogue, box: Box | None = None
) -> About | Unclear | Special | None:
    """What a column is about by its name, or by its box; None where it names nothing."""
    if box is not None:
        return _of_box(box, catalogue)
    if TURNED.search(header):
        return Unclear(OWN_CODES)
    words = _words(re.sub(r"\([^()]*[a-zA-Z]{2}[^()]*\)", " ", header))
    found = _drug(words, catalogue) or _marker(header, catalogue)
    return found or _illness(header, catalogue)


TURNED: Final = re.compile(
    r"(?<!\d)1 ?[=:] ?(?:no|not|neg|none|never|absent|sens|unk|kein|nein|nicht|non|nao|false)"
    r"|(?<!\d)0 ?[=:] ?(?:yes|pos|true|si\b|s\u00ed|ja|oui|sim|refr|present)",
    re.IGNORECASE,
)
"""Codes in a header by which 1 says no, or 0 yes."""
OWN_CODES: Final = "states codes of its own, and 1 is no yes: map it with values:"


def _words(text: str) -> list[str]:
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text.replace("ß", "ss"))
    apart = "".join(each for each in normalize("NFKD", text) if not combining(each))
    return re.findall(r"[^\W_]+", apart.lower())


def role(text: str) -> str | None:
    """The list of drugs that a text speaks of; None where it speaks of none, or of several."""
    words = _words(text)
    if negated(words):
        return None
    found = {_ROLE[each] for each in words if each in _ROLE}
    if not found and not _WEAK.isdisjoint(words):
        return "exposed"
    return found.pop() if len(found) == 1 else None


def _drug(words: list[str], catalogue: Catalogue) -> About | Unclear | None:
    kept = [e for e in words if e not in _FILLERS | _WEAK | _ROLE.keys() | NEGATIVE]
    name = _one_drug(" ".join(kept), catalogue)
    if name is None:
        return None
    if negated(words):
        return Unclear(f"says the opposite of {name}: map it with values: {{1: no, 0: yes}}")
    field = role(" ".join(words))
    if field is None:
        return Unclear(
            f"is about {name}: given, refractory or intolerant? map it under that field with "
            f"of: {name}; where its cells are words (naive, given, refractory), under exposed"
        )
    return About(field, name, "by its name")


def _one_drug(text: str, catalogue: Catalogue) -> str | None:
    """The drug or class that a text names; a letter or a regimen is none."""
    if len(text.replace(" ", "")) < _SHORTEST:
        return None
    match = known(text, catalogue) or drug_name(text, catalogue)
    return match.items[0] if match and not match.regimen and len(match.items) == 1 else None


def mentions_drug(header: str, catalogue: Catalogue) -> bool:
    """Whether a word of a header is the name of a drug, a class or a regimen."""
    return any(len(each) > _SHORTEST and known(each, catalogue) for each in _words(header))


_SHORTEST: Final = 2
"""Letters of a drug's or a class's name in a header."""


def _marker(header: str, catalogue: Catalogue) -> About | Unclear | None:
    header = re.sub(_SHARE, " % ", header, flags=re.IGNORECASE)
    words = re.findall(r"[^\s_,:%]+(?:\(\d+[;,:]\d+\))?", header.lower())
    kept = [each for each in words if each.strip("()?.") not in _FILLERS | NEGATIVE]
    name = _listed("cytogenetics", " ".join(kept), catalogue)
    if name is None or not re.search(r"\d", "".join(kept)):
        return None
    if negated(_words(header)):
        return Unclear(f"says the opposite of {name}: map it with values: {{1: no, 0: yes}}")
    return About("cytogenetics", name, "by its name", "%" if "%" in header else "")


_SHARE: Final = (
    r"[(\[]? ?(?:in )?(?:%|percent|prozent|porcentaje|pct)(?: ?(?:of )?(?:positive |pos\.? )?"
    r"(?:cells|zellen|nuclei|pc|plasma cells))? ?[)\]]?"
)
"""That a column holds the share of cells with a marker."""


def _illness(header: str, catalogue: Catalogue) -> About | Unclear | None:
    words = _words(header)
    kept = [each for each in words if each not in _FILLERS | NEGATIVE]
    for text in (" ".join(kept), header):
        name = _listed("comorbidities", text, catalogue) if len(text) >= _SHORTEST else None
        if name:
            if {"screening", "screen", "screened", "test", "tested"}.intersection(words):
                return Unclear(f"may ask whether {name} was looked for: map it with of: {name}")
            if negated(words):
                return Unclear(
                    f"says the opposite of {name}: map it with values: {{1: no, 0: yes}}"
                )
            return About("comorbidities", name, "by its name")
    if len(names := OPEN.get(" ".join(kept), ((), ""))[0]) > 1:
        return Unclear(
            f"may be {' or '.join(names)}: map it under comorbidities with values: for each of its "
            f"words, as in {{carrier: {names[0]}, negative: no {' '.join(kept)}}}"
        )
    return None


@lru_cache(8_000)
def _listed(field: str, text: str, catalogue: Catalogue) -> str | None:
    """The one finding that a text names."""
    # A test named without its result is a finding beside a yes.
    for each in (text, f"{text}: yes"):
        try:
            found = dict(read_cell(field, each, catalogue).values)
        except CellError:
            return None
        names = found.get(field, ())
        if len(names) == 1 and len(found) == 1:
            return str(names[0])
    return None


def _of_box(box: Box, catalogue: Catalogue) -> About | Unclear | Special:
    """A check box by what it stands for, in the list that its group is."""
    if not box.choice:
        return Unclear("is a check box: give the data dictionary (--dictionary FILE)")
    if what := special(box.choice):
        return Special(what, box.group)
    drug = known(box.choice, catalogue) or known(re.sub(r"\(.*?\)", "", box.choice), catalogue)
    if drug:
        return _drug_box(box, drug.items[0] if len(drug.items) == 1 else box.choice)
    if negated(_words(box.choice)):
        problem = "is a check box whose choice says no of something"
        return Unclear(f"{problem}: map it with values: {{1: no, 0: unknown}}")
    for field in ("cytogenetics", "comorbidities"):
        if found := _listed(field, box.choice, catalogue):
            if negated(_words(box.group)):
                return Unclear(f"says the opposite of {found} in its group: map it with values:")
            return About(field, found, "a check box by its choice")
    return Unclear(_undecided(box.choice, catalogue))


def _drug_box(box: Box, name: str) -> About | Unclear:
    """A box of a drug in a group whose words are all understood, and speak of one list."""
    words = _words(box.group)
    if negated(words):
        return Unclear(f"says the opposite of {name} in its group: map it with values:")
    field = role(box.group)
    strange = [
        each
        for each in words
        if each not in _FILLERS | _WEAK | _ROLE.keys() | _OF_GROUPS and not each.isdigit()
    ]
    if field and not strange:
        return About(field, name, "a check box by its choice")
    why = f" ({strange[0]!r} is not understood)" if strange else ""
    return Unclear(
        f"is a check box of {name} in a group that does not say whether it was given, refractory "
        f"or intolerant{why}: map it under that field with of: {name}"
    )


def _undecided(choice: str, catalogue: Catalogue) -> str:
    """Why a choice is no finding to ask, in the words of the reader of cells where it has any."""
    try:
        said = read_cell("comorbidities", choice, catalogue).said
    except CellError:
        said = ()
    if said:
        return f"is a check box, and its choice is not one thing that is asked: {said[0]}"
    return "is a check box, and its choice is no drug, marker or illness that is known"
